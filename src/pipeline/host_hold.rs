//! Holds and crawl delays of hosts between runs: what a throttled answer means for the whole host (RFC 6585, 4), and what is in force when a run
//! begins.

use crate::config::Robots;
use crate::fetch::robots::MAX_CRAWL_DELAY;
use crate::fetch::{Fetched, HostLimiter};
use crate::model::{HostKey, HostState, Timestamp};
use crate::schedule;
use std::time::Duration;

/// The hold of a host that answers 429 without a `Retry-After` that can be parsed.
const DEFAULT_HOLD: Duration = Duration::from_hours(1);

/// Sets the holds and the crawl delays of `hosts` that are in force at `now`. Crawl delays hold until a host's robots.txt is fetched again.
pub fn limit_hosts(limiter: &HostLimiter, hosts: &[HostState], robots: Robots, now: Timestamp) {
    for host in hosts {
        // A hold lasts a day at most: a later time was written while the system clock was wrong.
        if let Some(until) = host.held_until.filter(|until| *until > now && *until <= now + schedule::DAY) {
            limiter.hold(&host.host, until);
        }
        if let Some(delay) = host.crawl_delay.filter(|_| robots != Robots::Off) {
            limiter.set_delay(&host.host, delay.min(MAX_CRAWL_DELAY));
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    #[tokio::test(start_paused = true)]
    async fn holds_and_delays_are_in_force_from_the_start() {
        let now = Timestamp::from_unix(1_772_366_400);
        let key = |name: &str| HostKey::from_url(&Url::parse(&format!("http://{name}/")).expect("a URL"));
        let state = |name: &str, held: Option<Duration>, delay: Option<u64>| HostState {
            held_until: held.map(|held| now + held),
            crawl_delay: delay.map(Duration::from_secs),
            ..HostState::new(key(name))
        };
        let hours = |hours| Some(Duration::from_hours(hours));
        let hosts = [
            state("slow.example", None, Some(7)),
            state("held.example", hours(1), None),
            state("wrong.example", hours(25), None),
        ];
        for (robots, seconds) in [(Robots::Articles, 7), (Robots::Off, 1)] {
            let limiter = HostLimiter::new(8, Duration::from_secs(1));
            limit_hosts(&limiter, &hosts, robots, now);
            assert_eq!(limiter.held_until(&key("held.example"), now), hosts[1].held_until);
            assert_eq!(limiter.held_until(&key("wrong.example"), now), None, "no hold is that long");
            drop(limiter.acquire(&key("slow.example")).await);
            let ended = tokio::time::Instant::now();
            drop(limiter.acquire(&key("slow.example")).await);
            assert_eq!(ended.elapsed(), Duration::from_secs(seconds));
        }
    }
}
