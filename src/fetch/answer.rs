//! What a visit brings back. Plain values; who reads them decides what they mean for a source.

use super::{CacheHints, FailureCode};
use crate::model::Timestamp;
use std::time::Duration;
use url::Url;

/// What the server did.
#[derive(Debug, Clone)]
pub enum Fetched {
    /// A whole new body (200).
    Fresh(Box<Answer>),
    /// Nothing changed since the validators that we sent (304).
    NotModified(Box<Answer>),
    /// The server says that the address is gone for good (410).
    Gone(Box<Answer>),
    /// The server asks us to wait (429, or 503 with `Retry-After`).
    Throttled {
        /// Not before this moment, at most 24 hours ahead; `None` when the server gave no time that can be read.
        until: Option<Timestamp>,
        /// Whether the whole host is meant (429, RFC 6585 section 4), or this address only (503).
        whole_host: bool,
        /// The answer.
        answer: Box<Answer>,
    },
    /// An anti-bot service or a law stands between us and the source. We do not evade it.
    Blocked {
        /// The answer.
        answer: Box<Answer>,
        /// Who blocks, in words.
        reason: String,
    },
    /// A host on the way has asked us to wait before: it was not asked.
    Held {
        /// Until when.
        until: Timestamp,
        /// Whether another host was asked, which led there.
        is_asked: bool,
    },
    /// No usable answer came.
    Failed {
        /// The reason, out of a closed list.
        code: FailureCode,
        /// The reason in words; no secrets, no user-info.
        detail: String,
        /// The answer as far as it came; a body that was cut off is kept.
        answer: Option<Box<Answer>>,
    },
}

impl Fetched {
    /// Returns the answer, if the server gave one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Fresh(answer)
            | Self::NotModified(answer)
            | Self::Gone(answer)
            | Self::Throttled { answer, .. }
            | Self::Blocked { answer, .. } => Some(answer),
            Self::Failed { answer, .. } => answer.as_deref(),
            Self::Held { .. } => None,
        }
    }
}

/// One answer of a server, after all redirects.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The address that was asked.
    pub url: Url,
    /// The address that answered, without fragment and user-info.
    pub final_url: Url,
    /// Each redirect: its status and where it led, in order.
    pub redirects: Vec<(u16, Url)>,
    /// Where the source has moved to: as far as the chain began with permanent redirects only (301, 308; RFC 9110
    /// sections 15.4.2 and 15.4.9), and never from https to http. Proved by nothing but this answer.
    pub moved_to: Option<Url>,
    /// The status code.
    pub status: u16,
    /// `ETag`, byte for byte. Only of a 200 or 304, and at most 1,024 bytes long.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified`, byte for byte. Only of a 200 or 304, and at most 1,024 bytes long.
    pub last_modified: Option<Vec<u8>>,
    /// `Content-Type` as it came; no longer than 256 bytes.
    pub content_type: Option<String>,
    /// How long the server wants the answer to be kept.
    pub cache: CacheHints,
    /// `X-Robots-Tag`: at most 8 values of at most 256 bytes, as they came.
    pub x_robots_tag: Vec<String>,
    /// `TDM-Reservation` (TDM Reservation Protocol, W3C community group), as it came; at most 256 bytes.
    pub tdm_reservation: Option<String>,
    /// The decoded body; of an error page at most the first 64 KiB.
    pub body: Vec<u8>,
    /// How long the visit took, redirects and body included.
    pub elapsed: Duration,
}
