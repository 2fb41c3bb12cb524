//! `griot remove`: takes a source out of feeds.toml; with `--purge` its entries leave every output.

use super::args::{Global, Remove};
use super::failure::{DONE, Failure, from_open};
use super::output::Output;
use super::{edit, mark, setup};
use crate::config::{self, Config, ConfigProblem, EditError};
use crate::model::SourceId;
use crate::pipeline::{self, App, Clock, OpenError, Tools, due, source_changes};
use crate::store::StoreError;
use serde_json::json;

/// Removes a source, and withdraws its entries when that is asked for.
///
/// # Errors
/// [`Failure`] when there is no such source, when a rule names it, or when a file or the database cannot be written; for `--purge` also when a run is
/// under way.
pub async fn run(remove: &Remove, global: &Global, clock: &Clock, output: &mut Output) -> Result<u8, Failure> {
    let id = edit::source_id(&remove.source)?;
    let (_edited, path, config) = setup::load_to_edit(global, output)?;
    let tools = setup::tools(global, setup::database_path(global, &path))?;
    let stored = stored_entries(&tools, &id)?;
    check_rules(&config, &id, output)?;
    let (files, next) = match config::remove_source(&config, &id) {
        Ok(edited) => (edited.files, edited.config),
        // It was removed before, and only its entries are left.
        Err(EditError::NoSuchSource(_)) if remove.purge && stored > 0 => (Vec::new(), config),
        Err(error) => {
            let failure = edit::refused(error, &config, output.style());
            return Err(if stored > 0 {
                failure.hint(format!(
                    "its {stored} entries stay until they age out; griot remove {id} --purge withdraws them"
                ))
            } else {
                failure
            });
        }
    };
    let withdrawn = if remove.purge && tools.database.exists() {
        let now = clock.now();
        let (app, _lock) = App::open(next, &tools, clock.real(setup::LOCK_WAIT), now)
            .await
            .map_err(|error| from_open(error, output.style()))?;
        files.iter().try_for_each(edit::replace)?;
        let withdrawn = withdraw(&app, &id, &tools, clock)?;
        mark::publish_changes(&app, now)?;
        Some(withdrawn)
    } else {
        pipeline::app::compile(&next).map_err(|error| from_open(error, output.style()))?;
        files.iter().try_for_each(edit::replace)?;
        None
    };
    if output.json {
        output.value(&json!({"source": id.as_str(), "entries": stored, "withdrawn": withdrawn}));
    } else if !output.quiet {
        output.tell(&match withdrawn {
            Some(withdrawn) => format!("{id} is removed, and its {withdrawn} entries are withdrawn"),
            None if stored == 0 => format!("{id} is removed"),
            None => format!("{id} is removed; its {stored} entries stay until they age out: griot remove {id} --purge withdraws them"),
        });
    }
    Ok(DONE)
}

/// Returns how many entries of a source are stored; none where there is no database yet, or one that a run has to bring up to date first.
fn stored_entries(tools: &Tools, source: &SourceId) -> Result<u64, Failure> {
    let lives = match tools.database.open_read_only().and_then(|store| store.source_lives()) {
        Err(StoreError::Missing { .. } | StoreError::OlderSchema { .. }) => Vec::new(),
        lives => lives?,
    };
    let life = lives.iter().find(|life| life.id == *source);
    Ok(life.map_or(0, |life| life.entries))
}

/// Refuses to remove a source that a rule names: the rule could match nothing any more, which is a mistake.
fn check_rules(config: &Config, source: &SourceId, output: &Output) -> Result<(), Failure> {
    let problem = |(topic, place)| ConfigProblem {
        place: Some(place),
        message: format!("the rule of the topic `{topic}` names the source `{source}`"),
        help: Some("take it out of the rule, then remove the source".to_owned()),
        also: None,
    };
    let problems: Vec<ConfigProblem> = config::rules_naming(config, source).into_iter().map(problem).collect();
    if problems.is_empty() {
        return Ok(());
    }
    let files = config.files.clone();
    Err(from_open(OpenError::Config { files, problems }, output.style()))
}

fn withdraw(app: &App, source: &SourceId, tools: &Tools, clock: &Clock) -> Result<u64, Failure> {
    let withdrawn = source_changes::withdraw(app, source, mark::editor(tools), clock.now()).and_then(|withdrawn| {
        due::sync_sources(app, &app.config.sources)?;
        Ok(withdrawn)
    });
    withdrawn.map_err(|error| {
        let hint = format!("feeds.toml does not have it any more; griot remove {source} --purge does the rest");
        Failure::from(error).hint(hint)
    })
}
