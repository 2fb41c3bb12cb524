//! Recognises the entries of a site that has changed its system: all guids and links are new, and often the texts are cut otherwise. Pure.
//!
//! An entry whose text is the same is found by its own keys (see `ingest`). Of the others nothing but the title and the second of the date is left,
//! which alone prove little: so several entries of one document have to agree.

use super::forms::text_digest;
use super::ingest::Keyed;
use crate::model::{EntryKey, Identity, StoredIdentity, Timestamp};
use crate::store::DatedEntry;
use std::collections::{BTreeMap, BTreeSet};

/// How many entries of a document have to be found by title and date before that is believed of any.
const MIN_MOVED: usize = 3;

/// Returns the dates of the entries of a document that have no key among `known`; none when they are too few for a change of the whole site.
#[must_use]
pub fn unknown_dates(entries: &[Keyed], known: &[(EntryKey, Identity)]) -> Vec<Timestamp> {
    let dates: BTreeSet<Timestamp> = unknown(entries, known).filter_map(Keyed::date).collect();
    if dates.is_empty() || unknown(entries, known).count() < MIN_MOVED {
        return Vec::new();
    }
    dates.into_iter().collect()
}

/// Returns which stored entries the unknown ones of a document are, each with the first key of the entry: those with the same title and the same date,
/// when that holds for three at least, and for half of the unknown ones. `stored` are the entries of the source with these dates.
#[must_use]
pub fn identify(entries: &[Keyed], known: &[(EntryKey, Identity)], stored: &[DatedEntry]) -> Vec<(EntryKey, Identity)> {
    let standing: BTreeSet<_> = known
        .iter()
        .filter_map(|(_, identity)| match identity {
            Identity::Stored(stored) | Identity::Shared(Some(stored)) => Some(stored.id),
            _ => None,
        })
        .collect();
    let mut by_title: BTreeMap<_, Vec<&DatedEntry>> = BTreeMap::new();
    for entry in stored.iter().filter(|entry| !standing.contains(&entry.identity.id)) {
        by_title.entry((entry.date, text_digest(&[&entry.title]))).or_default().push(entry);
    }
    let mut claimed = BTreeSet::new();
    let mut found = Vec::new();
    for keyed in unknown(entries, known).filter(|keyed| !keyed.draft.title.is_empty()) {
        let Some(date) = keyed.date() else { continue };
        // Of several with one title and date it is not known which one it is.
        if let Some([twin]) = by_title.get(&(date, text_digest(&[&keyed.draft.title]))).map(Vec::as_slice)
            && claimed.insert(twin.identity.id)
        {
            // Like an entry of an earlier version: what differs is how the entry was read, and no correction.
            let identity = StoredIdentity {
                facts_hash: None,
                ..twin.identity
            };
            found.push((keyed.keys[0].clone(), Identity::Stored(identity)));
        }
    }
    if found.len() < MIN_MOVED || found.len() * 2 < unknown(entries, known).count() {
        return Vec::new();
    }
    found
}

/// Returns the entries of which no key is known.
fn unknown<'a>(entries: &'a [Keyed], known: &[(EntryKey, Identity)]) -> impl Iterator<Item = &'a Keyed> {
    let keys: BTreeSet<EntryKey> = known.iter().map(|(key, _)| key.clone()).collect();
    entries.iter().filter(move |keyed| !keyed.looked_up().any(|key| keys.contains(key)))
}
