//! Copies: finds the original of a text, of an address or of a permanent guid. Knows slots, not entries.

use super::fingerprint::Fingerprint;
use super::table::Postings;
use super::{Candidate, CopyBasis, DedupePolicy};
use crate::model::{SourceId, Timestamp};
use crate::text::fold::fold;
use std::collections::HashMap;

/// A text whose share in its original is below this brings words by which other copies may be found.
const ADDS_LITTLE: f32 = 0.9;

/// What is kept of an entry that may be merged.
#[derive(Debug)]
struct Document {
    source: SourceId,
    /// The slot of the original; its own when it is one.
    root: u32,
    first_seen: Timestamp,
    /// How many shingles are kept of it.
    size: u32,
    /// The shingle up to which all of its shingles are kept.
    ceiling: u32,
}

/// Who has an address or a guid.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Holder {
    One(u32),
    /// One source gave it to several entries, so that it names none of them.
    Several,
}

/// The entries among which copies are sought.
#[derive(Debug, Default)]
pub(super) struct Copies {
    documents: Vec<Document>,
    shingles: Postings,
    urls: HashMap<String, Holder>,
    guids: HashMap<String, Holder>,
}

impl Copies {
    /// Returns the slot of the original that `candidate` repeats, and by what that is known.
    pub(super) fn original_of(&self, candidate: &Candidate, policy: &DedupePolicy) -> Option<(u32, CopyBasis)> {
        let named = |holders: &HashMap<String, Holder>, key: Option<String>| match holders.get(&key?) {
            Some(Holder::One(slot)) => self.admissible(*slot, candidate, policy),
            _ => None,
        };
        if let Some(root) = named(&self.guids, guid_key(candidate)) {
            return Some((root, CopyBasis::Guid));
        }
        if let Some(root) = named(&self.urls, url_key(candidate)) {
            return Some((root, CopyBasis::Url));
        }
        let (root, containment) = self.by_text(candidate, policy)?;
        Some((root, CopyBasis::Text { containment }))
    }

    /// Keeps `candidate` as a copy of the slot `original`, or as an original; returns its slot.
    pub(super) fn keep(&mut self, candidate: Candidate, original: Option<u32>, policy: &DedupePolicy) -> u32 {
        // Four billion entries do not fit into memory.
        let slot = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let print = &candidate.fingerprint;
        let covered = original.is_some_and(|original| self.coverage(print, original, policy) >= ADDS_LITTLE);
        if !covered {
            for shingle in &print.shingles {
                self.shingles.add(*shingle, slot, policy.boilerplate + 1);
            }
        }
        self.name(slot, &candidate);
        self.documents.push(Document {
            root: original.unwrap_or(slot),
            first_seen: candidate.first_seen,
            size: count(print.shingles.len()),
            ceiling: ceiling(print),
            source: candidate.source,
        });
        slot
    }

    /// Notes under which address and guid the slot is known.
    fn name(&mut self, slot: u32, candidate: &Candidate) {
        for (holders, key) in [(&mut self.urls, url_key(candidate)), (&mut self.guids, guid_key(candidate))] {
            let Some(key) = key else { continue };
            let documents = &self.documents;
            holders
                .entry(key)
                .and_modify(|holder| match holder {
                    Holder::One(other) if documents[*other as usize].source == candidate.source => *holder = Holder::Several,
                    _ => {}
                })
                .or_insert(Holder::One(slot));
        }
    }

    /// Returns the root of `slot` when `candidate` may be merged with it: two sources, within the index's memory.
    fn admissible(&self, slot: u32, candidate: &Candidate, policy: &DedupePolicy) -> Option<u32> {
        let document = self.documents.get(slot as usize)?;
        let root = self.documents.get(document.root as usize)?;
        let foreign = document.source != candidate.source && root.source != candidate.source;
        let fresh = candidate.first_seen.since(document.first_seen) <= policy.memory;
        (foreign && fresh).then_some(document.root)
    }

    fn by_text(&self, candidate: &Candidate, policy: &DedupePolicy) -> Option<(u32, f32)> {
        let print = &candidate.fingerprint;
        let mut telling = Vec::with_capacity(print.shingles.len());
        let mut hits = Vec::new();
        for shingle in &print.shingles {
            let slots = self.shingles.of(*shingle);
            if slots.len() <= policy.boilerplate {
                telling.push(*shingle);
                hits.extend_from_slice(slots);
            }
        }
        hits.sort_unstable();
        let mut best: Option<(u32, f32)> = None;
        for run in hits.chunk_by(|one, other| one == other) {
            let (slot, shared) = (run[0], count(run.len()));
            if shared < policy.least_shared {
                continue;
            }
            let Some(root) = self.admissible(slot, candidate, policy) else {
                continue;
            };
            let containment = ratio(shared, self.comparable(&telling, ceiling(print), slot));
            let enough = containment >= policy.containment || (containment >= policy.long_containment && shared >= policy.long_shared);
            if enough && best.is_none_or(|(_, most)| containment > most) {
                best = Some((root, containment));
            }
        }
        best
    }

    /// Returns how many shingles the shorter of the two texts has where both are wholly kept.
    fn comparable(&self, telling: &[u32], ceiling: u32, slot: u32) -> u32 {
        let document = &self.documents[slot as usize];
        let common = ceiling.min(document.ceiling);
        let ours = count(telling.partition_point(|shingle| *shingle <= common));
        // Hashes are evenly spread, so that of the other's shingles this part lies below the common ceiling.
        let theirs = u64::from(document.size) * (u64::from(common) + 1) / (u64::from(document.ceiling) + 1);
        ours.min(u32::try_from(theirs).unwrap_or(u32::MAX))
    }

    /// Returns the part of the shingles of `print` that the slot is known by.
    fn coverage(&self, print: &Fingerprint, slot: u32, policy: &DedupePolicy) -> f32 {
        let holds = |shingle: &&u32| {
            let slots = self.shingles.of(**shingle);
            slots.len() > policy.boilerplate || slots.contains(&slot)
        };
        ratio(count(print.shingles.iter().filter(holds).count()), count(print.shingles.len()))
    }
}

/// Returns the key of an address that names one page; the home page names none.
fn url_key(candidate: &Candidate) -> Option<String> {
    let key = candidate.canonical.as_ref()?.as_str();
    key.contains(['/', '?']).then(|| key.to_owned())
}

/// Returns the key of a guid that is a URL or a `tag:` or `urn:uuid:` URI, joined with the title; other guids mean something only within their source.
fn guid_key(candidate: &Candidate) -> Option<String> {
    let guid = candidate.guid.as_deref()?.trim();
    let permanent = ["http://", "https://", "tag:", "urn:uuid:"]
        .iter()
        .any(|scheme| guid.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let title = fold(&candidate.title);
    (permanent && !title.trim().is_empty()).then(|| format!("{guid}\n{}", title.trim()))
}

fn ceiling(print: &Fingerprint) -> u32 {
    if print.whole {
        u32::MAX
    } else {
        print.shingles.last().copied().unwrap_or(u32::MAX)
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Both are numbers of kept shingles, of which a fingerprint holds a few hundred.
fn ratio(part: u32, whole: u32) -> f32 {
    let exact = |number| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    if whole == 0 { 0.0 } else { (exact(part) / exact(whole)).min(1.0) }
}
