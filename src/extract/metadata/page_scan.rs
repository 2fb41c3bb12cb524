//! The one walk over a page's elements, and what it collects for the title, the authors, the dates and the tags.

use super::author_elements::AuthorElements;
use super::date_place::DatePlaces;
use super::elements::{any_of, has_class, has_class_part, line_text};
use super::heading_text::heading_texts;
use super::tag_list::is_tag_list;
use super::visible_date::{VisibleDates, is_modified_line};
use crate::extract::normalize::{collapse_whitespace, element_text};
use crate::html::reservations;
use aho_corasick::AhoCorasick;
use scraper::node::Element;
use scraper::{ElementRef, Html};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Classes of elements that contain the date of the article.
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
/// Parts of class names that often mean dates.
static DATE_CLASS_PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(&["date", "publish", "posted", "byline", "meta", "time"]));

/// The number of tag lists that are kept.
const MAX_TAG_LISTS: usize = 4;
/// The number of short lines after the headline that are kept: one may be the date.
const MAX_LINES_AFTER_HEADLINE: usize = 24;
/// The longest of these lines.
const MAX_LINE_AFTER_HEADLINE_CHARS: usize = 90;

/// What one walk over the elements of a page collects.
#[derive(Default)]
pub(super) struct PageScan<'a> {
    /// The values of the meta elements by name, in lower case.
    pub(super) meta: HashMap<String, Vec<&'a str>>,
    /// The `href` of `rel=canonical`.
    pub(super) canonical: Option<&'a str>,
    /// Whether the page states or names terms of Really Simple Licensing.
    pub(super) has_rsl_terms: bool,
    /// The `title` element.
    pub(super) document_title: Option<String>,
    /// The `lang` attribute of the root element.
    pub(super) language: Option<&'a str>,
    pub(super) headings: Vec<String>,
    /// The values of `time` elements and of dates in microdata.
    pub(super) time_values: Vec<String>,
    /// Those that are marked as the date of publication.
    pub(super) published_times: Vec<String>,
    /// Those that are marked as the date of a change.
    pub(super) modified_times: Vec<String>,
    /// Texts of elements with one of [`DATE_CLASSES`].
    pub(super) date_lines: Vec<String>,
    /// Elements that may name the authors.
    pub(super) author_elements: AuthorElements<'a>,
    /// Texts of elements whose class only contains a part of a known one.
    pub(super) date_like_lines: Vec<String>,
    /// Short lines after the headline: one may be the date.
    pub(super) lines_after_headline: Vec<String>,
    /// Dates that the page displays.
    pub(super) visible_dates: VisibleDates,
    /// Links with `rel=category`.
    pub(super) categories: Vec<ElementRef<'a>>,
    /// Links with `rel=tag`.
    pub(super) tags: Vec<ElementRef<'a>>,
    /// Lists of the page's tags.
    pub(super) tag_lists: Vec<ElementRef<'a>>,
}

impl PageScan<'_> {
    /// Returns the first value that is not empty of the page's meta elements with one of `names`, in the order of `names`.
    pub(super) fn first_meta(&self, names: &[&str]) -> Option<String> {
        names
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
    let mut places = DatePlaces::default();
    for element in document.root_element().descendent_elements() {
        let value = element.value();
        places.note(element);
        match value.name() {
            "meta" => add_meta(&mut scan, element),
            "link" if value.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                scan.canonical = scan.canonical.or_else(|| value.attr("href"));
            }
            "link" | "script" if is_rsl(value) => scan.has_rsl_terms = true,
            "title" if scan.document_title.is_none() => scan.document_title = Some(element_text(element)).filter(|title| !title.is_empty()),
            "h1" if scan.headings.len() < 8 => scan.headings.extend(heading_texts(element)),
            "h2" if scan.headings.is_empty() && has_class(element, &["entry-title", "post-title", "article-title", "contentheading"]) => {
                scan.headings.push(element_text(element));
            }
            "h3" if scan.headings.is_empty() && has_class(element, &["post-title", "entry-title"]) => {
                scan.headings.push(element_text(element));
            }
            "time" if !places.is_elsewhere(element) => add_time(&mut scan, element),
            "a" => add_link(&mut scan, element),
            _ => {}
        }
        add_class_lines(&mut scan, element, &mut places);
        scan.author_elements.add_element(element);
        scan.visible_dates.add_element(element, &mut places);
        if scan.tag_lists.len() < MAX_TAG_LISTS && is_tag_list(element) {
            scan.tag_lists.push(element);
        }
        if !scan.headings.is_empty()
            && scan.lines_after_headline.len() < MAX_LINES_AFTER_HEADLINE
            && !matches!(value.name(), "h1" | "h2" | "h3" | "script" | "style" | "option" | "figcaption")
        {
            let line = own_line(element);
            if let Some(line) = line.as_deref() {
                scan.author_elements.add_line(element, line);
            }
            scan.lines_after_headline
                .extend(line.filter(|line| !has_digits(line) || !places.is_elsewhere(element)));
        }
    }
    scan.language = document
        .root_element()
        .value()
        .attr("lang")
        .or_else(|| document.root_element().value().attr("xml:lang"));
    scan
}

fn add_meta<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
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

fn add_link<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
    let Some(rel) = element.value().attr("rel") else { return };
    let words: Vec<&str> = rel.split_ascii_whitespace().collect();
    if words.contains(&"category") {
        scan.categories.push(element);
    } else if words.contains(&"tag") {
        scan.tags.push(element);
    }
}

/// Collects the value of a `time` element, by what its attributes and its text say of it.
fn add_time<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>) {
    let value = element.value();
    let line = line_text(element);
    let Some(time) = value.attr("datetime").map(str::to_owned).or_else(|| line.clone()) else {
        return;
    };
    let is_published = value.attr("pubdate").is_some() || has_part(element, &["publish", "entry-date", "datepublished"]);
    let is_modified = has_part(element, &["updated", "modified"]) || line.as_deref().is_some_and(is_modified_line);
    if is_published && !line.as_deref().is_some_and(is_modified_line) {
        scan.published_times.push(time.clone());
    } else if is_modified {
        scan.modified_times.push(time);
        return;
    }
    scan.time_values.push(time);
}

/// Returns whether a class or property of an element contains one of `parts`.
fn has_part(element: ElementRef<'_>, parts: &[&str]) -> bool {
    let mut names = element.value().classes().chain(element.value().attr("itemprop"));
    names.any(|name| parts.iter().any(|part| name.to_ascii_lowercase().contains(part)))
}

fn has_digits(line: &str) -> bool {
    line.contains(char::is_numeric)
}

/// Collects the dates that classes and microdata mark.
fn add_class_lines<'a>(scan: &mut PageScan<'a>, element: ElementRef<'a>, places: &mut DatePlaces) {
    let property = element.value().attr("itemprop").unwrap_or_default();
    let is_date = property
        .split_ascii_whitespace()
        .any(|name| matches!(name, "datePublished" | "dateCreated"));
    let has_date_class = scan.date_lines.len() < 12 && has_class(element, DATE_CLASSES);
    let has_date_part = scan.date_like_lines.len() < 30 && has_class_part(element, &DATE_CLASS_PARTS);
    if !(is_date || has_date_class || has_date_part) || places.is_elsewhere(element) {
        return;
    }
    if is_date {
        let value = ["datetime", "content", "title"].iter().find_map(|name| element.value().attr(name));
        scan.published_times.extend(value.map(str::to_owned));
        scan.time_values.splice(0..0, value.map(str::to_owned));
    }
    if is_date || has_date_class {
        scan.date_lines.extend(line_text(element));
    } else {
        scan.date_like_lines.extend(line_text(element));
    }
}

/// Returns the line of an element that has a text node as child, if the line is short.
fn own_line(element: ElementRef<'_>) -> Option<String> {
    let has_own_text = element
        .children()
        .any(|node| node.value().as_text().is_some_and(|text| !text.trim().is_empty()));
    has_own_text
        .then(|| line_text(element))
        .flatten()
        .filter(|line| line.chars().count() <= MAX_LINE_AFTER_HEADLINE_CHARS)
}

/// Returns whether an element states terms of Really Simple Licensing, or links to them.
fn is_rsl(element: &Element) -> bool {
    let is_licence = |rel: &str| rel.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("license"));
    let is_linked = element.name() == "script" || element.attr("rel").is_some_and(is_licence);
    is_linked && element.attr("type").is_some_and(reservations::is_rsl_type)
}
