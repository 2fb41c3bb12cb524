//! The tape: every exchange of a run, taken down or given back.
//!
//! A recording is a WARC file (`.warc.gz`, see `warc`), one for each run. It holds what came over the wire, before anything is decoded, so
//! that a replay goes through the same decoder and the same limits. What must not leave the machine is replaced by [`WITHHELD`]: the
//! source's own headers, `Authorization`, cookies, and user-info in URLs.
//!
//! Not here: what makes a request (`visit`), and what an answer means.

mod record;
mod replay;

pub(super) use record::{Exchange, open_value};
pub use record::{Recorded, Recorder};
pub(super) use replay::Replayed;
pub use replay::{Replay, Rest};

use std::io;
use std::path::PathBuf;

/// Stands for what is never written.
pub const WITHHELD: &str = "[withheld]";

/// What a client does with its exchanges.
#[derive(Debug, Clone)]
pub enum Recording {
    /// It takes each down.
    Record(Recorder),
    /// It asks nobody: the recording answers.
    Replay(Replay),
}

/// Why there is no recording, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The recording cannot be written.
    #[error("the recording {} cannot be written", path.display())]
    Write {
        /// The file, or its folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The recording cannot be read.
    #[error("the recording {} cannot be read", path.display())]
    Read {
        /// The file, or its folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder does not hold exactly one recording.
    #[error("{} holds {count} recordings (*.warc.gz), and a replay is one run", path.display())]
    Choice {
        /// The folder.
        path: PathBuf,
        /// How many lie in it.
        count: usize,
    },
    /// The file is damaged, or none of ours.
    #[error("{}, at byte {offset}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the record begins that cannot be read.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
}

impl RecordingError {
    /// Returns a stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Write { .. } => "recording-write",
            Self::Read { .. } => "recording-read",
            Self::Choice { .. } => "recording-choice",
            Self::Damaged { .. } => "recording-damaged",
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Write { .. } => "the run itself is whole; make room or name another folder, and record again",
            Self::Read { .. } => "name a file or a folder that `griot fetch --record` wrote",
            Self::Choice { .. } => "name the file of the run: --replay DIR/griot-….warc.gz",
            Self::Damaged { .. } => "what `griot fetch --record` wrote was changed or cut off: copy it again, or record again",
        }
    }
}
