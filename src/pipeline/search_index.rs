//! Keeps the full-text index: what has changed is written to it, what an earlier version stored is filled in, in batches of one transaction each.

use super::entry_reader::original_texts;
use super::marks::Marks;
use crate::config::Search;
use crate::curate::search_words;
use crate::model::StoryId;
use crate::store::{SearchDocument, Store, StoreError, UnindexedEntry};

/// The number of entries of a batch.
const ENTRIES_PER_BATCH: usize = 1_000;

/// How much is written to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexExtent {
    /// What has changed since it was last written.
    Changed,
    /// Also what was never written, such as what is stored when the index is made.
    All,
}

/// Does what [`update`] does; an error is logged, since nothing but searches needs the index.
pub fn keep(store: &Store, search: &Search, extent: IndexExtent, goes_on: impl Fn() -> bool) {
    if let Err(error) = update(store, search, extent, goes_on) {
        tracing::error!(code = error.code(), %error, "the full-text index cannot be written; griot db rebuild makes it anew");
    }
}

/// Makes or deletes the index as `search` says, and writes batches to it as long as `goes_on` returns true; at least one. Returns how many entries were
/// written.
///
/// # Errors
/// [`StoreError`] when the store fails; what earlier batches wrote stays.
fn update(store: &Store, search: &Search, extent: IndexExtent, goes_on: impl Fn() -> bool) -> Result<u64, StoreError> {
    if !search.index {
        if store.remove_search_index()? {
            tracing::info!("the full-text index was deleted");
        }
        return Ok(0);
    }
    if store.create_search_index()? {
        tracing::info!("the full-text index was made");
    }
    let mut entries = 0;
    loop {
        let batch = store.unindexed_entries(ENTRIES_PER_BATCH, extent == IndexExtent::All)?;
        if batch.is_empty() {
            break;
        }
        entries += batch.len() as u64;
        store.index_entries(documents(store, &batch)?)?;
        if !goes_on() {
            break;
        }
    }
    if entries > 0 {
        tracing::debug!(entries, "indexed");
    }
    Ok(entries)
}

/// Makes the index anew and fills it, unless there is to be none. Returns how many entries were written.
///
/// # Errors
/// [`StoreError`] when the store fails; what earlier batches wrote stays.
pub fn rebuild(store: &Store, search: &Search) -> Result<u64, StoreError> {
    store.remove_search_index()?;
    update(store, search, IndexExtent::All, || true)
}

/// Returns what the index is to hold of these entries: nothing of those that are hidden in all topics.
fn documents(store: &Store, batch: &[UnindexedEntry]) -> Result<Vec<SearchDocument>, StoreError> {
    let story_of = |entry: &UnindexedEntry| entry.story.unwrap_or(StoryId::from(entry.id));
    let marks = Marks::read(store, batch.iter().map(|entry| entry.id), batch.iter().map(story_of))?;
    let document = |entry: &UnindexedEntry| {
        let words = (!marks.is_hidden(entry.id, story_of(entry))).then(|| match &entry.words {
            Some(words) => search_words(&words.words, words.article_words.as_deref()),
            None => search_words(&original_texts(store, entry.id).word_list(), None),
        });
        SearchDocument::new(entry, words)
    };
    Ok(batch.iter().map(document).collect())
}
