//! What publishing is given: the site, a topic with its items, outlets; and the rules about their dates and titles. No rendering.

use super::text::to_plain_text;
use crate::config::PageLanguage;
use crate::model::{
    About, Agency, ArticleMethod, Author, CleanHtml, Enclosure, Genre, Image, Reason, SourceId, StoryId, Timestamp, TopicId,
};
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
    /// How its editors are reached: a mail address or a URL.
    pub contact: Option<String>,
    /// Whether there are pages of stories and of sources to link to: not where a topic is private.
    pub has_story_pages: bool,
    /// Whether pages have a search form, which only `griot serve` answers.
    pub has_search: bool,
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
    /// The items that editors have hidden lately, by time.
    pub deleted: Vec<DeletedItem>,
    /// The sources that told its items, for its OPML.
    pub sources: Vec<Outlet>,
    /// Whether it has a feed of text alone as well.
    pub lite: bool,
    /// Its place in the archive of the topic.
    pub archive: ArchiveLinks,
    /// The WebSub hub that passes its changes on.
    pub hub: Option<Url>,
}

/// The place of a document in the archive of its topic (RFC 5005, section 4). Pages are numbered from 1, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArchiveLinks {
    /// Its number, when it is a page of the archive; none for the feed to which readers subscribe.
    pub page: Option<u32>,
    /// The page before it.
    pub previous: Option<u32>,
    /// The page after it.
    pub next: Option<u32>,
}

/// An item that a topic feed showed and shows no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedItem {
    /// Its published guid.
    pub guid: String,
    /// When it was hidden.
    pub at: Timestamp,
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
    /// The ISO 3166-1 code of its country.
    pub country: Option<String>,
    /// What kind of outlet it is, such as `state` or `radio`.
    pub kind: Option<&'static str>,
    /// The editor's note on it.
    pub note: Option<String>,
}

/// A story as an item: the text of its lead, and the other reports.
#[derive(Debug, Clone)]
pub struct Item {
    /// The published guid, a `tag:` URI (RFC 4151); it never changes.
    pub guid: String,
    /// Its story.
    pub story: StoryId,
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
    /// When the publisher's last correction of the lead was seen, if it came after the story was first published.
    pub corrected: Option<Timestamp>,
    /// The licence, or the statement of rights, of the lead's source or of its feed.
    pub licence: Option<String>,
    /// What its publisher reserves, as codes of `html::reservations`.
    pub reservations: Vec<String>,
    /// How the text was found: by which method on its page, or in the feed.
    pub method: ArticleMethod,
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
    /// The countries and regions that it is about.
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
    /// Its source.
    pub source: SourceId,
    /// The outlet's name.
    pub outlet: String,
    /// The ISO 3166-1 code of the outlet's country.
    pub country: Option<String>,
    /// What kind of outlet it is.
    pub kind: Option<&'static str>,
    /// Its BCP 47 language tag.
    pub language: Option<String>,
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
    /// Returns an item with what every item has, of which nothing else is known; `at` is when it was first seen and published.
    #[must_use]
    pub fn new(guid: String, story: StoryId, title: String, outlet: Outlet, at: Timestamp) -> Self {
        Self {
            guid,
            story,
            title,
            link: None,
            outlet,
            body: None,
            summary: String::new(),
            authors: Vec::new(),
            language: None,
            categories: Vec::new(),
            published: None,
            first_seen: at,
            first_published: at,
            updated: at,
            corrected: None,
            licence: None,
            reservations: Vec::new(),
            method: ArticleMethod::Feed,
            enclosure: None,
            image: None,
            also: Vec::new(),
            unlisted: 0,
            copies: 0,
            earlier: None,
            note: None,
            about: About::default(),
            genre: None,
            agency: None,
            independent: 1,
            reasons: Vec::new(),
            masked: Vec::new(),
            rule: String::new(),
        }
    }

    /// Returns the item's date: the publisher's, at most `first_published`; `first_seen` where the publisher gives none.
    pub(super) fn date(&self) -> Timestamp {
        let given = self.published.filter(|date| date.unix() >= OLDEST_UNIX_SECONDS);
        given.unwrap_or(self.first_seen).min(self.first_published)
    }
}

/// Returns the title of a topic, plain and never empty.
pub(super) fn label(id: &TopicId, title: &str) -> String {
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
    type_of_ending(&enclosure.url).unwrap_or("application/octet-stream").to_owned()
}

/// Returns the media type of a picture by the ending of its address.
pub(super) fn image_type(address: &Url) -> Option<&'static str> {
    type_of_ending(address).filter(|mime| mime.starts_with("image/"))
}

fn type_of_ending(address: &Url) -> Option<&'static str> {
    let ending = address.path().rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match ending.to_ascii_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "mp4" | "m4v" => "video/mp4",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        "pdf" => "application/pdf",
        _ => return None,
    })
}
