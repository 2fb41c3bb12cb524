//! The facts a page gives about its article: headline, writers, dates, language, categories, lead image, site, canonical link.

pub(super) mod bylines;
pub(super) mod date;
pub(super) mod jsonld;
mod publish_date;
mod tags;
pub(super) mod title;
mod visible_date;

use super::Page;
use super::site_rules::Given;
use crate::extract::select::{selected_text, squeeze, text};
use crate::html::reservations;
use crate::model::{Author, Image, Timestamp};
use aho_corasick::AhoCorasick;
use jsonld::LinkedData;
use publish_date::PublishDate;
use scraper::{ElementRef, Html};
use std::collections::HashMap;
use std::sync::LazyLock;
use title::{Titles, folded};
use url::Url;
use visible_date::Lines;

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
    pub told_body: Option<String>,
    /// The page's own summary.
    pub description: Option<String>,
    /// Whether the page seems to be a check for robots.
    pub is_gate: bool,
    /// Whether the page calls itself an article, in JSON-LD or for social media.
    pub is_told: bool,
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
    Unsaid,
    Free,
    /// Free for readers who come seldom.
    Metered,
    Paid,
}

const GATES: &[&str] = &[
    "just a moment",
    "un instant",
    "attention required",
    "access denied",
    "are you a robot",
    "checking your browser",
    "verifying you are human",
    "one moment, please",
    "ddos-guard",
    "pardon our interruption",
    "security check",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
];
const WRITERS: &[&str] = &[
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
];
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

/// So many images of a page are compared with its lead image.
const MAX_IMAGES: usize = 60;
/// So many boxes of labels are looked at.
const MAX_BOXES: usize = 4;
const MAX_LINE: usize = 200;
/// A date has at least so many digits, as in `5 mai 24`.
const SHORTEST_DATE: usize = 3;
/// So many short lines behind the headline are looked at: bylines and dates stand there.
const MAX_NEAR: usize = 24;
/// They are no longer than this, in characters.
const NEAR_LINE: usize = 90;

/// Everything of interest on a page, from one walk over its elements.
#[derive(Default)]
pub(super) struct PageScan<'a> {
    pub(super) meta: HashMap<String, Vec<&'a str>>,
    pub(super) canonical: Option<&'a str>,
    document_title: Option<String>,
    language: Option<&'a str>,
    headings: Vec<String>,
    pub(super) times: Vec<String>,
    pub(super) date_lines: Vec<String>,
    writers: Vec<String>,
    /// Lines of elements whose class only resembles a known one.
    pub(super) perhaps_dates: Vec<String>,
    perhaps_writers: Vec<String>,
    /// Short lines that follow the headline.
    pub(super) near: Vec<String>,
    /// Lines that may hold the date of the article.
    pub(super) lines: Lines,
    pub(super) categories: Vec<ElementRef<'a>>,
    pub(super) tags: Vec<ElementRef<'a>>,
    /// The boxes in which the page lists its labels.
    pub(super) boxes: Vec<ElementRef<'a>>,
}

/// Reads the facts of a page.
pub(super) fn read(document: &Html, page: &Page<'_>) -> Metadata {
    let scan = look(document);
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
        authors: writers(document, page, &scan, &told),
        published: published.map(|publish_date| publish_date.at),
        published_offset: published.and_then(|publish_date| publish_date.offset),
        modified: modified(&scan, &told),
        language: language(&scan, &told),
        categories: tags::categories(&scan, &told),
        image: image(document, &scan, &told, page.url),
        canonical: scan.canonical.and_then(|link| absolute(page.url, link)),
        is_gate: is_gate(&scan),
        is_told: told.is_article || scan.first(&["og:type"]).is_some_and(|kind| kind == "article"),
        access: access(&scan, &told),
        told_body: told.body,
        description: scan.first(&["og:description", "description", "twitter:description"]),
        site,
        problems: Vec::new(),
        reservations: reserved(&scan),
    }
}

impl Metadata {
    /// Takes over what the site's rule says, where the source's own rules say nothing.
    pub(super) fn follow(&mut self, given: &Given, page: &Page<'_>) {
        if page.selectors.title.is_none() && given.title.is_some() {
            self.title.clone_from(&given.title);
        }
        let writers = bylines::authors(given.authors.iter().map(String::as_str));
        if page.selectors.author.is_none() && !writers.is_empty() {
            self.authors = writers;
        }
        let publish_date = given.date.as_deref().and_then(PublishDate::ruled);
        if let Some(publish_date) = publish_date.filter(|_| page.selectors.date.is_none()) {
            self.published = Some(publish_date.at);
            self.published_offset = publish_date.offset;
        }
        self.problems.extend(given.problems.iter().map(|code| (*code).to_owned()));
    }
}

impl PageScan<'_> {
    /// Returns the first value of the first of `bylines` that the page's meta elements give.
    fn first(&self, bylines: &[&str]) -> Option<String> {
        bylines
            .iter()
            .filter_map(|name| self.meta.get(*name))
            .flatten()
            .map(|value| squeeze(value))
            .find(|value| !value.is_empty())
    }
}

fn look(document: &Html) -> PageScan<'_> {
    let mut scan = PageScan::default();
    for element in document.root_element().descendent_elements() {
        let value = element.value();
        match value.name() {
            "meta" => meta(&mut scan, element),
            "link" if value.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                scan.canonical = scan.canonical.or_else(|| value.attr("href"));
            }
            "title" if scan.document_title.is_none() => scan.document_title = Some(text(element)).filter(|title| !title.is_empty()),
            "h1" if scan.headings.len() < 8 => scan.headings.extend(Some(text(element)).filter(|title| !title.is_empty())),
            "h2" if scan.headings.is_empty() && has_class(element, &["entry-title", "post-title", "article-title", "contentheading"]) => {
                scan.headings.push(text(element));
            }
            "h3" if scan.headings.is_empty() && has_class(element, &["post-title", "entry-title"]) => scan.headings.push(text(element)),
            "time" => scan
                .times
                .extend(value.attr("datetime").map(str::to_owned).or_else(|| short(element))),
            "a" => anchor(&mut scan, element),
            _ => {}
        }
        hints(&mut scan, element);
        scan.lines.add(element);
        if scan.boxes.len() < MAX_BOXES && tags::is_box(element) {
            scan.boxes.push(element);
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
        scan.writers.push(text(element));
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
        .then(|| text(element))
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

fn writers(document: &Html, page: &Page<'_>, scan: &PageScan<'_>, told: &LinkedData) -> Vec<Author> {
    if let Some(line) = selected_text(document, page.selectors.author.as_ref()) {
        return bylines::authors([line.as_str()]);
    }
    let from_meta: Vec<&str> = WRITERS.iter().filter_map(|name| scan.meta.get(*name)).flatten().copied().collect();
    let site = scan.first(&["og:site_name"]).map(|name| folded(&name));
    // Where JSON-LD or a meta names the site itself, a byline that names a person knows better.
    let houses: Vec<String> = told.houses.iter().map(|name| folded(name)).chain(site.clone()).collect();
    let is_house = |author: &Author| houses.contains(&folded(&author.name));
    let bylines: Vec<&str> = scan
        .near
        .iter()
        .map(String::as_str)
        .filter(|line| bylines::is_byline(line))
        .take(1)
        .collect();
    let groups: [Vec<&str>; 5] = [
        told.authors.iter().map(String::as_str).collect(),
        from_meta,
        scan.writers.iter().map(String::as_str).take(1).collect(),
        scan.perhaps_writers.iter().map(String::as_str).take(1).collect(),
        bylines,
    ];
    let groups = groups.map(bylines::authors);
    let is_person = |author: &Author| !is_house(author) && author.name.contains(' ');
    let person = groups.iter().find(|found| found.iter().any(is_person));
    let any = groups.iter().find(|found| !found.is_empty());
    let found = person.or(any).cloned().unwrap_or_default();
    let is_site = |author: &Author| site.as_ref().is_some_and(|site| *site == folded(&author.name));
    if found.len() > 1 {
        found.into_iter().filter(|author| !is_site(author)).collect()
    } else {
        found
    }
}

/// Finds the date in a line such as `Dec 5, 2023 | News, Politics | 0 comments`.
pub(super) fn in_line(line: &str) -> Option<Timestamp> {
    let signs: Vec<char> = line.chars().collect();
    // Between digits, a dot of this kind is part of the date: `2025•01•08`.
    let divides = |at: usize| {
        let is_digit = |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(char::is_ascii_digit);
        matches!(signs[at], '|' | '•' | '·' | '—' | '–') && !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
    };
    let marked: String = (0..signs.len())
        .map(|at| match signs[at] {
            _ if divides(at) => '\n',
            '•' | '·' => '.',
            sign => sign,
        })
        .collect();
    marked
        .split('\n')
        .map(str::trim)
        .filter(|part| part.chars().filter(|c| c.is_numeric()).count() >= SHORTEST_DATE)
        .find_map(|part| {
            let from_digit = part.find(|c: char| c.is_ascii_digit()).map(|at| &part[at..]);
            let read = |part: &str| date::read(part).filter(|at| names_day(part, *at));
            read(part).or_else(|| from_digit.and_then(read))
        })
}

/// Says whether a text names the day, and not only the year or the month as "The 10 best of 2025" does.
fn names_day(text: &str, at: Timestamp) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter_map(|part| part.parse().ok()).collect()
    };
    // A time zone may lead from one day to the next, digits of other scripts are believed as they are read, and so are bare numbers.
    let named = numbers(text);
    let is_near = |day: &u32| named.iter().any(|number| number.abs_diff(*day) <= 1);
    let is_other = text.contains(|c: char| c.is_numeric() && !c.is_ascii());
    is_other || named.len() == 1 && named[0] > 9999 || numbers(&at.day()).last().is_some_and(is_near)
}

fn modified(scan: &PageScan<'_>, told: &LinkedData) -> Option<Timestamp> {
    let from_meta = || {
        MODIFIED
            .iter()
            .filter_map(|name| scan.meta.get(*name))
            .flatten()
            .find_map(|value| date::read(value))
    };
    told.modified.as_deref().and_then(date::read).or_else(from_meta)
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

fn image(document: &Html, scan: &PageScan<'_>, told: &LinkedData, base: Option<&Url>) -> Option<Image> {
    let social = scan.first(&["og:image:secure_url", "og:image", "og:image:url"]);
    let size = |name: &str| scan.first(&[name]).and_then(|value| value.trim_end_matches("px").parse().ok());
    let sized = social.is_some();
    let address = social
        .or_else(|| scan.first(&["twitter:image", "twitter:image:src"]))
        .or_else(|| told.image.clone())?;
    let url = absolute(base, &address)?;
    let given = || size("og:image:width").zip(size("og:image:height")).filter(|_| sized);
    let in_data = || {
        told.image_size
            .filter(|_| told.image.as_deref().and_then(|own| absolute(base, own)).as_ref() == Some(&url))
    };
    let known = given()
        .or_else(in_data)
        .or_else(|| size_in(&url))
        .or_else(|| size_on_page(document, base, &url))
        .filter(|(width, height)| *width > 0 && *height > 0);
    Some(Image {
        url,
        width: known.map(|(width, _)| width),
        height: known.map(|(_, height)| height),
    })
}

/// Reads the size that WordPress puts into the address of an image: `name-1024x683.jpg`.
fn size_in(url: &Url) -> Option<(u32, u32)> {
    let (stem, _) = url.path().rsplit_once('.')?;
    let (width, height) = stem.rsplit_once('-')?.1.split_once('x')?;
    width.parse().ok().zip(height.parse().ok())
}

/// Returns the size of an image that the page shows as well, as the page says it.
fn size_on_page(document: &Html, base: Option<&Url>, url: &Url) -> Option<(u32, u32)> {
    let images = document
        .root_element()
        .descendent_elements()
        .filter(|element| element.value().name() == "img");
    images.take(MAX_IMAGES).find_map(|image| {
        let attribute = |name: &str| image.value().attr(name);
        let side = |name: &str| attribute(name).and_then(|value| value.trim_end_matches("px").parse().ok());
        let is_same = ["src", "data-src", "data-lazy-src"]
            .iter()
            .filter_map(|name| attribute(name))
            .any(|address| absolute(base, address).as_ref() == Some(url));
        side("width").zip(side("height")).filter(|_| is_same)
    })
}

pub(super) fn absolute(base: Option<&Url>, address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok().or_else(|| base?.join(address.trim()).ok())?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Reads the `meta` elements that are meant for robots, for us, or for text and data mining.
fn reserved(scan: &PageScan<'_>) -> Vec<String> {
    let of = |name: &str| scan.meta.get(name).into_iter().flatten().copied();
    let mut found = reservations::of_robots(of("robots").chain(of("griot")));
    if of("tdm-reservation").find_map(reservations::of_tdm).is_some() {
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
        _ => Access::Unsaid,
    }
}

fn is_gate(scan: &PageScan<'_>) -> bool {
    let title = scan.document_title.as_deref().unwrap_or_default().to_lowercase();
    GATES.iter().any(|gate| title.starts_with(gate))
}
