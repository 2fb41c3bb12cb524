//! What dedupe decides about an entry.

use crate::model::{EntryId, StoryId};

/// The evidence that an entry is a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CopyBasis {
    /// Another source has an entry with the same permanent guid, and the same title or much of the same text.
    Guid,
    /// Another source has an entry with the same canonical URL, and the same title or much of the same text.
    Url,
    /// Another source has an entry that contains its text, or is contained in it.
    Text {
        /// The share of the shorter text's shingles that the other text has as well, from 0 to 1.
        containment: f32,
    },
}

/// The original and the story of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The original that it repeats. It is itself a copy only when its own original is too old for the index.
    pub copy_of: Option<EntryId>,
    /// The evidence for that; present exactly when `copy_of` is.
    pub basis: Option<CopyBasis>,
    /// The story it joins or founds.
    pub story: StoryId,
    /// Whether it founds that story.
    pub founded: bool,
    /// The older story on the same event, when this entry founds a story.
    pub earlier: Option<StoryId>,
    /// The former original and all its copies: this entry is their original from now on, because its source owns the host of its link. Their
    /// story is `story`, and stays.
    pub displaced: Vec<EntryId>,
}

impl Decision {
    /// Returns the decision about an original that founds a story.
    pub(super) fn founding(entry: EntryId) -> Self {
        Self {
            founded: true,
            ..Self::joining(StoryId::from(entry))
        }
    }

    /// Returns the decision about an original that joins a story.
    pub(super) const fn joining(story: StoryId) -> Self {
        Self {
            copy_of: None,
            basis: None,
            story,
            founded: false,
            earlier: None,
            displaced: Vec::new(),
        }
    }
}
