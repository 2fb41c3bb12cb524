//! Finds feeds.toml and the database, and opens what a command needs.

use super::args::Global;
use super::failure::{self, Failure, from_open};
use super::output::Output;
use crate::config::{self, Config, FileLock};
use crate::fetch::{Recording, WITHHELD};
use crate::model::Timestamp;
use crate::pipeline::{App, OpenError, Tools, listed_sources};
use crate::store::database_file::DatabaseFile;
use crate::store::{RunLock, Store, StoreError};
use std::path::{Path, PathBuf};
use std::time::Duration;

const NAME: &str = "feeds.toml";
/// How long a command that somebody waits for waits for a run to end.
pub const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Returns the feeds.toml in use: `--config`, `./feeds.toml`, the XDG folder, `/etc/griot`.
///
/// # Errors
/// When there is none.
pub fn config_path(global: &Global) -> Result<PathBuf, Failure> {
    if let Some(path) = &global.config {
        return Ok(path.clone());
    }
    let places = [
        Some(PathBuf::from(NAME)),
        xdg("XDG_CONFIG_HOME", ".config").map(|dir| dir.join(NAME)),
        Some(Path::new("/etc/griot").join(NAME)),
    ];
    places.into_iter().flatten().find(|path| path.is_file()).ok_or_else(|| {
        Failure::message(
            failure::CONFIGURATION,
            "there is no feeds.toml here, in $XDG_CONFIG_HOME/griot or in /etc/griot".to_owned(),
        )
        .hint("griot init writes one to begin with; griot demo needs none")
    })
}

fn xdg(variable: &str, below_home: &str) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    Some(set(variable).or_else(|| Some(set("HOME")?.join(below_home)))?.join("griot"))
}

/// Returns the database that belongs to the feeds.toml at `config`.
#[must_use]
pub fn database_path(global: &Global, config: &Path) -> PathBuf {
    const DATABASE: &str = "griot.db";
    if let Some(path) = &global.db {
        return path.clone();
    }
    if let Some(dir) = std::env::var_os("STATE_DIRECTORY").filter(|dir| !dir.is_empty()) {
        return PathBuf::from(dir).join(DATABASE);
    }
    let folder = config.parent().unwrap_or(Path::new(""));
    if folder == Path::new("/etc/griot") {
        return Path::new("/var/lib/griot").join(DATABASE);
    }
    let is_xdg = global.config.is_none() && Some(folder.to_owned()) == xdg("XDG_CONFIG_HOME", ".config");
    if let Some(dir) = xdg("XDG_STATE_HOME", ".local/state").filter(|_| is_xdg) {
        return dir.join(DATABASE);
    }
    folder.join(DATABASE)
}

/// Creates the folder of the database when there is none.
///
/// # Errors
/// [`Failure`] when it cannot be made.
pub fn create_folder(database: &Path) -> Result<(), Failure> {
    let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| {
        Failure::new(
            failure::DATABASE,
            anyhow::Error::new(error).context(format!("cannot make the folder {}", folder.display())),
        )
    })
}

/// Reads the configuration, and applies the options of the command line to it.
///
/// # Errors
/// [`Failure`] with the report of its mistakes.
pub fn load(global: &Global, output: &Output) -> Result<(PathBuf, Config), Failure> {
    let path = config_path(global)?;
    let mut config = config::load(&path).map_err(|failure| from_open(OpenError::from(failure), output.style()))?;
    config.fetch.allow_private_networks |= global.allow_private_networks;
    Ok((path, config))
}

/// Reads the configuration as [`load`] does, after it has taken the lock that an edit needs.
///
/// # Errors
/// As [`load`], or when the file cannot be locked.
pub fn load_to_edit(global: &Global, output: &Output) -> Result<(FileLock, PathBuf, Config), Failure> {
    let lock = FileLock::acquire(&config_path(global)?);
    // Of a file that cannot be read, this tells more.
    let (path, config) = load(global, output)?;
    let lock = lock.map_err(|error| {
        let said = format!("{} cannot be locked", path.display());
        Failure::new(failure::CONFIGURATION, anyhow::Error::new(error).context(said))
    })?;
    Ok((lock, path, config))
}

/// Returns the settings that only the command line has.
///
/// # Errors
/// When the file of `--resolve` cannot be read or has a mistake.
pub fn tools(global: &Global, database: PathBuf) -> Result<Tools, Failure> {
    let resolve = match &global.resolve {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            Failure::new(
                failure::USAGE,
                anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
            )
        })?),
        None => None,
    };
    Ok(Tools {
        database: DatabaseFile::new(database),
        resolve,
        allow_private_networks: global.allow_private_networks,
        recording: None,
        environment: |name| std::env::var(name).ok(),
    })
}

/// What a command works with that does a run or a part of one.
pub struct Opened {
    /// The feeds.toml in use.
    pub config: PathBuf,
    /// Configuration, store and client.
    pub app: App,
    /// The settings that only the command line has.
    pub tools: Tools,
    /// The run lock.
    pub lock: RunLock,
}

/// Opens configuration, run lock, store and client, in this order; waits at most `wait` for another run to end. `recording` is for the client.
///
/// # Errors
/// As [`load`], or when another run holds the lock, when the database cannot be opened, or when the client cannot be created.
pub async fn open(
    global: &Global,
    recording: Option<Recording>,
    wait: Duration,
    now: Timestamp,
    output: &Output,
) -> Result<Opened, Failure> {
    let (path, config) = load(global, output)?;
    let database = database_path(global, &path);
    create_folder(&database)?;
    let mut tools = tools(global, database)?;
    if let Some(Recording::Replay(_)) = &recording {
        // The secrets are not needed for a replay, and often not available.
        tools.environment = |name| Some(std::env::var(name).unwrap_or_else(|_| WITHHELD.to_owned()));
    }
    tools.recording = recording;
    let (app, lock) = App::open(config, &tools, wait, now)
        .await
        .map_err(|error| from_open(error, output.style()))?;
    Ok(Opened {
        config: path,
        app,
        tools,
        lock,
    })
}

/// Reads the configuration as [`load`] does, with the sources of the lists that it includes, as far as a database has them.
///
/// # Errors
/// As [`load`], or when there is a database that cannot be read.
pub fn load_with_lists(global: &Global, output: &Output) -> Result<(PathBuf, Config), Failure> {
    let (path, mut config) = load(global, output)?;
    if !config.included_lists.is_empty() {
        match DatabaseFile::new(database_path(global, &path)).open_read_only() {
            Ok(store) => listed_sources::merge_stored(&mut config, &store)?,
            Err(StoreError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok((path, config))
}

/// Opens configuration and store for a command that only reads.
///
/// # Errors
/// As [`load`], or when there is no database yet.
pub fn open_read_only(global: &Global, output: &Output) -> Result<(Config, Store), Failure> {
    let (path, mut config) = load(global, output)?;
    let store = DatabaseFile::new(database_path(global, &path)).open_read_only()?;
    listed_sources::merge_stored(&mut config, &store)?;
    Ok((config, store))
}
