//! Writes a database anew without the pages that are free, and its indexes.

use super::error::store_error;
use super::file::{beside, check_exists};
use super::migrate;
use super::tuning::Tuning;
use crate::store::error::StoreError;
use crate::store::maintenance_records::VacuumReport;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::path::Path;

/// Vacuums the database at `path`, whatever its schema, and makes its indexes anew. Others may read meanwhile.
///
/// # Errors
/// When it cannot be read or written, or the disk has no room for a second copy of it; then it is as it was.
pub(in crate::store) fn vacuum(path: &Path, tuning: &Tuning) -> Result<VacuumReport, StoreError> {
    check_exists(path)?;
    let to_store_error = |error| store_error(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(to_store_error)?;
    connection.busy_timeout(tuning.busy_timeout).map_err(to_store_error)?;
    migrate::known_schema(&connection, path)?;
    let before = size(path);
    // A vacuum copies indexes as they are; broken ones are made anew of their tables.
    connection.execute_batch("REINDEX; VACUUM").map_err(to_store_error)?;
    // Else the new pages stay in the log, and the file as large as it was.
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(to_store_error)?;
    Ok(VacuumReport { before, after: size(path) })
}

/// Returns the size of the database and its log in bytes.
fn size(path: &Path) -> u64 {
    let files = [path.to_owned(), beside(path, "-wal")];
    files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum()
}
