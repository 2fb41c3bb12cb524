//! Finds the original that an entry repeats: by its permanent guid, its canonical URL or the text they share. Entries are numbered by
//! slots here; which entry a slot stands for is kept in `index.rs`.

use super::copy_text::{CopyText, MIN_SHARED, Overlap, TitleMatch, are_titles_alike, shared_part};
use super::entry::DedupeEntry;
use super::keys::Keys;
use super::policy::DedupePolicy;
use super::postings::{Postings, WordPostings};
use crate::model::{Basis, SourceId, Timestamp};
use std::collections::HashMap;
use std::num::NonZeroU64;

/// From this coverage by the first of its group on, a copy's shingles are not indexed: they would find no copy that the first's do not find.
const REDUNDANT_COVERAGE: f32 = 0.9;
/// The maximum number of entries with the same guid or URL that are compared with a new one; a source has at most two of them.
const MAX_ENTRIES_PER_KEY: usize = 32;

/// The part of the shorter text that two entries with the same guid or URL share when their headlines differ.
const MIN_AGREEING_PART: f64 = 0.3;

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
    text: DocumentText,
}

/// What is known of the text of an indexed entry besides its indexed shingles.
#[derive(Debug)]
struct DocumentText {
    /// The number of shingles in its fingerprint.
    shingle_count: u32,
    /// The fingerprint holds all shingles of the entry up to this hash (bottom-k sketch).
    threshold: u32,
    lead: Box<[u32]>,
    title_words: Box<[u32]>,
    chars: u32,
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
    source_numbers: HashMap<SourceId, u32>,
    /// How many entries with the same shingles were read.
    #[cfg(test)]
    pub(super) hits: std::cell::Cell<usize>,
}

/// How an entry repeats another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    pub basis: Basis,
    /// The shared part of the shorter text, where that is the evidence.
    pub containment: Option<f64>,
    /// The entry that it repeats.
    pub like: u32,
}

/// What is compared of a new entry.
struct Candidate<'e> {
    entry: &'e DedupeEntry,
    keys: &'e Keys,
    /// The number of its source; `None` when the index holds no entry of it.
    source: Option<u32>,
    /// Tells of an entry of its own source whether both are two of a series.
    is_series: &'e dyn Fn(u32) -> bool,
}

impl CopyIndex {
    /// Returns the group to which `entry` belongs, and the evidence for it. `is_series` tells of an entry of its own source whether both are two of a
    /// series, which are no copies whatever they share.
    pub(super) fn membership(
        &self,
        entry: &DedupeEntry,
        keys: &Keys,
        policy: &DedupePolicy,
        is_series: &dyn Fn(u32) -> bool,
    ) -> (Membership, Option<Evidence>) {
        let candidate = Candidate {
            entry,
            keys,
            source: self.source_numbers.get(&entry.source).copied(),
            is_series,
        };
        let Some(evidence) = self.evidence(&candidate, policy) else {
            return (Membership::Alone, None);
        };
        let group = self.group_of(evidence.like);
        let original = &self.documents[self.original(group) as usize];
        let is_better_original = entry.owns_link && !original.owns_link && Some(original.source) != candidate.source;
        if is_better_original {
            (Membership::OriginalOf(group), Some(evidence))
        } else {
            (Membership::CopyIn(group), Some(evidence))
        }
    }

    fn evidence(&self, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<Evidence> {
        let keys = [
            (Basis::Guid, &self.guid_holders, candidate.keys.guid),
            (Basis::Url, &self.url_holders, candidate.keys.url),
            (Basis::Url, &self.url_holders, candidate.keys.declared),
        ];
        for (basis, holders, key) in keys {
            if let Some(like) = self.entry_by_key(holders, key, candidate, policy) {
                return Some(Evidence {
                    basis,
                    containment: None,
                    like,
                });
            }
        }
        let (like, containment) = self.best_text_match(candidate, policy)?;
        Some(Evidence {
            basis: Basis::Text,
            containment: Some(containment),
            like,
        })
    }

    /// Adds `entry`; returns its slot.
    pub(super) fn insert(&mut self, entry: &DedupeEntry, keys: &Keys, membership: Membership, policy: &DedupePolicy) -> u32 {
        // Four billion entries do not fit into memory.
        let slot = saturating_u32(self.documents.len());
        let text = &entry.fingerprint.copy;
        let (group, indexed_as) = match membership {
            Membership::Alone => (self.found_group(slot, text), slot),
            Membership::CopyIn(group) | Membership::OriginalOf(group) => {
                let first = self.join_group(group, slot, membership == Membership::OriginalOf(group));
                let is_redundant = coverage(text, &self.groups[group as usize].first_shingles) >= REDUNDANT_COVERAGE;
                (group, if is_redundant { first } else { slot })
            }
        };
        if indexed_as == slot {
            for shingle in &text.shingles {
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
            text: DocumentText {
                shingle_count: saturating_u32(text.shingles.len()),
                threshold: text.threshold(),
                lead: text.lead.as_slice().into(),
                title_words: text.title_words.as_slice().into(),
                chars: text.chars,
            },
        });
        slot
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

    fn found_group(&mut self, slot: u32, text: &CopyText) -> u32 {
        self.groups.push(Group {
            original: slot,
            first: slot,
            others: Vec::new(),
            first_shingles: text.shingles.as_slice().into(),
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

    /// Returns whether `document` was first seen within the window before the candidate.
    fn is_in_window(document: &Document, candidate: &Candidate<'_>, policy: &DedupePolicy) -> bool {
        candidate.entry.first_seen.since(document.first_seen) <= policy.window
    }

    /// Returns the first entry of another source that has the guid or URL `key`, and whose headline or text agrees. Within one source identity keys
    /// decide already.
    ///
    /// Without agreement the key proves nothing: any source can write any guid and any link. An entry whose source gave the key to another
    /// entry as well is left out, because the key identifies neither.
    fn entry_by_key(&self, holders: &Postings<u64>, key: Option<u64>, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<u32> {
        let slots = holders.slots_of(key?);
        let is_foreign = |document: &Document| {
            let original = &self.documents[self.original(document.group) as usize];
            Some(document.source) != candidate.source && Some(original.source) != candidate.source
        };
        slots.iter().copied().find(|slot| {
            let document = &self.documents[*slot as usize];
            is_foreign(document)
                && Self::is_in_window(document, candidate, policy)
                && entries_of_source(&self.documents, document.source, slots) == 1
                && self.agrees(document, candidate, policy)
        })
    }

    /// Returns whether the folded headlines are equal, or the texts share enough.
    fn agrees(&self, document: &Document, candidate: &Candidate<'_>, policy: &DedupePolicy) -> bool {
        if document.title.is_some() && document.title == candidate.keys.title {
            return true;
        }
        let text = &candidate.entry.fingerprint.copy;
        let distinctive: Vec<u32> = self.distinctive(text, policy).collect();
        let is_shared = |shingle: &&u32| self.shingles.slots_of(**shingle).contains(&document.indexed_as);
        let shared = saturating_u32(distinctive.iter().filter(is_shared).count());
        let (this, other) = self.comparable_shingles(&distinctive, text.threshold(), document.indexed_as);
        shared >= MIN_SHARED && f64::from(shared) >= MIN_AGREEING_PART * f64::from(this.min(other))
    }

    /// Returns the entry of whose text most is contained, where that makes the candidate a copy.
    fn best_text_match(&self, candidate: &Candidate<'_>, policy: &DedupePolicy) -> Option<(u32, f64)> {
        let text = &candidate.entry.fingerprint.copy;
        let distinctive: Vec<u32> = self.distinctive(text, policy).collect();
        let mut hits: Vec<u32> = distinctive
            .iter()
            .flat_map(|shingle| self.shingles.slots_of(*shingle).iter().copied())
            .collect();
        hits.sort_unstable();
        #[cfg(test)]
        self.hits.set(self.hits.get() + hits.len());
        let mut best: Option<(u32, f64)> = None;
        for run in hits.chunk_by(|one, other| one == other) {
            let (slot, shared) = (run[0], saturating_u32(run.len()));
            let document = &self.documents[slot as usize];
            if shared < MIN_SHARED || !Self::is_in_window(document, candidate, policy) {
                continue;
            }
            let (this, other) = self.comparable_shingles(&distinctive, text.threshold(), slot);
            let is_same_outlet = Some(document.source) == candidate.source;
            let overlap = Overlap {
                shared,
                shorter: this.min(other),
                longer: this.max(other),
                lead: shared_part(&text.lead, &document.text.lead),
                has_teaser: Overlap::of_teaser(text.chars, document.text.chars),
                is_same_outlet,
                titles: if document.title.is_some() && document.title == candidate.keys.title {
                    TitleMatch::Same
                } else if are_titles_alike(&text.title_words, &document.text.title_words) {
                    TitleMatch::Alike
                } else {
                    TitleMatch::Different
                },
            };
            let contained = overlap.containment();
            let is_better = best.is_none_or(|(_, most)| contained > most);
            if is_better && overlap.is_copy() && !(is_same_outlet && (candidate.is_series)(slot)) {
                best = Some((slot, contained));
            }
        }
        best
    }

    /// Returns the shingles of `text` that few texts have, sorted.
    fn distinctive(&self, text: &CopyText, policy: &DedupePolicy) -> impl Iterator<Item = u32> {
        let shingles = text.shingles.iter().copied();
        shingles.filter(|shingle| self.shingles.slots_of(*shingle).len() <= policy.max_documents_per_shingle)
    }

    /// Returns how many shingles a text and that of an entry have in the range in which both fingerprints are complete.
    fn comparable_shingles(&self, distinctive: &[u32], threshold: u32, slot: u32) -> (u32, u32) {
        let document = &self.documents[slot as usize].text;
        let common = threshold.min(document.threshold);
        let this = saturating_u32(distinctive.partition_point(|shingle| *shingle <= common));
        // Hashes are evenly distributed: this share of the other's shingles lies below the common threshold.
        let other = u64::from(document.shingle_count) * (u64::from(common) + 1) / (u64::from(document.threshold) + 1);
        (this, u32::try_from(other).unwrap_or(u32::MAX))
    }
}

/// Returns the share of the shingles of `text` that are among `others`, from 0 to 1. Both are sorted.
fn coverage(text: &CopyText, others: &[u32]) -> f32 {
    let mut rest = others;
    let is_shared = |shingle: &&u32| {
        rest = &rest[rest.partition_point(|other| other < *shingle)..];
        rest.first() == Some(*shingle)
    };
    let shared = text.shingles.iter().filter(is_shared).count();
    ratio(saturating_u32(shared), saturating_u32(text.shingles.len()))
}

/// Returns how many of `slots` are entries of the source.
fn entries_of_source(documents: &[Document], source: u32, slots: &[u32]) -> usize {
    slots.iter().filter(|slot| documents[**slot as usize].source == source).count()
}

fn saturating_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Returns `part / whole`, at most 1. Both are numbers of kept shingles, of which a fingerprint holds a few hundred.
fn ratio(part: u32, whole: u32) -> f32 {
    let exact = |number| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    if whole == 0 { 0.0 } else { (exact(part) / exact(whole)).min(1.0) }
}
