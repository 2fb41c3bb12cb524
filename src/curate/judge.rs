//! Judging: does an entry meet a rule, how well, and by which words.

use super::matcher::{Hit, find};
use super::query::{Clause, Comparison, Node, Property, Test};
use super::rule::Compiled;
use super::subject::{PreparedSubject, Zone};
use crate::config::SourceKind;
use crate::model::Reason;

/// How many different words of one field a reason quotes.
const QUOTES: usize = 5;

/// What a rule says of an entry that meets it.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicVerdict {
    /// How well it meets the rule: for each clause that was met its boost times the weight of the best field (title 4, summary 2, body 1).
    pub score: f64,
    /// The clauses that were met, each with the words in its best field.
    pub reasons: Vec<Reason>,
}

impl Compiled {
    /// Returns why the entry meets the rule, or `None` when it does not. `sources_in_story` is the number of different sources of its story.
    #[must_use]
    pub fn judge(&self, subject: &PreparedSubject, sources_in_story: usize) -> Option<TopicVerdict> {
        let judge = Judge {
            rule: self,
            subject,
            sources_in_story,
        };
        let mut verdict = TopicVerdict {
            score: 0.0,
            reasons: Vec::new(),
        };
        judge.node(&self.root, &mut verdict).then_some(verdict)
    }
}

struct Judge<'j, 'a> {
    rule: &'j Compiled,
    subject: &'j PreparedSubject<'a>,
    sources_in_story: usize,
}

/// What met a clause.
enum Met {
    /// A property, by its name and value.
    Property(&'static str, String),
    /// Words in a field.
    Words(Zone, String),
}

impl Judge<'_, '_> {
    /// Judges a node; what its clauses say is added to `verdict` only when it holds.
    fn node(&self, node: &Node, verdict: &mut TopicVerdict) -> bool {
        match node {
            Node::All(parts) => {
                let before = verdict.clone();
                let holds = parts.iter().all(|part| self.node(part, verdict));
                if !holds {
                    *verdict = before;
                }
                holds
            }
            // All alternatives are looked at: each that holds is a reason of its own.
            Node::Any(parts) => parts.iter().filter(|part| self.node(part, verdict)).count() > 0,
            Node::Not(part) => {
                let mut unused = TopicVerdict {
                    score: 0.0,
                    reasons: Vec::new(),
                };
                !self.node(part, &mut unused)
            }
            Node::Clause(clause) => match self.clause(clause) {
                Some(met) => {
                    add(verdict, clause, met);
                    true
                }
                None => false,
            },
        }
    }

    fn clause(&self, clause: &Clause) -> Option<Met> {
        match &clause.test {
            Test::Everything => Some(Met::Property("entry", String::new())),
            Test::Pattern(pattern, zones) => self.words(&find(pattern, self.subject, zones)),
            Test::Concept(name, zones) => self.words(&self.rule.concepts.get(name)?.find(self.subject, zones)),
            Test::Regex(regex, zones) => zones.iter().find_map(|zone| {
                let texts = self.subject.subject.texts(*zone);
                let found = texts.iter().find_map(|text| regex.find(text))?;
                Some(Met::Words(*zone, found.as_str().to_owned()))
            }),
            Test::OneOf(property, values) => self.property(*property, values),
            Test::Sources(comparison, number) => {
                let holds = match comparison {
                    Comparison::AtLeast => self.sources_in_story >= *number,
                    Comparison::AtMost => self.sources_in_story <= *number,
                    Comparison::Equal => self.sources_in_story == *number,
                };
                holds.then(|| Met::Property("sources", self.sources_in_story.to_string()))
            }
        }
    }

    /// Returns the words of the best field, each spelling once.
    fn words(&self, hits: &[Hit]) -> Option<Met> {
        let best = hits
            .iter()
            .map(|hit| hit.at.zone)
            .min_by(|one, other| other.weight().total_cmp(&one.weight()).then(one.cmp(other)))?;
        let mut quotes: Vec<&str> = Vec::new();
        for hit in hits.iter().filter(|hit| hit.at.zone == best) {
            let quote = self.subject.quote(hit.at, hit.length);
            if !quotes.contains(&quote) && quotes.len() < QUOTES {
                quotes.push(quote);
            }
        }
        Some(Met::Words(best, quotes.join(", ")))
    }

    fn property(&self, property: Property, values: &[String]) -> Option<Met> {
        let subject = &self.subject.subject;
        let source = subject.source;
        let (name, ours): (&'static str, Vec<String>) = match property {
            Property::Source => ("source", vec![source.id.as_str().to_owned()]),
            Property::Tag => ("tag", source.tags.iter().map(|tag| tag.to_lowercase()).collect()),
            Property::Kind => ("kind", source.kind.map(SourceKind::as_str).map(str::to_owned).into_iter().collect()),
            Property::Country => ("country", source.country.iter().map(|country| country.to_lowercase()).collect()),
            Property::Language => ("lang", subject.language.iter().map(|tag| tag.to_lowercase()).collect()),
        };
        let fits = |own: &&String| {
            values.iter().any(|value| {
                *own == value
                    || (property == Property::Language && own.strip_prefix(value.as_str()).is_some_and(|rest| rest.starts_with(['-', '_'])))
            })
        };
        let own = ours.iter().find(fits)?;
        Some(Met::Property(name, own.clone()))
    }
}

/// Adds a clause that was met. A clause that a rule repeats counts once.
fn add(verdict: &mut TopicVerdict, clause: &Clause, met: Met) {
    if verdict.reasons.iter().any(|reason| reason.clause == clause.written) {
        return;
    }
    let (field, words) = match met {
        Met::Property(name, value) => (name, value),
        Met::Words(zone, words) => {
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
