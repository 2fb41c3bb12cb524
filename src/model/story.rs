//! A story: all entries on one event; one leads, the first founded it.

use super::digest::Digest128;
use super::id::{EntryId, StoryId, TopicId};
use super::time::Timestamp;

/// All entries on one event. Which entries those are stands with the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its identity: its founder's.
    pub id: StoryId,
    /// The entry that stands for it.
    pub lead: EntryId,
    /// When it was founded: its founder's `first_seen`.
    pub founded: Timestamp,
    /// The older story that this one goes on from, linked as "Earlier".
    pub earlier: Option<StoryId>,
}

/// What a topic feed has told its subscribers about a story. Memory: nothing ever drops it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The guid in the feed, a `tag:` URI (RFC 4151).
    pub guid: String,
    /// The topic feed.
    pub topic: TopicId,
    /// The story.
    pub story: StoryId,
    /// The entry whose link the item keeps, also when a better lead changes its title and body.
    pub linked: EntryId,
    /// When the item first stood in the feed.
    pub first_published: Timestamp,
    /// When its text last really changed.
    pub updated: Timestamp,
    /// The digest of title and body as they were last published.
    pub content_hash: Digest128,
}

/// What a mark by hand does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// Keeps an entry in a topic, whatever its rule says.
    Pin,
    /// Keeps an entry out.
    Hide,
    /// Adds an editor's note.
    Note,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pin, Self::Hide, Self::Note];

    /// Returns the word that people see and the store keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Hide => "hide",
            Self::Note => "note",
        }
    }

    /// Returns the kind that `word` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A mark by hand on an entry, in one topic or in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The entry.
    pub entry: EntryId,
    /// The topic; none means all.
    pub topic: Option<TopicId>,
    /// What it does.
    pub kind: MarkKind,
    /// The note's text.
    pub note: Option<String>,
    /// When it was made.
    pub at: Timestamp,
}
