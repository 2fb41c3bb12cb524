//! Pagination: the URLs of an article's next page and of its single-page view. Pure; fetching is done by the pipeline.

use super::apply::link_targets;
use super::rule::{SiteRule, is_http};
use crate::extract::document::ParsedPage;
use scraper::Html;
use url::Url;

/// The input of [`pagination_links`].
#[derive(Debug, Clone, Copy)]
pub struct PaginationQuery<'a> {
    /// The markup of the page, decoded.
    pub html: &'a str,
    /// The URL of the page.
    pub url: &'a Url,
    /// The site's rule, if there is one.
    pub rule: Option<&'a SiteRule>,
}

/// Links to further pages of an article.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PaginationLinks {
    /// The page with the whole article, by the site's rule.
    pub single_page: Option<Url>,
    /// The page on which the article continues.
    pub next_page: Option<Url>,
}

/// Returns the links to further pages of the article.
///
/// A site rule's links must stay on the site. Without a rule only `rel=next` and the page links of WordPress count, and only where the URL
/// equals that of this page but for a page number that is higher by one.
#[must_use]
pub fn pagination_links(page: &PaginationQuery<'_>) -> PaginationLinks {
    let has_directives = |rule: &SiteRule| !rule.single_page.is_empty() || !rule.next_page.is_empty();
    // Most pages have no next page; they are not parsed a second time.
    if !page.rule.is_some_and(has_directives) && !may_have_next_page(page.html) {
        return PaginationLinks::default();
    }
    let document = ParsedPage::new(page.html).document;
    let base = base_url(&document, page.url);
    let on_site = |found: Vec<String>| {
        let found = found.iter().filter_map(|link| base.join(link.trim()).ok());
        found.map(without_fragment).find(|url| is_same_site(url, page.url))
    };
    let single_page = page.rule.and_then(|rule| on_site(link_targets(&document, &rule.single_page)));
    let next_page = match page.rule {
        Some(rule) if !rule.next_page.is_empty() => on_site(link_targets(&document, &rule.next_page)),
        Some(rule) if rule.auto_next == Some(false) => None,
        _ => autodetect_next_page(&document, &base, page.url),
    };
    PaginationLinks { single_page, next_page }
}

/// Returns whether the markup contains a marker that [`autodetect_next_page`] looks for.
fn may_have_next_page(html: &str) -> bool {
    ["rel=\"next\"", "rel='next'", "rel=next", "page-links", "post-page-numbers"]
        .iter()
        .any(|word| html.contains(word))
}

fn base_url(document: &Html, url: &Url) -> Url {
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

/// Returns whether `url` is another page on the same site as `from` (hosts may differ in a `www.` or `m.` prefix) and keeps HTTPS.
fn is_same_site(url: &Url, from: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        ["www.", "m.", "mobile."]
            .iter()
            .find_map(|prefix| host.strip_prefix(prefix))
            .unwrap_or(host)
            .to_owned()
    };
    is_http(url)
        && bare(url) == bare(from)
        && without_fragment(from.clone()) != *url
        && !(from.scheme() == "https" && url.scheme() == "http")
}

fn autodetect_next_page(document: &Html, base: &Url, from: &Url) -> Option<Url> {
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
    urls.map(without_fragment).find(|url| is_next_page(url, from))
}

/// Query parameters that hold the page number of an article.
const PAGE_PARAMETERS: &[&str] = &["page", "paged", "pg", "p"];

/// Returns whether `url` is the next page of the article at `from`: after `/x/` comes `/x/2/`, `/x/page/2/` or `/x/?page=2`.
fn is_next_page(url: &Url, from: &Url) -> bool {
    let same = url.scheme() == from.scheme() && url.host_str() == from.host_str() && url.port() == from.port();
    // The next page of the front page lists older articles.
    if !same || from.path().trim_matches('/').is_empty() && from.query().is_none() {
        return false;
    }
    let ((current_url, current), (next_url, next)) = (split_page_number(from), split_page_number(url));
    current_url == next_url && next == current + 1
}

/// Returns the path and query of a URL without the page number, and the page number; 1 when there is none.
fn split_page_number(url: &Url) -> (String, u32) {
    let page_number = |text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|number| (1..=50).contains(number) && !text.starts_with('0'))
    };
    let mut number = None;
    let mut path: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
    // A page number needs a slug with letters before it: `/12` is an article, and `/2024/12` a month.
    let has_slug = |path: &[&str]| path.iter().rev().nth(1).is_some_and(|word| word.contains(char::is_alphabetic));
    if has_slug(&path)
        && let Some(found) = path.last().copied().and_then(page_number)
        && found > 1
    {
        number = Some(found);
        path.pop();
        if has_slug(&path) && path.last().is_some_and(|word| *word == "page") {
            path.pop();
        }
    }
    let mut rest = Vec::new();
    for (name, value) in url.query_pairs() {
        match page_number(&value).filter(|_| number.is_none() && PAGE_PARAMETERS.contains(&&*name)) {
            // WordPress uses `p` as the article id where it has no slugs, so `p` is a page number only under a path.
            Some(found) if found > 1 && (name != "p" || !path.join("").is_empty()) => number = Some(found),
            _ => rest.push(format!("{name}={value}")),
        }
    }
    (format!("{}?{}", path.join("/"), rest.join("&")), number.unwrap_or(1))
}
