//! Settle: the order of entries, and which of them need their page. Pure; it begins when the feeds have been gathered.
//!
//! Entries are always ordered by (time, source, guid), never by the network's timing, so that every run gives the same result.

use super::prepare::PreparedSource;
use crate::config::ArticlePolicy;
use crate::dedupe::{DedupeEntry, Fingerprint};
use crate::model::{CleanHtml, Entry, EntryId, SourceId, Timestamp};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Pages of older entries are not fetched.
const PAGE_AGE: Duration = Duration::from_hours(7 * 24);

/// Returns the order in which entries are settled and composed.
#[must_use]
pub fn order(entry: &Entry) -> (Timestamp, SourceId, Option<String>, EntryId) {
    (entry.date(), entry.source.clone(), entry.guid.clone(), entry.id)
}

/// Returns whether `entry` is young enough at `now` for its page to be fetched.
#[must_use]
pub fn is_young(entry: &Entry, now: Timestamp) -> bool {
    now.since(entry.date()) <= PAGE_AGE
}

/// Returns the entries whose pages are to be fetched, in order, one for each canonical URL.
///
/// `is_done` holds the entries that have their article or are not to be requested now, `is_copy` those that are copies by the feeds' own texts.
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

/// Returns a candidate for an entry whose comparison panicked: it matches nothing and founds a story of its own.
#[must_use]
pub fn unreadable(entry: &Entry) -> DedupeEntry {
    let nothing = Entry {
        title: String::new(),
        ..entry.clone()
    };
    DedupeEntry {
        canonical: None,
        ..candidate(&nothing, Some(""), false)
    }
}

/// Returns what dedupe compares of an entry: the article's text, else the feed's.
#[must_use]
pub fn candidate(entry: &Entry, article_text: Option<&str>, merge: bool) -> DedupeEntry {
    let own;
    let text = if let Some(text) = article_text {
        text
    } else {
        own = entry
            .longest_feed_text()
            .map(CleanHtml::as_str)
            .map(html_to_text)
            .unwrap_or_default();
        // Footers that publishing systems add to every text would make unrelated texts similar.
        strip_feed_footer(&own)
    };
    DedupeEntry {
        id: entry.id,
        source: entry.source.clone(),
        guid: entry.guid.clone(),
        canonical: entry.canonical(),
        title: entry.title.clone(),
        date: entry.date(),
        first_seen: entry.first_seen,
        mergeable: merge,
        owns_link: true,
        fingerprint: Fingerprint::new(&entry.title, text, entry.language.as_deref()),
    }
}
