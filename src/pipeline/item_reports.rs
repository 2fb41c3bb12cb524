//! The reports that an item lists beside the one that it shows. A join loses nothing: every report of another text is listed, several of one outlet
//! too; left out are the same texts only, and they are counted.

use super::item_context::ItemContext;
use crate::model::{Entry, EntryId, TopicId};
use crate::publish::Report;
use crate::store::StoryEntry;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The most reports that an item lists.
const MAX_REPORTS: usize = 200;
/// The maximum size of the reports of one item as they are published, in bytes.
const MAX_REPORTS_BYTES: usize = 64 * 1024;
/// The size that they may have in a feed without room, in bytes: some reports are listed always.
const MIN_REPORTS_BYTES: usize = 2 * 1024;
/// The size of the markup around a report, in all formats together, in bytes.
const REPORT_MARKUP_BYTES: usize = 300;

/// The entries of an item besides the one that it shows.
pub struct OtherEntries<'c> {
    /// One of each other text: the original, unless it is hidden. By date.
    pub reports: Vec<&'c StoryEntry>,
    /// The number of entries with the text of the shown one or of a report.
    pub copies: usize,
}

impl<'c> OtherEntries<'c> {
    /// Returns the entries of the item besides `shown`, without those that are hidden in `topic`.
    #[must_use]
    pub fn of(shown: &Entry, context: &'c ItemContext, topic: &TopicId) -> Self {
        let is_visible = |entry: &&StoryEntry| !context.marks.is_hidden_in(topic, entry.id, entry.story);
        let others: Vec<&StoryEntry> = (context.entries.iter().filter(|entry| entry.id != shown.id))
            .filter(is_visible)
            .collect();
        let text = |id: EntryId, copy_of: Option<EntryId>| copy_of.unwrap_or(id);
        let shown_text = text(shown.id, shown.copy_of);
        let mut first_of_text: BTreeMap<EntryId, EntryId> = BTreeMap::new();
        for entry in &others {
            let own = text(entry.id, entry.copy_of);
            let first = first_of_text.entry(own).or_insert(entry.id);
            if entry.id == own {
                *first = own;
            }
        }
        first_of_text.remove(&shown_text);
        let listed: BTreeSet<EntryId> = first_of_text.into_values().collect();
        let copies = others.len() - listed.len();
        let reports = others.into_iter().filter(|entry| listed.contains(&entry.id)).collect();
        Self { reports, copies }
    }
}

/// The reports that an item has room for.
pub struct ListedReports {
    /// The newest ones, by date.
    pub reports: Vec<Report>,
    /// The number of earlier ones.
    pub unlisted: usize,
    /// Their size as they are published, in bytes.
    pub bytes: usize,
}

impl ListedReports {
    /// Lists the newest of `reports`, which are by date; in the feed are `room` bytes left.
    #[must_use]
    pub fn within(room: usize, mut reports: Vec<Report>) -> Self {
        let room = (room / 2).clamp(MIN_REPORTS_BYTES, MAX_REPORTS_BYTES);
        let mut bytes = 0;
        let fitting = reports.iter().rev().take(MAX_REPORTS).take_while(|report| {
            let size = report_bytes(report);
            let fits = bytes + size <= room;
            bytes += if fits { size } else { 0 };
            fits
        });
        let unlisted = reports.len() - fitting.count();
        Self {
            reports: reports.split_off(unlisted),
            unlisted,
            bytes,
        }
    }
}

/// Returns the size of a report in the format that takes the most: JSON Feed holds it in the content and in a list.
fn report_bytes(report: &Report) -> usize {
    let link = report.link.as_ref().map_or("", Url::as_str);
    let texts = [report.outlet.as_str(), &report.title, link];
    2 * texts.map(published_bytes).iter().sum::<usize>() + REPORT_MARKUP_BYTES
}

/// Returns the size of markup in the format that takes the most: each of these characters is escaped with up to six.
#[must_use]
pub fn published_bytes(markup: &str) -> usize {
    let escaped = markup
        .bytes()
        .filter(|byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'' | b'\n'));
    markup.len() + escaped.count() * 5
}
