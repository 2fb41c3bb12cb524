//! The files of private topics: in a folder of their own beside the database, which only its owner may read. They are in no other output.

use super::app::App;
use super::feed_builder::{Rendering, publish_topic};
use super::item_builder::FeedBuilder;
use super::prepare::PreparedTopic;
use super::run_report::RunError;
use super::site_info::private_site_info;
use crate::model::{Digest128, Digester, SourceId, Timestamp};
use crate::publish::{ArchiveLinks, OutputFolder, WriteError};
use crate::store::TopicStamp;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

/// Only the owner lists the folder.
const FOLDER_MODE: u32 = 0o700;
/// Only the owner reads a file.
const FILE_MODE: u32 = 0o600;

/// Renders the private topics, as `feed_builder` renders the public ones, and removes the files of topics that are private no longer. `now` is the
/// time of topics that were never evaluated.
///
/// # Errors
/// [`RunError`] when the store or the folder fails.
pub fn publish(app: &App, rendering: Rendering<'_>, now: Timestamp) -> Result<(), RunError> {
    let topics: Vec<&PreparedTopic> = (app.prepared.topics.iter())
        .filter(|prepared| prepared.topic.token.is_some())
        .collect();
    let place = &app.private_out;
    if topics.is_empty() && !place.exists() {
        return Ok(());
    }
    open_folder(place).map_err(|cause| failed("making", place, cause))?;
    let mut folder = OutputFolder::open(place, app.store.database_id())?;
    let site = private_site_info(&app.config);
    let reserving: BTreeMap<SourceId, Vec<String>> = (app.store.source_states()?.into_iter())
        .filter(|state| !state.reservations.is_empty())
        .map(|state| (state.source, state.reservations))
        .collect();
    let settings = settings(app, &reserving);
    let stamps: BTreeMap<_, TopicStamp> = (app.store.topic_stamps()?.into_iter())
        .map(|stamp| (stamp.topic.clone(), stamp))
        .collect();
    for prepared in topics {
        let id = &prepared.topic.id;
        let known = stamps.get(id);
        let moment = known.map_or(now, |stamp| stamp.changed);
        let mut digester = Digester::new();
        digester.update(settings.as_bytes()).update(prepared.digest.as_bytes());
        digester.update_terminated(&format!("{id} {} {}", moment.unix(), known.map_or(0, |stamp| stamp.changes)));
        let stamp = digester.finish();
        let is_left_alone = match rendering {
            Rendering::Changed => folder.current(id.as_str(), stamp).is_some(),
            Rendering::Forced(only) => !only.is_empty() && !only.contains(id),
        };
        if is_left_alone && folder.keep(id.as_str()).is_some() {
            continue;
        }
        let builder = FeedBuilder::new(app, prepared, &reserving, moment, known.and_then(|stamp| stamp.rendered))?;
        publish_topic(app, &site, builder, &mut folder, |_, _, _| Ok((stamp, ArchiveLinks::default())))?;
        close_files(place).map_err(|cause| failed("protecting", place, cause))?;
    }
    folder.finish()?;
    close_files(place).map_err(|cause| failed("protecting", place, cause))?;
    Ok(())
}

/// Returns the digest of what all private topics are rendered from besides their items: whatever the configuration says.
fn settings(app: &App, reserving: &BTreeMap<SourceId, Vec<String>>) -> Digest128 {
    let mut digester = Digester::new();
    digester.update_terminated(env!("CARGO_PKG_VERSION"));
    for file in &app.config.files {
        digester.update_terminated(&file.text);
    }
    digester.update_terminated(&format!("{reserving:?}"));
    digester.finish()
}

/// Makes the folder, closed to others before the first file is in it.
fn open_folder(place: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(FOLDER_MODE).create(place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => made?,
    }
    if !fs::symlink_metadata(place)?.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    fs::set_permissions(place, Permissions::from_mode(FOLDER_MODE))
}

/// Closes the files to others, the manifest too.
fn close_files(place: &Path) -> io::Result<()> {
    for file in fs::read_dir(place)? {
        let file = file?;
        let meta = file.metadata()?;
        if meta.is_file() && meta.permissions().mode() & 0o777 != FILE_MODE {
            fs::set_permissions(file.path(), Permissions::from_mode(FILE_MODE))?;
        }
    }
    Ok(())
}

fn failed(action: &'static str, place: &Path, cause: io::Error) -> RunError {
    let path = place.to_owned();
    WriteError::Io { action, path, cause }.into()
}
