//! The gazetteer: names of countries, peoples, places, public figures and institutions, each with the countries that it stands for.
//!
//! The tables are in `places/`: `region.tsv` was made by hand, `world.tsv` and `towns.tsv` by `make_tables.py`. The hand-made table has the last
//! word on a term.

use super::admin_table::{self, AdminPlace, AdminTable};
use super::pattern::{Pattern, PatternId, WordPattern};
use super::scan::PatternTable;
use crate::model::Country;
use crate::model::prehashed_map::PrehashedMap;
use crate::text::fold::fold;
use crate::text::word_list::Case;
use std::collections::HashSet;

const REGION_TABLE: &str = include_str!("places/region.tsv");
const GENERATED_TABLES: [&str; 2] = [include_str!("places/world.tsv"), include_str!("places/towns.tsv")];
/// All of them.
pub(super) const TABLES: [&str; 3] = [REGION_TABLE, GENERATED_TABLES[0], GENERATED_TABLES[1]];

/// Stands for the world at large in the gazetteer: what is named so is foreign, whatever the source's country is. No entry is about it.
pub(super) const WORLD: Country = Country::of(*b"XX");

/// What a term names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// A country.
    Name,
    /// A people, or what belongs to a country.
    Demonym,
    /// A capital.
    Capital,
    /// A region, a town, a river.
    Place,
    /// A public figure.
    Person,
    /// An institution, a party, a company, an army.
    Body,
    /// An armed group.
    Group,
    /// No evidence for a country: it hides shorter terms.
    Mask,
}

impl PlaceKind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "name" => Self::Name,
            "demonym" => Self::Demonym,
            "capital" => Self::Capital,
            "place" => Self::Place,
            "person" => Self::Person,
            "body" => Self::Body,
            "group" => Self::Group,
            "mask" => Self::Mask,
            _ => return None,
        })
    }
}

/// When a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// Always.
    None,
    /// With another term of the same country that is not weak, or in a source of that country.
    Weak,
    /// As [`Self::Weak`], in sources of one country only.
    WeakIn(Country),
    /// As [`Self::Weak`] where it stands beside a capitalised word, as in a person's name.
    Name,
}

/// A term of the gazetteer.
#[derive(Debug, Clone)]
pub(super) struct PlaceTerm {
    /// The countries that it stands for; none for a mask.
    pub countries: Box<[Country]>,
    pub kind: PlaceKind,
    /// The language in which it counts; in every one when there is none.
    pub language: Option<&'static str>,
    pub condition: Condition,
    /// Whether its first word has to be written with a capital, so that words of the language are no names.
    pub needs_capital: bool,
    /// The administrative region in which it lies, when that is known.
    pub admin: Option<AdminPlace>,
}

/// The terms of the gazetteer by pattern.
#[derive(Debug, Default)]
pub struct Places {
    by_pattern: PrehashedMap<u32, Vec<PlaceTerm>>,
}

impl Places {
    /// Reads the gazetteer; its patterns are added to `table`.
    pub(super) fn load(table: &mut PatternTable) -> Self {
        let mut places = Self::default();
        let admin = admin_table::read();
        let mut by_hand: HashSet<Vec<String>> = HashSet::new();
        for line in lines(REGION_TABLE) {
            if let Some((pattern, term)) = parse(line, &admin) {
                by_hand.insert(pattern.folded_words());
                places.add(pattern, term, table);
            }
        }
        for line in GENERATED_TABLES.into_iter().flat_map(lines) {
            if let Some((pattern, term)) = parse(line, &admin)
                && !by_hand.contains(&pattern.folded_words())
            {
                places.add(pattern, term, table);
            }
        }
        places
    }

    fn add(&mut self, pattern: Pattern, term: PlaceTerm, table: &mut PatternTable) {
        let id = table.add(pattern);
        self.by_pattern.entry(id.0).or_default().push(term);
    }

    /// Returns the terms of a pattern.
    pub(super) fn terms(&self, pattern: PatternId) -> &[PlaceTerm] {
        self.by_pattern.get(&pattern.0).map_or(&[], Vec::as_slice)
    }
}

/// Returns the lines of a table that are no comments.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Reads a line: countries, kind, language, term and condition, separated by tabs. `None` when it is none of the kind.
fn parse(line: &'static str, admin: &AdminTable) -> Option<(Pattern, PlaceTerm)> {
    let mut columns = line.split('\t');
    let (countries, kind, language, text) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let kind = PlaceKind::parse(kind)?;
    let countries: Option<Box<[Country]>> = match countries {
        "-" => Some(Box::default()),
        codes => codes.split(',').map(Country::new).collect(),
    };
    let condition = match columns.next().unwrap_or_default().trim() {
        "" | "aes" => Condition::None,
        "weak" => Condition::Weak,
        "name" => Condition::Name,
        other => Condition::WeakIn(Country::new(other.strip_prefix("weak@")?)?),
    };
    let pattern = Pattern::table_term(text)?;
    let name = text.trim_matches(['=', '"']);
    let (first, countries) = (name.chars().next()?, countries?);
    let country = Some(&*countries).filter(|_| matches!(kind, PlaceKind::Place | PlaceKind::Capital | PlaceKind::Body));
    Some((
        pattern,
        PlaceTerm {
            admin: country.and_then(|country| admin.get(&(*country.first()?, name)).copied()),
            countries,
            kind,
            language: condition_language(language, text),
            condition,
            needs_capital: kind != PlaceKind::Demonym && first.is_uppercase(),
        },
    ))
}

impl Pattern {
    /// Returns the folded words, whatever is compared of them besides.
    fn folded_words(&self) -> Vec<String> {
        let word = |word: &WordPattern| match word {
            WordPattern::Inflected(word) | WordPattern::Folded(word) | WordPattern::Prefix(word) | WordPattern::Exact(word) => word.clone(),
            WordPattern::Named(word, _) => crate::text::stem::strip_inflection(word).into_owned(),
        };
        self.words.iter().map(word).collect()
    }
}

/// Returns the language in which a term counts; none for every one. Terms in Arabic script count wherever they stand: a French feed may quote
/// them, and they mean nothing else there.
pub(super) fn condition_language(language: &'static str, term: &str) -> Option<&'static str> {
    Some(language).filter(|language| *language != "*" && (*language != "ar" || term.is_ascii()))
}

/// Returns whether the gazetteer has a country of this code.
pub(super) fn is_known(country: Country) -> bool {
    let begins = |line: &str| line.strip_prefix(country.as_str()).is_some_and(|rest| rest.starts_with('\t'));
    country != WORLD && [GENERATED_TABLES[0], REGION_TABLE].into_iter().flat_map(lines).any(begins)
}

/// Returns the country of this name in any of the gazetteer's languages, without regard to case and accents.
pub(super) fn country_by_name(name: &str) -> Option<Country> {
    let wanted = fold(name);
    let named = |line: &str| {
        let mut columns = line.split('\t');
        let (codes, kind, _, term) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let term = term.trim_start_matches('=').trim_matches('"');
        (matches!(kind, "name" | "demonym") && fold(term) == wanted)
            .then(|| Country::new(codes))
            .flatten()
    };
    [REGION_TABLE, GENERATED_TABLES[0]].into_iter().flat_map(lines).find_map(named)
}

/// Returns whether the first word of a term is written as it has to be.
pub(super) fn is_written_right(term: &PlaceTerm, case: Case) -> bool {
    !term.needs_capital || case != Case::Small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_entry_can_be_about_the_world() {
        assert!(is_known(Country::of(*b"ML")) && is_known(Country::of(*b"FR")));
        assert!(!is_known(WORLD) && !is_known(Country::of(*b"QQ")));
    }

    #[test]
    fn every_line_of_the_tables_is_read() {
        let admin = admin_table::read();
        for line in [REGION_TABLE].into_iter().chain(GENERATED_TABLES).flat_map(lines) {
            let (_, term) = parse(line, &admin).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                term.countries.is_empty(),
                term.kind == PlaceKind::Mask || line.starts_with("-\t"),
                "{line}"
            );
            assert!(
                term.language
                    .is_none_or(|language| ["fr", "en", "ar", "ha", "pt", "es"].contains(&language)),
                "{line}"
            );
        }
    }
}
