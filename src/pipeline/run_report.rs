//! What a run is asked to do, what it reports, and why it can stop. No work is done here.

use crate::model::{RunSummary, SourceState, Timestamp, TopicId};
use crate::publish::{WriteError, Written};
use crate::store::StoreError;
use std::path::PathBuf;
use std::time::Duration;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A stage panicked.
    #[error("{0} ended in a defect of griot itself; nothing that was fetched is lost")]
    Defect(&'static str),
    /// No enabled source matches what was named.
    #[error("no source matches `{0}`")]
    NoSuchSource(String),
}

impl RunError {
    /// Returns a short stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Write(error) => error.code(),
            Self::Defect(_) => "defect",
            Self::NoSuchSource(_) => "no-such-source",
        }
    }
}

/// The number of items of a topic feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicCount {
    /// The topic.
    pub id: TopicId,
    /// All items.
    pub total: usize,
    /// Items that are published for the first time.
    pub new: usize,
}

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Fetch only these: source ids, `tag:T` or `country:ML`.
    pub only: Vec<String>,
    /// Fetch sources that are not due, too.
    pub force: bool,
    /// How many older pages of its archive each source is asked for.
    pub backfill: usize,
    /// The time for the run; none takes the configuration's budget.
    pub budget: Option<Duration>,
    /// Whether something confirms the clock: by another clock nothing may be purged.
    pub is_clock_confirmed: bool,
}

/// The progress of a run, for a progress bar.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Feeds that have arrived, of how many.
    Feeds(usize, usize),
    /// Pages that have arrived, of how many.
    Pages(usize, usize),
    /// The entries are being composed.
    Compose,
    /// The files are being written.
    Publish,
}

/// A source whose visit failed in this run.
#[derive(Debug, Clone)]
pub struct FailedSource {
    /// Its state after the visit.
    pub state: SourceState,
    /// Its state before the visit, which tells whether the failure is new.
    pub before: SourceState,
}

/// The result of a run.
#[derive(Debug, Clone, Default)]
pub struct RunReport {
    /// The number of the run.
    pub id: i64,
    /// The `now` of the run.
    pub started: Timestamp,
    /// Counts of sources, entries and stories.
    pub summary: RunSummary,
    /// The sources that failed, ordered by id.
    pub failed_sources: Vec<FailedSource>,
    /// The former states of sources that failed before and now succeeded.
    pub recovered: Vec<SourceState>,
    /// The number of items of each topic feed, and of new ones.
    pub topics: Vec<TopicCount>,
    /// The files that were written.
    pub written: Written,
    /// The output folder.
    pub out: PathBuf,
    /// No source got past DNS or connect, and at least three hosts were tried: the machine is offline.
    pub offline: bool,
    /// A signal stopped the run before its end.
    pub stopped: bool,
}

impl RunReport {
    /// Returns whether more than the share `fail_on` of the visited sources failed; of fewer than three no share is computed.
    #[must_use]
    pub fn is_partial(&self, fail_on: f64) -> bool {
        let summary = &self.summary;
        let tried = summary.fresh + summary.unchanged + summary.failed;
        #[expect(clippy::cast_precision_loss, reason = "counts of sources are far below 2^52")]
        let share = summary.failed as f64 / tried.max(1) as f64;
        tried >= 3 && share > fail_on
    }

    /// Returns the run in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let summary = &self.summary;
        if self.offline {
            return "offline: no source could be reached".to_owned();
        }
        format!(
            "{} sources due, {} with news, {} unchanged, {} failed, {} left; {} new entries, {} new stories",
            summary.due, summary.fresh, summary.unchanged, summary.failed, summary.deferred, summary.new_entries, summary.new_stories
        )
    }
}
