//! `griot check`: feeds.toml only, offline.

use super::args::{Check, Global};
use super::failure::{DONE, Failure, from_open};
use super::output::Output;
use super::setup;
use crate::config;
use crate::pipeline::{OpenError, prepare};

/// Checks the configuration and says what it holds.
///
/// # Errors
/// [`Failure`] with every mistake, each with its line and a caret.
pub fn run(check: &Check, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    if check.schema {
        output.value(&config::schema());
        return Ok(DONE);
    }
    let path = match &check.file {
        Some(path) => path.clone(),
        None => setup::config_path(global)?,
    };
    let config = config::load(&path).map_err(|failure| from_open(OpenError::from(failure), output.color))?;
    if let Err(problems) = prepare(&config) {
        return Err(from_open(
            OpenError::Config {
                files: config.files,
                problems,
            },
            output.color,
        ));
    }
    if !output.quiet {
        let enabled = config.sources.iter().filter(|source| source.enabled).count();
        output.line(&format!(
            "{}: good: {} sources ({enabled} enabled), {} topics, {} concepts",
            path.display(),
            config.sources.len(),
            config.topics.len(),
            config.concepts.len()
        ));
    }
    Ok(DONE)
}
