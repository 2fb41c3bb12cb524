//! The index of earlier entries, and the step that decides about a new one: which original it repeats, and which story it joins.

use super::copies::CopyIndex;
use super::decision::Decision;
use super::entry::{DedupeEntry, KnownEntry};
use super::policy::DedupePolicy;
use super::stories::{StoryIndex, StoryMatch};
use crate::model::{EntryId, StoryId, Timestamp};
use std::collections::HashMap;

/// The earlier entries. The work for a new entry depends on how many are similar to it, not on how many there are.
#[derive(Debug, Default)]
pub struct Index {
    policy: DedupePolicy,
    copies: CopyIndex,
    stories: StoryIndex,
    /// The entry and the story of each slot of `copies`.
    assigned: Vec<(EntryId, StoryId)>,
    slots: HashMap<EntryId, u32>,
}

impl Index {
    /// Returns an empty index.
    #[must_use]
    pub fn new(policy: DedupePolicy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// Adds an entry about which an earlier run decided. The order has to be that of those decisions.
    pub fn insert(&mut self, known: KnownEntry) {
        if !known.entry.mergeable {
            return;
        }
        // When the original has been left out of the index, later copies are compared with this one.
        let original = known.copy_of.and_then(|id| self.slots.get(&id)).copied();
        self.insert_decided(known.entry, original, known.story, known.founded);
    }

    /// Decides which original `entry` repeats and which story it joins, and adds it to the index.
    pub fn assign(&mut self, entry: DedupeEntry) -> Decision {
        let own = StoryId::from(entry.id);
        let new_story = Decision {
            copy_of: None,
            basis: None,
            story: own,
            founded: true,
            earlier: None,
        };
        if !entry.mergeable {
            return new_story;
        }
        if let Some((slot, basis)) = self.copies.original_of(&entry, &self.policy)
            && let Some((original, story)) = self.assigned.get(slot as usize).copied()
        {
            let first_seen = entry.first_seen;
            self.insert_decided(entry, Some(slot), story, first_seen);
            return Decision {
                copy_of: Some(original),
                basis: Some(basis),
                story,
                founded: false,
                earlier: None,
            };
        }
        let found = self.stories.find(&entry.fingerprint, entry.date, entry.first_seen, &self.policy);
        let decision = match found {
            StoryMatch::Open(story) => Decision {
                story,
                founded: false,
                ..new_story
            },
            StoryMatch::Earlier(story) => Decision {
                earlier: Some(story),
                ..new_story
            },
            StoryMatch::NoMatch => new_story,
        };
        let first_seen = entry.first_seen;
        self.insert_decided(entry, None, decision.story, first_seen);
        decision
    }

    fn insert_decided(&mut self, entry: DedupeEntry, original: Option<u32>, story: StoryId, founded: Timestamp) {
        // A copy's terms are its original's: counting them twice would shift the centroid.
        if original.is_none() {
            self.stories.add(&entry.fingerprint, story, founded, entry.date);
        }
        let id = entry.id;
        let slot = self.copies.insert(entry, original, &self.policy);
        self.assigned.push((id, story));
        self.slots.insert(id, slot);
    }
}
