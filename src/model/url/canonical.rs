//! The canonical URL: the same for all addresses of an article.

use super::address_key::address_key;
use super::host::site_host;
use super::path::{self, page_segments, plain_segments};
use super::query::{page_pairs, parts, plain_pairs};
use super::wrapper;
use std::fmt;
use url::Url;

/// The canonical form of a page's URL, by which copies of an article are found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// Takes a stored key, which this module returned earlier.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

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

/// The maximum number of redirects and caches around an address; real links have one or two.
const MAX_WRAPPERS: usize = 6;

/// Returns the canonical form of `url`, which is the same for all addresses of an article, and never the same for two articles.
///
/// Redirects and caches that hold the address of their target are replaced by it. Scheme, user info, the hosts of other renderings (`www.`,
/// `m.`, `amp.`), default ports, ids of sessions, marks of AMP and print views, index files, trailing slashes, tracking parameters and
/// fragments are left out; fragments that scripts read as a path (`#!`, `#/`) stay. The remaining parameters keep their order, since some
/// servers give it a meaning.
#[must_use]
pub fn canonical(url: &Url) -> CanonicalUrl {
    if !matches!(url.scheme(), "http" | "https") {
        return CanonicalUrl(address_key(url));
    }
    let mut wrapped = url.clone();
    for _ in 0..=MAX_WRAPPERS {
        if let Some(target) = wrapper::unwrap(&wrapped) {
            wrapped = target;
            continue;
        }
        let key = page_key(&wrapped);
        // What is left out can uncover a redirect.
        match Url::parse(&format!("https://{key}")).ok().and_then(|url| wrapper::unwrap(&url)) {
            Some(target) => wrapped = target,
            None => return CanonicalUrl(key),
        }
    }
    CanonicalUrl(joined(
        url,
        &plain_segments(url.path()),
        &plain_pairs(url.query().unwrap_or_default()),
    ))
}

/// Returns the key of the page at `url`, which is no redirect.
fn page_key(url: &Url) -> String {
    let mut segments = page_segments(url.path());
    let mut pairs = page_pairs(url.query().unwrap_or_default(), path::selects(&segments));
    name_spip_article(&mut segments, &mut pairs);
    if site_host(url) == "news.google.com" && wrapper::google_news_id(url.path()).is_some() {
        // The edition for which a redirect was made.
        pairs.retain(|pair| !matches!(parts(pair).0, "ceid" | "gl" | "hl" | "oc"));
    }
    let mut key = joined(url, &segments, &pairs);
    if let Some(route) = url.fragment().and_then(route) {
        key.push('#');
        key.push_str(route);
    }
    key
}

/// Returns a fragment by which scripts select the page: a hash-bang, or the path of a client-side router.
fn route(fragment: &str) -> Option<&str> {
    let name = fragment.trim_start_matches(['!', '/']);
    (name.len() < fragment.len() && !name.is_empty()).then_some(fragment)
}

fn joined(url: &Url, segments: &[String], pairs: &[String]) -> String {
    let mut key = site_host(url);
    // The default port of the other scheme is left out as well, since the key has no scheme.
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        key.push(':');
        key.push_str(&port.to_string());
    }
    for segment in segments {
        key.push('/');
        key.push_str(segment);
    }
    for (place, pair) in pairs.iter().enumerate() {
        key.push(if place == 0 { '?' } else { '&' });
        key.push_str(pair);
    }
    key
}

/// The script that answers for a SPIP site, also at the address of its folder.
const SPIP_SCRIPT: &str = "spip.php";
/// The scripts of SPIP 1, one for each kind of page.
const SPIP_1_SCRIPTS: &[&str] = &["article.php3", "imprimer.php3"];
/// Templates of SPIP that render an article: its page, and its views for printing.
const SPIP_TEMPLATES: &[&str] = &[
    "article",
    "article_pdf",
    "imprimer",
    "imprimersans",
    "imprimir",
    "imprimir_articulo",
    "print",
];

/// Gives an article of SPIP its shortest address, `spip.php?article12`, in place of `spip.php?page=imprimer&id_article=12` and
/// `imprimer.php3?id_article=12`.
fn name_spip_article(segments: &mut Vec<String>, pairs: &mut Vec<String>) {
    let last = segments.last().map_or("", String::as_str);
    let is_spip_1 = SPIP_1_SCRIPTS.contains(&last);
    let is_folder = !last.contains('.');
    if last != SPIP_SCRIPT && !is_spip_1 && !is_folder {
        return;
    }
    let number = |pair: &str| {
        let number = pair.strip_prefix("id_article=")?;
        is_number(number).then(|| format!("article{number}"))
    };
    let template = pairs
        .iter()
        .position(|pair| matches!(parts(pair), ("page", template) if SPIP_TEMPLATES.contains(&template)));
    let article = pairs.iter().enumerate().find_map(|(at, pair)| Some((at, number(pair)?)));
    if let Some((at, article)) = article.filter(|_| template.is_some() || is_spip_1) {
        pairs[at] = article;
        let article = pairs.remove(at);
        pairs.insert(0, article);
        pairs.retain(|pair| !matches!(parts(pair), ("page", template) if SPIP_TEMPLATES.contains(&template)));
        if is_spip_1 {
            segments.pop();
            segments.push(SPIP_SCRIPT.to_owned());
        }
    }
    let is_article = pairs.first().and_then(|pair| pair.strip_prefix("article")).is_some_and(is_number);
    if is_article && segments.last().is_none_or(|last| !last.contains('.')) {
        segments.push(SPIP_SCRIPT.to_owned());
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}
