//! Forms of URLs: the canonical one, under which copies of a page are compared, the one that is published, and the one that log lines hold.
//!
//! A canonical URL is a key for comparisons, never an address to fetch: it has no scheme.

use std::fmt::{self, Write};
use url::{Position, Url};

/// The canonical form of a page's URL: no scheme, no `www.`, no tracking parameters, no fragment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// Returns the key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Query parameters that track how a reader came to a page and do not select it. Compared without regard to case.
const TRACKING_PARAMETERS: &[&str] = &[
    "_ga",
    "_gl",
    "amp",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_format",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "at_ptr_name",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "ftag",
    "gbraid",
    "gclid",
    "gclsrc",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mibextid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "ref",
    "ref_src",
    "s_cid",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "srsltid",
    "trk",
    "twclid",
    "ved",
    "wbraid",
    "wt_mc",
    "xtor",
    "yclid",
];
/// Prefixes of families of such parameters.
const TRACKING_PREFIXES: &[&str] = &["utm_", "pk_", "piwik_", "matomo_", "mtm_", "hsa_", "wt."];

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING_PARAMETERS.binary_search(&name.as_str()).is_ok() || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Normalises a percent-encoded text (RFC 3986, 6.2.2): unreserved characters are decoded, hexadecimal digits are upper case.
fn normalise_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = escape.and_then(|pair| {
            let digit = |c: u8| char::from(c).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        });
        match value {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
                at += 3;
            }
            None => {
                // `url` has already escaped everything outside ASCII.
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

/// Returns the canonical form of `url`, which is the same for all URLs of a page.
///
/// The scheme, the user info, a leading `www.`, default ports, the fragment, tracking parameters and trailing slashes are left out; the
/// remaining parameters keep their order, since some servers give it a meaning.
#[must_use]
pub fn canonical(url: &Url) -> CanonicalUrl {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let mut out = host
        .strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(&host)
        .to_owned();
    if let Some(port) = url.port() {
        // The default port of the other scheme is left out as well, since the key has no scheme.
        if !matches!(port, 80 | 443) {
            let _ = write!(out, ":{port}");
        }
    }
    let path = normalise_escapes(url.path());
    out.push_str(path.trim_end_matches('/'));
    let kept: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or_default()))
        .map(normalise_escapes)
        .collect();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    CanonicalUrl(out)
}

/// The parameter of a path by which servlet containers pass a session (Jakarta Servlet, 7.1.3).
const SESSION_PATH_PARAMETER: &str = ";jsessionid=";
/// The fewest hexadecimal digits of a `sid` that is a session and not the number of a section.
const MIN_SESSION_DIGITS: usize = 16;

/// Returns whether a parameter of a query names the session of the program that read the page.
fn is_session(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    match name.to_ascii_lowercase().as_str() {
        "phpsessid" | "jsessionid" => true,
        "sid" => value.len() >= MIN_SESSION_DIGITS && value.bytes().all(|c| c.is_ascii_hexdigit()),
        _ => false,
    }
}

/// Returns a path without parameters that name a session.
fn without_session(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(SESSION_PATH_PARAMETER) {
        out.push_str(&path[at..at + found]);
        let value = at + found + SESSION_PATH_PARAMETER.len();
        at = lower[value..].find(['/', ';']).map_or(path.len(), |end| value + end);
    }
    out.push_str(&path[at..]);
    out
}

/// Returns `url` as it is published: without parameters that track how a reader came to a page, and without ids of sessions, which would let
/// all readers share one. Everything else stays byte for byte; URLs of schemes other than http and https are returned unchanged.
#[must_use]
pub fn without_tracking(url: &Url) -> Url {
    if !matches!(url.scheme(), "http" | "https") {
        return url.clone();
    }
    let is_kept = |pair: &&str| !is_tracking(pair.split('=').next().unwrap_or_default()) && !is_session(pair);
    let mut text = [&url[..Position::BeforePath], &without_session(url.path())].concat();
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        if !kept.is_empty() {
            text.push('?');
            text.push_str(&kept.join("&"));
        }
    }
    if let Some(fragment) = url.fragment() {
        // Some campaigns are named behind `#`, where only scripts see them.
        let is_campaign = !fragment.is_empty() && fragment.split('&').all(|pair| pair.contains('=') && !is_kept(&pair));
        if !is_campaign {
            text.push('#');
            text.push_str(fragment);
        }
    }
    Url::parse(&text).unwrap_or_else(|_| url.clone())
}

/// Returns `url` without its user name and password.
#[must_use]
pub fn without_user_info(mut url: Url) -> Url {
    // Both fail only for URLs without a host, and those have no user-info.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Returns the part of `url` that a log line may hold: scheme, host, port and path. User-info, query and fragment may be secret; of an
/// opaque URL (`data:`, `mailto:`) the scheme alone is left.
#[must_use]
pub fn loggable_url(url: &Url) -> String {
    if url.cannot_be_a_base() {
        return format!("{}:", url.scheme());
    }
    [&url[..Position::BeforeUsername], &url[Position::BeforeHost..Position::AfterPath]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> String {
        canonical(&Url::parse(text).expect("a URL")).to_string()
    }

    #[test]
    fn the_table_of_parameters_is_sorted() {
        assert!(TRACKING_PARAMETERS.is_sorted());
    }

    #[test]
    fn urls_of_one_page_have_one_canonical_form() {
        let same = "lefaso.net/spip.php?article140000";
        for address in [
            "https://lefaso.net/spip.php?article140000",
            "http://www.lefaso.net/spip.php?article140000#forum",
            "https://LEFASO.net:443/spip.php?article140000&utm_source=rss&utm_medium=feed",
            "http://lefaso.net/spip.php?UTM_Source=x&article140000&fbclid=IwAR1",
            "http://user:word@lefaso.net./spip.php?article140000&xtor=RSS-1&ref=rss",
        ] {
            assert_eq!(key(address), same, "{address}");
        }
        assert_eq!(key("https://a.example/x/?at_medium=RSS"), key("http://a.example/x"));
        assert_eq!(key("https://a.example/%7Ex/%c3%a9"), key("https://a.example/~x/é"));
        assert_eq!(key("https://a.example"), key("https://a.example/"));
    }

    #[test]
    fn urls_of_different_pages_differ() {
        assert_ne!(key("https://a.example/?p=1"), key("https://a.example/?p=2"));
        assert_ne!(key("https://a.example/x"), key("https://a.example/X"));
        assert_ne!(key("https://a.example:8080/x"), key("https://a.example/x"));
        assert_ne!(key("https://a.example/?page=backend"), key("https://a.example/"));
        assert_eq!(key("https://www.ml/x"), "www.ml/x", "a registry's own name is no prefix");
    }

    #[test]
    fn a_loggable_url_has_no_user_info_query_or_fragment() {
        for (text, loggable) in [
            (
                "https://desk:SECRET@lefaso.net:8080/a/b?token=SECRET#SECRET",
                "https://lefaso.net:8080/a/b",
            ),
            ("http://SECRET@[::1]/", "http://[::1]/"),
            ("http://:SECRET@lefaso.net?SECRET", "http://lefaso.net/"),
            ("file:///feeds/a.xml?SECRET", "file:///feeds/a.xml"),
            ("unix:/run/a.sock#SECRET", "unix:/run/a.sock"),
            ("data:text/plain,SECRET", "data:"),
            ("mailto:SECRET@lefaso.net", "mailto:"),
        ] {
            assert_eq!(loggable_url(&Url::parse(text).expect("a URL")), loggable);
        }
    }

    #[test]
    fn published_urls_have_no_tracking_and_no_session() {
        let published = |text: &str| without_tracking(&Url::parse(text).expect("a URL")).to_string();
        for (text, expected) in [
            (
                "https://a.example/x?utm_source=rss&id=4&FBCLID=z#forum",
                "https://a.example/x?id=4#forum",
            ),
            ("https://a.example/x?utm_source=rss", "https://a.example/x"),
            ("https://a.example/x?xtor=RSS-1#xtor=RSS-1", "https://a.example/x"),
            ("https://a.example/x#utm_source=rss&utm_medium=feed", "https://a.example/x"),
            ("https://a.example/?PHPSESSID=abc&page=2", "https://a.example/?page=2"),
            ("https://a.example/v.jsp;jsessionid=1F2E.node1?id=3", "https://a.example/v.jsp?id=3"),
            ("https://a.example/a;JSESSIONID=1;x=2/b?jsessionid=1", "https://a.example/a;x=2/b"),
            ("https://a.example/?sid=0123456789abcdef&p=1", "https://a.example/?p=1"),
        ] {
            assert_eq!(published(text), expected);
        }
        for text in [
            "http://User:Word@www.a.example:8080/%7Ex/%c3%a9/?b=2&&a=%20+1&sid=12#top",
            "https://a.example/?sid=0123456789abcdeg",
            "https://a.example/?",
            "https://a.example/#",
            "https://a.example/#/utm_source",
            "https://a.example/?article140000",
            "mailto:desk@a.example?ref=1",
        ] {
            assert_eq!(published(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_url_without_such_parameters_is_published_as_it_is(text in "https?://[a-z]{1,9}\\.[a-z]{2,3}/[ -~é]{0,40}") {
            if let Ok(url) = Url::parse(&text) {
                let once = without_tracking(&url);
                prop_assert_eq!(without_tracking(&once), once.clone());
                if !text.to_ascii_lowercase().contains("id=") && once.as_str().len() < url.as_str().len() {
                    let names = url.query().unwrap_or_default().split('&').chain(url.fragment().unwrap_or_default().split('&'));
                    prop_assert!(names.into_iter().any(|pair| is_tracking(pair.split('=').next().unwrap_or_default())), "{}", url);
                }
            }
        }

        #[test]
        fn canonical_is_idempotent(text in "https?://(www\\.)?[a-z]{1,9}\\.[a-z]{2,3}(:[0-9]{2,4})?/[ -~é]{0,40}") {
            if let Ok(url) = Url::parse(&text) {
                let once = canonical(&url);
                let again = Url::parse(&format!("https://{once}"));
                prop_assert!(again.is_ok(), "{once}");
                prop_assert_eq!(&canonical(&again.expect("checked")), &once);
            }
        }
    }
}
