//! The thresholds and windows of dedupe.

use std::time::Duration;

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
    /// An entry can be a copy of entries first seen within this time before it; the index needs no older ones. Default 30 days.
    pub copy_window: Duration,
    /// An entry joins a story at most this long after the founding, and with a date at most this far from the founder's. Default 72 hours.
    pub story_window: Duration,
    /// How long after its founding a story can be linked as the "Earlier" of a new one. Default 14 days.
    pub earlier_window: Duration,
    /// The minimum cosine with a story's centroid for an entry to join it. Default 0.25.
    pub min_cosine: f32,
}

impl Default for DedupePolicy {
    fn default() -> Self {
        const HOUR: u64 = 3600;
        Self {
            min_containment: 0.5,
            min_long_containment: 0.3,
            min_shared_shingles: 8,
            min_long_shared_shingles: 16,
            max_documents_per_shingle: 60,
            copy_window: Duration::from_secs(30 * 24 * HOUR),
            story_window: Duration::from_secs(72 * HOUR),
            earlier_window: Duration::from_secs(14 * 24 * HOUR),
            min_cosine: 0.25,
        }
    }
}
