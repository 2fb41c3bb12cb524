//! The failures of commands: message, causes, hint, and exit code.

use super::terminal_text::escape_controls;
use crate::config::{self, ConfigProblem};
use crate::curate::QueryError;
use crate::fetch::RecordingError;
use crate::pipeline::clock_check::ClockError;
use crate::pipeline::{OpenError, RunError};
use crate::publish::WriteError;
use crate::store::{LockError, StoreError};
use std::fmt::Write;

/// Done.
pub const DONE: u8 = 0;
/// A failure that no other code describes.
pub const FATAL: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// Too many sources failed, or the machine is offline.
pub const PARTIAL: u8 = 3;
/// The output cannot be written (`EX_CANTCREAT` of sysexits.h).
pub const CANNOT_WRITE: u8 = 73;
/// The database cannot be read or written (`EX_IOERR`).
pub const DATABASE: u8 = 74;
/// Another run holds the lock (`EX_TEMPFAIL`).
pub const LOCKED: u8 = 75;
/// The configuration is wrong (`EX_CONFIG`).
pub const CONFIGURATION: u8 = 78;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// The message, with its causes.
    pub error: anyhow::Error,
    /// What the operator can do.
    pub hint: Option<String>,
}

impl Failure {
    /// Returns a failure with this exit code.
    pub fn new(code: u8, error: impl Into<anyhow::Error>) -> Self {
        Self {
            code,
            error: error.into(),
            hint: None,
        }
    }

    /// Returns a failure with this message.
    #[must_use]
    pub fn message(code: u8, message: String) -> Self {
        Self::new(code, anyhow::Error::msg(message))
    }

    /// Adds what the operator can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the text of the failure: `error:`, the causes, `hint:`.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let (bold, red, plain) = if color {
            ("\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let text = self.error.to_string();
        // A report on the configuration has its own `error` for each mistake.
        // Writing to a String cannot fail.
        let mut out = if text.starts_with("error") {
            text
        } else {
            format!("{red}error{plain}: {text}")
        };
        for cause in self.error.chain().skip(1) {
            let _ = write!(out, "\n  caused by: {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = write!(out, "\n{bold}hint{plain}: {hint}");
        }
        out
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(FATAL, error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(FATAL, error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Defect { .. } => Self::new(FATAL, error).hint("run it again with -vv, and report what it prints"),
            StoreError::InUse { .. } => Self::new(LOCKED, error),
            _ => Self::new(DATABASE, error),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let code = match error.code() {
            "output-foreign" | "output-foreign-file" | "output-name" | "output-same-name" => CONFIGURATION,
            _ => CANNOT_WRITE,
        };
        Self::new(code, error)
    }
}

impl From<RecordingError> for Failure {
    fn from(error: RecordingError) -> Self {
        let code = match error {
            RecordingError::Write { .. } => CANNOT_WRITE,
            RecordingError::Read { .. } | RecordingError::Choice { .. } => USAGE,
            RecordingError::Damaged { .. } => FATAL,
        };
        let remedy = error.remedy();
        Self::new(code, error).hint(remedy)
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held { .. } => Self::new(LOCKED, error).hint("it is safe to try again later; griot fetch --wait 60s waits for it"),
            LockError::Io { .. } => Self::new(DATABASE, error),
        }
    }
}

impl From<ClockError> for Failure {
    fn from(error: ClockError) -> Self {
        let set = "nothing was fetched, changed or published; set the machine's clock (timedatectl set-ntp true)";
        match error {
            ClockError::TooEarly { .. } => Self::new(FATAL, error).hint(set),
            ClockError::Contradicted { last_run: Some(_), .. } => Self::new(FATAL, error).hint(format!(
                "{set}; where the clock is right and the last run was not, go on with griot fetch --accept-clock"
            )),
            ClockError::Contradicted { .. } => {
                Self::new(FATAL, error).hint(format!("{set}; where the servers are wrong, go on with griot fetch --accept-clock"))
            }
            ClockError::Store(error) => error.into(),
            ClockError::Client(error) => from_open(error, false),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Store(error) => error.into(),
            RunError::Write(error) => error.into(),
            RunError::Defect(_) => Self::new(FATAL, error).hint("run it again with -vv, and report what it prints"),
            RunError::NoSuchSource(_) => Self::new(USAGE, error).hint("griot list sources shows them"),
        }
    }
}

/// Returns the failure for mistakes in a query of the command line: the first of them.
#[must_use]
pub fn in_query(problems: Vec<ConfigProblem>) -> Failure {
    let problem = problems.into_iter().next();
    let (message, help) = problem.map(|problem| (problem.message, problem.help)).unwrap_or_default();
    let failure = Failure::message(USAGE, format!("in the query: {message}"));
    match help {
        Some(help) => failure.hint(help),
        None => failure,
    }
}

/// How many characters of a query are shown before a mistake, and how many behind its beginning.
const SHOWN_CHARS: (usize, usize) = (40, 60);

/// Returns the failure for mistakes in a search: the first of them, with its place.
#[must_use]
pub fn in_search(query: &str, errors: &[QueryError]) -> Failure {
    let Some(error) = errors.iter().min_by_key(|error| error.span.start) else {
        return Failure::message(USAGE, "the query has a mistake".to_owned());
    };
    let before = query.get(..error.span.start).unwrap_or(query).chars().count();
    let marked = query.get(error.span.clone()).unwrap_or_default().chars().count();
    let first = before.saturating_sub(SHOWN_CHARS.0);
    let shown: String = query.chars().skip(first).take(before - first + SHOWN_CHARS.1).collect();
    let carets = marked.clamp(1, SHOWN_CHARS.1);
    let message = format!(
        "in the query: {}\n  {}\n  {}{}",
        error.message,
        escape_controls(&shown),
        " ".repeat(before - first),
        "^".repeat(carets)
    );
    let failure = Failure::message(USAGE, message);
    match &error.help {
        Some(help) => failure.hint(help),
        None => failure,
    }
}

/// Returns the failure for an error of opening configuration, store and client; `color` is for the report on feeds.toml.
#[must_use]
pub fn from_open(error: OpenError, color: bool) -> Failure {
    match error {
        OpenError::Config { files, problems } => {
            Failure::message(CONFIGURATION, config::report(&files, &problems, color).trim_end().to_owned())
        }
        OpenError::Unreadable { .. } => {
            Failure::new(CONFIGURATION, error).hint("griot init writes one to begin with; --config names another")
        }
        OpenError::Lock(error) => error.into(),
        OpenError::Store(error) => error.into(),
        OpenError::Client(error) => Failure::new(FATAL, error),
        OpenError::Resolve(_) => Failure::new(USAGE, error),
    }
}
