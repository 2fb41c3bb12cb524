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
mod feed_metadata;
mod json_feed;
mod language_tag;
mod lexer;
mod limits;
mod markup;
mod mojibake;
mod namespace;
mod not_a_feed;
mod one_line;
mod opml;
mod plain_text;
mod reader;
mod web_url;

pub use discovery::DiscoveryMethod;
pub use document::{Document, DocumentEnd, ParsedFeed};
#[cfg(feature = "fuzzing")]
pub use lexer::walk;
pub use not_a_feed::NotAFeed;

use crate::html::charset::{self, Syntax};

/// Parses `document`.
///
/// Work and memory are linear in its size; at most 10,000 entries are kept, and 1 MiB of each text.
///
/// # Errors
/// [`NotAFeed`] states what the document is instead.
pub fn parse(document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    let syntax = classify::sniff_syntax(document.bytes);
    let http = document.content_type.and_then(charset_parameter);
    let decoded = charset::decode(document.bytes, document.charset, http, syntax);
    if let Some(reason) = classify::classify_bytes(document.bytes, &decoded.text) {
        return Err(reason);
    }
    let mut feed = if syntax == Syntax::Json {
        json_feed::read(&decoded.text, document)?
    } else {
        let found = reader::read(&decoded.text, document).filter(|feed| !classify::is_embedded_vocabulary(feed, &decoded.text));
        found.ok_or_else(|| classify::classify_markup(&decoded.text, document.url))?
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
