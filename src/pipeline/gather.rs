//! The life of one source: ask it, read the answer, compare it with what is known. What that makes of its state says `outcome`.
//!
//! Every visit ends in one `Changes` and one transaction for each source. What goes wrong with a source stays with that source, even a
//! panic. Sources that share one feed are visited together: it is asked once.

use super::digest::key;
use super::house::{House, own_headers};
use super::outcome::{Call, Harvested, Trouble, Visited, body_hash};
use super::robots::{Asker, HostRules, Verdict};
use crate::config::{Robots, Source};
use crate::fetch::{Accept, Answer, Fetched, Gate, Request};
use crate::model::{FailureReason, HostKey, HostState, SourceState, Timestamp};
use crate::parse::{self, Document, NotAFeed, ParsedFeed};
use crate::schedule::address;
use crate::store::StoreError;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

/// How long a host is held that asks us to wait (429) without a time that can be read.
const UNSAID: Duration = Duration::from_hours(1);

/// Visits the sources of `party` at `now` with one request: they share a feed, and the first leads. A panic on the way is a failure of
/// theirs. The caller applies what comes back.
///
/// # Errors
/// Only when the store cannot be read; whatever the server does is data.
pub async fn guarded_visit(
    house: &Arc<House>,
    gate: &Gate,
    rules: &HostRules,
    party: Vec<SourceState>,
    now: Timestamp,
) -> Result<Vec<Visited>, StoreError> {
    let every = house.config.fetch.every;
    let mut calls = Vec::new();
    let mut visited = Vec::new();
    for state in party {
        match house.source(&state.source) {
            Some(prepared) => calls.push(Call::new(prepared.source.clone(), state, every, now)),
            None => visited.push(Visited::deferred(state.source)),
        }
    }
    let before = calls.clone();
    let came = AssertUnwindSafe(visit(house, gate, rules, calls)).catch_unwind().await;
    visited.extend(came.unwrap_or_else(|_| Ok(before.into_iter().map(Call::panicked).collect()))?);
    Ok(visited)
}

/// Asks the address of the first call and gives the answer to all.
async fn visit(house: &Arc<House>, gate: &Gate, rules: &HostRules, calls: Vec<Call>) -> Result<Vec<Visited>, StoreError> {
    let Some(lead) = calls.first() else {
        return Ok(Vec::new());
    };
    let (now, source) = (lead.now, lead.source.clone());
    let unasked = |detail: String| Ok(calls.iter().cloned().map(|call| call.unasked(&detail)).collect());
    let Some(url) = lead.asked.clone() else {
        return unasked("it has a list page, which this version does not read yet".to_owned());
    };
    // Where a redirect led is a stranger's word: it is asked without secrets, as it was when it proved itself, and not on our own network.
    let is_named = address::is_named(&source.urls, &url);
    let headers = match own_headers(&source, &|secret| house.reveal(secret)) {
        Ok(headers) if is_named => headers,
        Ok(_) => Vec::new(),
        Err(variable) => return unasked(format!("the environment variable {variable} is not set")),
    };
    if house.config.fetch.robots == Robots::All {
        let asker = Asker {
            source: &source,
            trusted: is_named,
        };
        let refuse = |reason, detail: &str| {
            calls
                .iter()
                .cloned()
                .map(|call| call.failed(reason, detail, Trouble::default()))
                .collect()
        };
        match rules.permitted(house, gate, &url, asker, now).await {
            Verdict::Allowed => {}
            Verdict::Denied => return Ok(refuse(FailureReason::Blocked, "its robots.txt does not allow it")),
            Verdict::Unknown(reason, detail, _) => return Ok(refuse(reason, &detail)),
            Verdict::Held(_) => return Ok(calls.into_iter().map(|call| Visited::deferred(call.source.id)).collect()),
        }
    }
    // Sources that know different states of the feed need the whole of it.
    let validators = |call: &Call| (call.has_validators(), call.before.etag.clone(), call.before.last_modified.clone());
    let agree = calls
        .iter()
        .all(|call| call.has_validators() && validators(call) == validators(lead));
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
        identity: calls.iter().any(|call| call.before.uncompressed),
        now,
    };
    let (fetched, pass) = house.client.fetch(gate, &request).await;
    hold(gate, &fetched, now);
    // The host is let go when a core is free to read what it sent: slow reading slows fetching.
    let core = house.core().await;
    drop(pass);
    let house = Arc::clone(house);
    let before = calls.clone();
    let joined = tokio::task::spawn_blocking(move || {
        let _core = core;
        let outcomes = calls.into_iter().map(|call| outcome(&house, call, &fetched));
        outcomes.collect::<Result<Vec<_>, _>>()
    });
    joined.await.unwrap_or_else(|panic| {
        tracing::error!(source.id = %source.id, %panic, "reading this source's feed panicked; the run goes on without it");
        Ok(before.into_iter().map(Call::panicked).collect())
    })
}

/// Says what one answer means for one source.
fn outcome(house: &House, call: Call, fetched: &Fetched) -> Result<Visited, StoreError> {
    let visited = match fetched {
        Fetched::Fresh(answer) => return read(house, call, answer),
        Fetched::NotModified(answer) => call.unchanged(answer, false),
        Fetched::Held { until, is_asked: true } => call.put_off(*until),
        Fetched::Held { .. } => Visited::deferred(call.source.id),
        Fetched::Gone(answer) => {
            let detail = "the server says it is gone for good (410)";
            call.failed(FailureReason::Gone, detail, Trouble::of(answer.clone()))
        }
        Fetched::Throttled { until, answer, .. } => {
            let detail = format!("the server asked us to wait ({})", answer.status);
            let trouble = Trouble {
                retry_after: *until,
                host: held(fetched, call.now),
                ..Trouble::of(answer.clone())
            };
            call.failed(FailureReason::Throttled, &detail, trouble)
        }
        Fetched::Blocked { answer, reason } => call.failed(FailureReason::Blocked, reason, Trouble::of(answer.clone())),
        Fetched::Failed { code, detail, answer } => {
            let trouble = Trouble {
                answer: answer.clone(),
                ..Trouble::default()
            };
            call.failed(code.reason(), detail, trouble)
        }
    };
    Ok(visited)
}

/// Closes the gate of a host that asked us to wait. It is done before the next request may pass, by whoever got the answer.
pub fn hold(gate: &Gate, fetched: &Fetched, now: Timestamp) {
    if let Some(HostState {
        host,
        held_until: Some(until),
        ..
    }) = held(fetched, now)
    {
        gate.hold(&host, until);
    }
}

/// Returns what is to be remembered of a host that asked us to wait: 429 speaks for the whole host (RFC 6585, 4), 503 for one address
/// only.
#[must_use]
pub fn held(fetched: &Fetched, now: Timestamp) -> Option<HostState> {
    let Fetched::Throttled {
        until,
        whole_host: true,
        answer,
    } = fetched
    else {
        return None;
    };
    Some(HostState {
        held_until: Some(until.unwrap_or(now + UNSAID)),
        ..HostState::new(HostKey::of(&answer.final_url))
    })
}

/// Reads a body that came, and compares it with what is known.
fn read(house: &House, call: Call, answer: &Answer) -> Result<Visited, StoreError> {
    let hash = body_hash(&answer.body);
    if call.before.body_hash == Some(hash) && call.before.failures == 0 {
        // A server without conditional requests sends the same bytes again: nothing to read, but its validators are replaced.
        return Ok(call.unchanged(answer, true));
    }
    let document = Document {
        bytes: &answer.body,
        url: Some(&answer.final_url),
        content_type: answer.content_type.as_deref(),
        charset: call.source.charset.as_deref(),
        timezone: call.source.timezone.as_deref(),
    };
    let mut feed = match parse::parse(&document) {
        Ok(feed) => feed,
        Err(what) => return Ok(no_feed(call, &what, answer)),
    };
    feed.note_future_dates(call.now);
    let ParsedFeed {
        meta, entries, problems, ..
    } = feed;
    let entries = key(entries);
    let keys: Vec<_> = entries.iter().flat_map(|keyed| keyed.keys.iter().cloned()).collect();
    let known = house.store.identities(&call.source.id, &keys)?;
    let harvested = Harvested {
        meta: &meta,
        entries,
        known: &known,
        problems,
        hash,
        keep: house.config.retention.keep,
    };
    Ok(call.fresh(answer, harvested))
}

/// Something came, but no feed. The feeds that a page announces are suggested, never taken.
fn no_feed(call: Call, what: &NotAFeed, answer: &Answer) -> Visited {
    let reason = match what {
        NotAFeed::AntiBot { .. } => FailureReason::Blocked,
        _ => FailureReason::NotAFeed,
    };
    let asked = call.asked.clone();
    let announced = what.feeds().iter().filter(|candidate| candidate.how == parse::How::Announced);
    let trouble = Trouble {
        suggestion: announced
            .map(|candidate| candidate.url.clone())
            .find(|url| Some(url) != asked.as_ref()),
        ..Trouble::of(Box::new(answer.clone()))
    };
    call.failed(reason, &what.to_string(), trouble)
}

/// Whether two sources would send the same request, but for its address: then one may speak for both.
#[must_use]
pub fn ask_alike(a: &Source, b: &Source) -> bool {
    let asks = |source: &Source| (source.proxy.clone(), source.tls, source.user_agent.clone(), source.timeout);
    a.headers == b.headers && a.auth == b.auth && asks(a) == asks(b)
}
