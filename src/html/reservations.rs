//! What a page or its server reserves: words in `X-Robots-Tag` and in `meta` elements that forbid to pass a text on. Pure.
//!
//! `noindex` says nothing of it: it is meant for the indexes of search engines. The file `/.well-known/tdmrep.json` is never asked for.

/// No copy may be kept for others.
pub const NOARCHIVE: &str = "noarchive";
/// No part of the text may be shown.
pub const NOSNIPPET: &str = "nosnippet";
/// Text and data mining is reserved (TDM Reservation Protocol, W3C community group, 2024).
pub const TDM: &str = "tdm-reservation";

/// Our own name in such words.
const OURSELVES: &str = "griot";

/// Directives that bring a value of their own: what stands before their colon is no crawler's name.
const VALUED: [&str; 5] = [
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "tdm-reservation",
];

/// Returns what the values of `X-Robots-Tag` headers, or of one `meta` element for robots, reserve, each word once. A crawler's name and a
/// colon address what follows to that crawler alone.
#[must_use]
pub fn of_robots<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values {
        let mut is_for_us = true;
        for piece in value.split(',') {
            let mut directive = piece.trim();
            if let Some((name, rest)) = directive.split_once(':') {
                let name = name.trim();
                if !VALUED.iter().any(|valued| name.eq_ignore_ascii_case(valued)) {
                    is_for_us = name == "*" || name.eq_ignore_ascii_case(OURSELVES);
                    directive = rest.trim();
                }
            }
            if let Some(word) = word(directive).filter(|_| is_for_us) {
                add(&mut found, word);
            }
        }
    }
    found
}

/// Returns what the value of a `TDM-Reservation` header, or of its `meta` element, reserves: 1 is all, 0 is nothing.
#[must_use]
pub fn of_tdm(value: &str) -> Option<&'static str> {
    (value.trim() == "1").then_some(TDM)
}

/// Adds a word that is not there yet.
pub fn add(found: &mut Vec<String>, word: &str) {
    if !found.iter().any(|own| own == word) {
        found.push(word.to_owned());
    }
}

fn word(directive: &str) -> Option<&'static str> {
    let is = |name: &str| directive.eq_ignore_ascii_case(name);
    if is("noarchive") || is("nocache") {
        return Some(NOARCHIVE);
    }
    let no_snippet = directive
        .split_once(':')
        .is_some_and(|(name, length)| name.trim().eq_ignore_ascii_case("max-snippet") && length.trim() == "0");
    (is("nosnippet") || no_snippet).then_some(NOSNIPPET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_form() {
        for (values, expected) in [
            (&["noarchive"][..], &["noarchive"][..]),
            (&["noindex, NoSnippet", "nofollow,noarchive,noarchive"], &["nosnippet", "noarchive"]),
            (&["griot: noarchive"], &["noarchive"]),
            (&["otherbot: nofollow, noarchive"], &[]),
            (&["otherbot: noarchive, Griot: nosnippet"], &["nosnippet"]),
            (&["otherbot: noarchive", "*: noarchive"], &["noarchive"]),
            (&["unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"], &["noarchive"]),
            (&["max-snippet: 0"], &["nosnippet"]),
            (&["max-snippet:50, max-image-preview:large"], &[]),
            (&["noindex", "none", "all", ""], &[]),
        ] {
            assert_eq!(of_robots(values.iter().copied()), expected, "{values:?}");
        }
        assert_eq!(of_tdm(" 1 "), Some(TDM));
        assert_eq!(of_tdm("0"), None);
        assert_eq!(of_tdm("yes"), None);
    }
}
