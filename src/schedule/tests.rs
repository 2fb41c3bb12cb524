use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const HOUR: Duration = Duration::from_hours(1);

fn pace(every: Duration) -> Pace {
    Pace {
        every,
        max_every: DAY,
        warn_after: DAY,
    }
}

fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").expect("a time")
}

fn state(number: usize) -> SourceState {
    SourceState {
        last_visit: Some(now()),
        ..SourceState::new(SourceId::new(&format!("source-{number}")).expect("a slug"))
    }
}

fn failed(reason: FailureReason, failures: u32) -> SourceState {
    SourceState {
        reason: Some(reason),
        failures,
        failing_since: Some(now()),
        health: SourceHealth::Failing,
        ..state(1)
    }
}

/// Returns the wait after the visit that `state` includes.
fn wait(state: &SourceState, every: Duration) -> Duration {
    next_visit(state, 1, None, pace(every), now()).since(now())
}

/// Whether `wait` is `hours`, and at most a quarter more.
fn is_about(wait: Duration, hours: u32) -> bool {
    wait >= HOUR * hours && wait <= HOUR * hours * 5 / 4
}

#[test]
fn an_hourly_job_finds_an_hourly_source_due_each_time() {
    for number in 0..500 {
        let wait = wait(&state(number), HOUR).as_secs();
        assert!((3420..=3528).contains(&wait), "{wait}");
    }
    // The slack of a daily source is no larger than three minutes.
    assert!(wait(&state(1), DAY) + Duration::from_mins(3) >= DAY);
    assert_eq!(wait(&state(1), Duration::ZERO), Duration::ZERO);
}

#[test]
fn jitter_spreads_sources_and_stays_the_same() {
    for cadence in [None, Some(HOUR * 6), Some(DAY)] {
        let due = |number| {
            let state = SourceState {
                wait: cadence,
                ..state(number)
            };
            next_visit(&state, 1, None, pace(HOUR), now())
        };
        let times: BTreeSet<_> = (0..200).map(due).collect();
        assert!(times.len() > 60, "{} times", times.len());
        assert_eq!(due(7), due(7));
    }
}

#[test]
fn the_longest_requested_interval_counts_up_to_a_day() {
    let mut asking = state(1);
    asking.max_age = Some(HOUR * 2);
    asking.hints.ttl = Some(HOUR * 4);
    asking.hints.update_period = Some(HOUR * 3);
    asking.wait = Some(HOUR);
    assert!(is_about(wait(&asking, HOUR), 4));
    assert!(wait(&asking, HOUR * 6) <= HOUR * 6, "every is longer");
    asking.wait = Some(HOUR * 8);
    assert!(is_about(wait(&asking, HOUR), 8), "its cadence is longer");
    asking.max_age = Some(DAY * 365);
    assert_eq!(wait(&asking, HOUR), DAY, "a year of max-age counts as a day");
    assert!(wait(&asking, DAY * 3) > DAY * 2, "but the operator may set more");
}

#[test]
fn jitter_never_shortens_what_a_server_asked_for() {
    for number in 0..100 {
        let mut asking = state(number);
        asking.max_age = Some(HOUR * 23);
        asking.wait = Some(DAY);
        let wait = wait(&asking, HOUR);
        assert!((HOUR * 23..=DAY).contains(&wait), "{wait:?}");
    }
}

#[test]
fn failures_double_up_to_the_cap_of_their_kind() {
    let of = |reason, failures| wait(&failed(reason, failures), HOUR);
    assert!(of(FailureReason::Timeout, 1) <= HOUR);
    for (failures, hours) in [(2, 2), (3, 4), (4, 8), (5, 12), (6, 12), (u32::MAX, 12)] {
        assert!(is_about(of(FailureReason::Http5xx, failures), hours), "{failures}");
    }
    for (failures, hours) in [(1, 2), (2, 4), (3, 8), (4, 16)] {
        assert!(is_about(of(FailureReason::Http4xx, failures), hours), "{failures}");
    }
    for reason in FailureReason::all() {
        assert!(of(reason, 1_000) <= DAY, "{reason} has a cap");
        assert!(wait(&failed(reason, 1), DAY * 9) > DAY * 8, "{reason} never shortens `every`");
    }
    assert!(of(FailureReason::Blocked, 1) >= HOUR * 4);
}

#[test]
fn several_addresses_are_one_round() {
    let after = |failures| next_visit(&failed(FailureReason::Timeout, failures), 3, None, pace(HOUR), now()).since(now());
    assert!((1..=3).all(|failures| after(failures) <= HOUR));
    assert!((4..=6).all(|failures| is_about(after(failures), 2)));
}

#[test]
fn what_is_gone_or_dead_is_visited_every_thirty_days() {
    let gone = failed(FailureReason::Gone, 1);
    let confirmation = wait(&gone, HOUR);
    assert!(confirmation <= DAY && confirmation >= DAY * 3 / 4, "{confirmation:?}");
    let confirmed = SourceState {
        health: SourceHealth::Gone,
        ..failed(FailureReason::Gone, 2)
    };
    let dead = SourceState {
        failing_since: Some(now() - DAY * 60),
        ..failed(FailureReason::Dns, 90)
    };
    for state in [confirmed, dead] {
        let wait = wait(&state, HOUR);
        assert!(wait >= DAY * 30 && wait <= DAY * 38, "{wait:?}");
    }
}

#[test]
fn retry_after_is_always_kept() {
    let until = |hours| Some(now() + HOUR * hours);
    let of = |until| next_visit(&failed(FailureReason::Throttled, 1), 1, until, pace(HOUR), now());
    assert_eq!(of(until(5)), now() + HOUR * 5);
    assert_eq!(of(until(0)), of(None));
}

#[test]
fn skipped_hours_and_days_are_skipped() {
    let hints = |hours: &[u8], days: &[u8]| RefreshHints {
        skip_hours: hours.to_vec(),
        skip_days: days.to_vec(),
        ..RefreshHints::default()
    };
    // It is Sunday, 12:00; a visit would be due at about 13:00.
    let due = |hints: RefreshHints| {
        let state = SourceState {
            hints,
            wait: Some(HOUR + Duration::from_mins(1)),
            ..state(1)
        };
        next_visit(&state, 1, None, pace(HOUR), now()).rfc3339()
    };
    assert_eq!(due(hints(&[13, 14], &[])), "2026-03-01T15:00:00Z");
    assert_eq!(due(hints(&[], &[6])), "2026-03-02T00:00:00Z");
    assert_eq!(due(hints(&[0], &[6])), "2026-03-02T01:00:00Z");
    assert_eq!(
        due(hints(&[], &[0, 1, 2, 3, 4, 6])),
        "2026-03-07T00:00:00Z",
        "only Saturdays are left"
    );
    let all_but_one: Vec<u8> = (0..23).collect();
    assert_eq!(due(hints(&all_but_one, &[0, 1, 2, 3, 4, 6])), "2026-03-07T23:00:00Z");
    let all: Vec<u8> = (0..24).collect();
    assert_eq!(
        due(hints(&all, &[])),
        due(hints(&[], &[])),
        "a feed that skips all hours skips none"
    );
    assert!(is_skipped(now(), &hints(&[12], &[])) && is_skipped(now(), &hints(&[], &[6])));
    assert!(!is_skipped(now(), &hints(&[11, 13], &[0])) && !is_skipped(now(), &hints(&all, &[])));
}

#[test]
fn a_late_run_respects_skipped_hours_too() {
    let mut late = state(1);
    late.last_visit = Some(now() - DAY);
    late.next_visit = Some(now() - HOUR);
    assert!(is_due(&late, now()));
    late.hints.skip_hours = vec![12];
    assert!(!is_due(&late, now()) && is_due(&late, now() + HOUR));
    late.last_visit = None;
    assert!(is_due(&late, now()), "a new source is visited at once");
}

#[test]
fn a_clock_that_was_set_back_makes_sources_due() {
    let mut ahead = state(1);
    ahead.last_visit = Some(now() + DAY * 900);
    ahead.next_visit = Some(now() + DAY * 901);
    assert!(is_due(&ahead, now()));
    ahead.last_visit = Some(now());
    assert!(!is_due(&ahead, now()));
    ahead.last_visit = None;
    assert!(is_due(&ahead, now()), "deferred before its first visit");
}

/// Lets a source with this pace fail from its first visit until `outage` is over, with a run every ten minutes. Returns when it was visited.
fn visits_of_an_outage(number: usize, reason: FailureReason, pace: Pace, outage: Duration) -> Vec<Duration> {
    let mut state = state(number);
    let (start, mut visits) = (now(), Vec::new());
    for run in 0..400 {
        let at = start + Duration::from_mins(10) * run;
        if run > 0 && !is_due(&state, at) {
            continue;
        }
        visits.push(at.since(start));
        let is_over = at.since(start) >= outage;
        state.reason = (!is_over).then_some(reason);
        health::count_visit(&mut state, is_over, at);
        if is_over {
            break;
        }
        state.next_visit = Some(next_visit(&state, 1, None, pace, at));
    }
    visits
}

#[test]
fn a_failure_is_seen_when_it_has_lasted_warn_after() {
    for reason in FailureReason::all() {
        for number in 0..50 {
            for warn_after in [DAY, HOUR * 5, HOUR * 36] {
                let pace = Pace { warn_after, ..pace(HOUR) };
                let visits = visits_of_an_outage(number, reason, pace, warn_after + HOUR * 2);
                let is_seen = |visit: &Duration| *visit >= warn_after && *visit < warn_after + HOUR * 2;
                assert!(visits.iter().any(is_seen), "{reason}: {visits:?}");
                let gaps = visits.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
                assert!(gaps.min() >= Some(Duration::from_mins(50)), "never sooner than `every`: {visits:?}");
                assert!(visits.len() < 12, "no more than one visit is added: {visits:?}");
            }
        }
    }
}

#[test]
fn what_a_server_asked_for_comes_before_the_report() {
    let mut failing = failed(FailureReason::Throttled, 3);
    failing.failing_since = Some(now() - HOUR * 20);
    let until = now() + HOUR * 9;
    assert_eq!(next_visit(&failing, 1, Some(until), pace(HOUR), now()), until);
    assert_eq!(
        next_visit(&failing, 1, None, pace(HOUR), now()),
        now() + HOUR * 4,
        "else it is visited for the report"
    );
    failing.failing_since = Some(now() - HOUR * 23 - Duration::from_mins(50));
    let soon = next_visit(&failing, 1, None, pace(HOUR), now()).since(now());
    assert!(soon >= Duration::from_mins(57) && soon <= HOUR, "{soon:?}");
}

#[test]
fn max_every_bounds_the_learned_wait_and_not_the_requested_one() {
    for number in 0..100 {
        let mut quiet = state(number);
        quiet.wait = Some(DAY);
        let short = Pace {
            max_every: HOUR * 6,
            ..pace(HOUR)
        };
        let of = |state: &SourceState, pace| next_visit(state, 1, None, pace, now()).since(now());
        assert!((HOUR * 9 / 2..=HOUR * 6).contains(&of(&quiet, short)), "{:?}", of(&quiet, short));
        quiet.wait = Some(DAY * 7);
        let long = Pace {
            max_every: DAY * 7,
            ..pace(HOUR)
        };
        assert!(of(&quiet, long) > DAY * 5 && of(&quiet, long) <= DAY * 7);
        let contradictory = Pace {
            max_every: HOUR,
            ..pace(HOUR * 3)
        };
        assert!(
            of(&quiet, contradictory) + Duration::from_mins(3) >= HOUR * 3,
            "`every` comes first"
        );
        quiet.max_age = Some(HOUR * 12);
        assert!(of(&quiet, short) >= HOUR * 12 && of(&quiet, short) <= DAY);
    }
}

fn any_state() -> impl Strategy<Value = SourceState> {
    let duration = || proptest::option::of((0_u64..40_000_000).prop_map(Duration::from_secs));
    let reason = proptest::option::of(proptest::sample::select(FailureReason::all().collect::<Vec<_>>()));
    let health = proptest::sample::select(SourceHealth::ALL.to_vec());
    let skips = (proptest::collection::vec(0_u8..24, 0..24), proptest::collection::vec(0_u8..7, 0..7));
    let times = (0_u32..100, 0_u64..10_000_000);
    (0_usize..1_000, duration(), duration(), duration(), reason, health, skips, times).prop_map(
        |(number, max_age, ttl, wait, reason, health, (skip_hours, skip_days), (failures, since))| SourceState {
            max_age,
            hints: RefreshHints {
                ttl,
                skip_hours,
                skip_days,
                ..RefreshHints::default()
            },
            wait,
            reason,
            health,
            failures,
            failing_since: reason.map(|_| now() - Duration::from_secs(since)),
            ..state(number)
        },
    )
}

proptest! {
    #[test]
    fn every_wait_has_a_minimum_and_a_maximum(state in any_state(), every in 60_u64..200_000, addresses in 0_usize..9) {
        let every = Duration::from_secs(every);
        let next = next_visit(&state, addresses, None, pace(every), now());
        let wait = next.since(now());
        prop_assert!(wait + Duration::from_secs(MAX_SLACK_SECONDS) >= every, "never sooner than `every`, except for the slack");
        let is_dead = state.reason.is_some() && is_dead(&state, now());
        let cap = every.max(if is_dead { DEAD_INTERVAL } else { DAY });
        // The cap, a quarter of jitter, and the week that skipped days may take.
        prop_assert!(wait <= cap + cap / 4 + DAY * 7, "{wait:?}");
        prop_assert!(!is_skipped(next, &state.hints));
    }

    #[test]
    fn a_requested_interval_up_to_a_day_is_kept(state in any_state(), every in 60_u64..20_000) {
        let state = SourceState { reason: None, ..state };
        let requested = requested_interval(&state).min(DAY);
        let every = Duration::from_secs(every);
        let wait = next_visit(&state, 1, None, pace(every), now()).since(now());
        prop_assert!(wait >= requested || wait + Duration::from_secs(MAX_SLACK_SECONDS) >= every.max(requested));
    }

    #[test]
    fn more_failures_never_mean_a_shorter_wait(number in 0_usize..13, few in 1_u32..60, more in 0_u32..60) {
        let reason = FailureReason::all().nth(number).expect("a reason");
        let (few, many) = (wait(&failed(reason, few), HOUR), wait(&failed(reason, few + more), HOUR));
        prop_assert!(many >= few);
    }

    #[test]
    fn retry_after_is_kept_whatever_else_is_known(state in any_state(), seconds in 0_u64..86_400) {
        let until = now() + Duration::from_secs(seconds);
        prop_assert!(next_visit(&state, 1, Some(until), pace(HOUR), now()) >= until);
    }
}
