//! One visit to a source: request its feed, parse the answer, compare it with the store. `outcome` turns the result into the new state.
//!
//! Every visit ends in one `Changes`, one transaction for each source. A failure concerns its source only, even a panic. Sources that share a
//! feed are visited together with one request.

use super::app::{App, own_headers};
use super::departures::{Listing, departures};
use super::host_hold::{hold_host, host_to_hold};
use super::ingest::{Keyed, key};
use super::moved_site;
use super::outcome::{EntryLimits, FailureNotes, FeedVisit, ParsedVisit, VisitOutcome};
use super::prepare::PreparedSource;
use super::robots::{HostRules, Requester, RobotsVerdict};
use crate::config::{ArticlePolicy, Robots, Source};
use crate::fetch::{Accept, Answer, FailureCode, Fetched, HostLimiter, HostPermit, Request};
use crate::model::{Digest128, FailureReason, Problem, SourceState, Timestamp, WithdrawalChange};
use crate::parse::{self, Document, DocumentEnd, NotAFeed, ParsedFeed};
use crate::schedule::Pace;
use crate::schedule::address;
use crate::store::StoreError;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tracing::Span;
use url::Url;

/// Visits the sources of `fetch_group` at `now` with one request, which the first of them determines. A panic is recorded as their failure.
/// The caller applies the outcomes.
///
/// # Errors
/// When the store cannot be read; what the server does is data.
pub async fn guarded_visit(
    app: &Arc<App>,
    limiter: &HostLimiter,
    rules: &HostRules,
    fetch_group: Vec<SourceState>,
    now: Timestamp,
) -> Result<Vec<VisitOutcome>, StoreError> {
    let pace = Pace {
        every: app.config.fetch.every,
        max_every: app.config.fetch.max_every,
        warn_after: app.config.report.warn_after,
    };
    let limits = EntryLimits {
        keep: app.config.retention.keep,
        max_new: app.config.fetch.max_new,
    };
    let mut visits = Vec::new();
    let mut visited = Vec::new();
    for state in fetch_group {
        match app.source(&state.source) {
            Some(prepared) => visits.push(FeedVisit::new(prepared.source.clone(), state, pace, limits, now)),
            None => visited.push(VisitOutcome::deferred(state.source)),
        }
    }
    let before = visits.clone();
    let came = AssertUnwindSafe(visit(app, limiter, rules, visits)).catch_unwind().await;
    visited.extend(came.unwrap_or_else(|_| Ok(before.into_iter().map(FeedVisit::panicked).collect()))?);
    Ok(visited)
}

/// Requests the URL of the first visit and applies the answer to all.
async fn visit(app: &Arc<App>, limiter: &HostLimiter, rules: &HostRules, visits: Vec<FeedVisit>) -> Result<Vec<VisitOutcome>, StoreError> {
    let Some(lead) = visits.first() else {
        return Ok(Vec::new());
    };
    let (now, source) = (lead.now, lead.source.clone());
    let unasked = |detail: String| Ok(visits.iter().cloned().map(|visit| visit.unasked(&detail)).collect());
    let Some(url) = lead.asked.clone() else {
        return unasked("it has no address".to_owned());
    };
    // The target of a redirect is untrusted input: it is requested without secrets, and never in a private network.
    let is_named = address::is_same_site(&source.urls, &url);
    let headers = match own_headers(&source, &|secret| app.reveal(secret)) {
        Ok(headers) if is_named => headers,
        Ok(_) => Vec::new(),
        Err(variable) => return unasked(format!("the environment variable {variable} is not set")),
    };
    let asks_robots = asks_robots(app.config.fetch.robots, &source);
    if asks_robots && let Some(refused) = robots_refusal(app, limiter, rules, &url, &visits).await {
        return Ok(refused);
    }
    // Sources with different validators have stored different states of the feed, so all need the whole document.
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
        accept: if source.list.is_some() { Accept::Page } else { Accept::Feed },
        etag: lead.before.etag.as_deref().filter(|_| agree),
        last_modified: lead.before.last_modified.as_deref().filter(|_| agree),
        validators_from: answered_by.as_ref(),
        source: Some(&source),
        headers: &headers,
        trusted: is_named && !app.config.listed.contains(&source.id),
        identity: visits.iter().any(|visit| visit.before.uncompressed),
        now,
    };
    let (fetched, permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, now);
    // The target of a redirect may have another robots.txt, and a sitemap index leads to another document.
    let target = fetched.answer().map(|answer| &answer.final_url);
    let target = target.filter(|target| asks_robots && **target != url).cloned();
    let listed = news_sitemap(&source, &fetched);
    let permit = (target.is_none() && listed.is_none()).then_some(permit).flatten();
    for url in target.iter().chain(listed.iter().filter(|_| asks_robots)) {
        if let Some(refused) = robots_refusal(app, limiter, rules, url, &visits).await {
            return Ok(refused);
        }
    }
    let (fetched, permit) = match &listed {
        Some(url) => fetch_listed(app, limiter, &Request { url, ..request }).await,
        None => (fetched, permit),
    };
    // The host permit is dropped when a core is free to parse the answer: slow parsing slows fetching.
    let core = app.core().await;
    drop(permit);
    let app = Arc::clone(app);
    let before = visits.clone();
    let span = Span::current();
    let joined = tokio::task::spawn_blocking(move || {
        let _core = core;
        let _entered = span.enter();
        let outcomes = visits.into_iter().map(|visit| visit_outcome(&app, visit, &fetched));
        outcomes.collect::<Result<Vec<_>, _>>()
    });
    joined.await.unwrap_or_else(|panic| {
        tracing::error!(source.id = %source.id, %panic, "reading this source's feed panicked; the run goes on without it");
        Ok(before.into_iter().map(FeedVisit::panicked).collect())
    })
}

/// Returns the sitemap that has the news where the answer is an index of sitemaps; one on another site is left alone.
fn news_sitemap(source: &Source, fetched: &Fetched) -> Option<Url> {
    let Fetched::Fresh(answer) = fetched else { return None };
    let listed = parse::news_sitemap(&answer.body, &answer.final_url).filter(|_| source.list.is_none())?;
    address::is_same_site(&source.urls, &listed).then_some(listed)
}

/// Requests a sitemap that an index lists. Its validators are not those of the index, which is what is requested next; neither is a redirect of it one of
/// the source.
async fn fetch_listed(app: &App, limiter: &HostLimiter, request: &Request<'_>) -> (Fetched, Option<HostPermit>) {
    let request = Request {
        etag: None,
        last_modified: None,
        ..*request
    };
    let (mut fetched, permit) = app.client.fetch(limiter, &request).await;
    hold_host(limiter, &fetched, request.now);
    if let Fetched::Fresh(answer) = &mut fetched {
        (answer.etag, answer.last_modified, answer.moved_to) = (None, None, None);
    }
    (fetched, permit)
}

/// Returns the outcomes of visits whose address robots.txt does not allow to ask for; none when it does. The caller must hold no permit.
async fn robots_refusal(app: &App, limiter: &HostLimiter, rules: &HostRules, url: &Url, visits: &[FeedVisit]) -> Option<Vec<VisitOutcome>> {
    let lead = visits.first()?;
    let requester = Requester {
        source: &lead.source,
        trusted: address::is_same_site(&lead.source.urls, url) && !app.config.listed.contains(&lead.source.id),
    };
    let all = |outcome: &dyn Fn(FeedVisit) -> VisitOutcome| Some(visits.iter().cloned().map(outcome).collect());
    let refuse = |reason, detail: &str| all(&|visit| visit.failed(reason, detail, FailureNotes::default()));
    match rules.permitted(app, limiter, url, requester, lead.now).await {
        RobotsVerdict::Allowed => None,
        RobotsVerdict::Denied => refuse(FailureReason::Blocked, "its robots.txt does not allow it"),
        // Setup is what is wrong here, not there.
        RobotsVerdict::Unknown(FailureReason::Setup, ..) => all(&|visit| VisitOutcome::fault_of_machine(visit.source.id)),
        RobotsVerdict::Unknown(reason, detail, _) => refuse(reason, &detail),
        RobotsVerdict::Held(until) => all(&|visit| visit.host_held(until)),
    }
}

/// Returns the outcome of the answer for one source.
fn visit_outcome(app: &App, visit: FeedVisit, fetched: &Fetched) -> Result<VisitOutcome, StoreError> {
    let visited = match fetched {
        Fetched::Fresh(answer) => return parse_answer(app, visit, answer),
        Fetched::NotModified(answer) => visit.unchanged(answer, false),
        Fetched::Held { until, is_asked: true } => visit.put_off(*until),
        Fetched::Held { until, .. } => visit.host_held(*until),
        Fetched::Gone(answer) => {
            let detail = "the server says it is gone for good (410)";
            visit.failed(FailureReason::Gone, detail, FailureNotes::of(answer.clone()))
        }
        Fetched::Throttled { until, answer, .. } => {
            let detail = format!("the server asked us to wait ({})", answer.status);
            let notes = FailureNotes {
                retry_after: *until,
                host: host_to_hold(fetched, visit.now),
                held: held_addresses(&visit, fetched, *until),
                ..FailureNotes::of(answer.clone())
            };
            visit.failed(FailureReason::Throttled, &detail, notes)
        }
        Fetched::Blocked { answer, reason } => visit.failed(FailureReason::Blocked, reason, FailureNotes::of(answer.clone())),
        Fetched::Failed {
            code: FailureCode::OutOfDescriptors,
            ..
        } => VisitOutcome::fault_of_machine(visit.source.id),
        Fetched::Failed { code, detail, answer } => {
            if let Some((answer, how)) = fetched.cut_answer()
                && let Some(feed) = parse_cut_answer(app, &visit, answer, how)
            {
                return compare(app, visit, answer, feed, None);
            }
            let notes = FailureNotes {
                answer: answer.clone(),
                ..FailureNotes::default()
            };
            visit.failed(code.reason(), detail, notes)
        }
    };
    Ok(visited)
}

/// Returns what asked to wait by a throttled answer: the address that was requested, and at 429 the host that said it, which another one may have
/// redirected to.
fn held_addresses(visit: &FeedVisit, fetched: &Fetched, until: Option<Timestamp>) -> Vec<(String, Timestamp)> {
    let host = host_to_hold(fetched, visit.now);
    let host = host.and_then(|host| host.held_until.map(|until| (host.host.as_str().to_owned(), until)));
    let until = until.or(host.as_ref().map(|(_, until)| *until));
    let asked = visit.asked.as_ref().zip(until).map(|(asked, until)| (asked.to_string(), until));
    asked.into_iter().chain(host).collect()
}

/// Parses the body of an answer, and compares its entries with the store.
fn parse_answer(app: &App, visit: FeedVisit, answer: &Answer) -> Result<VisitOutcome, StoreError> {
    let hash = Digest128::hash(&answer.body);
    if visit.before.body_hash == Some(hash) && visit.before.failures == 0 && visit.has_seen_document() {
        // A server without conditional requests sent the same bytes again: nothing to parse, but its validators are stored.
        return Ok(visit.unchanged(answer, true));
    }
    match read_document(app, &visit.source, answer) {
        Ok(feed) => compare(app, visit, answer, feed, Some(hash)),
        Err(what) => Ok(not_a_feed(visit, &what, answer)),
    }
}

/// Parses what came of an answer that ended early, as `how` says; none when that is nothing whole.
///
/// Some servers cut every answer, or announce more than they send. The visit counts as one that brought the feed: with back-off, the news of such a
/// source would come twice a day. Nothing is asked of its server more often for it.
fn parse_cut_answer(app: &App, visit: &FeedVisit, answer: &Answer, how: &str) -> Option<ParsedFeed> {
    let mut feed = read_document(app, &visit.source, answer).ok()?;
    feed.drop_cut_entry();
    let what_came = match (feed.end, feed.entries.len()) {
        (DocumentEnd::Whole, _) => "but the document is complete".to_owned(),
        (_, 0) => return None,
        (_, count) => format!("and of its entries only the {count} that came whole were read"),
    };
    let detail = format!("the connection was cut before the answer was complete ({how}), {what_came}");
    feed.problems.insert(0, Problem::new("cut-off", detail));
    Some(feed)
}

/// Reads the feed or the list page of an answer as the configuration of its source says.
fn read_document(app: &App, source: &Source, answer: &Answer) -> Result<ParsedFeed, NotAFeed> {
    let document = document(source, answer);
    match app.source(&source.id) {
        Some(prepared) => read_with(prepared, &document),
        None => parse::parse(&document),
    }
}

/// Reads a document of a source: its feed, or its list page by its selectors, without what its `strip` takes out.
///
/// # Errors
/// [`NotAFeed`] states what the document is instead.
pub fn read_with(prepared: &PreparedSource, document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    let mut feed = match &prepared.list {
        Some(rule) => parse::parse_list(document, rule),
        None => parse::parse(document),
    }?;
    prepared.strip.apply(&mut feed.entries);
    Ok(feed)
}

/// Returns whether robots.txt is asked before the address of a source is: a list page is a page and no feed.
#[must_use]
pub fn asks_robots(policy: Robots, source: &Source) -> bool {
    match policy {
        Robots::All => true,
        Robots::Articles => source.list.is_some(),
        Robots::Off => false,
    }
}

/// Returns the body of an answer as a document.
pub(super) fn document<'a>(source: &'a Source, answer: &'a Answer) -> Document<'a> {
    Document {
        bytes: &answer.body,
        url: Some(&answer.final_url),
        content_type: answer.content_type.as_deref(),
        charset: source.charset.as_deref(),
        is_base_stated: false,
        timezone: source.timezone.as_deref(),
    }
}

/// Compares the entries of a feed with the store. `hash` is the digest of the body, by which the same document is recognised; none of a body that
/// was cut.
fn compare(
    app: &App,
    visit: FeedVisit,
    answer: &Answer,
    mut feed: ParsedFeed,
    hash: Option<Digest128>,
) -> Result<VisitOutcome, StoreError> {
    feed.note_future_dates(visit.now);
    let ParsedFeed {
        meta,
        entries,
        problems,
        end,
        ..
    } = feed;
    let entries = key(entries);
    let keys: Vec<_> = entries.iter().flat_map(Keyed::looked_up).cloned().collect();
    let mut known = app.store.identities(&visit.source.id, &keys)?;
    let dates = moved_site::unknown_dates(&entries, &known);
    if !dates.is_empty() {
        let stored = app.store.entries_at(&visit.source.id, &dates)?;
        known.extend(moved_site::identify(&entries, &known, &stored));
    }
    let is_same_feed = visit.asked.as_ref().map(Url::as_str) == visit.before.url.as_deref()
        && visit.before.answered_by.as_deref() == Some(answer.final_url.as_str());
    let is_comparable = is_same_feed && end == DocumentEnd::Whole && hash.is_some();
    let listing = Listing::new(&entries, &known, &problems, is_comparable);
    let withdrawals = departures_of(app, &visit, &listing)?;
    let parsed = ParsedVisit {
        meta: &meta,
        entries,
        known: &known,
        problems,
        is_whole: end == DocumentEnd::Whole,
        hash,
    };
    let mut outcome = visit.fresh(answer, parsed);
    outcome.changes.withdrawals = withdrawals;
    Ok(outcome)
}

/// Returns which entries have left the feed or are in it again, as far as the document can tell.
fn departures_of(app: &App, visit: &FeedVisit, listing: &Listing) -> Result<Vec<WithdrawalChange>, StoreError> {
    let source = &visit.source;
    let signs = app.store.withdrawals_of_source(&source.id)?;
    let newest = if listing.is_ordered {
        app.store.newest_entries(&source.id)?
    } else {
        Vec::new()
    };
    let is_asked = source.article == ArticlePolicy::Page;
    Ok(departures(listing, &newest, &signs, is_asked, visit.now))
}

/// Returns the outcome of a document that is no feed. Feeds that a page announces become a suggestion, and are never fetched.
fn not_a_feed(visit: FeedVisit, what: &NotAFeed, answer: &Answer) -> VisitOutcome {
    let reason = match what {
        NotAFeed::AntiBot { .. } => FailureReason::Blocked,
        _ => FailureReason::NotAFeed,
    };
    let asked = visit.asked.clone();
    let announced = what
        .feeds()
        .iter()
        .filter(|candidate| candidate.method == parse::DiscoveryMethod::Announced);
    let notes = FailureNotes {
        suggestion: announced
            .map(|candidate| candidate.url.clone())
            .find(|url| Some(url) != asked.as_ref()),
        ..FailureNotes::of(Box::new(answer.clone()))
    };
    visit.failed(reason, &what.to_string(), notes)
}

/// Returns whether two sources send the same request but for its URL, so that one request serves both.
#[must_use]
pub fn share_request(a: &Source, b: &Source) -> bool {
    let asks = |source: &Source| (source.proxy.clone(), source.tls, source.user_agent.clone(), source.timeout);
    a.headers == b.headers && a.auth == b.auth && a.list.is_some() == b.list.is_some() && asks(a) == asks(b)
}
