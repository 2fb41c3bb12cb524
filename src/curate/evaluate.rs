//! Evaluates a compiled rule on an entry: whether it matches, with which score, and by which words.

use super::expression::{Clause, Comparison, Expression, Predicate};
use super::field::Property;
use super::matcher::MatchedEntry;
use super::position::{Hit, Part, Zone, keep_longest, length_damping};
use super::rule::CompiledRule;
use super::scan::hits_of;
use crate::model::Reason;

/// How many different words of one zone a reason quotes.
const MAX_QUOTES: usize = 5;
/// How many words that count for nothing a placement names.
const MAX_MASKED: usize = 5;

/// The result of a rule that matches an entry.
#[derive(Debug, Clone, Default)]
pub struct TopicVerdict<'r> {
    /// The sum over the clauses that match of their boost times what each found: the score of a concept, or the prominence of a word (headline 2,
    /// lead 1, rest at most 0.5).
    pub score: f64,
    /// The clauses that match, each with what it matched.
    matches: Vec<(&'r Clause, Match)>,
    /// What was learned of its words, where the topic learns.
    pub(super) learned: Vec<Reason>,
}

impl TopicVerdict<'_> {
    /// Returns the verdict on an entry that matches without a clause, as one that an editor has pinned.
    #[must_use]
    pub fn with_score(score: f64) -> Self {
        Self { score, ..Self::default() }
    }

    /// Returns the clauses that match, each with the words of the entry where they are most prominent. `known` are those of the former placement:
    /// where they are about the same words, the entry's texts are not loaded.
    #[must_use]
    pub fn reasons(&self, entry: &MatchedEntry<'_>, known: &[Reason]) -> Vec<Reason> {
        let reason = |(clause, found): &(&Clause, Match)| {
            let (field, positions) = match found {
                Match::Value(name, _) => (*name, Vec::new()),
                Match::Written(zone, _) => (zone.name(), Vec::new()),
                Match::Words(hits) => {
                    let zone = hits.first().map_or(Zone::Title, |hit| hit.start.zone);
                    let word = |hit: &Hit| u32::try_from(hit.start.word).unwrap_or(u32::MAX);
                    (zone.name(), quoted(entry, hits).iter().map(|hit| word(hit)).collect())
                }
            };
            let same = |former: &&Reason| former.clause == clause.written && former.field == field && former.positions == positions;
            let words = match found {
                Match::Value(_, value) | Match::Written(_, value) => value.clone(),
                Match::Words(hits) => match known.iter().find(same) {
                    Some(former) => former.words.clone(),
                    None => quoted(entry, hits)
                        .into_iter()
                        .map(|hit| entry.scanned.quote(hit))
                        .collect::<Vec<_>>()
                        .join(", "),
                },
            };
            Reason {
                clause: clause.written.clone(),
                field: field.to_owned(),
                words,
                positions,
            }
        };
        self.matches.iter().map(reason).chain(self.learned.iter().cloned()).collect()
    }
}

/// Returns the first occurrence of each different word.
fn quoted<'h>(entry: &MatchedEntry<'_>, hits: &'h [Hit]) -> Vec<&'h Hit> {
    let mut quoted: Vec<&Hit> = Vec::new();
    for hit in hits {
        if quoted.len() < MAX_QUOTES && !quoted.iter().any(|known| entry.scanned.words.are_equal(known, hit)) {
            quoted.push(hit);
        }
    }
    quoted
}

impl CompiledRule {
    /// Returns why the rule matches the entry, or `None` when it does not. `sources_in_story` is the number of independent sources of its story. The
    /// entry has to be scanned with a matcher of this rule.
    #[must_use]
    pub fn evaluate(&self, entry: &MatchedEntry<'_>, sources_in_story: usize) -> Option<TopicVerdict<'_>> {
        // Most entries are about none of a rule's countries.
        if let Some(required) = self.required_countries()
            && !entry.about().countries().iter().any(|(country, _)| required.contains(country))
        {
            return None;
        }
        let evaluation = Evaluation { entry, sources_in_story };
        let mut verdict = TopicVerdict::default();
        evaluation.matches(&self.root, &mut verdict).then_some(verdict)
    }

    /// Returns the words that count for nothing in the concepts of the rule, and in what the entry is about where the rule asks for it, since a longer
    /// name holds them: folded, a few of them.
    #[must_use]
    pub fn masked(&self, entry: &MatchedEntry<'_>) -> Vec<String> {
        let mut hits: Vec<Hit> = Vec::new();
        for found in self.concept_names().filter_map(|name| entry.concept(name)) {
            hits.extend(found.hidden());
        }
        if asks_about(&self.root) {
            hits.extend(&entry.about_found().masked);
        }
        hits.sort_unstable();
        hits.dedup();
        keep_longest(&mut hits, |hit| *hit);
        let mut masked: Vec<String> = Vec::new();
        for text in hits.iter().map(|hit| entry.scanned.words.text(hit)) {
            if masked.len() < MAX_MASKED && !masked.contains(&text) {
                masked.push(text);
            }
        }
        masked
    }
}

/// Returns whether an expression asks what the entry is about.
fn asks_about(expression: &Expression) -> bool {
    match expression {
        Expression::All(parts) | Expression::Any(parts) => parts.iter().any(asks_about),
        Expression::Not(part) => asks_about(part),
        Expression::Clause(clause) => match &clause.predicate {
            Predicate::About(_) => true,
            Predicate::Topic(topics) => asks_about(&topics.rules),
            _ => false,
        },
    }
}

/// The evaluation of rules on one entry.
pub(super) struct Evaluation<'e, 'a> {
    pub entry: &'e MatchedEntry<'a>,
    pub sources_in_story: usize,
}

/// What a clause matched.
#[derive(Debug, Clone)]
pub(super) enum Match {
    /// A property or a number, by the field's name and the entry's value.
    Value(&'static str, String),
    /// Words in a zone, as they are written.
    Written(Zone, String),
    /// Words in the text, by their positions, the most prominent ones.
    Words(Vec<Hit>),
}

impl Evaluation<'_, '_> {
    /// Returns whether an expression matches, and its score then.
    pub(super) fn score(&self, expression: &Expression) -> Option<f64> {
        let mut verdict = TopicVerdict::default();
        self.matches(expression, &mut verdict).then_some(verdict.score)
    }

    /// Returns whether an expression matches. The reasons of its clauses are added to `verdict` only when it does.
    fn matches<'r>(&self, expression: &'r Expression, verdict: &mut TopicVerdict<'r>) -> bool {
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
                Some((found, score)) => {
                    add_match(verdict, clause, found, score);
                    true
                }
                None => false,
            },
        }
    }

    /// Returns what a clause matches, and its score without its boost.
    pub(super) fn match_clause(&self, clause: &Clause) -> Option<(Match, f64)> {
        let value = |name: &'static str, value: String| Some((Match::Value(name, value), 0.0));
        match &clause.predicate {
            Predicate::Everything => value("entry", String::new()),
            Predicate::Pattern(pattern, zones) => self.prominent(hits_of(&self.entry.scanned, *pattern, *zones).collect()),
            Predicate::Near(..) | Predicate::Same(_) => self.prominent(self.positions_of(&clause.predicate)),
            Predicate::Concept(name, zones) => {
                let found = self.entry.concept_score(name, *zones)?;
                if !found.is_met {
                    return None;
                }
                let (words, _) = self.prominent(found.hits.clone()).unwrap_or_else(|| {
                    let about = self.entry.about().shares();
                    (Match::Value("about", about), 0.0)
                });
                Some((words, found.score))
            }
            Predicate::Regex(regex, zones) => zones.zones.iter().find_map(|zone| {
                let texts = self.entry.scanned.originals().zone(*zone);
                let found = texts.iter().find_map(|text| regex.find(text))?;
                Some((Match::Written(*zone, found.as_str().to_owned()), Part::Lead.factor()))
            }),
            Predicate::Property(name, property, values) => self.match_property(name, *property, values),
            Predicate::About(areas) => {
                let own = self.entry.about().areas().find(|own| areas.contains(own))?;
                Some((Match::Value("about", own.to_string()), 1.0))
            }
            Predicate::Genre(genres) => {
                let genre = self.entry.genre().filter(|genre| genres.contains(genre))?;
                value("mark", genre.as_str().to_owned())
            }
            Predicate::Date(range) => {
                let date = self.entry.scanned.facts.date;
                let is_within = range.from.is_none_or(|from| date >= from) && range.until.is_none_or(|until| date < until);
                if is_within { value("date", date.rfc3339()) } else { None }
            }
            Predicate::Topic(topics) => {
                let score = self.score(&topics.rules)?;
                Some((Match::Value("topic", topics.ids.join(",")), score))
            }
            Predicate::SourceCount(name, comparison, number) => {
                let matches = match comparison {
                    Comparison::AtLeast => self.sources_in_story >= *number,
                    Comparison::AtMost => self.sources_in_story <= *number,
                    Comparison::Equal => self.sources_in_story == *number,
                };
                if matches {
                    value(name, self.sources_in_story.to_string())
                } else {
                    None
                }
            }
        }
    }

    fn match_property(&self, name: &'static str, property: Property, values: &[String]) -> Option<(Match, f64)> {
        let own_values = property.values(&self.entry.scanned.facts);
        let is_match = |own: &String| values.iter().any(|value| property.matches(own, value));
        own_values.into_iter().find(is_match).map(|own| (Match::Value(name, own), 0.0))
    }

    /// Returns the occurrences in the most prominent part, of one zone, and their prominence; `None` when there are none.
    fn prominent(&self, mut hits: Vec<Hit>) -> Option<(Match, f64)> {
        let best = hits.iter().map(|hit| (hit.start.part(), hit.start.zone)).min()?;
        hits.retain(|hit| (hit.start.part(), hit.start.zone) == best);
        hits.sort_unstable();
        let factor = best.0.factor() * length_damping(self.entry.scanned.words.text_words());
        Some((Match::Words(hits), factor))
    }

    /// Returns where the words stand that an expression of words matches; empty when it does not match.
    pub(super) fn positions(&self, expression: &Expression) -> Vec<Hit> {
        let mut hits: Vec<Hit> = match expression {
            Expression::All(_) | Expression::Not(_) => Vec::new(),
            Expression::Any(parts) => parts.iter().flat_map(|part| self.positions(part)).collect(),
            Expression::Clause(clause) => self.positions_of(&clause.predicate),
        };
        hits.sort_unstable();
        hits
    }

    fn positions_of(&self, predicate: &Predicate) -> Vec<Hit> {
        match predicate {
            Predicate::Pattern(pattern, zones) => hits_of(&self.entry.scanned, *pattern, *zones).collect(),
            Predicate::Concept(name, zones) => self
                .entry
                .concept_score(name, *zones)
                .map(|found| found.hits.clone())
                .unwrap_or_default(),
            Predicate::Near(parts, distance) => {
                let is_near =
                    |one: &Hit, other: &Hit| !one.overlaps(other) && one.words_between(other).is_some_and(|between| between <= *distance);
                let mut parts = parts.iter().map(|part| self.positions(part));
                let Some(mut last) = parts.next() else { return Vec::new() };
                for part in parts {
                    last = part
                        .into_iter()
                        .filter(|hit| last.iter().any(|before| is_near(before, hit)))
                        .collect();
                }
                last
            }
            Predicate::Same(parts) => self.in_one_sentence(parts),
            _ => Vec::new(),
        }
    }

    /// Returns the places of all parts in the sentences that hold each of them.
    fn in_one_sentence(&self, parts: &[Expression]) -> Vec<Hit> {
        let positions: Vec<Vec<Hit>> = parts.iter().map(|part| self.positions(part)).collect();
        let mut found = Vec::new();
        for zone in Zone::ALL {
            let in_zone: Vec<Vec<Hit>> = positions
                .iter()
                .map(|hits| hits.iter().copied().filter(|hit| hit.start.zone == zone).collect())
                .collect();
            if in_zone.iter().any(Vec::is_empty) {
                continue;
            }
            let starts = self.entry.scanned.words.sentence_starts(zone);
            let sentence = |hit: &Hit| starts.partition_point(|start| *start <= hit.start.word);
            for hit in &in_zone[0] {
                let own = sentence(hit);
                let is_whole = in_zone[1..].iter().all(|hits| hits.iter().any(|other| sentence(other) == own));
                if is_whole {
                    found.extend(in_zone.iter().flatten().filter(|other| sentence(other) == own).copied());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Adds a clause that matches to the verdict. A clause that a rule repeats counts once, and so do the spellings of one word.
fn add_match<'r>(verdict: &mut TopicVerdict<'r>, clause: &'r Clause, found: Match, score: f64) {
    let is_same = |known: &Clause| match (&known.predicate, &clause.predicate) {
        (Predicate::Pattern(one, zones), Predicate::Pattern(other, others)) => one == other && zones == others,
        _ => known.written == clause.written,
    };
    if verdict.matches.iter().any(|(known, _)| is_same(known)) {
        return;
    }
    verdict.score += clause.boost * score;
    verdict.matches.push((clause, found));
}
