//! Topics that learn: a linear model of the rule and of words decides with the rule, within what the rule refuses.
//!
//! The score of an entry is the weight of the rule, where the rule matches, plus the sum over the entry's words of weight × prominence. It belongs to
//! the topic when that is [`THRESHOLD`] or more. `topic_learner` learns the weights.

use super::entry_text::ScannedEntry;
use super::evaluate::{Evaluation, TopicVerdict};
use super::explained::{ExplainedLearning, ExplainedTerm, Explanation, Lack, Need};
use super::expression::{Expression, Predicate};
use super::learn::THRESHOLD;
use super::matcher::MatchedEntry;
use super::position::{Hit, WordPosition};
use super::rule::CompiledRule;
use super::topic_words::topic_words;
use crate::model::{Reason, TopicModel};

/// How many words a reason names.
const MAX_REASON_WORDS: usize = 5;
/// How many words an explanation lists.
const MAX_EXPLAINED_WORDS: usize = 12;
/// The clause of a reason or a need that is not of the rule.
const CLAUSE: &str = "learned";

/// What a rule says of an entry to the model.
#[derive(Debug)]
pub(super) enum RuleOutcome<'r> {
    /// It matches.
    Matches(TopicVerdict<'r>),
    /// It does not match, but refuses nothing.
    Misses,
    /// It keeps the entry out, whatever was learned.
    Refuses,
}

/// A learned word in an entry.
struct LearnedWord {
    position: WordPosition,
    weight: f64,
    factor: f64,
}

impl LearnedWord {
    fn share(&self) -> f64 {
        self.weight * self.factor
    }
}

impl CompiledRule {
    /// Returns why the entry belongs to the topic, or `None` when it does not: by the rule with at least the score `min_score`, or by the rule and
    /// `model`, where there is one. The score of an entry that only the model takes in is `min_score`.
    #[must_use]
    pub fn decide(
        &self,
        entry: &MatchedEntry<'_>,
        sources_in_story: usize,
        min_score: f64,
        model: Option<&TopicModel>,
    ) -> Option<TopicVerdict<'_>> {
        let Some(model) = model else {
            let verdict = self.evaluate(entry, sources_in_story);
            return verdict.filter(|verdict| verdict.score >= min_score);
        };
        let outcome = self.outcome(entry, sources_in_story, min_score);
        let (mut verdict, of_rule) = match outcome {
            RuleOutcome::Matches(verdict) => (verdict, model.rule_weight),
            RuleOutcome::Misses => (TopicVerdict::with_score(min_score), 0.0),
            RuleOutcome::Refuses => return None,
        };
        let words = learned_words(&entry.scanned, model);
        if of_rule + sum(&words) < THRESHOLD {
            return None;
        }
        verdict.learned = reasons(&entry.scanned, words);
        Some(verdict)
    }

    /// Returns what the rule says to a model.
    pub(super) fn outcome(&self, entry: &MatchedEntry<'_>, sources_in_story: usize, min_score: f64) -> RuleOutcome<'_> {
        match self.evaluate(entry, sources_in_story) {
            Some(verdict) if verdict.score >= min_score => RuleOutcome::Matches(verdict),
            Some(_) => RuleOutcome::Refuses,
            None if refuses(&Evaluation { entry, sources_in_story }, &self.root) => RuleOutcome::Refuses,
            None => RuleOutcome::Misses,
        }
    }

    /// Explains what [`Self::decide`] decides.
    #[must_use]
    pub fn explain_decision(
        &self,
        entry: &MatchedEntry<'_>,
        sources_in_story: usize,
        min_score: f64,
        model: Option<&TopicModel>,
    ) -> Explanation {
        let mut explanation = self.explain(entry, sources_in_story, min_score);
        let Some(model) = model else { return explanation };
        let outcome = self.outcome(entry, sources_in_story, min_score);
        let rule = matches!(outcome, RuleOutcome::Matches(_)).then_some(model.rule_weight);
        let words = learned_words(&entry.scanned, model);
        let (of_words, is_refused) = (sum(&words), matches!(outcome, RuleOutcome::Refuses));
        let score = rule.unwrap_or_default() + of_words;
        explanation.is_met = !is_refused && score >= THRESHOLD;
        if !is_refused {
            explanation.margin = (score - THRESHOLD).clamp(-1.0, 1.0);
        }
        if explanation.is_met {
            explanation.needs.clear();
        } else if model.rule_weight + of_words < THRESHOLD {
            // It would not be enough that the rule matches.
            explanation.needs.push(Need {
                clause: CLAUSE.to_owned(),
                lack: Lack::Score(THRESHOLD - model.rule_weight - of_words),
            });
        }
        explanation.learning = Some(ExplainedLearning {
            score,
            needed_score: THRESHOLD,
            rule,
            is_refused,
            words: (strongest(words).into_iter().take(MAX_EXPLAINED_WORDS))
                .map(|word| ExplainedTerm {
                    words: entry.found_words(&hit(&word)),
                    weight: word.weight,
                    factor: word.factor,
                    is_sufficient: false,
                })
                .collect(),
        });
        explanation
    }
}

/// Returns whether an entry that an expression does not match must not get in by other words: since an excluded part matches, since a fact about the
/// entry, its source or its story is another one, or since it is about other countries.
fn refuses(evaluation: &Evaluation<'_, '_>, expression: &Expression) -> bool {
    match expression {
        Expression::All(parts) => parts.iter().any(|part| refuses(evaluation, part)),
        // A topic without a rule holds what is pinned to it.
        Expression::Any(parts) => parts.iter().all(|part| refuses(evaluation, part)),
        Expression::Not(part) => evaluation.score(part).is_some(),
        Expression::Clause(clause) => match &clause.predicate {
            Predicate::Topic(topics) => refuses(evaluation, &topics.rules),
            predicate => is_fact(evaluation.entry, predicate) && evaluation.match_clause(clause).is_none(),
        },
    }
}

/// Returns whether a clause asks for a fact, and not for words.
fn is_fact(entry: &MatchedEntry<'_>, predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Property(..) | Predicate::About(_) | Predicate::Genre(_) | Predicate::Date(_) | Predicate::SourceCount(..) => true,
        Predicate::Concept(name, _) => !entry.concept_countries(name).is_empty(),
        _ => false,
    }
}

/// Returns the words of the entry that have a weight, in their order, in which they are always added up.
fn learned_words(entry: &ScannedEntry<'_>, model: &TopicModel) -> Vec<LearnedWord> {
    let words = topic_words(&entry.words).into_iter();
    let learned = words.filter_map(|word| {
        Some(LearnedWord {
            weight: *model.words.get(word.stem.as_ref())?,
            position: word.position,
            factor: word.factor,
        })
    });
    learned.collect()
}

fn sum(words: &[LearnedWord]) -> f64 {
    words.iter().map(LearnedWord::share).sum()
}

/// Returns the words, those that weigh most first.
fn strongest(mut words: Vec<LearnedWord>) -> Vec<LearnedWord> {
    words.sort_by(|one, other| {
        other
            .share()
            .abs()
            .total_cmp(&one.share().abs())
            .then(one.position.cmp(&other.position))
    });
    words
}

const fn hit(word: &LearnedWord) -> Hit {
    Hit {
        start: word.position,
        word_count: 1,
    }
}

/// Returns a reason for each field that holds one of the words that weigh most: the folded words, each with what it adds to the score.
fn reasons(entry: &ScannedEntry<'_>, words: Vec<LearnedWord>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for word in strongest(words).into_iter().take(MAX_REASON_WORDS) {
        let field = word.position.zone.name();
        let told = format!("{} {:+.2}", entry.words.text(&hit(&word)), word.share());
        let position = u32::try_from(word.position.word).unwrap_or(u32::MAX);
        match reasons.iter_mut().find(|reason| reason.field == field) {
            Some(reason) => {
                reason.words = format!("{}, {told}", reason.words);
                reason.positions.push(position);
            }
            None => reasons.push(Reason {
                clause: CLAUSE.to_owned(),
                field: field.to_owned(),
                words: told,
                positions: vec![position],
            }),
        }
    }
    reasons
}
