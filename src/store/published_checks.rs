//! What is known of the published feeds as subscribers find them.

use super::{Store, StoreError, sqlite};
use crate::model::{PublishedCheck, TopicId};

impl Store {
    /// Stores the defects that a check of the published feeds found, in place of the former ones. One that was found before keeps its time.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn replace_published_checks(&self, checks: Vec<PublishedCheck>) -> Result<(), StoreError> {
        self.database
            .write(move |connection| sqlite::published_check::replace(connection, &checks))
    }

    /// Returns the defects that the last check of the published feeds found, by topic and code.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn published_checks(&self) -> Result<Vec<PublishedCheck>, StoreError> {
        self.database.read(sqlite::published_check::all)
    }

    /// Returns whether a topic has ever published an item.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_published(&self, topic: &TopicId) -> Result<bool, StoreError> {
        self.database.read(|connection| sqlite::published::is_any_of(connection, topic))
    }
}
