//! What [`Store::prune`](super::Store::prune) is asked to delete, and what it reports.

use std::collections::BTreeMap;
use std::time::Duration;

/// What is kept how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrunePolicy {
    /// The age of an entry's date beyond which the entry is deleted; changes of a source's health are kept as long.
    pub keep: Duration,
    /// How many of the newest entries of a configured source are kept, however old they are.
    pub keep_min: u32,
    /// The age of an entry's `first_seen` beyond which nothing is compared with the entry any more.
    pub fingerprints: Duration,
    /// How long the tombstones of purged entries are kept after the last document that had one of them.
    pub tombstones: Duration,
    /// How long the records of runs are kept.
    pub runs: Duration,
    /// How many of the newest runs are kept, however old they are.
    pub runs_min: u32,
    /// How long the state of a host is kept after its hold has ended and its robots.txt has expired.
    pub hosts: Duration,
}

/// The rows that were deleted, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PruneReport {
    /// The number of rows of each table that has any, by the table's name.
    pub rows: BTreeMap<&'static str, u64>,
    /// Whether nothing is left to delete.
    pub is_done: bool,
}

impl PruneReport {
    /// Adds the rows of another transaction; `is_done` is that of the later one.
    pub fn add(&mut self, later: &Self) {
        for (table, rows) in &later.rows {
            *self.rows.entry(table).or_default() += rows;
        }
        self.is_done = later.is_done;
    }
}
