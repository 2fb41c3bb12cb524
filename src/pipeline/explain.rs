//! `griot explain`: why an entry is in topics or not, by their rules and by what is decided outside of them.

use super::entry_reader::{EntryReader, StoredStory};
use super::marks::Marks;
use super::prepare::{Prepared, PreparedTopic};
use super::story_evaluation::{MAX_OLD_PER_VISIT, OLD_AFTER};
use super::topic_item::{topic_item_id, topic_items};
use super::topic_models::TopicModels;
use crate::config::Config;
use crate::curate::{ExplainedAbout, Explanation};
use crate::model::{EntryId, MarkEvent, MarkKind, MarkTarget, Placement, StoryId, Timestamp, TopicId};
use crate::store::{Store, StoreError, StoryEntry, TopicStamp};
use std::time::Duration;

/// An entry on the rules of topics.
#[derive(Debug)]
pub struct EntryExplanation {
    /// The entry.
    pub entry: StoryEntry,
    /// What it is about.
    pub about: ExplainedAbout,
    /// How many sources have an entry in its story that is no copy.
    pub sources_in_story: usize,
    /// Its topics, in the order of the configuration.
    pub topics: Vec<TopicExplanation>,
}

/// An entry on the rule of one topic.
#[derive(Debug)]
pub struct TopicExplanation {
    /// The topic.
    pub topic: TopicId,
    /// The version of its rule: the first eight digits of its digest.
    pub version: String,
    /// Whether the entry is in the topic.
    pub standing: Standing,
    /// When its item was first published.
    pub first_published: Option<Timestamp>,
    /// What the rule says.
    pub explanation: Explanation,
    /// What is decided outside of the rule.
    pub circumstances: Vec<Circumstance>,
}

/// Whether an entry is in a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its item shows it.
    Shown,
    /// Its item shows another entry.
    Beside(EntryId),
    /// It is not in the topic.
    Out,
}

/// What is decided outside of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Circumstance {
    /// An editor has hidden the entry or its story.
    Hidden(Option<MarkEvent>),
    /// Its publisher has withdrawn it; the event says when, and by which sign.
    Withdrawn(Option<MarkEvent>),
    /// An editor has pinned it.
    Pinned(Option<MarkEvent>),
    /// It is older than the topic's `keep`.
    OlderThanKeep(Duration),
    /// It was so old when it was first seen that of the entries of one visit only so many enter a topic.
    OldWhenSeen(u64),
    /// Fewer independent reports than so many tell its story.
    TooFewReports(usize),
    /// It waits for an editor's approval.
    Waits,
    /// So many newer items fill the feed.
    BeyondLimit(usize),
    /// Its source fills its share of the feed, in percent, with newer items.
    BeyondShare(usize),
    /// The rule was changed, and no run has evaluated it since.
    RuleChanged,
    /// It meets the rule, and no run has evaluated it yet.
    NotEvaluated,
}

/// Explains an entry on all topics, or on `topic`. `None` when no run has composed it yet.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn explain(
    config: &Config,
    prepared: &Prepared,
    store: &Store,
    entry: EntryId,
    topic: Option<&TopicId>,
    now: Timestamp,
) -> Result<Option<EntryExplanation>, StoreError> {
    let Some(known) = store.story_entry(&entry)? else { return Ok(None) };
    let reader = EntryReader { store, prepared };
    let Some(whole) = reader.stories(&[known.story])?.remove(&known.story) else {
        return Ok(None);
    };
    let Some((known, words)) = whole.entry(entry) else {
        return Ok(None);
    };
    let reading = Reading::read(config, prepared, store, &whole, known, now)?;
    let wanted = prepared
        .topics
        .iter()
        .filter(|prepared| topic.is_none_or(|topic| prepared.topic.id == *topic));
    let wanted: Vec<&PreparedTopic> = wanted.collect();
    let (about, explanations) = reader.matched(prepared.matcher(), known, words, |matched| {
        let explanations = wanted.iter().map(|prepared| {
            let topic = &prepared.topic;
            prepared
                .rule
                .explain_decision(matched, reading.sources, topic.min_score, reading.models.get(&topic.id))
        });
        (matched.explain_about(), explanations.collect::<Vec<Explanation>>())
    });
    let topics = wanted
        .iter()
        .zip(explanations)
        .map(|(prepared, explanation)| reading.topic(prepared, explanation));
    Ok(Some(EntryExplanation {
        topics: topics.collect::<Result<_, _>>()?,
        about,
        sources_in_story: reading.sources,
        entry: known.clone(),
    }))
}

/// What is read of an entry's story besides its words.
struct Reading<'a> {
    config: &'a Config,
    store: &'a Store,
    whole: &'a StoredStory,
    entry: &'a StoryEntry,
    now: Timestamp,
    events: Vec<MarkEvent>,
    marks: Marks,
    placements: Vec<Placement>,
    stamps: Vec<TopicStamp>,
    models: TopicModels,
    /// The number of independent sources of the story.
    sources: usize,
}

impl<'a> Reading<'a> {
    fn read(
        config: &'a Config,
        prepared: &Prepared,
        store: &'a Store,
        whole: &'a StoredStory,
        entry: &'a StoryEntry,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let members = whole.entries.iter().map(|entry| entry.id);
        let marks = Marks::read(store, members, std::iter::once(entry.story))?;
        let mut items: Vec<StoryId> = vec![entry.story, entry.copy_of.unwrap_or(entry.id).into(), entry.id.into()];
        items.sort_unstable();
        items.dedup();
        Ok(Self {
            sources: whole.source_count(prepared, &marks),
            events: store.marks_of(&[MarkTarget::Entry(entry.id), MarkTarget::Story(entry.story)])?,
            marks,
            placements: store.placements_of_stories(&items)?,
            stamps: store.topic_stamps()?,
            models: TopicModels::read(prepared, store)?,
            config,
            store,
            whole,
            entry,
            now,
        })
    }

    fn topic(&self, prepared: &PreparedTopic, explanation: Explanation) -> Result<TopicExplanation, StoreError> {
        let topic = &prepared.topic;
        let item = topic_item_id(topic.stories, self.entry);
        let placement = self
            .placements
            .iter()
            .find(|placement| placement.topic == topic.id && placement.story == item);
        let standing = match placement {
            Some(placement) if placement.entry == self.entry.id => Standing::Shown,
            Some(placement) => Standing::Beside(placement.entry),
            None => Standing::Out,
        };
        let published = self.store.published_of_stories(&[item])?.into_iter();
        let mut version = prepared.rule.digest().to_string();
        version.truncate(8);
        Ok(TopicExplanation {
            topic: topic.id.clone(),
            version,
            standing,
            first_published: published
                .filter(|published| published.topic == topic.id)
                .map(|published| published.first_published)
                .min(),
            circumstances: self.circumstances(prepared, item, placement, &explanation)?,
            explanation,
        })
    }

    fn circumstances(
        &self,
        prepared: &PreparedTopic,
        item: StoryId,
        placement: Option<&Placement>,
        explanation: &Explanation,
    ) -> Result<Vec<Circumstance>, StoreError> {
        let topic = &prepared.topic;
        let entry = self.entry;
        let mut found = Vec::new();
        let is_hidden = self.marks.is_hidden_in(&topic.id, entry.id, entry.story);
        let is_pinned = self.marks.is_pinned_in(&topic.id, entry.id, entry.story);
        let is_withdrawn = self.marks.is_withdrawn_in(&topic.id, entry.id, entry.story);
        if is_withdrawn {
            found.push(Circumstance::Withdrawn(self.last_event(MarkKind::Withdraw, &topic.id)));
        } else if is_hidden {
            found.push(Circumstance::Hidden(self.last_event(MarkKind::Hide, &topic.id)));
        }
        if is_pinned {
            found.push(Circumstance::Pinned(self.last_event(MarkKind::Pin, &topic.id)));
        }
        let stamp = self.stamps.iter().find(|stamp| stamp.topic == topic.id);
        if stamp.is_some_and(|stamp| stamp.digest != self.models.digest(prepared)) {
            found.push(Circumstance::RuleChanged);
        }
        let Some(placement) = placement else {
            if explanation.is_met && !is_hidden && !is_pinned && self.sources < topic.min_reports {
                found.push(Circumstance::TooFewReports(topic.min_reports));
            } else if explanation.is_met && !is_hidden && !is_pinned {
                let old = topic
                    .keep
                    .filter(|keep| entry.date < self.now - *keep)
                    .map(Circumstance::OlderThanKeep);
                let old = old.or_else(|| {
                    self.is_archive(prepared, item)
                        .then_some(Circumstance::OldWhenSeen(MAX_OLD_PER_VISIT))
                });
                let is_explained = found.contains(&Circumstance::RuleChanged);
                found.extend(old.or((!is_explained).then_some(Circumstance::NotEvaluated)));
            }
            return Ok(found);
        };
        if placement.waits {
            found.push(Circumstance::Waits);
            return Ok(found);
        }
        if let Some(keep) = topic.keep.filter(|keep| placement.date < self.now - *keep) {
            found.push(Circumstance::OlderThanKeep(keep));
            return Ok(found);
        }
        let newest = self.store.newest_placements(&topic.id, topic.limit)?;
        let of_source = newest.iter().filter(|one| one.source == placement.source);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share lies between 0 and 1")]
        let percent = (topic.max_share * 100.0).round() as usize;
        let most = (topic.limit * percent).div_ceil(100).max(1);
        match of_source.clone().position(|one| one.story == placement.story) {
            None => found.push(Circumstance::BeyondLimit(topic.limit)),
            Some(rank) if newest.len() >= topic.limit && rank >= most => found.push(Circumstance::BeyondShare(percent)),
            Some(_) => {}
        }
        Ok(found)
    }

    /// Returns whether all entries of an item were old when they were first seen.
    fn is_archive(&self, prepared: &PreparedTopic, item: StoryId) -> bool {
        let items = topic_items(prepared.topic.stories, &self.whole.entries);
        let is_old = |entry: &StoryEntry| entry.first_seen.since(entry.date) > OLD_AFTER;
        let own = items.iter().find(|one| one.id == item);
        self.config.fetch.max_new > 0 && own.is_some_and(|own| own.entries.iter().all(|(_, entry)| is_old(entry)))
    }

    fn last_event(&self, kind: MarkKind, topic: &TopicId) -> Option<MarkEvent> {
        let concerns = |event: &&MarkEvent| event.kind == kind && event.topic.as_ref().is_none_or(|own| own == topic);
        self.events.iter().rfind(concerns).cloned()
    }
}
