//! What a concept consists of: its words with their weights and languages, or its countries.

use super::builtin::{self, BuiltinConcept};
use crate::config::{Concept, Placed};
use crate::model::Country;
use std::collections::BTreeMap;

/// A concept for people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConceptDescription {
    /// Its name, without the `@`.
    pub name: String,
    /// Whether it is built in, and not replaced in feeds.toml.
    pub is_builtin: bool,
    /// The concepts whose words belong to it too.
    pub uses: Vec<String>,
    /// The countries of which an entry has to be about one, where there are any.
    pub countries: Vec<Country>,
    /// Its words; those of built-in vocabularies that it uses belong to them, those of the concepts in feeds.toml that it uses do not.
    pub terms: Vec<DescribedTerm>,
}

/// A term of a concept.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedTerm {
    /// The words as they were written.
    pub words: String,
    /// The language in which they count; in every one when there is none.
    pub language: Option<&'static str>,
    /// What they add to the score where they stand in the lead: from 1 on the concept is met. None for the lists of feeds.toml.
    pub weight: Option<f64>,
    /// The key of the list in feeds.toml; none for built-in ones.
    pub list: Option<&'static str>,
}

/// Describes a concept, of feeds.toml when `written` has it, else the built-in one. `None` when there is none of this name.
#[must_use]
pub fn describe_concept(name: &str, written: &BTreeMap<String, Concept>) -> Option<ConceptDescription> {
    let name = name.trim_start_matches('@').to_lowercase();
    match written.iter().find(|(known, _)| known.to_lowercase() == name) {
        Some((_, concept)) => Some(of_feeds_toml(name, concept)),
        None => builtin_concept(name),
    }
}

fn of_feeds_toml(name: String, concept: &Concept) -> ConceptDescription {
    let list = |list: &'static str, terms: &[Placed]| -> Vec<DescribedTerm> {
        let term = |term: &Placed| DescribedTerm {
            words: term.text.clone(),
            language: None,
            weight: None,
            list: Some(list),
        };
        terms.iter().map(term).collect()
    };
    let lists = [
        list("any", &concept.any),
        list("weak", &concept.weak),
        list("evidence", &concept.evidence),
        list("mask", &concept.mask),
    ];
    ConceptDescription {
        name,
        uses: concept
            .r#use
            .iter()
            .map(|used| used.text.trim().trim_start_matches('@').to_lowercase())
            .collect(),
        terms: lists.concat(),
        ..ConceptDescription::default()
    }
}

fn is_arabic(words: &str) -> bool {
    words.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c))
}

fn builtin_concept(name: String) -> Option<ConceptDescription> {
    let mut description = ConceptDescription {
        is_builtin: true,
        uses: builtin::used_tables(&name),
        ..ConceptDescription::default()
    };
    match builtin::concept(&name)? {
        BuiltinConcept::Countries(countries) => description.countries = countries.to_vec(),
        BuiltinConcept::Words(terms) => {
            let term = |term: builtin::BuiltinTerm| DescribedTerm {
                words: term.written.1.to_owned(),
                // Words in Arabic script count in every language, since no other here has it.
                language: term.language.or_else(|| is_arabic(term.written.1).then_some("ar")),
                weight: Some(term.weight),
                list: None,
            };
            description.terms = terms.into_iter().map(term).collect();
        }
    }
    description.name = name;
    Some(description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_str;

    #[test]
    fn built_in_concepts_and_those_of_feeds_toml_are_described() {
        let text = "[concept.trade]\nany = [\"marché\"]\nweak = [\"prix\"]\nuse = [\"@economy\"]\n";
        let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
        let own = describe_concept("@trade", &config.concepts).expect("it is there");
        assert!(!own.is_builtin && own.uses == ["economy"]);
        let lists: Vec<_> = own.terms.iter().map(|term| (term.words.as_str(), term.list)).collect();
        assert_eq!(lists, [("marché", Some("any")), ("prix", Some("weak"))]);
        let sahel = describe_concept("sahel", &config.concepts).expect("it is built in");
        assert!(sahel.is_builtin && sahel.countries.len() == 5 && sahel.terms.is_empty());
        let politics = describe_concept("@Politics", &config.concepts).expect("it is built in");
        assert!(politics.uses.iter().any(|used| used == "elections"), "{:?}", politics.uses);
        assert!(politics.terms.len() > 100 && politics.terms.iter().any(|term| term.language == Some("ar")));
        assert_eq!(describe_concept("@none", &config.concepts), None);
    }
}
