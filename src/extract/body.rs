//! Finds the body of the article on a page: by the source's selector, by the site's rule, by the selection of blocks, or in the page's JSON-LD
//! or scripts.

use super::blocks::{BlockSelection, strip_boilerplate};
use super::evidence::Evidence;
use super::metadata::Metadata;
use super::page::Page;
use super::script_data;
use super::site_rules::RuleOutput;
use crate::html::clean::{clean, html_to_lines, text_to_html};
use crate::model::{ArticleMethod, CleanHtml, RawMarkup};
use crate::text::html_to_text::html_to_text;
use scraper::{ElementRef, Html};
use std::collections::HashSet;

/// A body with more text than this, in bytes, is not replaced by one in a script. One in JSON-LD or a script is longer than this.
const MAX_THIN_BODY_BYTES: usize = 400;
/// A body of JSON-LD that is shorter is a summary, in bytes.
const MIN_RESCUE_BYTES: usize = 150;
/// A selection of blocks that is less sure, or shares a smaller part of what is known of the article, is compared with other parts of the page.
const MIN_CONFIDENCE: f32 = 0.2;
const MIN_EVIDENCE_SHARE: f32 = 0.15;
/// The least share that another part must have, besides twice that of the selection.
const MIN_SECOND_SHARE: f32 = 0.3;
/// The length of the shingles by which two texts are compared, in words.
const SHINGLE_WORDS: usize = 4;
/// The shortest text of JSON-LD that is compared with the body found, in words: a shorter one is a summary.
const MIN_COMPARED_WORDS: usize = 60;

/// A body, and how it was found.
pub(super) struct Body {
    pub html: CleanHtml,
    pub text: String,
    pub method: ArticleMethod,
    /// How reliable the method is on this page, 0 to 1.
    pub confidence: f32,
    /// Codes of the problems that were met.
    pub problems: Vec<&'static str>,
    /// Short lines around it that may credit its author.
    pub credits: Vec<String>,
}

/// Returns the body of the page.
pub(super) fn find_body(document: &Html, metadata: &Metadata, rule_output: Option<&RuleOutput>, page: &Page<'_>) -> Option<Body> {
    let pruned = without_removed(document, page);
    let document = pruned.as_ref().unwrap_or(document);
    let selected = by_selector(document, page);
    let has_no_match = page.selectors.body.is_some() && selected.is_none();
    let mut body = selected.or_else(|| without_selector(document, metadata, rule_output, page))?;
    body.problems.extend(has_no_match.then_some("select-no-match"));
    Some(body)
}

/// Returns the body where the source has no selector for it, or none that matches.
fn without_selector(document: &Html, metadata: &Metadata, rule_output: Option<&RuleOutput>, page: &Page<'_>) -> Option<Body> {
    if let Some(body) = rule_output.and_then(|output| by_site_rule(output, metadata, page)) {
        return Some(body);
    }
    if page.rule.is_some_and(|rule| !rule.falls_back()) {
        return None;
    }
    let blocks = by_blocks(document, metadata, page);
    // JSON-LD is often a summary or out of date, so it replaces only a body that is far too short.
    let length = blocks.as_ref().map_or(0, |body| body.text.len());
    let is_longer = |text: &&str| text.len() > MAX_THIN_BODY_BYTES.max(length * 2);
    let json_ld = metadata.json_ld_body.as_deref().filter(is_longer);
    let json_ld = json_ld.and_then(|text| from_json_ld(text, page));
    let body = json_ld.filter(|json_ld| json_ld.text.len() > length * 2).or(blocks);
    let length = body.as_ref().map_or(0, |body| body.text.len());
    let from_script = || script_data::longest_markup(page.html).and_then(|markup| from_markup(markup, ArticleMethod::Script, page));
    let script = (length < MAX_THIN_BODY_BYTES)
        .then(from_script)
        .flatten()
        .filter(|script| script.text.len() > MAX_THIN_BODY_BYTES.max(length * 2));
    let body = script.or(body).map(|body| second_opinion(body, document, metadata, page));
    let mut body = body.or_else(|| json_ld_rescue(metadata, page))?;
    let differs = |text: &str| json_ld_differs(text, &body.text);
    if body.method == ArticleMethod::Blocks && metadata.json_ld_body.as_deref().is_some_and(differs) {
        body.confidence /= 2.0;
        body.problems.push("json-ld-differs");
    }
    Some(body)
}

/// Returns the body in the page's JSON-LD where no blocks are found; one that is short too.
fn json_ld_rescue(metadata: &Metadata, page: &Page<'_>) -> Option<Body> {
    let text = metadata.json_ld_body.as_deref().filter(|text| text.len() >= MIN_RESCUE_BYTES)?;
    from_json_ld(text, page)
}

/// Returns another body of the page where the one that was found is doubtful, because the selection is hardly sure or because it shares nothing with
/// what is known of the article: the part of the page that shares most with it, or the body in JSON-LD.
fn second_opinion(body: Body, document: &Html, metadata: &Metadata, page: &Page<'_>) -> Body {
    let evidence = Evidence::new(metadata, page);
    if body.method != ArticleMethod::Blocks || !evidence.is_sufficient() {
        return body;
    }
    let own = evidence.share_in(&body.text);
    if own >= MIN_EVIDENCE_SHARE && body.confidence >= MIN_CONFIDENCE {
        return body;
    }
    let part = || {
        let markup = BlockSelection::part_about(document, &|text: &str| evidence.count_in(text))?;
        from_markup(markup, ArticleMethod::Blocks, page)
    };
    let json_ld = || json_ld_rescue(metadata, page);
    let others = [part(), json_ld()].into_iter().flatten();
    let rated = others.map(|other| (evidence.share_in(&other.text), other));
    match rated.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((share, other)) if share >= MIN_SECOND_SHARE && share >= own * 2.0 => Body {
            confidence: share.min(default_confidence(other.method)),
            ..other
        },
        _ => body,
    }
}

/// Returns whether most of the body in the page's JSON-LD is missing in the text that was found.
fn json_ld_differs(json_ld: &str, found: &str) -> bool {
    let json_ld = if json_ld.contains("</") {
        html_to_text(json_ld)
    } else {
        json_ld.to_owned()
    };
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (json_ld, found) = (words(&json_ld), words(found));
    let found_shingles: HashSet<&[String]> = found.windows(SHINGLE_WORDS).collect();
    let all = json_ld.len().saturating_sub(SHINGLE_WORDS - 1);
    let common = json_ld.windows(SHINGLE_WORDS).filter(|shingle| found_shingles.contains(shingle));
    json_ld.len() >= MIN_COMPARED_WORDS && common.count() * 2 < all
}

/// Returns the document without what the source's selectors remove; none when they remove nothing.
fn without_removed(document: &Html, page: &Page<'_>) -> Option<Html> {
    let ids: Vec<_> = page
        .selectors
        .remove
        .iter()
        .flat_map(|selector| document.select(selector))
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

fn by_selector(document: &Html, page: &Page<'_>) -> Option<Body> {
    let selector = page.selectors.body.as_ref()?;
    let mut markup = String::new();
    let mut last: Option<ElementRef<'_>> = None;
    for element in document.select(selector) {
        // Elements are in the order of the document, so an outer one comes before those within it.
        let is_within_last = last.is_some_and(|outer| element.ancestors().any(|node| node.id() == outer.id()));
        if !is_within_last {
            markup.push_str(&element.html());
            last = Some(element);
        }
    }
    from_markup(markup, ArticleMethod::Select, page)
}

fn by_site_rule(output: &RuleOutput, metadata: &Metadata, page: &Page<'_>) -> Option<Body> {
    let markup = output.body.as_ref()?;
    let stripped = page
        .rule
        .filter(|rule| rule.prunes())
        .and_then(|_| strip_boilerplate(markup, metadata));
    let body = stripped.and_then(|stripped| from_markup(stripped, ArticleMethod::SiteRule, page));
    // Where nothing is left, the rule is right and the prediction wrong.
    body.or_else(|| from_markup(markup.clone(), ArticleMethod::SiteRule, page))
}

fn by_blocks(document: &Html, metadata: &Metadata, page: &Page<'_>) -> Option<Body> {
    let selection = BlockSelection::new(document, metadata);
    let body = from_markup(selection.markup()?, ArticleMethod::Blocks, page)?;
    Some(Body {
        confidence: selection.confidence(),
        credits: selection.credits(),
        ..body
    })
}

fn from_json_ld(text: &str, page: &Page<'_>) -> Option<Body> {
    if text.contains("</") {
        return from_markup(text.to_owned(), ArticleMethod::JsonLd, page);
    }
    from_clean(text_to_html(text), ArticleMethod::JsonLd)
}

fn from_markup(markup: String, method: ArticleMethod, page: &Page<'_>) -> Option<Body> {
    from_clean(clean(&RawMarkup(markup), &page.policy()), method)
}

/// Returns a body of clean markup; none when it has no text.
fn from_clean(html: CleanHtml, method: ArticleMethod) -> Option<Body> {
    let text = html_to_lines(&html);
    (!text.is_empty()).then_some(Body {
        html,
        text,
        method,
        confidence: default_confidence(method),
        problems: Vec::new(),
        credits: Vec::new(),
    })
}

/// Returns the confidence of a method whatever the page; the selection of blocks replaces it by one of the page.
const fn default_confidence(method: ArticleMethod) -> f32 {
    match method {
        ArticleMethod::Select => 1.0,
        ArticleMethod::SiteRule => 0.95,
        ArticleMethod::JsonLd => 0.7,
        ArticleMethod::Script | ArticleMethod::Feed => 0.6,
        ArticleMethod::Blocks => 0.5,
    }
}
