//! What the store answers where no noun of the model fits.

use crate::model::{CanonicalUrl, CleanHtml, Digest128, Entry, EntryId, Mark, Placement, Published, SourceId, Story, StoryId, Timestamp};

/// A composed entry without its texts: what dedupe needs to fill its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedEntry {
    /// Its identity.
    pub id: EntryId,
    /// The source that told it.
    pub source: SourceId,
    /// The publisher's id as given.
    pub guid: Option<String>,
    /// The canonical form of its link.
    pub canonical: Option<CanonicalUrl>,
    /// The headline, plain.
    pub title: String,
    /// The entry's date, as [`Entry::date`] gives it.
    pub date: Timestamp,
    /// When the publisher says it appeared.
    pub published: Option<Timestamp>,
    /// The run in which we first saw it.
    pub first_seen: Timestamp,
    /// The entry whose text it repeats.
    pub copy_of: Option<EntryId>,
    /// The story it belongs to.
    pub story: StoryId,
    /// When that story was founded; its own `first_seen` where the story is not stored.
    pub founded: Timestamp,
    /// What dedupe compares, in its own encoding.
    pub fingerprint: Vec<u8>,
}

/// What an entry said before its publisher changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The entry.
    pub entry: EntryId,
    /// Its number, counted up from 1 for each entry.
    pub number: u32,
    /// When we saw that this was no longer what the publisher says.
    pub seen: Timestamp,
    /// The former headline.
    pub title: String,
    /// The former summary.
    pub summary: Option<CleanHtml>,
    /// The former full text.
    pub content: Option<CleanHtml>,
    /// The digest of the former content.
    pub content_hash: Digest128,
}

/// A defect that was seen at a source's last visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceProblem {
    /// The source.
    pub source: SourceId,
    /// A short stable code.
    pub code: String,
    /// The defect in words.
    pub detail: String,
    /// When it was seen.
    pub at: Timestamp,
}

/// The size of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// The table's name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// How many bytes it and its indexes take.
    pub bytes: u64,
}

/// The store in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Sources that are configured now.
    pub sources: u64,
    /// Entries.
    pub entries: u64,
    /// Entries that repeat no other: each stands for one group of copies.
    pub copy_groups: u64,
    /// Articles.
    pub articles: u64,
    /// Stories.
    pub stories: u64,
    /// Placements.
    pub placements: u64,
    /// The size of the database in bytes, without its write-ahead log.
    pub bytes: u64,
    /// Every table, by name.
    pub tables: Vec<TableSize>,
}

/// One line of the canonical dump.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportRow {
    /// An entry with its keys.
    Entry(Box<Entry>),
    /// A former content of an entry.
    Revision(Revision),
    /// A story.
    Story(Story),
    /// A placement.
    Placement(Placement),
    /// What a topic feed has told.
    Published(Published),
    /// A mark by hand.
    Mark(Mark),
}
