//! The windows of dedupe.

use std::time::Duration;

/// How long fingerprints are kept: as long as a story can be linked as the "Earlier" of a new one.
pub const DEDUPE_WINDOW: Duration = Duration::from_hours(14 * 24);

/// The windows of dedupe.
#[derive(Debug, Clone, PartialEq)]
pub struct DedupePolicy {
    /// A shingle that more documents hold is boilerplate and is not compared. Default 60.
    pub max_documents_per_shingle: usize,
    /// An entry can be a copy of entries first seen within this time before it. Default 10 days.
    pub window: Duration,
    /// An entry joins a story at most this long after the founding, and with a date at most this far from the founder's. Default 72 hours.
    pub story_window: Duration,
    /// A story can be linked as the "Earlier" of a new one for this time after its founding. Default [`DEDUPE_WINDOW`].
    pub earlier_window: Duration,
    /// An entry is looked at again for so long after it was first seen. Default 3 hours.
    pub revised: Duration,
    /// A story whose item was published longer ago loses no entry. Default 6 hours.
    pub settled: Duration,
}

impl Default for DedupePolicy {
    fn default() -> Self {
        Self {
            max_documents_per_shingle: 60,
            window: Duration::from_hours(10 * 24),
            story_window: Duration::from_hours(72),
            earlier_window: DEDUPE_WINDOW,
            revised: Duration::from_hours(3),
            settled: Duration::from_hours(6),
        }
    }
}
