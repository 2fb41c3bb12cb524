//! The host limiter: one request at a time for each host, a delay between two of them, and a limit of parallel requests in all.
//!
//! Feeds, pages and robots.txt share one limiter. It uses monotonic time and lives as long as one run; what has
//! to outlive a run (a hold) is kept by the caller.

use crate::model::{HostKey, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The lock of one host, whose waiters are served in order; it holds the end of the host's last request.
type HostLock = Mutex<Option<Instant>>;

/// The host limiter of one run. Cheap to clone; clones are the same limiter.
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
    lock: Arc<HostLock>,
    held_until: Option<Timestamp>,
    /// A longer delay than the usual one, as the host's robots.txt asks for.
    delay: Duration,
}

/// The permit to make requests to one host. Dropping it admits the next one after the delay.
#[derive(Debug)]
pub struct HostPermit {
    last_request_end: OwnedMutexGuard<Option<Instant>>,
    held_until: Option<Timestamp>,
    /// Whether the host is really requested, so that the next one has to wait for the delay.
    is_used: bool,
    _job: Option<OwnedSemaphorePermit>,
}

impl HostLimiter {
    /// Makes a limiter for `jobs` requests in parallel (at least one) and a delay of `host_delay` between the end of one
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

    /// Waits for the permit of `host`, in the order of the calls. A hold may be set during the wait: look at
    /// [`HostPermit::held_until`] before the request.
    pub async fn acquire(&self, host: &HostKey) -> HostPermit {
        let lock = self.with_host(host, |host| Arc::clone(&host.lock));
        let last_request_end = lock.lock_owned().await;
        if let Some(ended) = *last_request_end {
            let delay = self.with_host(host, |host| host.delay).max(self.inner.host_delay);
            sleep_until(ended + delay).await;
        }
        // The semaphore comes last: what waits for a slow host must not take a place from other hosts.
        let jobs = Arc::clone(&self.inner.jobs);
        // The semaphore is never closed, so this cannot fail.
        let job = jobs.acquire_owned().await.ok();
        HostPermit {
            last_request_end,
            held_until: self.with_host(host, |host| host.held_until),
            is_used: true,
            _job: job,
        }
    }

    /// Holds `host` until `until`; a later hold wins over an earlier one.
    pub fn hold(&self, host: &HostKey, until: Timestamp) {
        tracing::debug!(%host, %until, "host held");
        self.with_host(host, |host| host.held_until = host.held_until.max(Some(until)));
    }

    /// Makes the delay between two requests to `host` at least `delay`.
    pub fn set_delay(&self, host: &HostKey, delay: Duration) {
        self.with_host(host, |host| host.delay = delay);
    }

    /// Returns until when `host` is held, if that is after `now`.
    #[must_use]
    pub fn held_until(&self, host: &HostKey, now: Timestamp) -> Option<Timestamp> {
        self.with_host(host, |host| host.held_until).filter(|until| *until > now)
    }

    /// Returns whether the permit of `host` is held or waited for.
    #[must_use]
    pub fn is_busy(&self, host: &HostKey) -> bool {
        self.with_host(host, |host| host.lock.try_lock().is_err())
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
    /// Returns until when the host is held, if that is after `now`. Then the request must not be made, and the next one
    /// need not wait for the delay.
    #[must_use]
    pub fn held_until(&mut self, now: Timestamp) -> Option<Timestamp> {
        let until = self.held_until.filter(|until| *until > now);
        self.is_used = until.is_none();
        until
    }

    /// Marks that the host is not really requested, since a recording answers: the next one need not wait for the delay.
    pub(super) fn skip_delay(&mut self) {
        self.is_used = false;
    }
}

impl Drop for HostPermit {
    fn drop(&mut self) {
        if self.is_used {
            *self.last_request_end = Some(Instant::now());
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
        HostKey::from_url(&Url::parse(text).expect("a URL"))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    /// Returns the permit if it is free.
    fn try_acquire(limiter: &HostLimiter, host: &HostKey) -> Option<HostPermit> {
        limiter.acquire(host).now_or_never()
    }

    #[tokio::test]
    async fn one_host_has_one_request_at_a_time_and_others_continue() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let (a, b) = (host("http://a.example.org/"), host("https://a.example.org/"));
        let first = try_acquire(&limiter, &a).expect("it is free");
        assert!(try_acquire(&limiter, &a).is_none());
        assert!(try_acquire(&limiter, &b).is_some(), "another scheme is another host");
        drop(first);
        let second = limiter.acquire(&a).await;
        assert!(try_acquire(&limiter, &a).is_none());
        drop(second);
    }

    #[tokio::test]
    async fn permits_are_given_in_the_order_of_the_calls() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let a = host("http://a.example.org/");
        let order = Lock::new(Vec::new());
        let first = limiter.acquire(&a).await;
        let wait = |number: usize| {
            let (limiter, a, order) = (&limiter, &a, &order);
            async move {
                let _permit = limiter.acquire(a).await;
                order.lock().expect("unpoisoned").push(number);
            }
        };
        let waiting = join(wait(1), wait(2));
        let ((), _) = join(async { drop(first) }, waiting).await;
        assert_eq!(*order.lock().expect("unpoisoned"), [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn between_two_requests_to_a_host_is_the_delay() {
        let (a, b) = (host("http://a.example.org/"), host("http://b.example.org/"));
        let delay = Duration::from_hours(1);
        let limiter = HostLimiter::new(8, delay);
        drop(try_acquire(&limiter, &a).expect("it is free"));
        let ended = Instant::now();
        assert!(try_acquire(&limiter, &a).is_none());
        assert!(try_acquire(&limiter, &b).is_some());
        // The paused clock of tokio jumps ahead when every task waits.
        drop(limiter.acquire(&a).await);
        assert!(ended.elapsed() >= delay && ended.elapsed() < delay * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_can_have_a_longer_delay() {
        let a = host("http://a.example.org/");
        let limiter = HostLimiter::new(8, Duration::from_secs(1));
        limiter.set_delay(&a, Duration::from_secs(20));
        drop(limiter.acquire(&a).await);
        let ended = Instant::now();
        drop(limiter.acquire(&a).await);
        assert_eq!(ended.elapsed(), Duration::from_secs(20));
        limiter.set_delay(&a, Duration::ZERO);
        let ended = Instant::now();
        drop(limiter.acquire(&a).await);
        assert_eq!(ended.elapsed(), Duration::from_secs(1), "never less than the usual delay");
    }

    #[tokio::test]
    async fn a_busy_host_is_known() {
        let limiter = HostLimiter::new(8, Duration::ZERO);
        let a = host("http://a.example.org/");
        assert!(!limiter.is_busy(&a));
        let permit = try_acquire(&limiter, &a);
        assert!(limiter.is_busy(&a));
        drop(permit);
        assert!(!limiter.is_busy(&a));
    }

    #[tokio::test]
    async fn all_hosts_together_have_no_more_than_the_jobs() {
        let limiter = HostLimiter::new(2, Duration::ZERO);
        let hosts = [1, 2, 3].map(|number| host(&format!("http://h{number}.example.org/")));
        let first = try_acquire(&limiter, &hosts[0]).expect("a job is free");
        let _second = try_acquire(&limiter, &hosts[1]).expect("a job is free");
        assert!(try_acquire(&limiter, &hosts[2]).is_none());
        drop(first);
        assert!(try_acquire(&limiter, &hosts[2]).is_some());
        assert!(
            try_acquire(&HostLimiter::new(0, Duration::ZERO), &hosts[0]).is_some(),
            "at least one job"
        );
    }

    #[tokio::test]
    async fn a_hold_reaches_waiting_requests() {
        let limiter = HostLimiter::new(2, Duration::ZERO);
        let a = host("http://a.example.org/");
        let mut first = limiter.acquire(&a).await;
        assert_eq!(first.held_until(at(0)), None);
        let (mut second, ()) = join(limiter.acquire(&a), async {
            limiter.hold(&a, at(500));
            limiter.hold(&a, at(400));
            drop(first);
        })
        .await;
        assert_eq!(second.held_until(at(499)), Some(at(500)));
        assert_eq!(limiter.held_until(&a, at(0)), Some(at(500)));
        assert_eq!(limiter.held_until(&host("http://b.example.org/"), at(0)), None);
    }

    #[tokio::test]
    async fn a_request_not_made_for_a_hold_causes_no_delay() {
        let limiter = HostLimiter::new(2, Duration::from_hours(1));
        let a = host("http://a.example.org/");
        limiter.hold(&a, at(500));
        let mut first = try_acquire(&limiter, &a).expect("it is free");
        assert_eq!(first.held_until(at(499)), Some(at(500)));
        drop(first);
        let mut second = try_acquire(&limiter, &a).expect("no request was made");
        assert_eq!(second.held_until(at(500)), None, "the hold is over");
        drop(second);
        assert!(try_acquire(&limiter, &a).is_none(), "the delay applies again");
    }
}
