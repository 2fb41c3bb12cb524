//! Normal forms of text: one line without invisible characters, and letters and digits alone for comparing. Folding of accents and
//! scripts is in `text::fold`.

use crate::html::clean::is_invisible;
use scraper::ElementRef;

/// Returns the text of an element and its descendants in one line; see [`collapse_whitespace`].
pub(super) fn element_text(element: ElementRef<'_>) -> String {
    collapse_whitespace(&element.text().collect::<String>())
}

/// Returns `text` in one line: every run of white space becomes one space, and invisible characters (zero width, direction marks, soft
/// hyphens) are removed.
pub(super) fn collapse_whitespace(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_ascii() && line.chars().any(is_invisible) {
        return line.chars().filter(|c| !is_invisible(*c)).collect::<String>().trim().to_owned();
    }
    line
}

/// Returns the letters and digits of `text` in lower case, so that texts which differ only in case, spacing and punctuation are equal.
pub(super) fn alphanumeric_key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_collapsed_and_invisible_characters_are_removed() {
        assert_eq!(
            collapse_whitespace("\u{feff} Le\u{a0}fleu\u{ad}ve\u{200b} \u{202e}monte\u{202c}"),
            "Le fleuve monte"
        );
    }
}
