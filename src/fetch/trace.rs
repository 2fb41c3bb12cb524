//! What a client sees on its way, kept for whoever wants to show it: look-ups, hops, bodies. Nothing here changes what happens, and
//! what must stay secret does not come here.

use super::FailureCode;
use super::certificate::Certificate;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// Keeps what a client sees. Clones keep in the same place.
#[derive(Debug, Clone, Default)]
pub struct FetchTrace {
    seen: Arc<Mutex<Vec<TraceEvent>>>,
}

/// One thing that was seen.
#[derive(Debug, Clone)]
pub enum TraceEvent {
    /// A name was looked up.
    LookUp(LookUp),
    /// An address was asked.
    Hop(Box<Hop>),
    /// A body was read: so many bytes came over the wire.
    Body(usize),
}

/// A look-up of a name.
#[derive(Debug, Clone)]
pub struct LookUp {
    /// The name.
    pub name: String,
    /// The addresses, each with the guard's refusal.
    pub found: Vec<(IpAddr, Option<String>)>,
    /// Why there are none.
    pub error: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// One request, and the head of its answer.
#[derive(Debug, Clone)]
pub struct Hop {
    /// What was asked, without fragment and user-info.
    pub url: Url,
    /// The headers that were sent; secrets are withheld.
    pub sent: Vec<(String, String)>,
    /// From the beginning to the head of the answer, look-up and connection included.
    pub took: Duration,
    /// What came of it.
    pub answer: Result<Head, (FailureCode, String)>,
}

/// The head of an answer.
#[derive(Debug, Clone)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// The HTTP version, such as `HTTP/2.0`.
    pub version: String,
    /// The address that was connected; with a table of names the one it claims; none behind a proxy.
    pub address: Option<IpAddr>,
    /// The headers; cookies are withheld.
    pub headers: Vec<(String, String)>,
    /// The server's certificate, over https.
    pub certificate: Option<Certificate>,
}

impl FetchTrace {
    /// Returns everything that was seen since the last call, in order.
    #[must_use]
    pub fn take(&self) -> Vec<TraceEvent> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn note(&self, seen: TraceEvent) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}
