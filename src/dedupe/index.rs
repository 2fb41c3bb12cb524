//! The index of earlier entries, and the step that decides about a new one: which original it repeats, and which story it joins.

use super::copies::{CopyIndex, Membership};
use super::decision::Decision;
use super::entry::{DedupeEntry, KnownEntry};
use super::fingerprint::Fingerprint;
use super::keys::Keys;
use super::policy::DedupePolicy;
use super::stories::{StoryIndex, StoryMatch};
use crate::model::{EntryId, StoryId};
use std::collections::HashMap;

/// The earlier entries. The work for a new entry depends on how many are similar to it, not on how many there are.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) policy: DedupePolicy,
    pub(super) copies: CopyIndex,
    stories: StoryIndex,
    /// The entry and the story of each slot of `copies`.
    assigned: Vec<(EntryId, StoryId)>,
    slots: HashMap<EntryId, u32>,
    /// The groups of originals that known entries name and that are not in the index (yet).
    awaited: HashMap<EntryId, u32>,
}

impl Index {
    /// Returns an empty index.
    #[must_use]
    pub fn new(policy: DedupePolicy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// Makes room for so many more entries.
    pub fn reserve(&mut self, entries: usize) {
        self.copies.reserve(entries);
        self.assigned.reserve(entries);
        self.slots.reserve(entries);
    }

    /// Restricts the index, which is empty yet, to what entries with these fingerprints are compared by: every decision about them is the same as
    /// without, and other entries may not be asked for. Filling the index costs a fraction then.
    pub fn restrict_to(&mut self, fingerprints: &[Fingerprint]) {
        self.copies
            .restrict_to(fingerprints.iter().flat_map(|fingerprint| fingerprint.shingles.iter().copied()));
        self.stories.restrict_to(
            fingerprints
                .iter()
                .flat_map(|fingerprint| fingerprint.terms.iter().map(|(term, _)| *term)),
        );
    }

    /// Adds an entry about which an earlier run decided. The order has to be that of those decisions.
    pub fn insert(&mut self, known: &KnownEntry) {
        if !known.entry.mergeable {
            return;
        }
        let keys = Keys::of(&known.entry);
        // An original that displaced another was composed after the entries that are its copies now.
        let membership = match (self.awaited.remove(&known.entry.id), known.copy_of) {
            (Some(group), _) => Membership::OriginalOf(group),
            (None, Some(original)) => self.group_of(original).map_or(Membership::Alone, Membership::CopyIn),
            (None, None) => Membership::Alone,
        };
        let slot = self.add(&known.entry, &keys, membership, known.story);
        if membership != Membership::Alone {
            // The group's terms are in the centroid of its story: counting them twice would shift it.
            return;
        }
        let fingerprint = &known.entry.fingerprint;
        let vector = self.stories.tf_idf(fingerprint);
        self.stories.add(fingerprint, &vector, known.story, known.founded, known.entry.date);
        if let Some(original) = known.copy_of {
            // Until the original comes, or when it is too old for the index, later copies are compared with this entry.
            self.awaited.insert(original, self.copies.group_of(slot));
        }
    }

    /// Decides which original `entry` repeats and which story it joins, and adds it to the index.
    pub fn assign(&mut self, entry: &DedupeEntry) -> Decision {
        if !entry.mergeable {
            return Decision::founding(entry.id);
        }
        let keys = Keys::of(entry);
        let (membership, basis) = self.copies.membership(entry, &keys, &self.policy);
        let decision = match membership {
            Membership::Alone => self.found_or_join(entry),
            Membership::CopyIn(group) => {
                let (original, story) = self.assigned[self.copies.original(group) as usize];
                Decision {
                    copy_of: Some(original),
                    basis,
                    ..Decision::joining(story)
                }
            }
            Membership::OriginalOf(group) => {
                let (_, story) = self.assigned[self.copies.original(group) as usize];
                let members = self.copies.members(group);
                Decision {
                    displaced: members.map(|slot| self.assigned[slot as usize].0).collect(),
                    ..Decision::joining(story)
                }
            }
        };
        self.add(entry, &keys, membership, decision.story);
        decision
    }

    /// Decides which story an original joins or founds, and adds its terms to it.
    fn found_or_join(&mut self, entry: &DedupeEntry) -> Decision {
        let vector = self.stories.tf_idf(&entry.fingerprint);
        let decision = match self.stories.find(&vector, entry.date, entry.first_seen, &self.policy) {
            StoryMatch::Open(story) => Decision::joining(story),
            StoryMatch::Earlier(story) => Decision {
                earlier: Some(story),
                ..Decision::founding(entry.id)
            },
            StoryMatch::NoMatch => Decision::founding(entry.id),
        };
        self.stories
            .add(&entry.fingerprint, &vector, decision.story, entry.first_seen, entry.date);
        decision
    }

    fn group_of(&self, original: EntryId) -> Option<u32> {
        let slot = self.slots.get(&original);
        slot.map(|slot| self.copies.group_of(*slot))
            .or_else(|| self.awaited.get(&original).copied())
    }

    /// Adds an entry to its group; returns its slot.
    fn add(&mut self, entry: &DedupeEntry, keys: &Keys, membership: Membership, story: StoryId) -> u32 {
        let slot = self.copies.insert(entry, keys, membership, &self.policy);
        self.assigned.push((entry.id, story));
        self.slots.insert(entry.id, slot);
        slot
    }
}
