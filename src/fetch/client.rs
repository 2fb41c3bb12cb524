//! The client: the entry point of this module. It makes visits, and answers what can be known of an address without a request.
//!
//! Not here: what all visits share (`transport`), and what one visit does (`visit`).

use super::answer::Fetched;
use super::failure::FetchError;
use super::guard::Refusal;
use super::host_limiter::{HostLimiter, HostPermit};
use super::log;
use super::request::Request;
use super::resolver::GuardedResolver;
use super::trace::DnsLookup;
use super::transport::{ClientError, ClientOptions, Transport};
use super::visit::Visit;
use std::sync::Arc;
use url::Url;

/// The HTTP client. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) transport: Arc<Transport>,
}

impl Client {
    /// Makes a client. A machine without trusted certificates gets one too: it fails on https, each time with that reason.
    ///
    /// # Errors
    /// [`ClientError`] when the User-Agent cannot be sent, or the HTTP client cannot be built.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        // rustls asks for one provider for the process. A second call fails and changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = Arc::new(Transport::new(options)?);
        Ok(Self { transport })
    }

    /// Returns the User-Agent that is sent where a source has none of its own.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        self.transport.user_agent.to_str().unwrap_or_default()
    }

    /// Makes one request, follows at most five redirects, and returns what came, with the permit of the last host: while it is kept,
    /// that host is not requested again. Nothing is retried. Each host is entered through `limiter`; waiting there does not count
    /// against the source's `timeout`, or that of `[fetch]`, which covers everything else.
    pub async fn fetch(&self, limiter: &HostLimiter, request: &Request<'_>) -> (Fetched, Option<HostPermit>) {
        match Visit::new(&self.transport, request) {
            Ok(visit) => visit.run(limiter).await,
            Err(error) => {
                log::not_sent(request, &error);
                let FetchError { code, detail } = error;
                let answer = None;
                (Fetched::Failed { code, detail, answer }, None)
            }
        }
    }

    /// Returns whether this machine has certificates to trust.
    #[must_use]
    pub fn has_roots(&self) -> bool {
        self.transport.has_roots
    }

    /// Looks the host `name` up as a visit of a source would, and connects to nothing.
    pub async fn look_up(&self, name: &str) -> DnsLookup {
        let guard = Arc::new(self.transport.guard.clone());
        GuardedResolver::new(guard, self.transport.table.clone()).trace_lookup(name).await
    }

    /// Checks the form of an address that the operator named, before anything is looked up.
    ///
    /// # Errors
    /// The [`Refusal`] of the guard.
    pub fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        let host = url.host_str().unwrap_or_default();
        let is_listed = self.transport.table.as_ref().is_some_and(|table| table.contains(host));
        if is_listed {
            self.transport.guard.check_url_of_listed_name(url)
        } else {
            self.transport.guard.check_url(url)
        }
    }
}
