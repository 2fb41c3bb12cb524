//! The names of columns and keys under which lists have what griot knows by a key of feeds.toml.

use super::listed_feed::ListedFeed;
use crate::config::{listed_keys, read_setting};
use std::collections::BTreeMap;

/// What a column of a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// The value of a key of feeds.toml.
    Key(String),
    /// Something that is not taken, with the reason.
    Left(&'static str),
    /// Nothing that griot knows.
    Unknown,
}

const SECRET: &str =
    "it may be a secret, which is not written into feeds.toml: `headers` and `auth` take the name of an environment variable";

/// Reads names of columns.
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn new() -> Self {
        Self(listed_keys())
    }

    /// Returns what the column of this name holds.
    pub(super) fn column(&self, name: &str) -> Column {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        let key = match name.as_str() {
            "feed" | "xmlurl" | "xml_url" | "feedurl" | "feed_url" | "rss" => "url",
            "title" => "name",
            "htmlurl" | "html_url" | "siteurl" | "site_url" | "website" => "site",
            "language" => "lang",
            "tag" | "category" | "categories" | "folder" => "tags",
            name => name,
        };
        if self.0.iter().any(|known| known == key) {
            return Column::Key(key.to_owned());
        }
        let first = key.split('.').next().unwrap_or_default();
        match first {
            "headers" | "auth" | "cookie" | "username" | "password" | "token" | "proxy" => Column::Left(SECRET),
            "public_url" => Column::Left("it stands in place of another address, which the list does not have"),
            _ => Column::Unknown,
        }
    }
}

/// Returns the feed of a row, whose texts are given with their columns.
pub(super) fn feed_of_row(row: &[(&str, &Column, &str)]) -> ListedFeed {
    let keys: BTreeMap<&str, &str> = row
        .iter()
        .filter_map(|(_, column, text)| match column {
            Column::Key(key) if !text.trim().is_empty() => Some((key.as_str(), *text)),
            _ => None,
        })
        .collect();
    let mut feed = ListedFeed::new(&address(&keys));
    for (key, text) in keys.iter().filter(|(key, _)| **key != "url") {
        feed.take(key, text);
    }
    for (name, column, text) in row {
        if let (Column::Left(reason), false) = (column, text.trim().is_empty()) {
            feed.leave(name, reason);
        }
    }
    feed
}

/// Returns the address by which a source is known: that of its feed, the first of several, else that of the page that lists its entries.
fn address(keys: &BTreeMap<&str, &str>) -> String {
    let several = keys.get("urls").map(|text| read_setting("urls", text));
    let first = several.as_ref().and_then(|several| several.get(0)?.as_str());
    let has_list = keys.keys().any(|key| key.split('.').next() == Some("list"));
    let page = keys.get("site").copied().filter(|_| has_list);
    keys.get("url").copied().or(first).or(page).unwrap_or_default().to_owned()
}
