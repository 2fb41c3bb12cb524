//! Reads which uses of its text a page or its server reserves: directives in `X-Robots-Tag` and in `meta` elements that forbid to republish
//! it, and terms of Really Simple Licensing (RSL 1.0). Pure.
//!
//! The terms that an RSL document states are not fetched: that there are such terms is a reservation.
//!
//! `noindex` does not count: it concerns the indexes of search engines. The file `/.well-known/tdmrep.json` is never fetched.

/// No copy may be offered to others.
pub const NOARCHIVE: &str = "noarchive";
/// No part of the text may be shown.
pub const NOSNIPPET: &str = "nosnippet";
/// Text and data mining is reserved (TDM Reservation Protocol, W3C community group, 2024).
pub const TDM: &str = "tdm-reservation";

/// The text may not be used for machine learning.
pub const NOAI: &str = "noai";
/// The pictures may not be used for machine learning. It limits no text.
pub const NOIMAGEAI: &str = "noimageai";
/// Its use is licensed by terms of Really Simple Licensing.
pub const RSL: &str = "rsl";

/// The media type of RSL documents.
const RSL_TYPE: &str = "application/rsl+xml";

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

/// Returns whether a `Link` header (RFC 8288) names a document of RSL terms.
#[must_use]
pub fn is_rsl_link(header: &str) -> bool {
    let lower = header.to_ascii_lowercase();
    let mut links = lower.split(",<").flat_map(|part| part.split(", <"));
    links.any(|link| link.contains(RSL_TYPE) && is_licence_relation(link))
}

fn is_licence_relation(link: &str) -> bool {
    let relations = link.split(';').filter_map(|parameter| parameter.trim().strip_prefix("rel="));
    relations
        .flat_map(|value| value.trim_matches('"').split_ascii_whitespace())
        .any(|relation| relation.trim_matches('"') == "license")
}

/// Returns whether a media type, as an attribute of an element states it, is that of RSL documents.
#[must_use]
pub fn is_rsl_type(value: &str) -> bool {
    let value = value.split(';').next().unwrap_or_default();
    value.trim().eq_ignore_ascii_case(RSL_TYPE)
}

/// Returns whether one of these directives limits what of a text may be shown.
#[must_use]
pub fn limit_text(found: &[String]) -> bool {
    found.iter().any(|own| own != NOIMAGEAI)
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
    if is("noai") {
        return Some(NOAI);
    }
    if is("noimageai") {
        return Some(NOIMAGEAI);
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
            (&["noai, noimageai"], &["noai", "noimageai"]),
            (&["otherbot: noai"], &[]),
            (&["noindex", "none", "all", ""], &[]),
        ] {
            assert_eq!(from_robots(values.iter().copied()), expected, "{values:?}");
        }
        assert_eq!(from_tdm(" 1 "), Some(TDM));
        assert_eq!(from_tdm("0"), None);
        assert_eq!(from_tdm("yes"), None);
    }

    #[test]
    fn terms_of_rsl_are_found_by_their_media_type_and_relation() {
        for (header, expected) in [
            ("</rsl.xml>; rel=\"license\"; type=\"application/rsl+xml\"", true),
            (
                "<a>; rel=preload, <https://a.example/l>; type=application/rsl+xml; rel=license",
                true,
            ),
            ("</rsl.xml>; rel=\"alternate license\"; type=\"Application/RSL+xml\"", true),
            ("<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\"", false),
            (
                "</rsl.xml>; rel=\"alternate\"; type=\"application/rsl+xml\", <x>; rel=license",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(is_rsl_link(header), expected, "{header}");
        }
        assert!(is_rsl_type(" application/rsl+xml; charset=utf-8") && !is_rsl_type("application/xml"));
        assert!(limit_text(&[RSL.to_owned()]) && !limit_text(&[NOIMAGEAI.to_owned()]) && !limit_text(&[]));
    }
}
