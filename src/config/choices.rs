//! The keys' values that are one word of several, as enums with their words.

/// An enum whose variants are words of feeds.toml.
pub(super) trait Choice: Copy + PartialEq + 'static {
    /// Every variant with its word, in the order in which messages and the schema list them.
    const WORDS: &'static [(&'static str, Self)];

    /// Returns the variant's word.
    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, value)| *value == self);
        found.map_or("", |(word, _)| word)
    }
}

/// Returns the words of a list of words and values.
pub(super) fn words<T>(pairs: &[(&'static str, T)]) -> Vec<&'static str> {
    pairs.iter().map(|(word, _)| *word).collect()
}

/// How much of an entry is republished. The variants are in the order of strictness.
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

impl Choice for Republish {
    const WORDS: &'static [(&'static str, Self)] = &[("full", Self::Full), ("excerpt", Self::Excerpt), ("link", Self::Link)];
}

/// The language of pages and messages.
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

impl Choice for PageLanguage {
    const WORDS: &'static [(&'static str, Self)] = &[("en", Self::En), ("fr", Self::Fr), ("ar", Self::Ar)];
}

impl PageLanguage {
    /// Returns the BCP 47 tag, which is the word of feeds.toml too.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.word()
    }
}

/// The form of a notification's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NotifyFormat {
    /// griot's own JSON.
    #[default]
    Json,
    /// The body of Slack's incoming webhooks, which Mattermost reads too.
    Slack,
}

impl Choice for NotifyFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("json", Self::Json), ("slack", Self::Slack), ("mattermost", Self::Slack)];
}

/// Which news is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NotifyEvents {
    /// Stories and alerts.
    #[default]
    All,
    /// Each new story.
    Story,
    /// Each alert.
    Alert,
}

impl Choice for NotifyEvents {
    const WORDS: &'static [(&'static str, Self)] = &[("all", Self::All), ("story", Self::Story), ("alert", Self::Alert)];
}

/// Who may read the figures of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MetricsAccess {
    /// Programs on this machine, not through a proxy.
    #[default]
    Loopback,
    /// Everybody who can reach the server.
    Public,
    /// Nobody.
    Off,
}

impl Choice for MetricsAccess {
    const WORDS: &'static [(&'static str, Self)] = &[("loopback", Self::Loopback), ("public", Self::Public), ("off", Self::Off)];
}

/// Which requests are preceded by a check of robots.txt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Robots {
    /// Those for article pages.
    #[default]
    Articles,
    /// Those for feeds too.
    All,
    /// None.
    Off,
}

impl Choice for Robots {
    const WORDS: &'static [(&'static str, Self)] = &[("articles", Self::Articles), ("all", Self::All), ("off", Self::Off)];
}

/// What kind of outlet a source is.
///
/// The names of the variants enter the digests of topics through `Debug`: a renamed variant would have every topic evaluated anew.
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
    /// A government's own publication.
    Government,
}

impl Choice for SourceKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("state", Self::State),
        ("private", Self::Private),
        ("radio", Self::Radio),
        ("wire", Self::Wire),
        ("ngo", Self::Ngo),
        ("international", Self::International),
        ("think-tank", Self::ThinkTank),
        ("aggregator", Self::Aggregator),
        ("government", Self::Government),
    ];
}

impl SourceKind {
    /// Returns the word that feeds.toml and queries use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.word()
    }

    /// Returns the words of all kinds.
    #[must_use]
    pub fn words() -> Vec<&'static str> {
        words(Self::WORDS)
    }
}

/// Where the body of an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ArticlePolicy {
    /// The page is fetched and the article extracted.
    Page,
    /// The feed's own text is used.
    #[default]
    Feed,
    /// No body is published, only the feed's summary.
    Off,
}

impl Choice for ArticlePolicy {
    const WORDS: &'static [(&'static str, Self)] = &[("page", Self::Page), ("feed", Self::Feed), ("off", Self::Off)];
}

/// How a source's TLS certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TlsPolicy {
    /// As everywhere.
    #[default]
    Strict,
    /// An expired certificate is accepted if nothing else is wrong with it.
    AllowExpired,
}

impl Choice for TlsPolicy {
    const WORDS: &'static [(&'static str, Self)] = &[("strict", Self::Strict), ("allow-expired", Self::AllowExpired)];
}

/// How many entries of one story a topic shows.
///
/// The names of the variants enter the digests of topics through `Debug`: a renamed variant would have every topic evaluated anew.
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

impl Choice for StoryMode {
    const WORDS: &'static [(&'static str, Self)] = &[("one", Self::One), ("copies", Self::Copies), ("off", Self::Off)];
}
