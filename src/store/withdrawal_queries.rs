//! The queries about entries that their publishers may have taken back.

use super::records::ListedEntry;
use super::sqlite::withdrawal;
use super::{Store, StoreError};
use crate::model::{EntryId, SourceId, SuspectedPage, Timestamp, Withdrawal};

impl Store {
    /// Returns what is known of these entries, of those that may have been taken back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn withdrawals(&self, entries: &[EntryId]) -> Result<Vec<Withdrawal>, StoreError> {
        self.database.read(|connection| withdrawal::by_entries(connection, entries))
    }

    /// Returns what is known of the entries of a source that may have been taken back, in the order in which they were stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn withdrawals_of_source(&self, source: &SourceId) -> Result<Vec<Withdrawal>, StoreError> {
        self.database.read(|connection| withdrawal::by_source(connection, source))
    }

    /// Returns at most `limit` pages of such entries that are to be asked for at `now`, the longest due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn suspected_pages(&self, now: Timestamp, limit: usize) -> Result<Vec<SuspectedPage>, StoreError> {
        self.database.read(|connection| withdrawal::due(connection, now, limit))
    }

    /// Returns the newest entries of a source, some hundred at most, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_entries(&self, source: &SourceId) -> Result<Vec<ListedEntry>, StoreError> {
        self.database.read(|connection| withdrawal::newest_entries(connection, source))
    }
}
