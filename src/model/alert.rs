//! An alert: so many independent sources told one story within a short time.

use super::id::{StoryId, TopicId};
use super::time::Timestamp;

/// An alert that a topic has raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The topic.
    pub topic: TopicId,
    /// The story.
    pub story: StoryId,
    /// When it was raised.
    pub at: Timestamp,
    /// The owners whose sources told the story, in alphabetical order.
    pub owners: Vec<String>,
    /// The number of independent sources that had told the story by then, those of unknown owners included.
    pub sources: usize,
    /// The title of the story's lead.
    pub title: String,
    /// When it was handed to those who want to know, also where there is nobody; `None` until then.
    pub sent: Option<Timestamp>,
}
