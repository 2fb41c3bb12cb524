//! What `parse` and `extract` read: files, standard input, or addresses fetched under `[fetch]`'s policy.

use super::args::Global;
use super::failure::Failure;
use super::output::Output;
use super::setup;
use crate::config::{self, Config};
use crate::fetch::{Accept, Client, Fetched, HostLimiter, Request};
use crate::model::Timestamp;
use std::io::Read;
use std::path::Path;
use url::Url;

/// A document at hand.
pub struct Input {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its address, the base of relative links.
    pub url: Option<Url>,
    /// The address that was asked for.
    pub asked: Option<Url>,
    /// The Content-Type it came with.
    pub content_type: Option<String>,
}

/// Reads documents; the client is made only when an address is asked for.
pub struct Reader<'a> {
    global: &'a Global,
    accept: Accept,
    now: Timestamp,
    client: Option<Client>,
}

impl<'a> Reader<'a> {
    /// Makes a reader that asks servers for `accept`.
    #[must_use]
    pub fn new(global: &'a Global, accept: Accept, now: Timestamp) -> Self {
        Self {
            global,
            accept,
            now,
            client: None,
        }
    }

    /// Reads the document `name`; the error is in words for people.
    ///
    /// # Errors
    /// The outer error ends the command (a configuration mistake), the inner one is this document's.
    pub async fn read(&mut self, name: &str, output: &Output) -> Result<Result<Input, String>, Failure> {
        let file = |bytes| Input {
            bytes,
            url: None,
            asked: None,
            content_type: None,
        };
        if name == "-" {
            let mut bytes = Vec::new();
            return Ok(std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map(|_| file(bytes))
                .map_err(|error| error.to_string()));
        }
        match Url::parse(name) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && !Path::new(name).exists() => self.fetch(&url, output).await,
            _ => Ok(std::fs::read(name).map(file).map_err(|error| error.to_string())),
        }
    }

    async fn fetch(&mut self, url: &Url, output: &Output) -> Result<Result<Input, String>, Failure> {
        if self.client.is_none() {
            let (_, config) = policy(self.global, output)?;
            let tools = setup::tools(self.global, std::path::PathBuf::new())?;
            let client = crate::pipeline::app::client(&config, &tools).map_err(|error| super::failure::from_open(error, output.color))?;
            self.client = Some(client);
        }
        let Some(client) = &self.client else {
            return Ok(Err("no client".to_owned()));
        };
        let request = Request {
            url,
            accept: self.accept,
            etag: None,
            last_modified: None,
            validators_from: None,
            source: None,
            headers: &[],
            trusted: true,
            identity: false,
            now: self.now,
        };
        // One question at a time, and nobody else's: nothing to wait for.
        let limiter = HostLimiter::new(1, std::time::Duration::ZERO);
        let answer = match client.fetch(&limiter, &request).await.0 {
            Fetched::Held { .. } => return Ok(Err("the server has asked us to wait".to_owned())),
            Fetched::Fresh(answer) => answer,
            // A wall or an error page says something too: whoever reads it tells what it is.
            Fetched::Blocked { answer, .. } if !answer.body.is_empty() => answer,
            Fetched::NotModified(answer) | Fetched::Gone(answer) | Fetched::Throttled { answer, .. } | Fetched::Blocked { answer, .. } => {
                return Ok(Err(format!("the server answered {}", answer.status)));
            }
            Fetched::Failed { code, detail, .. } => return Ok(Err(format!("{}: {detail}", code.as_str()))),
        };
        let answer = *answer;
        Ok(Ok(Input {
            bytes: answer.body,
            url: Some(answer.final_url),
            asked: Some(url.clone()),
            content_type: answer.content_type,
        }))
    }
}

/// Returns the configuration in use, or the defaults where there is none: these commands work without a feeds.toml.
fn policy(global: &Global, output: &Output) -> Result<(std::path::PathBuf, Config), Failure> {
    if global.config.is_some() || setup::config_path(global).is_ok() {
        return setup::load(global, output);
    }
    let path = std::path::PathBuf::from("defaults");
    let mut config = config::from_str(&path, "").map_err(|failure| super::failure::from_open(failure.into(), output.color))?;
    config.fetch.allow_private_networks |= global.allow_private_networks;
    Ok((path, config))
}
