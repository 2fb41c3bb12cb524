//! The loop of `griot serve`: run, wait until something is due, run again.

use super::app::{App, OpenError, Tools};
use super::clock::Clock;
use super::run;
use super::run_report::RunOptions;
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
    pub app: App,
    /// The file it was furnished from.
    pub config: PathBuf,
    /// What the command line added.
    pub tools: Tools,
    /// The time.
    pub clock: Clock,
}

/// Runs until `stop` is set; a run that fails is logged, and the next one tries again. Each note of `reload` makes it read its configuration again; a mistake in that leaves the old one in force.
pub async fn keep_running(daemon: Daemon, mut stop: watch::Receiver<bool>, reload: Arc<Notify>) {
    let Daemon { app, config, tools, clock } = daemon;
    let mut app = Arc::new(app);
    // The first run, and the first with a new configuration, is never left out: rules may have changed.
    let mut is_new_app = true;
    while !*stop.borrow() {
        if is_new_app || !is_idle(&app, clock.now()).await {
            one_run(&app, &clock, &stop).await;
        }
        is_new_app = false;
        tokio::select! {
            () = tokio::time::sleep(clock.real(PAUSE)) => {}
            _ = stop.changed() => {}
            () = reload.notified() => match reopened(&config, &tools, &app) {
                Ok(fresh) => {
                    app = Arc::new(fresh);
                    is_new_app = true;
                    tracing::info!("the configuration was read again");
                }
                Err(error) => tracing::error!(%error, "the configuration has mistakes, the former one stays in force; see griot check"),
            },
        }
    }
}

async fn one_run(app: &Arc<App>, clock: &Clock, stop: &watch::Receiver<bool>) {
    match run::run(app, &RunOptions::default(), clock.now(), stop, &|_| {}).await {
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
async fn is_idle(app: &Arc<App>, now: Timestamp) -> bool {
    let app = Arc::clone(app);
    let look = move || -> Result<bool, StoreError> {
        let store = &app.store;
        let due = store.due_sources(now, usize::MAX)?;
        let visited = |state: &SourceState| app.source(&state.source).is_some_and(|prepared| prepared.source.enabled);
        let idle = !due.iter().any(|state| visited(state) && schedule::is_due(state, now));
        Ok(idle && store.due_pages(now)?.is_empty() && store.uncomposed_ids()?.is_empty() && store.unjudged()?.is_empty())
    };
    matches!(tokio::task::spawn_blocking(look).await, Ok(Ok(true)))
}

fn reopened(path: &std::path::Path, tools: &Tools, app: &App) -> Result<App, OpenError> {
    let mut config = config::load(path)?;
    config.fetch.allow_private_networks |= tools.allow_private_networks;
    // The server goes on with the folder that it was opened with.
    config.site.out.clone_from(&app.config.site.out);
    app.with_config(config, tools)
}
