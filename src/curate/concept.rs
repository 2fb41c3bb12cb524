//! Concepts: named sets of words in several languages, the operator's and those that griot brings along.

use super::matcher::{Hit, find};
use super::pattern::Pattern;
use super::subject::{At, PreparedSubject, Zone};
use crate::config::{Concept, ConfigProblem, Placed};
use crate::model::{Digest128, Digester};
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Evidence for a weak word stands at most so many words away.
const NEAR: usize = 40;

/// Every concept that rules may name.
#[derive(Debug, Clone, Default)]
pub struct Concepts {
    by_name: BTreeMap<String, CompiledConcept>,
}

/// One concept, ready to be sought.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledConcept {
    any: Vec<Pattern>,
    weak: Vec<Pattern>,
    mask: Vec<Pattern>,
    evidence: Vec<Pattern>,
    digest: Digest128,
}

impl Concepts {
    /// Returns the concepts that griot brings along: `sahel`.
    #[must_use]
    pub fn builtin() -> Self {
        let sahel = parse_builtin(include_str!("concepts/sahel.txt"));
        Self {
            by_name: BTreeMap::from([("sahel".to_owned(), sahel)]),
        }
    }

    /// Returns the names of all concepts in alphabetical order, without the `@`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&CompiledConcept> {
        self.by_name.get(name)
    }
}

/// Compiles the concepts of feeds.toml and adds them to those griot brings along; one of the same name takes the other's place.
///
/// # Errors
/// Every term without a word in it, with its place.
pub fn concepts(written: &BTreeMap<String, Concept>) -> Result<Concepts, Vec<ConfigProblem>> {
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
    compiled.seal();
    compiled
}

/// Reads the form in which griot's own concepts are written: one term a line under `[any]`, `[weak]`, `[mask]` and `[evidence]`; `#` begins a comment.
///
/// Words of `[evidence]` never count themselves: they make weak words near them count.
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
    compiled.seal();
    compiled
}

impl CompiledConcept {
    /// Returns a digest that changes when the concept does.
    pub(super) const fn digest(&self) -> Digest128 {
        self.digest
    }

    fn seal(&mut self) {
        let mut digester = Digester::new();
        for (number, list) in (0_u8..).zip([&self.any, &self.weak, &self.mask, &self.evidence]) {
            for pattern in list {
                digester.update(&[number]).update(format!("{:?}", pattern.words).as_bytes());
            }
        }
        self.digest = digester.finish();
    }

    /// Returns where the concept is met in the given zones.
    pub(super) fn find(&self, subject: &PreparedSubject, zones: &[Zone]) -> Vec<Hit> {
        let seek = |patterns: &[Pattern]| -> Vec<Hit> {
            let mut hits: Vec<Hit> = patterns.iter().flat_map(|pattern| find(pattern, subject, zones)).collect();
            hits.sort_unstable();
            hits
        };
        let masks = seek(&self.mask);
        let free = |hits: Vec<Hit>| -> Vec<Hit> {
            hits.into_iter()
                .filter(|hit| !masks.iter().any(|mask| mask.overlaps(hit) && mask.length >= hit.length))
                .collect()
        };
        let mut hits = free(seek(&self.any));
        let weak = free(seek(&self.weak));
        if !weak.is_empty() {
            let evidence = [hits.clone(), free(seek(&self.evidence))].concat();
            let supported = |hit: &&Hit| {
                evidence.iter().any(|other| near(hit.at, other.at) && !hit.overlaps(other))
                    || weak
                        .iter()
                        .any(|other| near(hit.at, other.at) && !hit.overlaps(other) && !same(subject, hit, other))
            };
            hits.extend(weak.iter().filter(supported).copied());
            hits.sort_unstable();
        }
        hits
    }
}

fn near(one: At, other: At) -> bool {
    one.zone == other.zone && one.word.abs_diff(other.word) <= NEAR
}

/// Whether two hits are of the same words: a weak word said twice is no evidence for itself.
fn same(subject: &PreparedSubject, one: &Hit, other: &Hit) -> bool {
    fold(subject.quote(one.at, one.length)) == fold(subject.quote(other.at, other.length))
}
