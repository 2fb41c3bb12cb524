//! Which feeds a page offers: those it announces, those it links to, and those that sites of its make have. Pure.
//!
//! Nothing is asked of the network here: what is only likely is a suggestion, which somebody else may try.

mod known;
mod links;
mod shape;

use crate::model::canonical;
use crate::text::html_to_text::html_to_line;
use links::{Link, Links};
use std::collections::HashSet;
use url::Url;

pub(super) use known::closed_platform;

/// How a feed was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The page says that it is its feed.
    Announced,
    /// The page links to it, and it looks like a feed.
    Linked,
    /// Sites of this make have one there. A guess.
    WellKnown,
}

impl How {
    /// Returns the stable code: `announced`, `linked` or `well-known`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Linked => "linked",
            Self::WellKnown => "well-known",
        }
    }
}

/// An address that may be a feed's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The address, absolute, http or https.
    pub url: Url,
    /// What the page calls it: plain text of at most 120 characters, often empty.
    pub title: String,
    /// How it was found.
    pub how: How,
}

/// The most candidates that are returned.
const MAX_CANDIDATES: usize = 50;
/// How much of a page is read, in bytes.
const PAGE: usize = 2 << 20;
/// The longest title, in characters.
const TITLE: usize = 120;

/// What decides between two candidates; less is better.
type Rank = (bool, Weight, bool, bool, usize);

/// How far a candidate is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Announced.
    Said,
    /// A link that has a feed's shape, or a place where this site surely has one.
    Likely,
    /// Where sites of this make have one.
    Usual,
    /// A link that only calls itself a feed.
    Worded,
    /// Where many sites have one.
    Blind,
}

/// Returns the feeds that `page` offers, the best first, each once and at most 50. `url` is the page's own address.
///
/// Feeds of comments and of single articles come last; announced ones come before linked ones and both before guesses; those of the same
/// site before others, RSS and Atom before JSON, shorter paths before longer ones, and then the page's own order. Work is linear in the page.
#[must_use]
pub fn candidates(page: &str, url: Option<&Url>) -> Vec<Candidate> {
    let page = &page[..page.floor_char_boundary(PAGE)];
    let links = links::gather(page);
    // A page that was saved somewhere often tells where it is from.
    let own = url.cloned().or_else(|| links.own.as_deref().and_then(|own| shape::web(None, own)));
    let base = links
        .base
        .as_deref()
        .and_then(|base| shape::web(own.as_ref(), base))
        .or_else(|| own.clone());
    let mut found = offered(&links, base.as_ref());
    let is_answered = found
        .iter()
        .any(|(weight, one)| *weight == Weight::Said && !shape::is_aside(&one.url, &one.title));
    if let Some(own) = own.as_ref().filter(|_| !is_answered) {
        let guesses = known::suggestions(page, &links.generator, own);
        found.extend(guesses.into_iter().map(|(weight, url)| {
            let how = How::WellKnown;
            (
                weight,
                Candidate {
                    url,
                    title: String::new(),
                    how,
                },
            )
        }));
    }
    ranked(found, own.as_ref())
}

/// Returns where `page` sends browsers on to, if it is another place than its own.
pub(super) fn onward(page: &str, url: Option<&Url>) -> Option<Url> {
    let links = links::gather(page);
    let to = shape::web(url, &links.onward?)?;
    (url.map(canonical) != Some(canonical(&to))).then_some(to)
}

/// Returns `text` as one line of at most `most` characters, without anything that could drive a terminal or turn the reading order.
pub(super) fn brief(text: &str, most: usize) -> String {
    let window = &text[..text.floor_char_boundary(most.saturating_mul(64))];
    let is_shown = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let line = html_to_line(window);
    let mut characters = line.trim().chars().filter(is_shown);
    let mut out: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// Returns the absolute http or https address that a page or a list means by `text`.
pub(super) fn feed_address(base: Option<&Url>, text: &str) -> Option<Url> {
    shape::web(base, text)
}

/// Returns what the page itself names.
fn offered(links: &Links, base: Option<&Url>) -> Vec<(Weight, Candidate)> {
    let candidate = |link: &Link, url, how| Candidate {
        url,
        title: brief(&link.title, TITLE),
        how,
    };
    let announced = links.announced.iter().filter_map(|link| {
        let url = shape::web(base, &link.href)?;
        let certain = link.is_certain || shape::is_feed(&url) || shape::says_feed(&link.title);
        (certain && !shape::is_something_else(&url)).then(|| (Weight::Said, candidate(link, url, How::Announced)))
    });
    let linked = links.anchors.iter().filter_map(|link| {
        let url = shape::unwrapped(&shape::web(base, &link.href)?)?;
        let weight = if shape::is_feed(&url) {
            Weight::Likely
        } else {
            Some(Weight::Worded).filter(|_| link.is_certain && !shape::is_file(&url))?
        };
        (!shape::is_something_else(&url)).then(|| (weight, candidate(link, url, How::Linked)))
    });
    announced.chain(linked).collect()
}

fn ranked(found: Vec<(Weight, Candidate)>, own: Option<&Url>) -> Vec<Candidate> {
    let mut all: Vec<(Rank, Candidate)> = found
        .into_iter()
        .map(|(weight, one)| {
            let aside = shape::is_aside(&one.url, &one.title);
            let elsewhere = own.is_some_and(|own| !shape::is_same_site(own, &one.url));
            let parts = one.url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
            // Guesses come as they were made: the likeliest first.
            let length = if one.how == How::WellKnown {
                0
            } else {
                parts.count() + one.url.query_pairs().count()
            };
            ((aside, weight, elsewhere, shape::is_json(&one.url), length), one)
        })
        .collect();
    all.sort_by_key(|(rank, _)| *rank);
    // The page itself is no feed, so its own address is none.
    let mut seen: HashSet<_> = own.map(canonical).into_iter().collect();
    all.retain(|(_, one)| seen.insert(canonical(&one.url)));
    all.into_iter().map(|(_, one)| one).take(MAX_CANDIDATES).collect()
}

#[cfg(test)]
mod tests;
