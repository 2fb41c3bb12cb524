//! Turns parsed entries into stored ones: identity, content hash, cleaning.
//!
//! Pure. Only new and changed drafts are cleaned, since cleaning is the most expensive step for a known entry.

use crate::config::Source;
use crate::html::clean::{CleanPolicy, clean};
use crate::model::{
    Changes, Digest128, Digester, Entry, EntryDraft, EntryId, EntryKey, EntryRevision, FeedMeta, Identity, KeyKind, RawMarkup, Timestamp,
    loggable_url,
};
use crate::text::html_to_text::html_to_text;
use crate::text::language;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

/// A draft with the identity keys that are unique within its document.
#[derive(Debug)]
pub struct Keyed {
    /// The parsed entry.
    pub draft: EntryDraft,
    /// Its keys, the best first; the first one derives the id of a new entry.
    pub keys: Vec<EntryKey>,
}

impl Keyed {
    /// Returns the draft's date.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.draft.published.or(self.draft.updated)
    }
}

/// Finds each draft's identity keys, and drops keys that identify no single entry.
///
/// A guid or a link that several drafts of one document share identifies none of them (feeds whose items all link to the home page, or
/// all have the guid of the channel), unless the drafts have the same text: then the first one is kept.
#[must_use]
pub fn key(drafts: Vec<EntryDraft>) -> Vec<Keyed> {
    let ladders: Vec<Vec<EntryKey>> = drafts.iter().map(EntryDraft::identity_keys).collect();
    let mut bearers: BTreeMap<&EntryKey, BTreeSet<String>> = BTreeMap::new();
    for (draft, ladder) in drafts.iter().zip(&ladders) {
        for key in ladder {
            bearers.entry(key).or_default().insert(draft.text_key());
        }
    }
    let shared: BTreeSet<EntryKey> = bearers
        .into_iter()
        .filter(|(_, texts)| texts.len() > 1)
        .map(|(key, _)| key.clone())
        .collect();
    let mut seen = BTreeSet::new();
    let mut keyed = Vec::with_capacity(drafts.len());
    for (draft, ladder) in drafts.into_iter().zip(ladders) {
        let mut keys: Vec<EntryKey> = ladder.into_iter().filter(|key| !shared.contains(key)).collect();
        if keys.is_empty() {
            keys.push(EntryKey {
                kind: KeyKind::Text,
                value: draft.text_key(),
            });
        }
        if seen.insert(keys[0].clone()) {
            keyed.push(Keyed { draft, keys });
        }
    }
    keyed
}

/// The context in which the entries of one document are ingested.
pub struct Ingest<'a> {
    /// The source.
    pub source: &'a Source,
    /// The feed's metadata.
    pub meta: &'a FeedMeta,
    /// The URL of the document, the base of relative URLs.
    pub url: &'a Url,
    /// The age beyond which new entries are not stored.
    pub keep: Duration,
    /// The `now` of the run.
    pub now: Timestamp,
}

impl Ingest<'_> {
    /// Compares `keyed` with the stored keys `known`, and adds new and changed entries to `changes`.
    pub fn add(&self, keyed: Vec<Keyed>, known: &[(EntryKey, Identity)], changes: &mut Changes) {
        let known: BTreeMap<&EntryKey, &Identity> = known.iter().map(|(key, identity)| (key, identity)).collect();
        let mut claimed = BTreeSet::new();
        for Keyed { draft, keys } in keyed.into_iter().filter(|keyed| says_something(&keyed.draft)) {
            let hash = content_hash(&draft);
            let identity = keys.iter().find_map(|key| known.get(key).copied());
            let id = identity.map_or_else(
                || EntryId::derive(&self.source.id, keys[0].kind.as_str(), &keys[0].value),
                |identity| identity.id,
            );
            if !claimed.insert(id) {
                continue;
            }
            match identity {
                Some(identity) if identity.tombstone || identity.content_hash == hash => {}
                Some(_) => {
                    tracing::debug!(entry.id = %id, entry.url = draft.page_url().map(loggable_url), "changed entry");
                    changes.revised_entries.push(EntryRevision {
                        entry: self.entry(id, draft, keys, hash),
                        seen: self.now,
                    });
                }
                None if draft
                    .published
                    .or(draft.updated)
                    .is_some_and(|published| published < self.now - self.keep) =>
                {
                    tracing::debug!(entry.id = %id, entry.url = draft.page_url().map(loggable_url), "refused an entry older than `keep`");
                }
                None => {
                    tracing::debug!(entry.id = %id, entry.url = draft.page_url().map(loggable_url), "new entry");
                    changes.new_entries.push(self.entry(id, draft, keys, hash));
                }
            }
        }
    }

    fn entry(&self, id: EntryId, draft: EntryDraft, keys: Vec<EntryKey>, content_hash: Digest128) -> Entry {
        let policy = CleanPolicy {
            base: Some(draft.page_url().unwrap_or(self.url)),
            images: self.source.images,
            ..CleanPolicy::default()
        };
        let tidy = |raw: &RawMarkup| Some(clean(raw, &policy)).filter(|html| !html.is_empty());
        let summary = draft.summary.as_ref().and_then(tidy);
        let content = draft.content.as_ref().and_then(tidy);
        let language = self.language(&draft);
        Entry {
            id,
            source: self.source.id.clone(),
            keys,
            link: draft.page_url().cloned(),
            guid: draft.guid,
            title: draft.title,
            summary,
            content,
            authors: draft.authors,
            // Many Atom feeds state only when an entry was updated.
            published: draft.published.or(draft.updated),
            updated: draft.updated,
            language,
            categories: draft.categories,
            enclosures: draft.enclosures,
            image: draft.image.filter(|_| self.source.images),
            attribution: draft.attribution,
            rights: draft.rights,
            first_seen: self.now,
            content_hash,
            copy_of: None,
            story: None,
        }
    }

    /// The operator's `lang` comes before the feed's language, since content management systems often leave it at their default, "en-US".
    fn language(&self, draft: &EntryDraft) -> Option<String> {
        let stated = draft.language.as_deref().or(self.meta.language.as_deref());
        let text = || format!("{}\n{}", draft.title, own_text(draft));
        self.source.lang.clone().or_else(|| language::resolve_language(stated, &text()))
    }
}

/// Returns whether a draft has any content: some feeds hold items with only a date or a category.
fn says_something(draft: &EntryDraft) -> bool {
    draft.link.is_some() || !draft.title.is_empty() || !own_text(draft).is_empty()
}

fn own_text(draft: &EntryDraft) -> String {
    [&draft.content, &draft.summary]
        .into_iter()
        .flatten()
        .max_by_key(|raw| raw.0.len())
        .map(|raw| html_to_text(&raw.0))
        .unwrap_or_default()
}

/// Returns the digest of the draft's text, without id, dates and markup: signed image URLs and rotating advertisements are
/// no change.
#[must_use]
pub fn content_hash(draft: &EntryDraft) -> Digest128 {
    let mut digester = Digester::new();
    let mut part = |text: &str| {
        digester.update_terminated(text);
    };
    part(&draft.title);
    for raw in [&draft.summary, &draft.content] {
        part(&raw.as_ref().map(|raw| html_to_text(&raw.0)).unwrap_or_default());
    }
    for author in &draft.authors {
        part(&author.name);
    }
    for category in &draft.categories {
        part(&category.term);
    }
    digester.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(guid: Option<&str>, link: Option<&str>, title: &str) -> EntryDraft {
        EntryDraft {
            guid: guid.map(str::to_owned),
            link: link.map(|link| Url::parse(link).expect("a URL")),
            title: title.to_owned(),
            ..EntryDraft::default()
        }
    }

    #[test]
    fn a_key_shared_by_several_entries_identifies_none() {
        let home = Some("https://a.example/");
        let keyed = key(vec![
            draft(Some("x"), home, "One"),
            draft(Some("x"), home, "Two"),
            draft(Some("y"), home, "Three"),
        ]);
        let kinds: Vec<KeyKind> = keyed.iter().map(|keyed| keyed.keys[0].kind).collect();
        assert_eq!(kinds, [KeyKind::Text, KeyKind::Text, KeyKind::Guid]);
        assert_eq!(keyed[2].keys.len(), 1, "the shared link is no key");
    }

    #[test]
    fn an_entry_listed_twice_is_ingested_once() {
        let keyed = key(vec![draft(Some("x"), None, "One"), draft(Some("x"), None, "One")]);
        assert_eq!(keyed.len(), 1);
    }

    #[test]
    fn the_hash_excludes_id_dates_and_markup() {
        let mut one = draft(Some("1"), None, "Titre");
        one.summary = Some(RawMarkup("<p>Texte <img src='https://a.example/i?sig=1'></p>".into()));
        let mut two = draft(Some("2"), None, "Titre");
        two.summary = Some(RawMarkup("<p>Texte <img src='https://a.example/i?sig=2'></p>".into()));
        two.published = Some(Timestamp::from_unix(1));
        assert_eq!(content_hash(&one), content_hash(&two));
        two.title = "Autre".into();
        assert_ne!(content_hash(&one), content_hash(&two));
    }
}
