//! The log lines of a visit, at level debug: one for each request, and one for each request that is not sent.
//!
//! A line never holds a header, nor the user-info, query or fragment of a URL: they may be secret. For the same reason it holds the code
//! of a failure and not its detail, which may quote an address.

use super::failure::FetchError;
use super::request::Request;
use crate::model::{FailureReason, HostKey, Timestamp, loggable_url};
use tokio::time::Instant;
use url::Url;

/// The log line of one request, begun before it is sent.
pub(super) struct RequestLog<'a> {
    source_id: Option<&'a str>,
    url: Url,
    redirects: usize,
    is_replayed: bool,
    started: Instant,
}

impl<'a> RequestLog<'a> {
    /// Begins the line of a request of `url`, to which so many redirects have led.
    pub(super) fn start(request: &Request<'a>, url: &Url, redirects: usize, is_replayed: bool) -> Self {
        Self {
            source_id: source_id(request),
            url: url.clone(),
            redirects,
            is_replayed,
            started: Instant::now(),
        }
    }

    /// Logs an answer of which `size_bytes` of the body were read, still encoded.
    pub(super) fn answered(&self, status: u16, failure: Option<&str>, size_bytes: usize) {
        self.log(Some(status), failure, Some(size_bytes));
    }

    /// Logs that no answer came: a line of its own says when the address guard refused the address.
    pub(super) fn failed(&self, error: &FetchError) {
        if error.is(FailureReason::RefusedAddress) {
            tracing::debug!(
                source.id = self.source_id,
                url = %loggable_url(&self.url),
                redirects = self.redirects,
                // The guard names a scheme, a port, a host name or an IP address here, no URL.
                detail = error.detail,
                "address refused"
            );
        } else {
            self.log(None, Some(error.code.as_str()), None);
        }
    }

    fn log(&self, status: Option<u16>, failure: Option<&str>, size_bytes: Option<usize>) {
        tracing::debug!(
            source.id = self.source_id,
            method = "GET",
            url = %loggable_url(&self.url),
            status,
            failure,
            duration_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            size_bytes,
            redirects = self.redirects,
            replayed = self.is_replayed.then_some(true),
            "request"
        );
    }
}

/// Logs that no request was sent, since the source's headers, proxy or TLS policy cannot be used.
pub(super) fn not_sent(request: &Request<'_>, error: &FetchError) {
    tracing::debug!(
        source.id = source_id(request),
        url = %loggable_url(request.url),
        failure = error.code.as_str(),
        "request not sent"
    );
}

/// Logs that no request of `url` was sent, since its host has asked to wait.
pub(super) fn held(request: &Request<'_>, url: &Url, redirects: usize, host: &HostKey, until: Timestamp) {
    tracing::debug!(
        source.id = source_id(request),
        url = %loggable_url(url),
        redirects,
        %host,
        %until,
        "request held"
    );
}

fn source_id<'a>(request: &Request<'a>) -> Option<&'a str> {
    request.source.map(|source| source.id.as_str())
}
