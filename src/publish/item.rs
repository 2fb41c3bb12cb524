//! An item of a topic feed: a story as our readers see it, and the rules about its facts.

use super::text::to_plain_text;
use super::{Outlet, SiteInfo, TopicFeed, TopicSummary};
use crate::model::{Author, CleanHtml, Enclosure, Image, Reason, Timestamp, TopicId};
use url::Url;

/// A story as a topic feed tells it: the lead's words, and who else reported.
#[derive(Debug, Clone)]
pub struct Item {
    /// The published guid, a `tag:` URI (RFC 4151); it never changes.
    pub guid: String,
    /// The lead's headline, plain.
    pub title: String,
    /// The lead's page.
    pub link: Option<Url>,
    /// The lead's source.
    pub outlet: Outlet,
    /// As much of the body as the strictest `republish` lets pass.
    pub body: Option<CleanHtml>,
    /// A plain summary of at most 300 characters.
    pub summary: String,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// The lead's BCP 47 language tag.
    pub language: Option<String>,
    /// The publisher's categories, plain.
    pub categories: Vec<String>,
    /// When the lead's publisher says it appeared.
    pub published: Option<Timestamp>,
    /// When we first saw the lead.
    pub first_seen: Timestamp,
    /// When the story first stood in a feed of ours.
    pub first_published: Timestamp,
    /// When its text last really changed.
    pub updated: Timestamp,
    /// Attached media.
    pub enclosure: Option<Enclosure>,
    /// The lead's picture.
    pub image: Option<Image>,
    /// The other reports of the story.
    pub also: Vec<Report>,
    /// The older story that this one goes on from.
    pub earlier: Option<Report>,
    /// The editor's note, plain.
    pub note: Option<String>,
    /// How well it matched the topic.
    pub score: f64,
    /// Why it is in the topic.
    pub reasons: Vec<Reason>,
}

/// Another outlet's report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The outlet's name, plain.
    pub outlet: String,
    /// Its headline, plain.
    pub title: String,
    /// Its page.
    pub link: Option<Url>,
    /// Its date.
    pub date: Timestamp,
    /// Whether its text repeats another's.
    pub copy: bool,
}

/// 1990-01-01: an older date is a broken clock's, since no feed is that old; validators refuse it too.
pub(super) const OLDEST: i64 = 631_152_000;

impl Item {
    /// Returns the date readers see: the publisher's, but at most `first_published`; where none was given, `first_seen`.
    pub(super) fn date(&self) -> Timestamp {
        let given = self.published.filter(|date| date.unix() >= OLDEST);
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

    /// Returns what the topic is about, never empty: RSS wants a description.
    pub(super) fn about(&self, site: &SiteInfo) -> String {
        let about = self.description.as_deref().map(to_plain_text).filter(|text| !text.is_empty());
        about.unwrap_or_else(|| to_plain_text(&format!("{} — {}", self.label(), site.title)))
    }
}

/// Returns the enclosure's media type as given, or else as the address's ending tells.
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
