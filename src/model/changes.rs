//! Changes: what one step of a run wants remembered, all or nothing.

use super::article::Article;
use super::digest::Digest128;
use super::entry::Entry;
use super::host::HostState;
use super::id::{EntryId, SourceId, StoryId, TopicId};
use super::problem::Problem;
use super::source::{PageVisit, SourceEvent, SourceState};
use super::story::{Published, Story};
use super::time::Timestamp;
use super::topic::Placement;

/// Where something came from: one request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The source on whose behalf we asked.
    pub source: SourceId,
    /// The entry whose page it was; none for a feed.
    pub entry: Option<EntryId>,
    /// The address we asked.
    pub url: String,
    /// The address that answered.
    pub final_url: String,
    /// The redirects in between, as status code and target.
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
    /// When it was fetched: the run's `now`.
    pub fetched: Timestamp,
}

/// An entry whose content its publisher changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRevision {
    /// The entry as it is now; its `first_seen`, `copy_of` and `story` are not looked at.
    pub entry: Entry,
    /// When the change was seen.
    pub seen: Timestamp,
}

/// How an entry was composed. The order of compositions in [`Changes`] becomes their `compose_seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// The entry.
    pub entry: EntryId,
    /// The entry whose text it repeats.
    pub copy_of: Option<EntryId>,
    /// The story it joined or founded.
    pub story: StoryId,
    /// What dedupe compares, in its own encoding.
    pub fingerprint: Vec<u8>,
}

/// What one step of a run wants remembered. The store applies it in one transaction, in the order of the fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// The new state of sources.
    pub sources: Vec<SourceState>,
    /// What changed in how sources are doing.
    pub events: Vec<SourceEvent>,
    /// What is new of hosts: a state without `held_until` leaves a former hold in force, and one without `robots_expires` what is known of
    /// robots.txt.
    pub hosts: Vec<HostState>,
    /// Entries seen for the first time.
    pub new_entries: Vec<Entry>,
    /// Entries whose content changed; the former content is kept as a revision.
    pub revised_entries: Vec<EntryRevision>,
    /// What was taken from pages; replaces what was there. The story of an entry that was composed before is to be judged again.
    pub articles: Vec<(EntryId, Article)>,
    /// Pages that did not come; an article that comes takes its entry off that list.
    pub page_visits: Vec<PageVisit>,
    /// Where things came from.
    pub provenance: Vec<Provenance>,
    /// Entries that were composed, in order.
    pub compositions: Vec<Composition>,
    /// Changed entries whose stories were judged again with what the entries say now.
    pub reevaluated_entries: Vec<EntryId>,
    /// New or changed stories.
    pub stories: Vec<Story>,
    /// New or changed placements.
    pub placements: Vec<Placement>,
    /// Placements that hold no longer.
    pub removed_placements: Vec<(TopicId, StoryId)>,
    /// Topics that are published no longer: their rule is forgotten, so that they are judged anew when they come back.
    pub retired_topics: Vec<TopicId>,
    /// What topic feeds now say.
    pub published: Vec<Published>,
    /// Topics whose feed may say something else than before: the digest of the rule that they were judged by, and the moment.
    pub topic_stamps: Vec<(TopicId, Digest128, Timestamp)>,
    /// Defects that were seen, with their source; they replace the source's former ones.
    pub problems: Vec<(SourceId, Vec<Problem>)>,
}

/// What a run did, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSummary {
    /// Sources that were due.
    pub due: u64,
    /// Sources that answered with a feed.
    pub fresh: u64,
    /// Sources that said nothing has changed.
    pub unchanged: u64,
    /// Sources that failed.
    pub failed: u64,
    /// Due sources that were not asked, since the budget ended or their host is held.
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
    /// Stories that took another entry.
    pub updated_stories: u64,
}

/// A run as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number, counted up from 1 in each database.
    pub id: i64,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; none when it was cut short.
    pub ended: Option<Timestamp>,
    /// What it did.
    pub summary: RunSummary,
}
