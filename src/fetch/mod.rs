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
mod gate;
mod guard;
mod headers;
mod hop;
mod proxy;
pub mod robots;
mod tape;
#[cfg(test)]
mod tests;
mod tls;
mod visit;
mod warc;
mod witness;

pub use answer::{Answer, Fetched};
pub use certificate::Certificate;
pub use client::{Accept, Client, ClientError, ClientOptions, Request};
pub use dial::{ResolveError, ResolveTable};
pub use failure::FailureCode;
pub use gate::{Gate, Pass};
pub use guard::{Guard, Refusal};
pub use headers::{CacheHints, http_date, retry_after};
pub use tape::{Recorded, Recorder, Replay, Rest, Tape, TapeError, WITHHELD};
pub use witness::{Head, Hop, LookUp, Seen, Witness};
