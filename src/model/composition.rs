//! The decisions about entries: whose copy each is, in which story it is, since when and why.

use super::id::{EntryId, SourceId, StoryId};
use super::time::Timestamp;

/// Why an entry is in its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// It founded the story.
    Founded,
    /// Another entry has the same permanent guid, and the same headline or much of the same text.
    Guid,
    /// Another entry has the same canonical URL, and the same headline or much of the same text.
    Url,
    /// Another entry contains its text, or is contained in it.
    Text,
    /// It is the original of entries that were composed before.
    Original,
    /// It tells the event that entries of the story tell.
    Event,
    /// An editor took it out of another story.
    Split,
    /// An editor joined it to the story.
    Join,
}

impl Basis {
    /// Every basis.
    pub const ALL: [Self; 8] = [
        Self::Founded,
        Self::Guid,
        Self::Url,
        Self::Text,
        Self::Original,
        Self::Event,
        Self::Split,
        Self::Join,
    ];

    /// Returns the word under which it is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Guid => "guid",
            Self::Url => "url",
            Self::Text => "text",
            Self::Original => "original",
            Self::Event => "event",
            Self::Split => "split",
            Self::Join => "join",
        }
    }

    /// Returns the basis with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == word)
    }

    /// Whether an editor decided: no run decides otherwise later.
    #[must_use]
    pub const fn is_by_hand(self) -> bool {
        matches!(self, Self::Split | Self::Join)
    }
}

/// A decision about an entry. They are kept as long as the entry: the last one holds, and those before tell how it came about. The order of compositions
/// in [`super::Changes`] becomes the `compose_seq` of their entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// The entry.
    pub entry: EntryId,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// The story that it joined or founded.
    pub story: StoryId,
    /// When: the `now` of the run, or of the editor's command.
    pub at: Timestamp,
    /// Why.
    pub basis: Basis,
    /// How much its text is contained ([`Basis::Text`], from 0 to 1), or how well it fits the story ([`Basis::Event`]).
    pub measure: Option<f64>,
    /// The words that it shares with the entry that it is most like, those first that say most; folded.
    pub words: Vec<String>,
    /// The entry that it is most like.
    pub like: Option<EntryId>,
    /// The older story on the same matter, when it founds a story.
    pub earlier: Option<StoryId>,
}

impl Composition {
    /// Returns the decision that an entry is in `story`, without what tells more of it.
    #[must_use]
    pub const fn new(entry: EntryId, copy_of: Option<EntryId>, story: StoryId, at: Timestamp, basis: Basis) -> Self {
        Self {
            entry,
            copy_of,
            story,
            at,
            basis,
            measure: None,
            words: Vec::new(),
            like: None,
            earlier: None,
        }
    }
}

/// What dedupe compares of an entry, and the hashes by which the entry is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFingerprint {
    /// The entry.
    pub entry: EntryId,
    /// The fingerprint, as `dedupe::Fingerprint::to_bytes` encodes it.
    pub value: Vec<u8>,
    /// The hashes under which the entry is found, each once.
    pub postings: Vec<u32>,
}

/// In how many entries of the last days terms stand, to be added to what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermCounts {
    /// The number of entries.
    pub entries: u32,
    /// In how many of them each term stands, by its hash.
    pub counts: Vec<(u32, u32)>,
}

/// What a source repeats in its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMemory {
    /// The source.
    pub source: SourceId,
    /// As `dedupe::OutletMemory::to_bytes` encodes it.
    pub value: Vec<u8>,
}
