//! Decides which sources a run visits, in which order, and which of them share a request.

use super::app::App;
use super::gather::share_request;
use super::outlets::outlet;
use super::prepare::{Prepared, configured_source};
use super::run_report::{RunError, RunOptions};
use super::source_changes;
use crate::config::Source;
use crate::model::{Changes, Digest128, FailureReason, HostState, SourceHealth, SourceId, SourceState, Timestamp, address_key};
use crate::schedule::{self, address, health};
use crate::store::{ConfiguredSource, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// What is due in a run.
#[derive(Debug, Default)]
pub struct Due {
    /// The sources that are due, the longest due first. Those of one fetch group share a feed: the first is due, the others are visited with
    /// it.
    pub fetch_groups: Vec<Vec<SourceState>>,
    /// The hosts that are held, and those with a crawl delay.
    pub hosts: Vec<HostState>,
    /// The sources that are asked for older pages, whether they are due or not.
    pub archives: Vec<SourceId>,
    /// State changes of sources that were disabled since the last run.
    pub paused: Changes,
}

/// Returns what is due at `now`.
///
/// # Errors
/// When the store fails, or when `options` names a source that is not configured.
pub fn find_due(app: &App, options: &RunOptions, now: Timestamp) -> Result<Due, RunError> {
    let sources = &app.config.sources;
    let wanted = select_sources(sources, &options.only)?;
    sync_sources(app, sources)?;
    let states = app.store.source_states()?;
    Ok(Due {
        paused: record_paused(sources, &states, now),
        archives: if options.backfill > 0 {
            wanted.iter().cloned().collect()
        } else {
            Vec::new()
        },
        fetch_groups: fetch_groups(&app.prepared, states, &wanted, options.force, now),
        hosts: app.store.limited_hosts(now)?,
    })
}

/// Returns the ids of the sources that a run at `now` would visit, in its order; with no store, every one that `options` names. Nothing is
/// written.
///
/// # Errors
/// When the store cannot be read, or when `options` names a source that is not configured.
pub fn list_due(
    sources: &[Source],
    prepared: &Prepared,
    store: Option<&Store>,
    options: &RunOptions,
    now: Timestamp,
) -> Result<Vec<SourceId>, RunError> {
    let wanted = select_sources(sources, &options.only)?;
    let mut states = Vec::new();
    for source in sources {
        // A source that is not in the store was added since the last run.
        let state = store.map(|store| store.source_state(&source.id)).transpose()?.flatten();
        states.push(state.unwrap_or_else(|| SourceState::new(source.id.clone())));
    }
    states.sort_by(|a, b| a.source.cmp(&b.source));
    let due = fetch_groups(prepared, states, &wanted, options.force, now);
    Ok(due.into_iter().flatten().map(|state| state.source).collect())
}

fn fetch_groups(
    prepared: &Prepared,
    states: Vec<SourceState>,
    wanted: &BTreeSet<SourceId>,
    force: bool,
    now: Timestamp,
) -> Vec<Vec<SourceState>> {
    let (mut due, rest): (Vec<SourceState>, Vec<SourceState>) = states
        .into_iter()
        .filter(|state| wanted.contains(&state.source))
        .partition(|state| schedule::is_due(state, now) || (force && !must_wait(prepared, state, now)));
    due.sort_by(|a, b| (a.next_visit, &a.source).cmp(&(b.next_visit, &b.source)));
    group_by_feed(prepared, due, rest, now)
}

/// Tells the store which sources are configured, when that has changed. Sources that seem to be renamed are logged then, each once.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn sync_sources(app: &App, sources: &[Source]) -> Result<(), StoreError> {
    let stored = app.store.configured_sources()?;
    let wanted: Vec<ConfiguredSource> = sources.iter().map(configured).collect();
    let is_same = |(stored, wanted): (&ConfiguredSource, &ConfiguredSource)| {
        (&stored.id, &stored.name, &stored.site) == (&wanted.id, &wanted.name, &wanted.site) && stored.facts.is_some()
    };
    let mut present: Vec<&ConfiguredSource> = stored.iter().filter(|(_, present)| *present).map(|(source, _)| source).collect();
    let mut sorted: Vec<&ConfiguredSource> = wanted.iter().collect();
    present.sort_by(|a, b| a.id.cmp(&b.id));
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    if present.len() == sorted.len() && present.into_iter().zip(sorted).all(is_same) {
        return Ok(());
    }
    app.store.sync_sources(&wanted)?;
    for rename in source_changes::seeming_renames(sources, &app.store)? {
        tracing::warn!(
            source.id = %rename.new,
            former = %rename.old,
            remedy = rename.command(),
            "a source has the feed of one that is gone from feeds.toml"
        );
    }
    Ok(())
}

fn configured(source: &Source) -> ConfiguredSource {
    configured_source(source, outlet(source).site.as_ref())
}

/// Returns the sources whose facts differ from those with which their stories were evaluated, with the digest of the present ones.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn changed_sources(app: &App) -> Result<Vec<(SourceId, Digest128)>, StoreError> {
    let stored: BTreeMap<SourceId, Option<Digest128>> = app
        .store
        .configured_sources()?
        .into_iter()
        .map(|(source, _)| (source.id, source.facts))
        .collect();
    let changed = app.config.sources.iter().map(configured).filter_map(|source| {
        let before = stored.get(&source.id).copied().flatten()?;
        let facts = source.facts?;
        (before != facts).then_some((source.id, facts))
    });
    Ok(changed.collect())
}

/// Returns whether the server itself set the next visit (Retry-After, 410), which `--force` never overrides. It has not where only some addresses
/// of the source are held.
fn must_wait(prepared: &Prepared, state: &SourceState, now: Timestamp) -> bool {
    let urls = prepared.sources.get(&state.source).map(|prepared| &*prepared.source.urls);
    let asked = match state.reason {
        Some(FailureReason::Gone) => true,
        Some(FailureReason::Throttled) => {
            state.held.is_empty() || urls.is_none_or(|urls| address::all_held_until(urls, state, now).is_some())
        }
        _ => false,
    };
    asked && state.next_visit.is_some_and(|next| next > now) && state.last_visit.is_none_or(|last| last <= now)
}

/// Groups sources with the same feed URL but for scheme and tracking, those that are not due (`rest`) included: their schedules stay the same, and the feed is
/// fetched once for all.
fn group_by_feed(prepared: &Prepared, due: Vec<SourceState>, rest: Vec<SourceState>, now: Timestamp) -> Vec<Vec<SourceState>> {
    let mut fetch_groups: Vec<Vec<SourceState>> = Vec::new();
    let mut by_feed: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let of = |state: &SourceState| prepared.sources.get(&state.source).map(|prepared| &prepared.source);
    let is_due = due.len();
    for (place, state) in due.into_iter().chain(rest).enumerate() {
        let feed = of(&state)
            .and_then(|source| address::choose(&source.urls, &state, now))
            .map(|url| address_key(&url));
        let known = feed.as_ref().and_then(|feed| by_feed.get(feed)).into_iter().flatten();
        let alike = |fetch_group: &&usize| {
            let lead = fetch_groups[**fetch_group].first().and_then(&of);
            lead.zip(of(&state)).is_some_and(|(lead, own)| share_request(lead, own))
        };
        match known.copied().find(|fetch_group| alike(&fetch_group)) {
            Some(fetch_group) => fetch_groups[fetch_group].push(state),
            None if place < is_due => {
                if let Some(feed) = feed {
                    by_feed.entry(feed).or_default().push(fetch_groups.len());
                }
                fetch_groups.push(vec![state]);
            }
            None => {}
        }
    }
    fetch_groups
}

/// Returns the state changes of sources that are disabled now.
fn record_paused(sources: &[Source], states: &[SourceState], now: Timestamp) -> Changes {
    let off: BTreeSet<&SourceId> = sources.iter().filter(|source| !source.enabled).map(|source| &source.id).collect();
    let mut changes = Changes::default();
    for state in states.iter().filter(|state| off.contains(&state.source)) {
        let mut state = state.clone();
        if let Some(event) = health::record_health(&mut state, SourceHealth::Paused, now) {
            changes.events.push(event);
            changes.sources.push(state);
        }
    }
    changes
}

/// Returns the enabled sources that `only` names; all of them when it is empty.
fn select_sources(sources: &[Source], only: &[String]) -> Result<BTreeSet<SourceId>, RunError> {
    named_sources(sources.iter().filter(|source| source.enabled && !source.is_desk()), only)
}

/// Returns those of `sources` that `only` names, by id, `tag:NAME` or `country:CODE`; all of them when it is empty.
///
/// # Errors
/// [`RunError::NoSuchSource`] with the first name that none has.
pub fn named_sources<'a>(sources: impl Iterator<Item = &'a Source> + Clone, only: &[String]) -> Result<BTreeSet<SourceId>, RunError> {
    if only.is_empty() {
        return Ok(sources.map(|source| source.id.clone()).collect());
    }
    let mut chosen = BTreeSet::new();
    for selector in only {
        let matches = |source: &&Source| match selector.split_once(':') {
            Some(("tag", tag)) => source.tags.iter().any(|own| own == tag),
            Some(("country", country)) => source.country.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(country)),
            _ => source.id.as_str() == selector,
        };
        let before = chosen.len();
        chosen.extend(sources.clone().filter(matches).map(|source| source.id.clone()));
        if chosen.len() == before && !sources.clone().any(|source| matches(&source)) {
            return Err(RunError::NoSuchSource(selector.clone()));
        }
    }
    Ok(chosen)
}
