//! Finds the topics and entries that a command line names.

use super::failure::{Failure, USAGE};
use crate::config::Config;
use crate::model::{Entry, TopicId};
use crate::store::{Store, StoreError};

/// Returns the topic with this id.
///
/// # Errors
/// [`Failure`] when feeds.toml has none.
pub fn topic(config: &Config, wanted: &str) -> Result<TopicId, Failure> {
    match config.topics.iter().find(|topic| topic.id.as_str() == wanted) {
        Some(topic) => Ok(topic.id.clone()),
        None => Err(Failure::message(USAGE, format!("there is no topic `{wanted}`")).hint("griot list topics shows them")),
    }
}

/// Returns the entry whose id begins with `id`.
///
/// # Errors
/// [`Failure`] when it fits no entry or several, or when the database cannot be read.
pub fn entry(store: &Store, id: &str) -> Result<Entry, Failure> {
    let hint = "griot list entries shows them";
    match store.find_entry(id) {
        Ok(Some(entry)) => Ok(entry),
        Ok(None) => Err(Failure::message(USAGE, format!("no entry has an id that starts with `{id}`")).hint(hint)),
        Err(error @ StoreError::Ambiguous { .. }) => Err(Failure::new(USAGE, error).hint(hint)),
        Err(error) => Err(error.into()),
    }
}
