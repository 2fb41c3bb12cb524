//! A story: all entries on one event. One of them leads, the first founded it. Also the published items, and what editors did.

use super::digest::Digest128;
use super::id::{EntryId, SourceId, StoryId, TopicId};
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
    /// The item for which the guid was made.
    pub founder: StoryId,
    /// The guid of the item into which this one was merged.
    pub alias_of: Option<String>,
    /// The entry whose link the item has; it stays when a better lead changes title and body.
    pub linked: EntryId,
    /// When the item was first published.
    pub first_published: Timestamp,
    /// When its title or body last changed.
    pub updated: Timestamp,
    /// The digest of title and body as they were last published.
    pub content_hash: Digest128,
}

/// A new page of a topic's archive (RFC 5005), with its items for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArchivePage {
    /// The topic.
    pub topic: TopicId,
    /// Its number, from 1.
    pub number: u32,
    /// Whether the next page is made with it.
    pub has_next: bool,
    /// The guids of its items.
    pub guids: Vec<String>,
}

/// A page of a topic's archive, without its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivePage {
    /// Its number, from 1.
    pub number: u32,
    /// Whether the next page was made with it.
    pub has_next: bool,
    /// How often something of its items was hidden, exchanged or shown again.
    pub changes: u64,
    /// The sources whose entries its items showed when it was last written.
    pub sources: Vec<SourceId>,
    /// Whether it has an item to show.
    pub is_filled: bool,
}

/// What an editor did to an entry or a story, or a publisher to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// Places an entry in a topic, whatever its rule says.
    Pin,
    /// Undoes a pin.
    Unpin,
    /// Removes an entry from a topic.
    Hide,
    /// Undoes a hide.
    Unhide,
    /// Sets an editor's note; an empty one removes it.
    Note,
    /// Says that an entry belongs to a topic.
    Yes,
    /// Says that an entry does not belong to a topic.
    No,
    /// Approves an entry for a topic that waits for approval.
    Approve,
    /// Takes an entry out of its story; the note begins with the id of the one in which it is then.
    Split,
    /// Joins an entry to a story, with whose id the note begins.
    Join,
    /// Its publisher took an entry back; the note says by which sign. griot sets it, no editor.
    Withdraw,
    /// Its publisher did not take the entry back after all, or brought it back.
    Restore,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Pin,
        Self::Unpin,
        Self::Hide,
        Self::Unhide,
        Self::Note,
        Self::Yes,
        Self::No,
        Self::Approve,
        Self::Split,
        Self::Join,
        Self::Withdraw,
        Self::Restore,
    ];

    /// Returns the word under which the kind is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Hide => "hide",
            Self::Unhide => "unhide",
            Self::Note => "note",
            Self::Yes => "yes",
            Self::No => "no",
            Self::Approve => "approve",
            Self::Split => "split",
            Self::Join => "join",
            Self::Withdraw => "withdraw",
            Self::Restore => "restore",
        }
    }

    /// Returns the kind with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a mark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkTarget {
    /// One entry.
    Entry(EntryId),
    /// A story, with the entries that it has and will have.
    Story(StoryId),
}

/// One act of an editor, or of a publisher. Events are only added: the state of an entry or a story is what its events result in, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkEvent {
    /// When.
    pub at: Timestamp,
    /// Who: the name of the system's user, or of the page's; empty for a publisher.
    pub editor: String,
    /// What.
    pub kind: MarkKind,
    /// On which entry or story.
    pub target: MarkTarget,
    /// In which topic; `None` means all.
    pub topic: Option<TopicId>,
    /// The text of a note, or what the kind says of it.
    pub note: Option<String>,
}
