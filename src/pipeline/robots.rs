//! Which addresses may be asked: robots.txt of each host, asked for when it is needed, and kept between runs.
//!
//! A host is asked for its robots.txt at most once a run, however many wait for the answer. What RFC 9309 (2.3 and 2.4) says of answers:
//! rules hold for a day at most; 4xx means that there are none; 5xx and a dead line mean that nothing may be asked, until that has
//! lasted for 30 days. Rules that we have already go on to hold meanwhile. How rules are read says `fetch::robots`.

use super::app::App;
use super::host_hold::{hold_host, host_to_hold};
use crate::config::Source;
use crate::fetch::robots::{LONGEST_DELAY, Robots, decode_robots_txt, product_token};
use crate::fetch::{Accept, Answer, FailureCode, Fetched, HostLimiter, Request};
use crate::model::{FailureReason, HostKey, HostState, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as Turn;
use url::Url;

/// Rules are kept so long (RFC 9309, 2.4), unless the server says less.
const KEPT: Duration = Duration::from_hours(24);
/// The server may ask for less, but not for less than this.
const KEPT_AT_LEAST: Duration = Duration::from_hours(1);
/// When to ask again after it could not be had.
const RETRY: Duration = Duration::from_hours(4);
/// After so long without an answer the host counts as one without rules (RFC 9309, 2.3.1.4).
const GIVEN_UP: Duration = Duration::from_hours(30 * 24);

/// Whether an address may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsVerdict {
    /// It may.
    Allowed,
    /// The host's rules forbid it.
    Denied,
    /// Nobody knows what the rules are: not now. The reason, in a word and in words, and when the rules are asked for again.
    Unknown(FailureReason, String, Timestamp),
    /// The host has asked us to wait.
    Held(Timestamp),
}

/// On whose behalf an address is to be asked.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// The source.
    pub source: &'a Source,
    /// Whether the operator named the host, as in [`Request::trusted`].
    pub trusted: bool,
}

/// What hosts allow, for one run.
#[derive(Debug, Default)]
pub struct HostRules {
    hosts: Mutex<HashMap<HostKey, Arc<Turn<Known>>>>,
    news: Mutex<Vec<HostState>>,
}

/// What is known of one host.
#[derive(Debug)]
struct Known {
    state: HostState,
    /// Whether its robots.txt was asked for in this run.
    is_asked: bool,
    /// Why it could not be had in this run.
    trouble: Option<(FailureReason, String)>,
    /// The rules as read for each product token.
    read: Vec<(String, Robots)>,
}

impl HostRules {
    /// Begins with what is known, and lets `limiter` know the pauses that hosts have asked for: they hold until the rules are read again.
    #[must_use]
    pub fn new(states: &[HostState], limiter: &HostLimiter) -> Self {
        let rules = Self::default();
        for state in states {
            if let Some(delay) = state.crawl_delay {
                limiter.set_delay(&state.host, delay.min(LONGEST_DELAY));
            }
            rules.slot(&state.host, || state.clone());
        }
        rules
    }

    /// Returns what was learned and not yet taken: it is to be remembered.
    pub fn take_news(&self) -> Vec<HostState> {
        std::mem::take(&mut *self.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says whether `url` may be asked for `requester` at `now`. Asks its host for robots.txt when the rules are not known; who comes
    /// meanwhile waits, in the order of coming. The caller must hold no pass.
    pub async fn permitted(&self, app: &App, limiter: &HostLimiter, url: &Url, requester: Requester<'_>, now: Timestamp) -> RobotsVerdict {
        let host = HostKey::of(url);
        let slot = self.slot(&host, || HostState::new(host.clone()));
        let mut known = slot.lock().await;
        let product = product(app, requester.source);
        if !known.is_asked && !is_valid(&known.state, now) {
            let Ok(robots) = url.join("/robots.txt") else {
                return RobotsVerdict::Denied;
            };
            let request = Request {
                url: &robots,
                accept: Accept::Robots,
                etag: None,
                last_modified: None,
                validators_from: None,
                source: Some(requester.source),
                headers: &[],
                trusted: requester.trusted,
                identity: false,
                now,
            };
            let (fetched, permit) = app.client.fetch(limiter, &request).await;
            hold_host(limiter, &fetched, now);
            if let Fetched::Held { until, is_asked: false } = fetched {
                return RobotsVerdict::Held(until);
            }
            known.is_asked = true;
            known.read.clear();
            known.trouble = trouble(&fetched);
            learn(&mut known.state, &fetched, product, now);
            // Before the host is let go: the next one already keeps this pause.
            limiter.set_delay(&host, known.state.crawl_delay.unwrap_or_default());
            drop(permit);
            let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
            news.extend(host_to_hold(&fetched, now));
            // A hold that we know of from earlier is not ours to tell.
            news.push(HostState {
                held_until: None,
                ..known.state.clone()
            });
        }
        if let Some(until) = limiter.held_until(&host, now) {
            return RobotsVerdict::Held(until);
        }
        known.judge(url, product, now)
    }

    fn slot(&self, host: &HostKey, begin: impl FnOnce() -> HostState) -> Arc<Turn<Known>> {
        // Nothing panics while the lock is held, and the map is whole at any moment.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = hosts.entry(host.clone()).or_insert_with(|| {
            Arc::new(Turn::new(Known {
                state: begin(),
                is_asked: false,
                trouble: None,
                read: Vec::new(),
            }))
        });
        Arc::clone(slot)
    }
}

impl Known {
    fn judge(&mut self, url: &Url, product: &str, now: Timestamp) -> RobotsVerdict {
        let state = &self.state;
        let Some(text) = state.robots.as_deref() else {
            let since = state.robots_unreachable.unwrap_or(now);
            if now.since(since) >= GIVEN_UP {
                return RobotsVerdict::Allowed;
            }
            let unsaid = || (FailureReason::Blocked, "it could not be had before".to_owned());
            let (reason, detail) = self.trouble.clone().unwrap_or_else(unsaid);
            let next = state.robots_expires.unwrap_or(now + RETRY);
            return RobotsVerdict::Unknown(reason, format!("its robots.txt: {detail}"), next);
        };
        let place = self.read.iter().position(|(own, _)| own == product);
        let place = place.unwrap_or_else(|| {
            self.read.push((product.to_owned(), Robots::parse(text, product)));
            self.read.len() - 1
        });
        let is_allowed = self.read.get(place).is_none_or(|(_, robots)| robots.allows(url));
        if is_allowed {
            RobotsVerdict::Allowed
        } else {
            RobotsVerdict::Denied
        }
    }
}

/// Returns the product token of the User-Agent that `source` is asked with.
fn product<'a>(app: &'a App, source: &'a Source) -> &'a str {
    let own = source.user_agent.as_deref().or(app.config.fetch.user_agent.as_deref());
    own.map_or("griot", product_token)
}

/// Whether what is known still holds at `now`. What lies further ahead than anything is kept was written by a clock that has since been
/// set back.
fn is_valid(state: &HostState, now: Timestamp) -> bool {
    state.robots_expires.is_some_and(|expires| expires > now && expires <= now + KEPT)
}

/// Returns why an answer is none.
fn trouble(fetched: &Fetched) -> Option<(FailureReason, String)> {
    match fetched {
        Fetched::Failed { code, detail, .. } => Some((code.reason(), detail.clone())),
        Fetched::Throttled { answer, .. } => Some((FailureReason::Throttled, format!("the server asked us to wait ({})", answer.status))),
        Fetched::Blocked { reason, .. } => Some((FailureReason::Blocked, reason.clone())),
        Fetched::Held { .. } => Some((FailureReason::Throttled, "it lies on a host that has asked us to wait".to_owned())),
        _ => None,
    }
}

/// Notes in `state` what the answer to a request for robots.txt means.
fn learn(state: &mut HostState, fetched: &Fetched, product: &str, now: Timestamp) {
    let is_unavailable = |answer: &Answer| (400..500).contains(&answer.status);
    let text = match fetched {
        Fetched::Fresh(answer) => Some(decode_robots_txt(&answer.body)),
        // Redirects without an end are a robots.txt that is not there (RFC 9309, 2.3.1.2).
        Fetched::Failed {
            code: FailureCode::TooManyRedirects | FailureCode::RedirectLoop,
            ..
        } => Some(String::new()),
        // 429 is no word about rules: who is asked to wait comes back.
        Fetched::Throttled { whole_host: true, .. } => return,
        _ => fetched.answer().filter(|answer| is_unavailable(answer)).map(|_| String::new()),
    };
    let Some(text) = text else {
        // Rules that we have go on to hold. That there were none is no rule.
        state.robots = state.robots.take().filter(|text| !text.is_empty());
        // A moment that lies ahead was written by a clock that has since been set back.
        state.robots_unreachable = Some(state.robots_unreachable.map_or(now, |since| since.min(now)));
        state.robots_expires = Some(now + RETRY);
        return;
    };
    let asked_for = fetched.answer().and_then(|answer| answer.cache.lifetime());
    let kept = asked_for.filter(|_| matches!(fetched, Fetched::Fresh(_))).unwrap_or(KEPT);
    state.crawl_delay = Robots::parse(&text, product).crawl_delay();
    state.robots = Some(text);
    state.robots_unreachable = None;
    state.robots_expires = Some(now + kept.clamp(KEPT_AT_LEAST, KEPT));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::CacheHints;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + seconds)
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn answer(status: u16, body: &str, max_age: Option<u64>) -> Box<Answer> {
        let url = url("https://www.lefleuve.example/robots.txt");
        Box::new(Answer {
            url: url.clone(),
            final_url: url,
            redirects: Vec::new(),
            moved_to: None,
            status,
            etag: None,
            last_modified: None,
            content_type: None,
            cache: CacheHints {
                max_age: max_age.map(Duration::from_secs),
                ..CacheHints::default()
            },
            x_robots_tag: Vec::new(),
            tdm_reservation: None,
            body: body.as_bytes().to_vec(),
            elapsed: Duration::ZERO,
        })
    }

    fn failed(code: FailureCode, status: Option<u16>) -> Fetched {
        Fetched::Failed {
            code,
            detail: "it failed".to_owned(),
            answer: status.map(|status| answer(status, "", None)),
        }
    }

    fn new() -> HostState {
        HostState::new(HostKey::of(&url("https://www.lefleuve.example/")))
    }

    /// Learns what one answer means to a host that nothing is known of.
    fn learned(fetched: &Fetched) -> HostState {
        let mut state = new();
        learn(&mut state, fetched, "griot", at(0));
        state
    }

    fn judge(state: &HostState, path: &str, now: i64) -> RobotsVerdict {
        let mut known = Known {
            state: state.clone(),
            is_asked: true,
            trouble: None,
            read: Vec::new(),
        };
        let url = url("https://www.lefleuve.example/").join(path).expect("a path");
        known.judge(&url, "griot", at(now))
    }

    #[test]
    fn rules_are_kept_for_an_hour_to_a_day() {
        for (max_age, seconds) in [(None, DAY), (Some(7200), 2 * HOUR), (Some(5), HOUR), (Some(9_999_999), DAY)] {
            let state = learned(&Fetched::Fresh(answer(200, "User-agent: *\nDisallow: /x\nCrawl-delay: 3", max_age)));
            assert_eq!(state.robots_expires, Some(at(seconds)), "{max_age:?}");
            assert_eq!(state.crawl_delay, Some(Duration::from_secs(3)));
            assert_eq!(judge(&state, "/x", 1), RobotsVerdict::Denied);
            assert_eq!(judge(&state, "/y", 1), RobotsVerdict::Allowed);
        }
    }

    #[test]
    fn what_an_answer_means() {
        for (fetched, expected) in [
            (failed(FailureCode::Http4xx, Some(404)), Some("")),
            (failed(FailureCode::Http4xx, Some(401)), Some("")),
            (Fetched::Gone(answer(410, "", None)), Some("")),
            (
                Fetched::Blocked {
                    answer: answer(403, "", None),
                    reason: "a wall".to_owned(),
                },
                Some(""),
            ),
            (failed(FailureCode::TooManyRedirects, Some(302)), Some("")),
            (Fetched::Fresh(answer(200, "<html>Disallow: /", None)), Some("")),
            (failed(FailureCode::Http5xx, Some(503)), None),
            (failed(FailureCode::Dns, None), None),
            (failed(FailureCode::Timeout, None), None),
            (failed(FailureCode::CutOff, Some(200)), None),
            (
                Fetched::Held {
                    until: at(HOUR),
                    is_asked: true,
                },
                None,
            ),
            (
                Fetched::Throttled {
                    until: None,
                    whole_host: false,
                    answer: answer(503, "", None),
                },
                None,
            ),
        ] {
            let state = learned(&fetched);
            assert_eq!(state.robots.as_deref(), expected, "{fetched:?}");
            assert_eq!(state.robots_unreachable.is_some(), expected.is_none(), "{fetched:?}");
            assert_eq!(judge(&state, "/", 1) == RobotsVerdict::Allowed, expected.is_some());
            assert!(is_valid(&state, at(1)));
        }
        let throttled = Fetched::Throttled {
            until: None,
            whole_host: true,
            answer: answer(429, "", None),
        };
        assert_eq!(learned(&throttled), new(), "it says nothing of rules");
    }

    #[test]
    fn a_dead_line_is_no_permission_for_thirty_days() {
        let dead = failed(FailureCode::Connect, None);
        let mut state = learned(&dead);
        assert!(matches!(judge(&state, "/", 1), RobotsVerdict::Unknown(..)));
        assert!(!is_valid(&state, at(5 * HOUR)), "it is asked again");
        learn(&mut state, &dead, "griot", at(29 * DAY));
        assert!(matches!(judge(&state, "/", 29 * DAY + 1), RobotsVerdict::Unknown(..)));
        learn(&mut state, &dead, "griot", at(30 * DAY));
        assert_eq!(judge(&state, "/", 30 * DAY), RobotsVerdict::Allowed);
        assert_eq!(state.robots_unreachable, Some(at(0)));
        learn(&mut state, &dead, "griot", at(-DAY));
        assert_eq!(state.robots_unreachable, Some(at(-DAY)), "a clock that was set back delays nothing");
    }

    #[test]
    fn rules_outlive_a_failure_and_the_lack_of_rules_does_not() {
        let dead = failed(FailureCode::Http5xx, Some(500));
        let mut state = learned(&Fetched::Fresh(answer(200, "User-agent: *\nDisallow: /x", None)));
        learn(&mut state, &dead, "griot", at(DAY));
        assert_eq!(judge(&state, "/x", DAY), RobotsVerdict::Denied);
        assert_eq!(judge(&state, "/y", DAY), RobotsVerdict::Allowed);
        let mut state = learned(&failed(FailureCode::Http4xx, Some(404)));
        learn(&mut state, &dead, "griot", at(DAY));
        assert!(matches!(judge(&state, "/y", DAY), RobotsVerdict::Unknown(..)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_that_a_host_asked_for_is_kept_from_the_start() {
        let limiter = HostLimiter::new(8, Duration::from_secs(1));
        let state = learned(&Fetched::Fresh(answer(200, "User-agent: *\nCrawl-delay: 7", None)));
        let rules = HostRules::new(std::slice::from_ref(&state), &limiter);
        drop(limiter.enter(&state.host).await);
        let ended = tokio::time::Instant::now();
        drop(limiter.enter(&state.host).await);
        assert_eq!(ended.elapsed(), Duration::from_secs(7));
        assert!(rules.take_news().is_empty(), "nothing is new");
    }

    #[test]
    fn what_a_clock_that_was_set_back_has_written_does_not_hold() {
        let state = learned(&Fetched::Fresh(answer(200, "", None)));
        assert!(is_valid(&state, at(1)));
        assert!(!is_valid(&state, at(-1)));
        assert!(!is_valid(&state, at(DAY)));
    }
}
