//! `griot check`: checks feeds.toml and the site rules, offline.

use super::args::{Check, Global};
use super::failure::{DONE, Failure, from_open};
use super::output::{self, Output};
use super::setup;
use super::terminal_text::escape_controls;
use crate::config;
use crate::pipeline::source_changes::seeming_renames;
use crate::pipeline::{self, OpenError, Prepared, RuleRemark, prepare};
use crate::store::database_file::DatabaseFile;

/// Checks the configuration and prints a summary of it.
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
    let config = config::load(&path).map_err(|failure| from_open(OpenError::from(failure), output.style()))?;
    let prepared = match prepare(&config) {
        Ok(prepared) => prepared,
        Err(problems) => {
            let files = config.files;
            return Err(from_open(OpenError::Config { files, problems }, output.style()));
        }
    };
    pipeline::app::check_tokens(&config, |name| std::env::var(name).ok()).map_err(|error| from_open(error, output.style()))?;
    for RuleRemark { path, remark } in &prepared.remarks {
        let message = output.messages.translate(&remark.message);
        output::eprint_line(&format!("{}:{}: {}", path.display(), remark.line, escape_controls(&message)));
    }
    if !config.remarks.is_empty() {
        output::eprint_line(config::report_remarks(&config.files, &config.remarks, output.style()).trim_end());
    }
    if !output.quiet {
        let enabled = config.sources.iter().filter(|source| source.enabled).count();
        output.tell(&format!(
            "{}: good{}: {} sources ({enabled} enabled), {} topics, {} concepts{}",
            path.display(),
            remarks(config.remarks.len()),
            config.sources.len(),
            config.topics.len(),
            config.concepts.len(),
            rules(&prepared)
        ));
    }
    let database = DatabaseFile::new(setup::database_path(global, &path));
    // It is feeds.toml that is checked: a database that is missing or cannot be read is no mistake in it.
    let store = database.open_read_only();
    let renames = store.and_then(|store| seeming_renames(&config.sources, &store)).unwrap_or_default();
    for rename in renames {
        output.warn(&format!("{}: {}: {}", rename.new, rename.advice(), rename.command()));
    }
    Ok(DONE)
}

fn remarks(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", with a warning".to_owned(),
        _ => format!(", with {count} warnings"),
    }
}

fn rules(prepared: &Prepared) -> String {
    match (prepared.rules.len(), prepared.remarks.len()) {
        (0, _) => String::new(),
        (count, 0) => format!(", {count} site rules"),
        (count, remarks) => format!(", {count} site rules ({remarks} lines of them are not followed)"),
    }
}
