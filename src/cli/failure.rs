//! The failures of commands: message, causes, hint, and exit code.

use super::terminal_text::escape_controls;
use crate::config::{self, ConfigFile, ConfigProblem, ReportStyle};
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
    /// Whether the message is a report on the configuration, which has its own `error` for each mistake.
    is_report: bool,
}

impl Failure {
    /// Returns a failure with this exit code.
    pub fn new(code: u8, error: impl Into<anyhow::Error>) -> Self {
        Self {
            code,
            error: error.into(),
            hint: None,
            is_report: false,
        }
    }

    /// Returns the failure for mistakes in the configuration.
    #[must_use]
    pub fn report(files: &[ConfigFile], problems: &[ConfigProblem], style: ReportStyle) -> Self {
        let report = config::report(files, problems, style);
        Self {
            is_report: true,
            ..Self::message(CONFIGURATION, report.trim_end().to_owned())
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
    pub fn render(&self, style: ReportStyle) -> String {
        let (bold, red, plain) = if style.color {
            ("\u{1b}[1m", "\u{1b}[1;31m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let messages = style.messages;
        let words = |word| messages.translate(word);
        let text = self.error.to_string();
        let mut out = if self.is_report {
            text
        } else {
            format!("{red}{}{plain}: {}", words("error"), messages.translate(&text))
        };
        // Writing to a String cannot fail.
        for cause in self.error.chain().skip(1) {
            let _ = write!(out, "\n  {}: {}", words("caused by"), messages.translate(&cause.to_string()));
        }
        if let Some(hint) = &self.hint {
            let _ = write!(out, "\n{bold}{}{plain}: {}", words("hint"), messages.translate(hint));
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
            ClockError::Client(error) => from_open(error, ReportStyle::default()),
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

/// Returns the failure for an error of opening configuration, store and client; `style` is that of the report on feeds.toml.
#[must_use]
pub fn from_open(error: OpenError, style: ReportStyle) -> Failure {
    match error {
        OpenError::Config { files, problems } => Failure::report(&files, &problems, style),
        OpenError::Unreadable { .. } => {
            Failure::new(CONFIGURATION, error).hint("griot init writes one to begin with; --config names another")
        }
        OpenError::Lock(error) => error.into(),
        OpenError::Store(error) => error.into(),
        OpenError::Client(error) => Failure::new(FATAL, error),
        OpenError::Resolve(_) => Failure::new(USAGE, error),
    }
}
