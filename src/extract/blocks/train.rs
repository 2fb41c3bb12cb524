//! Trains the model on labelled pages: gradient boosting of the logistic loss with second-order steps (Friedman 2001; Chen and Guestrin 2016), on
//! trees of depth two with histograms of thresholds.
//!
//! Every random number comes from a fixed seed, so the same pages give the same model.

use super::features::FeatureVector;
use super::model::{Model, Split, Tree};
use super::xorshift::Xorshift;

/// The largest number of thresholds of a feature.
const MAX_THRESHOLDS: usize = 63;
const TREES: usize = 900;
const LEARNING_RATE: f64 = 0.07;
/// The share of the features that a tree may use, in percent.
const FEATURE_SAMPLE_PERCENT: u64 = 50;
/// The share of the examples that a tree is trained on, in percent.
const EXAMPLE_SAMPLE_PERCENT: u64 = 80;
/// L2 regularization of the weights (lambda in Chen and Guestrin 2016): it reduces weights that few examples support.
const L2_REGULARIZATION: f64 = 5.0;
/// The least sum of second derivatives on each side of a split.
const MIN_CHILD_WEIGHT: f64 = 12.0;

/// A block to train on.
pub(super) struct Example<'a> {
    pub features: &'a FeatureVector,
    pub is_article: bool,
    /// How much it counts, relative to other examples.
    pub weight: f64,
}

/// The first and second derivative of the loss of one example.
type Derivatives = (f64, f64);

/// Returns the model that is trained on `examples`; without any, an empty one.
pub(super) fn train(examples: &[Example<'_>]) -> Model {
    let Some(first) = examples.first() else { return Model::default() };
    let columns: Vec<Column> = (0..first.features.len()).map(|feature| Column::new(examples, feature)).collect();
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let positive: f64 = examples
        .iter()
        .filter(|example| example.is_article)
        .map(|example| example.weight)
        .sum();
    let base_score = ((positive + 1.0) / (total - positive + 1.0)).ln();
    // Weights are scaled to a mean of 1, so that the regularization is in units of examples.
    let scale = to_f64(examples.len()) / total;
    let mut log_odds = vec![base_score; examples.len()];
    let mut derivatives = vec![(0.0, 0.0); examples.len()];
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut trees = Vec::with_capacity(TREES);
    let mut leaves = vec![0_u8; examples.len()];
    for _ in 0..TREES {
        for ((derivatives, log_odds), example) in derivatives.iter_mut().zip(&log_odds).zip(examples) {
            let probability = 1.0 / (1.0 + (-log_odds).exp());
            let weight = if random.happens(EXAMPLE_SAMPLE_PERCENT) {
                example.weight * scale
            } else {
                0.0
            };
            let target = if example.is_article { 1.0 } else { 0.0 };
            *derivatives = (weight * (probability - target), weight * probability * (1.0 - probability));
        }
        let sampled: Vec<usize> = (0..columns.len()).filter(|_| random.happens(FEATURE_SAMPLE_PERCENT)).collect();
        let Some(tree) = grow_tree(&columns, &sampled, &derivatives, &mut leaves) else {
            continue;
        };
        for (log_odds, leaf) in log_odds.iter_mut().zip(&leaves) {
            *log_odds += f64::from(tree.leaves[usize::from(*leaf)]);
        }
        trees.push(tree);
    }
    #[expect(clippy::cast_possible_truncation, reason = "log-odds need no more than single precision")]
    let base_score = base_score as f32;
    Model {
        features: first.features.iter().map(|(name, _)| (*name).to_owned()).collect(),
        base_score,
        trees,
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody labels 2^52 blocks")]
fn to_f64(count: usize) -> f64 {
    count as f64
}

/// The values of one feature of all examples, as the number of thresholds at or below each.
struct Column {
    thresholds: Vec<f32>,
    bins: Vec<u8>,
}

impl Column {
    fn new(examples: &[Example<'_>], feature: usize) -> Self {
        let values: Vec<f32> = examples.iter().map(|example| example.features[feature].1).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f32::total_cmp);
        let thresholds = thresholds(&sorted);
        let bins = values
            .iter()
            .map(|value| u8::try_from(thresholds.partition_point(|threshold| threshold <= value)).unwrap_or(u8::MAX))
            .collect();
        Self { thresholds, bins }
    }
}

/// Returns thresholds between the values that occur, at quantiles where there are more values than thresholds.
fn thresholds(sorted: &[f32]) -> Vec<f32> {
    let mut distinct: Vec<(f32, usize)> = Vec::new();
    for value in sorted {
        match distinct.last_mut() {
            Some((last, times)) if (*last - *value).abs() <= f32::EPSILON * value.abs() => *times += 1,
            _ => distinct.push((*value, 1)),
        }
    }
    let bin_examples = sorted.len() / (MAX_THRESHOLDS + 1);
    let mut thresholds = Vec::new();
    let mut in_bin = 0;
    for pair in distinct.windows(2) {
        in_bin += pair[0].1;
        if (distinct.len() <= MAX_THRESHOLDS || in_bin >= bin_examples) && thresholds.len() < MAX_THRESHOLDS {
            let middle = f32::midpoint(pair[0].0, pair[1].0);
            // Three decimals separate values, unless they are closer together than that.
            let rounded = (middle * 1000.0).round() / 1000.0;
            thresholds.push(if pair[0].0 < rounded && rounded <= pair[1].0 {
                rounded
            } else {
                middle
            });
            in_bin = 0;
        }
    }
    thresholds
}

/// The index of a feature and the index of one of its thresholds.
type BinnedSplit = (usize, usize);

/// Returns one tree, and sets `leaves` to the index of each example's leaf; none when no split improves the loss.
fn grow_tree(columns: &[Column], sampled: &[usize], derivatives: &[Derivatives], leaves: &mut [u8]) -> Option<Tree> {
    leaves.fill(0);
    let root = best_split(columns, sampled, derivatives, leaves, 0)?;
    let split = |(feature, threshold): BinnedSplit| -> Split { (feature, columns[feature].thresholds[threshold]) };
    let holds = |(feature, threshold): BinnedSplit, example: usize| u8::from(usize::from(columns[feature].bins[example]) <= threshold);
    for (example, leaf) in leaves.iter_mut().enumerate() {
        *leaf = holds(root, example);
    }
    // Where no further split improves the loss, the root's is repeated, which changes nothing.
    let children = [0, 1].map(|leaf| best_split(columns, sampled, derivatives, leaves, leaf).unwrap_or(root));
    let mut sums = [(0.0, 0.0); 4];
    for (example, (leaf, derivatives)) in leaves.iter_mut().zip(derivatives).enumerate() {
        *leaf = *leaf << 1 | holds(children[usize::from(*leaf)], example);
        let sum: &mut Derivatives = &mut sums[usize::from(*leaf)];
        sum.0 += derivatives.0;
        sum.1 += derivatives.1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights need no more than single precision")]
    let weights = sums.map(|(first, second)| (-LEARNING_RATE * first / (second + L2_REGULARIZATION)) as f32);
    Some(Tree {
        root: split(root),
        children: children.map(split),
        leaves: weights,
    })
}

/// Returns the split that improves the loss of the examples of a leaf most.
fn best_split(columns: &[Column], sampled: &[usize], derivatives: &[Derivatives], leaves: &[u8], leaf: u8) -> Option<BinnedSplit> {
    let splits = sampled.iter().filter_map(|feature| {
        best_threshold(&columns[*feature], derivatives, leaves, leaf).map(|(gain, threshold)| (gain, *feature, threshold))
    });
    let best = splits.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, feature, threshold)| (feature, threshold))
}

/// Returns the index of the threshold of a feature that improves the loss of the examples of a leaf most, with its gain.
fn best_threshold(column: &Column, derivatives: &[Derivatives], leaves: &[u8], leaf: u8) -> Option<(f64, usize)> {
    let mut histogram = vec![(0.0, 0.0); column.thresholds.len() + 1];
    for ((bin, derivatives), own) in column.bins.iter().zip(derivatives).zip(leaves) {
        if *own == leaf {
            let sum: &mut Derivatives = &mut histogram[usize::from(*bin)];
            sum.0 += derivatives.0;
            sum.1 += derivatives.1;
        }
    }
    let total = histogram.iter().fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let mut below: Derivatives = (0.0, 0.0);
    let mut best = None;
    for (threshold, own) in histogram.iter().take(column.thresholds.len()).enumerate() {
        below = (below.0 + own.0, below.1 + own.1);
        let above = (total.0 - below.0, total.1 - below.1);
        if below.1 < MIN_CHILD_WEIGHT || above.1 < MIN_CHILD_WEIGHT {
            continue;
        }
        let gain = leaf_score(below) + leaf_score(above) - leaf_score(total);
        if gain > best.map_or(0.0, |(most, _)| most) {
            best = Some((gain, threshold));
        }
    }
    best
}

fn leaf_score((first, second): Derivatives) -> f64 {
    first * first / (second + L2_REGULARIZATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interaction_of_two_features_is_learned() {
        let mut random = Xorshift(7);
        let vectors: Vec<(FeatureVector, bool)> = (0..4000)
            .map(|_| {
                let (a, b) = (random.next() % 100, random.next() % 100);
                let value = |number: u64| f32::from(u8::try_from(number).expect("below 100"));
                (
                    vec![("a", value(a)), ("b", value(b)), ("noise", value(random.next() % 100))],
                    a >= 30 && b < 60,
                )
            })
            .collect();
        let examples: Vec<Example<'_>> = vectors
            .iter()
            .map(|(features, is_article)| Example {
                features,
                is_article: *is_article,
                weight: 1.0,
            })
            .collect();
        let model = train(&examples);
        assert_eq!(model, train(&examples), "the same examples give the same model");
        let blocks: Vec<FeatureVector> = [(50.0, 10.0), (10.0, 10.0), (50.0, 90.0), (10.0, 90.0)]
            .map(|(a, b)| vec![("a", a), ("b", b), ("noise", 50.0)])
            .into();
        let predicted = model.predict(&blocks);
        assert!(
            predicted[0] > 0.95 && predicted[1..].iter().all(|probability| *probability < 0.05),
            "{predicted:?}"
        );
    }

    #[test]
    fn without_examples_the_model_is_empty() {
        assert_eq!(train(&[]), Model::default());
    }
}
