//! fetch: the network. One visit requests one address within the limits of its host and returns a [`Fetched`].
//!
//! What a server does is data, never an `Err`. This module keeps no state between visits, no cookie either, does not know the store, and reads no
//! clock but the monotonic one: the time comes in with the [`Request`].
//!
//! Not here: when to visit a source again (`schedule`), and what a body means (`parse`, `extract`).

mod answer;
mod blocked;
mod body;
mod certificate;
mod client;
mod client_error;
mod cookies;
mod decode;
mod failure;
mod guard;
mod headers;
mod hop;
mod host_limiter;
mod log;
mod outgoing;
mod proxy;
mod recording;
mod request;
mod request_headers;
mod resolver;
mod response;
pub mod robots;
#[cfg(test)]
mod tests;
mod tls;
mod trace;
mod transport;
mod visit;
mod warc;

pub use answer::{Answer, Fetched};
pub use client::Client;
pub use failure::FailureCode;
pub use headers::CacheHints;
pub use host_limiter::{HostLimiter, HostPermit};
pub use outgoing::Outgoing;
pub use recording::{FinishedRecording, Recorder, Recording, RecordingError, Replay, ReplayMismatch, WITHHELD};
pub use request::{Accept, Request};
pub use resolver::{ResolveError, ResolveTable};
pub use trace::{DnsLookup, FetchTrace, Hop, TraceEvent};
pub use transport::{ClientError, ClientOptions};
