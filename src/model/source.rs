//! What we remember of a source between runs.

use super::{SourceId, Timestamp};
use std::fmt;

/// How a source is doing, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SourceHealth {
    /// Never asked yet.
    #[default]
    New,
    /// The last visit went well.
    Ok,
    /// The last visit failed.
    Failing,
    /// It shows us an anti-bot page or refuses us.
    Blocked,
    /// It asked us to wait.
    Throttled,
    /// It says it is gone for good.
    Gone,
}

impl SourceHealth {
    /// Every value, in the order of severity.
    pub const ALL: [Self; 6] = [Self::New, Self::Ok, Self::Throttled, Self::Failing, Self::Blocked, Self::Gone];

    /// Returns the word that people see and the store keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Failing => "failing",
            Self::Blocked => "blocked",
            Self::Throttled => "throttled",
            Self::Gone => "gone",
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

/// What we remember of a source between runs. Validators are bytes: a server may send what is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub body_hash: Option<[u8; 16]>,
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
    /// The code of the last failure's reason, such as `dns` or `http-404`.
    pub reason: Option<String>,
    /// The last failure in words.
    pub detail: Option<String>,
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
            reason: None,
            detail: None,
            feed_title: None,
            feed_link: None,
        }
    }
}
