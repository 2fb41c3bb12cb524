//! Where the words of a search stand in a text, so that they can be shown.

use super::pattern::{Pattern, WordPattern};
use crate::text::stem::{arabic_forms, strip_inflection};
use crate::text::token::{Token, tokens};
use std::ops::Range;

/// The words of a text that are looked at.
const MAX_MARKED_WORDS: usize = 5_000;

/// The words of a search.
#[derive(Debug, Clone, Default)]
pub struct SearchMarks {
    patterns: Vec<Pattern>,
}

impl SearchMarks {
    pub(super) const fn new(patterns: Vec<Pattern>) -> Self {
        Self { patterns }
    }

    /// Returns the byte ranges of the words and phrases in `text`, in order; those that overlap are one.
    #[must_use]
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let tokens: Vec<Token<'_>> = tokens(text).take(MAX_MARKED_WORDS).collect();
        let mut spans: Vec<Range<usize>> = Vec::new();
        for start in 0..tokens.len() {
            let rest = &tokens[start..];
            let length = self.patterns.iter().filter_map(|pattern| length_at(pattern, rest)).max();
            let Some(last) = length.and_then(|length| rest.get(length.saturating_sub(1))) else {
                continue;
            };
            let span = rest[0].start..last.span().end;
            match spans.last_mut() {
                Some(before) if before.end > span.start => before.end = before.end.max(span.end),
                _ => spans.push(span),
            }
        }
        spans
    }
}

/// Returns the number of words of a pattern that stands at the beginning of these words.
fn length_at(pattern: &Pattern, words: &[Token<'_>]) -> Option<usize> {
    let words = words.get(..pattern.words.len())?;
    let occurs = words.iter().zip(&pattern.words).all(|(word, pattern)| matches(word, pattern));
    occurs.then_some(words.len())
}

fn matches(word: &Token<'_>, pattern: &WordPattern) -> bool {
    let folded = word.folded.as_ref();
    match pattern {
        WordPattern::Inflected(wanted) if folded.is_ascii() => strip_inflection(folded) == *wanted,
        WordPattern::Inflected(wanted) => arabic_forms(folded).iter().any(|form| form == wanted),
        WordPattern::Prefix(prefix) => folded.starts_with(prefix.as_str()),
        WordPattern::Folded(wanted) | WordPattern::Named(wanted, _) => strip_inflection(folded) == strip_inflection(wanted),
        WordPattern::Exact(wanted) => word.text == wanted,
    }
}
