//! What [`Store::rebuild`](super::Store::rebuild) derives again, step by step, and what it reports.

/// A step of a rebuild, which is one transaction. Each may be repeated; a rebuild that was interrupted begins with the first one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildStep {
    /// The story of each entry, and the original that it is a copy of: those of its last composition.
    Entries,
    /// The stories: when each was founded, and the earlier story. One whose lead is not in it is led by its founder.
    Stories,
    /// Every story is to be evaluated again.
    Evaluation,
    /// Dedupe's index and what was learned for it are deleted, and fingerprints are stale: the next runs make them again.
    Index,
}

impl RebuildStep {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::Entries, Self::Stories, Self::Evaluation, Self::Index];
}

/// What was derived, and how much of it differed from what was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RebuildReport {
    /// The number of entries that have compositions.
    pub entries: u64,
    /// How many of them were stored in another story, or as a copy of another entry.
    pub changed_entries: u64,
    /// The number of stories.
    pub stories: u64,
    /// How many stories were missing, had no entry, or were stored with another date, earlier story or lead.
    pub changed_stories: u64,
}

impl RebuildReport {
    /// Adds what another step has derived.
    pub fn add(&mut self, other: &Self) {
        self.entries += other.entries;
        self.changed_entries += other.changed_entries;
        self.stories += other.stories;
        self.changed_stories += other.changed_stories;
    }
}
