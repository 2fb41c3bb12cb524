//! The operations on the full-text index.

use super::sqlite::{search_index, search_query};
use super::{SearchDocument, SearchIndexState, SearchPage, SearchResult, Store, StoreError, UnindexedEntry};
use crate::model::SearchQuery;

impl Store {
    /// Returns whether there is a full-text index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search_index_state(&self) -> Result<SearchIndexState, StoreError> {
        self.database.read(search_index::state)
    }

    /// Makes the full-text index when there is none; returns whether it was made. It is empty: [`Store::unindexed_entries`] returns what it is to be
    /// filled with.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn create_search_index(&self) -> Result<bool, StoreError> {
        self.database.write(search_index::create)
    }

    /// Deletes the full-text index when there is one; returns whether there was.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remove_search_index(&self) -> Result<bool, StoreError> {
        self.database.write(search_index::remove)
    }

    /// Returns at most `limit` entries that are to be written to the full-text index: those that have changed since they were, then, when `with_old` is
    /// true, those that never were, the newest first. Fewer, when their words are many. None when there is no index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unindexed_entries(&self, limit: usize, with_old: bool) -> Result<Vec<UnindexedEntry>, StoreError> {
        self.database
            .read(|connection| search_index::unindexed(connection, limit, with_old))
    }

    /// Writes what [`Store::unindexed_entries`] returned to the full-text index, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn index_entries(&self, documents: Vec<SearchDocument>) -> Result<(), StoreError> {
        self.database.write(move |connection| search_index::index(connection, &documents))
    }

    /// Searches the full-text index: the newest [`MAX_RANKED`](super::search_records::MAX_RANKED) matches by their order of arrival, ranked. `None` when there is no index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, query: &SearchQuery, page: SearchPage) -> Result<Option<SearchResult>, StoreError> {
        self.database.read(|connection| search_query::search(connection, query, page))
    }
}
