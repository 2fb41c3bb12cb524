//! The metadata of a page's article: title, authors, dates, language, categories, lead image, site name, canonical URL, access.
//!
//! `page_scan` and `jsonld` collect what a page states; a file for each fact chooses among it. The body is not found here.

pub(super) mod absolute_url;
mod author_elements;
mod authors;
pub(super) mod bylines;
pub(super) mod date;
mod date_line;
mod date_place;
mod date_words;
mod elements;
mod heading_text;
pub(super) mod jsonld;
mod lead_image;
mod page_scan;
mod person_name;
mod publish_date;
mod signature;
mod tag_list;
mod tags;
mod title;
mod tolerant_json;
mod visible_date;

use super::page::Page;
use super::site_rules::RuleOutput;
use crate::extract::select::selected_text;
use crate::html::interstitial::is_challenge_title;
use crate::html::reservations;
use crate::model::{Author, Image, Timestamp};
use absolute_url::absolute_url;
use authors::find_authors;
use jsonld::LinkedData;
use lead_image::lead_image;
use page_scan::{PageScan, scan_page};
use publish_date::PublishDate;
use scraper::Html;
use title::TitleCandidates;
use url::Url;

/// The metadata of one page. [`crate::model::Article`] is built from it.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub title: Option<String>,
    pub authors: Vec<Author>,
    pub published: Option<Timestamp>,
    /// The offset from UTC, in seconds, of the clock in which `published` was stated.
    pub published_offset: Option<i32>,
    pub modified: Option<Timestamp>,
    pub language: Option<String>,
    pub categories: Vec<String>,
    pub image: Option<Image>,
    pub site: Option<String>,
    /// The host of the page's address.
    pub host: Option<String>,
    /// The page's own URL, by `rel=canonical`.
    pub canonical: Option<Url>,
    /// The same by `og:url`, which some sites set to their front page.
    pub og_url: Option<Url>,
    /// The `articleBody` of the page's JSON-LD.
    pub json_ld_body: Option<String>,
    /// The description in the page's meta elements.
    pub description: Option<String>,
    /// Whether the title is that of a bot check.
    pub is_bot_check: bool,
    /// Whether the page declares itself an article, in JSON-LD or by `og:type`.
    pub declares_article: bool,
    /// Who may read the text, as the page states it.
    pub access: Access,
    pub problems: Vec<String>,
    /// Rights that the page reserves, as codes of [`reservations`].
    pub reservations: Vec<String>,
}

/// Who may read the text of a page, as the page states it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    #[default]
    Unstated,
    Free,
    /// A number of articles is free.
    Metered,
    Paid,
}

/// Names of meta elements that hold the date of the last change.
const MODIFIED_META_NAMES: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
];

/// Extracts the metadata of a page.
pub(super) fn read(document: &Html, page: &Page<'_>) -> Metadata {
    let scan = scan_page(document);
    let json_ld = match page.rule {
        Some(rule) if rule.skips_json_ld() => LinkedData::default(),
        _ => jsonld::read_json_ld(document),
    };
    let site = scan
        .first_meta(&["og:site_name", "application-name"])
        .or_else(|| json_ld.site.clone());
    let meta = |names: &[&str]| scan.first_meta(names);
    let social = meta(&["og:title"]).or_else(|| meta(&["twitter:title"]));
    let host = page.url.and_then(Url::host_str);
    let automatic = title::choose_title(&TitleCandidates {
        feed: page.title_hint,
        json_ld: json_ld.headline.as_deref(),
        social: social.as_deref(),
        document: scan.document_title.as_deref(),
        headings: &scan.headings,
        site: site.as_deref(),
        host,
    });
    let published = publish_date::find_publish_date(document, page, &scan, &json_ld, automatic.as_deref().unwrap_or_default());
    Metadata {
        title: selected_text(document, page.selectors.title.as_ref()).or(automatic),
        authors: find_authors(document, page, &scan, &json_ld),
        published: published.map(|date| date.at),
        published_offset: published.and_then(|date| date.offset),
        modified: modified(&scan, &json_ld),
        language: language(&scan, &json_ld),
        categories: tags::categories(&scan, &json_ld),
        image: lead_image(document, &scan, &json_ld, page.url),
        canonical: scan.canonical.and_then(|link| absolute_url(page.url, link)),
        og_url: scan.first_meta(&["og:url"]).and_then(|link| absolute_url(page.url, &link)),
        is_bot_check: is_bot_check(&scan),
        declares_article: json_ld.is_article || scan.first_meta(&["og:type"]).is_some_and(|kind| kind == "article"),
        access: access(&scan, &json_ld),
        host: host.map(str::to_owned),
        json_ld_body: json_ld.body,
        description: scan.first_meta(&["og:description", "description", "twitter:description"]),
        site,
        problems: Vec::new(),
        reservations: reservations_of(&scan),
    }
}

impl Metadata {
    /// Replaces metadata by what the site's rule extracted, except where the source's own selectors take precedence.
    pub(super) fn apply_site_rule(&mut self, output: &RuleOutput, page: &Page<'_>) {
        if page.selectors.title.is_none() && output.title.is_some() {
            self.title.clone_from(&output.title);
        }
        let authors = bylines::parse_bylines(output.authors.iter().map(String::as_str));
        if page.selectors.author.is_none() && !authors.is_empty() {
            self.authors = authors;
        }
        let publish_date = output.date.as_deref().and_then(PublishDate::parse_or_find);
        if let Some(publish_date) = publish_date.filter(|_| page.selectors.date.is_none()) {
            self.published = Some(publish_date.at);
            self.published_offset = publish_date.offset;
        }
        self.problems.extend(output.problems.iter().map(|code| (*code).to_owned()));
    }
}

fn modified(scan: &PageScan<'_>, json_ld: &LinkedData) -> Option<Timestamp> {
    let from_meta = || {
        MODIFIED_META_NAMES
            .iter()
            .filter_map(|name| scan.meta.get(*name))
            .flatten()
            .find_map(|value| date::parse(value))
    };
    json_ld.modified.as_deref().and_then(date::parse).or_else(from_meta)
}

fn language(scan: &PageScan<'_>, json_ld: &LinkedData) -> Option<String> {
    let from_meta = scan.first_meta(&["content-language", "language", "og:locale", "dc.language"]);
    [scan.language.map(str::to_owned), from_meta, json_ld.language.clone()]
        .into_iter()
        .flatten()
        .find_map(|tag| normalize_language_tag(&tag))
}

/// Returns a BCP 47 tag of language and region for tags as pages write them, such as `fr_FR`; `None` for other words.
fn normalize_language_tag(tag: &str) -> Option<String> {
    let tag = tag.split([',', ';']).next()?.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let region = parts.find(|part| part.len() == 2 && part.bytes().all(|c| c.is_ascii_alphabetic()));
    Some(region.map_or(primary.clone(), |region| format!("{primary}-{}", region.to_ascii_uppercase())))
}

/// Returns the reservations in the meta elements `robots`, `griot` and `tdm-reservation`.
fn reservations_of(scan: &PageScan<'_>) -> Vec<String> {
    let values = |name: &str| scan.meta.get(name).into_iter().flatten().copied();
    let mut found = reservations::from_robots(values("robots").chain(values("griot")));
    if values("tdm-reservation").find_map(reservations::from_tdm).is_some() {
        reservations::add(&mut found, reservations::TDM);
    }
    if scan.has_rsl_terms {
        reservations::add(&mut found, reservations::RSL);
    }
    found
}

fn access(scan: &PageScan<'_>, json_ld: &LinkedData) -> Access {
    let tier = scan.first_meta(&["article:content_tier", "content_tier", "article.content_tier"]);
    let tier = tier.map(|tier| tier.to_ascii_lowercase());
    match (json_ld.is_free, tier.as_deref()) {
        (Some(false), _) | (_, Some("locked" | "premium" | "paid")) => Access::Paid,
        (_, Some("metered")) => Access::Metered,
        (Some(true), _) | (_, Some("free")) => Access::Free,
        _ => Access::Unstated,
    }
}

fn is_bot_check(scan: &PageScan<'_>) -> bool {
    let title = scan.document_title.as_deref().unwrap_or_default().to_lowercase();
    is_challenge_title(&title)
}
