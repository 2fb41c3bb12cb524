//! Settle: the order of the entries that wait, and which of them need their page. It begins when the feeds have been gathered.
//!
//! Entries are always ordered by (time, source, guid), never by the network's timing, so that every run gives the same result.

use super::app::App;
use super::compared_text::ComparedTexts;
use super::comparison::{self, dedupe_entry};
use super::compose::ENTRIES_PER_BATCH;
use super::page_hosts::PageHosts;
use super::pages::{self, PageRequest, is_young};
use super::stage_panics::StagePanics;
use crate::config::ArticlePolicy;
use crate::dedupe::{DedupePolicy, Index};
use crate::model::{EntryId, PageVisit, SourceId, Timestamp, canonical};
use crate::schedule;
use crate::store::{ComparedEntry, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be composed, and what is to be fetched before.
#[derive(Default)]
pub struct Settled {
    /// The entries that wait, in order.
    pub waiting: Vec<EntryId>,
    /// The pages to be fetched: those of entries that wait, then those that failed in earlier runs or whose entry has changed.
    pub wanted: Vec<PageRequest>,
    /// What is to be stored of the pages that are not fetched: those that are given up, and those that wait for the next run.
    pub page_visits: Vec<PageVisit>,
}

/// Finds what waits to be composed at `now`, and the pages that are to be fetched. Pages of entries that are copies by the feeds' own texts are not.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn settle(app: &App, page_hosts: &PageHosts, now: Timestamp) -> Result<Settled, StoreError> {
    let mut settled = Settled {
        waiting: app.store.uncomposed_ids()?,
        ..Settled::default()
    };
    let by_page = |source: &SourceId| {
        app.source(source)
            .is_some_and(|prepared| prepared.source.article == ArticlePolicy::Page && !prepared.source.is_desk())
    };
    if !settled.waiting.is_empty() && app.prepared.sources.keys().any(by_page) {
        // A panic here occurs again when the entry is composed, and is recorded then.
        let panics = StagePanics::default();
        let mut index = Index::new(DedupePolicy::default());
        let mut addresses = BTreeSet::new();
        for batch in settled.waiting.chunks(ENTRIES_PER_BATCH) {
            let visits: BTreeMap<EntryId, PageVisit> = app
                .store
                .page_visits(batch)?
                .into_iter()
                .map(|visit| (visit.entry, visit))
                .collect();
            let compared = app.store.compared_entries(batch)?;
            let fingerprints = ComparedTexts::of_copies(app, &compared, &panics)?;
            let entries = compared.iter().zip(fingerprints);
            let entries: Vec<_> = entries.map(|(entry, fingerprint)| dedupe_entry(app, entry, fingerprint)).collect();
            comparison::add_originals(app, &mut index, &entries)?;
            for (compared, entry) in compared.iter().zip(&entries) {
                let visit = visits.get(&compared.id);
                let request = page_request(compared, visit, now).filter(|_| by_page(&compared.source));
                let is_copy = index.try_copy(entry);
                // A page that was requested before is requested again, even when another entry with the same URL has been published meanwhile.
                let request = request.filter(|_| !is_copy || visit.is_some());
                settled
                    .wanted
                    .extend(request.filter(|request| addresses.insert(canonical(&request.link))));
            }
        }
    }
    let retries = pages::retries(app, &settled.wanted, now)?;
    settled.wanted.extend(retries.wanted);
    settled.page_visits = retries.given_up;
    postpone(app, page_hosts, &mut settled, now)?;
    Ok(settled)
}

/// Keeps the pages due whose source leads to too many new hosts.
fn postpone(app: &App, page_hosts: &PageHosts, settled: &mut Settled, now: Timestamp) -> Result<(), StoreError> {
    for page in std::mem::take(&mut settled.wanted) {
        if page_hosts.admits(app, &page.source, &page.link)? {
            settled.wanted.push(page);
        } else {
            settled.page_visits.push(PageVisit {
                entry: page.entry,
                tries: page.tries,
                next: Some(now),
                reason: "hosts".to_owned(),
            });
        }
    }
    Ok(())
}

/// Returns the request for the page of an entry; none when it has its article, is too old or is not to be requested now.
fn page_request(entry: &ComparedEntry, visit: Option<&PageVisit>, now: Timestamp) -> Option<PageRequest> {
    // As in the store: no page waits for more than a day.
    let is_later = visit.is_some_and(|visit| visit.next.is_none_or(|next| next > now && next <= now + schedule::DAY));
    if entry.has_article || is_later || !is_young(entry.date, now) {
        return None;
    }
    Some(PageRequest {
        entry: entry.id,
        source: entry.source.clone(),
        link: entry.link.clone()?,
        date: entry.date,
        tries: visit.map_or(0, |visit| visit.tries),
    })
}
