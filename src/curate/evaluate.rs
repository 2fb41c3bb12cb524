//! Evaluates a compiled rule on an entry: whether it matches, with which score, and by which words.

use super::entry_text::{IndexedEntry, Zone};
use super::field::Property;
use super::matcher::{Hit, find_hits};
use super::query::{Clause, Comparison, Expression, Predicate};
use super::rule::CompiledRule;
use crate::model::Reason;

/// How many different words of one zone a reason quotes.
const MAX_QUOTES: usize = 5;

/// The result of a rule that matches an entry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicVerdict {
    /// The sum over the clauses that match of their boost times the weight of the best zone (title 4, summary 2, body 1).
    pub score: f64,
    /// The clauses that match, each with the words in its best zone.
    pub reasons: Vec<Reason>,
}

impl CompiledRule {
    /// Returns why the rule matches the entry, or `None` when it does not. `sources_in_story` is the number of different sources of its story.
    #[must_use]
    pub fn evaluate(&self, entry: &IndexedEntry, sources_in_story: usize) -> Option<TopicVerdict> {
        let evaluation = Evaluation {
            rule: self,
            entry,
            sources_in_story,
        };
        let mut verdict = TopicVerdict::default();
        evaluation.matches(&self.root, &mut verdict).then_some(verdict)
    }
}

struct Evaluation<'e, 'a> {
    rule: &'e CompiledRule,
    entry: &'e IndexedEntry<'a>,
    sources_in_story: usize,
}

/// What a clause matched.
enum Match {
    /// A property or a number, by the field's name and the entry's value.
    Value(&'static str, String),
    /// Words in a zone.
    Words(Zone, String),
}

impl Evaluation<'_, '_> {
    /// Returns whether an expression matches. The reasons of its clauses are added to `verdict` only when it does.
    fn matches(&self, expression: &Expression, verdict: &mut TopicVerdict) -> bool {
        match expression {
            Expression::All(parts) => {
                let before = verdict.clone();
                let matches = parts.iter().all(|part| self.matches(part, verdict));
                if !matches {
                    *verdict = before;
                }
                matches
            }
            // All alternatives are evaluated: each that matches is a reason of its own.
            Expression::Any(parts) => parts.iter().filter(|part| self.matches(part, verdict)).count() > 0,
            Expression::Not(part) => !self.matches(part, &mut TopicVerdict::default()),
            Expression::Clause(clause) => match self.match_clause(clause) {
                Some(found) => {
                    add_reason(verdict, clause, found);
                    true
                }
                None => false,
            },
        }
    }

    fn match_clause(&self, clause: &Clause) -> Option<Match> {
        match &clause.predicate {
            Predicate::Everything => Some(Match::Value("entry", String::new())),
            Predicate::Pattern(pattern, zones) => self.quote_best_zone(&find_hits(pattern, self.entry, zones)),
            Predicate::Concept(name, zones) => self.quote_best_zone(&self.rule.concepts.get(name)?.find_hits(self.entry, zones)),
            Predicate::Regex(regex, zones) => zones.iter().find_map(|zone| {
                let texts = self.entry.text.zone_texts(*zone);
                let found = texts.iter().find_map(|text| regex.find(text))?;
                Some(Match::Words(*zone, found.as_str().to_owned()))
            }),
            Predicate::Property(name, property, values) => self.match_property(name, property, values),
            Predicate::SourceCount(name, comparison, number) => {
                let matches = match comparison {
                    Comparison::AtLeast => self.sources_in_story >= *number,
                    Comparison::AtMost => self.sources_in_story <= *number,
                    Comparison::Equal => self.sources_in_story == *number,
                };
                matches.then(|| Match::Value(name, self.sources_in_story.to_string()))
            }
        }
    }

    /// Returns the words of the zone with the highest weight, each spelling once.
    fn quote_best_zone(&self, hits: &[Hit]) -> Option<Match> {
        let best = hits
            .iter()
            .map(|hit| hit.start.zone)
            .min_by(|one, other| other.weight().total_cmp(&one.weight()).then(one.cmp(other)))?;
        let mut quotes: Vec<&str> = Vec::new();
        for hit in hits.iter().filter(|hit| hit.start.zone == best) {
            let quote = self.entry.quote(hit.start, hit.word_count);
            if !quotes.contains(&quote) && quotes.len() < MAX_QUOTES {
                quotes.push(quote);
            }
        }
        Some(Match::Words(best, quotes.join(", ")))
    }

    fn match_property(&self, name: &'static str, property: &Property, values: &[String]) -> Option<Match> {
        let own_values = (property.values)(&self.entry.text);
        let is_match = |own: &String| values.iter().any(|value| (property.matches)(own, value));
        own_values.into_iter().find(is_match).map(|own| Match::Value(name, own))
    }
}

/// Adds a clause that matches to the verdict. A clause that a rule repeats counts once.
fn add_reason(verdict: &mut TopicVerdict, clause: &Clause, found: Match) {
    if verdict.reasons.iter().any(|reason| reason.clause == clause.written) {
        return;
    }
    let (field, words) = match found {
        Match::Value(name, value) => (name, value),
        Match::Words(zone, words) => {
            verdict.score += clause.boost * zone.weight();
            (zone.name(), words)
        }
    };
    verdict.reasons.push(Reason {
        clause: clause.written.clone(),
        field: field.to_owned(),
        words,
    });
}
