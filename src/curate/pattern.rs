//! Patterns: the sequence of words that a term of a rule looks for.

use crate::text::stem::strip_inflection;
use crate::text::token::tokens;

/// One word of a pattern.
///
/// The names of the variants enter the digests of concepts through `Debug`: a renamed variant would have every topic evaluated anew.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum WordPattern {
    /// A word in any number.
    Inflected(String),
    /// Exactly this word, after folding.
    Folded(String),
    /// The beginning of a word, after folding.
    Prefix(String),
    /// A word as it is written, with case and accents.
    Exact(String),
}

/// A word or a phrase; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    /// The words, which must follow each other in the entry.
    pub words: Vec<WordPattern>,
}

impl Pattern {
    /// Parses a word or a phrase; a `*` at the end makes its last word a prefix. `None` when it contains no word.
    pub(super) fn phrase(text: &str, is_nostem: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.trim();
        let mut words: Vec<WordPattern> = tokens(text)
            .map(|token| {
                if is_nostem(&token.folded) {
                    WordPattern::Folded(token.folded.into_owned())
                } else {
                    WordPattern::Inflected(strip_inflection(&token.folded).into_owned())
                }
            })
            .collect();
        if text.ends_with('*') {
            let last = tokens(text).last()?.folded.into_owned();
            *words.last_mut()? = WordPattern::Prefix(last);
        }
        (!words.is_empty()).then_some(Self { words })
    }

    /// Parses a phrase that matches only as it is written. `None` when it contains no word.
    pub(super) fn exact(text: &str) -> Option<Self> {
        let words: Vec<WordPattern> = tokens(text).map(|token| WordPattern::Exact(token.text.to_owned())).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Parses a term of a list: `="exact"`, `"a phrase"`, `prefix*` or unquoted words, which are a phrase too. `None` when it contains no word.
    pub(super) fn term(text: &str, is_nostem: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.trim();
        let quoted = |text: &str| text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::to_owned);
        if let Some(rest) = text.strip_prefix('=') {
            return Self::exact(&quoted(rest).unwrap_or_else(|| rest.to_owned()));
        }
        Self::phrase(quoted(text).as_deref().unwrap_or(text), is_nostem)
    }
}
