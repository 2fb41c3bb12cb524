//! Two texts, compared without a time, outlets or stories: whether both tell one event.

use super::fingerprint::Fingerprint;
use super::story_pair::{Context, FLOOR, Frequencies, MIN_VALUE, Weighted, Weights, score};

/// Texts that are compared two by two. Terms weigh by the number of texts in which they stand.
#[derive(Debug, Default)]
pub struct PairComparison {
    frequencies: Frequencies,
}

impl PairComparison {
    /// Counts the terms of a text.
    pub fn add(&mut self, text: &Fingerprint) {
        self.frequencies.add(&text.story);
    }

    /// Returns how likely two texts tell one event, from 0 to 1; from 0.5 on a run would join them if both were of one day and of two outlets.
    #[must_use]
    pub fn score(&self, one: &Fingerprint, other: &Fingerprint, is_same_language: bool) -> (f64,f64,f64) {
        let weights = [one, other].map(|text| Weights::new(&text.story, &self.frequencies));
        let weighted = |text, weights| Weighted { features: text, weights };
        let context = Context {
            is_same_outlet: false,
            is_same_language,
            gap_hours: 0.0,
        };
        let pair = score(
            weighted(&one.story, &weights[0]),
            weighted(&other.story, &weights[1]),
            &self.frequencies,
            context,
        );
        (1.0 / (1.0 + libm::exp(MIN_VALUE - pair.map_or(FLOOR, |pair| pair.score))), pair.map_or(0.0,|p|p.cosine), pair.map_or(0.0,|p|p.names))
    }
}
