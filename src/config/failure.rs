//! Why no configuration could be read.

use super::problem::{ConfigFile, ConfigProblem};
use super::root::Config;
use std::path::PathBuf;

/// Why a configuration could not be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConfigFailure {
    /// feeds.toml itself cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The path as it was given.
        path: PathBuf,
        /// The system's message.
        reason: String,
    },
    /// There are mistakes in it; [`super::report()`] prints them.
    #[error("the configuration has {} problem(s)", problems.len())]
    Problems {
        /// The files that were read.
        files: Vec<ConfigFile>,
        /// Every mistake, sorted by place.
        problems: Vec<ConfigProblem>,
        /// The part that could be read, so that its queries and selectors can be compiled and their mistakes reported too.
        understood: Box<Config>,
    },
}
