//! What every page has: its head, the way to other pages, and the footer.

use super::super::calendar::{Calendar, TimeView};
use super::super::format::Format;
use super::super::labels::{Labels, labels};
use super::super::site_summary::TopicSummary;
use super::super::text::{direction, to_plain_text};
use super::super::topic_feed::SiteInfo;
use super::super::url;
use super::filters::Style;
use crate::model::{Digest128, Timestamp, TopicId};
use askama::Template;
use serde_json::json;
use std::fmt::Display;

/// The style sheet of pages and feeds.
pub(in crate::publish) const STYLE_SHEET: &str = include_str!("../feed.css");
/// The icon of pages.
pub(in crate::publish) const FAVICON: &str = include_str!("favicon.svg");
/// The same for feed readers and home screens, which know no vectors: 512 pixels square, and up to its edges, since those cut its corners themselves.
pub(in crate::publish) const ICON: &[u8] = include_bytes!("icon.png");
pub(in crate::publish) const ICON_NAME: &str = "icon.png";
/// The largest page, in bytes without the style sheet: both together have 50 kB at most, which a slow phone loads in seconds.
pub(super) const MAX_PAGE_BYTES: usize = 50_000 - STYLE_SHEET.len();

/// How many stories or reports the description for programs lists.
pub(super) const MAX_LISTED: usize = 6;

/// How many feeds the footer names.
const MAX_FOOTER_FEEDS: usize = 6;

/// What every page has.
pub(super) struct Frame {
    pub lang: &'static str,
    pub dir: &'static str,
    pub site: String,
    pub labels: &'static Labels,
    /// The way to the folder of the index: empty, or `../`.
    pub root: &'static str,
    pub title: String,
    pub description: String,
    /// The public address of the page.
    pub address: String,
    /// The feeds that readers are offered; where they are many, the footer leaves it at the list of all.
    pub feeds: Vec<FeedLink>,
    pub image: Option<String>,
    /// What the page is, as JSON-LD.
    pub data: Option<String>,
    pub contact: Option<Contact>,
    pub style: Option<Style>,
    /// When what the page shows last changed.
    pub changed: Option<TimeView>,
}

/// A feed that a page offers.
pub(super) struct FeedLink {
    pub title: String,
    pub name: String,
    pub media_type: &'static str,
}

impl FeedLink {
    /// Returns the link to the RSS feed of a topic.
    pub(super) fn rss(topic: &TopicId, title: String) -> Self {
        Self {
            title,
            name: format!("{topic}.xml"),
            media_type: "application/rss+xml",
        }
    }
}

/// How the editors are reached.
pub(super) struct Contact {
    pub href: String,
    pub text: String,
}

impl Frame {
    /// Returns the frame of the page `name` of the output.
    pub(super) fn new(site: &SiteInfo, name: &str, title: String, description: String) -> Self {
        let lang = site.language.tag();
        Self {
            lang,
            dir: direction(Some(lang)),
            site: to_plain_text(&site.title),
            labels: labels(site.language),
            root: if name.contains('/') { "../" } else { "" },
            title,
            description,
            address: url::of_file(site, if name == "index.html" { "" } else { name }),
            feeds: Vec::new(),
            image: None,
            data: None,
            contact: site.contact.as_deref().and_then(contact),
            style: None,
            changed: None,
        }
    }

    /// Returns the feeds that the footer names: all, or none where they are many.
    pub(super) fn footer_feeds(&self) -> &[FeedLink] {
        if self.feeds.len() <= MAX_FOOTER_FEEDS { &self.feeds } else { &[] }
    }

    /// Returns the frame with the feeds of a topic.
    pub(super) fn with_feeds(mut self, id: &str, formats: &[Format]) -> Self {
        let feeds = formats.iter().filter(|format| format.is_feed);
        let links = feeds.filter_map(|format| {
            Some(FeedLink {
                title: format!("{} ({})", self.title, format.label?),
                name: format!("{id}{}", format.suffix),
                media_type: format.media_type,
            })
        });
        self.feeds = links.collect();
        self
    }

    /// Returns the frame with the RSS feed of each topic, and with the time of the last change of any.
    pub(super) fn of_topics(mut self, calendar: &Calendar, topics: &[TopicSummary]) -> Self {
        self.feeds = topics.iter().map(|topic| FeedLink::rss(&topic.id, topic.label())).collect();
        self.changed(calendar, topics.iter().filter_map(|topic| topic.newest).max())
    }

    /// Returns the frame with the time of the last change.
    pub(super) fn changed(mut self, calendar: &Calendar, changed: Option<Timestamp>) -> Self {
        self.changed = changed.map(|changed| calendar.full(changed));
        self
    }

    /// Returns the frame with a style sheet of its own.
    pub(super) fn styled(mut self, style: Option<Style>) -> Self {
        self.style = style;
        self
    }

    /// Returns the frame with a list of stories, their titles and pages, as JSON-LD (schema.org).
    pub(super) fn listing<'a>(self, stories: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let elements = stories.take(MAX_LISTED).enumerate().map(|(place, (title, page))| {
            let mut element = json!({"@type": "ListItem", "position": place + 1, "name": title});
            if let Some(page) = page {
                element["url"] = page.into();
            }
            element
        });
        let data = json!({
            "@context": "https://schema.org", "@type": "ItemList", "name": self.title, "itemListElement": elements.collect::<Vec<_>>(),
        });
        self.described(&data)
    }

    /// Returns the frame with a description of the page as JSON-LD (schema.org).
    pub(super) fn described(mut self, data: &serde_json::Value) -> Self {
        // Within a script element nothing but its end is markup.
        self.data = Some(data.to_string().replace('<', "\\u003c"));
        self
    }
}

/// Returns how the editors are reached: by mail or on the web.
fn contact(contact: &str) -> Option<Contact> {
    let text = to_plain_text(contact);
    let is_address = text.contains('@') && !text.contains([':', '/', ' ']);
    let href = if is_address {
        format!("mailto:{text}")
    } else {
        url::to_published(&::url::Url::parse(&text).ok()?)?
    };
    Some(Contact { href, text })
}

/// Returns the anchor of an item: a digest, since a guid may hold characters that fragments do not allow.
pub(in crate::publish) fn anchor(guid: &str) -> String {
    format!("i{}", &Digest128::hash(guid.as_bytes()).to_hex()[..12])
}

/// Returns the file of the page of the story with this id.
pub(in crate::publish) fn story_page(story: impl Display) -> String {
    format!("story/{story}.html")
}

/// Renders a page.
pub(super) fn render(page: &impl Template, size: usize) -> String {
    let mut out = String::with_capacity(size);
    // Writing into a string cannot fail, and no filter in use does.
    let written = page.render_into(&mut out);
    debug_assert!(written.is_ok(), "a string takes every write");
    out
}
