//! The loop of `griot serve`: run, wait until something is due, run again.

use super::clock::Clock;
use super::house::{House, OpenError, Tools};
use super::run::{self, RunError, RunOptions};
use crate::config;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The longest pause between two looks at what is due.
const PAUSE: Duration = Duration::from_mins(1);

/// What a daemon is made of.
pub struct Daemon {
    /// The house; SIGHUP furnishes it anew.
    pub house: House,
    /// The file it was furnished from.
    pub config: PathBuf,
    /// What the command line added.
    pub tools: Tools,
    /// The time.
    pub clock: Clock,
}

/// Runs until `stop` is set. Each note of `reload` makes it read its configuration again; a mistake in that leaves the old one in force.
///
/// # Errors
/// [`RunError`] when the store fails; output that cannot be written is logged and tried again.
pub async fn keep_running(daemon: Daemon, mut stop: watch::Receiver<bool>, reload: Arc<Notify>) -> Result<(), RunError> {
    let Daemon {
        house,
        config,
        tools,
        clock,
    } = daemon;
    let mut house = Arc::new(house);
    while !*stop.borrow() {
        match run::run(&house, &RunOptions::default(), clock.now(), &stop, &|_| {}).await {
            Ok(report) => tracing::info!(
                run.id = report.id,
                fresh = report.summary.fresh,
                failed = report.summary.failed,
                entries = report.summary.new_entries,
                offline = report.offline,
                "run"
            ),
            Err(RunError::Write(error)) => tracing::error!(%error, "the output could not be written"),
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = tokio::time::sleep(clock.real(PAUSE)) => {}
            _ = stop.changed() => {}
            () = reload.notified() => match reopened(&config, &tools, &house) {
                Ok(fresh) => {
                    house = Arc::new(fresh);
                    tracing::info!("the configuration was read again");
                }
                Err(error) => tracing::error!(%error, "the configuration has mistakes, the former one stays in force; see griot check"),
            },
        }
    }
    Ok(())
}

fn reopened(path: &std::path::Path, tools: &Tools, house: &House) -> Result<House, OpenError> {
    house.refurnished(config::load(path)?, tools)
}
