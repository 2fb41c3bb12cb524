//! The candidates of discovery: an address that may be a feed's, how it was found, and the strength of the evidence.

use url::Url;

/// How a feed was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscoveryMethod {
    /// The page declares it as its feed.
    Announced,
    /// The page links to it, and it looks like a feed.
    Linked,
    /// Sites made with the same software have one there: a guess.
    WellKnown,
}

impl DiscoveryMethod {
    /// Returns the stable code: `announced`, `linked` or `well-known`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Linked => "linked",
            Self::WellKnown => "well-known",
        }
    }
}

/// An address that may be a feed's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The address, absolute, http or https.
    pub url: Url,
    /// The title that the page gives it: plain text of at most 120 characters, often empty.
    pub title: String,
    /// How it was found.
    pub method: DiscoveryMethod,
}

/// The evidence for a candidate, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    /// The page announces it.
    Announced,
    /// A link whose address looks like a feed's, or an address of a platform whose addresses are known.
    Likely,
    /// Sites made with the same software have one there.
    SystemDefault,
    /// A link that only its text or its icon calls a feed.
    NamedFeed,
    /// Many sites have one there.
    CommonPath,
}
