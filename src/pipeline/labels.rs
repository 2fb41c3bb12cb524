//! Reads the entries that editors have labelled for a topic, in batches.

use super::entry_reader::EntryReader;
use super::marks::Marks;
use crate::model::{EntryId, StoryId};
use crate::store::{EntryWords as StoredWords, StoreError, StoryEntry};
use std::collections::BTreeMap;

/// The number of labelled entries that are read at once.
const LABELS_PER_BATCH: usize = 200;

/// A labelled entry with its story.
pub struct LabelledEntry<'a> {
    /// The entry.
    pub entry: &'a StoryEntry,
    /// Its words.
    pub words: &'a StoredWords,
    /// The number of independent sources of its story.
    pub sources: usize,
    /// Whether it belongs to the topic.
    pub is_yes: bool,
}

/// Passes the entries of `labels` to `each`, with whether they belong to the topic. Returns how many of them are no longer stored.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn for_each_label(
    reader: EntryReader<'_>,
    labels: &[(EntryId, bool)],
    each: &mut dyn FnMut(&LabelledEntry<'_>),
) -> Result<usize, StoreError> {
    let mut missing = 0;
    for batch in labels.chunks(LABELS_PER_BATCH) {
        let mut stories: BTreeMap<EntryId, StoryId> = BTreeMap::new();
        for (entry, _) in batch {
            stories.extend(reader.store.story_entry(entry)?.map(|entry| (entry.id, entry.story)));
        }
        let mut ids: Vec<StoryId> = stories.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let stored = reader.stories(&ids)?;
        let members = stored.values().flat_map(|story| &story.entries).map(|entry| entry.id);
        let marks = Marks::read(reader.store, members, ids.iter().copied())?;
        for (id, is_yes) in batch {
            let story = stories.get(id).and_then(|story| stored.get(story));
            let found = story.and_then(|story| Some((story, story.entry(*id)?)));
            let Some((story, (entry, words))) = found else {
                missing += 1;
                continue;
            };
            each(&LabelledEntry {
                entry,
                words,
                sources: story.source_count(reader.prepared, &marks),
                is_yes: *is_yes,
            });
        }
    }
    Ok(missing)
}
