//! The concepts that are built in: those of the countries of the region, and vocabularies with weights, of which each is a table in `concepts/`.
//!
//! A line of a table holds a weight, a language (`*`: any) and a term, separated by tabs; `use NAME FACTOR` takes over another table's terms, their
//! weights multiplied; `threshold NUMBER` is the score from which on the concept is met; `#` begins a comment.

use super::about::REGION;
use super::pattern::Pattern;
use super::places::{condition_language, lines};
use crate::model::{Country, Digest128};
use std::collections::{HashMap, HashSet};

/// A built-in concept.
pub(super) enum BuiltinConcept {
    /// It is met when an entry is about one of these countries.
    Countries(&'static [Country]),
    /// It is met by words.
    Words(Vec<BuiltinTerm>),
}

/// A term of a vocabulary.
pub(super) struct BuiltinTerm {
    /// The words.
    pub pattern: Pattern,
    /// The language in which it counts; in every one when there is none.
    pub language: Option<&'static str>,
    /// Its weight: a score of 1 meets the concept.
    pub weight: f64,
    /// The language and the term as the table writes them.
    pub written: (&'static str, &'static str),
}

macro_rules! country {
    ($code:literal) => {
        &[Country::of(*$code)]
    };
}

/// The concepts of countries: Mali, Burkina Faso, Niger, Chad and Mauritania together and each, then their neighbours.
const COUNTRIES: &[(&str, &[Country])] = &[
    ("sahel", &REGION),
    ("mali", country!(b"ML")),
    ("burkina", country!(b"BF")),
    ("niger", country!(b"NE")),
    ("chad", country!(b"TD")),
    ("mauritania", country!(b"MR")),
    ("algeria", country!(b"DZ")),
    ("benin", country!(b"BJ")),
    ("cameroon", country!(b"CM")),
    ("central_african_republic", country!(b"CF")),
    ("gambia", country!(b"GM")),
    ("ghana", country!(b"GH")),
    ("guinea", country!(b"GN")),
    ("guinea_bissau", country!(b"GW")),
    ("ivory_coast", country!(b"CI")),
    ("libya", country!(b"LY")),
    ("morocco", country!(b"MA")),
    ("nigeria", country!(b"NG")),
    ("senegal", country!(b"SN")),
    ("sudan", country!(b"SD")),
    ("togo", country!(b"TG")),
];

macro_rules! tables {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("concepts/", $name, ".tsv")))),*]
    };
}

/// The vocabularies.
const TABLES: &[(&str, &str)] = tables![
    "armed_groups",
    "diplomacy",
    "economy",
    "elections",
    "humanitarian",
    "justice",
    "politics",
    "security",
    "sport",
];

/// Returns the names of the built-in concepts.
pub fn names() -> impl Iterator<Item = &'static str> {
    let countries = COUNTRIES.iter().map(|(name, _)| *name);
    countries.chain(TABLES.iter().map(|(name, _)| *name))
}

/// Returns whether there is a built-in concept of this name.
pub(super) fn exists(name: &str) -> bool {
    names().any(|known| known == name)
}

/// Returns a digest that changes when the concept does.
pub(super) fn digest(name: &str) -> Digest128 {
    let mut text = String::new();
    for used in closure(name) {
        text.push_str(table(used).unwrap_or(used));
    }
    text.push_str(learned(name));
    Digest128::hash(text.as_bytes())
}

/// Returns the concept of this name. Where tables that use each other hold a term, the one that uses the other knows better; what was learned for the
/// concept knows best.
pub(super) fn concept(name: &str) -> Option<BuiltinConcept> {
    if let Some((_, countries)) = COUNTRIES.iter().find(|(known, _)| *known == name) {
        return Some(BuiltinConcept::Countries(countries));
    }
    let mut terms = hand_made(name)?;
    let learned: HashMap<(Pattern, Option<&str>), f64> = terms_of(learned(name))
        .map(|term| ((term.pattern, term.language), term.weight))
        .collect();
    for term in &mut terms {
        if let Some(weight) = learned.get(&(term.pattern.clone(), term.language)) {
            term.weight = *weight;
        }
    }
    Some(BuiltinConcept::Words(terms))
}

/// Returns the terms of a vocabulary and of those that it uses with the weights that were set by hand, each once; `None` when there is none of this
/// name.
pub(super) fn hand_made(name: &str) -> Option<Vec<BuiltinTerm>> {
    table(name)?;
    let mut terms = Vec::new();
    add_terms(name, 1.0, 0, &mut terms);
    let mut seen = HashSet::new();
    terms.retain(|term| seen.insert((term.pattern.clone(), term.language)));
    Some(terms)
}

/// The weights that were learned for a concept, in place of those that were set by hand.
const LEARNED: &[(&str, &str)] = &[
    ("humanitarian", include_str!("concepts/humanitarian.learned.tsv")),
    ("politics", include_str!("concepts/politics.learned.tsv")),
    ("security", include_str!("concepts/security.learned.tsv")),
];

fn learned(name: &str) -> &'static str {
    LEARNED.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text)
}

fn table(name: &str) -> Option<&'static str> {
    TABLES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// How deep tables may use each other, so that a circle ends.
const MAX_DEPTH: usize = 4;

/// Adds the terms of a table, then those of the tables that it uses.
fn add_terms(name: &str, factor: f64, depth: usize, terms: &mut Vec<BuiltinTerm>) {
    let text = table(name).unwrap_or_default();
    let threshold = lines(text)
        .find_map(|line| line.strip_prefix("threshold ")?.trim().parse::<f64>().ok())
        .unwrap_or(1.0);
    let mut used = Vec::new();
    used.extend(lines(text).filter_map(|line| line.strip_prefix("use ")));
    terms.extend(terms_of(text).map(|term| BuiltinTerm {
        weight: term.weight / threshold * factor,
        ..term
    }));
    if depth < MAX_DEPTH {
        for other in used {
            let mut words = other.split_whitespace();
            let name = words.next().unwrap_or_default();
            let own = words.next().and_then(|number| number.parse::<f64>().ok()).unwrap_or(1.0);
            add_terms(name, factor * own, depth + 1, terms);
        }
    }
}

/// Returns the terms of a table, without those that it uses.
fn terms_of(text: &'static str) -> impl Iterator<Item = BuiltinTerm> {
    lines(text).filter_map(|line| {
        let mut columns = line.split('\t');
        let (weight, language, term) = (columns.next()?, columns.next()?, columns.next()?);
        Some(BuiltinTerm {
            pattern: Pattern::table_term(term)?,
            language: condition_language(language, term),
            weight: weight.parse().ok()?,
            written: (language, term),
        })
    })
}

/// Returns the names of the tables that a concept uses.
pub(super) fn used_tables(name: &str) -> Vec<String> {
    closure(name).into_iter().skip(1).map(str::to_owned).collect()
}

/// Returns the table and those that it uses, each once.
fn closure(name: &str) -> Vec<&str> {
    let mut all = vec![name];
    let mut at = 0;
    while let Some(name) = all.get(at).copied() {
        at += 1;
        let used = lines(table(name).unwrap_or_default()).filter_map(|line| line.strip_prefix("use ")?.split_whitespace().next());
        for used in used {
            if !all.contains(&used) {
                all.push(used);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_read() {
        for (name, text) in TABLES.iter().chain(LEARNED) {
            for line in lines(text) {
                if let Some(other) = line.strip_prefix("use ") {
                    let mut words = other.split_whitespace();
                    assert!(words.next().is_some_and(|used| table(used).is_some()), "{name}: {line}");
                    assert!(words.next().is_none_or(|factor| factor.parse::<f64>().is_ok()), "{name}: {line}");
                } else if let Some(number) = line.strip_prefix("threshold ") {
                    assert!(number.parse::<f64>().is_ok_and(|number| number > 0.0), "{name}: {line}");
                } else {
                    let columns: Vec<&str> = line.split('\t').collect();
                    assert_eq!(columns.len(), 3, "{name}: {line}");
                    assert!(columns[0].parse::<f64>().is_ok_and(f64::is_finite), "{name}: {line}");
                    assert!(["*", "fr", "en", "ar", "ha", "pt"].contains(&columns[1]), "{name}: {line}");
                    assert!(Pattern::table_term(columns[2]).is_some(), "{name}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_table_that_uses_others_changes_with_them() {
        assert_eq!(closure("politics").first(), Some(&"politics"));
        assert!(closure("politics").contains(&"elections"));
        assert_ne!(digest("politics"), digest("elections"));
        assert!(concept("football").is_none() && !exists("football") && exists("sahel"));
    }
}
