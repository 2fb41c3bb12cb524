//! What a feed says: bytes in, a [`ParsedFeed`] out, however damaged they are. Pure.
//!
//! One tolerant reader of our own for everything that looks like XML, feed-rs for JSON Feed. Nothing here is cleaned: markup
//! leaves as [`RawMarkup`](crate::model::RawMarkup), and `html` makes it safe.

mod element;
mod entry;
mod json;
mod kind;
mod lexer;
mod markup;
mod meta;
mod name;
mod opml;
mod page;
mod person;
mod place;
mod reader;

pub use kind::NotAFeed;
#[cfg(feature = "fuzzing")]
pub use lexer::walk;
pub use opml::{NotOpml, Opml, Outline, read_opml};
pub use page::{Candidate, How, candidates};

use crate::html::charset::{self, Syntax};
use crate::model::{EntryDraft, FeedKind, FeedMeta, Problem, Timestamp};
use url::Url;

/// A document that may be a feed, and what is known of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// The body as it came, without content encoding.
    pub bytes: &'a [u8],
    /// Where it was found: the base of its relative URLs.
    pub url: Option<&'a Url>,
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
    /// The operator's word on the charset.
    pub charset: Option<&'a str>,
    /// The IANA zone of dates that name none.
    pub timezone: Option<&'a str>,
}

/// What a feed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedFeed {
    /// The format.
    pub kind: FeedKind,
    /// The format's version as feedparser names it, such as `rss20`, `atom10`, `rss10` or `json11`.
    pub version: String,
    /// What it says of itself.
    pub meta: FeedMeta,
    /// What it tells, in the document's order.
    pub entries: Vec<EntryDraft>,
    /// What was wrong and worked around.
    pub problems: Vec<Problem>,
}

impl ParsedFeed {
    /// Notes a problem where entries are dated more than a day after `now`, as by clocks and time zones that are wrong.
    ///
    /// The dates stay as they are: `parse` knows no clock, and whoever sorts by them decides what to make of them.
    pub fn note_future_dates(&mut self, now: Timestamp) {
        let tomorrow = now.unix().saturating_add(86_400);
        let is_ahead = |entry: &&EntryDraft| entry.published.or(entry.updated).is_some_and(|date| date.unix() > tomorrow);
        let count = self.entries.iter().filter(is_ahead).count();
        if count > 0 {
            let detail = format!("{count} of {} entries are dated in the future", self.entries.len());
            self.problems.push(Problem::new("future-date", detail));
        }
    }
}

/// Reads `document`.
///
/// Work and memory are linear in its size; at most 10,000 entries are kept, and 1 MiB of any text.
///
/// # Errors
/// [`NotAFeed`] tells what the document is instead.
pub fn parse(document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    let syntax = kind::syntax(document.bytes);
    let http = document.content_type.and_then(charset_parameter);
    let decoded = charset::decode(document.bytes, document.charset, http, syntax);
    if let Some(reason) = kind::without_text(document.bytes, &decoded.text) {
        return Err(reason);
    }
    let mut feed = if syntax == Syntax::Json {
        json::read(&decoded.text, document)?
    } else {
        let found = reader::read(&decoded.text, document).filter(|feed| !kind::is_a_trace(feed, &decoded.text));
        found.ok_or_else(|| kind::of_markup(&decoded.text, document.url))?
    };
    feed.problems.splice(0..0, decoded.problems);
    Ok(feed)
}

/// Returns the charset parameter of a Content-Type (RFC 9110, 8.3.2).
fn charset_parameter(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod tests;
