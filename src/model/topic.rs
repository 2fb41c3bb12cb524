//! A placement: a story in a topic, and why.

use super::id::{EntryId, StoryId, TopicId};
use super::time::Timestamp;

/// One reason for a placement: a clause of the rule and the words that met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The clause as the operator wrote it, such as `@sahel` or `junta`.
    pub clause: String,
    /// Where it was met: `title`, `summary`, `body` or the name of another field.
    pub field: String,
    /// The words of the text that met it, as they stand there.
    pub words: String,
}

/// A story in a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The topic.
    pub topic: TopicId,
    /// The story.
    pub story: StoryId,
    /// The entry that matched and is shown.
    pub entry: EntryId,
    /// How well it matched; higher is better.
    pub score: f64,
    /// Why it is there.
    pub reasons: Vec<Reason>,
    /// When the story was placed.
    pub placed: Timestamp,
}
