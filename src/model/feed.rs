//! A feed: the metadata of a fetched document.

use super::entry::EntryDraft;
use super::time::Timestamp;
use std::time::Duration;
use url::Url;

/// The format of a feed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// RSS 0.91 to 2.0 and its dialects.
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    /// Atom 0.3 and 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// A news sitemap, as search engines define it.
    Sitemap,
    /// A page of HTML that lists entries.
    List,
}

impl FeedKind {
    /// Returns the word under which the format is shown: `rss`, `rdf`, `atom`, `json`, `sitemap` or `list`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Rdf => "rdf",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Sitemap => "sitemap",
            Self::List => "list",
        }
    }
}

/// The metadata of a feed. Texts are plain; every URL is absolute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedMeta {
    /// The feed's own id (`atom:id`, `rdf:about`).
    pub id: Option<String>,
    /// The feed's title.
    pub title: String,
    /// The URL of the site.
    pub link: Option<Url>,
    /// The description.
    pub description: Option<String>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The author or publisher.
    pub author: Option<String>,
    /// The date of the last change that it states.
    pub updated: Option<Timestamp>,
    /// The image.
    pub image: Option<Url>,
    /// The software that wrote it.
    pub generator: Option<String>,
    /// The rights statement.
    pub rights: Option<String>,
    /// The URL of the licence.
    pub licence: Option<Url>,
    /// What it reserves, as codes of `html::reservations`.
    pub reservations: Vec<String>,
    /// Its own URL (`atom:link rel="self"`).
    pub self_link: Option<Url>,
    /// Its `WebSub` hubs.
    pub hubs: Vec<Url>,
    /// How often it asks to be fetched.
    pub hints: RefreshHints,
    /// Links to its older entries.
    pub history: History,
}

impl FeedMeta {
    /// Returns the licence of an entry as its address, else its statement of rights; those of the feed where it has none.
    #[must_use]
    pub fn rights_of(&self, draft: &EntryDraft) -> Option<String> {
        let address = |licence: &Option<Url>| licence.as_ref().map(Url::to_string);
        let own = address(&draft.licence).or_else(|| draft.rights.clone());
        own.or_else(|| address(&self.licence)).or_else(|| self.rights.clone())
    }
}

/// Links to a feed's older entries (RFC 5005).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Whether this document holds all entries of the feed (`fh:complete`).
    pub complete: bool,
    /// Whether this document is an archive document, which never changes (`fh:archive`).
    pub archive: bool,
    /// The archive document before this one (`rel="prev-archive"`).
    pub previous_archive: Option<Url>,
    /// The page after this one (`rel="next"`).
    pub next_page: Option<Url>,
}

/// How often a feed asks to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RefreshHints {
    /// `ttl` of RSS.
    pub ttl: Option<Duration>,
    /// The period that `sy:updatePeriod` and `sy:updateFrequency` give.
    pub update_period: Option<Duration>,
    /// `skipHours` of RSS: hours of the day in UTC, 0 to 23.
    pub skip_hours: Vec<u8>,
    /// `skipDays` of RSS: days of the week, Monday is 0.
    pub skip_days: Vec<u8>,
}
