//! Which placements a topic feed shows: the newest up to the topic's limit, no source with more than its share, and a burst beyond the limit.

use super::app::App;
use crate::config::Topic;
use crate::model::{Placement, SourceId, StoryId, Timestamp};
use crate::store::StoreError;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Stories that were placed so recently stay in the feed beyond its limit, so that pollers see every item of a burst.
const RECENT_WINDOW: Duration = Duration::from_hours(1);
/// A burst holds at most so many times the topic's limit.
const MAX_BURST_FACTOR: usize = 5;
/// Older entries of other sources are no reason to show less of one source.
const SHARE_WINDOW: Duration = Duration::from_hours(30 * 24);

/// Returns the placements that the feed of `topic` shows as of `moment`, the newest first. `rendered` is when it was rendered last.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn select_placements(app: &App, topic: &Topic, moment: Timestamp, rendered: Option<Timestamp>) -> Result<Vec<Placement>, StoreError> {
    let oldest = topic.keep.map(|keep| moment - keep);
    let is_kept = |placement: &Placement| oldest.is_none_or(|oldest| placement.date >= oldest);
    let mut newest = app.store.newest_placements(&topic.id, topic.limit)?;
    newest.retain(is_kept);
    let mut capped = BTreeSet::new();
    let others_since = oldest.map_or(moment - SHARE_WINDOW, |oldest| oldest.max(moment - SHARE_WINDOW));
    let mut chosen = share(app, topic, newest, others_since, &mut capped)?;
    // What was placed since the last rendering has been in no feed yet, however long ago that was.
    let since = (moment - RECENT_WINDOW).min(rendered.unwrap_or(moment));
    let most = topic.limit.saturating_mul(MAX_BURST_FACTOR);
    let known: BTreeSet<StoryId> = chosen.iter().map(|placement| placement.story).collect();
    let recent = app.store.placements_since(&topic.id, since, most)?;
    let is_more = |placement: &Placement| is_kept(placement) && !known.contains(&placement.story) && !capped.contains(&placement.source);
    chosen.extend(recent.into_iter().filter(is_more));
    sort(&mut chosen);
    chosen.truncate(most);
    Ok(chosen)
}

/// Returns `newest` with the newest of other sources in place of what one source has beyond its share; such sources are added to `capped`. When
/// the others have not enough since `others_since`, the rest of the share is that source's again.
fn share(
    app: &App,
    topic: &Topic,
    newest: Vec<Placement>,
    others_since: Timestamp,
    capped: &mut BTreeSet<SourceId>,
) -> Result<Vec<Placement>, StoreError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a limit is at most 1,000, a share lies between 0 and 1"
    )]
    let cap = ((topic.limit as f64 * topic.max_share).ceil() as usize).max(1);
    if newest.len() < topic.limit {
        return Ok(newest);
    }
    let mut all = newest;
    loop {
        let mut counts: BTreeMap<&SourceId, usize> = BTreeMap::new();
        for placement in &all {
            *counts.entry(&placement.source).or_default() += 1;
        }
        let over: Vec<SourceId> = (counts
            .into_iter()
            .filter(|(source, count)| *count > cap && !capped.contains(*source)))
        .map(|(source, _)| source.clone())
        .collect();
        if over.is_empty() {
            return Ok(all);
        }
        capped.extend(over.iter().cloned());
        // The newest of each capped source up to its share, then the others; what they leave open is filled with the rest in the order of dates.
        let sources: Vec<SourceId> = capped.iter().cloned().collect();
        let others = app
            .store
            .newest_placements_of_others(&topic.id, &sources, others_since, topic.limit)?;
        if others.is_empty() {
            for source in &over {
                capped.remove(source);
            }
            return Ok(all);
        }
        let mut taken: BTreeMap<SourceId, usize> = BTreeMap::new();
        let (mut kept, mut rest) = (Vec::new(), Vec::new());
        for placement in all.into_iter().filter(|placement| capped.contains(&placement.source)) {
            let count = taken.entry(placement.source.clone()).or_default();
            *count += 1;
            if *count <= cap { &mut kept } else { &mut rest }.push(placement);
        }
        let room = topic.limit.saturating_sub(kept.len());
        kept.extend(others.into_iter().take(room));
        let room = topic.limit.saturating_sub(kept.len());
        kept.extend(rest.into_iter().take(room));
        sort(&mut kept);
        all = kept;
    }
}

fn sort(placements: &mut [Placement]) {
    placements.sort_by_key(|placement| Reverse((placement.date, placement.story)));
}

#[cfg(test)]
mod tests;
