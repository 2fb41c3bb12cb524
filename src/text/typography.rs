//! Typography: one form for the spellings of a text that differ only in how it is set. What is compared in this form is never published.

use super::fold::{is_apostrophe, is_invisible, plain_mark};
use unicode_normalization::UnicodeNormalization;

/// Appends `text` to `out` as it is without its typography.
///
/// Quotes of every kind are `"`, apostrophes `'` and dashes `-`; ligatures, `…` and no-break spaces are written out (NFKC, UAX 15); characters
/// without width are dropped. White space separates words only: of French and English spacing around punctuation nothing is left. Case and accents
/// stay, since they can be corrections.
pub fn plain_typography(text: &str, out: &mut String) {
    let mut is_after_space = false;
    // `´` is an apostrophe before NFKC, which makes a space and a combining mark of it.
    for letter in text.chars().map(plain).nfkc().map(plain) {
        if letter.is_whitespace() {
            is_after_space = true;
        } else if !is_invisible(letter) {
            if is_after_space && letter.is_alphanumeric() && out.chars().next_back().is_some_and(char::is_alphanumeric) {
                out.push(' ');
            }
            is_after_space = false;
            out.push(letter);
        }
    }
}

fn plain(letter: char) -> char {
    if is_apostrophe(letter) { '\'' } else { plain_mark(letter) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_text(text: &str) -> String {
        let mut out = String::new();
        plain_typography(text, &mut out);
        out
    }

    #[test]
    fn what_is_set_in_another_way_is_the_same() {
        for (one, other) in [
            ("L’armée : « Le  bac\u{a0}» repart…", "L'armée: \"Le bac\" repart..."),
            ("Bobo–Dioulasso", "Bobo-Dioulasso"),
            ("con\u{ad}seil", "conseil"),
            ("e\u{301}lection", "élection"),
            ("1\u{202f}000 morts\u{a0}?", "1 000 morts?"),
            (" Le\nbac ", "Le bac"),
        ] {
            assert_eq!(plain_text(one), plain_text(other), "{one} {other}");
        }
    }

    #[test]
    fn what_can_be_a_correction_is_another_text() {
        for (one, other) in [
            ("12 morts", "1 2 morts"),
            ("le bac", "lebac"),
            ("mali", "Mali"),
            ("tue", "tué"),
            ("Il part.", "Il part ?"),
        ] {
            assert_ne!(plain_text(one), plain_text(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn white_space_and_characters_without_width_change_nothing(text in "\\PC{0,40}") {
            let other = text.replace(' ', "\u{200b}\u{a0}\n").replace('a', "\u{ad}a");
            prop_assert_eq!(plain_text(&other), plain_text(&text));
        }
    }
}
