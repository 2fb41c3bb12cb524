//! One attempt of a delivery: what is sent, what came back, and when it is tried again. Pure.

use crate::model::Timestamp;
use std::time::Duration;
use url::Url;

/// The pauses after the first failures; the last one is repeated.
const PAUSES: [Duration; 8] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(6),
];
/// A delivery that is older is tried once more and then given up.
const MAX_AGE: Duration = Duration::from_hours(3 * 24);
/// The longest wait that a target can ask for.
const MAX_WAIT: Duration = Duration::from_hours(24);
/// Answers that say of this very message that it will never be taken (RFC 9110 section 15.5); others are temporary, or can be mended by people.
const FINAL_STATUSES: [u16; 6] = [400, 405, 410, 413, 415, 422];

/// What is sent by HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub url: Url,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The answer to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Not before this time is the message to be sent again.
    pub retry_after: Option<Timestamp>,
    /// The beginning of the body.
    pub text: String,
}

/// Why a message did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A short code, such as `status` or `dns`.
    pub code: String,
    /// What happened, in words.
    pub detail: String,
    /// Not before this time is it to be sent again.
    pub retry_after: Option<Timestamp>,
    /// Whether the same message will never be taken.
    pub is_final: bool,
}

impl Failure {
    /// Returns a failure that is temporary.
    #[must_use]
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            detail: detail.into(),
            retry_after: None,
            is_final: false,
        }
    }
}

/// What becomes of a delivery whose attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It is tried again at this time.
    Again(Timestamp),
    /// It is given up.
    GivenUp,
}

impl Attempt {
    /// Decides on a delivery that was made at `created` and was tried `attempts` times before, when another attempt failed at `now`.
    #[must_use]
    pub fn after(failure: &Failure, created: Timestamp, attempts: u32, now: Timestamp) -> Self {
        if failure.is_final || now.since(created) >= MAX_AGE {
            return Self::GivenUp;
        }
        let place = usize::try_from(attempts).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
        let pause = now + PAUSES[place];
        let wanted = failure.retry_after.map_or(pause, |wanted| wanted.min(now + MAX_WAIT));
        Self::Again(pause.max(wanted))
    }
}

/// Returns whether the target has the message.
///
/// # Errors
/// The [`Failure`] that a status other than 2xx is.
pub fn judge(reply: &Reply) -> Result<(), Failure> {
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    let mut said: String = reply
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(120)
        .collect();
    let mut detail = format!("status {}", reply.status);
    if (300..400).contains(&reply.status) {
        "it leads elsewhere, which is not followed".clone_into(&mut said);
    }
    if !said.is_empty() {
        detail.push_str(": ");
        detail.push_str(&said);
    }
    Err(Failure {
        code: "status".to_owned(),
        detail,
        retry_after: reply.retry_after,
        is_final: FINAL_STATUSES.contains(&reply.status),
    })
}
