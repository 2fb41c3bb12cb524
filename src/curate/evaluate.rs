//! Evaluates a compiled rule on an entry: whether it matches, with which score, and by which words.

use super::entry_text::ScannedEntry;
use super::field::Property;
use super::position::{Hit, Zone};
use super::query::{Clause, Comparison, Expression, Predicate};
use super::rule::CompiledRule;
use super::scan::hits_of;
use crate::model::Reason;

/// How many different words of one zone a reason quotes.
const MAX_QUOTES: usize = 5;

/// The result of a rule that matches an entry.
#[derive(Debug, Clone, Default)]
pub struct TopicVerdict<'r> {
    /// The sum over the clauses that match of their boost times the weight of the best zone (title 4, summary 2, body 1).
    pub score: f64,
    /// The clauses that match, each with what it matched.
    matches: Vec<(&'r Clause, Match)>,
}

impl TopicVerdict<'_> {
    /// Returns the verdict on an entry that matches without a clause, as one that an editor has pinned.
    #[must_use]
    pub fn with_score(score: f64) -> Self {
        Self {
            score,
            matches: Vec::new(),
        }
    }

    /// Returns the clauses that match, each with the words of the entry in its best zone. Loads the entry's texts.
    #[must_use]
    pub fn reasons(&self, entry: &ScannedEntry<'_>) -> Vec<Reason> {
        let reason = |(clause, found): &(&Clause, Match)| {
            let (field, words) = match found {
                Match::Value(name, value) => (*name, value.clone()),
                Match::Written(zone, words) => (zone.name(), words.clone()),
                Match::Words(zone, hits) => (zone.name(), quotes(entry, hits)),
            };
            Reason {
                clause: clause.written.clone(),
                field: field.to_owned(),
                words,
            }
        };
        self.matches.iter().map(reason).collect()
    }
}

/// Returns the words of these occurrences as they are written, each spelling once.
fn quotes(entry: &ScannedEntry<'_>, hits: &[Hit]) -> String {
    let mut quotes: Vec<&str> = Vec::new();
    for hit in hits {
        let quote = entry.quote(hit);
        if !quotes.contains(&quote) {
            quotes.push(quote);
            if quotes.len() == MAX_QUOTES {
                break;
            }
        }
    }
    quotes.join(", ")
}

impl CompiledRule {
    /// Returns why the rule matches the entry, or `None` when it does not. `sources_in_story` is the number of different sources of its story. The
    /// entry has to be scanned with the table to which the rule was compiled.
    #[must_use]
    pub fn evaluate(&self, entry: &ScannedEntry<'_>, sources_in_story: usize) -> Option<TopicVerdict<'_>> {
        let evaluation = Evaluation {
            rule: self,
            entry,
            sources_in_story,
        };
        let mut verdict = TopicVerdict::default();
        evaluation.matches(&self.root, &mut verdict).then_some(verdict)
    }
}

struct Evaluation<'e, 'r, 'a> {
    rule: &'r CompiledRule,
    entry: &'e ScannedEntry<'a>,
    sources_in_story: usize,
}

/// What a clause matched.
#[derive(Debug, Clone)]
enum Match {
    /// A property or a number, by the field's name and the entry's value.
    Value(&'static str, String),
    /// Words in a zone, as they are written.
    Written(Zone, String),
    /// Words in a zone, by their positions.
    Words(Zone, Vec<Hit>),
}

impl<'r> Evaluation<'_, 'r, '_> {
    /// Returns whether an expression matches. The reasons of its clauses are added to `verdict` only when it does.
    fn matches(&self, expression: &'r Expression, verdict: &mut TopicVerdict<'r>) -> bool {
        match expression {
            Expression::All(parts) => {
                let before = (verdict.score, verdict.matches.len());
                let matches = parts.iter().all(|part| self.matches(part, verdict));
                if !matches {
                    verdict.score = before.0;
                    verdict.matches.truncate(before.1);
                }
                matches
            }
            // All alternatives are evaluated: each that matches is a reason of its own.
            Expression::Any(parts) => parts.iter().filter(|part| self.matches(part, verdict)).count() > 0,
            Expression::Not(part) => !self.matches(part, &mut TopicVerdict::default()),
            Expression::Clause(clause) => match self.match_clause(clause) {
                Some(found) => {
                    add_match(verdict, clause, found);
                    true
                }
                None => false,
            },
        }
    }

    fn match_clause(&self, clause: &Clause) -> Option<Match> {
        match &clause.predicate {
            Predicate::Everything => Some(Match::Value("entry", String::new())),
            Predicate::Pattern(pattern, zones) => best_zone(hits_of(self.entry, *pattern, zones).collect()),
            Predicate::Concept(name, zones) => best_zone(self.rule.concepts.get(name)?.find_hits(self.entry, zones)),
            Predicate::Regex(regex, zones) => zones.iter().find_map(|zone| {
                let texts = self.entry.originals().zone(*zone);
                let found = texts.iter().find_map(|text| regex.find(text))?;
                Some(Match::Written(*zone, found.as_str().to_owned()))
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

    fn match_property(&self, name: &'static str, property: &Property, values: &[String]) -> Option<Match> {
        let own_values = (property.values)(&self.entry.facts);
        let is_match = |own: &String| values.iter().any(|value| (property.matches)(own, value));
        own_values.into_iter().find(is_match).map(|own| Match::Value(name, own))
    }
}

/// Returns the occurrences in the zone with the highest weight.
fn best_zone(mut hits: Vec<Hit>) -> Option<Match> {
    let zones = hits.iter().map(|hit| hit.start.zone);
    let best = zones.min_by(|one, other| other.weight().total_cmp(&one.weight()).then(one.cmp(other)))?;
    hits.retain(|hit| hit.start.zone == best);
    Some(Match::Words(best, hits))
}

/// Adds a clause that matches to the verdict. A clause that a rule repeats counts once.
fn add_match<'r>(verdict: &mut TopicVerdict<'r>, clause: &'r Clause, found: Match) {
    if verdict.matches.iter().any(|(known, _)| known.written == clause.written) {
        return;
    }
    if let Match::Words(zone, _) | Match::Written(zone, _) = &found {
        verdict.score += clause.boost * zone.weight();
    }
    verdict.matches.push((clause, found));
}
