//! Addresses: which of a source's addresses to ask, and when a permanent redirect is believed.
//!
//! One visit asks one address. When it fails, the next visit asks the next: those of feeds.toml in their order, then, for host
//! names that have failed for a day, the same with or without `www.` and with https for http. The one that works is remembered.

use super::DAY;
use crate::model::{FailureReason, Move, SourceState, Timestamp};
use std::time::Duration;
use url::{Host, Url};

/// A redirect to another registrable domain is believed after this time: before that it may be a hijack.
const TRUSTED_AFTER: Duration = Duration::from_hours(7 * 24);
/// At so many visits the feed has to be found behind a redirect.
const PROOFS: u32 = 2;

/// Returns the address to ask now, out of the source's own `urls`; none when it has none.
#[must_use]
pub fn choose(urls: &[Url], state: &SourceState, now: Timestamp) -> Option<Url> {
    let ladder = ladder(urls, state, now);
    let last = state.url.as_deref();
    let place = ladder.iter().position(|url| Some(url.as_str()) == last);
    let next = match place {
        // Whoever asked us to wait gets the same question again: another address would be a way around.
        Some(place) if state.failures > 0 && !keeps_its_address(state) => (place + 1) % ladder.len(),
        Some(place) if state.failures > 0 => place,
        _ => {
            let works = ladder.iter().position(|url| Some(url.as_str()) == state.works.as_deref());
            works.unwrap_or(0)
        }
    };
    ladder.into_iter().nth(next)
}

/// Returns how many addresses [`choose`] goes through: so many failures are one round.
#[must_use]
pub fn how_many(urls: &[Url], state: &SourceState, now: Timestamp) -> usize {
    ladder(urls, state, now).len()
}

/// Returns the address to remember after `state.url` has worked: none when it is the one that is asked first anyway.
#[must_use]
pub fn remembered(urls: &[Url], state: &SourceState) -> Option<String> {
    let first = urls.first().map(|url| adopted(url, state.moved.as_ref()));
    let first = first.as_ref().map(Url::as_str);
    state.url.clone().filter(|url| Some(url.as_str()) != first)
}

fn keeps_its_address(state: &SourceState) -> bool {
    use FailureReason as F;
    match state.reason {
        // A broken encoding is asked again without compression, once.
        Some(F::Encoding) => state.uncompressed,
        // A fault of ours is no reason to go elsewhere.
        reason => matches!(reason, Some(F::Throttled | F::Setup | F::Defect)),
    }
}

/// Lists every address in the order in which they are tried.
fn ladder(urls: &[Url], state: &SourceState, now: Timestamp) -> Vec<Url> {
    let moved = state.moved.as_ref();
    let mut ladder: Vec<Url> = urls.iter().map(|url| adopted(url, moved)).collect();
    let variants: Vec<Url> = ladder.iter().flat_map(variants).map(|url| adopted(&url, moved)).collect();
    // Where a move led is asked instead of the old address, but when it fails the old one may be back.
    ladder.extend_from_slice(urls);
    let lasting = state.failing_since.is_some_and(|since| since + DAY <= now);
    // Whoever is among the variants goes on to the next, whatever the last one said.
    let last = state.url.as_deref();
    let tried = lasting && (is_of_the_host(state.reason) || variants.iter().any(|url| Some(url.as_str()) == last));
    // One that works is kept as long as it works.
    let works = |url: &Url| state.works.as_deref() == Some(url.as_str());
    ladder.extend(variants.into_iter().filter(|url| tried || works(url)));
    // So is the end of a former move while it is watched where that one moves on to.
    if moved.is_some_and(|moved| !moved.adopted && is_listed(urls, &moved.from)) {
        ladder.extend(state.works.as_deref().and_then(|url| Url::parse(url).ok()));
    }
    let mut seen = std::collections::BTreeSet::new();
    ladder.retain(|url| seen.insert(url.to_string()));
    ladder
}

/// Whether `address` is one of the source's own, or one of their variants.
fn is_listed(urls: &[Url], address: &str) -> bool {
    urls.iter()
        .any(|url| url.as_str() == address || variants(url).iter().any(|variant| variant.as_str() == address))
}

/// Whether `url` belongs to those whom the operator named: the host of one of `urls`, or another host of its registrable domain at
/// the same port. What else we ask is a stranger's word, such as where a redirect led.
#[must_use]
pub fn is_named(urls: &[Url], url: &Url) -> bool {
    urls.iter().any(|own| is_one_domain(own, url) && own.port() == url.port())
}

/// Whether a failure may lie with the host's name or with its port.
fn is_of_the_host(reason: Option<FailureReason>) -> bool {
    use FailureReason as F;
    matches!(reason, Some(F::Dns | F::Connect | F::Tls | F::Timeout))
}

fn adopted(url: &Url, moved: Option<&Move>) -> Url {
    let moved = moved.filter(|moved| moved.adopted && moved.from == url.as_str());
    moved.and_then(|moved| Url::parse(&moved.to).ok()).unwrap_or_else(|| url.clone())
}

/// Returns the address with or without `www.`, and both with https for http. A literal address and a port of its own have none.
fn variants(url: &Url) -> Vec<Url> {
    let Some(Host::Domain(name)) = url.host() else {
        return Vec::new();
    };
    let other = match name.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
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

/// Returns what is known of a move after the feed was found at `now`: `asked` is the address that was asked, `target` where its
/// permanent redirects led.
///
/// The target is asked instead of the address once the feed was found there on two visits, and for seven days if it belongs to
/// another registrable domain. One that was taken over is left alone until it moves on itself.
/// A move from an address that is not among `urls` any more is forgotten: the operator has changed them.
#[must_use]
pub fn found(urls: &[Url], state: &SourceState, asked: &Url, target: Option<&Url>, now: Timestamp) -> Option<Move> {
    let before = state.moved.as_ref().filter(|moved| is_listed(urls, &moved.from));
    // An address that is not the source's own was taken over.
    let taken_over = before.filter(|_| !is_listed(urls, asked.as_str()));
    let taken_over = taken_over.or_else(|| before.filter(|moved| moved.adopted && moved.to == asked.as_str()));
    let Some(target) = target else {
        let stays = |moved: &Move| Move {
            to: asked.to_string(),
            adopted: true,
            ..moved.clone()
        };
        // Another address of the source says nothing of this one's move.
        let other = || before.filter(|moved| moved.from != asked.as_str()).cloned();
        return taken_over.map(stays).or_else(other);
    };
    let from = taken_over.map_or_else(|| asked.to_string(), |moved| moved.from.clone());
    let same = before.filter(|moved| !moved.adopted && moved.from == from && moved.to == target.as_str());
    let since = same.map_or(now, |moved| moved.since.min(now));
    let visits = same.map_or(0, |moved| moved.visits).saturating_add(1);
    let near = Url::parse(&from).is_ok_and(|from| is_one_domain(&from, target));
    Some(Move {
        from,
        to: target.to_string(),
        since,
        visits,
        adopted: visits >= PROOFS && (near || since + TRUSTED_AFTER <= now),
    })
}

/// Returns what is known of a move after a visit to `asked` failed for `reason`: a redirect that led to no feed is forgotten. One
/// that was taken over is not: its old address is asked next, and when that answers by itself the move is forgotten.
#[must_use]
pub fn lost(state: &SourceState, asked: &Url, reason: FailureReason) -> Option<Move> {
    let moved = state.moved.as_ref()?;
    let concerns = moved.from == asked.as_str() || moved.to == asked.as_str();
    // An address that could not be reached says nothing of where it leads.
    let excused = reason.is_unreached() || matches!(reason, FailureReason::Timeout | FailureReason::Throttled | FailureReason::Setup);
    (moved.adopted || !concerns || excused).then(|| moved.clone())
}

/// Whether two addresses belong to one registrable domain by the Public Suffix List; literals and names outside of it have to be
/// equal.
fn is_one_domain(a: &Url, b: &Url) -> bool {
    if a.host() == b.host() {
        return true;
    }
    let (Some(Host::Domain(a)), Some(Host::Domain(b))) = (a.host(), b.host()) else {
        return false;
    };
    psl::domain_str(a).is_some_and(|domain| psl::domain_str(b) == Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

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

    /// Visits each hour; `works` says which address works; returns what was asked.
    fn asked(list: &[&str], works: &str, hours: i64, reason: FailureReason) -> (Vec<String>, SourceState) {
        let list = urls(list);
        let (mut state, mut asked) = (new(), Vec::new());
        for hour in 0..hours {
            let chosen = choose(&list, &state, at(hour)).expect("an address").to_string();
            let good = chosen == works;
            state.url = Some(chosen.clone());
            state.reason = (!good).then_some(reason);
            if good {
                state.works = Some(chosen.clone());
            }
            super::super::health::count_visit(&mut state, good, at(hour));
            asked.push(chosen);
        }
        (asked, state)
    }

    #[test]
    fn each_visit_asks_one_address_and_what_works_is_remembered() {
        let list = ["https://a.example.org/1", "https://a.example.org/2", "https://a.example.org/3"];
        let (chosen, _) = asked(&list, list[2], 6, FailureReason::Http4xx);
        assert_eq!(chosen, [list[0], list[1], list[2], list[2], list[2], list[2]]);
        let (chosen, _) = asked(&list, "none", 5, FailureReason::Http4xx);
        assert_eq!(chosen, [list[0], list[1], list[2], list[0], list[1]]);
        assert_eq!(choose(&[], &new(), at(0)), None);
    }

    #[test]
    fn who_asks_us_to_wait_is_not_asked_elsewhere() {
        let list = ["https://a.example.org/1", "https://a.example.org/2"];
        assert_eq!(asked(&list, "none", 3, FailureReason::Throttled).0, [list[0]; 3]);
    }

    #[test]
    fn a_name_that_fails_for_a_day_is_tried_in_other_forms() {
        let one = ["http://example.org/feed?a=b"];
        let (chosen, state) = asked(&one, "https://www.example.org/feed?a=b", 40, FailureReason::Dns);
        assert!(chosen[..24].iter().all(|asked| asked == one[0]), "not within a day");
        let forms = [
            "http://www.example.org/feed?a=b",
            "https://example.org/feed?a=b",
            "https://www.example.org/feed?a=b",
        ];
        assert!(chosen.windows(3).any(|seen| seen == forms), "{chosen:?}");
        assert!(chosen[35..].iter().all(|asked| asked == forms[2]));
        assert_eq!(state.works.as_deref(), Some(forms[2]));
        assert!(
            asked(&one, "none", 40, FailureReason::Http5xx)
                .0
                .iter()
                .all(|asked| asked == one[0])
        );
    }

    #[test]
    fn variants_are_of_names_only() {
        let of = |text: &str| variants(&url(text)).iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(of("https://www.example.org/f"), ["https://example.org/f"]);
        assert_eq!(of("http://example.org:8080/f"), ["http://www.example.org:8080/f"]);
        assert_eq!(of("http://localhost/f"), ["https://localhost/f"]);
        assert_eq!(of("http://127.0.0.1:8080/f"), [] as [&str; 0]);
        assert_eq!(of("http://www.ml/f"), ["https://www.ml/f"], "a bare suffix is nobody's host");
    }

    /// Follows a permanent redirect from `from` to `to` at these hours; returns the hour at which it was taken over.
    fn taken_over(from: &str, to: &str, hours: &[i64]) -> Option<i64> {
        let mut state = new();
        hours.iter().copied().find(|hour| {
            state.moved = found(&[url(from)], &state, &url(from), Some(&url(to)), at(*hour));
            state.moved.as_ref().is_some_and(|moved| moved.adopted)
        })
    }

    #[test]
    fn a_move_within_a_domain_is_believed_at_the_second_visit_and_any_other_after_a_week() {
        let week = 7 * 24;
        let near = taken_over("http://example.org/feed", "https://www.example.org/rss", &[0, 1, 2]);
        assert_eq!(near, Some(1));
        assert_eq!(taken_over("http://127.0.0.1:1/a", "http://127.0.0.1:1/b", &[0, 1]), Some(1));
        let far = |hours: &[i64]| taken_over("https://a.gouv.ml/feed", "https://b.gouv.ml/feed", hours);
        assert_eq!(far(&[0, 1, 24, week - 1]), None);
        assert_eq!(far(&[0, 1, 24, week]), Some(week));
        assert_eq!(far(&[0]), None);
        assert_eq!(taken_over("https://a.example.org/", "https://10.0.0.1/", &[0, 1]), None);
    }

    /// A source whose feed has moved from `http://example.org/feed` to `https://example.org/rss`.
    fn at_home() -> (Vec<Url>, Url, SourceState) {
        let list = urls(&["http://example.org/feed"]);
        let new_home = url("https://example.org/rss");
        let mut state = new();
        for hour in 0..2 {
            state.moved = found(&list, &state, &list[0], Some(&new_home), at(hour));
        }
        state.url = Some(new_home.to_string());
        (list, new_home, state)
    }

    #[test]
    fn a_target_is_asked_and_the_old_address_when_it_fails() {
        let (list, new_home, mut state) = at_home();
        assert_eq!(choose(&list, &state, at(2)), Some(new_home.clone()));
        state.moved = found(&list, &state, &new_home, None, at(2));
        assert_eq!(choose(&list, &state, at(3)), Some(new_home.clone()));
        state.moved = lost(&state, &new_home, FailureReason::NotAFeed);
        state.failures = 1;
        assert_eq!(choose(&list, &state, at(4)), Some(list[0].clone()));
        let mut dead = state.clone();
        dead.url = Some(list[0].to_string());
        dead.moved = lost(&dead, &list[0], FailureReason::Dns);
        assert_eq!(
            choose(&list, &dead, at(5)),
            Some(new_home),
            "a hiccup of the new one is not the end"
        );
        assert_eq!(found(&list, &state, &list[0], None, at(5)), None, "the old one is back");
    }

    #[test]
    fn a_target_that_moves_on_is_asked_meanwhile() {
        let (list, new_home, mut state) = at_home();
        let next_home = url("https://example.org/atom");
        let step = |state: &mut SourceState, target: Option<&Url>, hour| {
            state.moved = found(&list, state, &new_home, target, at(hour));
            state.works = remembered(&list, state);
            choose(&list, state, at(hour + 1))
        };
        assert_eq!(
            step(&mut state, Some(&next_home), 3),
            Some(new_home.clone()),
            "the old address may be dead"
        );
        let mut back = state.clone();
        assert_eq!(step(&mut back, None, 4), Some(new_home.clone()), "it did not move on");
        assert!(back.moved.is_some_and(|moved| moved.adopted));
        assert_eq!(step(&mut state, Some(&next_home), 4), Some(next_home.clone()));
        assert!(state.moved.is_some_and(|moved| moved.adopted && moved.from == list[0].as_str()));
    }

    #[test]
    fn a_move_is_forgotten_when_the_operator_has_followed_it() {
        let (_, new_home, state) = at_home();
        assert_eq!(found(std::slice::from_ref(&new_home), &state, &new_home, None, at(3)), None);
    }

    #[test]
    fn a_variant_that_fails_in_another_way_does_not_hide_the_next() {
        let list = urls(&["http://example.org/feed"]);
        let (mut state, mut seen) = (new(), Vec::new());
        for hour in 0..30 {
            let chosen = choose(&list, &state, at(hour)).expect("an address");
            let speaks = chosen.host_str() == Some("www.example.org") && chosen.scheme() == "http";
            state.reason = Some(if speaks { FailureReason::Http4xx } else { FailureReason::Connect });
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
            state.moved = found(&list, &state, &variant, Some(&target), at(hour));
        }
        state.url = Some(target.to_string());
        state.works = remembered(&list, &state);
        assert_eq!(choose(&list, &state, at(2)), Some(target.clone()));
        state.moved = found(&list, &state, &target, None, at(2));
        assert_eq!(choose(&list, &state, at(3)), Some(target));
    }

    #[test]
    fn whom_the_operator_named() {
        let list = urls(&["http://example.org/feed", "http://127.0.0.1:81/feed"]);
        for (asked, named) in [
            ("https://www.example.org/rss", true),
            ("http://127.0.0.1:81/x", true),
            ("http://127.0.0.1/x", false),
            ("http://example.org:8080/feed", false),
            ("http://example.net/feed", false),
        ] {
            assert_eq!(is_named(&list, &url(asked)), named, "{asked}");
        }
    }

    #[test]
    fn a_redirect_to_no_feed_proves_nothing() {
        let from = url("http://example.org/feed");
        let other = url("http://example.org/other");
        let list = [from.clone(), other.clone()];
        let mut state = new();
        state.moved = found(&list, &state, &from, Some(&url("http://example.org/parked")), at(0));
        assert_eq!(lost(&state, &from, FailureReason::Dns), state.moved, "not reached");
        assert_eq!(lost(&state, &from, FailureReason::NotAFeed), None);
        assert_eq!(found(&list, &state, &from, None, at(1)), None, "the redirect is gone");
        assert_eq!(
            found(&list, &state, &other, None, at(1)),
            state.moved,
            "another address says nothing"
        );
        let else_where = found(&list, &state, &from, Some(&url("http://example.org/new")), at(1)).expect("a move");
        assert_eq!((else_where.visits, else_where.since), (1, at(1)));
    }
}
