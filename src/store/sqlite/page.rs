//! The table `page_visit`: pages that could not be fetched, and when to request them again.

use super::column::{Columns, optional_unix};
use super::entry_row;
use crate::model::{EntryId, PageVisit, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Stores the last visit to a page. A page of an unknown entry is left out.
pub(super) fn upsert(connection: &Connection, visit: &PageVisit) -> rusqlite::Result<()> {
    let Some(row) = entry_row::row_of(connection, &visit.entry)? else {
        return Ok(());
    };
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO page_visit (entry, tries, next, reason) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![row, visit.tries, optional_unix(visit.next), visit.reason])?;
    Ok(())
}

/// How long after a page was fetched it is fetched again at the earliest, when its entry has changed.
const REFETCH_SECONDS: i64 = 24 * 60 * 60;
/// How often the page of a changed entry is fetched again.
const MAX_REFETCHES: i64 = 3;

/// Has the page of the entry in `row`, which its feed has changed, fetched again: a day after its last fetch, and three times at most. A page that
/// was never fetched, or that is to be fetched anyway, is left as it is.
pub(super) fn refetch(connection: &Connection, row: i64, now: Timestamp) -> rusqlite::Result<()> {
    let mut count = connection.prepare_cached(
        "UPDATE article SET refetches = refetches + 1 WHERE entry = ?1 AND refetches < ?2
           AND NOT EXISTS (SELECT 1 FROM page_visit WHERE entry = ?1 AND next IS NOT NULL)",
    )?;
    if count.execute([row, MAX_REFETCHES])? == 0 {
        return Ok(());
    }
    let mut schedule = connection.prepare_cached(
        "INSERT OR REPLACE INTO page_visit (entry, tries, next, reason)
         SELECT entry, 0, max(?2, coalesce(fetched, 0) + ?3), 'changed' FROM article WHERE entry = ?1",
    )?;
    schedule.execute([row, now.unix(), REFETCH_SECONDS])?;
    Ok(())
}

/// The maximum wait before a page is requested again.
const MAX_WAIT_SECONDS: i64 = 24 * 60 * 60;

/// Returns the pages to be requested again at `now`, the longest due first. A time more than a day ahead was written by a clock that has
/// since been set back: that page is due as well.
pub(in crate::store) fn due(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<PageVisit>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, p.tries, p.next, p.reason FROM page_visit p JOIN entry e ON e.row = p.entry
         WHERE p.next <= ?1 OR p.next > ?2 ORDER BY p.next, e.id",
    )?;
    let visits = statement.query_map([now.unix(), now.unix() + MAX_WAIT_SECONDS], read)?;
    visits.collect()
}

/// Returns the failed visits to the pages of these entries, in this order.
pub(in crate::store) fn by_entries(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<PageVisit>> {
    let mut statement = connection
        .prepare_cached("SELECT e.id, p.tries, p.next, p.reason FROM page_visit p JOIN entry e ON e.row = p.entry WHERE e.id = ?1")?;
    let mut visits = Vec::new();
    for entry in entries {
        visits.extend(statement.query_row([entry.as_bytes()], read).optional()?);
    }
    Ok(visits)
}

fn read(row: &Row<'_>) -> rusqlite::Result<PageVisit> {
    let mut columns = Columns::new(row);
    Ok(PageVisit {
        entry: columns.entry()?,
        tries: columns.next()?,
        next: columns.optional_time()?,
        reason: columns.next()?,
    })
}
