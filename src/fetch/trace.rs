//! A trace of what a client does, for commands that show it: look-ups, hops, bodies. It has no effect on the requests, and nothing
//! secret comes into it.

use super::certificate::Certificate;
use super::failure::FailureCode;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// The trace of a client. Cheap to clone; clones are the same trace.
#[derive(Debug, Clone, Default)]
pub struct FetchTrace {
    events: Arc<Mutex<Vec<TraceEvent>>>,
}

/// One event.
#[derive(Debug, Clone)]
pub enum TraceEvent {
    /// A name was looked up.
    Lookup(DnsLookup),
    /// A request was made.
    Hop(Box<Hop>),
    /// A body was read: its size on the wire, in bytes.
    Body(usize),
}

/// A look-up of a name.
#[derive(Debug, Clone)]
pub struct DnsLookup {
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
    /// The address, without fragment and user-info.
    pub url: Url,
    /// The headers that were sent; secrets are withheld.
    pub sent: Vec<(String, String)>,
    /// The time to the head of the answer, look-up and connection included.
    pub took: Duration,
    /// The head of the answer, or why there is none.
    pub answer: Result<ResponseHead, (FailureCode, String)>,
}

/// The head of an answer.
#[derive(Debug, Clone)]
pub struct ResponseHead {
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
    /// Returns all events since the last call, in order.
    #[must_use]
    pub fn take(&self) -> Vec<TraceEvent> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, event: TraceEvent) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}
