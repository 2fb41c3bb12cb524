//! schedule: when to visit a source again, and at which address. Pure: no clock, no randomness; the time is an argument.
//!
//! All functions work on a [`SourceState`], what is known of a source.
//!
//! - [`next_visit`]: when a source is visited again.
//! - [`cadence`]: how often a source publishes, and the wait that follows from it.
//! - [`address`]: which address of a source to request, and when a permanent redirect is adopted.
//! - [`holds`]: which addresses asked to wait.
//! - [`health`]: the condition of a source in one word.
//!
//! Not here: how headers (`fetch`) and the refresh hints of a feed (`parse`) are parsed.

pub mod address;
pub mod cadence;
pub mod health;
pub mod holds;

use crate::model::digest::fnv1a_64;
use crate::model::{FailureReason, RefreshHints, SourceHealth, SourceId, SourceState, Timestamp};
use std::time::Duration;

/// The longest wait that a source can ask for, and the longest for one that fails.
pub const DAY: Duration = Duration::from_hours(24);
/// The interval at which sources that are gone or dead are visited.
const DEAD_INTERVAL: Duration = Duration::from_hours(30 * 24);
/// A source that has failed for so long is dead.
const DEAD_AFTER: Duration = Duration::from_hours(60 * 24);
/// How much earlier than its wait a source may be due.
const MAX_SLACK_SECONDS: u64 = 180;

/// How often the operator wants a source to be visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// It is not visited sooner than this.
    pub every: Duration,
    /// While it answers, it is visited at least so often, unless it asks for less; where `every` is longer, that holds.
    pub max_every: Duration,
    /// How long a failure has lasted when it is reported.
    pub warn_after: Duration,
}

impl Pace {
    /// Returns the longest wait that is learned from a cadence.
    fn longest(&self) -> Duration {
        self.max_every.max(self.every)
    }
}

/// Returns when a source is to be visited again after a visit at `now`, which `state` already includes.
///
/// After a success the wait is at least `every`. Beyond it the longest of these counts:
/// - what the source asks for, up to a day: `Cache-Control` or `Expires`, `ttl`, `sy:updatePeriod`,
/// - what follows from its cadence, up to `max_every` ([`cadence::wait`], kept in [`SourceState::wait`]).
///
/// After a failure the wait doubles with each failure in a row, from a first wait up to a cap, both by the kind of failure
/// (`back_off`). With several `addresses`, each is tried before the wait doubles.
/// - Gone (410): visited once more after a day to confirm it, then every 30 days. So is a source that has failed for 60 days.
/// - A failure is seen when it has lasted `warn_after`: one visit is at that time, so that it is reported although the source may be back before the
///   wait would be over.
///
/// `retry_after`, the time that the server asked for, is always kept, and hours and days that the feed skips are skipped. Jitter spreads
/// the visits (`add_jitter`).
#[must_use]
pub fn next_visit(state: &SourceState, addresses: usize, retry_after: Option<Timestamp>, pace: Pace, now: Timestamp) -> Timestamp {
    let every = pace.every;
    let requested = requested_interval(state).min(DAY);
    let wait = match state.reason {
        None => every.max(requested).max(state.wait.unwrap_or_default().min(pace.longest())),
        Some(_) if is_dead(state, now) => every.max(DEAD_INTERVAL),
        Some(FailureReason::Gone) => every.max(DAY),
        Some(reason) => back_off(reason, rounds(state.failures, addresses), every),
    };
    let longest = if state.reason.is_none() {
        pace.longest().max(requested)
    } else {
        DAY
    };
    let permille = jitter_permille(&state.source);
    let planned = now + add_jitter(wait, every.max(requested.min(wait)), every, longest, permille);
    let soonest = now + add_jitter(every, every, every, longest, permille);
    let due = before_report(state, planned, soonest, pace.warn_after, now);
    let due = retry_after.map_or(due, |until| due.max(until));
    outside_skipped(due, &state.hints)
}

/// Returns `planned`, or the time at which the failure of a source has lasted `warn_after`, if that comes first; never before `soonest`.
fn before_report(state: &SourceState, planned: Timestamp, soonest: Timestamp, warn_after: Duration, now: Timestamp) -> Timestamp {
    let is_failing = state.reason.is_some() && !is_dead(state, now);
    let reported = state.failing_since.filter(|_| is_failing).map(|since| since + warn_after);
    match reported {
        Some(reported) if reported > now => planned.min(reported).max(soonest),
        _ => planned,
    }
}

/// Whether a source is gone, as confirmed by a second 410, or has failed for 60 days.
fn is_dead(state: &SourceState, now: Timestamp) -> bool {
    state.health == SourceHealth::Gone || state.failing_since.is_some_and(|since| since + DEAD_AFTER <= now)
}

/// Returns the longest interval that the source asks for; zero when it asks for none.
fn requested_interval(state: &SourceState) -> Duration {
    let requested = [state.max_age, state.hints.ttl, state.hints.update_period];
    requested.into_iter().flatten().max().unwrap_or_default()
}

/// Returns how often every address has failed.
fn rounds(failures: u32, addresses: usize) -> u32 {
    let addresses = u32::try_from(addresses.max(1)).unwrap_or(u32::MAX);
    failures.div_ceil(addresses).max(1)
}

/// Returns the wait after so many failures in a row: `every` times the first factor of its kind, doubled for each further failure,
/// up to its cap. `every` may be longer than that; a failure never shortens it.
///
/// | kind | first | cap | why |
/// |---|---|---|---|
/// | time-out, no connection, broken answer, 5xx, 429, a defect of griot | 1 × | 12 h | most end by themselves, within hours |
/// | no such name, 4xx, no feed, too large | 2 × | 24 h | the site or the operator has to correct something |
/// | certificate, refused address, anti-bot service, set-up | 4 × | 24 h | an early retry has no chance of success |
fn back_off(reason: FailureReason, rounds: u32, every: Duration) -> Duration {
    use FailureReason as F;
    let (first, cap) = match reason {
        F::Timeout | F::Connect | F::Encoding | F::Protocol | F::Http5xx | F::Throttled | F::Defect => (1, DAY / 2),
        F::Dns | F::Http4xx | F::NotAFeed | F::TooLarge | F::Gone => (2, DAY),
        F::Tls | F::RefusedAddress | F::Blocked | F::Setup => (4, DAY),
    };
    let doubled = 1_u32.checked_shl(rounds - 1).unwrap_or(u32::MAX);
    every.saturating_mul(doubled.saturating_mul(first)).min(cap.max(every))
}

/// Adds the jitter of a source, in thousandths of the largest, so that sources which were added together are not visited together.
///
/// - A wait of `every` becomes 2 to 5 % shorter (at most 3 minutes): a cron job that runs each hour must find a source with
///   `every = "1h"` due each time, though it never starts in the same second.
/// - A longer wait becomes up to a quarter longer. Where that would exceed `longest`, it becomes up to a quarter shorter instead, but never
///   shorter than `least`: what the server asked for and the operator set.
fn add_jitter(wait: Duration, least: Duration, every: Duration, longest: Duration, permille: u64) -> Duration {
    let seconds = wait.as_secs();
    if wait <= every {
        let max_slack = (seconds / 20).min(MAX_SLACK_SECONDS);
        let min_slack = max_slack * 2 / 5;
        return Duration::from_secs(seconds - min_slack - (max_slack - min_slack) * permille / 1000);
    }
    let part = Duration::from_secs((seconds / 4).saturating_mul(permille) / 1000);
    let later = wait.saturating_add(part);
    if later <= longest || wait > longest {
        later
    } else {
        wait.saturating_sub(part).max(least)
    }
}

/// Returns the jitter of a source, below 1,000: the same at all times and on all machines (FNV-1a).
fn jitter_permille(source: &SourceId) -> u64 {
    // FNV mixes the low bits of short names badly, and the upper half well.
    (fnv1a_64(source.as_str().bytes()) >> 32) % 1000
}

/// Returns whether a source is due at `now`, with respect to skipped hours and days: the run may be later than the planned visit.
///
/// A last visit in the future means that the clock was set back: then the source is due. A source that was never visited is due
/// whatever is planned: a run that ended early may have deferred it.
#[must_use]
pub fn is_due(state: &SourceState, now: Timestamp) -> bool {
    let planned = state.next_visit.is_none_or(|next| next <= now) || state.last_visit.is_none_or(|last| last > now);
    planned && !(state.last_visit.is_some() && is_skipped(now, &state.hints))
}

/// Returns `due`, or the next hour that the feed does not skip. A feed that skips every hour of the week skips none.
#[must_use]
pub fn outside_skipped(due: Timestamp, hints: &RefreshHints) -> Timestamp {
    if !is_listed_hour(due, hints) {
        return due;
    }
    let hour = due.unix().div_euclid(3600);
    let next = (1..=7 * 24).map(|ahead| Timestamp::from_unix((hour + ahead) * 3600));
    next.into_iter().find(|time| !is_listed_hour(*time, hints)).unwrap_or(due)
}

/// Returns whether the feed asks to skip `time` (`skipHours` and `skipDays` of RSS 2.0, in UTC). A feed that skips
/// every hour of the week skips none.
#[must_use]
pub fn is_skipped(time: Timestamp, hints: &RefreshHints) -> bool {
    is_listed_hour(time, hints) && outside_skipped(time, hints) != time
}

fn is_listed_hour(time: Timestamp, hints: &RefreshHints) -> bool {
    let hour = time.unix().div_euclid(3600).rem_euclid(24);
    // 1970-01-01 was a Thursday, and Monday is 0.
    let day = (time.unix().div_euclid(86_400) + 3).rem_euclid(7);
    hints.skip_hours.iter().any(|skipped| i64::from(*skipped) == hour) || hints.skip_days.iter().any(|skipped| i64::from(*skipped) == day)
}

#[cfg(test)]
mod tests;
