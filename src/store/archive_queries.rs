//! The queries about the archives of topics.

use super::sqlite::{archive, placement};
use super::{Store, StoreError};
use crate::model::{ArchivePage, Placement, TopicId};

impl Store {
    /// Returns the pages of a topic's archive in their order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn archive_pages(&self, topic: &TopicId) -> Result<Vec<ArchivePage>, StoreError> {
        self.database.read(|connection| archive::pages(connection, topic))
    }

    /// Returns the placements of the items on a page of a topic's archive, or of those on none that were published, each with the guid of its item,
    /// the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn archived_placements(&self, topic: &TopicId, page: Option<u32>) -> Result<Vec<(String, Placement)>, StoreError> {
        self.database.read(|connection| placement::on_archive_page(connection, topic, page))
    }
}
