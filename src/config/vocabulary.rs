//! The words of feeds.toml: every table, every key, what kind of value it takes, and one sentence on it.
//!
//! The check for unknown keys, the did-you-mean and the JSON Schema all read this one table. It does not say how a value is read: that is
//! said where the nouns are built, and a test holds the two together.

/// What a key holds.
pub(super) enum Kind {
    Text,
    /// A text, or `env:NAME`.
    Secret,
    Texts,
    Flag,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number from the first to the second.
    Number(f64, f64),
    Duration,
    Size,
    Percent,
    Url,
    Urls,
    Choice(&'static [&'static str]),
    /// A table whose keys the operator chooses; each value is a text, or `env:NAME`.
    Secrets,
    /// One table.
    Table(&'static Vocabulary),
    /// An array of tables.
    Tables(&'static Vocabulary),
    /// A table of tables, each under a name that the operator chooses.
    Named(&'static Vocabulary),
}

/// A key of a table.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) says: &'static str,
}

/// The keys of one table.
pub(super) struct Vocabulary {
    /// How the operator writes the table's head.
    pub(super) head: &'static str,
    /// The keys without which the table means nothing.
    pub(super) needed: &'static [&'static str],
    pub(super) keys: &'static [Key],
}

impl Vocabulary {
    /// Returns the key of this name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, kind: Kind, says: &'static str) -> Key {
    Key { name, kind, says }
}

const REPUBLISH: Kind = Kind::Choice(&["full", "excerpt", "link"]);

/// The top level.
pub(super) static ROOT: Vocabulary = Vocabulary {
    head: "the top level",
    needed: &[],
    keys: &[
        key("site", Kind::Table(&SITE), "What is published as a whole."),
        key("fetch", Kind::Table(&FETCH), "How griot behaves on the network."),
        key("report", Kind::Table(&REPORT), "Who hears of failures, and when."),
        key("retention", Kind::Table(&RETENTION), "What is kept how long."),
        key("search", Kind::Table(&SEARCH), "The full-text index."),
        key("source", Kind::Tables(&SOURCE), "An address to follow."),
        key("topic", Kind::Tables(&TOPIC), "A curated subject, published as a topic feed."),
        key("concept", Kind::Named(&CONCEPT), "A named set of words in several languages."),
        key("admin", Kind::Table(&ADMIN), "Curation in the browser. Waits for a later version."),
        key(
            "smtp",
            Kind::Table(&SMTP),
            "The mail server for digests. Waits for a later version.",
        ),
    ],
};

/// `[site]`.
pub(super) static SITE: Vocabulary = Vocabulary {
    head: "[site]",
    needed: &[],
    keys: &[
        key("title", Kind::Text, "The name of the whole."),
        key("base_url", Kind::Url, "Where `out` is served."),
        key("out", Kind::Text, "The folder that files are written to."),
        key(
            "language",
            Kind::Choice(&["en", "fr", "ar"]),
            "The language of pages, reasons and remedies.",
        ),
        key("timezone", Kind::Text, "The IANA zone of days and times that people read."),
        key(
            "contact",
            Kind::Text,
            "A mail address or URL that goes into the User-Agent, so that sites can reach you.",
        ),
        key(
            "republish",
            REPUBLISH,
            "How much of an entry is passed on. full: for private use or with permission.",
        ),
        key(
            "include",
            Kind::Texts,
            "More files with sources, topics and concepts, such as sources.d/*.toml.",
        ),
    ],
};

/// `[fetch]`.
pub(super) static FETCH: Vocabulary = Vocabulary {
    head: "[fetch]",
    needed: &[],
    keys: &[
        key("every", Kind::Duration, "A source is not asked sooner than this."),
        key("budget", Kind::Duration, "After this time a run takes up nothing new."),
        key(
            "jobs",
            Kind::Whole(1, 256),
            "How many requests run in parallel; one at a time per host.",
        ),
        key("host_delay", Kind::Duration, "The pause between two requests to one host."),
        key("timeout", Kind::Duration, "The time that one request may take in all."),
        key("max_body", Kind::Size, "The size of a body after decompression."),
        key(
            "robots",
            Kind::Choice(&["articles", "all", "off"]),
            "Which requests ask robots.txt first: those for articles, all (feeds too), or none (off).",
        ),
        key(
            "allow_private_networks",
            Kind::Flag,
            "Whether loopback, RFC 1918 and ULA addresses may be asked.",
        ),
        key(
            "allow_networks",
            Kind::Texts,
            "Networks that may be asked although they are private, such as 127.0.0.1/32.",
        ),
        key("user_agent", Kind::Text, "Who we say we are."),
    ],
};

/// `[report]`.
pub(super) static REPORT: Vocabulary = Vocabulary {
    head: "[report]",
    needed: &[],
    keys: &[
        key("warn_after", Kind::Duration, "A failure is reported once it has lasted this long."),
        key(
            "remind",
            Kind::Duration,
            "It is reported again after this time. Waits for a later version.",
        ),
        key(
            "fail_on",
            Kind::Percent,
            "The share of failed sources above which a run counts as partial.",
        ),
        key("ping", Kind::Url, "A healthchecks-style URL. Waits for a later version."),
    ],
};

/// `[retention]`.
pub(super) static RETENTION: Vocabulary = Vocabulary {
    head: "[retention]",
    needed: &[],
    keys: &[
        key(
            "keep",
            Kind::Duration,
            "Entries older than this are not taken in. Purging them later waits for a later version.",
        ),
        key(
            "keep_min",
            Kind::Whole(0, 1_000_000),
            "At least so many entries of each source stay. Waits for a later version.",
        ),
    ],
};

/// `[search]`.
pub(super) static SEARCH: Vocabulary = Vocabulary {
    head: "[search]",
    needed: &[],
    keys: &[key(
        "index",
        Kind::Flag,
        "Whether a full-text index is kept. Waits for a later version.",
    )],
};

/// `[[source]]`.
pub(super) static SOURCE: Vocabulary = Vocabulary {
    head: "[[source]]",
    needed: &["id"],
    keys: &[
        key("id", Kind::Text, "Never change it: what was fetched is kept under it."),
        key("name", Kind::Text, "Its name, for people."),
        key("url", Kind::Url, "Its feed address."),
        key(
            "urls",
            Kind::Urls,
            "Several feed addresses, the preferred one first. When one fails, the next visit asks the next; the one that works is remembered.",
        ),
        key("site", Kind::Url, "The outlet's home page, or the list page."),
        key(
            "list",
            Kind::Table(&LIST),
            "How to read a page that lists entries, where there is no feed. Waits for a later version.",
        ),
        key("country", Kind::Text, "An ISO 3166-1 alpha-2 country code."),
        key(
            "kind",
            Kind::Choice(&[
                "state",
                "private",
                "radio",
                "wire",
                "ngo",
                "international",
                "think-tank",
                "aggregator",
                "government",
            ]),
            "What kind of outlet it is.",
        ),
        key("owner", Kind::Text, "Who owns it: the same owner is no independent report."),
        key(
            "lang",
            Kind::Text,
            "The BCP 47 language tag of its entries, where you know it better than its feed.",
        ),
        key("tags", Kind::Texts, "Your own tags."),
        key("every", Kind::Duration, "It is not asked sooner than this."),
        key(
            "article",
            Kind::Choice(&["page", "feed", "off"]),
            "page: fetch and extract; feed: take the feed's own text; off: only its summary.",
        ),
        key("select", Kind::Table(&SELECT), "CSS selectors, only where the automatic way fails."),
        key(
            "republish",
            REPUBLISH,
            "How much of it is passed on, where that is stricter than the site and the topic.",
        ),
        key("licence", Kind::Text, "Its licence, for people."),
        key("trust", Kind::Whole(0, 100), "Which copy leads a story."),
        key("dedupe", Kind::Choice(&["on", "off"]), "off: its entries are never merged."),
        key("images", Kind::Choice(&["keep", "drop"]), "Whether images are kept in bodies."),
        key("timezone", Kind::Text, "The IANA zone of dates that name none."),
        key(
            "charset",
            Kind::Text,
            "auto, or a charset label that overrides what the server says.",
        ),
        key("headers", Kind::Secrets, "Extra request headers."),
        key("auth", Kind::Secret, "user:password for basic authentication."),
        key(
            "proxy",
            Kind::Url,
            "A proxy's address: http, https or socks5. It looks names up itself.",
        ),
        key(
            "tls",
            Kind::Choice(&["strict", "allow-expired"]),
            "How its certificate is judged. `allow-expired` forgives that it has expired, and nothing else.",
        ),
        key("user_agent", Kind::Text, "Its own User-Agent."),
        key("timeout", Kind::Duration, "The time that one request to it may take in all."),
        key("enabled", Kind::Flag, "Whether it is fetched at all."),
        key("note", Kind::Text, "Your note."),
    ],
};

/// `list` of a source.
pub(super) static LIST: Vocabulary = Vocabulary {
    head: "`list` of [[source]]",
    needed: &["link"],
    keys: &[
        key("link", Kind::Text, "A CSS selector for the links of the entries."),
        key("title", Kind::Text, "A CSS selector for the headline."),
        key("date", Kind::Text, "A CSS selector for the date."),
    ],
};

/// `select` of a source.
pub(super) static SELECT: Vocabulary = Vocabulary {
    head: "`select` of [[source]]",
    needed: &[],
    keys: &[
        key("body", Kind::Text, "A CSS selector for the body."),
        key("title", Kind::Text, "A CSS selector for the headline."),
        key("author", Kind::Text, "A CSS selector for the author."),
        key("date", Kind::Text, "A CSS selector for the date."),
        key("remove", Kind::Texts, "CSS selectors for what to leave out of the body."),
    ],
};

/// `[[topic]]`.
pub(super) static TOPIC: Vocabulary = Vocabulary {
    head: "[[topic]]",
    needed: &["id"],
    keys: &[
        key("id", Kind::Text, "The name of its files."),
        key("title", Kind::Text, "Its title."),
        key("description", Kind::Text, "What it is about, for people."),
        key("about", Kind::Texts, "Concepts that must be met, such as @sahel."),
        key("any", Kind::Texts, "Terms of which one must be met."),
        key("all", Kind::Texts, "Terms that must all be met."),
        key("none", Kind::Texts, "Terms that must not be met."),
        key("query", Kind::Text, "A rule in the query language."),
        key("min_score", Kind::Number(0.0, 1e6), "The least score of a placement."),
        key(
            "stories",
            Kind::Choice(&["one", "copies", "off"]),
            "one: one entry a story; copies: only identical texts are merged; off: every entry.",
        ),
        key("body", REPUBLISH, "How much of an entry its items hold."),
        key("limit", Kind::Whole(1, 1000), "How many items it holds."),
        key("keep", Kind::Duration, "Items older than this leave."),
        key("review", Kind::Flag, "Whether items wait for approval. Waits for a later version."),
        key("learn", Kind::Flag, "Whether marks teach it. Waits for a later version."),
        key(
            "expect",
            Kind::Table(&EXPECT),
            "The precision and recall that the topic's labelled entries have to reach. Waits for a later version.",
        ),
        key(
            "lite",
            Kind::Flag,
            "Whether a text-only feed is written too. Waits for a later version.",
        ),
        key("language", Kind::Text, "Its BCP 47 language tag."),
        key(
            "token",
            Kind::Secret,
            "Makes it private. Serving it with this token waits for a later version; until then it is published nowhere.",
        ),
        key("hub", Kind::Url, "A WebSub hub. Waits for a later version."),
        key("notify", Kind::Urls, "Webhooks. Waits for a later version."),
        key("enabled", Kind::Flag, "Whether it is published at all."),
    ],
};

/// `expect` of a topic.
pub(super) static EXPECT: Vocabulary = Vocabulary {
    head: "`expect` of [[topic]]",
    needed: &["precision", "recall"],
    keys: &[
        key("precision", Kind::Number(0.0, 1.0), "The share of its items that belong there."),
        key("recall", Kind::Number(0.0, 1.0), "The share of what belongs there that it holds."),
    ],
};

/// `[concept.NAME]`.
pub(super) static CONCEPT: Vocabulary = Vocabulary {
    head: "[concept.NAME]",
    needed: &[],
    keys: &[
        key("any", Kind::Texts, "Words and phrases of which one must be met."),
        key("weak", Kind::Texts, "Words that count only with other evidence near."),
        key("mask", Kind::Texts, "Longer words that are taken out before matching."),
        key("nostem", Kind::Texts, "Words that are not stemmed."),
    ],
};

/// `[admin]`.
pub(super) static ADMIN: Vocabulary = Vocabulary {
    head: "[admin]",
    needed: &["password_hash"],
    keys: &[key("password_hash", Kind::Secret, "The hash of the password.")],
};

/// `[smtp]`.
pub(super) static SMTP: Vocabulary = Vocabulary {
    head: "[smtp]",
    needed: &["url"],
    keys: &[key("url", Kind::Secret, "The mail server's address with user and password.")],
};

/// Every table, for finding where a misplaced key belongs. Those a newcomer writes first come first.
pub(super) static ALL: [&Vocabulary; 13] = [
    &SITE, &SOURCE, &TOPIC, &FETCH, &REPORT, &RETENTION, &SEARCH, &ADMIN, &SMTP, &CONCEPT, &SELECT, &LIST, &EXPECT,
];
