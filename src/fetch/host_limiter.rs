//! The gate: who may ask which host when. One request at a time for each host, with a pause between two, and so many in all.
//!
//! Feeds, pages and robots.txt go through the same gate. It counts in monotonic time and lives as long as one run; what has
//! to outlive a run (a hold) is kept by whoever opens the gate.

use crate::model::{HostKey, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// One place of a host in the queue, and when its last request ended.
type Turn = Mutex<Option<Instant>>;

/// The gate of one run. Cheap to clone; clones are the same gate.
#[derive(Debug, Clone)]
pub struct HostLimiter {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    jobs: Arc<Semaphore>,
    host_delay: Duration,
    hosts: Lock<HashMap<HostKey, Host>>,
}

#[derive(Debug, Default)]
struct Host {
    turn: Arc<Turn>,
    held_until: Option<Timestamp>,
    /// A longer pause than the usual one, as the host's robots.txt asks for.
    delay: Duration,
}

/// The right to ask one host once. Dropping it lets the next one in after the pause.
#[derive(Debug)]
pub struct HostPermit {
    turn: OwnedMutexGuard<Option<Instant>>,
    held_until: Option<Timestamp>,
    is_used: bool,
    _job: Option<OwnedSemaphorePermit>,
}

impl HostLimiter {
    /// Opens a gate for `jobs` requests in parallel (at least one) and a pause of `host_delay` between the end of one
    /// request to a host and the start of the next.
    #[must_use]
    pub fn new(jobs: usize, host_delay: Duration) -> Self {
        Self {
            inner: Arc::new(Inner {
                jobs: Arc::new(Semaphore::new(jobs.clamp(1, Semaphore::MAX_PERMITS))),
                host_delay,
                hosts: Lock::default(),
            }),
        }
    }

    /// Waits for `host`'s turn, in the order of asking. A hold may have come while we stood in the queue: look at
    /// [`HostPermit::held_until`] before the request.
    pub async fn enter(&self, host: &HostKey) -> HostPermit {
        let turn = self.with_host(host, |host| Arc::clone(&host.turn));
        let turn = turn.lock_owned().await;
        if let Some(ended) = *turn {
            let delay = self.with_host(host, |host| host.delay).max(self.inner.host_delay);
            sleep_until(ended + delay).await;
        }
        // The permit is taken last: whoever waits for a slow host must not keep the others out.
        let jobs = Arc::clone(&self.inner.jobs);
        // Nobody closes the semaphore, so there always is a permit.
        let job = jobs.acquire_owned().await.ok();
        HostPermit {
            turn,
            held_until: self.with_host(host, |host| host.held_until),
            is_used: true,
            _job: job,
        }
    }

    /// Holds `host` until `until`; a later hold wins over an earlier one.
    pub fn hold(&self, host: &HostKey, until: Timestamp) {
        self.with_host(host, |host| host.held_until = host.held_until.max(Some(until)));
    }

    /// Makes the pause between two requests to `host` at least `delay`.
    pub fn set_delay(&self, host: &HostKey, delay: Duration) {
        self.with_host(host, |host| host.delay = delay);
    }

    /// Returns until when `host` is held, if that is after `now`.
    #[must_use]
    pub fn held_until(&self, host: &HostKey, now: Timestamp) -> Option<Timestamp> {
        self.with_host(host, |host| host.held_until).filter(|until| *until > now)
    }

    /// Returns whether somebody has, or waits for, `host`'s turn.
    #[must_use]
    pub fn is_asked(&self, host: &HostKey) -> bool {
        self.with_host(host, |host| host.turn.try_lock().is_err())
    }

    fn with_host<T>(&self, host: &HostKey, work: impl FnOnce(&mut Host) -> T) -> T {
        // Nothing panics while the lock is held, and the map is whole at any moment.
        let mut hosts = self.inner.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get_mut(host) {
            return work(host);
        }
        work(hosts.entry(host.clone()).or_default())
    }
}

impl HostPermit {
    /// Returns until when the host is held, if that is after `now`. Then the request must not be made, and the next in the
    /// queue owes no pause for it.
    #[must_use]
    pub fn held_until(&mut self, now: Timestamp) -> Option<Timestamp> {
        let until = self.held_until.filter(|until| *until > now);
        self.is_used = until.is_none();
        until
    }

    /// Says that the host is not really asked, since a recording answers: the next in the queue owes no pause.
    pub(super) fn asks_nobody(&mut self) {
        self.is_used = false;
    }
}

impl Drop for HostPermit {
    fn drop(&mut self) {
        if self.is_used {
            *self.turn = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use futures_util::future::join;
    use url::Url;

    fn host(text: &str) -> HostKey {
        HostKey::of(&Url::parse(text).expect("a URL"))
    }

    fn moment(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    /// Returns the pass if it can be had at once.
    fn at_once(limiter: &HostLimiter, host: &HostKey) -> Option<HostPermit> {
        limiter.enter(host).now_or_never()
    }

    #[tokio::test]
    async fn one_host_takes_one_request_at_a_time_and_others_go_on() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let (a, b) = (host("http://a.example.org/"), host("https://a.example.org/"));
        let first = at_once(&limiter, &a).expect("nobody is in");
        assert!(at_once(&limiter, &a).is_none());
        assert!(at_once(&limiter, &b).is_some(), "another scheme is another host");
        drop(first);
        let second = limiter.enter(&a).await;
        assert!(at_once(&limiter, &a).is_none());
        drop(second);
    }

    #[tokio::test]
    async fn who_asks_first_goes_first() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let a = host("http://a.example.org/");
        let order = Lock::new(Vec::new());
        let first = limiter.enter(&a).await;
        let wait = |number: usize| {
            let (limiter, a, order) = (&limiter, &a, &order);
            async move {
                let _pass = limiter.enter(a).await;
                order.lock().expect("unpoisoned").push(number);
            }
        };
        let waiting = join(wait(1), wait(2));
        let ((), _) = join(async { drop(first) }, waiting).await;
        assert_eq!(*order.lock().expect("unpoisoned"), [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn between_two_requests_to_a_host_lies_the_pause() {
        let (a, b) = (host("http://a.example.org/"), host("http://b.example.org/"));
        let pause = Duration::from_hours(1);
        let limiter = HostLimiter::new(8, pause);
        drop(at_once(&limiter, &a).expect("nobody was in"));
        let ended = Instant::now();
        assert!(at_once(&limiter, &a).is_none());
        assert!(at_once(&limiter, &b).is_some());
        // Time stands still, and jumps when everybody waits.
        drop(limiter.enter(&a).await);
        assert!(ended.elapsed() >= pause && ended.elapsed() < pause * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_may_ask_for_a_longer_pause() {
        let a = host("http://a.example.org/");
        let limiter = HostLimiter::new(8, Duration::from_secs(1));
        limiter.set_delay(&a, Duration::from_secs(20));
        drop(limiter.enter(&a).await);
        let ended = Instant::now();
        drop(limiter.enter(&a).await);
        assert_eq!(ended.elapsed(), Duration::from_secs(20));
        limiter.set_delay(&a, Duration::ZERO);
        let ended = Instant::now();
        drop(limiter.enter(&a).await);
        assert_eq!(ended.elapsed(), Duration::from_secs(1), "never less than the usual pause");
    }

    #[tokio::test]
    async fn who_is_asked_can_be_seen() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let a = host("http://a.example.org/");
        assert!(!limiter.is_asked(&a));
        let permit = at_once(&limiter, &a);
        assert!(limiter.is_asked(&a));
        drop(permit);
        assert!(!limiter.is_asked(&a));
    }

    #[tokio::test]
    async fn all_together_are_no_more_than_the_jobs() {
        let limiter = HostLimiter::new(2, Duration::ZERO);
        let hosts = [1, 2, 3].map(|number| host(&format!("http://h{number}.example.org/")));
        let first = at_once(&limiter, &hosts[0]).expect("a job is free");
        let _second = at_once(&limiter, &hosts[1]).expect("a job is free");
        assert!(at_once(&limiter, &hosts[2]).is_none());
        drop(first);
        assert!(at_once(&limiter, &hosts[2]).is_some());
        assert!(
            at_once(&HostLimiter::new(0, Duration::ZERO), &hosts[0]).is_some(),
            "no jobs would be no gate"
        );
    }

    #[tokio::test]
    async fn a_hold_reaches_those_who_wait() {
        let limiter = HostLimiter::new(2, Duration::ZERO);
        let a = host("http://a.example.org/");
        let mut first = limiter.enter(&a).await;
        assert_eq!(first.held_until(moment(0)), None);
        let (mut second, ()) = join(limiter.enter(&a), async {
            limiter.hold(&a, moment(500));
            limiter.hold(&a, moment(400));
            drop(first);
        })
        .await;
        assert_eq!(second.held_until(moment(499)), Some(moment(500)));
        assert_eq!(limiter.held_until(&a, moment(0)), Some(moment(500)));
        assert_eq!(limiter.held_until(&host("http://b.example.org/"), moment(0)), None);
    }

    #[tokio::test]
    async fn what_was_not_asked_for_a_hold_owes_no_pause() {
        let limiter = HostLimiter::new(2, Duration::from_hours(1));
        let a = host("http://a.example.org/");
        limiter.hold(&a, moment(500));
        let mut first = at_once(&limiter, &a).expect("nobody was in");
        assert_eq!(first.held_until(moment(499)), Some(moment(500)));
        drop(first);
        let mut second = at_once(&limiter, &a).expect("nothing was asked");
        assert_eq!(second.held_until(moment(500)), None, "the hold is over");
        drop(second);
        assert!(at_once(&limiter, &a).is_none(), "the pause is back");
    }
}
