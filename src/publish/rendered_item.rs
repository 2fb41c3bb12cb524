//! An item as every format shows it: texts made plain, addresses checked, the credit lines written. Done once, since five files say it.

use super::content::content;
use super::item::media_type_of;
use super::text::{direction, language, strip_controls, to_plain_text, truncate};
use super::words::words;
use super::{Item, Outlet, Report, SiteInfo, TopicFeed, address};
use crate::model::{Reason, Timestamp};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashSet;

/// A reason for a placement, as it is published.
#[derive(Serialize)]
pub(super) struct ReasonView {
    pub(super) clause: String,
    pub(super) field: String,
    pub(super) words: String,
}

impl ReasonView {
    pub(super) fn of(reason: &Reason) -> Self {
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
    /// Never empty: readers show nothing to click on otherwise.
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
    pub also: Vec<RenderedReport>,
    pub earlier: Option<RenderedReport>,
    /// The body without control characters; empty where there is none.
    pub body: Cow<'a, str>,
    /// Body or summary, and the credit lines, as HTML: the same in every feed format.
    pub content: String,
}

/// Returns the items of `topic` as they are shown, in their order.
pub(super) fn shown<'a>(site: &SiteInfo, topic: &'a TopicFeed) -> Vec<RenderedItem<'a>> {
    topic.items.iter().map(|item| RenderedItem::of(site, item)).collect()
}

/// Returns about how many bytes a file with `items` will have, so that it is not moved while it grows.
pub(super) fn size(items: &[RenderedItem<'_>]) -> usize {
    let one = |shown: &RenderedItem<'_>| shown.content.len() + shown.summary.len() + 1500;
    items.iter().map(one).sum::<usize>() + 4000
}

impl<'a> RenderedItem<'a> {
    fn of(site: &SiteInfo, item: &'a Item) -> Self {
        let outlet = RenderedOutlet::of(&item.outlet);
        let summary = to_plain_text(&item.summary);
        let language = item.language.as_deref().and_then(language);
        let mut shown = Self {
            item,
            title: title(item, &summary, &outlet),
            summary,
            link: item.link.as_ref().and_then(address::web),
            outlet,
            date: item.date(),
            bylines: distinct(item.authors.iter().map(|author| author.name.as_str())),
            terms: distinct(item.categories.iter().map(String::as_str)),
            dir: direction(language.as_deref()),
            language,
            image: item.image.as_ref().and_then(|image| address::web(&image.url)),
            enclosure: RenderedEnclosure::of(item),
            note: item.note.as_deref().map(to_plain_text).filter(|note| !note.is_empty()),
            also: item.also.iter().map(RenderedReport::of).collect(),
            earlier: item.earlier.as_ref().map(RenderedReport::of),
            body: item.body.as_ref().map_or(Cow::Borrowed(""), |body| strip_controls(body.as_str())),
            content: String::new(),
        };
        shown.content = content(words(site.language), site.language.tag(), &shown);
        shown
    }
}

fn title(item: &Item, summary: &str, outlet: &RenderedOutlet) -> String {
    let title = to_plain_text(&item.title);
    match (title.is_empty(), summary.is_empty()) {
        (false, _) => title,
        (true, false) => truncate(summary, 100),
        (true, true) => outlet.name.clone(),
    }
}

/// Returns `texts` made plain, without empty and repeated ones.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts
        .map(to_plain_text)
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .collect()
}

/// An outlet's name, plain and never empty, and its addresses.
pub(super) struct RenderedOutlet {
    pub name: String,
    pub site: Option<String>,
    pub feed: Option<String>,
}

impl RenderedOutlet {
    pub(super) fn of(outlet: &Outlet) -> Self {
        let name = to_plain_text(&outlet.name);
        Self {
            name: if name.is_empty() { outlet.id.to_string() } else { name },
            site: outlet.site.as_ref().and_then(address::web),
            feed: outlet.feed.as_ref().and_then(address::web),
        }
    }

    /// Returns the address of its home page, or else of its feed.
    pub(super) fn home(&self) -> Option<&str> {
        self.site.as_deref().or(self.feed.as_deref())
    }

    /// Returns the address of its feed, or else of its home page.
    pub(super) fn origin(&self) -> Option<&str> {
        self.feed.as_deref().or(self.site.as_deref())
    }
}

/// Attached media with a media type, which every format wants.
pub(super) struct RenderedEnclosure {
    pub url: String,
    pub mime: String,
    pub length: Option<u64>,
}

impl RenderedEnclosure {
    fn of(item: &Item) -> Option<Self> {
        let enclosure = item.enclosure.as_ref()?;
        Some(Self {
            url: address::web(&enclosure.url)?,
            mime: media_type_of(enclosure),
            length: enclosure.length,
        })
    }
}

/// Another outlet's report, plain.
pub(super) struct RenderedReport {
    pub outlet: String,
    pub title: String,
    pub link: Option<String>,
    pub date: Timestamp,
    pub copy: bool,
}

impl RenderedReport {
    fn of(report: &Report) -> Self {
        Self {
            outlet: to_plain_text(&report.outlet),
            title: to_plain_text(&report.title),
            link: report.link.as_ref().and_then(address::web),
            date: report.date,
            copy: report.copy,
        }
    }
}
