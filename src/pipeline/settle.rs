//! Settle: which of the waiting entries need their page. Pure; it begins when the feeds are in.
//!
//! The order is (time, source, guid) everywhere, never the network's, so that timing cannot change what a run makes of its feeds.

use super::prepare::PreparedSource;
use crate::config::ArticlePolicy;
use crate::dedupe::{Candidate, Fingerprint};
use crate::model::{CleanHtml, Entry, EntryId, SourceId, Timestamp};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Pages of entries that are older than this are not fetched.
const PAGE_AGE: Duration = Duration::from_hours(7 * 24);

/// Returns the order in which entries are settled and composed.
#[must_use]
pub fn order(entry: &Entry) -> (Timestamp, SourceId, Option<String>, EntryId) {
    (entry.date(), entry.source.clone(), entry.guid.clone(), entry.id)
}

/// Returns whether `entry` is so young at `now` that its page is asked for.
#[must_use]
pub fn is_young(entry: &Entry, now: Timestamp) -> bool {
    now.since(entry.date()) <= PAGE_AGE
}

/// Returns the entries whose pages are wanted, in order, one for each canonical address.
///
/// `is_done` tells which entries have their article already, or are not to be asked for now, `is_copy` which repeat another's text by the feeds' own words.
#[must_use]
pub fn pages_wanted<'a>(
    waiting: &'a [Entry],
    sources: &BTreeMap<SourceId, PreparedSource>,
    is_done: &BTreeSet<EntryId>,
    is_copy: &BTreeSet<EntryId>,
    now: Timestamp,
) -> Vec<&'a Entry> {
    let mut addresses = BTreeSet::new();
    waiting
        .iter()
        .filter(|entry| {
            let policy = sources.get(&entry.source).map(|prepared| prepared.source.article);
            policy == Some(ArticlePolicy::Page)
                && !is_done.contains(&entry.id)
                && !is_copy.contains(&entry.id)
                && is_young(entry, now)
                && entry.canonical().is_some_and(|address| addresses.insert(address))
        })
        .collect()
}

/// Stands in for an entry whose comparing panicked: it meets nothing and founds a story of its own.
#[must_use]
pub fn unreadable(entry: &Entry) -> Candidate {
    let nothing = Entry {
        title: String::new(),
        ..entry.clone()
    };
    Candidate {
        canonical: None,
        ..candidate(&nothing, Some(""), false)
    }
}

/// Makes what dedupe compares of an entry: with its article's text, else with the feed's own.
#[must_use]
pub fn candidate(entry: &Entry, article_text: Option<&str>, merge: bool) -> Candidate {
    let own;
    let text = if let Some(text) = article_text {
        text
    } else {
        own = entry.own_body().map(CleanHtml::as_str).map(html_to_text).unwrap_or_default();
        // What publishing systems put under every text would make strangers alike.
        strip_feed_footer(&own)
    };
    Candidate {
        id: entry.id,
        source: entry.source.clone(),
        guid: entry.guid.clone(),
        canonical: entry.canonical(),
        title: entry.title.clone(),
        date: entry.date(),
        first_seen: entry.first_seen,
        merge,
        fingerprint: Fingerprint::of(&entry.title, text, entry.language.as_deref()),
    }
}
