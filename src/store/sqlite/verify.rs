//! Checks of a whole database: the file by `SQLite`'s own check, the references between rows, and what is derived from others.

use super::column::unsigned;
use super::error::store_error;
use crate::store::error::StoreError;
use crate::store::maintenance_records::{Damage, DamageKind};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// Returns everything that is broken in the database at `path`; empty when nothing is.
///
/// # Errors
/// When the file cannot be read; what is damaged in it is no error.
pub(in crate::store) fn verify(connection: &Connection, path: &Path) -> Result<Vec<Damage>, StoreError> {
    match find_damage(connection).map_err(|error| store_error(path, &error)) {
        // It is so damaged that not even the check comes to its end.
        Err(StoreError::Corrupt { detail, .. }) => Ok(vec![Damage {
            kind: DamageKind::File,
            detail,
        }]),
        found => found,
    }
}

/// Returns everything that is broken; empty when nothing is. Reads the whole file.
pub(super) fn find_damage(connection: &Connection) -> rusqlite::Result<Vec<Damage>> {
    let mut found = integrity(connection)?;
    // What cannot be read cannot be searched for more.
    if found.iter().all(|damage| damage.kind != DamageKind::File) {
        found.extend(references(connection)?);
        found.extend(stories(connection)?);
    }
    found.sort_by_key(|damage| damage.kind);
    Ok(found)
}

/// Returns the number of rows of each table, but of those that belong to the full-text index.
pub(super) fn row_counts(connection: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let mut statement =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'entry_search%' ORDER BY name")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let count = |name: String| {
        // The names come from griot's own schema; none holds a quotation mark.
        let sql = format!("SELECT count(*) FROM \"{name}\"");
        let rows = connection.query_row(&sql, [], |row| row.get(0)).map(unsigned)?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<Damage>> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let damage = |detail: String| Damage {
        kind: kind_of(&detail),
        detail,
    };
    Ok(lines.into_iter().filter(|line| line != "ok").map(damage).collect())
}

/// Returns what a line of `PRAGMA integrity_check` is about.
fn kind_of(line: &str) -> DamageKind {
    let is_of_index = ["missing from index", "wrong # of entries in index", "non-unique entry in index"];
    if line.contains("FTS5") || line.contains("entry_search") {
        DamageKind::SearchIndex
    } else if is_of_index.iter().any(|words| line.contains(words)) {
        DamageKind::Index
    } else {
        DamageKind::File
    }
}

fn references(connection: &Connection) -> rusqlite::Result<Vec<Damage>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?)))?;
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in rows {
        *counts.entry(row?).or_default() += 1;
    }
    let damage = |((table, parent), count)| Damage {
        kind: DamageKind::References,
        detail: format!("{count} rows of the table {table} refer to rows of {parent} that are missing"),
    };
    Ok(counts.into_iter().map(damage).collect())
}

fn stories(connection: &Connection) -> rusqlite::Result<Option<Damage>> {
    let sql = "SELECT count(*) FROM entry WHERE story IS NOT NULL AND story NOT IN (SELECT id FROM story)";
    let count = connection.query_row(sql, [], |row| row.get(0)).map(unsigned)?;
    Ok((count > 0).then(|| Damage {
        kind: DamageKind::Stories,
        detail: format!("{count} entries belong to stories that are missing"),
    }))
}
