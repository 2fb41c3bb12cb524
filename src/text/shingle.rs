//! Shingles: runs of three words, as numbers. Two texts that share many were written once. Says nothing of what is a copy.

use super::token::tokens;
use crate::model::digest::fnv1a_64;

/// How many words make a shingle.
pub const SHINGLE_WORDS: usize = 3;

/// Returns a number for a folded word: the same on every machine and in every version, since it is stored (FNV-1a with a final mix).
#[must_use]
pub fn word_hash(folded: &str) -> u64 {
    mix(fnv1a_64(folded.bytes()))
}

/// Returns the shingles of `text`, sorted and each once, of at most the first `limit` words.
#[must_use]
pub fn shingles(text: &str, limit: usize) -> Vec<u32> {
    let words: Vec<u64> = tokens(text).take(limit).map(|token| word_hash(&token.folded)).collect();
    let mut out: Vec<u32> = words.windows(SHINGLE_WORDS).map(join).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn join(words: &[u64]) -> u32 {
    let joined = words.iter().fold(0, |hash: u64, word| mix(hash.rotate_left(21) ^ word));
    // The upper half is as well mixed as the whole.
    u32::try_from(joined >> 32).unwrap_or(u32::MAX)
}

/// The finaliser of `MurmurHash3`: every bit of the input touches every bit of the output.
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

    #[test]
    fn a_text_of_n_words_has_n_minus_two_shingles() {
        assert_eq!(shingles("un deux", 100).len(), 0);
        assert_eq!(shingles("un deux trois quatre cinq", 100).len(), 3);
        assert_eq!(shingles("un deux trois quatre cinq", 4).len(), 2);
        assert_eq!(shingles("un deux trois un deux trois", 100).len(), 3);
    }

    #[test]
    fn spelling_does_not_matter_and_order_does() {
        assert_eq!(shingles("L’armée a dit", 9), shingles("l'ARMEE, a dit !", 9));
        assert_ne!(shingles("un deux trois", 9), shingles("trois deux un", 9));
    }

    #[test]
    fn the_numbers_are_the_same_for_ever() {
        assert_eq!(shingles("le sahel en marche", 9), [1_591_137_102, 3_862_139_867]);
    }
}
