//! Shingles: hashes of three consecutive words, by which near-duplicate texts are found (Broder 1997). The thresholds are in `dedupe`.

use crate::model::digest::fnv1a_64;

/// The number of words of a shingle.
pub const SHINGLE_WORDS: usize = 3;

/// Returns the hash of a folded word: FNV-1a with the finalizer of `MurmurHash3`. It is stored, so it must never change.
#[must_use]
pub fn word_hash(folded: &str) -> u64 {
    mix(fnv1a_64(folded.bytes()))
}

/// Returns the shingles of these folded words, sorted and without duplicates.
#[must_use]
pub fn shingles<'w>(words: impl Iterator<Item = &'w str>) -> Vec<u32> {
    let words: Vec<u64> = words.map(word_hash).collect();
    let mut out: Vec<u32> = words.windows(SHINGLE_WORDS).map(hash_words).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Returns the hash of a sequence of words, by those of [`word_hash`]. It is stored, so it must never change.
#[must_use]
pub fn hash_words(words: &[u64]) -> u32 {
    let hash = words.iter().fold(0, |hash: u64, word| mix(hash.rotate_left(21) ^ word));
    // After the finalizer each half is as well mixed as the whole.
    u32::try_from(hash >> 32).unwrap_or(u32::MAX)
}

/// The 64-bit finalizer of `MurmurHash3`: every input bit affects every output bit.
const fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::token::tokens;

    fn shingles_of(text: &str) -> Vec<u32> {
        let words: Vec<String> = tokens(text).map(|token| token.folded.into_owned()).collect();
        shingles(words.iter().map(String::as_str))
    }

    #[test]
    fn a_text_of_n_words_has_n_minus_two_shingles() {
        assert_eq!(shingles_of("un deux").len(), 0);
        assert_eq!(shingles_of("un deux trois quatre cinq").len(), 3);
        assert_eq!(shingles_of("un deux trois un deux trois").len(), 3);
    }

    #[test]
    fn spelling_does_not_matter_but_order_does() {
        assert_eq!(shingles_of("L’armée a dit"), shingles_of("l'ARMEE, a dit !"));
        assert_ne!(shingles_of("un deux trois"), shingles_of("trois deux un"));
    }

    #[test]
    fn stored_shingles_never_change() {
        assert_eq!(shingles_of("le sahel en marche"), [1_591_137_102, 3_862_139_867]);
    }
}
