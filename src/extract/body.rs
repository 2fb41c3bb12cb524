//! Finds the body of the article on a page: by the source's rule, by the site's rule file, by the choice of blocks, or from the page's JSON-LD or
//! scripts.

use super::blocks::BlockSelection;
use super::metadata::Metadata;
use super::page::Page;
use super::script;
use super::site_rules::RuleOutput;
use super::trim::trim;
use crate::html::clean::{CleanPolicy, clean, html_to_lines, text_to_html};
use crate::model::{ArticleMethod, CleanHtml, RawMarkup};
use crate::text::html_to_text::html_to_text;
use scraper::{ElementRef, Html};
use std::collections::HashSet;

/// A body with less text than this, in bytes, is checked against what the page tells in JSON-LD.
const THIN: usize = 400;

/// A body and how it was found.
pub(super) struct Found {
    pub html: CleanHtml,
    pub text: String,
    pub method: ArticleMethod,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// What has to be said of the way here, as codes.
    pub problems: Vec<&'static str>,
}

/// Returns the body of the page.
pub(super) fn find(document: &Html, metadata: &Metadata, rule_output: Option<&RuleOutput>, page: &Page<'_>) -> Option<Found> {
    let pruned = without(document, page);
    let by_source = by_rule(pruned.as_ref().unwrap_or(document), page);
    let has_missed = page.selectors.body.is_some() && by_source.is_none();
    let mut found = by_source.or_else(|| otherwise(pruned.as_ref().unwrap_or(document), metadata, rule_output, page))?;
    found.problems.extend(has_missed.then_some("select-no-match"));
    Some(found)
}

/// Returns the body as it is found where the source has no rule of its own for it.
fn otherwise(document: &Html, metadata: &Metadata, rule_output: Option<&RuleOutput>, page: &Page<'_>) -> Option<Found> {
    if let Some(found) = rule_output.and_then(|output| by_site_rule(output, metadata, page)) {
        return Some(found);
    }
    if page.rule.is_some_and(|rule| !rule.falls_back()) {
        return None;
    }
    let blocks = by_choice(document, metadata, page);
    // JSON-LD is often a summary or stale, so it only rescues what is clearly a wrong choice.
    let length = blocks.as_ref().map_or(0, |found| found.text.len());
    let richer = |body: &&str| body.len() > THIN.max(length * 2);
    let rescue = metadata.json_ld_body.as_deref().filter(richer).and_then(|body| told(body, page));
    let found = rescue.filter(|told| told.text.len() > length * 2).or(blocks);
    let length = found.as_ref().map_or(0, |found| found.text.len());
    let built = || script::markup(page.html).and_then(|markup| made(markup, ArticleMethod::Script, page));
    let built = (length < THIN)
        .then(built)
        .flatten()
        .filter(|built| built.text.len() > THIN.max(length * 2));
    let mut found = built.or(found)?;
    if found.method == ArticleMethod::Blocks && metadata.json_ld_body.as_deref().is_some_and(|body| differs(body, &found.text)) {
        found.confidence /= 2.0;
        found.problems.push("json-ld-differs");
    }
    Some(found)
}

/// So many words make a shingle by which two texts are compared.
const SHINGLE: usize = 4;
/// A body that JSON-LD tells is a check of ours only with so many words: a shorter one is a summary.
const LEAST_TOLD: usize = 60;

/// Says whether most of the body that the page tells in JSON-LD is missing in the text that was found.
fn differs(told: &str, found: &str) -> bool {
    let told = if told.contains("</") { html_to_text(told) } else { told.to_owned() };
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (told, found) = (words(&told), words(found));
    let known: HashSet<&[String]> = found.windows(SHINGLE).collect();
    let all = told.len().saturating_sub(SHINGLE - 1);
    told.len() >= LEAST_TOLD && told.windows(SHINGLE).filter(|shingle| known.contains(shingle)).count() * 2 < all
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

fn by_site_rule(output: &RuleOutput, metadata: &Metadata, page: &Page<'_>) -> Option<Found> {
    let markup = output.body.as_ref()?;
    let pruned = page.rule.filter(|rule| rule.prunes()).map(|_| trim(markup, metadata));
    // What looks foreign all through was meant all the same.
    let found = pruned.and_then(|pruned| made(pruned, ArticleMethod::SiteRule, page));
    found.or_else(|| made(markup.clone(), ArticleMethod::SiteRule, page))
}

/// Takes the blocks that the table of trees holds for the article's.
fn by_choice(document: &Html, metadata: &Metadata, page: &Page<'_>) -> Option<Found> {
    let choice = BlockSelection::new(document, metadata);
    let found = made(choice.markup()?, ArticleMethod::Blocks, page)?;
    Some(Found {
        confidence: choice.confidence(),
        ..found
    })
}

fn told(body: &str, page: &Page<'_>) -> Option<Found> {
    if body.contains("</") {
        return made(body.to_owned(), ArticleMethod::JsonLd, page);
    }
    let html = text_to_html(body);
    let text = html_to_lines(&html);
    (!text.is_empty()).then_some(Found {
        html,
        text,
        method: ArticleMethod::JsonLd,
        confidence: sure(ArticleMethod::JsonLd),
        problems: Vec::new(),
    })
}

fn made(markup: String, method: ArticleMethod, page: &Page<'_>) -> Option<Found> {
    let policy = CleanPolicy {
        base: page.url,
        images: page.images,
        faithful: false,
    };
    let html = clean(&RawMarkup(markup), &policy);
    let text = html_to_lines(&html);
    let confidence = sure(method);
    (!text.is_empty()).then_some(Found {
        html,
        text,
        method,
        confidence,
        problems: Vec::new(),
    })
}

/// Returns how sure a method is of itself; the choice of blocks knows better for each page.
const fn sure(method: ArticleMethod) -> f32 {
    match method {
        ArticleMethod::Select => 1.0,
        ArticleMethod::SiteRule => 0.95,
        ArticleMethod::JsonLd => 0.7,
        ArticleMethod::Script | ArticleMethod::Feed => 0.6,
        ArticleMethod::Blocks => 0.5,
    }
}
