//! Finds the topics, entries and stories that a command line names.

use super::failure::{Failure, USAGE};
use crate::config::Config;
use crate::model::{Entry, EntryId, MarkTarget, Story, TopicId};
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

/// Returns the story whose id begins with `id`.
///
/// # Errors
/// [`Failure`] when it fits no story or several, or when the database cannot be read.
pub fn story(store: &Store, id: &str) -> Result<Story, Failure> {
    let found = store.find_story(id).map_err(from_search)?;
    found
        .ok_or_else(|| Failure::message(USAGE, format!("no story has an id that starts with `{id}`")).hint("griot list stories shows them"))
}

/// An entry or a story, and its title.
pub struct Found {
    /// The entry or the story.
    pub target: MarkTarget,
    /// The headline of the entry, or of the story's lead.
    pub title: String,
}

/// Finds the entry or the story that `id` names: a short id with its letter, or the first digits of an id. A story has the digits of the entry that
/// founded it, so that digits alone often fit both; all 32 digits name the entry, as `griot list entries --json` prints it.
///
/// # Errors
/// [`Failure`] when it fits neither, both or several, or when the database cannot be read.
pub fn target(store: &Store, id: &str) -> Result<Found, Failure> {
    let entry = store.find_entry(id).map_err(from_search)?;
    if let Some(entry) = &entry
        && has_letter(id, entry.id)
    {
        return Ok(Found {
            target: MarkTarget::Entry(entry.id),
            title: entry.title.clone(),
        });
    }
    match (entry, store.find_story(id).map_err(from_search)?) {
        (Some(_), Some(_)) => Err(
            Failure::message(USAGE, format!("an entry and a story have an id that starts with `{id}`"))
                .hint(format!("e{id} is the entry, s{id} the story with all of its entries")),
        ),
        (Some(entry), None) => Ok(Found {
            target: MarkTarget::Entry(entry.id),
            title: entry.title,
        }),
        (None, Some(whole)) => {
            let lead = store.entries(&[whole.lead])?.pop();
            Ok(Found {
                target: MarkTarget::Story(whole.id),
                title: lead.map(|entry| entry.title).unwrap_or_default(),
            })
        }
        (None, None) => Err(
            Failure::message(USAGE, format!("no entry and no story has an id that starts with `{id}`"))
                .hint("griot list entries shows them, griot list stories the stories"),
        ),
    }
}

/// Returns whether `id`, which has found `entry`, begins with the letter of an entry, or has all its digits. `e` is a digit as well: it is the letter when what follows
/// are the first digits of the id.
fn has_letter(id: &str, entry: EntryId) -> bool {
    let is_whole = id.len() == entry.to_string().len();
    if is_whole && entry.to_string().eq_ignore_ascii_case(id) {
        return true;
    }
    let digits = id.strip_prefix('e').filter(|digits| !digits.is_empty());
    digits.is_some_and(|digits| entry.to_string().starts_with(&digits.to_ascii_lowercase()))
}

fn from_search(error: StoreError) -> Failure {
    match error {
        StoreError::Ambiguous { .. } => Failure::new(USAGE, error).hint("griot list entries shows them, griot list stories the stories"),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_of_an_entry_is_told_from_a_digit() {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&[0xe1, 0x2a]);
        let entry = EntryId::from_bytes(bytes);
        for (id, expected) in [
            ("ee12a", true),
            ("ee12A", true),
            (&format!("e{entry}"), true),
            (&entry.to_string(), true),
            ("e12a", false),
            ("e", false),
        ] {
            assert_eq!(has_letter(id, entry), expected, "{id}");
        }
    }
}
