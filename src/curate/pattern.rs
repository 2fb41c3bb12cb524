//! Patterns: the sequence of words that a term of a rule looks for.

use crate::text::fold::is_apostrophe;
use crate::text::stem::strip_inflection;
use crate::text::token::tokens;
use crate::text::word_list::Case;

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
    /// A name: exactly this word, after folding, with the same capitals.
    Named(String, Case),
    /// A word as it is written, with case and accents.
    Exact(String),
}

/// Returns the folded word without plural ending or Arabic article.
fn without_inflection(folded: &str) -> String {
    if folded.is_ascii() {
        return strip_inflection(folded).into_owned();
    }
    let bare = folded.strip_prefix("ال").filter(|rest| rest.chars().nth(2).is_some());
    bare.unwrap_or(folded).to_owned()
}

/// Returns what is wrong with a `*` that does not stand at the end of a word.
pub(super) fn misplaced_star(text: &str) -> Option<String> {
    let inner = text.trim().trim_end_matches('*');
    inner.contains('*').then(|| format!("`{}` can match nothing", text.trim()))
}

/// The number of a pattern in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PatternId(pub u32);

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
                    WordPattern::Inflected(without_inflection(&token.folded))
                }
            })
            .collect();
        // The French article is written as one with its noun: `l'élection` is found where `élection` is.
        if words.len() > 1 && text.starts_with(['l', 'L']) && text.chars().nth(1).is_some_and(is_apostrophe) {
            words.remove(0);
        }
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

    /// Parses a term of griot's own tables: as [`Self::term`], but `="Name"` compares the folded word and whether it has capitals, for which the
    /// original text is not needed.
    pub(super) fn table_term(text: &str) -> Option<Self> {
        let text = text.trim();
        let Some(exact) = text.strip_prefix('=') else {
            let mut pattern = Self::term(text, |_| false)?;
            // An article that the table gives belongs to the name.
            for (word, token) in pattern.words.iter_mut().zip(tokens(text)) {
                if let WordPattern::Inflected(word) = word
                    && !token.folded.is_ascii()
                {
                    *word = token.folded.into_owned();
                }
            }
            return Some(pattern);
        };
        let words: Vec<WordPattern> = tokens(exact.trim_matches('"'))
            .map(|token| WordPattern::Named(token.folded.into_owned(), Case::of(token.text)))
            .collect();
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
