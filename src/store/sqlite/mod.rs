//! `SQLite` behind the store: the only place in griot that knows SQL and rusqlite. One file per noun.
//!
//! One thread owns the writing connection, so no transaction ever fails because another of ours writes (see
//! `docs/design/0003-store.md`); a few connections that may only read answer everything else.

pub(super) mod apply;
pub(super) mod article;
mod column;
pub(super) mod entry;
pub(super) mod event;
pub(super) mod export;
pub(super) mod host;
pub(super) mod key;
pub(super) mod mark;
mod migrate;
pub(super) mod page;
pub(super) mod placement;
pub(super) mod problem;
pub(super) mod provenance;
pub(super) mod published;
pub(super) mod revision;
pub(super) mod run;
pub(super) mod source;
pub(super) mod stats;
pub(super) mod story;
mod writer;

use super::StoreError;
use crate::model::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use writer::Writer;

/// Reading connections that are kept open between questions.
const IDLE_READERS: usize = 4;
/// Prepared statements that each connection keeps; more than there are in this folder.
const STATEMENTS: usize = 96;

/// How patient and how large a database may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tuning {
    /// How long to wait for another program's lock.
    pub busy: Duration,
    /// The most pages of 4,096 bytes that the file may have; for tests of a full disk.
    pub max_pages: Option<u32>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            busy: Duration::from_secs(5),
            max_pages: None,
        }
    }
}

/// An open database.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    tuning: Tuning,
    // Before the writer: the last connection to close folds the log back, and a reader may not do that.
    readers: Mutex<Vec<Connection>>,
    writer: Option<Writer>,
    authority: String,
    id: String,
}

impl Database {
    /// Opens the database at `path` for reading and writing; creates and migrates it.
    pub(super) fn open(path: &Path, authority: &str, now: Timestamp, tuning: Tuning) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let explain = |error| explain(path, &error);
        let mut connection = connect(path, flags, tuning).map_err(explain)?;
        let birth = migrate::Birth { authority, now, path };
        migrate::migrate(&mut connection, &birth)?;
        writer::prepare(&connection, tuning).map_err(explain)?;
        let (authority, id) = identity(&connection).map_err(explain)?;
        let writer = Writer::start(connection).map_err(|error| StoreError::Io {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
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
    pub(super) fn open_read_only(path: &Path, tuning: Tuning) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let explain = |error| explain(path, &error);
        let connection = connect(path, READING, tuning).map_err(explain)?;
        migrate::check(&connection, path)?;
        let (authority, id) = identity(&connection).map_err(explain)?;
        Ok(Self {
            path: path.to_owned(),
            tuning,
            writer: None,
            readers: Mutex::new(vec![connection]),
            authority,
            id,
        })
    }

    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Asks `question` of one consistent state of the database.
    pub(super) fn read<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, READING, self.tuning).map_err(|error| explain(&self.path, &error))?,
        };
        let answer = connection
            .unchecked_transaction()
            .and_then(|transaction| question(&transaction))
            .map_err(|error| explain(&self.path, &error));
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        answer
    }

    /// Does `job` on the writing thread, in one transaction of its own, and waits for its end.
    pub(super) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Some(writer) = &self.writer else {
            return Err(StoreError::ReadOnly { path: self.path.clone() });
        };
        match writer.run(job) {
            Some(done) => done.map_err(|error| explain(&self.path, &error)),
            None => Err(StoreError::stopped(&self.path)),
        }
    }
}

const READING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

fn connect(path: &Path, flags: OpenFlags, tuning: Tuning) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(tuning.busy)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this guarantee of stable plans `SQLite` prepares many statements anew for each value: half of the whole cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn identity(connection: &Connection) -> rusqlite::Result<(String, String)> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = ?1")?;
    let mut value = |name: &str| statement.query_row([name], |row| row.get(0)).optional();
    let missing = || Error::InvalidParameterName("meta has no authority or no database_id".to_owned());
    Ok((value("authority")?.ok_or_else(missing)?, value("database_id")?.ok_or_else(missing)?))
}

/// Says in the store's words what `SQLite` reported of the database at `path`.
fn explain(path: &Path, error: &Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error {
        Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { path },
            ErrorCode::DiskFull => StoreError::Full { path },
            ErrorCode::DatabaseCorrupt => StoreError::Corrupt { path, detail },
            ErrorCode::NotADatabase => StoreError::NotOurs { path },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly { path },
            _ => StoreError::Io { path, detail },
        },
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidParameterName(_) => StoreError::Corrupt { path, detail },
        _ => StoreError::Io { path, detail },
    }
}

#[cfg(test)]
mod tests;
