//! `griot serve`: runs and serves the published files until a signal.

use super::args::{Global, Serve};
use super::failure::{CANNOT_WRITE, DONE, Failure};
use super::output::{self, Output};
use super::servers::Servers;
use super::signals::Signals;
use super::{fetch, setup};
use crate::pipeline::Clock;
use crate::pipeline::daemon::{Daemon, keep_running};
use std::net::TcpListener;
use std::time::Duration;

/// Fetches what is due and serves the published files until a signal ends it.
///
/// # Errors
/// [`Failure`] when the address is in use, another run holds the lock, or the store fails.
pub async fn run(serve: &Serve, global: &Global, clock: Clock, servers: &Servers, output: &mut Output) -> Result<u8, Failure> {
    let (config, app, tools) = setup::open(global, clock.now(), output)?;
    let listener = TcpListener::bind(serve.listen).map_err(|error| {
        Failure::new(
            CANNOT_WRITE,
            anyhow::Error::new(error).context(format!("cannot listen on {}", serve.listen)),
        )
        .hint("--listen names another address")
    })?;
    let address = listener.local_addr()?;
    let signals = Signals::listen()?;
    let out = app.config.site.out.clone();
    if !output.quiet {
        output::eprint_line(&format!("serving {} on http://{address}/", out.display()));
    }
    let files = (servers.serve)(listener, out, signals.stop.clone());
    if serve.no_fetch {
        files.await?;
        return Ok(signals.exit_code().unwrap_or(DONE));
    }
    let _lock = fetch::lock(&tools.database, Duration::ZERO).await?;
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
