//! Matching: where a pattern stands in an entry's words.

use super::pattern::{Pattern, Word};
use super::subject::{At, PreparedSubject, Zone};
use crate::text::stem::inflected;

/// A pattern found in a text: its first word and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub at: At,
    pub length: usize,
}

impl Hit {
    /// Returns whether the two share a word.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.at.zone == other.at.zone && self.at.word < other.at.word + other.length && other.at.word < self.at.word + self.length
    }
}

/// Returns where `pattern` stands in the given zones, in order.
pub(super) fn find(pattern: &Pattern, subject: &PreparedSubject, zones: &[Zone]) -> Vec<Hit> {
    let Some((first, rest)) = pattern.words.split_first() else {
        return Vec::new();
    };
    let starts = match first {
        Word::Inflected(word) => subject.inflected(word).to_vec(),
        Word::Folded(word) => subject.folded(word).to_vec(),
        Word::Prefix(prefix) => subject.prefixed(prefix),
        Word::Exact(word) => {
            let folded = crate::text::fold::fold(word);
            subject
                .folded(&folded)
                .iter()
                .copied()
                .filter(|at| fits(subject, *at, first))
                .collect()
        }
    };
    let mut hits: Vec<Hit> = starts
        .into_iter()
        .filter(|at| zones.contains(&at.zone))
        .filter(|at| {
            rest.iter().enumerate().all(|(step, word)| {
                let next = At {
                    word: at.word + step + 1,
                    ..*at
                };
                fits(subject, next, word)
            })
        })
        .map(|at| Hit {
            at,
            length: pattern.words.len(),
        })
        .collect();
    hits.sort_unstable();
    hits
}

fn fits(subject: &PreparedSubject, at: At, word: &Word) -> bool {
    let Some(there) = subject.word(at) else { return false };
    match word {
        Word::Inflected(wanted) => inflected(&there.token.folded) == *wanted,
        Word::Folded(wanted) => there.token.folded == *wanted,
        Word::Prefix(prefix) => there.token.folded.starts_with(prefix.as_str()),
        Word::Exact(wanted) => there.token.text == wanted,
    }
}
