//! A story: all entries on one event. One of them leads, the first founded it. Also the published items, and editors' marks.

use super::digest::Digest128;
use super::id::{EntryId, StoryId, TopicId};
use super::time::Timestamp;

/// All entries on one event. Its entries name it in [`super::Entry::story`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its id, which is that of its founder.
    pub id: StoryId,
    /// The entry that represents it.
    pub lead: EntryId,
    /// When it was founded: its founder's `first_seen`.
    pub founded: Timestamp,
    /// The older story on the same event, linked as "Earlier".
    pub earlier: Option<StoryId>,
}

/// An item that a topic feed has published. It is never deleted: a published guid must not change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "`first_published` is the term of the database and of JSON feeds"
)]
pub struct Published {
    /// The guid of the item, a `tag:` URI (RFC 4151).
    pub guid: String,
    /// The topic.
    pub topic: TopicId,
    /// The story.
    pub story: StoryId,
    /// The entry whose link the item has; it stays when a better lead changes title and body.
    pub linked: EntryId,
    /// When the item was first published.
    pub first_published: Timestamp,
    /// When its title or body last changed.
    pub updated: Timestamp,
    /// The digest of title and body as they were last published.
    pub content_hash: Digest128,
}

/// The effect of an editor's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// Places an entry in a topic, whatever its rule says.
    Pin,
    /// Removes an entry from a topic.
    Hide,
    /// Adds an editor's note.
    Note,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pin, Self::Hide, Self::Note];

    /// Returns the word under which the kind is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Hide => "hide",
            Self::Note => "note",
        }
    }

    /// Returns the kind with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An editor's mark on an entry, in one topic or in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The entry.
    pub entry: EntryId,
    /// The topic; `None` means all.
    pub topic: Option<TopicId>,
    /// Its effect.
    pub kind: MarkKind,
    /// The note's text.
    pub note: Option<String>,
    /// When it was set.
    pub at: Timestamp,
}
