//! Migrations: numbered files, append-only, each in a transaction of its own. `user_version` is the last one's number.

use super::error::explain;
use crate::model::{Digester, Timestamp};
use crate::store::error::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;

/// Marks our files: `grio` in ASCII, at offset 68 of the file, where `file(1)` looks too.
pub(super) const APPLICATION_ID: i64 = 0x6772_696f;

/// Every schema we know; the first has number 1. A released file never changes.
const SCHEMAS: &[&str] = &[include_str!("schema/0001_memory.sql"), include_str!("schema/0002_manners.sql")];

/// What is written once, when a database is created.
pub(super) struct Birth<'a> {
    /// The authority of the `tag:` URIs that topic feeds publish.
    pub authority: &'a str,
    /// When it is created.
    pub now: Timestamp,
    /// Where it lies.
    pub path: &'a Path,
}

/// Brings the database up to the newest schema.
pub(super) fn migrate(connection: &mut Connection, birth: &Birth) -> Result<(), StoreError> {
    while let Some(next) = next_schema(connection, birth.path)? {
        // Should another process migrate at the same time, the loop looks again under the lock that only one of us gets.
        step(connection, next, birth).map_err(|error| explain(birth.path, &error))?;
    }
    Ok(())
}

/// Checks that the database has the newest schema.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match next_schema(connection, path)? {
        None => Ok(()),
        Some(1) => Err(StoreError::Missing { path: path.to_owned() }),
        Some(next) => Err(StoreError::OlderSchema {
            path: path.to_owned(),
            found: next - 1,
        }),
    }
}

/// Returns the number of the schema that comes next; none when the database is up to date.
fn next_schema(connection: &Connection, path: &Path) -> Result<Option<i64>, StoreError> {
    let known = i64::try_from(SCHEMAS.len()).unwrap_or(i64::MAX);
    let found = schema(connection).map_err(|error| explain(path, &error))?;
    let path = path.to_owned();
    match found {
        None => Err(StoreError::NotOurs { path }),
        Some(found) if found > known => Err(StoreError::NewerSchema { path, found, known }),
        Some(found) => Ok((found < known).then_some(found + 1)),
    }
}

/// Returns the number of the database's schema, 0 when it is empty; `None` when it is not ours.
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

fn step(connection: &mut Connection, number: i64, birth: &Birth) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if schema(&transaction)? != Some(number - 1) {
        return Ok(());
    }
    let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
    if let Some(schema) = SCHEMAS.get(index) {
        transaction.execute_batch(schema)?;
    }
    if number == 1 {
        baptise(&transaction, birth)?;
    }
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

fn baptise(connection: &Connection, birth: &Birth) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    let created = birth.now.unix().to_string();
    let path = std::path::absolute(birth.path).unwrap_or_else(|_| birth.path.to_owned());
    let mut digester = Digester::new();
    for part in [birth.authority.as_bytes(), created.as_bytes(), path.as_os_str().as_encoded_bytes()] {
        digester.update(part).update(&[0]);
    }
    let id = digester.finish().to_hex();
    let mut insert = connection.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)")?;
    for (name, value) in [("authority", birth.authority), ("created", &created), ("database_id", &id)] {
        insert.execute(params![name, value])?;
    }
    Ok(())
}
