//! What the acts of editors result in: which entries are hidden or pinned, and the notes on them.

use crate::model::{EntryId, MarkEvent, MarkKind, MarkTarget, StoryId, TopicId};
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// The marks of the entries of some stories.
#[derive(Debug, Default)]
pub struct Marks {
    by_target: BTreeMap<MarkTarget, TargetMarks>,
}

/// The marks of one entry or story; a topic that is `None` means all topics.
#[derive(Debug, Default)]
struct TargetMarks {
    hidden: BTreeSet<Option<TopicId>>,
    pinned: BTreeSet<Option<TopicId>>,
    approved: BTreeSet<Option<TopicId>>,
    notes: BTreeMap<Option<TopicId>, String>,
}

impl Marks {
    /// Reads the marks of these entries and stories.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read(store: &Store, entries: impl Iterator<Item = EntryId>, stories: impl Iterator<Item = StoryId>) -> Result<Self, StoreError> {
        if !store.any_marks()? {
            return Ok(Self::default());
        }
        let targets: Vec<MarkTarget> = entries.map(MarkTarget::Entry).chain(stories.map(MarkTarget::Story)).collect();
        Ok(Self::new(store.marks_of(&targets)?))
    }

    /// Returns the state that `events` result in, in their order. What concerns all topics also ends what an earlier event set for one.
    fn new(events: Vec<MarkEvent>) -> Self {
        let mut marks = Self::default();
        for event in events {
            let own = marks.by_target.entry(event.target).or_default();
            let end = |set: &mut BTreeSet<Option<TopicId>>| {
                if event.topic.is_none() {
                    set.clear();
                }
                set.remove(&event.topic);
            };
            match event.kind {
                MarkKind::Hide => {
                    own.hidden.insert(event.topic.clone());
                }
                MarkKind::Pin => {
                    own.pinned.insert(event.topic.clone());
                }
                MarkKind::Unhide => end(&mut own.hidden),
                MarkKind::Unpin => end(&mut own.pinned),
                MarkKind::Note => {
                    if event.topic.is_none() {
                        own.notes.clear();
                    }
                    own.notes.remove(&event.topic);
                    if let Some(note) = event.note.filter(|note| !note.trim().is_empty()) {
                        own.notes.insert(event.topic, note);
                    }
                }
                MarkKind::Approve => {
                    own.approved.insert(event.topic.clone());
                }
                // A topic learns from labels as a whole; splits and joins were done when they were stored.
                MarkKind::Yes | MarkKind::No | MarkKind::Split | MarkKind::Join => {}
            }
        }
        marks
    }

    fn any(&self, entry: EntryId, story: StoryId, is_set: impl Fn(&TargetMarks) -> bool) -> bool {
        let targets = [MarkTarget::Entry(entry), MarkTarget::Story(story)];
        !self.by_target.is_empty() && targets.iter().any(|target| self.by_target.get(target).is_some_and(&is_set))
    }

    /// Returns whether an entry is hidden in all topics.
    #[must_use]
    pub fn is_hidden(&self, entry: EntryId, story: StoryId) -> bool {
        self.any(entry, story, |marks| marks.hidden.contains(&None))
    }

    /// Returns whether an entry is hidden in a topic.
    #[must_use]
    pub fn is_hidden_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        self.any(entry, story, |marks| {
            marks.hidden.contains(&None) || marks.hidden.contains(&of_topic)
        })
    }

    /// Returns whether an entry is pinned in a topic.
    #[must_use]
    pub fn is_pinned_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        self.any(entry, story, |marks| {
            marks.pinned.contains(&None) || marks.pinned.contains(&of_topic)
        })
    }

    /// Returns whether an entry may be published in a topic whose stories wait for approval: an editor has approved or pinned it.
    #[must_use]
    pub fn is_approved_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        self.is_pinned_in(topic, entry, story)
            || self.any(entry, story, |marks| {
                marks.approved.contains(&None) || marks.approved.contains(&of_topic)
            })
    }

    /// Returns the editor's note on an entry in a topic, else on its story; a note for the topic before one for all topics.
    #[must_use]
    pub fn note_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> Option<&str> {
        let targets = [MarkTarget::Entry(entry), MarkTarget::Story(story)];
        targets.iter().find_map(|target| {
            let notes = &self.by_target.get(target)?.notes;
            notes.get(&Some(topic.clone())).or_else(|| notes.get(&None)).map(String::as_str)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn events_result_in_a_state_in_their_order() {
        let (entry, story) = (EntryId::from_bytes([1; 16]), StoryId::from_bytes([2; 16]));
        let topic = TopicId::new("mali").expect("a slug");
        let other = TopicId::new("niger").expect("a slug");
        let event = |kind, target, topic: Option<&TopicId>, note: Option<&str>| MarkEvent {
            at: Timestamp::from_unix(0),
            editor: "awa".to_owned(),
            kind,
            target,
            topic: topic.cloned(),
            note: note.map(str::to_owned),
        };
        let (own, whole) = (MarkTarget::Entry(entry), MarkTarget::Story(story));
        let marks = |events: &[MarkEvent]| Marks::new(events.to_vec());
        let hidden = event(MarkKind::Hide, own, Some(&topic), None);
        let first = marks(std::slice::from_ref(&hidden));
        assert!(first.is_hidden_in(&topic, entry, story) && !first.is_hidden_in(&other, entry, story) && !first.is_hidden(entry, story));
        let again = marks(&[hidden.clone(), event(MarkKind::Unhide, own, Some(&topic), None)]);
        assert!(!again.is_hidden_in(&topic, entry, story));
        let everywhere = marks(&[hidden.clone(), event(MarkKind::Unhide, own, None, None)]);
        assert!(
            !everywhere.is_hidden_in(&topic, entry, story),
            "what concerns all topics ends it too"
        );
        let elsewhere = marks(&[hidden, event(MarkKind::Unhide, own, Some(&other), None)]);
        assert!(elsewhere.is_hidden_in(&topic, entry, story));
        let of_story = marks(&[
            event(MarkKind::Hide, whole, None, None),
            event(MarkKind::Pin, whole, Some(&topic), None),
        ]);
        assert!(of_story.is_hidden(entry, story) && of_story.is_hidden_in(&topic, entry, story));
        assert!(of_story.is_pinned_in(&topic, entry, story) && !of_story.is_pinned_in(&other, entry, story));
        let notes = [
            event(MarkKind::Note, whole, None, Some("À vérifier")),
            event(MarkKind::Note, own, None, Some("Faux")),
            event(MarkKind::Note, own, Some(&topic), Some("Faux au Mali")),
            event(MarkKind::Note, own, None, Some(" ")),
        ];
        let of_topic = marks(&notes[..3]);
        assert_eq!(of_topic.note_in(&topic, entry, story), Some("Faux au Mali"));
        assert_eq!(of_topic.note_in(&other, entry, story), Some("Faux"));
        let removed = marks(&notes);
        assert_eq!(
            removed.note_in(&topic, entry, story),
            Some("À vérifier"),
            "an empty note removes those before it"
        );
    }
}
