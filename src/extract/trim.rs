//! Leaves out of a chosen body what is no part of the article: the headline again, bylines and dates, teasers, share and newsletter
//! lines, and what stands behind the end.

use super::blocks::CALL_PHRASES;
use super::metadata::Metadata;
use super::metadata::date::date_in_line;
use super::normalize::alphanumeric_key;
use super::normalize::element_text;
use scraper::{ElementRef, Html};
use std::collections::{HashMap, HashSet};

/// Parts of class and id names that mark what is no article text.
const FOREIGN: &[&str] = &[
    "share",
    "sharing",
    "social",
    "related",
    "newsletter",
    "subscribe",
    "subscription",
    "comment",
    "comments",
    "byline",
    "author-bio",
    "author-box",
    "authorbox",
    "about-author",
    "post-meta",
    "entry-meta",
    "meta-info",
    "posted-on",
    "breadcrumb",
    "breadcrumbs",
    "promo",
    "advert",
    "advertisement",
    "ad-container",
    "sponsor",
    "cookie",
    "paywall",
    "sidebar",
    "recommended",
    "recommendations",
    "read-more",
    "readmore",
    "read-also",
    "lire-aussi",
    "more-from",
    "outbrain",
    "taboola",
    "pagination",
    "post-tags",
    "tags-links",
    "entry-tags",
    "td-post-source-tags",
    "sharedaddy",
    "jp-relatedposts",
    "addtoany",
    "a2a_kit",
    "print-link",
    "sr-only",
    "screen-reader-text",
    "visually-hidden",
    "toc",
    "footnote-credit",
    "disclaimer",
    "copyright",
    "article-info",
    "hits",
];
const CALL_MAX: usize = 180;
/// A block with this much text of its own is a real paragraph, in characters.
const REAL: usize = 80;

/// A block of so many characters is told once only.
const REPEATED: usize = 40;

/// One block of text of the body.
struct Block<'a> {
    element: ElementRef<'a>,
    text: String,
    chars: usize,
    linked: usize,
}

/// Returns `markup`, the body as chosen, without its foreign blocks.
pub(super) fn trim(markup: &str, metadata: &Metadata) -> String {
    let mut tree = Html::parse_fragment(markup);
    let total = visible(tree.root_element());
    let mut dropped = Vec::new();
    for element in tree.root_element().descendent_elements() {
        // A hint on a wrapper of the article itself says nothing about its text.
        if is_foreign(element) && visible(element) * 4 < total {
            dropped.push(element.id());
        }
    }
    for id in dropped {
        if let Some(mut node) = tree.tree.get_mut(id) {
            node.detach();
        }
    }
    let blocks = blocks(&tree);
    let ids: Vec<_> = foreign_blocks(&blocks, metadata)
        .into_iter()
        .map(|at| blocks[at].element.id())
        .collect();
    drop(blocks);
    for id in ids {
        if let Some(mut node) = tree.tree.get_mut(id) {
            node.detach();
        }
    }
    tree.root_element().inner_html()
}

fn visible(element: ElementRef<'_>) -> usize {
    element.text().map(|part| part.trim().len()).sum()
}

fn is_foreign(element: ElementRef<'_>) -> bool {
    let value = element.value();
    if matches!(value.name(), "nav" | "form" | "button" | "footer") {
        return true;
    }
    value.classes().chain(value.id()).any(|name| {
        let lower = name.to_ascii_lowercase();
        FOREIGN.iter().any(|hint| {
            lower
                .strip_prefix(hint)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
                || lower.strip_suffix(hint).is_some_and(|rest| rest.ends_with(['-', '_']))
        })
    })
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "blockquote"
            | "pre"
            | "table"
            | "tr"
            | "figure"
            | "figcaption"
            | "section"
            | "article"
            | "header"
            | "dl"
            | "dt"
            | "dd"
            | "aside"
            | "main"
            | "address"
    )
}

/// Lists the blocks that hold no other block.
fn blocks(tree: &Html) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    for element in tree.root_element().descendent_elements() {
        if !is_block(element.value().name())
            || element
                .descendent_elements()
                .any(|inner| inner.id() != element.id() && is_block(inner.value().name()))
        {
            continue;
        }
        let text = element_text(element);
        let linked = element
            .descendent_elements()
            .filter(|inner| inner.value().name() == "a")
            .map(|link| element_text(link).chars().count())
            .sum();
        found.push(Block {
            element,
            chars: text.chars().count(),
            text,
            linked,
        });
    }
    found
}

fn foreign_blocks(blocks: &[Block<'_>], metadata: &Metadata) -> Vec<usize> {
    let headline = metadata.title.as_deref().map(alphanumeric_key).unwrap_or_default();
    let is_text = |block: &&Block<'_>| block.chars >= REAL && block.linked * 2 < block.chars;
    let first = blocks.iter().position(|block| is_text(&block)).unwrap_or(0);
    let last = blocks.iter().rposition(|block| is_text(&block)).unwrap_or(blocks.len());
    let mut out = Vec::new();
    let mut told: HashMap<&str, usize> = HashMap::new();
    for block in blocks.iter().filter(|block| block.chars >= REPEATED) {
        *told.entry(block.text.as_str()).or_default() += 1;
    }
    let mut seen = HashSet::new();
    for (at, block) in blocks.iter().enumerate() {
        if block.chars == 0 {
            continue;
        }
        // The caption of a gallery's picture, or a quote that is pulled out: once is enough.
        let often = told.get(block.text.as_str()).is_some_and(|times| *times >= 3) || block.element.value().name() == "figcaption";
        if block.chars >= REPEATED && !seen.insert(block.text.as_str()) && often {
            out.push(at);
            continue;
        }
        let again = !headline.is_empty() && at <= first.max(4) && alphanumeric_key(&block.text) == headline;
        let opening = at < first && is_meta(block, metadata);
        let call = block.chars <= CALL_MAX && is_call(&block.text);
        let links = block.chars > 3 && block.linked * 10 >= block.chars * 9 && block.chars < 200 && block.element.value().name() != "li";
        let behind = at > last && is_behind(block);
        if again || opening || call || links || behind {
            out.push(at);
        }
    }
    out
}

/// Says whether a short block before the text is a byline or a line of date and categories.
fn is_meta(block: &Block<'_>, metadata: &Metadata) -> bool {
    if block.chars > 160 {
        return false;
    }
    let lower = block.text.to_lowercase();
    let byline = [
        "by ",
        "par ",
        "por ",
        "von ",
        "بقلم",
        "written by",
        "posted ",
        "published",
        "publié",
        "mis à jour",
        "updated",
        "last modified",
    ];
    let writer = alphanumeric_key(&block.text);
    let is_writer = metadata.authors.iter().any(|author| alphanumeric_key(&author.name) == writer);
    let is_category = metadata.categories.iter().any(|term| alphanumeric_key(term) == writer);
    is_writer
        || is_category
        || byline.iter().any(|start| lower.starts_with(start))
        || (block.chars < 100 && date_in_line(&block.text).is_some())
}

fn is_call(text: &str) -> bool {
    let lower = text.to_lowercase();
    let start = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©');
    CALL_PHRASES.iter().any(|call| start.starts_with(call))
}

/// Says whether a block behind the last real paragraph is none of the article's.
fn is_behind(block: &Block<'_>) -> bool {
    let heading = block.element.value().name().starts_with('h') && block.element.value().name().len() == 2;
    let sentence = block.text.ends_with(['.', '!', '?', '…', '"', '”', '»', '؟']);
    heading || block.linked * 2 >= block.chars || !sentence
}
