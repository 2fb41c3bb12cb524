//! Which URLs may be requested: robots.txt of each host, fetched when it is needed, and stored between runs.
//!
//! A host's robots.txt is requested at most once a run, however many pages wait for it. By RFC 9309 (2.3 and 2.4) rules are valid for a day
//! at most; 4xx means that there are none; 5xx and connection failures mean that nothing may be requested, until they have lasted 30 days.
//! Meanwhile stored rules stay in force. `fetch::robots` parses the rules.

use super::app::App;
use super::host_hold::{hold_host, host_to_hold};
use crate::config::Source;
use crate::fetch::robots::{Robots, decode_robots_txt, licence, product_token, reduce_robots_txt};
use crate::fetch::{Accept, Answer, FailureCode, Fetched, HostLimiter, Request};
use crate::model::{FailureReason, HostKey, HostState, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as AsyncMutex;
use url::Url;

/// How long rules are valid (RFC 9309, 2.4), unless the server says less.
const RULES_VALID_FOR: Duration = Duration::from_hours(24);
/// The shortest validity that a server can ask for.
const MIN_RULES_VALID_FOR: Duration = Duration::from_hours(1);
/// When robots.txt is requested again after a failure.
const RETRY_AFTER_FAILURE: Duration = Duration::from_hours(4);
/// After failures for so long the host counts as one without rules (RFC 9309, 2.3.1.4).
const NO_RULES_AFTER: Duration = Duration::from_hours(30 * 24);

/// Whether a URL may be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsVerdict {
    /// It may be requested.
    Allowed,
    /// The host's rules forbid it.
    Denied,
    /// The rules are not known, so it may not be requested now. The reason, its detail, and when robots.txt is requested again.
    Unknown(FailureReason, String, Timestamp),
    /// The host has asked to wait.
    Held(Timestamp),
}

/// The source for which a URL is requested.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// The source.
    pub source: &'a Source,
    /// Whether feeds.toml names the host, as in [`Request::trusted`].
    pub trusted: bool,
}

/// The robots.txt rules of hosts, for one run.
#[derive(Debug, Default)]
pub struct HostRules {
    hosts: Mutex<HashMap<HostKey, Arc<AsyncMutex<HostEntry>>>>,
    changed_states: Mutex<Vec<HostState>>,
}

/// The rules of one host.
#[derive(Debug)]
struct HostEntry {
    state: HostState,
    /// Whether the stored state was read.
    is_loaded: bool,
    /// Whether its robots.txt was requested in this run.
    is_asked: bool,
    /// Why it could not be fetched in this run.
    failure: Option<(FailureReason, String)>,
}

impl HostRules {
    /// Returns the states that changed since the last call, to be stored.
    pub fn take_changed_states(&self) -> Vec<HostState> {
        std::mem::take(&mut *self.changed_states.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether `url` may be requested for `requester` at `now`. Fetches robots.txt when the rules are not known; concurrent calls for the
    /// same host wait for it in order. The caller must hold no permit.
    pub async fn permitted(&self, app: &App, limiter: &HostLimiter, url: &Url, requester: Requester<'_>, now: Timestamp) -> RobotsVerdict {
        let host = HostKey::from_url(url);
        let entry = self.entry(&host);
        let mut known = entry.lock().await;
        if !known.is_loaded {
            let (store, host) = (app.store.clone(), host.clone());
            let stored = tokio::task::spawn_blocking(move || store.host_state(&host)).await;
            // What cannot be read counts as unknown: the rules are fetched again.
            if let Ok(Ok(Some(state))) = stored {
                known.state = state;
            }
            known.is_loaded = true;
        }
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
            known.failure = failure(&fetched);
            update_state(&mut known.state, &fetched, &products(app), product, now);
            // Before the permit is dropped, so that the next request keeps this delay.
            limiter.set_delay(&host, known.state.crawl_delay.unwrap_or_default());
            drop(permit);
            let mut changed_states = self.changed_states.lock().unwrap_or_else(PoisonError::into_inner);
            changed_states.extend(host_to_hold(&fetched, now));
            // A hold from an earlier run is not overwritten.
            changed_states.push(HostState {
                held_until: None,
                ..known.state.clone()
            });
        }
        if let Some(until) = limiter.held_until(&host, now) {
            return RobotsVerdict::Held(until);
        }
        known.evaluate(url, product, now)
    }

    /// Returns whether the host of `url` licenses its texts by terms that its robots.txt names, as far as that is known.
    pub async fn is_licensed(&self, url: &Url) -> bool {
        let entry = self.entry(&HostKey::from_url(url));
        let known = entry.lock().await;
        known.state.robots.as_deref().is_some_and(|text| licence(text).is_some())
    }

    fn entry(&self, host: &HostKey) -> Arc<AsyncMutex<HostEntry>> {
        // No code panics while the lock is held, and the map is consistent at any time.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = hosts.entry(host.clone()).or_insert_with(|| {
            Arc::new(AsyncMutex::new(HostEntry {
                state: HostState::new(host.clone()),
                is_loaded: false,
                is_asked: false,
                failure: None,
            }))
        });
        Arc::clone(entry)
    }
}

impl HostEntry {
    /// Returns what the rules say. They are parsed each time: parsed, they take many times the memory of their text.
    fn evaluate(&self, url: &Url, product: &str, now: Timestamp) -> RobotsVerdict {
        let state = &self.state;
        let Some(text) = state.robots.as_deref() else {
            let since = state.robots_unreachable.unwrap_or(now);
            if now.since(since) >= NO_RULES_AFTER {
                return RobotsVerdict::Allowed;
            }
            let unsaid = || (FailureReason::Blocked, "it could not be had before".to_owned());
            let (reason, detail) = self.failure.clone().unwrap_or_else(unsaid);
            let next = state.robots_expires.unwrap_or(now + RETRY_AFTER_FAILURE);
            return RobotsVerdict::Unknown(reason, format!("its robots.txt: {detail}"), next);
        };
        if Robots::parse(text, product).allows(url) {
            RobotsVerdict::Allowed
        } else {
            RobotsVerdict::Denied
        }
    }
}

/// Returns the product token of the User-Agent for `source`.
fn product<'a>(app: &'a App, source: &'a Source) -> &'a str {
    let own = source.user_agent.as_deref().or(app.config.fetch.user_agent.as_deref());
    own.map_or("griot", product_token)
}

/// Returns the product tokens of all sources. The rules of a token that feeds.toml names later are those for `*` until robots.txt is requested
/// again, a day later at most.
fn products(app: &App) -> Vec<&str> {
    let own = app.config.sources.iter().map(|source| product(app, source));
    let mut products: Vec<&str> = own.chain(["griot"]).collect();
    products.sort_unstable();
    products.dedup();
    products
}

/// Returns whether the stored rules are still valid at `now`. An expiry beyond the maximum validity was written while the system clock was
/// wrong.
fn is_valid(state: &HostState, now: Timestamp) -> bool {
    state
        .robots_expires
        .is_some_and(|expires| expires > now && expires <= now + RULES_VALID_FOR)
}

/// Returns why a response brought no robots.txt.
fn failure(fetched: &Fetched) -> Option<(FailureReason, String)> {
    match fetched {
        Fetched::Failed { code, detail, .. } => Some((code.reason(), detail.clone())),
        Fetched::Throttled { answer, .. } => Some((FailureReason::Throttled, format!("the server asked us to wait ({})", answer.status))),
        Fetched::Blocked { reason, .. } => Some((FailureReason::Blocked, reason.clone())),
        Fetched::Held { .. } => Some((FailureReason::Throttled, "it lies on a host that has asked us to wait".to_owned())),
        _ => None,
    }
}

/// Updates `state` with the meaning of the response to a robots.txt request. Of the rules it keeps those that concern one of `products`; the delay
/// is that for `product`.
fn update_state(state: &mut HostState, fetched: &Fetched, products: &[&str], product: &str, now: Timestamp) {
    let is_unavailable = |answer: &Answer| (400..500).contains(&answer.status);
    let text = match fetched {
        Fetched::Fresh(answer) => Some(reduce_robots_txt(&decode_robots_txt(&answer.body), products)),
        // Endless redirects count as a missing robots.txt (RFC 9309, 2.3.1.2).
        Fetched::Failed {
            code: FailureCode::TooManyRedirects | FailureCode::RedirectLoop,
            ..
        } => Some(String::new()),
        // 429, or a request that this machine could not send, says nothing about rules: the request is repeated later.
        Fetched::Throttled { whole_host: true, .. }
        | Fetched::Failed {
            code: FailureCode::OutOfDescriptors,
            ..
        } => return,
        _ => fetched.answer().filter(|answer| is_unavailable(answer)).map(|_| String::new()),
    };
    let Some(text) = text else {
        // Stored rules stay in force; an empty file is no rule to keep.
        state.robots = state.robots.take().filter(|text| !text.is_empty());
        // A time in the future was written while the system clock was wrong.
        state.robots_unreachable = Some(state.robots_unreachable.map_or(now, |since| since.min(now)));
        state.robots_expires = Some(now + RETRY_AFTER_FAILURE);
        return;
    };
    let asked_for = fetched.answer().and_then(|answer| answer.cache.lifetime());
    let kept = asked_for
        .filter(|_| matches!(fetched, Fetched::Fresh(_)))
        .unwrap_or(RULES_VALID_FOR);
    state.crawl_delay = Robots::parse(&text, product).crawl_delay();
    state.robots = Some(text);
    state.robots_unreachable = None;
    state.robots_expires = Some(now + kept.clamp(MIN_RULES_VALID_FOR, RULES_VALID_FOR));
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
            licence_links: Vec::new(),
            server_time: None,
            body: body.as_bytes().to_vec(),
            elapsed: Duration::ZERO,
        })
    }

    fn failed(code: impl Into<FailureCode>, status: Option<u16>) -> Fetched {
        Fetched::Failed {
            code: code.into(),
            detail: "it failed".to_owned(),
            answer: status.map(|status| answer(status, "", None)),
        }
    }

    fn new() -> HostState {
        HostState::new(HostKey::from_url(&url("https://www.lefleuve.example/")))
    }

    /// Returns the state of a host without a stored one, after one response.
    fn state_after(fetched: &Fetched) -> HostState {
        let mut state = new();
        update_state(&mut state, fetched, &["griot"], "griot", at(0));
        state
    }

    fn evaluate(state: &HostState, path: &str, now: i64) -> RobotsVerdict {
        let known = HostEntry {
            state: state.clone(),
            is_loaded: true,
            is_asked: true,
            failure: None,
        };
        let url = url("https://www.lefleuve.example/").join(path).expect("a path");
        known.evaluate(&url, "griot", at(now))
    }

    #[test]
    fn rules_are_valid_for_an_hour_to_a_day() {
        for (max_age, seconds) in [(None, DAY), (Some(7200), 2 * HOUR), (Some(5), HOUR), (Some(9_999_999), DAY)] {
            let state = state_after(&Fetched::Fresh(answer(200, "User-agent: *\nDisallow: /x\nCrawl-delay: 3", max_age)));
            assert_eq!(state.robots_expires, Some(at(seconds)), "{max_age:?}");
            assert_eq!(state.crawl_delay, Some(Duration::from_secs(3)));
            assert_eq!(evaluate(&state, "/x", 1), RobotsVerdict::Denied);
            assert_eq!(evaluate(&state, "/y", 1), RobotsVerdict::Allowed);
        }
    }

    #[test]
    fn rules_for_others_are_not_kept() {
        let text = "User-agent: other\nDisallow: /\n# it is long\nUser-agent: *\nDisallow: /x\n";
        let state = state_after(&Fetched::Fresh(answer(200, text, None)));
        assert_eq!(state.robots.as_deref(), Some("User-agent:*\nDisallow:/x\n"));
    }

    #[test]
    fn the_meaning_of_each_response() {
        for (fetched, expected) in [
            (failed(FailureReason::Http4xx, Some(404)), Some("")),
            (failed(FailureReason::Http4xx, Some(401)), Some("")),
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
            (failed(FailureReason::Http5xx, Some(503)), None),
            (failed(FailureReason::Dns, None), None),
            (failed(FailureReason::Timeout, None), None),
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
            let state = state_after(&fetched);
            assert_eq!(state.robots.as_deref(), expected, "{fetched:?}");
            assert_eq!(state.robots_unreachable.is_some(), expected.is_none(), "{fetched:?}");
            assert_eq!(evaluate(&state, "/", 1) == RobotsVerdict::Allowed, expected.is_some());
            assert!(is_valid(&state, at(1)));
        }
        let throttled = Fetched::Throttled {
            until: None,
            whole_host: true,
            answer: answer(429, "", None),
        };
        assert_eq!(state_after(&throttled), new(), "it says nothing of rules");
    }

    #[test]
    fn connection_failures_forbid_requests_for_thirty_days() {
        let dead = failed(FailureReason::Connect, None);
        let mut state = state_after(&dead);
        assert!(matches!(evaluate(&state, "/", 1), RobotsVerdict::Unknown(..)));
        assert!(!is_valid(&state, at(5 * HOUR)), "it is asked again");
        update_state(&mut state, &dead, &["griot"], "griot", at(29 * DAY));
        assert!(matches!(evaluate(&state, "/", 29 * DAY + 1), RobotsVerdict::Unknown(..)));
        update_state(&mut state, &dead, &["griot"], "griot", at(30 * DAY));
        assert_eq!(evaluate(&state, "/", 30 * DAY), RobotsVerdict::Allowed);
        assert_eq!(state.robots_unreachable, Some(at(0)));
        update_state(&mut state, &dead, &["griot"], "griot", at(-DAY));
        assert_eq!(state.robots_unreachable, Some(at(-DAY)), "a clock that was set back delays nothing");
    }

    #[test]
    fn rules_survive_a_failure_and_an_empty_file_does_not() {
        let dead = failed(FailureReason::Http5xx, Some(500));
        let mut state = state_after(&Fetched::Fresh(answer(200, "User-agent: *\nDisallow: /x", None)));
        update_state(&mut state, &dead, &["griot"], "griot", at(DAY));
        assert_eq!(evaluate(&state, "/x", DAY), RobotsVerdict::Denied);
        assert_eq!(evaluate(&state, "/y", DAY), RobotsVerdict::Allowed);
        let mut state = state_after(&failed(FailureReason::Http4xx, Some(404)));
        update_state(&mut state, &dead, &["griot"], "griot", at(DAY));
        assert!(matches!(evaluate(&state, "/y", DAY), RobotsVerdict::Unknown(..)));
    }

    #[test]
    fn expiries_written_by_a_wrong_clock_are_ignored() {
        let state = state_after(&Fetched::Fresh(answer(200, "", None)));
        assert!(is_valid(&state, at(1)));
        assert!(!is_valid(&state, at(-1)));
        assert!(!is_valid(&state, at(DAY)));
    }
}
