//! Addresses: which address of a source to request, and when a permanent redirect is adopted.
//!
//! One visit requests one address. When it fails, the next visit requests the next: those of feeds.toml in their order, then, after a
//! day of failures of the host, the same with or without `www.` and with https for http. The one that works is kept. One that asked to wait
//! is not requested until then, and the others of its host neither when it was 429.

use super::DAY;
use super::holds::held_until;
use crate::model::url::is_same_domain;
use crate::model::{FailureReason, PermanentRedirect, SourceState, Timestamp};
use std::time::Duration;
use url::{Host, Url};

/// A redirect to another registrable domain is adopted after this time: before that it may be a hijacked site.
const CROSS_DOMAIN_DELAY: Duration = Duration::from_hours(7 * 24);
/// How many visits have to find the feed at the target of a redirect before it is adopted.
const MIN_CONFIRMATIONS: u32 = 2;

/// Returns the address to request now; none when the source has no `urls`.
#[must_use]
pub fn choose(urls: &[Url], state: &SourceState, now: Timestamp) -> Option<Url> {
    let candidates = candidates(urls, state, now);
    let last = state.url.as_deref();
    let position = candidates.iter().position(|url| Some(url.as_str()) == last);
    let next = match position {
        Some(position) if state.failures > 0 && !keeps_address(state) => (position + 1) % candidates.len(),
        Some(position) if state.failures > 0 => position,
        _ => {
            let working_url = candidates.iter().position(|url| Some(url.as_str()) == state.working_url.as_deref());
            working_url.unwrap_or(0)
        }
    };
    let is_free = |place: &usize| candidates.get(*place).is_some_and(|url| held_until(state, url, now).is_none());
    let places = (next..candidates.len()).chain(0..next);
    let free = places.into_iter().find(is_free).unwrap_or(next);
    candidates.into_iter().nth(free)
}

/// Returns when one of the addresses of a source may be requested again, of which each has asked to wait; none when one may be requested now.
#[must_use]
pub fn all_held_until(urls: &[Url], state: &SourceState, now: Timestamp) -> Option<Timestamp> {
    let held: Option<Vec<Timestamp>> = candidates(urls, state, now).iter().map(|url| held_until(state, url, now)).collect();
    held?.into_iter().min()
}

/// Returns how many addresses [`choose`] goes through: as many failures are one round.
#[must_use]
pub fn count_candidates(urls: &[Url], state: &SourceState, now: Timestamp) -> usize {
    candidates(urls, state, now).len()
}

/// Returns the address to keep after `state.url` has worked: none when it is the one that is requested first anyway.
#[must_use]
pub fn working_address(urls: &[Url], state: &SourceState) -> Option<String> {
    let first = urls.first().map(|url| adopted(url, state.moved.as_ref()));
    let first = first.as_ref().map(Url::as_str);
    state.url.clone().filter(|url| Some(url.as_str()) != first)
}

/// Whether the next visit requests the same address although the last one failed.
fn keeps_address(state: &SourceState) -> bool {
    use FailureReason as F;
    match state.reason {
        // A broken encoding is requested again without compression, once.
        Some(F::Encoding) => state.uncompressed,
        // A request of another address of the server would evade its limit; and a fault of griot is not one of the address.
        reason => matches!(reason, Some(F::Throttled | F::Setup | F::Defect)),
    }
}

/// Lists every address in the order in which they are tried.
fn candidates(urls: &[Url], state: &SourceState, now: Timestamp) -> Vec<Url> {
    let moved = state.moved.as_ref();
    let mut candidates: Vec<Url> = urls.iter().map(|url| adopted(url, moved)).collect();
    let variants: Vec<Url> = candidates.iter().flat_map(variants).map(|url| adopted(&url, moved)).collect();
    // The target of a move replaces the old address, but the old one may work again when the target fails.
    candidates.extend_from_slice(urls);
    let is_lasting = state.failing_since.is_some_and(|since| since + DAY <= now);
    // Once a variant has been tried, all are, for whatever reason it failed.
    let last = state.url.as_deref();
    let tries_variants = is_lasting && (is_failure_of_host(state.reason) || variants.iter().any(|url| Some(url.as_str()) == last));
    // A variant that works is kept as long as it works.
    let working_url = |url: &Url| state.working_url.as_deref() == Some(url.as_str());
    candidates.extend(variants.into_iter().filter(|url| tries_variants || working_url(url)));
    // So is the target of a former move, while the move that it redirects to is not yet adopted.
    if moved.is_some_and(|moved| !moved.adopted && is_listed(urls, &moved.from)) {
        candidates.extend(state.working_url.as_deref().and_then(|url| Url::parse(url).ok()));
    }
    let mut seen = std::collections::BTreeSet::new();
    candidates.retain(|url| seen.insert(url.to_string()));
    candidates
}

/// Whether `address` is one of the source's own, or one of their variants.
fn is_listed(urls: &[Url], address: &str) -> bool {
    urls.iter()
        .any(|url| url.as_str() == address || variants(url).iter().any(|variant| variant.as_str() == address))
}

/// Whether `url` is of the same site as one of `urls`: of its host, or of another host of its registrable domain, at the same port. The
/// operator named only those; another address, such as the target of a redirect, is not trusted.
#[must_use]
pub fn is_same_site(urls: &[Url], url: &Url) -> bool {
    urls.iter().any(|own| is_same_domain(own, url) && own.port() == url.port())
}

/// Whether the cause of a failure may be the host name or the port.
fn is_failure_of_host(reason: Option<FailureReason>) -> bool {
    use FailureReason as F;
    matches!(reason, Some(F::Dns | F::Connect | F::Tls | F::Timeout))
}

/// Returns the target of the adopted move of `url`, else `url`.
fn adopted(url: &Url, moved: Option<&PermanentRedirect>) -> Url {
    let moved = moved.filter(|moved| moved.adopted && moved.from == url.as_str());
    moved.and_then(|moved| Url::parse(&moved.to).ok()).unwrap_or_else(|| url.clone())
}

/// Returns the address with or without `www.`, and both with https for http. An IP literal has no variants, and an explicit port no
/// https variant.
fn variants(url: &Url) -> Vec<Url> {
    let Some(Host::Domain(name)) = url.host() else {
        return Vec::new();
    };
    let other = match name.strip_prefix("www.") {
        Some(rest) => rest.to_owned(),
        None => format!("www.{name}"),
    };
    let mut hosts = vec![url.clone()];
    let mut swapped = url.clone();
    // A name of one label, such as `localhost`, has no `www.`.
    if name.contains('.') && other.contains('.') && swapped.set_host(Some(&other)).is_ok() {
        hosts.push(swapped);
    }
    let secure = hosts
        .iter()
        .filter(|url| url.scheme() == "http" && url.port().is_none())
        .filter_map(|url| {
            let mut url = url.clone();
            url.set_scheme("https").ok().map(|()| url)
        });
    let secure: Vec<Url> = secure.collect();
    hosts.into_iter().skip(1).chain(secure).collect()
}

/// Returns what is known of a move after the feed was found at `now`: `asked` is the address that was requested, `target` the end of its
/// permanent redirects.
///
/// The target is adopted, and requested instead of the address, once the feed was found there on two visits, and for seven days if it
/// belongs to another registrable domain. An adopted move stays until its target redirects elsewhere.
/// A move from an address that is no longer among `urls` is dropped: the operator has changed them.
#[must_use]
pub fn move_after_success(
    urls: &[Url],
    state: &SourceState,
    asked: &Url,
    target: Option<&Url>,
    now: Timestamp,
) -> Option<PermanentRedirect> {
    let before = state.moved.as_ref().filter(|moved| is_listed(urls, &moved.from));
    // An address that is not listed was adopted.
    let adopted = before.filter(|_| !is_listed(urls, asked.as_str()));
    let adopted = adopted.or_else(|| before.filter(|moved| moved.adopted && moved.to == asked.as_str()));
    let Some(target) = target else {
        let stays = |moved: &PermanentRedirect| PermanentRedirect {
            to: asked.to_string(),
            adopted: true,
            ..moved.clone()
        };
        // A visit of another address of the source is no evidence about this move.
        let other = || before.filter(|moved| moved.from != asked.as_str()).cloned();
        return adopted.map(stays).or_else(other);
    };
    let from = adopted.map_or_else(|| asked.to_string(), |moved| moved.from.clone());
    let same = before.filter(|moved| !moved.adopted && moved.from == from && moved.to == target.as_str());
    let since = same.map_or(now, |moved| moved.since.min(now));
    let visits = same.map_or(0, |moved| moved.visits).saturating_add(1);
    let within_domain = Url::parse(&from).is_ok_and(|from| is_same_domain(&from, target));
    Some(PermanentRedirect {
        from,
        to: target.to_string(),
        since,
        visits,
        adopted: visits >= MIN_CONFIRMATIONS && (within_domain || since + CROSS_DOMAIN_DELAY <= now),
    })
}

/// Returns what is known of a move after a visit to `asked` failed for `reason`: a redirect that led to no feed is dropped. One
/// that was adopted is not: its old address is requested next, and when the feed is found there the move is dropped.
#[must_use]
pub fn move_after_failure(state: &SourceState, asked: &Url, reason: FailureReason) -> Option<PermanentRedirect> {
    let moved = state.moved.as_ref()?;
    let is_of_move = moved.from == asked.as_str() || moved.to == asked.as_str();
    // An address that could not be reached is no evidence about its redirect.
    let is_no_evidence =
        reason.is_unreached() || matches!(reason, FailureReason::Timeout | FailureReason::Throttled | FailureReason::Setup);
    (moved.adopted || !is_of_move || is_no_evidence).then(|| moved.clone())
}

/// Returns the registrable domain of an address by the Public Suffix List, else its host; `None` for an address without a host.
#[must_use]
pub fn registrable_domain(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    match url.host()? {
        Host::Domain(domain) => Some(psl::domain_str(domain).unwrap_or(host)),
        _ => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HeldAddress, SourceId};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + hours * 3600)
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn urls(list: &[&str]) -> Vec<Url> {
        list.iter().map(|text| url(text)).collect()
    }

    fn new() -> SourceState {
        SourceState::new(SourceId::new("a").expect("a slug"))
    }

    /// Visits each hour; only the address `working_url` succeeds; returns the addresses requested.
    fn visit_hourly(list: &[&str], working_url: &str, hours: i64, reason: FailureReason) -> (Vec<String>, SourceState) {
        let list = urls(list);
        let (mut state, mut asked) = (new(), Vec::new());
        for hour in 0..hours {
            let chosen = choose(&list, &state, at(hour)).expect("an address").to_string();
            let good = chosen == working_url;
            state.url = Some(chosen.clone());
            state.reason = (!good).then_some(reason);
            if good {
                state.working_url = Some(chosen.clone());
            }
            super::super::health::count_visit(&mut state, good, at(hour));
            asked.push(chosen);
        }
        (asked, state)
    }

    #[test]
    fn only_the_address_that_moved_is_replaced_and_only_when_the_move_is_adopted() {
        let moved = PermanentRedirect {
            from: "https://a.example.org/1".to_owned(),
            to: "https://a.example.org/2".to_owned(),
            since: at(0),
            visits: 2,
            adopted: true,
        };
        let target = |from: &str, moved: &PermanentRedirect| adopted(&url(from), Some(moved)).to_string();
        assert_eq!(target("https://a.example.org/1", &moved), "https://a.example.org/2");
        assert_eq!(target("https://a.example.org/3", &moved), "https://a.example.org/3");
        let waiting = PermanentRedirect { adopted: false, ..moved };
        assert_eq!(target("https://a.example.org/1", &waiting), "https://a.example.org/1");
    }

    #[test]
    fn each_visit_requests_one_address_and_the_working_one_is_kept() {
        let list = ["https://a.example.org/1", "https://a.example.org/2", "https://a.example.org/3"];
        let (chosen, _) = visit_hourly(&list, list[2], 6, FailureReason::Http4xx);
        assert_eq!(chosen, [list[0], list[1], list[2], list[2], list[2], list[2]]);
        let (chosen, _) = visit_hourly(&list, "none", 5, FailureReason::Http4xx);
        assert_eq!(chosen, [list[0], list[1], list[2], list[0], list[1]]);
        assert_eq!(choose(&[], &new(), at(0)), None);
    }

    #[test]
    fn a_throttled_source_keeps_its_address() {
        let list = ["https://a.example.org/1", "https://a.example.org/2"];
        assert_eq!(visit_hourly(&list, "none", 3, FailureReason::Throttled).0, [list[0]; 3]);
        // Also one that is not the first, and has never worked.
        let state = SourceState {
            url: Some(list[1].to_owned()),
            failures: 1,
            reason: Some(FailureReason::Throttled),
            ..new()
        };
        assert_eq!(choose(&urls(&list), &state, at(0)).map(String::from).as_deref(), Some(list[1]));
    }

    #[test]
    fn an_address_that_asked_to_wait_gives_way_to_one_of_another_host() {
        let list = urls(&[
            "https://a.example.org/1",
            "http://www.a.example.org/2",
            "https://b.example.org/1",
            "https://c.example.net/1",
        ]);
        let throttled = |held: &[(&str, i64)]| SourceState {
            url: Some(list[0].to_string()),
            failures: 1,
            reason: Some(FailureReason::Throttled),
            held: held
                .iter()
                .map(|(address, hour)| HeldAddress {
                    address: (*address).to_owned(),
                    until: at(*hour),
                })
                .collect(),
            ..new()
        };
        for (held, place, until) in [
            (&[][..], 0, None),
            (&[("https://a.example.org:443", 2)], 2, None),
            (&[("https://a.example.org/1", 2)], 1, None),
            (&[("https://a.example.org:443", 2), ("https://b.example.org/1", 1)], 3, None),
            (&[("https://a.example.org:443", 0)], 0, None),
            (&[("https://a.example.org:443", 25)], 0, None),
            (
                &[
                    ("https://a.example.org:443", 2),
                    ("https://b.example.org:443", 1),
                    ("https://c.example.net/1", 3),
                ],
                0,
                Some(at(1)),
            ),
        ] {
            let state = throttled(held);
            assert_eq!(choose(&list, &state, at(0)).as_ref(), Some(&list[place]), "{held:?}");
            assert_eq!(all_held_until(&list, &state, at(0)), until, "{held:?}");
        }
    }

    #[test]
    fn the_registrable_domain_is_that_of_the_public_suffix_list_else_the_host() {
        let domain = |text: &str| registrable_domain(&url(text)).map(str::to_owned);
        for (address, expected) in [
            ("https://www.aube.example.org/feed", Some("example.org")),
            ("https://journal.gouv.ml/feed", Some("journal.gouv.ml")),
            ("https://a.b.co.uk/", Some("b.co.uk")),
            ("http://localhost:8080/", Some("localhost")),
            ("http://192.0.2.1/", Some("192.0.2.1")),
            ("http://[2001:db8::1]/", Some("[2001:db8::1]")),
            ("mailto:desk@example.org", None),
        ] {
            assert_eq!(domain(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn a_host_that_fails_for_a_day_is_tried_in_variants() {
        let one = ["http://example.org/feed?a=b"];
        let (chosen, state) = visit_hourly(&one, "https://www.example.org/feed?a=b", 40, FailureReason::Dns);
        assert!(chosen[..24].iter().all(|asked| asked == one[0]), "not within a day");
        let variants = [
            "http://www.example.org/feed?a=b",
            "https://example.org/feed?a=b",
            "https://www.example.org/feed?a=b",
        ];
        assert!(chosen.windows(3).any(|seen| seen == variants), "{chosen:?}");
        assert!(chosen[35..].iter().all(|asked| asked == variants[2]));
        assert_eq!(state.working_url.as_deref(), Some(variants[2]));
        assert!(
            visit_hourly(&one, "none", 40, FailureReason::Http5xx)
                .0
                .iter()
                .all(|asked| asked == one[0])
        );
    }

    #[test]
    fn variants_are_of_names_only() {
        let variants_of = |text: &str| variants(&url(text)).iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(variants_of("https://www.example.org/f"), ["https://example.org/f"]);
        assert_eq!(variants_of("http://example.org:8080/f"), ["http://www.example.org:8080/f"]);
        assert_eq!(variants_of("http://localhost/f"), ["https://localhost/f"]);
        assert_eq!(variants_of("http://127.0.0.1:8080/f"), [] as [&str; 0]);
        assert_eq!(
            variants_of("http://www.ml/f"),
            ["https://www.ml/f"],
            "a public suffix has no site of its own"
        );
    }

    /// Follows a permanent redirect from `from` to `to` at these hours; returns the hour at which it was adopted.
    fn adoption_hour(from: &str, to: &str, hours: &[i64]) -> Option<i64> {
        let mut state = new();
        hours.iter().copied().find(|hour| {
            state.moved = move_after_success(&[url(from)], &state, &url(from), Some(&url(to)), at(*hour));
            state.moved.as_ref().is_some_and(|moved| moved.adopted)
        })
    }

    #[test]
    fn a_move_within_a_domain_is_adopted_at_the_second_visit_and_any_other_after_a_week() {
        let week = 7 * 24;
        let within_domain = adoption_hour("http://example.org/feed", "https://www.example.org/rss", &[0, 1, 2]);
        assert_eq!(within_domain, Some(1));
        assert_eq!(adoption_hour("http://127.0.0.1:1/a", "http://127.0.0.1:1/b", &[0, 1]), Some(1));
        let across_domains = |hours: &[i64]| adoption_hour("https://a.gouv.ml/feed", "https://b.gouv.ml/feed", hours);
        assert_eq!(across_domains(&[0, 1, 24, week - 1]), None);
        assert_eq!(across_domains(&[0, 1, 24, week]), Some(week));
        assert_eq!(across_domains(&[0]), None);
        assert_eq!(adoption_hour("https://a.example.org/", "https://10.0.0.1/", &[0, 1]), None);
    }

    /// A source whose feed has moved from `http://example.org/feed` to `https://example.org/rss`.
    fn moved_source() -> (Vec<Url>, Url, SourceState) {
        let list = urls(&["http://example.org/feed"]);
        let target = url("https://example.org/rss");
        let mut state = new();
        for hour in 0..2 {
            state.moved = move_after_success(&list, &state, &list[0], Some(&target), at(hour));
        }
        state.url = Some(target.to_string());
        (list, target, state)
    }

    #[test]
    fn the_target_of_a_move_is_requested_and_the_old_address_when_it_fails() {
        let (list, target, mut state) = moved_source();
        assert_eq!(choose(&list, &state, at(2)), Some(target.clone()));
        state.moved = move_after_success(&list, &state, &target, None, at(2));
        assert_eq!(choose(&list, &state, at(3)), Some(target.clone()));
        state.moved = move_after_failure(&state, &target, FailureReason::NotAFeed);
        state.failures = 1;
        assert_eq!(choose(&list, &state, at(4)), Some(list[0].clone()));
        let mut dead = state.clone();
        dead.url = Some(list[0].to_string());
        dead.moved = move_after_failure(&dead, &list[0], FailureReason::Dns);
        assert_eq!(
            choose(&list, &dead, at(5)),
            Some(target),
            "one failure does not undo an adopted move"
        );
        assert_eq!(
            move_after_success(&list, &state, &list[0], None, at(5)),
            None,
            "the old address works again"
        );
    }

    #[test]
    fn a_target_that_moves_again_is_requested_until_the_next_is_adopted() {
        let (list, target, mut state) = moved_source();
        let next_target = url("https://example.org/atom");
        let visit = |state: &mut SourceState, redirect: Option<&Url>, hour| {
            state.moved = move_after_success(&list, state, &target, redirect, at(hour));
            state.working_url = working_address(&list, state);
            choose(&list, state, at(hour + 1))
        };
        assert_eq!(
            visit(&mut state, Some(&next_target), 3),
            Some(target.clone()),
            "the old address may be dead"
        );
        let mut back = state.clone();
        assert_eq!(visit(&mut back, None, 4), Some(target.clone()), "it did not move again");
        assert!(back.moved.is_some_and(|moved| moved.adopted));
        assert_eq!(visit(&mut state, Some(&next_target), 4), Some(next_target.clone()));
        assert!(state.moved.is_some_and(|moved| moved.adopted && moved.from == list[0].as_str()));
    }

    #[test]
    fn a_move_is_dropped_when_the_operator_has_entered_the_new_address() {
        let (_, target, state) = moved_source();
        assert_eq!(
            move_after_success(std::slice::from_ref(&target), &state, &target, None, at(3)),
            None
        );
    }

    #[test]
    fn a_variant_that_fails_for_another_reason_does_not_end_the_round() {
        let list = urls(&["http://example.org/feed"]);
        let (mut state, mut seen) = (new(), Vec::new());
        for hour in 0..30 {
            let chosen = choose(&list, &state, at(hour)).expect("an address");
            let answers = chosen.host_str() == Some("www.example.org") && chosen.scheme() == "http";
            state.reason = Some(if answers { FailureReason::Http4xx } else { FailureReason::Connect });
            state.url = Some(chosen.to_string());
            super::super::health::count_visit(&mut state, false, at(hour));
            seen.push(chosen.to_string());
        }
        assert!(seen.iter().any(|url| url == "https://example.org/feed"), "{seen:?}");
    }

    #[test]
    fn a_variant_may_have_moved_too() {
        let list = urls(&["http://example.org/feed"]);
        let (variant, target) = (url("http://www.example.org/feed"), url("http://www.example.org/rss"));
        let mut state = new();
        for hour in 0..2 {
            state.moved = move_after_success(&list, &state, &variant, Some(&target), at(hour));
        }
        state.url = Some(target.to_string());
        state.working_url = working_address(&list, &state);
        assert_eq!(choose(&list, &state, at(2)), Some(target.clone()));
        state.moved = move_after_success(&list, &state, &target, None, at(2));
        assert_eq!(choose(&list, &state, at(3)), Some(target));
    }

    #[test]
    fn same_site_means_one_registrable_domain_and_port() {
        let list = urls(&["http://example.org/feed", "http://127.0.0.1:81/feed"]);
        for (asked, expected) in [
            ("https://www.example.org/rss", true),
            ("http://127.0.0.1:81/x", true),
            ("http://127.0.0.1/x", false),
            ("http://example.org:8080/feed", false),
            ("http://example.net/feed", false),
        ] {
            assert_eq!(is_same_site(&list, &url(asked)), expected, "{asked}");
        }
    }

    #[test]
    fn a_redirect_to_no_feed_is_dropped() {
        let from = url("http://example.org/feed");
        let other = url("http://example.org/other");
        let list = [from.clone(), other.clone()];
        let mut state = new();
        state.moved = move_after_success(&list, &state, &from, Some(&url("http://example.org/parked")), at(0));
        assert_eq!(move_after_failure(&state, &from, FailureReason::Dns), state.moved, "not reached");
        assert_eq!(move_after_failure(&state, &from, FailureReason::NotAFeed), None);
        assert_eq!(move_after_success(&list, &state, &from, None, at(1)), None, "the redirect is gone");
        assert_eq!(
            move_after_success(&list, &state, &other, None, at(1)),
            state.moved,
            "another address is no evidence"
        );
        let elsewhere = move_after_success(&list, &state, &from, Some(&url("http://example.org/new")), at(1)).expect("a move");
        assert_eq!((elsewhere.visits, elsewhere.since), (1, at(1)));
    }
}
