//! Concepts: named sets of words in several languages, those of feeds.toml and those that are built in.
//!
//! A concept is defined here; `matcher` searches the words of those that rules use. The score of a concept is the sum over its different terms of
//! weight × prominence of the best place at which the term stands; it is met from 1 on.

use super::about::AboutFound;
use super::builtin::{self, BuiltinConcept, BuiltinTerm};
use super::entry_text::ScannedEntry;
use super::pattern::{Pattern, PatternId};
use super::position::{Hit, Zones, keep_longest, length_damping};
use super::scan::PatternTable;
use crate::config::{Concept, ConfigProblem, Placed};
use crate::model::prehashed_map::PrehashedMap;
use crate::model::{Country, Digest128, Digester};
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum distance in words between a weak word and the evidence for it.
const MAX_EVIDENCE_DISTANCE_WORDS: usize = 40;
/// The score from which on a concept is met.
const MET: f64 = 1.0;

/// Every concept that rules may name.
#[derive(Debug, Clone, Default)]
pub struct Concepts {
    /// Those of feeds.toml.
    own: BTreeMap<String, OwnConcept>,
}

/// A concept of feeds.toml.
#[derive(Debug, Clone, Default)]
struct OwnConcept {
    any: Vec<Pattern>,
    weak: Vec<Pattern>,
    mask: Vec<Pattern>,
    evidence: Vec<Pattern>,
    /// Other concepts whose words belong to it, without the `@`.
    uses: Vec<String>,
}

/// What a word does in a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    /// It counts with its weight; a weight of 0 only hides shorter terms.
    Weighted(f64),
    /// One such word is enough, wherever it stands.
    Sufficient,
    /// It is enough with evidence near.
    Weak,
    /// It is evidence for weak words.
    Evidence,
    /// It hides what it overlaps.
    Mask,
}

#[derive(Debug, Clone)]
struct Term {
    role: Role,
    /// The language in which it counts; in every one when there is none.
    language: Option<&'static str>,
}

/// One concept, ready to be searched for.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledConcept {
    terms: PrehashedMap<u32, Vec<Term>>,
    /// It is met as well when an entry is about one of these.
    countries: Vec<Country>,
}

/// What was found of a concept in an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct ConceptFound {
    /// The words that count, by position.
    words: Vec<FoundWord>,
    /// Words that hide others, and what they hide.
    pub masked: Vec<Hit>,
    /// Whether the entry is about one of the concept's countries.
    pub is_about: bool,
    /// Where those countries are named.
    places: Vec<Hit>,
}

#[derive(Debug, Clone, Copy)]
struct FoundWord {
    pattern: PatternId,
    hit: Hit,
    role: Role,
}

/// A term of a concept in an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct TermScore {
    /// Where it is most prominent.
    pub hit: Hit,
    /// How prominent it is there.
    pub factor: f64,
    pub weight: f64,
    /// Whether it is enough alone.
    pub is_sufficient: bool,
}

/// How far an entry meets a concept in some of its zones.
#[derive(Debug, Clone, Default)]
pub(super) struct ConceptScore {
    /// The score; from 1 on the concept is met.
    pub score: f64,
    pub is_met: bool,
    /// The words that speak for it, by position.
    pub hits: Vec<Hit>,
}

impl Concepts {
    /// Returns the names of all concepts in alphabetical order, without the `@`.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let own = self.own.keys().map(String::as_str);
        let builtin = builtin::names().map(|name: &str| name);
        let names: BTreeSet<&str> = own.chain(builtin).collect();
        names.into_iter().collect()
    }

    pub(super) fn exists(&self, name: &str) -> bool {
        self.own.contains_key(name) || builtin::exists(name)
    }

    /// Returns a digest that changes when the concept does, or one that it uses.
    pub(super) fn digest(&self, name: &str) -> Digest128 {
        let mut digester = Digester::new();
        for (name, is_builtin) in self.closure(name) {
            digester.update_terminated(&name);
            match self.own.get(&name).filter(|_| !is_builtin) {
                Some(own) => {
                    digester.update(own.digest().as_bytes());
                }
                None => {
                    digester.update(builtin::digest(&name).as_bytes());
                }
            }
        }
        digester.finish()
    }

    /// Returns the concept and all that it uses, each once; the flag says that the built-in one of that name is meant. A concept that uses its own
    /// name extends the built-in one.
    fn closure(&self, name: &str) -> Vec<(String, bool)> {
        let mut all: Vec<(String, bool)> = Vec::new();
        let mut open = vec![(name.to_owned(), !self.own.contains_key(name))];
        while let Some((name, is_builtin)) = open.pop() {
            if all.contains(&(name.clone(), is_builtin)) {
                continue;
            }
            if !is_builtin && let Some(own) = self.own.get(&name) {
                let used = own.uses.iter().map(|used| {
                    let is_own = self.own.contains_key(used) && *used != name;
                    (used.clone(), !is_own)
                });
                open.extend(used);
            }
            all.push((name, is_builtin));
        }
        all
    }

    /// Returns the countries of a concept that has nothing else; `None` for one with words.
    pub(super) fn countries_only(&self, name: &str) -> Option<BTreeSet<Country>> {
        let mut countries = BTreeSet::new();
        for (name, is_builtin) in self.closure(name) {
            match self.own.get(&name).filter(|_| !is_builtin) {
                Some(own) if own.any.is_empty() && own.weak.is_empty() => {}
                Some(_) => return None,
                None => match builtin::concept(&name)? {
                    BuiltinConcept::Countries(own) => countries.extend(own),
                    BuiltinConcept::Words(_) => return None,
                },
            }
        }
        Some(countries)
    }

    /// Returns what is enough alone to meet a concept: to be about one of these countries, or to hold one of these words in its lead.
    pub(super) fn sufficient(&self, name: &str) -> (BTreeSet<Country>, Vec<Pattern>) {
        let (mut countries, mut patterns) = (BTreeSet::new(), Vec::new());
        for (name, is_builtin) in self.closure(name) {
            match self.own.get(&name).filter(|_| !is_builtin) {
                Some(own) => patterns.extend(own.any.iter().cloned()),
                None => match builtin::concept(&name) {
                    Some(BuiltinConcept::Countries(own)) => countries.extend(own),
                    Some(BuiltinConcept::Words(terms)) => {
                        patterns.extend(terms.into_iter().filter(|term| term.weight >= MET).map(|term| term.pattern));
                    }
                    None => {}
                },
            }
        }
        (countries, patterns)
    }

    /// Compiles the concept `name`; its patterns are added to `table`.
    pub(super) fn compile(&self, name: &str, table: &mut PatternTable) -> CompiledConcept {
        let mut compiled = CompiledConcept::default();
        for (name, is_builtin) in self.closure(name) {
            match self.own.get(&name).filter(|_| !is_builtin) {
                Some(own) => own.add_to(table, &mut compiled),
                None => match builtin::concept(&name) {
                    Some(BuiltinConcept::Countries(countries)) => compiled.countries.extend(countries),
                    Some(BuiltinConcept::Words(terms)) => compiled.add_builtin(terms, table),
                    None => {}
                },
            }
        }
        compiled
    }
}

/// Compiles the concepts of feeds.toml; one of the same name replaces the built-in one.
///
/// # Errors
/// Every term that contains no word or that is no word of a list, and every `use` of a concept that does not exist, with its place.
pub fn compile_concepts(written: &BTreeMap<String, Concept>) -> Result<Concepts, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let own = written
        .iter()
        .map(|(name, concept)| (name.to_lowercase(), OwnConcept::new(concept, &mut problems)));
    let concepts = Concepts { own: own.collect() };
    for (name, concept) in written {
        for used in &concept.r#use {
            let wanted = used.text.trim().trim_start_matches('@').to_lowercase();
            let is_itself = wanted == name.to_lowercase() && !builtin::exists(&wanted);
            if is_itself || !concepts.exists(&wanted) {
                let near = super::suggest::nearest(&wanted, concepts.names().into_iter());
                problems.push(ConfigProblem {
                    place: Some(used.place.clone()),
                    message: format!("there is no concept `@{wanted}`"),
                    help: near.map(|near| format!("did you mean `@{near}`?")),
                    also: None,
                });
            }
        }
    }
    if problems.is_empty() { Ok(concepts) } else { Err(problems) }
}

impl OwnConcept {
    fn new(concept: &Concept, problems: &mut Vec<ConfigProblem>) -> Self {
        let nostem: BTreeSet<String> = concept.nostem.iter().map(|term| fold(term.text.trim())).collect();
        let mut patterns = |terms: &[Placed]| -> Vec<Pattern> {
            let mut add = |term: &Placed| match word_pattern(&term.text, &nostem) {
                Ok(pattern) => Some(pattern),
                Err((message, help)) => {
                    problems.push(ConfigProblem {
                        place: Some(term.place.clone()),
                        message,
                        help,
                        also: None,
                    });
                    None
                }
            };
            terms.iter().filter_map(&mut add).collect()
        };
        Self {
            any: patterns(&concept.any),
            weak: patterns(&concept.weak),
            mask: patterns(&concept.mask),
            evidence: patterns(&concept.evidence),
            uses: concept
                .r#use
                .iter()
                .map(|used| used.text.trim().trim_start_matches('@').to_lowercase())
                .collect(),
        }
    }

    fn digest(&self) -> Digest128 {
        let mut digester = Digester::new();
        for (number, list) in (0_u8..).zip([&self.any, &self.weak, &self.mask, &self.evidence]) {
            for pattern in list {
                digester.update(&[number]).update(format!("{:?}", pattern.words).as_bytes());
            }
        }
        digester.finish()
    }

    fn add_to(&self, table: &mut PatternTable, compiled: &mut CompiledConcept) {
        let lists = [
            (&self.any, Role::Sufficient),
            (&self.weak, Role::Weak),
            (&self.mask, Role::Mask),
            (&self.evidence, Role::Evidence),
        ];
        for (patterns, role) in lists {
            for pattern in patterns {
                let id = table.add(pattern.clone());
                compiled.terms.entry(id.0).or_default().push(Term { role, language: None });
            }
        }
    }
}

/// Parses a term of a concept's list: a word, a phrase, `prefix*` or `="exact"`.
fn word_pattern(text: &str, nostem: &BTreeSet<String>) -> Result<Pattern, (String, Option<String>)> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix('@') {
        let help = format!("write use = [\"@{name}\"]");
        return Err((format!("`{text}` is a concept, and a list of words holds words"), Some(help)));
    }
    let is_regex = text.len() > 2 && text.starts_with('/') && text.ends_with('/');
    let has_operator = ["OR", "AND", "NOT"]
        .iter()
        .any(|operator| text.split_whitespace().any(|word| word == *operator));
    let has_field = super::field::names().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
    if is_regex || has_operator || has_field {
        let help = "write several words as several entries of the list; fields, operators and expressions belong in a topic's `query`";
        return Err((format!("`{text}` is no word"), Some(help.to_owned())));
    }
    if let Some(flaw) = super::pattern::misplaced_star(text) {
        return Err((flaw, Some("a `*` may stand at the end of a word".to_owned())));
    }
    Pattern::term(text, |word| nostem.contains(word)).ok_or_else(|| (format!("`{text}` holds no word"), None))
}

impl CompiledConcept {
    fn add_builtin(&mut self, terms: Vec<BuiltinTerm>, table: &mut PatternTable) {
        for term in terms {
            let id = table.add(term.pattern);
            self.terms.entry(id.0).or_default().push(Term {
                role: Role::Weighted(term.weight),
                language: term.language,
            });
        }
    }

    /// Returns a concept of these terms; their patterns are added to `table`. The second value has the number of each term's pattern.
    pub(super) fn of_terms(terms: Vec<BuiltinTerm>, table: &mut PatternTable) -> (Self, Vec<PatternId>) {
        let mut compiled = Self::default();
        let ids = terms.iter().map(|term| table.add(term.pattern.clone())).collect();
        compiled.add_builtin(terms, table);
        (compiled, ids)
    }

    /// Returns the countries of which an entry has to be about one, where there are any.
    pub(super) fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// Searches an entry for the concept.
    pub(super) fn find<'f>(&self, entry: &ScannedEntry<'_>, about: &dyn Fn() -> &'f AboutFound) -> ConceptFound {
        let language = entry.language();
        let mut words: Vec<FoundWord> = Vec::new();
        for (pattern, hit) in &entry.hits {
            let Some(terms) = self.terms.get(&pattern.0) else { continue };
            let spoken = terms
                .iter()
                .filter(|term| term.language.is_none_or(|own| language.is_none_or(|language| language == own)));
            words.extend(spoken.map(|term| FoundWord {
                pattern: *pattern,
                hit: *hit,
                role: term.role,
            }));
        }
        let before: Vec<Hit> = words.iter().map(|word| word.hit).collect();
        keep_longest(&mut words, |word| word.hit);
        let hidden: Vec<Hit> = words.iter().filter(|word| word.role == Role::Mask).map(|word| word.hit).collect();
        words.retain(|word| !hidden.contains(&word.hit));
        let masked = before.into_iter().filter(|hit| words.iter().all(|word| word.hit != *hit)).collect();
        let mut found = ConceptFound {
            words: supported(&words, entry),
            masked,
            ..ConceptFound::default()
        };
        if !self.countries.is_empty() {
            let about = about();
            found.is_about = about.about.is_one_of(&self.countries);
            let is_own = |countries: &[Country]| countries.iter().any(|country| self.countries.contains(country));
            let own = about.places.iter().filter(|(_, countries)| is_own(countries)).map(|(hit, _)| *hit);
            found.places = own.collect();
            found.masked.extend(&about.masked);
        }
        found
    }
}

/// Returns the words that count: of the weak ones those with evidence near. A repeated weak word is no evidence for itself.
fn supported(words: &[FoundWord], entry: &ScannedEntry<'_>) -> Vec<FoundWord> {
    let is_evidence = |weak: &FoundWord, other: &&FoundWord| {
        let is_other = other.role != Role::Weak || !entry.words.are_equal(&weak.hit, &other.hit);
        let is_near = weak
            .hit
            .words_between(&other.hit)
            .is_some_and(|between| between <= MAX_EVIDENCE_DISTANCE_WORDS);
        other.role != Role::Mask && is_other && is_near && !weak.hit.overlaps(&other.hit)
    };
    let counts = |word: &&FoundWord| match word.role {
        Role::Sufficient | Role::Weighted(_) => true,
        Role::Weak => words.iter().any(|other| is_evidence(word, &other)),
        Role::Evidence | Role::Mask => false,
    };
    words.iter().filter(counts).copied().collect()
}

impl ConceptFound {
    /// Returns the terms that occur, each with the factor of its weight where it is most prominent.
    pub(super) fn factors(&self, entry: &ScannedEntry<'_>) -> BTreeMap<PatternId, f64> {
        let damping = length_damping(entry.words.text_words());
        let mut best: BTreeMap<PatternId, f64> = BTreeMap::new();
        for word in &self.words {
            let own = word.hit.start.part().factor() * damping;
            let known = best.entry(word.pattern).or_insert(own);
            *known = known.max(own);
        }
        best
    }

    /// Returns the hidden words that no word which counts overlaps.
    pub(super) fn hidden(&self) -> impl Iterator<Item = Hit> {
        let counts =
            |hit: &Hit| self.words.iter().any(|word| word.hit.overlaps(hit)) || self.places.iter().any(|place| place.overlaps(hit));
        self.masked.iter().copied().filter(move |hit| !counts(hit))
    }

    /// Returns the terms that count in these zones, each once, where it is most prominent.
    pub(super) fn terms(&self, entry: &ScannedEntry<'_>, zones: Zones) -> Vec<TermScore> {
        let damping = length_damping(entry.words.text_words());
        let mut best: BTreeMap<PatternId, TermScore> = BTreeMap::new();
        for word in self.words.iter().filter(|word| zones.contain(word.hit.start)) {
            let weight = if let Role::Weighted(weight) = word.role {
                Some(weight)
            } else {
                None
            };
            let own = TermScore {
                hit: word.hit,
                factor: word.hit.start.part().factor() * damping,
                weight: weight.unwrap_or(MET),
                is_sufficient: weight.is_none(),
            };
            let known = best.entry(word.pattern).or_insert(own);
            if own.factor > known.factor {
                (known.hit, known.factor) = (own.hit, own.factor);
            }
            known.is_sufficient |= own.is_sufficient;
        }
        best.into_values().collect()
    }

    /// Returns the words that do not count, each with the longer one that hides it.
    pub(super) fn hidden_by(&self) -> Vec<(Hit, Hit)> {
        let all = || self.words.iter().map(|word| word.hit).chain(self.masked.iter().copied());
        let hider = |hit: &Hit| {
            all()
                .filter(|other| other.overlaps(hit) && other.word_count > hit.word_count)
                .max_by_key(|other| other.word_count)
        };
        let mut hidden: Vec<(Hit, Hit)> = self.masked.iter().filter_map(|hit| Some((*hit, hider(hit)?))).collect();
        hidden.sort_unstable();
        hidden.dedup();
        hidden
    }

    /// Returns how far the concept is met in these zones.
    pub(super) fn score(&self, entry: &ScannedEntry<'_>, zones: Zones) -> ConceptScore {
        let terms = self.terms(entry, zones);
        // Of a part of the text, its words decide, and the whole text on what the entry is about.
        let places = self.places.iter().filter(|hit| zones.contain(hit.start));
        let is_about = if zones == Zones::TEXT {
            self.is_about
        } else {
            places.clone().next().is_some()
        };
        let counts = |word: &&FoundWord| zones.contain(word.hit.start) && !matches!(word.role, Role::Weighted(weight) if weight <= 0.0);
        let mut found = ConceptScore {
            // The sum of no terms is -0.
            score: 0.0 + terms.iter().map(|term| term.factor * term.weight).sum::<f64>(),
            is_met: is_about || terms.iter().any(|term| term.is_sufficient),
            hits: self.words.iter().filter(counts).map(|word| word.hit).collect(),
        };
        found.hits.extend(places.copied());
        found.hits.sort_unstable();
        if is_about {
            found.score += MET;
        }
        found.is_met |= found.score >= MET;
        found
    }
}
