//! fetch: the network. One visit asks one address politely and brings back one [`Fetched`].
//!
//! What a server does is data, never an `Err`. This module keeps no state between visits, knows no store, and reads no
//! clock but the monotonic one: the time of day comes in with the [`Request`]. When to come back is `schedule`'s business,
//! and what a body means is `parse`'s.

mod answer;
mod blocked;
mod body;
mod certificate;
mod client;
mod decode;
mod dial;
mod failure;
mod guard;
mod headers;
mod hop;
mod host_limiter;
mod proxy;
mod recording;
pub mod robots;
#[cfg(test)]
mod tests;
mod tls;
mod trace;
mod visit;
mod warc;

pub use answer::{Answer, Fetched};
pub use certificate::Certificate;
pub use client::{Accept, Client, ClientError, ClientOptions, Request};
pub use dial::{ResolveError, ResolveTable};
pub use failure::FailureCode;
pub use guard::{Guard, Refusal};
pub use headers::{CacheHints, http_date, retry_after};
pub use host_limiter::{HostLimiter, HostPermit};
pub use recording::{Recorded, Recorder, Recording, RecordingError, Replay, Rest, WITHHELD};
pub use trace::{FetchTrace, Head, Hop, LookUp, TraceEvent};
