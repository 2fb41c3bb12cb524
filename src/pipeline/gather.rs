//! The life of one source: ask it, read the answer, compare it with what is known, and remember the outcome.
//!
//! Every visit ends in one [`Changes`] and one transaction. What goes wrong with a source stays with that source, even a panic.

use super::digest::{Digest, key};
use super::house::House;
use crate::config::{Secret, Source};
use crate::fetch::{Accept, Answer, Fetched, Gate, Request};
use crate::model::{
    Changes, FailureReason, HostKey, HostState, Problem, Provenance, RefreshHints, SourceHealth, SourceId, SourceState, Timestamp,
};
use crate::parse::{self, Document, ParsedFeed};
use crate::schedule::{self, Visit};
use crate::store::StoreError;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

/// How a visit ended, for the run's summary and for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The feed came.
    Fresh,
    /// Nothing has changed.
    Unchanged,
    /// The visit failed.
    Failed,
    /// Nothing was asked, since the host is held: the source stays due.
    Deferred,
}

/// What a visit came to.
#[derive(Debug)]
pub struct Visited {
    /// Which source.
    pub source: SourceId,
    /// How it ended.
    pub ending: Ending,
    /// What is to be remembered.
    pub changes: Changes,
    /// Whether anything was asked at all: a source whose secret is missing says nothing about the network.
    pub asked: bool,
    /// Whether the visit failed before any server was reached: with all others of its kind, a sign that we are offline ourselves.
    pub unreached: bool,
}

impl Visited {
    fn deferred(source: SourceId) -> Self {
        Self {
            source,
            ending: Ending::Deferred,
            changes: Changes::default(),
            asked: true,
            unreached: false,
        }
    }

    /// Returns the source's new state.
    #[must_use]
    pub fn state(&self) -> Option<&SourceState> {
        self.changes.sources.first()
    }
}

/// Visits the source of `state` at `now`; a panic on the way is a failure of this source. The caller applies what comes back.
///
/// # Errors
/// Only when the store cannot be read; whatever the server does is data.
pub async fn guarded_visit(house: &Arc<House>, gate: &Gate, state: SourceState, now: Timestamp) -> Result<Visited, StoreError> {
    let before = state.clone();
    let visited = AssertUnwindSafe(visit(house, gate, state, now)).catch_unwind().await;
    visited.unwrap_or_else(|_| {
        let every = house.source(&before.source).and_then(|prepared| prepared.source.every);
        let every = every.unwrap_or(house.config.fetch.every);
        Ok(Call { before, every, now }.panicked())
    })
}

/// Visits the source of `state` at `now`.
///
/// # Errors
/// Only when the store cannot be read; whatever the server does is data.
async fn visit(house: &Arc<House>, gate: &Gate, state: SourceState, now: Timestamp) -> Result<Visited, StoreError> {
    let Some(source) = house.source(&state.source).map(|prepared| prepared.source.clone()) else {
        return Ok(Visited::deferred(state.source));
    };
    let call = Call {
        every: source.every.unwrap_or(house.config.fetch.every),
        now,
        before: state,
    };
    let Some(url) = source.urls.first().cloned() else {
        return Ok(call.unasked("no-feed", "it has a list page, which this version does not read yet"));
    };
    let headers = match headers(house, &source) {
        Ok(headers) => headers,
        Err(variable) => {
            return Ok(call.unasked("secret", &format!("the environment variable {variable} is not set")));
        }
    };
    // Validators belong to the address they came from.
    let same_address = call.before.url.as_deref() == Some(url.as_str());
    let answered_by = call.before.answered_by.as_deref().and_then(|address| Url::parse(address).ok());
    let request = Request {
        url: &url,
        accept: Accept::Feed,
        etag: call.before.etag.as_deref().filter(|_| same_address),
        last_modified: call.before.last_modified.as_deref().filter(|_| same_address),
        validators_from: answered_by.as_ref(),
        source: Some(&source),
        headers: &headers,
        trusted: true,
        now,
    };
    let host = HostKey::of(&url);
    let mut pass = gate.enter(&host).await;
    if pass.held_until(now).is_some() {
        return Ok(Visited::deferred(call.before.source));
    }
    let fetched = house.client.fetch(&request).await;
    hold(gate, &fetched);
    let core = house.core().await;
    drop(pass);
    match fetched {
        Fetched::Fresh(answer) => read(house, call, source, *answer, core).await,
        Fetched::NotModified(answer) => Ok(call.unchanged(&url, &answer, &RefreshHints::default())),
        Fetched::Gone(answer) => Ok(call.failed(
            "gone",
            "the server says it is gone for good (410)",
            Trouble {
                gone: true,
                ..Trouble::of(answer)
            },
        )),
        Fetched::Throttled { until, whole_host, answer } => {
            let hosts = held(&answer, until, whole_host);
            let detail = format!("the server asked us to wait ({})", answer.status);
            let trouble = Trouble {
                health: SourceHealth::Throttled,
                retry_after: until,
                ..Trouble::of(answer)
            };
            let mut visited = call.failed("throttled", &detail, trouble);
            visited.changes.hosts.extend(hosts);
            Ok(visited)
        }
        Fetched::Blocked { answer, reason } => Ok(call.failed(
            "blocked",
            &reason,
            Trouble {
                health: SourceHealth::Blocked,
                ..Trouble::of(answer)
            },
        )),
        Fetched::Failed { code, detail, answer } => {
            let trouble = Trouble {
                unreached: code.is_unreached(),
                answer,
                ..Trouble::default()
            };
            Ok(call.failed(code.as_str(), &detail, trouble))
        }
    }
}

/// Closes the gate of a host that asked us to wait. It is done before the next request may pass, by whoever got the answer.
pub fn hold(gate: &Gate, fetched: &Fetched) {
    if let Fetched::Throttled {
        until: Some(until),
        whole_host: true,
        answer,
    } = fetched
    {
        gate.hold(&HostKey::of(&answer.final_url), *until);
    }
}

/// Returns what is to be remembered of a host that asked us to wait: 429 speaks for the whole host, 503 for one address only.
#[must_use]
pub fn held(answer: &Answer, until: Option<Timestamp>, whole_host: bool) -> Option<HostState> {
    let held_until = until.filter(|_| whole_host)?;
    Some(HostState {
        held_until: Some(held_until),
        ..HostState::new(HostKey::of(&answer.final_url))
    })
}

/// Resolves the headers of `source`; the error names the environment variable that is missing.
fn headers(house: &House, source: &Source) -> Result<Vec<(String, String)>, String> {
    let reveal = |secret: &Secret| {
        house.reveal(secret).ok_or_else(|| match secret {
            Secret::Env(name) => name.clone(),
            Secret::Plain(_) => String::new(),
        })
    };
    let mut headers = Vec::new();
    for (name, secret) in &source.headers {
        headers.push((name.clone(), reveal(secret)?));
    }
    if let Some(secret) = &source.auth {
        headers.push(("Authorization".to_owned(), format!("Basic {}", BASE64.encode(reveal(secret)?))));
    }
    Ok(headers)
}

/// What else is known of a failure.
#[derive(Default)]
struct Trouble {
    gone: bool,
    health: SourceHealth,
    retry_after: Option<Timestamp>,
    unreached: bool,
    answer: Option<Box<Answer>>,
}

impl Trouble {
    fn of(answer: Box<Answer>) -> Self {
        Self {
            answer: Some(answer),
            ..Self::default()
        }
    }
}

/// One visit under way.
struct Call {
    before: SourceState,
    every: Duration,
    now: Timestamp,
}

impl Call {
    /// The state after a visit that went well.
    fn success(&self, url: &Url, answer: &Answer, hints: &RefreshHints) -> SourceState {
        let visit = Visit {
            ok: true,
            hints: hints.clone(),
            max_age: answer.cache.lifetime(),
            ..Visit::default()
        };
        SourceState {
            url: Some(url.to_string()),
            answered_by: Some(answer.final_url.to_string()),
            last_visit: Some(self.now),
            last_success: Some(self.now),
            next_visit: Some(schedule::next_visit(&visit, self.every, &self.before.source, self.now)),
            failures: 0,
            failing_since: None,
            health: SourceHealth::Ok,
            reason: None,
            detail: None,
            ..self.before.clone()
        }
    }

    fn unchanged(self, url: &Url, answer: &Answer, hints: &RefreshHints) -> Visited {
        let mut state = self.success(url, answer, hints);
        // A 304 may bring newer validators (RFC 9111, 4.3.4); one that brings none leaves the old ones in force.
        if answer.etag.is_some() {
            state.etag.clone_from(&answer.etag);
        }
        if answer.last_modified.is_some() {
            state.last_modified.clone_from(&answer.last_modified);
        }
        self.done(Ending::Unchanged, state)
    }

    fn done(self, ending: Ending, state: SourceState) -> Visited {
        Visited {
            source: self.before.source,
            ending,
            changes: Changes {
                sources: vec![state],
                ..Changes::default()
            },
            asked: true,
            unreached: false,
        }
    }

    fn panicked(self) -> Visited {
        let detail = "reading its feed ended in a defect of griot itself; please report it with the feed";
        self.failed("panic", detail, Trouble::default())
    }

    /// A failure that lies with the configuration: nobody was asked.
    fn unasked(self, reason: &str, detail: &str) -> Visited {
        Visited {
            asked: false,
            ..self.failed(reason, detail, Trouble::default())
        }
    }

    fn failed(self, reason: &str, detail: &str, trouble: Trouble) -> Visited {
        let failures = self.before.failures.saturating_add(1);
        let health = match trouble.health {
            _ if trouble.gone => SourceHealth::Gone,
            SourceHealth::New => SourceHealth::Failing,
            other => other,
        };
        let visit = Visit {
            ok: false,
            failures,
            retry_after: trouble.retry_after,
            gone: trouble.gone,
            blocked: health == SourceHealth::Blocked,
            ..Visit::default()
        };
        let state = SourceState {
            last_visit: Some(self.now),
            next_visit: Some(schedule::next_visit(&visit, self.every, &self.before.source, self.now)),
            failures,
            failing_since: self.before.failing_since.or(Some(self.now)),
            health,
            reason: Some(reason_of(reason)),
            detail: Some(detail.to_owned()),
            ..self.before.clone()
        };
        let now = self.now;
        let mut visited = self.done(Ending::Failed, state);
        visited.unreached = trouble.unreached;
        visited
            .changes
            .provenance
            .extend(trouble.answer.map(|answer| provenance(&visited.source, None, &answer, now)));
        visited
    }
}

/// Sorts a code of fetch, of parse or of our own into the closed list.
fn reason_of(code: &str) -> FailureReason {
    match code {
        "anti-bot" => FailureReason::Blocked,
        "too-many-redirects" | "redirect-loop" | "cut-off" => FailureReason::Protocol,
        "bad-url" | "bad-header" | "secret" | "no-feed" => FailureReason::Setup,
        "panic" => FailureReason::Defect,
        other => FailureReason::from_word(other).unwrap_or(FailureReason::NotAFeed),
    }
}

/// Returns the record of one request and its answer.
#[must_use]
pub fn provenance(source: &SourceId, entry: Option<crate::model::EntryId>, answer: &Answer, now: Timestamp) -> Provenance {
    Provenance {
        source: source.clone(),
        entry,
        url: answer.url.to_string(),
        final_url: answer.final_url.to_string(),
        redirects: answer.redirects.iter().map(|(status, url)| (*status, url.to_string())).collect(),
        status: answer.status,
        etag: answer.etag.clone(),
        last_modified: answer.last_modified.clone(),
        body_hash: body_hash(&answer.body),
        size: answer.body.len() as u64,
        fetched: now,
    }
}

fn body_hash(body: &[u8]) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&blake3::hash(body).as_bytes()[..16]);
    hash
}

/// Reads a body that came, on the blocking pool, and compares it with what is known.
async fn read(house: &Arc<House>, call: Call, source: Source, answer: Answer, core: OwnedSemaphorePermit) -> Result<Visited, StoreError> {
    let hash = body_hash(&answer.body);
    if call.before.body_hash == Some(hash) && call.before.health == SourceHealth::Ok {
        // A server without conditional requests sends the same bytes again: nothing to read, but its validators are replaced.
        let mut visited = call.unchanged(&answer.url, &answer, &RefreshHints::default());
        if let Some(state) = visited.changes.sources.first_mut() {
            state.etag.clone_from(&answer.etag);
            state.last_modified.clone_from(&answer.last_modified);
        }
        return Ok(visited);
    }
    let before = call.before.clone();
    let (every, now) = (call.every, call.now);
    let store_and_rules = Arc::clone(house);
    let joined = tokio::task::spawn_blocking(move || {
        let _core = core;
        understand(&store_and_rules, call, &source, &answer, hash)
    })
    .await;
    joined.unwrap_or_else(|panic| {
        tracing::error!(source.id = %before.source, %panic, "reading this source's feed panicked; the run goes on without it");
        Ok(Call { before, every, now }.panicked())
    })
}

fn understand(house: &House, call: Call, source: &Source, answer: &Answer, hash: [u8; 16]) -> Result<Visited, StoreError> {
    let document = Document {
        bytes: &answer.body,
        url: Some(&answer.final_url),
        content_type: answer.content_type.as_deref(),
        charset: source.charset.as_deref(),
        timezone: source.timezone.as_deref(),
    };
    let mut feed = match parse::parse(&document) {
        Ok(feed) => feed,
        Err(what) => {
            let health = if what.code() == "anti-bot" {
                SourceHealth::Blocked
            } else {
                SourceHealth::Failing
            };
            let trouble = Trouble {
                health,
                answer: Some(Box::new(answer.clone())),
                ..Trouble::default()
            };
            return Ok(call.failed(what.code(), &what.to_string(), trouble));
        }
    };
    feed.note_future_dates(call.now);
    let ParsedFeed {
        meta, entries, problems, ..
    } = feed;
    let keyed = key(entries);
    let keys: Vec<_> = keyed.iter().flat_map(|keyed| keyed.keys.iter().cloned()).collect();
    let known = house.store.identities(&source.id, &keys)?;
    let now = call.now;
    let mut state = call.success(&answer.url, answer, &meta.hints);
    state.etag.clone_from(&answer.etag);
    state.last_modified.clone_from(&answer.last_modified);
    state.body_hash = Some(hash);
    state.feed_title = Some(meta.title.clone()).filter(|title| !title.is_empty());
    state.feed_link = meta.link.as_ref().map(Url::to_string);
    let mut visited = call.done(Ending::Fresh, state);
    let keep = house.config.retention.keep;
    Digest {
        source,
        meta: &meta,
        url: &answer.final_url,
        keep,
        now,
    }
    .add(keyed, &known, &mut visited.changes);
    visited.changes.provenance.push(provenance(&source.id, None, answer, now));
    visited
        .changes
        .problems
        .push((source.id.clone(), moved(answer).into_iter().chain(problems).collect()));
    Ok(visited)
}

/// A permanent redirect is something the operator should know of.
fn moved(answer: &Answer) -> Option<Problem> {
    let target = answer.moved_to.as_ref()?;
    Some(Problem::new(
        "moved",
        format!("the feed has moved for good to {target}; put this address into feeds.toml"),
    ))
}
