//! The errors of the store, in words for the operator. Errors of `SQLite` are translated in `sqlite/error.rs`.

use std::path::{Path, PathBuf};

/// Why an operation of the store failed. It changed nothing then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the database.
    #[error("the database {} is locked by another program; wait until it has finished, then try again", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// The disk has no room for what was to be stored.
    #[error("the disk that holds the database {} is full; free some space, then run again: nothing that was kept is lost", path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The database is damaged.
    #[error("the database {} is damaged ({detail}); keep a copy of it, and put a backup in its place", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A newer version of griot wrote the database.
    #[error("the database {} has schema {found}, this griot knows schemas up to {known}; use the newer griot that wrote it", path.display())]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// The schema that was found.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// The database has to be migrated first, but was opened only for reading.
    #[error("the database {} has the older schema {found}; a `griot fetch` brings it up to date", path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// The schema that was found.
        found: i64,
    },
    /// The file belongs to another program. It was left as it is.
    #[error("{} is not a database of griot and was left as it is; name another file with --db", path.display())]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// There is no database yet.
    #[error("there is no database at {}; `griot fetch` creates it", path.display())]
    Missing {
        /// The path at which it was looked for.
        path: PathBuf,
    },
    /// The database may not be written.
    #[error("the database {} may not be written here; check the rights of the file and of its folder", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// A short id fits several entries or stories.
    #[error("several ids start with `{prefix}`; give more of its digits")]
    Ambiguous {
        /// What was asked for.
        prefix: String,
    },
    /// The file could not be read or written, or the database refused.
    #[error("the database {} cannot be used ({detail}); check the disk, the folder and its rights", path.display())]
    Io {
        /// The database.
        path: PathBuf,
        /// What was reported.
        detail: String,
    },
}

impl StoreError {
    /// Returns the stable code of the error, for logs and exit codes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Full { .. } => "full",
            Self::Corrupt { .. } => "corrupt",
            Self::NewerSchema { .. } => "newer-schema",
            Self::OlderSchema { .. } => "older-schema",
            Self::ForeignFile { .. } => "not-ours",
            Self::Missing { .. } => "missing",
            Self::ReadOnly { .. } => "read-only",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Io { .. } => "io",
        }
    }

    /// Returns the error for a writing thread that has stopped.
    pub(super) fn stopped(path: &Path) -> Self {
        Self::Io {
            path: path.to_owned(),
            detail: "the writing thread has stopped".to_owned(),
        }
    }
}
