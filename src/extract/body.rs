//! Finds the body of the article on a page: by the source's rule, by the site's rule file, by the choice of blocks, or from the page's JSON-LD.

use super::Page;
use super::facts::Facts;
use super::rules::Given;
use super::trim::trim;
use crate::html::clean::{CleanPolicy, clean, from_text, lines};
use crate::model::{ArticleMethod, CleanHtml, RawMarkup};
use dom_smoothie::{Config, Readability};
use scraper::{ElementRef, Html};
use std::borrow::Cow;
use std::collections::HashMap;

/// A body with less text than this, in bytes, is checked against what the page tells in JSON-LD.
const THIN: usize = 400;
const MAX_NAMED: usize = 20;

/// A body and how it was found.
pub(super) struct Found {
    pub html: CleanHtml,
    pub text: String,
    pub method: ArticleMethod,
}

/// Returns the body of the page whose tamed markup is `markup`.
pub(super) fn find(markup: &str, document: &Html, facts: &Facts, given: Option<&Given>, page: &Page<'_>) -> Option<Found> {
    let pruned = without(document, page);
    if let Some(found) = by_rule(pruned.as_ref().unwrap_or(document), page) {
        return Some(found);
    }
    if let Some(found) = given.and_then(|given| by_site_rule(given, facts, page)) {
        return Some(found);
    }
    if page.rule.is_some_and(|rule| !rule.falls_back()) {
        return None;
    }
    let markup = pruned.map_or(Cow::Borrowed(markup), |pruned| Cow::Owned(pruned.html()));
    let blocks = by_blocks(&markup, facts, page);
    let blocks = wider(document, blocks, facts, page);
    // JSON-LD is often a summary or stale, so it only rescues what is clearly a wrong choice.
    let length = blocks.as_ref().map_or(0, |found| found.text.len());
    let richer = |body: &&str| body.len() > THIN.max(length * 2);
    let told = facts.told_body.as_deref().filter(richer).and_then(|body| told(body, page));
    told.filter(|told| told.text.len() > length * 2).or(blocks)
}

/// Takes the element that the page itself calls its article when the choice of blocks found only a small part of that.
fn wider(document: &Html, blocks: Option<Found>, facts: &Facts, page: &Page<'_>) -> Option<Found> {
    let length = blocks.as_ref().map_or(0, |found| found.text.len());
    let named = document
        .root_element()
        .descendent_elements()
        .filter(|element| is_named_body(*element));
    let mut widest: Option<(usize, ElementRef<'_>)> = None;
    // Teasers are articles as well, so there may be many: only the first ones are looked at.
    for element in named.take(MAX_NAMED) {
        let own = paragraphs(element);
        if own > widest.map_or(length * 2, |(most, _)| most + most / 5) {
            widest = Some((own, element));
        }
    }
    if let Some((own, element)) = heart(document)
        && own > widest.map_or(length * 4, |(most, _)| most * 2)
    {
        widest = Some((own, element));
    }
    let Some((_, element)) = widest.filter(|(most, _)| *most > THIN) else {
        return blocks;
    };
    let found = made(trim(&element.html(), facts), ArticleMethod::Blocks, page);
    found.filter(|found| found.text.len() > length * 2).or(blocks)
}

/// Returns the document without what the source's rules remove; none when they remove nothing.
fn without(document: &Html, page: &Page<'_>) -> Option<Html> {
    let ids: Vec<_> = page
        .selectors
        .remove
        .iter()
        .flat_map(|rule| document.select(rule))
        .map(|element| element.id())
        .collect();
    if ids.is_empty() {
        return None;
    }
    let mut pruned = document.clone();
    for id in ids {
        if let Some(mut node) = pruned.tree.get_mut(id) {
            node.detach();
        }
    }
    Some(pruned)
}

/// Elements whose paragraphs are not the article's.
const ASIDE: [&str; 7] = ["nav", "aside", "footer", "header", "form", "template", "noscript"];
/// The share of all paragraphs that the heart of a page has to hold, in hundredths.
const HEART: usize = 70;

/// Returns the deepest element that holds most of the page's paragraphs, with the bytes of text in them. It is found in one walk: each
/// paragraph is added to the elements above it.
fn heart(document: &Html) -> Option<(usize, ElementRef<'_>)> {
    let mut held = HashMap::new();
    let mut total = 0;
    for paragraph in document
        .root_element()
        .descendent_elements()
        .filter(|element| element.value().name() == "p")
    {
        let length: usize = paragraph.text().map(|part| part.trim().len()).sum();
        let above: Vec<ElementRef<'_>> = paragraph.ancestors().filter_map(ElementRef::wrap).collect();
        if length < 60 || above.iter().any(|element| ASIDE.contains(&element.value().name())) {
            continue;
        }
        total += length;
        for (depth, element) in above.iter().rev().enumerate() {
            held.entry(element.id()).or_insert((0, depth, *element)).0 += length;
        }
    }
    let deepest = held.into_values().filter(|(own, ..)| own * 100 >= total * HEART);
    deepest.max_by_key(|(_, depth, _)| *depth).map(|(own, _, element)| (own, element))
}

/// Says whether the page's author marks an element as the article.
fn is_named_body(element: ElementRef<'_>) -> bool {
    let value = element.value();
    value.name() == "article"
        || value.name() == "main"
        || value.attr("role") == Some("main")
        || value.attr("itemprop") == Some("articleBody")
}

/// Counts the bytes of text in an element's paragraphs that are no mere links.
fn paragraphs(element: ElementRef<'_>) -> usize {
    let texts = element.descendent_elements().filter(|inner| inner.value().name() == "p");
    texts
        .map(|inner| inner.text().map(|part| part.trim().len()).sum::<usize>())
        .filter(|length| *length >= 60)
        .sum()
}

fn by_rule(document: &Html, page: &Page<'_>) -> Option<Found> {
    let rule = page.selectors.body.as_ref()?;
    let mut markup = String::new();
    let mut taken: Vec<ElementRef<'_>> = Vec::new();
    for element in document.select(rule) {
        // Elements come in order, so an outer one always comes before those within it.
        let within = taken
            .last()
            .is_some_and(|outer| element.ancestors().any(|node| node.id() == outer.id()));
        if !within {
            markup.push_str(&element.html());
            taken.push(element);
        }
    }
    made(markup, ArticleMethod::Select, page)
}

fn by_site_rule(given: &Given, facts: &Facts, page: &Page<'_>) -> Option<Found> {
    let markup = given.body.as_ref()?;
    let pruned = page.rule.filter(|rule| rule.prunes()).map(|_| trim(markup, facts));
    // What looks foreign all through was meant all the same.
    let found = pruned.and_then(|pruned| made(pruned, ArticleMethod::SiteRule, page));
    found.or_else(|| made(markup.clone(), ArticleMethod::SiteRule, page))
}

fn by_blocks(markup: &str, facts: &Facts, page: &Page<'_>) -> Option<Found> {
    let config = Config {
        keep_classes: true,
        disable_json_ld: true,
        ..Config::default()
    };
    let chosen = Readability::new(markup, None, Some(config)).ok()?.parse().ok()?;
    let trimmed = trim(&chosen.content, facts);
    made(trimmed, ArticleMethod::Blocks, page)
}

fn told(body: &str, page: &Page<'_>) -> Option<Found> {
    if body.contains("</") {
        return made(body.to_owned(), ArticleMethod::JsonLd, page);
    }
    let html = from_text(body);
    let text = lines(&html);
    (!text.is_empty()).then_some(Found {
        html,
        text,
        method: ArticleMethod::JsonLd,
    })
}

fn made(markup: String, method: ArticleMethod, page: &Page<'_>) -> Option<Found> {
    let policy = CleanPolicy {
        base: page.url,
        images: page.images,
        faithful: false,
    };
    let html = clean(&RawMarkup(markup), &policy);
    let text = lines(&html);
    (!text.is_empty()).then_some(Found { html, text, method })
}
