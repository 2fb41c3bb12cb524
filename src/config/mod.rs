//! feeds.toml: read, checked, and turned into a [`Config`]; every mistake is found at once and shown with its line.
//!
//! Queries, selectors and site rules stay text with their place: the modules that understand them compile them. Nothing here reads the
//! environment or a clock, and only `load` touches the disk.

mod check;
mod edit;
mod load;
mod report;
mod schema;
mod section;
mod site;
mod source;
mod topic;
mod types;
mod unknown;
mod values;
mod vocabulary;

#[cfg(test)]
mod tests;

pub use check::from_str;
pub use edit::{Change, EditError, edit};
pub use load::load;
pub use report::report;
pub use schema::schema;
pub use types::*;
#[cfg(test)]
use vocabulary::{Kind, Vocabulary};

use std::path::PathBuf;

/// The concepts that exist without a `[concept.NAME]`; `curate` holds their words.
pub const BUILTIN_CONCEPTS: &[&str] = &["sahel"];

/// What `griot init` writes: a working desk for the Sahel. It is the feeds.toml at the top of this project.
pub const PRESET_SAHEL: &str = include_str!("../../feeds.toml");

/// What `griot init --preset empty` writes: the frame, to be filled.
pub const PRESET_EMPTY: &str = include_str!("empty.toml");

/// Returns the duration that `text` gives, in the form that feeds.toml uses: `30s`, `8m`, `2h`, `14d`; none when it is not one.
#[must_use]
pub fn parse_duration(text: &str) -> Option<std::time::Duration> {
    values::duration(text).ok()
}

/// Why there is no configuration to work with.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConfigFailure {
    /// feeds.toml itself cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The path as it was given.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There are mistakes in it; [`report()`] prints them.
    #[error("the configuration has {} problem(s)", problems.len())]
    Problems {
        /// The files that were read.
        files: Vec<ConfigFile>,
        /// Every mistake, sorted by place.
        problems: Vec<ConfigProblem>,
        /// What could be understood all the same, so that whoever compiles its queries and selectors finds their mistakes too.
        understood: Box<Config>,
    },
}

impl ConfigFailure {
    /// Returns a word to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "config-unreadable",
            Self::Problems { .. } => "config-problems",
        }
    }
}
