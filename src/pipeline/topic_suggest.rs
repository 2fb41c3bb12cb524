//! `griot topic suggest`: the words that separate what belongs to a topic from what does not, by its labelled entries, or else by its placements.

use super::entry_reader::EntryReader;
use super::labels::for_each_label;
use super::prepare::Prepared;
use crate::curate::{SeparatingWord, WordCounts, text_zones};
use crate::model::{EntryId, StoryId, Timestamp, TopicId};
use crate::store::{EntryWords as StoredWords, Store, StoreError};
use std::collections::BTreeSet;
use std::time::Duration;

/// So many labels of each kind make figures that can be relied on.
pub const ENOUGH_LABELS: usize = 20;
/// How many words are suggested on each side.
const MAX_WORDS: usize = 20;
/// Where there are no labels, the newest entries are compared: those of so many days, and no further day when so many were read.
const MAX_DAYS: u32 = 90;
const ENOUGH_ENTRIES: usize = 5_000;
const DAY: Duration = Duration::from_hours(24);
/// The number of entries that are read at once.
const ENTRIES_PER_BATCH: usize = 500;

/// A word with the headline of an entry that has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The word.
    pub word: SeparatingWord,
    /// The headline.
    pub example: String,
}

/// The suggested words.
#[derive(Debug, Default)]
pub struct SuggestReport {
    /// Whether they are by labels; else by what the topic holds against the rest of the newest entries.
    pub is_by_labels: bool,
    /// The numbers of entries that belong to the topic, and of those that do not.
    pub entries: [usize; 2],
    /// Words that speak for the topic, the strongest first.
    pub yes: Vec<Suggestion>,
    /// Words that speak against it.
    pub no: Vec<Suggestion>,
}

/// Entries that are counted.
#[derive(Default)]
struct Sets {
    counts: WordCounts,
    titles: Vec<String>,
}

impl Sets {
    fn add(&mut self, title: &str, words: &StoredWords, is_yes: bool) {
        let [own_title, summary, body] = text_zones(&words.words);
        // The article's text stands in place of the feed's full text, as where rules are evaluated.
        let article = words
            .article_words
            .as_deref()
            .and_then(|words| text_zones(words).into_iter().next());
        let zones = [own_title, summary, article.unwrap_or(body)];
        self.counts.add(self.titles.len(), is_yes, zones.into_iter());
        self.titles.push(title.to_owned());
    }

    fn report(&self, is_by_labels: bool) -> SuggestReport {
        let [yes, no] = self.counts.separating(MAX_WORDS).map(|words| {
            let suggestion = |word: SeparatingWord| Suggestion {
                example: self.titles.get(word.example).cloned().unwrap_or_default(),
                word,
            };
            words.into_iter().map(suggestion).collect()
        });
        SuggestReport {
            is_by_labels,
            entries: self.counts.texts,
            yes,
            no,
        }
    }
}

/// Suggests words for a topic, as of `now`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn suggest(prepared: &Prepared, store: &Store, topic: &TopicId, now: Timestamp) -> Result<SuggestReport, StoreError> {
    let reader = EntryReader { store, prepared };
    let mut sets = Sets::default();
    for_each_label(reader, &store.labels(topic)?, &mut |labelled| {
        sets.add(&labelled.entry.title, labelled.words, labelled.is_yes);
    })?;
    if sets.counts.texts.iter().all(|texts| *texts > 0) {
        return Ok(sets.report(true));
    }
    let mut sets = Sets::default();
    let end = now + Duration::from_secs(1);
    for day in 0..MAX_DAYS {
        if sets.titles.len() < ENOUGH_ENTRIES {
            add_day(reader, topic, end - DAY * (day + 1), end - DAY * day, &mut sets)?;
        }
    }
    Ok(sets.report(false))
}

/// Adds the entries that are dated from `since` on and before `until`, by whether the topic shows them.
fn add_day(reader: EntryReader<'_>, topic: &TopicId, since: Timestamp, until: Timestamp, sets: &mut Sets) -> Result<(), StoreError> {
    let store = reader.store;
    let mut after = (since, EntryId::from_bytes([0; 16]));
    loop {
        let mut batch = store.dated_stories(after, ENTRIES_PER_BATCH)?;
        batch.retain(|(date, _, _)| *date < until);
        let Some(last) = batch.last() else { return Ok(()) };
        after = (last.0, last.1);
        let here: BTreeSet<EntryId> = batch.iter().map(|(_, entry, _)| *entry).collect();
        let ids: BTreeSet<StoryId> = batch.iter().map(|(_, _, story)| *story).collect();
        let ids: Vec<StoryId> = ids.into_iter().collect();
        let mut items = ids.clone();
        items.extend(here.iter().map(|entry| StoryId::from(*entry)));
        items.sort_unstable();
        items.dedup();
        let placements = store.placements_of_stories(&items)?.into_iter();
        let shown: BTreeSet<EntryId> = placements.filter(|one| one.topic == *topic).map(|one| one.entry).collect();
        for story in reader.stories(&ids)?.values() {
            for (entry, words) in story.entries.iter().zip(&story.words) {
                // Copies would count a text several times.
                if here.contains(&entry.id) && entry.copy_of.is_none() {
                    sets.add(&entry.title, words, shown.contains(&entry.id));
                }
            }
        }
    }
}
