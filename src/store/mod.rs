//! What we remember, in the words of the domain. How it is kept stays in `sqlite/`; what it means, with whoever asks.
//!
//! Every call blocks: from async code it belongs on a thread for blocking work. Writing happens on one thread that each [`Store`] starts,
//! one transaction for each call; reading never waits for it. [`Store`] is cheap to clone, and the clones share that thread.

mod answer;
mod error;
mod lock;
mod queries;
mod sqlite;

pub use answer::{ComposedEntry, ExportRow, Revision, SourceProblem, Stats};
pub use error::StoreError;
pub use lock::{LockError, RunLock};

use crate::model::{Changes, EntryId, Mark, MarkKind, RunSummary, SourceId, Timestamp, TopicId};
use sqlite::{Database, Tuning};
use std::path::Path;
use std::sync::Arc;

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl Store {
    /// Opens the database at `path`; creates it in its existing folder and brings its schema up to date.
    ///
    /// `authority`, that of the `tag:` URIs (RFC 4151) which topic feeds publish, and `now` are written once, when the database is created.
    ///
    /// # Errors
    /// [`StoreError::NotOurs`] and [`StoreError::NewerSchema`] leave the file untouched; others when it cannot be read or written.
    pub fn open(path: &Path, authority: &str, now: Timestamp) -> Result<Self, StoreError> {
        Self::open_with(path, authority, now, Tuning::default())
    }

    fn open_with(path: &Path, authority: &str, now: Timestamp, tuning: Tuning) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(path, authority, now, tuning)?);
        Ok(Self { database })
    }

    /// Opens an existing database that will only be read; whatever would change it fails with [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none, [`StoreError::OlderSchema`] when it has to be migrated first, and those of
    /// [`Store::open`].
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open_read_only(path, Tuning::default())?);
        Ok(Self { database })
    }

    /// Returns the database's identity: 32 hexadecimal digits that were made when it was created and never change.
    #[must_use]
    pub fn database_id(&self) -> &str {
        self.database.id()
    }

    /// Returns the authority of the `tag:` URIs that topic feeds publish.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.database.authority()
    }

    /// Keeps all of `changes` or nothing of them, in the order of their fields. Applying them again changes nothing more: a new entry that
    /// is known stays as it is, a revision is kept once, an entry keeps its place in the order of composition. What belongs to an entry
    /// that is not known is left out.
    ///
    /// # Errors
    /// When the database is locked, full or damaged; then nothing was kept.
    pub fn apply(&self, changes: Changes) -> Result<(), StoreError> {
        self.database.write(move |connection| sqlite::apply::apply(connection, &changes))
    }

    /// Notes that a run begins, and returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_run(&self, now: Timestamp) -> Result<i64, StoreError> {
        self.database.write(move |connection| sqlite::run::begin(connection, now))
    }

    /// Notes that run `id` has ended, and what it did.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_run(&self, id: i64, now: Timestamp, summary: &RunSummary) -> Result<(), StoreError> {
        let summary = summary.clone();
        self.database
            .write(move |connection| sqlite::run::end(connection, id, now, &summary))
    }

    /// Makes exactly `sources` the configured ones. Those that are configured no longer keep all they told, but are never due.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sync_sources(&self, sources: &[SourceId]) -> Result<(), StoreError> {
        let sources = sources.to_vec();
        self.database.write(move |connection| sqlite::source::sync(connection, &sources))
    }

    /// Adds a mark by hand; it replaces a former one of its kind on the same entry in the same topic.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[cfg_attr(not(test), expect(dead_code, reason = "for `griot pin`, `hide` and `note`"))]
    pub fn add_mark(&self, mark: Mark) -> Result<(), StoreError> {
        self.database.write(move |connection| sqlite::mark::add(connection, &mark))
    }

    /// Takes a mark by hand away, and returns whether it was there. `topic` is the mark's own: none takes only the mark for all topics.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[cfg_attr(not(test), expect(dead_code, reason = "for `griot unpin` and `unhide`"))]
    pub fn remove_mark(&self, entry: EntryId, topic: Option<&TopicId>, kind: MarkKind) -> Result<bool, StoreError> {
        let topic = topic.cloned();
        self.database
            .write(move |connection| sqlite::mark::remove(connection, &entry, topic.as_ref(), kind))
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
