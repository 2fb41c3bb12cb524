//! Learns the table of trees from labelled pages: gradient boosting of the logistic loss with second-order steps (Friedman 2001; Chen and
//! Guestrin 2016), each tree asking two questions.
//!
//! Everything is drawn from fixed seeds, so the same pages give the same table.

use super::features::FeatureVector;
use super::model::{Model, Tree};

/// How many bounds a figure may be asked for.
const BOUNDS: usize = 63;
const TREES: usize = 900;
const STEP: f64 = 0.07;
/// The part of the figures that each tree may ask for, and of the blocks that it learns from, in hundredths.
const FIGURES: u64 = 50;
const BLOCKS: u64 = 80;
/// What holds weights back where few blocks speak for them.
const SHRINK: f64 = 5.0;
/// The least sum of curvatures on each side of a question.
const LEAST: f64 = 12.0;

/// A block to learn from.
pub(super) struct Example<'a> {
    pub row: &'a FeatureVector,
    pub belongs: bool,
    /// How much it counts.
    pub weight: f64,
}

/// Learns a table from examples.
pub(super) fn train(examples: &[Example<'_>]) -> Model {
    let Some(first) = examples.first() else { return Model::default() };
    let columns: Vec<Column> = (0..first.row.len()).map(|figure| Column::new(examples, figure)).collect();
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let held: f64 = examples
        .iter()
        .filter(|example| example.belongs)
        .map(|example| example.weight)
        .sum();
    let start = ((held + 1.0) / (total - held + 1.0)).ln();
    // Weights are scaled so that the sums that hold trees back mean a number of blocks.
    let scale = count(examples.len()) / total;
    let mut odds = vec![start; examples.len()];
    let mut slopes = vec![(0.0, 0.0); examples.len()];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut trees = Vec::with_capacity(TREES);
    let mut leaves = vec![0_u8; examples.len()];
    for _ in 0..TREES {
        for ((slope, odds), example) in slopes.iter_mut().zip(&odds).zip(examples) {
            let probability = 1.0 / (1.0 + (-odds).exp());
            let weight = if random.next() % 100 < BLOCKS {
                example.weight * scale
            } else {
                0.0
            };
            let target = if example.belongs { 1.0 } else { 0.0 };
            *slope = (weight * (probability - target), weight * probability * (1.0 - probability));
        }
        let asked: Vec<usize> = (0..columns.len()).filter(|_| random.next() % 100 < FIGURES).collect();
        let Some(tree) = grow(&columns, &asked, &slopes, &mut leaves) else {
            continue;
        };
        for (odds, leaf) in odds.iter_mut().zip(&leaves) {
            *odds += f64::from(tree.weights[usize::from(*leaf)]);
        }
        trees.push(tree);
    }
    #[expect(clippy::cast_possible_truncation, reason = "log-odds need no more than single precision")]
    let start = start as f32;
    Model {
        figures: first.row.iter().map(|(name, _)| (*name).to_owned()).collect(),
        start,
        trees,
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody labels 2^52 blocks")]
fn count(number: usize) -> f64 {
    number as f64
}

/// One figure of all examples, as places among its bounds.
struct Column {
    bounds: Vec<f32>,
    places: Vec<u8>,
}

impl Column {
    fn new(examples: &[Example<'_>], figure: usize) -> Self {
        let values: Vec<f32> = examples.iter().map(|example| example.row[figure].1).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f32::total_cmp);
        let bounds = bounds(&sorted);
        let places = values
            .iter()
            .map(|value| u8::try_from(bounds.partition_point(|bound| bound <= value)).unwrap_or(u8::MAX))
            .collect();
        Self { bounds, places }
    }
}

/// Chooses bounds between the values that occur, each with about as many examples on its way.
fn bounds(sorted: &[f32]) -> Vec<f32> {
    let mut distinct: Vec<(f32, usize)> = Vec::new();
    for value in sorted {
        match distinct.last_mut() {
            Some((last, times)) if (*last - *value).abs() <= f32::EPSILON * value.abs() => *times += 1,
            _ => distinct.push((*value, 1)),
        }
    }
    let step = sorted.len() / (BOUNDS + 1);
    let mut bounds = Vec::new();
    let mut since = 0;
    for pair in distinct.windows(2) {
        since += pair[0].1;
        if (distinct.len() <= BOUNDS || since >= step) && bounds.len() < BOUNDS {
            let middle = f32::midpoint(pair[0].0, pair[1].0);
            // Three digits are enough to tell figures apart, unless they are closer than that.
            let short = (middle * 1000.0).round() / 1000.0;
            bounds.push(if pair[0].0 < short && short <= pair[1].0 { short } else { middle });
            since = 0;
        }
    }
    bounds
}

type Slopes = (f64, f64);

/// Grows one tree; `leaves` gets the leaf of each example. None when no question helps.
fn grow(columns: &[Column], asked: &[usize], slopes: &[Slopes], leaves: &mut [u8]) -> Option<Tree> {
    leaves.fill(0);
    let root = best_question(columns, asked, slopes, leaves, 0)?;
    let ask = |(figure, bound): (usize, usize)| (figure, columns[figure].bounds[bound]);
    let side = |(figure, bound): (usize, usize), at: usize| u8::from(usize::from(columns[figure].places[at]) <= bound);
    for (at, leaf) in leaves.iter_mut().enumerate() {
        *leaf = side(root, at);
    }
    // Where no further question helps, the first one is asked again, which changes nothing.
    let then = [0, 1].map(|leaf| best_question(columns, asked, slopes, leaves, leaf).unwrap_or(root));
    let mut sums = [(0.0, 0.0); 4];
    for (at, (leaf, slope)) in leaves.iter_mut().zip(slopes).enumerate() {
        *leaf = *leaf << 1 | side(then[usize::from(*leaf)], at);
        let own: &mut Slopes = &mut sums[usize::from(*leaf)];
        own.0 += slope.0;
        own.1 += slope.1;
    }
    #[expect(clippy::cast_possible_truncation, reason = "weights need no more than single precision")]
    let weights = sums.map(|(slope, curve)| (-STEP * slope / (curve + SHRINK)) as f32);
    Some(Tree {
        first: ask(root),
        then: then.map(ask),
        weights,
    })
}

/// Returns the figure, and the place of the bound, that part the examples of a leaf best.
fn best_question(columns: &[Column], asked: &[usize], slopes: &[Slopes], leaves: &[u8], leaf: u8) -> Option<(usize, usize)> {
    let bounds = asked
        .iter()
        .filter_map(|figure| best_bound(&columns[*figure], slopes, leaves, leaf).map(|(gain, bound)| (gain, *figure, bound)));
    let best = bounds.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, figure, bound)| (figure, bound))
}

/// Returns the bound of a figure that parts the examples of a leaf best, with what it gains.
fn best_bound(column: &Column, slopes: &[Slopes], leaves: &[u8], leaf: u8) -> Option<(f64, usize)> {
    let mut sums = vec![(0.0, 0.0); column.bounds.len() + 1];
    for ((place, slope), own) in column.places.iter().zip(slopes).zip(leaves) {
        if *own == leaf {
            let sum: &mut Slopes = &mut sums[usize::from(*place)];
            sum.0 += slope.0;
            sum.1 += slope.1;
        }
    }
    let whole = sums.iter().fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let mut below: Slopes = (0.0, 0.0);
    let mut best = None;
    for (bound, own) in sums.iter().take(column.bounds.len()).enumerate() {
        below = (below.0 + own.0, below.1 + own.1);
        let above = (whole.0 - below.0, whole.1 - below.1);
        if below.1 < LEAST || above.1 < LEAST {
            continue;
        }
        let gain = worth(below) + worth(above) - worth(whole);
        if gain > best.map_or(0.0, |(most, _)| most) {
            best = Some((gain, bound));
        }
    }
    best
}

fn worth((slope, curve): Slopes) -> f64 {
    slope * slope / (curve + SHRINK)
}

/// A xorshift generator (Marsaglia 2003): draws that are the same every time.
pub(super) struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_figures_say_together_is_learned() {
        let mut random = Random(7);
        let rows: Vec<(FeatureVector, bool)> = (0..4000)
            .map(|_| {
                let (a, b) = (random.next() % 100, random.next() % 100);
                let value = |number: u64| f32::from(u8::try_from(number).expect("below 100"));
                (
                    vec![("a", value(a)), ("b", value(b)), ("noise", value(random.next() % 100))],
                    a >= 30 && b < 60,
                )
            })
            .collect();
        let examples: Vec<Example<'_>> = rows
            .iter()
            .map(|(row, belongs)| Example {
                row,
                belongs: *belongs,
                weight: 1.0,
            })
            .collect();
        let table = train(&examples);
        assert_eq!(table, train(&examples), "the same examples give the same table");
        let asked: Vec<FeatureVector> = [(50.0, 10.0), (10.0, 10.0), (50.0, 90.0), (10.0, 90.0)]
            .map(|(a, b)| vec![("a", a), ("b", b), ("noise", 50.0)])
            .into();
        let judged = table.judge(&asked);
        assert!(
            judged[0] > 0.95 && judged[1..].iter().all(|probability| *probability < 0.05),
            "{judged:?}"
        );
    }

    #[test]
    fn nothing_learned_from_nothing() {
        assert_eq!(train(&[]), Model::default());
    }
}
