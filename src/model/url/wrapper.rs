//! Addresses that wrap the address of an article: redirects that count clicks, and caches.

use super::host::{registrable_domain, site_host};
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use url::Url;

/// Redirects that have their target as a parameter: the host, the path, where it has one, and the names of the parameter.
const REDIRECTS: &[(&str, &str, &[&str])] = &[
    ("bing.com", "/news/apiclick.aspx", &["url"]),
    ("duckduckgo.com", "/l", &["uddg"]),
    ("facebook.com", "/l.php", &["u"]),
    ("getpocket.com", "/redirect", &["url"]),
    ("l.facebook.com", "/l.php", &["u"]),
    ("l.instagram.com", "", &["u"]),
    ("linkedin.com", "/redir/redirect", &["url"]),
    ("lm.facebook.com", "/l.php", &["u"]),
    ("news.google.com", "/news/url", &["url"]),
    ("news.google.com", "/url", &["url", "q"]),
    ("out.reddit.com", "", &["url"]),
    ("slack-redir.net", "/link", &["url"]),
    ("t.umblr.com", "/redirect", &["z"]),
    ("vk.com", "/away.php", &["to"]),
    ("youtube.com", "/redirect", &["q"]),
];
/// The host of Google's AMP cache, which has a subdomain for each site, and that of Bing's.
const AMP_CACHES: &[&str] = &["cdn.ampproject.org", "bing-amp.com"];
/// What a path of an AMP cache begins with: a document, a document in a viewer, or a signed package of one.
const AMP_CACHE_PATHS: &[&str] = &["/c/", "/v/", "/wp/"];
/// Where Google News has its redirects.
const GOOGLE_NEWS_PATHS: &[&str] = &["/rss/articles/", "/articles/", "/read/", "/__i/rss/rd/articles/"];

/// Returns the address that `url` wraps.
pub(super) fn unwrap(url: &Url) -> Option<Url> {
    let host = site_host(url);
    let path = url.path().trim_end_matches('/');
    let is_of = |site: &str| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if AMP_CACHES.iter().any(|cache| is_of(cache)) {
        let rest = AMP_CACHE_PATHS.iter().find_map(|start| url.path().strip_prefix(start))?;
        return in_path(url, rest);
    }
    // Google has a domain for each country.
    if host.starts_with("google.") && registrable_domain(&host) == Some(host.as_str()) {
        return match url.path().strip_prefix("/amp/") {
            Some(rest) => in_path(url, rest),
            None if path == "/url" => in_query(url, &["url", "q"]),
            None => None,
        };
    }
    if host == "bing.com"
        && let Some(rest) = url.path().strip_prefix("/amp/")
    {
        return in_path(url, rest);
    }
    if host.ends_with(".safelinks.protection.outlook.com") {
        return in_query(url, &["url"]);
    }
    if host == "news.google.com"
        && let Some(id) = google_news_id(path)
    {
        return google_news_target(id);
    }
    let redirect = REDIRECTS
        .iter()
        .find(|(site, start, _)| *site == host && (start.is_empty() || *start == path));
    redirect.and_then(|(_, _, names)| in_query(url, names))
}

/// Returns the id in the path of an article of Google News.
pub(super) fn google_news_id(path: &str) -> Option<&str> {
    GOOGLE_NEWS_PATHS.iter().find_map(|start| path.strip_prefix(start))
}

/// Returns the address in a path such as `s/www.a.example/x`, where `s/` stands for https; the query is the article's.
fn in_path(url: &Url, rest: &str) -> Option<Url> {
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    page(&format!("https://{rest}{query}"))
}

fn in_query(url: &Url, names: &[&str]) -> Option<Url> {
    names
        .iter()
        .find_map(|wanted| url.query_pairs().find_map(|(name, value)| (name == *wanted).then(|| page(&value))?))
}

/// Reads the address of a page on a public host.
fn page(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let is_page = matches!(url.scheme(), "http" | "https") && registrable_domain(url.host_str()?).is_some();
    is_page.then_some(url)
}

/// The number of the field that holds the address in an id of Google News.
const ADDRESS_FIELD: u64 = 4;

/// Returns the address that an id of Google News holds: until 2024 it was a message of Protocol Buffers with the address as field 4. In later
/// ids the field is opaque, and only Google's servers know the target.
fn google_news_target(id: &str) -> Option<Url> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let message = GeneralPurpose::new(&base64::alphabet::URL_SAFE, config).decode(id).ok()?;
    let mut rest = message.as_slice();
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        match tag & 7 {
            0 => {
                varint(&mut rest)?;
            }
            2 => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                let (value, behind) = rest.split_at_checked(length)?;
                rest = behind;
                if tag >> 3 == ADDRESS_FIELD {
                    return page(std::str::from_utf8(value).ok()?);
                }
            }
            _ => return None,
        }
    }
    None
}

/// Reads a number of Protocol Buffers: seven bits a byte, the lowest first, the highest bit set in all bytes but the last.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
