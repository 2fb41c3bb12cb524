//! The one writing thread: jobs come in through a bounded channel, each is one transaction, each gets its answer back.

use super::tuning::Tuning;
use rusqlite::{Connection, TransactionBehavior};
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

/// Jobs that may wait; whoever brings one more waits with it.
const WAITING_JOBS: usize = 16;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The writing thread, as the others see it.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread; it owns `connection` from now on.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(WAITING_JOBS);
        let thread = Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(connection, &waiting))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Does `job` in one `BEGIN IMMEDIATE` transaction, all or nothing; `None` when the thread has stopped.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<rusqlite::Result<T>> {
        let (reply, answer) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            // Nobody waits any more when the asking thread has died; the work is done nevertheless.
            let _ = reply.send(transact(connection, job));
        });
        self.jobs.as_ref()?.send(job).ok()?;
        answer.recv().ok()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Closing the channel ends the thread, which closes the connection and folds the log into the database.
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Makes `connection` the one that writes.
pub(super) fn prepare(connection: &Connection, tuning: Tuning) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Negative values are KiB. The indexes of a hundred thousand entries fit.
    connection.pragma_update(None, "cache_size", -8_192)?;
    // Folding the log back costs two syncs each time: not more often than every 16 MiB.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4_000, |_| Ok(()))?;
    if let Some(pages) = tuning.max_pages {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

fn work(mut connection: Connection, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(&mut connection);
    }
}

fn transact<T>(connection: &mut Connection, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    // Immediate: a transaction that reads before it asks to write fails at once when another has written meanwhile.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
