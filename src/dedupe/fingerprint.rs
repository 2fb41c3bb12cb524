//! The fingerprint of an entry's texts: what dedupe compares. It is stored with the entry in the encoding below.

use crate::model::prehashed_map::PrehashedMap;
use crate::text::language::is_stop_word;
use crate::text::shingle::{shingles, word_hash};
use crate::text::stem::{stem, strip_inflection};
use crate::text::word_list;

/// The version of the encoding and of the hashing of words.
const VERSION: u8 = 1;
/// The maximum number of shingles kept, the smallest hashes (bottom-k sketch). All shingles of a text of 400 words are kept.
const MAX_SHINGLES: usize = 400;
/// The number of words of a text that are read for terms: news reports begin with the essential facts.
const MAX_TERM_WORDS: usize = 150;
/// The maximum number of terms kept, the most frequent.
const MAX_TERMS: usize = 128;
/// The weight of a term of the title; a term of the text weighs 1.
const TITLE_WEIGHT: u8 = 2;

/// Shingles of an entry's text, by which copies are found, and stems of title and text, by which stories are found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// Hashed shingles, sorted; only the smallest when there were more than are kept.
    pub(super) shingles: Vec<u32>,
    /// Whether no shingle was left out.
    pub(super) is_complete: bool,
    /// Hashed stems with their weighted number of occurrences, sorted by hash.
    pub(super) terms: Vec<(u32, u8)>,
}

impl Fingerprint {
    /// Computes the fingerprint of a headline and a text, both plain, in the language with the BCP 47 tag `language`, where it is known.
    #[must_use]
    pub fn new(title: &str, text: &str, language: Option<&str>) -> Self {
        let folded = word_list::encode(&[&[title], &[text]]);
        let mut parts = word_list::parts(&folded).map(|part| word_list::words(part).flatten());
        match (parts.next(), parts.next()) {
            (Some(title), Some(text)) => Self::of_words(title, text, language),
            _ => Self::default(),
        }
    }

    /// Computes the fingerprint of the folded words of a headline and a text, at most [`word_list::MAX_PART_WORDS`] of them, in the language with
    /// the BCP 47 tag `language`, where it is known.
    #[must_use]
    pub fn of_words<'w>(title: impl Iterator<Item = &'w str>, text: impl Iterator<Item = &'w str> + Clone, language: Option<&str>) -> Self {
        let mut kept = shingles(text.clone());
        let is_complete = kept.len() <= MAX_SHINGLES;
        kept.truncate(MAX_SHINGLES);
        Self {
            shingles: kept,
            is_complete,
            terms: terms(title, text, language),
        }
    }

    /// Returns the fingerprint as bytes for the store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(6 + self.shingles.len() * 4 + self.terms.len() * 5);
        out.extend([VERSION, u8::from(self.is_complete)]);
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

    /// Reads what [`Self::to_bytes`] wrote; `None` when another version wrote it or it is damaged.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        let [VERSION, is_complete @ (0 | 1), low, high] = *head else {
            return None;
        };
        let (shingles, terms) = rest.split_at_checked(usize::from(u16::from_le_bytes([low, high])) * 4)?;
        let (shingles, _) = shingles.as_chunks::<4>();
        let (terms, left) = terms.as_chunks::<5>();
        let read = Self {
            shingles: shingles.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
            is_complete: is_complete == 1,
            terms: terms
                .iter()
                .map(|[a, b, c, d, count]| (u32::from_le_bytes([*a, *b, *c, *d]), *count))
                .collect(),
        };
        let sound = left.is_empty()
            && read.shingles.is_sorted()
            && read.terms.is_sorted()
            && read.shingles.len() <= MAX_SHINGLES
            && read.terms.len() <= MAX_TERMS;
        sound.then_some(read)
    }
}

fn terms<'w>(title: impl Iterator<Item = &'w str>, text: impl Iterator<Item = &'w str>, language: Option<&str>) -> Vec<(u32, u8)> {
    // The stemmer knows the suffixes of these languages. Without a tag it is applied: French and English are the most common here.
    let primary = language.map(|tag| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase());
    let uses_stemmer = primary.is_none_or(|tag| matches!(tag.as_str(), "en" | "fr" | "es" | "pt" | "it"));
    let mut counts: PrehashedMap<u32, u8> = PrehashedMap::default();
    let mut order = Vec::new();
    let title = title.take(MAX_TERM_WORDS).map(|word| (word, TITLE_WEIGHT));
    for (word, weight) in title.chain(text.take(MAX_TERM_WORDS).map(|word| (word, 1))) {
        if is_stop_word(word) || word.chars().nth(1).is_none() {
            continue;
        }
        let stem = if uses_stemmer { stem(word) } else { strip_inflection(word) };
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
    out.truncate(MAX_TERMS);
    out.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fingerprint_reads_back() {
        let fingerprint = Fingerprint::new(
            "Un titre",
            "Le ministre a dit que les routes seront ouvertes lundi à Kidal.",
            Some("fr"),
        );
        assert!(fingerprint.is_complete && fingerprint.shingles.len() == 10);
        assert_eq!(Fingerprint::from_bytes(&fingerprint.to_bytes()), Some(fingerprint));
    }

    #[test]
    fn a_long_text_is_bounded() {
        let text = (0..3000).map(|n| format!("mot{n}")).collect::<Vec<_>>().join(" ");
        let fingerprint = Fingerprint::new("t", &text, None);
        assert!(!fingerprint.is_complete);
        assert_eq!((fingerprint.shingles.len(), fingerprint.terms.len()), (MAX_SHINGLES, MAX_TERMS));
        assert!(fingerprint.to_bytes().len() < 2500);
    }

    #[test]
    fn names_and_numbers_meet_across_languages() {
        let french = Fingerprint::new("Kidal : 12 soldats libérés", "", Some("fr"));
        let english = Fingerprint::new("Kidal: 12 soldiers freed", "", Some("en"));
        let shared = french
            .terms
            .iter()
            .filter(|(term, _)| english.terms.iter().any(|(other, _)| other == term));
        assert!(shared.count() >= 2);
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(fingerprint) = Fingerprint::from_bytes(&bytes) {
                prop_assert_eq!(fingerprint.to_bytes(), bytes);
            }
        }
    }
}
