//! What entries are compared with: dedupe's index, filled from the store with what they hit, and with nothing else.

use super::app::App;
use crate::dedupe::{DedupeEntry, DedupePolicy, Fingerprint, Index, KnownEntry, KnownStory};
use crate::model::prehashed_map::PrehashedMap;
use crate::model::{EntryId, StoryId, TermCounts, Timestamp, canonical};
use crate::store::{ComparedEntry, ComposedEntry, EntryRow, StoreError};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// An entry is compared with so many others as the possible originals of its text, those with the most hits.
const MAX_ORIGINALS: usize = 8;
/// A long text is looked for by so many shingles; it has at least two of them in common with its original.
const LONG_PROBES: usize = 64;
/// An entry is compared with so many others as possible parts of its story, those that share most; with fewer where many entries are new, so that at
/// most [`MAX_NEIGHBORS_PER_BATCH`] are read.
const MAX_NEIGHBORS: usize = 48;
const MIN_NEIGHBORS: usize = 12;
const MAX_NEIGHBORS_PER_BATCH: usize = 12_000;
/// So many entries of a story are read besides its founder, the newest.
const MAX_MEMBERS: usize = 24;

/// Returns an entry as dedupe compares it.
pub fn dedupe_entry(app: &App, entry: &ComparedEntry, fingerprint: Fingerprint) -> DedupeEntry {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    DedupeEntry {
        mergeable: app.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe),
        owns_link: app.prepared.owns_link(&entry.source, entry.link.as_ref(), entry.guid.as_deref()),
        canonical: entry.link.as_ref().map(canonical),
        declared: entry.declared.clone(),
        id: entry.id,
        source: entry.source.clone(),
        guid: entry.guid.clone(),
        title: entry.title.clone(),
        language: entry.language.as_deref().map(primary),
        date: entry.date,
        first_seen: entry.first_seen,
        fingerprint,
    }
}

/// Returns an index with the entries that may be the originals of `entries` or tell the same event, and with the stories of those.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn with_stories(app: &App, entries: &[DedupeEntry]) -> Result<Index, StoreError> {
    let mut index = Index::new(DedupePolicy::default());
    let mut weighed = BTreeSet::new();
    let fingerprints: Vec<&Fingerprint> = entries.iter().map(|entry| &entry.fingerprint).collect();
    index.add_frequencies(&frequencies(app, &fingerprints, &mut weighed, true)?);
    let mut rows = BTreeSet::new();
    find_originals(app, entries, &mut rows)?;
    find_neighbors(app, &index, entries, &mut rows)?;
    let composed = app.store.composed_rows(&rows.iter().copied().collect::<Vec<_>>())?;
    // A copy names its original; that may be found by nothing that the new entries have.
    let originals: Vec<EntryId> = composed.iter().filter_map(|known| known.copy_of).collect();
    rows.extend(app.store.composed_entries(&originals)?.into_iter().map(|original| original.row));
    let stories: BTreeSet<StoryId> = composed.iter().map(|known| known.story).collect();
    for story in app.store.known_stories(&stories.into_iter().collect::<Vec<_>>())? {
        rows.extend(app.store.story_members(&story.story.id, MAX_MEMBERS)?);
        index.insert_story(&KnownStory {
            id: story.story.id,
            founded: story.story.founded,
            earlier: story.story.earlier,
            first_published: story.first_published,
            members: u32::try_from(story.members).unwrap_or(u32::MAX),
        });
    }
    let known = known_entries(app, &rows)?;
    // Terms weigh before the entries come: an entry is found by those of its terms that say most.
    let fingerprints: Vec<&Fingerprint> = known.iter().map(|known| &known.entry.fingerprint).collect();
    index.add_frequencies(&frequencies(app, &fingerprints, &mut weighed, false)?);
    for known in &known {
        index.insert(known);
    }
    Ok(index)
}

/// Reads the entries with these rows, in the order of their composition.
fn known_entries(app: &App, rows: &BTreeSet<EntryRow>) -> Result<Vec<KnownEntry>, StoreError> {
    let composed = app.store.composed_rows(&rows.iter().copied().collect::<Vec<_>>())?;
    Ok(composed.iter().filter_map(|composed| known_entry(app, composed)).collect())
}

/// Returns an entry of an earlier run as dedupe compares it; none when its fingerprint cannot be read.
fn known_entry(app: &App, composed: &ComposedEntry) -> Option<KnownEntry> {
    let fingerprint = Fingerprint::from_bytes(&composed.entry.fingerprint)?;
    Some(KnownEntry {
        entry: dedupe_entry(app, &composed.entry, fingerprint),
        copy_of: composed.copy_of,
        story: composed.story,
        is_by_hand: composed.is_by_hand,
    })
}

/// Reads in how many entries the terms of these fingerprints stand that were not read before, and the number of entries the first time.
fn frequencies(app: &App, fingerprints: &[&Fingerprint], weighed: &mut BTreeSet<u32>, is_first: bool) -> Result<TermCounts, StoreError> {
    let terms = fingerprints.iter().flat_map(|fingerprint| fingerprint.counted_terms());
    let new: Vec<u32> = terms.filter(|term| weighed.insert(*term)).collect();
    let (entries, counts) = app.store.term_frequencies(&new)?;
    let entries = if is_first { entries } else { 0 };
    Ok(TermCounts { entries, counts })
}

/// Adds the entries to `index` that may be the originals of `entries`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn add_originals(app: &App, index: &mut Index, entries: &[DedupeEntry]) -> Result<(), StoreError> {
    let mut rows = BTreeSet::new();
    find_originals(app, entries, &mut rows)?;
    for known in &known_entries(app, &rows)? {
        index.insert(known);
    }
    Ok(())
}

/// Adds the rows of the entries that may be originals of `entries`.
fn find_originals(app: &App, entries: &[DedupeEntry], rows: &mut BTreeSet<EntryRow>) -> Result<(), StoreError> {
    let probes: Vec<Vec<u32>> = entries.iter().map(Index::copy_probes).collect();
    let found = postings(app, probes.iter().flatten().copied())?;
    for (entry, probes) in entries.iter().zip(&probes) {
        let keys = Index::copy_keys(entry);
        let mut hits: PrehashedMap<EntryRow, usize> = PrehashedMap::default();
        for probe in probes {
            for row in found.get(probe).into_iter().flatten() {
                *hits.entry(*row).or_default() += if keys.contains(probe) { MAX_ORIGINALS } else { 1 };
            }
        }
        let min = if probes.len() > LONG_PROBES { 2 } else { 1 };
        let mut ranked: Vec<(usize, EntryRow)> = hits.into_iter().map(|(row, hits)| (hits, row)).collect();
        ranked.retain(|(hits, _)| *hits >= min);
        ranked.sort_unstable_by_key(|(hits, row)| Reverse((*hits, *row)));
        rows.extend(ranked.into_iter().take(MAX_ORIGINALS).map(|(_, row)| row));
    }
    Ok(())
}

/// Adds the rows of the entries that share most with `entries`.
fn find_neighbors(app: &App, index: &Index, entries: &[DedupeEntry], rows: &mut BTreeSet<EntryRow>) -> Result<(), StoreError> {
    let probes: Vec<Vec<u32>> = entries.iter().map(|entry| index.story_probes(entry)).collect();
    let found = postings(app, probes.iter().flatten().copied())?;
    let count = (MAX_NEIGHBORS_PER_BATCH / entries.len().max(1)).clamp(MIN_NEIGHBORS, MAX_NEIGHBORS);
    for probes in &probes {
        let mut sums: PrehashedMap<EntryRow, f64> = PrehashedMap::default();
        for probe in probes {
            let weight = index.term_weight(*probe);
            for row in found.get(probe).into_iter().flatten() {
                *sums.entry(*row).or_default() += weight;
            }
        }
        let mut ranked: Vec<(f64, EntryRow)> = sums.into_iter().map(|(row, sum)| (sum, row)).collect();
        ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
        rows.extend(ranked.into_iter().take(count).map(|(_, row)| row));
    }
    Ok(())
}

/// Reads the entries that are found under these hashes.
fn postings(app: &App, hashes: impl Iterator<Item = u32>) -> Result<HashMap<u32, Vec<EntryRow>>, StoreError> {
    let hashes: BTreeSet<u32> = hashes.collect();
    let hashes: Vec<u32> = hashes.into_iter().collect();
    Ok(app.store.posting_rows(&hashes)?.into_iter().collect())
}

/// Returns whether an entry was first seen so long ago that nothing is compared with it.
pub fn is_too_old(entry: &ComparedEntry, now: Timestamp) -> bool {
    now.since(entry.first_seen) > DedupePolicy::default().earlier_window
}
