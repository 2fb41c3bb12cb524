//! Everything a run needs, opened once: configuration, compiled rules, store and client.

use super::listed_sources;
use super::notify_targets::check_environment;
use super::prepare::{Prepared, PreparedSource, prepare};
use crate::config::{Config, ConfigFailure, ConfigFile, ConfigProblem, Place, Secret, Source, Topic};
use crate::fetch::{Client, ClientError, ClientOptions, Recording, ResolveError, ResolveTable};
use crate::model::{SourceId, Timestamp};
use crate::store::database_file::DatabaseFile;
use crate::store::{LockError, RunLock, Store, StoreError};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Why [`App::open`] failed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The configuration has mistakes.
    #[error("the configuration has {} mistakes", problems.len())]
    Config {
        /// The files they are in.
        files: Vec<ConfigFile>,
        /// The mistakes.
        problems: Vec<ConfigProblem>,
    },
    /// A configuration file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Another run is under way, or the lock file cannot be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The table of names and addresses has a mistake.
    #[error("--resolve: {0}")]
    Resolve(#[from] ResolveError),
}

impl From<ConfigFailure> for OpenError {
    fn from(failure: ConfigFailure) -> Self {
        match failure {
            ConfigFailure::Unreadable { path, reason } => Self::Unreadable { path, reason },
            ConfigFailure::Problems {
                files,
                mut problems,
                understood,
            } => {
                // A second report about the same place would repeat the first.
                let more = prepare(&understood).err().unwrap_or_default();
                let known: Vec<_> = problems.iter().filter_map(|problem| problem.place.clone()).collect();
                let touches = |place: &Place| {
                    let same =
                        |other: &Place| other.file == place.file && other.span.start < place.span.end && place.span.start < other.span.end;
                    known.iter().any(same)
                };
                problems.extend(more.into_iter().filter(|problem| !problem.place.as_ref().is_some_and(touches)));
                Self::Config { files, problems }
            }
        }
    }
}

/// What the command line adds to the configuration.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The database.
    pub database: DatabaseFile,
    /// The text of a table of names and addresses, for tests and replays, instead of the DNS.
    pub resolve: Option<String>,
    /// The recording that is written, or the one that replaces the network.
    pub recording: Option<Recording>,
    /// Whether the command line allows private networks, whatever the configuration says.
    pub allow_private_networks: bool,
    /// Reads an environment variable: the library itself never does.
    pub environment: fn(&str) -> Option<String>,
}

/// Everything a run needs, opened once.
pub struct App {
    /// The checked configuration.
    pub config: Config,
    /// Its compiled part.
    pub prepared: Prepared,
    /// The database.
    pub store: Store,
    /// The HTTP client.
    pub client: Client,
    /// The folder of the files of private topics.
    pub private_out: PathBuf,
    environment: fn(&str) -> Option<String>,
    /// One permit for each core: CPU work on documents is limited to them.
    cores: Arc<Semaphore>,
}

/// How often a lock that another run holds is tried again.
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The authority of `tag:` URIs where neither `base_url` nor `contact` names a domain: a name that RFC 6761 reserves.
const DEFAULT_AUTHORITY: &str = "griot.invalid";

impl App {
    /// Compiles `config`, makes the client, acquires the run lock within `wait`, and only then opens the store, which may migrate it. What is returned with the lock works also after the lock is released, but a run may only be done under it.
    ///
    /// # Errors
    /// [`OpenError`] with the mistakes of the configuration, or why the lock, the database or the client cannot be had.
    pub async fn open(config: Config, tools: &Tools, wait: Duration, now: Timestamp) -> Result<(Self, RunLock), OpenError> {
        let prepared = compile(&config)?;
        check_tokens(&config, tools.environment)?;
        let client = client(&config, tools)?;
        let lock = wait_for_lock(&tools.database, wait).await?;
        let store = tools.database.open(&lock, &authority(&config), now)?;
        let (config, prepared) = with_listed_sources(config, prepared, &store)?;
        let app = Self {
            config,
            prepared,
            store,
            client,
            private_out: private_folder(tools),
            environment: tools.environment,
            cores: cores(),
        };
        Ok((app, lock))
    }

    /// Returns an app for a command that only reads: of a store that was opened for reading, without the run lock. Tokens and secrets may be missing in
    /// the environment: nothing is served, and what needs one says so.
    ///
    /// # Errors
    /// [`OpenError`] with the mistakes of the configuration, or why the client cannot be had.
    pub fn read_only(config: Config, tools: &Tools, store: Store) -> Result<Self, OpenError> {
        let prepared = compile(&config)?;
        let client = client(&config, tools)?;
        let (config, prepared) = with_listed_sources(config, prepared, &store)?;
        Ok(Self {
            config,
            prepared,
            store,
            client,
            private_out: private_folder(tools),
            environment: tools.environment,
            cores: cores(),
        })
    }

    /// Returns an app with the same store and another configuration, as after SIGHUP.
    ///
    /// # Errors
    /// [`OpenError`] as for [`App::open`].
    pub fn with_config(&self, config: Config, tools: &Tools) -> Result<Self, OpenError> {
        let prepared = compile(&config)?;
        check_tokens(&config, tools.environment)?;
        let client = client(&config, tools)?;
        let (config, prepared) = with_listed_sources(config, prepared, &self.store)?;
        Ok(Self {
            config,
            prepared,
            store: self.store.clone(),
            client,
            private_out: private_folder(tools),
            environment: tools.environment,
            cores: cores(),
        })
    }

    /// Returns an app with the same store and client, and a configuration that is compiled already.
    #[must_use]
    pub fn with_prepared(&self, config: Config, prepared: Prepared) -> Self {
        Self {
            config,
            prepared,
            store: self.store.clone(),
            client: self.client.clone(),
            private_out: self.private_out.clone(),
            environment: self.environment,
            cores: Arc::clone(&self.cores),
        }
    }

    /// Waits for a core to parse a document on. It is taken before the host permit is dropped: slow parsing slows fetching, and bodies do not
    /// accumulate in memory.
    ///
    /// # Panics
    /// Never: the semaphore is never closed.
    pub async fn core(&self) -> OwnedSemaphorePermit {
        let cores = Arc::clone(&self.cores);
        cores.acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Returns the source `id`, when it is configured.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&PreparedSource> {
        self.prepared.sources.get(id)
    }

    /// Returns what reads the environment.
    #[must_use]
    pub const fn environment(&self) -> fn(&str) -> Option<String> {
        self.environment
    }

    /// Returns the value of `secret`; none when its environment variable is not set.
    #[must_use]
    pub fn reveal(&self, secret: &Secret) -> Option<String> {
        reveal(self.environment, secret)
    }
}

/// Returns the value of `secret`; none when its variable is not set in `environment`.
#[must_use]
pub fn reveal(environment: fn(&str) -> Option<String>, secret: &Secret) -> Option<String> {
    match secret {
        Secret::Plain(value) => Some(value.clone()),
        Secret::Env(name) => environment(name),
    }
}

/// Resolves the headers of `source`, its credentials included.
///
/// # Errors
/// The name of the environment variable that is missing.
pub fn own_headers(source: &Source, reveal: &dyn Fn(&Secret) -> Option<String>) -> Result<Vec<(String, String)>, String> {
    let known = |secret: &Secret| {
        reveal(secret).ok_or_else(|| match secret {
            Secret::Env(name) => name.clone(),
            Secret::Plain(_) => String::new(),
        })
    };
    let mut headers = Vec::new();
    for (name, secret) in &source.headers {
        headers.push((name.clone(), known(secret)?));
    }
    if let Some(secret) = &source.auth {
        headers.push(("Authorization".to_owned(), format!("Basic {}", BASE64.encode(known(secret)?))));
    }
    Ok(headers)
}

/// Returns a configuration with the sources of the lists that it includes, as they are stored.
fn with_listed_sources(mut config: Config, prepared: Prepared, store: &Store) -> Result<(Config, Prepared), OpenError> {
    listed_sources::merge_stored(&mut config, store)?;
    let prepared = if config.listed.is_empty() { prepared } else { compile(&config)? };
    Ok((config, prepared))
}

/// Acquires the run lock, and waits at most `wait` for another run to end.
async fn wait_for_lock(database: &DatabaseFile, wait: Duration) -> Result<RunLock, LockError> {
    let until = Instant::now() + wait;
    let mut is_told = false;
    loop {
        match database.lock() {
            Err(LockError::Held { .. }) if Instant::now() < until => {}
            done => return done,
        }
        if !is_told {
            is_told = true;
            tracing::info!(
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "waiting for another run to end"
            );
        }
        tokio::time::sleep(LOCK_RETRY_INTERVAL).await;
    }
}

/// Compiles the rules of `config`.
///
/// # Errors
/// [`OpenError::Config`] with the mistakes.
pub fn compile(config: &Config) -> Result<Prepared, OpenError> {
    prepare(config).map_err(|problems| OpenError::Config {
        files: config.files.clone(),
        problems,
    })
}

/// Checks that every private topic has a token: without one, a topic would be open to everybody, or to nobody. And that the environment has what
/// notifications need.
///
/// # Errors
/// [`OpenError::Config`] with each environment variable that is missing or empty.
pub fn check_tokens(config: &Config, environment: fn(&str) -> Option<String>) -> Result<(), OpenError> {
    let is_missing = |topic: &&Topic| {
        let token = topic.token.as_ref().map(|secret| reveal(environment, secret).unwrap_or_default());
        topic.enabled && token.is_some_and(|token| token.trim().is_empty())
    };
    let problems = (config.topics.iter().filter(is_missing)).map(|topic| {
        let variable = match &topic.token {
            Some(Secret::Env(name)) => format!("the environment variable {name} is missing or empty"),
            _ => "it is empty".to_owned(),
        };
        ConfigProblem {
            message: format!("the topic `{}` has no token: {variable}", topic.id),
            help: Some("set it, or remove `token` to publish the topic for everybody".to_owned()),
            ..ConfigProblem::default()
        }
    });
    let problems: Vec<ConfigProblem> = problems.chain(check_environment(config, environment)).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(OpenError::Config {
        files: config.files.clone(),
        problems,
    })
}

/// Returns the folder of the files of private topics: beside the database, which only its owner reads.
#[must_use]
pub fn private_folder(tools: &Tools) -> PathBuf {
    let mut path = tools.database.path().as_os_str().to_owned();
    path.push(".private");
    path.into()
}

/// Makes the client that `config` and `tools` ask for; `parse` and `extract` use it without a store.
///
/// # Errors
/// [`OpenError`] when the table of names has a mistake or the client cannot be made.
pub fn client(config: &Config, tools: &Tools) -> Result<Client, OpenError> {
    let resolve = tools.resolve.as_deref().map(ResolveTable::parse).transpose()?;
    Ok(Client::new(ClientOptions {
        policy: config.fetch.clone(),
        contact: config.site.contact.clone(),
        resolve,
        recording: tools.recording.clone(),
        trace: None,
    })?)
}

fn cores() -> Arc<Semaphore> {
    let count = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
    Arc::new(Semaphore::new(count))
}

fn authority(config: &Config) -> String {
    let host = config
        .site
        .base_url
        .as_ref()
        .and_then(|url| url.domain())
        .map(str::to_ascii_lowercase);
    let mail = config
        .site
        .contact
        .as_deref()
        .and_then(|contact| contact.rsplit_once('@'))
        .map(|(_, domain)| domain.to_ascii_lowercase());
    host.or(mail).unwrap_or_else(|| DEFAULT_AUTHORITY.to_owned())
}
