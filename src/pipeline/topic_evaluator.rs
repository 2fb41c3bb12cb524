//! Evaluates the topics' rules on stories: which story is placed in which topic, by which entry and for which reasons.
//!
//! Stories are read in batches, each batch is one transaction: which entries were evaluated, what that changed, and the stamps of the topics that
//! have to be rendered again. A run that is interrupted goes on with the entries whose version was not evaluated yet.

use super::app::App;
use super::forms::{FormParts, article_forms, text_forms};
use super::marks::Marks;
use super::stage_panics::StagePanics;
use super::story_evaluation::{Batch, EntryLimits, Scope, StoryEvaluation, possible_items};
use super::topic_learn;
use super::topic_models::TopicModels;
use crate::curate::subjects_version;
use crate::model::{Article, Changes, CleanHtml, Country, Digest128, Entry, FilledWords, SourceId, Story, StoryId, Timestamp, TopicId};
use crate::store::{EntryWords as StoredWords, StoreError, StoryEntry};
use crate::text::html_to_text::html_to_text;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The number of stories that are evaluated in one transaction, which bounds the memory that their words take.
const STORIES_PER_BATCH: usize = 500;

/// Evaluates stories, batch after batch.
pub struct TopicEvaluator<'a> {
    app: &'a App,
    now: Timestamp,
    panics: &'a StagePanics,
    /// What topics have learned.
    models: TopicModels,
    /// The digests of the rules by which the topics were evaluated last.
    stamps: BTreeMap<TopicId, Digest128>,
    limits: EntryLimits,
}

impl<'a> TopicEvaluator<'a> {
    /// Prepares the evaluation at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn new(app: &'a App, now: Timestamp, panics: &'a StagePanics) -> Result<Self, StoreError> {
        let stamps = app
            .store
            .topic_stamps()?
            .into_iter()
            .map(|stamp| (stamp.topic, stamp.digest))
            .collect();
        Ok(Self {
            app,
            now,
            panics,
            models: topic_learn::learn(app, now, panics)?,
            stamps,
            limits: EntryLimits::default(),
        })
    }

    /// Evaluates the stories of entries that are new or have changed, then those of sources whose facts have changed, then every story for the
    /// topics whose rule has changed: a topic is a view.
    ///
    /// # Errors
    /// [`StoreError`] when the store fails.
    pub fn evaluate(mut self, sources: &[(SourceId, Digest128)]) -> Result<(), StoreError> {
        let store = &self.app.store;
        if self.stamps.is_empty() && !store.any_evaluated()? {
            // On the first run every story is unevaluated: evaluating all again for topics whose rule is new would double the work.
            self.stamps = changed_rules(self.app, &self.models, &self.stamps);
            let stamp = |(topic, digest): (&TopicId, &Digest128)| (topic.clone(), *digest, self.now);
            store.apply(Changes {
                topic_stamps: self.stamps.iter().map(stamp).collect(),
                subjects_version: Some(subjects_version()),
                ..Changes::default()
            })?;
        }
        for batch in store.unevaluated_stories()?.chunks(STORIES_PER_BATCH) {
            self.batch(batch, Scope::News)?;
        }
        for (source, facts) in sources {
            for batch in store.stories_of_source(source)?.chunks(STORIES_PER_BATCH) {
                self.batch(batch, Scope::News)?;
            }
            store.apply(Changes {
                source_facts: vec![(source.clone(), *facts)],
                ..Changes::default()
            })?;
        }
        self.changed_rules()?;
        let configured = |id: &TopicId| self.app.prepared.topics.iter().any(|prepared| prepared.topic.id == *id);
        let retired_topics: Vec<TopicId> = self.stamps.keys().filter(|id| !configured(id)).cloned().collect();
        if !retired_topics.is_empty() {
            store.apply(Changes {
                retired_topics,
                ..Changes::default()
            })?;
        }
        Ok(())
    }

    /// Evaluates every story for the topics whose rule has changed; for all topics when what entries are about may be another than was stored.
    fn changed_rules(&mut self) -> Result<(), StoreError> {
        let store = &self.app.store;
        let version = subjects_version();
        let are_subjects_current = store.subjects_version()? == Some(version);
        let changed: BTreeMap<TopicId, Digest128> = changed_rules(self.app, &self.models, &self.stamps);
        if changed.is_empty() && are_subjects_current {
            return Ok(());
        }
        let all_topics = || self.app.prepared.topics.iter().map(|prepared| prepared.topic.id.clone());
        let topics: BTreeSet<TopicId> = if are_subjects_current {
            changed.keys().cloned().collect()
        } else {
            all_topics().collect()
        };
        let countries = self.required_countries(&topics).filter(|_| are_subjects_current);
        // An entry that the topic holds already is evaluated whatever it is about.
        let mut held: HashSet<StoryId> = HashSet::new();
        for topic in topics.iter().filter(|_| countries.is_some()) {
            held.extend(store.held_stories(topic)?);
        }
        let mut before = None;
        let mut open: Vec<StoryId> = Vec::new();
        loop {
            let stories = self.app.store.stories_before(before, STORIES_PER_BATCH)?;
            let Some(last) = stories.last() else { break };
            before = Some((last.founded, last.id));
            let mut ids: Vec<StoryId> = stories.iter().map(|story| story.id).collect();
            if let Some(countries) = &countries {
                let about: HashSet<StoryId> = self.app.store.stories_about(&ids, countries)?.into_iter().collect();
                ids.retain(|id| about.contains(id) || held.contains(id));
            }
            open.append(&mut ids);
            if open.len() >= STORIES_PER_BATCH {
                self.batch(&std::mem::take(&mut open), Scope::ChangedRules(&topics))?;
            }
        }
        self.batch(&open, Scope::ChangedRules(&topics))?;
        self.app.store.apply(Changes {
            topic_stamps: changed.into_iter().map(|(topic, digest)| (topic, digest, self.now)).collect(),
            subjects_version: Some(version),
            ..Changes::default()
        })
    }

    /// Returns the countries of which an entry has to be about one to match a rule of `topics`; `None` when one may match whatever it is about.
    fn required_countries(&self, topics: &BTreeSet<TopicId>) -> Option<BTreeSet<Country>> {
        let mut countries = BTreeSet::new();
        for prepared in self
            .app
            .prepared
            .topics
            .iter()
            .filter(|prepared| topics.contains(&prepared.topic.id))
        {
            // What a topic has learned takes in nothing that is about other countries than its rule asks for.
            countries.extend(prepared.rule.required_countries()?);
        }
        Some(countries)
    }

    fn batch(&mut self, ids: &[StoryId], scope: Scope<'_>) -> Result<(), StoreError> {
        let store = &self.app.store;
        self.models.load_weights(store)?;
        let mut changes = Changes::default();
        let mut by_story: BTreeMap<StoryId, (Vec<StoryEntry>, Vec<StoredWords>)> = BTreeMap::new();
        for (entry, words) in store.story_entries_with_words(ids)? {
            let words = match words {
                Some(words) => words,
                None => self.fill_words(&entry, &mut changes)?,
            };
            let (entries, all_words) = by_story.entry(entry.story).or_default();
            entries.push(entry);
            all_words.push(words);
        }
        let entries = || by_story.values().flat_map(|(entries, _)| entries);
        let marks = Marks::read(store, entries().map(|entry| entry.id), ids.iter().copied())?;
        let known: BTreeMap<StoryId, Story> = store.stories(ids)?.into_iter().map(|story| (story.id, story)).collect();
        let items: BTreeSet<StoryId> = entries().flat_map(possible_items).collect();
        let placed = store.placements_of_stories(&items.into_iter().collect::<Vec<_>>())?.into_iter();
        let has_alerts = self.app.prepared.topics.iter().any(|prepared| prepared.topic.alert.is_some());
        let alerts = if has_alerts { store.alerts_of_stories(ids)? } else { Vec::new() };
        let batch = Batch {
            scope,
            marks,
            alerts,
            placed: placed
                .map(|placement| ((placement.story, placement.topic.clone()), placement))
                .collect(),
        };
        let mut touched = BTreeSet::new();
        let mut ordered: Vec<StoryId> = by_story.keys().copied().collect();
        // The story with the newest entry first, so that the newest of the old entries of a visit enter.
        ordered.sort_by_key(|id| {
            (
                Reverse(by_story.get(id).and_then(|(entries, _)| entries.last()).map(|entry| entry.date)),
                *id,
            )
        });
        for id in &ordered {
            let Some((entries, words)) = by_story.get(id) else { continue };
            let mut evaluation = StoryEvaluation {
                app: self.app,
                now: self.now,
                panics: self.panics,
                models: &self.models,
                limits: &mut self.limits,
                batch: &batch,
                entries,
                changes: &mut changes,
                touched: &mut touched,
            };
            evaluation.story(*id, words, known.get(id))?;
        }
        if let Scope::News = scope {
            let versions = by_story
                .values()
                .flat_map(|(entries, _)| entries)
                .map(|entry| (entry.id, entry.version));
            changes.evaluated_entries = versions.collect();
        }
        let stamp = |topic: TopicId| Some((self.stamps.get(&topic).copied()?, topic));
        // The stamp of a topic whose rule has changed, or that is new, is stored when all its stories were evaluated.
        let stamps = touched.into_iter().filter_map(stamp);
        changes.topic_stamps = stamps.map(|(digest, topic)| (topic, digest, self.now)).collect();
        self.app.store.apply(changes)
    }

    /// Makes the words of an entry that an earlier version stored.
    fn fill_words(&self, entry: &StoryEntry, changes: &mut Changes) -> Result<StoredWords, StoreError> {
        let store = &self.app.store;
        let stored: Option<Entry> = store.entries(&[entry.id])?.pop();
        let article: Option<Article> = store.articles(&[entry.id])?.pop().map(|(_, article)| article);
        let Some(stored) = stored else {
            return Ok(StoredWords {
                words: String::new(),
                article_words: None,
            });
        };
        let made = self.panics.catch(&entry.source, "reading", || {
            let text = |html: Option<&CleanHtml>| html.map(|html| html_to_text(html.as_str())).unwrap_or_default();
            let forms = text_forms(&FormParts {
                title: &stored.title,
                summary: &text(stored.summary.as_ref()),
                content: &text(stored.content.as_ref()),
                authors: &stored.authors,
                categories: &stored.categories,
                rights: stored.rights.as_deref(),
                attribution: stored.attribution.as_ref(),
                url: stored.link.as_ref(),
                language: stored.language.as_deref(),
            });
            let article = article.map(|article| {
                let forms = article_forms(&article);
                (forms.words, article.text.len())
            });
            (forms, article)
        });
        let (forms, article) = made.unwrap_or_default();
        let words = StoredWords {
            words: forms.words.clone(),
            article_words: article.as_ref().map(|(words, _)| words.clone()),
        };
        changes.filled_words.push(FilledWords {
            entry: entry.id,
            forms,
            article,
        });
        Ok(words)
    }
}

/// Returns the topics whose rule or learned weights differ from those by which they were evaluated last, with the digest of the present ones.
#[must_use]
fn changed_rules(app: &App, models: &TopicModels, stamps: &BTreeMap<TopicId, Digest128>) -> BTreeMap<TopicId, Digest128> {
    let topics = app.prepared.topics.iter();
    topics
        .map(|prepared| (prepared.topic.id.clone(), models.digest(prepared)))
        .filter(|(topic, digest)| stamps.get(topic) != Some(digest))
        .collect()
}
