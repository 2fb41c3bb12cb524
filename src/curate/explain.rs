//! Explains a rule on an entry: which of its clauses match and by which words, and of a rule that does not match, what would have been enough.
//! `evaluate` decides; this tells the decision in values that can be printed.

use super::evaluate::{Evaluation, Match};
use super::explained::{
    ExplainedAbout, ExplainedClause, ExplainedConcept, ExplainedPart, ExplainedTerm, Explanation, FoundWords, HiddenWords, Lack, Need,
    PartKind,
};
use super::expression::{Clause, Expression, Predicate};
use super::field::Property;
use super::matcher::MatchedEntry;
use super::needs::{margin, needs};
use super::position::{Hit, Zones};
use super::rule::CompiledRule;
use super::scan::hits_of;
use crate::model::{Country, Genre};

/// How many occurrences a clause lists.
const MAX_OCCURRENCES: usize = 12;

impl MatchedEntry<'_> {
    /// Returns what the entry is about, with the evidence.
    #[must_use]
    pub fn explain_about(&self) -> ExplainedAbout {
        let found = self.about_found();
        let source = self.scanned.facts.source.and_then(|source| source.country.as_deref());
        let mut places: Vec<_> = found.places.iter().collect();
        places.dedup();
        ExplainedAbout {
            about: found.about.clone(),
            scores: found.scores.clone(),
            prior: source.and_then(Country::new).map(|country| (country, found.prior)),
            needed_score: super::about::needed_score(&found.scores),
            places: (places.into_iter().take(MAX_OCCURRENCES))
                .map(|(hit, countries)| (self.found_words(hit), countries.to_vec()))
                .collect(),
            hidden: self.hidden_words(),
            genre: self.genre(),
        }
    }

    pub(super) fn found_words(&self, hit: &Hit) -> FoundWords {
        FoundWords {
            words: self.scanned.quote(hit).to_owned(),
            field: hit.start.zone.name(),
            position: Some(hit.start.word),
        }
    }

    fn all_words(&self, hits: &[Hit]) -> Vec<FoundWords> {
        hits.iter().take(MAX_OCCURRENCES).map(|hit| self.found_words(hit)).collect()
    }

    /// Returns the places that do not count.
    fn hidden_words(&self) -> Vec<HiddenWords> {
        let hidden = self.hidden_places().into_iter().take(MAX_OCCURRENCES);
        let words = hidden.map(|place| HiddenWords {
            words: self.found_words(&place.hit),
            by: place.by.map(|by| self.scanned.quote(&by).to_owned()),
        });
        words.collect()
    }
}

impl CompiledRule {
    /// Explains the rule on an entry, which has to be scanned with a matcher of this rule. `sources_in_story` is the number of independent sources of
    /// its story, `min_score` the least score of a placement.
    #[must_use]
    pub fn explain(&self, entry: &MatchedEntry<'_>, sources_in_story: usize, min_score: f64) -> Explanation {
        let evaluation = Evaluation { entry, sources_in_story };
        let score = evaluation.score(&self.root);
        let root = evaluation.explain(&self.root);
        let mut needs = needs(&root);
        let mut margin = margin(&root);
        if let Some(score) = score
            && min_score > 0.0
        {
            margin = margin.min((score - min_score) / min_score);
            if score < min_score {
                needs.push(Need {
                    clause: String::new(),
                    lack: Lack::MinScore(min_score - score),
                });
            }
        }
        Explanation {
            is_met: score.is_some_and(|score| score >= min_score),
            score,
            min_score,
            root,
            needs,
            margin,
            learning: None,
        }
    }
}

impl Evaluation<'_, '_> {
    fn explain(&self, expression: &Expression) -> ExplainedPart {
        let (kind, parts) = match expression {
            Expression::All(parts) => (PartKind::All, parts.as_slice()),
            Expression::Any(parts) => (PartKind::Any, parts.as_slice()),
            Expression::Not(part) => (PartKind::Not, std::slice::from_ref(&**part)),
            Expression::Clause(clause) => return self.explain_clause(clause),
        };
        // A list of one says no more than the one.
        if let [only] = parts
            && kind != PartKind::Not
        {
            return self.explain(only);
        }
        let parts: Vec<ExplainedPart> = parts.iter().map(|part| self.explain(part)).collect();
        let mut matching = parts.iter().map(|part| part.matches);
        let matches = match kind {
            PartKind::All => matching.all(|matches| matches),
            PartKind::Any => matching.any(|matches| matches),
            PartKind::Not | PartKind::Clause => !matching.all(|matches| matches),
        };
        ExplainedPart {
            kind,
            matches,
            clause: None,
            parts,
        }
    }

    fn explain_clause(&self, clause: &Clause) -> ExplainedPart {
        let found = self.match_clause(clause);
        let mut explained = ExplainedClause {
            written: clause.written.clone(),
            boost: clause.boost,
            score: found.as_ref().map_or(0.0, |(_, score)| score * clause.boost),
            value: self.own_value(&clause.predicate),
            ..ExplainedClause::default()
        };
        let mut parts = Vec::new();
        match &clause.predicate {
            Predicate::Pattern(pattern, zones) => {
                let hits: Vec<Hit> = hits_of(&self.entry.scanned, *pattern, *zones).collect();
                explained.words = self.entry.all_words(&hits);
            }
            Predicate::Concept(name, zones) => {
                (explained.concept, explained.hidden) = self.explain_concept(name, *zones);
                let hits = self
                    .entry
                    .concept_score(name, *zones)
                    .map(|found| found.hits.clone())
                    .unwrap_or_default();
                explained.words = self.entry.all_words(&hits);
            }
            Predicate::Near(inner, _) | Predicate::Same(inner) => {
                if let Some((Match::Words(hits), _)) = &found {
                    explained.words = self.entry.all_words(hits);
                }
                parts = inner.iter().map(|part| self.explain(part)).collect();
            }
            Predicate::Topic(topics) => parts.push(self.explain(&topics.rules)),
            Predicate::About(_) => explained.hidden = self.entry.hidden_words(),
            _ => {
                if let Some((Match::Written(zone, words), _)) = &found {
                    explained.words.push(FoundWords {
                        words: words.clone(),
                        field: zone.name(),
                        position: None,
                    });
                }
            }
        }
        ExplainedPart {
            kind: PartKind::Clause,
            matches: found.is_some(),
            clause: Some(explained),
            parts,
        }
    }

    fn explain_concept(&self, name: &str, zones: Zones) -> (Option<ExplainedConcept>, Vec<HiddenWords>) {
        let Some(found) = self.entry.concept(name) else {
            return (None, Vec::new());
        };
        let entry = self.entry;
        let term = |term: super::concept::TermScore| ExplainedTerm {
            words: entry.found_words(&term.hit),
            weight: term.weight,
            factor: term.factor,
            is_sufficient: term.is_sufficient,
        };
        let mut terms: Vec<ExplainedTerm> = found.terms(&entry.scanned, zones).into_iter().map(term).collect();
        let share = |term: &ExplainedTerm| (term.weight * term.factor).abs();
        terms.sort_by(|one, other| share(other).total_cmp(&share(one)));
        let mut hidden: Vec<HiddenWords> = (found.hidden_by().into_iter().take(MAX_OCCURRENCES))
            .map(|(hit, by)| HiddenWords {
                words: entry.found_words(&hit),
                by: Some(entry.scanned.quote(&by).to_owned()),
            })
            .collect();
        let mut concept = ExplainedConcept {
            score: found.score(&entry.scanned, zones).score,
            terms,
            countries: entry.concept_countries(name).to_vec(),
            ..ExplainedConcept::default()
        };
        if !concept.countries.is_empty() {
            let scores = &entry.about_found().scores;
            let own = scores.iter().filter(|(country, _)| concept.countries.contains(country));
            concept.country_score = own.map(|(_, score)| *score).fold(0.0, f64::max);
            concept.needed_country_score = super::about::needed_score(scores);
            hidden.extend(entry.hidden_words());
        }
        (Some(concept), hidden)
    }

    /// Returns the entry's own value of what a clause compares.
    fn own_value(&self, predicate: &Predicate) -> Option<String> {
        let facts = &self.entry.scanned.facts;
        match predicate {
            Predicate::Property(_, property, _) => {
                let values = property.values(facts);
                let is_unknown = values.is_empty() && *property != Property::Tag;
                Some(if is_unknown { "unknown".to_owned() } else { values.join(",") })
            }
            Predicate::About(_) => Some(self.entry.about().shares()),
            Predicate::Genre(_) => Some(self.entry.genre().map_or("none", Genre::as_str).to_owned()),
            Predicate::Date(_) => Some(facts.date.rfc3339()),
            Predicate::SourceCount(..) => Some(self.sources_in_story.to_string()),
            _ => None,
        }
    }
}
