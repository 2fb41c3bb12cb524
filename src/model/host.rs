//! A host: the machine that many sources may share, and what we owe it.

use super::time::Timestamp;
use std::fmt;
use std::time::Duration;
use url::Url;

/// What politeness is counted by: scheme, host and port.
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

    /// Takes a key that [`HostKey::from_url`] made earlier, as the store gives it back.
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

/// What we remember of a host between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostState {
    /// Which host.
    pub host: HostKey,
    /// Nothing is asked of it before this moment (429 with Retry-After).
    pub held_until: Option<Timestamp>,
    /// The text of its robots.txt, as long as it may be kept; empty when it has none.
    pub robots: Option<String>,
    /// Since when its robots.txt could not be had, in a row.
    pub robots_unreachable: Option<Timestamp>,
    /// When it has to be asked for again.
    pub robots_expires: Option<Timestamp>,
    /// The delay between requests that its robots.txt asks for.
    pub crawl_delay: Option<Duration>,
}

impl HostState {
    /// Returns the state of a host we know nothing of.
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
