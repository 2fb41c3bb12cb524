//! The open connections: how many there may be, which one leaves when there is no room, and the time-outs of each.
//!
//! A client that sends nothing, or half a request, keeps a descriptor and nothing else. When the table is full, the connection that has waited longest
//! for a request leaves, so that however many such clients there are, a new one is served.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep};

/// How many connections there may be at most, however many descriptors the system allows.
const MAX_CONNECTIONS: usize = 4096;
/// The descriptors that are kept for everything else: the database, files, the connections of the fetcher.
const RESERVED_DESCRIPTORS: usize = 64;
/// The limit of descriptors that is asked for, where the system allows more than it gives by default.
const WANTED_DESCRIPTORS: u64 = 8192;
/// A full table drops a connection whose answer has taken this long.
const SLOW_ANSWER: Duration = Duration::from_secs(10);
/// A client that takes nothing of its answer for this long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Returns the number of descriptors that this process may have, after its soft limit was raised as far as is allowed and useful.
#[must_use]
pub fn descriptor_limit() -> usize {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return 256;
    };
    let wanted = hard.min(WANTED_DESCRIPTORS);
    let raised = wanted > soft && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok();
    usize::try_from(if raised { wanted } else { soft }).unwrap_or(usize::MAX)
}

/// Returns how many connections may be open: half of the descriptors that are not reserved, so that the fetcher always has some.
#[must_use]
pub const fn connection_limit(descriptors: usize) -> usize {
    let half = descriptors.saturating_sub(RESERVED_DESCRIPTORS) / 2;
    if half < 4 {
        4
    } else if half > MAX_CONNECTIONS {
        MAX_CONNECTIONS
    } else {
        half
    }
}

/// The open connections.
#[derive(Debug)]
pub struct Connections {
    max: usize,
    table: Mutex<Table>,
    /// Is notified when a connection ends.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Table {
    open: BTreeMap<u64, Arc<Connection>>,
    /// The number of connections so far; the number of the next one.
    accepted: u64,
    /// How many left for others.
    displaced: u64,
    /// How many were refused.
    refused: u64,
}

/// What is known of one connection.
#[derive(Debug)]
pub struct Connection {
    phase: Mutex<Phase>,
    /// Is notified when it has to end.
    pub leave: Notify,
}

/// What a connection is doing, and since when.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// For a request, or the rest of one.
    Waiting(Instant),
    /// The answer is made or sent.
    Answering(Instant),
}

/// The numbers of connections, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Open now.
    pub open: usize,
    /// How many there may be.
    pub max: usize,
    /// Accepted so far.
    pub accepted: u64,
    /// Closed so far to make room for another.
    pub displaced: u64,
    /// Answered with 503 so far.
    pub refused: u64,
}

/// The place of a connection in the table; it leaves the table when this is dropped.
#[derive(Debug)]
pub struct Place {
    number: u64,
    connections: Arc<Connections>,
    /// Its state.
    pub connection: Arc<Connection>,
}

impl Connections {
    /// Returns an empty table with room for `max`.
    #[must_use]
    pub fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            table: Mutex::default(),
            ended: Notify::new(),
        })
    }

    /// Takes a place for a new connection; when there is no room, and no other can leave for it, none.
    pub fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut table = lock(&self.table);
        if table.open.len() >= self.max && !table.displace() {
            table.refused += 1;
            return None;
        }
        let connection = Arc::new(Connection {
            phase: Mutex::new(Phase::Waiting(Instant::now())),
            leave: Notify::new(),
        });
        let number = table.accepted;
        table.accepted += 1;
        table.open.insert(number, Arc::clone(&connection));
        Some(Place {
            number,
            connections: Arc::clone(self),
            connection,
        })
    }

    /// Lets one connection leave, as when descriptors run out; returns whether one could.
    pub fn make_room(&self) -> bool {
        lock(&self.table).displace()
    }

    /// Waits until no connection is open.
    pub async fn all_ended(&self) {
        loop {
            let ended = self.ended.notified();
            if lock(&self.table).open.is_empty() {
                return;
            }
            ended.await;
        }
    }

    /// Returns the numbers of connections.
    #[must_use]
    pub fn counts(&self) -> ConnectionCounts {
        let table = lock(&self.table);
        ConnectionCounts {
            open: table.open.len(),
            max: self.max,
            accepted: table.accepted,
            displaced: table.displaced,
            refused: table.refused,
        }
    }
}

impl Table {
    /// Lets the connection leave that has waited longest for a request; where none waits, the one whose answer takes longest, if that is long.
    fn displace(&mut self) -> bool {
        let mut waiting: Option<(Instant, u64)> = None;
        let mut slow: Option<(Instant, u64)> = None;
        for (number, connection) in &self.open {
            match *lock(&connection.phase) {
                Phase::Waiting(since) => waiting = waiting.into_iter().chain([(since, *number)]).min(),
                Phase::Answering(since) if since.elapsed() >= SLOW_ANSWER => slow = slow.into_iter().chain([(since, *number)]).min(),
                Phase::Answering(_) => {}
            }
        }
        let Some((_, number)) = waiting.or(slow) else { return false };
        if let Some(connection) = self.open.remove(&number) {
            connection.leave.notify_one();
        }
        self.displaced += 1;
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.connections.table).open.remove(&self.number);
        self.connections.ended.notify_waiters();
    }
}

impl Connection {
    /// Notes that a request has come whole; the connection waits again when the result is dropped, with its answer.
    pub fn begin_answer(self: &Arc<Self>) -> Answering {
        *lock(&self.phase) = Phase::Answering(Instant::now());
        Answering(Arc::clone(self))
    }
}

/// An answer under way.
#[derive(Debug)]
pub struct Answering(Arc<Connection>);

impl Drop for Answering {
    fn drop(&mut self) {
        *lock(&self.0.phase) = Phase::Waiting(Instant::now());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while the lock is held, and the content is whole at any moment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection whose client has to take something of its answer within [`WRITE_TIMEOUT`].
#[derive(Debug)]
pub struct TimedStream {
    inner: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl TimedStream {
    /// Wraps a connection.
    #[must_use]
    pub const fn new(inner: TcpStream) -> Self {
        Self { inner, stalled: None }
    }

    /// Starts the time-out with the first write that has to wait, and ends it with the next one that has not.
    fn limited<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(WRITE_TIMEOUT)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.limited(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, parts);
        self.limited(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    async fn has_left(place: &Place) -> bool {
        tokio::time::timeout(Duration::from_millis(1), place.connection.leave.notified())
            .await
            .is_ok()
    }

    #[test]
    fn the_limit_leaves_most_descriptors_to_others() {
        for (descriptors, limit) in [
            (0, 4),
            (64, 4),
            (128, 32),
            (256, 96),
            (1024, 480),
            (65_536, 4096),
            (usize::MAX, 4096),
        ] {
            assert_eq!(connection_limit(descriptors), limit, "{descriptors}");
        }
        assert!(descriptor_limit() > RESERVED_DESCRIPTORS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_table_drops_the_connection_that_has_waited_longest() {
        let connections = Connections::new(2);
        let first = connections.enter().expect("room");
        tokio::time::advance(Duration::from_secs(1)).await;
        let second = connections.enter().expect("room");
        tokio::time::advance(Duration::from_secs(1)).await;
        // The first one has had an answer since.
        drop(first.connection.begin_answer());
        let third = connections.enter().expect("the second leaves");
        assert!(has_left(&second).await && !has_left(&first).await && !has_left(&third).await);
        let counts = connections.counts();
        assert_eq!((counts.open, counts.accepted, counts.displaced, counts.refused), (2, 3, 1, 0));
        drop(second);
        assert_eq!(connections.counts().open, 2, "it had left already");
    }

    #[tokio::test(start_paused = true)]
    async fn answers_are_not_cut_unless_they_take_long() {
        let connections = Connections::new(1);
        let first = connections.enter().expect("room");
        let answering = first.connection.begin_answer();
        assert!(connections.enter().is_none());
        assert_eq!(connections.counts().refused, 1);
        tokio::time::advance(SLOW_ANSWER).await;
        assert!(connections.enter().is_some());
        assert!(has_left(&first).await);
        drop(answering);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("an address"))
            .await
            .expect("it listens");
        let (accepted, _) = listener.accept().await.expect("a client");
        let mut stream = TimedStream::new(accepted);
        let bytes = vec![0; 64 << 20];
        let written = tokio::time::timeout(WRITE_TIMEOUT * 2, stream.write_all(&bytes)).await;
        let written = written.expect("it ends by itself");
        assert_eq!(written.expect_err("it is never read").kind(), io::ErrorKind::TimedOut);
        drop(client);
    }
}
