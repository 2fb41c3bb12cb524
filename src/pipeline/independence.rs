//! Who tells a story independently of the others: sources of one owner count once, copies and aggregators never.

use crate::config::{Source, SourceKind};
use crate::model::SourceId;
use crate::store::StoryEntry;
use crate::text::fold::fold;
use std::collections::BTreeSet;

/// One who tells a story on his own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Teller {
    /// The owner of one or more sources, folded.
    Owner(String),
    /// A source of unknown owner, or one that was removed from the configuration.
    Source(SourceId),
}

/// Returns who told `entry`; `None` for a copy and for an aggregator. `source` is its source, unless that was removed from the configuration.
#[must_use]
pub fn teller(entry: &StoryEntry, source: Option<&Source>) -> Option<Teller> {
    if entry.copy_of.is_some() || source.and_then(|source| source.kind) == Some(SourceKind::Aggregator) {
        return None;
    }
    let owner = source.and_then(|source| source.owner.as_deref()).map(fold);
    let owner = owner.filter(|owner| !owner.trim().is_empty());
    Some(owner.map_or_else(|| Teller::Source(entry.source.clone()), Teller::Owner))
}

/// Returns all who told `entries` independently.
#[must_use]
pub fn tellers<'e, 's>(
    entries: impl IntoIterator<Item = &'e StoryEntry>,
    source: impl Fn(&SourceId) -> Option<&'s Source>,
) -> BTreeSet<Teller> {
    entries
        .into_iter()
        .filter_map(|entry| teller(entry, source(&entry.source)))
        .collect()
}
