//! An inverted index: from hashes to the slots that hold them. Most hashes have one slot, which takes no allocation of its own. The
//! iteration order of the maps is never used, so results do not depend on it.

use crate::model::prehashed_map::BuildFibonacciHasher;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hash, RandomState};

/// The slots that hold each shingle or term.
pub(super) type WordPostings = Postings<u32, BuildFibonacciHasher>;

/// The slots that hold each hash, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Postings<K, S = RandomState> {
    single: HashMap<K, u32, S>,
    several: HashMap<K, Vec<u32>, S>,
}

impl<K: Eq + Hash + Copy, S: BuildHasher> Postings<K, S> {
    /// Adds `slot` to the slots of `hash`, unless there are `limit` already.
    pub(super) fn add(&mut self, hash: K, slot: u32, limit: usize) {
        match self.single.entry(hash) {
            Entry::Vacant(vacant) => {
                vacant.insert(slot);
            }
            Entry::Occupied(first) => {
                let slots = self.several.entry(hash).or_insert_with(|| vec![*first.get()]);
                if slots.len() < limit {
                    slots.push(slot);
                }
            }
        }
    }

    /// Returns the slots that hold `hash`, in the order in which they were added.
    pub(super) fn slots_of(&self, hash: K) -> &[u32] {
        match self.several.get(&hash) {
            Some(slots) => slots,
            None => self.single.get(&hash).map_or(&[], std::slice::from_ref),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_kept_in_order_up_to_the_limit() {
        let mut postings = WordPostings::default();
        for slot in 0..5 {
            postings.add(7, slot, 3);
        }
        postings.add(8, 9, 3);
        assert_eq!(postings.slots_of(7), [0, 1, 2]);
        assert_eq!(postings.slots_of(8), [9]);
        assert_eq!(postings.slots_of(9), [0_u32; 0]);
    }
}
