//! The loop of `griot serve`: run, wait until something is due, run again.

use super::clock::Clock;
use super::house::{House, OpenError, Tools};
use super::run::{self, RunOptions};
use crate::config;
use crate::model::{SourceState, Timestamp};
use crate::schedule;
use crate::store::StoreError;
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

/// Runs until `stop` is set; a run that fails is logged, and the next one tries again. Each note of `reload` makes it read its configuration again; a mistake in that leaves the old one in force.
pub async fn keep_running(daemon: Daemon, mut stop: watch::Receiver<bool>, reload: Arc<Notify>) {
    let Daemon {
        house,
        config,
        tools,
        clock,
    } = daemon;
    let mut house = Arc::new(house);
    // The first run, and the first with a new configuration, is never left out: rules may have changed.
    let mut fresh_house = true;
    while !*stop.borrow() {
        if fresh_house || !is_idle(&house, clock.now()).await {
            one_run(&house, &clock, &stop).await;
        }
        fresh_house = false;
        tokio::select! {
            () = tokio::time::sleep(clock.real(PAUSE)) => {}
            _ = stop.changed() => {}
            () = reload.notified() => match reopened(&config, &tools, &house) {
                Ok(fresh) => {
                    house = Arc::new(fresh);
                    fresh_house = true;
                    tracing::info!("the configuration was read again");
                }
                Err(error) => tracing::error!(%error, "the configuration has mistakes, the former one stays in force; see griot check"),
            },
        }
    }
}

async fn one_run(house: &Arc<House>, clock: &Clock, stop: &watch::Receiver<bool>) {
    match run::run(house, &RunOptions::default(), clock.now(), stop, &|_| {}).await {
        Ok(report) => tracing::info!(
            run.id = report.id,
            fresh = report.summary.fresh,
            failed = report.summary.failed,
            entries = report.summary.new_entries,
            offline = report.offline,
            "run"
        ),
        // A full disk or a locked database passes; a daemon that has given up does not come back by itself.
        Err(error) => tracing::error!(code = error.code(), %error, "the run failed; the next one tries again"),
    }
}

/// Whether a run would have nothing to do. What cannot be told is left to the run.
async fn is_idle(house: &Arc<House>, now: Timestamp) -> bool {
    let house = Arc::clone(house);
    let look = move || -> Result<bool, StoreError> {
        let store = &house.store;
        let due = store.due_sources(now, usize::MAX)?;
        let visited = |state: &SourceState| house.source(&state.source).is_some_and(|prepared| prepared.source.enabled);
        let idle = !due.iter().any(|state| visited(state) && schedule::is_due(state, now));
        Ok(idle && store.due_pages(now)?.is_empty() && store.uncomposed_ids()?.is_empty() && store.unjudged()?.is_empty())
    };
    matches!(tokio::task::spawn_blocking(look).await, Ok(Ok(true)))
}

fn reopened(path: &std::path::Path, tools: &Tools, house: &House) -> Result<House, OpenError> {
    let mut config = config::load(path)?;
    config.fetch.allow_private_networks |= tools.allow_private_networks;
    // The server goes on with the folder that it was opened with.
    config.site.out.clone_from(&house.config.site.out);
    house.refurnished(config, tools)
}
