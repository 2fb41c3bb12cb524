//! Compose: the settled entries, in order, become copies, stories and placements.
//!
//! Single-threaded, ordered, in one transaction: no two sources can found the same story.

use super::app::App;
use super::prepare::{PreparedSource, PreparedTopic};
use super::settle;
use crate::config::{SourceKind, StoryMode, Topic};
use crate::curate::{EntryText, TopicVerdict};
use crate::dedupe::{self, DEDUPE_WINDOW, Decision, DedupePolicy, Index, KnownEntry, LeadCandidate};
use crate::model::{
    Article, Changes, CleanHtml, Composition, Entry, EntryId, MarkKind, Placement, Problem, SourceId, Story, StoryId, Timestamp, TopicId,
    loggable_url,
};
use crate::store::{Store, StoreError};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The number of stories evaluated at a time, which bounds the memory that their bodies take.
const STORIES_PER_BATCH: usize = 500;
/// The maximum number of placements in a topic by the first visit of a new source: its archive is no news.
const MAX_FIRST_VISIT_PLACEMENTS: u64 = 10;

/// Fills dedupe's index with the entries that were composed recently.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn index(store: &Store, sources: &BTreeMap<SourceId, PreparedSource>, now: Timestamp) -> Result<Index, StoreError> {
    let mut index = Index::new(DedupePolicy::default());
    for composed in store.composed_since(now - DEDUPE_WINDOW)? {
        let mergeable = sources.get(&composed.source).is_none_or(|prepared| prepared.source.dedupe);
        let Some(fingerprint) = dedupe::Fingerprint::from_bytes(&composed.fingerprint) else {
            continue;
        };
        index.insert(&KnownEntry {
            entry: dedupe::DedupeEntry {
                id: composed.id,
                source: composed.source,
                guid: composed.guid,
                canonical: composed.canonical,
                title: composed.title,
                date: composed.date,
                first_seen: composed.first_seen,
                mergeable,
                owns_link: true,
                fingerprint,
            },
            copy_of: composed.copy_of,
            story: composed.story,
            founded: composed.founded,
        });
    }
    Ok(index)
}

/// The result of composing.
#[derive(Debug, Default)]
pub struct Composed {
    /// What the store is to apply.
    pub changes: Changes,
    /// Entries that are copies.
    pub copies: u64,
    /// Stories founded.
    pub new_stories: u64,
    /// Stories that gained an entry.
    pub updated_stories: u64,
}

/// Composes `entries`, which are in order, and evaluates every story that they join, and the stories of `changed` entries.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn compose(app: &App, entries: Vec<Entry>, changed: Vec<EntryId>, now: Timestamp) -> Result<Composed, StoreError> {
    let mut composed = Composed::default();
    let panics = StagePanics::default();
    let touched = app.store.entries(&changed)?.into_iter().filter_map(|entry| entry.story);
    let mut affected: BTreeMap<StoryId, Vec<Entry>> = touched.map(|story| (story, Vec::new())).collect();
    composed.changes.reevaluated_entries = changed;
    let mut earlier = BTreeMap::new();
    if !entries.is_empty() {
        let mut index = index(&app.store, &app.prepared.sources, now)?;
        let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
        let articles: BTreeMap<EntryId, Article> = app.store.articles(&ids)?.into_iter().collect();
        for mut entry in entries {
            let merge = app.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe);
            let text = articles.get(&entry.id).map(|article| article.text.as_str());
            let candidate = comparable_entry(&panics, &entry, text, merge);
            let fingerprint = candidate.fingerprint.to_bytes();
            let decision = index.assign(&candidate);
            log_decision(&entry, &decision);
            composed.copies += u64::from(decision.copy_of.is_some());
            composed.new_stories += u64::from(decision.founded);
            if decision.founded {
                earlier.insert(decision.story, decision.earlier);
            }
            composed.changes.compositions.push(Composition {
                entry: entry.id,
                copy_of: decision.copy_of,
                story: decision.story,
                fingerprint,
            });
            entry.copy_of = decision.copy_of;
            entry.story = Some(decision.story);
            affected.entry(decision.story).or_default().push(entry);
        }
    }
    composed.updated_stories = (affected.len() as u64).saturating_sub(composed.new_stories);
    let mut judge = TopicEvaluator::new(app, now, panics)?;
    let done: BTreeSet<StoryId> = affected.keys().copied().collect();
    let mut affected: Vec<_> = affected.into_iter().collect();
    // The newest stories first, so that the first visit of a new source places its newest entries.
    affected.sort_by_cached_key(|(id, entries)| (Reverse(entries.iter().map(Entry::date).max()), *id));
    for batch in affected.chunks(STORIES_PER_BATCH) {
        judge.stories(batch, &earlier, None)?;
    }
    judge.evaluate_changed_rules(&done)?;
    judge.finish(&mut composed.changes)?;
    Ok(composed)
}

/// Logs the story that an entry joined or founded, and the entry that it copies.
fn log_decision(entry: &Entry, decision: &Decision) {
    let message = match (decision.copy_of, decision.founded) {
        (Some(_), _) => "a copy joined its story",
        (None, true) => "founded a story",
        (None, false) => "joined a story",
    };
    tracing::debug!(
        source.id = %entry.source,
        entry.id = %entry.id,
        entry.url = entry.link.as_ref().map(loggable_url),
        story.id = %decision.story,
        copy.of = decision.copy_of.map(tracing::field::display),
        "{message}"
    );
}

/// Evaluates the topics' rules on stories.
struct TopicEvaluator<'a> {
    app: &'a App,
    now: Timestamp,
    panics: StagePanics,
    hidden: BTreeSet<(EntryId, Option<TopicId>)>,
    pinned: BTreeSet<(EntryId, Option<TopicId>)>,
    stories: Vec<Story>,
    placements: Vec<Placement>,
    removed_placements: Vec<(TopicId, StoryId)>,
    /// Topics whose feed may have changed.
    changed_topics: BTreeSet<TopicId>,
    /// The number of placements of each source's first visit in each topic.
    first_visits: BTreeMap<(TopicId, SourceId), u64>,
    /// When each source's first entries were first seen.
    beginnings: BTreeMap<SourceId, Timestamp>,
}

impl<'a> TopicEvaluator<'a> {
    fn new(app: &'a App, now: Timestamp, panics: StagePanics) -> Result<Self, StoreError> {
        let marks = app.store.marks()?;
        let of = |kind| {
            marks
                .iter()
                .filter(|mark| mark.kind == kind)
                .map(|mark| (mark.entry, mark.topic.clone()))
                .collect()
        };
        Ok(Self {
            app,
            now,
            panics,
            hidden: of(MarkKind::Hide),
            pinned: of(MarkKind::Pin),
            stories: Vec::new(),
            placements: Vec::new(),
            removed_placements: Vec::new(),
            changed_topics: BTreeSet::new(),
            first_visits: app
                .store
                .first_visit_placements()?
                .into_iter()
                .map(|(topic, source, count)| ((topic, source), count))
                .collect(),
            beginnings: app.store.first_seen_by_source()?.into_iter().collect(),
        })
    }

    /// Evaluates `batch`, which holds the new entries of each story, for every topic, or for `only` one.
    fn stories(
        &mut self,
        batch: &[(StoryId, Vec<Entry>)],
        earlier: &BTreeMap<StoryId, Option<StoryId>>,
        only: Option<&TopicId>,
    ) -> Result<(), StoreError> {
        let ids: Vec<StoryId> = batch.iter().map(|(id, _)| *id).collect();
        let mut entries: BTreeMap<StoryId, Vec<Entry>> = BTreeMap::new();
        for entry in self.app.store.entries_of_stories(&ids)? {
            entries
                .entry(entry.story.unwrap_or_else(|| entry.id.into()))
                .or_default()
                .push(entry);
        }
        for (id, new) in batch {
            entries.entry(*id).or_default().extend(new.iter().cloned());
        }
        let known: BTreeMap<StoryId, Story> = self.app.store.stories(&ids)?.into_iter().map(|story| (story.id, story)).collect();
        let mut placed: BTreeMap<(StoryId, TopicId), Placement> = BTreeMap::new();
        let topic_items: Vec<StoryId> = entries.values().flatten().map(|entry| entry.id.into()).collect();
        for placement in self.app.store.placements_of_stories(&topic_items)? {
            placed.insert((placement.story, placement.topic.clone()), placement);
        }
        let all: Vec<EntryId> = entries.values().flatten().map(|entry| entry.id).collect();
        let articles: BTreeMap<EntryId, Article> = self.app.store.articles(&all)?.into_iter().collect();
        let mut ordered: Vec<(StoryId, Vec<Entry>)> = entries.into_iter().collect();
        for (_, entries) in &mut ordered {
            entries.sort_by_cached_key(settle::order);
        }
        ordered.sort_by_cached_key(|(id, entries)| (Reverse(entries.last().map(Entry::date)), *id));
        for (id, entries) in &ordered {
            self.story(
                *id,
                entries,
                &articles,
                known.get(id),
                earlier.get(id).copied().flatten(),
                &placed,
                only,
            );
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of one story, read in one batch")]
    fn story(
        &mut self,
        id: StoryId,
        entries: &[Entry],
        articles: &BTreeMap<EntryId, Article>,
        known: Option<&Story>,
        earlier: Option<StoryId>,
        placed: &BTreeMap<(StoryId, TopicId), Placement>,
        only: Option<&TopicId>,
    ) {
        let Some(lead) = self
            .lead(entries.iter().filter(|entry| !self.hidden.contains(&(entry.id, None))), articles)
            .or(entries.first().map(|entry| entry.id))
        else {
            return;
        };
        let story = Story {
            id,
            lead,
            founded: known.map_or_else(
                || entries.iter().map(|entry| entry.first_seen).min().unwrap_or(self.now),
                |story| story.founded,
            ),
            earlier: known.map_or(earlier, |story| story.earlier),
        };
        if known != Some(&story) {
            self.stories.push(story);
        }
        let texts: Vec<EntryTexts> = entries
            .iter()
            .map(|entry| {
                self.panics
                    .catch(&entry.source, "reading", || EntryTexts::of(entry, articles.get(&entry.id)))
            })
            .map(Option::unwrap_or_default)
            .collect();
        let sources: BTreeSet<_> = entries
            .iter()
            .filter(|entry| entry.copy_of.is_none())
            .map(|entry| &entry.source)
            .collect();
        let app = self.app;
        for prepared in app
            .prepared
            .topics
            .iter()
            .filter(|prepared| only.is_none_or(|only| *only == prepared.topic.id))
        {
            let topic_items = topic_items(prepared.topic.stories, id, entries);
            for topic_item in &topic_items {
                self.topic_item(prepared, topic_item, &texts, sources.len(), articles, placed);
            }
            // After a change of the topic's story mode, former placements may belong to items that no longer exist.
            let shown: BTreeSet<StoryId> = topic_items.iter().map(|topic_item| topic_item.id).collect();
            let former = entries.iter().map(|entry| StoryId::from(entry.id)).filter(|id| !shown.contains(id));
            for id in former.filter(|id| placed.contains_key(&(*id, prepared.topic.id.clone()))) {
                self.removed_placements.push((prepared.topic.id.clone(), id));
            }
        }
    }

    /// Evaluates one item of a topic.
    fn topic_item(
        &mut self,
        prepared: &PreparedTopic,
        topic_item: &TopicItem<'_>,
        texts: &[EntryTexts],
        sources: usize,
        articles: &BTreeMap<EntryId, Article>,
        placed: &BTreeMap<(StoryId, TopicId), Placement>,
    ) {
        let topic = &prepared.topic;
        let before = placed.get(&(topic_item.id, topic.id.clone()));
        let mut verdicts: BTreeMap<EntryId, TopicVerdict> = BTreeMap::new();
        for (at, entry) in &topic_item.entries {
            if let Some(verdict) = self.verdict(prepared, entry, &texts[*at], sources) {
                verdicts.insert(entry.id, verdict);
            }
        }
        let matching = topic_item
            .entries
            .iter()
            .map(|(_, entry)| *entry)
            .filter(|entry| verdicts.contains_key(&entry.id));
        let shown = self
            .lead(matching, articles)
            .filter(|shown| before.is_some() || self.may_enter(topic, topic_item, *shown));
        let placement = shown.and_then(|entry| {
            let verdict = verdicts.remove(&entry)?;
            let placed = before.map_or(self.now, |before| before.placed);
            Some(Placement {
                topic: topic.id.clone(),
                story: topic_item.id,
                entry,
                score: verdict.score,
                reasons: verdict.reasons,
                placed,
            })
        });
        if placement.is_some() || before.is_some() {
            self.changed_topics.insert(topic.id.clone());
        }
        match placement {
            Some(placement) if before != Some(&placement) => {
                tracing::debug!(topic.id = %topic.id, story.id = %placement.story, entry.id = %placement.entry, score = placement.score, "placed");
                self.placements.push(placement);
            }
            None if before.is_some() => {
                tracing::debug!(topic.id = %topic.id, story.id = %topic_item.id, "removed a placement");
                self.removed_placements.push((topic.id.clone(), topic_item.id));
            }
            _ => {}
        }
    }

    fn verdict(&self, prepared: &PreparedTopic, entry: &Entry, texts: &EntryTexts, sources: usize) -> Option<TopicVerdict> {
        let topic = &prepared.topic;
        let marked = |marks: &BTreeSet<(EntryId, Option<TopicId>)>| {
            marks.contains(&(entry.id, None)) || marks.contains(&(entry.id, Some(topic.id.clone())))
        };
        if marked(&self.hidden) {
            return None;
        }
        let source = &self.app.source(&entry.source)?.source;
        let text = EntryText {
            title: &entry.title,
            summary: &texts.summary,
            body: &texts.body,
            authors: &texts.authors,
            categories: &texts.categories,
            url: entry.link.as_ref().map(url::Url::as_str),
            language: entry.language.as_deref(),
            source,
            date: entry.date(),
        };
        let evaluate = || prepared.rule.evaluate(&text.index_words(), sources);
        let verdict = self
            .panics
            .catch(&entry.source, "judging", evaluate)
            .flatten()
            .filter(|verdict| verdict.score >= topic.min_score);
        verdict.or_else(|| {
            marked(&self.pinned).then(|| TopicVerdict {
                score: topic.min_score,
                reasons: Vec::new(),
            })
        })
    }

    /// Returns whether an item may newly enter a topic: it is within `keep`, and within the limit of its source's first visit.
    fn may_enter(&mut self, topic: &Topic, topic_item: &TopicItem<'_>, shown: EntryId) -> bool {
        let Some((_, entry)) = topic_item.entries.iter().find(|(_, entry)| entry.id == shown) else {
            return false;
        };
        if topic.keep.is_some_and(|keep| entry.date() < self.now - keep) {
            tracing::debug!(topic.id = %topic.id, story.id = %topic_item.id, entry.id = %shown, "refused a story older than the topic's `keep`");
            return false;
        }
        if topic_item
            .entries
            .iter()
            .any(|(_, entry)| self.beginnings.get(&entry.source) != Some(&entry.first_seen))
        {
            return true;
        }
        let count = self.first_visits.entry((topic.id.clone(), entry.source.clone())).or_default();
        *count += 1;
        let may_enter = *count <= MAX_FIRST_VISIT_PLACEMENTS;
        if !may_enter {
            tracing::debug!(topic.id = %topic.id, story.id = %topic_item.id, source.id = %entry.source, "refused a story of a first visit");
        }
        may_enter
    }

    fn lead<'e>(&self, entries: impl Iterator<Item = &'e Entry>, articles: &BTreeMap<EntryId, Article>) -> Option<EntryId> {
        let candidates: Vec<LeadCandidate> = entries
            .map(|entry| {
                let source = self.app.source(&entry.source).map(|prepared| &prepared.source);
                let own = entry.longest_feed_text().map_or(0, |body| body.as_str().len());
                LeadCandidate {
                    id: entry.id,
                    copy: entry.copy_of.is_some(),
                    owns_link: true,
                    trust: source.map_or(50, |source| source.trust),
                    aggregator: source.and_then(|source| source.kind) == Some(SourceKind::Aggregator),
                    text_length: articles.get(&entry.id).map_or(own, |article| article.text.len()),
                    date: entry.date(),
                }
            })
            .collect();
        dedupe::select_lead(&candidates)
    }

    /// A topic is a view: when its rule changes, every story is evaluated again.
    fn evaluate_changed_rules(&mut self, done: &BTreeSet<StoryId>) -> Result<(), StoreError> {
        let app = self.app;
        for prepared in &app.prepared.topics {
            let before = app.store.topic_stamp(&prepared.topic.id)?;
            if before.is_some_and(|(before, _)| before == prepared.digest) {
                continue;
            }
            self.changed_topics.insert(prepared.topic.id.clone());
            let stories: Vec<(StoryId, Vec<Entry>)> = app
                .store
                .story_ids()?
                .into_iter()
                .filter(|id| !done.contains(id))
                .map(|id| (id, Vec::new()))
                .collect();
            for batch in stories.chunks(STORIES_PER_BATCH) {
                self.stories(batch, &BTreeMap::new(), Some(&prepared.topic.id))?;
            }
        }
        Ok(())
    }

    /// Moves the results into `changes`, with the stamps of topics that changed.
    fn finish(self, changes: &mut Changes) -> Result<(), StoreError> {
        changes.stories = self.stories;
        changes.placements = self.placements;
        changes.problems = self.panics.problems();
        changes.removed_placements = self.removed_placements;
        let topics = self
            .app
            .prepared
            .topics
            .iter()
            .filter(|prepared| self.changed_topics.contains(&prepared.topic.id));
        changes.topic_stamps = topics
            .map(|prepared| (prepared.topic.id.clone(), prepared.digest, self.now))
            .collect();
        let published = |id: &TopicId| self.app.prepared.topics.iter().any(|prepared| prepared.topic.id == *id);
        changes.retired_topics = self.app.store.stamped_topics()?;
        changes.retired_topics.retain(|id| !published(id));
        Ok(())
    }
}

/// Returns what dedupe compares of an entry; when that panics, a candidate that matches nothing.
#[must_use]
pub fn comparable_entry(panics: &StagePanics, entry: &Entry, article_text: Option<&str>, merge: bool) -> dedupe::DedupeEntry {
    let candidate = panics.catch(&entry.source, "comparing", || settle::candidate(entry, article_text, merge));
    candidate.unwrap_or_else(|| settle::unreadable(entry))
}

/// The sources on whose entries a stage has panicked.
#[derive(Debug, Default)]
pub struct StagePanics(RefCell<BTreeSet<SourceId>>);

impl StagePanics {
    /// Runs a stage on one entry. A panic costs this entry its result and is recorded as a problem of its source; the run goes on.
    fn catch<T>(&self, source: &SourceId, what: &str, work: impl FnOnce() -> T) -> Option<T> {
        // Stages are pure, so a panic leaves no partial state behind.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        if done.is_err() {
            tracing::error!(source.id = %source, "{what} an entry of this source panicked; the run goes on without it");
            self.0.borrow_mut().insert(source.clone());
        }
        done.ok()
    }

    /// Returns the problems of the sources; each stands until the source's feed is parsed again.
    fn problems(self) -> Vec<(SourceId, Vec<Problem>)> {
        let sources = self.0.into_inner().into_iter();
        sources.map(|source| (source, vec![defect("an entry of it")])).collect()
    }
}

/// Returns the problem that records a panic.
#[must_use]
pub fn defect(what: &str) -> Problem {
    Problem::new(
        "panic",
        format!("reading {what} ended in a defect of griot itself; please report it with the feed"),
    )
}

/// The texts of an entry as plain text, for the rules.
#[derive(Default)]
struct EntryTexts {
    summary: String,
    body: String,
    authors: Vec<String>,
    categories: Vec<String>,
}

impl EntryTexts {
    fn of(entry: &Entry, article: Option<&Article>) -> Self {
        let text = |html: Option<&CleanHtml>| {
            html.map(|html| strip_feed_footer(&html_to_text(html.as_str())).to_owned())
                .unwrap_or_default()
        };
        let mut categories: Vec<String> = entry.categories.iter().map(|category| category.term.clone()).collect();
        categories.extend(article.iter().flat_map(|article| article.categories.iter().cloned()));
        Self {
            summary: text(entry.summary.as_ref()),
            body: article.map_or_else(|| text(entry.content.as_ref()), |article| article.text.clone()),
            authors: entry.authors.iter().map(|author| author.name.clone()).collect(),
            categories,
        }
    }
}

/// An item of a topic: a story, a text with its copies, or a single entry, as the topic's story mode says.
pub struct TopicItem<'e> {
    /// Its id, from its first entry.
    pub id: StoryId,
    /// Its entries, each with its index in the story.
    pub entries: Vec<(usize, &'e Entry)>,
}

/// Returns the id of the item that holds `entry` of `story`.
#[must_use]
pub fn topic_item_id(mode: StoryMode, story: StoryId, entry: &Entry) -> StoryId {
    match mode {
        StoryMode::One => story,
        StoryMode::Copies => entry.copy_of.unwrap_or(entry.id).into(),
        StoryMode::Off => entry.id.into(),
    }
}

/// Splits the entries of `story` into the items of a topic in `mode`.
#[must_use]
pub fn topic_items(mode: StoryMode, story: StoryId, entries: &[Entry]) -> Vec<TopicItem<'_>> {
    let mut topic_items: BTreeMap<StoryId, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        topic_items.entry(topic_item_id(mode, story, entry)).or_default().push((at, entry));
    }
    topic_items.into_iter().map(|(id, entries)| TopicItem { id, entries }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_stage_costs_one_result_and_is_recorded() {
        let source = SourceId::new("lefleuve").expect("a slug");
        let panics = StagePanics::default();
        assert_eq!(panics.catch(&source, "judging", || 7), Some(7));
        assert_eq!(panics.catch(&source, "judging", || -> u8 { panic!("a defect") }), None);
        let problems = panics.problems();
        assert_eq!((problems.len(), &problems[0].0, problems[0].1[0].code), (1, &source, "panic"));
    }
}
