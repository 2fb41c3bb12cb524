//! Reads a body: decoded chunk by chunk, never more than the cap, never past a deadline, and never below a minimum rate.

use super::decode::Decoder;
use super::failure::FetchError;
use super::response::RawResponse;
use crate::model::FailureReason;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// A body of which nothing comes for this time is given up.
const IDLE_TIMEOUT: Duration = Duration::from_secs(8);
/// The rate is measured over the last seconds of this number only: a burst at the beginning of a body must not allow a slow rest.
const RATE_WINDOW: Duration = Duration::from_secs(5);
/// The lowest rate. The slowest lines carry a hundred times as much; less is a slow-loris attack.
const MIN_BYTES_PER_SECOND: u64 = 64;

/// Appends the decoded body to `into`, at most `max_bytes` of it, from no more than as many encoded bytes.
///
/// # Errors
/// When the body is too large, too slow, cut off or broken. What came before stays in `into`.
pub(super) async fn read_body(response: &mut RawResponse, max_bytes: u64, deadline: Instant, into: &mut Vec<u8>) -> Result<(), FetchError> {
    let max_bytes = usize::try_from(max_bytes).unwrap_or(usize::MAX);
    // A body whose announced length is too large is not read at all; a small announced length proves nothing.
    if response.announced_length().is_some_and(|length| length > max_bytes as u64) {
        return Err(too_large(max_bytes));
    }
    let mut decoder = Decoder::new(&response.headers, max_bytes)?;
    let end = decode_chunks(response, &mut decoder, max_bytes, deadline).await;
    if let Err(error) = &end
        && error.is(FailureReason::Timeout)
    {
        response.body.record_abort(error);
    }
    if end.is_err() {
        // What came before is written out; that the encoding is incomplete is known.
        let _ = decoder.finish();
    }
    into.append(&mut decoder.take_decoded());
    end
}

async fn decode_chunks(response: &mut RawResponse, decoder: &mut Decoder, max_bytes: usize, deadline: Instant) -> Result<(), FetchError> {
    let mut rate = TransferRate::new(Instant::now());
    loop {
        let until = deadline.min(Instant::now() + IDLE_TIMEOUT);
        let Ok(chunk) = timeout_at(until, response.body.chunk()).await else {
            let detail = if until < deadline {
                "the body stopped coming"
            } else {
                "the body did not end in time"
            };
            return Err(FetchError::new(FailureReason::Timeout, detail));
        };
        let Some(chunk) = chunk? else {
            return decoder.finish();
        };
        response.received_bytes = response.received_bytes.saturating_add(chunk.len());
        if response.received_bytes > max_bytes {
            return Err(too_large(max_bytes));
        }
        decoder.push(&chunk)?;
        if rate.is_too_slow(chunk.len(), Instant::now()) {
            return Err(FetchError::new(FailureReason::Timeout, "the body comes in drips"));
        }
    }
}

/// How much of a body came within the last [`RATE_WINDOW`].
struct TransferRate {
    began: Instant,
    /// When bytes came and how many, those of one second together.
    recent: VecDeque<(Instant, u64)>,
}

impl TransferRate {
    fn new(began: Instant) -> Self {
        Self {
            began,
            recent: VecDeque::new(),
        }
    }

    /// Adds a chunk of `bytes` that came at `now`; returns whether the body is below the minimum rate by then.
    fn is_too_slow(&mut self, bytes: usize, now: Instant) -> bool {
        match self.recent.back_mut() {
            Some((at, sum)) if now.duration_since(*at) < Duration::from_secs(1) => *sum += bytes as u64,
            _ => self.recent.push_back((now, bytes as u64)),
        }
        while self.recent.front().is_some_and(|(at, _)| now.duration_since(*at) > RATE_WINDOW) {
            self.recent.pop_front();
        }
        let received: u64 = self.recent.iter().map(|(_, bytes)| bytes).sum();
        now.duration_since(self.began) > RATE_WINDOW && received < MIN_BYTES_PER_SECOND * RATE_WINDOW.as_secs()
    }
}

fn too_large(max_bytes: usize) -> FetchError {
    FetchError::new(FailureReason::TooLarge, format!("the body is larger than {max_bytes} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::response::Body;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    /// Reads a body whose chunks come after these waits.
    async fn read_slow(waits: Vec<(Duration, usize)>, deadline: Duration) -> Result<(), FetchError> {
        let mut response = RawResponse {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Body::slow(waits),
            received_bytes: 0,
        };
        read_body(&mut response, 10_000, Instant::now() + deadline, &mut Vec::new()).await
    }

    #[tokio::test(start_paused = true)]
    async fn idle_slow_and_late_bodies_are_given_up() {
        let second = Duration::from_secs(1);
        let long = second * 30;
        let detail = |end: Result<(), FetchError>| end.expect_err("it ends").detail;
        assert_eq!(read_slow(vec![(second, 100); 20], long).await, Ok(()));
        assert_eq!(
            read_slow(vec![(second * 7, 1_000); 4], long).await,
            Ok(()),
            "slow, but above the rate"
        );
        assert_eq!(
            detail(read_slow(vec![(second, 100), (second * 9, 1)], long).await),
            "the body stopped coming"
        );
        assert_eq!(detail(read_slow(vec![(second / 3, 1); 100], long).await), "the body comes in drips");
        assert_eq!(
            detail(read_slow(vec![(second, 100); 40], long).await),
            "the body did not end in time"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_at_the_beginning_allows_no_slow_rest() {
        let second = Duration::from_secs(1);
        let began = Instant::now();
        let waits = [vec![(Duration::ZERO, 9_000)], vec![(second, 1); 60]].concat();
        let end = read_slow(waits, second * 30).await.expect_err("it ends");
        assert_eq!(end.detail, "the body comes in drips");
        assert!(began.elapsed() < second * 10, "{:?}", began.elapsed());
    }
}
