//! Reads the documents of `parse` and `extract`: files, standard input, or addresses, which are fetched under the policy of `[fetch]`.

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

/// A document that was read.
pub struct Input {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its address, the base of relative links.
    pub url: Option<Url>,
    /// The address that was requested, before redirects.
    pub asked: Option<Url>,
    /// The Content-Type header of the answer.
    pub content_type: Option<String>,
}

/// Why a document was not read.
pub struct Unread {
    /// The reason.
    pub words: String,
    /// The status of the server's answer; none where there was none.
    pub status: Option<u16>,
}

impl Unread {
    /// Returns the reason of what no server has answered.
    fn without_answer(words: String) -> Self {
        Self { words, status: None }
    }
}

/// Reads documents; the client is created for the first address.
pub struct Reader<'a> {
    global: &'a Global,
    accept: Accept,
    now: Timestamp,
    client: Option<Client>,
}

impl<'a> Reader<'a> {
    /// Returns a reader that sends `accept` to servers.
    #[must_use]
    pub fn new(global: &'a Global, accept: Accept, now: Timestamp) -> Self {
        Self {
            global,
            accept,
            now,
            client: None,
        }
    }

    /// Reads the document `name`.
    ///
    /// # Errors
    /// The outer error ends the command (a configuration mistake); the inner one is the message for this document.
    pub async fn read(&mut self, name: &str, output: &Output) -> Result<Result<Input, Unread>, Failure> {
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
                .map_err(|error| Unread::without_answer(error.to_string())));
        }
        match Url::parse(name) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && !Path::new(name).exists() => self.fetch(&url, output).await,
            _ => Ok(std::fs::read(name)
                .map(file)
                .map_err(|error| Unread::without_answer(error.to_string()))),
        }
    }

    async fn fetch(&mut self, url: &Url, output: &Output) -> Result<Result<Input, Unread>, Failure> {
        if self.client.is_none() {
            let (_, config) = policy(self.global, output)?;
            let tools = setup::tools(self.global, std::path::PathBuf::new())?;
            let client = crate::pipeline::app::client(&config, &tools).map_err(|error| super::failure::from_open(error, output.style()))?;
            self.client = Some(client);
        }
        let Some(client) = &self.client else {
            return Ok(Err(Unread::without_answer("no client".to_owned())));
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
        // One request at a time, so no pause is needed.
        let limiter = HostLimiter::new(1, std::time::Duration::ZERO);
        let fetched = client.fetch(&limiter, &request).await.0;
        let status = fetched.answer().map(|answer| answer.status);
        let unread = |words: String| Ok(Err(Unread { words, status }));
        let answer = match fetched {
            Fetched::Held { .. } => return unread("the server has asked us to wait".to_owned()),
            Fetched::Fresh(answer) => answer,
            // The caller reports which bot wall or error page the body is.
            Fetched::Blocked { answer, .. } if !answer.body.is_empty() => answer,
            Fetched::NotModified(answer) | Fetched::Gone(answer) | Fetched::Throttled { answer, .. } | Fetched::Blocked { answer, .. } => {
                return unread(format!("the server answered {}", answer.status));
            }
            Fetched::Failed { code, detail, .. } => return unread(format!("{}: {detail}", code.as_str())),
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

/// Returns the configuration in use, or the defaults where there is none, since these commands work without a feeds.toml.
fn policy(global: &Global, output: &Output) -> Result<(std::path::PathBuf, Config), Failure> {
    if global.config.is_some() || setup::config_path(global).is_ok() {
        return setup::load(global, output);
    }
    let path = std::path::PathBuf::from("defaults");
    let mut config = config::from_str(&path, "").map_err(|failure| super::failure::from_open(failure.into(), output.style()))?;
    config.fetch.allow_private_networks |= global.allow_private_networks;
    Ok((path, config))
}
