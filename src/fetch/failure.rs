//! Why a visit failed: the closed list of reasons, and how an error of the network is sorted into it.

use super::dial::DialError;
use super::tls;
use crate::model::FailureReason;
use std::error::Error;
use std::fmt;
use std::io;

/// The reason of a failure, as exactly as the network tells it; [`FailureCode::reason`] is the word that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// The name has no address.
    Dns,
    /// No connection came about.
    Connect,
    /// No trusted connection came about.
    Tls,
    /// The deadline passed.
    Timeout,
    /// The guard refused the address.
    RefusedAddress,
    /// The address cannot be asked: a wrong scheme, port or form.
    BadUrl,
    /// A header that the operator set cannot be sent.
    BadHeader,
    /// More redirects than we follow.
    TooManyRedirects,
    /// A redirect led back.
    RedirectLoop,
    /// The decoded body is larger than allowed.
    TooLarge,
    /// The body's compression is broken or unknown.
    Encoding,
    /// The connection ended in the middle of the answer.
    CutOff,
    /// A status of 400 to 499.
    Http4xx,
    /// A status of 500 to 599.
    Http5xx,
    /// What came is not HTTP as it should be.
    Protocol,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::RefusedAddress,
        Self::BadUrl,
        Self::BadHeader,
        Self::TooManyRedirects,
        Self::RedirectLoop,
        Self::TooLarge,
        Self::Encoding,
        Self::CutOff,
        Self::Http4xx,
        Self::Http5xx,
        Self::Protocol,
    ];

    /// Returns the word that people see.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::RefusedAddress => "refused-address",
            Self::BadUrl => "bad-url",
            Self::BadHeader => "bad-header",
            Self::TooManyRedirects => "too-many-redirects",
            Self::RedirectLoop => "redirect-loop",
            Self::TooLarge => "too-large",
            Self::Encoding => "encoding",
            Self::CutOff => "cut-off",
            Self::Http4xx => "http-4xx",
            Self::Http5xx => "http-5xx",
            Self::Protocol => "protocol",
        }
    }

    /// Returns the code that `word` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }

    /// Returns the reason that the store keeps.
    #[must_use]
    pub const fn reason(self) -> FailureReason {
        match self {
            Self::Dns => FailureReason::Dns,
            Self::Connect => FailureReason::Connect,
            Self::Tls => FailureReason::Tls,
            Self::Timeout => FailureReason::Timeout,
            Self::RefusedAddress => FailureReason::RefusedAddress,
            Self::BadUrl | Self::BadHeader => FailureReason::Setup,
            Self::TooLarge => FailureReason::TooLarge,
            Self::Encoding => FailureReason::Encoding,
            Self::TooManyRedirects | Self::RedirectLoop | Self::CutOff | Self::Protocol => FailureReason::Protocol,
            Self::Http4xx => FailureReason::Http4xx,
            Self::Http5xx => FailureReason::Http5xx,
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The end of a visit without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) code: FailureCode,
    pub(super) detail: String,
}

impl Stop {
    pub(super) fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }

    /// Sorts an error that came before the body.
    pub(super) fn of_request(error: &reqwest::Error) -> Self {
        let dns = error.is_dns();
        let (connect, timeout) = (error.is_connect(), error.is_timeout());
        let causes = causes(error);
        if let Some(dial) = causes.iter().find_map(|cause| cause.downcast_ref::<DialError>()) {
            return Self::new(dial.failure(), dial.to_string());
        }
        if timeout && connect {
            return Self::new(FailureCode::Connect, "no connection came about in time");
        }
        let code = if timeout {
            FailureCode::Timeout
        } else if dns {
            FailureCode::Dns
        } else if causes.iter().any(|cause| cause.is::<rustls::Error>()) {
            FailureCode::Tls
        } else if connect {
            FailureCode::Connect
        } else if ended_early(&causes) {
            FailureCode::CutOff
        } else {
            FailureCode::Protocol
        };
        let certificate = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>());
        Self::new(code, certificate.map_or_else(|| deepest(&causes), tls::words))
    }

    /// Sorts an error that came with the body.
    pub(super) fn of_body(error: &reqwest::Error) -> Self {
        let causes = causes(error);
        let code = if ended_early(&causes) {
            FailureCode::CutOff
        } else {
            FailureCode::Protocol
        };
        Self::new(code, deepest(&causes))
    }
}

/// Lists the error's causes from the outside in, those wrapped by an [`io::Error`] included: its `source` skips them.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut found = vec![error];
    let mut last = error;
    // The bound only guards against a chain that bites its tail.
    while found.len() < 32 {
        let wrapped = last.downcast_ref::<io::Error>().and_then(|io| io.get_ref());
        let next: Option<&'a (dyn Error + 'static)> = match wrapped {
            Some(inner) => Some(inner),
            None => last.source(),
        };
        let Some(next) = next else { break };
        found.push(next);
        last = next;
    }
    found
}

fn ended_early(causes: &[&(dyn Error + 'static)]) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    causes.iter().any(|cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof),
        // hyper says it in words only.
        None => cause.to_string() == "connection closed before message completed",
    })
}

/// Returns the innermost cause in words: it says what happened, the others only where.
fn deepest(causes: &[&(dyn Error + 'static)]) -> String {
    causes.last().map(ToString::to_string).unwrap_or_default()
}
