//! `[[source]]`: an address to follow.

use super::choices::{ArticlePolicy, Republish, SourceKind, TlsPolicy, words};
use super::formats::{
    DURATION, FLAG, HEADER_VALUE, LANGUAGE, PLACED_TEXT, PLACED_TEXTS, POSITIVE_DURATION, TEXT, TEXTS, TIME_ZONE, WEB_URL,
    WEB_URL_OR_EMPTY, WEB_URLS, choice, table, whole,
};
use super::keys::ValueKind;
use super::problem::Placed;
use super::secret::Secret;
use super::section::{Format, Section};
use super::table::{Table, table};
use super::values::{self, Flaw};
use crate::model::SourceId;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

table! {
    /// An address to follow.
    "[[source]]" pub struct Source {
        required {
            /// Never change it: what was fetched is kept under it.
            id: SourceId = SOURCE_ID;
        }
        optional {
            /// Its name, for people.
            name: String = TEXT, default String::new();
            key url = WEB_URL, "Its feed address.";
            /// Several feed addresses, the preferred one first.
            /// When one fails, the next visit asks the next; the one that works is remembered.
            urls: Vec<Url> = WEB_URLS, default Vec::new();
            /// The outlet's home page; with `list` and without `url`, the list page.
            site: Option<Url> = WEB_URL_OR_EMPTY;
            /// How to read a page that lists entries, where there is no feed.
            list: Option<ListPage> = table::<ListPage>();
            /// An ISO 3166-1 alpha-2 country code.
            country: Option<String> = COUNTRY;
            /// What kind of outlet it is.
            kind: Option<SourceKind> = choice::<SourceKind>();
            /// Who owns it: the same owner is no independent report.
            owner: Option<String> = TEXT;
            /// The BCP 47 language tag of its entries, where you know it better than its feed.
            lang: Option<String> = LANGUAGE;
            /// Your own tags.
            tags: Vec<String> = TEXTS, default Vec::new();
            /// It is not asked sooner than this.
            every: Option<Duration> = DURATION;
            /// page: fetch and extract, the default with `list`; feed: take the feed's own text; off: only its summary.
            article: ArticlePolicy = choice::<ArticlePolicy>(), default ArticlePolicy::Feed;
            /// CSS selectors, only where the automatic way fails.
            select: Select = table::<Select>(), default Select::default();
            /// What is taken out of each entry before anything is compared or published.
            strip: Strip = table::<Strip>(), default Strip::default();
            /// How much of it is passed on, where that is stricter than the site and the topic.
            republish: Option<Republish> = choice::<Republish>();
            /// Its licence, for people.
            licence: Option<String> = TEXT;
            /// Which copy leads a story.
            trust: u8 = whole::<u8>(0, 100), default 50;
            /// off: its entries are never merged.
            dedupe: bool = ON_OR_OFF, default true;
            /// Whether images are kept in bodies.
            images: bool = KEEP_OR_DROP, default true;
            /// The IANA zone of dates that name none.
            timezone: Option<String> = TIME_ZONE;
            /// auto, or a charset label that overrides what the server says.
            charset: Option<String> = CHARSET;
            /// Extra request headers.
            headers: BTreeMap<String, Secret> = HEADERS, default BTreeMap::new();
            /// user:password for basic authentication.
            auth: Option<Secret> = LOGIN;
            /// The address that is published in place of its feed's.
            public_url: Option<Url> = WEB_URL_OR_EMPTY;
            /// A proxy's address: http, https or socks5. It looks names up itself.
            proxy: Option<Url> = PROXY;
            /// How its certificate is judged. `allow-expired` forgives that it has expired, and nothing else.
            tls: TlsPolicy = choice::<TlsPolicy>(), default TlsPolicy::Strict;
            /// Its own User-Agent.
            user_agent: Option<String> = HEADER_VALUE;
            /// The time that one request to it may take in all.
            timeout: Option<Duration> = POSITIVE_DURATION;
            /// Whether it is fetched at all.
            enabled: bool = FLAG, default true;
            /// Your note.
            note: Option<String> = TEXT;
        }
    }
}

table! {
    /// How to read a page that lists entries, for sites without a feed.
    "`list` of [[source]]" pub struct ListPage {
        required {
            /// A CSS selector for the links of the entries.
            link: Placed = PLACED_TEXT;
        }
        optional {
            /// A CSS selector for the headline.
            title: Option<Placed> = PLACED_TEXT;
            /// A CSS selector for the date.
            date: Option<Placed> = PLACED_TEXT;
        }
    }
}

table! {
    /// CSS selectors for sites where the automatic way fails; `extract` compiles them.
    "`select` of [[source]]" pub struct Select {
        optional {
            /// A CSS selector for the body.
            body: Option<Placed> = PLACED_TEXT;
            /// A CSS selector for the headline.
            title: Option<Placed> = PLACED_TEXT;
            /// A CSS selector for the author.
            author: Option<Placed> = PLACED_TEXT;
            /// A CSS selector for the date.
            date: Option<Placed> = PLACED_TEXT;
            /// CSS selectors for what to leave out of the body.
            remove: Vec<Placed> = PLACED_TEXTS, default Vec::new();
        }
    }
}

table! {
    /// Regular expressions; `parse` compiles them, and takes out what they match.
    "`strip` of [[source]]" pub struct Strip {
        optional {
            /// What is taken out of the headline.
            title: Option<Placed> = PLACED_TEXT;
            /// What is taken out of the summary and the body; each paragraph is a line.
            text: Option<Placed> = PLACED_TEXT;
            /// What is taken out of the names of the authors.
            author: Option<Placed> = PLACED_TEXT;
        }
    }
}

const SOURCE_ID: Format<SourceId> = Format::new(ValueKind::Text, |section, key| {
    section.parsed(key, |text| {
        SourceId::new(text).map_err(|error| Flaw::new(format!("is no id: {error}")))
    })
});

const COUNTRY: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::country));

const SWITCH: &[(&str, bool)] = &[("on", true), ("off", false)];
const ON_OR_OFF: Format<bool> = Format::new(ValueKind::Choice(|| words(SWITCH)), |section, key| section.choice(key, SWITCH));

const KEEP: &[(&str, bool)] = &[("keep", true), ("drop", false)];
const KEEP_OR_DROP: Format<bool> = Format::new(ValueKind::Choice(|| words(KEEP)), |section, key| section.choice(key, KEEP));

/// A charset label; `auto` counts as not given.
const CHARSET: Format<String> = Format::new(ValueKind::Text, |section, key| section.parsed(key, values::charset).flatten());

/// Request headers with their values.
const HEADERS: Format<BTreeMap<String, Secret>> =
    Format::new(ValueKind::Secrets, |section, key| Some(section.secrets(key, values::header)));

/// `user:password` or `env:NAME`.
const LOGIN: Format<Secret> = Format::new(ValueKind::Secret, |section, key| {
    section.parsed(key, |text| match values::secret(text)? {
        Secret::Plain(plain) if !plain.contains(':') => Err(Flaw::new("must be `user:password` or \"env:NAME\"")),
        secret => Ok(secret),
    })
});

/// The URL of a proxy; an empty text counts as not given.
const PROXY: Format<Url> = Format::new(ValueKind::Url, |section, key| {
    let proxy_url = |text: &str| values::any_url(text, &["http", "https", "socks5"]);
    section.parsed(key, |text| values::unless_empty(text, proxy_url)).flatten()
});

/// The source of what editors take by hand: it has no address, and is there also where feeds.toml does not name it.
pub const DESK: &str = "desk";

impl Source {
    /// Returns whether it is that of what editors take by hand.
    #[must_use]
    pub fn is_desk(&self) -> bool {
        self.id.as_str() == DESK && self.urls.is_empty()
    }
}

/// Reads one source; `None` when it has no usable id. A source without a name gets its id as name.
pub(super) fn read_source(section: &mut Section<'_>) -> Option<Source> {
    let url = section.value("url", &WEB_URL);
    let source = Source::read(section);
    check_addresses(section, source.as_ref());
    let has_article = section.place_of("article").is_some();
    let mut source = source?;
    source.urls.splice(0..0, url);
    if source.list.is_some() && source.urls.is_empty() {
        source.urls.extend(source.site.clone());
    }
    // A list has headlines and no texts, and the desk has pages alone.
    if !has_article && (source.list.is_some() || source.is_desk()) {
        source.article = ArticlePolicy::Page;
    }
    if source.name.is_empty() {
        source.name = source.id.to_string();
    }
    Some(source)
}

/// Checks that a source has an address: a feed's, several of them, or that of a list page, which may be its `site`.
fn check_addresses(section: &mut Section<'_>, source: Option<&Source>) {
    let given = |key| section.place_of(key).is_some();
    let has_site = source.is_none_or(|source| source.site.is_some());
    let is_desk = source.is_some_and(|source| source.id.as_str() == DESK);
    if is_desk && (given("url") || given("urls") || given("list")) {
        section.wrong(
            "id",
            "the id `desk` is that of pages that editors take by hand (griot clip); it has no address",
            Some("choose another id, or remove the address".to_owned()),
        );
        return;
    }
    match (given("url"), given("urls"), given("list")) {
        (true, true, _) => section.clash("urls", "url", "keep one: `urls` takes several, the preferred one first"),
        (false, false, true) if !has_site => {
            section.wrong(
                "list",
                "a source with `list` needs `url`, `urls` or `site`",
                Some("add the address of the list page: url = \"https://…\"".to_owned()),
            );
        }
        (false, false, false) if !is_desk => section.wrong_at(
            &section.place(),
            "a source needs `url`, `urls` or `list`",
            Some("add the address of its feed: url = \"https://…\"".to_owned()),
        ),
        (false, true, _) if section.is_empty_list("urls") => {
            section.wrong("urls", "`urls` names no address", Some("add the address of its feed".to_owned()));
        }
        _ => {}
    }
}
