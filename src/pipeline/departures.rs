//! Which entries have left their feed. Pure, but for the reading of the store that it is given.
//!
//! An entry has left when all of this holds; what does not hold leaves it where it is:
//! - the document is whole, undamaged, and from the address that gave the one before; a 304 or the same bytes say nothing;
//! - its dated entries stand from the newest to the oldest: in another order, or with an entry pinned above newer ones, a place says nothing;
//! - the entry was first seen within [`RECENT`]; later, and after a longer pause, feeds forget by themselves;
//! - the next older entries that are known, up to three of them, all stand in the document: a feed that is shorter, or moves on, loses its oldest
//!   entries first. When new entries came, at least two older ones: one alone may be pinned at the end;
//! - no more than two entries, or a fifth of those that stand, have left at once: more is a feed that was rebuilt.

use super::ingest::Keyed;
use crate::model::{EntryId, EntryKey, Identity, Problem, Timestamp, Withdrawal, WithdrawalChange};
use crate::store::ListedEntry;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long after it was first seen an entry can be found to have left its feed.
const RECENT: Duration = Duration::from_hours(24);
/// How many older entries have to stand, where so many are known.
const OLDER_ENTRIES: usize = 3;
/// So many older entries are needed when new ones came.
const MIN_OLDER_ENTRIES: usize = 2;
/// So many entries may leave at once, or one in so many that stand.
const MAX_LEAVING: usize = 2;
const LEAVING_SHARE: usize = 5;
/// Problems after which a document may lack entries that its publisher wrote.
const DAMAGE: [&str; 7] = [
    "bare-signs",
    "cut-off",
    "json-broken",
    "too-many-entries",
    "truncated",
    "unclosed",
    "unclosed-cdata",
];

/// What a document says about the entries of its source.
pub struct Listing {
    /// The entries of the store that stand in it.
    pub standing: BTreeSet<EntryId>,
    /// Whether entries stand in it that are not stored.
    pub has_new: bool,
    /// Whether the place of an entry in it says anything, and so its absence.
    pub is_ordered: bool,
}

impl Listing {
    /// Reads the keyed entries of a document in their order; `known` are those of their keys that are stored, and `is_whole` says that it is all of the
    /// document that the last visit got.
    #[must_use]
    pub fn new(entries: &[Keyed], known: &[(EntryKey, Identity)], problems: &[Problem], is_whole: bool) -> Self {
        let stored = known.iter().filter_map(|(_, identity)| match identity {
            Identity::Stored(stored) | Identity::Shared(Some(stored)) => Some(stored.id),
            _ => None,
        });
        let standing: BTreeSet<EntryId> = stored.collect();
        let dates: Vec<Timestamp> = entries.iter().filter_map(Keyed::date).collect();
        let is_damaged = problems.iter().any(|problem| DAMAGE.contains(&problem.code));
        Self {
            has_new: standing.len() < entries.len(),
            standing,
            is_ordered: is_whole && !is_damaged && !dates.is_empty() && dates.is_sorted_by(|newer, older| newer >= older),
        }
    }
}

/// Returns the changes that a document tells: entries that have left, and such as are in it again. `newest` are the newest stored entries of the
/// source by date, `signs` what is known of those that gave a sign before; pages are asked for where `is_asked`.
#[must_use]
pub fn departures(
    listing: &Listing,
    newest: &[ListedEntry],
    signs: &[Withdrawal],
    is_asked: bool,
    now: Timestamp,
) -> Vec<WithdrawalChange> {
    let returned = signs
        .iter()
        .filter(|sign| sign.left_feed.is_some() && listing.standing.contains(&sign.entry))
        .map(|sign| WithdrawalChange::Returned {
            entry: sign.entry,
            at: now,
        });
    let mut changes: Vec<WithdrawalChange> = returned.collect();
    if !listing.is_ordered {
        return changes;
    }
    let stands = |entry: &ListedEntry| listing.standing.contains(&entry.id);
    let Some(oldest) = newest.iter().filter(|entry| stands(entry)).map(|entry| entry.date).min() else {
        return changes;
    };
    let is_absent = |entry: &ListedEntry| !stands(entry) && !entry.has_left;
    let absent: Vec<&ListedEntry> = newest
        .iter()
        .filter(|entry| is_absent(entry) && entry.date > oldest && now.since(entry.first_seen) <= RECENT && entry.first_seen < now)
        .collect();
    if absent.len() > MAX_LEAVING.max(listing.standing.len() / LEAVING_SHARE) {
        return changes;
    }
    for entry in absent {
        let older: Vec<&ListedEntry> = newest
            .iter()
            .filter(|other| other.date < entry.date && !other.has_left)
            .take(OLDER_ENTRIES)
            .collect();
        let needed = if listing.has_new { MIN_OLDER_ENTRIES } else { 1 };
        if older.len() >= needed && older.into_iter().all(stands) {
            changes.push(WithdrawalChange::Left {
                entry: entry.id,
                at: now,
                is_asked: is_asked && entry.link.is_some(),
            });
        }
    }
    changes
}

#[cfg(test)]
mod tests;
