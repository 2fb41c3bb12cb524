//! Why a request failed: the closed list of codes, and the error that carries one through this module.
//!
//! Not here: how an error of the HTTP client is sorted into a code (`client_error`).

use crate::model::FailureReason;
use std::fmt;

/// Why a request failed. Six codes are finer than the reason that the store keeps: recordings, logs and retries tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// There is nothing finer than the reason.
    Reason(FailureReason),
    /// The address cannot be requested: a wrong scheme, port or form.
    BadUrl,
    /// A header that the operator set cannot be sent.
    BadHeader,
    /// More redirects than are followed.
    TooManyRedirects,
    /// A redirect led to an address that was requested before.
    RedirectLoop,
    /// The connection ended in the middle of the answer.
    CutOff,
    /// This machine has no descriptor left for a connection: no fault of the server.
    OutOfDescriptors,
}

impl FailureCode {
    /// The codes that are no [`FailureReason`] themselves.
    const FINER: [Self; 6] = [
        Self::BadUrl,
        Self::BadHeader,
        Self::TooManyRedirects,
        Self::RedirectLoop,
        Self::CutOff,
        Self::OutOfDescriptors,
    ];

    /// The word of each code, and the reason that the store keeps for it.
    const fn word_and_reason(self) -> (&'static str, FailureReason) {
        match self {
            Self::Reason(reason) => (reason.as_str(), reason),
            Self::BadUrl => ("bad-url", FailureReason::Setup),
            Self::BadHeader => ("bad-header", FailureReason::Setup),
            Self::TooManyRedirects => ("too-many-redirects", FailureReason::Protocol),
            Self::RedirectLoop => ("redirect-loop", FailureReason::Protocol),
            Self::CutOff => ("cut-off", FailureReason::Protocol),
            Self::OutOfDescriptors => ("out-of-descriptors", FailureReason::Setup),
        }
    }

    /// Returns the word that people see and recordings keep.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.word_and_reason().0
    }

    /// Returns the code that `word` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let finer = Self::FINER.into_iter().find(|code| code.as_str() == word);
        finer.or_else(|| FailureReason::from_word(word).map(Self::Reason))
    }

    /// Returns the reason that the store keeps.
    #[must_use]
    pub const fn reason(self) -> FailureReason {
        self.word_and_reason().1
    }
}

impl From<FailureReason> for FailureCode {
    fn from(reason: FailureReason) -> Self {
        Self::Reason(reason)
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The error of a visit that ends without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FetchError {
    pub(super) code: FailureCode,
    /// The cause in words, for people.
    pub(super) detail: String,
}

impl FetchError {
    pub(super) fn new(code: impl Into<FailureCode>, detail: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            detail: detail.into(),
        }
    }

    /// Returns whether the error is for this reason, and there is no finer code for it.
    pub(super) fn is(&self, reason: FailureReason) -> bool {
        self.code == FailureCode::Reason(reason)
    }
}
