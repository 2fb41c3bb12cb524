//! Sources: which are configured, and how each of them is doing.

use super::column::{Columns, unix};
use crate::model::{SourceHealth, SourceId, SourceState, Timestamp};
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::collections::HashMap;

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT s.slug, t.url, t.answered_by, t.etag, t.last_modified, t.body_hash, t.last_visit, t.last_success, t.next_visit,
                    coalesce(t.failures, 0), t.failing_since, coalesce(t.health, 'new'), t.reason, t.detail, t.feed_title, t.feed_link
             FROM source s LEFT JOIN source_state t ON t.source = s.row ",
            $tail
        )
    };
}

/// The rows of sources, looked up once for each transaction.
pub(super) struct SourceRows<'c> {
    connection: &'c Connection,
    known: HashMap<SourceId, i64>,
}

impl<'c> SourceRows<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            known: HashMap::new(),
        }
    }

    /// Returns the row of `source`; one that was never configured gets a row, but is not present.
    pub(super) fn row(&mut self, source: &SourceId) -> rusqlite::Result<i64> {
        if let Some(row) = self.known.get(source) {
            return Ok(*row);
        }
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO source (slug) VALUES (?1) ON CONFLICT DO NOTHING")?;
        insert.execute([source.as_str()])?;
        let mut find = self.connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
        let row = find.query_row([source.as_str()], |row| row.get(0))?;
        self.known.insert(source.clone(), row);
        Ok(row)
    }
}

/// Makes exactly `sources` present.
pub(in crate::store) fn sync(connection: &Connection, sources: &[SourceId]) -> rusqlite::Result<()> {
    connection.execute("UPDATE source SET present = 0 WHERE present = 1", [])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO source (slug, present) VALUES (?1, 1) ON CONFLICT (slug) DO UPDATE SET present = 1")?;
    for source in sources {
        insert.execute([source.as_str()])?;
    }
    Ok(())
}

/// Keeps the new `state` of a source.
pub(super) fn keep(connection: &Connection, row: i64, state: &SourceState) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO source_state (source, url, answered_by, etag, last_modified, body_hash, last_visit, last_success, next_visit,
           failures, failing_since, health, reason, detail, feed_title, feed_link)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    statement.execute(params![
        row,
        state.url,
        state.answered_by,
        state.etag,
        state.last_modified,
        state.body_hash,
        unix(state.last_visit),
        unix(state.last_success),
        unix(state.next_visit),
        state.failures,
        unix(state.failing_since),
        state.health.as_str(),
        state.reason,
        state.detail,
        state.feed_title,
        state.feed_link,
    ])?;
    Ok(())
}

/// Returns the present sources that are due, the longest due first.
pub(in crate::store) fn due(connection: &Connection, now: Timestamp, limit: usize) -> rusqlite::Result<Vec<SourceState>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    states(
        connection,
        select!(
            "WHERE s.present = 1 AND (t.next_visit IS NULL OR t.next_visit <= ?1)
             ORDER BY t.next_visit NULLS FIRST, s.slug LIMIT ?2"
        ),
        params![now.unix(), limit],
    )
}

/// Returns the states of the present sources, by id.
pub(in crate::store) fn present(connection: &Connection) -> rusqlite::Result<Vec<SourceState>> {
    states(connection, select!("WHERE s.present = 1 ORDER BY s.slug"), [])
}

/// Returns the state of one source, present or not.
pub(in crate::store) fn one(connection: &Connection, source: &SourceId) -> rusqlite::Result<Option<SourceState>> {
    let mut statement = connection.prepare_cached(select!("WHERE s.slug = ?1"))?;
    statement.query_row([source.as_str()], |row| read(&mut Columns::of(row))).optional()
}

fn states(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<SourceState>> {
    let mut statement = connection.prepare_cached(sql)?;
    let states = statement.query_map(params, |row| read(&mut Columns::of(row)))?;
    states.collect()
}

fn read(columns: &mut Columns) -> rusqlite::Result<SourceState> {
    Ok(SourceState {
        source: columns.source()?,
        url: columns.next()?,
        answered_by: columns.next()?,
        etag: columns.next()?,
        last_modified: columns.next()?,
        body_hash: columns.next()?,
        last_visit: columns.maybe_time()?,
        last_success: columns.maybe_time()?,
        next_visit: columns.maybe_time()?,
        failures: columns.next()?,
        failing_since: columns.maybe_time()?,
        health: columns.word(SourceHealth::from_word)?,
        reason: columns.next()?,
        detail: columns.next()?,
        feed_title: columns.next()?,
        feed_link: columns.next()?,
    })
}
