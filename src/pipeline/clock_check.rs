//! Whether the clock can be trusted, before a run gathers anything: a wrong clock would misdate entries, drop them by their age and purge them.
//!
//! The decision is made by two pure functions: [`compare_with_last_run`], and where that finds `now` doubtful, [`compare_with_servers`] on the `Date`
//! headers of some of the configured hosts (RFC 9110, 6.6.1). No server is asked while `now` is plausible.

use super::app::{self, App, OpenError, Tools};
use super::host_hold::{hold_host, host_to_hold};
use crate::config::{Config, Source, TlsPolicy};
use crate::fetch::{Accept, HostLimiter, Request};
use crate::model::{Changes, HostKey, HostState, Timestamp, without_user_info};
use crate::schedule;
use crate::store::{Store, StoreError};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::time::Duration;

/// Two times that differ by no more are taken for the same: clocks of servers are wrong by hours, and caches send old answers.
const TOLERANCE: Duration = Duration::from_hours(24);
/// A longer time since the last run may as well be a wrong clock.
const LONGEST_PAUSE: Duration = Duration::from_hours(30 * 24);
/// Without any run, a time so long after the release may as well be a wrong clock.
const PLAUSIBLE_AFTER_RELEASE: Duration = Duration::from_hours(366 * 24);
/// The number of hosts that are asked for their time.
const MAX_ASKED_HOSTS: usize = 4;
/// The number of hosts that have to agree, of several: one server with a wrong clock decides nothing.
const MIN_AGREEING_HOSTS: usize = 2;

/// When this version was released, 2026-11-01: no correct clock shows an earlier time. A constant, since a build stamp would make builds differ.
const RELEASE_UNIX_SECONDS: i64 = 1_793_491_200;

/// Returns when this version was released.
#[must_use]
pub fn release_time() -> Timestamp {
    Timestamp::from_unix(RELEASE_UNIX_SECONDS)
}

/// What the stored last run says about `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plausibility {
    /// Nothing speaks against it.
    Plausible,
    /// It is before the earliest time that a correct clock can show.
    TooEarly,
    /// It is more than a day before the last run: one of the two is wrong.
    BeforeLastRun,
    /// It is long after the last run, or after the release when there was no run: a long pause or a wrong clock.
    LongAfter,
}

/// What the servers say about a doubtful `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Right,
    /// Nothing contradicts it, and nothing confirms it.
    Unconfirmed,
    /// It is right, so the stored times after it are wrong.
    RightAndStoreIsWrong,
    /// It is wrong, or nothing confirms it; with the time that the servers agree on.
    Wrong(Option<Timestamp>),
}

/// Why a run is not done: the clock is wrong, or could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The clock shows a time before the earliest possible one.
    #[error("the clock says {now}, but it cannot be earlier than {earliest}")]
    TooEarly {
        /// What the clock says.
        now: Timestamp,
        /// The earliest possible time.
        earliest: Timestamp,
    },
    /// The clock contradicts the last run or the servers.
    #[error("{}", contradiction(*.now, *.last_run, *.servers))]
    Contradicted {
        /// What the clock says.
        now: Timestamp,
        /// When the last run began.
        last_run: Option<Timestamp>,
        /// The time that the servers agree on.
        servers: Option<Timestamp>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] OpenError),
}

fn contradiction(now: Timestamp, last_run: Option<Timestamp>, servers: Option<Timestamp>) -> String {
    match (last_run, servers) {
        (Some(last), Some(time)) => format!("the clock says {now}, the last run began at {last}, and servers say {time}"),
        (Some(last), None) => format!("the clock says {now}, the last run began at {last}"),
        (None, Some(time)) => format!("the clock says {now}, and servers say {time}"),
        (None, None) => format!("the clock says {now}"),
    }
}

impl ClockError {
    /// Returns a short stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooEarly { .. } | Self::Contradicted { .. } => "clock",
            Self::Store(error) => error.code(),
            Self::Client(_) => "client",
        }
    }
}

/// Compares `now` with the earliest time that the clock can show when it is right, and with the beginning of the last run.
#[must_use]
pub fn compare_with_last_run(now: Timestamp, earliest: Timestamp, last_run: Option<Timestamp>) -> Plausibility {
    if now < earliest {
        return Plausibility::TooEarly;
    }
    let latest = match last_run {
        Some(last) if now + TOLERANCE < last => return Plausibility::BeforeLastRun,
        Some(last) => last + LONGEST_PAUSE,
        None => release_time() + PLAUSIBLE_AFTER_RELEASE,
    };
    if now > latest {
        Plausibility::LongAfter
    } else {
        Plausibility::Plausible
    }
}

/// Decides whether a doubtful `now` is right, by the `times` of servers, one of each host that gave one; `hosts` is the number of configured hosts.
///
/// A time before the last run has to be confirmed by two hosts. A time long after it is believed unless two hosts agree on another one: a machine that was
/// off for months must not need servers that tell the time. Where only one host is configured, it decides alone. A fixed clock in the past, which replays
/// what was, is believed after a long pause although servers tell a later time.
#[must_use]
pub fn compare_with_servers(plausibility: Plausibility, now: Timestamp, times: &[Timestamp], hosts: usize) -> Verdict {
    let needed = MIN_AGREEING_HOSTS.min(hosts.max(1));
    let (agreeing, others): (Vec<Timestamp>, Vec<Timestamp>) = times.iter().partition(|time| is_near(**time, now));
    let other = others
        .iter()
        .copied()
        .find(|time| others.iter().filter(|second| is_near(**second, *time)).count() >= needed);
    match (plausibility, other) {
        (Plausibility::Plausible, _) => Verdict::Right,
        (Plausibility::LongAfter, None) if agreeing.len() >= needed => Verdict::Right,
        (Plausibility::LongAfter, None) => Verdict::Unconfirmed,
        // Only a fixed clock shows a time before the release: it goes through the past step by step, while servers tell the present.
        (Plausibility::LongAfter, Some(other)) if now < release_time() && other > now => Verdict::Unconfirmed,
        (Plausibility::BeforeLastRun, _) if agreeing.len() >= needed => Verdict::RightAndStoreIsWrong,
        (Plausibility::TooEarly | Plausibility::BeforeLastRun | Plausibility::LongAfter, other) => Verdict::Wrong(other),
    }
}

fn is_near(time: Timestamp, other: Timestamp) -> bool {
    time.since(other) <= TOLERANCE && other.since(time) <= TOLERANCE
}

/// Checks the clock before the database is opened, which would write `now` into a new one.
///
/// # Errors
/// [`ClockError::TooEarly`] when it shows a time before `earliest`.
pub fn check_earliest(now: Timestamp, earliest: Timestamp) -> Result<(), ClockError> {
    if now < earliest {
        return Err(ClockError::TooEarly { now, earliest });
    }
    Ok(())
}

/// Checks the clock against the store alone, as a command without network can.
///
/// # Errors
/// [`ClockError`] when it shows a time before `earliest`, or one more than a day before the last run; or when the store fails.
pub fn check_offline(store: &Store, now: Timestamp, earliest: Timestamp) -> Result<(), ClockError> {
    check_earliest(now, earliest)?;
    let last_run = last_run(store)?;
    if compare_with_last_run(now, earliest, last_run) == Plausibility::BeforeLastRun {
        return Err(ClockError::Contradicted {
            now,
            last_run,
            servers: None,
        });
    }
    Ok(())
}

/// A clock that a run may go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedClock {
    /// Whether the last run, two servers or the operator confirm it. By another one nothing may be purged.
    pub is_confirmed: bool,
    /// The number of stored times after it that were set to it.
    pub repaired: u64,
}

/// Checks the clock before a run, which has to hold the lock. Where the last run makes it doubtful, up to four configured hosts are asked for their
/// time; where it is right, stored times after it are set to it.
///
/// With `accept` the operator vouches for the clock: no server is asked, and the store is repaired.
///
/// # Errors
/// [`ClockError`] when the clock is wrong, and nothing was changed; or when the store fails.
pub async fn check(app: &App, tools: &Tools, accept: bool, now: Timestamp, earliest: Timestamp) -> Result<CheckedClock, ClockError> {
    check_earliest(now, earliest)?;
    if accept {
        return repair(app.store.clone(), now).await;
    }
    let store = app.store.clone();
    let last_run = blocking(move || last_run(&store)).await?;
    let plausibility = compare_with_last_run(now, earliest, last_run);
    if plausibility == Plausibility::Plausible {
        return Ok(CheckedClock {
            is_confirmed: true,
            repaired: 0,
        });
    }
    let store = app.store.clone();
    let known = blocking(move || store.limited_hosts(now)).await?;
    let asked = ask_servers(&app.config, tools, &known, now).await?;
    match compare_with_servers(plausibility, now, &asked.times, asked.hosts) {
        Verdict::Wrong(servers) => Err(ClockError::Contradicted { now, last_run, servers }),
        verdict => {
            let changes = Changes {
                hosts: asked.held,
                ..Changes::default()
            };
            let store = app.store.clone();
            blocking(move || store.apply(changes)).await?;
            if verdict == Verdict::RightAndStoreIsWrong {
                return repair(app.store.clone(), now).await;
            }
            Ok(CheckedClock {
                is_confirmed: verdict == Verdict::Right,
                repaired: 0,
            })
        }
    }
}

/// Returns what [`check`] would decide, and changes nothing; `store` is `None` when there is no database yet.
///
/// # Errors
/// As [`check`].
pub async fn diagnose(
    config: &Config,
    tools: &Tools,
    store: Option<&Store>,
    now: Timestamp,
    earliest: Timestamp,
) -> Result<Verdict, ClockError> {
    check_earliest(now, earliest)?;
    let last_run = store.map(last_run).transpose()?.flatten();
    let plausibility = compare_with_last_run(now, earliest, last_run);
    if plausibility == Plausibility::Plausible {
        return Ok(Verdict::Right);
    }
    let known = store.map(|store| store.limited_hosts(now)).transpose()?.unwrap_or_default();
    let asked = ask_servers(config, tools, &known, now).await?;
    match compare_with_servers(plausibility, now, &asked.times, asked.hosts) {
        Verdict::Wrong(servers) => Err(ClockError::Contradicted { now, last_run, servers }),
        verdict => Ok(verdict),
    }
}

/// Returns whether the last run leaves no doubt about the clock; no server is asked.
///
/// # Errors
/// When the store fails.
pub fn is_plausible(store: &Store, now: Timestamp, earliest: Timestamp) -> Result<bool, StoreError> {
    Ok(compare_with_last_run(now, earliest, last_run(store)?) == Plausibility::Plausible)
}

fn last_run(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    Ok(store.last_runs(1)?.first().map(|run| run.started))
}

async fn repair(store: Store, now: Timestamp) -> Result<CheckedClock, ClockError> {
    let repaired = blocking(move || store.repair_future_times(now)).await?;
    tracing::info!(repaired, "stored times after now were set to now");
    Ok(CheckedClock {
        is_confirmed: true,
        repaired,
    })
}

/// What the servers answered.
struct Asked {
    /// The number of configured hosts.
    hosts: usize,
    /// The times of those that gave one.
    times: Vec<Timestamp>,
    /// The hosts that asked to wait.
    held: Vec<HostState>,
}

/// Asks the first hosts of the configuration for their robots.txt, whose answer has the server's time.
async fn ask_servers(config: &Config, tools: &Tools, known: &[HostState], now: Timestamp) -> Result<Asked, OpenError> {
    // A replay could not repeat these requests.
    let tools = Tools {
        recording: None,
        ..tools.clone()
    };
    let client = app::client(config, &tools)?;
    let limiter = HostLimiter::new(MAX_ASKED_HOSTS, config.fetch.host_delay);
    for host in known {
        if let Some(until) = host.held_until.filter(|until| *until > now && *until <= now + schedule::DAY) {
            limiter.hold(&host.host, until);
        }
    }
    let mut seen = BTreeSet::new();
    let mut sources: Vec<Source> = Vec::new();
    for source in config.sources.iter().filter(|source| source.enabled) {
        if source.urls.first().is_some_and(|url| seen.insert(HostKey::from_url(url))) {
            // With a clock that is years ahead every certificate has expired: without this, no server could say so.
            let tls = TlsPolicy::AllowExpired;
            sources.push(Source { tls, ..source.clone() });
        }
    }
    sources.truncate(MAX_ASKED_HOSTS);
    let answers = sources.iter().map(|source| async {
        let url = source.urls.first()?.join("/robots.txt").map(without_user_info).ok()?;
        let request = Request {
            url: &url,
            accept: Accept::Robots,
            etag: None,
            last_modified: None,
            validators_from: None,
            source: Some(source),
            headers: &[],
            trusted: true,
            identity: false,
            now,
        };
        let (fetched, _permit) = client.fetch(&limiter, &request).await;
        hold_host(&limiter, &fetched, now);
        let time = fetched.answer().and_then(|answer| answer.server_time);
        Some((time, host_to_hold(&fetched, now)))
    });
    let answers: Vec<_> = join_all(answers).await.into_iter().flatten().collect();
    Ok(Asked {
        hosts: seen.len(),
        times: answers.iter().filter_map(|(time, _)| *time).collect(),
        held: answers.into_iter().filter_map(|(_, held)| held).collect(),
    })
}

/// Does work on the store on a thread for blocking work.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn the_release_is_a_date_in_the_source() {
        assert_eq!(release_time(), at("2026-11-01"));
    }

    #[test]
    fn the_last_run_decides_whether_the_clock_is_doubtful() {
        use Plausibility as P;
        for (now, last_run, expected) in [
            ("2026-10-31T23:59:59Z", None, P::TooEarly),
            ("1970-01-01", Some("2027-01-01"), P::TooEarly),
            ("2026-11-01", None, P::Plausible),
            ("2027-11-02", None, P::Plausible),
            ("2027-11-02T00:00:01Z", None, P::LongAfter),
            ("2027-01-02", Some("2027-01-03"), P::Plausible),
            ("2027-01-01T23:59:59Z", Some("2027-01-03"), P::BeforeLastRun),
            ("2027-01-02", Some("2040-01-01"), P::BeforeLastRun),
            ("2027-01-31", Some("2027-01-01"), P::Plausible),
            ("2027-01-31T00:00:01Z", Some("2027-01-01"), P::LongAfter),
            ("2040-01-01", Some("2039-12-31"), P::Plausible),
        ] {
            let found = compare_with_last_run(at(now), release_time(), last_run.map(at));
            assert_eq!(found, expected, "{now} after {last_run:?}");
        }
        let early = compare_with_last_run(at("2010-01-01"), at("2000-01-01"), None);
        assert_eq!(early, P::Plausible, "a fixed clock may show an earlier time");
    }

    #[test]
    fn a_fixed_clock_goes_through_the_past_while_servers_tell_the_present() {
        let told = |now: &str, servers: &str| compare_with_servers(Plausibility::LongAfter, at(now), &[at(servers); 2], 3);
        assert_eq!(told("2025-10-27", "2026-11-28"), Verdict::Unconfirmed);
        assert_eq!(
            told("2025-10-27", "2025-08-01"),
            Verdict::Wrong(Some(at("2025-08-01"))),
            "it is ahead of the servers"
        );
        assert_eq!(
            told("2026-11-01", "2027-11-28"),
            Verdict::Wrong(Some(at("2027-11-28"))),
            "the machine's clock may show that"
        );
        let before = compare_with_servers(Plausibility::BeforeLastRun, at("2025-10-27"), &[at("2026-11-28"); 2], 3);
        assert_eq!(before, Verdict::Wrong(Some(at("2026-11-28"))));
    }

    #[test]
    fn two_servers_decide_or_the_only_one() {
        use Plausibility as P;
        use Verdict as V;
        let now = at("2030-06-01");
        let (same, close) = (now + DAY, now - DAY);
        let (other, near_other) = (at("2027-01-01"), at("2027-01-02"));
        let third = at("2035-01-01");
        for (times, hosts, before, after) in [
            (&[][..], 3, V::Wrong(None), V::Unconfirmed),
            (&[], 1, V::Wrong(None), V::Unconfirmed),
            (&[], 0, V::Wrong(None), V::Unconfirmed),
            (&[same], 3, V::Wrong(None), V::Unconfirmed),
            (&[same], 1, V::RightAndStoreIsWrong, V::Right),
            (&[same, close], 3, V::RightAndStoreIsWrong, V::Right),
            (
                &[same + Duration::from_secs(1)],
                1,
                V::Wrong(Some(same + Duration::from_secs(1))),
                V::Wrong(Some(same + Duration::from_secs(1))),
            ),
            (&[other], 3, V::Wrong(None), V::Unconfirmed),
            (&[other], 1, V::Wrong(Some(other)), V::Wrong(Some(other))),
            (&[other, third], 3, V::Wrong(None), V::Unconfirmed),
            (&[third, other, near_other], 3, V::Wrong(Some(other)), V::Wrong(Some(other))),
            (&[other, near_other, now], 4, V::Wrong(Some(other)), V::Wrong(Some(other))),
            (&[other, now, now], 4, V::RightAndStoreIsWrong, V::Right),
        ] {
            assert_eq!(
                compare_with_servers(P::BeforeLastRun, now, times, hosts),
                before,
                "before: {times:?} of {hosts}"
            );
            assert_eq!(
                compare_with_servers(P::LongAfter, now, times, hosts),
                after,
                "long after: {times:?} of {hosts}"
            );
        }
        assert_eq!(compare_with_servers(P::Plausible, now, &[other, other], 2), V::Right);
        assert_eq!(compare_with_servers(P::TooEarly, now, &[now, now], 2), V::Wrong(None));
    }
}
