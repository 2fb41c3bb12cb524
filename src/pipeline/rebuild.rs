//! Derives the stories again from the stored compositions, in the order in which these were made. Which topics the stories belong to is evaluated by the
//! next run; what was published stays.

use crate::store::{RebuildReport, RebuildStep, Store, StoreError};

/// Does every step, each in a transaction of its own; returns what was derived, and how much of it differed.
///
/// # Errors
/// [`StoreError`] when the store fails; then it may be repeated.
pub fn rebuild(store: &Store) -> Result<RebuildReport, StoreError> {
    let mut report = RebuildReport::default();
    for step in RebuildStep::ALL {
        report.add(&store.rebuild(step)?);
    }
    tracing::info!(
        entries = report.entries,
        stories = report.stories,
        changed_entries = report.changed_entries,
        changed_stories = report.changed_stories,
        "rebuilt"
    );
    Ok(report)
}
