//! What can go wrong with the database, in words for its operator. What `SQLite` calls it stays behind `sqlite/`.

use std::path::{Path, PathBuf};

/// Why the store could not do what it was asked. Nothing was changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the database.
    #[error("the database {} is locked by another program; wait until it has finished, then try again", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// There is no room for what was to be kept.
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
    /// A newer griot wrote the database.
    #[error("the database {} has schema {found}, this griot knows schemas up to {known}; use the newer griot that wrote it", path.display())]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// The schema that was found.
        found: i64,
        /// The newest schema that we know.
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
    /// The file belongs to something else. It was left as it is.
    #[error("{} is not a database of griot and was left as it is; name another file with --db", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// There is no database yet.
    #[error("there is no database at {}; `griot fetch` creates it", path.display())]
    Missing {
        /// Where it was looked for.
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
    /// Returns the stable word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Full { .. } => "full",
            Self::Corrupt { .. } => "corrupt",
            Self::NewerSchema { .. } => "newer-schema",
            Self::OlderSchema { .. } => "older-schema",
            Self::NotOurs { .. } => "not-ours",
            Self::Missing { .. } => "missing",
            Self::ReadOnly { .. } => "read-only",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Io { .. } => "io",
        }
    }

    /// Makes the error of a writing thread that is no longer there.
    pub(super) fn stopped(path: &Path) -> Self {
        Self::Io {
            path: path.to_owned(),
            detail: "the writing thread has stopped".to_owned(),
        }
    }
}
