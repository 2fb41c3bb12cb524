//! Compose: the settled entries, in order, become copies and members of stories.
//!
//! Single-threaded and ordered: no two sources can found the same story. Each batch is one transaction, and is compared with nothing but what is stored:
//! a run that goes on after a kill decides the same. Which topics the stories belong to is evaluated afterwards, in `topic_evaluator`.

use super::app::App;
use super::compared_text::ComparedTexts;
use super::comparison::{self, dedupe_entry};
use super::stage_panics::StagePanics;
use crate::dedupe::{Decision, DedupeEntry, DedupePolicy, Index};
use crate::model::{Basis, Changes, Composition, EntryId, StoredFingerprint, Story, StoryId, TermCounts, Timestamp, loggable_url};
use crate::store::{ComparedEntry, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// The number of entries that are read, decided about and stored at a time.
pub const ENTRIES_PER_BATCH: usize = 1000;
/// How many words tell why an entry joined its story.
const MAX_WORDS: usize = 6;

/// How many entries and stories were composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Composed {
    /// Entries that are copies.
    pub copies: u64,
    /// Stories founded.
    pub new_stories: u64,
    /// Known stories that gained an entry.
    pub updated_stories: u64,
}

/// Decides about the entries `ids`, which are in order, and stores the decisions.
///
/// # Errors
/// [`StoreError`] when the store fails.
pub fn compose(app: &App, now: Timestamp, ids: &[EntryId], panics: &StagePanics) -> Result<Composed, StoreError> {
    compose_in_batches(app, now, ids, ENTRIES_PER_BATCH, panics)
}

fn compose_in_batches(app: &App, now: Timestamp, ids: &[EntryId], size: usize, panics: &StagePanics) -> Result<Composed, StoreError> {
    let mut composed = Composed::default();
    if ids.is_empty() {
        return Ok(composed);
    }
    refresh(app, now, panics)?;
    let (mut founded, mut joined) = (BTreeSet::new(), BTreeSet::new());
    for ids in ids.chunks(size) {
        let batch = Batch::read(app, now, ids, panics)?;
        let (changes, decisions) = batch.decide()?;
        founded.extend(changes.stories.iter().map(|story| story.id));
        for decision in decisions {
            composed.copies += u64::from(decision.copy_of.is_some());
            joined.insert(decision.story);
        }
        app.store.apply(changes)?;
    }
    composed.new_stories = founded.len() as u64;
    composed.updated_stories = joined.difference(&founded).count() as u64;
    Ok(composed)
}

/// Makes entries comparable again whose text has changed since they were composed, and those that an earlier version composed.
fn refresh(app: &App, now: Timestamp, panics: &StagePanics) -> Result<(), StoreError> {
    loop {
        let stale = app.store.stale_fingerprints(ENTRIES_PER_BATCH)?;
        if stale.is_empty() {
            return Ok(());
        }
        let entries = app.store.compared_entries(&stale)?;
        let mut texts = ComparedTexts::read(app, &entries, panics)?;
        let index = Index::new(DedupePolicy::default());
        let mut fingerprints = Vec::with_capacity(entries.len());
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut counted = 0;
        for (entry, fingerprint) in entries.iter().zip(std::mem::take(&mut texts.fingerprints)) {
            // One whose text has changed is counted already.
            if entry.fingerprint.is_empty() {
                counted += 1;
                for term in fingerprint.counted_terms() {
                    *counts.entry(term).or_default() += 1;
                }
            }
            let is_too_old = comparison::is_too_old(entry, now);
            let entry = dedupe_entry(app, entry, fingerprint);
            fingerprints.push(StoredFingerprint {
                entry: entry.id,
                value: entry.fingerprint.to_bytes(),
                postings: if is_too_old { Vec::new() } else { index.postings(&entry) },
            });
        }
        app.store.apply(Changes {
            fingerprints,
            term_counts: TermCounts {
                entries: counted,
                counts: counts.into_iter().collect(),
            },
            outlet_memories: texts.memories,
            ..Changes::default()
        })?;
    }
}

/// Entries about which is decided together.
struct Batch<'a> {
    app: &'a App,
    now: Timestamp,
    compared: Vec<ComparedEntry>,
    texts: ComparedTexts,
    entries: Vec<DedupeEntry>,
}

impl<'a> Batch<'a> {
    fn read(app: &'a App, now: Timestamp, ids: &[EntryId], panics: &StagePanics) -> Result<Self, StoreError> {
        let compared = app.store.compared_entries(ids)?;
        let mut texts = ComparedTexts::read(app, &compared, panics)?;
        let fingerprints = std::mem::take(&mut texts.fingerprints);
        let entries = compared.iter().zip(fingerprints);
        let entries = entries.map(|(entry, fingerprint)| dedupe_entry(app, entry, fingerprint)).collect();
        Ok(Self {
            app,
            now,
            compared,
            texts,
            entries,
        })
    }

    /// Returns what is to be stored, and the decisions about the entries.
    fn decide(self) -> Result<(Changes, Vec<Decision>), StoreError> {
        let mut index = comparison::with_stories(self.app, &self.entries)?;
        index.begin_step(self.now);
        let mut decisions: BTreeMap<EntryId, Decision> = BTreeMap::new();
        let mut foundings: BTreeMap<StoryId, Decision> = BTreeMap::new();
        for entry in &self.entries {
            let decision = index.assign(entry);
            foundings.extend(decision.is_founding().then(|| (decision.story, decision.clone())));
            decisions.insert(entry.id, decision);
        }
        let mut known = Vec::new();
        for decision in index.finish_step() {
            foundings.extend(decision.is_founding().then(|| (decision.story, decision.clone())));
            match decisions.get_mut(&decision.entry) {
                Some(former) => *former = decision,
                None => known.push(decision),
            }
        }
        let mut changes = Changes {
            term_counts: index.take_counts(),
            outlet_memories: self.texts.memories.clone(),
            ..Changes::default()
        };
        let in_order: Vec<Decision> = self.entries.iter().filter_map(|entry| decisions.remove(&entry.id)).collect();
        for (number, (entry, decision)) in self.entries.iter().zip(&in_order).enumerate() {
            log_decision(&self.compared[number], decision);
            let hashes = decision
                .like
                .map(|like| index.shared_terms(entry.id, like, MAX_WORDS))
                .unwrap_or_default();
            let words = self.texts.words_of(number, &hashes);
            self.add(&mut changes, decision, words);
            changes.fingerprints.push(StoredFingerprint {
                entry: entry.id,
                value: entry.fingerprint.to_bytes(),
                postings: index.postings(entry),
            });
        }
        self.add_known(&mut changes, &known)?;
        // A story also remains whose founder has become the copy of another entry since, but none that all have left again.
        let stories: BTreeSet<StoryId> = changes.compositions.iter().map(|composition| composition.story).collect();
        let founded = foundings.into_values().filter(|founding| stories.contains(&founding.story));
        changes.stories.extend(founded.map(|founding| Story {
            id: founding.story,
            lead: founding.entry,
            founded: self.now,
            earlier: founding.earlier,
        }));
        Ok((changes, in_order))
    }

    fn add(&self, changes: &mut Changes, decision: &Decision, words: Vec<String>) {
        changes.compositions.push(Composition {
            entry: decision.entry,
            copy_of: decision.copy_of,
            story: decision.story,
            at: self.now,
            basis: decision.basis,
            measure: decision.measure,
            words,
            like: decision.like,
            earlier: decision.earlier,
        });
    }

    /// Adds what was decided anew about entries of earlier runs. Copies follow their original, those too that were not compared now; how they were found
    /// to be copies is known from what was decided about them before.
    fn add_known(&self, changes: &mut Changes, known: &[Decision]) -> Result<(), StoreError> {
        for decision in known {
            let former = match decision.copy_of {
                Some(_) => self.app.store.compositions_of(&decision.entry)?.pop(),
                None => None,
            };
            match former.filter(|former| former.copy_of.is_some()) {
                Some(former) => changes.compositions.push(Composition {
                    copy_of: decision.copy_of,
                    story: decision.story,
                    at: self.now,
                    ..former
                }),
                None => self.add(changes, decision, Vec::new()),
            }
        }
        let decided: BTreeSet<EntryId> = changes.compositions.iter().map(|composition| composition.entry).collect();
        for decision in known.iter().filter(|decision| decision.copy_of.is_none()) {
            for copy in self.app.store.entry_with_copies(&decision.entry)? {
                if decided.contains(&copy.id) || copy.story == decision.story {
                    continue;
                }
                let last = self.app.store.compositions_of(&copy.id)?.pop();
                let former = last.unwrap_or_else(|| Composition::new(copy.id, copy.copy_of, copy.story, self.now, Basis::Text));
                changes.compositions.push(Composition {
                    story: decision.story,
                    at: self.now,
                    ..former
                });
            }
        }
        Ok(())
    }
}

/// Logs the story that an entry joined or founded, and the entry that it copies.
fn log_decision(entry: &ComparedEntry, decision: &Decision) {
    let message = match (decision.copy_of, decision.is_founding()) {
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

#[cfg(test)]
mod tests;
