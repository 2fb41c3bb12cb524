//! `griot import`: adds the feeds of a list to feeds.toml.

use super::args::{Global, Import, ImportFormat};
use super::failure::{DONE, FATAL, Failure, USAGE, from_open};
use super::output::Output;
use super::terminal_text::{escape_controls, fit};
use super::{edit, setup};
use crate::config::{Settings, nested_settings};
use crate::parse::{ListFormat, MAX_LIST_BYTES, read_list};
use crate::pipeline::app::compile;
use crate::pipeline::source_import::{Fate, ImportedFeed, SourceImport, document_kind, import_list};
use anyhow::Context;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Adds what is new in the list, or says what it would add.
///
/// # Errors
/// [`Failure`] when the list cannot be read, or is none; then nothing is written.
pub fn run(import: &Import, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let bytes = read_file(&import.file)?;
    let (_lock, config) = if import.dry_run {
        (None, setup::load(global, output)?.1)
    } else {
        let (lock, _, config) = setup::load_to_edit(global, output)?;
        (Some(lock), config)
    };
    let list = read_list(&bytes, format(import.format)).map_err(|error| {
        let said = match document_kind(&bytes) {
            Some(kind) => format!(
                "{} is no list in this format: it is {}",
                import.file.display(),
                escape_controls(&kind)
            ),
            None => format!("{} is no list in this format", import.file.display()),
        };
        Failure::new(FATAL, anyhow::Error::new(error).context(said)).hint("nothing is added")
    })?;
    let problems = list.problems.clone();
    let done = import_list(&config, list).map_err(|error| edit::refused(error, &config, output.style()))?;
    compile(&done.edited.config).map_err(|error| from_open(error, output.style()))?;
    if !import.dry_run {
        done.edited.files.iter().try_for_each(edit::replace)?;
    }
    if output.json {
        print_json(&done, import.dry_run, output);
    } else if !output.quiet {
        for problem in problems {
            output.tell(&format!("problem {}: {}", problem.code, escape_controls(&problem.detail)));
        }
        done.feeds.iter().for_each(|feed| print_feed(feed, output));
        print_summary(&done, import.dry_run, output);
    }
    Ok(DONE)
}

/// Reads a file, or standard input for `-`: no more of it than a list may have, and a byte.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = MAX_LIST_BYTES as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    let read = read.with_context(|| format!("cannot read {}", path.display()));
    read.map_err(|error| Failure::new(USAGE, error)).map(|_| bytes)
}

const fn format(format: ImportFormat) -> ListFormat {
    match format {
        ImportFormat::Opml => ListFormat::Opml,
        ImportFormat::Csv => ListFormat::Csv,
        ImportFormat::Json => ListFormat::Json,
        ImportFormat::Newsboat => ListFormat::Newsboat,
        ImportFormat::Sfeed => ListFormat::Sfeed,
    }
}

/// The width of the column that tells what becomes of a feed.
const WORD_WIDTH: usize = 10;
/// The settings that each new source has a place for in the first line.
const SHOWN_KEYS: [&str; 5] = ["id", "name", "url", "urls", "tags"];

fn print_feed(imported: &ImportedFeed, output: &mut Output) {
    let feed = &imported.feed;
    let messages = output.messages;
    let named = [feed.name.as_str(), feed.address.as_str()].map(escape_controls).join("  ");
    let row = |word: &str, what: &str, output: &mut Output| {
        let line = format!(
            "{} {}  {}",
            fit(&messages.translate(word), WORD_WIDTH),
            named.trim(),
            messages.translate(what)
        );
        output.line(line.trim_end());
    };
    match &imported.fate {
        Fate::Known(id) => row("followed", &format!("it is `{id}`"), output),
        Fate::Refused(reason) => row("not taken", &escape_controls(reason), output),
        Fate::New(id) => {
            row("new", &format!("as `{id}`"), output);
            let tags = feed.settings.get("tags").and_then(Value::as_array);
            let tags: Vec<&str> = tags.into_iter().flatten().filter_map(Value::as_str).collect();
            let taken: Vec<&str> = taken_keys(&feed.settings).collect();
            let mut details = Vec::new();
            if !tags.is_empty() {
                details.push(format!("with the tags {}", tags.join(", ")));
            }
            if !taken.is_empty() {
                details.push(format!("with the keys {}", taken.join(", ")));
            }
            details.extend(
                feed.not_taken
                    .iter()
                    .map(|left| format!("without {}: {}", left.setting, left.reason)),
            );
            for detail in details {
                output.line(&format!("{:WORD_WIDTH$} {}", "", escape_controls(&messages.translate(&detail))));
            }
        }
    }
}

fn taken_keys(settings: &Settings) -> impl Iterator<Item = &str> {
    settings.keys().map(String::as_str).filter(|key| !SHOWN_KEYS.contains(key))
}

fn print_summary(done: &SourceImport, is_dry: bool, output: &mut Output) {
    let (new, known, refused) = done.counts();
    let added = if is_dry { "would be added" } else { "added" };
    output.tell(&format!("{added}: {new}, followed already: {known}, not taken: {refused}"));
    if !is_dry && new > 0 {
        output.tell("griot fetch shows which of them answer");
    }
}

fn print_json(done: &SourceImport, is_dry: bool, output: &mut Output) {
    for ImportedFeed { feed, fate } in &done.feeds {
        let mut value = json!({"name": feed.name, "url": feed.address});
        match fate {
            Fate::New(id) => {
                value["new"] = id.as_str().into();
                value["source"] = nested_settings(&feed.settings);
                let left = feed
                    .not_taken
                    .iter()
                    .map(|left| json!({"setting": left.setting, "reason": left.reason}));
                value["not_taken"] = left.collect();
            }
            Fate::Known(id) => value["followed"] = id.as_str().into(),
            Fate::Refused(reason) => value["refused"] = reason.as_str().into(),
        }
        output.value(&value);
    }
    let (new, known, refused) = done.counts();
    output.value(&json!({"added": new, "followed": known, "refused": refused, "dry_run": is_dry}));
}
