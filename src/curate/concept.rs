//! Concepts: named sets of words in several languages, those of feeds.toml and those that are built in.

use super::entry_text::ScannedEntry;
use super::pattern::Pattern;
use super::position::{Hit, WordPosition, Zone};
use super::scan::{PatternId, PatternTable, hits_of};
use crate::config::{Concept, ConfigProblem, Placed};
use crate::model::{Digest128, Digester};
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum distance in words between a weak word and the evidence for it.
const MAX_EVIDENCE_DISTANCE_WORDS: usize = 40;

/// Every concept that rules may name.
#[derive(Debug, Clone, Default)]
pub struct Concepts {
    by_name: BTreeMap<String, CompiledConcept>,
}

/// One concept, ready to be searched for.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledConcept {
    any: Vec<PatternId>,
    weak: Vec<PatternId>,
    mask: Vec<PatternId>,
    evidence: Vec<PatternId>,
    digest: Digest128,
}

/// The patterns of a concept before they have numbers.
#[derive(Default)]
struct ConceptPatterns {
    any: Vec<Pattern>,
    weak: Vec<Pattern>,
    mask: Vec<Pattern>,
    evidence: Vec<Pattern>,
}

impl Concepts {
    /// Returns the concepts that are built in: `sahel`.
    #[must_use]
    pub fn builtin(table: &mut PatternTable) -> Self {
        let sahel = parse_builtin(include_str!("concepts/sahel.txt")).add_to(table);
        Self {
            by_name: BTreeMap::from([("sahel".to_owned(), sahel)]),
        }
    }

    /// Returns the names of all concepts in alphabetical order, without the `@`.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&CompiledConcept> {
        self.by_name.get(name)
    }
}

/// Compiles the concepts of feeds.toml and adds them to those that are built in; one of the same name replaces the built-in one. Their patterns
/// are added to `table`.
///
/// # Errors
/// Every term that contains no word, with its place.
pub fn compile_concepts(written: &BTreeMap<String, Concept>, table: &mut PatternTable) -> Result<Concepts, Vec<ConfigProblem>> {
    let mut all = Concepts::builtin(table);
    let mut problems = Vec::new();
    for (name, concept) in written {
        let compiled = compile(concept, &mut problems).add_to(table);
        all.by_name.insert(name.to_lowercase(), compiled);
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn compile(concept: &Concept, problems: &mut Vec<ConfigProblem>) -> ConceptPatterns {
    let nostem: BTreeSet<String> = concept.nostem.iter().map(|term| fold(term.text.trim())).collect();
    let mut patterns = |terms: &[Placed]| -> Vec<Pattern> {
        terms
            .iter()
            .filter_map(|term| {
                let pattern = Pattern::term(&term.text, |word| nostem.contains(word));
                if pattern.is_none() {
                    problems.push(ConfigProblem {
                        place: Some(term.place.clone()),
                        message: format!("`{}` holds no word", term.text),
                        help: None,
                        also: None,
                    });
                }
                pattern
            })
            .collect()
    };
    ConceptPatterns {
        any: patterns(&concept.any),
        weak: patterns(&concept.weak),
        mask: patterns(&concept.mask),
        evidence: Vec::new(),
    }
}

/// Parses the format of the built-in concepts: one term a line under `[any]`, `[weak]`, `[mask]` and `[evidence]`; `#` begins a comment.
///
/// Words of `[evidence]` are no hits themselves: they make weak words within [`MAX_EVIDENCE_DISTANCE_WORDS`] hits.
fn parse_builtin(text: &str) -> ConceptPatterns {
    let mut compiled = ConceptPatterns::default();
    let mut section = "";
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        let Some(pattern) = Pattern::term(line, |_| false) else { continue };
        match section {
            "any" => compiled.any.push(pattern),
            "weak" => compiled.weak.push(pattern),
            "mask" => compiled.mask.push(pattern),
            _ => compiled.evidence.push(pattern),
        }
    }
    compiled
}

impl ConceptPatterns {
    /// Adds the patterns to `table`.
    fn add_to(self, table: &mut PatternTable) -> CompiledConcept {
        let digest = self.digest();
        let mut add = |patterns: Vec<Pattern>| patterns.into_iter().map(|pattern| table.add(pattern)).collect();
        CompiledConcept {
            any: add(self.any),
            weak: add(self.weak),
            mask: add(self.mask),
            evidence: add(self.evidence),
            digest,
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
}

impl CompiledConcept {
    /// Returns a digest that changes when the concept does.
    pub(super) const fn digest(&self) -> Digest128 {
        self.digest
    }

    /// Returns the occurrences of the concept's words in the given zones, sorted by position.
    pub(super) fn find_hits(&self, entry: &ScannedEntry<'_>, zones: &[Zone]) -> Vec<Hit> {
        let find_all = |patterns: &[PatternId]| -> Vec<Hit> {
            let mut hits: Vec<Hit> = patterns.iter().flat_map(|pattern| hits_of(entry, *pattern, zones)).collect();
            hits.sort_unstable();
            hits
        };
        if entry.hits.is_empty() {
            return Vec::new();
        }
        let masks = find_all(&self.mask);
        let unmasked = |hits: Vec<Hit>| -> Vec<Hit> {
            hits.into_iter()
                .filter(|hit| !masks.iter().any(|mask| mask.overlaps(hit) && mask.word_count >= hit.word_count))
                .collect()
        };
        let mut hits = unmasked(find_all(&self.any));
        let weak = unmasked(find_all(&self.weak));
        if !weak.is_empty() {
            let evidence = [hits.clone(), unmasked(find_all(&self.evidence))].concat();
            let supported = |hit: &&Hit| {
                evidence.iter().any(|other| is_near(hit.start, other.start) && !hit.overlaps(other))
                    // A repeated weak word is no evidence for itself.
                    || weak
                        .iter()
                        .any(|other| is_near(hit.start, other.start) && !hit.overlaps(other) && !entry.words.are_equal(hit, other))
            };
            hits.extend(weak.iter().filter(supported).copied());
            hits.sort_unstable();
        }
        hits
    }
}

fn is_near(one: WordPosition, other: WordPosition) -> bool {
    one.zone == other.zone && one.word.abs_diff(other.word) <= MAX_EVIDENCE_DISTANCE_WORDS
}
