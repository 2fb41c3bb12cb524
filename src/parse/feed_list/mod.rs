//! Parses lists of feeds that other programs keep: OPML, tables, JSON, and the files of newsboat and sfeed. Pure.
//!
//! A bad part of a list is a feed that is refused, never an error. What is known already, and whether a value is one for its key, is not decided here.

mod columns;
mod csv_list;
mod json_list;
mod listed_feed;
mod newsboat;
mod opml_list;
mod reader_settings;
mod sfeed;

pub use csv_list::NoAddressColumn;
pub use json_list::NoJson;
pub use listed_feed::{FeedList, ListedFeed, NotTaken};

use super::opml::NotOpml;
use crate::html::charset::{self, Syntax};

/// The largest list that is read, in bytes.
pub const MAX_LIST_BYTES: usize = 10_000_000;

/// The format of a list of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// OPML 1.0 and 2.0.
    Opml,
    /// A table whose first line names the columns.
    Csv,
    /// An array of objects, or one object a line.
    Json,
    /// The file `urls` of newsboat.
    Newsboat,
    /// The file `sfeedrc` of sfeed.
    Sfeed,
}

/// A document is no list of feeds in the format that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAList {
    /// It is no OPML.
    #[error(transparent)]
    Opml(#[from] NotOpml),
    /// It is no table with addresses.
    #[error(transparent)]
    Csv(#[from] NoAddressColumn),
    /// It is no JSON.
    #[error(transparent)]
    Json(#[from] NoJson),
    /// It is too large.
    #[error("it has more than {} MB", MAX_LIST_BYTES / 1_000_000)]
    TooLarge,
}

/// Reads a list of feeds in any charset.
///
/// Work is linear; at most 10,000 feeds are kept.
///
/// # Errors
/// [`NotAList`] when the document as a whole is something else.
pub fn read_list(bytes: &[u8], format: ListFormat) -> Result<FeedList, NotAList> {
    if bytes.len() > MAX_LIST_BYTES {
        return Err(NotAList::TooLarge);
    }
    if format == ListFormat::Opml {
        return Ok(opml_list::read(bytes)?);
    }
    // None of these formats declares its charset: UTF-8, else what the bytes look like.
    let decoded = charset::decode(bytes, None, None, Syntax::Json);
    let mut list = match format {
        ListFormat::Csv => csv_list::read(&decoded.text)?,
        ListFormat::Newsboat => newsboat::read(&decoded.text),
        ListFormat::Sfeed => sfeed::read(&decoded.text),
        ListFormat::Json | ListFormat::Opml => json_list::read(&decoded.text)?,
    };
    list.problems.splice(0..0, decoded.problems);
    Ok(list)
}

#[cfg(test)]
mod tests;
