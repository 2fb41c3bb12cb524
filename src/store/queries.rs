//! The queries of the store. Each sees one consistent state of the database and waits for no writer.

#[cfg(test)]
use super::records::ComposedEntry;
use super::records::{ComparedEntry, ConfiguredSource, DatedEntry, EntryTexts, EntryWords, StoryEntry, TopicStamp};
use super::sqlite::{
    alert, article, compared, entry, event, export, host, key, mark, page, placement, problem, provenance, prune, published, revision, run,
    source, stats, story, text, topic_model,
};
use super::{ExportRow, PrunePolicy, PruneReport, Revision, SourceProblem, Stats, Store, StoreError};
use crate::model::{
    Alert, Article, Country, Entry, EntryId, EntryKey, HostKey, HostState, Identity, MarkEvent, MarkTarget, PageVisit, Placement,
    Provenance, Published, RunRecord, SourceEvent, SourceId, SourceState, Story, StoryId, Timestamp, TopicId, TopicLearning, TopicModel,
};
use std::collections::BTreeSet;
use std::time::Duration;

impl Store {
    /// Returns the last `limit` runs, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_runs(&self, limit: usize) -> Result<Vec<RunRecord>, StoreError> {
        self.database.read(|connection| run::last(connection, limit))
    }

    /// Returns the states of the configured sources that are due: those never visited, those whose next visit is not after `now`, and those
    /// whose last visit is after `now` since a clock was set back. The longest due first, those never visited before all others, then by id;
    /// at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn due_sources(&self, now: Timestamp, limit: usize) -> Result<Vec<SourceState>, StoreError> {
        self.database.read(|connection| source::due(connection, now, limit))
    }

    /// Returns the states of all configured sources, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_states(&self) -> Result<Vec<SourceState>, StoreError> {
        self.database.read(source::present)
    }

    /// Returns the state of one source, configured or not; `None` for an unknown source.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_state(&self, source: &SourceId) -> Result<Option<SourceState>, StoreError> {
        self.database.read(|connection| source::by_id(connection, source))
    }

    /// Returns the sources as the configuration last stated them, each with whether it is still configured, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn configured_sources(&self) -> Result<Vec<(ConfiguredSource, bool)>, StoreError> {
        self.database.read(source::configured)
    }

    /// Returns the states of the hosts that are held at `now` or have a crawl delay, without their robots.txt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn limited_hosts(&self, now: Timestamp) -> Result<Vec<HostState>, StoreError> {
        self.database.read(|connection| host::limited(connection, now))
    }

    /// Returns the state of a host; `None` when nothing is stored of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn host_state(&self, host: &HostKey) -> Result<Option<HostState>, StoreError> {
        self.database.read(|connection| host::by_key(connection, host))
    }

    /// Returns the health changes of one source or of all, since `since` or all of them, in the order in which they happened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_events(&self, source: Option<&SourceId>, since: Option<Timestamp>) -> Result<Vec<SourceEvent>, StoreError> {
        self.database.read(|connection| event::since(connection, source, since))
    }

    /// Returns the failed visits to pages that are to be requested again at `now`, the longest due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn due_pages(&self, now: Timestamp) -> Result<Vec<PageVisit>, StoreError> {
        self.database.read(|connection| page::due(connection, now))
    }

    /// Returns the failed visits to the pages of these entries, in this order; entries whose page was fetched or never requested are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page_visits(&self, entries: &[EntryId]) -> Result<Vec<PageVisit>, StoreError> {
        self.database.read(|connection| page::by_entries(connection, entries))
    }

    /// Returns which of `keys` are stored for `source`, with the entry that each identifies, in the order of `keys`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn identities(&self, source: &SourceId, keys: &[EntryKey]) -> Result<Vec<(EntryKey, Identity)>, StoreError> {
        self.database.read(|connection| key::identities(connection, source, keys))
    }

    /// Returns the entries of a source whose publisher dated them so, date after date.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries_at(&self, source: &SourceId, dates: &[Timestamp]) -> Result<Vec<DatedEntry>, StoreError> {
        self.database.read(|connection| entry::at_dates(connection, source, dates))
    }

    /// Returns the ids of the entries that no run has composed yet, in the order in which they are to be composed: by date, source, guid and id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uncomposed_ids(&self) -> Result<Vec<EntryId>, StoreError> {
        self.database.read(entry::uncomposed_ids)
    }

    /// Returns whether an entry waits to be composed, or a story to be evaluated again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn any_waiting(&self) -> Result<bool, StoreError> {
        self.database.read(entry::any_waiting)
    }

    /// Returns whether the rules of topics were ever evaluated.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn any_evaluated(&self) -> Result<bool, StoreError> {
        self.database.read(entry::any_evaluated)
    }

    /// Returns the stories whose entries changed, or got their article or a mark, after they were last evaluated; the story with the newest of
    /// these entries comes first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unevaluated_stories(&self) -> Result<Vec<StoryId>, StoreError> {
        self.database.read(entry::unevaluated_stories)
    }

    /// Returns the stories with an entry of this source, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stories_of_source(&self, source: &SourceId) -> Result<Vec<StoryId>, StoreError> {
        self.database.read(|connection| entry::stories_of_source(connection, source))
    }

    /// Returns the entries with these ids, in this order; unknown ids are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        self.database.read(|connection| entry::by_ids(connection, ids))
    }

    /// Passes at most `limit` entries by date to `each`, beginning behind the position `after` that a former call returned. Returns the last
    /// position; `None` when there were no more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries_by_date(
        &self,
        after: Option<(Timestamp, EntryId)>,
        limit: usize,
        each: &mut dyn FnMut(Entry),
    ) -> Result<Option<(Timestamp, EntryId)>, StoreError> {
        self.database.read(|connection| entry::page_by_date(connection, after, limit, each))
    }

    /// Returns the entries with these ids as dedupe compares them, in this order; unknown ids are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn compared_entries(&self, ids: &[EntryId]) -> Result<Vec<ComparedEntry>, StoreError> {
        self.database.read(|connection| compared::by_ids(connection, ids))
    }

    /// Passes the composed entries that were first seen at or after `first_seen` to `each`, in the order of their composition, each
    /// with the number of those that follow.
    ///
    /// # Errors
    /// When the database cannot be read.
    #[cfg(test)]
    pub fn composed_since(&self, first_seen: Timestamp, each: &mut dyn FnMut(usize, ComposedEntry)) -> Result<(), StoreError> {
        self.database
            .read(|connection| compared::composed_since(connection, first_seen, each))
    }

    /// Returns the entries of these stories without their texts, story after story, each by date.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn story_entries(&self, stories: &[StoryId]) -> Result<Vec<StoryEntry>, StoreError> {
        self.database.read(|connection| compared::of_stories(connection, stories))
    }

    /// Returns the entry with this id without its texts; `None` when it is unknown or not composed yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn story_entry(&self, id: &EntryId) -> Result<Option<StoryEntry>, StoreError> {
        self.database.read(|connection| compared::in_story(connection, id))
    }

    /// Returns the entry with this id and its copies without their texts, by date; empty when it is unknown or not composed yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entry_with_copies(&self, id: &EntryId) -> Result<Vec<StoryEntry>, StoreError> {
        self.database.read(|connection| compared::with_copies(connection, id))
    }

    /// Returns the entries of these stories with their folded words, story after story, each by date. Entries that an earlier version stored have
    /// none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn story_entries_with_words(&self, stories: &[StoryId]) -> Result<Vec<(StoryEntry, Option<EntryWords>)>, StoreError> {
        self.database
            .read(|connection| compared::of_stories_with_words(connection, stories))
    }

    /// Returns at most `limit` composed entries by date and id, beginning behind the position `after`, each with its story.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn dated_stories(&self, after: (Timestamp, EntryId), limit: usize) -> Result<Vec<(Timestamp, EntryId, StoryId)>, StoreError> {
        self.database.read(|connection| compared::dated_stories(connection, after, limit))
    }

    /// Returns the plain texts of these entries, in this order; unknown ids are left out. `to_text` converts the markup of entries that an earlier
    /// version stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn texts(&self, entries: &[EntryId], to_text: &dyn Fn(&str) -> String) -> Result<Vec<(EntryId, EntryTexts)>, StoreError> {
        self.database.read(|connection| text::texts(connection, entries, to_text))
    }

    /// Returns the articles of these entries, in this order; entries without one are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn articles(&self, entries: &[EntryId]) -> Result<Vec<(EntryId, Article)>, StoreError> {
        self.database.read(|connection| article::by_entries(connection, entries))
    }

    /// Returns the stories with these ids, in this order; unknown ids are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stories(&self, ids: &[StoryId]) -> Result<Vec<Story>, StoreError> {
        self.database.read(|connection| story::by_ids(connection, ids))
    }

    /// Returns the newest stories by founding time that are older than the story `before`, which was founded at that time; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stories_before(&self, before: Option<(Timestamp, StoryId)>, limit: usize) -> Result<Vec<Story>, StoreError> {
        self.database.read(|connection| story::page(connection, before, limit))
    }

    /// Returns those of these stories that have an entry about one of `countries`, as stored with the entry, in this order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stories_about(&self, stories: &[StoryId], countries: &BTreeSet<Country>) -> Result<Vec<StoryId>, StoreError> {
        self.database
            .read(|connection| entry::stories_about(connection, stories, countries))
    }

    /// Returns the version of what has told the countries and the genre of all stored entries; `None` before the first evaluation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn subjects_version(&self) -> Result<Option<i64>, StoreError> {
        self.database.read(entry::subjects_version)
    }

    /// Returns the stories with an entry that a topic shows, or that editors have pinned to it, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn held_stories(&self, topic: &TopicId) -> Result<Vec<StoryId>, StoreError> {
        self.database.read(|connection| placement::held_stories(connection, topic))
    }

    /// Returns the placements of a topic with the newest entries; at most `limit`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_placements(&self, topic: &TopicId, limit: usize) -> Result<Vec<Placement>, StoreError> {
        self.database.read(|connection| placement::newest(connection, topic, limit))
    }

    /// Returns the placements of a topic with the newest entries from `since` on that show no entry of `sources`; at most `limit`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_placements_of_others(
        &self,
        topic: &TopicId,
        sources: &[SourceId],
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Placement>, StoreError> {
        self.database
            .read(|connection| placement::newest_of_others(connection, topic, sources, since, limit))
    }

    /// Returns the placements of a topic that entries brought after `since`; at most `limit`, those with the newest entries first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn placements_since(&self, topic: &TopicId, since: Timestamp, limit: usize) -> Result<Vec<Placement>, StoreError> {
        self.database
            .read(|connection| placement::placed_since(connection, topic, since, limit))
    }

    /// Returns the alerts on these stories, story after story, each by topic and time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn alerts_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Alert>, StoreError> {
        self.database.read(|connection| alert::by_stories(connection, stories))
    }

    /// Returns the placements of these stories, story after story, by topic.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn placements_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Placement>, StoreError> {
        self.database.read(|connection| placement::by_stories(connection, stories))
    }

    /// Returns the stamps of all topics that were ever evaluated and not retired since, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn topic_stamps(&self) -> Result<Vec<TopicStamp>, StoreError> {
        self.database.read(placement::topic_stamps)
    }

    /// Returns how many entries that the visit of `source` at `seen` brought, and that were then older than `old_after`, a topic shows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_old_placements(
        &self,
        topic: &TopicId,
        source: &SourceId,
        seen: Timestamp,
        old_after: Duration,
    ) -> Result<u64, StoreError> {
        self.database
            .read(|connection| placement::count_old(connection, topic, source, seen, old_after))
    }

    /// Returns the published items of any topic whose guids were made for these stories or entries, one after the other, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn published_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Published>, StoreError> {
        self.database.read(|connection| published::by_stories(connection, stories))
    }

    /// Returns the guids of the items of a topic that editors have hidden since `since` and that it shows no more, each with the time of that, by
    /// time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn deleted_items(&self, topic: &TopicId, since: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.database.read(|connection| published::deleted(connection, topic, since))
    }

    /// Returns what editors did to these entries and stories, target after target, in the order in which it happened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn marks_of(&self, targets: &[MarkTarget]) -> Result<Vec<MarkEvent>, StoreError> {
        self.database.read(|connection| mark::of_targets(connection, targets))
    }

    /// Returns the entries that editors labelled for a topic, each with its last label: whether it belongs there. In the order of the first labels.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn labels(&self, topic: &TopicId) -> Result<Vec<(EntryId, bool)>, StoreError> {
        self.database.read(|connection| mark::labels(connection, topic))
    }

    /// Returns how many labels editors gave for a topic; an entry that was labelled twice counts twice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn label_count(&self, topic: &TopicId) -> Result<u64, StoreError> {
        self.database.read(|connection| mark::count_labels(connection, topic))
    }

    /// Returns when and from what a topic has last learned; `None` when it never has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn topic_learning(&self, topic: &TopicId) -> Result<Option<TopicLearning>, StoreError> {
        self.database.read(|connection| topic_model::learning(connection, topic))
    }

    /// Returns the weights that a topic has learned; `None` when it has learned none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn topic_model(&self, topic: &TopicId) -> Result<Option<TopicModel>, StoreError> {
        self.database.read(|connection| topic_model::model(connection, topic))
    }

    /// Returns whether editors ever marked anything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn any_marks(&self) -> Result<bool, StoreError> {
        self.database.read(mark::any)
    }

    /// Returns the problems of one source or of all, by source, in the order in which they were seen.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn problems(&self, source: Option<&SourceId>) -> Result<Vec<SourceProblem>, StoreError> {
        self.database.read(|connection| problem::by_source(connection, source))
    }

    /// Returns the provenance of an entry: the feed's answer in which it was first seen, where it is still stored, then its page's.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn provenance(&self, entry: EntryId) -> Result<Vec<Provenance>, StoreError> {
        self.database.read(|connection| provenance::by_entry(connection, &entry))
    }

    /// Returns the last answer of a source's feed.
    ///
    /// # Errors
    /// When the database cannot be read.
    #[cfg_attr(not(test), expect(dead_code, reason = "for `griot show SOURCE --provenance`"))]
    pub fn source_provenance(&self, source: &SourceId) -> Result<Option<Provenance>, StoreError> {
        self.database.read(|connection| provenance::by_source(connection, source))
    }

    /// Returns the former contents of an entry, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revisions(&self, entry: EntryId) -> Result<Vec<Revision>, StoreError> {
        self.database.read(|connection| revision::by_entry(connection, &entry))
    }

    /// Returns the numbers of records and the sizes of the tables. Reads the whole file once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        self.database.read(stats::stats)
    }

    /// Lets `SQLite` check the file for damage; returns what it found, which is empty for a sound database. Reads the whole file once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn quick_check(&self) -> Result<Vec<String>, StoreError> {
        self.database.read(stats::quick_check)
    }

    /// Returns what [`Store::prune`] would delete until nothing is left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn prunable(&self, policy: &PrunePolicy, now: Timestamp) -> Result<PruneReport, StoreError> {
        self.database.read(|connection| prune::prunable(connection, policy, now))
    }

    /// Returns the UTC day, counted from 1970-01-01, on which [`Store::prune`] last had nothing left to delete.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pruned_day(&self) -> Result<Option<i64>, StoreError> {
        self.database.read(prune::pruned_day)
    }

    /// Passes the canonical dump to `each`: entries, revisions, stories, placements, published items and marks, each kind by its identity. It
    /// does not depend on the order in which they were stored.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn export(&self, each: &mut dyn FnMut(ExportRow)) -> Result<(), StoreError> {
        self.database.read(|connection| export::export(connection, each))
    }

    /// Returns the entry whose id starts with `prefix`: hexadecimal digits, after an optional `e` as short ids have it.
    ///
    /// # Errors
    /// [`StoreError::Ambiguous`] when several do, and others when the database cannot be read.
    pub fn find_entry(&self, prefix: &str) -> Result<Option<Entry>, StoreError> {
        find_by_prefix(prefix, 'e', |low, high| {
            self.database.read(|connection| entry::in_id_range(connection, low, high))
        })
    }

    /// Returns the story whose id starts with `prefix`: hexadecimal digits, after an optional `s` as short ids have it.
    ///
    /// # Errors
    /// [`StoreError::Ambiguous`] when several do, and others when the database cannot be read.
    pub fn find_story(&self, prefix: &str) -> Result<Option<Story>, StoreError> {
        find_by_prefix(prefix, 's', |low, high| {
            self.database.read(|connection| story::in_id_range(connection, low, high))
        })
    }
}

fn find_by_prefix<T>(
    prefix: &str,
    letter: char,
    between: impl Fn([u8; 16], [u8; 16]) -> Result<Vec<T>, StoreError>,
) -> Result<Option<T>, StoreError> {
    // `e` is a hexadecimal digit as well. Short ids are shown with the letter, so it is read as a prefix first.
    for digits in prefix.strip_prefix(letter).into_iter().chain([prefix]) {
        let Some((low, high)) = bounds(digits) else {
            continue;
        };
        let mut found = between(low, high)?;
        match found.len() {
            0 => {}
            1 => return Ok(found.pop()),
            _ => return Err(StoreError::Ambiguous { prefix: prefix.to_owned() }),
        }
    }
    Ok(None)
}

/// Returns the smallest and the greatest id that start with these hexadecimal digits; `None` when there are no digits, more than 32, or other
/// characters.
fn bounds(digits: &str) -> Option<([u8; 16], [u8; 16])> {
    if digits.is_empty() || digits.len() > 32 {
        return None;
    }
    let (mut low, mut high) = ([0x00; 16], [0xff; 16]);
    for (place, digit) in digits.chars().enumerate() {
        let value = u8::try_from(digit.to_digit(16)?).ok()?;
        let (shift, keep) = if place % 2 == 0 { (4, 0x0f) } else { (0, 0xf0) };
        low[place / 2] = low[place / 2] & keep | value << shift;
        high[place / 2] = high[place / 2] & keep | value << shift;
    }
    Some((low, high))
}
