//! Reading a body: decoded piece by piece, never more than the cap, never behind a deadline, and never in drips.

use super::FailureCode;
use super::decode::Decoder;
use super::failure::Stop;
use super::hop::Reply;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// A server that sends nothing for so long is left.
const IDLE: Duration = Duration::from_secs(8);
/// Over the last seconds of this number, a body has to have come at [`SLOWEST`] on average: a burst at its beginning buys no time.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes a second. The slowest lines carry a hundred times as much; what is slower is a slow-loris.
const SLOWEST: u64 = 64;

/// Reads the decoded body into `into`, at most `cap` bytes of it, and no more than as many raw ones. What came before an error stays
/// in `into`.
pub(super) async fn read(reply: &mut Reply, cap: u64, deadline: Instant, into: &mut Vec<u8>) -> Result<(), Stop> {
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    // A length that is announced and too large is not even begun; one that is small is not trusted either.
    if reply.announced_length().is_some_and(|length| length > cap as u64) {
        return Err(too_large(cap));
    }
    let mut decoder = Decoder::new(&reply.headers, cap)?;
    let end = pump(reply, &mut decoder, cap, deadline).await;
    if let Err(stop) = &end
        && stop.code == FailureCode::Timeout
    {
        reply.body.record_abort(stop);
    }
    into.append(&mut decoder.take());
    end
}

async fn pump(reply: &mut Reply, decoder: &mut Decoder, cap: usize, deadline: Instant) -> Result<(), Stop> {
    let mut pace = Pace::new(Instant::now());
    loop {
        let until = deadline.min(Instant::now() + IDLE);
        let Ok(piece) = timeout_at(until, reply.body.piece()).await else {
            let detail = if until < deadline {
                "the body stopped coming"
            } else {
                "the body did not end in time"
            };
            return Err(Stop::new(FailureCode::Timeout, detail));
        };
        let Some(piece) = piece? else {
            return decoder.end();
        };
        reply.came = reply.came.saturating_add(piece.len());
        if reply.came > cap {
            return Err(too_large(cap));
        }
        decoder.push(&piece)?;
        if pace.is_drip(piece.len(), Instant::now()) {
            return Err(Stop::new(FailureCode::Timeout, "the body comes in drips"));
        }
    }
}

/// What came of a body of late.
struct Pace {
    began: Instant,
    /// When bytes came and how many, those of one second together.
    late: VecDeque<(Instant, u64)>,
}

impl Pace {
    fn new(began: Instant) -> Self {
        Self {
            began,
            late: VecDeque::new(),
        }
    }

    /// Takes a piece of `length` bytes; returns whether the body comes in drips by now.
    fn is_drip(&mut self, length: usize, now: Instant) -> bool {
        match self.late.back_mut() {
            Some((at, bytes)) if now.duration_since(*at) < Duration::from_secs(1) => *bytes += length as u64,
            _ => self.late.push_back((now, length as u64)),
        }
        while self.late.front().is_some_and(|(at, _)| now.duration_since(*at) > GRACE) {
            self.late.pop_front();
        }
        let came: u64 = self.late.iter().map(|(_, bytes)| bytes).sum();
        now.duration_since(self.began) > GRACE && came < SLOWEST * GRACE.as_secs()
    }
}

fn too_large(cap: usize) -> Stop {
    Stop::new(FailureCode::TooLarge, format!("the body is larger than {cap} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::hop::Body;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    /// Reads a body whose pieces come after these waits.
    async fn after(waits: Vec<(Duration, usize)>, deadline: Duration) -> Result<(), Stop> {
        let mut reply = Reply {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Body::slow(waits),
            came: 0,
        };
        read(&mut reply, 10_000, Instant::now() + deadline, &mut Vec::new()).await
    }

    #[tokio::test(start_paused = true)]
    async fn silence_drips_and_deadlines_end_a_body() {
        let second = Duration::from_secs(1);
        let long = second * 30;
        let detail = |end: Result<(), Stop>| end.expect_err("it ends").detail;
        assert_eq!(after(vec![(second, 100); 20], long).await, Ok(()));
        assert_eq!(after(vec![(second * 7, 1_000); 4], long).await, Ok(()), "slow, but it comes");
        assert_eq!(
            detail(after(vec![(second, 100), (second * 9, 1)], long).await),
            "the body stopped coming"
        );
        assert_eq!(detail(after(vec![(second / 3, 1); 100], long).await), "the body comes in drips");
        assert_eq!(detail(after(vec![(second, 100); 40], long).await), "the body did not end in time");
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_at_the_beginning_buys_no_time() {
        let second = Duration::from_secs(1);
        let began = Instant::now();
        let waits = [vec![(Duration::ZERO, 9_000)], vec![(second, 1); 60]].concat();
        let end = after(waits, second * 30).await.expect_err("it ends");
        assert_eq!(end.detail, "the body comes in drips");
        assert!(began.elapsed() < second * 10, "{:?}", began.elapsed());
    }
}
