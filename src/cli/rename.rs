//! `griot rename`: gives a source another id, in feeds.toml and in the database.
//!
//! feeds.toml is written first. Where that is as far as it came, the source with the new id has the feed of one that is gone: `status`, `check` and the
//! next run say so, and the same command does the rest.

use super::args::{Global, Rename};
use super::failure::{CONFIGURATION, DONE, Failure, USAGE, from_open};
use super::output::Output;
use super::{edit, mark, setup};
use crate::config::{self, ConfigFile};
use crate::model::{SourceId, TopicId};
use crate::pipeline::source_changes::{self, RenameError};
use crate::pipeline::{self, App, Clock, due};
use serde_json::json;

/// Renames a source, and publishes what changes by that.
///
/// # Errors
/// [`Failure`] when there is no such source, when the new id is taken, when a run is under way, or when a file or the database cannot be written.
pub async fn run(rename: &Rename, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let (old, new) = (edit::source_id(&rename.old)?, edit::source_id(&rename.new)?);
    if old == new {
        return Err(Failure::message(USAGE, "both ids are the same".to_owned()));
    }
    let (_edited, path, config) = setup::load_to_edit(global, output)?;
    let edited = config::rename_source(&config, &old, &new).map_err(|error| edit::refused(error, &config, output.style()))?;
    let tools = setup::tools(global, setup::database_path(global, &path))?;
    let (mut entries, mut files) = (0, 0);
    if tools.database.exists() {
        let now = clock.now();
        let (app, _lock) = App::open(edited.config, &tools, clock.real(setup::LOCK_WAIT), now)
            .await
            .map_err(|error| from_open(error, output.style()))?;
        match source_changes::check_rename(&app.store, &config.sources, &old, &new) {
            // It was never visited.
            Err(RenameError::Unknown(_)) if !edited.files.is_empty() => write(&edited.files)?,
            Err(RenameError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(Failure::new(CONFIGURATION, error)),
            Ok(()) => {
                write(&edited.files)?;
                entries = rename_stored(&app, &old, &new, clock)?;
                files = mark::publish_changes(&app, now)?;
            }
        }
    } else {
        pipeline::app::compile(&edited.config).map_err(|error| from_open(error, output.style()))?;
        write(&edited.files)?;
    }
    let topics: Vec<&str> = edited.topics.iter().map(TopicId::as_str).collect();
    if output.json {
        output.value(&json!({"old": old.as_str(), "new": new.as_str(), "entries": entries, "topics": topics, "files": files}));
    } else if !output.quiet {
        output.tell(&format!("{old} is {new} now, with its {entries} entries"));
        if !topics.is_empty() {
            output.tell(&format!("changed with it: the rules of {}", topics.join(", ")));
        }
    }
    Ok(DONE)
}

fn write(files: &[ConfigFile]) -> Result<(), Failure> {
    files.iter().try_for_each(edit::replace)
}

fn rename_stored(app: &App, old: &SourceId, new: &SourceId, clock: &Clock) -> Result<u64, Failure> {
    let renamed = source_changes::rename(app, old, new, clock.now());
    let renamed = renamed.and_then(|entries| {
        due::sync_sources(app, &app.config.sources)?;
        Ok(entries)
    });
    renamed.map_err(|error| {
        let hint = format!("feeds.toml has the new id already; griot rename {old} {new} does the rest");
        Failure::from(error).hint(hint)
    })
}
