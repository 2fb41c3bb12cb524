//! Health: how a source is doing, in one word, and what of that is worth telling.

use super::{DAY, cadence};
use crate::model::{FailureReason, SourceEvent, SourceHealth, SourceState, Timestamp};

/// How many of the last visits tell whether a source comes and goes.
const LOOKED_AT: u32 = 10;
/// So many of them have to be bad, and so many good.
const EACH: u32 = 3;

/// Notes in `state` that a visit at `now` has ended, well or not: the counts and the bits of its history.
pub fn count_visit(state: &mut SourceState, good: bool, now: Timestamp) {
    state.last_visit = Some(now);
    state.visits = state.visits.saturating_add(1);
    state.recent = state.recent << 1 | u32::from(!good);
    if good {
        state.last_success = Some(now);
        state.failures = 0;
        state.failing_since = None;
    } else {
        state.failed_visits = state.failed_visits.saturating_add(1);
        state.failures = state.failures.saturating_add(1);
        // A moment that lies ahead was written by a clock that has since been set back.
        state.failing_since = Some(state.failing_since.map_or(now, |since| since.min(now)));
    }
}

/// Returns how the source of `state` is doing after the visit at `now` that `state` already tells of; `before` is why the visit before
/// that failed, if it did.
#[must_use]
pub fn judge(state: &SourceState, before: Option<FailureReason>, now: Timestamp) -> SourceHealth {
    match state.reason {
        Some(FailureReason::Gone) if is_confirmed(state, before, now) => SourceHealth::Gone,
        Some(FailureReason::Blocked) => SourceHealth::Blocked,
        Some(FailureReason::Throttled) => SourceHealth::Throttled,
        Some(_) if comes_and_goes(state) && state.failures <= EACH => SourceHealth::Flaky,
        Some(_) => SourceHealth::Failing,
        None if state.last_visit.is_none() => SourceHealth::New,
        None if state.cadence.is_some_and(|cadence| cadence::is_silent(&cadence, now)) => SourceHealth::Silent,
        None if state.moved.as_ref().is_some_and(|moved| moved.adopted) => SourceHealth::Moved,
        None if comes_and_goes(state) => SourceHealth::Flaky,
        None => SourceHealth::Ok,
    }
}

/// One 410 may be a slip of the server; a second one in a row, of a source that has failed for half a day, is not.
fn is_confirmed(state: &SourceState, before: Option<FailureReason>, now: Timestamp) -> bool {
    let again = before == Some(FailureReason::Gone);
    state.health == SourceHealth::Gone || (again && state.failing_since.is_some_and(|since| since + DAY / 2 <= now))
}

fn comes_and_goes(state: &SourceState) -> bool {
    let looked_at = u32::try_from(state.visits).unwrap_or(u32::MAX).min(LOOKED_AT);
    let bad = (state.recent & ((1 << LOOKED_AT) - 1)).count_ones();
    bad >= EACH && looked_at.saturating_sub(bad) >= EACH
}

/// Gives `state` its health at `now` and says whether that is a change: then since when, and an event. That a new source answers
/// is no event.
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
    use crate::model::{Cadence, Move, SourceId};
    use std::time::Duration;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + hours * 3600)
    }

    fn new() -> SourceState {
        SourceState::new(SourceId::new("a").expect("a slug"))
    }

    /// Visits once an hour: `.` is a good visit, other letters are failures; returns the state and its words.
    fn after(visits: &str) -> (SourceState, Vec<&'static str>) {
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
            let health = judge(&state, before, at(hour));
            record_health(&mut state, health, at(hour));
            words.push(health.as_str());
        }
        (state, words)
    }

    #[test]
    fn words_follow_the_visits() {
        assert_eq!(judge(&new(), None, at(0)), SourceHealth::New);
        assert_eq!(after(".x.").1, ["ok", "failing", "ok"]);
        assert_eq!(after("bt").1, ["blocked", "throttled"]);
        assert_eq!(after(".x.x.x.").1, ["ok", "failing", "ok", "failing", "ok", "flaky", "flaky"]);
        assert_eq!(after("...xxxxx").1.last(), Some(&"failing"), "it only went");
        let long = format!("x.x.x.{}", ".".repeat(12));
        assert_eq!(after(&long).1.last(), Some(&"ok"), "old failures are forgotten");
    }

    #[test]
    fn gone_has_to_be_said_twice_with_half_a_day_between() {
        assert_eq!(after("gg").1, ["failing", "failing"]);
        let (state, words) = after(&"g".repeat(14));
        assert_eq!(words[12..], ["gone", "gone"]);
        assert_eq!(state.since, Some(at(12)));
        let late = format!("{}g", "x".repeat(40));
        assert_eq!(after(&late).1.last(), Some(&"failing"), "other failures do not confirm it");
        assert_eq!(after(&format!("{late}g")).1.last(), Some(&"gone"));
    }

    #[test]
    fn a_source_that_answers_may_be_silent_or_have_moved() {
        let (mut state, _) = after(".");
        state.moved = Some(Move {
            from: "http://a.example.org/".into(),
            to: "https://a.example.org/".into(),
            since: at(0),
            visits: 2,
            adopted: true,
        });
        assert_eq!(judge(&state, None, at(0)), SourceHealth::Moved);
        state.cadence = Some(Cadence {
            usual_gap: Some(Duration::from_hours(1)),
            newest: Some(at(-100)),
            ..Cadence::default()
        });
        assert_eq!(judge(&state, None, at(0)), SourceHealth::Silent);
    }

    #[test]
    fn visits_are_counted_and_changes_told_once() {
        let (state, _) = after(".xx.");
        assert_eq!((state.visits, state.failed_visits, state.recent, state.failures), (4, 2, 0b0110, 0));
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
