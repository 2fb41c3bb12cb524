//! An inverted index: from hashes to the slots that hold them. Most hashes have one slot, which takes no allocation of its own. The
//! iteration order of the maps is never used, so results do not depend on it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A hasher for keys that are hashes already: one multiplication spreads their bits (Fibonacci hashing).
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct FibonacciHasher(u64);

impl Hasher for FibonacciHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(32) ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map whose keys are hashes already.
pub(super) type PrehashedMap<V> = HashMap<u32, V, BuildHasherDefault<FibonacciHasher>>;

/// The slots that hold each hash; only the first few of each are kept.
#[derive(Debug, Default)]
pub(super) struct Postings {
    single: PrehashedMap<u32>,
    several: PrehashedMap<Vec<u32>>,
}

impl Postings {
    /// Adds `slot` to the slots of `hash`, unless there are `limit` already.
    pub(super) fn add(&mut self, hash: u32, slot: u32, limit: usize) {
        let Some(first) = self.single.get(&hash).copied() else {
            self.single.insert(hash, slot);
            return;
        };
        let slots = self.several.entry(hash).or_insert_with(|| vec![first]);
        if slots.len() < limit {
            slots.push(slot);
        }
    }

    /// Returns the slots that hold `hash`, in the order in which they were added.
    pub(super) fn slots_of(&self, hash: u32) -> &[u32] {
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
        let mut postings = Postings::default();
        for slot in 0..5 {
            postings.add(7, slot, 3);
        }
        postings.add(8, 9, 3);
        assert_eq!(postings.slots_of(7), [0, 1, 2]);
        assert_eq!(postings.slots_of(8), [9]);
        assert_eq!(postings.slots_of(9), [0_u32; 0]);
    }
}
