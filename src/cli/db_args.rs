//! The arguments of `griot db`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `griot db`.
#[derive(Debug, Args)]
pub struct Db {
    /// The task
    #[command(subcommand)]
    pub task: DbTask,
}

/// What `griot db` does.
#[derive(Debug, Subcommand)]
pub enum DbTask {
    /// Count rows and bytes
    Stats,
    /// Write a checked copy of the database to a file, also while a run or `griot serve` uses it
    ///
    /// The copy is the state of one moment, in one file that only its owner may read. It is checked as `db verify` does before it gets its name.
    Backup(Backup),
    /// Put a backup in the place of the database, and keep the former one beside it
    ///
    /// The backup is checked first. Nothing may have the database open: end `griot serve`. `griot publish` then writes the feeds from it.
    Restore(Restore),
    /// Check the database, or a backup of it: pages, indexes, references, stories; exit with 74 when something is broken
    Verify(Verify),
    /// Write the database anew without free pages, and print how many bytes that gained; needs as much room as the database takes
    Vacuum,
    /// Delete what `[retention]` no longer keeps, as the first run of each day does
    Prune(Prune),
    /// Derive the stories again from the stored decisions, and have every story placed anew
    ///
    /// Takes the story of each entry, and the original that it is a copy of, from the last decision that a run or an editor stored of it, and derives the
    /// stories, what finds copies and the full-text index again. The next run or `griot publish` places the stories in their topics. Published guids stay as they are.
    Rebuild,
}

/// `griot db backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write
    pub file: PathBuf,
    /// Replace the file when it exists
    #[arg(long)]
    pub force: bool,
}

/// `griot db restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup; it stays as it is
    pub file: PathBuf,
}

/// `griot db verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// A backup; else the database
    pub file: Option<PathBuf>,
}

/// `griot db prune`.
#[derive(Debug, Args)]
pub struct Prune {
    /// Only tell what would be deleted; nothing is written
    #[arg(long)]
    pub dry_run: bool,
}
