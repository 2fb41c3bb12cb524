//! Maps whose keys are hashes already: one multiplication spreads their bits, in place of a second hash.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A hasher for keys that are hashes already (Fibonacci hashing).
#[derive(Debug, Default, Clone, Copy)]
pub struct FibonacciHasher(u64);

impl Hasher for FibonacciHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(32) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a map with keys of type `K` is built with.
pub type BuildFibonacciHasher = BuildHasherDefault<FibonacciHasher>;

/// A map whose keys are hashes already.
pub type PrehashedMap<K, V> = HashMap<K, V, BuildFibonacciHasher>;
