//! What all visits of a client share: its limits, and the guarded HTTP clients, one pair for each route (proxy and TLS policy).

use super::failure::{FailureCode, FetchError};
use super::guard::Guard;
use super::proxy;
use super::recording::Recording;
use super::resolver::{GuardedResolver, ResolveTable};
use super::tls;
use super::trace::FetchTrace;
use crate::config::{FetchPolicy, Source, TlsPolicy};
use crate::model::FailureReason;
use reqwest::header::HeaderValue;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How long a connection may take, TLS handshake included. Where a name has addresses of both families, the HTTP client tries the other one
/// 300 ms after the first (Happy Eyeballs, RFC 8305 section 5): a dead IPv6 costs no more.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Many servers close idle connections after some seconds; a request on a connection that is being closed would fail.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a client is made of.
#[derive(Debug)]
pub struct ClientOptions {
    /// `[fetch]`.
    pub policy: FetchPolicy,
    /// A mail address or URL under which sites can reach the operator; goes into the User-Agent.
    pub contact: Option<String>,
    /// The table of `--resolve`; with it no name is looked up, and nothing but this machine is connected.
    pub resolve: Option<ResolveTable>,
    /// Where exchanges are recorded to, or replayed from.
    pub recording: Option<Recording>,
    /// Where look-ups and hops are traced to.
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

/// What all visits of a client share.
#[derive(Debug)]
pub(super) struct Transport {
    pub(super) guard: Guard,
    /// The HTTP clients made so far.
    guarded_clients: Mutex<HashMap<RouteKey, GuardedClients>>,
    pub(super) table: Option<Arc<ResolveTable>>,
    /// `[fetch] timeout`.
    pub(super) timeout: Duration,
    /// `[fetch] max_body`, in bytes.
    pub(super) max_body: u64,
    pub(super) user_agent: HeaderValue,
    /// Whether this machine has certificates to trust.
    pub(super) has_roots: bool,
    pub(super) recording: Option<Recording>,
    pub(super) trace: Option<FetchTrace>,
}

/// What of a source's configuration needs an HTTP client of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct RouteKey {
    proxy: Option<Url>,
    tls: TlsPolicy,
}

/// The HTTP clients of one route.
#[derive(Debug, Clone)]
pub(super) struct GuardedClients {
    /// Reaches what the operator allowed.
    pub(super) open: GuardedClient,
    /// Reaches public addresses only. It takes over once a public address has answered, so that no redirect leads from there to
    /// a private network.
    pub(super) strict: GuardedClient,
}

/// A guard, and an HTTP client that connects to no address which the guard refuses.
#[derive(Debug, Clone)]
pub(super) struct GuardedClient {
    pub(super) guard: Arc<Guard>,
    pub(super) http: reqwest::Client,
    /// Whether a proxy connects, and looks names up.
    pub(super) is_proxied: bool,
}

impl Transport {
    /// Makes the HTTP clients of the default route. Without trusted certificates on this machine they are made as well, since http
    /// needs none.
    pub(super) fn new(options: ClientOptions) -> Result<Self, ClientError> {
        let policy = options.policy;
        let user_agent = user_agent(&policy, options.contact.as_deref())?;
        let table = options.resolve.map(Arc::new);
        let trace = options.trace;
        let guard = Guard::new(policy.allow_private_networks, &policy.allow_networks);
        let route = RouteKey::default();
        let (guarded_clients, has_roots) = match GuardedClients::new(&guard, &route, table.as_ref(), trace.as_ref(), true) {
            Ok(guarded_clients) => (guarded_clients, true),
            // The platform's verifier fails when it finds no certificate at all.
            Err(_) => (GuardedClients::new(&guard, &route, table.as_ref(), trace.as_ref(), false)?, false),
        };
        Ok(Self {
            guard,
            guarded_clients: Mutex::new(HashMap::from([(route, guarded_clients)])),
            table,
            timeout: policy.timeout,
            max_body: policy.max_body,
            user_agent,
            has_roots,
            recording: options.recording,
            trace,
        })
    }

    /// Refuses https before it is connected when no certificate could be trusted.
    pub(super) fn check_roots(&self, url: &Url) -> Result<(), FetchError> {
        if self.has_roots || url.scheme() != "https" {
            return Ok(());
        }
        let detail = "this machine has no certificates to trust: install its package ca-certificates";
        Err(FetchError::new(FailureReason::Tls, detail))
    }

    /// Returns the HTTP clients for a source; they are made once for all sources of its route.
    pub(super) fn guarded_clients(&self, source: Option<&Source>) -> Result<GuardedClients, FetchError> {
        let route = source.map_or_else(RouteKey::default, |source| RouteKey {
            proxy: source.proxy.clone(),
            tls: source.tls,
        });
        // Nothing panics while the lock is held, and the map is whole at any moment.
        let mut guarded_clients = self.guarded_clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = guarded_clients.get(&route) {
            return Ok(known.clone());
        }
        proxy::check_listed(route.proxy.as_ref(), self.table.as_deref())?;
        let made = GuardedClients::new(&self.guard, &route, self.table.as_ref(), self.trace.as_ref(), self.has_roots);
        let made = made.map_err(|error| FetchError::new(FailureCode::BadUrl, format!("it cannot be reached as configured: {error}")))?;
        guarded_clients.insert(route, made.clone());
        Ok(made)
    }
}

impl GuardedClients {
    fn new(
        guard: &Guard,
        route: &RouteKey,
        table: Option<&Arc<ResolveTable>>,
        trace: Option<&FetchTrace>,
        has_roots: bool,
    ) -> Result<Self, ClientError> {
        let open = GuardedClient::new(guard.clone(), route, table, trace, has_roots)?;
        let strict = if *guard == Guard::strict() {
            open.clone()
        } else {
            GuardedClient::new(Guard::strict(), route, table, trace, has_roots)?
        };
        Ok(Self { open, strict })
    }
}

impl GuardedClient {
    fn new(
        guard: Guard,
        route: &RouteKey,
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
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .tls_info(trace.is_some())
            .http1_ignore_invalid_headers_in_responses(true);
        builder = match &route.proxy {
            // The operator wrote the proxy's address, so it is not guarded; the names of sources are looked up by the proxy.
            Some(url) => builder
                .dns_resolver(GuardedResolver::new(Arc::new(Guard::allow_all()), table.cloned()).traced_by(trace.cloned()))
                .proxy(proxy::from_url(url)?),
            None => builder.dns_resolver(GuardedResolver::new(Arc::clone(&guard), table.cloned()).traced_by(trace.cloned())),
        };
        if !has_roots {
            builder = builder.tls_certs_only([]);
        } else if route.tls == TlsPolicy::AllowExpired {
            builder = builder.tls_backend_preconfigured(tls::allow_expired(Vec::new())?);
        }
        Ok(Self {
            guard,
            http: builder.build()?,
            is_proxied: route.proxy.is_some(),
        })
    }
}

fn user_agent(policy: &FetchPolicy, contact: Option<&str>) -> Result<HeaderValue, ClientError> {
    let default = || match contact {
        Some(contact) => format!("griot/{} (+{contact})", env!("CARGO_PKG_VERSION")),
        None => format!("griot/{}", env!("CARGO_PKG_VERSION")),
    };
    let text = policy.user_agent.clone().unwrap_or_else(default);
    HeaderValue::from_str(&text).map_err(|_| ClientError::UserAgent(text))
}
