//! What happens to a source as a whole: it leaves the configuration, gets another id, or all that came of it is hidden.

use super::Store;
use super::error::StoreError;
use super::records::SourceLife;
use super::retention::PrunePolicy;
use super::sqlite::source_life;
use crate::model::{MarkEvent, SourceId, Timestamp};

impl Store {
    /// Returns every source that is known, configured or not, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_lives(&self) -> Result<Vec<SourceLife>, StoreError> {
        self.database.read(source_life::lives)
    }

    /// Gives the source `old` the id `new` in one transaction; its entries keep their ids, keys and guids, and so does what was published of them. What came
    /// under `new` meanwhile is added to it, and what came twice is deleted as [`Store::prune`] does. Returns how many entries the source has; `None` when there
    /// is no `old`.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing was changed.
    pub fn rename_source(&self, old: &SourceId, new: &SourceId, policy: &PrunePolicy, now: Timestamp) -> Result<Option<u64>, StoreError> {
        let (old, new, policy) = (old.clone(), new.clone(), policy.clone());
        self.database
            .write(move |connection| source_life::rename(connection, &old, &new, &policy, now))
    }

    /// Adds an event such as `like` to each entry of a source whose last one is of another kind, in one transaction; returns how many entries that were.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing was changed.
    pub fn mark_source(&self, source: &SourceId, like: MarkEvent) -> Result<u64, StoreError> {
        let source = source.clone();
        self.database
            .write(move |connection| source_life::mark_all(connection, &source, &like))
    }
}
