//! The types of the stage: what is parsed, a [`Document`], and the result, a [`ParsedFeed`].

use crate::model::{EntryDraft, FeedKind, FeedMeta, Problem, Timestamp};
use url::Url;

/// A document that may be a feed, and what is known of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// The body of the response, with the content encoding removed.
    pub bytes: &'a [u8],
    /// Its address, against which relative URLs are resolved.
    pub url: Option<&'a Url>,
    /// Whether this address was stated as the base of relative URLs, as `xml:base` states it: else the entry's own page goes before it.
    pub is_base_stated: bool,
    /// The Content-Type header of the response.
    pub content_type: Option<&'a str>,
    /// The charset that the operator configured; it overrides everything else.
    pub charset: Option<&'a str>,
    /// The IANA time zone of dates that state none.
    pub timezone: Option<&'a str>,
}

/// Where a document ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentEnd {
    /// At its end: its outermost element is closed.
    Whole,
    /// Before its end, but every entry is whole.
    BetweenEntries,
    /// In the middle of the last entry.
    WithinEntry,
}

/// A parsed feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedFeed {
    /// The format.
    pub kind: FeedKind,
    /// The format's version as feedparser names it, such as `rss20`, `atom10`, `rss10` or `json11`.
    pub version: String,
    /// The metadata of the feed itself.
    pub meta: FeedMeta,
    /// Its entries, in the order of the document.
    pub entries: Vec<EntryDraft>,
    /// The defects that were found and worked around.
    pub problems: Vec<Problem>,
    /// Whether the document ended in the middle, and where.
    pub end: DocumentEnd,
}

impl ParsedFeed {
    /// Drops the last entry if the document ends in the middle of it. That is for a document whose rest is still to come, when its connection is not
    /// cut: of one that is complete as the server has it, the beginning of a text is better than nothing.
    pub fn drop_cut_entry(&mut self) {
        if self.end == DocumentEnd::WithinEntry {
            self.entries.pop();
            self.end = DocumentEnd::BetweenEntries;
        }
    }

    /// Adds a problem when entries are dated more than a day after `now`, as happens with wrong clocks and time zones.
    ///
    /// The dates stay as they are: `parse` reads no clock, and the code that sorts by dates decides how to treat them.
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
