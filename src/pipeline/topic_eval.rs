//! `griot topic eval`: how a topic's rule does on entries that people have labelled.

use super::entry_reader::EntryReader;
use super::lab_topic::LabText;
use super::labels::for_each_label;
use super::prepare::Prepared;
use super::topic_learn::{LabelTally, missing_labels, newest};
use super::topic_rule::TopicRule;
use crate::config::Expectation;
use crate::curate::{MatchedEntry, Need, TopicLearner};
use crate::model::{EntryId, Reason, Timestamp};
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;

/// How near the other verdict a near miss is: a fifth of what is needed.
const NEAR: f64 = 0.2;

/// A labelled text of a file.
#[derive(Debug)]
pub struct LabelledText {
    /// Its id in the file.
    pub id: String,
    /// The text.
    pub text: LabText,
    /// Whether it belongs to the topic.
    pub is_yes: bool,
}

/// How the rule does on one labelled entry.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The id of the entry, or of the text in its file.
    pub id: String,
    /// The id as it is printed for people.
    pub short_id: String,
    /// Its headline.
    pub title: String,
    /// Whether it belongs to the topic.
    pub is_yes: bool,
    /// Whether the rule finds it.
    pub is_found: bool,
    /// Its score; none when the rule does not match.
    pub score: Option<f64>,
    /// How far it is from the other verdict, as a share of what is needed.
    pub margin: f64,
    /// What it lacks, when it is not found.
    pub needs: Vec<Need>,
    /// The clauses that match, with their words, when it is found.
    pub reasons: Vec<Reason>,
}

/// The numbers of entries that are found and belong there, that are found and do not, that are missed, and that rightly are not found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts(pub [usize; 4]);

/// How a rule does.
#[derive(Debug, Default)]
pub struct EvalReport {
    /// All labelled entries. Of a topic that has learned from them they say too much.
    pub counts: Counts,
    /// Of a topic that learns, the same by weights that were learned from the entries of other sources than those that are counted.
    pub cross_validated: Option<Counts>,
    /// Of a topic that is to learn, how many entries are labelled when they are too few.
    pub too_few: Option<LabelTally>,
    /// Those that the rule gets wrong.
    pub wrong: Vec<Outcome>,
    /// Those that it gets right by little.
    pub near: Vec<Outcome>,
    /// Labelled entries that are no longer stored.
    pub missing: usize,
    /// What feeds.toml expects.
    pub expect: Option<Expectation>,
}

impl Counts {
    /// Returns the share of what is found that belongs there; none when nothing is found.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        let [right, wrong, ..] = self.0;
        ratio(right, right + wrong)
    }

    /// Returns the share of what belongs there that is found; none when nothing belongs there.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        let [right, _, missed, _] = self.0;
        ratio(right, right + missed)
    }

    /// Returns the harmonic mean of both.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let [right, wrong, missed, _] = self.0;
        ratio(2 * right, 2 * right + wrong + missed)
    }
}

impl EvalReport {
    /// Returns whether what feeds.toml expects is reached, by cross-validation where the topic learns; a figure that cannot be told is not.
    #[must_use]
    pub fn is_expectation_met(&self) -> bool {
        let counts = self.cross_validated.unwrap_or(self.counts);
        self.expect.as_ref().is_none_or(|expect| {
            counts.precision().is_some_and(|precision| precision >= expect.precision)
                && counts.recall().is_some_and(|recall| recall >= expect.recall)
        })
    }

    fn add(&mut self, outcome: Outcome) {
        let place = match (outcome.is_found, outcome.is_yes) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        self.counts.0[place] += 1;
        if outcome.is_found != outcome.is_yes {
            self.wrong.push(outcome);
        } else if outcome.margin.abs() <= NEAR {
            self.near.push(outcome);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are few labels")]
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Evaluates a rule, with what the topic has learned, on the topic's labelled entries.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn eval_marks(prepared: &Prepared, store: &Store, rule: &TopicRule) -> Result<EvalReport, StoreError> {
    let mut report = report_of(rule);
    let reader = EntryReader { store, prepared };
    let labels = store.labels(&rule.topic.id)?;
    let learns_from: BTreeSet<EntryId> = if rule.topic.learn && LabelTally::of(&labels).is_enough() {
        newest(&labels).iter().map(|(entry, _)| *entry).collect()
    } else {
        BTreeSet::new()
    };
    let mut learner = TopicLearner::default();
    report.missing = for_each_label(reader, &labels, &mut |labelled| {
        let outcome = reader.matched(&rule.matcher, labelled.entry, labelled.words, |matched| {
            if learns_from.contains(&labelled.entry.id) {
                learner.add(&rule.rule, matched, labelled.sources, rule.topic.min_score, labelled.is_yes);
            }
            outcome(
                rule,
                matched,
                labelled.sources,
                [labelled.entry.id.to_string(), labelled.entry.id.short()],
                &labelled.entry.title,
                labelled.is_yes,
            )
        });
        report.add(outcome);
    })?;
    report.cross_validated = (!learns_from.is_empty()).then(|| Counts(learner.cross_validate()));
    report.too_few = missing_labels(store, &rule.topic)?;
    Ok(report)
}

/// Evaluates a rule on the texts of a file, which are dated `now`.
#[must_use]
pub fn eval_texts(rule: &TopicRule, texts: &[LabelledText], now: Timestamp) -> EvalReport {
    let mut report = report_of(rule);
    for labelled in texts {
        let outcome = labelled.text.matched(&rule.matcher, now, |matched| {
            outcome(
                rule,
                matched,
                1,
                [labelled.id.clone(), labelled.id.clone()],
                &labelled.text.title,
                labelled.is_yes,
            )
        });
        report.add(outcome);
    }
    report
}

fn report_of(rule: &TopicRule) -> EvalReport {
    EvalReport {
        expect: rule.topic.expect.clone(),
        ..EvalReport::default()
    }
}

fn outcome(
    rule: &TopicRule,
    matched: &MatchedEntry<'_>,
    sources: usize,
    [id, short_id]: [String; 2],
    title: &str,
    is_yes: bool,
) -> Outcome {
    let explanation = rule
        .rule
        .explain_decision(matched, sources, rule.topic.min_score, rule.model.as_ref());
    let verdict = rule.decide(matched, sources);
    Outcome {
        id,
        short_id,
        title: title.to_owned(),
        is_yes,
        is_found: explanation.is_met,
        score: explanation.score,
        margin: explanation.margin,
        needs: explanation.needs,
        reasons: verdict.map(|verdict| verdict.reasons(matched, &[])).unwrap_or_default(),
    }
}
