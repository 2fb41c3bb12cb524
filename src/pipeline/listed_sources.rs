//! The feeds of the stored reading lists as sources of the configuration. feeds.toml decides first: a feed or an id that it has itself is not taken from
//! a list.

use crate::config::{self, Config, IncludedList, Settings, Source, source_block};
use crate::model::{CanonicalUrl, ListedSource, ReadingList, SourceId, canonical};
use crate::store::{Store, StoreError};
use std::collections::HashSet;
use std::path::Path;

/// Puts the feeds of the stored lists among the sources of `config`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn merge_stored(config: &mut Config, store: &Store) -> Result<(), StoreError> {
    if !config.included_lists.is_empty() {
        merge(config, &store.reading_lists()?);
    }
    Ok(())
}

/// Puts the feeds of `lists` among the sources of `config`, in place of those that are there.
fn merge(config: &mut Config, lists: &[ReadingList]) {
    let Config {
        sources,
        listed,
        included_lists,
        ..
    } = config;
    sources.retain(|source| !listed.contains(&source.id));
    listed.clear();
    let mut ids: HashSet<SourceId> = sources.iter().map(|source| source.id.clone()).collect();
    let mut feeds: HashSet<CanonicalUrl> = sources.iter().flat_map(|source| source.urls.iter().map(canonical)).collect();
    for included in included_lists.iter().filter(|included| included.enabled) {
        let Some(list) = lists.iter().find(|list| list.url == included.url.as_str()) else {
            continue;
        };
        for source in list.present().filter_map(|feed| source(feed, included)) {
            let is_new = source.urls.iter().all(|url| feeds.insert(canonical(url))) && ids.insert(source.id.clone());
            if is_new {
                listed.insert(source.id.clone());
                sources.push(source);
            }
        }
    }
}

/// Returns a feed of a list as a source; none when it is not one, which no list that griot has read has.
fn source(feed: &ListedSource, included: &IncludedList) -> Option<Source> {
    let mut settings: Settings = serde_json::from_str(&feed.settings).ok()?;
    settings.insert("id".to_owned(), feed.id.as_str().into());
    let mut source = config::from_str(Path::new("list"), &source_block(&settings)).ok()?.sources.pop()?;
    let further = included.tags.iter().filter(|tag| !source.tags.contains(tag)).cloned();
    let further: Vec<String> = further.collect();
    source.tags.extend(further);
    Some(source)
}
