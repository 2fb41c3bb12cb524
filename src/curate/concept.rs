//! Concepts: named sets of words in several languages, those of feeds.toml and those that are built in.

use super::entry_text::{IndexedEntry, WordPosition, Zone};
use super::matcher::{Hit, find_hits};
use super::pattern::Pattern;
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
    any: Vec<Pattern>,
    weak: Vec<Pattern>,
    mask: Vec<Pattern>,
    evidence: Vec<Pattern>,
    digest: Digest128,
}

impl Concepts {
    /// Returns the concepts that are built in: `sahel`.
    #[must_use]
    pub fn builtin() -> Self {
        let sahel = parse_builtin(include_str!("concepts/sahel.txt"));
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

/// Compiles the concepts of feeds.toml and adds them to those that are built in; one of the same name replaces the built-in one.
///
/// # Errors
/// Every term that contains no word, with its place.
pub fn compile_concepts(written: &BTreeMap<String, Concept>) -> Result<Concepts, Vec<ConfigProblem>> {
    let mut all = Concepts::builtin();
    let mut problems = Vec::new();
    for (name, concept) in written {
        let compiled = compile(concept, &mut problems);
        all.by_name.insert(name.to_lowercase(), compiled);
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

fn compile(concept: &Concept, problems: &mut Vec<ConfigProblem>) -> CompiledConcept {
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
    let mut compiled = CompiledConcept {
        any: patterns(&concept.any),
        weak: patterns(&concept.weak),
        mask: patterns(&concept.mask),
        ..CompiledConcept::default()
    };
    compiled.update_digest();
    compiled
}

/// Parses the format of the built-in concepts: one term a line under `[any]`, `[weak]`, `[mask]` and `[evidence]`; `#` begins a comment.
///
/// Words of `[evidence]` are no hits themselves: they make weak words within [`MAX_EVIDENCE_DISTANCE_WORDS`] hits.
fn parse_builtin(text: &str) -> CompiledConcept {
    let mut compiled = CompiledConcept::default();
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
    compiled.update_digest();
    compiled
}

impl CompiledConcept {
    /// Returns a digest that changes when the concept does.
    pub(super) const fn digest(&self) -> Digest128 {
        self.digest
    }

    fn update_digest(&mut self) {
        let mut digester = Digester::new();
        for (number, list) in (0_u8..).zip([&self.any, &self.weak, &self.mask, &self.evidence]) {
            for pattern in list {
                digester.update(&[number]).update(format!("{:?}", pattern.words).as_bytes());
            }
        }
        self.digest = digester.finish();
    }

    /// Returns the occurrences of the concept's words in the given zones, sorted by position.
    pub(super) fn find_hits(&self, entry: &IndexedEntry, zones: &[Zone]) -> Vec<Hit> {
        let find_all = |patterns: &[Pattern]| -> Vec<Hit> {
            let mut hits: Vec<Hit> = patterns.iter().flat_map(|pattern| find_hits(pattern, entry, zones)).collect();
            hits.sort_unstable();
            hits
        };
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
                    || weak
                        .iter()
                        .any(|other| is_near(hit.start, other.start) && !hit.overlaps(other) && !same_words(entry, hit, other))
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

/// Returns whether two hits are of the same words: a repeated weak word is no evidence for itself.
fn same_words(entry: &IndexedEntry, one: &Hit, other: &Hit) -> bool {
    fold(entry.quote(one.start, one.word_count)) == fold(entry.quote(other.start, other.word_count))
}
