//! What dedupe decides about an entry.

use crate::model::{Basis, EntryId, StoryId};

/// The original and the story of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The entry.
    pub entry: EntryId,
    /// The original that it repeats. It is itself a copy only when its own original is too old for the index.
    pub copy_of: Option<EntryId>,
    /// The story it joins or founds.
    pub story: StoryId,
    /// Why.
    pub basis: Basis,
    /// The shared part of the shorter text, from 0 to 1, of a copy by its text; how well it fits its story, of one that joined by its event.
    pub measure: Option<f64>,
    /// The entry that it is most like.
    pub like: Option<EntryId>,
    /// The older story on the same matter, when this entry founds a story.
    pub earlier: Option<StoryId>,
}

impl Decision {
    /// Returns whether the entry founds its story.
    #[must_use]
    pub fn is_founding(&self) -> bool {
        self.basis == Basis::Founded
    }
}
