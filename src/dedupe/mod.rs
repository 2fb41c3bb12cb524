//! Dedupe: which entry repeats another's text, which story an entry joins, and which entry leads. Pure and in memory.
//!
//! Whoever leads a run fills an [`Index`] with what the store remembers ([`Index::remember`]) and then places new entries one by one, in the
//! order of (time, source, guid). The same entries in the same order give the same decisions on every machine. Identity within
//! one source is no business of this module: the store's ladder of keys decides that.

mod copies;
mod fingerprint;
mod index;
mod lead;
mod stories;
mod table;

pub use fingerprint::Fingerprint;
pub use index::Index;
pub use lead::{LeadCandidate, lead};

use crate::model::{CanonicalUrl, EntryId, SourceId, StoryId, Timestamp};
use std::time::Duration;

/// An entry to place, as far as dedupe looks at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// The publisher's id as given.
    pub guid: Option<String>,
    /// The canonical form of its link.
    pub canonical: Option<CanonicalUrl>,
    /// The headline, plain.
    pub title: String,
    /// Its date for people.
    pub date: Timestamp,
    /// The run in which it was first seen.
    pub first_seen: Timestamp,
    /// Whether it may be merged with entries of other sources (`dedupe` of its source).
    pub merge: bool,
    /// What its texts are compared by.
    pub fingerprint: Fingerprint,
}

/// An entry that was placed in an earlier run, with what was decided then.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// The entry.
    pub candidate: Candidate,
    /// The original it repeats.
    pub copy_of: Option<EntryId>,
    /// Its story.
    pub story: StoryId,
    /// When that story was founded.
    pub founded: Timestamp,
}

/// By what a copy was known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CopyBasis {
    /// Another source has an entry with the same permanent guid and the same title.
    Guid,
    /// Another source has an entry with the same canonical URL.
    Url,
    /// Another source has an entry that shares its text.
    Text {
        /// The share of the shorter text's shingles that the other has too, from 0 to 1.
        containment: f32,
    },
}

/// Where an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The original whose text it repeats; never itself a copy.
    pub copy_of: Option<EntryId>,
    /// By what that was known; given exactly when `copy_of` is.
    pub basis: Option<CopyBasis>,
    /// The story it joins or founds.
    pub story: StoryId,
    /// Whether it founds that story.
    pub founded: bool,
    /// The older story that a founded one goes on from.
    pub earlier: Option<StoryId>,
}

/// The constants of dedupe. The defaults were chosen on edited news articles and on reports of known events.
#[derive(Debug, Clone, PartialEq)]
pub struct DedupePolicy {
    /// An entry is a copy when it shares this part of the shorter text's shingles. Default 0.5.
    pub containment: f32,
    /// The part that is enough when at least `long_shared` shingles are shared. Default 0.3.
    pub long_containment: f32,
    /// At least so many shingles must be shared, however short the texts are. Default 8.
    pub least_shared: u32,
    /// How many shared shingles make `long_containment` enough: a run of 18 words, or several shorter ones. Default 16.
    pub long_shared: u32,
    /// Shingles that more documents hold are boilerplate and are not looked at. Default 60.
    pub boilerplate: usize,
    /// Copies are sought among entries first seen within this time. Fill the index with these. Default 30 days.
    pub memory: Duration,
    /// A story takes entries for this time after its founding, and of dates that are no further from its founder's. Default 72 hours.
    pub story_window: Duration,
    /// For so long after its founding a story can be the "Earlier" of a new one. Default 14 days.
    pub earlier_window: Duration,
    /// The cosine with a story's centroid from which an entry joins. Default 0.25.
    pub cosine: f32,
}

impl Default for DedupePolicy {
    fn default() -> Self {
        const HOUR: u64 = 3600;
        Self {
            containment: 0.5,
            long_containment: 0.3,
            least_shared: 8,
            long_shared: 16,
            boilerplate: 60,
            memory: Duration::from_secs(30 * 24 * HOUR),
            story_window: Duration::from_secs(72 * HOUR),
            earlier_window: Duration::from_secs(14 * 24 * HOUR),
            cosine: 0.25,
        }
    }
}

#[cfg(test)]
mod tests;
