//! Where an article goes on, or stands whole: addresses of further pages. Pure; nothing is fetched here.

use super::apply::addresses;
use super::rule::{SiteRule, is_web};
use crate::extract::document::parse_document;
use scraper::Html;
use url::Url;

/// A page and what is known of it, for its links.
#[derive(Debug, Clone, Copy)]
pub struct PaginationQuery<'a> {
    /// Its markup, decoded.
    pub html: &'a str,
    /// Where it lies.
    pub url: &'a Url,
    /// The site's rule.
    pub rule: Option<&'a SiteRule>,
}

/// How a page leads on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PaginationLinks {
    /// The page that holds the whole article, by the site's rule.
    pub single_page: Option<Url>,
    /// The page on which the article goes on.
    pub next_page: Option<Url>,
}

/// Returns where the article on a page goes on.
///
/// A site's rule is believed within its own site. Without one only `rel=next` and WordPress's page links are, and only to a next page
/// *of the same address*: a number at its end, one more than on this page.
#[must_use]
pub fn pagination_links(page: &PaginationQuery<'_>) -> PaginationLinks {
    let asks = |rule: &SiteRule| !rule.single_page.is_empty() || !rule.next_page.is_empty();
    // Most pages say nothing of a next one: they are not parsed a second time.
    if !page.rule.is_some_and(asks) && !may_go_on(page.html) {
        return PaginationLinks::default();
    }
    let document = parse_document(page.html);
    let base = base(&document, page.url);
    let ruled = |found: Vec<String>| {
        let found = found.iter().filter_map(|link| base.join(link.trim()).ok());
        found.map(without_fragment).find(|url| is_near(url, page.url))
    };
    let single_page = page.rule.and_then(|rule| ruled(addresses(&document, &rule.single_page)));
    let next_page = match page.rule {
        Some(rule) if !rule.next_page.is_empty() => ruled(addresses(&document, &rule.next_page)),
        Some(rule) if rule.auto_next == Some(false) => None,
        _ => automatic(&document, &base, page.url),
    };
    PaginationLinks { single_page, next_page }
}

/// Whether the markup holds a word that the automatic way looks for.
fn may_go_on(html: &str) -> bool {
    ["rel=\"next\"", "rel='next'", "rel=next", "page-links", "post-page-numbers"]
        .iter()
        .any(|word| html.contains(word))
}

fn base(document: &Html, url: &Url) -> Url {
    let element = document
        .root_element()
        .descendent_elements()
        .find(|element| element.value().name() == "base");
    let href = element.and_then(|element| element.value().attr("href"));
    href.and_then(|href| url.join(href.trim()).ok()).unwrap_or_else(|| url.clone())
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// Whether a rule's link stays on the site: the same host, but for a `www.` or `m.` before it.
fn is_near(url: &Url, from: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        ["www.", "m.", "mobile."]
            .iter()
            .find_map(|prefix| host.strip_prefix(prefix))
            .unwrap_or(host)
            .to_owned()
    };
    is_web(url)
        && bare(url) == bare(from)
        && without_fragment(from.clone()) != *url
        && !(from.scheme() == "https" && url.scheme() == "http")
}

fn automatic(document: &Html, base: &Url, from: &Url) -> Option<Url> {
    let links = document.root_element().descendent_elements().filter(|element| {
        let value = element.value();
        let says_next = || {
            let rel = value.attr("rel").unwrap_or_default();
            rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
        };
        let is_numbered = || {
            element.ancestors().filter_map(|above| above.value().as_element()).any(|above| {
                let classes = above.attr("class").unwrap_or_default();
                classes.split_ascii_whitespace().any(|class| class == "page-links")
            }) || value.classes().any(|class| class == "post-page-numbers")
        };
        match value.name() {
            "link" => says_next(),
            "a" => says_next() || is_numbered(),
            _ => false,
        }
    });
    let urls = links.filter_map(|element| base.join(element.value().attr("href")?.trim()).ok());
    urls.map(without_fragment).find(|url| continues(url, from))
}

/// The names of query parameters that number the pages of one article.
const NUMBERS: &[&str] = &["page", "paged", "pg", "p"];

/// Whether `url` is the next page of the article at `from`: `/x/` goes on at `/x/2/`, `/x/page/2/` or `/x/?page=2`, and so on.
fn continues(url: &Url, from: &Url) -> bool {
    let same = url.scheme() == from.scheme() && url.host_str() == from.host_str() && url.port() == from.port();
    // The front page's next page lists older articles.
    if !same || from.path().trim_matches('/').is_empty() && from.query().is_none() {
        return false;
    }
    let ((own, present), (other, next)) = (numbered(from), numbered(url));
    own == other && next == present + 1
}

/// Returns an address without its page number, and that number; 1 when it has none.
fn numbered(url: &Url) -> (String, u32) {
    let small = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|number| (1..=50).contains(number) && !text.starts_with('0'))
    };
    let mut number = None;
    let mut path: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
    // A number needs the name of an article before it: `/12` is an article, and `/2024/12` a month.
    let is_named = |path: &[&str]| path.iter().rev().nth(1).is_some_and(|word| word.contains(char::is_alphabetic));
    if is_named(&path)
        && let Some(found) = path.last().copied().and_then(small)
        && found > 1
    {
        number = Some(found);
        path.pop();
        if is_named(&path) && path.last().is_some_and(|word| *word == "page") {
            path.pop();
        }
    }
    let mut rest = Vec::new();
    for (name, value) in url.query_pairs() {
        match small(&value).filter(|_| number.is_none() && NUMBERS.contains(&&*name)) {
            // WordPress names its articles by `p` where it has no better names; only a small number can be a page.
            Some(found) if found > 1 && (name != "p" || !path.join("").is_empty()) => number = Some(found),
            _ => rest.push(format!("{name}={value}")),
        }
    }
    (format!("{}?{}", path.join("/"), rest.join("&")), number.unwrap_or(1))
}
