//! The index of earlier entries, and the steps that decide about new ones: which original each repeats, and which story it joins.

use super::copies::{CopyIndex, Membership};
use super::decision::Decision;
use super::entry::{DedupeEntry, KnownEntry, KnownStory};
use super::keys::Keys;
use super::policy::DedupePolicy;
use super::stories::{StoryEntry, StoryIndex};
use super::story_pair::are_of_series;
use crate::model::{Basis, EntryId, TermCounts, Timestamp};
use std::collections::{BTreeSet, HashMap};

/// The earlier entries that new ones are compared with. The work for a new entry depends on how many are similar to it, not on how many there are, and
/// has a bound.
#[derive(Debug, Default)]
pub struct Index {
    policy: DedupePolicy,
    copies: CopyIndex,
    stories: StoryIndex,
    /// By slot.
    assigned: Vec<Assigned>,
    slots: HashMap<EntryId, u32>,
    /// The groups of originals that known entries name and that are not in the index (yet).
    awaited: HashMap<EntryId, u32>,
    /// Entries of earlier steps about which something was decided anew.
    changed: BTreeSet<u32>,
    /// The first slot of this step.
    first: u32,
}

/// What was decided about an entry.
#[derive(Debug)]
struct Assigned {
    id: EntryId,
    copy_of: Option<EntryId>,
    basis: Basis,
    measure: Option<f64>,
    like: Option<EntryId>,
}

impl Index {
    /// Returns an empty index.
    #[must_use]
    pub fn new(policy: DedupePolicy) -> Self {
        Self {
            stories: StoryIndex::new(policy.clone()),
            policy,
            ..Self::default()
        }
    }

    /// Adds to the number of entries in which terms stand, by which they weigh, what earlier runs have counted.
    pub fn add_frequencies(&mut self, counts: &TermCounts) {
        self.stories.frequencies.add_counts(counts);
    }

    /// Returns an empty index in which terms weigh as in `former`.
    #[must_use]
    pub fn with_frequencies(former: Self) -> Self {
        let mut index = Self::new(former.policy);
        index.stories.frequencies = former.stories.frequencies;
        index
    }

    /// Halves the numbers of entries in which terms stand: those of the last days weigh more.
    pub fn halve_frequencies(&mut self) {
        self.stories.frequencies.halve();
    }

    /// Returns the number of entries in the index.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.assigned.len()
    }

    /// Adds a story of an earlier step, before its entries.
    pub fn insert_story(&mut self, story: &KnownStory) {
        self.stories.insert(story);
    }

    /// Adds an entry about which an earlier step decided. The order has to be that of those decisions.
    pub fn insert(&mut self, known: &KnownEntry) {
        if !known.entry.mergeable || self.slots.contains_key(&known.entry.id) {
            return;
        }
        let keys = Keys::of(&known.entry);
        // An original that displaced another was composed after the entries that are its copies now.
        let membership = match (self.awaited.remove(&known.entry.id), known.copy_of) {
            (Some(group), _) => Membership::OriginalOf(group),
            (None, Some(original)) => self.group_of(original).map_or(Membership::Alone, Membership::CopyIn),
            (None, None) => Membership::Alone,
        };
        let slot = self.copies.insert(&known.entry, &keys, membership, &self.policy);
        if let (Membership::Alone, Some(original)) = (membership, known.copy_of) {
            // Until the original comes, or when it is too old for the index, later copies are compared with this entry.
            self.awaited.insert(original, self.copies.group_of(slot));
        }
        let is_member = known.copy_of.is_none();
        self.stories
            .insert_entry(StoryEntry::new(&known.entry, known.is_by_hand), known.story, is_member);
        self.assigned.push(Assigned {
            id: known.entry.id,
            copy_of: known.copy_of,
            basis: Basis::Event,
            measure: None,
            like: None,
        });
        self.slots.insert(known.entry.id, slot);
        let group = self.copies.group_of(slot);
        let founder = EntryId::from_bytes(*known.story.as_bytes());
        if self.group_of(founder) == Some(group) {
            self.stories.set_founder(known.story, self.copies.original(group));
        }
        self.first = slot + 1;
    }

    /// Returns whether [`Self::assign`] would make `entry` a copy of another source's, and adds it, so that later ones are compared with it. It joins no
    /// story: the index is of use for such questions only from then on. Two texts of one source are compared when the whole of both is there.
    pub fn try_copy(&mut self, entry: &DedupeEntry) -> bool {
        if !entry.mergeable {
            return false;
        }
        let (membership, _) = self.copies.membership(entry, &Keys::of(entry), &self.policy, &|_| true);
        let original = match membership {
            Membership::CopyIn(group) => Some(self.assigned[self.copies.original(group) as usize].id),
            Membership::OriginalOf(group) => {
                self.awaited.insert(entry.id, group);
                None
            }
            Membership::Alone => None,
        };
        self.insert(&KnownEntry {
            entry: entry.clone(),
            copy_of: original,
            story: entry.id.into(),
            is_by_hand: false,
        });
        original.is_some()
    }

    /// Begins a step at `now`: the entries that are assigned from now on belong to it.
    pub fn begin_step(&mut self, now: Timestamp) {
        self.first = u32::try_from(self.assigned.len()).unwrap_or(u32::MAX);
        self.changed.clear();
        self.stories.begin_step(now);
    }

    /// Decides which original `entry` repeats and which story it joins, and adds it to the index.
    pub fn assign(&mut self, entry: &DedupeEntry) -> Decision {
        if !entry.mergeable {
            return Decision {
                entry: entry.id,
                copy_of: None,
                story: entry.id.into(),
                basis: Basis::Founded,
                measure: None,
                like: None,
                earlier: None,
            };
        }
        let keys = Keys::of(entry);
        let is_series = |slot| {
            let known = self.stories.entry(slot);
            are_of_series(&known.features, &entry.fingerprint.story, known.language == entry.language)
        };
        let (membership, evidence) = self.copies.membership(entry, &keys, &self.policy, &is_series);
        let like = evidence.map(|evidence| evidence.like);
        let former: Vec<u32> = match membership {
            Membership::OriginalOf(group) => self.copies.members(group).collect(),
            _ => Vec::new(),
        };
        let original = match membership {
            Membership::Alone => None,
            Membership::CopyIn(group) | Membership::OriginalOf(group) => Some(self.copies.original(group)),
        };
        let slot = self.copies.insert(entry, &keys, membership, &self.policy);
        let placed = self.stories.place(StoryEntry::new(entry, false), entry.id, original, membership);
        let copy_of = match membership {
            Membership::CopyIn(_) => original.map(|original| self.assigned[original as usize].id),
            Membership::Alone | Membership::OriginalOf(_) => None,
        };
        let (basis, measure, like) = match (membership, evidence) {
            (Membership::CopyIn(_), Some(evidence)) => (evidence.basis, evidence.containment, like),
            (Membership::OriginalOf(_), Some(evidence)) => (Basis::Original, evidence.containment, like),
            _ if placed.is_founding => (Basis::Founded, None, None),
            _ => (Basis::Event, placed.value, placed.like),
        };
        let like = like.map(|slot| self.assigned[slot as usize].id);
        self.assigned.push(Assigned {
            id: entry.id,
            copy_of,
            basis,
            measure,
            like,
        });
        self.slots.insert(entry.id, slot);
        for displaced in former {
            let known = &mut self.assigned[displaced as usize];
            known.copy_of = Some(entry.id);
            if known.basis == Basis::Founded || displaced == original.unwrap_or(displaced) {
                (known.basis, known.measure, known.like) =
                    (Basis::Text, evidence.and_then(|evidence| evidence.containment), Some(entry.id));
            }
            self.changed.insert(displaced);
        }
        self.decision(slot)
    }

    /// Ends the step: looks once more at its entries and those of the last hours, and returns what was decided otherwise than [`Self::assign`] and earlier
    /// steps did, in the order in which the entries came. Nothing is decided anew about entries that editors have placed, and no entry leaves a story
    /// whose item was published long ago.
    pub fn finish_step(&mut self) -> Vec<Decision> {
        for (slot, placed) in self.stories.finish_step() {
            let group = self.copies.group_of(slot);
            // Copies follow their original.
            let copies: Vec<u32> = self.copies.members(group).filter(|member| *member != slot).collect();
            for copy in copies {
                self.stories.follow(copy, slot);
                self.changed.insert(copy);
            }
            let like = placed.like.map(|slot| self.assigned[slot as usize].id);
            let known = &mut self.assigned[slot as usize];
            known.basis = if placed.is_founding { Basis::Founded } else { Basis::Event };
            (known.measure, known.like) = (placed.value, like);
            self.changed.insert(slot);
        }
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|slot| self.decision(slot)).collect()
    }

    /// Returns what is decided about an entry now.
    fn decision(&self, slot: u32) -> Decision {
        let known = &self.assigned[slot as usize];
        let (story, earlier) = self.stories.story_of(slot);
        Decision {
            entry: known.id,
            copy_of: known.copy_of,
            story,
            basis: known.basis,
            measure: known.measure,
            like: known.like,
            earlier: earlier.filter(|_| known.basis == Basis::Founded),
        }
    }

    /// Returns in how many entries of this step terms stand.
    pub fn take_counts(&mut self) -> TermCounts {
        self.stories.frequencies.take_added()
    }

    /// Returns the hashes under which an entry of the index is found later: a copy only by what makes copies, since stories are found by its original.
    #[must_use]
    pub fn postings(&self, entry: &DedupeEntry) -> Vec<u32> {
        if !entry.mergeable {
            return Vec::new();
        }
        let mut postings = Self::copy_keys(entry);
        postings.extend(entry.fingerprint.copy.sample());
        let known = self.slots.get(&entry.id).map(|slot| &self.assigned[*slot as usize]);
        if known.is_none_or(|known| known.copy_of.is_none()) {
            postings.extend(self.stories.key_terms(&entry.fingerprint.story));
        }
        postings.sort_unstable();
        postings.dedup();
        postings
    }

    /// Returns the hashes by which earlier entries are found that `entry` may be a copy of.
    #[must_use]
    pub fn copy_probes(entry: &DedupeEntry) -> Vec<u32> {
        if !entry.mergeable {
            return Vec::new();
        }
        let mut probes = Self::copy_keys(entry);
        probes.extend(entry.fingerprint.copy.probes());
        probes
    }

    /// Returns the hashes by which earlier entries are found that may tell the same event.
    #[must_use]
    pub fn story_probes(&self, entry: &DedupeEntry) -> Vec<u32> {
        if !entry.mergeable {
            return Vec::new();
        }
        self.stories.key_terms(&entry.fingerprint.story)
    }

    /// Returns how much a term says, by the number of entries in which it stands.
    #[must_use]
    pub fn term_weight(&self, term: u32) -> f64 {
        self.stories.frequencies.weight(term)
    }

    /// Returns the hashes of guid and URLs under which an entry is found.
    #[must_use]
    pub fn copy_keys(entry: &DedupeEntry) -> Vec<u32> {
        if !entry.mergeable {
            return Vec::new();
        }
        let keys = Keys::of(entry);
        let hashes = [keys.guid, keys.url, keys.declared];
        // The upper half of a hash that was made of guid or URL is as good as the lower one.
        hashes
            .into_iter()
            .flatten()
            .map(|hash| u32::try_from(hash >> 32).unwrap_or_default())
            .collect()
    }

    /// Returns the hashes of the terms that two entries of the index share, those first that say most; at most `limit`.
    #[must_use]
    pub fn shared_terms(&self, one: EntryId, other: EntryId, limit: usize) -> Vec<u32> {
        match (self.slots.get(&one), self.slots.get(&other)) {
            (Some(one), Some(other)) => self.stories.shared_terms(*one, *other, limit),
            _ => Vec::new(),
        }
    }

    /// Returns how many entries with the same shingles were read so far.
    #[cfg(test)]
    pub(super) fn copy_hits(&self) -> usize {
        self.copies.hits.get()
    }

    fn group_of(&self, original: EntryId) -> Option<u32> {
        let slot = self.slots.get(&original);
        slot.map(|slot| self.copies.group_of(*slot))
            .or_else(|| self.awaited.get(&original).copied())
    }
}
