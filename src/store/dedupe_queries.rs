//! The queries by which a run finds what its new entries are compared with: each reads what these entries share with others.

use super::records::{ComposedEntry, EntryRow, EntryWords, KnownStory};
use super::sqlite::{compared, composition, fingerprint, story, term, text};
use super::{Store, StoreError};
use crate::model::{Composition, EntryId, SourceId, StoryId};

impl Store {
    /// Returns the entries that dedupe's index has under each of these hashes, the newest first: of the newest 1,000 at most 16 of one source, and 128
    /// in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn posting_rows(&self, hashes: &[u32]) -> Result<Vec<(u32, Vec<EntryRow>)>, StoreError> {
        self.database.read(|connection| fingerprint::posting_rows(connection, hashes))
    }

    /// Returns the entries in these rows, each once, in the order of their composition; those that are not composed, or have no fingerprint of their
    /// present text, are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn composed_rows(&self, rows: &[EntryRow]) -> Result<Vec<ComposedEntry>, StoreError> {
        self.database.read(|connection| compared::composed_rows(connection, rows))
    }

    /// Returns the entries with these ids as [`Store::composed_rows`] does.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn composed_entries(&self, ids: &[EntryId]) -> Result<Vec<ComposedEntry>, StoreError> {
        self.database.read(|connection| compared::composed_by_ids(connection, ids))
    }

    /// Returns entries of a story that are no copies: the one that founded it, when it is still in it, then the `newest` others with the latest
    /// dates; one less when the founder is among these.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn story_members(&self, story: &StoryId, newest: usize) -> Result<Vec<EntryRow>, StoreError> {
        self.database.read(|connection| compared::story_members(connection, story, newest))
    }

    /// Returns the stories with these ids, in this order, each with when it was first published in any topic, and the number of its entries
    /// that are no copies; unknown ids are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_stories(&self, ids: &[StoryId]) -> Result<Vec<KnownStory>, StoreError> {
        self.database.read(|connection| story::known(connection, ids))
    }

    /// Returns the number of entries in which terms were counted, and in how many of them each of these terms stands; terms that stand in none are
    /// left out. Entries count the less the older they are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn term_frequencies(&self, hashes: &[u32]) -> Result<(u32, Vec<(u32, u32)>), StoreError> {
        self.database.read(|connection| term::frequencies(connection, hashes))
    }

    /// Returns what a source repeats in its entries, as it was stored; `None` when nothing is stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outlet_memory(&self, source: &SourceId) -> Result<Option<Vec<u8>>, StoreError> {
        self.database.read(|connection| term::outlet_memory(connection, source))
    }

    /// Returns the folded words of these entries, in this order; `None` for an unknown entry, and for one that an earlier version stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entry_words(&self, ids: &[EntryId]) -> Result<Vec<Option<EntryWords>>, StoreError> {
        self.database.read(|connection| text::words_of(connection, ids))
    }

    /// Returns at most `limit` composed entries whose fingerprint is not that of their present text, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stale_fingerprints(&self, limit: usize) -> Result<Vec<EntryId>, StoreError> {
        self.database.read(|connection| fingerprint::stale(connection, limit))
    }

    /// Returns the decisions about an entry, the oldest first; the last one holds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn compositions_of(&self, entry: &EntryId) -> Result<Vec<Composition>, StoreError> {
        self.database.read(|connection| composition::by_entry(connection, entry))
    }
}
