//! A feed: what a fetched document says of itself.

use super::time::Timestamp;
use std::time::Duration;
use url::Url;

/// The format a feed document was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// RSS 0.91 to 2.0 and its odd relatives.
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    /// Atom 0.3 and 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// A sitemap of news, as search engines read it.
    Sitemap,
}

impl FeedKind {
    /// Returns the name people see: `rss`, `rdf`, `atom`, `json` or `sitemap`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Rdf => "rdf",
            Self::Atom => "atom",
            Self::Json => "json",
            Self::Sitemap => "sitemap",
        }
    }
}

/// What a feed says of itself. Texts are plain; every URL is absolute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedMeta {
    /// The feed's own id (`atom:id`, `rdf:about`).
    pub id: Option<String>,
    /// The feed's title.
    pub title: String,
    /// The site's home page.
    pub link: Option<Url>,
    /// What the feed is about.
    pub description: Option<String>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// Who publishes it.
    pub author: Option<String>,
    /// When it says it last changed.
    pub updated: Option<Timestamp>,
    /// Its picture.
    pub image: Option<Url>,
    /// The software that wrote it.
    pub generator: Option<String>,
    /// The rights statement.
    pub rights: Option<String>,
    /// The licence's address.
    pub licence: Option<Url>,
    /// Its own address (`atom:link rel="self"`).
    pub self_link: Option<Url>,
    /// Its `WebSub` hubs.
    pub hubs: Vec<Url>,
    /// How often it wants to be asked.
    pub hints: RefreshHints,
    /// Where its older entries are.
    pub history: History,
}

/// Where a feed's older entries are (RFC 5005).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Whether this document holds all entries there are (`fh:complete`).
    pub complete: bool,
    /// Whether this document is an archive, which never changes (`fh:archive`).
    pub archive: bool,
    /// The archive before this document (`rel="prev-archive"`).
    pub previous_archive: Option<Url>,
    /// The page after this one (`rel="next"`).
    pub next_page: Option<Url>,
}

/// How often a feed wants to be asked, by its own words.
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
