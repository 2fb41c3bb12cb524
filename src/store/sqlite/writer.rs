//! The writing thread: jobs arrive through a bounded channel, each is one transaction, and each returns its result.

use super::tuning::Tuning;
use rusqlite::{Connection, TransactionBehavior};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

/// The number of jobs in the channel; a caller with one more blocks until there is room.
const MAX_QUEUED_JOBS: usize = 16;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle of the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which owns `connection`.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (jobs, queue) = sync_channel(MAX_QUEUED_JOBS);
        let thread = Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run_jobs(connection, &queue))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs `job` in one `BEGIN IMMEDIATE` transaction, all or nothing; `None` when it panicked.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<rusqlite::Result<T>> {
        let (reply, result) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            // The receiver is gone when the calling thread has died; the job is done nevertheless.
            let _ = reply.send(transact(connection, job));
        });
        self.jobs.as_ref()?.send(job).ok()?;
        result.recv().ok()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Closing the channel ends the thread, which closes the connection and so checkpoints the log.
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Configures `connection` as the one that writes.
pub(super) fn configure(connection: &Connection, tuning: &Tuning) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Negative values are KiB: the indexes of 100,000 entries fit.
    connection.pragma_update(None, "cache_size", -8_192)?;
    // In pages of 4,096 bytes: a checkpoint costs two syncs, so there is one for every 16 MiB of log.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4_000, |_| Ok(()))?;
    // In bytes. A large transaction makes the log grow beyond the checkpoint's 16 MiB; without a limit the file keeps that size for ever.
    connection.pragma_update_and_check(None, "journal_size_limit", 64 * 1024 * 1024, |_| Ok(()))?;
    if let Some(pages) = tuning.max_pages {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

fn run_jobs(mut connection: Connection, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        // A defect in one job must not end all later ones. The unwinding drops the job's transaction, which rolls it back, and the sender of its
        // reply, by which its caller notices.
        if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() && !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
}

fn transact<T>(connection: &mut Connection, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    // Immediate: a deferred transaction that reads first fails when another process has written before it writes.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_is_configured_for_durability_and_little_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("griot.db")).expect("a database");
        configure(&connection, &Tuning::default()).expect("configured");
        let pragma = |name| {
            connection
                .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
                .expect("a pragma")
        };
        let names = ["synchronous", "foreign_keys", "cache_size", "wal_autocheckpoint"];
        assert_eq!(names.map(pragma), [1, 1, -8_192, 4_000], "NORMAL; on; in KiB; in pages");
    }
}
