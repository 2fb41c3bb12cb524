//! What the HTTP server is told of a configuration: folders, private topics with their tokens, and who may read the metrics.

use super::app::{OpenError, Tools, check_tokens, compile, private_folder, reveal};
use super::feed_query::QueryContext;
use crate::config::{Config, MetricsAccess};
use crate::model::TopicId;
use crate::publish::{is_feed, to_published};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use url::Url;

/// What is served, by one configuration.
#[derive(Debug)]
pub struct ServedSite {
    /// Whether the configuration has neither a source nor a topic.
    pub is_empty: bool,
    /// The folder of the public files.
    pub out: PathBuf,
    /// The folder of the files of private topics, beside the database.
    pub private_out: PathBuf,
    /// The private topics.
    pub private_topics: Vec<PrivateTopic>,
    /// Who may read `/metrics`.
    pub metrics: MetricsAccess,
    /// The topics with a hub, each with the hub's address.
    hubs: Vec<(TopicId, String)>,
    /// The beginning of public addresses.
    base_url: Option<String>,
    /// What selections of a feed are answered with.
    pub query_context: QueryContext,
}

/// A topic that is served with its token only.
#[derive(Debug)]
pub struct PrivateTopic {
    /// The topic.
    pub id: TopicId,
    /// Its token.
    pub token: Token,
}

/// A token, as its digest: the token itself is in no log and no memory dump of this.
#[derive(Clone)]
pub struct Token(blake3::Hash);

impl Token {
    /// Returns the token with this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()))
    }

    /// Returns whether `given` is the token, in a time that does not depend on how much of it is right: digests compare in constant time.
    #[must_use]
    pub fn admits(&self, given: &str) -> bool {
        self.0 == blake3::hash(given.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl ServedSite {
    /// Returns what is served by a configuration that was checked.
    ///
    /// # Errors
    /// [`OpenError::Config`] when its rules have mistakes, or a token is missing or empty.
    pub fn new(config: &Config, tools: &Tools) -> Result<Self, OpenError> {
        let prepared = compile(config)?;
        check_tokens(config, tools.environment)?;
        let private = config.topics.iter().filter(|topic| topic.enabled);
        let private = private.filter_map(|topic| {
            Some(PrivateTopic {
                id: topic.id.clone(),
                token: Token::new(&reveal(tools.environment, topic.token.as_ref()?)?),
            })
        });
        Ok(Self {
            is_empty: config.sources.is_empty() && config.included_lists.is_empty() && config.topics.is_empty(),
            out: config.site.out.clone(),
            private_out: private_folder(tools),
            private_topics: private.collect(),
            metrics: config.serve.metrics,
            hubs: (config.topics.iter().filter(|topic| topic.enabled))
                .filter_map(|topic| Some((topic.id.clone(), to_published(topic.hub.as_ref()?)?)))
                .collect(),
            base_url: config.site.base_url.as_ref().map(Url::to_string),
            query_context: QueryContext::new(config, prepared.concepts),
        })
    }

    /// Returns the value of the header `Link` of a file: the hub and the address of a feed that has one (W3C WebSub, section 4).
    #[must_use]
    pub fn links(&self, name: &str) -> Option<String> {
        let base = self.base_url.as_ref()?;
        let is_of = |topic: &TopicId| name.strip_prefix(topic.as_str()).is_some_and(|rest| rest.starts_with('.'));
        let (_, hub) = self.hubs.iter().find(|(topic, _)| is_of(topic) && is_feed(name))?;
        Some(format!("<{hub}>; rel=\"hub\", <{base}{name}>; rel=\"self\""))
    }

    /// Returns a receiver of this site, which never changes.
    #[must_use]
    pub fn fixed(self) -> (watch::Sender<Arc<Self>>, watch::Receiver<Arc<Self>>) {
        watch::channel(Arc::new(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_admits_itself_only_and_is_never_printed() {
        let token = Token::new("sesame");
        assert!(token.admits("sesame"));
        for other in ["", "sesam", "sesame ", "SESAME", "sesame\0"] {
            assert!(!token.admits(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
