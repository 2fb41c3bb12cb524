//! The stored state of a source, its health, and failed visits to pages.

use super::digest::Digest128;
use super::failure::FailureReason;
use super::feed::RefreshHints;
use super::id::{EntryId, SourceId};
use super::time::Timestamp;
use std::fmt;
use std::time::Duration;

/// The health of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SourceHealth {
    /// Never visited yet.
    #[default]
    New,
    /// The last visit succeeded, and so did most before it.
    Ok,
    /// Several of its last visits failed, and at least half succeeded.
    Flaky,
    /// It answers, but has had no new entry for far longer than its cadence.
    Silent,
    /// It redirects permanently, and its new address is visited.
    Moved,
    /// It asked for a pause (429 or 503 with Retry-After).
    Throttled,
    /// The last visit failed.
    Failing,
    /// It answers with a bot wall or refuses the request.
    Blocked,
    /// It answered 410 twice.
    Gone,
    /// The operator has disabled it.
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

    /// Returns the word under which the value is shown and stored.
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

    /// Returns the value with this word; `None` for an unknown word.
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

/// How often a source has new entries.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cadence {
    /// New entries a day, over about the last week.
    pub per_day: f64,
    /// New entries a day, over about the last day.
    pub recent_per_day: f64,
    /// The usual time between two visits with new entries, or between two entries of its first document.
    pub usual_gap: Option<Duration>,
    /// When it last had a new entry: the time of that visit, or the date of the newest entry of its first document.
    pub newest: Option<Timestamp>,
}

/// A permanent redirect (301, 308) that a source answers with, and the evidence that it is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermanentRedirect {
    /// The address that redirects.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// When it was first seen.
    pub since: Timestamp,
    /// The number of consecutive visits at which the feed was found there.
    pub visits: u32,
    /// Whether the new address is visited now.
    pub adopted: bool,
}

/// An address, or a host, that asked a source to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAddress {
    /// The address that was requested, or a host as in [`HostKey`](super::host::HostKey).
    pub address: String,
    /// Until when.
    pub until: Timestamp,
}

/// The stored state of a source. Validators are bytes: a server may send header values that are no text.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// The source.
    pub source: SourceId,
    /// The URL that was requested, for which the validators are valid.
    pub url: Option<String>,
    /// The URL that answered, after redirects: the validators are sent to its origin only.
    pub answered_by: Option<String>,
    /// The last `ETag`, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The last `Last-Modified`, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// The digest of the last body, by which an unchanged document is found before it is parsed.
    pub body_hash: Option<Digest128>,
    /// The digest of the keys of feeds.toml by which the last document was read; `None` where there were none. A document that is read otherwise does not
    /// count as seen.
    pub reading: Option<Digest128>,
    /// When the present series of visits began at each of which the server said that nothing has changed (304); `None` when the last answer was
    /// another one.
    pub unmodified_since: Option<Timestamp>,
    /// The date before which entries of the last document were left out for their age; `None` when none were. The document counts as seen only as
    /// long as no older entries are wanted.
    pub seen_since: Option<Timestamp>,
    /// Whether entries of the last document were left out since the source had too many new ones.
    pub flooded: bool,
    /// The UTC day, counted from 1970-01-01, on which it last had new entries.
    pub new_day: Option<i64>,
    /// The number of its new entries on that day.
    pub new_count: u64,
    /// When it was last visited.
    pub last_visit: Option<Timestamp>,
    /// When a visit last returned the feed, or that it has not changed.
    pub last_success: Option<Timestamp>,
    /// When it is to be visited next.
    pub next_visit: Option<Timestamp>,
    /// The number of consecutive failed visits.
    pub failures: u32,
    /// When the present series of failures began.
    pub failing_since: Option<Timestamp>,
    /// Its health.
    pub health: SourceHealth,
    /// Since when it has had this health.
    pub since: Option<Timestamp>,
    /// The number of visits.
    pub visits: u64,
    /// The number of failed visits.
    pub failed_visits: u64,
    /// The last 32 visits as bits, the last one lowest: 1 for a visit that failed.
    pub recent_failures: u32,
    /// Why the last visit failed; `None` when it succeeded.
    pub reason: Option<FailureReason>,
    /// A description of the last failure.
    pub detail: Option<String>,
    /// An address that may work: the feed that a page links to.
    pub suggestion: Option<String>,
    /// How often the feed asks to be fetched, by its last document.
    pub hints: RefreshHints,
    /// The `max-age` of the server's last answer (RFC 9111).
    pub max_age: Option<Duration>,
    /// How often it has new entries; `None` until its first document.
    pub cadence: Option<Cadence>,
    /// The wait that its cadence last resulted in.
    pub wait: Option<Duration>,
    /// The one of its addresses that last worked, when it is not the first.
    pub working_url: Option<String>,
    /// A permanent redirect that is being observed or was adopted.
    pub moved: Option<PermanentRedirect>,
    /// Which of its addresses asked to wait (429, or 503 with `Retry-After`), where it has several.
    pub held: Vec<HeldAddress>,
    /// Whether it is requested without compression, since its compressed answers were broken.
    pub uncompressed: bool,
    /// The reservations of its server: `noarchive` or `tdm-reservation`.
    pub reservations: Vec<String>,
    /// The feed's title.
    pub feed_title: Option<String>,
    /// The site's URL as the feed states it.
    pub feed_link: Option<String>,
}

impl SourceState {
    /// Returns the state of a source that was never visited.
    #[must_use]
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            url: None,
            answered_by: None,
            etag: None,
            last_modified: None,
            body_hash: None,
            reading: None,
            unmodified_since: None,
            seen_since: None,
            flooded: false,
            new_day: None,
            new_count: 0,
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
            held: Vec::new(),
            uncompressed: false,
            reservations: Vec::new(),
            feed_title: None,
            feed_link: None,
        }
    }
}

/// A change of a source's health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEvent {
    /// The source.
    pub source: SourceId,
    /// When it changed.
    pub at: Timestamp,
    /// The health before.
    pub before: SourceHealth,
    /// The health since.
    pub after: SourceHealth,
    /// Why, if a failure is the cause.
    pub reason: Option<FailureReason>,
    /// A description of the cause.
    pub detail: Option<String>,
}

/// A failed visit to an entry's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageVisit {
    /// The entry.
    pub entry: EntryId,
    /// The number of attempts.
    pub tries: u32,
    /// When to try again; `None` means never.
    pub next: Option<Timestamp>,
    /// The code of the failure.
    pub reason: String,
}
