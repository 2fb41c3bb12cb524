//! The model that predicts whether a block belongs to the article: gradient-boosted decision trees, with their text form.
//!
//! A line is one tree of depth two, such as `link density < 0.3 | words < 4: -0.2 0.5 | last character < 1.5: -0.4 -0.1`: the split of the root;
//! the split where the root's holds, with the weights for where it holds and where not; and the split where the root's does not hold. The
//! weights of all trees add up to the log-odds that the block belongs to the article. `griot lab blocks` trains it; see
//! docs/design/0011-block-choice.md.

use super::features::FeatureVector;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

static TRAINED: LazyLock<Model> = LazyLock::new(|| include_str!("gbdt.txt").parse().expect("a test reads the model"));

/// The least probability with which a block is predicted to belong to the article.
pub(super) const MIN_ARTICLE_PROBABILITY: f32 = 0.5;
/// How many blocks are predicted at once.
const BATCH_BLOCKS: usize = 16;

/// The index of a feature in the model's list, and the threshold below which the split holds.
pub(super) type Split = (usize, f32);

/// A root and the splits below it, where the root does not hold (0) and where it holds (1).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub root: Split,
    pub children: [Split; 2],
    /// The weight of each leaf, at twice the root's result plus the child's.
    pub leaves: [f32; 4],
}

/// A trained model.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Model {
    /// The names of the features that the trees use.
    pub features: Vec<String>,
    /// The log-odds before any tree is added.
    pub base_score: f32,
    pub trees: Vec<Tree>,
}

/// A line that is none of a model.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not a tree of a model: `{text}`")]
pub(super) struct ModelError {
    line: usize,
    text: String,
}

impl Tree {
    /// Adds the weight of each block of a batch to its sum. All splits are computed, so that the compiler can make vector instructions of the
    /// loop.
    fn add_to(&self, sums: &mut [f32; BATCH_BLOCKS], values: &[[f32; BATCH_BLOCKS]]) {
        let [root, no, yes] = [self.root, self.children[0], self.children[1]].map(|(feature, threshold)| (&values[feature], threshold));
        let [no_no, no_yes, yes_no, yes_yes] = self.leaves;
        for (block, sum) in sums.iter_mut().enumerate() {
            let if_no = if no.0[block] < no.1 { no_yes } else { no_no };
            let if_yes = if yes.0[block] < yes.1 { yes_yes } else { yes_no };
            *sum += if root.0[block] < root.1 { if_yes } else { if_no };
        }
    }

    fn weight(&self, values: &[f32]) -> f32 {
        let (root, child) = self.path(values);
        self.leaves[2 * root + child]
    }

    /// Returns whether the root holds and whether the child that follows holds, as 0 or 1.
    fn path(&self, values: &[f32]) -> (usize, usize) {
        let holds = |(feature, threshold): Split| usize::from(values[feature] < threshold);
        let root = holds(self.root);
        (root, holds(self.children[root]))
    }
}

impl Model {
    /// Returns the model that was trained on the labelled pages.
    pub(super) fn trained() -> &'static Self {
        &TRAINED
    }

    /// Returns the probability that a block belongs to the article, for each vector of features.
    pub(super) fn predict(&self, vectors: &[FeatureVector]) -> Vec<f32> {
        let indexes = self.feature_indexes(vectors);
        let mut probabilities = Vec::with_capacity(vectors.len());
        let mut values = vec![[0.0; BATCH_BLOCKS]; indexes.len()];
        for batch in vectors.chunks(BATCH_BLOCKS) {
            for (values, index) in values.iter_mut().zip(&indexes) {
                for (value, vector) in values.iter_mut().zip(batch) {
                    *value = vector.get(*index).map_or(0.0, |(_, value)| *value);
                }
            }
            let mut sums = [self.base_score; BATCH_BLOCKS];
            for tree in &self.trees {
                tree.add_to(&mut sums, &values);
            }
            probabilities.extend(sums[..batch.len()].iter().map(|sum| 1.0 / (1.0 + (-sum).exp())));
        }
        probabilities
    }

    /// Returns each feature with its value and what it added to the log-odds, the largest contribution first. A tree's weight is divided between
    /// its two splits.
    pub(super) fn contributions(&self, vector: &FeatureVector) -> Vec<(&'static str, f32, f32)> {
        let indexes = self.feature_indexes(std::slice::from_ref(vector));
        let values: Vec<f32> = indexes
            .iter()
            .map(|index| vector.get(*index).map_or(0.0, |(_, value)| *value))
            .collect();
        let mut sums = vec![0.0_f32; self.features.len()];
        for tree in &self.trees {
            let half = tree.weight(&values) / 2.0;
            sums[tree.root.0] += half;
            sums[tree.children[tree.path(&values).0].0] += half;
        }
        let mut contributions: Vec<_> = indexes
            .iter()
            .zip(sums)
            .filter_map(|(index, sum)| vector.get(*index).map(|(name, value)| (*name, *value, sum)))
            .collect();
        contributions.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        contributions
    }

    /// Returns the index of each of the model's features in the vectors.
    fn feature_indexes(&self, vectors: &[FeatureVector]) -> Vec<usize> {
        let vector = vectors.first().into_iter().flatten();
        let indexes: HashMap<&str, usize> = vector.enumerate().map(|(index, (name, _))| (*name, index)).collect();
        self.features
            .iter()
            .map(|name| indexes.get(name.as_str()).copied().unwrap_or(usize::MAX))
            .collect()
    }

    /// Returns the index of a feature, which is added if it is new.
    fn feature(&mut self, name: &str) -> usize {
        let known = self.features.iter().position(|feature| feature == name);
        known.unwrap_or_else(|| {
            self.features.push(name.to_owned());
            self.features.len() - 1
        })
    }

    fn add_line(&mut self, line: &str) -> Option<()> {
        if let Some(score) = line.strip_prefix("base score ") {
            self.base_score = score.trim().parse().ok()?;
            return Some(());
        }
        let mut parts = line.split(" | ");
        let root = self.split(parts.next()?)?;
        let (yes, leaves_of_yes) = self.child(parts.next()?)?;
        let (no, leaves_of_no) = self.child(parts.next()?)?;
        self.trees.push(Tree {
            root,
            children: [no, yes],
            leaves: [leaves_of_no[0], leaves_of_no[1], leaves_of_yes[0], leaves_of_yes[1]],
        });
        parts.next().is_none().then_some(())
    }

    /// Reads a split and its leaves, which are written in the order yes, no and returned in the order no, yes.
    fn child(&mut self, text: &str) -> Option<(Split, [f32; 2])> {
        let (split, leaves) = text.split_once(": ")?;
        let (yes, no) = leaves.split_once(' ')?;
        Some((self.split(split)?, [no.parse().ok()?, yes.parse().ok()?]))
    }

    fn split(&mut self, text: &str) -> Option<Split> {
        let (name, threshold) = text.rsplit_once(" < ")?;
        Some((self.feature(name), threshold.parse().ok()?))
    }
}

impl std::str::FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::default();
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            model.add_line(line).ok_or_else(|| ModelError {
                line: at + 1,
                text: line.to_owned(),
            })?;
        }
        Ok(model)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "base score {:.4}", self.base_score)?;
        for tree in &self.trees {
            let [no_no, no_yes, yes_no, yes_yes] = tree.leaves;
            let split = |(feature, threshold): Split| format!("{} < {threshold}", self.features[feature]);
            writeln!(
                f,
                "{} | {}: {yes_yes:.4} {yes_no:.4} | {}: {no_yes:.4} {no_no:.4}",
                split(tree.root),
                split(tree.children[1]),
                split(tree.children[0])
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_TREES: &str = "# a comment\nbase score -1\nlinks < 0.5 | words < 3: 0.25 2 | words < 9: 0 0.5\nwords < 10 | links < 1: -1 -2 | links < 0.5: 1 -3\n";

    #[test]
    fn a_model_is_read_and_written() {
        let model: Model = TWO_TREES.parse().expect("a model");
        assert_eq!(model.features, ["links", "words"]);
        assert_eq!(model.to_string().parse(), Ok(model));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = "base score 0\nwords < 3 | links < 1: 1\n"
            .parse::<Model>()
            .expect_err("one weight is missing");
        assert_eq!(error.to_string(), "line 2 is not a tree of a model: `words < 3 | links < 1: 1`");
    }

    #[test]
    fn the_weights_of_all_trees_add_up() {
        let model: Model = TWO_TREES.parse().expect("a model");
        let vector: FeatureVector = vec![("words", 20.0), ("links", 0.1)];
        let probabilities = model.predict(std::slice::from_ref(&vector));
        // -1 + 2 (few links, many words) + 1
        let many = model.predict(&vec![vector.clone(); BATCH_BLOCKS + 1]);
        assert_eq!(many, vec![probabilities[0]; BATCH_BLOCKS + 1]);
        assert!((probabilities[0] - 0.880_797).abs() < 1e-5, "{probabilities:?}");
        assert!(model.predict(&[]).is_empty(), "a page without blocks");
        let contributions = model.contributions(&vector);
        assert!(
            contributions.len() == 2 && contributions.iter().all(|(_, _, weight)| (weight - 1.5).abs() < 1e-6),
            "{contributions:?}"
        );
    }

    #[test]
    fn the_trained_model_uses_features_that_are_computed() {
        let model = Model::trained();
        assert!(model.trees.len() > 100);
        let computed = super::super::feature_names();
        for feature in &model.features {
            assert!(computed.contains(&feature.as_str()), "{feature}");
        }
    }
}
