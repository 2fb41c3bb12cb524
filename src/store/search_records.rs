//! What is written to the full-text index, and what a search in it returns.

use super::records::EntryWords;
use crate::model::{EntryId, SearchOrder, SearchWords, StoryId};

/// The number of matches that are ranked: of more, the newest.
pub const MAX_RANKED: usize = 10_000;

/// Whether there is a full-text index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchIndexState {
    /// There is none.
    Missing,
    /// Old entries are not all in it yet.
    Partial,
    /// Every entry is in it.
    Complete,
}

/// An entry that is to be written to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnindexedEntry {
    /// Its row.
    pub(super) row: i64,
    /// Its id.
    pub id: EntryId,
    /// Its story.
    pub story: Option<StoryId>,
    /// How often it has changed since it was last written; 0 when it never was.
    pub(super) changes: i64,
    /// Its words; `None` when an earlier version stored it.
    pub words: Option<EntryWords>,
}

/// What the index is to hold of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchDocument {
    /// The row of the entry.
    pub(super) row: i64,
    /// The changes that were known when its words were read.
    pub(super) changes: i64,
    /// Its words; `None` when no search is to find it.
    pub(super) words: Option<SearchWords>,
}

impl SearchDocument {
    /// Returns what the index is to hold of an entry: its words, or nothing.
    #[must_use]
    pub const fn new(entry: &UnindexedEntry, words: Option<SearchWords>) -> Self {
        Self {
            row: entry.row,
            changes: entry.changes,
            words,
        }
    }
}

/// The part of a search's results that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchPage {
    /// The order of the results.
    pub order: SearchOrder,
    /// How many of the first results are left out.
    pub offset: usize,
    /// How many are returned at most.
    pub limit: usize,
}

/// An entry that a search found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchMatch {
    /// The entry.
    pub entry: EntryId,
    /// How well it matches, above 0 where words were searched for; comparable within one search only.
    pub score: f64,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchResult {
    /// The entries of the page, in order.
    pub matches: Vec<SearchMatch>,
    /// The number of entries that were ranked.
    pub total: usize,
    /// Whether more entries match, which are older than those that were ranked.
    pub has_more: bool,
}
