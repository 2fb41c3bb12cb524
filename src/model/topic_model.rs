//! What a topic with `learn` has learned from the labels of its entries: the weights of its rule and of words.

use super::digest::{Digest128, Digester};
use super::id::TopicId;
use super::time::Timestamp;
use std::collections::HashMap;

/// The weights of a linear model. An entry's score is the weight of the rule, where the rule matches, and the weight of each of its words times how
/// prominent the word is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TopicModel {
    /// The weight of the topic's rule.
    pub rule_weight: f64,
    /// The weights of words, by their folded stems.
    pub words: HashMap<String, f64>,
}

impl TopicModel {
    /// Returns the words with their weights, the highest first, words of the same weight in alphabetical order.
    #[must_use]
    pub fn by_weight(&self) -> Vec<(&str, f64)> {
        let mut words: Vec<(&str, f64)> = self.words.iter().map(|(word, weight)| (word.as_str(), *weight)).collect();
        words.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
        words
    }

    /// Returns a digest that changes when a weight does.
    #[must_use]
    pub fn digest(&self) -> Digest128 {
        let mut digester = Digester::new();
        digester.update(&self.rule_weight.to_bits().to_le_bytes());
        for (word, weight) in self.by_weight() {
            digester.update_terminated(word).update(&weight.to_bits().to_le_bytes());
        }
        digester.finish()
    }
}

/// When and from what a topic has last learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicLearning {
    /// The topic.
    pub topic: TopicId,
    /// How many labels had been given then.
    pub label_count: u64,
    /// The digest of all that decided about its entries besides the labels.
    pub rule: Digest128,
    /// When it was.
    pub learned: Timestamp,
    /// The digest of the weights; none where the labels were too few to learn any.
    pub digest: Option<Digest128>,
}
