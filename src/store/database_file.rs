//! The file of a database: who may use it (the run lock) and how it is opened. All else of the store is in [`Store`], which knows no path.

use super::Store;
use super::error::StoreError;
use super::lock::{LockError, RunLock};
use super::sqlite::{Database, Tuning};
use crate::model::Timestamp;
use std::fmt;
use std::path::{Path, PathBuf};

/// The texts of the statements that a store has run.
#[cfg(test)]
pub type TracedStatements = std::sync::Arc<std::sync::Mutex<std::collections::BTreeSet<String>>>;

/// The file of a database, which need not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseFile {
    path: PathBuf,
}

impl DatabaseFile {
    /// Names the database at `path`; nothing is read or written.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns its path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether there is a file.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Acquires the run lock without waiting. It belongs to the database, whatever path leads to it.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run holds it, in this process or in another; [`LockError::Io`] when its file cannot be created.
    pub fn lock(&self) -> Result<RunLock, LockError> {
        RunLock::acquire(&self.path)
    }

    /// Acquires the right to deliver what is to be told outside, without waiting: two programs would tell everything twice.
    ///
    /// # Errors
    /// As [`DatabaseFile::lock`].
    pub fn delivery_lock(&self) -> Result<RunLock, LockError> {
        RunLock::acquire_for_deliveries(&self.path)
    }

    /// Opens the database for reading and writing: creates it when its folder exists, and migrates its schema, which only a run may do. `_lock`
    /// shows that no other run is under way; the store may be used after the lock is released.
    ///
    /// `authority`, that of the `tag:` URIs (RFC 4151) which topic feeds publish, and `now` are written once, when the database is created.
    ///
    /// # Errors
    /// [`StoreError::ForeignFile`] and [`StoreError::NewerSchema`] leave the file untouched; others when it cannot be read or written.
    pub fn open(&self, _lock: &RunLock, authority: &str, now: Timestamp) -> Result<Store, StoreError> {
        Ok(Store::new(Database::open(&self.path, authority, now, Tuning::default())?))
    }

    /// Opens an existing database for reading and writing without the run lock. It is neither created nor migrated.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none, [`StoreError::OlderSchema`] when it has to be migrated first, and those of
    /// [`DatabaseFile::open`].
    pub fn open_existing(&self) -> Result<Store, StoreError> {
        Ok(Store::new(Database::open_existing(&self.path, Tuning::default())?))
    }

    /// Opens an existing database as [`Self::open_existing`] does; the text of every statement is added to the list that is returned too.
    #[cfg(test)]
    pub fn open_traced(&self) -> (Store, TracedStatements) {
        let statements = TracedStatements::default();
        let tuning = Tuning {
            statements: Some(std::sync::Arc::clone(&statements)),
            ..Tuning::default()
        };
        let database = Database::open_existing(&self.path, tuning).expect("a database");
        (Store::new(database), statements)
    }

    /// Opens an existing database for reading only; operations that write fail with [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// As [`DatabaseFile::open_existing`].
    pub fn open_read_only(&self) -> Result<Store, StoreError> {
        Ok(Store::new(Database::open_read_only(&self.path, Tuning::default())?))
    }
}

impl fmt::Display for DatabaseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}
