//! Health: the condition of a source in one word, and the event when it changes.

use super::{DAY, cadence};
use crate::model::{FailureReason, SourceEvent, SourceHealth, SourceState, Timestamp};

/// How many of the last visits decide whether a source is flaky.
const FLAKY_WINDOW_VISITS: u32 = 10;
/// How many of them have to have failed, and how many to have succeeded.
const MIN_OF_EACH: u32 = 3;

/// Updates the counts and the history of `state` after a visit at `now`.
pub fn count_visit(state: &mut SourceState, is_success: bool, now: Timestamp) {
    state.last_visit = Some(now);
    state.visits = state.visits.saturating_add(1);
    state.recent_failures = state.recent_failures << 1 | u32::from(!is_success);
    if is_success {
        state.last_success = Some(now);
        state.failures = 0;
        state.failing_since = None;
    } else {
        state.failed_visits = state.failed_visits.saturating_add(1);
        state.failures = state.failures.saturating_add(1);
        // A time in the future was written by a clock that has since been set back.
        state.failing_since = Some(state.failing_since.map_or(now, |since| since.min(now)));
    }
}

/// Returns the health of a source after the visit at `now` that `state` already includes; `before` is the failure of the visit before that.
#[must_use]
pub fn assess(state: &SourceState, before: Option<FailureReason>, now: Timestamp) -> SourceHealth {
    match state.reason {
        Some(FailureReason::Gone) if is_confirmed(state, before, now) => SourceHealth::Gone,
        Some(FailureReason::Blocked) => SourceHealth::Blocked,
        Some(FailureReason::Throttled) => SourceHealth::Throttled,
        Some(_) if is_flaky(state) && state.failures <= MIN_OF_EACH => SourceHealth::Flaky,
        Some(_) => SourceHealth::Failing,
        None if state.last_visit.is_none() => SourceHealth::New,
        None if state.cadence.is_some_and(|cadence| cadence::is_silent(&cadence, now)) => SourceHealth::Silent,
        None if state.moved.as_ref().is_some_and(|moved| moved.adopted) => SourceHealth::Moved,
        None if is_flaky(state) => SourceHealth::Flaky,
        None => SourceHealth::Ok,
    }
}

/// Whether a 410 is final: a single one may be an error of the server; a second one in a row, of a source that has failed for half a day,
/// is not.
fn is_confirmed(state: &SourceState, before: Option<FailureReason>, now: Timestamp) -> bool {
    let is_repeated = before == Some(FailureReason::Gone);
    state.health == SourceHealth::Gone || (is_repeated && state.failing_since.is_some_and(|since| since + DAY / 2 <= now))
}

fn is_flaky(state: &SourceState) -> bool {
    let visits = u32::try_from(state.visits).unwrap_or(u32::MAX).min(FLAKY_WINDOW_VISITS);
    let failed = (state.recent_failures & ((1 << FLAKY_WINDOW_VISITS) - 1)).count_ones();
    failed >= MIN_OF_EACH && visits.saturating_sub(failed) >= MIN_OF_EACH
}

/// Sets the health of `state` at `now`; returns an event if it has changed. That a new source answers is no event.
pub fn record_health(state: &mut SourceState, health: SourceHealth, now: Timestamp) -> Option<SourceEvent> {
    let before = std::mem::replace(&mut state.health, health);
    if before == health {
        return None;
    }
    state.since = Some(now);
    let event = SourceEvent {
        source: state.source.clone(),
        at: now,
        before,
        after: health,
        reason: state.reason,
        detail: state.detail.clone(),
    };
    (before != SourceHealth::New || health != SourceHealth::Ok).then_some(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cadence, PermanentRedirect, SourceId};
    use std::time::Duration;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + hours * 3600)
    }

    fn new() -> SourceState {
        SourceState::new(SourceId::new("a").expect("a slug"))
    }

    /// Visits once an hour: `.` is a success, letters are failures; returns the state and the health after each visit.
    fn visit_hourly(visits: &str) -> (SourceState, Vec<&'static str>) {
        let mut state = new();
        let mut words = Vec::new();
        for (hour, letter) in (0..).zip(visits.chars()) {
            let before = state.reason;
            state.reason = match letter {
                '.' => None,
                'g' => Some(FailureReason::Gone),
                'b' => Some(FailureReason::Blocked),
                't' => Some(FailureReason::Throttled),
                _ => Some(FailureReason::Timeout),
            };
            count_visit(&mut state, letter == '.', at(hour));
            let health = assess(&state, before, at(hour));
            record_health(&mut state, health, at(hour));
            words.push(health.as_str());
        }
        (state, words)
    }

    #[test]
    fn health_follows_the_visits() {
        assert_eq!(assess(&new(), None, at(0)), SourceHealth::New);
        assert_eq!(visit_hourly(".x.").1, ["ok", "failing", "ok"]);
        assert_eq!(visit_hourly("bt").1, ["blocked", "throttled"]);
        assert_eq!(
            visit_hourly(".x.x.x.").1,
            ["ok", "failing", "ok", "failing", "ok", "flaky", "flaky"]
        );
        assert_eq!(visit_hourly("...xxxxx").1.last(), Some(&"failing"), "the failures are in a row");
        let long = format!("x.x.x.{}", ".".repeat(12));
        assert_eq!(visit_hourly(&long).1.last(), Some(&"ok"), "old failures are outside of the window");
    }

    #[test]
    fn a_410_is_final_after_two_in_half_a_day() {
        assert_eq!(visit_hourly("gg").1, ["failing", "failing"]);
        let (state, words) = visit_hourly(&"g".repeat(14));
        assert_eq!(words[12..], ["gone", "gone"]);
        assert_eq!(state.since, Some(at(12)));
        let late = format!("{}g", "x".repeat(40));
        assert_eq!(visit_hourly(&late).1.last(), Some(&"failing"), "other failures do not confirm it");
        assert_eq!(visit_hourly(&format!("{late}g")).1.last(), Some(&"gone"));
    }

    #[test]
    fn a_source_that_answers_may_be_silent_or_have_moved() {
        let (mut state, _) = visit_hourly(".");
        state.moved = Some(PermanentRedirect {
            from: "http://a.example.org/".into(),
            to: "https://a.example.org/".into(),
            since: at(0),
            visits: 2,
            adopted: true,
        });
        assert_eq!(assess(&state, None, at(0)), SourceHealth::Moved);
        state.cadence = Some(Cadence {
            usual_gap: Some(Duration::from_hours(1)),
            newest: Some(at(-100)),
            ..Cadence::default()
        });
        assert_eq!(assess(&state, None, at(0)), SourceHealth::Silent);
    }

    #[test]
    fn visits_are_counted_and_a_change_gives_one_event() {
        let (state, _) = visit_hourly(".xx.");
        assert_eq!(
            (state.visits, state.failed_visits, state.recent_failures, state.failures),
            (4, 2, 0b0110, 0)
        );
        assert_eq!((state.last_success, state.failing_since), (Some(at(3)), None));
        let mut state = new();
        assert_eq!(record_health(&mut state, SourceHealth::Ok, at(0)), None, "a new source answers");
        state.reason = Some(FailureReason::Dns);
        let event = record_health(&mut state, SourceHealth::Failing, at(1)).expect("an event");
        assert_eq!(
            (event.before, event.after, event.at),
            (SourceHealth::Ok, SourceHealth::Failing, at(1))
        );
        assert_eq!((event.reason, state.since), (Some(FailureReason::Dns), Some(at(1))));
        assert_eq!(record_health(&mut state, SourceHealth::Failing, at(2)), None);
        assert_eq!(state.since, Some(at(1)));
    }

    #[test]
    fn a_clock_set_back_does_not_hide_a_failure() {
        let mut state = new();
        state.failing_since = Some(at(1_000));
        count_visit(&mut state, false, at(5));
        assert_eq!(state.failing_since, Some(at(5)));
    }
}
