//! Translates the errors of `SQLite` into those of the store.

use crate::store::error::StoreError;
use rusqlite::{Error, ErrorCode};
use std::io;
use std::path::Path;

/// Returns the store's error for what `SQLite` reported of the database at `path`.
pub(super) fn store_error(path: &Path, error: &Error) -> StoreError {
    let database = path.display().to_string();
    let detail = error.to_string();
    match error {
        Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { database },
            ErrorCode::DiskFull => StoreError::Full { database },
            ErrorCode::DatabaseCorrupt => StoreError::Corrupt { database, detail },
            ErrorCode::NotADatabase => StoreError::ForeignFile { database },
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly { database },
            _ => StoreError::Io { database, detail },
        },
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidParameterName(_) => StoreError::Corrupt { database, detail },
        _ => StoreError::Io { database, detail },
    }
}

/// Returns the store's error for what the operating system reported of the database at `path`.
pub(super) fn io_error(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Io {
        database: path.display().to_string(),
        detail: error.to_string(),
    }
}
