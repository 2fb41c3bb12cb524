//! Lists of feeds on the web that feeds.toml includes: they are read at the beginning of a run, and their feeds followed like sources.
//!
//! What a list last had is stored, so that one that fails, or has become an error page, changes nothing.

use super::app::{App, compile};
use super::host_hold::{hold_host, limit_hosts};
use super::listed_sources;
use super::new_source::FreeIds;
use super::reading_list_update::{Reading, update};
use super::run_report::{RunError, RunOptions};
use crate::config::IncludedList;
use crate::fetch::{Accept, Fetched, HostLimiter, Request};
use crate::model::{ReadingList, Timestamp, loggable_url};
use crate::parse::{ListFormat, read_list};
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use url::Url;

/// When a list that could not be read is asked for again, unless its own interval is shorter.
const RETRY_INTERVAL: Duration = Duration::from_hours(1);

/// Reads the lists that are due, and returns the app with the sources that they have now: the same one where nothing has changed. A list that cannot be
/// read, and a change that cannot be put in force, are logged. `stop` ends the reading.
///
/// # Errors
/// [`RunError`] when the store fails.
pub async fn refresh(app: &Arc<App>, options: &RunOptions, now: Timestamp, stop: watch::Receiver<bool>) -> Result<Arc<App>, RunError> {
    if app.config.included_lists.is_empty() {
        return Ok(Arc::clone(app));
    }
    let (store, mut config) = (app.store.clone(), app.config.clone());
    // A visit of some sources is for these alone.
    let has_read = options.only.is_empty() && visit_due(app, options.force, now, stop).await?;
    let merged = tokio::task::spawn_blocking(move || listed_sources::merge_stored(&mut config, &store).map(|()| config)).await;
    let config = merged.map_err(|_| RunError::Defect("reading the lists of feeds"))??;
    if !has_read && config.listed == app.config.listed {
        return Ok(Arc::clone(app));
    }
    Ok(match compile(&config).map(|prepared| app.with_prepared(config, prepared)) {
        Ok(fresh) => Arc::new(fresh),
        Err(error) => {
            tracing::error!(%error, "the sources of the lists of feeds cannot be put in force");
            Arc::clone(app)
        }
    })
}

/// Asks for each list that is due, one after the other; returns whether any was read.
async fn visit_due(app: &Arc<App>, force: bool, now: Timestamp, mut stop: watch::Receiver<bool>) -> Result<bool, RunError> {
    let limiter = HostLimiter::new(1, app.config.fetch.host_delay);
    limit_hosts(&limiter, &app.store.limited_hosts(now)?, app.config.fetch.robots, now);
    let mut lists = app.store.reading_lists()?;
    let mut has_read = false;
    for included in app.config.included_lists.iter().filter(|included| included.enabled) {
        let stored = lists.iter().position(|list| list.url == included.url.as_str());
        let known = stored.map(|place| lists.swap_remove(place));
        if known.as_ref().is_some_and(|known| !force && !is_due(known, included, now)) {
            lists.extend(known);
            continue;
        }
        let mut list = known.unwrap_or_else(|| ReadingList::new(included.url.as_str(), now));
        let reading = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            reading = visit(app, &limiter, included, &list, now) => reading,
        };
        let ids = free_ids(app, lists.iter().chain([&list]))?;
        record(&mut list, reading, ids, now);
        app.store.replace_reading_list(list.clone())?;
        has_read |= list.read == Some(now);
        lists.push(list);
    }
    Ok(has_read)
}

/// Returns whether a list is asked for at `now`. One that was asked for after `now` was so by a wrong clock.
fn is_due(list: &ReadingList, included: &IncludedList, now: Timestamp) -> bool {
    let interval = if list.problem.is_some() {
        included.every.min(RETRY_INTERVAL)
    } else {
        included.every
    };
    list.checked > now || list.checked + interval <= now
}

async fn visit(app: &App, limiter: &HostLimiter, included: &IncludedList, list: &ReadingList, now: Timestamp) -> Reading {
    let request = Request {
        url: &included.url,
        accept: Accept::Feed,
        etag: list.etag.as_deref(),
        last_modified: list.last_modified.as_deref(),
        validators_from: None,
        source: None,
        headers: &[],
        trusted: true,
        identity: false,
        now,
    };
    let (fetched, _permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, now);
    match fetched {
        Fetched::Fresh(answer) => match read_list(&answer.body, ListFormat::Opml) {
            Ok(feeds) => Reading::Fresh {
                feeds,
                etag: answer.etag,
                last_modified: answer.last_modified,
            },
            Err(error) => Reading::Failed(error.to_string()),
        },
        Fetched::NotModified(_) => Reading::Unchanged,
        Fetched::Held { .. } => Reading::Failed("its host has asked to wait".to_owned()),
        Fetched::Failed { code, detail, .. } => Reading::Failed(format!("{}: {detail}", code.as_str())),
        Fetched::Blocked { reason, .. } => Reading::Failed(reason),
        Fetched::Gone(answer) | Fetched::Throttled { answer, .. } => Reading::Failed(format!("the server answered {}", answer.status)),
    }
}

/// Returns the ids that no source has, neither in feeds.toml nor in a list, and under which no entries are stored.
fn free_ids<'a>(app: &App, lists: impl Iterator<Item = &'a ReadingList>) -> Result<FreeIds, StoreError> {
    let mut ids = FreeIds::new(&app.config);
    app.store.source_lives()?.iter().for_each(|life| ids.take(&life.id));
    lists.flat_map(|list| &list.sources).for_each(|source| ids.take(&source.id));
    Ok(ids)
}

/// Takes over what a visit has brought, and logs what has changed.
fn record(list: &mut ReadingList, reading: Reading, ids: FreeIds, now: Timestamp) {
    let address = Url::parse(&list.url).map(|url| loggable_url(&url)).unwrap_or_default();
    let (added, removed) = update(list, reading, ids, now);
    if let Some(problem) = &list.problem {
        tracing::warn!(
            list.url = address,
            detail = problem,
            "a list of feeds could not be read; the former one stays in force"
        );
    } else if added + removed > 0 {
        tracing::info!(list.url = address, added, removed, "a list of feeds has changed");
    }
}
