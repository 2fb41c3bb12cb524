//! What the entries of a run are searched for: the patterns of all rules, concepts and places. Built once, when the first entry is evaluated.

use super::about::{AboutFound, HiddenPlace};
use super::admin_table;
use super::concept::{CompiledConcept, ConceptFound, ConceptScore, Concepts};
use super::entry_text::{EntryFacts, EntryWords, OriginalTexts, ScannedEntry};
use super::genre::{self, Genres};
use super::places::{self, PlaceTerm, Places};
use super::position::{Hit, Zones};
use super::rule::CompiledRule;
use super::scan::PatternTable;
use crate::model::{About, Country, Digester, Genre};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The patterns of the gazetteer and of the genres, which every matcher has: read once in a process.
static TABLES: LazyLock<(PatternTable, Places, Genres)> = LazyLock::new(|| {
    let mut table = PatternTable::default();
    let places = Places::load(&mut table);
    let genres = Genres::load(&mut table);
    (table, places, genres)
});

/// Raised when the same tables tell another country, region or genre than before.
const SUBJECTS_VERSION: u8 = 2;

/// Returns a number that changes when entries may be about other countries or regions, or of another genre, than was stored: with the gazetteer and the
/// table of genres.
#[must_use]
pub fn subjects_version() -> i64 {
    let mut digester = Digester::new();
    digester.update(&[SUBJECTS_VERSION]);
    for table in places::TABLES.into_iter().chain([admin_table::TABLE, genre::TABLE]) {
        digester.update_terminated(table);
    }
    let digest = digester.finish();
    let first = digest.as_bytes().first_chunk().copied().unwrap_or_default();
    i64::from_le_bytes(first)
}

/// The patterns of all rules, of the concepts that they use, and of the gazetteer.
#[derive(Debug)]
pub struct Matcher {
    table: PatternTable,
    concepts: Vec<CompiledConcept>,
    numbers: BTreeMap<String, usize>,
    /// The number of the first pattern of [`TABLES`].
    first_builtin: u32,
}

impl Matcher {
    /// Returns a matcher of `rules`, whose patterns are those of `table`.
    #[must_use]
    pub fn new<'r>(rules: impl IntoIterator<Item = &'r CompiledRule>, concepts: &Concepts, table: &PatternTable) -> Self {
        let mut table = table.clone();
        let used: BTreeSet<&str> = rules.into_iter().flat_map(CompiledRule::concept_names).collect();
        let compiled = used.iter().map(|name| concepts.compile(name, &mut table)).collect();
        let numbers = used.iter().enumerate().map(|(number, name)| ((*name).to_owned(), number)).collect();
        let first_builtin = table.append(&TABLES.0);
        Self {
            table,
            concepts: compiled,
            numbers,
            first_builtin,
        }
    }

    /// Finds all patterns in the words of an entry. `load` returns its texts as they were published, when they are needed.
    #[must_use]
    pub fn scan<'a>(&'a self, facts: EntryFacts<'a>, words: EntryWords<'a>, load: &'a dyn Fn() -> OriginalTexts) -> MatchedEntry<'a> {
        let mut scanned = ScannedEntry::new(facts, words, self.first_builtin, load);
        scanned.hits = self.table.scan(&scanned);
        MatchedEntry {
            scanned,
            matcher: self,
            about: OnceCell::new(),
            concepts: std::iter::repeat_with(OnceCell::new).take(self.concepts.len()).collect(),
            genre: OnceCell::new(),
        }
    }
}

/// An entry that rules are evaluated on: what was found in it, and what follows from it, each told once.
pub struct MatchedEntry<'a> {
    pub(super) scanned: ScannedEntry<'a>,
    matcher: &'a Matcher,
    about: OnceCell<AboutFound>,
    /// What was found of each concept, by its number, and how far that meets it in headline and text.
    concepts: Vec<OnceCell<(ConceptFound, ConceptScore)>>,
    genre: OnceCell<Option<Genre>>,
}

impl MatchedEntry<'_> {
    /// Returns the countries and regions that the entry is about.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about_found().about
    }

    pub(super) fn about_found(&self) -> &AboutFound {
        self.about.get_or_init(|| TABLES.1.about(&self.scanned))
    }

    /// Returns the names of the gazetteer, by position, of those that overlap the longest.
    pub(super) fn names(&self) -> Vec<(Hit, &'static PlaceTerm)> {
        TABLES.1.named(&self.scanned)
    }

    /// Returns the places that do not count.
    pub(super) fn hidden_places(&self) -> Vec<HiddenPlace> {
        TABLES.1.hidden(&self.scanned, self.about_found())
    }

    /// Returns the countries of a concept that a rule of the matcher uses.
    pub(super) fn concept_countries(&self, name: &str) -> &[Country] {
        let number = self.matcher.numbers.get(name);
        let compiled = number.and_then(|number| self.matcher.concepts.get(*number));
        compiled.map(CompiledConcept::countries).unwrap_or_default()
    }

    /// Returns what kind of text the entry is, when it reports no event of its own.
    #[must_use]
    pub fn genre(&self) -> Option<Genre> {
        *self.genre.get_or_init(|| TABLES.2.of(&self.scanned))
    }

    /// Returns what was found of a concept that a rule of the matcher uses.
    pub(super) fn concept(&self, name: &str) -> Option<&ConceptFound> {
        let number = *self.matcher.numbers.get(name)?;
        Some(&self.concept_by_number(number)?.0)
    }

    /// Returns how far the entry meets a concept, which a rule of the matcher uses, in some zones.
    pub(super) fn concept_score(&self, name: &str, zones: Zones) -> Option<Cow<'_, ConceptScore>> {
        let number = *self.matcher.numbers.get(name)?;
        let (found, score) = self.concept_by_number(number)?;
        Some(if zones == Zones::TEXT {
            Cow::Borrowed(score)
        } else {
            Cow::Owned(found.score(&self.scanned, zones))
        })
    }

    fn concept_by_number(&self, number: usize) -> Option<&(ConceptFound, ConceptScore)> {
        let compiled = self.matcher.concepts.get(number)?;
        let found = || {
            let found = compiled.find(&self.scanned, &|| self.about_found());
            let score = found.score(&self.scanned, Zones::TEXT);
            (found, score)
        };
        Some(self.concepts.get(number)?.get_or_init(found))
    }
}
