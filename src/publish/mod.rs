//! publish: what we tell the world. Topic feeds as RSS 2.0, Atom 1.0, JSON Feed 1.1, HTML and OPML 2.0, and the folder they lie in.
//!
//! Rendering is pure: the same input gives the same bytes, and no byte depends on the moment of rendering. Only [`write()`] does I/O.
//! What goes into a feed, in which order, and how much of a body is passed on, is decided before this shop is asked.
//!
//! While `base_url` is not set, addresses begin with `http://localhost:8080/`, where `griot serve` listens by default: the files are valid
//! and work on the operator's own machine, and nobody mistakes them for a public address.

mod address;
mod atom;
mod content;
mod item;
mod json;
mod opml;
mod page;
mod rendered_item;
mod rss;
mod text;
mod words;
mod write;
mod xml;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use item::{Item, Report};
pub use text::to_plain_text;
pub use write::{MANIFEST, WriteError, Written, manifest_names, write};

use crate::config::PageLanguage;
use crate::model::{SourceId, Timestamp, TopicId};
use url::Url;

/// What `[site]` says of the whole.
#[derive(Debug, Clone)]
pub struct SiteInfo {
    /// The name of the whole.
    pub title: String,
    /// Where the files are served; none until the operator sets it.
    pub base_url: Option<Url>,
    /// The language of pages and of the lines that we add to items.
    pub language: PageLanguage,
    /// The IANA zone of the times that people read.
    pub timezone: String,
}

/// A topic and everything that its feed tells.
#[derive(Debug, Clone)]
pub struct TopicFeed {
    /// The topic; it names the files.
    pub id: TopicId,
    /// Its title, plain.
    pub title: String,
    /// What it is about, plain.
    pub description: Option<String>,
    /// Its BCP 47 language tag.
    pub language: String,
    /// The items, newest first, ready to show.
    pub items: Vec<Item>,
    /// The sources it is made of, for its OPML.
    pub sources: Vec<Outlet>,
}

/// A source as our readers know it.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// The source.
    pub id: SourceId,
    /// Its name, plain.
    pub name: String,
    /// The address of its feed.
    pub feed: Option<Url>,
    /// Its home page.
    pub site: Option<Url>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
}

/// A topic as the index shows it.
#[derive(Debug, Clone)]
pub struct TopicSummary {
    /// The topic.
    pub id: TopicId,
    /// Its title, plain.
    pub title: String,
    /// What it is about, plain.
    pub description: Option<String>,
    /// How many items its feed holds.
    pub items: usize,
    /// The date of its newest item.
    pub newest: Option<Timestamp>,
}

/// A file of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl RenderedFile {
    fn new(name: String, text: String) -> Self {
        Self {
            name,
            bytes: text.into_bytes(),
        }
    }
}

/// Renders a topic's files: `ID.xml` (RSS 2.0), `ID.atom.xml`, `ID.json` (JSON Feed 1.1), `ID.html` and `ID.opml`.
#[must_use]
pub fn render_topic(site: &SiteInfo, topic: &TopicFeed) -> Vec<RenderedFile> {
    let id = &topic.id;
    let items = rendered_item::shown(site, topic);
    vec![
        RenderedFile::new(format!("{id}.xml"), rss::render(site, topic, &items)),
        RenderedFile::new(format!("{id}.atom.xml"), atom::render(site, topic, &items)),
        RenderedFile::new(format!("{id}.json"), json::render(site, topic, &items)),
        RenderedFile::new(format!("{id}.html"), page::topic(site, topic, &items)),
        RenderedFile::new(format!("{id}.opml"), opml::outlets(&topic.label(), &topic.sources)),
    ]
}

/// Renders the files of the whole: `index.html`, `index.opml` (every topic's RSS feed) and `feed.css`.
#[must_use]
pub fn render_index(site: &SiteInfo, topics: &[TopicSummary], sources: &[Outlet]) -> Vec<RenderedFile> {
    vec![
        RenderedFile::new("index.html".to_owned(), page::index(site, topics, sources)),
        RenderedFile::new("index.opml".to_owned(), opml::topics(site, topics)),
        RenderedFile::new("feed.css".to_owned(), include_str!("feed.css").to_owned()),
    ]
}

/// Returns the media type under which a file of ours is served, by its name.
#[must_use]
pub fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "xml" if name.ends_with(".atom.xml") => "application/atom+xml; charset=utf-8",
        "xml" => "application/rss+xml; charset=utf-8",
        "json" => "application/feed+json; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "opml" => "text/x-opml; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    }
}
