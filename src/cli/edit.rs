//! `griot edit`, `enable`, `disable`: change a source in feeds.toml, and nothing else in it.

use super::args::{Edit, Global};
use super::failure::{CONFIGURATION, DONE, Failure, from_open};
use super::output::Output;
use super::setup;
use crate::config::{self, Change, Config, ConfigFile, EditError, ReportStyle};
use crate::model::SourceId;
use crate::pipeline::{self, OpenError};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Makes the changes, if the configuration is valid with them.
///
/// # Errors
/// [`Failure`] when there is no such source, or a change is malformed or invalid; then nothing is written.
pub fn run(edit: &Edit, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let changes: Result<Vec<Change>, EditError> = edit.changes.iter().map(|text| Change::parse(text)).collect();
    let changes = changes.map_err(|error| Failure::new(super::failure::USAGE, error).hint("for example: griot edit lefaso every=2h"))?;
    set(&edit.source, &changes, global, output)
}

/// Enables or disables a source.
///
/// # Errors
/// As [`run`].
pub fn switch(source: &str, on: bool, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    // Enabled is the default, so the key is removed.
    let change = Change::parse(if on { "enabled=" } else { "enabled=false" });
    let change = change.map_err(|error| Failure::new(super::failure::USAGE, error))?;
    set(source, &[change], global, output)
}

fn set(source: &str, changes: &[Change], global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_lock, _, config) = setup::load_to_edit(global, output)?;
    let id = source_id(source)?;
    let edited = config::edit(&config, &id, changes).map_err(|error| refused(error, &config, output.style()))?;
    pipeline::app::compile(&edited.config).map_err(|error| from_open(error, output.style()))?;
    edited.files.iter().try_for_each(replace)?;
    if !output.quiet {
        output.tell(&match edited.files.first() {
            Some(file) => format!("{}: {source} is changed; griot check says what it holds", file.path.display()),
            None => format!("{source} was so already"),
        });
    }
    Ok(DONE)
}

/// Returns the id that an argument is.
///
/// # Errors
/// [`Failure`] when it is none.
pub fn source_id(text: &str) -> Result<SourceId, Failure> {
    SourceId::new(text).map_err(|error| Failure::new(super::failure::USAGE, error))
}

/// Returns the failure of an edit that was not made.
pub fn refused(error: EditError, config: &Config, style: ReportStyle) -> Failure {
    match error {
        EditError::Mistakes(failure) => from_open(OpenError::from(failure), style),
        EditError::NoSuchSource(ref wanted) => {
            let ids = config.sources.iter().map(|source| source.id.as_str());
            let near = ids.min_by_key(|id| strsim::damerau_levenshtein(id, wanted.as_str()));
            if !config.included_lists.is_empty() {
                let hint = "a feed of a list that is included is changed by a [[source]] with its address; griot list sources shows all";
                return Failure::new(CONFIGURATION, error).hint(hint);
            }
            let hint = near.map_or_else(
                || "griot list sources".to_owned(),
                |id| format!("is it `{id}`? griot list sources shows all"),
            );
            Failure::new(CONFIGURATION, error).hint(&hint)
        }
        EditError::Id(ref old, ref new) => {
            let hint = format!("griot rename {old} {} takes them along", if new.is_empty() { "NEW" } else { new });
            Failure::new(CONFIGURATION, error).hint(hint)
        }
        error => Failure::new(CONFIGURATION, error),
    }
}

/// Writes an edited file.
///
/// # Errors
/// [`Failure`] when it cannot be written; then it is as it was.
pub fn replace(file: &ConfigFile) -> Result<(), Failure> {
    replace_file(file).map_err(|error| {
        let said = format!("{} cannot be written: {error}", file.path.display());
        Failure::message(CONFIGURATION, said).hint("it is as it was; see who owns it and its folder, and whether it is read-only")
    })
}

/// The mark at the beginning of a file in UTF-8 that some editors write.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Replaces the file by rename, so that it is never half written. A symbolic link stays one, and the permissions stay. A file that is read-only is so on
/// purpose, though its folder would let it be replaced.
fn replace_file(file: &ConfigFile) -> std::io::Result<()> {
    let path = std::fs::canonicalize(&file.path)?;
    if std::fs::metadata(&path)?.permissions().readonly() {
        return Err(ErrorKind::PermissionDenied.into());
    }
    let has_mark = std::fs::read(&path)?.starts_with(BYTE_ORDER_MARK);
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!(".{name}.{}", std::process::id()));
    let written = (|| {
        let mut out = std::fs::File::create(&fresh)?;
        out.set_permissions(std::fs::metadata(&path)?.permissions())?;
        if has_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        out.write_all(file.text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&fresh, &path)
    })();
    if written.is_err() {
        // The first error is returned; this one adds nothing.
        let _ = std::fs::remove_file(&fresh);
    }
    written
}
