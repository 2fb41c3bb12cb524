//! Reads stored entries as rules see them, for commands that evaluate rules and change nothing: without the run lock, beside a run.

use super::independence::tellers;
use super::marks::Marks;
use super::prepare::Prepared;
use crate::curate::{EntryFacts, EntryWords, MatchedEntry, Matcher, OriginalTexts};
use crate::model::{EntryId, SourceId, StoryId};
use crate::store::{EntryWords as StoredWords, Store, StoreError, StoryEntry};
use crate::text::html_to_text::html_to_text;
use std::collections::BTreeMap;

/// Stored entries with what rules look at.
#[derive(Clone, Copy)]
pub struct EntryReader<'a> {
    /// The store.
    pub store: &'a Store,
    /// The sources of the configuration.
    pub prepared: &'a Prepared,
}

/// The entries of a story, each with its words.
#[derive(Debug, Default)]
pub struct StoredStory {
    /// By date.
    pub entries: Vec<StoryEntry>,
    /// Those of each entry.
    pub words: Vec<StoredWords>,
}

impl StoredStory {
    /// Returns the number of independent sources, as a run counts them: what is hidden in all topics tells nothing.
    #[must_use]
    pub fn source_count(&self, prepared: &Prepared, marks: &Marks) -> usize {
        let source = |id: &SourceId| prepared.sources.get(id).map(|prepared| &prepared.source);
        let visible = self.entries.iter().filter(|entry| !marks.is_hidden(entry.id, entry.story));
        tellers(visible, source).len()
    }

    /// Returns an entry and its words.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<(&StoryEntry, &StoredWords)> {
        self.entries.iter().zip(&self.words).find(|(entry, _)| entry.id == id)
    }
}

impl EntryReader<'_> {
    /// Reads stories, by id. The words of entries that an earlier version stored are made anew.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn stories(&self, ids: &[StoryId]) -> Result<BTreeMap<StoryId, StoredStory>, StoreError> {
        let mut stories: BTreeMap<StoryId, StoredStory> = BTreeMap::new();
        for (entry, words) in self.store.story_entries_with_words(ids)? {
            let words = words.unwrap_or_else(|| StoredWords {
                words: original_texts(self.store, entry.id).word_list(),
                article_words: None,
            });
            let story = stories.entry(entry.story).or_default();
            story.entries.push(entry);
            story.words.push(words);
        }
        Ok(stories)
    }

    /// Passes an entry, in which the patterns of `matcher` were found, to `each`, and returns what that returns.
    pub fn matched<T>(&self, matcher: &Matcher, entry: &StoryEntry, words: &StoredWords, each: impl FnOnce(&MatchedEntry<'_>) -> T) -> T {
        let facts = EntryFacts {
            source_id: &entry.source,
            source: self.prepared.sources.get(&entry.source).map(|prepared| &prepared.source),
            language: entry.language.as_deref(),
            date: entry.date,
        };
        let load = || original_texts(self.store, entry.id);
        let words = EntryWords::new(&words.words, words.article_words.as_deref());
        each(&matcher.scan(facts, words, &load))
    }
}

/// Returns the texts of an entry as they were published. Empty when the store cannot be read: what is read or written next fails too.
#[must_use]
pub fn original_texts(store: &Store, entry: EntryId) -> OriginalTexts {
    let texts = store.texts(&[entry], &html_to_text).ok().and_then(|mut texts| texts.pop());
    let Some((_, texts)) = texts else {
        return OriginalTexts::default();
    };
    let (mut categories, mut authors) = (texts.categories, texts.authors);
    if texts.article.is_some() {
        categories.extend(texts.article_categories);
        authors.extend(texts.article_authors);
    }
    OriginalTexts {
        title: texts.title,
        summary: texts.summary,
        body: texts.article.unwrap_or(texts.content),
        authors,
        categories,
        url: texts.link,
    }
}
