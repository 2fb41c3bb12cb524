//! A pseudo-random generator for training: the same seed gives the same numbers on every machine. Not for secrets.

/// A xorshift generator with 64 bits of state (Marsaglia 2003), which must not be zero.
pub(super) struct Xorshift(pub u64);

impl Xorshift {
    /// Returns the next number, of 53 bits.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// Returns true in `percent` of a hundred cases.
    pub fn happens(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}
