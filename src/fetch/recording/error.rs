//! Why there is no recording, or none that can be used.

use std::io;
use std::path::PathBuf;

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
        /// How many it holds.
        count: usize,
    },
    /// The file is damaged, or was not written by griot.
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
