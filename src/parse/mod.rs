//! Parses feeds: [`parse`] takes the bytes of a document, however damaged, and returns a [`ParsedFeed`], or [`NotAFeed`] with the reason. Pure.
//!
//! RSS, Atom, CDF and news sitemaps are read by a tolerant reader that needs no well-formed XML (`lexer`, `reader`), JSON Feed by feed-rs.
//! Nothing is cleaned here: markup is returned as [`RawMarkup`](crate::model::RawMarkup), and `html` makes it safe.

mod author;
mod classify;
mod coordinates;
mod discovery;
mod document;
mod element;
mod entry;
mod feed_list;
mod feed_metadata;
mod json_feed;
mod language_tag;
mod lexer;
mod limits;
mod link_text;
mod list_guess;
mod list_page;
mod markup;
mod namespace;
mod not_a_feed;
mod one_line;
mod opml;
mod plain_text;
mod reader;
mod rsl;
mod sitemap_index;
mod strip;
mod title_markup;
mod web_url;
mod wrapped;

pub use discovery::{Candidate, DiscoveryMethod};
pub use document::{Document, DocumentEnd, ParsedFeed};
pub use feed_list::{FeedList, ListFormat, ListedFeed, MAX_LIST_BYTES, NotTaken, read_list};
#[cfg(feature = "fuzzing")]
pub use lexer::walk;
pub use list_guess::ListGuess;
pub use list_page::ListRule;
pub use not_a_feed::NotAFeed;
pub use sitemap_index::news_sitemap;
pub use strip::StripRule;

use crate::html::charset::{self, Syntax};
use crate::model::Problem;
use crate::text::double_encoding::repair_double_encoding;
use std::borrow::Cow;

/// Parses `document`.
///
/// Work and memory are linear in its size; at most 10,000 entries are kept, and 1 MiB of each text.
///
/// # Errors
/// [`NotAFeed`] states what the document is instead.
pub fn parse(document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    read(document, classify::sniff_syntax(document.bytes), |text, syntax| {
        parse_text(text, syntax, document)
    })
}

/// Parses a page that lists entries: the links that `rule` selects, with their headlines and dates.
///
/// Work and memory are linear in its size; at most 500 entries are kept.
///
/// # Errors
/// [`NotAFeed`] states what the document is instead: a bot wall, an error page or no text at all. A page in which nothing is selected is a list without
/// entries, and has the problem `no-entries`.
pub fn parse_list(document: &Document<'_>, rule: &ListRule) -> Result<ParsedFeed, NotAFeed> {
    read(document, Syntax::Html, |text, _| list_page::read(text, document, rule))
}

/// Returns the selectors by which a page seems to list its entries, with `link` as that of their links where it is known; none where it seems to be no list.
#[must_use]
pub fn guess_list(document: &Document<'_>, link: Option<&str>) -> Option<ListGuess> {
    let http = document.content_type.and_then(charset_parameter);
    let decoded = charset::decode(document.bytes, document.charset, http, Syntax::Html);
    list_guess::guess(&decoded.text, document, link)
}

/// Decodes a document and reads its text.
fn read(
    document: &Document<'_>,
    syntax: Syntax,
    read_text: impl FnOnce(&str, Syntax) -> Result<ParsedFeed, NotAFeed>,
) -> Result<ParsedFeed, NotAFeed> {
    let http = document.content_type.and_then(charset_parameter);
    let decoded = charset::decode(document.bytes, document.charset, http, syntax);
    if let Some(reason) = classify::classify_bytes(document.bytes, &decoded.text) {
        return Err(reason);
    }
    let mut problems = decoded.problems;
    let mut text = decoded.text;
    if let Some(repaired) = repair_double_encoding(&text).filter(|_| syntax != Syntax::Json) {
        text = Cow::Owned(repaired);
        problems.push(Problem::new("mojibake", "a text was encoded twice"));
    }
    let mut feed = read_text(&text, syntax)?;
    let is_new = |problem: &Problem| !problems.iter().any(|known| known.code == problem.code);
    feed.problems.retain(is_new);
    feed.problems.splice(0..0, problems);
    Ok(feed)
}

/// Parses a decoded document.
fn parse_text(text: &str, syntax: Syntax, document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    if syntax == Syntax::Json {
        return json_feed::read(text, document);
    }
    if let Some(argument) = wrapped::unwrap_call(text) {
        let inner = classify::sniff_syntax(argument.as_bytes());
        let read = match inner {
            Syntax::Json => json_feed::read(&argument, document).ok(),
            _ => reader::read(&argument, document),
        };
        if let Some(mut feed) = read {
            feed.problems
                .insert(0, Problem::new("script-call", "the feed is the argument of a call (JSONP)"));
            return Ok(feed);
        }
    }
    if let Some(feed) = reader::read(text, document).filter(|feed| !classify::is_embedded_vocabulary(feed, text)) {
        return Ok(feed);
    }
    let reason = classify::classify_markup(text, document.url);
    let announces = reason.feeds().iter().any(|feed| feed.method == DiscoveryMethod::Announced);
    let shown = wrapped::shown_feed(text).filter(|_| !announces);
    match shown
        .and_then(|shown| reader::read(&shown, document))
        .filter(|feed| !feed.entries.is_empty())
    {
        Some(mut feed) => {
            feed.problems
                .insert(0, Problem::new("feed-in-page", "the feed is shown as text in a page"));
            Ok(feed)
        }
        None => Err(reason),
    }
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
