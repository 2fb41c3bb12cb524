//! What the store tells of a source for its page: no type of the model covers it.

use crate::model::{Agency, EntryId, SourceEvent, SourceId, StoryId, Timestamp, TopicId};
use url::Url;

/// How much of a source's activity is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityLimits {
    /// The dates of its entries of so many days before its newest one.
    pub date_days: u32,
    /// The reports of its stories of so many days before its newest entry, …
    pub story_days: u32,
    /// … of so many entries at most.
    pub story_entries: usize,
    /// Among how many of its newest entries those are looked for that topics show.
    pub latest: usize,
    /// How many of its last events.
    pub events: usize,
}

/// What a source has told lately.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceActivity {
    /// The date of its newest composed entry; none where it has no such entry, and nothing else of its entries.
    pub newest: Option<Timestamp>,
    /// The dates of its entries, the newest first.
    pub dates: Vec<Timestamp>,
    /// Its newest entries that stand in a topic, by date, the newest first.
    pub latest: Vec<LatestEntry>,
    /// From which date on its stories were read.
    pub stories_since: Option<Timestamp>,
    /// The number of its entries in these stories.
    pub story_entries: usize,
    /// The reports of those of these stories that have several, story after story. Reports of other sources count that were seen until its newest entry was.
    pub shared: Vec<SharedReport>,
    /// Its last events, the newest first.
    pub events: Vec<SourceEvent>,
}

/// An entry of a source that stands in a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestEntry {
    /// Its id.
    pub id: EntryId,
    /// Its story.
    pub story: StoryId,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// The entry's date, as [`crate::model::Entry::date`] returns it.
    pub date: Timestamp,
    /// The headline, plain.
    pub title: String,
    /// The URL of its page.
    pub link: Option<Url>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The topics, public or not, that publish its story, its text or the entry itself, each with the id under which.
    pub placements: Vec<(TopicId, StoryId)>,
}

/// A report of a story with several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedReport {
    /// Its id.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// Its story.
    pub story: StoryId,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// The entry's date, as [`crate::model::Entry::date`] returns it.
    pub date: Timestamp,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
}
