//! `griot topic test`: a rule evaluated on the stored entries of a time, compared with what its topic holds. Reads the store in batches and changes
//! nothing.

use super::entry_reader::{EntryReader, StoredStory};
use super::marks::Marks;
use super::prepare::Prepared;
use super::story_evaluation::OLD_AFTER;
use super::topic_item::{TopicItem, topic_items};
use super::topic_rule::TopicRule;
use crate::config::{Config, ConfigProblem};
use crate::curate::MatchedEntry;
use crate::model::{EntryId, Placement, Reason, SourceId, StoryId, Timestamp, TopicId};
use crate::store::{Store, StoreError, StoryEntry};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The number of entries that are read at once, which bounds the memory that their words take.
const ENTRIES_PER_BATCH: usize = 500;
/// How many won and lost items are shown.
const MAX_SAMPLES: usize = 10;

/// What is tested.
#[derive(Debug)]
pub struct TopicTest<'a> {
    /// The topic.
    pub topic: &'a TopicId,
    /// A query in place of its rule.
    pub query: Option<&'a str>,
    /// How long before now entries are dated.
    pub since: Duration,
    /// Whether only what was published counts as held before.
    pub published_only: bool,
}

/// Why a test was not made.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The rule has mistakes.
    #[error("the rule has mistakes")]
    Rule(Vec<ConfigProblem>),
    /// There is no such topic.
    #[error("there is no topic `{0}`")]
    NoSuchTopic(TopicId),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Numbers of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that the topic holds.
    pub before: u64,
    /// Those that the rule finds.
    pub now: u64,
    /// Those that it finds and the topic does not hold.
    pub won: u64,
    /// Those that the topic holds and the rule does not find.
    pub lost: u64,
}

/// An item that was won or lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The entry that is shown.
    pub entry: EntryId,
    /// Its date.
    pub date: Timestamp,
    /// Its source.
    pub source: SourceId,
    /// Its headline.
    pub title: String,
    /// The clauses that match, each with its words; of what was lost, those of the former placement.
    pub reasons: Vec<Reason>,
}

/// The result of a test.
#[derive(Debug, Default)]
pub struct TestReport {
    /// The date of the oldest entries.
    pub since: Option<Timestamp>,
    /// How many entries were evaluated.
    pub entries: u64,
    /// All items.
    pub all: Tally,
    /// Items that the rule finds and that were too old when they were first seen to enter the topic.
    pub too_old: u64,
    /// By day, in the site's time zone.
    pub days: BTreeMap<String, Tally>,
    /// By source.
    pub sources: BTreeMap<String, Tally>,
    /// By the countries that they are about; those about none by `-`.
    pub countries: BTreeMap<String, Tally>,
    /// By language; unknown ones by `-`.
    pub languages: BTreeMap<String, Tally>,
    /// Some that were won, chosen by their ids, by date.
    pub won: Vec<Sample>,
    /// Some that were lost.
    pub lost: Vec<Sample>,
}

/// Makes a test at `now`.
///
/// # Errors
/// [`TestError`] when there is no such topic, when the rule has mistakes, or when the store cannot be read.
pub fn test(config: &Config, prepared: &Prepared, store: &Store, test: &TopicTest<'_>, now: Timestamp) -> Result<TestReport, TestError> {
    let rule = TopicRule::new(config, prepared, test.topic, test.query).map_err(TestError::Rule)?;
    let mut rule = rule.ok_or_else(|| TestError::NoSuchTopic(test.topic.clone()))?;
    rule.read_model(store)?;
    let since = now - rule.topic.keep.map_or(test.since, |keep| keep.min(test.since));
    let mut testing = Testing {
        reader: EntryReader { store, prepared },
        config,
        rule: &rule,
        published_only: test.published_only,
        since,
        report: TestReport {
            since: Some(since),
            ..TestReport::default()
        },
    };
    let mut after = (
        Timestamp::from_unix(since.unix().saturating_sub(1)),
        EntryId::from_bytes([0xff; 16]),
    );
    loop {
        let batch = store.dated_stories(after, ENTRIES_PER_BATCH)?;
        let Some(last) = batch.last() else { break };
        after = (last.0, last.1);
        testing.batch(&batch)?;
    }
    for samples in [&mut testing.report.won, &mut testing.report.lost] {
        samples.sort_by_key(|sample| (sample.date, sample.entry));
    }
    Ok(testing.report)
}

struct Testing<'a> {
    reader: EntryReader<'a>,
    config: &'a Config,
    rule: &'a TopicRule,
    published_only: bool,
    since: Timestamp,
    report: TestReport,
}

impl Testing<'_> {
    fn batch(&mut self, batch: &[(Timestamp, EntryId, StoryId)]) -> Result<(), StoreError> {
        let ids: BTreeSet<StoryId> = batch.iter().map(|(_, _, story)| *story).collect();
        let ids: Vec<StoryId> = ids.into_iter().collect();
        let here: BTreeSet<EntryId> = batch.iter().map(|(_, entry, _)| *entry).collect();
        let stories = self.reader.stories(&ids)?;
        let entries = stories.values().flat_map(|story| &story.entries);
        let marks = Marks::read(self.reader.store, entries.map(|entry| entry.id), ids.iter().copied())?;
        for story in stories.values() {
            // A story is evaluated in the batch that holds its first entry since then, and in no other.
            let dated = story.entries.iter().filter(|entry| entry.date >= self.since);
            let first = dated.min_by_key(|entry| (entry.date, entry.id));
            if first.is_some_and(|first| here.contains(&first.id)) {
                self.story(story, &marks)?;
            }
        }
        Ok(())
    }

    fn story(&mut self, story: &StoredStory, marks: &Marks) -> Result<(), StoreError> {
        let items = topic_items(self.rule.topic.stories, &story.entries);
        let ids: Vec<StoryId> = items.iter().map(|item| item.id).collect();
        let topic = &self.rule.topic.id;
        let mut placements = self.reader.store.placements_of_stories(&ids)?;
        placements.retain(|placement| placement.topic == *topic);
        if self.published_only && !placements.is_empty() {
            let published = self.reader.store.published_of_stories(&ids)?.into_iter();
            let published: BTreeSet<StoryId> = published.filter(|one| one.topic == *topic).map(|one| one.story).collect();
            placements.retain(|placement| published.contains(&placement.story));
        }
        for item in &items {
            let placement = placements.iter().find(|placement| placement.story == item.id);
            self.item(story, item, placement, marks);
        }
        Ok(())
    }

    fn item(&mut self, story: &StoredStory, item: &TopicItem<'_>, placement: Option<&Placement>, marks: &Marks) {
        let topic = &self.rule.topic;
        let sources = story.source_count(self.reader.prepared, marks);
        // As in a run: where one report is enough, a copy whose original is hidden is one, too.
        let is_reported = topic.min_reports <= 1 || sources >= topic.min_reports;
        let mut found: Option<usize> = None;
        for (at, entry) in &item.entries {
            self.report.entries += 1;
            if marks.is_hidden_in(&topic.id, entry.id, entry.story) {
                continue;
            }
            let is_met = |matched: &MatchedEntry<'_>| self.rule.decide(matched, sources).is_some();
            let is_met = marks.is_pinned_in(&topic.id, entry.id, entry.story)
                || (is_reported && self.reader.matched(&self.rule.matcher, entry, &story.words[*at], is_met));
            // The first original stands for the item.
            if is_met && found.is_none_or(|known| story.entries[known].copy_of.is_some() && entry.copy_of.is_none()) {
                found = Some(*at);
            }
        }
        let before = placement.and_then(|placement| story.entries.iter().position(|entry| entry.id == placement.entry));
        // What a source brought that is no longer configured stays where it is.
        let is_removed = |at: &usize| !self.reader.prepared.sources.contains_key(&story.entries[*at].source);
        let found = found.or(before.filter(is_removed));
        let Some(at) = found.or(before) else { return };
        let shown = &story.entries[at];
        if shown.date < self.since {
            return;
        }
        let is_old = |entry: &StoryEntry| entry.first_seen.since(entry.date) > OLD_AFTER;
        if before.is_none() && self.config.fetch.max_new > 0 && item.entries.iter().all(|(_, entry)| is_old(entry)) {
            self.report.too_old += 1;
            return;
        }
        let own = Tally {
            before: before.is_some().into(),
            now: found.is_some().into(),
            won: (found.is_some() && before.is_none()).into(),
            lost: (found.is_none() && before.is_some()).into(),
        };
        let wants_reasons = own.won > 0 && is_sampled(&self.report.won, shown.id);
        let (countries, reasons) = self.reader.matched(&self.rule.matcher, shown, &story.words[at], |matched| {
            let countries = matched.about().countries().iter().map(|(country, _)| country.to_string());
            let verdict = self.rule.decide(matched, sources).filter(|_| wants_reasons);
            let reasons = verdict.map(|verdict| verdict.reasons(matched, &[])).unwrap_or_default();
            (countries.collect::<Vec<String>>(), reasons)
        });
        self.count(shown, countries, own);
        let samples = match (own.won, own.lost) {
            (1, _) => &mut self.report.won,
            (_, 1) => &mut self.report.lost,
            _ => return,
        };
        let reasons = if own.won > 0 {
            reasons
        } else {
            placement.map(|placement| placement.reasons.clone()).unwrap_or_default()
        };
        if is_sampled(samples, shown.id) {
            samples.push(Sample {
                entry: shown.id,
                date: shown.date,
                source: shown.source.clone(),
                title: shown.title.clone(),
                reasons,
            });
            samples.sort_by_key(|sample| sample.entry);
            samples.truncate(MAX_SAMPLES);
        }
    }

    fn count(&mut self, shown: &StoryEntry, countries: Vec<String>, own: Tally) {
        let day = shown.date.local(&self.config.site.timezone);
        let day = day.split(' ').next().unwrap_or_default().to_owned();
        let language = shown
            .language
            .as_deref()
            .and_then(|tag| tag.split(['-', '_']).next())
            .unwrap_or("-");
        let report = &mut self.report;
        report.all.add(own);
        report.days.entry(day).or_default().add(own);
        report.sources.entry(shown.source.to_string()).or_default().add(own);
        report.languages.entry(language.to_owned()).or_default().add(own);
        let countries = if countries.is_empty() { vec!["-".to_owned()] } else { countries };
        for country in countries {
            report.countries.entry(country).or_default().add(own);
        }
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.before += other.before;
        self.now += other.now;
        self.won += other.won;
        self.lost += other.lost;
    }
}

/// Returns whether an item belongs to a sample: it has the ids that are smallest, which are digests and so chosen evenly.
fn is_sampled(samples: &[Sample], entry: EntryId) -> bool {
    samples.len() < MAX_SAMPLES || samples.last().is_some_and(|last| entry < last.entry)
}
