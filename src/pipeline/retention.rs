//! What is deleted after which time, and when: `[retention]` says it of entries, the constants here of all else.

use crate::config::Retention;
use crate::dedupe::DEDUPE_WINDOW;
use crate::model::Timestamp;
use crate::store::{PrunePolicy, PruneReport, Store, StoreError};
use std::time::Duration;

/// How long the keys of a purged entry are remembered after the last document that had it.
pub(super) const TOMBSTONE_AGE: Duration = Duration::from_hours(365 * 24);
/// How long a key that several entries of one document had identifies none.
pub(super) const SHARED_KEY_AGE: Duration = Duration::from_hours(30 * 24);
/// How long the records of runs are kept.
const RUN_AGE: Duration = Duration::from_hours(90 * 24);
/// How many of the newest runs are kept, however old they are.
const MIN_RUNS: u32 = 100;
/// How long the state of a host is kept after it has expired.
const HOST_AGE: Duration = Duration::from_hours(30 * 24);

/// Returns what is kept how long.
#[must_use]
pub fn policy(retention: &Retention) -> PrunePolicy {
    PrunePolicy {
        keep: retention.keep,
        keep_min: retention.keep_min,
        fingerprints: DEDUPE_WINDOW,
        tombstones: TOMBSTONE_AGE,
        runs: RUN_AGE,
        runs_min: MIN_RUNS,
        hosts: HOST_AGE,
    }
}

/// Returns whether nothing was pruned yet on the UTC day of `now`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn is_due(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    Ok(store.pruned_day()? != Some(now.unix_day()))
}

/// Deletes what is not kept at `now`, transaction after transaction, as long as `goes_on` returns true; at least one is done, so that a run whose
/// budget is spent by its sources prunes as well.
///
/// # Errors
/// [`StoreError`] when the store fails; what earlier transactions deleted stays deleted.
pub fn prune(store: &Store, retention: &Retention, now: Timestamp, goes_on: impl Fn() -> bool) -> Result<PruneReport, StoreError> {
    let policy = policy(retention);
    let mut report = PruneReport::default();
    while !report.is_done {
        report.add(&store.prune(&policy, now)?);
        if !goes_on() {
            break;
        }
    }
    if !report.rows.is_empty() {
        let rows = |table| report.rows.get(table).copied().unwrap_or_default();
        tracing::info!(entries = rows("entry"), stories = rows("story"), done = report.is_done, "pruned");
    }
    Ok(report)
}
