//! Lists of feeds on the web that are followed as a whole (reading lists), and their sources.

use super::id::SourceId;
use super::time::Timestamp;

/// What is known of a list of feeds that feeds.toml includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingList {
    /// Its address.
    pub url: String,
    /// The `ETag` of its last answer, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` of its last answer, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// When it was last asked for.
    pub checked: Timestamp,
    /// When it was last read, or found unchanged.
    pub read: Option<Timestamp>,
    /// Since when it has been so much shorter than before that it may be a mistake; its former sources stay meanwhile.
    pub doubted: Option<Timestamp>,
    /// Why it could not be read when it was last asked for.
    pub problem: Option<String>,
    /// The feeds that it has, and those that it had.
    pub sources: Vec<ListedSource>,
}

/// A feed of a reading list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSource {
    /// Its id, for ever.
    pub id: SourceId,
    /// What the list says of it, as JSON.
    pub settings: String,
    /// When it was first found in the list, or found again.
    pub added: Timestamp,
    /// When it was first missing in the list; `None` while it is there.
    pub removed: Option<Timestamp>,
}

impl ReadingList {
    /// Returns a list that was never asked for.
    #[must_use]
    pub fn new(url: &str, now: Timestamp) -> Self {
        Self {
            url: url.to_owned(),
            etag: None,
            last_modified: None,
            checked: now,
            read: None,
            doubted: None,
            problem: None,
            sources: Vec::new(),
        }
    }

    /// Returns the feeds that were added and removed after `since`. What it had when it was first read is no addition.
    #[must_use]
    pub fn changes_since(&self, since: Timestamp) -> (Vec<&ListedSource>, Vec<&ListedSource>) {
        let first = self.sources.iter().map(|source| source.added).min();
        let is_added = |source: &&ListedSource| source.added > since && Some(source.added) != first;
        let added = self.present().filter(is_added).collect();
        let removed = self
            .sources
            .iter()
            .filter(|source| source.removed.is_some_and(|removed| removed > since));
        (added, removed.collect())
    }

    /// Returns the feeds that it has now.
    pub fn present(&self) -> impl Iterator<Item = &ListedSource> {
        self.sources.iter().filter(|source| source.removed.is_none())
    }
}
