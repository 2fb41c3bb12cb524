//! The row numbers of entries, which tables of one entry each refer to, and the count of an entry's changes.

use crate::model::EntryId;
use rusqlite::{Connection, OptionalExtension};

/// Returns the row number of an entry.
pub(super) fn row_of(connection: &Connection, id: &EntryId) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT row FROM entry WHERE id = ?1")?;
    statement.query_row([id.as_bytes()], |row| row.get(0)).optional()
}

/// Counts a change of the entry in `row`, so that its story is evaluated again.
pub(super) fn touch(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE entry SET version = version + 1 WHERE row = ?1")?
        .execute([row])?;
    Ok(())
}
