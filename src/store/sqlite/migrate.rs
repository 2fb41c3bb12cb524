//! Migrations: numbered, append-only files, each applied in a transaction of its own. `user_version` holds the number of the last one.

use super::error::store_error;
use crate::model::{Digester, Timestamp};
use crate::store::error::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;

/// `SQLite`'s application id of griot's databases: `grio` in ASCII, at offset 68 of the file, where `file(1)` reads it.
pub(super) const APPLICATION_ID: i64 = 0x6772_696f;

/// Every schema, in order; the first has number 1. A released file never changes.
const SCHEMAS: &[&str] = &[
    include_str!("schema/0001_initial.sql"),
    include_str!("schema/0002_source_history.sql"),
    include_str!("schema/0003_bounded_queries.sql"),
];

/// What is written once, when a database is created.
pub(super) struct Creation<'a> {
    /// The authority of the `tag:` URIs that topic feeds publish.
    pub authority: &'a str,
    /// When it is created.
    pub now: Timestamp,
    /// The path of its file.
    pub path: &'a Path,
}

/// Brings the database up to the newest schema.
pub(super) fn migrate(connection: &mut Connection, creation: &Creation) -> Result<(), StoreError> {
    while let Some(next) = next_schema(connection, creation.path)? {
        // Another process may migrate at the same time: the schema is read again within the transaction, which only one of them gets.
        apply_schema(connection, next, creation).map_err(|error| store_error(creation.path, &error))?;
    }
    Ok(())
}

/// Returns the number of the database's schema when it has to be migrated; `None` when it is empty or up to date.
pub(super) fn outdated_schema(connection: &Connection, path: &Path) -> Result<Option<i64>, StoreError> {
    let next = next_schema(connection, path)?;
    Ok(next.map(|next| next - 1).filter(|found| *found > 0))
}

/// Returns the number of the schema of a database that this griot can read or migrate.
///
/// # Errors
/// [`StoreError::ForeignFile`], [`StoreError::NewerSchema`], and [`StoreError::Missing`] of an empty file.
pub(super) fn known_schema(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    match next_schema(connection, path)? {
        None => Ok(newest_schema()),
        Some(1) => Err(StoreError::Missing {
            database: path.display().to_string(),
        }),
        Some(next) => Ok(next - 1),
    }
}

fn newest_schema() -> i64 {
    i64::try_from(SCHEMAS.len()).unwrap_or(i64::MAX)
}

/// Checks that the database has the newest schema.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match next_schema(connection, path)? {
        None => Ok(()),
        Some(1) => Err(StoreError::Missing {
            database: path.display().to_string(),
        }),
        Some(next) => Err(StoreError::OlderSchema {
            database: path.display().to_string(),
            found: next - 1,
        }),
    }
}

/// Returns the number of the schema to apply next; `None` when the database is up to date.
fn next_schema(connection: &Connection, path: &Path) -> Result<Option<i64>, StoreError> {
    let known = newest_schema();
    let found = schema(connection).map_err(|error| store_error(path, &error))?;
    let database = path.display().to_string();
    match found {
        None => Err(StoreError::ForeignFile { database }),
        Some(found) if found > known => Err(StoreError::NewerSchema { database, found, known }),
        Some(found) => Ok((found < known).then_some(found + 1)),
    }
}

/// Returns the number of the database's schema, 0 when it is empty; `None` when another program wrote it.
fn schema(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    match number("application_id")? {
        APPLICATION_ID => number("user_version").map(Some),
        0 => {
            let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
            Ok((tables == 0).then_some(0))
        }
        _ => Ok(None),
    }
}

fn apply_schema(connection: &mut Connection, number: i64, creation: &Creation) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if schema(&transaction)? != Some(number - 1) {
        return Ok(());
    }
    let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
    if let Some(schema) = SCHEMAS.get(index) {
        transaction.execute_batch(schema)?;
    }
    if number == 1 {
        write_identity(&transaction, creation)?;
    }
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

/// Writes the application id and the facts that never change: authority, time of creation, and the database's id, which is derived from them
/// and the path.
fn write_identity(connection: &Connection, creation: &Creation) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    let created = creation.now.unix().to_string();
    let path = std::path::absolute(creation.path).unwrap_or_else(|_| creation.path.to_owned());
    let mut digester = Digester::new();
    for part in [
        creation.authority.as_bytes(),
        created.as_bytes(),
        path.as_os_str().as_encoded_bytes(),
    ] {
        digester.update(part).update(&[0]);
    }
    let id = digester.finish().to_hex();
    let mut insert = connection.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)")?;
    for (name, value) in [("authority", creation.authority), ("created", &created), ("database_id", &id)] {
        insert.execute(params![name, value])?;
    }
    Ok(())
}
