//! Topics with `learn = true`: their weights are learned from the labels of editors when a run evaluates topics, again when there are more labels or
//! the rule is another one.

use super::app::App;
use super::entry_reader::EntryReader;
use super::labels::for_each_label;
use super::prepare::PreparedTopic;
use super::stage_panics::StagePanics;
use super::topic_models::TopicModels;
use super::topic_suggest::ENOUGH_LABELS;
use crate::config::Topic;
use crate::curate::TopicLearner;
use crate::model::{Changes, EntryId, Timestamp, TopicId, TopicLearning, TopicModel};
use crate::store::{Store, StoreError};

/// A topic learns from so many labelled entries on, of which [`ENOUGH_LABELS`] have to be of each kind.
pub const MIN_LABELS: usize = 200;
/// A topic learns from at most so many labelled entries, those that were labelled last, which bounds the memory and time that it takes.
const MAX_LABELS: usize = 5_000;
/// It learns again when the number of labels has grown by so much: each time all that is stored is evaluated again.
const GROWTH_PERCENT: u64 = 10;

/// The labelled entries of a topic: how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelTally {
    /// Those that belong to it.
    pub yes: usize,
    /// Those that do not.
    pub no: usize,
}

impl LabelTally {
    /// Counts labels.
    #[must_use]
    pub fn of(labels: &[(EntryId, bool)]) -> Self {
        let yes = labels.iter().filter(|(_, is_yes)| *is_yes).count();
        let no = labels.len() - yes;
        Self { yes, no }
    }

    /// Returns whether a topic learns from so many.
    #[must_use]
    pub const fn is_enough(self) -> bool {
        self.yes + self.no >= MIN_LABELS && self.yes >= ENOUGH_LABELS && self.no >= ENOUGH_LABELS
    }
}

/// Returns how many entries are labelled for a topic that is to learn and for which there are too few yet; else none.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn missing_labels(store: &Store, topic: &Topic) -> Result<Option<LabelTally>, StoreError> {
    if !topic.learn {
        return Ok(None);
    }
    let tally = LabelTally::of(&store.labels(&topic.id)?);
    Ok(Some(tally).filter(|tally| !tally.is_enough()))
}

/// What a topic has learned, to be shown.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn learned(store: &Store, topic: &TopicId) -> Result<Option<(TopicLearning, TopicModel)>, StoreError> {
    Ok(store.topic_learning(topic)?.zip(store.topic_model(topic)?))
}

/// Has each topic that learns learn, if it is time, and returns what they have learned; the weights are not loaded.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn learn(app: &App, now: Timestamp, panics: &StagePanics) -> Result<TopicModels, StoreError> {
    let mut models = TopicModels::default();
    for prepared in app.prepared.topics.iter().filter(|prepared| prepared.topic.learn) {
        let before = app.store.topic_learning(&prepared.topic.id)?;
        let label_count = app.store.label_count(&prepared.topic.id)?;
        if !is_due(before.as_ref(), label_count, prepared) {
            models.add(before);
            continue;
        }
        let model = learn_topic(app, prepared, panics)?;
        let learning = TopicLearning {
            topic: prepared.topic.id.clone(),
            label_count,
            rule: prepared.digest,
            learned: now,
            digest: model.as_ref().map(TopicModel::digest),
        };
        models.add(Some(learning.clone()));
        app.store.apply(Changes {
            learned_topics: vec![(learning, model.unwrap_or_default())],
            ..Changes::default()
        })?;
    }
    Ok(models)
}

/// Returns whether a topic with so many labels is to learn.
fn is_due(before: Option<&TopicLearning>, label_count: u64, prepared: &PreparedTopic) -> bool {
    let Some(before) = before else {
        return label_count >= MIN_LABELS as u64;
    };
    let is_grown = match before.digest {
        Some(_) => label_count * 100 >= before.label_count * (100 + GROWTH_PERCENT),
        None => label_count != before.label_count,
    };
    is_grown || before.rule != prepared.digest
}

/// Learns the weights of a topic; none when too few entries are labelled.
fn learn_topic(app: &App, prepared: &PreparedTopic, panics: &StagePanics) -> Result<Option<TopicModel>, StoreError> {
    let topic = &prepared.topic;
    let labels = app.store.labels(&topic.id)?;
    if !LabelTally::of(&labels).is_enough() {
        return Ok(None);
    }
    let reader = EntryReader {
        store: &app.store,
        prepared: &app.prepared,
    };
    let mut learner = TopicLearner::default();
    for_each_label(reader, newest(&labels), &mut |labelled| {
        panics.catch(&labelled.entry.source, "learning from", || {
            reader.matched(app.prepared.matcher(), labelled.entry, labelled.words, |matched| {
                learner.add(&prepared.rule, matched, labelled.sources, topic.min_score, labelled.is_yes);
            });
        });
    })?;
    let model = learner.learn();
    tracing::info!(
        topic.id = topic.logged_id(),
        labels = labels.len(),
        words = model.words.len(),
        "learned the weights of a topic"
    );
    Ok(Some(model))
}

/// Returns the labels from which a topic learns.
pub(super) fn newest(labels: &[(EntryId, bool)]) -> &[(EntryId, bool)] {
    &labels[labels.len().saturating_sub(MAX_LABELS)..]
}
