//! The table `fingerprint`: what dedupe compares of an entry.

use rusqlite::{Connection, params};

/// Stores the fingerprint of the entry in `row` in place of a former one.
pub(super) fn upsert(connection: &Connection, row: i64, value: &[u8]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO fingerprint (entry, value) VALUES (?1, ?2)")?;
    statement.execute(params![row, value])?;
    Ok(())
}
