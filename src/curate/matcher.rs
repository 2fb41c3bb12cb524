//! What the entries of a run are searched for: the patterns of all rules, concepts and places. Built once, when the first entry is evaluated.

use super::concept::{CompiledConcept, ConceptFound, Concepts};
use super::entry_text::{EntryFacts, EntryWords, OriginalTexts, ScannedEntry};
use super::genre::Genres;
use super::places::Places;
use super::rule::CompiledRule;
use super::scan::{PatternId, PatternTable};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The patterns of the gazetteer and of the genres, which every matcher has: read once in a process.
static TABLES: LazyLock<(PatternTable, Places, Genres)> = LazyLock::new(|| {
    let mut table = PatternTable::default();
    let places = Places::load(&mut table);
    let genres = Genres::load(&mut table);
    (table, places, genres)
});

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
    pub fn scan<'a>(&'a self, facts: EntryFacts<'a>, words: EntryWords<'a>, load: &'a dyn Fn() -> OriginalTexts) -> ScannedEntry<'a> {
        let mut entry = ScannedEntry::new(facts, words, self, load);
        entry.hits = self.table.scan(&entry);
        entry
    }

    pub(super) const fn concept_count(&self) -> usize {
        self.concepts.len()
    }

    /// Returns the number of a concept that a rule uses.
    pub(super) fn concept_number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    pub(super) fn find_concept(&self, entry: &ScannedEntry<'_>, number: usize) -> ConceptFound {
        self.concepts[number].find(entry)
    }

    /// Returns the number of a pattern in the tables of places and genres; none for one of a rule or concept.
    pub(super) fn builtin(&self, pattern: PatternId) -> Option<PatternId> {
        pattern.0.checked_sub(self.first_builtin).map(PatternId)
    }
}

pub(super) fn genres() -> &'static Genres {
    &TABLES.2
}

pub(super) fn places() -> &'static Places {
    &TABLES.1
}
