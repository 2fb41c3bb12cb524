//! The result of one check of `griot doctor`.

/// The maximum number of names or faults that a line lists.
pub(super) const MAX_LISTED: usize = 5;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No fault.
    Good,
    /// Runs work, but with a fault that should be looked at.
    Warning,
    /// Runs will fail.
    Failure,
}

impl Severity {
    /// Returns the printed word: `ok`, `warn` or `fail`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warn",
            Self::Failure => "fail",
        }
    }
}

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The checked subject, one stable word.
    pub subject: &'static str,
    /// The severity.
    pub severity: Severity,
    /// The detail.
    pub detail: String,
    /// The remedy.
    pub remedy: Option<String>,
}

impl Finding {
    /// There is no fault in `subject`.
    #[must_use]
    pub fn good(subject: &'static str, detail: impl Into<String>) -> Self {
        Self {
            subject,
            severity: Severity::Good,
            detail: detail.into(),
            remedy: None,
        }
    }

    /// There is a fault in `subject`.
    #[must_use]
    pub fn bad(subject: &'static str, severity: Severity, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            subject,
            severity,
            detail: detail.into(),
            remedy: Some(remedy.into()),
        }
    }
}
