//! The fingerprint: what dedupe compares of an entry's texts, small enough to be stored with it.

use crate::text::language::is_stop_word;
use crate::text::shingle::{shingles, word_hash};
use crate::text::stem::{stem, strip_inflection};
use crate::text::token::tokens;
use std::collections::HashMap;

/// The version of the encoding and of the rules by which words become numbers.
const VERSION: u8 = 1;
/// How many shingles are kept: the smallest. A text of 400 words is kept whole.
const SHINGLES: usize = 400;
/// How many words of a text are looked at for shingles.
const WORDS: usize = 20_000;
/// How many words of a text are looked at for terms: news says first what matters.
const LEAD_WORDS: usize = 150;
/// How many terms are kept: the most frequent.
const TERMS: usize = 128;
/// How often a term of the title counts.
const TITLE_WEIGHT: u8 = 2;

/// What is compared of an entry: shingles of its text, to find copies, and stems of title and text, to find stories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// Hashed shingles, sorted; the smallest when there were more.
    pub(super) shingles: Vec<u32>,
    /// Whether no shingle was left out.
    pub(super) whole: bool,
    /// Hashed stems with their number, sorted.
    pub(super) terms: Vec<(u32, u8)>,
}

impl Fingerprint {
    /// Takes the fingerprint of a headline and a text, both plain, in the language with the BCP 47 tag `language`, where it is known.
    #[must_use]
    pub fn of(title: &str, text: &str, language: Option<&str>) -> Self {
        let mut kept = shingles(text, WORDS);
        let whole = kept.len() <= SHINGLES;
        kept.truncate(SHINGLES);
        Self {
            shingles: kept,
            whole,
            terms: terms(title, text, language),
        }
    }

    /// Returns the fingerprint as bytes for the store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(6 + self.shingles.len() * 4 + self.terms.len() * 5);
        out.extend([VERSION, u8::from(self.whole)]);
        // Neither list can be longer than its constant, far below 65,536.
        out.extend(u16::try_from(self.shingles.len()).unwrap_or(0).to_le_bytes());
        for shingle in &self.shingles {
            out.extend(shingle.to_le_bytes());
        }
        for (term, count) in &self.terms {
            out.extend(term.to_le_bytes());
            out.push(*count);
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` when it was written by another version or is damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        let [VERSION, whole @ (0 | 1), low, high] = *head else {
            return None;
        };
        let (shingles, terms) = rest.split_at_checked(usize::from(u16::from_le_bytes([low, high])) * 4)?;
        let (shingles, _) = shingles.as_chunks::<4>();
        let (terms, left) = terms.as_chunks::<5>();
        let read = Self {
            shingles: shingles.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
            whole: whole == 1,
            terms: terms
                .iter()
                .map(|[a, b, c, d, count]| (u32::from_le_bytes([*a, *b, *c, *d]), *count))
                .collect(),
        };
        let sound = left.is_empty()
            && read.shingles.is_sorted()
            && read.terms.is_sorted()
            && read.shingles.len() <= SHINGLES
            && read.terms.len() <= TERMS;
        sound.then_some(read)
    }
}

fn terms(title: &str, text: &str, language: Option<&str>) -> Vec<(u32, u8)> {
    // A word's ending means something else in other languages; without a tag the two most common here are assumed.
    let primary = language.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase());
    let cuts = primary.is_none_or(|tag| matches!(tag.as_str(), "en" | "fr" | "es" | "pt" | "it"));
    let mut counts: HashMap<u32, u8> = HashMap::new();
    let mut order = Vec::new();
    let title = tokens(title).take(LEAD_WORDS).map(|token| (token, TITLE_WEIGHT));
    for (token, weight) in title.chain(tokens(text).take(LEAD_WORDS).map(|token| (token, 1))) {
        if is_stop_word(&token.folded) || token.folded.chars().nth(1).is_none() {
            continue;
        }
        let stem = if cuts {
            stem(&token.folded)
        } else {
            strip_inflection(&token.folded)
        };
        let term = u32::try_from(word_hash(&stem) >> 32).unwrap_or(u32::MAX);
        let count = counts.entry(term).or_insert_with(|| {
            order.push(term);
            0
        });
        *count = count.saturating_add(weight);
    }
    let mut out: Vec<(u32, u8)> = order
        .into_iter()
        .map(|term| (term, counts.get(&term).copied().unwrap_or(0)))
        .collect();
    // The sort is stable: of equally frequent terms the first stay.
    out.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    out.truncate(TERMS);
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fingerprint_reads_back() {
        let print = Fingerprint::of(
            "Un titre",
            "Le ministre a dit que les routes seront ouvertes lundi à Kidal.",
            Some("fr"),
        );
        assert!(print.whole && print.shingles.len() == 10);
        assert_eq!(Fingerprint::from_bytes(&print.to_bytes()), Some(print));
    }

    #[test]
    fn a_long_text_is_bounded() {
        let text = (0..3000).map(|n| format!("mot{n}")).collect::<Vec<_>>().join(" ");
        let print = Fingerprint::of("t", &text, None);
        assert!(!print.whole);
        assert_eq!((print.shingles.len(), print.terms.len()), (SHINGLES, TERMS));
        assert!(print.to_bytes().len() < 2500);
    }

    #[test]
    fn names_and_numbers_meet_across_languages() {
        let french = Fingerprint::of("Kidal : 12 soldats libérés", "", Some("fr"));
        let english = Fingerprint::of("Kidal: 12 soldiers freed", "", Some("en"));
        let shared = french
            .terms
            .iter()
            .filter(|(term, _)| english.terms.iter().any(|(other, _)| other == term));
        assert!(shared.count() >= 2);
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(print) = Fingerprint::from_bytes(&bytes) {
                prop_assert_eq!(print.to_bytes(), bytes);
            }
        }
    }
}
