//! Digests: 128 bits of BLAKE3, by which contents are compared and ids are made, and FNV-1a for numbers that need no protection against
//! chosen inputs. Their values are stored and published: none of these functions may ever return something else.

use std::fmt;

/// The first 128 bits of a BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest128([u8; 16]);

impl Digest128 {
    /// Returns the digest of `bytes`.
    #[must_use]
    pub fn hash(bytes: &[u8]) -> Self {
        Self::truncate(blake3::hash(bytes))
    }

    /// Takes the 16 bytes as they are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Returns the digest as 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.to_string()
    }

    fn truncate(hash: blake3::Hash) -> Self {
        let (bytes, _) = hash.as_bytes().split_first_chunk().unwrap_or((&[0; 16], &[]));
        Self(*bytes)
    }
}

impl fmt::Display for Digest128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest128({self})")
    }
}

/// Computes a [`Digest128`] of several parts.
#[derive(Debug, Default)]
pub struct Digester(blake3::Hasher);

impl Digester {
    /// Returns a digester that has seen no bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `bytes`. Parts that follow each other without a separator are hashed as one.
    pub fn update(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    /// Adds `text` and a zero byte, which separates it from the next part.
    pub fn update_terminated(&mut self, text: &str) -> &mut Self {
        self.update(text.as_bytes()).update(&[0])
    }

    /// Returns the digest of all bytes that were added.
    #[must_use]
    pub fn finish(&self) -> Digest128 {
        Digest128::truncate(self.0.finalize())
    }
}

/// The prime of 64-bit FNV.
pub const FNV_PRIME_64: u64 = 0x0100_0000_01b3;

/// Returns the 64-bit FNV-1a hash of `bytes` (draft-eastlake-fnv).
#[must_use]
pub fn fnv1a_64(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME_64)
    })
}

/// Returns the 32-bit FNV-1a hash of `bytes` (draft-eastlake-fnv).
#[must_use]
pub fn fnv1a_32(bytes: impl IntoIterator<Item = u8>) -> u32 {
    bytes
        .into_iter()
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_truncated_blake3() {
        // The first test vector of BLAKE3: the hash of no bytes.
        assert_eq!(Digest128::hash(b"").to_hex(), "af1349b9f5f9a1a6a0404dea36dcc949");
        let mut digester = Digester::new();
        digester.update_terminated("a").update(b"b");
        assert_eq!(digester.finish(), Digest128::hash(b"a\0b"));
        assert_eq!(
            format!("{:?}", Digest128::from_bytes([0xab; 16])),
            format!("Digest128({})", "ab".repeat(16))
        );
    }

    #[test]
    fn fnv_hashes_are_those_of_the_specification() {
        // Test vectors of the specification.
        assert_eq!((fnv1a_32(*b""), fnv1a_64(*b"")), (0x811c_9dc5, 0xcbf2_9ce4_8422_2325));
        assert_eq!((fnv1a_32(*b"foobar"), fnv1a_64(*b"foobar")), (0xbf9c_f968, 0x8594_4171_f739_67e8));
    }
}
