//! Counts of what was sent, for `/metrics`.

use axum::http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// The statuses that are counted one by one.
const STATUSES: [u16; 13] = [200, 204, 206, 304, 400, 403, 404, 405, 412, 416, 500, 503, 0];

/// What was sent so far.
#[derive(Debug, Default)]
pub struct Traffic {
    /// In the order of [`STATUSES`]; the last counts all others.
    responses: [AtomicU64; STATUSES.len()],
    bytes: AtomicU64,
}

impl Traffic {
    /// Counts a response with a body of so many bytes.
    pub fn count(&self, status: StatusCode, bytes: u64) {
        let place = STATUSES
            .iter()
            .position(|known| *known == status.as_u16())
            .unwrap_or(STATUSES.len() - 1);
        self.responses[place].fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Returns the statuses that were sent, each with its number of responses; 0 stands for all others.
    #[must_use]
    pub fn responses(&self) -> Vec<(u16, u64)> {
        let counts = self.responses.iter().map(|count| count.load(Ordering::Relaxed));
        STATUSES.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
    }

    /// Returns the bytes of bodies.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
