//! schedule: when to come back to a source, and where to ask it then. Pure: no clock, no randomness; the moment comes in.
//!
//! It takes values only. Headers are read by `fetch`, a feed's own wishes by `parse`; what is known of a source lies in its
//! [`SourceState`], and every function here makes something of that.
//!
//! - [`next_visit`]: the moment before which a source is not asked again.
//! - [`cadence`]: how often a source tells something new, and what wait that gives.
//! - [`address`]: which of a source's addresses to ask, and when a permanent redirect is believed.
//! - [`health`]: how a source is doing, in one word.

pub mod address;
pub mod cadence;
pub mod health;

use crate::model::digest::fnv1a_64;
use crate::model::{FailureReason, RefreshHints, SourceHealth, SourceId, SourceState, Timestamp};
use std::time::Duration;

/// The longest wait for a source that answers, and for one that fails.
pub const DAY: Duration = Duration::from_hours(24);
/// What is gone or dead is asked once in this time, for ever.
const RARELY: Duration = Duration::from_hours(30 * 24);
/// A source that has failed for so long is dead: nobody hopes for it, but it is not forgotten.
const DEAD: Duration = Duration::from_hours(60 * 24);
/// The most that a visit may come too early.
const MOST_SLACK: u64 = 180;

/// Returns when the source of `state` is to be asked again after a visit at `now`, of which `state` already tells.
///
/// A good visit: `every` is the floor, a day the cap. Between them the longest of these counts:
/// - what the source wishes: `Cache-Control` or `Expires`, `ttl`, `sy:updatePeriod`,
/// - what its rhythm gives ([`cadence::wait`], kept in [`SourceState::wait`]).
///
/// A failed visit: the wait doubles with each failure in a row, from a first wait up to a cap, both by the kind of failure
/// (`back_off`). With several `addresses`, each is tried before the wait doubles.
/// - Gone (410): asked once more after a day to confirm it, then every 30 days. So is what has failed for 60 days: dead, but
///   never for ever.
///
/// `retry_after`, what the server asked for, is always waited for. Hours and days that the feed skips are skipped. At last the
/// moment is moved by a share of the wait that is the source's own (`spread`).
#[must_use]
pub fn next_visit(state: &SourceState, addresses: usize, retry_after: Option<Timestamp>, every: Duration, now: Timestamp) -> Timestamp {
    let wish = wish(state);
    let wait = match state.reason {
        None => every.max(wish.max(state.wait.unwrap_or_default()).min(DAY)),
        Some(_) if rarely(state, now) => every.max(RARELY),
        Some(FailureReason::Gone) => every.max(DAY),
        Some(reason) => back_off(reason, rounds(state.failures, addresses), every),
    };
    let due = now + spread(wait, every.max(wish.min(wait)), every, share(&state.source));
    let due = retry_after.map_or(due, |until| due.max(until));
    outside_skipped(due, &state.hints)
}

/// Whether a source is asked once in 30 days only: its server says that it is gone, and said so at least a day before, or it has
/// failed for 60 days.
fn rarely(state: &SourceState, now: Timestamp) -> bool {
    state.health == SourceHealth::Gone || state.failing_since.is_some_and(|since| since + DEAD <= now)
}

/// Returns the longest wish; zero when there is none.
fn wish(state: &SourceState) -> Duration {
    let wishes = [state.max_age, state.hints.ttl, state.hints.update_period];
    wishes.into_iter().flatten().max().unwrap_or_default()
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
/// | time-out, no connection, broken answer, 5xx, 429, a defect of ours | 1 × | 12 h | it mostly passes by itself, within hours |
/// | no such name, 4xx, no feed, too large | 2 × | 24 h | somebody has to mend it, there or here |
/// | certificate, forbidden address, bot wall, set-up | 4 × | 24 h | asking again soon helps nobody |
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

/// Moves a wait by the source's own `share` of 1,000, so that sources which began together do not stay together.
///
/// - At `every` a source falls due 2 to 5 % early (at most 3 minutes): a cron job that runs each hour must find a source with
///   `every = "1h"` due each time, though it never starts in the same second.
/// - A longer wait gets up to a quarter more. Where that would pass a day, it is cut by up to a quarter instead, but never below
///   `least`: what the server asked for and the operator set.
fn spread(wait: Duration, least: Duration, every: Duration, share: u64) -> Duration {
    let seconds = wait.as_secs();
    if wait <= every {
        let most = (seconds / 20).min(MOST_SLACK);
        let sure = most * 2 / 5;
        return Duration::from_secs(seconds - sure - (most - sure) * share / 1000);
    }
    let part = Duration::from_secs((seconds / 4).saturating_mul(share) / 1000);
    let later = wait.saturating_add(part);
    if later <= DAY || wait > DAY {
        later
    } else {
        wait.saturating_sub(part).max(least)
    }
}

/// Returns a number below 1,000 that is the same for a source at all times and on all machines (FNV-1a).
fn share(source: &SourceId) -> u64 {
    // The low digits of FNV of short names are not mixed well; the upper half is.
    (fnv1a_64(source.as_str().bytes()) >> 32) % 1000
}

/// Returns whether a source may be asked at `now`, skipped hours and days included: a run may come later than it was due.
///
/// A visit in the future tells of a clock that was set back: it counts as one of now, and what was planned from it as due. Who was
/// never visited is due whatever is planned: a run that ended early may have put it off.
#[must_use]
pub fn is_due(state: &SourceState, now: Timestamp) -> bool {
    let planned = state.next_visit.is_none_or(|next| next <= now) || state.last_visit.is_none_or(|last| last > now);
    planned && !(state.last_visit.is_some() && is_skipped(now, &state.hints))
}

/// Moves `due` to the next hour that the feed does not skip. A feed that skips every hour of the week skips none.
#[must_use]
pub fn outside_skipped(due: Timestamp, hints: &RefreshHints) -> Timestamp {
    if !names_hour(due, hints) {
        return due;
    }
    let hour = due.unix().div_euclid(3600);
    let next = (1..=7 * 24).map(|ahead| Timestamp::from_unix((hour + ahead) * 3600));
    next.into_iter().find(|time| !names_hour(*time, hints)).unwrap_or(due)
}

/// Returns whether the feed asks not to be visited at `time` (`skipHours` and `skipDays` of RSS 2.0, in UTC). A feed that skips
/// every hour of the week skips none.
#[must_use]
pub fn is_skipped(time: Timestamp, hints: &RefreshHints) -> bool {
    names_hour(time, hints) && outside_skipped(time, hints) != time
}

fn names_hour(time: Timestamp, hints: &RefreshHints) -> bool {
    let hour = time.unix().div_euclid(3600).rem_euclid(24);
    // 1970-01-01 was a Thursday, and Monday is 0.
    let day = (time.unix().div_euclid(86_400) + 3).rem_euclid(7);
    hints.skip_hours.iter().any(|skipped| i64::from(*skipped) == hour) || hints.skip_days.iter().any(|skipped| i64::from(*skipped) == day)
}

#[cfg(test)]
mod tests;
