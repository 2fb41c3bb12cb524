//! `griot doctor`: checks everything a run needs, and changes nothing.
//!
//! This file checks the machine, the database and the folders; `doctor/conversation.rs` checks one source,
//! `doctor/published.rs` the published feeds.

mod conversation;
mod finding;
mod published;

pub use conversation::{Conversation, DocumentKind, RobotsReport, hold_conversation};
use finding::MAX_LISTED;
pub use finding::{Finding, Severity};
pub use published::{check_published, remedy as published_remedy};

use super::app;
use super::clock_check::{self, Verdict};
use super::{Clock, OpenError, Tools};
use crate::config::{Config, Secret, Source};
use crate::fetch::Client;
use crate::store::database_file::DatabaseFile;
use crate::store::{LockError, Store, StoreError};
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;
use url::Host;

/// The free disk space that a run needs at least, in bytes.
const MIN_FREE_BYTES: usize = 8 * 1024 * 1024;
/// The number of concurrent DNS look-ups, and the timeout of each.
const CONCURRENT_LOOK_UPS: usize = 8;
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(6);

/// Checks the clock, certificates, DNS names, folders, the database and its lock. It sends DNS queries only, unless the last run makes the clock doubtful:
/// then it asks servers for their time, as a run would.
///
/// # Errors
/// [`OpenError`] when the configuration's rules or the `--resolve` table have errors.
pub async fn check_machine(config: &Config, tools: &Tools, clock: &Clock) -> Result<Vec<Finding>, OpenError> {
    let client = app::client(config, tools)?;
    let (store, finding) = check_database(&tools.database);
    let mut findings = vec![
        check_clock(config, tools, store.as_ref(), clock).await,
        check_certificates(&client),
        check_dns(&client, config).await,
    ];
    findings.extend(check_environment(config, tools));
    let folder = tools.database.path().parent().filter(|folder| !folder.as_os_str().is_empty());
    findings.push(check_folder("database-folder", folder.unwrap_or(Path::new("."))));
    findings.push(finding);
    findings.push(check_lock(&tools.database));
    findings.push(check_folder("output-folder", &config.site.out));
    Ok(findings)
}

async fn check_clock(config: &Config, tools: &Tools, store: Option<&Store>, clock: &Clock) -> Finding {
    let now = clock.now();
    match clock_check::diagnose(config, tools, store, now, clock.earliest()).await {
        Ok(Verdict::RightAndStoreIsWrong) => {
            let detail = format!("{now}: servers agree, but the last run was later, by a wrong clock");
            Finding::bad(
                "clock",
                Severity::Warning,
                detail,
                "the next `griot fetch` corrects the stored times",
            )
        }
        Ok(_) => Finding::good("clock", now.to_string()),
        Err(error) => Finding::bad(
            "clock",
            Severity::Failure,
            error.to_string(),
            "set the machine's clock (timedatectl set-ntp true)",
        ),
    }
}

fn check_certificates(client: &Client) -> Finding {
    if client.has_roots() {
        return Finding::good("certificates", "this machine has certificates to trust");
    }
    let detail = "this machine has no certificates to trust: no https source can be asked";
    Finding::bad("certificates", Severity::Failure, detail, "install the package ca-certificates")
}

/// Looks up the host of each source without a proxy; a proxy resolves names itself.
async fn check_dns(client: &Client, config: &Config) -> Finding {
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
        let answer = tokio::time::timeout(LOOK_UP_TIMEOUT, client.look_up(&host)).await;
        let error = answer.map_or_else(
            |_| Some("no answer in time".to_owned()),
            |look_up| {
                // A name whose addresses are all refused counts as failed.
                let refused = look_up.found.iter().all(|(_, refusal)| refusal.is_some());
                let first = look_up.found.into_iter().next().and_then(|(_, refusal)| refusal);
                look_up.error.or(first.filter(|_| refused))
            },
        );
        (host, error)
    });
    let mut bad: Vec<(String, Option<String>)> = asked
        .buffer_unordered(CONCURRENT_LOOK_UPS)
        .filter(|(_, error)| std::future::ready(error.is_some()))
        .collect()
        .await;
    bad.sort();
    if bad.is_empty() {
        return Finding::good("dns", format!("{count} host names have an address"));
    }
    let some: Vec<&str> = bad.iter().take(MAX_LISTED).map(|(host, _)| host.as_str()).collect();
    let more = if bad.len() > MAX_LISTED { " …" } else { "" };
    let detail = format!(
        "{} of {count} host names have no address that may be asked: {}{more}",
        bad.len(),
        some.join(", ")
    );
    // One failed name of one or two says nothing about the machine.
    if bad.len() == count && count > 2 {
        return Finding::bad(
            "dns",
            Severity::Failure,
            detail,
            "look at the machine's connection and /etc/resolv.conf",
        );
    }
    Finding::bad(
        "dns",
        Severity::Warning,
        detail,
        "check their spelling; `griot doctor SOURCE` shows why",
    )
}

/// Lists the environment variables that sources need and that are not set.
fn check_environment(config: &Config, tools: &Tools) -> Option<Finding> {
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
        Severity::Warning,
        detail,
        "set them where griot runs (systemd: EnvironmentFile=)",
    ))
}

/// Writes a file into `folder`, and removes it.
fn check_folder(subject: &'static str, folder: &Path) -> Finding {
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
        Ok(()) => Finding::good(
            subject,
            format!("{shown} can be written, and has room for {} MiB", MIN_FREE_BYTES >> 20),
        ),
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
        Severity::Failure,
        format!("{} cannot be written: {error}", folder.display()),
        remedy,
    )
}

fn try_to_write(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!(".griot-doctor-{}", std::process::id()));
    let written = File::create_new(&path).and_then(|mut file| {
        file.write_all(&vec![0; MIN_FREE_BYTES])?;
        file.sync_all()
    });
    let removed = fs::remove_file(&path);
    written.and(removed)
}

/// Opens the database read-only, and runs SQLite's check.
fn check_database(file: &DatabaseFile) -> (Option<Store>, Finding) {
    let subject = "database";
    let store = match file.open_read_only() {
        Ok(store) => store,
        Err(StoreError::Missing { .. }) => return (None, Finding::good(subject, format!("{file} will be made by the first run"))),
        Err(error @ StoreError::OlderSchema { .. }) => {
            return (
                None,
                Finding::bad(
                    subject,
                    Severity::Warning,
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
                    Severity::Failure,
                    error.to_string(),
                    "restore it from a backup, or name another with --db",
                ),
            );
        }
    };
    let finding = match store.quick_check() {
        Ok(faults) if faults.is_empty() => Finding::good(subject, format!("{file} is whole, and its schema is up to date")),
        Ok(faults) => {
            let some: Vec<&str> = faults.iter().take(MAX_LISTED).map(String::as_str).collect();
            let detail = format!("{file} is damaged: {}", some.join("; "));
            Finding::bad(subject, Severity::Failure, detail, "restore it from a backup")
        }
        Err(error) => Finding::bad(subject, Severity::Failure, error.to_string(), "restore it from a backup"),
    };
    (Some(store), finding)
}

fn check_lock(file: &DatabaseFile) -> Finding {
    if !file.exists() {
        return Finding::good("lock", "free: there was no run yet");
    }
    match file.lock() {
        Ok(_) => Finding::good("lock", "free"),
        Err(error @ LockError::Held { .. }) => {
            let remedy = "wait; if it lasts for hours, look for a griot that hangs";
            Finding::bad("lock", Severity::Warning, error.to_string(), remedy)
        }
        Err(error @ LockError::Io { .. }) => Finding::bad("lock", Severity::Failure, error.to_string(), "check the rights of its folder"),
    }
}
