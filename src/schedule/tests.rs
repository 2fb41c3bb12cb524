use super::*;
use proptest::prelude::*;

const EVERY: Duration = Duration::from_secs(HOUR);

fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").expect("a time")
}

fn source(number: usize) -> SourceId {
    SourceId::new(&format!("source-{number}")).expect("a slug")
}

fn good() -> Visit {
    Visit {
        ok: true,
        ..Visit::default()
    }
}

/// Returns the wait after `visit` in seconds.
fn wait(visit: &Visit, every: Duration) -> u64 {
    next_visit(visit, every, &source(1), now()).since(now()).as_secs()
}

fn failed(failures: u32) -> Visit {
    Visit {
        failures,
        ..Visit::default()
    }
}

#[test]
fn an_hourly_job_finds_an_hourly_source_due_each_time() {
    for number in 0..500 {
        let wait = next_visit(&good(), EVERY, &source(number), now()).since(now()).as_secs();
        assert!((3420..=3528).contains(&wait), "{wait}");
    }
    // The slack of a daily source is no larger than three minutes.
    assert!(wait(&good(), DAY) >= DAY.as_secs() - 180);
    assert_eq!(wait(&good(), Duration::ZERO), 0);
}

#[test]
fn sources_spread_and_keep_their_place() {
    let due = |number| next_visit(&good(), EVERY, &source(number), now());
    let places: std::collections::BTreeSet<_> = (0..200).map(due).collect();
    assert!(places.len() > 60, "{} places", places.len());
    assert_eq!(due(7), due(7));
}

#[test]
fn the_longest_wish_counts_up_to_a_day() {
    let hour = |hours: u64| Some(Duration::from_secs(hours * HOUR));
    let visit = Visit {
        max_age: hour(2),
        hints: RefreshHints {
            ttl: hour(4),
            update_period: hour(3),
            ..RefreshHints::default()
        },
        ..good()
    };
    assert!((4 * HOUR..=4 * HOUR * 21 / 20).contains(&wait(&visit, EVERY)));
    let short = Visit {
        max_age: Some(Duration::ZERO),
        ..good()
    };
    assert_eq!(wait(&short, EVERY), wait(&good(), EVERY));
    let year = Visit {
        max_age: hour(365 * 24),
        ..good()
    };
    assert_eq!(wait(&year, EVERY), 24 * HOUR);
    // A wish never shortens what the operator set.
    assert_eq!(wait(&year, DAY * 7), wait(&good(), DAY * 7));
}

#[test]
fn failures_double_the_wait_up_to_a_day_and_never_for_ever() {
    let waits: Vec<u64> = [1, 2, 3, 4, 5, 6, 30, 33, u32::MAX]
        .map(|failures| wait(&failed(failures), EVERY))
        .to_vec();
    assert!(waits[0] < HOUR, "one hiccup costs nothing: {waits:?}");
    for (index, hours) in [(1, 2), (2, 4), (3, 8), (4, 16)] {
        assert!((hours * HOUR..=hours * HOUR * 21 / 20).contains(&waits[index]), "{waits:?}");
    }
    assert!(waits[5..].iter().all(|wait| *wait == 24 * HOUR), "{waits:?}");
    let blocked = Visit {
        blocked: true,
        ..failed(1)
    };
    assert!(wait(&blocked, EVERY) >= 4 * HOUR);
    // A weekly source is not asked daily because it fails.
    assert!(wait(&failed(9), DAY * 7) > 6 * 24 * HOUR);
}

#[test]
fn what_is_gone_is_confirmed_once_and_then_left_for_a_month() {
    let gone = |failures| Visit {
        gone: true,
        ..failed(failures)
    };
    assert!((24 * HOUR..26 * HOUR).contains(&wait(&gone(1), EVERY)));
    assert!((30 * 24 * HOUR..32 * 24 * HOUR).contains(&wait(&gone(2), EVERY)));
}

#[test]
fn retry_after_is_waited_for() {
    let until = |hours: u64| Visit {
        retry_after: Some(now() + Duration::from_secs(hours * HOUR)),
        ..failed(2)
    };
    assert_eq!(wait(&until(5), EVERY), 5 * HOUR);
    // Our own back-off is longer here.
    assert_eq!(wait(&until(1), EVERY), wait(&failed(2), EVERY));
}

#[test]
fn skipped_hours_and_days_are_skipped() {
    // 2026-03-01 is a Sunday.
    let visit = |hours: &[u8], days: &[u8]| Visit {
        hints: RefreshHints {
            skip_hours: hours.to_vec(),
            skip_days: days.to_vec(),
            ..RefreshHints::default()
        },
        ..good()
    };
    let due = |visit: &Visit| next_visit(visit, EVERY, &source(1), now()).rfc3339();
    assert_eq!(due(&visit(&[12, 13], &[])), "2026-03-01T14:00:00Z");
    assert_eq!(due(&visit(&[], &[6])), "2026-03-02T00:00:00Z");
    assert_eq!(due(&visit(&[0, 1], &[6, 0])), "2026-03-03T02:00:00Z");
    assert_eq!(due(&visit(&[12, 99], &[])), "2026-03-01T13:00:00Z");
    let all: Vec<u8> = (0..24).collect();
    assert_eq!(due(&visit(&all, &[])), due(&good()));
    assert!(is_skipped(now(), &visit(&[12], &[]).hints) && !is_skipped(now(), &visit(&[13], &[5]).hints));
}

proptest! {
    #[test]
    fn the_next_visit_is_later_and_within_its_bounds(
        ok: bool, failures: u32, gone: bool, blocked: bool, every in 0_u64..u64::MAX, max_age: Option<u64>, retry: Option<i64>,
        skip_hours: Vec<u8>, skip_days: Vec<u8>, number: usize,
    ) {
        let visit = Visit {
            ok, failures, gone, blocked,
            retry_after: retry.map(Timestamp::from_unix),
            max_age: max_age.map(Duration::from_secs),
            hints: RefreshHints { skip_hours, skip_days, ..RefreshHints::default() },
        };
        let every = Duration::from_secs(every);
        let next = next_visit(&visit, every, &source(number), now());
        prop_assert!(next >= now());
        prop_assert!(next + Duration::from_secs(MOST_SLACK) >= now() + every);
        if let Some(until) = visit.retry_after {
            prop_assert!(next >= until);
        } else if every <= DAY && !gone {
            prop_assert!(next <= now() + DAY * 9);
        }
    }
}
