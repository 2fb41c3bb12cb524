//! What backup, restore, verification and vacuum report.

use std::path::PathBuf;

/// What a copy of a database holds, after it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// The number of its schema.
    pub schema: i64,
    /// The number of entries.
    pub entries: u64,
    /// The number of stories.
    pub stories: u64,
    /// The number of published items, whose guids no other place has.
    pub published: u64,
    /// The size of its file in bytes.
    pub bytes: u64,
}

/// What a restore has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What the database now holds.
    pub copy: CopyReport,
    /// Where the database that was replaced is kept; none when there was no database.
    pub replaced: Option<PathBuf>,
}

/// What a vacuum has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacuumReport {
    /// The size of the database before, its log included, in bytes.
    pub before: u64,
    /// The size after, in bytes.
    pub after: u64,
}

/// Something that is broken in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What kind of part is broken, which decides on the remedy.
    pub kind: DamageKind,
    /// What was found.
    pub detail: String,
}

/// What kind of part of a database is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DamageKind {
    /// Pages or rows: what they held is lost.
    File,
    /// Rows that refer to rows which are missing.
    References,
    /// An index, which is made of its table again.
    Index,
    /// The full-text index, which is made of the entries again.
    SearchIndex,
    /// Stories, which are derived of the stored decisions again.
    Stories,
}

impl DamageKind {
    /// Returns the stable code of the kind.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::References => "references",
            Self::Index => "index",
            Self::SearchIndex => "search-index",
            Self::Stories => "stories",
        }
    }

    /// Returns what repairs it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::File | Self::References => {
                "griot db restore FILE puts a backup in its place, and keeps this one aside; without a backup, sqlite3's .recover saves what can be read"
            }
            Self::Index => "griot db vacuum writes all indexes anew",
            Self::SearchIndex => "griot db rebuild makes the full-text index anew",
            Self::Stories => "griot db rebuild derives the stories again",
        }
    }
}
