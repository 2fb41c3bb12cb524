//! Finds the original that an entry repeats: by its permanent guid, its canonical URL or the text they share. Entries are numbered by
//! slots here; which entry a slot stands for is kept in `index.rs`.

use super::decision::CopyBasis;
use super::entry::DedupeEntry;
use super::fingerprint::Fingerprint;
use super::policy::DedupePolicy;
use super::postings::Postings;
use crate::model::{SourceId, Timestamp};
use crate::text::fold::fold;
use std::collections::HashMap;

/// From this coverage by its original on, a copy's shingles are not indexed: they would find no copy that the original's do not find.
const REDUNDANT_COVERAGE: f32 = 0.9;

/// An indexed entry.
#[derive(Debug)]
struct Document {
    source: SourceId,
    /// The slot of the original; its own slot when it is no copy.
    root: u32,
    first_seen: Timestamp,
    /// The number of shingles in its fingerprint.
    shingle_count: u32,
    /// The fingerprint holds all shingles of the entry up to this hash (bottom-k sketch).
    threshold: u32,
}

/// The entry that an address or a guid identifies.
#[derive(Debug, Clone, Copy, PartialEq)]
enum KeyHolder {
    Single(u32),
    /// One source gave it to several entries, so it identifies none of them.
    Ambiguous,
}

/// The entries that a new entry may be a copy of, indexed by guid, URL and shingles.
#[derive(Debug, Default)]
pub(super) struct CopyIndex {
    documents: Vec<Document>,
    shingles: Postings,
    url_holders: HashMap<String, KeyHolder>,
    guid_holders: HashMap<String, KeyHolder>,
}

impl CopyIndex {
    /// Returns the slot of the original that `entry` repeats, and the evidence for it; `None` when it repeats none.
    pub(super) fn original_of(&self, entry: &DedupeEntry, policy: &DedupePolicy) -> Option<(u32, CopyBasis)> {
        let holder_of = |holders: &HashMap<String, KeyHolder>, key: Option<String>| match holders.get(&key?) {
            Some(KeyHolder::Single(slot)) => self.mergeable_root(*slot, entry, policy),
            _ => None,
        };
        if let Some(root) = holder_of(&self.guid_holders, guid_key(entry)) {
            return Some((root, CopyBasis::Guid));
        }
        if let Some(root) = holder_of(&self.url_holders, url_key(entry)) {
            return Some((root, CopyBasis::Url));
        }
        let (root, containment) = self.best_text_match(entry, policy)?;
        Some((root, CopyBasis::Text { containment }))
    }

    /// Adds `entry` as a copy of the slot `original`, or as an original when that is `None`; returns its slot.
    pub(super) fn insert(&mut self, entry: DedupeEntry, original: Option<u32>, policy: &DedupePolicy) -> u32 {
        // Four billion entries do not fit into memory.
        let slot = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let fingerprint = &entry.fingerprint;
        let covered = original.is_some_and(|original| self.coverage(fingerprint, original, policy) >= REDUNDANT_COVERAGE);
        if !covered {
            for shingle in &fingerprint.shingles {
                self.shingles.add(*shingle, slot, policy.max_documents_per_shingle + 1);
            }
        }
        self.register_keys(slot, &entry);
        self.documents.push(Document {
            root: original.unwrap_or(slot),
            first_seen: entry.first_seen,
            shingle_count: saturating_u32(fingerprint.shingles.len()),
            threshold: threshold(fingerprint),
            source: entry.source,
        });
        slot
    }

    /// Adds the URL and the guid of the slot. One that a source gives to a second entry becomes ambiguous.
    fn register_keys(&mut self, slot: u32, entry: &DedupeEntry) {
        for (holders, key) in [(&mut self.url_holders, url_key(entry)), (&mut self.guid_holders, guid_key(entry))] {
            let Some(key) = key else { continue };
            let documents = &self.documents;
            holders
                .entry(key)
                .and_modify(|holder| match holder {
                    KeyHolder::Single(other) if documents[*other as usize].source == entry.source => *holder = KeyHolder::Ambiguous,
                    _ => {}
                })
                .or_insert(KeyHolder::Single(slot));
        }
    }

    /// Returns the original of `slot` when `entry` may be its copy: their sources differ, and it was first seen within the window.
    fn mergeable_root(&self, slot: u32, entry: &DedupeEntry, policy: &DedupePolicy) -> Option<u32> {
        let document = self.documents.get(slot as usize)?;
        let root = self.documents.get(document.root as usize)?;
        let other_source = document.source != entry.source && root.source != entry.source;
        let recent = entry.first_seen.since(document.first_seen) <= policy.window;
        (other_source && recent).then_some(document.root)
    }

    fn best_text_match(&self, entry: &DedupeEntry, policy: &DedupePolicy) -> Option<(u32, f32)> {
        let fingerprint = &entry.fingerprint;
        let mut distinctive = Vec::with_capacity(fingerprint.shingles.len());
        let mut hits = Vec::new();
        for shingle in &fingerprint.shingles {
            let slots = self.shingles.slots_of(*shingle);
            if slots.len() <= policy.max_documents_per_shingle {
                distinctive.push(*shingle);
                hits.extend_from_slice(slots);
            }
        }
        hits.sort_unstable();
        let mut best: Option<(u32, f32)> = None;
        for run in hits.chunk_by(|one, other| one == other) {
            let (slot, shared) = (run[0], saturating_u32(run.len()));
            if shared < policy.min_shared_shingles {
                continue;
            }
            let Some(root) = self.mergeable_root(slot, entry, policy) else {
                continue;
            };
            let containment = ratio(shared, self.comparable_shingles(&distinctive, threshold(fingerprint), slot));
            let enough = containment >= policy.min_containment
                || (containment >= policy.min_long_containment && shared >= policy.min_long_shared_shingles);
            if enough && best.is_none_or(|(_, most)| containment > most) {
                best = Some((root, containment));
            }
        }
        best
    }

    /// Returns how many shingles the shorter of the two texts has in the range in which both fingerprints are complete.
    fn comparable_shingles(&self, distinctive: &[u32], threshold: u32, slot: u32) -> u32 {
        let document = &self.documents[slot as usize];
        let common = threshold.min(document.threshold);
        let this = saturating_u32(distinctive.partition_point(|shingle| *shingle <= common));
        // Hashes are evenly distributed: this share of the other's shingles lies below the common threshold.
        let other = u64::from(document.shingle_count) * (u64::from(common) + 1) / (u64::from(document.threshold) + 1);
        this.min(u32::try_from(other).unwrap_or(u32::MAX))
    }

    /// Returns the share of the shingles of `fingerprint` under which the slot is indexed, from 0 to 1. Boilerplate counts as indexed.
    fn coverage(&self, fingerprint: &Fingerprint, slot: u32, policy: &DedupePolicy) -> f32 {
        let holds = |shingle: &&u32| {
            let slots = self.shingles.slots_of(**shingle);
            slots.len() > policy.max_documents_per_shingle || slots.contains(&slot)
        };
        ratio(
            saturating_u32(fingerprint.shingles.iter().filter(holds).count()),
            saturating_u32(fingerprint.shingles.len()),
        )
    }
}

/// Returns the key of the entry's URL; none for a home page, which many entries link to.
fn url_key(entry: &DedupeEntry) -> Option<String> {
    let key = entry.canonical.as_ref()?.as_str();
    key.contains(['/', '?']).then(|| key.to_owned())
}

/// Returns the key of a guid that is a URL or a `tag:` or `urn:uuid:` URI, joined with the title; none for other guids, which are unique
/// within their source only.
fn guid_key(entry: &DedupeEntry) -> Option<String> {
    let guid = entry.guid.as_deref()?.trim();
    let permanent = ["http://", "https://", "tag:", "urn:uuid:"]
        .iter()
        .any(|scheme| guid.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let title = fold(&entry.title);
    (permanent && !title.trim().is_empty()).then(|| format!("{guid}\n{}", title.trim()))
}

fn threshold(fingerprint: &Fingerprint) -> u32 {
    if fingerprint.is_complete {
        u32::MAX
    } else {
        fingerprint.shingles.last().copied().unwrap_or(u32::MAX)
    }
}

fn saturating_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Returns `part / whole`, at most 1. Both are numbers of kept shingles, of which a fingerprint holds a few hundred.
fn ratio(part: u32, whole: u32) -> f32 {
    let exact = |number| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    if whole == 0 { 0.0 } else { (exact(part) / exact(whole)).min(1.0) }
}
