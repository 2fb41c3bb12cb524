//! The folded words of a text's parts as one string: tokenized and folded once, where a text is gathered, and read by splitting it.
//!
//! Words are separated by a space, the texts of a part by a line feed, parts by U+001F; folded words hold none of the three. A word has the same
//! number here as among the [`tokens`] of its text, so that the original of a word can be found again.

use super::token::tokens;

/// How many words of each part are kept.
pub const MAX_PART_WORDS: usize = 20_000;

const PART: char = '\u{1f}';
const TEXT: char = '\n';

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
                out.push(TEXT);
            }
            for (number, token) in tokens(text).take(room).enumerate() {
                if number > 0 {
                    out.push(' ');
                }
                out.push_str(&token.folded);
                room -= 1;
            }
        }
    }
    out
}

/// Returns the parts that [`encode`] wrote.
pub fn parts(encoded: &str) -> impl Iterator<Item = &str> {
    encoded.split(PART)
}

/// Returns the words of a part in order; `None` stands between two texts.
pub fn words(part: &str) -> impl Iterator<Item = Option<&str>> + Clone {
    part.split(TEXT).enumerate().flat_map(|(number, text)| {
        let gap = (number > 0).then_some(None);
        gap.into_iter().chain(text.split(' ').filter(|word| !word.is_empty()).map(Some))
    })
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
