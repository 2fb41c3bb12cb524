//! A placement: a story in a topic, with the reasons.

use super::id::{EntryId, SourceId, StoryId, TopicId};
use super::time::Timestamp;

/// One reason for a placement: a clause of the rule and the words that matched it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The clause as written in feeds.toml, such as `@sahel` or `junta`.
    pub clause: String,
    /// The field that matched: `title`, `summary`, `body` or another field's name.
    pub field: String,
    /// The matched words, as they are in the text.
    pub words: String,
    /// The number of each of them among the words of its field.
    pub positions: Vec<u32>,
}

/// A story in a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The topic.
    pub topic: TopicId,
    /// The story.
    pub story: StoryId,
    /// The matching entry that is shown.
    pub entry: EntryId,
    /// The score; higher is better.
    pub score: f64,
    /// The reasons.
    pub reasons: Vec<Reason>,
    /// When the story was placed.
    pub placed: Timestamp,
    /// The date of the entry that is shown, as [`super::Entry::date`] returns it.
    pub date: Timestamp,
    /// The source of the entry that is shown.
    pub source: SourceId,
    /// Words of the shown entry that count for nothing, since they belong to a longer name, as in `Niger State`; folded.
    pub masked: Vec<String>,
    /// The first digits of the digest of the rule by which it was evaluated.
    pub rule: String,
    /// Whether it waits for an editor's approval, and is published nowhere.
    pub waits: bool,
    /// Whether an entry brought the story into the topic; false when only a change of the rule did.
    pub is_news: bool,
}
