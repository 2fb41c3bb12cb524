//! `griot db backup`, `restore`, `verify` and `vacuum`. They need the path of feeds.toml only, so they work while it has mistakes.

use super::args::{Backup, Global, Restore, Verify};
use super::failure::{CANNOT_WRITE, DATABASE, DONE, Failure, USAGE};
use super::output::Output;
use super::setup;
use super::terminal_text::escape_controls;
use crate::model::Timestamp;
use crate::store::database_file::DatabaseFile;
use crate::store::{CopyReport, Damage, LockError, RunLock, StoreError};
use serde_json::{Value, json};
use std::path::Path;

/// Writes a copy of the database, and prints what is in it.
///
/// # Errors
/// [`Failure`] when there is no database, when it is damaged, or when the file exists or cannot be written.
pub fn backup(backup: &Backup, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let copy = database(global)?.back_up(&backup.file, backup.force).map_err(|error| match error {
        StoreError::FileExists { .. }
        | StoreError::SameFile { .. }
        | StoreError::BackupFull { .. }
        | StoreError::BackupUnwritable { .. } => Failure::new(CANNOT_WRITE, error),
        error => error.into(),
    })?;
    if output.json {
        output.value(&json(&backup.file, &copy));
    } else if !output.quiet {
        output.tell(&format!("wrote {}: {}", shown(&backup.file), sentence(&copy)));
    }
    Ok(DONE)
}

/// Puts a backup in the place of the database, and prints what is in it and where the former database is.
///
/// # Errors
/// [`Failure`] when the backup cannot be used, or when a run or another process uses the database.
pub fn restore(restore: &Restore, global: &Global, now: Timestamp, output: &mut Output) -> Result<u8, Failure> {
    let database = database(global)?;
    setup::create_folder(database.path())?;
    let lock = lock(&database)?;
    let done = database.restore(&lock, &restore.file, now).map_err(|error| match error {
        // There is no database to be created by a run: the backup is missing.
        StoreError::Missing { .. } => Failure::message(DATABASE, format!("there is no backup in {}", shown(&restore.file))),
        error => error.into(),
    })?;
    if output.json {
        let mut value = json(database.path(), &done.copy);
        value["replaced"] = json!(done.replaced);
        output.value(&value);
    } else if !output.quiet {
        output.tell(&format!("restored {}: {}", shown(database.path()), sentence(&done.copy)));
        if let Some(replaced) = &done.replaced {
            output.tell(&format!("the former database is kept as {}", shown(replaced)));
        }
        output.tell("next: griot publish");
    }
    Ok(DONE)
}

/// Prints what is broken in the database or a backup, each with what repairs it; the exit code is 74 then.
///
/// # Errors
/// [`Failure`] when there is no database of this griot.
pub fn verify(verify: &Verify, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let database = match &verify.file {
        Some(file) if !file.is_file() => {
            return Err(Failure::message(USAGE, format!("there is no file {}", file.display())));
        }
        Some(file) => DatabaseFile::new(file),
        None => self::database(global)?,
    };
    let found = database.verify()?;
    if output.json {
        let damage = found.iter().map(damage_json).collect::<Vec<_>>();
        output.value(&json!({"file": database.path(), "ok": found.is_empty(), "damage": damage}));
    } else if found.is_empty() {
        if !output.quiet {
            output.tell(&format!("{} is whole", shown(database.path())));
        }
    } else {
        print_damage(&found, output);
    }
    Ok(if found.is_empty() { DONE } else { DATABASE })
}

/// Vacuums the database, and prints the bytes before and after.
///
/// # Errors
/// [`Failure`] when a run is under way, or when the database cannot be written.
pub fn vacuum(global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let database = database(global)?;
    let lock = lock(&database)?;
    let done = database.vacuum(&lock)?;
    let gained = done.before.saturating_sub(done.after);
    if output.json {
        output.value(&json!({"before": done.before, "after": done.after, "gained": gained}));
    } else if !output.quiet {
        output.tell(&format!("{} bytes before, {} after: {gained} gained", done.before, done.after));
    }
    Ok(DONE)
}

/// Returns the database in use.
fn database(global: &Global) -> Result<DatabaseFile, Failure> {
    let path = match &global.db {
        Some(path) => path.clone(),
        None => setup::database_path(global, &setup::config_path(global)?),
    };
    Ok(DatabaseFile::new(path))
}

/// Takes the run lock without waiting.
fn lock(database: &DatabaseFile) -> Result<RunLock, Failure> {
    database.lock().map_err(|error| match error {
        LockError::Held { .. } => Failure::from(error).hint("nothing was changed; try again when the run has ended"),
        error @ LockError::Io { .. } => error.into(),
    })
}

/// The number of lines of one remedy that are printed.
const MAX_LISTED: usize = 20;

/// Prints what is broken, and once for each remedy what repairs it.
fn print_damage(found: &[Damage], output: &mut Output) {
    for of_kind in found.chunk_by(|one, other| one.kind == other.kind) {
        for damage in of_kind.iter().take(MAX_LISTED) {
            let detail = output.messages.translate(&damage.detail);
            let line = format!("{}: {}", damage.kind.as_str(), escape_controls(&detail));
            output.line(&line);
        }
        if of_kind.len() > MAX_LISTED {
            let more = format!("and {} more", of_kind.len() - MAX_LISTED);
            output.line(&format!("{}: {}", of_kind[0].kind.as_str(), output.messages.translate(&more)));
        }
        output.line(&format!("→ {}", output.messages.translate(of_kind[0].kind.remedy())));
    }
}

fn damage_json(damage: &Damage) -> Value {
    json!({"kind": damage.kind.as_str(), "detail": damage.detail, "remedy": damage.kind.remedy()})
}

fn json(file: &Path, copy: &CopyReport) -> Value {
    json!({
        "file": file, "schema": copy.schema, "entries": copy.entries, "stories": copy.stories, "published": copy.published,
        "bytes": copy.bytes,
    })
}

fn sentence(copy: &CopyReport) -> String {
    format!(
        "schema {}, {} entries, {} stories, {} published items, {} bytes; checked",
        copy.schema, copy.entries, copy.stories, copy.published, copy.bytes
    )
}

fn shown(path: &Path) -> String {
    escape_controls(&path.display().to_string())
}
