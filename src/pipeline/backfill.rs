//! `fetch --backfill`: the older pages of a source's archive (RFC 5005, or WordPress's `?paged=`). What they bring is stored with its own date, and is
//! no news; the state of the source stays as it is.

use super::app::{App, own_headers};
use super::gather::read_with;
use super::host_hold::hold_host;
use super::ingest::{Ingest, Keyed, key};
use super::outcome::provenance;
use super::prepare::PreparedSource;
use super::robots::{HostRules, Requester, RobotsVerdict};
use crate::config::Robots;
use crate::fetch::{Accept, Answer, Fetched, HostLimiter, Request};
use crate::model::{Changes, SourceId, Timestamp, loggable_url};
use crate::parse::{Document, ParsedFeed};
use crate::schedule::address;
use crate::store::StoreError;
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

/// What the requests for archives share.
pub struct Backfill {
    /// The opened program.
    pub app: Arc<App>,
    /// The limits of the run.
    pub limiter: Arc<HostLimiter>,
    /// The robots.txt of the run.
    pub rules: Arc<HostRules>,
    /// How many older pages each source is asked for.
    pub pages: usize,
    /// The `now` of the run.
    pub now: Timestamp,
}

/// What one page of an archive is.
struct ArchivePage {
    feed: ParsedFeed,
    answer: Box<Answer>,
}

impl Backfill {
    /// Does what [`Self::gather`] does until `deadline`, or until the run is to stop: what was stored by then stays, and is not counted.
    ///
    /// # Errors
    /// As [`Self::gather`].
    pub async fn gather_until(
        self,
        sources: Vec<SourceId>,
        deadline: Instant,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<u64, StoreError> {
        tokio::select! {
            new = self.gather(sources) => new,
            () = tokio::time::sleep_until(deadline) => Ok(0),
            _ = stop.changed() => Ok(0),
        }
    }

    /// Asks `sources` for their older pages, each page after the other, and stores what is new; returns how many entries that is.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails; what a server does ends its archive.
    async fn gather(self, sources: Vec<SourceId>) -> Result<u64, StoreError> {
        let jobs = self.app.config.fetch.jobs;
        let archives = stream::iter(sources).map(|source| self.archive(source));
        let mut archives = std::pin::pin!(archives.buffer_unordered(jobs));
        let mut new = 0;
        while let Some(of_source) = archives.next().await {
            new += of_source?;
        }
        Ok(new)
    }

    /// Asks one source, until a page brings nothing new, there is no older one, or `pages` have been read.
    async fn archive(&self, source: SourceId) -> Result<u64, StoreError> {
        // A list page states no older one.
        let Some(prepared) = self.app.source(&source).filter(|prepared| prepared.list.is_none()) else {
            return Ok(0);
        };
        let Some(state) = self.app.store.source_state(&source)?.filter(|state| state.failures == 0) else {
            return Ok(0);
        };
        let Some(first) = address::choose(&prepared.source.urls, &state, self.now) else {
            return Ok(0);
        };
        let mut seen = BTreeSet::from([first.clone()]);
        let mut page = self.page(prepared, &first).await;
        let mut new = 0;
        for number in 0..self.pages {
            let older = page.as_ref().and_then(|page| older(&page.feed, &first, number + 2));
            let is_own = |url: &Url| address::is_same_site(&prepared.source.urls, url);
            let Some(url) = older.filter(|url| is_own(url) && seen.insert(url.clone())) else {
                break;
            };
            let Some(fetched) = self.page(prepared, &url).await else { break };
            let count = self.store(prepared, &fetched).await?;
            tracing::debug!(source.id = %source, page.url = %loggable_url(&url), entries = count, "read a page of the archive");
            if count == 0 {
                break;
            }
            new += count;
            page = Some(fetched);
        }
        Ok(new)
    }

    /// Requests one page, when robots.txt allows it; `None` when it is no feed, or is not to be had.
    async fn page(&self, prepared: &PreparedSource, url: &Url) -> Option<ArchivePage> {
        let (app, source) = (&self.app, &prepared.source);
        let headers = own_headers(source, &|secret| app.reveal(secret)).ok()?;
        let requester = Requester { source, trusted: true };
        let is_asked = app.config.fetch.robots != Robots::Off;
        if is_asked {
            let verdict = self.rules.permitted(app, &self.limiter, url, requester, self.now).await;
            if !matches!(verdict, RobotsVerdict::Allowed) {
                tracing::info!(source.id = %source.id, page.url = %loggable_url(url), "robots.txt does not allow this page of the archive");
                return None;
            }
        }
        let request = Request {
            url,
            accept: Accept::Feed,
            etag: None,
            last_modified: None,
            validators_from: None,
            source: Some(source),
            headers: &headers,
            trusted: true,
            identity: false,
            now: self.now,
        };
        let (fetched, permit) = app.client.fetch(&self.limiter, &request).await;
        hold_host(&self.limiter, &fetched, self.now);
        let Fetched::Fresh(answer) = fetched else { return None };
        let core = app.core().await;
        drop(permit);
        let (app, id) = (Arc::clone(app), source.id.clone());
        let read = tokio::task::spawn_blocking(move || {
            let _core = core;
            let prepared = app.source(&id)?;
            let document = Document {
                bytes: &answer.body,
                url: Some(&answer.final_url),
                content_type: answer.content_type.as_deref(),
                charset: prepared.source.charset.as_deref(),
                is_base_stated: false,
                timezone: prepared.source.timezone.as_deref(),
            };
            let feed = read_with(prepared, &document).ok()?;
            Some(ArchivePage { feed, answer })
        });
        // A panic of the parser ends this archive only.
        read.await.ok().flatten()
    }

    /// Stores the entries of a page that are new and dated; returns their number.
    async fn store(&self, prepared: &PreparedSource, page: &ArchivePage) -> Result<u64, StoreError> {
        let (app, source, now) = (Arc::clone(&self.app), prepared.source.clone(), self.now);
        let mut entries = page.feed.entries.clone();
        // Without a date of its own it would stand among the news.
        entries.retain(|draft| draft.published.or(draft.updated).is_some_and(|date| date <= now));
        let (meta, answer) = (page.feed.meta.clone(), page.answer.clone());
        let stored = tokio::task::spawn_blocking(move || {
            let keyed = key(entries);
            let keys: Vec<_> = keyed.iter().flat_map(Keyed::looked_up).cloned().collect();
            let known = app.store.identities(&source.id, &keys)?;
            let mut found = Changes::default();
            let ingest = Ingest {
                source: &source,
                meta: &meta,
                url: &answer.final_url,
                keep: app.config.retention.keep,
                allowance: None,
                now,
            };
            ingest.add(keyed, &known, &mut found);
            // What is known stays as the feed has it now.
            let mut new_entries = found.new_entries;
            for new in &mut new_entries {
                new.entry.is_archived = true;
            }
            let count = new_entries.len() as u64;
            app.store.apply(Changes {
                new_entries,
                shared_keys: found.shared_keys,
                seen_tombstones: found.seen_tombstones,
                provenance: vec![provenance(&source.id, None, &answer, now)],
                ..Changes::default()
            })?;
            Ok(count)
        });
        stored.await.unwrap_or_else(|panic| {
            tracing::error!(source.id = %prepared.source.id, %panic, "reading a page of the archive panicked; the run goes on without it");
            Ok(0)
        })
    }
}

/// Returns the address of the page before the one that `feed` is: the archive document or the page that it names (RFC 5005, 3 and 4), else for
/// WordPress page `number` of `first`.
fn older(feed: &ParsedFeed, first: &Url, number: usize) -> Option<Url> {
    let history = &feed.meta.history;
    if history.complete {
        return None;
    }
    let stated = history.previous_archive.as_ref().or(history.next_page.as_ref());
    stated.cloned().or_else(|| {
        let generator = feed.meta.generator.as_deref().unwrap_or_default().to_ascii_lowercase();
        generator.contains("wordpress").then(|| {
            let mut url = first.clone();
            let others = first.query_pairs().filter(|(key, _)| key != "paged");
            url.query_pairs_mut()
                .clear()
                .extend_pairs(others)
                .append_pair("paged", &number.to_string());
            url
        })
    })
}
