//! The conversation with one source: one unconditional request for the feed, one for robots.txt, and what the answers mean.
//!
//! It uses the client, guard and host limiter of a run; nothing is stored, so it counts as no visit.

use crate::config::{Config, Source};
use crate::fetch::robots::{Robots, decode_robots_txt, product_token};
use crate::fetch::{Accept, Answer, Client, ClientOptions, FetchTrace, Fetched, HostLimiter, Request, ResolveTable, TraceEvent};
use crate::html::charset::{Syntax, decode};
use crate::model::{FailureReason, FeedKind, HostKey, SourceState, Timestamp, without_user_info};
use crate::parse::{self, NotAFeed, ParsedFeed};
use crate::pipeline::gather::{document, read_with};
use crate::pipeline::host_hold::{hold_host, limit_hosts};
use crate::pipeline::page_request::charset_of;
use crate::pipeline::prepare::prepare_source;
use crate::pipeline::{OpenError, Tools, app};
use crate::schedule::{self, address};
use crate::store::StoreError;
use std::time::Duration;
use url::Url;

/// The number of titles that are shown.
const SHOWN_TITLES: usize = 3;

/// A conversation with a source.
#[derive(Debug)]
pub struct Conversation {
    /// Its time.
    pub now: Timestamp,
    /// The requested URL; none for a list page.
    pub asked: Option<Url>,
    /// Why the address guard refuses it.
    pub refusal: Option<String>,
    /// The stored state of the source.
    pub state: SourceState,
    /// Whether the source is due.
    pub is_due: bool,
    /// The trace of the request for the feed.
    pub seen: Vec<TraceEvent>,
    /// The document of the answer.
    pub told: Option<FetchedDocument>,
    /// robots.txt of the feed's host, or why it could not be fetched.
    pub robots: Result<RobotsReport, String>,
    /// The failure reason; none when the source is healthy.
    pub reason: Option<FailureReason>,
    /// The result in words.
    pub detail: String,
}

/// The robots.txt of a host.
#[derive(Debug)]
pub struct RobotsReport {
    /// Its status.
    pub status: u16,
    /// Its size in bytes.
    pub size: usize,
    /// Whether it allows the feed; checked only with `robots = "all"`.
    pub feed: bool,
    /// The page of an entry on this host, and whether it may be requested; none where the feed has no such entry.
    pub page: Option<(Url, bool)>,
    /// Its crawl delay.
    pub crawl_delay: Option<Duration>,
}

/// A document of an answer.
#[derive(Debug)]
pub struct FetchedDocument {
    /// Its status.
    pub status: u16,
    /// Its size in bytes, decoded.
    pub size: usize,
    /// The Content-Type.
    pub content_type: Option<String>,
    /// The charset by which it was decoded.
    pub charset: &'static str,
    /// What kind of document it is.
    pub what: DocumentKind,
}

/// The kind of a document.
#[derive(Debug)]
pub enum DocumentKind {
    /// A feed.
    Feed {
        /// Its format and version, such as `rss20`.
        version: String,
        /// The number of entries.
        entries: usize,
        /// The newest entries, each with its date.
        newest: Vec<(Option<Timestamp>, String)>,
        /// The codes of its problems.
        problems: Vec<String>,
        /// Its entries' pages.
        pages: Vec<Url>,
    },
    /// No feed.
    Other {
        /// The code of the reason.
        code: &'static str,
        /// The reason in words.
        reason: String,
        /// The feeds that it announces.
        announced: Vec<Url>,
    },
}

/// Requests the feed and robots.txt of `source` at `now`.
///
/// # Errors
/// [`OpenError`] when the client cannot be made or the database, if there is one, cannot be read.
pub async fn hold_conversation(config: &Config, tools: &Tools, source: &Source, now: Timestamp) -> Result<Conversation, OpenError> {
    let (state, limiter) = load_state(config, tools, source, now)?;
    let trace = FetchTrace::default();
    let client = Client::new(ClientOptions {
        policy: config.fetch.clone(),
        contact: config.site.contact.clone(),
        resolve: tools.resolve.as_deref().map(ResolveTable::parse).transpose()?,
        recording: tools.recording.clone(),
        trace: Some(trace.clone()),
    })?;
    let asked = address::choose(&source.urls, &state, now);
    let mut talk = Conversation {
        refusal: asked
            .as_ref()
            .and_then(|url| client.check_url(url).err())
            .map(|refusal| refusal.to_string()),
        is_due: schedule::is_due(&state, now),
        state,
        seen: Vec::new(),
        told: None,
        robots: Err("not asked: the source's host gave no answer".to_owned()),
        reason: Some(FailureReason::Setup),
        detail: "it has no address".to_owned(),
        asked: asked.clone(),
        now,
    };
    let Some(url) = asked else { return Ok(talk) };
    let is_named = address::is_same_site(&source.urls, &url);
    let headers = match app::own_headers(source, &|secret| app::reveal(tools.environment, secret)) {
        Ok(headers) if is_named => headers,
        Ok(_) => Vec::new(),
        Err(variable) => {
            talk.detail = format!("the environment variable {variable} is not set");
            return Ok(talk);
        }
    };
    let request = Request {
        url: &url,
        accept: if source.list.is_some() { Accept::Page } else { Accept::Feed },
        etag: None,
        last_modified: None,
        validators_from: None,
        source: Some(source),
        headers: &headers,
        trusted: is_named && !config.listed.contains(&source.id),
        identity: talk.state.uncompressed,
        now,
    };
    let fetched = client.fetch(&limiter, &request).await.0;
    hold_host(&limiter, &fetched, now);
    talk.seen = trace.take();
    talk.set_result(source, &fetched, now);
    if fetched.answer().is_some() {
        let page = match &talk.told {
            Some(FetchedDocument {
                what: DocumentKind::Feed { pages, .. },
                ..
            }) => pages.iter().find(|page| HostKey::from_url(page) == HostKey::from_url(&url)),
            _ => None,
        };
        talk.robots = robots(&client, &limiter, &request, page).await;
    }
    Ok(talk)
}

/// Returns the stored state of the source, and a host limiter with the stored delays and holds of its host.
fn load_state(config: &Config, tools: &Tools, source: &Source, now: Timestamp) -> Result<(SourceState, HostLimiter), OpenError> {
    let limiter = HostLimiter::new(1, config.fetch.host_delay);
    let fresh = || SourceState::new(source.id.clone());
    let store = match tools.database.open_read_only() {
        Ok(store) => store,
        // There is no database yet, or one that would have to be migrated first.
        Err(StoreError::Missing { .. } | StoreError::OlderSchema { .. }) => return Ok((fresh(), limiter)),
        Err(error) => return Err(error.into()),
    };
    limit_hosts(&limiter, &store.limited_hosts(now)?, config.fetch.robots, now);
    Ok((store.source_state(&source.id)?.unwrap_or_else(fresh), limiter))
}

/// Requests the robots.txt of the feed's host (RFC 9309, 2.3), and checks the feed and a `page` against it.
pub(super) async fn robots(client: &Client, limiter: &HostLimiter, feed: &Request<'_>, page: Option<&Url>) -> Result<RobotsReport, String> {
    let Ok(url) = feed.url.join("/robots.txt").map(without_user_info) else {
        return Err("not asked: the address has no host".to_owned());
    };
    let request = Request {
        url: &url,
        accept: Accept::Robots,
        headers: &[],
        identity: false,
        ..*feed
    };
    let fetched = client.fetch(limiter, &request).await.0;
    if let Fetched::Held { until, .. } = fetched {
        return Err(format!("not asked: its host has asked us to wait until {until}"));
    }
    let Some(answer) = fetched.answer() else {
        let Fetched::Failed { code, detail, .. } = fetched else {
            return Err(String::new());
        };
        return Err(format!("{code}: {detail}"));
    };
    // Other answers hold no rules: 4xx allows everything, 5xx nothing (RFC 9309, 2.3.1.3 and 2.3.1.4).
    let own = feed.source.and_then(|source| source.user_agent.as_deref());
    let product = product_token(own.unwrap_or_else(|| client.user_agent()));
    let rules = match answer.status {
        200..=299 => Robots::parse(&decode_robots_txt(&answer.body), product),
        500..=599 => Robots::parse("User-agent: *\nDisallow: /", product),
        _ => Robots::parse("", product),
    };
    Ok(RobotsReport {
        status: answer.status,
        size: answer.body.len(),
        feed: rules.allows(feed.url),
        page: page.map(|page| (page.clone(), rules.allows(page))),
        crawl_delay: rules.crawl_delay(),
    })
}

impl Conversation {
    /// Sets the result.
    fn set_result(&mut self, source: &Source, fetched: &Fetched, now: Timestamp) {
        let (reason, detail) = match fetched {
            Fetched::Fresh(_) => (None, String::new()),
            Fetched::NotModified(_) => (
                Some(FailureReason::Protocol),
                "304, though nothing conditional was asked".to_owned(),
            ),
            Fetched::Gone(_) => (Some(FailureReason::Gone), "the server says it is gone for good (410)".to_owned()),
            Fetched::Throttled { until, answer, .. } => {
                let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
                let detail = format!("the server asks us to wait{until} ({})", answer.status);
                (Some(FailureReason::Throttled), detail)
            }
            Fetched::Blocked { reason, .. } => (Some(FailureReason::Blocked), reason.clone()),
            Fetched::Held { until, .. } => {
                let detail = format!("not asked: its host has asked us to wait until {until}");
                (Some(FailureReason::Throttled), detail)
            }
            Fetched::Failed { code, detail, .. } => (Some(code.reason()), detail.clone()),
        };
        self.reason = reason;
        self.detail = detail;
        let Some(answer) = fetched.answer() else { return };
        let cut = fetched.cut_answer();
        let told = read(source, answer, cut.is_some(), now);
        if reason.is_none() {
            self.judge(&told.what, answer);
        } else if let Some((_, how)) = cut
            && matches!(told.what, DocumentKind::Feed { entries: 1.., .. })
        {
            // A visit takes what came.
            self.reason = None;
            self.judge(&told.what, answer);
            self.detail = format!("{}; but the connection was cut before the answer was complete ({how})", self.detail);
        }
        self.told = Some(told);
    }

    fn judge(&mut self, what: &DocumentKind, answer: &Answer) {
        match what {
            DocumentKind::Feed { entries: 0, .. } => "the feed is good, but has no entries".clone_into(&mut self.detail),
            DocumentKind::Feed { entries, .. } => {
                self.detail = format!("the feed is good, with {entries} entries");
                if let Some(to) = &answer.moved_to {
                    self.detail = format!("{}; it has moved for good to {to}", self.detail);
                }
            }
            DocumentKind::Other { code, reason, .. } => {
                let is_wall = *code == "anti-bot";
                self.reason = Some(if is_wall { FailureReason::Blocked } else { FailureReason::NotAFeed });
                self.detail.clone_from(reason);
            }
        }
    }

    /// Returns the state that a visit with this result would store, as far as remedies depend on it.
    #[must_use]
    pub fn resulting_state(&self) -> SourceState {
        let announced = match &self.told {
            Some(FetchedDocument {
                what: DocumentKind::Other { announced, .. },
                ..
            }) => announced.iter().find(|url| Some(*url) != self.asked.as_ref()),
            _ => None,
        };
        SourceState {
            reason: self.reason,
            detail: Some(self.detail.clone()),
            suggestion: announced.map(Url::to_string),
            ..self.state.clone()
        }
    }
}

fn read(source: &Source, answer: &Answer, is_cut: bool, now: Timestamp) -> FetchedDocument {
    let mut parsed = match prepare_source(source) {
        Ok(prepared) => read_with(&prepared, &document(source, answer)),
        Err(_) => parse::parse(&document(source, answer)),
    };
    if let Ok(feed) = &mut parsed
        && is_cut
    {
        feed.drop_cut_entry();
    }
    let syntax = match &parsed {
        Ok(feed) if feed.kind == FeedKind::Json => Syntax::Json,
        Ok(feed) if feed.kind == FeedKind::List => Syntax::Html,
        Ok(_) => Syntax::Xml,
        Err(_) => Syntax::Html,
    };
    let http = answer.content_type.as_deref().and_then(charset_of);
    let charset = decode(&answer.body, source.charset.as_deref(), http.as_deref(), syntax).charset;
    FetchedDocument {
        status: answer.status,
        size: answer.body.len(),
        content_type: answer.content_type.clone(),
        charset,
        what: match parsed {
            Ok(feed) => feed_of(feed, now),
            Err(what) => other(&what),
        },
    }
}

fn feed_of(mut feed: ParsedFeed, now: Timestamp) -> DocumentKind {
    feed.note_future_dates(now);
    let entries = feed.entries.len();
    let pages = feed.entries.iter().filter_map(|entry| entry.page_url().cloned()).collect();
    let mut newest: Vec<_> = feed
        .entries
        .into_iter()
        .map(|entry| (entry.published.or(entry.updated), entry.title))
        .collect();
    // Entries without a date keep the feed's order after the others.
    newest.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
    newest.truncate(SHOWN_TITLES);
    DocumentKind::Feed {
        version: feed.version,
        entries,
        newest,
        pages,
        problems: feed.problems.into_iter().map(|problem| problem.code.to_string()).collect(),
    }
}

fn other(what: &NotAFeed) -> DocumentKind {
    let announced = what
        .feeds()
        .iter()
        .filter(|candidate| candidate.method == parse::DiscoveryMethod::Announced);
    DocumentKind::Other {
        code: what.code(),
        reason: what.to_string(),
        announced: announced.map(|candidate| candidate.url.clone()).collect(),
    }
}
