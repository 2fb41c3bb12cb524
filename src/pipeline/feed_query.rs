//! The parameters of a topic feed's address: `?limit= ?since= ?q= ?lang= ?about=` choose items of the published feed.
//!
//! Only published items are looked at, so a selection shows nothing that the feed does not, and costs the same however large the store is.

use super::site_info::{private_site_info, site_info, site_messages};
use crate::config::{Config, Source, parse_duration};
use crate::curate::{Concepts, OriginalTexts, RuleContext, SearchedFacts, SearchedText, compile_search};
use crate::model::{Area, Digest128, Digester, Genre, SearchQuery, SourceId, Timestamp};
use crate::publish::{
    Mistake, PublishedFeed, PublishedItem, Selection, SiteInfo, keep_items, name_query, published_feed, render_selection,
};
use crate::text::html_to_text::html_to_text;
use crate::text::messages::Messages;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use url::form_urlencoded;

/// The most items that `limit` may ask for.
const MAX_LIMIT: usize = 1000;
/// The longest `q`, in characters.
const MAX_QUERY_CHARS: usize = 200;
/// The most languages or countries.
const MAX_CHOICES: usize = 20;
/// A duration of `since` counts back from the last full minute, so that readers who ask at about the same time get the same bytes.
const SINCE_STEP_SECONDS: i64 = 60;

/// What a search may have, for whoever typed one with a mistake.
const SEARCH_HELP: &str =
    "a search has words, \"phrases\", prefix*, OR, -not, parentheses, NEAR/5 and fields such as title: lang: about: since:";

/// The endings of the files that hold a topic's items; the longest that fits comes first.
const ENDINGS: [&str; 5] = [".atom.xml", ".lite.xml", ".json", ".html", ".xml"];

/// Why a parameter cannot be used, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedQueryError {
    /// `limit` is no number within its bounds.
    #[error("limit: a number from 1 to {MAX_LIMIT} is expected")]
    Limit,
    /// `since` is no time.
    #[error("since: a time such as 2026-03-01T12:00:00Z, a day such as 2026-03-01, or a duration such as 24h is expected")]
    Since,
    /// `q` is no search, with the first mistake in it.
    #[error("q: {0}; {SEARCH_HELP}")]
    Search(String),
    /// `lang` is no list of language tags.
    #[error("lang: language codes such as fr,ar are expected")]
    Language,
    /// `about` is no list of countries and regions.
    #[error("about: codes of countries and regions such as ML,NE-2 are expected")]
    About,
}

/// What a reader wants of a feed. All that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedQuery {
    limit: Option<usize>,
    since: Option<Since>,
    /// The searches, without needless spaces.
    searches: Vec<String>,
    languages: BTreeSet<String>,
    about: BTreeSet<String>,
    /// The parameters as they stand in the address. What grants access to a private feed is not among them.
    text: String,
}

/// From when on items are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Time(Timestamp),
    /// So many seconds before now.
    Ago(i64),
}

/// A file that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct AskedFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub whole: &'a [u8],
    /// The JSON feed of its topic.
    pub json: &'a [u8],
    /// Whether its topic is public.
    pub is_public: bool,
}

/// Why a selection is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The mistake, in the language of the site.
    pub text: String,
    /// The page that tells it; none where no page was asked for.
    pub page: Option<Vec<u8>>,
}

/// What queries are answered with: what searches may name, which are the sources and concepts of a configuration, and how its pages are written.
#[derive(Debug)]
pub struct QueryContext {
    site: SiteInfo,
    private_site: SiteInfo,
    messages: Messages,
    sources: Option<Vec<Source>>,
    concepts: Concepts,
    /// The digest of the files that they were read from: what a search finds depends on it.
    digest: Digest128,
}

impl QueryContext {
    /// Returns the context of a configuration with these concepts.
    #[must_use]
    pub fn new(config: &Config, concepts: Concepts) -> Self {
        let mut digester = Digester::new();
        for file in &config.files {
            digester.update_terminated(&file.text);
        }
        Self {
            site: site_info(config),
            private_site: private_site_info(config),
            messages: site_messages(config),
            sources: config.closed_sources().map(<[_]>::to_vec),
            concepts,
            digest: digester.finish(),
        }
    }

    fn site(&self, is_public: bool) -> &SiteInfo {
        if is_public { &self.site } else { &self.private_site }
    }

    /// Returns the refusal of a query that was made for no page.
    #[must_use]
    pub fn refusal(&self, mistake: &FeedQueryError) -> Refusal {
        Refusal {
            text: self.messages.translate(&mistake.to_string()).into_owned(),
            page: None,
        }
    }

    /// Compiles a search that anyone on the network can send. It cannot ask for a topic: that another one holds an item may be private.
    fn compile(&self, search: &str, now: Timestamp) -> Result<SearchQuery, FeedQueryError> {
        if search.chars().count() > MAX_QUERY_CHARS {
            let message = format!("it is longer than {MAX_QUERY_CHARS} characters");
            return Err(FeedQueryError::Search(message));
        }
        let rules = BTreeMap::new();
        let context = RuleContext::new(&self.concepts, self.sources.as_deref(), &rules);
        let first = |errors: Vec<crate::curate::QueryError>| errors.into_iter().next().map(|error| error.message);
        let compiled = compile_search(search, &context, now).map_err(|errors| FeedQueryError::Search(first(errors).unwrap_or_default()))?;
        Ok(compiled.query)
    }
}

/// Returns the name of the JSON feed with the items of the file `name`; none of files without items.
#[must_use]
pub fn json_name(name: &str) -> Option<String> {
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    Some(format!("{stem}.json"))
}

impl FeedQuery {
    /// Reads the query of an address; none when it holds no parameter of feeds. Other parameters are ignored, and so are empty ones.
    ///
    /// # Errors
    /// [`FeedQueryError`] with the first parameter that cannot be used.
    pub fn parse(query: &str) -> Result<Option<Self>, FeedQueryError> {
        let mut wanted = Self::default();
        for pair in query.split('&') {
            let Some((name, value)) = form_urlencoded::parse(pair.as_bytes()).next() else {
                continue;
            };
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match &*name {
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                    wanted.limit = Some(limit.ok_or(FeedQueryError::Limit)?);
                }
                "since" => wanted.since = Some(Since::parse(value).ok_or(FeedQueryError::Since)?),
                "q" => wanted.searches.push(value.split_whitespace().collect::<Vec<_>>().join(" ")),
                "lang" => wanted.languages = languages(value)?,
                "about" => wanted.about = areas(value)?,
                _ => continue,
            }
            let separator = if wanted.text.is_empty() { "" } else { "&" };
            wanted.text.push_str(separator);
            push_encoded(&mut wanted.text, pair);
        }
        Ok(Some(wanted).filter(|wanted| *wanted != Self::default()))
    }

    /// Returns the same text for a query that selects the same items of a feed at `now`, in this context, and has the same address. What `since:` in a search means changes with each minute.
    #[must_use]
    pub fn key(&self, context: &QueryContext, now: Timestamp) -> String {
        let mut key = String::new();
        let since = self.since.map(|since| since.at(now).unix());
        let minute = Since::Ago(0).at(now).unix();
        let minute = Some(minute).filter(|_| self.searches.iter().any(|search| search.contains(':')));
        // Writing to a String cannot fail.
        let _ = write!(key, "{} {since:?} {minute:?} {}", context.digest.to_hex(), self.text);
        key
    }

    /// Returns the asked file with the wanted items only. None when it holds no items.
    ///
    /// # Errors
    /// [`Refusal`] when a search has a mistake.
    pub fn select(&self, asked: AskedFile<'_>, context: &QueryContext, now: Timestamp) -> Result<Option<Vec<u8>>, Refusal> {
        let minute = Since::Ago(0).at(now);
        let searches = self.searches.iter().map(|search| context.compile(search, minute));
        let searches = searches.collect::<Result<Vec<_>, _>>();
        let Some(feed) = published_feed(asked.json) else {
            return Ok(None);
        };
        let page = asked.name.strip_suffix(".html");
        let searches = searches.map_err(|mistake| {
            let refusal = context.refusal(&mistake);
            let FeedQueryError::Search(text) = mistake else { return refusal };
            let messages = context.messages;
            let mistake = Mistake {
                text: &messages.translate(&text),
                help: &messages.translate(SEARCH_HELP),
                language: messages.language().tag(),
            };
            let page = page.map(|topic| self.page(topic, &feed, Err(mistake), context.site(asked.is_public)));
            Refusal { page, ..refusal }
        })?;
        let wanted = feed.items.iter().filter(|item| self.matches(item, &searches, now));
        let wanted: Vec<&PublishedItem> = wanted.take(self.limit.unwrap_or(MAX_LIMIT)).collect();
        if let Some(topic) = page {
            return Ok(Some(self.page(topic, &feed, Ok(wanted), context.site(asked.is_public))));
        }
        let kept: BTreeSet<&str> = wanted.iter().map(|item| item.guid.as_str()).collect();
        Ok(keep_items(asked.name, asked.whole, &kept).map(|bytes| name_query(asked.name, bytes, &self.text)))
    }

    /// Returns the page of a topic with what was found.
    fn page(&self, topic: &str, feed: &PublishedFeed, found: Result<Vec<&PublishedItem>, Mistake<'_>>, site: &SiteInfo) -> Vec<u8> {
        let selection = Selection {
            topic,
            search: &self.searches.join(" "),
            query: &self.text,
            found,
        };
        render_selection(site, feed, &selection).bytes
    }

    fn matches(&self, item: &PublishedItem, searches: &[SearchQuery], now: Timestamp) -> bool {
        let is_recent = self
            .since
            .is_none_or(|since| item.published.is_some_and(|published| published >= since.at(now)));
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let speaks = || item.language.as_deref().is_some_and(|tag| self.languages.contains(&primary(tag)));
        let concerns = || item.about.iter().any(|code| self.about.contains(code));
        is_recent && (self.languages.is_empty() || speaks()) && (self.about.is_empty() || concerns()) && meets_all(item, searches)
    }
}

/// Appends a part of a query as RFC 3986 (3.4) spells it; requests are not held to that.
fn push_encoded(out: &mut String, part: &str) {
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$()*+,;:@/?%=".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Returns whether an item meets every search.
fn meets_all(item: &PublishedItem, searches: &[SearchQuery]) -> bool {
    if searches.is_empty() {
        return true;
    }
    let texts = OriginalTexts {
        title: item.title.clone(),
        summary: item.summary.clone(),
        body: html_to_text(&item.content_html),
        authors: item.authors.clone(),
        categories: item.categories.clone(),
        url: None,
    };
    let facts = SearchedFacts {
        sources: item.reports.iter().filter_map(|report| SourceId::new(&report.id).ok()).collect(),
        language: item.language.as_deref().map(str::to_ascii_lowercase),
        about: item.about.iter().filter_map(|code| Area::new(code)).collect(),
        genre: item.mark.as_deref().and_then(Genre::parse),
        date: item.published,
    };
    let text = SearchedText::new(&texts, facts);
    let is_recent = |search: &SearchQuery| {
        search
            .since
            .is_none_or(|since| item.published.is_some_and(|published| published >= since))
    };
    searches.iter().all(|search| is_recent(search) && text.meets(&search.expression))
}

impl Since {
    fn parse(text: &str) -> Option<Self> {
        // A `+` that was not encoded, as of an offset from UTC, was read as a space.
        if let Ok(time) = Timestamp::parse(&text.replace(' ', "+")) {
            return Some(Self::Time(time));
        }
        if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().map(Timestamp::from_unix).map(Self::Time);
        }
        i64::try_from(parse_duration(text)?.as_secs()).ok().map(Self::Ago)
    }

    fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Time(time) => time,
            Self::Ago(seconds) => {
                let now = now.unix();
                Timestamp::from_unix((now - now.rem_euclid(SINCE_STEP_SECONDS)).saturating_sub(seconds))
            }
        }
    }
}

/// Returns the elements of a list with commas or spaces between them.
fn elements(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', ';']).filter(|element| !element.is_empty())
}

fn languages(text: &str) -> Result<BTreeSet<String>, FeedQueryError> {
    let is_code = |code: &str| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let codes: BTreeSet<String> = elements(text)
        .map(|tag| tag.split('-').next().unwrap_or_default().to_ascii_lowercase())
        .collect();
    let is_good = (1..=MAX_CHOICES).contains(&codes.len()) && codes.iter().all(|code| is_code(code));
    if is_good { Ok(codes) } else { Err(FeedQueryError::Language) }
}

fn areas(text: &str) -> Result<BTreeSet<String>, FeedQueryError> {
    let mut codes = BTreeSet::new();
    for code in elements(text) {
        let area = Area::new(code).ok_or(FeedQueryError::About)?;
        codes.insert(area.to_string());
    }
    if (1..=MAX_CHOICES).contains(&codes.len()) {
        Ok(codes)
    } else {
        Err(FeedQueryError::About)
    }
}

#[cfg(test)]
mod tests;
