//! `griot serve`: runs and serves the published files until a signal.

use super::args::{Global, Serve};
use super::failure::{CANNOT_WRITE, DONE, Failure, from_open};
use super::output::Output;
use super::servers::Servers;
use super::setup;
use super::signals::Signals;
use crate::config::{ConfigFile, Watched};
use crate::pipeline::daemon::{Daemon, keep_running};
use crate::pipeline::deliver::keep_delivering;
use crate::pipeline::reload::{Reloading, keep_configured};
use crate::pipeline::run_status::RunStatus;
use crate::pipeline::served_site::ServedSite;
use crate::pipeline::serving::Serving;
use crate::pipeline::{Clock, clock_check};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a run may take to end after the stop signal. Whatever it is doing then is lost at no time: the next run goes on.
const RUN_END_TIMEOUT: Duration = Duration::from_secs(5);

/// Fetches what is due and serves the published files until a signal ends it.
///
/// # Errors
/// [`Failure`] when the address is in use, another run holds the lock, or the store fails.
pub async fn run(serve: &Serve, global: &Global, clock: Clock, servers: &Servers, output: &mut Output) -> Result<u8, Failure> {
    let status = Arc::new(RunStatus::default());
    let watched = Watched::new(&setup::config_path(global)?);
    // Serving alone needs neither the database nor the lock.
    let (path, config, tools, app) = if serve.no_fetch {
        let (path, config) = setup::load(global, output)?;
        let tools = setup::tools(global, setup::database_path(global, &path))?;
        (path, config, tools, None)
    } else {
        clock_check::check_earliest(clock.now(), clock.earliest())?;
        let opened = setup::open(global, None, setup::LOCK_WAIT, clock.now(), output).await?;
        // The daemon acquires the lock for each run: between them other commands work on the database.
        drop(opened.lock);
        (opened.config, opened.app.config.clone(), opened.tools, Some(Arc::new(opened.app)))
    };
    let site = ServedSite::new(&config, &tools).map_err(|error| from_open(error, output.style()))?;
    let files: Vec<ConfigFile> = config.files.iter().chain(&config.rules).cloned().collect();
    let listener = TcpListener::bind(serve.listen).map_err(|error| {
        Failure::new(
            CANNOT_WRITE,
            anyhow::Error::new(error).context(format!("cannot listen on {}", serve.listen)),
        )
        .hint("--listen names another address")
    })?;
    let address = listener.local_addr()?;
    let signals = Signals::listen()?;
    if !output.quiet {
        output.announce(&format!("serving {} on http://{address}/", site.out.display()));
    }
    let (site_sender, site) = watch::channel(Arc::new(site));
    let (app_sender, app) = app.map(watch::channel).unzip();
    let reloading = Reloading {
        config: path,
        tools: tools.clone(),
        site: site_sender,
        app: app_sender,
        status: Arc::clone(&status),
        files,
        watched,
    };
    let serving = Serving {
        listener,
        site,
        status: Arc::clone(&status),
        clock: clock.clone(),
        stop: signals.stop.clone(),
    };
    let reloaded = tokio::spawn(keep_configured(reloading, signals.reload.clone(), signals.stop.clone()));
    let running = app.map(|app| {
        let told = tokio::spawn(keep_delivering(app.clone(), tools.clone(), clock.clone(), signals.stop.clone()));
        let daemon = Daemon { app, tools, clock, status };
        (tokio::spawn(keep_running(daemon, signals.stop.clone())), told)
    });
    let served = (servers.serve)(serving).await;
    reloaded.abort();
    if let Some((running, told)) = running {
        // What is under way is sent again with the same key.
        told.abort();
        if served.is_err() {
            running.abort();
        }
        let _ = tokio::time::timeout(RUN_END_TIMEOUT, running).await;
    }
    served?;
    Ok(signals.daemon_exit_code().unwrap_or(DONE))
}
