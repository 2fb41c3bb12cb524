//! Reads the configuration again: on SIGHUP, and when feeds.toml, a file it includes or a site rule changes. One with mistakes is refused, and
//! the former one stays in force.

use super::app::{App, OpenError, Tools};
use super::run_status::RunStatus;
use super::served_site::ServedSite;
use crate::config::{self, Config, ConfigFile, ConfigProblem, Watched};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often the files are looked at, in real time.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// What a configuration that is read again replaces.
pub struct Reloading {
    /// The feeds.toml.
    pub config: PathBuf,
    /// The arguments of the command line.
    pub tools: Tools,
    /// What the server serves.
    pub site: watch::Sender<Arc<ServedSite>>,
    /// What the daemon runs with; none where it only serves.
    pub app: Option<watch::Sender<Arc<App>>>,
    /// Where it is noted.
    pub status: Arc<RunStatus>,
    /// The texts of the present configuration.
    pub files: Vec<ConfigFile>,
    /// Its files, looked at before they were read: a change since then is seen.
    pub watched: Watched,
}

/// Reads the configuration again on each notification of `reload`, and when it has changed on disk, until `stop` is set.
pub async fn keep_configured(mut reloading: Reloading, reload: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let mut is_refused = false;
    loop {
        let is_asked = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = reload.notified() => true,
            () = tokio::time::sleep(LOOK_INTERVAL) => false,
        };
        if !reloading.watched.has_changed() && !is_asked {
            continue;
        }
        match reloading.read_again(is_asked || is_refused) {
            Ok(false) => {}
            Ok(true) => {
                is_refused = false;
                reloading.status.reload(true);
                tracing::info!("the configuration was read again");
            }
            Err(error) => {
                is_refused = true;
                reloading.status.reload(false);
                tracing::error!(
                    error = in_one_line(&error),
                    "the configuration has mistakes, the former one stays in force; see griot check"
                );
            }
        }
    }
}

impl Reloading {
    /// Puts the configuration on disk in force; returns whether it did. The same texts are put in force only when `is_forced`: a program may have
    /// written them again.
    fn read_again(&mut self, is_forced: bool) -> Result<bool, OpenError> {
        let mut config = config::load(&self.config)?;
        let files: Vec<ConfigFile> = config.files.iter().chain(&config.rules).cloned().collect();
        if files == self.files && !is_forced {
            return Ok(false);
        }
        config.fetch.allow_private_networks |= self.tools.allow_private_networks;
        let site = ServedSite::new(&config, &self.tools)?;
        if site.is_empty && !self.site.borrow().is_empty {
            return Err(emptied(&config));
        }
        if let Some(app) = &self.app {
            let fresh = app.borrow().with_config(config, &self.tools)?;
            app.send_replace(Arc::new(fresh));
        }
        self.site.send_replace(Arc::new(site));
        self.files = files;
        Ok(true)
    }
}

/// Returns the error for a configuration from which everything has gone: a program that writes a file often empties it first.
fn emptied(config: &Config) -> OpenError {
    let problem = ConfigProblem {
        message: "it has neither a source nor a topic".to_owned(),
        help: Some("restart the server if nothing is to be served".to_owned()),
        ..ConfigProblem::default()
    };
    OpenError::Config {
        files: config.files.clone(),
        problems: vec![problem],
    }
}

/// Returns an error with the mistakes that it is about.
fn in_one_line(error: &OpenError) -> String {
    match error {
        OpenError::Config { files, problems } => {
            let named = config::summary(files, problems);
            let rest = problems.len().saturating_sub(named.len());
            let rest = if rest > 0 { format!("; and {rest} more") } else { String::new() };
            format!("{}{rest}", named.join("; "))
        }
        error => error.to_string(),
    }
}
