//! The result of a visit, as plain values. Not here: what it means for a source (`pipeline`).

use super::failure::FailureCode;
use super::headers::CacheHints;
use crate::model::{FailureReason, Timestamp};
use std::time::Duration;
use url::Url;

/// What the server did.
#[derive(Debug, Clone)]
pub enum Fetched {
    /// A complete body (200, 203).
    Fresh(Box<Answer>),
    /// Nothing has changed since the validators that were sent (304).
    NotModified(Box<Answer>),
    /// The server says that the address is gone for good (410).
    Gone(Box<Answer>),
    /// The server asks to wait (429, or 503 with `Retry-After`).
    Throttled {
        /// When the next request may be made, at most 24 hours ahead; `None` when the server gave no valid time.
        until: Option<Timestamp>,
        /// Whether this holds for the whole host (429, RFC 6585 section 4), or for this address only (503).
        whole_host: bool,
        /// The answer.
        answer: Box<Answer>,
    },
    /// An anti-bot service or a law (451) blocks access. griot does not evade either.
    Blocked {
        /// The answer.
        answer: Box<Answer>,
        /// What blocks, in words.
        reason: String,
    },
    /// No request was made to the last host of the chain, since it has asked to wait before.
    Held {
        /// Until when.
        until: Timestamp,
        /// Whether another host was requested, which redirected there.
        is_asked: bool,
    },
    /// No usable answer came.
    Failed {
        /// The reason.
        code: FailureCode,
        /// The reason in words; without secrets and user-info, but it may hold a query.
        detail: String,
        /// The answer as far as it came, with the beginning of a body that was cut off.
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

impl Fetched {
    /// Returns the answer of a visit whose body ended early, and how it ended; `None` when nothing was cut, or nothing came. The body holds what came.
    #[must_use]
    pub fn cut_answer(&self) -> Option<(&Answer, &str)> {
        let Self::Failed {
            code,
            detail,
            answer: Some(answer),
        } = self
        else {
            return None;
        };
        let is_cut = matches!(
            code,
            FailureCode::CutOff | FailureCode::Reason(FailureReason::Timeout | FailureReason::Protocol)
        );
        (is_cut && matches!(answer.status, 200 | 203) && !answer.body.is_empty()).then_some((answer, detail))
    }

    /// Returns the word of the failure, if this is one: of its code, else of the reason that the store keeps.
    pub(super) fn failure(&self) -> Option<&'static str> {
        match self {
            Self::Fresh(_) | Self::NotModified(_) | Self::Held { .. } => None,
            Self::Gone(_) => Some(FailureReason::Gone.as_str()),
            Self::Throttled { .. } => Some(FailureReason::Throttled.as_str()),
            Self::Blocked { .. } => Some(FailureReason::Blocked.as_str()),
            Self::Failed { code, .. } => Some(code.as_str()),
        }
    }
}

/// One answer of a server, after all redirects.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The address that was requested.
    pub url: Url,
    /// The address that answered, without fragment and user-info.
    pub final_url: Url,
    /// Each redirect: its status and target, in order.
    pub redirects: Vec<(u16, Url)>,
    /// Where the source has moved to: the end of the permanent redirects (301, 308; RFC 9110 sections 15.4.2 and 15.4.9) that the
    /// chain begins with, as long as none leads from https to http. It is unconfirmed: `schedule` decides whether to believe it.
    pub moved_to: Option<Url>,
    /// The status code.
    pub status: u16,
    /// `ETag`, byte for byte. Only of a 200 or 304 whose body came whole, and at most 1,024 bytes long.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified`, byte for byte, under the same conditions, and not when it lies in the future: that is none.
    pub last_modified: Option<Vec<u8>>,
    /// `Content-Type` as it came; at most 256 bytes.
    pub content_type: Option<String>,
    /// How long the answer stays fresh.
    pub cache: CacheHints,
    /// The values of `Link` headers that name a licence.
    pub licence_links: Vec<String>,
    /// `X-Robots-Tag`: at most 8 values of at most 256 bytes, as they came.
    pub x_robots_tag: Vec<String>,
    /// `TDM-Reservation` (TDM Reservation Protocol, W3C community group), as it came; at most 256 bytes.
    pub tdm_reservation: Option<String>,
    /// The time by the server's clock: `Date` and `Age` (RFC 9111 section 4.2.3); `None` when it sent no valid `Date`.
    pub server_time: Option<Timestamp>,
    /// The decoded body; of an error page at most the first 64 KiB.
    pub body: Vec<u8>,
    /// How long the visit took, redirects and body included, without the wait for the host limiter.
    pub elapsed: Duration,
}
