//! What one step of a run asks the store to write, all or nothing, and the records of requests and runs.

use super::about::About;
use super::alert::Alert;
use super::article::Article;
use super::composition::{Composition, StoredFingerprint, StoredMemory, TermCounts};
use super::delivery::NewDelivery;
use super::digest::Digest128;
use super::entry::{ArticleForms, Entry, EntryKey, TextForms};
use super::genre::Genre;
use super::host::HostState;
use super::id::{EntryId, SourceId, StoryId, TopicId};
use super::placement::Placement;
use super::problem::Problem;
use super::source::{PageVisit, SourceEvent, SourceState};
use super::story::{NewArchivePage, Published, Story};
use super::time::Timestamp;
use super::topic_model::{TopicLearning, TopicModel};
use super::withdrawal::WithdrawalChange;

/// The request and the answer from which an entry or a page came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The source for which the request was made.
    pub source: SourceId,
    /// The entry whose page was requested; `None` for a feed.
    pub entry: Option<EntryId>,
    /// The URL that was requested.
    pub url: String,
    /// The URL that answered, after redirects.
    pub final_url: String,
    /// The redirects followed, as status code and target, in order.
    pub redirects: Vec<(u16, String)>,
    /// The status code of the answer.
    pub status: u16,
    /// The answer's `ETag`, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The answer's `Last-Modified`, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// The digest of the decoded body.
    pub body_hash: Digest128,
    /// The size of the decoded body in bytes.
    pub size: u64,
    /// When it was fetched: the `now` of the run.
    pub fetched: Timestamp,
}

/// An entry that was seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The entry.
    pub entry: Entry,
    /// The forms of its texts.
    pub forms: TextForms,
}

/// An entry that its publisher changed: its text, or the facts beside it. Only a changed text makes a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRevision {
    /// The entry with its new content; its `first_seen`, `version`, `copy_of` and `story` are ignored.
    pub entry: Entry,
    /// The forms of its new texts.
    pub forms: TextForms,
    /// When the change was first seen.
    pub seen: Timestamp,
    /// Whether its page is to be fetched again: title, text or the publisher's `updated` have changed.
    pub refetch: bool,
    /// Whether an earlier version of griot, which read documents in another way, stored it: then its publisher may have changed nothing, so it is
    /// no correction, and no revision is kept.
    pub is_reread: bool,
}

impl EntryRevision {
    /// Returns how many of `revisions` are changes by the publisher.
    #[must_use]
    pub fn count_changed(revisions: &[Self]) -> usize {
        revisions.iter().filter(|revision| !revision.is_reread).count()
    }
}

/// What an earlier version did not store of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledWords {
    /// The entry.
    pub entry: EntryId,
    /// The forms of its texts.
    pub forms: TextForms,
    /// The words and the length in bytes of its article.
    pub article: Option<(String, usize)>,
}

/// What one step of a run asks the store to write. The store applies it in one transaction, in the order of the fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// The new state of sources.
    pub sources: Vec<SourceState>,
    /// The changes of sources' health.
    pub events: Vec<SourceEvent>,
    /// New facts about hosts: a state without `held_until` leaves a stored hold in force, and one without `robots_expires` the stored robots.txt.
    pub hosts: Vec<HostState>,
    /// Entries seen for the first time.
    pub new_entries: Vec<NewEntry>,
    /// Entries whose text or facts changed; a former text is stored as a revision.
    pub revised_entries: Vec<EntryRevision>,
    /// Entries that an earlier version stored, with the digests of their text and of their facts; nothing of them has changed.
    pub rehashed_entries: Vec<(EntryId, Digest128, Digest128)>,
    /// Entries of which only the publisher's date of the last change is new, with that date and when it was seen: their pages are fetched again.
    pub updated_entries: Vec<(EntryId, Option<Timestamp>, Timestamp)>,
    /// The identity keys that known entries were seen with, where one of them is new.
    pub new_keys: Vec<(EntryId, Vec<EntryKey>)>,
    /// Keys of purged entries that a document still had, and on which UTC day, counted from 1970-01-01.
    pub seen_tombstones: Vec<(SourceId, Vec<EntryKey>, i64)>,
    /// Keys that several entries of one document had, and the UTC day from which a year later they may identify an entry again.
    pub shared_keys: Vec<(SourceId, Vec<EntryKey>, i64)>,
    /// Articles extracted from pages, and when the pages were fetched; each replaces a stored one. The story of an entry that was composed before
    /// has to be evaluated again.
    pub articles: Vec<(EntryId, Article, ArticleForms, Timestamp)>,
    /// Failed visits to pages; a stored article deletes the visit of its entry.
    pub page_visits: Vec<PageVisit>,
    /// Signs that publishers took entries back, or did not.
    pub withdrawals: Vec<WithdrawalChange>,
    /// The provenance of feeds and pages.
    pub provenance: Vec<Provenance>,
    /// Entries that were composed, in order.
    pub compositions: Vec<Composition>,
    /// What is compared of entries; it replaces what is stored.
    pub fingerprints: Vec<StoredFingerprint>,
    /// In how many entries terms stand, to be added.
    pub term_counts: TermCounts,
    /// What sources repeat in their entries; it replaces what is stored.
    pub outlet_memories: Vec<StoredMemory>,
    /// Entries that an earlier version stored without their plain texts and words, with these.
    pub filled_words: Vec<FilledWords>,
    /// Entries whose stories were evaluated with these versions of the entries.
    pub evaluated_entries: Vec<(EntryId, u32)>,
    /// Entries for which it differs from what is stored: what they are about, and their genre.
    pub subjects: Vec<(EntryId, About, Option<Genre>)>,
    /// New or changed stories.
    pub stories: Vec<Story>,
    /// New or changed placements.
    pub placements: Vec<Placement>,
    /// Placements to delete.
    pub removed_placements: Vec<(TopicId, StoryId)>,
    /// Alerts that were raised.
    pub alerts: Vec<Alert>,
    /// Alerts of which those who want to know are told from now on, and when that was.
    pub told_alerts: Vec<(Alert, Timestamp)>,
    /// What is to be told outside.
    pub deliveries: Vec<NewDelivery>,
    /// Topics that are published no longer: their stamp and what they learned are deleted, so that they are evaluated anew when they are configured
    /// again.
    pub retired_topics: Vec<TopicId>,
    /// What topics have learned; it replaces what they had learned before.
    pub learned_topics: Vec<(TopicLearning, TopicModel)>,
    /// The items as topic feeds now publish them.
    pub published: Vec<Published>,
    /// New pages of topics' archives.
    pub archive_pages: Vec<NewArchivePage>,
    /// The sources whose entries the items of an archive page show, as it is written now.
    pub archive_sources: Vec<(TopicId, u32, Vec<SourceId>)>,
    /// Topics whose feed may have changed: the digest of the rule by which they were evaluated, and when.
    pub topic_stamps: Vec<(TopicId, Digest128, Timestamp)>,
    /// The version of what tells the countries and the genre of entries, when those of all stored entries are by this one.
    pub subjects_version: Option<i64>,
    /// Sources with the digest of the facts with which their stories were evaluated.
    pub source_facts: Vec<(SourceId, Digest128)>,
    /// Topics whose feeds were rendered, and as of which moment.
    pub rendered_topics: Vec<(TopicId, Timestamp)>,
    /// The problems of sources; they replace the source's former ones.
    pub problems: Vec<(SourceId, Vec<Problem>)>,
}

/// The figures of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSummary {
    /// Sources that were due.
    pub due: u64,
    /// Sources that answered with a feed.
    pub fresh: u64,
    /// Sources whose server or document said that nothing has changed.
    pub unchanged: u64,
    /// Sources that failed.
    pub failed: u64,
    /// Due sources that were not visited, since the time budget ended or their host is held.
    pub deferred: u64,
    /// Entries seen for the first time.
    pub new_entries: u64,
    /// Entries whose content changed.
    pub updated_entries: u64,
    /// New entries that are copies.
    pub copies: u64,
    /// Pages fetched.
    pub articles: u64,
    /// Stories founded.
    pub new_stories: u64,
    /// Stories that gained an entry.
    pub updated_stories: u64,
}

/// A stored run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number, from 1 in each database.
    pub id: i64,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; `None` when it was interrupted.
    pub ended: Option<Timestamp>,
    /// Its figures.
    pub summary: RunSummary,
}
