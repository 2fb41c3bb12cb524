//! Derives the stories again from the stored compositions, in the order in which these were made, and makes the full-text index anew. Which topics the stories
//! belong to is evaluated by the next run; what was published stays.

use super::search_index;
use crate::config::Search;
use crate::store::{RebuildReport, RebuildStep, Store, StoreError};

/// Does every step, each in a transaction of its own; returns what was derived, how much of it differed, and how many entries were indexed.
///
/// # Errors
/// [`StoreError`] when the store fails; then it may be repeated.
pub fn rebuild(store: &Store, search: &Search) -> Result<(RebuildReport, u64), StoreError> {
    let mut report = RebuildReport::default();
    for step in RebuildStep::ALL {
        report.add(&store.rebuild(step)?);
    }
    let indexed = search_index::rebuild(store, search)?;
    tracing::info!(
        entries = report.entries,
        stories = report.stories,
        changed_entries = report.changed_entries,
        changed_stories = report.changed_stories,
        indexed,
        "rebuilt"
    );
    Ok((report, indexed))
}
