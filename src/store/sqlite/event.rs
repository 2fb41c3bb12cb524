//! The table `source_event`: every change of a source's health.

use super::column::{Columns, optional_unix};
use crate::model::{FailureReason, SourceEvent, SourceHealth, SourceId, Timestamp};
use rusqlite::{Connection, params};

/// Stores an event; one that is stored already stays as it is.
pub(super) fn insert(connection: &Connection, source: i64, event: &SourceEvent) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO source_event (source, at, before, after, reason, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![
        source,
        event.at.unix(),
        event.before.as_str(),
        event.after.as_str(),
        event.reason.map(FailureReason::as_str),
        event.detail,
    ])?;
    Ok(())
}

/// Returns the events of one source or of all since `since`, in the order in which they happened.
pub(in crate::store) fn since(
    connection: &Connection,
    source: Option<&SourceId>,
    since: Option<Timestamp>,
) -> rusqlite::Result<Vec<SourceEvent>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.slug, e.at, e.before, e.after, e.reason, e.detail FROM source_event e JOIN source s ON s.row = e.source
         WHERE (?1 IS NULL OR s.slug = ?1) AND e.at >= ?2 ORDER BY e.at, s.slug",
    )?;
    let events = statement.query_map(
        params![source.map(SourceId::as_str), optional_unix(since).unwrap_or(i64::MIN)],
        |row| {
            let mut columns = Columns::new(row);
            Ok(SourceEvent {
                source: columns.source()?,
                at: columns.time()?,
                before: columns.word(SourceHealth::from_word)?,
                after: columns.word(SourceHealth::from_word)?,
                reason: columns.optional_word(FailureReason::from_word)?,
                detail: columns.next()?,
            })
        },
    )?;
    events.collect()
}
