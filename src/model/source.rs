//! What we remember of a source between runs.

use super::digest::Digest128;
use super::failure::FailureReason;
use super::feed::RefreshHints;
use super::id::{EntryId, SourceId};
use super::time::Timestamp;
use std::fmt;
use std::time::Duration;

/// How a source is doing, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SourceHealth {
    /// Never asked yet.
    #[default]
    New,
    /// The last visit went well, and so did most before it.
    Ok,
    /// It comes and goes: several of its last visits failed, and at least half went well.
    Flaky,
    /// It answers, but has told nothing new for far longer than its own rhythm.
    Silent,
    /// It has moved for good; we ask its new address.
    Moved,
    /// It asked us to wait.
    Throttled,
    /// The last visit failed.
    Failing,
    /// It shows us an anti-bot page or refuses us.
    Blocked,
    /// It says it is gone for good, and said so twice.
    Gone,
    /// The operator has switched it off.
    Paused,
}

impl SourceHealth {
    /// Every value, in the order of severity.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Ok,
        Self::Flaky,
        Self::Silent,
        Self::Moved,
        Self::Throttled,
        Self::Failing,
        Self::Blocked,
        Self::Gone,
        Self::Paused,
    ];

    /// Returns the word that people see and the store keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Flaky => "flaky",
            Self::Silent => "silent",
            Self::Moved => "moved",
            Self::Throttled => "throttled",
            Self::Failing => "failing",
            Self::Blocked => "blocked",
            Self::Gone => "gone",
            Self::Paused => "paused",
        }
    }

    /// Returns the value that `word` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|health| health.as_str() == word)
    }
}

impl fmt::Display for SourceHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How often a source tells something new.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cadence {
    /// New entries a day, over about the last week.
    pub per_day: f64,
    /// New entries a day, over about the last day.
    pub recent_per_day: f64,
    /// The usual time between two visits that brought something, or between two entries of its first document.
    pub usual_gap: Option<Duration>,
    /// When it last told something new: the moment of that visit, or of the newest entry of its first document.
    pub newest: Option<Timestamp>,
}

/// A permanent redirect (301, 308) that a source answers with, and how far we trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermanentRedirect {
    /// The address that redirects.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// When we first saw it.
    pub since: Timestamp,
    /// At how many visits in a row the feed was found there.
    pub visits: u32,
    /// Whether we ask the new address now.
    pub adopted: bool,
}

/// What we remember of a source between runs. Validators are bytes: a server may send what is no text.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// Which source.
    pub source: SourceId,
    /// The address we asked, for which the validators were kept.
    pub url: Option<String>,
    /// The address that answered, after redirects: the validators go to its origin only.
    pub answered_by: Option<String>,
    /// The last `ETag`, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The last `Last-Modified`, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// The digest of the last body, to see at once that nothing changed.
    pub body_hash: Option<Digest128>,
    /// When we last asked.
    pub last_visit: Option<Timestamp>,
    /// When we last got the feed, or heard that it has not changed.
    pub last_success: Option<Timestamp>,
    /// Not to be asked before this moment.
    pub next_visit: Option<Timestamp>,
    /// How many visits in a row have failed.
    pub failures: u32,
    /// When the present row of failures began.
    pub failing_since: Option<Timestamp>,
    /// How it is doing.
    pub health: SourceHealth,
    /// Since when it has been doing so.
    pub since: Option<Timestamp>,
    /// How often we have asked in all.
    pub visits: u64,
    /// How many of those visits failed.
    pub failed_visits: u64,
    /// The last 32 visits as bits, the last one lowest: 1 for a visit that failed.
    pub recent_failures: u32,
    /// Why the last visit failed; none when it went well.
    pub reason: Option<FailureReason>,
    /// The last failure in words.
    pub detail: Option<String>,
    /// An address that may do better: the feed that a page announces.
    pub suggestion: Option<String>,
    /// The feed's own wishes, as it last told them.
    pub hints: RefreshHints,
    /// How long the server last wanted its answer to be kept.
    pub max_age: Option<Duration>,
    /// How often it tells something new; none until its first document.
    pub cadence: Option<Cadence>,
    /// The wait that its rhythm last gave.
    pub wait: Option<Duration>,
    /// Which of its addresses last worked, when it is not the first.
    pub working_url: Option<String>,
    /// A permanent redirect that is being watched, or was taken over.
    pub moved: Option<PermanentRedirect>,
    /// Whether it is asked without compression, since what it compressed was broken.
    pub uncompressed: bool,
    /// What its server reserves: `noarchive` or `tdm-reservation`.
    pub reservations: Vec<String>,
    /// The title that the feed gives itself.
    pub feed_title: Option<String>,
    /// The home page that the feed names.
    pub feed_link: Option<String>,
}

impl SourceState {
    /// Returns the state of a source that was never asked.
    #[must_use]
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            url: None,
            answered_by: None,
            etag: None,
            last_modified: None,
            body_hash: None,
            last_visit: None,
            last_success: None,
            next_visit: None,
            failures: 0,
            failing_since: None,
            health: SourceHealth::New,
            since: None,
            visits: 0,
            failed_visits: 0,
            recent_failures: 0,
            reason: None,
            detail: None,
            suggestion: None,
            hints: RefreshHints::default(),
            max_age: None,
            cadence: None,
            wait: None,
            working_url: None,
            moved: None,
            uncompressed: false,
            reservations: Vec::new(),
            feed_title: None,
            feed_link: None,
        }
    }
}

/// A change of a source's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEvent {
    /// Which source.
    pub source: SourceId,
    /// When.
    pub at: Timestamp,
    /// How it was doing before.
    pub before: SourceHealth,
    /// How it has been doing since.
    pub after: SourceHealth,
    /// Why, if a failure is the cause.
    pub reason: Option<FailureReason>,
    /// The cause in words.
    pub detail: Option<String>,
}

/// A page that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageVisit {
    /// The entry whose page it is.
    pub entry: EntryId,
    /// How often it was asked for.
    pub tries: u32,
    /// When to ask again; never when none.
    pub next: Option<Timestamp>,
    /// Why it did not come, in a word.
    pub reason: String,
}
