//! The checked configuration: what the rest of the program sees of feeds.toml.
//!
//! Queries, selectors and site rules stay text with their [`Place`]; the module that understands them compiles them.

use crate::model::{SourceId, TopicId};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where something stands in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Which of [`Config::files`].
    pub file: usize,
    /// The bytes of that file, from the first to behind the last.
    pub span: std::ops::Range<usize>,
}

/// A text with its place, so that whoever compiles it can point at it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placed {
    /// The text.
    pub text: String,
    /// Its place.
    pub place: Place,
}

/// A file the configuration was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its path as the user gave it.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The whole checked configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The files it was read from; the first is feeds.toml itself, the others were included.
    pub files: Vec<ConfigFile>,
    /// `[site]`.
    pub site: Site,
    /// `[fetch]`.
    pub fetch: FetchPolicy,
    /// `[report]`.
    pub report: Report,
    /// `[retention]`.
    pub retention: Retention,
    /// `[search]`.
    pub search: Search,
    /// `[[source]]`, in the order of the files.
    pub sources: Vec<Source>,
    /// `[[topic]]`, in the order of the files.
    pub topics: Vec<Topic>,
    /// `[concept.NAME]`.
    pub concepts: BTreeMap<String, Concept>,
    /// `[admin]`; waits for a later version.
    pub admin: Option<Admin>,
    /// `[smtp]`; waits for the digest by mail.
    pub smtp: Option<Smtp>,
    /// The site rules of the folder `rules/` beside feeds.toml, sorted by name. Only [`super::load`] reads them.
    pub rules: Vec<ConfigFile>,
}

/// How much of an entry is passed on. The variants are in the order of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Republish {
    /// The whole body.
    Full,
    /// The first paragraphs, at most 600 characters.
    #[default]
    Excerpt,
    /// The title and the link.
    Link,
}

/// The language of pages, reasons and remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PageLanguage {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Arabic.
    Ar,
}

impl PageLanguage {
    /// Returns the BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ar => "ar",
        }
    }
}

/// `[site]`: what we publish as a whole.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name of the whole. Default "griot".
    pub title: String,
    /// Where `out` is served, with a trailing slash; none until the operator sets it.
    pub base_url: Option<Url>,
    /// Where files are written; absolute, or relative to the working directory. Default `public` beside feeds.toml.
    pub out: PathBuf,
    /// The language of pages.
    pub language: PageLanguage,
    /// The IANA zone of days and times that people read. Default "UTC".
    pub timezone: String,
    /// A mail address or URL under which sites can reach the operator.
    pub contact: Option<String>,
    /// How much of an entry is passed on where nothing stricter is said.
    pub republish: Republish,
}

/// Which requests ask robots.txt first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Robots {
    /// Article pages only.
    #[default]
    Articles,
    /// Feeds too.
    All,
    /// None.
    Off,
}

/// `[fetch]`: how we behave on the network.
#[derive(Debug, Clone)]
pub struct FetchPolicy {
    /// A source is not asked sooner than this. Default one hour.
    pub every: Duration,
    /// After this time a run takes up nothing new. Default 8 minutes.
    pub budget: Duration,
    /// How many requests run in parallel. Default 16.
    pub jobs: usize,
    /// The pause between two requests to one host. Default one second.
    pub host_delay: Duration,
    /// The time that one request may take in all. Default 30 seconds.
    pub timeout: Duration,
    /// The size of a body after decompression, in bytes. Default 15 MB.
    pub max_body: u64,
    /// Which requests ask robots.txt first.
    pub robots: Robots,
    /// Whether loopback, RFC 1918 and ULA addresses may be asked.
    pub allow_private_networks: bool,
    /// Networks that may be asked although they are private.
    pub allow_networks: Vec<IpNet>,
    /// Who we say we are.
    pub user_agent: Option<String>,
}

/// `[report]`: who hears of failures, and when.
#[derive(Debug, Clone)]
pub struct Report {
    /// A failure is reported once it has lasted this long. Default 24 hours.
    pub warn_after: Duration,
    /// It is reported again after this time; waits for a later version. Default 7 days.
    pub remind: Duration,
    /// The share of failed sources, 0 to 1, above which a run counts as partial. Default 0.9.
    pub fail_on: f64,
    /// A healthchecks-style URL; waits for a later version.
    pub ping: Option<Url>,
}

/// `[retention]`: what is kept how long. Purging waits for a later version.
#[derive(Debug, Clone)]
pub struct Retention {
    /// Entries older than this are purged. Default two years.
    pub keep: Duration,
    /// At least so many entries of each source stay. Default 50.
    pub keep_min: u32,
}

/// `[search]`.
#[derive(Debug, Clone)]
pub struct Search {
    /// Whether a full-text index is kept; the index itself waits for a later version.
    pub index: bool,
}

/// What kind of outlet a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// State media.
    State,
    /// A private outlet.
    Private,
    /// A radio station.
    Radio,
    /// A news agency.
    Wire,
    /// A non-governmental organisation.
    Ngo,
    /// An international broadcaster or body.
    International,
    /// A research institute.
    ThinkTank,
    /// A site that repeats others.
    Aggregator,
    /// A government's own voice.
    Government,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::State,
        Self::Private,
        Self::Radio,
        Self::Wire,
        Self::Ngo,
        Self::International,
        Self::ThinkTank,
        Self::Aggregator,
        Self::Government,
    ];

    /// Returns the word that feeds.toml and queries use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Private => "private",
            Self::Radio => "radio",
            Self::Wire => "wire",
            Self::Ngo => "ngo",
            Self::International => "international",
            Self::ThinkTank => "think-tank",
            Self::Aggregator => "aggregator",
            Self::Government => "government",
        }
    }
}

/// Where the body of an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ArticlePolicy {
    /// The page is fetched and the article extracted.
    Page,
    /// The feed's own text is taken.
    #[default]
    Feed,
    /// No body is published, only the feed's summary.
    Off,
}

/// `select`: CSS selectors for sites where the automatic way fails. Compiled by `extract`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    /// The element that holds the body.
    pub body: Option<Placed>,
    /// The headline.
    pub title: Option<Placed>,
    /// The author.
    pub author: Option<Placed>,
    /// The date.
    pub date: Option<Placed>,
    /// Elements of the body to leave out.
    pub remove: Vec<Placed>,
}

/// `list`: how to read a page that lists entries, for sites without a feed. Waits for a later version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// The links of the entries.
    pub link: Placed,
    /// The headline within or around the link.
    pub title: Option<Placed>,
    /// The date.
    pub date: Option<Placed>,
}

/// How a source's TLS certificate is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TlsPolicy {
    /// As everywhere.
    #[default]
    Strict,
    /// A certificate is taken that has expired, if nothing else is wrong with it.
    AllowExpired,
}

/// A value that may stand in the environment, so that no secret needs to stand in a file.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The value itself.
    Plain(String),
    /// The name of the environment variable that holds it.
    Env(String),
}

impl std::fmt::Debug for Secret {
    /// Names the variable, never the value: a configuration may be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(_) => f.write_str("Plain(…)"),
            Self::Env(name) => write!(f, "Env({name})"),
        }
    }
}

/// `[[source]]`: an address we follow.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id; what was fetched is kept under it.
    pub id: SourceId,
    /// Its name, for people. Default the id.
    pub name: String,
    /// Its feed addresses, the preferred one first; empty only when `list` is given. When one
    /// fails, the next visit asks the next; the one that works is remembered.
    pub urls: Vec<Url>,
    /// The outlet's home page.
    pub site: Option<Url>,
    /// How to read a list page.
    pub list: Option<ListPage>,
    /// An ISO 3166-1 alpha-2 country code.
    pub country: Option<String>,
    /// What kind of outlet it is.
    pub kind: Option<SourceKind>,
    /// Who owns it: sources of one owner are no independent reports.
    pub owner: Option<String>,
    /// The BCP 47 language tag of its entries; it wins over what its feed says, which is often a default that nobody changed.
    pub lang: Option<String>,
    /// The operator's tags.
    pub tags: Vec<String>,
    /// Its own `every`; none means that of `[fetch]`.
    pub every: Option<Duration>,
    /// Where the body of its entries comes from.
    pub article: ArticlePolicy,
    /// CSS selectors for its pages.
    pub select: Select,
    /// How much of it is passed on, where that is stricter than the site and the topic.
    pub republish: Option<Republish>,
    /// Its licence, for people.
    pub licence: Option<String>,
    /// Which copy leads a story, 0 to 100. Default 50.
    pub trust: u8,
    /// Whether its entries may be merged with others. Default true.
    pub dedupe: bool,
    /// Whether images are kept in bodies. Default true.
    pub images: bool,
    /// The IANA zone of dates that name none.
    pub timezone: Option<String>,
    /// A charset label that overrides what the server and the document say.
    pub charset: Option<String>,
    /// Extra request headers.
    pub headers: BTreeMap<String, Secret>,
    /// `user:password` for basic authentication.
    pub auth: Option<Secret>,
    /// A proxy's address: http, https or socks5. It looks names up itself.
    pub proxy: Option<Url>,
    /// How its TLS certificate is judged.
    pub tls: TlsPolicy,
    /// Its own User-Agent.
    pub user_agent: Option<String>,
    /// Its own `timeout`.
    pub timeout: Option<Duration>,
    /// Whether it is fetched at all.
    pub enabled: bool,
    /// The operator's note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// How many entries of one story a topic shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StoryMode {
    /// One entry a story.
    #[default]
    One,
    /// Only identical texts are merged.
    Copies,
    /// Every entry by itself.
    Off,
}

/// A topic's rule as text; `curate` compiles it. All that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Concepts that must be met; each is `@name`.
    pub about: Vec<Placed>,
    /// Terms of which one must be met.
    pub any: Vec<Placed>,
    /// Terms that must all be met.
    pub all: Vec<Placed>,
    /// Terms that must not be met.
    pub none: Vec<Placed>,
    /// A query in the query language.
    pub query: Option<Placed>,
}

/// `[[topic]]`: a curated subject, published as a topic feed.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of its own that the operator sets by itself"
)]
pub struct Topic {
    /// Its id, and the name of its files.
    pub id: TopicId,
    /// Its title. Default the id.
    pub title: String,
    /// What it is about, for people.
    pub description: Option<String>,
    /// Its rule.
    pub rule: Rule,
    /// The least score of a placement. Default 0.
    pub min_score: f64,
    /// How many entries of one story it shows.
    pub stories: StoryMode,
    /// How much of an entry its items hold, where that is stricter than the site.
    pub body: Option<Republish>,
    /// How many items it holds. Default 60.
    pub limit: usize,
    /// Items older than this leave; none means no limit.
    pub keep: Option<Duration>,
    /// Whether items wait for approval; waits for a later version.
    pub review: bool,
    /// Whether marks teach it; waits for a later version.
    pub learn: bool,
    /// The precision and recall that `topic eval --strict` asks for; waits for a later version.
    pub expect: Option<(f64, f64)>,
    /// Whether a text-only feed is written too; waits for a later version.
    pub lite: bool,
    /// Its language tag. Default that of the site.
    pub language: Option<String>,
    /// The token of a private topic. Private topics are served by nobody until a later version.
    pub token: Option<Secret>,
    /// A `WebSub` hub; waits for a later version.
    pub hub: Option<Url>,
    /// Webhooks; waits for a later version.
    pub notify: Vec<Url>,
    /// Whether it is published at all.
    pub enabled: bool,
    /// Where it stands.
    pub place: Place,
}

/// `[concept.NAME]`: a named set of words in several languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    /// Words and phrases of which one must be met.
    pub any: Vec<Placed>,
    /// Words that count only with other evidence near.
    pub weak: Vec<Placed>,
    /// Longer words that are taken out before matching.
    pub mask: Vec<Placed>,
    /// Words that are not stemmed.
    pub nostem: Vec<Placed>,
    /// Where it stands.
    pub place: Place,
}

/// `[admin]`.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The hash of the password.
    pub password_hash: Secret,
}

/// `[smtp]`.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// The mail server's address with user and password.
    pub url: Secret,
}

/// One mistake in the configuration. `config::report` prints it with its line and a caret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigProblem {
    /// Where it is; none for a mistake of the whole.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do, such as "did you mean `every`?".
    pub help: Option<String>,
    /// A second place that explains the first, with a few words on it, such as "first used here".
    pub also: Option<Placed>,
}
