//! A table from stored numbers to slots, made for many numbers that have one slot each. Its order is never looked at.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Spreads a number that is already a hash (Fibonacci hashing).
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
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
pub(super) type HashedMap<V> = HashMap<u32, V, BuildHasherDefault<Spread>>;

/// Which slots hold a number; of each number at most the first few are kept.
#[derive(Debug, Default)]
pub(super) struct Postings {
    one: HashedMap<u32>,
    many: HashedMap<Vec<u32>>,
}

impl Postings {
    /// Notes that `slot` holds `number`, unless `limit` slots do already.
    pub(super) fn add(&mut self, number: u32, slot: u32, limit: usize) {
        let Some(first) = self.one.get(&number).copied() else {
            self.one.insert(number, slot);
            return;
        };
        let slots = self.many.entry(number).or_insert_with(|| vec![first]);
        if slots.len() < limit {
            slots.push(slot);
        }
    }

    /// Returns the slots that hold `number`, in the order in which they were added.
    pub(super) fn of(&self, number: u32) -> &[u32] {
        match self.many.get(&number) {
            Some(slots) => slots,
            None => self.one.get(&number).map_or(&[], std::slice::from_ref),
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
        assert_eq!(postings.of(7), [0, 1, 2]);
        assert_eq!(postings.of(8), [9]);
        assert_eq!(postings.of(9), [0_u32; 0]);
    }
}
