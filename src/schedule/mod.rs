//! schedule: when to come back to a source. Pure: no clock, no randomness; the moment comes in.
//!
//! It takes values only. Headers are read by `fetch`, a feed's own wishes by `parse`.

use crate::model::{RefreshHints, SourceId, Timestamp};
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY: Duration = Duration::from_secs(24 * HOUR);
/// What is gone is asked once more after this time, for ever.
const GONE: Duration = Duration::from_secs(30 * 24 * HOUR);
/// The most that a visit may come too early.
const MOST_SLACK: u64 = 180;

/// How a visit went, as far as it matters for the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visit {
    /// Whether the feed came, or had not changed.
    pub ok: bool,
    /// How many visits in a row have failed, this one included.
    pub failures: u32,
    /// The moment that the server named with `Retry-After`.
    pub retry_after: Option<Timestamp>,
    /// The feed's own wishes.
    pub hints: RefreshHints,
    /// How long the server wants its answer to be kept.
    pub max_age: Option<Duration>,
    /// Whether the server said that the address is gone for good (410).
    pub gone: bool,
    /// Whether an anti-bot service stands in the way.
    pub blocked: bool,
}

/// Returns when `source` is to be asked again after a visit at `now`.
///
/// - `every` is the floor. The longest of `max_age`, `ttl` and `sy:updatePeriod` counts where it is longer, up to 24 hours.
/// - At the floor a source falls due 2 to 5 % early (at most 3 minutes): a cron job that runs each hour must find a source
///   with `every = "1h"` due each time, though it never starts in the same second. Which share of it is the source's own.
/// - A longer wait gets up to 5 % more, so that sources spread, but no wait for a good source is longer than 24 hours.
/// - Failures double the wait: `every`, then 2, 4, 8 … times that, up to 24 hours. There is no "dead for ever".
///   A blocked source starts at four times `every`.
/// - Gone: asked once more after a day to confirm it, then every 30 days.
/// - `retry_after` is always waited for. Hours and days that the feed skips are skipped.
#[must_use]
pub fn next_visit(visit: &Visit, every: Duration, source: &SourceId, now: Timestamp) -> Timestamp {
    let wait = if visit.gone {
        if visit.failures == 1 { every.max(DAY) } else { every.max(GONE) }
    } else if visit.ok {
        every.max(wish(visit).min(DAY))
    } else {
        back_off(visit, every)
    };
    let spread = spread(wait, every, share(source));
    let due = now + spread;
    let due = visit.retry_after.map_or(due, |until| due.max(until));
    outside_skipped(due, &visit.hints)
}

/// Returns the longest wish; zero when there is none.
fn wish(visit: &Visit) -> Duration {
    let wishes = [visit.max_age, visit.hints.ttl, visit.hints.update_period];
    wishes.into_iter().flatten().max().unwrap_or_default()
}

fn back_off(visit: &Visit, every: Duration) -> Duration {
    let step = if visit.blocked {
        visit.failures.saturating_add(2)
    } else {
        visit.failures
    };
    let factor = 1_u32.checked_shl(step.saturating_sub(1)).unwrap_or(u32::MAX);
    // `every` may be longer than a day; a failure never shortens it.
    every.saturating_mul(factor).min(DAY.max(every))
}

/// Moves a wait by the source's own `share` of 1,000: earlier at the floor, later above it.
fn spread(wait: Duration, every: Duration, share: u64) -> Duration {
    let seconds = wait.as_secs();
    if wait <= every {
        let most = (seconds / 20).min(MOST_SLACK);
        let least = most * 2 / 5;
        return Duration::from_secs(seconds - least - (most - least) * share / 1000);
    }
    let later = Duration::from_secs(seconds.saturating_add((seconds / 20).saturating_mul(share) / 1000));
    if wait <= DAY { later.min(DAY.max(every)) } else { later }
}

/// Returns a number below 1,000 that is the same for a source at all times and on all machines (FNV-1a).
fn share(source: &SourceId) -> u64 {
    let hash = source.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The low digits of FNV of short names are not mixed well; the upper half is.
    (hash >> 32) % 1000
}

/// Moves `due` to the next hour that the feed does not skip. A feed that skips every hour of the week skips none.
#[must_use]
pub fn outside_skipped(due: Timestamp, hints: &RefreshHints) -> Timestamp {
    if !is_skipped(due, hints) {
        return due;
    }
    let hour = due.unix().div_euclid(3600);
    let next = (1..=7 * 24).map(|ahead| Timestamp::from_unix((hour + ahead) * 3600));
    next.into_iter().find(|time| !is_skipped(*time, hints)).unwrap_or(due)
}

/// Returns whether the feed asks not to be visited at `time` (`skipHours` and `skipDays` of RSS 2.0, in UTC).
#[must_use]
pub fn is_skipped(time: Timestamp, hints: &RefreshHints) -> bool {
    let hour = time.unix().div_euclid(3600).rem_euclid(24);
    // 1970-01-01 was a Thursday, and Monday is 0.
    let day = (time.unix().div_euclid(86_400) + 3).rem_euclid(7);
    hints.skip_hours.iter().any(|skipped| i64::from(*skipped) == hour) || hints.skip_days.iter().any(|skipped| i64::from(*skipped) == day)
}

#[cfg(test)]
mod tests;
