//! How alike two articles are, without times, outlets or stories: cosines of their words, by how much of both is read.

use crate::model::digest::fnv1a_32;
use crate::model::prehashed_map::PrehashedMap;

/// The numbers of words that are read: the first sentence, the beginning, and all of an article. Reports begin with the essential facts.
const READ_WORDS: [usize; 3] = [25, 80, 1_000];
/// The weights of the cosines, and what their sum has to reach. They were learned by logistic regression on pairs of articles in ten languages that readers
/// had judged (`docs/design/0013-stories.md`).
const WEIGHTS: [f64; 3] = [2.51, 4.28, 3.53];
const MIN_SUM: f64 = 1.72;
/// Words are told apart by so many letters: inflections of one word are one.
const STEM_CHARS: usize = 7;
/// A word is as rare as if so many more texts had been read.
const PRIOR_TEXTS: f64 = 300.0;

/// Terms with the number of their occurrences, sorted.
type Terms = Vec<(u32, u32)>;

/// A text as it is compared.
#[derive(Debug, Default)]
pub struct PairText {
    terms: [Terms; READ_WORDS.len()],
}

impl PairText {
    /// Reads the folded words of a text.
    #[must_use]
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let words: Vec<&str> = words.take(READ_WORDS[READ_WORDS.len() - 1]).collect();
        let terms = READ_WORDS.map(|count| {
            let mut counts: PrehashedMap<u32, u32> = PrehashedMap::default();
            let read = words.iter().take(count).filter(|word| word.len() > 1);
            for word in read {
                let stem = word.char_indices().nth(STEM_CHARS).map_or(*word, |(end, _)| &word[..end]);
                *counts.entry(fnv1a_32(stem.bytes())).or_default() += 1;
            }
            let mut terms: Terms = counts.into_iter().collect();
            terms.sort_unstable();
            terms
        });
        Self { terms }
    }
}

/// Texts that are compared two by two: their words weigh by the number of texts in which they stand.
#[derive(Debug, Default)]
pub struct PairComparison {
    texts: u32,
    counts: [PrehashedMap<u32, u32>; READ_WORDS.len()],
}

impl PairComparison {
    /// Counts the words of a text.
    pub fn add(&mut self, text: &PairText) {
        self.texts += 1;
        for (counts, terms) in self.counts.iter_mut().zip(&text.terms) {
            for (term, _) in terms {
                *counts.entry(*term).or_default() += 1;
            }
        }
    }

    /// Returns how likely two texts are on one event, from 0 to 1.
    #[must_use]
    pub fn score(&self, one: &PairText, other: &PairText) -> f64 {
        let cosines = (0..READ_WORDS.len()).map(|number| WEIGHTS[number] * self.cosine(number, &one.terms[number], &other.terms[number]));
        1.0 / (1.0 + libm::exp(MIN_SUM - cosines.sum::<f64>()))
    }

    fn cosine(&self, number: usize, one: &Terms, other: &Terms) -> f64 {
        let value = |(term, count): &(u32, u32)| {
            let texts = self.counts[number].get(term).copied().unwrap_or_default();
            let rarity = libm::log((f64::from(self.texts) + PRIOR_TEXTS) / (f64::from(texts) + 1.0)).max(0.0);
            (1.0 + libm::log(f64::from(*count))) * rarity
        };
        let length = |terms: &Terms| terms.iter().map(|term| value(term) * value(term)).sum::<f64>().sqrt();
        let shared = one.iter().filter_map(|term| {
            let at = other.binary_search_by_key(&term.0, |(hash, _)| *hash).ok()?;
            Some(value(term) * value(&other[at]))
        });
        let (shared, lengths) = (shared.sum::<f64>(), length(one) * length(other));
        if lengths > 0.0 { shared / lengths } else { 0.0 }
    }
}
