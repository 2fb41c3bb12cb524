//! Searches among a few texts in memory, such as the items of a published feed: a compiled search, judged on the words of one text and on what is known of it.

use super::entry_text::OriginalTexts;
use super::search_document::search_words;
use crate::model::{Area, Genre, SearchExpression, SearchFact, SearchPhrase, SearchZones, SourceId, Timestamp};
use std::collections::BTreeMap;

/// A text that is searched, with what is known of it besides its words.
#[derive(Debug, Default)]
pub struct SearchedText {
    /// The places of each word, zone by zone in the order of `SearchZone::ALL`.
    zones: Vec<BTreeMap<String, Vec<usize>>>,
    facts: SearchedFacts,
}

/// What is known of a text besides its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchedFacts {
    /// The sources that tell it.
    pub sources: Vec<SourceId>,
    /// Its language tag in lower case.
    pub language: Option<String>,
    /// The countries and regions that it is about.
    pub about: Vec<Area>,
    /// Its genre.
    pub genre: Option<Genre>,
    /// Its date.
    pub date: Option<Timestamp>,
}

impl SearchedText {
    /// Returns the text with its words as the full-text index would hold them.
    #[must_use]
    pub fn new(texts: &OriginalTexts, facts: SearchedFacts) -> Self {
        let places = |words: &String| {
            let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (place, word) in words.split_whitespace().enumerate() {
                places.entry(word.to_owned()).or_default().push(place);
            }
            places
        };
        let zones = search_words(&texts.word_list(), None).0.iter().map(places).collect();
        Self { zones, facts }
    }

    /// Returns whether the text meets the search.
    #[must_use]
    pub fn meets(&self, expression: &SearchExpression) -> bool {
        match expression {
            SearchExpression::All(parts) => parts.iter().all(|part| self.meets(part)),
            SearchExpression::Any(parts) => parts.iter().any(|part| self.meets(part)),
            SearchExpression::Not(part) => !self.meets(part),
            SearchExpression::Everything => true,
            SearchExpression::Phrase(phrase, zones) => self.places(zones).any(|places| !starts(places, phrase).is_empty()),
            SearchExpression::Near(one, other, distance, zones) => self.places(zones).any(|places| are_near(places, one, other, *distance)),
            SearchExpression::Fact(fact) => self.facts.hold(fact),
        }
    }

    fn places(&self, zones: SearchZones) -> impl Iterator<Item = &BTreeMap<String, Vec<usize>>> {
        zones.iter().filter_map(|zone| self.zones.get(*zone as usize))
    }
}

impl SearchedFacts {
    fn hold(&self, fact: &SearchFact) -> bool {
        match fact {
            SearchFact::Source(source) => self.sources.contains(source),
            SearchFact::Language(wanted) => self.language.as_deref().is_some_and(|tag| {
                let rest = tag.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }),
            SearchFact::About(area) => self.about.contains(area),
            SearchFact::Genre(genre) => self.genre == Some(*genre),
            SearchFact::Days(from, until) => self.date.is_some_and(|date| {
                let day = date.unix_day();
                from.is_none_or(|from| day >= from) && until.is_none_or(|until| day < until)
            }),
        }
    }
}

/// Returns the places at which a phrase begins.
fn starts(places: &BTreeMap<String, Vec<usize>>, phrase: &SearchPhrase) -> Vec<usize> {
    let Some((last, before)) = phrase.words.split_last() else {
        return Vec::new();
    };
    let offset = before.len();
    let ends: Vec<usize> = if phrase.is_prefix {
        let begun = places.range(last.clone()..).take_while(|(word, _)| word.starts_with(last.as_str()));
        begun.flat_map(|(_, places)| places.iter().copied()).collect()
    } else {
        places.get(last).cloned().unwrap_or_default()
    };
    let is_led = |start: usize| {
        let mut before = before.iter().enumerate();
        before.all(|(number, word)| {
            places
                .get(word)
                .is_some_and(|places| places.binary_search(&(start + number)).is_ok())
        })
    };
    let starts = ends.into_iter().filter_map(|end| end.checked_sub(offset));
    starts.filter(|start| is_led(*start)).collect()
}

/// Returns whether two phrases stand with at most `distance` words between them, in any order.
fn are_near(places: &BTreeMap<String, Vec<usize>>, one: &SearchPhrase, other: &SearchPhrase, distance: usize) -> bool {
    let follows = |first: &SearchPhrase, second: &SearchPhrase| {
        let mut seconds = starts(places, second);
        seconds.sort_unstable();
        starts(places, first).into_iter().any(|at| {
            let end = at + first.words.len();
            let next = seconds.partition_point(|second| *second < end);
            seconds.get(next).is_some_and(|second| second - end <= distance)
        })
    };
    follows(one, other) || follows(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curate::{RuleContext, compile_concepts, compile_search};

    const NOW: &str = "2026-03-02T12:00:00Z";

    fn text() -> SearchedText {
        let texts = OriginalTexts {
            title: "Attaques à Djibo : l'armée riposte".to_owned(),
            summary: "Douze morts".to_owned(),
            body: "Selon le gouverneur, douze soldats ont péri au marché de Djibo. Le marché rouvre.".to_owned(),
            authors: vec!["Awa Traoré".to_owned()],
            categories: vec!["Sécurité".to_owned()],
            url: None,
        };
        let facts = SearchedFacts {
            sources: vec![SourceId::new("aube").expect("a slug")],
            language: Some("fr-bf".to_owned()),
            about: ["BF", "BF-12"].iter().filter_map(|code| Area::new(code)).collect(),
            genre: None,
            date: Timestamp::parse("2026-03-01T10:00:00Z").ok(),
        };
        SearchedText::new(&texts, facts)
    }

    fn meets(query: &str) -> bool {
        let config = crate::config::from_str(
            std::path::Path::new("feeds.toml"),
            "[[source]]\nid = \"aube\"\nname = \"Aube\"\nurl = \"https://a.example/f\"\n[[source]]\nid = \"soir\"\nname = \"Soir\"\nurl = \"https://b.example/f\"\n",
        )
        .expect("a configuration");
        let concepts = compile_concepts(&config.concepts).expect("concepts");
        let rules = BTreeMap::new();
        let context = RuleContext::new(&concepts, Some(&config.sources), &rules);
        let compiled = compile_search(query, &context, Timestamp::parse(NOW).expect("a time")).expect("a search");
        text().meets(&compiled.query.expression)
    }

    #[test]
    fn words_phrases_and_operators_are_judged_on_the_text() {
        for query in [
            "attaque",
            "ATTAQUES djibo",
            "armee",
            "\"marché de Djibo\"",
            "march*",
            "\"marché de Dj*\"",
            "inconnu OR riposte",
            "djibo -football",
            "(inconnu OR soldat) marché",
            "title:djibo",
            "author:traore",
            "category:securite",
            "gouverneur NEAR/3 soldats",
            "soldats NEAR/3 gouverneur",
            "@sahel",
            "*",
        ] {
            assert!(meets(query), "{query}");
        }
        for query in [
            "football",
            "\"Djibo marché\"",
            "title:marché",
            "attaque -djibo",
            "march* inconnu",
            "gouverneur NEAR/1 marché",
            "\"le marché de\"",
            "author:djibo",
        ] {
            assert!(!meets(query), "{query}");
        }
    }

    #[test]
    fn facts_are_judged_too() {
        for query in [
            "source:aube",
            "lang:fr",
            "about:BF,ML",
            "about:bf-12",
            "date:2026-03-01",
            "date:>=2026-03-01",
            "date:2026-02-01..2026-03-01",
        ] {
            assert!(meets(query), "{query}");
        }
        for query in [
            "source:soir",
            "lang:fr-ne OR lang:ar",
            "about:ML",
            "about:BF-01",
            "date:2026-03-02",
            "date:<2026-03-01",
            "-lang:fr",
        ] {
            assert!(!meets(query), "{query}");
        }
    }
}
