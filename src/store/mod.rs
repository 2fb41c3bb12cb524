//! The database behind one interface in terms of the domain. Tables and SQL are in `sqlite/`; no rule about entries, stories or topics is
//! decided here.
//!
//! [`database_file`] names the file of a database, locks it and opens it; a [`Store`] knows no path and no lock.
//!
//! Every call blocks: async code has to make it on a thread for blocking work. Each [`Store`] starts one thread that writes, one transaction
//! for each call; reading never waits for it. Clones of a [`Store`] share that thread.

mod archive_queries;
pub mod database_file;
mod dedupe_queries;
mod deliveries;
mod error;
mod lock;
mod maintenance;
mod maintenance_records;
mod published_checks;
mod queries;
mod reading_lists;
mod rebuild;
mod records;
mod retention;
mod search;
mod search_records;
mod source_activity;
mod source_life;
mod source_records;
mod sqlite;
mod withdrawal_queries;

pub use error::StoreError;
pub use lock::{LockError, RunLock};
pub use maintenance_records::{CopyReport, Damage};
pub use rebuild::{RebuildReport, RebuildStep};
pub use records::{
    ComparedEntry, ComposedEntry, ConfiguredSource, DatedEntry, EntryRow, EntryTexts, EntryWords, ExportRow, ListedEntry, Revision,
    SourceLife, SourceProblem, Stats, StoryEntry, TopicStamp,
};
pub use retention::{PrunePolicy, PruneReport};
pub use search_records::{SearchDocument, SearchIndexState, SearchPage, SearchResult, UnindexedEntry};
pub use source_records::{ActivityLimits, LatestEntry, SharedReport, SourceActivity};

use crate::model::{Changes, MarkEvent, RunSummary, Timestamp};
use sqlite::Database;
use std::sync::Arc;

/// An open database; [`database_file::DatabaseFile`] opens it.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl Store {
    fn new(database: Database) -> Self {
        Self {
            database: Arc::new(database),
        }
    }

    /// Returns the id of the database: 32 hexadecimal digits, fixed when it was created.
    #[must_use]
    pub fn database_id(&self) -> &str {
        self.database.id()
    }

    /// Returns the authority of the `tag:` URIs that topic feeds publish.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.database.authority()
    }

    /// Stores all of `changes` or nothing of them, in the order of their fields. Applying them twice has the same result as once: a new entry
    /// that is stored already stays as it is, a revision is stored once, an entry keeps its composition number, and counts of terms are added with
    /// compositions that are new. What belongs to an unknown entry is left out.
    ///
    /// # Errors
    /// When the database is locked, full or damaged; then nothing was stored.
    pub fn apply(&self, changes: Changes) -> Result<(), StoreError> {
        self.database.write(move |connection| sqlite::apply::apply(connection, &changes))
    }

    /// Stores the beginning of a run; returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_run(&self, now: Timestamp) -> Result<i64, StoreError> {
        self.database.write(move |connection| sqlite::run::begin(connection, now))
    }

    /// Stores the end of run `id` and its figures.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_run(&self, id: i64, now: Timestamp, summary: &RunSummary) -> Result<(), StoreError> {
        let summary = summary.clone();
        self.database
            .write(move |connection| sqlite::run::end(connection, id, now, &summary))
    }

    /// Marks exactly `sources` as configured. The entries of others stay, but those sources are never due.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sync_sources(&self, sources: &[ConfiguredSource]) -> Result<(), StoreError> {
        let sources = sources.to_vec();
        self.database.write(move |connection| sqlite::source::sync(connection, &sources))
    }

    /// Sets every stored time after `now` to `now`: it was written while the clock was wrong. The sources that were visited then are due, and their
    /// documents unknown, so that what was dropped by its age comes again. Returns the number of changed values.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn repair_future_times(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.database.write(move |connection| sqlite::repair::future_times(connection, now))
    }

    /// Stores what an editor did, and has the stories that it concerns evaluated again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn add_mark(&self, event: MarkEvent) -> Result<(), StoreError> {
        self.database.write(move |connection| sqlite::mark::add(connection, &event))
    }

    /// Deletes a bounded number of rows that `policy` does not keep at `now`, in one transaction; the report tells whether any are left. The keys of
    /// entries become tombstones, so that documents do not bring them back. What was published is never forgotten.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing was deleted.
    pub fn prune(&self, policy: &PrunePolicy, now: Timestamp) -> Result<PruneReport, StoreError> {
        let policy = policy.clone();
        self.database
            .write(move |connection| sqlite::prune::prune(connection, &policy, now))
    }

    /// Derives again what follows from the compositions, in one transaction for each step; the report tells what this step has derived.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing of this step was stored.
    pub fn rebuild(&self, step: RebuildStep) -> Result<RebuildReport, StoreError> {
        self.database.write(move |connection| sqlite::rebuild::rebuild(connection, step))
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
