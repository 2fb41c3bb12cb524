//! Learns the weights of a built-in concept from labelled texts: what its terms are in each text, for `learn`.

use super::about::AboutFound;
use super::builtin;
use super::concept::CompiledConcept;
use super::entry_text::{EntryFacts, EntryWords, OriginalTexts, ScannedEntry};
use super::learn::{Example, TableTerm, cross_validate, describe, figures, learn_weights, score_all, write_table};
use super::pattern::PatternId;
use super::scan::PatternTable;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// A built-in concept whose weights are to be learned.
#[derive(Debug)]
pub struct ConceptLearner {
    name: String,
    table: PatternTable,
    concept: CompiledConcept,
    terms: Vec<TableTerm>,
    priors: Vec<f64>,
    /// The terms of each pattern, by language.
    numbers: HashMap<PatternId, Vec<(Option<&'static str>, usize)>>,
    examples: Vec<Example>,
    /// The language of each example.
    languages: Vec<String>,
}

impl ConceptLearner {
    /// Returns a learner of the vocabulary `name`, without the `@`; `None` when there is none.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let hand_made = builtin::hand_made(name)?;
        let terms = hand_made.iter().map(|term| TableTerm {
            language: term.written.0.to_owned(),
            text: term.written.1.to_owned(),
        });
        let (terms, priors) = (terms.collect(), hand_made.iter().map(|term| term.weight).collect());
        let languages: Vec<Option<&'static str>> = hand_made.iter().map(|term| term.language).collect();
        let mut table = PatternTable::default();
        let (concept, ids) = CompiledConcept::of_terms(hand_made, &mut table);
        let mut numbers: HashMap<PatternId, Vec<(Option<&'static str>, usize)>> = HashMap::new();
        for (number, (id, language)) in ids.into_iter().zip(languages).enumerate() {
            numbers.entry(id).or_default().push((language, number));
        }
        Some(Self {
            name: name.to_owned(),
            table,
            concept,
            terms,
            priors,
            numbers,
            examples: Vec::new(),
            languages: Vec::new(),
        })
    }

    /// Adds a text, as the words that are stored of it. Texts of one outlet are never in two parts of the cross-validation.
    pub fn add(&mut self, facts: EntryFacts<'_>, words: EntryWords<'_>, outlet: &str, is_positive: bool) {
        let mut entry = ScannedEntry::new(facts, words, u32::MAX, &OriginalTexts::default);
        entry.hits = self.table.scan(&entry);
        let about = AboutFound::default();
        let factors = self.concept.find(&entry, &|| &about).factors(&entry);
        let language = entry.language();
        let mut features: Vec<(usize, f64)> = Vec::new();
        for (pattern, factor) in factors {
            let terms = self.numbers.get(&pattern).into_iter().flatten();
            let spoken = terms.filter(|(own, _)| own.is_none_or(|own| language.is_none_or(|language| language == own)));
            // A term with the weight 0 only hides the shorter terms in it: there is nothing to learn of it.
            let learned = spoken.filter(|(_, number)| self.priors.get(*number).is_some_and(|prior| *prior != 0.0));
            features.extend(learned.map(|(_, number)| (*number, factor)));
        }
        features.sort_by_key(|(number, _)| *number);
        self.languages.push(language.unwrap_or("und").to_owned());
        self.examples.push(Example {
            outlet: outlet.to_owned(),
            is_positive,
            features,
        });
    }

    /// Learns the weights; returns the table, whose head has the figures by cross-validation, and a report that has the figures in sample too.
    #[must_use]
    pub fn learn(&self) -> (String, String) {
        let examples: Vec<&Example> = self.examples.iter().collect();
        let weights = learn_weights(&self.priors, &examples);
        let scores = [
            ("by hand", score_all(&self.priors, &self.examples)),
            (
                "cross-validated",
                cross_validate(&self.examples, &|others| learn_weights(&self.priors, others)),
            ),
            ("in sample", score_all(&weights, &self.examples)),
        ];
        let mut report = String::new();
        let mut head = format!(
            "Weights of @{} that were learned; they stand in place of those that were set by hand.\nLearned from {} labelled texts. Figures by \
             cross-validation, no outlet in two of the parts:\n",
            self.name,
            self.examples.len()
        );
        for (how, scores) in &scores {
            for (language, scored) in self.by_language(scores) {
                let line = format!("{language}: {}", describe(&figures(&scored), scored.len()));
                let _ = writeln!(report, "{how} {line}");
                if *how == "cross-validated" {
                    let _ = writeln!(head, "  {line}");
                }
            }
        }
        (write_table(head.trim_end(), &self.terms, &self.priors, &weights), report)
    }

    /// Returns the labels and scores of all texts, then those of each language.
    fn by_language(&self, scores: &[f64]) -> Vec<(&str, Vec<(bool, f64)>)> {
        let mut by_language: BTreeMap<&str, Vec<(bool, f64)>> = BTreeMap::new();
        let mut all = Vec::new();
        for ((example, language), score) in self.examples.iter().zip(&self.languages).zip(scores) {
            all.push((example.is_positive, *score));
            by_language.entry(language).or_default().push((example.is_positive, *score));
        }
        std::iter::once(("all", all)).chain(by_language).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceId, Timestamp};

    #[test]
    fn a_term_that_only_hides_others_learns_nothing() {
        let mut learner = ConceptLearner::new("humanitarian").expect("a vocabulary");
        let source_id = SourceId::new("aube").expect("a slug");
        let facts = EntryFacts {
            source_id: &source_id,
            source: None,
            language: Some("fr"),
            date: Timestamp::from_unix(0),
        };
        let texts = OriginalTexts {
            title: "Un camp militaire et des sinistrés".to_owned(),
            ..OriginalTexts::default()
        };
        for _ in 0..20 {
            learner.add(facts, EntryWords::new(&texts.word_list(), None), "aube", false);
        }
        let (table, _) = learner.learn();
        assert!(table.contains("\tsinistré") && !table.contains("camp militaire"), "{table}");
    }
}
