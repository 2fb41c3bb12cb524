//! The errors of the store, in words for the operator. Errors of `SQLite` are translated in `sqlite/error.rs`.

/// Why an operation of the store failed. It changed nothing then. `database` names the database for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the database.
    #[error("the database {database} is locked by another program; wait until it has finished, then try again")]
    Locked {
        /// The database.
        database: String,
    },
    /// The disk has no room for what was to be stored.
    #[error("the disk that holds the database {database} is full; free some space, then run again: nothing that was kept is lost")]
    Full {
        /// The database.
        database: String,
    },
    /// The database is damaged.
    #[error("the database {database} is damaged ({detail}); `griot db restore FILE` puts a backup in its place, and keeps this one aside")]
    Corrupt {
        /// The database.
        database: String,
        /// What was found.
        detail: String,
    },
    /// A newer version of griot wrote the database.
    #[error(
        "the database {database} has schema {found}, this griot knows schemas up to {known}; use the newer griot that wrote it, or restore the backup that it made beside it before the change"
    )]
    NewerSchema {
        /// The database.
        database: String,
        /// The schema that was found.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// The database has to be migrated first, but was opened only for reading.
    #[error("the database {database} has the older schema {found}; a `griot fetch` brings it up to date")]
    OlderSchema {
        /// The database.
        database: String,
        /// The schema that was found.
        found: i64,
    },
    /// The file belongs to another program. It was left as it is.
    #[error("{database} is not a database of griot and was left as it is; name another file with --db")]
    ForeignFile {
        /// The file.
        database: String,
    },
    /// There is no database yet.
    #[error("there is no database at {database}; `griot fetch` creates it")]
    Missing {
        /// Where it was looked for.
        database: String,
    },
    /// The database may not be written.
    #[error("the database {database} may not be written here; check the rights of the file and of its folder")]
    ReadOnly {
        /// The database.
        database: String,
    },
    /// Another process has the database open, which is to be replaced.
    #[error("the database {database} is open in another process; end `griot serve` and whatever else uses it, then try again")]
    InUse {
        /// The database.
        database: String,
    },
    /// The file of a backup exists, and is not to be replaced.
    #[error("{file} exists; name another file, or add --force to replace it")]
    FileExists {
        /// The file.
        file: String,
    },
    /// A database is to be backed up to its own file, or restored from it.
    #[error("{file} is the database itself; name another file")]
    SameFile {
        /// The file.
        file: String,
    },
    /// The disk has no room for a backup.
    #[error(
        "the disk has no room for the backup {file}, which is about as large as the database; free some space: nothing else was written or changed"
    )]
    BackupFull {
        /// The file of the backup.
        file: String,
    },
    /// A backup cannot be written.
    #[error("the backup {file} cannot be written ({detail}); check its folder and its rights: nothing else was written or changed")]
    BackupUnwritable {
        /// The file of the backup.
        file: String,
        /// What was reported.
        detail: String,
    },
    /// A short id fits several entries or stories.
    #[error("several ids start with `{prefix}`; give more of its digits")]
    Ambiguous {
        /// What was asked for.
        prefix: String,
    },
    /// A change ended in a panic. Nothing of it was stored, and the next change works.
    #[error("a change of the database {database} ended in a defect of griot itself; nothing of it was stored")]
    Defect {
        /// The database.
        database: String,
    },
    /// The file could not be read or written, or the database refused.
    #[error("the database {database} cannot be used ({detail}); check the disk, the folder and its rights")]
    Io {
        /// The database.
        database: String,
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
            Self::InUse { .. } => "in-use",
            Self::FileExists { .. } => "file-exists",
            Self::SameFile { .. } => "same-file",
            Self::BackupFull { .. } => "backup-full",
            Self::BackupUnwritable { .. } => "backup-unwritable",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Defect { .. } => "defect",
            Self::Io { .. } => "io",
        }
    }
}
