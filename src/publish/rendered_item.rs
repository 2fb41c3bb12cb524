//! An item as every format shows it: plain texts and checked URLs, made once for all formats. Its content is made in `content`.

use super::regions::{self, Place};
use super::text::{direction, language, plain_text, strip_controls, truncate};
use super::topic_feed::{Item, Outlet, Report, media_type_of};
use super::url;
use crate::config::PageLanguage;
use crate::model::{Agency, Reason, Timestamp};
use crate::text::html_to_text::html_to_text;
use ::url::Url;
use serde::Serialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

/// How many reports of an item feeds list.
const MAX_REPORTS_IN_FEEDS: usize = 30;

/// The longest title, reason or statement of rights that is published, in characters: beyond it, one source would take the room of others.
const MAX_LINE_CHARS: usize = 400;
/// The longest name of an author or a category that is published, in characters.
const MAX_NAME_CHARS: usize = 120;
/// How many authors, and how many categories, an item shows.
const MAX_NAMES: usize = 20;

/// Returns `text` as plain text of at most `limit` characters.
fn plain_line(text: &str, limit: usize) -> Cow<'_, str> {
    let plain = plain_text(text);
    // A character has one byte at least.
    if plain.len() <= limit || plain.chars().nth(limit).is_none() {
        return plain;
    }
    truncate(&plain, limit).into()
}

/// A reason for a placement, as it is published.
#[derive(Serialize)]
pub(super) struct ReasonView<'a> {
    pub(super) clause: Cow<'a, str>,
    pub(super) field: Cow<'a, str>,
    pub(super) words: Cow<'a, str>,
}

impl<'a> ReasonView<'a> {
    pub(super) fn new(reason: &'a Reason) -> Self {
        Self {
            clause: plain_line(&reason.clause, MAX_LINE_CHARS),
            field: plain_line(&reason.field, MAX_LINE_CHARS),
            words: plain_line(&reason.words, MAX_LINE_CHARS),
        }
    }
}

/// An item with every text and address as it is published.
pub(super) struct RenderedItem<'a> {
    pub item: &'a Item,
    /// Never empty: feed readers make a link of it.
    pub title: Cow<'a, str>,
    pub summary: Cow<'a, str>,
    pub link: Option<Cow<'a, str>>,
    pub outlet: RenderedOutlet<'a>,
    pub date: Timestamp,
    pub bylines: Vec<Cow<'a, str>>,
    pub terms: Vec<Cow<'a, str>>,
    pub language: Option<Cow<'a, str>>,
    pub dir: &'static str,
    pub image: Option<Cow<'a, str>>,
    pub enclosure: Option<RenderedEnclosure<'a>>,
    pub note: Option<Cow<'a, str>>,
    pub agency: Option<&'static str>,
    pub also: Vec<RenderedReport<'a>>,
    pub earlier: Option<RenderedReport<'a>>,
    /// The regions that it is about.
    pub places: Vec<Place>,
    /// The body without control characters; empty where there is none.
    pub body: Cow<'a, str>,
    /// Body or summary with the credit lines, as HTML: the same in every feed format.
    pub content: String,
    /// Its licence or statement of rights, and the same as a URL where it is one.
    pub licence: Option<Cow<'a, str>>,
    pub licence_url: Option<String>,
    /// Whether the content has no text besides the summary, once a format has asked.
    is_summary_all: OnceCell<bool>,
}

impl<'a> RenderedItem<'a> {
    /// Makes the texts and URLs of `item` ready, with the names of places in `names`; its content is still empty.
    pub(super) fn new(item: &'a Item, names: PageLanguage) -> Self {
        let outlet = RenderedOutlet::new(&item.outlet);
        let summary = plain_text(&item.summary);
        let language = item.language.as_deref().and_then(language);
        Self {
            item,
            title: title(item, &summary, &outlet),
            summary,
            link: item.link.as_ref().and_then(url::published),
            outlet,
            date: item.date(),
            bylines: distinct_plain_texts(item.authors.iter().map(|author| author.name.as_str())),
            terms: distinct_plain_texts(item.categories.iter().map(String::as_str)),
            dir: direction(language.as_deref()),
            language,
            image: item.image.as_ref().and_then(|image| url::published(&image.url)),
            enclosure: RenderedEnclosure::new(item),
            note: item.note.as_deref().map(plain_text).filter(|note| !note.is_empty()),
            agency: item.agency.map(Agency::as_str),
            also: item.also.iter().map(RenderedReport::new).collect(),
            earlier: item.earlier.as_ref().map(RenderedReport::new),
            places: item.about.regions().iter().filter_map(|own| regions::place(own, names)).collect(),
            body: item.body.as_ref().map_or(Cow::Borrowed(""), |body| strip_controls(body.as_str())),
            content: String::new(),
            licence: item
                .licence
                .as_deref()
                .map(|licence| plain_line(licence, MAX_LINE_CHARS))
                .filter(|licence| !licence.is_empty()),
            licence_url: item.licence.as_deref().and_then(licence_url),
            is_summary_all: OnceCell::new(),
        }
    }
}

/// Returns the address of a licence that is stated as one.
fn licence_url(licence: &str) -> Option<String> {
    let address = Url::parse(licence.trim())
        .ok()
        .filter(|address| matches!(address.scheme(), "http" | "https"))?;
    url::to_published(&address)
}

impl RenderedItem<'_> {
    /// Returns the summary, unless the content has no other text: then readers would show the same text twice.
    pub(super) fn separate_summary(&self) -> &str {
        let is_all = || self.body.is_empty() || plain_text(&html_to_text(&self.body)) == self.summary;
        if *self.is_summary_all.get_or_init(is_all) {
            ""
        } else {
            &self.summary
        }
    }

    /// Returns the address of the lead's picture, unless the body shows a picture: one stands once.
    pub(super) fn separate_image(&self) -> Option<&str> {
        self.image.as_deref().filter(|_| !self.body.contains("<img"))
    }

    /// Returns the place that it is about, when it is about one alone.
    pub(super) fn only_place(&self) -> Option<&Place> {
        match self.places.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Returns the newest reports that feeds list, and the number of further ones: the HTML page lists more.
    pub(super) fn reports_in_feeds(&self) -> (&[RenderedReport<'_>], usize) {
        let left_out = self.also.len().saturating_sub(MAX_REPORTS_IN_FEEDS);
        (&self.also[left_out..], left_out + self.item.unlisted)
    }
}

/// Returns the title, else the beginning of the summary, else the name of the outlet.
fn title<'a>(item: &'a Item, summary: &str, outlet: &RenderedOutlet<'a>) -> Cow<'a, str> {
    let title = plain_line(&item.title, MAX_LINE_CHARS);
    match (title.is_empty(), summary.is_empty()) {
        (false, _) => title,
        (true, false) => truncate(summary, 100).into(),
        (true, true) => outlet.name.clone(),
    }
}

/// Returns the first names as plain text, without empty and repeated ones.
fn distinct_plain_texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Cow<'a, str>> {
    let mut seen = HashSet::new();
    texts
        .map(|text| plain_line(text, MAX_NAME_CHARS))
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .take(MAX_NAMES)
        .collect()
}

/// An outlet with a plain name that is never empty, and its URLs.
pub(super) struct RenderedOutlet<'a> {
    pub name: Cow<'a, str>,
    pub site: Option<Cow<'a, str>>,
    pub feed: Option<Cow<'a, str>>,
}

impl<'a> RenderedOutlet<'a> {
    pub(super) fn new(outlet: &'a Outlet) -> Self {
        let name = plain_line(&outlet.name, MAX_NAME_CHARS);
        Self {
            name: if name.is_empty() { outlet.id.as_str().into() } else { name },
            site: outlet.site.as_ref().and_then(url::published),
            feed: outlet.feed.as_ref().and_then(url::published),
        }
    }

    /// Returns the URL of its home page, else of its feed.
    pub(super) fn home(&self) -> Option<&str> {
        self.site.as_deref().or(self.feed.as_deref())
    }

    /// Returns the URL of its feed, else of its home page.
    pub(super) fn origin(&self) -> Option<&str> {
        self.feed.as_deref().or(self.site.as_deref())
    }
}

/// An enclosure with the media type that every format requires.
pub(super) struct RenderedEnclosure<'a> {
    pub url: Cow<'a, str>,
    pub mime: String,
    pub length: Option<u64>,
}

impl<'a> RenderedEnclosure<'a> {
    fn new(item: &'a Item) -> Option<Self> {
        let enclosure = item.enclosure.as_ref()?;
        Some(Self {
            url: url::published(&enclosure.url)?,
            mime: media_type_of(enclosure),
            length: enclosure.length,
        })
    }
}

/// Another report, as plain text.
pub(super) struct RenderedReport<'a> {
    pub source: &'a str,
    pub country: Option<&'a str>,
    pub kind: Option<&'static str>,
    pub language: Option<Cow<'a, str>>,
    pub outlet: Cow<'a, str>,
    /// Never empty, as that of an item: a link needs a name.
    pub title: Cow<'a, str>,
    pub link: Option<Cow<'a, str>>,
    pub date: Timestamp,
    pub agency: Option<&'static str>,
}

impl<'a> RenderedReport<'a> {
    fn new(report: &'a Report) -> Self {
        let name = plain_line(&report.outlet, MAX_NAME_CHARS);
        let outlet = if name.is_empty() { report.source.as_str().into() } else { name };
        let title = plain_line(&report.title, MAX_LINE_CHARS);
        Self {
            source: report.source.as_str(),
            country: report.country.as_deref(),
            kind: report.kind,
            language: report.language.as_deref().and_then(language),
            title: if title.is_empty() { outlet.clone() } else { title },
            outlet,
            link: report.link.as_ref().and_then(url::published),
            date: report.date,
            agency: report.agency.map(Agency::as_str),
        }
    }
}
