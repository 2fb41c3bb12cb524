//! Learning weights from labelled texts: logistic regression with the hand-made weights as prior. The features are the terms of a concept, or the
//! rule of a topic and words, whose prior is 0.
//!
//! The weights `w` minimise, over the examples `i` with the features `x`,
//!
//! ```text
//! Σ cᵢ · ln(1 + exp(−yᵢ · SLOPE · (w·xᵢ − THRESHOLD))) + PRIOR_STRENGTH · Σ (wⱼ − priorⱼ)²
//! ```
//!
//! where `y` is 1 or −1 and `c` is [`POSITIVE_WEIGHT`] for a positive example, otherwise 1. The function is strictly convex and there is no random
//! number in its minimisation, so the same examples give the same weights. There is no intercept: the threshold of a concept is a constant,
//! which keeps learned and hand-made weights on one scale. A term that occurs in no example keeps its prior.

use crate::model::digest::fnv1a_64;
use std::fmt::Write as _;

/// An entry belongs to a concept when its score reaches this.
pub const THRESHOLD: f64 = 1.0;
/// How much the logarithm of the odds changes for each unit of the score.
const SLOPE: f64 = 3.0;
/// The strength of the penalty for leaving the hand-made weight.
const PRIOR_STRENGTH: f64 = 4.0;
/// The weight of a positive example, which are fewer, relative to a negative one.
const POSITIVE_WEIGHT: f64 = 1.5;
/// The parts of the cross-validation.
const FOLDS: u64 = 5;
/// The iteration ends when no weight changes by more than this in one sweep over all terms.
const TOLERANCE: f64 = 1e-6;
/// Bounds the time when the tolerance is not reached.
const MAX_SWEEPS: usize = 2000;
/// A learned weight that differs from the hand-made one by less than this is not written.
const MIN_WRITTEN_CHANGE: f64 = 0.05;

/// A labelled text as the terms of a concept, or the words that a topic learns, see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The outlet that published the text. Texts of one outlet are never in two parts of the cross-validation.
    pub outlet: String,
    /// Whether an editor says that the text is about the concept, or belongs to the topic.
    pub is_positive: bool,
    /// The terms that occur in it, by number in ascending order, each once, with the multiplier of the best zone in which it occurs, damped by
    /// the length of the text. The score of the text is the sum of weight times multiplier.
    pub features: Vec<(usize, f64)>,
}

impl Example {
    /// Returns the score of the text.
    pub(super) fn score(&self, weights: &[f64]) -> f64 {
        let weight = |term: usize| weights.get(term).copied().unwrap_or_default();
        self.features.iter().map(|(term, value)| weight(*term) * value).sum()
    }
}

/// Returns the learned weight of each term, in the order of `priors`, which are the hand-made weights.
#[must_use]
pub fn learn_weights(priors: &[f64], examples: &[&Example]) -> Vec<f64> {
    let mut weights = priors.to_vec();
    let mut scores: Vec<f64> = examples.iter().map(|example| example.score(priors)).collect();
    let mut columns: Vec<Vec<(usize, f64)>> = vec![Vec::new(); priors.len()];
    for (row, example) in examples.iter().enumerate() {
        for (term, value) in &example.features {
            if let Some(column) = columns.get_mut(*term) {
                column.push((row, *value));
            }
        }
    }
    for _ in 0..MAX_SWEEPS {
        let mut max_change = 0.0_f64;
        for (term, column) in columns.iter().enumerate() {
            let (Some(weight), Some(prior)) = (weights.get_mut(term), priors.get(term)) else {
                continue;
            };
            if column.is_empty() {
                continue;
            }
            // A step of Newton's method with an upper bound in place of the second derivative, so that each step lowers the loss
            // (Böhning and Lindsay 1988).
            let mut gradient = 2.0 * PRIOR_STRENGTH * (*weight - prior);
            let mut curvature = 2.0 * PRIOR_STRENGTH;
            for (row, value) in column {
                let (Some(example), Some(score)) = (examples.get(*row), scores.get(*row)) else {
                    continue;
                };
                let (sign, importance) = if example.is_positive { (1.0, POSITIVE_WEIGHT) } else { (-1.0, 1.0) };
                let odds = (sign * SLOPE * (score - THRESHOLD)).exp();
                gradient -= sign * SLOPE * importance * value / (1.0 + odds);
                curvature += SLOPE * SLOPE * importance * value * value / 4.0;
            }
            let change = -gradient / curvature;
            *weight += change;
            for (row, value) in column {
                if let Some(score) = scores.get_mut(*row) {
                    *score += change * value;
                }
            }
            max_change = max_change.max(change.abs());
        }
        if max_change < TOLERANCE {
            break;
        }
    }
    weights
}

/// Returns the score of each example by the weights that `learn` returns for the examples of other outlets.
#[must_use]
pub fn cross_validate(examples: &[Example], learn: &dyn Fn(&[&Example]) -> Vec<f64>) -> Vec<f64> {
    let folds: Vec<u64> = examples.iter().map(|example| fold_of(&example.outlet)).collect();
    let mut scores = vec![0.0; examples.len()];
    for fold in 0..FOLDS {
        let others: Vec<&Example> = examples
            .iter()
            .zip(&folds)
            .filter(|(_, of)| **of != fold)
            .map(|(example, _)| example)
            .collect();
        let weights = learn(&others);
        for ((score, example), of) in scores.iter_mut().zip(examples).zip(&folds) {
            if *of == fold {
                *score = example.score(&weights);
            }
        }
    }
    scores
}

/// Returns the scores of the examples by `weights`.
#[must_use]
pub fn score_all(weights: &[f64], examples: &[Example]) -> Vec<f64> {
    examples.iter().map(|example| example.score(weights)).collect()
}

fn fold_of(outlet: &str) -> u64 {
    fnv1a_64(outlet.bytes()) % FOLDS
}

/// Precision, recall and their harmonic mean; each is 0 where it is not defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// The share of the placed examples that are positive.
    pub precision: f64,
    /// The share of the positive examples that are placed.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// The number of positive examples.
    pub positive_count: usize,
}

/// Returns the figures of a list of pairs: whether the example is positive, and its score.
#[must_use]
pub fn figures(scored: &[(bool, f64)]) -> Figures {
    let count = |test: &dyn Fn(bool, bool) -> bool| {
        scored
            .iter()
            .filter(|(positive, score)| test(*positive, *score >= THRESHOLD))
            .count()
    };
    let right = count(&|positive, placed| positive && placed);
    let placed = count(&|_, placed| placed);
    let positive_count = count(&|positive, _| positive);
    Figures {
        precision: ratio(right, placed),
        recall: ratio(right, positive_count),
        f1: ratio(2 * right, placed + positive_count),
        positive_count,
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    // The numbers of labelled texts are exact as 32-bit numbers.
    let number = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

/// Returns the figures in words; `count` is the number of examples.
#[must_use]
pub fn describe(figures: &Figures, count: usize) -> String {
    format!(
        "P {:.2} R {:.2} F1 {:.2} ({} of {count})",
        figures.precision, figures.recall, figures.f1, figures.positive_count
    )
}

/// A term of a concept with its language, as the table writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTerm {
    /// The tag of a language, or `*`.
    pub language: String,
    /// The term.
    pub text: String,
}

/// Returns the table of learned weights: one line `WEIGHT LANG TERM` for each term whose weight changed, by language, then from the highest
/// weight to the lowest, after `head`, each line of which becomes a comment.
#[must_use]
pub fn write_table(head: &str, terms: &[TableTerm], priors: &[f64], weights: &[f64]) -> String {
    let mut rows: Vec<(&str, String, f64, &str)> = Vec::new();
    for ((term, prior), weight) in terms.iter().zip(priors).zip(weights) {
        if (weight - prior).abs() >= MIN_WRITTEN_CHANGE {
            rows.push((&term.language, format!("{weight:.2}"), *weight, &term.text));
        }
    }
    rows.sort_by(|one, other| {
        let weights = other.2.total_cmp(&one.2);
        one.0.cmp(other.0).then(weights).then_with(|| one.3.cmp(other.3))
    });
    let mut out = String::new();
    for line in head.lines() {
        let _ = writeln!(out, "# {line}");
    }
    for (language, weight, _, text) in rows {
        let _ = writeln!(out, "{weight}\t{language}\t{text}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(outlet: &str, is_positive: bool, features: &[(usize, f64)]) -> Example {
        Example {
            outlet: outlet.to_owned(),
            is_positive,
            features: features.to_vec(),
        }
    }

    fn loss(priors: &[f64], weights: &[f64], examples: &[&Example]) -> f64 {
        let penalty: f64 = weights.iter().zip(priors).map(|(weight, prior)| (weight - prior).powi(2)).sum();
        let of_examples: f64 = examples
            .iter()
            .map(|example| {
                let (sign, importance) = if example.is_positive { (1.0, POSITIVE_WEIGHT) } else { (-1.0, 1.0) };
                importance * (-sign * SLOPE * (example.score(weights) - THRESHOLD)).exp().ln_1p()
            })
            .sum();
        of_examples + PRIOR_STRENGTH * penalty
    }

    fn examples() -> Vec<Example> {
        (0..24)
            .map(|number| {
                let outlet = format!("outlet {}", number % 7);
                // Term 0 tells, term 1 misleads, term 2 is in every text.
                let is_positive = number % 3 == 0;
                let telling = usize::from(!is_positive);
                example(
                    &outlet,
                    is_positive,
                    &[(telling, 1.5), (2, if number % 2 == 0 { 1.0 } else { 0.3 })],
                )
            })
            .collect()
    }

    #[test]
    fn no_other_weights_have_a_lower_loss() {
        let (priors, examples) = ([0.5, 0.8, 0.2, 0.7], examples());
        let all: Vec<&Example> = examples.iter().collect();
        let weights = learn_weights(&priors, &all);
        let lowest = loss(&priors, &weights, &all);
        assert!(lowest < loss(&priors, &priors, &all) - 0.1);
        for term in 0..4 {
            for change in [-1e-3, 1e-3] {
                let mut other = weights.clone();
                other[term] += change;
                assert!(loss(&priors, &other, &all) > lowest, "{term} {change}");
            }
        }
    }

    #[test]
    fn telling_terms_gain_and_misleading_ones_lose() {
        let (priors, examples) = ([0.5, 0.8, 0.2], examples());
        let weights = learn_weights(&priors, &examples.iter().collect::<Vec<_>>());
        assert!(weights[0] > 0.6 && weights[1] < 0.6, "{weights:?}");
    }

    #[test]
    fn a_term_without_an_example_keeps_its_weight_and_one_with_the_prior_0_learns() {
        let one = example("a", true, &[(0, 1.5), (1, 1.5), (9, 1.0)]);
        let weights = learn_weights(&[0.4, 0.0, 0.7, 0.0], &[&one]);
        assert!(weights[0] > 0.4 && weights[1] > 0.0);
        assert_eq!(weights[2..], [0.7, 0.0]);
        assert_eq!(learn_weights(&[0.4], &[]), [0.4]);
    }

    #[test]
    fn the_same_examples_give_the_same_weights() {
        let (priors, examples) = ([0.5, 0.8, 0.2], examples());
        let all: Vec<&Example> = examples.iter().collect();
        assert_eq!(learn_weights(&priors, &all), learn_weights(&priors, &all));
    }

    #[test]
    fn no_example_is_scored_by_what_its_outlet_taught() {
        // Only the texts of one outlet say that term 0 tells.
        let mut all = vec![example("only", true, &[(0, 1.0)]); 20];
        all.extend((0..20).map(|number| example(&format!("other {number}"), false, &[(1, 1.0)])));
        let priors = [0.5, 0.5];
        let scores = cross_validate(&all, &|others| learn_weights(&priors, others));
        assert!(scores[..20].iter().all(|score| (score - 0.5).abs() < 1e-9), "{scores:?}");
        assert!(score_all(&learn_weights(&priors, &all.iter().collect::<Vec<_>>()), &all)[0] > 0.8);
    }

    #[test]
    fn the_figures_are_those_of_the_threshold() {
        let scored = [(true, 1.0), (true, 0.99), (false, 1.2), (true, 3.0), (false, -1.0)];
        let expected = Figures {
            precision: 2.0 / 3.0,
            recall: 2.0 / 3.0,
            f1: 2.0 / 3.0,
            positive_count: 3,
        };
        assert_eq!(figures(&scored), expected);
        assert!(figures(&[]).f1 == 0.0);
    }

    #[test]
    fn the_table_holds_the_changed_weights_in_order() {
        let term = |language: &str, text: &str| TableTerm {
            language: language.to_owned(),
            text: text.to_owned(),
        };
        let terms = [
            term("fr", "scrutin"),
            term("en", "junta"),
            term("fr", "junte"),
            term("fr", "ministre"),
        ];
        let table = write_table("Learned.\nF1 0.9", &terms, &[1.0, 1.0, 1.0, 0.2], &[0.9, 1.2, 1.104, 0.21]);
        assert_eq!(table, "# Learned.\n# F1 0.9\n1.20\ten\tjunta\n1.10\tfr\tjunte\n0.90\tfr\tscrutin\n");
    }
}
