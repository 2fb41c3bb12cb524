//! Copies of a database: each is one state of it, written beside others that write, checked, and put in its place by rename.

use super::error::store_error;
use super::file::{beside, check_exists, create_private, sync_file, sync_folder};
use super::tuning::Tuning;
use super::{migrate, verify};
use crate::store::error::StoreError;
use crate::store::maintenance_records::CopyReport;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, Error, OpenFlags};
use std::fs;
use std::path::{Path, PathBuf};

/// The ending of the backups that are made before a migration; before it stands the number of the schema.
const AUTOMATIC: &str = ".backup";

/// Copies the database of `from`, which is at `path`, to the file `target`, which is replaced where it exists. What is copied is the state of one
/// moment; others may go on writing. The copy is one file without a log, and only its owner may read it.
///
/// # Errors
/// When the database cannot be read or is damaged, or when the copy cannot be written or is not the same; then `target` is as it was.
pub(in crate::store) fn copy(from: &Connection, path: &Path, target: &Path, tuning: &Tuning) -> Result<CopyReport, StoreError> {
    let fresh = beside(target, &format!(".{}.tmp", std::process::id()));
    let copied = write_copy(from, path, &fresh, tuning).and_then(|report| {
        sync_file(&fresh)
            .and_then(|()| fs::rename(&fresh, target))
            .and_then(|()| sync_folder(target))
            .map_err(|error| unwritable(target, &error.to_string()))?;
        Ok(report)
    });
    if copied.is_err() {
        // The first error is returned; this one adds nothing.
        let _ = fs::remove_file(&fresh);
        let _ = fs::remove_file(beside(&fresh, "-journal"));
    }
    copied.map_err(|error| name_target(error, &fresh, target))
}

/// Opens the database at `path` to be copied or checked: for reading only, whatever its schema, if this griot knows it.
pub(in crate::store) fn open(path: &Path, tuning: &Tuning) -> Result<Connection, StoreError> {
    check_exists(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(tuning.busy_timeout)?;
        Ok(connection)
    });
    let connection = opened.map_err(|error| store_error(path, &error))?;
    migrate::known_schema(&connection, path)?;
    Ok(connection)
}

/// Copies a database that has entries to a file beside it before its schema is changed. Those of earlier migrations are deleted then.
pub(super) fn before_migration(connection: &Connection, path: &Path, schema: i64, tuning: &Tuning) -> Result<(), StoreError> {
    let has_entries = connection.query_row("SELECT EXISTS (SELECT 1 FROM entry)", [], |row| row.get::<_, bool>(0));
    if !has_entries.map_err(|error| store_error(path, &error))? {
        return Ok(());
    }
    let target = beside(path, &format!(".schema-{schema}{AUTOMATIC}"));
    copy(connection, path, &target, tuning)?;
    tracing::info!(file = %target.display(), "made a backup of the database before its schema is changed");
    for former in automatic_backups(path) {
        if former != target {
            let _ = fs::remove_file(former);
        }
    }
    Ok(())
}

/// Returns the backups that were made before migrations of the database at `path`.
fn automatic_backups(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let listed = fs::read_dir(folder.unwrap_or(Path::new(".")));
    let is_automatic = |file: &str| {
        let number = file
            .strip_prefix(&name)
            .and_then(|rest| rest.strip_prefix(".schema-")?.strip_suffix(AUTOMATIC));
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let names = listed.into_iter().flatten().flatten().map(|file| file.file_name());
    names
        .filter(|file| file.to_str().is_some_and(is_automatic))
        .map(|file| path.with_file_name(file))
        .collect()
}

/// Writes and checks the copy.
fn write_copy(from: &Connection, path: &Path, target: &Path, tuning: &Tuning) -> Result<CopyReport, StoreError> {
    let in_database = |error: Error| store_error(path, &error);
    let in_copy = |error: Error| store_error(target, &error);
    // One that a killed process with the same number has left behind.
    let _ = fs::remove_file(target);
    create_private(target).map_err(|error| unwritable(target, &error.to_string()))?;
    let mut to = Connection::open(target).map_err(in_copy)?;
    if let Some(pages) = tuning.max_pages {
        to.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(in_copy)?;
    }
    // Within one transaction the counts and the copy are of the same state.
    let state = from.unchecked_transaction().map_err(in_database)?;
    let counts = verify::row_counts(&state).map_err(in_database)?;
    {
        let backup = Backup::new(&state, &mut to).map_err(in_copy)?;
        // All pages in one step: a copy in several begins anew whenever another program writes in between.
        let done = backup.step(-1).map_err(in_copy)?;
        if done != StepResult::Done {
            return Err(StoreError::Locked {
                database: path.display().to_string(),
            });
        }
    }
    drop(state);
    // The copy of a database in WAL mode is one too, and would need a second file beside it.
    to.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))
        .map_err(in_copy)?;
    let schema = migrate::known_schema(&to, target)?;
    let damage = verify::find_damage(&to).map_err(in_copy)?;
    let is_same = verify::row_counts(&to).map_err(in_copy)? == counts;
    if let Some(detail) = damage.into_iter().map(|damage| damage.detail).next() {
        return Err(StoreError::Corrupt {
            database: path.display().to_string(),
            detail,
        });
    }
    if !is_same {
        return Err(unwritable(target, "the copy has not as many rows as the database"));
    }
    let rows = |table: &str| counts.get(table).copied().unwrap_or_default();
    Ok(CopyReport {
        schema,
        entries: rows("entry"),
        stories: rows("story"),
        published: rows("published"),
        bytes: fs::metadata(target).map_or(0, |file| file.len()),
    })
}

/// Returns the error of a copy with the name that was asked for in place of the temporary one.
fn name_target(error: StoreError, fresh: &Path, target: &Path) -> StoreError {
    let is_of_copy = |database: &str| *database == fresh.display().to_string();
    let file = target.display().to_string();
    match error {
        StoreError::Full { database } if is_of_copy(&database) => StoreError::BackupFull { file },
        StoreError::Io { database, detail } if is_of_copy(&database) => StoreError::BackupUnwritable { file, detail },
        StoreError::BackupUnwritable { file: unwritten, detail } if is_of_copy(&unwritten) => StoreError::BackupUnwritable { file, detail },
        other => other,
    }
}

fn unwritable(target: &Path, detail: &str) -> StoreError {
    StoreError::BackupUnwritable {
        file: target.display().to_string(),
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sample::{AUTHORITY, at, everything, open, open_with};
    use crate::store::sqlite::schema_tests::RELEASED;
    use std::collections::BTreeSet;

    /// A disk on which a copy gets no more than a page.
    fn full_disk() -> Tuning {
        Tuning {
            max_pages: Some(1),
            ..Tuning::default()
        }
    }

    fn files(folder: &Path) -> BTreeSet<String> {
        let files = fs::read_dir(folder).expect("a folder").flatten();
        files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_copy_that_finds_no_room_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("griot.db");
        let store = open(&path).expect("a store");
        store.apply(everything()).expect("applied");
        let target = folder.path().join("copy.db");
        fs::write(&target, "mine").expect("a file");
        let from = super::open(&path, &Tuning::default()).expect("opened");
        let before = files(folder.path());
        let error = copy(&from, &path, &target, &full_disk()).expect_err("full");
        assert_eq!(error.code(), "backup-full");
        assert!(error.to_string().contains("copy.db,"), "{error}");
        assert_eq!(files(folder.path()), before);
        assert_eq!(fs::read_to_string(&target).expect("it stays"), "mine");
        let copied = copy(&from, &path, &target, &Tuning::default()).expect("copied");
        let stats = store.stats().expect("stats");
        assert_eq!((copied.entries, copied.stories), (stats.entries, stats.stories));
        assert!(copied.published > 0 && copied.bytes == fs::metadata(&target).expect("a file").len());
    }

    #[test]
    fn no_schema_is_changed_when_the_backup_finds_no_room() {
        for (schema, dump_of_it) in (1_i64..).zip(RELEASED) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("griot.db");
            let raw = Connection::open(&path).expect("a file");
            raw.execute_batch(dump_of_it).expect("the dump");
            let version = || {
                raw.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
                    .expect("a number")
            };
            let error = open_with(&path, AUTHORITY, at(9), full_disk()).expect_err("full");
            assert_eq!((error.code(), version()), ("backup-full", schema));
            drop(open(&path).expect("migrated"));
            assert!(version() > schema);
            let backup = folder.path().join(format!("griot.db.schema-{schema}.backup"));
            let kept = super::open(&backup, &Tuning::default()).expect("a backup");
            assert_eq!(migrate::known_schema(&kept, &backup), Ok(schema));
        }
    }

    #[test]
    fn an_empty_database_is_migrated_without_a_backup() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("griot.db");
        let raw = Connection::open(&path).expect("a file");
        raw.execute_batch(RELEASED[1]).expect("the dump");
        raw.execute_batch("PRAGMA foreign_keys = on; DELETE FROM tombstone; DELETE FROM entry")
            .expect("emptied");
        drop(raw);
        drop(open(&path).expect("migrated"));
        assert!(
            !files(folder.path()).iter().any(|name| name.contains("backup")),
            "{:?}",
            files(folder.path())
        );
    }
}
