//! The life of one source: ask it, read the answer, compare it with what is known. What that makes of its state says `outcome`.
//!
//! Every visit ends in one `Changes` and one transaction for each source. What goes wrong with a source stays with that source, even a
//! panic. Sources that share one feed are visited together: it is asked once.

use super::app::{App, own_headers};
use super::host_hold::{hold_host, host_to_hold};
use super::ingest::key;
use super::outcome::{FailureNotes, FeedVisit, ParsedVisit, VisitOutcome};
use super::robots::{HostRules, Requester, RobotsVerdict};
use crate::config::{Robots, Source};
use crate::fetch::{Accept, Answer, Fetched, HostLimiter, Request};
use crate::model::{Digest128, FailureReason, HostKey, HostState, SourceState, Timestamp};
use crate::parse::{self, Document, NotAFeed, ParsedFeed};
use crate::schedule::address;
use crate::store::StoreError;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Visits the sources of `fetch_group` at `now` with one request: they share a feed, and the first leads. A panic on the way is a failure of
/// theirs. The caller applies what comes back.
///
/// # Errors
/// Only when the store cannot be read; whatever the server does is data.
pub async fn guarded_visit(
    app: &Arc<App>,
    limiter: &HostLimiter,
    rules: &HostRules,
    fetch_group: Vec<SourceState>,
    now: Timestamp,
) -> Result<Vec<VisitOutcome>, StoreError> {
    let every = app.config.fetch.every;
    let mut visits = Vec::new();
    let mut visited = Vec::new();
    for state in fetch_group {
        match app.source(&state.source) {
            Some(prepared) => visits.push(FeedVisit::new(prepared.source.clone(), state, every, now)),
            None => visited.push(VisitOutcome::deferred(state.source)),
        }
    }
    let before = visits.clone();
    let came = AssertUnwindSafe(visit(app, limiter, rules, visits)).catch_unwind().await;
    visited.extend(came.unwrap_or_else(|_| Ok(before.into_iter().map(FeedVisit::panicked).collect()))?);
    Ok(visited)
}

/// Asks the address of the first call and gives the answer to all.
async fn visit(app: &Arc<App>, limiter: &HostLimiter, rules: &HostRules, visits: Vec<FeedVisit>) -> Result<Vec<VisitOutcome>, StoreError> {
    let Some(lead) = visits.first() else {
        return Ok(Vec::new());
    };
    let (now, source) = (lead.now, lead.source.clone());
    let unasked = |detail: String| Ok(visits.iter().cloned().map(|visit| visit.unasked(&detail)).collect());
    let Some(url) = lead.asked.clone() else {
        return unasked("it has a list page, which this version does not read yet".to_owned());
    };
    // Where a redirect led is a stranger's word: it is asked without secrets, as it was when it proved itself, and not on our own network.
    let is_named = address::is_named(&source.urls, &url);
    let headers = match own_headers(&source, &|secret| app.reveal(secret)) {
        Ok(headers) if is_named => headers,
        Ok(_) => Vec::new(),
        Err(variable) => return unasked(format!("the environment variable {variable} is not set")),
    };
    if app.config.fetch.robots == Robots::All {
        let requester = Requester {
            source: &source,
            trusted: is_named,
        };
        let refuse = |reason, detail: &str| {
            visits
                .iter()
                .cloned()
                .map(|visit| visit.failed(reason, detail, FailureNotes::default()))
                .collect()
        };
        match rules.permitted(app, limiter, &url, requester, now).await {
            RobotsVerdict::Allowed => {}
            RobotsVerdict::Denied => return Ok(refuse(FailureReason::Blocked, "its robots.txt does not allow it")),
            RobotsVerdict::Unknown(reason, detail, _) => return Ok(refuse(reason, &detail)),
            RobotsVerdict::Held(_) => return Ok(visits.into_iter().map(|visit| VisitOutcome::deferred(visit.source.id)).collect()),
        }
    }
    // Sources that know different states of the feed need the whole of it.
    let validators = |visit: &FeedVisit| {
        (
            visit.has_validators(),
            visit.before.etag.clone(),
            visit.before.last_modified.clone(),
        )
    };
    let agree = visits
        .iter()
        .all(|visit| visit.has_validators() && validators(visit) == validators(lead));
    let answered_by = lead.before.answered_by.as_deref().and_then(|address| url::Url::parse(address).ok());
    let request = Request {
        url: &url,
        accept: Accept::Feed,
        etag: lead.before.etag.as_deref().filter(|_| agree),
        last_modified: lead.before.last_modified.as_deref().filter(|_| agree),
        validators_from: answered_by.as_ref(),
        source: Some(&source),
        headers: &headers,
        trusted: is_named,
        identity: visits.iter().any(|visit| visit.before.uncompressed),
        now,
    };
    let (fetched, permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, now);
    // The host is let go when a core is free to read what it sent: slow reading slows fetching.
    let core = app.core().await;
    drop(permit);
    let app = Arc::clone(app);
    let before = visits.clone();
    let joined = tokio::task::spawn_blocking(move || {
        let _core = core;
        let outcomes = visits.into_iter().map(|visit| outcome(&app, visit, &fetched));
        outcomes.collect::<Result<Vec<_>, _>>()
    });
    joined.await.unwrap_or_else(|panic| {
        tracing::error!(source.id = %source.id, %panic, "reading this source's feed panicked; the run goes on without it");
        Ok(before.into_iter().map(FeedVisit::panicked).collect())
    })
}

/// Says what one answer means for one source.
fn outcome(app: &App, visit: FeedVisit, fetched: &Fetched) -> Result<VisitOutcome, StoreError> {
    let visited = match fetched {
        Fetched::Fresh(answer) => return read(app, visit, answer),
        Fetched::NotModified(answer) => visit.unchanged(answer, false),
        Fetched::Held { until, is_asked: true } => visit.put_off(*until),
        Fetched::Held { .. } => VisitOutcome::deferred(visit.source.id),
        Fetched::Gone(answer) => {
            let detail = "the server says it is gone for good (410)";
            visit.failed(FailureReason::Gone, detail, FailureNotes::of(answer.clone()))
        }
        Fetched::Throttled { until, answer, .. } => {
            let detail = format!("the server asked us to wait ({})", answer.status);
            let notes = FailureNotes {
                retry_after: *until,
                host: host_to_hold(fetched, visit.now),
                ..FailureNotes::of(answer.clone())
            };
            visit.failed(FailureReason::Throttled, &detail, notes)
        }
        Fetched::Blocked { answer, reason } => visit.failed(FailureReason::Blocked, reason, FailureNotes::of(answer.clone())),
        Fetched::Failed { code, detail, answer } => {
            let notes = FailureNotes {
                answer: answer.clone(),
                ..FailureNotes::default()
            };
            visit.failed(code.reason(), detail, notes)
        }
    };
    Ok(visited)
}

/// Reads a body that came, and compares it with what is known.
fn read(app: &App, visit: FeedVisit, answer: &Answer) -> Result<VisitOutcome, StoreError> {
    let hash = Digest128::hash(&answer.body);
    if visit.before.body_hash == Some(hash) && visit.before.failures == 0 {
        // A server without conditional requests sends the same bytes again: nothing to read, but its validators are replaced.
        return Ok(visit.unchanged(answer, true));
    }
    let document = Document {
        bytes: &answer.body,
        url: Some(&answer.final_url),
        content_type: answer.content_type.as_deref(),
        charset: visit.source.charset.as_deref(),
        timezone: visit.source.timezone.as_deref(),
    };
    let mut feed = match parse::parse(&document) {
        Ok(feed) => feed,
        Err(what) => return Ok(no_feed(visit, &what, answer)),
    };
    feed.note_future_dates(visit.now);
    let ParsedFeed {
        meta, entries, problems, ..
    } = feed;
    let entries = key(entries);
    let keys: Vec<_> = entries.iter().flat_map(|keyed| keyed.keys.iter().cloned()).collect();
    let known = app.store.identities(&visit.source.id, &keys)?;
    let parsed = ParsedVisit {
        meta: &meta,
        entries,
        known: &known,
        problems,
        hash,
        keep: app.config.retention.keep,
    };
    Ok(visit.fresh(answer, parsed))
}

/// Something came, but no feed. The feeds that a page announces are suggested, never taken.
fn no_feed(visit: FeedVisit, what: &NotAFeed, answer: &Answer) -> VisitOutcome {
    let reason = match what {
        NotAFeed::AntiBot { .. } => FailureReason::Blocked,
        _ => FailureReason::NotAFeed,
    };
    let asked = visit.asked.clone();
    let announced = what.feeds().iter().filter(|candidate| candidate.how == parse::How::Announced);
    let notes = FailureNotes {
        suggestion: announced
            .map(|candidate| candidate.url.clone())
            .find(|url| Some(url) != asked.as_ref()),
        ..FailureNotes::of(Box::new(answer.clone()))
    };
    visit.failed(reason, &what.to_string(), notes)
}

/// Whether two sources would send the same request, but for its address: then one may speak for both.
#[must_use]
pub fn ask_alike(a: &Source, b: &Source) -> bool {
    let asks = |source: &Source| (source.proxy.clone(), source.tls, source.user_agent.clone(), source.timeout);
    a.headers == b.headers && a.auth == b.auth && asks(a) == asks(b)
}
