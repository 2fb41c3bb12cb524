//! The queries of the store. Each sees one consistent state of the database and waits for no writer.

use super::sqlite::{
    article, entry, event, export, host, key, mark, page, placement, problem, provenance, published, revision, run, source, stats, story,
};
use super::{ComposedEntry, ExportRow, Revision, SourceProblem, Stats, Store, StoreError};
use crate::model::{
    Article, Digest128, Entry, EntryId, EntryKey, HostState, Identity, Mark, PageVisit, Placement, Provenance, Published, RunRecord,
    SourceEvent, SourceId, SourceState, Story, StoryId, Timestamp, TopicId,
};

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

    /// Returns the states of all hosts, by key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn host_states(&self) -> Result<Vec<HostState>, StoreError> {
        self.database.read(host::all)
    }

    /// Returns the health changes of one source or of all, since `since` or all of them, in the order in which they happened.
    ///
    /// # Errors
    /// When the database cannot be read.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the published feed of the sources' health"))]
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

    /// Returns the entries that no run has composed yet, in the order in which they are to be composed: by date, source, guid and id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uncomposed(&self) -> Result<Vec<Entry>, StoreError> {
        self.database.read(entry::uncomposed)
    }

    /// Returns the ids of the entries that no run has composed yet, in the order of [`Store::uncomposed`], so that they can be loaded in
    /// batches.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uncomposed_ids(&self) -> Result<Vec<EntryId>, StoreError> {
        self.database.read(entry::uncomposed_ids)
    }

    /// Returns the entries with these ids, in this order; unknown ids are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        self.database.read(|connection| entry::by_ids(connection, ids))
    }

    /// Returns the entries of these stories, story after story, each by date.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Entry>, StoreError> {
        self.database.read(|connection| entry::by_stories(connection, stories))
    }

    /// Passes every entry to `each`, one at a time, by date, source, guid and id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn for_each_entry(&self, each: &mut dyn FnMut(Entry)) -> Result<(), StoreError> {
        self.database.read(|connection| entry::for_each_by_date(connection, each))
    }

    /// Returns the composed entries that were first seen at or after `first_seen`, without their texts, in the order of their composition.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn composed_since(&self, first_seen: Timestamp) -> Result<Vec<ComposedEntry>, StoreError> {
        self.database.read(|connection| entry::composed_since(connection, first_seen))
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

    /// Returns the stories founded at or after `since`, the newest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list_stories(&self, since: Option<Timestamp>, limit: Option<usize>) -> Result<Vec<Story>, StoreError> {
        self.database.read(|connection| story::list(connection, since, limit))
    }

    /// Returns the placements of a topic, the latest first, then by story.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn placements(&self, topic: &TopicId) -> Result<Vec<Placement>, StoreError> {
        self.database.read(|connection| placement::by_topic(connection, topic))
    }

    /// Returns the placements of these stories, story after story, by topic.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn placements_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Placement>, StoreError> {
        self.database.read(|connection| placement::by_stories(connection, stories))
    }

    /// Returns the entries whose text changed after their story was last judged, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unevaluated_entries(&self) -> Result<Vec<EntryId>, StoreError> {
        self.database.read(entry::unevaluated_entries)
    }

    /// Returns, for each topic and source, the number of placements that show an entry of the source's first visit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_visit_placements(&self) -> Result<Vec<(TopicId, SourceId, u64)>, StoreError> {
        self.database.read(placement::count_of_first_visits)
    }

    /// Returns the topics that were ever judged and not retired since, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn stamped_topics(&self) -> Result<Vec<TopicId>, StoreError> {
        self.database.read(placement::stamped_topics)
    }

    /// Returns the ids of all stories; the story with the newest entry comes first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn story_ids(&self) -> Result<Vec<StoryId>, StoreError> {
        self.database.read(story::ids)
    }

    /// Returns when the first entries of each source were seen; sources without entries are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_seen_by_source(&self) -> Result<Vec<(SourceId, Timestamp)>, StoreError> {
        self.database.read(entry::first_seen_by_source)
    }

    /// Returns the digest of the rule by which the topic's placements were judged, and when its feed last changed; none when they never were.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn topic_stamp(&self, topic: &TopicId) -> Result<Option<(Digest128, Timestamp)>, StoreError> {
        self.database.read(|connection| placement::topic_stamp(connection, topic))
    }

    /// Returns all items that a topic feed has published, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn published(&self, topic: &TopicId) -> Result<Vec<Published>, StoreError> {
        self.database.read(|connection| published::by_topic(connection, topic))
    }

    /// Returns all published items of these stories in any topic, story after story, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn published_of_stories(&self, stories: &[StoryId]) -> Result<Vec<Published>, StoreError> {
        self.database.read(|connection| published::by_stories(connection, stories))
    }

    /// Returns every mark by hand, by entry, topic and kind.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn marks(&self) -> Result<Vec<Mark>, StoreError> {
        self.database.read(mark::all)
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
    #[cfg_attr(not(test), expect(dead_code, reason = "for `griot show ENTRY --revisions`"))]
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
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "for the commands that take an entry's short id: show, explain, pin, hide, note"
        )
    )]
    pub fn find_entry(&self, prefix: &str) -> Result<Option<Entry>, StoreError> {
        find_by_prefix(prefix, 'e', |low, high| {
            self.database.read(|connection| entry::in_id_range(connection, low, high))
        })
    }

    /// Returns the story whose id starts with `prefix`: hexadecimal digits, after an optional `s` as short ids have it.
    ///
    /// # Errors
    /// [`StoreError::Ambiguous`] when several do, and others when the database cannot be read.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for the commands that take a story's short id: show, pin, hide, split, join")
    )]
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
