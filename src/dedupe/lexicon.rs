//! Words that mean the same in several languages, so that reports of one event meet across them: `words/event_words.tsv` for what happens,
//! `words/bodies.tsv` for institutions.

use crate::text::fold::fold;
use crate::text::language::is_stop_word;
use crate::text::stem::{arabic_forms, stem};
use crate::text::token::tokens;
use crate::text::word_list::{Case, Word};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const EVENT_WORDS: &str = include_str!("words/event_words.tsv");
const BODIES: &str = include_str!("words/bodies.tsv");

/// Words that say nothing in German, Spanish, Italian and Portuguese, folded.
const FURTHER_STOP_WORDS: &str = include_str!("words/stop_words.txt");

/// Returns whether a folded word says nothing of an event.
pub(super) fn is_empty_word(word: &str) -> bool {
    static FURTHER: LazyLock<HashSet<&str>> = LazyLock::new(|| FURTHER_STOP_WORDS.split_whitespace().collect());
    is_stop_word(word) || FURTHER.contains(word)
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The concepts by word and by stem.
static CONCEPTS: LazyLock<[HashMap<String, &'static str>; 2]> = LazyLock::new(|| {
    let mut by_word: HashMap<String, &'static str> = HashMap::new();
    let mut by_stem: HashMap<String, &'static str> = HashMap::new();
    for line in lines(EVENT_WORDS) {
        let mut columns = line.split('\t');
        let Some(concept) = columns.next() else { continue };
        for word in columns
            .flat_map(str::split_whitespace)
            .map(fold)
            .filter(|word| !is_empty_word(word))
        {
            by_stem.entry(stem(&word).into_owned()).or_insert(concept);
            by_word.entry(word).or_insert(concept);
        }
    }
    [by_word, by_stem]
});

/// Returns what a folded word means, in any of the languages.
pub(super) fn concept(word: &str) -> Option<&'static str> {
    let [by_word, by_stem] = &*CONCEPTS;
    let known = by_word.get(word).or_else(|| by_stem.get(stem(word).as_ref()));
    if known.is_some() || word.is_ascii() {
        return known.copied();
    }
    arabic_forms(word)
        .iter()
        .find_map(|form| by_word.get(form.as_ref()).or_else(|| by_stem.get(form.as_ref())))
        .copied()
}

/// A spelling of a body's name.
struct Spelling {
    /// Its folded words.
    words: Vec<String>,
    is_acronym: bool,
    body: &'static str,
}

/// The spellings by their first word, the longest first.
static SPELLINGS: LazyLock<HashMap<String, Vec<Spelling>>> = LazyLock::new(|| {
    let mut spellings: HashMap<String, Vec<Spelling>> = HashMap::new();
    for line in lines(BODIES) {
        let mut columns = line.split('\t');
        let Some(body) = columns.next() else { continue };
        for written in columns {
            let words: Vec<String> = tokens(written).map(|token| token.folded.into_owned()).collect();
            let Some(first) = words.first().cloned() else { continue };
            let is_acronym = words.len() == 1 && Case::of(written) == Case::Capitals;
            spellings.entry(first).or_default().push(Spelling { words, is_acronym, body });
        }
    }
    for of_word in spellings.values_mut() {
        of_word.sort_by_key(|spelling| std::cmp::Reverse(spelling.words.len()));
    }
    spellings
});

/// Returns the body whose name begins with the first of `words`, and the number of its words. Acronyms count where they stand out from the words
/// around them (`is_shouted`: the text is written in capitals).
pub(super) fn body(words: &[Word<'_>], is_shouted: bool) -> Option<(&'static str, usize)> {
    let first = words.first()?;
    let fits = |spelling: &&Spelling| {
        let is_written = !spelling.is_acronym || (first.case == Case::Capitals && !is_shouted);
        is_written && words.len() >= spelling.words.len() && spelling.words.iter().zip(words).all(|(wanted, word)| wanted == word.text)
    };
    let found = SPELLINGS.get(first.text)?.iter().find(fits)?;
    Some((found.body, found.words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::word_list::{cased_words, encode};

    #[test]
    fn words_of_one_meaning_are_one_concept() {
        for (one, other) in [
            ("attaques", "attacks"),
            ("tues", "killed"),
            ("هجوم", "attaque"),
            ("والهجمات", "attack"),
            ("otages", "rehenes"),
        ] {
            assert_eq!(concept(one), concept(other), "{one} {other}");
            assert!(concept(one).is_some(), "{one}");
        }
        assert_eq!(concept("marche"), None);
        assert!(is_empty_word("der") && is_empty_word("les") && !is_empty_word("mali"));
    }

    #[test]
    fn bodies_are_known_by_name_and_acronym() {
        let find = |text: &str, is_shouted: bool| {
            let encoded = encode(&[&[text]]);
            let words: Vec<Word<'_>> = cased_words(&encoded).flatten().collect();
            body(&words, is_shouted)
        };
        assert_eq!(find("Cour pénale internationale saisie", false), Some(("icc", 3)));
        assert_eq!(find("International Criminal Court", false), Some(("icc", 3)));
        assert_eq!(find("CPI : une enquête", false), Some(("icc", 1)));
        assert_eq!(find("can he", false), None);
        assert_eq!(find("CAN HE GO", true), None);
    }

    #[test]
    fn every_line_of_the_tables_has_a_name_and_words() {
        for line in lines(EVENT_WORDS).chain(lines(BODIES)) {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap_or_default();
            assert!(!name.is_empty() && columns.any(|column| !column.trim().is_empty()), "{line}");
        }
    }
}
