//! Recordings: every exchange of a run, written to a file or replayed from one.
//!
//! A recording is a WARC file (`.warc.gz`, see `warc`), one for each run. It holds what came over the wire, before decoding, so that a
//! replay passes the same decoder and the same limits. Secrets are replaced by [`WITHHELD`]: the source's own headers, `Authorization`
//! and cookies; user-info is taken out of URLs.
//!
//! Not here: how a request is made (`visit`), and what an answer means.

mod error;
mod record;
mod redact;
mod replay;

pub use error::RecordingError;
pub(super) use record::Exchange;
pub use record::{FinishedRecording, Recorder};
pub use redact::WITHHELD;
pub(super) use redact::redacted_value;
pub use replay::{Replay, ReplayMismatch};
pub(super) use replay::{ReplayedBody, ReplayedResponse};

/// What a client does with its exchanges.
#[derive(Debug, Clone)]
pub enum Recording {
    /// It writes them to a file.
    Record(Recorder),
    /// It makes no request: a recording answers.
    Replay(Replay),
}
