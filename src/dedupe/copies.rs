//! Finds the original that an entry repeats: by its permanent guid, its canonical URL or the text they share. Entries are numbered by
//! slots here; which entry a slot stands for is kept in `index.rs`.

use super::decision::CopyBasis;
use super::entry::DedupeEntry;
use super::fingerprint::Fingerprint;
use super::keys::Keys;
use super::policy::DedupePolicy;
use super::postings::{Postings, WordPostings};
use crate::model::prehashed_map::PrehashedSet;
use crate::model::{SourceId, Timestamp};
use std::collections::HashMap;
use std::num::NonZeroU64;

/// From this coverage by the first of its group on, a copy's shingles are not indexed: they would find no copy that the first's do not find.
const REDUNDANT_COVERAGE: f32 = 0.9;
/// The maximum number of entries with the same guid or URL that are compared with a new one; a source has at most two of them.
const MAX_ENTRIES_PER_KEY: usize = 32;

/// How many shingles a report of usual length has.
const USUAL_SHINGLES: usize = 100;

/// An indexed entry.
#[derive(Debug)]
struct Document {
    /// The number of its source.
    source: u32,
    /// The number of its group.
    group: u32,
    first_seen: Timestamp,
    title: Option<NonZeroU64>,
    owns_link: bool,
    /// The slot under which the shingles of its text are found: its own, or the first of its group when its own were redundant.
    indexed_as: u32,
    /// The number of shingles in its fingerprint.
    shingle_count: u32,
    /// The fingerprint holds all shingles of the entry up to this hash (bottom-k sketch).
    threshold: u32,
}

/// An original and its copies.
#[derive(Debug)]
struct Group {
    /// The slot of the original. While that is not in the index, the first entry stands for it.
    original: u32,
    /// The slot of the entry that was indexed first.
    first: u32,
    /// The slots of the others, in order.
    others: Vec<u32>,
    /// The shingles of the first, sorted.
    first_shingles: Box<[u32]>,
}

/// How an entry belongs to a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Membership {
    /// It is the first of a new group.
    Alone,
    /// It is a copy in this group.
    CopyIn(u32),
    /// It is the original of this group; the former original becomes its copy.
    OriginalOf(u32),
}

/// The entries that a new entry may be a copy of, indexed by guid, URL and shingles.
#[derive(Debug, Default)]
pub(super) struct CopyIndex {
    documents: Vec<Document>,
    groups: Vec<Group>,
    shingles: WordPostings,
    url_holders: Postings<u64>,
    guid_holders: Postings<u64>,
    /// The shingles of the entries that will be compared, when they are few: others need not be found.
    wanted: Option<PrehashedSet<u32>>,
    source_numbers: HashMap<SourceId, u32>,
}

/// What is compared of a new entry.
struct Candidate<'e> {
    entry: &'e DedupeEntry,
    keys: &'e Keys,
    /// The number of its source; `None` when the index holds no entry of it.
    source: Option<u32>,
}

impl CopyIndex {
    /// Makes room for so many more entries.
    pub(super) fn reserve(&mut self, entries: usize) {
        self.shingles.reserve(entries.saturating_mul(USUAL_SHINGLES));
    }

    /// Restricts the index to what entries with these shingles are compared by.
    pub(super) fn restrict_to(&mut self, shingles: impl Iterator<Item = u32>) {
        self.wanted = Some(shingles.collect());
    }

    /// Returns the group to which `entry` belongs, and the evidence for it.
    pub(super) fn membership(&self, entry: &DedupeEntry, keys: &Keys, policy: &DedupePolicy) -> (Membership, Option<CopyBasis>) {
        let source = self.source_numbers.get(&entry.source).copied();
        let candidate = Candidate { entry, keys, source };
        let Some((group, basis)) = self.group_of_equal(&candidate, policy) else {
            return (Membership::Alone, None);
        };
        let is_better_original = entry.owns_link && !self.documents[self.original(group) as usize].owns_link;
        if is_better_original {
            (Membership::OriginalOf(group), None)
        } else {
            (Membership::CopyIn(group), Some(basis))
        }
    }

    fn group_of_equal(&self, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<(u32, CopyBasis)> {
        if let Some(group) = self.group_by_key(&self.guid_holders, candidate.keys.guid, candidate, policy) {
            return Some((group, CopyBasis::Guid));
        }
        for url in [candidate.keys.url, candidate.keys.declared] {
            if let Some(group) = self.group_by_key(&self.url_holders, url, candidate, policy) {
                return Some((group, CopyBasis::Url));
            }
        }
        let (group, containment) = self.best_text_match(candidate, policy)?;
        Some((group, CopyBasis::Text { containment }))
    }

    /// Adds `entry`; returns its slot.
    pub(super) fn insert(&mut self, entry: &DedupeEntry, keys: &Keys, membership: Membership, policy: &DedupePolicy) -> u32 {
        // Four billion entries do not fit into memory.
        let slot = saturating_u32(self.documents.len());
        let fingerprint = &entry.fingerprint;
        let (group, indexed_as) = match membership {
            Membership::Alone => (self.found_group(slot, fingerprint), slot),
            Membership::CopyIn(group) | Membership::OriginalOf(group) => {
                let first = self.join_group(group, slot, membership == Membership::OriginalOf(group));
                let is_redundant = coverage(fingerprint, &self.groups[group as usize].first_shingles) >= REDUNDANT_COVERAGE;
                (group, if is_redundant { first } else { slot })
            }
        };
        if indexed_as == slot {
            let wanted = self.wanted.as_ref();
            for shingle in fingerprint
                .shingles
                .iter()
                .filter(|shingle| wanted.is_none_or(|wanted| wanted.contains(shingle)))
            {
                self.shingles.add(*shingle, slot, policy.max_documents_per_shingle + 1);
            }
        }
        let source = self.source_number(&entry.source);
        for (is_url, key) in [(true, keys.url), (true, keys.declared), (false, keys.guid)] {
            let Some(key) = key else { continue };
            let holders = if is_url { &mut self.url_holders } else { &mut self.guid_holders };
            // Two entries show that the source's use of the key is ambiguous. More would let one source fill the list.
            if entries_of_source(&self.documents, source, holders.slots_of(key)) < 2 {
                holders.add(key, slot, MAX_ENTRIES_PER_KEY);
            }
        }
        self.documents.push(Document {
            source,
            group,
            first_seen: entry.first_seen,
            title: keys.title,
            owns_link: entry.owns_link,
            indexed_as,
            shingle_count: saturating_u32(fingerprint.shingles.len()),
            threshold: threshold(fingerprint),
        });
        slot
    }

    /// Takes back the last [`Self::insert`], which was about an entry with these `shingles` and `keys`. `former_original` is the group's
    /// original before it. The number of the source stays: nothing depends on how sources are numbered.
    pub(super) fn remove_last(&mut self, shingles: &[u32], keys: &Keys, membership: Membership, former_original: Option<u32>) {
        let Some(document) = self.documents.pop() else { return };
        let slot = saturating_u32(self.documents.len());
        if document.indexed_as == slot {
            for shingle in shingles {
                self.shingles.remove_last(*shingle, slot);
            }
        }
        for key in [keys.declared, keys.url].into_iter().flatten() {
            self.url_holders.remove_last(key, slot);
        }
        if let Some(key) = keys.guid {
            self.guid_holders.remove_last(key, slot);
        }
        if membership == Membership::Alone {
            self.groups.pop();
            return;
        }
        let group = &mut self.groups[document.group as usize];
        group.others.pop();
        group.original = former_original.unwrap_or(group.original);
    }

    /// Returns the number of the group of a slot.
    pub(super) fn group_of(&self, slot: u32) -> u32 {
        self.documents[slot as usize].group
    }

    /// Returns the slot of the group's original.
    pub(super) fn original(&self, group: u32) -> u32 {
        self.groups[group as usize].original
    }

    /// Returns the slots of the group, in the order in which they were added.
    pub(super) fn members(&self, group: u32) -> impl Iterator<Item = u32> {
        let group = &self.groups[group as usize];
        std::iter::once(group.first).chain(group.others.iter().copied())
    }

    fn found_group(&mut self, slot: u32, fingerprint: &Fingerprint) -> u32 {
        self.groups.push(Group {
            original: slot,
            first: slot,
            others: Vec::new(),
            first_shingles: fingerprint.shingles.as_slice().into(),
        });
        saturating_u32(self.groups.len() - 1)
    }

    /// Adds the slot to the group; returns the group's first slot.
    fn join_group(&mut self, group: u32, slot: u32, is_original: bool) -> u32 {
        let group = &mut self.groups[group as usize];
        group.others.push(slot);
        if is_original {
            group.original = slot;
        }
        group.first
    }

    fn source_number(&mut self, source: &SourceId) -> u32 {
        if let Some(number) = self.source_numbers.get(source) {
            return *number;
        }
        let number = saturating_u32(self.source_numbers.len());
        self.source_numbers.insert(source.clone(), number);
        number
    }

    /// Returns whether the candidate may be a copy of `document`: their sources differ, and it was first seen within the window.
    fn is_comparable(&self, document: &Document, candidate: &Candidate<'_>, policy: &DedupePolicy) -> bool {
        let original = &self.documents[self.original(document.group) as usize];
        Some(document.source) != candidate.source
            && Some(original.source) != candidate.source
            && candidate.entry.first_seen.since(document.first_seen) <= policy.window
    }

    /// Returns the group of the first entry of another source that has the guid or URL `key`, and whose headline or text agrees.
    ///
    /// Without agreement the key proves nothing: any source can write any guid and any link. An entry whose source gave the key to another
    /// entry as well is left out, because the key identifies neither.
    fn group_by_key(&self, holders: &Postings<u64>, key: Option<u64>, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<u32> {
        let slots = holders.slots_of(key?);
        let documents = slots.iter().map(|slot| &self.documents[*slot as usize]);
        documents
            .filter(|document| self.is_comparable(document, candidate, policy))
            .filter(|document| entries_of_source(&self.documents, document.source, slots) == 1)
            .find(|document| self.agrees(document, candidate, policy))
            .map(|document| document.group)
    }

    /// Returns whether the folded headlines are equal, or the texts share enough.
    fn agrees(&self, document: &Document, candidate: &Candidate<'_>, policy: &DedupePolicy) -> bool {
        if document.title.is_some() && document.title == candidate.keys.title {
            return true;
        }
        let fingerprint = &candidate.entry.fingerprint;
        let distinctive: Vec<u32> = self.distinctive(fingerprint, policy).collect();
        let is_shared = |shingle: &&u32| self.shingles.slots_of(**shingle).contains(&document.indexed_as);
        let shared = saturating_u32(distinctive.iter().filter(is_shared).count());
        let comparable = self.comparable_shingles(&distinctive, threshold(fingerprint), document.indexed_as);
        shared >= policy.min_shared_shingles && ratio(shared, comparable) >= policy.min_long_containment
    }

    fn best_text_match(&self, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<(u32, f32)> {
        let fingerprint = &candidate.entry.fingerprint;
        let distinctive: Vec<u32> = self.distinctive(fingerprint, policy).collect();
        let mut hits: Vec<u32> = distinctive
            .iter()
            .flat_map(|shingle| self.shingles.slots_of(*shingle).iter().copied())
            .filter(|slot| self.is_comparable(&self.documents[*slot as usize], candidate, policy))
            .collect();
        hits.sort_unstable();
        let mut best: Option<(u32, f32)> = None;
        for run in hits.chunk_by(|one, other| one == other) {
            let (slot, shared) = (run[0], saturating_u32(run.len()));
            if shared < policy.min_shared_shingles {
                continue;
            }
            let containment = ratio(shared, self.comparable_shingles(&distinctive, threshold(fingerprint), slot));
            let enough = containment >= policy.min_containment
                || (containment >= policy.min_long_containment && shared >= policy.min_long_shared_shingles);
            if enough && best.is_none_or(|(_, most)| containment > most) {
                best = Some((self.group_of(slot), containment));
            }
        }
        best
    }

    /// Returns the shingles of `fingerprint` that are no boilerplate, sorted.
    fn distinctive(&self, fingerprint: &Fingerprint, policy: &DedupePolicy) -> impl Iterator<Item = u32> {
        let shingles = fingerprint.shingles.iter().copied();
        shingles.filter(|shingle| self.shingles.slots_of(*shingle).len() <= policy.max_documents_per_shingle)
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
}

/// Returns the share of the shingles of `fingerprint` that are among `others`, from 0 to 1. Both are sorted.
fn coverage(fingerprint: &Fingerprint, others: &[u32]) -> f32 {
    let mut rest = others;
    let is_shared = |shingle: &&u32| {
        rest = &rest[rest.partition_point(|other| other < *shingle)..];
        rest.first() == Some(*shingle)
    };
    let shared = fingerprint.shingles.iter().filter(is_shared).count();
    ratio(saturating_u32(shared), saturating_u32(fingerprint.shingles.len()))
}

/// Returns how many of `slots` are entries of the source.
fn entries_of_source(documents: &[Document], source: u32, slots: &[u32]) -> usize {
    slots.iter().filter(|slot| documents[**slot as usize].source == source).count()
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
