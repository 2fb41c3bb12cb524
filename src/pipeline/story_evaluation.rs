//! Evaluates the topics' rules on one story: in which topics it is placed, by which entry and for which reasons.

use super::alerts::AlertCandidate;
use super::app::App;
use super::entry_reader::original_texts;
use super::independence::tellers;
use super::marks::Marks;
use super::prepare::PreparedTopic;
use super::stage_panics::StagePanics;
use super::topic_item::{TopicItem, topic_item_id, topic_items};
use super::topic_models::TopicModels;
use crate::config::{SourceKind, StoryMode, Topic};
use crate::curate::{EntryFacts, EntryWords, MatchedEntry, OriginalTexts, TopicVerdict};
use crate::dedupe::{LeadCandidate, select_lead};
use crate::model::{Alert, Changes, EntryId, Genre, Placement, Reason, SourceId, Story, StoryId, Timestamp, TopicId};
use crate::store::{EntryWords as StoredWords, Store, StoreError, StoryEntry};
use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// An entry is old when its date lies so long before the visit that brought it.
pub(super) const OLD_AFTER: Duration = Duration::from_hours(48);
/// How many old entries of one visit enter a topic: an archive is no news.
pub(super) const MAX_OLD_PER_VISIT: u64 = 10;

/// Which topics are evaluated, and why.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// All, since entries are new or have changed.
    News,
    /// Those whose rule has changed.
    ChangedRules(&'a BTreeSet<TopicId>),
}

/// How many old entries of each visit are in a topic.
#[derive(Debug, Default)]
pub(super) struct EntryLimits {
    /// Read from the store when a visit is met first.
    visits: HashMap<(SourceId, Timestamp, TopicId), u64>,
}

impl EntryLimits {
    /// Returns how many old entries of the visit that brought `entry` are in a topic.
    fn old_entries(&mut self, store: &Store, topic: &TopicId, entry: &StoryEntry) -> Result<&mut u64, StoreError> {
        match self.visits.entry((entry.source.clone(), entry.first_seen, topic.clone())) {
            Slot::Occupied(known) => Ok(known.into_mut()),
            Slot::Vacant(new) => {
                let stored = store.count_old_placements(topic, &entry.source, entry.first_seen, OLD_AFTER)?;
                Ok(new.insert(stored))
            }
        }
    }
}

/// What is read together for a batch of stories.
pub(super) struct Batch<'a> {
    pub scope: Scope<'a>,
    pub marks: Marks,
    /// The alerts on the stories, each story's by topic and time.
    pub alerts: Vec<Alert>,
    pub placed: BTreeMap<(StoryId, TopicId), Placement>,
}

/// What was found in the entries of a story.
struct FoundStory<'s> {
    id: StoryId,
    /// By entry; none when reading it panicked.
    scanned: Vec<Option<MatchedEntry<'s>>>,
    /// By entry.
    genres: Vec<Option<Genre>>,
    /// The number of sources that told it independently.
    source_count: usize,
    /// The title of its lead.
    title: &'s str,
}

/// The evaluation of one story.
pub(super) struct StoryEvaluation<'e, 'a> {
    pub app: &'a App,
    pub now: Timestamp,
    pub panics: &'a StagePanics,
    /// What topics have learned.
    pub models: &'e TopicModels,
    pub limits: &'e mut EntryLimits,
    pub batch: &'e Batch<'e>,
    pub entries: &'e [StoryEntry],
    pub changes: &'e mut Changes,
    /// Topics whose feed may have changed.
    pub touched: &'e mut BTreeSet<TopicId>,
}

impl<'e, 'a: 'e> StoryEvaluation<'e, 'a> {
    /// Evaluates the story; `words` are those of its entries.
    pub fn story(&mut self, id: StoryId, words: &[StoredWords], known: Option<&Story>) -> Result<(), StoreError> {
        let app = self.app;
        let loads: Vec<_> = self
            .entries
            .iter()
            .map(|entry| move || original_texts(&app.store, entry.id))
            .collect();
        let mut scanned: Vec<Option<MatchedEntry<'_>>> = Vec::with_capacity(self.entries.len());
        let mut genres = Vec::with_capacity(self.entries.len());
        for ((entry, words), load) in self.entries.iter().zip(words).zip(&loads) {
            let matched = self.scan(entry, words, load);
            genres.push(matched.as_ref().map_or(entry.genre, MatchedEntry::genre));
            scanned.push(matched);
        }
        let marks = &self.batch.marks;
        let visible = || {
            let entries = self.entries.iter().enumerate();
            entries.filter(|(_, entry)| !marks.is_hidden(entry.id, entry.story))
        };
        let Some(lead) = lead(app, &genres, visible()).or(self.entries.first().map(|entry| entry.id)) else {
            return Ok(());
        };
        let title = self.entries.iter().find(|entry| entry.id == lead).map_or("", |entry| &entry.title);
        let source = |id: &SourceId| app.source(id).map(|prepared| &prepared.source);
        let source_count = tellers(visible().map(|(_, entry)| entry), source).len();
        let story = Story {
            id,
            lead,
            founded: known.map_or_else(
                || self.entries.iter().map(|entry| entry.first_seen).min().unwrap_or(self.now),
                |story| story.founded,
            ),
            earlier: known.and_then(|story| story.earlier),
        };
        if known != Some(&story) {
            self.changes.stories.push(story);
        }
        let found = FoundStory {
            id,
            scanned,
            genres,
            source_count,
            title,
        };
        for prepared in &app.prepared.topics {
            if let Scope::ChangedRules(only) = self.batch.scope
                && !only.contains(&prepared.topic.id)
            {
                continue;
            }
            self.topic(prepared, &found)?;
        }
        Ok(())
    }

    /// Finds the patterns in the words of an entry, and what it is about, which is stored with it.
    fn scan<'s>(&mut self, entry: &'s StoryEntry, words: &'s StoredWords, load: &'s dyn Fn() -> OriginalTexts) -> Option<MatchedEntry<'s>>
    where
        'a: 's,
    {
        let app = self.app;
        let facts = EntryFacts {
            source_id: &entry.source,
            source: app.source(&entry.source).map(|prepared| &prepared.source),
            language: entry.language.as_deref(),
            date: entry.date,
        };
        let (matched, about, genre) = self.panics.catch(&entry.source, "reading", || {
            let words = EntryWords::new(&words.words, words.article_words.as_deref());
            let matched = app.prepared.matcher().scan(facts, words, load);
            let (about, genre) = (matched.about().clone(), matched.genre());
            (matched, about, genre)
        })?;
        if (&about, genre) != (&entry.about, entry.genre) {
            self.changes.subjects.push((entry.id, about, genre));
        }
        Some(matched)
    }

    fn topic(&mut self, prepared: &PreparedTopic, found: &FoundStory<'_>) -> Result<(), StoreError> {
        let topic_items = topic_items(prepared.topic.stories, self.entries);
        let mut is_published = false;
        for topic_item in &topic_items {
            is_published |= self.topic_item(prepared, topic_item, found)?;
        }
        if is_published {
            self.alert(&prepared.topic, found);
        }
        // After a change of the topic's story mode, or when entries were purged, former placements may belong to items that no longer exist.
        let shown: BTreeSet<StoryId> = topic_items.iter().map(|topic_item| topic_item.id).collect();
        let possible: BTreeSet<StoryId> = self.entries.iter().flat_map(possible_items).collect();
        for id in possible.difference(&shown) {
            let key = (*id, prepared.topic.id.clone());
            if self.batch.placed.contains_key(&key) && !self.is_of_another_story(prepared.topic.stories, *id, found.id)? {
                self.touched.insert(key.1.clone());
                self.changes.removed_placements.push((key.1, *id));
            }
        }
        Ok(())
    }

    /// Returns whether an item that is none of `story` is one of another story: that which its founder has left, or that of the entry that founded this
    /// one.
    fn is_of_another_story(&self, mode: StoryMode, item: StoryId, story: StoryId) -> Result<bool, StoreError> {
        Ok(match mode {
            StoryMode::One => !self.app.store.stories(&[item])?.is_empty(),
            StoryMode::Copies | StoryMode::Off => {
                let entry = self.app.store.story_entry(&EntryId::from_bytes(*item.as_bytes()))?;
                entry.is_some_and(|entry| entry.story != story)
            }
        })
    }

    /// Raises an alert on the story where the topic asks for it.
    fn alert(&mut self, topic: &Topic, found: &FoundStory<'_>) {
        let (Some(rule), Scope::News) = (&topic.alert, self.batch.scope) else {
            return;
        };
        let (app, marks) = (self.app, &self.batch.marks);
        let is_of_topic = |alert: &Alert| (alert.story, &alert.topic) == (found.id, &topic.id);
        let former: Vec<Alert> = self.batch.alerts.iter().filter(|alert| is_of_topic(alert)).cloned().collect();
        let reports = self.entries.iter().zip(&found.genres);
        let reports = reports.filter(|(entry, genre)| genre.is_none() && !marks.is_hidden_in(&topic.id, entry.id, entry.story));
        let candidate = AlertCandidate {
            story: found.id,
            title: found.title,
            reports: reports.map(|(entry, _)| entry).collect(),
            former: &former,
        };
        let source = |id: &SourceId| app.source(id).map(|prepared| &prepared.source);
        if let Some(alert) = candidate.judge(&topic.id, rule, source, self.now) {
            tracing::info!(topic.id = topic.logged_id(), story.id = %found.id, "raised an alert");
            self.changes.alerts.push(alert);
        }
    }

    /// Evaluates one item of a topic; returns whether the topic's feed may show it.
    fn topic_item(&mut self, prepared: &PreparedTopic, topic_item: &TopicItem<'_>, found: &FoundStory<'_>) -> Result<bool, StoreError> {
        let topic = &prepared.topic;
        let before = self.batch.placed.get(&(topic_item.id, topic.id.clone()));
        let mut verdicts: BTreeMap<EntryId, (usize, TopicVerdict<'_>)> = BTreeMap::new();
        for (at, entry) in &topic_item.entries {
            if let Some(verdict) = self.verdict(prepared, entry, *at, found) {
                verdicts.insert(entry.id, (*at, verdict));
            }
        }
        // Where stories wait for approval, an entry that no editor has approved leads none that is published.
        let is_released = |entry: &StoryEntry| {
            let marks = &self.batch.marks;
            !topic.review
                || marks.is_approved_in(&topic.id, entry.id, entry.story)
                || before.is_some_and(|before| !before.waits && before.entry == entry.id)
        };
        let matching = topic_item.entries.iter().filter(|(_, entry)| verdicts.contains_key(&entry.id));
        let matching: Vec<(usize, &StoryEntry)> = matching.copied().collect();
        let released: Vec<(usize, &StoryEntry)> = matching.iter().copied().filter(|(_, entry)| is_released(entry)).collect();
        let waits = released.is_empty();
        let leading = if waits { matching } else { released };
        let shown = lead(self.app, &found.genres, leading.into_iter());
        let shown = match shown {
            Some(entry) if before.is_none() && !self.may_enter(topic, topic_item, entry)? => None,
            _ => shown,
        };
        let Some((shown, (at, verdict))) = shown.and_then(|shown| Some((shown, verdicts.remove(&shown)?))) else {
            self.leave(topic, topic_item, before);
            return Ok(false);
        };
        let was_published = before.is_some_and(|before| !before.waits);
        if !waits || was_published {
            self.touched.insert(topic.id.clone());
        }
        let entry = &self.entries[at];
        let trace = found.scanned.get(at).and_then(Option::as_ref).and_then(|scanned| {
            let known = before.map(|before| before.reasons.as_slice()).unwrap_or_default();
            let trace = || (verdict.reasons(scanned, known), prepared.rule.masked(scanned));
            self.panics.catch(&entry.source, "quoting", trace)
        });
        let (reasons, masked): (Vec<Reason>, Vec<String>) = trace.unwrap_or_default();
        // An item that was approved is new to the feed.
        let same = before.filter(|before| before.waits == waits);
        let placement = Placement {
            topic: topic.id.clone(),
            story: topic_item.id,
            entry: shown,
            score: verdict.score,
            reasons,
            placed: same.map_or(self.now, |before| before.placed),
            date: entry.date,
            source: entry.source.clone(),
            masked,
            rule: prepared.rule.version(),
            waits,
            is_news: same.map_or_else(|| self.is_news(topic, entry), |before| before.is_news),
        };
        // A rule that places a story by the same words has changed nothing of it.
        let is_same = |before: &Placement| {
            *before
                == Placement {
                    rule: before.rule.clone(),
                    ..placement.clone()
                }
        };
        if !before.is_some_and(is_same) {
            tracing::debug!(topic.id = topic.logged_id(), story.id = %placement.story, entry.id = %placement.entry, score = placement.score, "placed");
            self.changes.placements.push(placement);
        }
        Ok(!waits)
    }

    /// Returns whether what is placed now is news: neither what only a changed rule has brought in, nor what was fetched from an archive, unless an editor
    /// has pinned it.
    fn is_news(&self, topic: &Topic, entry: &StoryEntry) -> bool {
        let is_pinned = || self.batch.marks.is_pinned_in(&topic.id, entry.id, entry.story);
        matches!(self.batch.scope, Scope::News) && (!entry.is_archived || is_pinned())
    }

    /// Removes a placement for which no entry matches any more, unless its entry's source was removed from the configuration: what that source
    /// brought stays until it ages out.
    fn leave(&mut self, topic: &Topic, topic_item: &TopicItem<'_>, before: Option<&Placement>) {
        let Some(before) = before else { return };
        let shown = topic_item.entries.iter().find(|(_, entry)| entry.id == before.entry);
        let is_hidden = shown.is_some_and(|(_, entry)| self.batch.marks.is_hidden_in(&topic.id, entry.id, entry.story));
        if self.app.source(&before.source).is_none() && shown.is_some() && !is_hidden {
            return;
        }
        tracing::debug!(topic.id = topic.logged_id(), story.id = %topic_item.id, "removed a placement");
        if !before.waits {
            self.touched.insert(topic.id.clone());
        }
        self.changes.removed_placements.push((topic.id.clone(), topic_item.id));
    }

    fn verdict<'r>(&self, prepared: &'r PreparedTopic, entry: &StoryEntry, at: usize, found: &FoundStory<'_>) -> Option<TopicVerdict<'r>> {
        let topic = &prepared.topic;
        let marks = &self.batch.marks;
        if marks.is_hidden_in(&topic.id, entry.id, entry.story) {
            return None;
        }
        let scanned = found.scanned.get(at).and_then(Option::as_ref);
        // Where one report is enough, a copy whose original is hidden is one, too.
        let scanned = scanned.filter(|_| topic.min_reports <= 1 || found.source_count >= topic.min_reports);
        let model = self.models.get(&topic.id);
        let decide = || prepared.rule.decide(scanned?, found.source_count, topic.min_score, model);
        let verdict = self.panics.catch(&entry.source, "judging", decide).flatten();
        verdict.or_else(|| {
            let is_pinned = marks.is_pinned_in(&topic.id, entry.id, entry.story);
            is_pinned.then(|| TopicVerdict::with_score(topic.min_score))
        })
    }

    /// Returns whether an item may newly enter a topic: it is within `keep`, and not one old entry of a visit too many.
    fn may_enter(&mut self, topic: &Topic, topic_item: &TopicItem<'_>, shown: EntryId) -> Result<bool, StoreError> {
        let Some((_, entry)) = topic_item.entries.iter().find(|(_, entry)| entry.id == shown) else {
            return Ok(false);
        };
        if self.batch.marks.is_pinned_in(&topic.id, entry.id, entry.story) {
            return Ok(true);
        }
        let now = self.now;
        if topic.keep.is_some_and(|keep| entry.date < now - keep) {
            tracing::debug!(topic.id = topic.logged_id(), story.id = %topic_item.id, entry.id = %shown, "refused a story older than the topic's `keep`");
            return Ok(false);
        }
        let is_old = |entry: &StoryEntry| !entry.is_archived && entry.first_seen.since(entry.date) > OLD_AFTER;
        let is_limited = self.app.config.fetch.max_new > 0;
        if !is_limited || !topic_item.entries.iter().all(|(_, entry)| is_old(entry)) {
            return Ok(true);
        }
        let count = self.limits.old_entries(&self.app.store, &topic.id, entry)?;
        if *count >= MAX_OLD_PER_VISIT {
            tracing::debug!(topic.id = topic.logged_id(), story.id = %topic_item.id, source.id = %entry.source, "refused one more old entry of a visit");
            return Ok(false);
        }
        *count += 1;
        Ok(true)
    }
}

/// Returns the ids of the items that an entry belongs to in topics of any story mode. The entry from which an id is derived may have been purged.
pub(super) fn possible_items(entry: &StoryEntry) -> [StoryId; 3] {
    [StoryMode::One, StoryMode::Copies, StoryMode::Off].map(|mode| topic_item_id(mode, entry))
}

/// Selects the entry that leads; each comes with its number in the story, by which `genres` are known.
fn lead<'e>(app: &App, genres: &[Option<Genre>], entries: impl Iterator<Item = (usize, &'e StoryEntry)>) -> Option<EntryId> {
    let candidate = |(at, entry): (usize, &StoryEntry)| {
        let source = app.source(&entry.source).map(|prepared| &prepared.source);
        LeadCandidate {
            id: entry.id,
            genre: genres.get(at).copied().flatten(),
            copy: entry.copy_of.is_some(),
            owns_link: app.prepared.owns_link(&entry.source, entry.link.as_ref(), entry.guid.as_deref()),
            trust: source.map_or(50, |source| source.trust),
            aggregator: source.and_then(|source| source.kind) == Some(SourceKind::Aggregator),
            text_length: entry.text_length,
            date: entry.date,
        }
    };
    let candidates: Vec<LeadCandidate> = entries.map(candidate).collect();
    select_lead(&candidates)
}
