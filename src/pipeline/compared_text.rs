//! The words of entries as dedupe reads them: those of the article, else the longest text of the feed; their fingerprints, and what their outlets repeat.

use super::app::App;
use super::entry_reader::original_texts;
use super::fingerprints::{fingerprints, words_with};
use super::stage_panics::StagePanics;
use crate::curate::{article_word_list, text_zones};
use crate::dedupe::{EntryText, Fingerprint, OutletMemory};
use crate::model::{SourceId, StoredMemory};
use crate::store::{ComparedEntry, EntryWords, StoreError};
use crate::text::word_list;
use std::collections::BTreeMap;

/// The texts of some entries.
pub struct ComparedTexts {
    words: Vec<EntryWords>,
    languages: Vec<Option<String>>,
    /// By entry.
    pub fingerprints: Vec<Fingerprint>,
    /// What their outlets repeat, now that the entries have taught it.
    pub memories: Vec<StoredMemory>,
}

/// Returns the headline and the text that dedupe reads.
fn text<'w>(words: &'w EntryWords, language: Option<&'w str>) -> EntryText<'w> {
    let [title, summary, content] = text_zones(&words.words);
    let longest = if summary.len() > content.len() { summary } else { content };
    let article = words
        .article_words
        .as_deref()
        .map(|words| word_list::parts(words).next().unwrap_or_default());
    EntryText {
        title,
        text: article.unwrap_or(longest),
        language,
    }
}

impl ComparedTexts {
    /// Reads the texts of entries, lets them teach what their outlets repeat, and makes their fingerprints. An entry whose comparison panics is compared
    /// without its text.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn read(app: &App, entries: &[ComparedEntry], panics: &StagePanics) -> Result<Self, StoreError> {
        let mut texts = Self::without_fingerprints(app, entries)?;
        let mut of_sources: BTreeMap<&SourceId, Vec<usize>> = BTreeMap::new();
        for (number, entry) in entries.iter().enumerate() {
            of_sources.entry(&entry.source).or_default().push(number);
        }
        texts.fingerprints = vec![Fingerprint::default(); entries.len()];
        for (source, numbers) in of_sources {
            let made = panics.catch(source, "comparing", || {
                let mut memory = memory(app, source)?;
                let of_source: Vec<_> = numbers.iter().map(|number| (texts.text(*number), entries[*number].date)).collect();
                let made = fingerprints(&of_source, &mut memory);
                Ok::<_, StoreError>((made, memory.to_bytes()))
            });
            let Some(made) = made else { continue };
            let (made, value) = made?;
            for (number, fingerprint) in numbers.into_iter().zip(made) {
                texts.fingerprints[number] = fingerprint;
            }
            texts.memories.push(StoredMemory {
                source: source.clone(),
                value,
            });
        }
        Ok(texts)
    }

    /// Reads the texts of entries, which teach nothing, and makes what copies are found by.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub fn of_copies(app: &App, entries: &[ComparedEntry], panics: &StagePanics) -> Result<Vec<Fingerprint>, StoreError> {
        let texts = Self::without_fingerprints(app, entries)?;
        let mut memories: BTreeMap<&SourceId, OutletMemory> = BTreeMap::new();
        let mut made = Vec::with_capacity(entries.len());
        for (number, entry) in entries.iter().enumerate() {
            if !memories.contains_key(&entry.source) {
                memories.insert(&entry.source, memory(app, &entry.source)?);
            }
            let fingerprint = panics.catch(&entry.source, "comparing", || {
                memories
                    .get(&entry.source)
                    .map(|memory| Fingerprint::of_copy(&texts.text(number).words(), memory))
            });
            made.push(fingerprint.flatten().unwrap_or_default());
        }
        Ok(made)
    }

    fn without_fingerprints(app: &App, entries: &[ComparedEntry]) -> Result<Self, StoreError> {
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        let mut words = Vec::with_capacity(entries.len());
        for (entry, stored) in entries.iter().zip(app.store.entry_words(&ids)?) {
            words.push(match stored {
                Some(words) => words,
                // An earlier version stored no words.
                None => EntryWords {
                    words: original_texts(&app.store, entry.id).word_list(),
                    article_words: app
                        .store
                        .articles(&[entry.id])?
                        .pop()
                        .map(|(_, article)| article_word_list(&article.text, &[], &[])),
                },
            });
        }
        let primary = |tag: &String| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Ok(Self {
            words,
            languages: entries.iter().map(|entry| entry.language.as_ref().map(primary)).collect(),
            fingerprints: Vec::new(),
            memories: Vec::new(),
        })
    }

    fn text(&self, number: usize) -> EntryText<'_> {
        text(&self.words[number], self.languages[number].as_deref())
    }

    /// Returns the words of an entry that stand for terms with these hashes, in their order; folded.
    pub fn words_of(&self, number: usize, hashes: &[u32]) -> Vec<String> {
        words_with(&self.text(number), hashes)
    }
}

/// Reads what a source repeats.
fn memory(app: &App, source: &SourceId) -> Result<OutletMemory, StoreError> {
    let stored = app.store.outlet_memory(source)?;
    Ok(stored.and_then(|bytes| OutletMemory::from_bytes(&bytes)).unwrap_or_default())
}
