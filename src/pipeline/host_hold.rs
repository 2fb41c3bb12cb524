//! Holds of hosts that answered 429: what a throttled answer means for the whole host (RFC 6585, 4).

use crate::fetch::{Fetched, HostLimiter};
use crate::model::{HostKey, HostState, Timestamp};
use std::time::Duration;

/// The hold of a host that answers 429 without a `Retry-After` that can be parsed.
const DEFAULT_HOLD: Duration = Duration::from_hours(1);

/// Holds the host in `limiter` when `fetched` is its request to wait. To be called before the permit is dropped, so that the next request in
/// the queue already finds the hold.
pub fn hold_host(limiter: &HostLimiter, fetched: &Fetched, now: Timestamp) {
    if let Some(HostState {
        host,
        held_until: Some(until),
        ..
    }) = host_to_hold(fetched, now)
    {
        limiter.hold(&host, until);
    }
}

/// Returns the state to store of a host that asked to wait: 429 holds the whole host (RFC 6585, 4), 503 only one address.
#[must_use]
pub fn host_to_hold(fetched: &Fetched, now: Timestamp) -> Option<HostState> {
    let Fetched::Throttled {
        until,
        whole_host: true,
        answer,
    } = fetched
    else {
        return None;
    };
    Some(HostState {
        held_until: Some(until.unwrap_or(now + DEFAULT_HOLD)),
        ..HostState::new(HostKey::from_url(&answer.final_url))
    })
}
