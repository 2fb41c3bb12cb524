//! Topic feeds as RSS 2.0 (also without pictures and bodies), Atom 1.0, JSON Feed 1.1, HTML and OPML 2.0, and the folder that they are written to.
//!
//! Rendering is pure: the same input gives the same bytes, and no byte depends on the moment of rendering. Only [`OutputFolder`] does I/O.
//! What goes into a feed, in which order, and how much of a body may be republished, is decided by the caller.
//!
//! While `base_url` is not set, URLs begin with `http://localhost:8080/`, where `griot serve` listens by default: the files are valid
//! and work on the operator's own machine, and cannot be taken for a public address.

mod archive;
mod atom;
mod calendar;
mod compression;
mod content;
mod format;
mod headline;
mod json;
mod lab;
mod labels;
mod lite;
mod opml;
mod pages;
mod regions;
mod rendered_file;
mod rendered_item;
mod rss;
mod selection;
mod site_summary;
mod source_labels;
mod source_lists;
mod source_opml;
mod source_page;
mod story_feed;
mod text;
mod topic_feed;
mod url;
mod write;
mod xml;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use compression::{CompressedForm, Effort, MIN_COMPRESSED_BYTES};
pub use headline::Headline;
pub use lab::LabFeed;
pub use pages::{Mistake, Selection};
pub use rendered_file::RenderedFile;
pub use selection::{PublishedFeed, PublishedItem, keep_items, name_query, published_feed};
pub use site_summary::{SourceStanding, TopicSummary};
pub use source_lists::{sources_csv, sources_newsboat, sources_sfeed};
pub use source_opml::sources_opml;
pub use source_page::{
    CHART_DAYS, CopiedSource, HealthLine, HealthPage, SourceAdvice, SourceCondition, SourceEntry, SourceFigures, SourcePage,
};
pub use story_feed::{QuotedWords, StoryPage, StoryReport, TextChange};
pub use topic_feed::{ArchiveLinks, DeletedItem, Item, Outlet, Report, SiteInfo, TopicFeed};
pub use write::{GroupSummary, OutputFolder, RenderedGroup, WriteError, Written, manifest_names, manifest_path};

pub use text::to_plain_text;
pub use url::to_published;

use crate::model::{Digest128, TopicId};
use format::Format;

/// The output formats of a topic, in the order in which pages name them. A new format is one file and one row here.
static FORMATS: [Format; 5] = [rss::FORMAT, atom::FORMAT, json::FORMAT, pages::FORMAT, opml::FORMAT];

/// Those of the feed of the sources' health.
static HEALTH_FORMATS: [Format; 1] = [rss::FORMAT];

/// The maximum size of a feed in bytes. The bodies of its items are cut long before; only the rest of very many items takes as much.
const MAX_FILE_BYTES: usize = 4_000_000;

/// Those of the pages of an archive.
static ARCHIVE_FORMATS: [Format; 2] = [rss::FORMAT, atom::FORMAT];

/// Renders the file of each format for a topic, such as `ID.xml`. Each has at most 4 MB and the same items: where one would be larger, the last items
/// are left out.
#[must_use]
pub fn render_topic(site: &SiteInfo, topic: &TopicFeed) -> Vec<RenderedFile> {
    let items = content::render_items(site, topic);
    let mut count = items.len();
    loop {
        let input = format::TopicInput {
            site,
            topic,
            items: &items[..count],
            formats: &FORMATS,
        };
        let render = |format: &Format| RenderedFile::new(format!("{}{}", topic.id, format.suffix), (format.render)(&input));
        let lite = topic.lite.then(|| render(&lite::FORMAT));
        let files: Vec<RenderedFile> = FORMATS.iter().map(render).chain(lite).collect();
        let largest = files.iter().map(|file| file.bytes.len()).max().unwrap_or_default();
        if largest <= MAX_FILE_BYTES || count == 0 {
            return files;
        }
        // Items are about as long as each other; each round leaves out one at least.
        count = (count * MAX_FILE_BYTES / largest).min(count - 1);
    }
}

/// Renders a page of a topic's archive, as RSS and as Atom; `feed.archive` says which.
#[must_use]
pub fn render_archive_page(site: &SiteInfo, feed: &TopicFeed) -> Vec<RenderedFile> {
    let items = content::render_items(site, feed);
    let input = format::TopicInput {
        site,
        topic: feed,
        items: &items,
        formats: &ARCHIVE_FORMATS,
    };
    let render = |format: &Format| RenderedFile::new(archive::file_name(feed, format.suffix), (format.render)(&input));
    ARCHIVE_FORMATS.iter().map(render).collect()
}

/// Returns the public address of each feed among the files of a topic, with the digest of its bytes.
#[must_use]
pub fn feeds_among(site: &SiteInfo, files: &[RenderedFile]) -> Vec<(String, Digest128)> {
    let feeds = files.iter().filter(|file| is_feed(&file.name));
    feeds
        .map(|file| (url::of_file(site, &file.name), Digest128::hash(&file.bytes)))
        .collect()
}

/// Returns whether feed readers subscribe to the file of this name.
#[must_use]
pub fn is_feed(name: &str) -> bool {
    format_of(name).is_some_and(|format| format.is_feed)
}

/// Returns the public address of an output file.
#[must_use]
pub fn public_address(site: &SiteInfo, name: &str) -> String {
    url::of_file(site, name)
}

/// Returns the format of a topic's file: that of the longest suffix that fits.
fn format_of(name: &str) -> Option<&'static Format> {
    let fits = FORMATS.iter().chain([&lite::FORMAT]).filter(|format| name.ends_with(format.suffix));
    fits.max_by_key(|format| format.suffix.len())
}

/// Renders the page of a selection of a topic's items, of those that its JSON feed says.
#[must_use]
pub fn render_selection(site: &SiteInfo, feed: &PublishedFeed, selection: &Selection<'_>) -> RenderedFile {
    RenderedFile::new(format!("{}.html", selection.topic), pages::found(site, feed, selection, &FORMATS))
}

/// Renders the feed of the sources' health, `health.xml`.
#[must_use]
pub fn render_health(site: &SiteInfo, feed: &TopicFeed) -> Vec<RenderedFile> {
    let items = content::render_items(site, feed);
    let input = format::TopicInput {
        site,
        topic: feed,
        items: &items,
        formats: &HEALTH_FORMATS,
    };
    let render = |format: &Format| RenderedFile::new(format!("{}{}", feed.id, format.suffix), (format.render)(&input));
    HEALTH_FORMATS.iter().map(render).collect()
}

/// Renders the page of the sources' health, `health.html`.
#[must_use]
pub fn render_health_page(site: &SiteInfo, page: &HealthPage) -> RenderedFile {
    RenderedFile::new("health.html".to_owned(), pages::health(site, page, &HEALTH_FORMATS))
}

/// Renders the page of a source, `source/ID.html`.
#[must_use]
pub fn render_source(site: &SiteInfo, page: &SourcePage) -> RenderedFile {
    RenderedFile::new(format!("source/{}.html", page.outlet.id), pages::source(site, page))
}

/// Renders the page of a story, `story/ID.html`.
#[must_use]
pub fn render_story(site: &SiteInfo, page: &StoryPage<'_>) -> RenderedFile {
    RenderedFile::new(pages::story_page(page.item.story), pages::story(site, page))
}

/// Renders the files of the whole site: `index.html`, `region.html`, `about.html`, `index.opml` (the RSS feed of each topic), `feed.css` and the icons.
#[must_use]
pub fn render_index(site: &SiteInfo, topics: &[TopicSummary], sources: &[SourceStanding]) -> Vec<RenderedFile> {
    vec![
        RenderedFile::new("index.html".to_owned(), pages::index(site, topics, sources, &FORMATS)),
        RenderedFile::new("region.html".to_owned(), pages::region(site, topics)),
        RenderedFile::new("about.html".to_owned(), pages::about(site, topics, sources)),
        RenderedFile::new("index.opml".to_owned(), opml::topics(site, topics)),
        RenderedFile::new("feed.css".to_owned(), pages::STYLE_SHEET.to_owned()),
        RenderedFile::new("favicon.svg".to_owned(), pages::FAVICON.to_owned()),
        RenderedFile {
            name: pages::ICON_NAME.to_owned(),
            bytes: pages::ICON.to_vec(),
        },
    ]
}

/// Returns the names of all files that are rendered for the site and for these topics, of which some have a feed of text alone.
#[must_use]
pub fn file_names(topics: &[(&TopicId, bool)]) -> Vec<String> {
    let formats = |is_lite: bool| FORMATS.iter().chain(is_lite.then_some(&lite::FORMAT));
    let of_topics = topics
        .iter()
        .flat_map(|(topic, is_lite)| formats(*is_lite).map(move |format| format!("{topic}{}", format.suffix)));
    let of_site = [
        "index.html",
        "region.html",
        "about.html",
        "index.opml",
        "feed.css",
        "favicon.svg",
        pages::ICON_NAME,
        "health.xml",
        "health.html",
    ];
    of_topics.chain(of_site.map(str::to_owned)).collect()
}

/// Returns the names of the feeds of a topic.
#[must_use]
pub fn feed_names(topic: &TopicId, is_lite: bool) -> Vec<String> {
    let formats = FORMATS.iter().chain(is_lite.then_some(&lite::FORMAT));
    let feeds = formats.filter(|format| format.is_feed);
    feeds.map(|format| format!("{topic}{}", format.suffix)).collect()
}

/// Checks that a feed is well-formed to a strict parser.
///
/// # Errors
/// The first mistake, in words.
pub fn check_syntax(name: &str, bytes: &[u8]) -> Result<(), String> {
    if name.rsplit('.').next() == Some("json") {
        let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(bytes);
        return parsed.map(|_| ()).map_err(|error| error.to_string());
    }
    xml::check(bytes)
}

/// Returns whether `name` is the name of a file of this topic, in any format, compressed or not, or of a page of its archive.
#[must_use]
pub fn is_topic_file(topic: &TopicId, name: &str) -> bool {
    let Some(rest) = compression::plain_name(name).strip_prefix(topic.as_str()) else {
        return false;
    };
    let mut suffixes = FORMATS.iter().chain([&lite::FORMAT]).map(|format| format.suffix);
    suffixes.any(|suffix| rest == suffix || rest.strip_suffix(suffix).is_some_and(archive::is_page_part))
}

/// Returns the media type, with the charset of a text, under which an output file is served; `application/octet-stream` for other names.
#[must_use]
pub fn media_type(name: &str) -> String {
    let format = format_of(name).map(|format| format.media_type);
    let of_site = || match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => Some("text/css"),
        Some("svg") => Some("image/svg+xml"),
        _ => None,
    };
    match format.or_else(of_site) {
        Some(media_type) => format!("{media_type}; charset=utf-8"),
        None if name == pages::ICON_NAME => "image/png".to_owned(),
        None => "application/octet-stream".to_owned(),
    }
}
