//! Learns from labelled entries which words speak for a topic besides its rule, and which against it, by `learn`.

use super::learn::{Example, THRESHOLD, cross_validate, learn_weights};
use super::learned::RuleOutcome;
use super::matcher::MatchedEntry;
use super::rule::CompiledRule;
use super::topic_words::topic_words;
use crate::model::TopicModel;
use std::collections::{HashMap, HashSet};

/// The weight of the rule before anything is learned: without words, the rule alone decides, and an entry is as far above the threshold when it
/// matches as below when it does not.
const RULE_PRIOR: f64 = 2.0 * THRESHOLD;
/// The feature that says whether the rule matches; those of words follow.
const RULE: usize = 0;
/// In how many labelled entries a word has to be.
const MIN_ENTRIES: usize = 3;
/// How many words get a weight, those with the highest absolute weight.
const MAX_WORDS: usize = 500;

/// Labelled entries as a topic learns from them.
#[derive(Debug, Default)]
pub struct TopicLearner {
    /// The features of words, by their stems.
    numbers: HashMap<String, usize>,
    examples: Vec<Example>,
    /// The numbers of entries that the rule refuses: those that belong to the topic, and the others.
    refused: [usize; 2],
}

impl TopicLearner {
    /// Adds a labelled entry of a source. Nothing is learned from an entry that the rule refuses.
    pub fn add(&mut self, rule: &CompiledRule, entry: &MatchedEntry<'_>, sources_in_story: usize, min_score: f64, is_yes: bool) {
        let mut features: Vec<(usize, f64)> = match rule.outcome(entry, sources_in_story, min_score) {
            RuleOutcome::Matches(_) => vec![(RULE, 1.0)],
            RuleOutcome::Misses => Vec::new(),
            RuleOutcome::Refuses => {
                self.refused[usize::from(!is_yes)] += 1;
                return;
            }
        };
        for word in topic_words(&entry.scanned.words) {
            let next = self.numbers.len() + RULE + 1;
            let number = match self.numbers.get(word.stem.as_ref()) {
                Some(known) => *known,
                None => *self.numbers.entry(word.stem.into_owned()).or_insert(next),
            };
            features.push((number, word.factor));
        }
        features.sort_by_key(|(number, _)| *number);
        features.shrink_to_fit();
        self.examples.push(Example {
            outlet: entry.scanned.facts.source_id.to_string(),
            is_positive: is_yes,
            features,
        });
    }

    /// Returns the weights.
    #[must_use]
    pub fn learn(&self) -> TopicModel {
        let weights = self.weights(&self.examples.iter().collect::<Vec<_>>());
        let weight = |number: usize| weights.get(number).copied().unwrap_or_default();
        let words = self.numbers.iter().map(|(stem, number)| (stem.clone(), weight(*number)));
        TopicModel {
            rule_weight: weight(RULE),
            words: words.filter(|(_, weight)| *weight != 0.0).collect(),
        }
    }

    /// Returns how the entries of each source are decided by what those of other sources teach: the numbers of those that are found and belong to the
    /// topic, that are found and do not, that are missed, and that rightly are not found.
    #[must_use]
    pub fn cross_validate(&self) -> [usize; 4] {
        let scores = cross_validate(&self.examples, &|others| self.weights(others));
        let mut counts = [0, 0, self.refused[0], self.refused[1]];
        for (example, score) in self.examples.iter().zip(scores) {
            counts[2 * usize::from(score < THRESHOLD) + usize::from(!example.is_positive)] += 1;
        }
        counts
    }

    /// Returns the weight of each feature, 0 of words that are in too few of `examples` or weigh too little.
    fn weights(&self, examples: &[&Example]) -> Vec<f64> {
        let mut priors = vec![0.0; self.numbers.len() + RULE + 1];
        priors[RULE] = RULE_PRIOR;
        let mut entries = vec![0_usize; priors.len()];
        for (number, _) in examples.iter().flat_map(|example| &example.features) {
            entries[*number] += 1;
        }
        let common = restricted(examples, &|number| entries[number] >= MIN_ENTRIES);
        let weights = learn_weights(&priors, &common.iter().collect::<Vec<_>>());
        let mut strongest: Vec<usize> = (RULE + 1..weights.len()).filter(|number| weights[*number] != 0.0).collect();
        if strongest.len() <= MAX_WORDS {
            return weights;
        }
        // Of equal weights the one that was seen first.
        strongest.sort_by(|one, other| weights[*other].abs().total_cmp(&weights[*one].abs()).then(one.cmp(other)));
        strongest.truncate(MAX_WORDS);
        let kept: HashSet<usize> = strongest.into_iter().collect();
        let fewer = restricted(&common.iter().collect::<Vec<_>>(), &|number| kept.contains(&number));
        learn_weights(&priors, &fewer.iter().collect::<Vec<_>>())
    }
}

/// Returns the examples with the feature of the rule, and those of words that `keeps` accepts.
fn restricted(examples: &[&Example], keeps: &dyn Fn(usize) -> bool) -> Vec<Example> {
    let restricted = examples.iter().map(|example| Example {
        outlet: example.outlet.clone(),
        is_positive: example.is_positive,
        features: (example.features.iter().copied())
            .filter(|(number, _)| *number == RULE || keeps(*number))
            .collect(),
    });
    restricted.collect()
}
