//! An open database: one thread that writes, and a few read-only connections.

use super::error::{io_error, store_error};
use super::file::{check_exists, create_private};
use super::tuning::Tuning;
use super::writer::{self, Writer};
use super::{backup, migrate};
use crate::model::Timestamp;
use crate::store::error::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The maximum number of read-only connections that are kept open between queries.
const MAX_IDLE_READERS: usize = 4;
/// The number of prepared statements that each connection caches: more than this folder has.
const MAX_CACHED_STATEMENTS: usize = 192;

/// An open database.
#[derive(Debug)]
pub(in crate::store) struct Database {
    path: PathBuf,
    tuning: Tuning,
    // Dropped before the writer: the last connection to close checkpoints the log, which a read-only connection cannot.
    readers: Mutex<Vec<Connection>>,
    writer: Option<Writer>,
    authority: String,
    id: String,
}

impl Database {
    /// Opens the database at `path` for reading and writing; creates and migrates it. Before a migration a backup is made, without which nothing is
    /// changed.
    pub(in crate::store) fn open(path: &Path, authority: &str, now: Timestamp, tuning: Tuning) -> Result<Self, StoreError> {
        create_private(path).map_err(|error| io_error(path, &error))?;
        let mut connection = connect(path, READ_WRITE, &tuning).map_err(|error| store_error(path, &error))?;
        if let Some(schema) = migrate::outdated_schema(&connection, path)? {
            backup::before_migration(&connection, path, schema, &tuning)?;
        }
        let creation = migrate::Creation { authority, now, path };
        migrate::migrate(&mut connection, &creation)?;
        Self::with_writer(path, connection, tuning)
    }

    /// Opens the database at `path` for reading and writing when it exists and has the newest schema.
    pub(in crate::store) fn open_existing(path: &Path, tuning: Tuning) -> Result<Self, StoreError> {
        check_exists(path)?;
        let connection = connect(path, READ_WRITE, &tuning).map_err(|error| store_error(path, &error))?;
        migrate::check(&connection, path)?;
        Self::with_writer(path, connection, tuning)
    }

    fn with_writer(path: &Path, connection: Connection, tuning: Tuning) -> Result<Self, StoreError> {
        let to_store_error = |error| store_error(path, &error);
        writer::configure(&connection, &tuning).map_err(to_store_error)?;
        let (authority, id) = identity(&connection).map_err(to_store_error)?;
        let writer = Writer::start(connection).map_err(|error| io_error(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            tuning,
            writer: Some(writer),
            readers: Mutex::default(),
            authority,
            id,
        })
    }

    /// Opens the database at `path` only for reading.
    pub(in crate::store) fn open_read_only(path: &Path, tuning: Tuning) -> Result<Self, StoreError> {
        check_exists(path)?;
        let to_store_error = |error| store_error(path, &error);
        let connection = connect(path, READ_ONLY, &tuning).map_err(to_store_error)?;
        migrate::check(&connection, path)?;
        let (authority, id) = identity(&connection).map_err(to_store_error)?;
        Ok(Self {
            path: path.to_owned(),
            tuning,
            writer: None,
            readers: Mutex::new(vec![connection]),
            authority,
            id,
        })
    }

    pub(in crate::store) fn authority(&self) -> &str {
        &self.authority
    }

    pub(in crate::store) fn id(&self) -> &str {
        &self.id
    }

    /// Runs `query` on one consistent state of the database.
    pub(in crate::store) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, READ_ONLY, &self.tuning).map_err(|error| store_error(&self.path, &error))?,
        };
        let result = connection
            .unchecked_transaction()
            .and_then(|transaction| query(&transaction))
            .map_err(|error| store_error(&self.path, &error));
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < MAX_IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    /// Runs `job` on the writing thread, in one transaction of its own, and waits for its end.
    pub(in crate::store) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Some(writer) = &self.writer else {
            return Err(StoreError::ReadOnly {
                database: self.path.display().to_string(),
            });
        };
        match writer.run(job) {
            Some(done) => done.map_err(|error| store_error(&self.path, &error)),
            None => Err(StoreError::Defect {
                database: self.path.display().to_string(),
            }),
        }
    }
}

const READ_WRITE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);
const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

fn connect(path: &Path, flags: OpenFlags, tuning: &Tuning) -> rusqlite::Result<Connection> {
    #[cfg_attr(not(test), expect(unused_mut, reason = "tests trace its statements"))]
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(tuning.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(MAX_CACHED_STATEMENTS);
    #[cfg(test)]
    super::statement_tests::trace(&mut connection, tuning)?;
    // Without the query planner's stability guarantee `SQLite` prepares many statements again for each value, which doubled the cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn identity(connection: &Connection) -> rusqlite::Result<(String, String)> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = ?1")?;
    let mut value = |name: &str| statement.query_row([name], |row| row.get(0)).optional();
    let missing = || Error::InvalidParameterName("meta has no authority or no database_id".to_owned());
    Ok((value("authority")?.ok_or_else(missing)?, value("database_id")?.ok_or_else(missing)?))
}
