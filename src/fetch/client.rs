//! The client: what is the same for every visit. Who we are, how we connect, and which addresses are open.

use super::dial::{Dialer, ResolveTable};
use super::failure::Stop;
use super::guard::Guard;
use super::visit::Visit;
use super::{FailureCode, Fetched};
use crate::config::{FetchPolicy, Source};
use crate::model::Timestamp;
use reqwest::header::HeaderValue;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A connection that does not stand after this time will not come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Many servers close idle connections after some seconds; a request that meets such an end would fail.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// What a client is made of.
#[derive(Debug)]
pub struct ClientOptions {
    /// `[fetch]`.
    pub policy: FetchPolicy,
    /// A mail address or URL under which sites can reach the operator; goes into the User-Agent.
    pub contact: Option<String>,
    /// The table of `--resolve`; with it nothing is looked up, and nothing but this machine is dialled.
    pub resolve: Option<ResolveTable>,
}

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The User-Agent holds characters that a header cannot carry.
    #[error("the User-Agent `{0}` cannot be sent: a header takes visible ASCII characters only")]
    UserAgent(String),
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be built")]
    Build(#[from] reqwest::Error),
}

impl ClientError {
    /// Returns a stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserAgent(_) => "user-agent",
            Self::Build(_) => "http-client",
        }
    }
}

/// What kind of document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accept {
    /// A feed.
    Feed,
    /// An article or a list page.
    Page,
    /// robots.txt.
    Robots,
}

impl Accept {
    /// Returns the value of the `Accept` header.
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                 application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
            }
            Self::Page => "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1",
            Self::Robots => "text/plain, */*;q=0.5",
        }
    }
}

/// One question. Everything is borrowed; nothing is remembered.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The address.
    pub url: &'a Url,
    /// What is asked for.
    pub accept: Accept,
    /// The stored `ETag`, byte for byte.
    pub etag: Option<&'a [u8]>,
    /// The stored `Last-Modified`, byte for byte.
    pub last_modified: Option<&'a [u8]>,
    /// The address that gave these validators, when it is not `url` itself: the end of a redirect. They are sent to its
    /// origin only.
    pub validators_from: Option<&'a Url>,
    /// The source, for its own User-Agent and timeout.
    pub source: Option<&'a Source>,
    /// Headers of the source with their secrets filled in; sent to `url`'s origin only.
    pub headers: &'a [(String, String)],
    /// Whether the operator named this address: then it may lie on a network that is allowed although it is private. An address
    /// that a feed or a page named may not, unless it lies on the host of its source.
    pub trusted: bool,
    /// The moment, against which dates in answers are read.
    pub now: Timestamp,
}

/// The HTTP client. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    /// What the operator opened.
    pub(super) open: Door,
    /// What is open once a public address has answered: no redirect leads from there to the inside.
    pub(super) strict: Door,
    pub(super) table: Option<Arc<ResolveTable>>,
    pub(super) timeout: Duration,
    pub(super) max_body: u64,
    pub(super) user_agent: HeaderValue,
    /// Whether this machine has certificates to trust.
    pub(super) has_roots: bool,
}

/// A guard, and a client that reaches no address which the guard refuses.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) guard: Arc<Guard>,
    pub(super) http: reqwest::Client,
}

impl Client {
    /// Makes a client. A machine without trusted certificates gets one too: it fails on https, each time with that reason.
    ///
    /// # Errors
    /// [`ClientError`] when the User-Agent cannot be sent, or the HTTP client cannot be built.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        // rustls asks for one provider for the process. A second call changes nothing, and so does its error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let policy = options.policy;
        let user_agent = user_agent(&policy, options.contact.as_deref())?;
        let table = options.resolve.map(Arc::new);
        let guard = Guard::new(policy.allow_private_networks, &policy.allow_networks);
        let (open, has_roots) = Door::new(guard, table.as_ref())?;
        let strict = if *open.guard == Guard::strict() {
            open.clone()
        } else {
            Door::new(Guard::strict(), table.as_ref())?.0
        };
        Ok(Self {
            inner: Arc::new(Inner {
                open,
                strict,
                table,
                timeout: policy.timeout,
                max_body: policy.max_body,
                user_agent,
                has_roots,
            }),
        })
    }

    /// Asks once, follows at most five redirects, and brings back what came. It never retries. The source's `timeout`, or
    /// that of `[fetch]`, covers the whole visit.
    pub async fn fetch(&self, request: &Request<'_>) -> Fetched {
        match Visit::begin(&self.inner, request) {
            Ok(visit) => visit.run().await,
            Err(Stop { code, detail }) => Fetched::Failed {
                code,
                detail,
                answer: None,
            },
        }
    }
}

impl Inner {
    /// Refuses https before it is dialled when no certificate could ever be trusted.
    pub(super) fn check_roots(&self, url: &Url) -> Result<(), Stop> {
        if self.has_roots || url.scheme() != "https" {
            return Ok(());
        }
        let detail = "this machine has no certificates to trust: install its package ca-certificates";
        Err(Stop::new(FailureCode::Tls, detail))
    }
}

impl Door {
    /// Builds the door, and says whether there are certificates to trust.
    fn new(guard: Guard, table: Option<&Arc<ResolveTable>>) -> Result<(Self, bool), ClientError> {
        let guard = Arc::new(guard);
        let builder = || {
            reqwest::Client::builder()
                .dns_resolver(Dialer::new(Arc::clone(&guard), table.cloned()))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_max_idle_per_host(2)
                .pool_idle_timeout(POOL_IDLE)
                .http1_ignore_invalid_headers_in_responses(true)
        };
        let (http, has_roots) = match builder().build() {
            Ok(http) => (http, true),
            // The platform's verifier fails when it finds no certificate at all; http needs none.
            Err(_) => (builder().tls_certs_only([]).build()?, false),
        };
        Ok((Self { guard, http }, has_roots))
    }
}

fn user_agent(policy: &FetchPolicy, contact: Option<&str>) -> Result<HeaderValue, ClientError> {
    let ours = || match contact {
        Some(contact) => format!("griot/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        None => format!("griot/{}", env!("CARGO_PKG_VERSION")),
    };
    let text = policy.user_agent.clone().unwrap_or_else(ours);
    HeaderValue::from_str(&text).map_err(|_| ClientError::UserAgent(text))
}
