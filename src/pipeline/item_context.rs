//! What an item of a topic feed needs besides the entry that it shows.

use super::app::App;
use super::marks::Marks;
use super::prepare::PreparedTopic;
use crate::config::StoryMode;
use crate::model::{EntryId, Placement, Published, Story, StoryId, Timestamp};
use crate::store::{StoreError, StoryEntry};
use std::collections::BTreeSet;

/// What an item needs besides the entry that it shows.
pub struct ItemContext {
    /// The story of the item.
    pub story: StoryId,
    /// The entries of the item, in order.
    pub entries: Vec<StoryEntry>,
    /// When it was founded.
    pub founded: Option<Timestamp>,
    /// The lead of the earlier story.
    pub earlier: Option<StoryEntry>,
    /// The records of the guids that were made for the item or its entries.
    pub published: Vec<Published>,
    /// The marks of its entries.
    pub marks: Marks,
}

impl ItemContext {
    /// Reads the context of the item of `placement`, whose shown entry belongs to `story`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read(app: &App, prepared: &PreparedTopic, placement: &Placement, story: StoryId) -> Result<Self, StoreError> {
        let database = &app.store;
        // A story may have thousands of entries: of an item that is a part of it, only that part is read.
        let entries = match prepared.topic.stories {
            StoryMode::One => database.story_entries(&[story])?,
            StoryMode::Copies => database.entry_with_copies(&EntryId::from_bytes(*placement.story.as_bytes()))?,
            StoryMode::Off => database.story_entry(&placement.entry)?.into_iter().collect(),
        };
        let stored: Option<Story> = database.stories(&[story])?.pop();
        let is_story = placement.story == story;
        let first = entries.iter().find(|entry| StoryId::from(entry.id) == placement.story);
        let founded = (stored.as_ref().filter(|_| is_story).map(|story| story.founded)).or_else(|| Some(first?.first_seen));
        let earlier = match stored.and_then(|story| story.earlier) {
            Some(earlier) => earlier_lead(app, earlier)?,
            None => None,
        };
        let mut ids: BTreeSet<StoryId> = entries.iter().map(|entry| entry.id.into()).collect();
        if prepared.topic.stories == StoryMode::One {
            // The guid of a story that goes on without its founder stays with that story.
            let others: Vec<StoryId> = ids.iter().copied().filter(|id| *id != placement.story).collect();
            for other in database.stories(&others)? {
                ids.remove(&other.id);
            }
        }
        ids.insert(placement.story);
        let ids: Vec<StoryId> = ids.into_iter().collect();
        Ok(Self {
            story,
            founded,
            earlier,
            published: database.published_of_stories(&ids)?,
            marks: Marks::read(database, entries.iter().map(|entry| entry.id), std::iter::once(story))?,
            entries,
        })
    }

    /// Returns the entry whose link the item keeps, unless that is hidden.
    #[must_use]
    pub fn linked(&self, published: &Published, shown: EntryId) -> Option<&StoryEntry> {
        let entry = self.entries.iter().find(|entry| entry.id == published.linked)?;
        (entry.id != shown && !self.marks.is_hidden(entry.id, entry.story)).then_some(entry)
    }
}

fn earlier_lead(app: &App, story: StoryId) -> Result<Option<StoryEntry>, StoreError> {
    match app.store.stories(&[story])?.pop() {
        Some(story) => app.store.story_entry(&story.lead),
        None => Ok(None),
    }
}
