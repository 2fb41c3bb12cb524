//! Puts a backup in the place of a database, which is kept aside. Nobody else may have the database open meanwhile: what they wrote would be lost.

use super::backup;
use super::error::store_error;
use super::file::{beside, sync_folder};
use super::tuning::Tuning;
use crate::model::Timestamp;
use crate::store::error::StoreError;
use crate::store::maintenance_records::RestoreReport;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The endings of the files that `SQLite` keeps beside a database. One that is left behind would be taken for a part of the next database.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Puts a checked copy of `from` in the place of the database at `path`, which has no symbolic link.
///
/// # Errors
/// [`StoreError::InUse`] when another process has the database open, and those of [`backup::copy`]; then the database is as it was.
pub(in crate::store) fn restore(path: &Path, from: &Path, now: Timestamp, tuning: &Tuning) -> Result<RestoreReport, StoreError> {
    let source = backup::open(from, tuning)?;
    let held = path.exists().then(|| hold_alone(path, tuning)).transpose()?;
    let fresh = beside(path, ".restored");
    let copy = backup::copy(&source, from, &fresh, tuning)?;
    let replaced = replace(path, &fresh, now).map_err(|error| {
        // The first error is returned; this one adds nothing.
        let _ = fs::remove_file(&fresh);
        super::error::io_error(path, &error)
    })?;
    drop(held);
    Ok(RestoreReport { copy, replaced })
}

/// Takes the database so that no other process can use it until the connection is closed, and moves its log into it. A database that is too damaged
/// for that is held by nobody: `None`.
fn hold_alone(path: &Path, tuning: &Tuning) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let in_use = || StoreError::InUse {
        database: path.display().to_string(),
    };
    let held = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(tuning.busy_timeout)?;
        // Only the sole connection to a database can end its WAL mode.
        let mode: String = connection.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))?;
        connection.execute_batch("BEGIN EXCLUSIVE")?;
        Ok((connection, mode))
    });
    match held {
        Ok((connection, mode)) if mode == "delete" => Ok(Some(connection)),
        Ok(_) => Err(in_use()),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(in_use()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Ok(None),
            _ => Err(store_error(path, &error)),
        },
    }
}

/// Renames `fresh` to `path`; returns where what was there is kept. At no moment is there no database.
fn replace(path: &Path, fresh: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let mut aside = None;
    if path.exists() {
        let kept = free_name(path, now);
        for ending in COMPANIONS {
            let companion = beside(path, ending);
            if companion.exists() {
                fs::rename(&companion, beside(&kept, ending))?;
            }
        }
        // Some file systems have no second names; there a crash between two renames leaves the former database under its new name only.
        fs::hard_link(path, &kept).or_else(|_| fs::rename(path, &kept))?;
        aside = Some(kept);
    }
    fs::rename(fresh, path)?;
    sync_folder(path)?;
    Ok(aside)
}

/// Returns a name beside the database that no file has, with the time.
fn free_name(path: &Path, now: Timestamp) -> PathBuf {
    let time: String = now.rfc3339().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let plain = beside(path, &format!(".replaced-{time}"));
    let numbered = (2..).map(|number| beside(path, &format!(".replaced-{time}-{number}")));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| !name.exists()).unwrap_or(plain)
}
