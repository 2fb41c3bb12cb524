//! The facts a page gives about its article: headline, writers, dates, language, categories, lead image, site, canonical link.

pub(super) mod absolute_url;
mod authors;
pub(super) mod bylines;
pub(super) mod date;
pub(super) mod jsonld;
mod lead_image;
mod page_scan;
mod publish_date;
mod tag_list;
mod tags;
mod title;
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
use title::Titles;
use url::Url;

/// What was found. The model's [`crate::model::Article`] is made of it.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub title: Option<String>,
    pub authors: Vec<Author>,
    pub published: Option<Timestamp>,
    /// How far east of UTC the clock is that says so, in seconds.
    pub published_offset: Option<i32>,
    pub modified: Option<Timestamp>,
    pub language: Option<String>,
    pub categories: Vec<String>,
    pub image: Option<Image>,
    pub site: Option<String>,
    pub canonical: Option<Url>,
    /// The body as JSON-LD gives it.
    pub json_ld_body: Option<String>,
    /// The page's own summary.
    pub description: Option<String>,
    /// Whether the page seems to be a check for robots.
    pub is_bot_check: bool,
    /// Whether the page calls itself an article, in JSON-LD or for social media.
    pub declares_article: bool,
    /// For whom the text is, as far as the page says.
    pub access: Access,
    pub problems: Vec<String>,
    /// What the page reserves.
    pub reservations: Vec<String>,
}

/// For whom a page says that its text is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    #[default]
    Unstated,
    Free,
    /// Free for readers who come seldom.
    Metered,
    Paid,
}

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
];
/// Reads the facts of a page.
pub(super) fn read(document: &Html, page: &Page<'_>) -> Metadata {
    let scan = scan_page(document);
    let told = match page.rule {
        Some(rule) if rule.skips_json_ld() => LinkedData::default(),
        _ => jsonld::read(document),
    };
    let site = scan.first(&["og:site_name", "application-name"]).or_else(|| told.site.clone());
    let hint = |at: &[&str]| scan.first(at);
    let social = hint(&["og:title"]).or_else(|| hint(&["twitter:title"]));
    let host = page.url.and_then(Url::host_str);
    let automatic = title::choose(&Titles {
        hint: page.title_hint,
        headline: told.headline.as_deref(),
        social: social.as_deref(),
        document: scan.document_title.as_deref(),
        headings: &scan.headings,
        site: site.as_deref(),
        host,
    });
    let published = publish_date::published(document, page, &scan, &told, automatic.as_deref().unwrap_or_default());
    Metadata {
        title: selected_text(document, page.selectors.title.as_ref()).or(automatic),
        authors: find_authors(document, page, &scan, &told),
        published: published.map(|publish_date| publish_date.at),
        published_offset: published.and_then(|publish_date| publish_date.offset),
        modified: modified(&scan, &told),
        language: language(&scan, &told),
        categories: tags::categories(&scan, &told),
        image: lead_image(document, &scan, &told, page.url),
        canonical: scan.canonical.and_then(|link| absolute_url(page.url, link)),
        is_bot_check: is_bot_check(&scan),
        declares_article: told.is_article || scan.first(&["og:type"]).is_some_and(|kind| kind == "article"),
        access: access(&scan, &told),
        json_ld_body: told.body,
        description: scan.first(&["og:description", "description", "twitter:description"]),
        site,
        problems: Vec::new(),
        reservations: reserved(&scan),
    }
}

impl Metadata {
    /// Replaces metadata by what the site's rule extracted, except where the source's own selectors take precedence.
    pub(super) fn apply_site_rule(&mut self, output: &RuleOutput, page: &Page<'_>) {
        if page.selectors.title.is_none() && output.title.is_some() {
            self.title.clone_from(&output.title);
        }
        let writers = bylines::authors(output.authors.iter().map(String::as_str));
        if page.selectors.author.is_none() && !writers.is_empty() {
            self.authors = writers;
        }
        let publish_date = output.date.as_deref().and_then(PublishDate::ruled);
        if let Some(publish_date) = publish_date.filter(|_| page.selectors.date.is_none()) {
            self.published = Some(publish_date.at);
            self.published_offset = publish_date.offset;
        }
        self.problems.extend(output.problems.iter().map(|code| (*code).to_owned()));
    }
}

fn modified(scan: &PageScan<'_>, told: &LinkedData) -> Option<Timestamp> {
    let from_meta = || {
        MODIFIED
            .iter()
            .filter_map(|name| scan.meta.get(*name))
            .flatten()
            .find_map(|value| date::parse(value))
    };
    told.modified.as_deref().and_then(date::parse).or_else(from_meta)
}

fn language(scan: &PageScan<'_>, told: &LinkedData) -> Option<String> {
    let from_meta = scan.first(&["content-language", "language", "og:locale", "dc.language"]);
    [scan.language.map(str::to_owned), from_meta, told.language.clone()]
        .into_iter()
        .flatten()
        .find_map(|tag| tidy_language(&tag))
}

/// Makes a BCP 47 tag of what pages write, such as `fr_FR`.
fn tidy_language(tag: &str) -> Option<String> {
    let tag = tag.split([',', ';']).next()?.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let region = parts.find(|part| part.len() == 2 && part.bytes().all(|c| c.is_ascii_alphabetic()));
    Some(region.map_or(primary.clone(), |region| format!("{primary}-{}", region.to_ascii_uppercase())))
}

/// Reads the `meta` elements that are meant for robots, for us, or for text and data mining.
fn reserved(scan: &PageScan<'_>) -> Vec<String> {
    let of = |name: &str| scan.meta.get(name).into_iter().flatten().copied();
    let mut found = reservations::from_robots(of("robots").chain(of("griot")));
    if of("tdm-reservation").find_map(reservations::from_tdm).is_some() {
        reservations::add(&mut found, reservations::TDM);
    }
    found
}

fn access(scan: &PageScan<'_>, told: &LinkedData) -> Access {
    let tier = scan.first(&["article:content_tier", "content_tier", "article.content_tier"]);
    let tier = tier.map(|tier| tier.to_ascii_lowercase());
    match (told.is_free, tier.as_deref()) {
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
