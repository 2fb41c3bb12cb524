//! Compose: the settled entries, in order, become copies, stories and placements.
//!
//! One thread, one order, one transaction: two sources cannot race to found a story.

use super::app::App;
use super::prepare::{PreparedSource, PreparedTopic};
use super::settle;
use crate::config::{SourceKind, StoryMode, Topic};
use crate::curate::{EntryText, TopicVerdict};
use crate::dedupe::{self, DedupePolicy, Index, LeadCandidate, Remembered};
use crate::model::{
    Article, Changes, CleanHtml, Composition, Entry, EntryId, MarkKind, Placement, Problem, SourceId, Story, StoryId, Timestamp, TopicId,
};
use crate::store::{Store, StoreError};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a composed entry stays in view of dedupe: copies that come later than this found a story of their own.
const VIEW: Duration = Duration::from_hours(10 * 24);
/// How many stories are judged at a time, which bounds the memory that their bodies take.
const BATCH: usize = 500;
/// The first visit of a new source places at most so many entries a topic: its archive is no news.
const FIRST_VISIT: u64 = 10;

/// Fills dedupe's index with what was composed of late.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn index(store: &Store, sources: &BTreeMap<SourceId, PreparedSource>, now: Timestamp) -> Result<Index, StoreError> {
    let mut index = Index::new(DedupePolicy::default());
    for composed in store.composed_since(now - VIEW)? {
        let merge = sources.get(&composed.source).is_none_or(|prepared| prepared.source.dedupe);
        let Some(fingerprint) = dedupe::Fingerprint::from_bytes(&composed.fingerprint) else {
            continue;
        };
        index.remember(Remembered {
            candidate: dedupe::Candidate {
                id: composed.id,
                source: composed.source,
                guid: composed.guid,
                canonical: composed.canonical,
                title: composed.title,
                date: composed.date,
                first_seen: composed.first_seen,
                merge,
                fingerprint,
            },
            copy_of: composed.copy_of,
            story: composed.story,
            founded: composed.founded,
        });
    }
    Ok(index)
}

/// What composing came to.
#[derive(Debug, Default)]
pub struct Composed {
    /// What is to be remembered.
    pub changes: Changes,
    /// Entries that are copies.
    pub copies: u64,
    /// Stories founded.
    pub new_stories: u64,
    /// Stories that took another entry.
    pub updated_stories: u64,
}

/// Composes `entries`, which are in order, and judges every story that they touch, and the stories of `changed` entries.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn compose(app: &App, entries: Vec<Entry>, changed: Vec<EntryId>, now: Timestamp) -> Result<Composed, StoreError> {
    let mut composed = Composed::default();
    let panics = Panics::default();
    let touched = app.store.entries(&changed)?.into_iter().filter_map(|entry| entry.story);
    let mut affected: BTreeMap<StoryId, Vec<Entry>> = touched.map(|story| (story, Vec::new())).collect();
    composed.changes.rejudged = changed;
    let mut earlier = BTreeMap::new();
    if !entries.is_empty() {
        let mut index = index(&app.store, &app.prepared.sources, now)?;
        let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
        let articles: BTreeMap<EntryId, Article> = app.store.articles(&ids)?.into_iter().collect();
        for mut entry in entries {
            let merge = app.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe);
            let text = articles.get(&entry.id).map(|article| article.text.as_str());
            let candidate = comparable(&panics, &entry, text, merge);
            let fingerprint = candidate.fingerprint.to_bytes();
            let decision = index.place(candidate);
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
    let mut judge = Judge::new(app, now, panics)?;
    let done: BTreeSet<StoryId> = affected.keys().copied().collect();
    let mut affected: Vec<_> = affected.into_iter().collect();
    // The newest stories first, so that a new source's first visit places its newest entries.
    affected.sort_by_cached_key(|(id, entries)| (Reverse(entries.iter().map(Entry::date).max()), *id));
    for batch in affected.chunks(BATCH) {
        judge.stories(batch, &earlier, None)?;
    }
    judge.rules_that_changed(&done)?;
    judge.finish(&mut composed.changes)?;
    Ok(composed)
}

/// Judges stories by the topics' rules.
struct Judge<'a> {
    app: &'a App,
    now: Timestamp,
    panics: Panics,
    hidden: BTreeSet<(EntryId, Option<TopicId>)>,
    pinned: BTreeSet<(EntryId, Option<TopicId>)>,
    stories: Vec<Story>,
    placements: Vec<Placement>,
    displaced: Vec<(TopicId, StoryId)>,
    /// Topics whose feed may say something else than before.
    changed_topics: BTreeSet<TopicId>,
    /// How many placements each source's first visit has made in each topic.
    first_visits: BTreeMap<(TopicId, SourceId), u64>,
    /// When each source's first entries were seen.
    beginnings: BTreeMap<SourceId, Timestamp>,
}

impl<'a> Judge<'a> {
    fn new(app: &'a App, now: Timestamp, panics: Panics) -> Result<Self, StoreError> {
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
            displaced: Vec::new(),
            changed_topics: BTreeSet::new(),
            first_visits: app
                .store
                .first_visit_placements()?
                .into_iter()
                .map(|(topic, source, count)| ((topic, source), count))
                .collect(),
            beginnings: app.store.beginnings()?.into_iter().collect(),
        })
    }

    /// Judges `batch`, whose new entries are given with it, by every topic, or by `only` one.
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
        let units: Vec<StoryId> = entries.values().flatten().map(|entry| entry.id.into()).collect();
        for placement in self.app.store.placements_of_stories(&units)? {
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
        let texts: Vec<Texts> = entries
            .iter()
            .map(|entry| {
                self.panics
                    .guard(&entry.source, "reading", || Texts::of(entry, articles.get(&entry.id)))
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
            let units = units(prepared.topic.stories, id, entries);
            for unit in &units {
                self.unit(prepared, unit, &texts, sources.len(), articles, placed);
            }
            // A topic that shows its stories another way than before has placed what is no unit any more.
            let shown: BTreeSet<StoryId> = units.iter().map(|unit| unit.id).collect();
            let former = entries.iter().map(|entry| StoryId::from(entry.id)).filter(|id| !shown.contains(id));
            for id in former.filter(|id| placed.contains_key(&(*id, prepared.topic.id.clone()))) {
                self.displaced.push((prepared.topic.id.clone(), id));
            }
        }
    }

    /// Judges what a topic shows as one item.
    fn unit(
        &mut self,
        prepared: &PreparedTopic,
        unit: &Unit<'_>,
        texts: &[Texts],
        sources: usize,
        articles: &BTreeMap<EntryId, Article>,
        placed: &BTreeMap<(StoryId, TopicId), Placement>,
    ) {
        let topic = &prepared.topic;
        let before = placed.get(&(unit.id, topic.id.clone()));
        let mut verdicts: BTreeMap<EntryId, TopicVerdict> = BTreeMap::new();
        for (at, entry) in &unit.entries {
            if let Some(verdict) = self.verdict(prepared, entry, &texts[*at], sources) {
                verdicts.insert(entry.id, verdict);
            }
        }
        let matching = unit
            .entries
            .iter()
            .map(|(_, entry)| *entry)
            .filter(|entry| verdicts.contains_key(&entry.id));
        let shown = self
            .lead(matching, articles)
            .filter(|shown| before.is_some() || self.may_enter(topic, unit, *shown));
        let placement = shown.and_then(|entry| {
            let verdict = verdicts.remove(&entry)?;
            let placed = before.map_or(self.now, |before| before.placed);
            Some(Placement {
                topic: topic.id.clone(),
                story: unit.id,
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
            Some(placement) if before != Some(&placement) => self.placements.push(placement),
            None if before.is_some() => self.displaced.push((topic.id.clone(), unit.id)),
            _ => {}
        }
    }

    fn verdict(&self, prepared: &PreparedTopic, entry: &Entry, texts: &Texts, sources: usize) -> Option<TopicVerdict> {
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
            .guard(&entry.source, "judging", evaluate)
            .flatten()
            .filter(|verdict| verdict.score >= topic.min_score);
        verdict.or_else(|| {
            marked(&self.pinned).then(|| TopicVerdict {
                score: topic.min_score,
                reasons: Vec::new(),
            })
        })
    }

    /// Whether a story may newly enter a topic: it is not older than the topic keeps, nor one too many of a source's first visit.
    fn may_enter(&mut self, topic: &Topic, unit: &Unit<'_>, shown: EntryId) -> bool {
        let Some((_, entry)) = unit.entries.iter().find(|(_, entry)| entry.id == shown) else {
            return false;
        };
        if topic.keep.is_some_and(|keep| entry.date() < self.now - keep) {
            return false;
        }
        if unit
            .entries
            .iter()
            .any(|(_, entry)| self.beginnings.get(&entry.source) != Some(&entry.first_seen))
        {
            return true;
        }
        let count = self.first_visits.entry((topic.id.clone(), entry.source.clone())).or_default();
        *count += 1;
        *count <= FIRST_VISIT
    }

    fn lead<'e>(&self, entries: impl Iterator<Item = &'e Entry>, articles: &BTreeMap<EntryId, Article>) -> Option<EntryId> {
        let candidates: Vec<LeadCandidate> = entries
            .map(|entry| {
                let source = self.app.source(&entry.source).map(|prepared| &prepared.source);
                let own = entry.own_body().map_or(0, |body| body.as_str().len());
                LeadCandidate {
                    id: entry.id,
                    copy: entry.copy_of.is_some(),
                    trust: source.map_or(50, |source| source.trust),
                    aggregator: source.and_then(|source| source.kind) == Some(SourceKind::Aggregator),
                    text_length: articles.get(&entry.id).map_or(own, |article| article.text.len()),
                    date: entry.date(),
                }
            })
            .collect();
        dedupe::lead(&candidates)
    }

    /// A topic is a view: when its rule changes, every story is judged again by it.
    fn rules_that_changed(&mut self, done: &BTreeSet<StoryId>) -> Result<(), StoreError> {
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
            for batch in stories.chunks(BATCH) {
                self.stories(batch, &BTreeMap::new(), Some(&prepared.topic.id))?;
            }
        }
        Ok(())
    }

    /// Moves what was decided into `changes`, and the moment of topics that changed.
    fn finish(self, changes: &mut Changes) -> Result<(), StoreError> {
        changes.stories = self.stories;
        changes.placements = self.placements;
        changes.problems = self.panics.problems();
        changes.displaced = self.displaced;
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
        changes.retired = self.app.store.judged_topics()?;
        changes.retired.retain(|id| !published(id));
        Ok(())
    }
}

/// Makes what dedupe compares of an entry; one that panics meets nothing and founds a story of its own.
#[must_use]
pub fn comparable(panics: &Panics, entry: &Entry, article_text: Option<&str>, merge: bool) -> dedupe::Candidate {
    let candidate = panics.guard(&entry.source, "comparing", || settle::candidate(entry, article_text, merge));
    candidate.unwrap_or_else(|| settle::unreadable(entry))
}

/// The sources on whose entries a shop has panicked.
#[derive(Debug, Default)]
pub struct Panics(RefCell<BTreeSet<SourceId>>);

impl Panics {
    /// Does the work of a shop on one entry. A panic there costs this entry its result and is booked on its source; the run goes on.
    fn guard<T>(&self, source: &SourceId, what: &str, work: impl FnOnce() -> T) -> Option<T> {
        // The shops are pure: nothing they leave half done is seen again.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        if done.is_err() {
            tracing::error!(source.id = %source, "{what} an entry of this source panicked; the run goes on without it");
            self.0.borrow_mut().insert(source.clone());
        }
        done.ok()
    }

    /// Returns what is booked on the sources; it stands until their feeds are read again.
    fn problems(self) -> Vec<(SourceId, Vec<Problem>)> {
        let sources = self.0.into_inner().into_iter();
        sources.map(|source| (source, vec![defect("an entry of it")])).collect()
    }
}

/// Returns the problem that a panic of ours is booked as.
#[must_use]
pub fn defect(what: &str) -> Problem {
    Problem::new(
        "panic",
        format!("reading {what} ended in a defect of griot itself; please report it with the feed"),
    )
}

/// An entry's texts as plain text, for the rules.
#[derive(Default)]
struct Texts {
    summary: String,
    body: String,
    authors: Vec<String>,
    categories: Vec<String>,
}

impl Texts {
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

/// What a topic shows as one item: a story, a text with its copies, or a single entry.
pub struct Unit<'e> {
    /// Its identity: that of the entry it began with.
    pub id: StoryId,
    /// Its entries, each with its place among the story's.
    pub entries: Vec<(usize, &'e Entry)>,
}

/// Returns the identity of what shows `entry` of `story` as an item.
#[must_use]
pub fn unit_of(mode: StoryMode, story: StoryId, entry: &Entry) -> StoryId {
    match mode {
        StoryMode::One => story,
        StoryMode::Copies => entry.copy_of.unwrap_or(entry.id).into(),
        StoryMode::Off => entry.id.into(),
    }
}

/// Divides the entries of `story` into what a topic in `mode` shows as one item each.
#[must_use]
pub fn units(mode: StoryMode, story: StoryId, entries: &[Entry]) -> Vec<Unit<'_>> {
    let mut units: BTreeMap<StoryId, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        units.entry(unit_of(mode, story, entry)).or_default().push((at, entry));
    }
    units.into_iter().map(|(id, entries)| Unit { id, entries }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_shop_costs_one_result_and_is_booked() {
        let source = SourceId::new("lefleuve").expect("a slug");
        let panics = Panics::default();
        assert_eq!(panics.guard(&source, "judging", || 7), Some(7));
        assert_eq!(panics.guard(&source, "judging", || -> u8 { panic!("a defect") }), None);
        let problems = panics.problems();
        assert_eq!((problems.len(), &problems[0].0, problems[0].1[0].code), (1, &source, "panic"));
    }
}
