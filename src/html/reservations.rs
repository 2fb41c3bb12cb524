//! Reads which uses of its text a page or its server reserves: directives in `X-Robots-Tag` and in `meta` elements that forbid to republish
//! it. Pure.
//!
//! `noindex` does not count: it concerns the indexes of search engines. The file `/.well-known/tdmrep.json` is never fetched.

/// No copy may be offered to others.
pub const NOARCHIVE: &str = "noarchive";
/// No part of the text may be shown.
pub const NOSNIPPET: &str = "nosnippet";
/// Text and data mining is reserved (TDM Reservation Protocol, W3C community group, 2024).
pub const TDM: &str = "tdm-reservation";

/// The name of this crawler in such directives.
const CRAWLER_NAME: &str = "griot";

/// Directives with a value: the word before their colon is not the name of a crawler.
const DIRECTIVES_WITH_VALUE: [&str; 5] = [
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "tdm-reservation",
];

/// Returns what the values of `X-Robots-Tag` headers, or of one `meta` element for robots, reserve, each directive once. Directives after the
/// name of a crawler and a colon apply to that crawler alone.
#[must_use]
pub fn from_robots<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values {
        let mut is_for_this_crawler = true;
        for piece in value.split(',') {
            let mut directive = piece.trim();
            if let Some((name, rest)) = directive.split_once(':') {
                let name = name.trim();
                if !DIRECTIVES_WITH_VALUE.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                    is_for_this_crawler = name == "*" || name.eq_ignore_ascii_case(CRAWLER_NAME);
                    directive = rest.trim();
                }
            }
            if let Some(reservation) = reservation(directive).filter(|_| is_for_this_crawler) {
                add(&mut found, reservation);
            }
        }
    }
    found
}

/// Returns what the value of a `TDM-Reservation` header, or of its `meta` element, reserves: 1 is everything, 0 is nothing.
#[must_use]
pub fn from_tdm(value: &str) -> Option<&'static str> {
    (value.trim() == "1").then_some(TDM)
}

/// Adds a directive that is not in the list yet.
pub fn add(found: &mut Vec<String>, reservation: &str) {
    if !found.iter().any(|own| own == reservation) {
        found.push(reservation.to_owned());
    }
}

/// Returns the reservation of one directive.
fn reservation(directive: &str) -> Option<&'static str> {
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
    fn directives_are_read_in_all_forms() {
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
            assert_eq!(from_robots(values.iter().copied()), expected, "{values:?}");
        }
        assert_eq!(from_tdm(" 1 "), Some(TDM));
        assert_eq!(from_tdm("0"), None);
        assert_eq!(from_tdm("yes"), None);
    }
}
