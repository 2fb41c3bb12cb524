//! Finds a pattern in the indexed words of an entry.

use super::entry_text::{IndexedEntry, WordPosition, Zone};
use super::pattern::{Pattern, WordPattern};
use crate::text::stem::strip_inflection;

/// An occurrence of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// The position of its first word.
    pub start: WordPosition,
    pub word_count: usize,
}

impl Hit {
    /// Returns whether the two have a word in common.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.start.zone == other.start.zone
            && self.start.word < other.start.word + other.word_count
            && other.start.word < self.start.word + self.word_count
    }
}

/// Returns the occurrences of `pattern` in the given zones, sorted by position.
pub(super) fn find_hits(pattern: &Pattern, entry: &IndexedEntry, zones: &[Zone]) -> Vec<Hit> {
    let Some((first, rest)) = pattern.words.split_first() else {
        return Vec::new();
    };
    let starts = match first {
        WordPattern::Inflected(word) => entry.positions_of_inflected(word).to_vec(),
        WordPattern::Folded(word) => entry.positions_of_folded(word).to_vec(),
        WordPattern::Prefix(prefix) => entry.positions_of_prefix(prefix),
        WordPattern::Exact(word) => {
            let folded = crate::text::fold::fold(word);
            entry
                .positions_of_folded(&folded)
                .iter()
                .copied()
                .filter(|position| word_matches(entry, *position, first))
                .collect()
        }
    };
    let mut hits: Vec<Hit> = starts
        .into_iter()
        .filter(|start| zones.contains(&start.zone))
        .filter(|start| {
            rest.iter().enumerate().all(|(step, word)| {
                let next = WordPosition {
                    word: start.word + step + 1,
                    ..*start
                };
                word_matches(entry, next, word)
            })
        })
        .map(|start| Hit {
            start,
            word_count: pattern.words.len(),
        })
        .collect();
    hits.sort_unstable();
    hits
}

/// Returns whether the word at `position` matches one word of a pattern.
fn word_matches(entry: &IndexedEntry, position: WordPosition, pattern: &WordPattern) -> bool {
    let Some(word) = entry.word(position) else { return false };
    match pattern {
        WordPattern::Inflected(wanted) => strip_inflection(&word.token.folded) == *wanted,
        WordPattern::Folded(wanted) => word.token.folded == *wanted,
        WordPattern::Prefix(prefix) => word.token.folded.starts_with(prefix.as_str()),
        WordPattern::Exact(wanted) => word.token.text == wanted,
    }
}
