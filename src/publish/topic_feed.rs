//! What publishing is given: the site, a topic with its items, outlets; and the rules about their dates and titles. No rendering.

use super::text::to_plain_text;
use crate::config::PageLanguage;
use crate::model::{About, Agency, Author, CleanHtml, Enclosure, Genre, Image, Reason, SourceId, Timestamp, TopicId};
use url::Url;

/// What `[site]` of feeds.toml says.
#[derive(Debug, Clone)]
pub struct SiteInfo {
    /// The title of the site.
    pub title: String,
    /// Where the files are served; none until the operator sets it.
    pub base_url: Option<Url>,
    /// The language of pages and of the credit lines of items.
    pub language: PageLanguage,
    /// The IANA time zone of times on pages.
    pub timezone: String,
}

/// A topic and the items of its feed.
#[derive(Debug, Clone)]
pub struct TopicFeed {
    /// The topic; file names begin with it.
    pub id: TopicId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// Its BCP 47 language tag.
    pub language: String,
    /// The items, newest first.
    pub items: Vec<Item>,
    /// The sources it is made of, for its OPML.
    pub sources: Vec<Outlet>,
}

/// A source as it is named in public.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// The source.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// The URL of its feed.
    pub feed: Option<Url>,
    /// Its home page.
    pub site: Option<Url>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
}

/// A topic as the index page lists it.
#[derive(Debug, Clone)]
pub struct TopicSummary {
    /// The topic.
    pub id: TopicId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// How many items its feed holds.
    pub items: usize,
    /// The date of its newest item.
    pub newest: Option<Timestamp>,
}

/// A story as an item: the text of its lead, and the other reports.
#[derive(Debug, Clone)]
pub struct Item {
    /// The published guid, a `tag:` URI (RFC 4151); it never changes.
    pub guid: String,
    /// The lead's title.
    pub title: String,
    /// The lead's page.
    pub link: Option<Url>,
    /// The lead's source.
    pub outlet: Outlet,
    /// The part of the body that the strictest `republish` allows.
    pub body: Option<CleanHtml>,
    /// A plain-text summary of at most 300 characters.
    pub summary: String,
    /// Its authors.
    pub authors: Vec<Author>,
    /// The lead's BCP 47 language tag.
    pub language: Option<String>,
    /// The publisher's categories.
    pub categories: Vec<String>,
    /// When the lead was published, as its publisher says.
    pub published: Option<Timestamp>,
    /// When the lead was first fetched.
    pub first_seen: Timestamp,
    /// When the story was first published in a topic feed.
    pub first_published: Timestamp,
    /// When its text last really changed.
    pub updated: Timestamp,
    /// Attached media.
    pub enclosure: Option<Enclosure>,
    /// The lead's picture.
    pub image: Option<Image>,
    /// The other reports of the story, by date: one of each other text.
    pub also: Vec<Report>,
    /// The number of earlier reports, for which there is no room.
    pub unlisted: usize,
    /// The number of entries of the story with the same text as the lead or a report.
    pub copies: usize,
    /// The earlier story that this one continues.
    pub earlier: Option<Report>,
    /// The editor's note.
    pub note: Option<String>,
    /// The score of its match with the topic's rule.
    pub score: f64,
    /// The countries that it is about.
    pub about: About,
    /// What kind of text it is, when it reports no event of its own.
    pub genre: Option<Genre>,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
    /// The number of sources that told the story independently.
    pub independent: usize,
    /// Why it is in the topic.
    pub reasons: Vec<Reason>,
    /// Words that count for nothing, folded.
    pub masked: Vec<String>,
    /// The version of the rule by which it was evaluated.
    pub rule: String,
}

/// Another report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The outlet's name.
    pub outlet: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub link: Option<Url>,
    /// Its date.
    pub date: Timestamp,
    /// The news agency whose text it is.
    pub agency: Option<Agency>,
}

/// The earliest publication date that is accepted, 1990-01-01 in Unix seconds: no feed is older, and validators refuse earlier dates.
pub(super) const OLDEST_UNIX_SECONDS: i64 = 631_152_000;

impl Item {
    /// Returns the item's date: the publisher's, at most `first_published`; `first_seen` where the publisher gives none.
    pub(super) fn date(&self) -> Timestamp {
        let given = self.published.filter(|date| date.unix() >= OLDEST_UNIX_SECONDS);
        given.unwrap_or(self.first_seen).min(self.first_published)
    }
}

impl TopicSummary {
    /// Returns the title, plain and never empty.
    pub(super) fn label(&self) -> String {
        label(&self.id, &self.title)
    }
}

fn label(id: &TopicId, title: &str) -> String {
    let title = to_plain_text(title);
    if title.is_empty() { id.to_string() } else { title }
}

impl TopicFeed {
    /// Returns the title, plain and never empty.
    pub(super) fn label(&self) -> String {
        label(&self.id, &self.title)
    }

    /// Returns the description, never empty: RSS 2.0 requires one.
    pub(super) fn about(&self, site: &SiteInfo) -> String {
        let about = self.description.as_deref().map(to_plain_text).filter(|text| !text.is_empty());
        about.unwrap_or_else(|| to_plain_text(&format!("{} — {}", self.label(), site.title)))
    }
}

/// Returns the media type that the feed states, else the one of the URL's extension.
pub(super) fn media_type_of(enclosure: &Enclosure) -> String {
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let given = enclosure.mime.as_deref().map(str::trim).and_then(|mime| mime.split(';').next());
    if let Some(given) = given.filter(|mime| mime.split_once('/').is_some_and(|(top, sub)| is_token(top) && is_token(sub))) {
        return given.to_ascii_lowercase();
    }
    let ending = enclosure.url.path().rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "mp4" | "m4v" => "video/mp4",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
    .to_owned()
}
