//! The thresholds and windows of dedupe.

use std::time::Duration;

/// The default of [`DedupePolicy::window`], in which entries are read into the index and fingerprints are kept: 10 days.
pub const DEDUPE_WINDOW: Duration = Duration::from_hours(10 * 24);

/// The thresholds and windows of dedupe. The defaults were chosen on edited news articles and on reports of known events.
#[derive(Debug, Clone, PartialEq)]
pub struct DedupePolicy {
    /// The share of the shorter text's shingles from which an entry is a copy. Default 0.5.
    pub min_containment: f32,
    /// The share that suffices when at least `min_long_shared_shingles` shingles are shared. Default 0.3.
    pub min_long_containment: f32,
    /// The minimum number of shared shingles, however short the texts are. Default 8.
    pub min_shared_shingles: u32,
    /// The number of shared shingles from which `min_long_containment` suffices: a run of 18 words, or several shorter runs. Default 16.
    pub min_long_shared_shingles: u32,
    /// A shingle that more documents hold is boilerplate and is not compared. Default 60.
    pub max_documents_per_shingle: usize,
    /// An entry can be a copy of entries first seen within this time before it, and a story can be linked as the "Earlier" of a new one for
    /// this time after its founding. The index needs no older entries. Default [`DEDUPE_WINDOW`].
    pub window: Duration,
    /// An entry joins a story at most this long after the founding, and with a date at most this far from the founder's. Default 72 hours.
    pub story_window: Duration,
    /// The minimum cosine with a story's centroid for an entry to join it. Default 0.25.
    pub min_cosine: f32,
}

impl Default for DedupePolicy {
    fn default() -> Self {
        Self {
            min_containment: 0.5,
            min_long_containment: 0.3,
            min_shared_shingles: 8,
            min_long_shared_shingles: 16,
            max_documents_per_shingle: 60,
            window: DEDUPE_WINDOW,
            story_window: Duration::from_hours(72),
            min_cosine: 0.25,
        }
    }
}
