//! Discovers the feeds of a page: those it announces, those it links to, and those that sites made with the same software have. Pure.
//!
//! Nothing is fetched here: a guess is a suggestion that the caller may try.

mod candidate;
mod feed_urls;
mod known_sites;
mod links;

use super::one_line::one_line;
use crate::model::address_key;
use candidate::Evidence;
use links::{Link, PageLinks};
use std::collections::HashSet;
use url::Url;

pub use candidate::{Candidate, DiscoveryMethod};
pub(super) use feed_urls::feed_address;
pub(super) use known_sites::closed_platform;

/// The most candidates that are returned.
const MAX_CANDIDATES: usize = 50;
/// How much of a page is read, in bytes.
const MAX_PAGE_BYTES: usize = 2 << 20;
/// The longest title, in characters.
const MAX_TITLE_CHARS: usize = 120;

/// What decides between two candidates; the lesser is better: whether it is a feed of comments, the evidence, whether it is on another site,
/// whether it is JSON, and the number of parts of its address.
type Rank = (bool, Evidence, bool, bool, usize);

/// Returns the feeds that `page` offers, the best first, each once and at most 50. `url` is the page's own address.
///
/// Feeds of comments and of single articles come last; announced feeds come before linked ones and both before guesses; those of the same
/// site before others, RSS and Atom before JSON, shorter paths before longer ones, and then the order of the page. Work is linear in the page.
#[must_use]
pub fn candidates(page: &str, url: Option<&Url>) -> Vec<Candidate> {
    let page = &page[..page.floor_char_boundary(MAX_PAGE_BYTES)];
    let links = links::read_links(page);
    // A saved copy of a page often states the original address.
    let own_address = url
        .cloned()
        .or_else(|| links.own_address.as_deref().and_then(|own| feed_urls::feed_address(None, own)));
    let base = links
        .base
        .as_deref()
        .and_then(|base| feed_urls::feed_address(own_address.as_ref(), base))
        .or_else(|| own_address.clone());
    let mut found = offered_feeds(&links, base.as_ref());
    let is_answered = found
        .iter()
        .any(|(evidence, one)| *evidence == Evidence::Announced && !feed_urls::is_comment_feed(&one.url, &one.title));
    if let Some(own_address) = own_address.as_ref().filter(|_| !is_answered) {
        let guesses = known_sites::suggested_feeds(page, &links.generator, own_address);
        found.extend(guesses.into_iter().map(|(evidence, url)| {
            let method = DiscoveryMethod::WellKnown;
            (
                evidence,
                Candidate {
                    url,
                    title: String::new(),
                    method,
                },
            )
        }));
    }
    rank_candidates(found, own_address.as_ref())
}

/// Returns the address to which `page` redirects browsers, if it is not the page's own.
pub(super) fn redirect_target(page: &str, url: Option<&Url>) -> Option<Url> {
    let links = links::read_links(page);
    let to = feed_urls::feed_address(url, &links.redirect?)?;
    (url.map(address_key) != Some(address_key(&to))).then_some(to)
}

/// Returns the feeds that the page announces or links to.
fn offered_feeds(links: &PageLinks, base: Option<&Url>) -> Vec<(Evidence, Candidate)> {
    let candidate = |link: &Link, url, method| Candidate {
        url,
        title: one_line(&link.title, MAX_TITLE_CHARS),
        method,
    };
    let announced = links.announced.iter().filter_map(|link| {
        let url = feed_urls::feed_address(base, &link.href)?;
        let is_feed = link.is_declared_feed || feed_urls::is_feed_address(&url) || feed_urls::is_feed_label(&link.title);
        (is_feed && !feed_urls::is_other_resource(&url)).then(|| (Evidence::Announced, candidate(link, url, DiscoveryMethod::Announced)))
    });
    let linked = links.anchors.iter().filter_map(|link| {
        let url = feed_urls::unwrap_reader_link(&feed_urls::feed_address(base, &link.href)?)?;
        let evidence = if feed_urls::is_feed_address(&url) {
            Evidence::Likely
        } else {
            Some(Evidence::NamedFeed).filter(|_| link.is_declared_feed && !feed_urls::is_file(&url))?
        };
        (!feed_urls::is_other_resource(&url)).then(|| (evidence, candidate(link, url, DiscoveryMethod::Linked)))
    });
    announced.chain(linked).collect()
}

/// Returns the candidates in order, each address once, at most [`MAX_CANDIDATES`].
fn rank_candidates(found: Vec<(Evidence, Candidate)>, own_address: Option<&Url>) -> Vec<Candidate> {
    let mut all: Vec<(Rank, Candidate)> = found
        .into_iter()
        .map(|(evidence, one)| {
            let is_aside = feed_urls::is_comment_feed(&one.url, &one.title);
            let is_elsewhere = own_address.is_some_and(|own_address| !feed_urls::is_same_site(own_address, &one.url));
            let parts = one.url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
            // Guesses keep their order, the most likely first.
            let length = if one.method == DiscoveryMethod::WellKnown {
                0
            } else {
                parts.count() + one.url.query_pairs().count()
            };
            ((is_aside, evidence, is_elsewhere, feed_urls::is_json(&one.url), length), one)
        })
        .collect();
    all.sort_by_key(|(rank, _)| *rank);
    // The page itself is not a feed, so its own address is left out.
    let mut seen: HashSet<_> = own_address.map(address_key).into_iter().collect();
    all.retain(|(_, one)| seen.insert(address_key(&one.url)));
    all.into_iter().map(|(_, one)| one).take(MAX_CANDIDATES).collect()
}

#[cfg(test)]
mod tests;
