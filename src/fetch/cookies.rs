//! The cookies of one chain of redirects (RFC 6265). Some servers answer only to a client that sends back the cookie which their redirect has
//! set; so it is sent back, to the host that set it, until the chain ends. No cookie outlives its visit, and none is recorded or logged.
//!
//! Stricter than the RFC: a cookie goes back to the same scheme, host and port only, whatever its `Domain` says.

use super::headers::http_date;
use super::recording::WITHHELD;
use crate::model::{HostKey, Timestamp};
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use std::cmp::Reverse;
use url::{Host, Url};

/// How many cookies are kept of one chain; a server that checks for cookies sets one or two.
const MAX_COOKIES: usize = 20;
/// How long the name and the value of one cookie may be (RFC 6265 section 6.1 asks for at least as much, attributes included).
const MAX_COOKIE_BYTES: usize = 4096;
/// How long all of them may be: many servers refuse a request whose head is longer.
const MAX_CHAIN_BYTES: usize = 8 * 1024;

/// The cookies that the redirects of a chain have set so far.
#[derive(Default)]
pub(super) struct ChainCookies {
    cookies: Vec<Cookie>,
    /// Whether a redirect has set any, even one that is not kept.
    is_any_offered: bool,
}

struct Cookie {
    host: HostKey,
    path: String,
    name: Vec<u8>,
    value: Vec<u8>,
    /// Whether `Max-Age` or `Expires` says that it is to be removed.
    is_removal: bool,
}

impl ChainCookies {
    /// Takes the cookies that `url` sets with its answer at `now`. What is beyond the limits is not kept.
    pub(super) fn take_from(&mut self, url: &Url, headers: &HeaderMap, now: Timestamp) {
        for header in headers.get_all(SET_COOKIE).iter().take(MAX_COOKIES) {
            self.is_any_offered = true;
            if let Some(cookie) = Cookie::parse(header.as_bytes(), url, now) {
                self.set(cookie);
            }
        }
    }

    /// Returns whether a redirect of the chain has set a cookie.
    pub(super) fn is_any_offered(&self) -> bool {
        self.is_any_offered
    }

    /// Returns the `Cookie` header for a request of `url`: the cookies with the longest paths first (RFC 6265 section 5.4).
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let host = HostKey::from_url(url);
        let is_sent = |cookie: &&Cookie| cookie.host == host && is_path_match(url.path(), &cookie.path);
        let mut sent: Vec<&Cookie> = self.cookies.iter().filter(is_sent).collect();
        sent.sort_by_key(|cookie| Reverse(cookie.path.len()));
        let pairs: Vec<Vec<u8>> = sent.iter().map(|cookie| [&*cookie.name, b"=", &*cookie.value].concat()).collect();
        if pairs.is_empty() {
            return None;
        }
        let mut header = HeaderValue::from_bytes(&pairs.join(b"; ".as_slice())).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    fn set(&mut self, cookie: Cookie) {
        let is_same = |known: &Cookie| (&known.host, &known.path, &known.name) == (&cookie.host, &cookie.path, &cookie.name);
        // In a replay each one may be another: the recording holds neither names nor values.
        if cookie.name != WITHHELD.as_bytes() {
            self.cookies.retain(|known| !is_same(known));
        }
        let bytes: usize = self.cookies.iter().map(Cookie::length).sum();
        if !cookie.is_removal && self.cookies.len() < MAX_COOKIES && bytes + cookie.length() <= MAX_CHAIN_BYTES {
            self.cookies.push(cookie);
        }
    }
}

impl Cookie {
    /// Parses a `Set-Cookie` (RFC 6265 sections 5.2 and 5.3) of `url`; none when it is not for this host, or not for a connection like this.
    fn parse(header: &[u8], url: &Url, now: Timestamp) -> Option<Self> {
        let mut parts = header.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let (name, value) = split_pair(parts.next()?)?;
        if name.is_empty() || name.len() + value.len() > MAX_COOKIE_BYTES {
            return None;
        }
        let mut cookie = Self {
            host: HostKey::from_url(url),
            path: default_path(url).to_owned(),
            name: name.to_vec(),
            value: value.to_vec(),
            is_removal: false,
        };
        let mut max_age = None;
        let mut expires = None;
        for part in parts {
            let (attribute, value) = split_pair(part).unwrap_or((part, b""));
            let text = std::str::from_utf8(value).unwrap_or_default();
            match attribute.to_ascii_lowercase().as_slice() {
                b"secure" if url.scheme() != "https" => return None,
                b"domain" if !is_domain_match(url, text) => return None,
                b"path" if text.starts_with('/') => text.clone_into(&mut cookie.path),
                b"path" => default_path(url).clone_into(&mut cookie.path),
                b"max-age" => max_age = text.parse::<i64>().ok().or(max_age),
                b"expires" => expires = http_date(text).or(expires),
                _ => {}
            }
        }
        // Max-Age has precedence over Expires (section 4.1.2.2).
        cookie.is_removal = max_age.map_or_else(|| expires.is_some_and(|expires| expires <= now), |seconds| seconds <= 0);
        Some(cookie)
    }

    fn length(&self) -> usize {
        self.name.len() + self.value.len()
    }
}

/// Splits `name=value`.
fn split_pair(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = pair.iter().position(|byte| *byte == b'=')?;
    let (name, value) = pair.split_at(at);
    Some((name.trim_ascii(), value.get(1..).unwrap_or_default().trim_ascii()))
}

/// Returns the path of a cookie that states none: that of `url` up to its last slash (RFC 6265 section 5.1.4).
fn default_path(url: &Url) -> &str {
    let path = url.path();
    match path.rfind('/') {
        Some(at) if at > 0 => path.get(..at).unwrap_or("/"),
        _ => "/",
    }
}

/// Returns whether a cookie of `own` is sent with a request of `path` (RFC 6265 section 5.1.4).
fn is_path_match(path: &str, own: &str) -> bool {
    path.strip_prefix(own)
        .is_some_and(|rest| rest.is_empty() || own.ends_with('/') || rest.starts_with('/'))
}

/// Returns whether `url` may set a cookie for this `Domain`: its host, or one above it (RFC 6265 section 5.1.3). An empty one counts as none.
fn is_domain_match(url: &Url, domain: &str) -> bool {
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    let host = url.host_str().unwrap_or_default();
    let is_above = || matches!(url.host(), Some(Host::Domain(_))) && host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
    domain.is_empty() || host == domain || is_above()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-01T12:00:00Z").expect("a time")
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    /// Returns what `to` is sent after `from` has set these cookies, one after the other.
    fn sent(from: &str, set: &[&str], to: &str) -> String {
        let mut cookies = ChainCookies::default();
        for value in set {
            let mut headers = HeaderMap::new();
            headers.append(SET_COOKIE, HeaderValue::from_str(value).expect("a value"));
            cookies.take_from(&url(from), &headers, now());
        }
        let header = cookies.header(&url(to));
        assert!(header.as_ref().is_none_or(HeaderValue::is_sensitive));
        header.map(|header| header.to_str().expect("ASCII").to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_back_to_the_scheme_host_and_port_that_set_it() {
        let from = "http://www.lefleuve.example/feed";
        for (to, expected) in [
            ("http://www.lefleuve.example/feed", "k=1"),
            ("http://www.lefleuve.example:80/feed?hop=1#x", "k=1"),
            ("https://www.lefleuve.example/feed", ""),
            ("http://www.lefleuve.example:8080/feed", ""),
            ("http://lefleuve.example/feed", ""),
            ("http://a.www.lefleuve.example/feed", ""),
        ] {
            for set in [
                "k=1; path=/",
                "k=1; Path=/; Domain=lefleuve.example",
                " k = 1 ;PATH=/;HttpOnly;SameSite=Lax",
            ] {
                assert_eq!(sent(from, &[set], to), expected, "{set} to {to}");
            }
        }
    }

    #[test]
    fn a_cookie_for_another_host_or_another_connection_is_not_kept() {
        let (plain, secure) = ("http://www.lefleuve.example/", "https://www.lefleuve.example/");
        for set in [
            "k=1; Domain=other.example",
            "k=1; Domain=fleuve.example",
            "k=1; Domain=a.www.lefleuve.example",
            "k=1; Secure",
            "k",
            "=1",
            "",
            "; k=1",
            "k=1; Max-Age=0",
            "k=1; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        ] {
            assert_eq!(sent(plain, &[set], plain), "", "{set}");
        }
        assert_eq!(sent(secure, &["k=1; Secure"], secure), "k=1");
        assert_eq!(sent(plain, &["k=1; Domain="], plain), "k=1");
        assert_eq!(
            sent(plain, &["k=1; Max-Age=60; Expires=Thu, 01-Jan-1970 00:00:01 GMT"], plain),
            "k=1"
        );
        let literal = "http://192.0.2.17/";
        assert_eq!(sent(literal, &["k=1; Domain=0.2.17"], literal), "");
    }

    #[test]
    fn the_path_decides_which_requests_get_it() {
        let from = "http://a.example/news/feed";
        for (set, path, expected) in [
            ("k=1", "/news/x", "k=1"),
            ("k=1", "/news", "k=1"),
            ("k=1", "/newspaper", ""),
            ("k=1", "/", ""),
            ("k=1; Path=/news/", "/news/x", "k=1"),
            ("k=1; Path=/news/", "/news", ""),
            ("k=1; Path=news", "/news/x", "k=1"),
            ("k=1; Path=/", "/x", "k=1"),
        ] {
            assert_eq!(sent(from, &[set], &format!("http://a.example{path}")), expected, "{set} {path}");
        }
        assert_eq!(sent("http://a.example/feed", &["k=1"], "http://a.example/x"), "k=1");
    }

    #[test]
    fn a_later_cookie_of_the_name_replaces_the_earlier_one() {
        let from = "http://a.example/feed";
        assert_eq!(sent(from, &["k=1", "l=2", "k=3"], from), "l=2; k=3");
        assert_eq!(sent(from, &["k=1", "k=; Max-Age=-1"], from), "");
        assert_eq!(sent(from, &["k=1", "k=2; Path=/feed"], from), "k=2; k=1", "the longest path first");
    }

    #[test]
    fn number_and_size_are_bounded() {
        let from = "http://a.example/";
        let many: Vec<String> = (0..100).map(|number| format!("k{number}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(sent(from, &many, from).matches('=').count(), MAX_COOKIES);
        let large = format!("k={}", "x".repeat(MAX_COOKIE_BYTES));
        assert_eq!(sent(from, &[&large], from), "");
        let three = ["a", "b", "c"].map(|name| format!("{name}={}", "x".repeat(4_000)));
        assert!(sent(from, &three.each_ref().map(String::as_str), from).len() <= MAX_CHAIN_BYTES + 2);
    }

    proptest::proptest! {
        #[test]
        fn any_set_cookie_gives_a_bounded_header(values in proptest::collection::vec("[ -~\t\u{80}-\u{ff}]{0,40}", 0..30)) {
            let mut headers = HeaderMap::new();
            for value in &values {
                if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                    headers.append(SET_COOKIE, value);
                }
            }
            let address = url("http://a.example/feed");
            let mut cookies = ChainCookies::default();
            cookies.take_from(&address, &headers, now());
            let sent = cookies.header(&address);
            proptest::prop_assert!(sent.is_none_or(|sent| sent.len() <= MAX_CHAIN_BYTES + 3 * MAX_COOKIES));
        }
    }
}
