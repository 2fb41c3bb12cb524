//! Patterns: what a term of a rule looks for in a row of words.

use crate::text::stem::inflected;
use crate::text::token::tokens;

/// One word of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A word in any number.
    Inflected(String),
    /// A word just so, after folding.
    Folded(String),
    /// The beginning of a word, after folding.
    Prefix(String),
    /// A word as it is written, with case and accents.
    Exact(String),
}

/// A word or a phrase; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The words, one behind the other.
    pub words: Vec<Word>,
}

impl Pattern {
    /// Reads a word or a phrase; a `*` at the end makes its last word a prefix. `None` when there is no word in it.
    pub(super) fn phrase(text: &str, is_nostem: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.trim();
        let mut words: Vec<Word> = tokens(text)
            .map(|token| {
                if is_nostem(&token.folded) {
                    Word::Folded(token.folded.into_owned())
                } else {
                    Word::Inflected(inflected(&token.folded).into_owned())
                }
            })
            .collect();
        if text.ends_with('*') {
            let last = tokens(text).last()?.folded.into_owned();
            *words.last_mut()? = Word::Prefix(last);
        }
        (!words.is_empty()).then_some(Self { words })
    }

    /// Reads a phrase that is to be found as it is written.
    pub(super) fn exact(text: &str) -> Option<Self> {
        let words: Vec<Word> = tokens(text).map(|token| Word::Exact(token.text.to_owned())).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Reads a term of a list: `="exact"`, `"a phrase"`, `prefix*` or bare words, which are a phrase too.
    pub(super) fn term(text: &str, is_nostem: impl Fn(&str) -> bool) -> Option<Self> {
        let text = text.trim();
        let quoted = |text: &str| text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::to_owned);
        if let Some(rest) = text.strip_prefix('=') {
            return Self::exact(&quoted(rest).unwrap_or_else(|| rest.to_owned()));
        }
        Self::phrase(quoted(text).as_deref().unwrap_or(text), is_nostem)
    }
}
