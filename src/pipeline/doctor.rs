//! The doctor: looks at everything a run needs, and changes nothing.
//!
//! Here are the machine, the database and the folders; the conversation with one source is `doctor/conversation.rs`.

mod conversation;

pub use conversation::{Conversation, Told, What, converse};

use super::app;
use super::{OpenError, Tools};
use crate::config::{Config, Secret, Source};
use crate::fetch::Client;
use crate::model::Timestamp;
use crate::store::{LockError, RunLock, Store, StoreError};
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;
use url::Host;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// All is well.
    Good,
    /// Runs work, but somebody should look.
    Warning,
    /// Runs will fail.
    Failure,
}

impl Gravity {
    /// Returns the word that people see: `ok`, `warn` or `fail`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warn",
            Self::Failure => "fail",
        }
    }
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The thing, in one stable word.
    pub subject: &'static str,
    /// How grave it is.
    pub gravity: Gravity,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Finding {
    /// All is well with `subject`.
    #[must_use]
    pub fn good(subject: &'static str, detail: impl Into<String>) -> Self {
        Self {
            subject,
            gravity: Gravity::Good,
            detail: detail.into(),
            remedy: None,
        }
    }

    /// Something is wrong with `subject`.
    #[must_use]
    pub fn bad(subject: &'static str, gravity: Gravity, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            subject,
            gravity,
            detail: detail.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// The first moment at which this program could run: no clock that goes right shows an earlier one.
const BUILT: &str = "2026-01-01";
/// So much has to fit on a disk for a run to be worth while, in bytes.
const ROOM: usize = 8 * 1024 * 1024;
/// How many names are looked up at once, and how long one may take.
const LOOK_UPS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(6);
/// How many names or faults a line lists.
const LISTED: usize = 5;

/// Looks at the clock, certificates, names, folders, the database and its lock. It asks no server but the DNS.
///
/// # Errors
/// [`OpenError`] when the configuration's rules or the table of names have mistakes.
pub async fn examine(config: &Config, tools: &Tools, now: Timestamp) -> Result<Vec<Finding>, OpenError> {
    let client = app::client(config, tools)?;
    let (store, database) = database(&tools.database);
    let mut findings = vec![clock(store.as_ref(), now), roots(&client), names(&client, config).await];
    findings.extend(environment(config, tools));
    let folder = tools.database.parent().filter(|folder| !folder.as_os_str().is_empty());
    findings.push(writable("database-folder", folder.unwrap_or(Path::new("."))));
    findings.push(database);
    findings.push(lock(&tools.database));
    findings.push(writable("output-folder", &config.site.out));
    Ok(findings)
}

fn clock(store: Option<&Store>, now: Timestamp) -> Finding {
    let built = Timestamp::parse(BUILT).unwrap_or_default();
    let remedy = "set the machine's clock (timedatectl set-ntp true)";
    if now < built {
        let detail = format!("the clock says {now}, which is before this program was built");
        return Finding::bad("clock", Gravity::Failure, detail, remedy);
    }
    let last = store
        .and_then(|store| store.last_runs(1).ok())
        .and_then(|runs| runs.first().map(|run| run.started));
    match last {
        Some(last) if last > now => {
            let detail = format!("the clock says {now}, but the last run began at {last}");
            Finding::bad("clock", Gravity::Failure, detail, remedy)
        }
        _ => Finding::good("clock", now.to_string()),
    }
}

fn roots(client: &Client) -> Finding {
    if client.has_roots() {
        return Finding::good("certificates", "this machine has certificates to trust");
    }
    let detail = "this machine has no certificates to trust: no https source can be asked";
    Finding::bad("certificates", Gravity::Failure, detail, "install the package ca-certificates")
}

/// Looks up the host of each source that we ask ourselves; behind a proxy it is the proxy that does.
async fn names(client: &Client, config: &Config) -> Finding {
    let direct = config.sources.iter().filter(|source| source.enabled && source.proxy.is_none());
    let hosts: BTreeSet<String> = direct
        .flat_map(|source| &source.urls)
        .filter_map(|url| match url.host() {
            Some(Host::Domain(name)) => Some(name.to_owned()),
            _ => None,
        })
        .collect();
    let count = hosts.len();
    let asked = stream::iter(hosts).map(|host| async move {
        let answer = tokio::time::timeout(PATIENCE, client.look_up(&host)).await;
        let error = answer.map_or_else(
            |_| Some("no answer in time".to_owned()),
            |look_up| {
                // A name all of whose addresses are refused is as good as none.
                let refused = look_up.found.iter().all(|(_, refusal)| refusal.is_some());
                let first = look_up.found.into_iter().next().and_then(|(_, refusal)| refusal);
                look_up.error.or(first.filter(|_| refused))
            },
        );
        (host, error)
    });
    let mut bad: Vec<(String, Option<String>)> = asked
        .buffer_unordered(LOOK_UPS)
        .filter(|(_, error)| std::future::ready(error.is_some()))
        .collect()
        .await;
    bad.sort();
    if bad.is_empty() {
        return Finding::good("dns", format!("{count} host names have an address"));
    }
    let some: Vec<&str> = bad.iter().take(LISTED).map(|(host, _)| host.as_str()).collect();
    let more = if bad.len() > LISTED { " …" } else { "" };
    let detail = format!(
        "{} of {count} host names have no address that may be asked: {}{more}",
        bad.len(),
        some.join(", ")
    );
    // Of one or two names, a single bad one says nothing about the machine.
    if bad.len() == count && count > 2 {
        return Finding::bad(
            "dns",
            Gravity::Failure,
            detail,
            "look at the machine's connection and /etc/resolv.conf",
        );
    }
    Finding::bad(
        "dns",
        Gravity::Warning,
        detail,
        "check their spelling; `griot doctor SOURCE` shows why",
    )
}

/// Names the environment variables that sources need and that are not set.
fn environment(config: &Config, tools: &Tools) -> Option<Finding> {
    let secrets = |source: &Source| source.headers.values().chain(&source.auth).cloned().collect::<Vec<_>>();
    let named = config
        .sources
        .iter()
        .filter(|source| source.enabled)
        .flat_map(secrets)
        .filter_map(|secret| match secret {
            Secret::Env(name) => Some(name),
            Secret::Plain(_) => None,
        });
    let needed: BTreeSet<String> = named.collect();
    if needed.is_empty() {
        return None;
    }
    let missing: Vec<&str> = needed
        .iter()
        .filter(|name| (tools.environment)(name).is_none())
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return Some(Finding::good(
            "environment",
            format!("{} variables of sources are set", needed.len()),
        ));
    }
    let detail = format!("not set, though sources need them: {}", missing.join(", "));
    Some(Finding::bad(
        "environment",
        Gravity::Warning,
        detail,
        "set them where griot runs (systemd: EnvironmentFile=)",
    ))
}

/// Writes a file into `folder`, and takes it away again.
fn writable(subject: &'static str, folder: &Path) -> Finding {
    let shown = folder.display();
    if !folder.exists() {
        let above = folder
            .ancestors()
            .skip(1)
            .map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
        return match above.into_iter().find(|above| above.exists()).map(try_to_write) {
            Some(Ok(())) => Finding::good(subject, format!("{shown} will be made")),
            Some(Err(error)) => unwritable(subject, folder, &error),
            None => unwritable(subject, folder, &io::ErrorKind::NotFound.into()),
        };
    }
    match try_to_write(folder) {
        Ok(()) => Finding::good(subject, format!("{shown} can be written, and has room for {} MiB", ROOM >> 20)),
        Err(error) => unwritable(subject, folder, &error),
    }
}

fn unwritable(subject: &'static str, folder: &Path, error: &io::Error) -> Finding {
    let remedy = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on its disk",
        _ => "give the user that runs griot the right to write there",
    };
    Finding::bad(
        subject,
        Gravity::Failure,
        format!("{} cannot be written: {error}", folder.display()),
        remedy,
    )
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".griot-doctor-{}", std::process::id()));
    let written = File::create_new(&path).and_then(|mut file| {
        file.write_all(&vec![0; ROOM])?;
        file.sync_all()
    });
    let removed = fs::remove_file(&path);
    written.and(removed)
}

/// Opens the database for reading, and lets SQLite check it.
fn database(path: &Path) -> (Option<Store>, Finding) {
    let subject = "database";
    let shown = path.display();
    let store = match Store::open_read_only(path) {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return (None, Finding::good(subject, format!("{shown} will be made by the first run"))),
        Err(error @ StoreError::OlderSchema { .. }) => {
            return (
                None,
                Finding::bad(
                    subject,
                    Gravity::Warning,
                    error.to_string(),
                    "the next `griot fetch` brings it up to date",
                ),
            );
        }
        Err(error) => {
            return (
                None,
                Finding::bad(
                    subject,
                    Gravity::Failure,
                    error.to_string(),
                    "restore it from a backup, or name another with --db",
                ),
            );
        }
    };
    let finding = match store.quick_check() {
        Ok(faults) if faults.is_empty() => Finding::good(subject, format!("{shown} is whole, and its schema is up to date")),
        Ok(faults) => {
            let some: Vec<&str> = faults.iter().take(LISTED).map(String::as_str).collect();
            let detail = format!("{shown} is damaged: {}", some.join("; "));
            Finding::bad(subject, Gravity::Failure, detail, "restore it from a backup")
        }
        Err(error) => Finding::bad(subject, Gravity::Failure, error.to_string(), "restore it from a backup"),
    };
    (Some(store), finding)
}

fn lock(database: &Path) -> Finding {
    if !database.exists() {
        return Finding::good("lock", "free: there was no run yet");
    }
    match RunLock::take(database) {
        Ok(_) => Finding::good("lock", "free"),
        Err(error @ LockError::Held { .. }) => {
            let remedy = "wait; if it lasts for hours, look for a griot that hangs";
            Finding::bad("lock", Gravity::Warning, error.to_string(), remedy)
        }
        Err(error @ LockError::Io { .. }) => Finding::bad("lock", Gravity::Failure, error.to_string(), "check the rights of its folder"),
    }
}
