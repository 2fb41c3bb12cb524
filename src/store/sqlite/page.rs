//! Pages that did not come, and when to ask for them again.

use super::column::{Columns, unix};
use super::entry;
use crate::model::{EntryId, PageVisit, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Keeps how often a page was asked for. A page of an entry that is not known is left out.
pub(super) fn keep(connection: &Connection, visit: &PageVisit) -> rusqlite::Result<()> {
    let Some(row) = entry::row_of(connection, &visit.entry)? else {
        return Ok(());
    };
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO page_visit (entry, tries, next, reason) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![row, visit.tries, unix(visit.next), visit.reason])?;
    Ok(())
}

/// The longest wait for a page, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// Returns the pages that are to be asked for again at `now`, the longest due first. What is planned for more than a day ahead was
/// written by a clock that has since been set back: it is due.
pub(in crate::store) fn due(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<PageVisit>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, p.tries, p.next, p.reason FROM page_visit p JOIN entry e ON e.row = p.entry
         WHERE p.next <= ?1 OR p.next > ?2 ORDER BY p.next, e.id",
    )?;
    let visits = statement.query_map([now.unix(), now.unix() + DAY], read)?;
    visits.collect()
}

/// Returns the pages of these entries that did not come, in this order.
pub(in crate::store) fn of(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<PageVisit>> {
    let mut statement = connection
        .prepare_cached("SELECT e.id, p.tries, p.next, p.reason FROM page_visit p JOIN entry e ON e.row = p.entry WHERE e.id = ?1")?;
    let mut visits = Vec::new();
    for entry in entries {
        visits.extend(statement.query_row([entry.as_bytes()], read).optional()?);
    }
    Ok(visits)
}

fn read(row: &Row<'_>) -> rusqlite::Result<PageVisit> {
    let mut columns = Columns::of(row);
    Ok(PageVisit {
        entry: columns.entry()?,
        tries: columns.next()?,
        next: columns.maybe_time()?,
        reason: columns.next()?,
    })
}
