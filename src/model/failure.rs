//! Why a visit failed: the closed list of reasons that are stored and that scripts branch on.
//!
//! Not here: how an error of the network is sorted into a reason (`fetch::failure`), how long a source then waits
//! (`schedule`), and what the operator can do about it (`cli::remedy`).

use std::fmt;

/// Why a visit failed. The detail in words is stored with it. New reasons go before [`FailureReason::Defect`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureReason {
    /// The host's name has no address.
    Dns,
    /// No connection was made.
    Connect,
    /// No trusted connection was made.
    Tls,
    /// A deadline passed.
    Timeout,
    /// The address guard refused an address.
    RefusedAddress,
    /// The decoded body is larger than allowed.
    TooLarge,
    /// The body's content encoding is broken or unknown.
    Encoding,
    /// The answer is not valid HTTP, was cut off, or redirects without end.
    Protocol,
    /// A status of 400 to 499.
    Http4xx,
    /// A status of 500 to 599.
    Http5xx,
    /// An anti-bot service or a law (451) blocks access.
    Blocked,
    /// The server asked to wait (429, or 503 with `Retry-After`).
    Throttled,
    /// The server says that the address is gone for good (410).
    Gone,
    /// A document came, but no feed.
    NotAFeed,
    /// A fault of feeds.toml or of the environment: nothing was requested.
    Setup,
    /// A fault of griot itself.
    Defect,
}

/// Each reason with its word, in the order of declaration.
const WORDS: [(FailureReason, &str); 16] = [
    (FailureReason::Dns, "dns"),
    (FailureReason::Connect, "connect"),
    (FailureReason::Tls, "tls"),
    (FailureReason::Timeout, "timeout"),
    (FailureReason::RefusedAddress, "refused-address"),
    (FailureReason::TooLarge, "too-large"),
    (FailureReason::Encoding, "encoding"),
    (FailureReason::Protocol, "protocol"),
    (FailureReason::Http4xx, "http-4xx"),
    (FailureReason::Http5xx, "http-5xx"),
    (FailureReason::Blocked, "blocked"),
    (FailureReason::Throttled, "throttled"),
    (FailureReason::Gone, "gone"),
    (FailureReason::NotAFeed, "not-a-feed"),
    (FailureReason::Setup, "setup"),
    (FailureReason::Defect, "defect"),
];

// `as_str` indexes the table by the variant: a variant without a row, or a row in another place, does not compile.
const _: () = {
    assert!(WORDS.len() == FailureReason::Defect as usize + 1);
    let mut at = 0;
    while at < WORDS.len() {
        assert!(WORDS[at].0 as usize == at);
        at += 1;
    }
};

impl FailureReason {
    /// Returns every reason.
    pub fn all() -> impl Iterator<Item = Self> {
        WORDS.into_iter().map(|(reason, _)| reason)
    }

    /// Returns the word under which the reason is shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        WORDS[self as usize].1
    }

    /// Returns the reason with this word; `None` for an unknown word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|reason| reason.as_str() == word)
    }

    /// Returns whether the visit never reached a server: when every source fails so, this machine is offline.
    #[must_use]
    pub const fn is_unreached(self) -> bool {
        matches!(self, Self::Dns | Self::Connect)
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
