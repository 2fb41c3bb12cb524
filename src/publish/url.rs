//! URLs as they are published: those of output files, and those of publishers in a spelling that every feed reader accepts.

use super::topic_feed::SiteInfo;
use std::borrow::Cow;
use std::fmt::Write as _;
use url::{Position, Url};

/// The base of published URLs while `base_url` is not set: where `griot serve` listens by default.
const DEFAULT_BASE_URL: &str = "http://localhost:8080/";

/// Returns the public URL of the output file `name`; with an empty name, of the index.
pub(super) fn of_file(site: &SiteInfo, name: &str) -> String {
    let base = site
        .base_url
        .as_ref()
        .and_then(to_published)
        .unwrap_or_else(|| DEFAULT_BASE_URL.to_owned());
    let slash = if base.ends_with('/') { "" } else { "/" };
    format!("{base}{slash}{name}")
}

/// Returns `url` as it may be published, as [`published`] does.
#[must_use]
pub fn to_published(url: &Url) -> Option<String> {
    published(url).map(Cow::into_owned)
}

/// Returns `url` as it may be published: http or https only, without user name and password, and spelled as RFC 3986 (2.2) wants it.
///
/// The `url` crate follows the browsers and lets `|`, `[`, `^`, a bare `%` and others stand in paths and queries.
pub(super) fn published(url: &Url) -> Option<Cow<'_, str>> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    let rest = &url[Position::BeforePath..];
    let stays = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'/' | b'-'
                    | b'.'
                    | b'_'
                    | b'~'
                    | b':'
                    | b'?'
                    | b'='
                    | b'&'
                    | b'+'
                    | b','
                    | b';'
                    | b'@'
                    | b'!'
                    | b'$'
                    | b'('
                    | b')'
                    | b'*'
                    | b'\''
            )
    };
    let is_encoded = |at: usize, byte: u8| byte == b'%' && is_percent_encoded(rest, at);
    let is_spelled_well = rest.bytes().enumerate().all(|(at, byte)| stays(byte) || is_encoded(at, byte));
    if is_spelled_well && url[Position::BeforeUsername..Position::BeforeHost].is_empty() {
        return Some(Cow::Borrowed(url.as_str()));
    }
    let host = &url[Position::BeforeHost..Position::BeforePath];
    let mut out = format!("{}://{host}", url.scheme());
    out.reserve(rest.len());
    let mut fragment = false;
    for (at, character) in rest.char_indices() {
        match character {
            '#' if !fragment => {
                fragment = true;
                out.push('#');
            }
            '#' => out.push_str("%23"),
            '%' if !is_percent_encoded(rest, at) => out.push_str("%25"),
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '[' | ']' | ' ' => {
                let _ = write!(out, "%{:02X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    Some(Cow::Owned(out))
}

/// Returns whether the `%` at `at` begins a percent-encoded byte.
fn is_percent_encoded(text: &str, at: usize) -> bool {
    text.as_bytes()
        .get(at + 1..at + 3)
        .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PageLanguage;

    fn spelled(text: &str) -> Option<String> {
        to_published(&Url::parse(text).expect("a URL"))
    }

    #[test]
    fn urls_are_spelled_as_rfc_3986_wants() {
        assert_eq!(
            spelled("https://a.example/x?a[]=1|2&b=100%#c#d").as_deref(),
            Some("https://a.example/x?a%5B%5D=1%7C2&b=100%25#c%23d")
        );
        assert_eq!(spelled("http://[::1]:8080/é%20").as_deref(), Some("http://[::1]:8080/%C3%A9%20"));
        assert_eq!(spelled("https://desk:secret@a.example/").as_deref(), Some("https://a.example/"));
    }

    #[test]
    fn only_http_and_https_are_published() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@a.example",
            "file:///etc/passwd",
        ] {
            assert_eq!(spelled(bad), None, "{bad}");
        }
    }

    #[test]
    fn output_files_lie_under_the_base_url() {
        let mut site = SiteInfo {
            title: String::new(),
            base_url: None,
            language: PageLanguage::En,
            timezone: "UTC".to_owned(),
            contact: None,
            has_story_pages: true,
            has_search: false,
        };
        assert_eq!(of_file(&site, "x.xml"), "http://localhost:8080/x.xml");
        site.base_url = Url::parse("https://feeds.example.org/desk").ok();
        assert_eq!(of_file(&site, ""), "https://feeds.example.org/desk/");
        assert_eq!(of_file(&site, "x.xml"), "https://feeds.example.org/desk/x.xml");
    }
}
