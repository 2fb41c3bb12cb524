//! The queries for the pages of sources. Each sees one consistent state of the database and waits for no writer.

use super::Store;
use super::error::StoreError;
use super::source_records::{ActivityLimits, SourceActivity};
use super::sqlite::{run, source_activity};
use crate::model::{SourceId, Timestamp};

impl Store {
    /// Returns every source, configured or not, by id, each with how often something has changed that its page tells: its entries, their stories and marks, and
    /// whether topics show these. Reads no entry.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_changes(&self) -> Result<Vec<(SourceId, u64)>, StoreError> {
        self.database.read(source_activity::changes)
    }

    /// Returns what a source has told lately, reckoned from its newest composed entry.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_activity(&self, source: &SourceId, limits: ActivityLimits) -> Result<SourceActivity, StoreError> {
        self.database
            .read(|connection| source_activity::activity(connection, source, limits))
    }

    /// Returns when each run since `since` began, with the number of its visits to sources that ended, and of those among them that failed, by time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn visit_counts(&self, since: Timestamp) -> Result<Vec<(Timestamp, u64, u64)>, StoreError> {
        self.database.read(|connection| run::visit_counts(connection, since))
    }
}
