//! The client: what is the same for every visit. Who we are, how we connect, and which addresses are open.

use super::dial::{Dialer, ResolveTable};
use super::failure::Stop;
use super::guard::{Guard, Refusal};
use super::recording::Recording;
use super::trace::{FetchTrace, LookUp};
use super::visit::Visit;
use super::{FailureCode, Fetched, HostLimiter, HostPermit};
use super::{proxy, tls};
use crate::config::{FetchPolicy, Source, TlsPolicy};
use crate::model::Timestamp;
use reqwest::header::HeaderValue;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// Where exchanges are taken down, or where they come from.
    pub recording: Option<Recording>,
    /// Who sees what the client sees.
    pub trace: Option<FetchTrace>,
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
    /// The certificates that this machine trusts cannot be read.
    #[error("the certificates that this machine trusts cannot be read")]
    Roots(#[from] rustls::Error),
}

impl ClientError {
    /// Returns a stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UserAgent(_) => "user-agent",
            Self::Build(_) => "http-client",
            Self::Roots(_) => "certificates",
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
    /// Whether to ask for a body without compression, since what came compressed was broken.
    pub identity: bool,
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
    guard: Guard,
    /// The doors that were made, by what sources ask of them.
    guarded_clients: Mutex<HashMap<RouteKey, GuardedClients>>,
    pub(super) table: Option<Arc<ResolveTable>>,
    pub(super) timeout: Duration,
    pub(super) max_body: u64,
    pub(super) user_agent: HeaderValue,
    /// Whether this machine has certificates to trust.
    pub(super) has_roots: bool,
    pub(super) recording: Option<Recording>,
    pub(super) trace: Option<FetchTrace>,
}

/// How a source wants to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct RouteKey {
    proxy: Option<Url>,
    tls: TlsPolicy,
}

/// The doors of one way.
#[derive(Debug, Clone)]
pub(super) struct GuardedClients {
    /// What the operator opened.
    pub(super) open: GuardedClient,
    /// What is open once a public address has answered: no redirect leads from there to the inside.
    pub(super) strict: GuardedClient,
}

/// A guard, and a client that reaches no address which the guard refuses.
#[derive(Debug, Clone)]
pub(super) struct GuardedClient {
    pub(super) guard: Arc<Guard>,
    pub(super) http: reqwest::Client,
    /// Whether a proxy connects, and looks names up.
    pub(super) is_proxied: bool,
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
        let trace = options.trace;
        let guard = Guard::new(policy.allow_private_networks, &policy.allow_networks);
        let way = RouteKey::default();
        let (guarded_clients, has_roots) = match GuardedClients::new(&guard, &way, table.as_ref(), trace.as_ref(), true) {
            Ok(guarded_clients) => (guarded_clients, true),
            // The platform's verifier fails when it finds no certificate at all; http needs none.
            Err(_) => (GuardedClients::new(&guard, &way, table.as_ref(), trace.as_ref(), false)?, false),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                guard,
                guarded_clients: Mutex::new(HashMap::from([(way, guarded_clients)])),
                table,
                timeout: policy.timeout,
                max_body: policy.max_body,
                user_agent,
                has_roots,
                recording: options.recording,
                trace,
            }),
        })
    }

    /// Returns the User-Agent that is sent where a source has none of its own.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        self.inner.user_agent.to_str().unwrap_or_default()
    }

    /// Asks once, follows at most five redirects, and brings back what came, with the right to the last host: whoever keeps it keeps
    /// others from asking there. It never retries. Each host is entered through `limiter`, and waiting there costs no time; the source's
    /// `timeout`, or that of `[fetch]`, covers everything else.
    pub async fn fetch(&self, limiter: &HostLimiter, request: &Request<'_>) -> (Fetched, Option<HostPermit>) {
        match Visit::begin(&self.inner, request) {
            Ok(visit) => visit.run(limiter).await,
            Err(Stop { code, detail }) => (
                Fetched::Failed {
                    code,
                    detail,
                    answer: None,
                },
                None,
            ),
        }
    }
}

impl Client {
    /// Returns whether this machine has certificates to trust.
    #[must_use]
    pub fn has_roots(&self) -> bool {
        self.inner.has_roots
    }

    /// Looks the host `name` up as a visit of a source would, and connects to nothing.
    pub async fn look_up(&self, name: &str) -> LookUp {
        let guard = Arc::new(self.inner.guard.clone());
        Dialer::new(guard, self.inner.table.clone()).look_up(name).await
    }

    /// Judges the form of an address that the operator named, before anything is looked up.
    ///
    /// # Errors
    /// The [`Refusal`] of the guard.
    pub fn judge(&self, url: &Url) -> Result<(), Refusal> {
        let listed = self
            .inner
            .table
            .as_ref()
            .is_some_and(|table| table.lists(url.host_str().unwrap_or_default()));
        if listed {
            self.inner.guard.judge_form(url)
        } else {
            self.inner.guard.judge_url(url)
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

    /// Returns the doors for a source; they are made once for all sources of its way.
    pub(super) fn guarded_clients(&self, source: Option<&Source>) -> Result<GuardedClients, Stop> {
        let way = source.map_or_else(RouteKey::default, |source| RouteKey {
            proxy: source.proxy.clone(),
            tls: source.tls,
        });
        // Nothing panics while the lock is held, and the map is whole at any moment.
        let mut guarded_clients = self.guarded_clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = guarded_clients.get(&way) {
            return Ok(known.clone());
        }
        proxy::check(way.proxy.as_ref(), self.table.as_deref())?;
        let made = GuardedClients::new(&self.guard, &way, self.table.as_ref(), self.trace.as_ref(), self.has_roots);
        let made = made.map_err(|error| Stop::new(FailureCode::BadUrl, format!("it cannot be reached as configured: {error}")))?;
        guarded_clients.insert(way, made.clone());
        Ok(made)
    }
}

impl GuardedClients {
    fn new(
        guard: &Guard,
        way: &RouteKey,
        table: Option<&Arc<ResolveTable>>,
        trace: Option<&FetchTrace>,
        has_roots: bool,
    ) -> Result<Self, ClientError> {
        let open = GuardedClient::new(guard.clone(), way, table, trace, has_roots)?;
        let strict = if *guard == Guard::strict() {
            open.clone()
        } else {
            GuardedClient::new(Guard::strict(), way, table, trace, has_roots)?
        };
        Ok(Self { open, strict })
    }
}

impl GuardedClient {
    fn new(
        guard: Guard,
        way: &RouteKey,
        table: Option<&Arc<ResolveTable>>,
        trace: Option<&FetchTrace>,
        has_roots: bool,
    ) -> Result<Self, ClientError> {
        let guard = Arc::new(guard);
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(POOL_IDLE)
            .tls_info(trace.is_some())
            .http1_ignore_invalid_headers_in_responses(true);
        builder = match &way.proxy {
            // The proxy's own address is the operator's word, as feeds.toml is; names are looked up by the proxy.
            Some(url) => builder
                .dns_resolver(Dialer::new(Arc::new(Guard::everything()), table.cloned()).seen_by(trace.cloned()))
                .proxy(proxy::of(url)?),
            None => builder.dns_resolver(Dialer::new(Arc::clone(&guard), table.cloned()).seen_by(trace.cloned())),
        };
        if !has_roots {
            builder = builder.tls_certs_only([]);
        } else if way.tls == TlsPolicy::AllowExpired {
            builder = builder.tls_backend_preconfigured(tls::allow_expired(Vec::new())?);
        }
        Ok(Self {
            guard,
            http: builder.build()?,
            is_proxied: way.proxy.is_some(),
        })
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
