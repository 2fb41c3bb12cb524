//! Translates the errors of `SQLite` into those of the store.

use crate::store::error::StoreError;
use rusqlite::{Error, ErrorCode};
use std::path::Path;

/// Returns the store's error for what `SQLite` reported of the database at `path`.
pub(super) fn store_error(path: &Path, error: &Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error {
        Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { path },
            ErrorCode::DiskFull => StoreError::Full { path },
            ErrorCode::DatabaseCorrupt => StoreError::Corrupt { path, detail },
            ErrorCode::NotADatabase => StoreError::ForeignFile { path },
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
