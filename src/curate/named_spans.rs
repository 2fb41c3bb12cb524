//! The names of the gazetteer in a text, for the stage that compares entries.

use super::concept::Concepts;
use super::entry_text::{EntryFacts, EntryWords, OriginalTexts};
use super::matcher::Matcher;
use super::places::{Condition, PlaceKind};
use super::position::Zone;
use super::scan::PatternTable;
use crate::model::{NameKind, NamedSpan, SourceId, Timestamp};
use crate::text::word_list;
use std::sync::LazyLock;

/// A matcher of no rule: only the gazetteer.
static GAZETTEER: LazyLock<Matcher> = LazyLock::new(|| Matcher::new([], &Concepts::default(), &PatternTable::default()));

/// The names are the same in every source.
static NO_SOURCE: LazyLock<SourceId> = LazyLock::new(|| SourceId::new("text").expect("it is a slug"));

/// Returns the names of the gazetteer in a headline and a text, both as `word_list::encode` writes a part, by position; of those that overlap the longest.
/// `language` is the primary subtag of the entry's language.
#[must_use]
pub fn named_spans(title: &str, text: &str, language: Option<&str>) -> Vec<NamedSpan> {
    let words = word_list::join_parts(&[title, "", text]);
    let facts = EntryFacts {
        source_id: &NO_SOURCE,
        source: None,
        language,
        date: Timestamp::from_unix(0),
    };
    let load = || OriginalTexts::default();
    let matched = GAZETTEER.scan(facts, EntryWords::new(&words, None), &load);
    let mut spans: Vec<NamedSpan> = Vec::new();
    for (hit, term) in matched.names() {
        let kind = match term.kind {
            PlaceKind::Name | PlaceKind::Demonym => NameKind::Country,
            PlaceKind::Capital => NameKind::Capital,
            PlaceKind::Place => NameKind::Place {
                is_weak: matches!(term.condition, Condition::Weak | Condition::WeakIn(_)),
            },
            PlaceKind::Person | PlaceKind::Body | PlaceKind::Group => NameKind::Actor,
            PlaceKind::Mask => continue,
        };
        let span = NamedSpan {
            in_title: hit.start.zone == Zone::Title,
            start: hit.start.word,
            word_count: hit.word_count,
            kind,
            countries: term.countries.to_vec(),
        };
        // A word may stand in the tables for several things: the first is enough.
        if spans
            .last()
            .is_none_or(|last| (last.in_title, last.start) != (span.in_title, span.start))
        {
            spans.push(span);
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_what_they_stand_for() {
        let part = |text: &str| word_list::encode(&[&[text]]);
        let spans = named_spans(
            &part("Niger State : le gouverneur reçu à Bamako"),
            &part("Les Maliens de Gao saluent. Une poule bâille."),
            Some("fr"),
        );
        let told: Vec<(bool, usize, usize, NameKind, String)> = spans
            .iter()
            .map(|span| {
                let countries: Vec<String> = span.countries.iter().map(ToString::to_string).collect();
                (span.in_title, span.start, span.word_count, span.kind, countries.join(","))
            })
            .collect();
        assert_eq!(
            told,
            [
                (true, 0, 2, NameKind::Place { is_weak: true }, "NG".to_owned()),
                (true, 6, 1, NameKind::Capital, "ML".to_owned()),
                (false, 1, 1, NameKind::Country, "ML".to_owned()),
                (false, 3, 1, NameKind::Place { is_weak: false }, "ML".to_owned()),
            ]
        );
    }
}
