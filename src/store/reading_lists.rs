//! What is known of lists of feeds that feeds.toml includes.

use super::{Store, StoreError, sqlite};
use crate::model::ReadingList;

impl Store {
    /// Returns the lists that were ever asked for, with their sources.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reading_lists(&self) -> Result<Vec<ReadingList>, StoreError> {
        self.database.read(sqlite::reading_list::all)
    }

    /// Stores what is known of a list in place of what was known before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn replace_reading_list(&self, list: ReadingList) -> Result<(), StoreError> {
        self.database
            .write(move |connection| sqlite::reading_list::replace(connection, &list))
    }
}
