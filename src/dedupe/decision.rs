//! What dedupe decides about an entry.

use crate::model::{EntryId, StoryId};

/// The evidence that an entry is a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CopyBasis {
    /// Another source has an entry with the same permanent guid and the same title.
    Guid,
    /// Another source has an entry with the same canonical URL.
    Url,
    /// Another source has an entry that contains its text, or is contained in it.
    Text {
        /// The share of the shorter text's shingles that the other text has as well, from 0 to 1.
        containment: f32,
    },
}

/// The original and the story of an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The original that it repeats; never itself a copy.
    pub copy_of: Option<EntryId>,
    /// The evidence for that; present exactly when `copy_of` is.
    pub basis: Option<CopyBasis>,
    /// The story it joins or founds.
    pub story: StoryId,
    /// Whether it founds that story.
    pub founded: bool,
    /// The older story on the same event, when this entry founds a story.
    pub earlier: Option<StoryId>,
}
