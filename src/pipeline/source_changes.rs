//! Sources that are removed or get another id: what seems to be renamed, and what becomes of the entries. The caller changes feeds.toml, and tells the
//! store which sources are configured.

use super::app::App;
use super::retention;
use crate::config::Source;
use crate::model::{EntryId, MarkEvent, MarkKind, MarkTarget, SourceId, Timestamp, address_key};
use crate::store::{SourceLife, Store, StoreError};
use std::collections::BTreeSet;
use url::Url;

/// A source that is gone from feeds.toml, while a newer one has its feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeemingRename {
    /// The id that is gone.
    pub old: SourceId,
    /// The id that has its feed.
    pub new: SourceId,
}

impl SeemingRename {
    /// Returns why the command may be wanted.
    #[must_use]
    pub fn advice(&self) -> String {
        format!(
            "it has the feed of `{}`, which is gone from feeds.toml; where it is the same source",
            self.old
        )
    }

    /// Returns the command that moves the entries to the new id.
    #[must_use]
    pub fn command(&self) -> String {
        format!("griot rename {} {}", self.old, self.new)
    }
}

/// Returns the sources of which entries are stored and that are not among `sources`, while one that is has the same feed and was not visited beside
/// them, by their former ids.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn seeming_renames(sources: &[Source], store: &Store) -> Result<Vec<SeemingRename>, StoreError> {
    let lives = store.source_lives()?;
    let is_configured = |life: &SourceLife| sources.iter().any(|source| source.id == life.id);
    let gone = lives.iter().filter(|life| life.entries > 0 && !is_configured(life));
    let mut renames = Vec::new();
    for old in gone {
        let addresses = keys(old.addresses.iter().filter_map(|address| Url::parse(address).ok()));
        let is_new = |source: &&Source| {
            let life = lives.iter().find(|life| life.id == source.id);
            let first = life.and_then(|life| life.first_document);
            first.is_none_or(|first| old.last_visit.is_some_and(|last| first > last))
        };
        let has_feed = |source: &&Source| !keys(source.urls.iter().cloned()).is_disjoint(&addresses);
        if let Some(new) = sources.iter().find(|source| has_feed(source) && is_new(source)) {
            renames.push(SeemingRename {
                old: old.id.clone(),
                new: new.id.clone(),
            });
        }
    }
    Ok(renames)
}

fn keys(addresses: impl Iterator<Item = Url>) -> BTreeSet<String> {
    addresses.map(|address| address_key(&address)).collect()
}

/// Why the entries of a source cannot be moved.
#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    /// Nothing is stored of it.
    #[error("nothing is stored of a source `{0}`")]
    Unknown(SourceId),
    /// Both ids have entries, of different feeds.
    #[error("`{old}` and `{new}` are two sources with feeds of their own; their entries are not put together")]
    OtherFeed {
        /// The former id.
        old: SourceId,
        /// The other source.
        new: SourceId,
    },
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks that the entries of `old` may become those of `new`, which is a source of `sources` or is to be one: either `new` has no entries, or both
/// had the same feed.
///
/// # Errors
/// [`RenameError`] when they may not, or when nothing is stored of `old`.
pub fn check_rename(store: &Store, sources: &[Source], old: &SourceId, new: &SourceId) -> Result<(), RenameError> {
    let lives = store.source_lives()?;
    let find = |id: &SourceId| lives.iter().find(|life| life.id == *id);
    let Some(former) = find(old) else {
        return Err(RenameError::Unknown(old.clone()));
    };
    let Some(other) = find(new).filter(|other| other.entries > 0) else {
        return Ok(());
    };
    let configured = sources
        .iter()
        .filter(|source| source.id == *new)
        .flat_map(|source| source.urls.clone());
    let stored = |life: &SourceLife| keys(life.addresses.iter().filter_map(|address| Url::parse(address).ok()));
    let mut of_new = keys(configured);
    of_new.extend(stored(other));
    if of_new.is_disjoint(&stored(former)) {
        return Err(RenameError::OtherFeed {
            old: old.clone(),
            new: new.clone(),
        });
    }
    Ok(())
}

/// Makes the entries of `old` those of `new`; returns how many the source has.
///
/// # Errors
/// [`StoreError`] when the store cannot be written; then nothing was changed.
pub fn rename(app: &App, old: &SourceId, new: &SourceId, now: Timestamp) -> Result<u64, StoreError> {
    let policy = retention::policy(&app.config.retention);
    let entries = app.store.rename_source(old, new, &policy, now)?;
    tracing::info!(source.id = %new, former = %old, entries, "renamed a source");
    Ok(entries.unwrap_or_default())
}

/// Hides every entry of a source in all topics, as an editor hides one; returns how many were not hidden before.
///
/// # Errors
/// [`StoreError`] when the store cannot be written; then nothing was changed.
pub fn withdraw(app: &App, source: &SourceId, editor: String, now: Timestamp) -> Result<u64, StoreError> {
    let like = MarkEvent {
        at: now,
        editor,
        kind: MarkKind::Hide,
        target: MarkTarget::Entry(EntryId::from_bytes([0; 16])),
        topic: None,
        note: None,
    };
    let entries = app.store.mark_source(source, like)?;
    tracing::info!(source.id = %source, entries, "withdrew all entries of a source");
    Ok(entries)
}
