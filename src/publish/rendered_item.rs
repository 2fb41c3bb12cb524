//! An item as every format shows it: plain texts and checked URLs, made once for all formats. Its content is made in `content`.

use super::text::{direction, language, strip_controls, to_plain_text, truncate};
use super::topic_feed::{Item, Outlet, Report, media_type_of};
use super::url;
use crate::model::{Agency, Reason, Timestamp};
use crate::text::html_to_text::html_to_text;
use ::url::Url;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// How many reports of an item feeds list.
const MAX_REPORTS_IN_FEEDS: usize = 30;

/// A reason for a placement, as it is published.
#[derive(Serialize)]
pub(super) struct ReasonView {
    pub(super) clause: String,
    pub(super) field: String,
    pub(super) words: String,
}

impl ReasonView {
    pub(super) fn new(reason: &Reason) -> Self {
        Self {
            clause: to_plain_text(&reason.clause),
            field: to_plain_text(&reason.field),
            words: to_plain_text(&reason.words),
        }
    }
}

/// An item with every text and address as it is published.
pub(super) struct RenderedItem<'a> {
    pub item: &'a Item,
    /// Never empty: feed readers make a link of it.
    pub title: String,
    pub summary: String,
    pub link: Option<String>,
    pub outlet: RenderedOutlet,
    pub date: Timestamp,
    pub bylines: Vec<String>,
    pub terms: Vec<String>,
    pub language: Option<String>,
    pub dir: &'static str,
    pub image: Option<String>,
    pub enclosure: Option<RenderedEnclosure>,
    pub note: Option<String>,
    pub agency: Option<&'static str>,
    pub also: Vec<RenderedReport>,
    pub earlier: Option<RenderedReport>,
    /// The body without control characters; empty where there is none.
    pub body: Cow<'a, str>,
    /// Body or summary with the credit lines, as HTML: the same in every feed format.
    pub content: String,
    /// Its licence or statement of rights, and the same as a URL where it is one.
    pub licence: Option<String>,
    pub licence_url: Option<String>,
}

impl<'a> RenderedItem<'a> {
    /// Makes the texts and URLs of `item` ready; its content is still empty.
    pub(super) fn new(item: &'a Item) -> Self {
        let outlet = RenderedOutlet::new(&item.outlet);
        let summary = to_plain_text(&item.summary);
        let language = item.language.as_deref().and_then(language);
        Self {
            item,
            title: title(item, &summary, &outlet),
            summary,
            link: item.link.as_ref().and_then(url::to_published),
            outlet,
            date: item.date(),
            bylines: distinct_plain_texts(item.authors.iter().map(|author| author.name.as_str())),
            terms: distinct_plain_texts(item.categories.iter().map(String::as_str)),
            dir: direction(language.as_deref()),
            language,
            image: item.image.as_ref().and_then(|image| url::to_published(&image.url)),
            enclosure: RenderedEnclosure::new(item),
            note: item.note.as_deref().map(to_plain_text).filter(|note| !note.is_empty()),
            agency: item.agency.map(Agency::as_str),
            also: item.also.iter().map(RenderedReport::new).collect(),
            earlier: item.earlier.as_ref().map(RenderedReport::new),
            body: item.body.as_ref().map_or(Cow::Borrowed(""), |body| strip_controls(body.as_str())),
            content: String::new(),
            licence: item.licence.as_deref().map(to_plain_text).filter(|licence| !licence.is_empty()),
            licence_url: item.licence.as_deref().and_then(licence_url),
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
        let is_all = self.body.is_empty() || to_plain_text(&html_to_text(&self.body)) == self.summary;
        if is_all { "" } else { &self.summary }
    }

    /// Returns the address of the lead's picture, unless the body shows a picture: one stands once.
    pub(super) fn separate_image(&self) -> Option<&str> {
        self.image.as_deref().filter(|_| !self.body.contains("<img"))
    }

    /// Returns the newest reports that feeds list, and the number of further ones: the HTML page lists more.
    pub(super) fn reports_in_feeds(&self) -> (&[RenderedReport], usize) {
        let left_out = self.also.len().saturating_sub(MAX_REPORTS_IN_FEEDS);
        (&self.also[left_out..], left_out + self.item.unlisted)
    }
}

/// Returns the title, else the beginning of the summary, else the name of the outlet.
fn title(item: &Item, summary: &str, outlet: &RenderedOutlet) -> String {
    let title = to_plain_text(&item.title);
    match (title.is_empty(), summary.is_empty()) {
        (false, _) => title,
        (true, false) => truncate(summary, 100),
        (true, true) => outlet.name.clone(),
    }
}

/// Returns `texts` as plain text, without empty and repeated ones.
fn distinct_plain_texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts
        .map(to_plain_text)
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .collect()
}

/// An outlet with a plain name that is never empty, and its URLs.
pub(super) struct RenderedOutlet {
    pub name: String,
    pub site: Option<String>,
    pub feed: Option<String>,
}

impl RenderedOutlet {
    pub(super) fn new(outlet: &Outlet) -> Self {
        let name = to_plain_text(&outlet.name);
        Self {
            name: if name.is_empty() { outlet.id.to_string() } else { name },
            site: outlet.site.as_ref().and_then(url::to_published),
            feed: outlet.feed.as_ref().and_then(url::to_published),
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
pub(super) struct RenderedEnclosure {
    pub url: String,
    pub mime: String,
    pub length: Option<u64>,
}

impl RenderedEnclosure {
    fn new(item: &Item) -> Option<Self> {
        let enclosure = item.enclosure.as_ref()?;
        Some(Self {
            url: url::to_published(&enclosure.url)?,
            mime: media_type_of(enclosure),
            length: enclosure.length,
        })
    }
}

/// Another report, as plain text.
pub(super) struct RenderedReport {
    pub source: String,
    pub kind: Option<&'static str>,
    pub language: Option<String>,
    pub outlet: String,
    pub title: String,
    pub link: Option<String>,
    pub date: Timestamp,
    pub agency: Option<&'static str>,
}

impl RenderedReport {
    fn new(report: &Report) -> Self {
        Self {
            source: report.source.to_string(),
            kind: report.kind,
            language: report.language.as_deref().and_then(language),
            outlet: to_plain_text(&report.outlet),
            title: to_plain_text(&report.title),
            link: report.link.as_ref().and_then(url::to_published),
            date: report.date,
            agency: report.agency.map(Agency::as_str),
        }
    }
}
