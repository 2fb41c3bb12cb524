//! What the daemon's runs have done so far, for `/healthz` and `/metrics`.

use super::run_report::{RunError, RunReport};
use crate::model::{SourceState, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The runs of this process. Empty where it only serves.
#[derive(Debug, Default)]
pub struct RunStatus(Mutex<RunFigures>);

/// The figures of the runs of this process.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunFigures {
    /// Whether this process does runs.
    pub is_fetching: bool,
    /// How many runs ended well.
    pub completed: u64,
    /// How many runs ended with an error of the machine.
    pub failed: u64,
    /// The time of the last run that ended well.
    pub last_success: Option<Timestamp>,
    /// The code of the error with which the last run ended.
    pub last_error: Option<&'static str>,
    /// How long the last run took, in seconds.
    pub last_duration_seconds: f64,
    /// The entries that runs have brought.
    pub new_entries: u64,
    /// The stories that runs have founded.
    pub new_stories: u64,
    /// The visits to sources, by how they ended.
    pub visits: BTreeMap<&'static str, u64>,
    /// The number of sources in each state.
    pub sources: BTreeMap<&'static str, u64>,
    /// How often the configuration was read again, and how often that was refused.
    pub reloads: (u64, u64),
    /// Whether the last attempt to read it was refused.
    pub is_configuration_refused: bool,
}

impl RunStatus {
    /// Returns a copy of the figures.
    #[must_use]
    pub fn figures(&self) -> RunFigures {
        self.with(|figures| figures.clone())
    }

    /// Notes that this process does runs.
    pub fn begin_fetching(&self) {
        self.with(|figures| figures.is_fetching = true);
    }

    /// Notes the end of a run at `now` that took so long.
    pub fn end_run(&self, ended: Result<&RunReport, &RunError>, states: &[SourceState], now: Timestamp, duration_seconds: f64) {
        self.with(|figures| {
            figures.last_duration_seconds = duration_seconds;
            match ended {
                Ok(report) => {
                    figures.completed += 1;
                    (figures.last_success, figures.last_error) = (Some(now), None);
                    let summary = &report.summary;
                    figures.new_entries += summary.new_entries;
                    figures.new_stories += summary.new_stories;
                    for (ending, count) in [
                        ("fresh", summary.fresh),
                        ("unchanged", summary.unchanged),
                        ("failed", summary.failed),
                        ("deferred", summary.deferred),
                    ] {
                        *figures.visits.entry(ending).or_default() += count;
                    }
                }
                Err(error) => {
                    figures.failed += 1;
                    figures.last_error = Some(error.code());
                }
            }
            figures.sources.clear();
            for state in states {
                *figures.sources.entry(state.health.as_str()).or_default() += 1;
            }
        });
    }

    /// Notes that the configuration was read again, or refused.
    pub fn reload(&self, is_accepted: bool) {
        self.with(|figures| {
            let (accepted, refused) = &mut figures.reloads;
            *if is_accepted { accepted } else { refused } += 1;
            figures.is_configuration_refused = !is_accepted;
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut RunFigures) -> T) -> T {
        // Nothing panics while the lock is held, and the figures are whole at any moment.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
