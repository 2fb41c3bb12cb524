//! The one walk over a page's elements, and what it collects for the title, the authors, the dates and the tags.

use super::tag_list::is_tag_list;
use super::visible_date::Lines;
use crate::extract::normalize::{collapse_whitespace, element_text};
use aho_corasick::AhoCorasick;
use scraper::{ElementRef, Html};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Classes of elements that hold the date of what the page is about.
const DATE_CLASSES: &[&str] = &[
    "published",
    "entry-date",
    "post-date",
    "post-meta",
    "entry-meta",
    "date-header",
    "submitted",
    "create",
    "article-date",
    "date",
    "info-publi",
    "meta-date",
];
const WRITER_CLASSES: &[&str] = &[
    "author",
    "byline",
    "author-name",
    "fn",
    "post-author",
    "td-post-author-name",
    "auteur",
    "createdby",
    "username",
    "vcard",
];
/// Parts of the names of classes that resemble those.
static WRITER_PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(&["author", "byline", "writer"]));
static DATE_PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(&["date", "publish", "posted", "byline", "meta", "time"]));

fn any_of(parts: &[&str]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder
        .ascii_case_insensitive(true)
        .build(parts)
        .expect("the parts are few and short")
}

/// So many boxes of labels are looked at.
const MAX_BOXES: usize = 4;
const MAX_LINE: usize = 200;
/// So many short lines behind the headline are looked at: bylines and dates stand there.
const MAX_NEAR: usize = 24;
/// They are no longer than this, in characters.
const NEAR_LINE: usize = 90;

/// Everything of interest on a page, from one walk over its elements.
#[derive(Default)]
pub(super) struct PageScan<'a> {
    pub(super) meta: HashMap<String, Vec<&'a str>>,
    pub(super) canonical: Option<&'a str>,
    pub(super) document_title: Option<String>,
    pub(super) language: Option<&'a str>,
    pub(super) headings: Vec<String>,
    pub(super) times: Vec<String>,
    pub(super) date_lines: Vec<String>,
    pub(super) writers: Vec<String>,
    /// Lines of elements whose class only resembles a known one.
    pub(super) perhaps_dates: Vec<String>,
    pub(super) perhaps_writers: Vec<String>,
    /// Short lines that follow the headline.
    pub(super) near: Vec<String>,
    /// Lines that may hold the date of the article.
    pub(super) lines: Lines,
    pub(super) categories: Vec<ElementRef<'a>>,
    pub(super) tags: Vec<ElementRef<'a>>,
    /// The boxes in which the page lists its labels.
    pub(super) tag_lists: Vec<ElementRef<'a>>,
}

impl PageScan<'_> {
    /// Returns the first value of the first of `bylines` that the page's meta elements give.
    pub(super) fn first(&self, bylines: &[&str]) -> Option<String> {
        bylines
            .iter()
            .filter_map(|name| self.meta.get(*name))
            .flatten()
            .map(|value| collapse_whitespace(value))
            .find(|value| !value.is_empty())
    }
}

/// Walks over all elements of `document` once.
pub(super) fn scan_page(document: &Html) -> PageScan<'_> {
    let mut scan = PageScan::default();
    for element in document.root_element().descendent_elements() {
        let value = element.value();
        match value.name() {
            "meta" => meta(&mut scan, element),
            "link" if value.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                scan.canonical = scan.canonical.or_else(|| value.attr("href"));
            }
            "title" if scan.document_title.is_none() => scan.document_title = Some(element_text(element)).filter(|title| !title.is_empty()),
            "h1" if scan.headings.len() < 8 => scan.headings.extend(Some(element_text(element)).filter(|title| !title.is_empty())),
            "h2" if scan.headings.is_empty() && has_class(element, &["entry-title", "post-title", "article-title", "contentheading"]) => {
                scan.headings.push(element_text(element));
            }
            "h3" if scan.headings.is_empty() && has_class(element, &["post-title", "entry-title"]) => {
                scan.headings.push(element_text(element))
            }
            "time" => scan
                .times
                .extend(value.attr("datetime").map(str::to_owned).or_else(|| short(element))),
            "a" => anchor(&mut scan, element),
            _ => {}
        }
        hints(&mut scan, element);
        scan.lines.add(element);
        if scan.tag_lists.len() < MAX_BOXES && is_tag_list(element) {
            scan.tag_lists.push(element);
        }
        if !scan.headings.is_empty() && scan.near.len() < MAX_NEAR && !matches!(value.name(), "h1" | "script" | "style" | "option") {
            scan.near.extend(own_line(element));
        }
    }
    scan.language = document
        .root_element()
        .value()
        .attr("lang")
        .or_else(|| document.root_element().value().attr("xml:lang"));
    scan
}

fn meta<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
    let value = element.value();
    let name = value
        .attr("property")
        .or_else(|| value.attr("name"))
        .or_else(|| value.attr("itemprop"))
        .or_else(|| value.attr("http-equiv"));
    if let (Some(name), Some(content)) = (name, value.attr("content")) {
        scan.meta.entry(name.trim().to_ascii_lowercase()).or_default().push(content);
    }
}

fn anchor<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
    let Some(rel) = element.value().attr("rel") else { return };
    let words: Vec<&str> = rel.split_ascii_whitespace().collect();
    if words.contains(&"category") {
        scan.categories.push(element);
    } else if words.contains(&"tag") {
        scan.tags.push(element);
    } else if words.contains(&"author") && scan.writers.len() < 8 {
        scan.writers.push(element_text(element));
    }
}

/// Notes what classes and microdata say of an element.
fn hints<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
    let property = element.value().attr("itemprop").unwrap_or_default();
    if scan.writers.len() < 8 && (property == "author" || has_class(element, WRITER_CLASSES)) {
        scan.writers.extend(short(element));
    } else if scan.perhaps_writers.len() < 8 && has_class_part(element, &WRITER_PARTS) {
        scan.perhaps_writers.extend(short(element));
    }
    let is_date = matches!(property, "datePublished" | "dateCreated");
    if is_date {
        let value = ["datetime", "content", "title"].iter().find_map(|name| element.value().attr(name));
        scan.times.splice(0..0, value.map(str::to_owned));
    }
    if scan.date_lines.len() < 12 && (is_date || has_class(element, DATE_CLASSES)) {
        scan.date_lines.extend(short(element));
    } else if scan.perhaps_dates.len() < 30 && has_class_part(element, &DATE_PARTS) {
        scan.perhaps_dates.extend(short(element));
    }
}

/// Returns the line of an element that holds text of its own, if it is a short one.
fn own_line(element: ElementRef<'_>) -> Option<String> {
    let own = element
        .children()
        .any(|node| node.value().as_text().is_some_and(|text| !text.trim().is_empty()));
    own.then(|| short(element))
        .flatten()
        .filter(|line| line.chars().count() <= NEAR_LINE)
}

fn short(element: ElementRef<'_>) -> Option<String> {
    // The length is bounded before the text is joined: a hint on a large wrapper says nothing.
    let length: usize = element.text().map(str::len).take(60).sum();
    (length <= MAX_LINE * 4)
        .then(|| element_text(element))
        .filter(|line| !line.is_empty() && line.chars().count() <= MAX_LINE)
}

fn has_class(element: ElementRef<'_>, bylines: &[&str]) -> bool {
    element
        .value()
        .classes()
        .any(|class| bylines.iter().any(|name| class.eq_ignore_ascii_case(name)))
}

fn has_class_part(element: ElementRef<'_>, parts: &AhoCorasick) -> bool {
    let mut classes = element.value().classes();
    classes.any(|class| parts.is_match(class) && !class.to_ascii_lowercase().contains("update"))
}
