//! Records that only the store returns, and no type of the model covers.

use crate::model::{
    About, Agency, Alert, CanonicalUrl, CleanHtml, Digest128, Entry, EntryId, Genre, MarkEvent, Placement, Published, SourceId,
    StoredIdentity, Story, StoryId, Timestamp, TopicId,
};
use url::Url;

/// A source as the configuration last stated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredSource {
    /// Its id.
    pub id: SourceId,
    /// Its published name.
    pub name: String,
    /// The address of its site, where it is published.
    pub site: Option<String>,
    /// The digest of what rules can query of it, and of what selects leads; `None` before schema 3.
    pub facts: Option<Digest128>,
}

/// The place of an entry in the database: no identity, and valid until something is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryRow(pub(super) i64);

/// One of the newest entries of a source, as far as it tells whether an entry has left the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedEntry {
    /// Its id.
    pub id: EntryId,
    /// The entry's date, as [`Entry::date`] returns it.
    pub date: Timestamp,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// The URL of its page.
    pub link: Option<Url>,
    /// Whether it has left its feed before, or is withdrawn.
    pub has_left: bool,
    /// Whether its article is stored.
    pub has_article: bool,
}

/// An entry without its texts, as dedupe compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedEntry {
    /// Its id.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// The publisher's id, unchanged.
    pub guid: Option<String>,
    /// The URL of its page.
    pub link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The entry's date, as [`Entry::date`] returns it.
    pub date: Timestamp,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The fingerprint, as `dedupe::Fingerprint::to_bytes` encodes it; empty when none is stored.
    pub fingerprint: Vec<u8>,
    /// Whether its article is stored.
    pub has_article: bool,
    /// Whether it is composed.
    pub is_composed: bool,
    /// The canonical URL that its page states, as [`crate::model::declared_canonical`] returns it.
    pub declared: Option<CanonicalUrl>,
}

/// A composed entry, with the decision about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedEntry {
    /// The entry.
    pub entry: ComparedEntry,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// Its story.
    pub story: StoryId,
    /// When that story was founded; the entry's `first_seen` where the story is not stored.
    pub founded: Timestamp,
    /// Its place.
    pub row: EntryRow,
    /// Whether an editor put it into its story: no run moves it.
    pub is_by_hand: bool,
}

/// A story, with what decides whether it may still be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStory {
    /// The story.
    pub story: Story,
    /// When it was first published in any topic.
    pub first_published: Option<Timestamp>,
    /// The number of its entries that are no copies.
    pub members: u64,
}

/// An entry of a story without its texts, as rules and the selection of a lead read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryEntry {
    /// Its id.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// The publisher's id, unchanged.
    pub guid: Option<String>,
    /// The URL of its page.
    pub link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The entry's date, as [`Entry::date`] returns it.
    pub date: Timestamp,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// Its story.
    pub story: StoryId,
    /// The number of changes of the entry.
    pub version: u32,
    /// The length of its article's text, else of the feed's, in bytes.
    pub text_length: usize,
    /// The countries that it is about, as it was last evaluated.
    pub about: About,
    /// What kind of text it is, when it reports no event of its own, as it was last evaluated.
    pub genre: Option<Genre>,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
    /// Whether it was fetched from the archive of its source, and so is no news.
    pub is_archived: bool,
}

/// When a topic was last evaluated and rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicStamp {
    /// The topic.
    pub topic: TopicId,
    /// The digest of the rule by which its placements were evaluated.
    pub digest: Digest128,
    /// When its feed last changed.
    pub changed: Timestamp,
    /// The moment as of which its feed was last rendered.
    pub rendered: Option<Timestamp>,
    /// How often what its feed shows has changed.
    pub changes: u64,
}

/// The folded words of an entry, as `text::word_list` encodes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryWords {
    /// Those of the feed's entry.
    pub words: String,
    /// Those of its article.
    pub article_words: Option<String>,
}

/// The texts of an entry as they were published, plain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryTexts {
    /// The headline.
    pub title: String,
    /// The feed's summary.
    pub summary: String,
    /// The feed's full text.
    pub content: String,
    /// The names of the authors.
    pub authors: Vec<String>,
    /// The publisher's categories.
    pub categories: Vec<String>,
    /// The URL of its page.
    pub link: Option<String>,
    /// The article's text.
    pub article: Option<String>,
    /// The categories of the article.
    pub article_categories: Vec<String>,
    /// The names in the byline of its page.
    pub article_authors: Vec<String>,
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
    /// An alert.
    Alert(Alert),
    /// An act of an editor.
    Mark(MarkEvent),
}

/// A stored entry by its title and date, without its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedEntry {
    /// Its date: that of publication, at most `first_seen`.
    pub date: Timestamp,
    /// Its title.
    pub title: String,
    /// The facts by which a draft is found to be changed or unchanged.
    pub identity: StoredIdentity,
}

/// A source that is known, configured or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLife {
    /// Its id.
    pub id: SourceId,
    /// Whether it was configured in the last run.
    pub is_present: bool,
    /// How many entries of it are stored.
    pub entries: u64,
    /// The last visit.
    pub last_visit: Option<Timestamp>,
    /// When the first document came of which something is still stored.
    pub first_document: Option<Timestamp>,
    /// The addresses at which its feed was found.
    pub addresses: Vec<String>,
}
