//! The items of a topic: a story, a text with its copies, or a single entry, as the topic's story mode says.

use crate::config::StoryMode;
use crate::model::StoryId;
use crate::store::StoryEntry;
use std::collections::BTreeMap;

/// An item of a topic.
pub struct TopicItem<'e> {
    /// Its id, from its first entry.
    pub id: StoryId,
    /// Its entries, each with its index in the story.
    pub entries: Vec<(usize, &'e StoryEntry)>,
}

/// Returns the id of the item that holds `entry`.
#[must_use]
pub fn topic_item_id(mode: StoryMode, entry: &StoryEntry) -> StoryId {
    match mode {
        StoryMode::One => entry.story,
        StoryMode::Copies => entry.copy_of.unwrap_or(entry.id).into(),
        StoryMode::Off => entry.id.into(),
    }
}

/// Splits the entries of a story into the items of a topic in `mode`.
#[must_use]
pub fn topic_items(mode: StoryMode, entries: &[StoryEntry]) -> Vec<TopicItem<'_>> {
    let mut topic_items: BTreeMap<StoryId, Vec<(usize, &StoryEntry)>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        topic_items.entry(topic_item_id(mode, entry)).or_default().push((at, entry));
    }
    topic_items.into_iter().map(|(id, entries)| TopicItem { id, entries }).collect()
}
