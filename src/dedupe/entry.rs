//! An entry as dedupe sees it.

use super::fingerprint::Fingerprint;
use crate::model::{CanonicalUrl, EntryId, SourceId, StoryId, Timestamp};

/// The facts about an entry that dedupe reads.
#[derive(Debug, Clone, PartialEq)]
pub struct DedupeEntry {
    /// The entry.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// The publisher's id, unchanged.
    pub guid: Option<String>,
    /// The canonical form of its link.
    pub canonical: Option<CanonicalUrl>,
    /// The canonical URL that its page states, where it is another one and makes sense.
    pub declared: Option<CanonicalUrl>,
    /// The headline, plain text.
    pub title: String,
    /// The primary subtag of its language.
    pub language: Option<String>,
    /// Its date, as `Entry::date` returns it.
    pub date: Timestamp,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// Whether it may be merged with other entries (the key `dedupe` of its source).
    pub mergeable: bool,
    /// Whether no other configured source owns the host of its link, nor that of its guid where the guid is a URL.
    pub owns_link: bool,
    /// The fingerprint of its texts.
    pub fingerprint: Fingerprint,
}

/// An entry of an earlier step, with the decision about it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownEntry {
    /// The entry.
    pub entry: DedupeEntry,
    /// The original that it repeats; that may have been composed later.
    pub copy_of: Option<EntryId>,
    /// Its story.
    pub story: StoryId,
    /// Whether an editor put it there.
    pub is_by_hand: bool,
}

/// A story of an earlier step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStory {
    /// Its id.
    pub id: StoryId,
    /// When it was founded: its founder's `first_seen`.
    pub founded: Timestamp,
    /// The older story on the same matter.
    pub earlier: Option<StoryId>,
    /// When an item of it was first published.
    pub first_published: Option<Timestamp>,
    /// How many entries it has that are no copies; more than are known one by one.
    pub members: u32,
}
