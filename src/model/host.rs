//! A host, which several sources may share, and the stored state of requests to it.

use super::time::Timestamp;
use std::fmt;
use std::time::Duration;
use url::Url;

/// The key by which requests are limited: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostKey(String);

impl HostKey {
    /// Returns the key of the host that `url` points to.
    #[must_use]
    pub fn from_url(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let port = url.port_or_known_default().unwrap_or_default();
        Self(format!("{}://{host}:{port}", url.scheme()))
    }

    /// Takes a stored key, which [`HostKey::from_url`] returned earlier.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns the key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The stored state of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostState {
    /// The host.
    pub host: HostKey,
    /// No request is sent to it before this time (429 with Retry-After).
    pub held_until: Option<Timestamp>,
    /// The text of its robots.txt until it expires; empty when the host has none.
    pub robots: Option<String>,
    /// Since when its robots.txt has been unreachable at every attempt.
    pub robots_unreachable: Option<Timestamp>,
    /// When its robots.txt has to be fetched again.
    pub robots_expires: Option<Timestamp>,
    /// The delay between requests that its robots.txt asks for.
    pub crawl_delay: Option<Duration>,
}

impl HostState {
    /// Returns the state of an unknown host.
    #[must_use]
    pub fn new(host: HostKey) -> Self {
        Self {
            host,
            held_until: None,
            robots: None,
            robots_unreachable: None,
            robots_expires: None,
            crawl_delay: None,
        }
    }
}
