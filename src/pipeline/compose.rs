//! Compose: the settled entries, in order, become copies and members of stories.
//!
//! Single-threaded and ordered: no two sources can found the same story. Each batch is one transaction. Which topics the stories belong to is
//! evaluated afterwards, in `topic_evaluator`.

use super::app::App;
use super::forms::{FormParts, text_forms};
use super::stage_panics::StagePanics;
use crate::dedupe::{DEDUPE_WINDOW, Decision, DedupeEntry, DedupePolicy, Fingerprint, Index, KnownEntry};
use crate::model::{Basis, Changes, CleanHtml, Composition, EntryId, Story, Timestamp, loggable_url};
use crate::store::{ComparedEntry, StoreError};
use crate::text::html_to_text::html_to_text;

/// The number of entries that are read, decided about and stored at a time.
pub const ENTRIES_PER_BATCH: usize = 1000;

/// The most entries for whose comparison the index is restricted to what they are compared by. For more, that would be most of it.
const MAX_RESTRICTED_ENTRIES: usize = 1000;

/// Fills dedupe's index with the entries that were composed recently, for the comparison of the entries `waiting` as they are stored now. The flag
/// says that it is restricted to them.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn index(app: &App, now: Timestamp, waiting: &[EntryId]) -> Result<(Index, bool), StoreError> {
    let mut index = Index::new(DedupePolicy::default());
    let mut is_restricted = false;
    if waiting.len() <= MAX_RESTRICTED_ENTRIES {
        let entries = app.store.compared_entries(waiting)?;
        let stored: Option<Vec<Fingerprint>> = entries.iter().map(|entry| Fingerprint::from_bytes(&entry.fingerprint)).collect();
        // Where an earlier version stored no fingerprint, it is made later.
        if let Some(fingerprints) = stored {
            index.restrict_to(&fingerprints);
            is_restricted = true;
        }
    }
    let mut is_reserved = false;
    app.store.composed_since(now - DEDUPE_WINDOW, &mut |following, composed| {
        if !is_reserved {
            index.reserve(following + 1);
            is_reserved = true;
        }
        let fingerprint = Fingerprint::from_bytes(&composed.entry.fingerprint).unwrap_or_default();
        index.insert(&KnownEntry {
            entry: dedupe_entry(app, composed.entry, fingerprint),
            copy_of: composed.copy_of,
            story: composed.story,
            founded: composed.founded,
        });
    })?;
    Ok((index, is_restricted))
}

fn dedupe_entry(app: &App, entry: ComparedEntry, fingerprint: Fingerprint) -> DedupeEntry {
    DedupeEntry {
        mergeable: app.source(&entry.source).is_none_or(|prepared| prepared.source.dedupe),
        owns_link: app.prepared.owns_link(&entry.source, entry.link.as_ref(), entry.guid.as_deref()),
        canonical: entry.link.as_ref().map(crate::model::canonical),
        declared: entry.declared,
        id: entry.id,
        source: entry.source,
        guid: entry.guid,
        title: entry.title,
        date: entry.date,
        first_seen: entry.first_seen,
        fingerprint,
    }
}

/// Returns what dedupe compares of an entry that waits. One whose comparison panics, or that cannot be read, is compared without its text.
pub fn comparable_entry(app: &App, panics: &StagePanics, entry: ComparedEntry) -> Result<DedupeEntry, StoreError> {
    let fingerprint = match Fingerprint::from_bytes(&entry.fingerprint) {
        Some(fingerprint) => fingerprint,
        None => make_fingerprint(app, panics, &entry)?,
    };
    Ok(dedupe_entry(app, entry, fingerprint))
}

/// Makes the fingerprint of an entry that an earlier version stored.
fn make_fingerprint(app: &App, panics: &StagePanics, entry: &ComparedEntry) -> Result<Fingerprint, StoreError> {
    let article = app.store.articles(&[entry.id])?.pop();
    let stored = app.store.entries(&[entry.id])?.pop();
    let made = panics.catch(&entry.source, "comparing", || {
        if let Some((_, article)) = article {
            return Some(Fingerprint::new(&entry.title, &article.text, entry.language.as_deref()));
        }
        let stored = stored?;
        let text = |html: Option<&CleanHtml>| html.map(|html| html_to_text(html.as_str())).unwrap_or_default();
        let forms = text_forms(&FormParts {
            title: &stored.title,
            summary: &text(stored.summary.as_ref()),
            content: &text(stored.content.as_ref()),
            authors: &[],
            categories: &[],
            rights: None,
            attribution: None,
            url: None,
            language: stored.language.as_deref(),
        });
        Fingerprint::from_bytes(&forms.fingerprint)
    });
    Ok(made.flatten().unwrap_or_default())
}

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
pub fn compose(app: &App, mut index: Index, ids: &[EntryId], panics: &StagePanics) -> Result<Composed, StoreError> {
    let mut composed = Composed::default();
    let mut joined = std::collections::BTreeSet::new();
    let mut founded = std::collections::BTreeSet::new();
    for batch in ids.chunks(ENTRIES_PER_BATCH) {
        let mut changes = Changes::default();
        for entry in app.store.compared_entries(batch)? {
            let (source, link) = (entry.source.clone(), entry.link.clone());
            let candidate = comparable_entry(app, panics, entry)?;
            let (id, first_seen) = (candidate.id, candidate.first_seen);
            let decision = index.assign(&candidate);
            log_decision(&source, id, link.as_ref(), &decision);
            composed.copies += u64::from(decision.copy_of.is_some());
            if decision.founded {
                founded.insert(decision.story);
                changes.stories.push(Story {
                    id: decision.story,
                    lead: id,
                    founded: first_seen,
                    earlier: decision.earlier,
                });
            } else {
                joined.insert(decision.story);
            }
            let copy_of = |entry, copy_of| Composition::new(entry, copy_of, decision.story, first_seen, Basis::Event);
            changes.compositions.push(copy_of(id, decision.copy_of));
            changes
                .compositions
                .extend(decision.displaced.iter().map(|other| copy_of(*other, Some(id))));
        }
        app.store.apply(changes)?;
    }
    composed.new_stories = founded.len() as u64;
    composed.updated_stories = joined.difference(&founded).count() as u64;
    Ok(composed)
}

/// Logs the story that an entry joined or founded, and the entry that it copies.
fn log_decision(source: &crate::model::SourceId, id: EntryId, link: Option<&url::Url>, decision: &Decision) {
    let message = match (decision.copy_of, decision.founded) {
        (Some(_), _) => "a copy joined its story",
        (None, true) => "founded a story",
        (None, false) => "joined a story",
    };
    tracing::debug!(
        source.id = %source,
        entry.id = %id,
        entry.url = link.map(loggable_url),
        story.id = %decision.story,
        copy.of = decision.copy_of.map(tracing::field::display),
        "{message}"
    );
}
