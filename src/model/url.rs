//! Forms of URLs: the canonical one, under which copies of a page are compared, and the one that log lines hold.
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

    proptest! {
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
