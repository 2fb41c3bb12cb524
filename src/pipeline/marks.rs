//! What the acts of editors and publishers result in: which entries are hidden, withdrawn or pinned, and the notes on them.

use crate::model::{EntryId, MarkEvent, MarkKind, MarkTarget, StoryId, Timestamp, TopicId};
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
    /// Each with the time of the last pin.
    pinned: BTreeMap<Option<TopicId>, Timestamp>,
    /// The times at which something was last shown again.
    unhidden: BTreeMap<Option<TopicId>, Timestamp>,
    /// Whether the publisher has withdrawn the entry.
    withdrawn: bool,
    /// When the publisher first did: an editor's decision since then holds against the publisher, and stays.
    first_withdrawn: Option<Timestamp>,
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
            let is_ended = |topic: &Option<TopicId>| event.topic.is_none() || *topic == event.topic;
            match event.kind {
                MarkKind::Hide => {
                    own.hidden.insert(event.topic.clone());
                }
                MarkKind::Pin => {
                    own.pinned.insert(event.topic.clone(), event.at);
                }
                MarkKind::Unhide => {
                    own.hidden.retain(|topic| !is_ended(topic));
                    own.unhidden.insert(event.topic.clone(), event.at);
                }
                MarkKind::Unpin => own.pinned.retain(|topic, _| !is_ended(topic)),
                MarkKind::Withdraw => {
                    own.withdrawn = true;
                    own.first_withdrawn.get_or_insert(event.at);
                }
                MarkKind::Restore => own.withdrawn = false,
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

    /// Returns whether an entry is hidden in all topics, by an editor or since its publisher withdrew it.
    #[must_use]
    pub fn is_hidden(&self, entry: EntryId, story: StoryId) -> bool {
        self.any(entry, story, |marks| marks.hidden.contains(&None)) || self.is_withdrawn(entry, story, |_| true)
    }

    /// Returns whether the publisher has withdrawn an entry, and no editor has brought it back since, in a topic.
    #[must_use]
    pub fn is_withdrawn_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        self.is_withdrawn(entry, story, |shown| shown.is_none() || *shown == of_topic)
    }

    /// Returns whether the publisher has withdrawn an entry, and no editor has unhidden or pinned it or its story since in a topic that `counts`.
    fn is_withdrawn(&self, entry: EntryId, story: StoryId, counts: impl Fn(&Option<TopicId>) -> bool) -> bool {
        let own = self.by_target.get(&MarkTarget::Entry(entry)).filter(|own| own.withdrawn);
        let Some(since) = own.and_then(|own| own.first_withdrawn) else {
            return false;
        };
        !self.any(entry, story, |marks| {
            let mut shown = marks.unhidden.iter().chain(&marks.pinned);
            shown.any(|(topic, at)| *at >= since && counts(topic))
        })
    }

    /// Returns whether an entry is hidden in a topic, by an editor or since its publisher withdrew it.
    #[must_use]
    pub fn is_hidden_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        let is_hidden = self.any(entry, story, |marks| {
            marks.hidden.contains(&None) || marks.hidden.contains(&of_topic)
        });
        is_hidden || self.is_withdrawn_in(topic, entry, story)
    }

    /// Returns whether an entry is pinned in a topic.
    #[must_use]
    pub fn is_pinned_in(&self, topic: &TopicId, entry: EntryId, story: StoryId) -> bool {
        let of_topic = Some(topic.clone());
        self.any(entry, story, |marks| {
            marks.pinned.contains_key(&None) || marks.pinned.contains_key(&of_topic)
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

    #[test]
    fn an_editor_brings_back_what_a_publisher_withdrew_and_it_stays() {
        let (entry, story) = (EntryId::from_bytes([1; 16]), StoryId::from_bytes([2; 16]));
        let (topic, other) = (TopicId::new("mali").expect("a slug"), TopicId::new("niger").expect("a slug"));
        let event = |at, kind, target, topic: Option<&TopicId>| MarkEvent {
            at: Timestamp::from_unix(at),
            editor: String::new(),
            kind,
            target,
            topic: topic.cloned(),
            note: None,
        };
        let (own, whole) = (MarkTarget::Entry(entry), MarkTarget::Story(story));
        let is_hidden = |events: &[MarkEvent]| {
            let marks = Marks::new(events.to_vec());
            let in_topics = [&topic, &other].map(|topic| marks.is_hidden_in(topic, entry, story));
            (marks.is_hidden(entry, story), in_topics)
        };
        let gone = event(5, MarkKind::Withdraw, own, None);
        assert_eq!(is_hidden(std::slice::from_ref(&gone)), (true, [true, true]));
        let restored = [gone.clone(), event(6, MarkKind::Restore, own, None)];
        assert_eq!(is_hidden(&restored), (false, [false, false]));
        for shown in [
            event(6, MarkKind::Unhide, own, None),
            event(6, MarkKind::Pin, own, None),
            event(6, MarkKind::Unhide, whole, None),
        ] {
            let again = [
                gone.clone(),
                shown,
                event(7, MarkKind::Restore, own, None),
                event(8, MarkKind::Withdraw, own, None),
            ];
            assert_eq!(is_hidden(&again[..2]), (false, [false, false]));
            assert_eq!(is_hidden(&again), (false, [false, false]), "it stays");
        }
        let one_topic = [gone.clone(), event(6, MarkKind::Pin, own, Some(&topic))];
        assert_eq!(is_hidden(&one_topic), (false, [false, true]));
        let before = [
            event(4, MarkKind::Unhide, own, None),
            event(4, MarkKind::Pin, whole, None),
            gone.clone(),
        ];
        assert_eq!(is_hidden(&before), (true, [true, true]), "a decision before it is none on it");
        let unpinned = [gone, event(6, MarkKind::Pin, own, None), event(7, MarkKind::Unpin, own, None)];
        assert_eq!(is_hidden(&unpinned), (true, [true, true]));
    }
}
