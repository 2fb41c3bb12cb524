//! Tokens: the words of a text, each with its place in the original and its folded form. The same rules hold for all languages.

use super::fold::{TABLE_LETTERS, fold, is_dropped};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word as written.
    pub text: &'a str,
    /// The byte index of the word in the text.
    pub start: usize,
    /// The folded word; never empty.
    pub folded: Cow<'a, str>,
}

impl Token<'_> {
    /// Returns the byte range of the word in the text.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Returns the words of `text` in order.
///
/// A word is a run of letters and digits. Apostrophes, hyphens and dots end a word, so that `l'armée` is two words and `N'Djamena` too.
/// In scripts without spaces between words (Chinese, Japanese, Thai) each letter is a word.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    Tokens { text, at: 0 }
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let range = self.next_range()?;
            let text = self.text.get(range.clone())?;
            let folded = fold_word(text);
            if !folded.is_empty() {
                return Some(Token {
                    text,
                    start: range.start,
                    folded,
                });
            }
        }
    }
}

impl Tokens<'_> {
    fn next_range(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let mut letters = rest.char_indices().skip_while(|(_, letter)| !is_letter(*letter));
        let (start, first) = letters.next()?;
        let mut end = start + first.len_utf8();
        if !is_unspaced_script(first) {
            for (at, letter) in letters {
                if is_unspaced_script(letter) || !(is_letter(letter) || is_mark(letter)) {
                    break;
                }
                end = at + letter.len_utf8();
            }
        }
        let range = self.at + start..self.at + end;
        self.at = range.end;
        Some(range)
    }
}

/// Whether each letter below [`TABLE_LETTERS`] is a letter or digit, and whether it is a mark: looked up in the tables of Unicode once.
static TABLE: LazyLock<Vec<(bool, bool)>> = LazyLock::new(|| {
    let letters = (0..TABLE_LETTERS).map(|code| char::from_u32(code).unwrap_or_default());
    letters.map(|letter| (letter.is_alphanumeric(), is_any_mark(letter))).collect()
});

/// Returns whether `letter` is a letter or a digit.
fn is_letter(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    TABLE
        .get(letter as usize)
        .map_or_else(|| letter.is_alphanumeric(), |(is_letter, _)| *is_letter)
}

/// Returns whether `letter` is a mark that belongs to the letter before it.
fn is_mark(letter: char) -> bool {
    if letter.is_ascii() {
        return false;
    }
    TABLE
        .get(letter as usize)
        .map_or_else(|| is_any_mark(letter), |(_, is_mark)| *is_mark)
}

fn is_any_mark(letter: char) -> bool {
    is_dropped(letter) || unicode_normalization::char::is_combining_mark(letter)
}

const fn is_unspaced_script(letter: char) -> bool {
    matches!(letter, '\u{E00}'..='\u{EFF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn fold_word(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        Cow::Borrowed(text)
    } else {
        // The compatibility forms of a few letters are several words, such as U+FDFA: they stay one.
        let folded = fold(text);
        if folded.contains(char::is_whitespace) {
            Cow::Owned(folded.split_whitespace().collect())
        } else {
            Cow::Owned(folded)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.folded.into_owned()).collect()
    }

    #[test]
    fn words_end_at_apostrophes_hyphens_and_signs() {
        assert_eq!(
            words("L’armée, à N'Djamena : 12 morts!"),
            ["l", "armee", "a", "n", "djamena", "12", "morts"]
        );
        assert_eq!(words("Bobo-Dioulasso"), ["bobo", "dioulasso"]);
        assert_eq!(words("النيجر: انقلابٌ"), ["النيجر", "انقلاب"]);
        assert_eq!(words("— … !"), Vec::<String>::new());
        assert_eq!(words("尼日尔"), ["尼", "日", "尔"]);
    }

    #[test]
    fn a_span_is_the_word_as_written() {
        let text = "Au Mali, l’Armée dit…";
        let army = tokens(text).nth(3).expect("four words");
        assert_eq!((army.text, &text[army.span()]), ("Armée", "Armée"));
    }

    #[test]
    fn the_table_says_what_unicode_says() {
        for letter in (0..TABLE_LETTERS + 9).filter_map(char::from_u32) {
            assert_eq!(is_letter(letter), letter.is_alphanumeric(), "{letter:?}");
            assert_eq!(is_mark(letter), is_any_mark(letter), "{letter:?}");
        }
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_text_and_in_order(text in "\\PC{0,60}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.start >= end);
                prop_assert_eq!(text.get(token.span()), Some(token.text));
                end = token.span().end;
            }
        }
    }
}
