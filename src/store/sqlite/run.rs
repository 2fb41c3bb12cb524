//! The table `run`: when each run began and ended, and its figures.

use super::column::{Columns, signed, unsigned};
use crate::model::{RunRecord, RunSummary, Timestamp};
use rusqlite::{Connection, params};

/// Stores the beginning of a run; returns its number.
pub(in crate::store) fn begin(connection: &Connection, now: Timestamp) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT INTO run (started) VALUES (?1)")?
        .execute([now.unix()])?;
    Ok(connection.last_insert_rowid())
}

/// Stores the end of a run and its figures.
pub(in crate::store) fn end(connection: &Connection, id: i64, now: Timestamp, summary: &RunSummary) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE run SET ended = ?2, due = ?3, fresh = ?4, unchanged = ?5, failed = ?6, deferred = ?7, new_entries = ?8, updated_entries = ?9,
           copies = ?10, articles = ?11, new_stories = ?12, updated_stories = ?13
         WHERE id = ?1",
    )?;
    statement.execute(params![
        id,
        now.unix(),
        signed(summary.due),
        signed(summary.fresh),
        signed(summary.unchanged),
        signed(summary.failed),
        signed(summary.deferred),
        signed(summary.new_entries),
        signed(summary.updated_entries),
        signed(summary.copies),
        signed(summary.articles),
        signed(summary.new_stories),
        signed(summary.updated_stories),
    ])?;
    Ok(())
}

/// Returns the last `limit` runs, the latest first.
pub(in crate::store) fn last(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<RunRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, started, ended, due, fresh, unchanged, failed, deferred, new_entries, updated_entries, copies, articles, new_stories,
                updated_stories
         FROM run WHERE id > (SELECT max(id) FROM run) - ?1 ORDER BY id DESC",
    )?;
    let runs = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        let mut columns = Columns::new(row);
        Ok(RunRecord {
            id: columns.next()?,
            started: columns.time()?,
            ended: columns.optional_time()?,
            summary: summary(&mut columns)?,
        })
    })?;
    runs.collect()
}

/// Returns when each run since `since` began, with the number of its visits that ended, and of those that failed, by time.
pub(in crate::store) fn visit_counts(connection: &Connection, since: Timestamp) -> rusqlite::Result<Vec<(Timestamp, u64, u64)>> {
    let mut statement =
        connection.prepare_cached("SELECT started, fresh + unchanged + failed, failed FROM run WHERE started >= ?1 ORDER BY started")?;
    let counts = statement.query_map([since.unix()], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.time()?, unsigned(columns.next()?), unsigned(columns.next()?)))
    })?;
    counts.collect()
}

fn summary(columns: &mut Columns) -> rusqlite::Result<RunSummary> {
    let mut figure = || columns.next().map(unsigned);
    Ok(RunSummary {
        due: figure()?,
        fresh: figure()?,
        unchanged: figure()?,
        failed: figure()?,
        deferred: figure()?,
        new_entries: figure()?,
        updated_entries: figure()?,
        copies: figure()?,
        articles: figure()?,
        new_stories: figure()?,
        updated_stories: figure()?,
    })
}
