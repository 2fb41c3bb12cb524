//! The index: what dedupe remembers of earlier entries, and the one step that places a new one.

use super::copies::Copies;
use super::stories::{Found, Stories};
use super::{Candidate, Decision, DedupePolicy, Remembered};
use crate::model::{EntryId, StoryId, Timestamp};
use std::collections::HashMap;

/// The earlier entries, ready to be compared with. Work per entry depends on what is alike, not on how many are remembered.
#[derive(Debug, Default)]
pub struct Index {
    policy: DedupePolicy,
    copies: Copies,
    stories: Stories,
    /// Entry and story of each slot of `copies`.
    places: Vec<(EntryId, StoryId)>,
    slots: HashMap<EntryId, u32>,
}

impl Index {
    /// Makes an empty index.
    #[must_use]
    pub fn new(policy: DedupePolicy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// Takes an entry that was placed before. Give them in the order in which they were placed.
    pub fn remember(&mut self, entry: Remembered) {
        if !entry.candidate.merge {
            return;
        }
        // An original that is no longer there makes its copy the one that others are compared with.
        let original = entry.copy_of.and_then(|id| self.slots.get(&id)).copied();
        self.keep(entry.candidate, original, entry.story, entry.founded);
    }

    /// Decides where `entry` belongs, and remembers it.
    pub fn place(&mut self, entry: Candidate) -> Decision {
        let own = StoryId::from(entry.id);
        let alone = Decision {
            copy_of: None,
            basis: None,
            story: own,
            founded: true,
            earlier: None,
        };
        if !entry.merge {
            return alone;
        }
        if let Some((slot, basis)) = self.copies.original_of(&entry, &self.policy)
            && let Some((original, story)) = self.places.get(slot as usize).copied()
        {
            let first_seen = entry.first_seen;
            self.keep(entry, Some(slot), story, first_seen);
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
            Found::Open(story) => Decision {
                story,
                founded: false,
                ..alone
            },
            Found::Earlier(story) => Decision {
                earlier: Some(story),
                ..alone
            },
            Found::Nothing => alone,
        };
        let first_seen = entry.first_seen;
        self.keep(entry, None, decision.story, first_seen);
        decision
    }

    fn keep(&mut self, entry: Candidate, original: Option<u32>, story: StoryId, founded: Timestamp) {
        // A copy says nothing about its story that the original has not said.
        if original.is_none() {
            self.stories.add(&entry.fingerprint, story, founded, entry.date);
        }
        let id = entry.id;
        let slot = self.copies.keep(entry, original, &self.policy);
        self.places.push((id, story));
        self.slots.insert(id, slot);
    }
}
