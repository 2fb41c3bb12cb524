//! The folded words of a text's parts as one string: tokenized and folded once, where a text is gathered, and read by splitting it.
//!
//! Words are separated by a space, by U+001B where punctuation stands between them, by U+001A at a dash between blanks, by U+0019 at a bar, by U+001E where a
//! sentence ends; the texts of a part by a line feed, parts by U+001F. Before a word that is written with a capital stands U+001D, before one in
//! capitals U+001C. Folded words hold none of them. A word has the same number
//! here as among the [`tokens`] of its text, so that the original of a word can be found again.

use super::fold::{is_apostrophe, is_dropped};
use super::token::{Token, tokens};

/// How many words of each part are kept.
pub const MAX_PART_WORDS: usize = 20_000;

const PART: char = '\u{1f}';
const TEXT: u8 = b'\n';
const SENTENCE: u8 = 0x1e;
const PUNCTUATION: u8 = 0x1b;
const DASH: u8 = 0x1a;
const BAR: u8 = 0x19;
const CAPITALIZED: u8 = 0x1d;
const CAPITALS: u8 = 0x1c;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// Without a capital at its beginning, or in a script without capitals.
    Small,
    /// With a capital at its beginning.
    Capitalized,
    /// Two or more letters, all of them capitals.
    Capitals,
}

impl Case {
    /// Returns how `word` is written.
    #[must_use]
    pub fn of(word: &str) -> Self {
        if !word.starts_with(char::is_uppercase) {
            Self::Small
        } else if word.chars().nth(1).is_some() && !word.contains(char::is_lowercase) {
            Self::Capitals
        } else {
            Self::Capitalized
        }
    }
}

/// A folded word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// How its original is written.
    pub case: Case,
    /// What stands between it and the word before.
    pub gap: Gap,
}

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Only blanks, or a hyphen or an apostrophe.
    Joined,
    /// Punctuation within a sentence.
    Punctuation,
    /// A dash between blanks, which often parts a title from the outlet's name.
    Dash,
    /// A bar, which mostly does.
    Bar,
    /// The end of a sentence, or of a text.
    Sentence,
}

/// Returns the folded words of `parts`, each of which has one or more texts.
#[must_use]
pub fn encode(parts: &[&[&str]]) -> String {
    let length: usize = parts.iter().flat_map(|texts| texts.iter()).map(|text| text.len() + 1).sum();
    let mut out = String::with_capacity(length + parts.len());
    for (number, texts) in parts.iter().enumerate() {
        if number > 0 {
            out.push(PART);
        }
        let mut room = MAX_PART_WORDS;
        for (number, text) in texts.iter().enumerate() {
            if number > 0 {
                out.push(TEXT.into());
            }
            let mut before: Option<Token<'_>> = None;
            for token in tokens(text).take(room) {
                if let Some(before) = &before {
                    out.push(separator(text, before, &token).into());
                }
                match Case::of(token.text) {
                    Case::Small => {}
                    Case::Capitalized => out.push(CAPITALIZED.into()),
                    Case::Capitals => out.push(CAPITALS.into()),
                }
                out.push_str(&token.folded);
                room -= 1;
                before = Some(token);
            }
        }
    }
    out
}

/// The longest abbreviation after whose full stop a sentence goes on, in letters: M., Dr., Col., Gén.
const MAX_ABBREVIATION_CHARS: usize = 3;

/// Returns what separates two words that follow each other in `text`. A sentence ends at a line break, `!`, `?`, `…` and their Arabic forms, and
/// at a full stop with a blank behind it, unless that stands behind a capitalised abbreviation or before a small letter.
fn separator(text: &str, before: &Token<'_>, after: &Token<'_>) -> u8 {
    let between = text.get(before.span().end..after.start).unwrap_or_default();
    if between == " " {
        return b' ';
    }
    if between.contains(['\n', '!', '?', '…', '؟', '۔', '。']) {
        return SENTENCE;
    }
    if let Some((_, behind)) = between.split_once('.')
        && behind.contains(char::is_whitespace)
        && after.text.chars().next().is_some_and(|first| !first.is_lowercase())
        && !is_abbreviation(before.text)
    {
        return SENTENCE;
    }
    let mut signs = between.chars().filter(|c| !c.is_whitespace() && !is_dropped(*c));
    match (signs.next(), signs.next()) {
        (None, _) => b' ',
        (Some(sign), None) if !between.contains(char::is_whitespace) && (is_dash(sign) || is_apostrophe(sign)) => b' ',
        (Some('|'), None) => BAR,
        (Some(sign), None) if is_dash(sign) => DASH,
        _ => PUNCTUATION,
    }
}

const fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '‐'..='―' | '−')
}

fn is_abbreviation(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.chars().count() <= MAX_ABBREVIATION_CHARS
}

/// Returns one list of these parts, each as [`encode`] writes one.
#[must_use]
pub fn join_parts(parts: &[&str]) -> String {
    parts.join(&PART.to_string())
}

/// Returns the parts that [`encode`] wrote.
pub fn parts(encoded: &str) -> impl Iterator<Item = &str> {
    encoded.split(PART)
}

/// Returns the words of a part in order; `None` stands between two texts.
pub fn words(part: &str) -> impl Iterator<Item = Option<&str>> + Clone {
    cased_words(part).map(|word| word.map(|word| word.text))
}

/// Returns the words of a part in order, each with how it is written; `None` stands between two texts.
pub fn cased_words(part: &str) -> impl Iterator<Item = Option<Word<'_>>> + Clone {
    Words {
        rest: part,
        is_between_texts: false,
        gap: Gap::Sentence,
    }
}

#[derive(Clone)]
struct Words<'a> {
    rest: &'a str,
    is_between_texts: bool,
    gap: Gap,
}

impl<'a> Iterator for Words<'a> {
    type Item = Option<Word<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if std::mem::take(&mut self.is_between_texts) {
                return Some(None);
            }
            if self.rest.is_empty() {
                return None;
            }
            // Words are short: to look at each byte is faster than to search for a separator with vector instructions.
            let is_separator = |byte: u8| matches!(byte, b' ' | TEXT | SENTENCE | PUNCTUATION | DASH | BAR);
            let end = self.rest.bytes().position(is_separator).unwrap_or(self.rest.len());
            let (word, behind) = self.rest.split_at(end);
            self.is_between_texts = behind.as_bytes().first() == Some(&TEXT);
            let gap_behind = match behind.as_bytes().first() {
                Some(b' ') => Gap::Joined,
                Some(&PUNCTUATION) => Gap::Punctuation,
                Some(&DASH) => Gap::Dash,
                Some(&BAR) => Gap::Bar,
                _ => Gap::Sentence,
            };
            let gap = std::mem::replace(&mut self.gap, gap_behind);
            self.rest = behind.get(1..).unwrap_or_default();
            if !word.is_empty() {
                let (text, case) = match word.as_bytes().first() {
                    Some(&CAPITALIZED) => (&word[1..], Case::Capitalized),
                    Some(&CAPITALS) => (&word[1..], Case::Capitals),
                    _ => (word, Case::Small),
                };
                return Some(Some(Word { text, case, gap }));
            }
        }
    }
}

/// Returns the beginning of a part that has so many words.
#[must_use]
pub fn first_words(part: &str, count: usize) -> &str {
    let is_separator = |byte: u8| matches!(byte, b' ' | TEXT | SENTENCE | PUNCTUATION | DASH | BAR);
    let mut ends = part.bytes().enumerate().filter(|(_, byte)| is_separator(*byte)).map(|(at, _)| at);
    count
        .checked_sub(1)
        .map_or("", |before| ends.nth(before).map_or(part, |end| &part[..end]))
}

/// Returns the numbers of the words of a part, counted as by [`words`], with which a sentence begins.
pub fn sentence_starts(part: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut number = 0;
    let mut before = TEXT;
    for byte in part.bytes() {
        match byte {
            b' ' | PUNCTUATION | DASH | BAR => number += 1,
            SENTENCE => {
                number += 1;
                starts.push(number);
            }
            // A number is left out, behind the word before if there is one.
            TEXT => {
                number += if before == TEXT { 1 } else { 2 };
                starts.push(number);
            }
            _ => {}
        }
        before = byte;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_texts_and_words_are_told_apart() {
        let encoded = encode(&[&["L’Armée avance", "à Kidal"], &[], &[""], &["Fin"]]);
        let read: Vec<Vec<Option<&str>>> = parts(&encoded).map(|part| words(part).collect()).collect();
        assert_eq!(
            read,
            [
                vec![Some("l"), Some("armee"), Some("avance"), None, Some("a"), Some("kidal")],
                vec![],
                vec![],
                vec![Some("fin")]
            ]
        );
    }

    #[test]
    fn sentences_end_at_their_marks() {
        let starts = |text: &str| sentence_starts(&encode(&[&[text]]));
        assert_eq!(starts("Le Col. Sow parle. Il part ! Et puis"), [0, 4, 6]);
        assert_eq!(starts("M. Sow et le Gén. Ba ont 2.5 km. Ils vont."), [0, 10]);
        assert_eq!(starts("Un titre\nLa suite du texte (fin). «\u{a0}Non\u{a0}»"), [0, 2, 7]);
        assert_eq!(starts("قال الوزير. وأضاف أن البلاد؟ نعم"), [0, 2, 5]);
        assert_eq!(sentence_starts(&encode(&[&["un deux", "trois. Quatre"]])), [0, 3, 4]);
        assert_eq!(sentence_starts(&encode(&[&["", "un"]])), [0, 1]);
    }

    #[test]
    fn words_keep_how_they_are_written() {
        let encoded = encode(&[&["Au MALI, l’État : A et Élu"]]);
        let cases: Vec<Case> = cased_words(&encoded).flatten().map(|word| word.case).collect();
        let (small, capitalized, capitals) = (Case::Small, Case::Capitalized, Case::Capitals);
        assert_eq!(cases, [capitalized, capitals, small, capitalized, capitalized, small, capitalized]);
        assert_eq!(words(&encoded).flatten().collect::<Vec<_>>().join(" "), "au mali l etat a et elu");
        let gaps = |text: &str| {
            cased_words(&encode(&[&[text]]))
                .flatten()
                .map(|word| word.gap)
                .collect::<Vec<Gap>>()
        };
        let (joined, punctuation, dash, sentence) = (Gap::Joined, Gap::Punctuation, Gap::Dash, Gap::Sentence);
        assert_eq!(
            gaps("Au MALI, l’État : A et"),
            [sentence, joined, punctuation, joined, punctuation, joined]
        );
        assert_eq!(gaps("A-B – C|Demain. E - F"), [sentence, joined, dash, Gap::Bar, sentence, dash]);
    }

    #[test]
    fn a_part_is_bounded() {
        let text = "mot ".repeat(MAX_PART_WORDS - 1);
        let encoded = encode(&[&[&text, "un deux trois"], &["quatre"]]);
        let counts: Vec<usize> = parts(&encoded).map(|part| words(part).flatten().count()).collect();
        assert_eq!(counts, [MAX_PART_WORDS, 1]);
    }

    proptest! {
        #[test]
        fn words_have_the_numbers_of_their_tokens(one in "\\PC{0,40}", other in ".{0,40}") {
            let encoded = encode(&[&[&one], &[&one, &other]]);
            let mut parts = parts(&encoded);
            let expected: Vec<String> = tokens(&one).map(|token| token.folded.into_owned()).collect();
            let first: Vec<&str> = words(parts.next().expect("a part")).flatten().collect();
            prop_assert_eq!(&first, &expected);
            let second: Vec<Option<&str>> = words(parts.next().expect("a part")).collect();
            prop_assert_eq!(second.len(), expected.len() + 1 + tokens(&other).count());
            prop_assert_eq!(second[expected.len()], None);
        }
    }
}
