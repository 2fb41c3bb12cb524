//! The loop of `griot serve`: run, wait until something is due, run again. The run lock is held during a run only.

use super::app::{App, Tools};
use super::clock::Clock;
use super::clock_check::{self, CheckedClock};
use super::run;
use super::run_ping::RunPing;
use super::run_report::RunOptions;
use super::run_status::RunStatus;
use crate::model::{SourceState, Timestamp};
use crate::schedule;
use crate::store::{LockError, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The interval at which the daemon checks what is due.
const CHECK_INTERVAL: Duration = Duration::from_mins(1);

/// What a monitor is told of a run in which too much failed: the exit code of `griot fetch`.
const PARTIAL: u8 = 3;

/// The interval at which servers are asked for their time while the clock is wrong.
const CLOCK_CHECK_INTERVAL: Duration = Duration::from_hours(1);

/// The parts of the daemon.
pub struct Daemon {
    /// The app; a configuration that is read again replaces it.
    pub app: watch::Receiver<Arc<App>>,
    /// The arguments of the command line.
    pub tools: Tools,
    /// The clock.
    pub clock: Clock,
    /// Where the runs are noted.
    pub status: Arc<RunStatus>,
}

/// Runs until `stop` is set; a failed run is logged, and the next one tries again.
pub async fn keep_running(daemon: Daemon, mut stop: watch::Receiver<bool>) {
    let Daemon {
        app: mut apps,
        tools,
        clock,
        status,
    } = daemon;
    // The first run with a configuration is never skipped: rules may have changed.
    let mut is_new_app = true;
    let mut doubt = Doubt::default();
    status.begin_fetching();
    while !*stop.borrow() {
        let app = Arc::clone(&apps.borrow_and_update());
        if is_new_app || !is_idle(&app, clock.now()).await {
            is_new_app &= !run_once(&app, &tools, &clock, &mut doubt, &status, &stop).await;
        }
        tokio::select! {
            () = tokio::time::sleep(clock.real(CHECK_INTERVAL)) => {}
            _ = stop.changed() => {}
            changed = apps.changed() => match changed {
                Ok(()) => is_new_app = true,
                // Nothing reads the configuration any more: the program ends.
                Err(_) => tokio::time::sleep(clock.real(CHECK_INTERVAL)).await,
            },
        }
    }
}

/// A clock that was found wrong.
#[derive(Debug, Default)]
struct Doubt {
    /// Until when the servers are not asked again.
    rest_until: Option<Instant>,
}

impl Doubt {
    /// Checks the clock before a run; what is wrong is logged, and the servers are asked once an hour at most.
    ///
    /// Returns the clock when it may be used.
    async fn check_clock(&mut self, app: &Arc<App>, tools: &Tools, clock: &Clock) -> Option<CheckedClock> {
        let (now, earliest) = (clock.now(), clock.earliest());
        if self.rest_until.is_some_and(|until| Instant::now() < until) {
            let store = app.store.clone();
            let plausible = tokio::task::spawn_blocking(move || clock_check::is_plausible(&store, now, earliest)).await;
            if !matches!(plausible, Ok(Ok(true))) {
                return None;
            }
        }
        self.rest_until = None;
        match clock_check::check(app, tools, false, now, earliest).await {
            Ok(checked) => Some(checked),
            Err(error) => {
                tracing::error!(code = error.code(), %error, "no run is done until the clock is right; see griot doctor");
                self.rest_until = Some(Instant::now() + clock.real(CLOCK_CHECK_INTERVAL));
                None
            }
        }
    }
}

/// Does a run under the lock; returns false when another run holds it, or when the clock is wrong.
async fn run_once(
    app: &Arc<App>,
    tools: &Tools,
    clock: &Clock,
    doubt: &mut Doubt,
    status: &RunStatus,
    stop: &watch::Receiver<bool>,
) -> bool {
    let _lock = match tools.database.lock() {
        Ok(lock) => lock,
        Err(LockError::Held { .. }) => {
            tracing::info!("another run holds the lock; the next check tries again");
            return false;
        }
        Err(error @ LockError::Io { .. }) => {
            tracing::error!(%error, "the run lock cannot be acquired; the next check tries again");
            return false;
        }
    };
    let Some(checked) = doubt.check_clock(app, tools, clock).await else {
        return false;
    };
    let options = RunOptions {
        is_clock_confirmed: checked.is_confirmed,
        ..RunOptions::default()
    };
    let ping = (app.config.report.ping.clone()).map(|monitor| RunPing::begin(monitor, app.client.clone(), clock.now()));
    let began = Instant::now();
    let ended = run::run(app, &options, clock.now(), stop, &|_| {}).await;
    let store = app.store.clone();
    let sources = tokio::task::spawn_blocking(move || store.source_states()).await;
    let sources = sources.ok().and_then(Result::ok).unwrap_or_default();
    status.end_run(ended.as_ref(), &sources, clock.now(), began.elapsed().as_secs_f64());
    if let Some(ping) = ping {
        // The daemon may end before the monitor has answered.
        let (code, line) = match &ended {
            Ok(report) if report.offline || report.is_partial(app.config.report.fail_on) => (PARTIAL, report.line()),
            Ok(report) => (0, report.line()),
            Err(error) => (1, error.to_string()),
        };
        tokio::spawn(async move { ping.end(code, &line).await });
    }
    match ended {
        Ok(_) => {}
        // A full disk or a locked database may be temporary, and a daemon that has ended would not restart by itself.
        Err(error) => tracing::error!(code = error.code(), %error, "the run failed; the next one tries again"),
    }
    true
}

/// Returns whether a run would have nothing to do; false when the store cannot be read, so that the run reports it.
async fn is_idle(app: &Arc<App>, now: Timestamp) -> bool {
    let app = Arc::clone(app);
    let look = move || -> Result<bool, StoreError> {
        let store = &app.store;
        let due = store.due_sources(now, usize::MAX)?;
        let visited = |state: &SourceState| app.source(&state.source).is_some_and(|prepared| prepared.source.enabled);
        let idle = !due.iter().any(|state| visited(state) && schedule::is_due(state, now));
        Ok(idle && store.due_pages(now)?.is_empty() && !store.any_waiting()?)
    };
    matches!(tokio::task::spawn_blocking(look).await, Ok(Ok(true)))
}
