//! The parameters of a topic feed's address: `?limit= ?since= ?q= ?lang= ?about=` choose items of the published feed.
//!
//! Only published items are looked at, so a selection shows nothing that the feed does not, and costs the same however large the store is.

use crate::config::parse_duration;
use crate::model::{Country, Timestamp};
use crate::publish::{PublishedItem, keep_items, published_items};
use crate::text::html_to_text::html_to_text;
use crate::text::token::tokens;
use std::collections::BTreeSet;
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
    /// `q` is too long, or holds no word.
    #[error("q: words are expected, at most {MAX_QUERY_CHARS} characters: words, \"phrases\", prefix*, -not")]
    Words,
    /// `lang` is no list of language tags.
    #[error("lang: language codes such as fr,ar are expected")]
    Language,
    /// `about` is no list of countries.
    #[error("about: country codes such as ML,NE are expected")]
    About,
}

/// What a reader wants of a feed. All that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedQuery {
    limit: Option<usize>,
    since: Option<Since>,
    terms: Vec<Term>,
    languages: BTreeSet<String>,
    about: BTreeSet<String>,
}

/// From when on items are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Time(Timestamp),
    /// So many seconds before now.
    Ago(i64),
}

/// A word, a beginning of a word, or a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    /// Folded.
    words: Vec<String>,
    /// Whether the last word is a beginning.
    is_prefix: bool,
    is_excluded: bool,
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
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
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
                "q" => wanted.terms.extend(terms(value)?),
                "lang" => wanted.languages = languages(value)?,
                "about" => wanted.about = countries(value)?,
                _ => {}
            }
        }
        Ok(Some(wanted).filter(|wanted| *wanted != Self::default()))
    }

    /// Returns the same text for every query that selects the same items of a feed at `now`.
    #[must_use]
    pub fn key(&self, now: Timestamp) -> String {
        let mut key = String::new();
        let since = self.since.map(|since| since.at(now).unix());
        // Writing to a String cannot fail.
        let _ = write!(
            key,
            "{:?} {since:?} {:?} {:?} {:?}",
            self.limit, self.terms, self.languages, self.about
        );
        key
    }

    /// Returns the file `name`, whose bytes are `whole`, with the wanted items only. `json` is the topic's JSON feed. None when it holds no items.
    #[must_use]
    pub fn select(&self, name: &str, json: &[u8], whole: &[u8], now: Timestamp) -> Option<Vec<u8>> {
        let items = published_items(json)?;
        let wanted = items.iter().filter(|item| self.matches(item, now));
        let kept: BTreeSet<&str> = wanted
            .take(self.limit.unwrap_or(MAX_LIMIT))
            .map(|item| item.guid.as_str())
            .collect();
        keep_items(name, whole, &kept)
    }

    fn matches(&self, item: &PublishedItem, now: Timestamp) -> bool {
        let is_recent = self
            .since
            .is_none_or(|since| item.published.is_some_and(|published| published >= since.at(now)));
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let speaks = || item.language.as_deref().is_some_and(|tag| self.languages.contains(&primary(tag)));
        let concerns = || item.about.iter().any(|country| self.about.contains(country));
        is_recent && (self.languages.is_empty() || speaks()) && (self.about.is_empty() || concerns()) && self.has_words(item)
    }

    fn has_words(&self, item: &PublishedItem) -> bool {
        if self.terms.is_empty() {
            return true;
        }
        let mut text = format!("{}\n{}\n{}", item.title, item.summary, html_to_text(&item.content_html));
        for name in &item.names {
            text.push('\n');
            text.push_str(name);
        }
        let words: Vec<_> = tokens(&text).map(|token| token.folded).collect();
        self.terms.iter().all(|term| term.is_in(&words) != term.is_excluded)
    }
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

impl Term {
    fn is_in<W: AsRef<str>>(&self, words: &[W]) -> bool {
        let Some((last, before)) = self.words.split_last() else {
            return false;
        };
        words.windows(self.words.len()).any(|window| {
            let Some((end, begin)) = window.split_last() else { return false };
            let is_end = if self.is_prefix {
                end.as_ref().starts_with(last.as_str())
            } else {
                end.as_ref() == last
            };
            is_end && begin.iter().zip(before).all(|(word, wanted)| word.as_ref() == wanted)
        })
    }
}

/// Reads words, `"phrases"`, `prefix*` and `-not`. A word of several, such as `l'armée`, is a phrase.
fn terms(text: &str) -> Result<Vec<Term>, FeedQueryError> {
    if text.chars().count() > MAX_QUERY_CHARS {
        return Err(FeedQueryError::Words);
    }
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (is_excluded, behind) = match rest.strip_prefix('-') {
            Some(behind) => (true, behind),
            None => (false, rest),
        };
        let (phrase, behind) = match behind.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => behind.split_once(char::is_whitespace).unwrap_or((behind, "")),
        };
        let words: Vec<String> = tokens(phrase).map(|token| token.folded.into_owned()).collect();
        if !words.is_empty() {
            let is_prefix = phrase.ends_with('*');
            terms.push(Term {
                words,
                is_prefix,
                is_excluded,
            });
        }
        rest = behind.trim_start();
    }
    if terms.is_empty() { Err(FeedQueryError::Words) } else { Ok(terms) }
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

fn countries(text: &str) -> Result<BTreeSet<String>, FeedQueryError> {
    let mut codes = BTreeSet::new();
    for code in elements(text) {
        let country = Country::new(code).ok_or(FeedQueryError::About)?;
        codes.insert(country.to_string());
    }
    if (1..=MAX_CHOICES).contains(&codes.len()) {
        Ok(codes)
    } else {
        Err(FeedQueryError::About)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-02T12:00:30Z";

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn feed() -> String {
        let item = |id: u32, title: &str, language: &str, country: &str, date: &str| {
            serde_json::json!({
                "id": format!("tag:x,2026-03-01:{id}"), "title": title, "content_html": "<p>L&#x2019;eau monte à N&#39;Djamena</p>",
                "date_published": date, "language": language,
                "_griot": { "first_published": date, "about": [{ "country": country, "share": 1.0 }], "outlet": { "id": "aube", "name": "L'Aube" } },
            })
        };
        serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "items": [
            item(1, "Le bac de Ségou repart", "fr", "ML", "2026-03-02T11:00:00Z"),
            item(2, "Wells reopen in Ségou", "en-GB", "ML", "2026-03-01T13:00:00Z"),
            item(3, "Élections à Niamey", "fr", "NE", "2026-02-20T12:00:00Z"),
        ] })
        .to_string()
    }

    fn selected(query: &str) -> String {
        let wanted = FeedQuery::parse(query).expect("a good query").expect("a query");
        let json = feed();
        let bytes = wanted
            .select("mali.json", json.as_bytes(), json.as_bytes(), time(NOW))
            .expect("a feed");
        let items = published_items(&bytes).expect("a feed");
        items
            .iter()
            .filter_map(|item| item.guid.rsplit(':').next().map(str::to_owned))
            .collect()
    }

    #[test]
    fn each_parameter_selects_items() {
        for (query, items) in [
            ("limit=1", "1"),
            ("limit=1000", "123"),
            ("since=24h", "12"),
            ("since=22h", "1"),
            ("since=2026-03-01", "12"),
            ("since=2026-03-02T11:00:00Z", "1"),
            ("since=2026-03-02T12:00:00+01:00", "1"),
            ("since=1772442000", "1"),
            ("q=segou", "12"),
            ("q=SEGOU+-wells", "1"),
            ("q=elect*", "3"),
            ("q=elect", ""),
            ("q=%22bac+de+S%C3%A9gou%22", "1"),
            ("q=%22bac+Segou%22", ""),
            ("q=l%27eau", "123"),
            ("q=aube+niamey", "3"),
            ("lang=fr", "13"),
            ("lang=en,ar", "2"),
            ("about=ne", "3"),
            ("about=ML,NE&lang=fr&limit=1", "1"),
            ("limit=&token=x&q=wells", "2"),
        ] {
            assert_eq!(selected(query), items, "{query}");
        }
    }

    #[test]
    fn mistakes_are_named_and_other_parameters_ignored() {
        for query in ["", "token=x", "utm_source=x&limit=", "LIMIT=3"] {
            assert_eq!(FeedQuery::parse(query), Ok(None), "{query}");
        }
        let long = format!("q={}", "x".repeat(MAX_QUERY_CHARS + 1));
        for (query, error) in [
            ("limit=0", FeedQueryError::Limit),
            ("limit=1001", FeedQueryError::Limit),
            ("limit=-1", FeedQueryError::Limit),
            ("limit=x", FeedQueryError::Limit),
            ("since=yesterday", FeedQueryError::Since),
            ("since=2026-13-01", FeedQueryError::Since),
            (&long, FeedQueryError::Words),
            ("q=***", FeedQueryError::Words),
            ("lang=french", FeedQueryError::Language),
            ("lang=,", FeedQueryError::Language),
            ("about=Mali", FeedQueryError::About),
            ("about=,", FeedQueryError::About),
        ] {
            assert_eq!(FeedQuery::parse(query), Err(error), "{query}");
        }
    }

    #[test]
    fn the_same_selection_has_the_same_key() {
        let key = |query: &str, now: &str| FeedQuery::parse(query).expect("good").expect("a query").key(time(now));
        assert_eq!(
            key("since=24h&lang=fr,en", NOW),
            key("lang=EN%20fr&since=1d", "2026-03-02T12:00:59Z")
        );
        assert_ne!(key("since=24h", NOW), key("since=24h", "2026-03-02T12:01:00Z"));
        assert_ne!(key("q=a", NOW), key("q=-a", NOW));
    }

    #[test]
    fn the_items_of_a_file_stand_in_the_json_feed_of_its_topic() {
        for (name, json) in [
            ("mali.xml", Some("mali.json")),
            ("mali.atom.xml", Some("mali.json")),
            ("mali.json", Some("mali.json")),
            ("mali.opml", None),
            ("feed.css", None),
        ] {
            assert_eq!(json_name(name).as_deref(), json, "{name}");
        }
    }
}
