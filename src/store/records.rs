//! Records that only the store returns, and no type of the model covers.

use crate::model::{CanonicalUrl, CleanHtml, Digest128, Entry, EntryId, Mark, Placement, Published, SourceId, Story, StoryId, Timestamp};

/// A composed entry without its texts, from which dedupe's index is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedEntry {
    /// Its id.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// The publisher's id, unchanged.
    pub guid: Option<String>,
    /// The canonical form of its link.
    pub canonical: Option<CanonicalUrl>,
    /// The headline, plain.
    pub title: String,
    /// The entry's date, as [`Entry::date`] returns it.
    pub date: Timestamp,
    /// The publication date that the publisher states.
    pub published: Option<Timestamp>,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// Its story.
    pub story: StoryId,
    /// When that story was founded; the entry's `first_seen` where the story is not stored.
    pub founded: Timestamp,
    /// The fingerprint, as `dedupe::Fingerprint::to_bytes` encodes it.
    pub fingerprint: Vec<u8>,
}

/// The content of an entry before its publisher changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The entry.
    pub entry: EntryId,
    /// Its number, from 1 for each entry.
    pub number: u32,
    /// When the publisher's change was first seen.
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
    /// A description of the defect.
    pub detail: String,
    /// When it was seen.
    pub at: Timestamp,
}

/// The size of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// The table's name.
    pub name: String,
    /// The number of its rows.
    pub rows: u64,
    /// The size of the table and its indexes in bytes.
    pub bytes: u64,
}

/// The numbers of records, and the sizes of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Sources that are configured now.
    pub sources: u64,
    /// Entries.
    pub entries: u64,
    /// Entries that are no copies: the number of groups of copies.
    pub copy_groups: u64,
    /// Articles.
    pub articles: u64,
    /// Stories.
    pub stories: u64,
    /// Placements.
    pub placements: u64,
    /// The size of the database file in bytes, without its write-ahead log.
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
    /// A published item.
    Published(Published),
    /// An editor's mark.
    Mark(Mark),
}
