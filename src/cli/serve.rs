//! `griot serve`: runs and serves the published files until a signal.

use super::args::{Global, Serve};
use super::failure::{CANNOT_WRITE, DONE, Failure, from_open};
use super::output::{self, Output};
use super::servers::Servers;
use super::setup;
use super::signals::Signals;
use crate::pipeline::daemon::{Daemon, keep_running};
use crate::pipeline::{self, Clock, clock_check};
use std::net::TcpListener;

/// Fetches what is due and serves the published files until a signal ends it.
///
/// # Errors
/// [`Failure`] when the address is in use, another run holds the lock, or the store fails.
pub async fn run(serve: &Serve, global: &Global, clock: Clock, servers: &Servers, output: &mut Output) -> Result<u8, Failure> {
    // Serving alone needs neither the database nor the lock.
    let opened = if serve.no_fetch {
        None
    } else {
        clock_check::check_earliest(clock.now(), clock.earliest())?;
        Some(setup::open(global, None, setup::LOCK_WAIT, clock.now(), output).await?)
    };
    let out = if let Some(opened) = &opened {
        opened.app.config.site.out.clone()
    } else {
        let (_, config) = setup::load(global, output)?;
        pipeline::app::compile(&config).map_err(|error| from_open(error, output.color))?;
        config.site.out
    };
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
        output::eprint_line(&format!("serving {} on http://{address}/", out.display()));
    }
    let files = (servers.serve)(listener, out, signals.stop.clone());
    let Some(setup::Opened { config, app, tools, lock }) = opened else {
        files.await?;
        return Ok(signals.exit_code().unwrap_or(DONE));
    };
    // The daemon acquires it for each run: between them other commands work on the database.
    drop(lock);
    let daemon = Daemon { app, config, tools, clock };
    let running = keep_running(daemon, signals.stop.clone(), signals.reload.clone());
    let (mut files, mut running) = (files, std::pin::pin!(running));
    tokio::select! {
        served = &mut files => {
            served?;
            running.await;
        }
        () = &mut running => files.await?,
    }
    Ok(signals.exit_code().unwrap_or(DONE))
}
