//! Turns parsed entries into stored ones: identity, changes, age, floods, cleaning.
//!
//! Pure. Only new and changed drafts are cleaned, since cleaning is the most expensive step for a known entry.

use super::forms::{FormParts, text_digest, text_forms};
use super::media_address::{image_addresses, stable_address};
use super::retention::{SHARED_KEY_AGE, TOMBSTONE_AGE};
use crate::config::Source;
use crate::html::clean::{CleanPolicy, Cleaner};
use crate::model::{
    About, Changes, Digest128, Digester, Entry, EntryDraft, EntryId, EntryKey, EntryRevision, FeedMeta, Identity, KeyKind, NewEntry,
    RawMarkup, StoredIdentity, TextForms, Timestamp, is_private_host, loggable_url, without_tracking,
};
use crate::text::html_to_text::html_to_text;
use crate::text::language;
use crate::text::title_tail::{repeated_tail, without_tail};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use url::Url;

/// The length of an undated text from which on it identifies its entry. Shorter ones recur: a daily headline with "Read more".
const MIN_UNDATED_TEXT_CHARS: usize = 40;

/// A draft with its plain texts and the identity keys that are unique within its document.
#[derive(Debug)]
pub struct Keyed {
    /// The parsed entry.
    pub draft: EntryDraft,
    /// Its summary as plain text.
    pub summary: String,
    /// Its full text as plain text.
    pub content: String,
    /// Its keys, the best first; the first one derives the id of a new entry.
    pub keys: Vec<EntryKey>,
    /// The keys that it shares with other entries of its document, and which therefore do not identify it.
    pub shared_keys: Vec<EntryKey>,
    /// The digest of title and texts as they are written, under which an entry without other keys is stored.
    pub text_key: EntryKey,
    /// The digest of title and texts, without markup, white space and typography: signed image URLs, rotating advertisements and other quotes are
    /// no correction.
    pub content_hash: Digest128,
}

impl Keyed {
    fn new(draft: EntryDraft) -> Self {
        let plain = |raw: &Option<RawMarkup>| raw.as_ref().map(|raw| html_to_text(&raw.0)).unwrap_or_default();
        let (summary, content) = (plain(&draft.summary), plain(&draft.content));
        let mut keyed = Self {
            content_hash: text_digest(&[&draft.title, &summary, &content]),
            keys: draft.identity_keys(),
            shared_keys: Vec::new(),
            text_key: EntryKey::text(draft.text_key()),
            summary,
            content,
            draft,
        };
        keyed.keys.extend(keyed.content_key());
        keyed
    }

    /// Returns every key under which the entry may be stored.
    pub fn looked_up(&self) -> impl Iterator<Item = &EntryKey> {
        let own = (!self.keys.contains(&self.text_key)).then_some(&self.text_key);
        self.keys.iter().chain(own).chain(&self.shared_keys)
    }

    /// Drops the keys that several entries have, now or in a former document.
    fn drop_shared(&mut self, is_shared: impl Fn(&EntryKey) -> bool) {
        let (shared, own) = std::mem::take(&mut self.keys).into_iter().partition(|key| is_shared(key));
        self.keys = own;
        self.shared_keys.extend::<Vec<_>>(shared);
        if !self.keys.iter().any(|key| key.kind != KeyKind::Text) && !self.keys.contains(&self.text_key) {
            self.keys.insert(0, self.text_key.clone());
        }
    }

    /// Returns the stored entry that this one is by keys that alone prove nothing: its text must be the same.
    fn same_text(&self, known: &BTreeMap<&EntryKey, &Identity>) -> Option<StoredIdentity> {
        self.looked_up().find_map(|key| match known.get(key)? {
            Identity::Stored(stored) | Identity::Shared(Some(stored)) => {
                Some(*stored).filter(|stored| stored.content_hash == self.content_hash)
            }
            _ => None,
        })
    }

    /// Returns the draft's date.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.draft.published.or(self.draft.updated)
    }

    /// Returns the key by which the entry is found again when both guid and link have changed: the digest of title, date and texts. `None` when
    /// these may well recur.
    fn content_key(&self) -> Option<EntryKey> {
        let date = self.date();
        let is_long = |text: &str| text.chars().nth(MIN_UNDATED_TEXT_CHARS - 1).is_some();
        if date.is_none() && !is_long(&self.summary) && !is_long(&self.content) {
            return None;
        }
        let mut digester = Digester::new();
        digester.update_terminated(&date.map(|date| date.unix().to_string()).unwrap_or_default());
        digester.update(self.content_hash.as_bytes());
        Some(EntryKey::text(digester.finish().to_hex()))
    }

    /// Returns the digest of everything else that is published. Dates count as they are shown: at most `first_seen`.
    fn facts_hash(&self, first_seen: Timestamp) -> Digest128 {
        let draft = &self.draft;
        let mut digester = Digester::new();
        let mut part = |text: &str| {
            digester.update_terminated(text);
        };
        let shown = |date: Option<Timestamp>| date.map(|date| date.min(first_seen).unix().to_string()).unwrap_or_default();
        part(draft.page_url().map(without_tracking).as_ref().map_or("", Url::as_str));
        part(&shown(self.date()));
        part(&draft.image.as_ref().map(|image| stable_address(image.as_str())).unwrap_or_default());
        for enclosure in &draft.enclosures {
            part(&stable_address(enclosure.url.as_str()));
            part(enclosure.mime.as_deref().unwrap_or_default());
            part(&enclosure.length.map(|length| length.to_string()).unwrap_or_default());
        }
        for raw in [&draft.summary, &draft.content].into_iter().flatten() {
            for address in image_addresses(&raw.0) {
                part(&stable_address(address));
            }
        }
        for category in &draft.categories {
            part(&category.term);
        }
        for author in &draft.authors {
            part(&author.name);
        }
        part(draft.rights.as_deref().unwrap_or_default());
        // Only where there are any, so that what was stored without them has not changed.
        draft.licence.iter().for_each(|licence| part(licence.as_str()));
        draft.reservations.iter().for_each(|word| part(word));
        if let Some(attribution) = &draft.attribution {
            part(&attribution.title);
        }
        digester.finish()
    }

    /// Returns the digest under which schema 2 stored the content.
    fn legacy_hash(&self) -> Digest128 {
        let mut digester = Digester::new();
        let mut part = |text: &str| {
            digester.update_terminated(text);
        };
        part(&self.draft.title);
        part(&self.summary);
        part(&self.content);
        for author in &self.draft.authors {
            part(&author.name);
        }
        for category in &self.draft.categories {
            part(&category.term);
        }
        digester.finish()
    }
}

/// Finds each draft's identity keys, and drops keys that identify no single entry.
///
/// A guid or a link that several drafts of one document share identifies none of them (feeds whose items all link to the home page, or
/// all have the guid of the channel), unless the drafts have the same text: then the first one is kept. A text that drafts with different guids
/// or links share identifies none of them either.
#[must_use]
pub fn key(drafts: Vec<EntryDraft>) -> Vec<Keyed> {
    let drafts: Vec<Keyed> = drafts.into_iter().map(Keyed::new).collect();
    let mut bearers: BTreeMap<&EntryKey, BTreeSet<String>> = BTreeMap::new();
    for keyed in &drafts {
        for key in &keyed.keys {
            let differs_by = match (key.kind, keyed.keys.first()) {
                (KeyKind::Text, Some(first)) => first.value.clone(),
                _ => keyed.text_key.value.clone(),
            };
            bearers.entry(key).or_default().insert(differs_by);
        }
    }
    let shared: BTreeSet<EntryKey> = bearers
        .into_iter()
        .filter(|(_, bearers)| bearers.len() > 1)
        .map(|(key, _)| key.clone())
        .collect();
    let mut seen = BTreeSet::new();
    let mut all = Vec::with_capacity(drafts.len());
    for mut keyed in drafts {
        keyed.drop_shared(|key| shared.contains(key));
        if seen.insert(keyed.keys[0].clone()) {
            all.push(keyed);
        }
    }
    all
}

/// How many entries of a document were left out, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// New entries older than `keep`.
    pub too_old: usize,
    /// New entries beyond the source's allowance.
    pub flooding: usize,
    /// Addresses of this machine or of private networks, which a public feed gave for entries or their media.
    pub private_addresses: usize,
}

/// What the entries of one document share.
struct DocumentContext {
    cleaner: Cleaner,
    /// What the site appends to its headlines.
    title_tail: Option<String>,
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
    /// How many new entries are stored; `None` for no limit.
    pub allowance: Option<usize>,
    /// The `now` of the run.
    pub now: Timestamp,
}

impl Ingest<'_> {
    /// Compares `keyed` with the stored keys `known`, and adds new and changed entries and new keys to `changes`.
    pub fn add(&self, mut keyed: Vec<Keyed>, known: &[(EntryKey, Identity)], changes: &mut Changes) -> LeftOut {
        let private_addresses = keyed.iter_mut().map(|keyed| self.drop_private_addresses(&mut keyed.draft)).sum();
        let known: BTreeMap<&EntryKey, &Identity> = known.iter().map(|(key, identity)| (key, identity)).collect();
        let mut claimed = BTreeSet::new();
        let mut new = Vec::new();
        let title_tail = repeated_tail(keyed.iter().map(|keyed| keyed.draft.title.as_str())).map(str::to_owned);
        let mut document = DocumentContext {
            cleaner: Cleaner::default(),
            title_tail,
        };
        let mut left_out = LeftOut {
            private_addresses,
            ..LeftOut::default()
        };
        self.mark_shared(&keyed, changes);
        for mut keyed in keyed.into_iter().filter(says_something) {
            keyed.drop_shared(|key| matches!(known.get(key), Some(Identity::Shared(_))));
            let identity = keyed.keys.iter().find_map(|key| known.get(key).copied());
            let same_text = || keyed.same_text(&known).map(Identity::Stored);
            match identity.copied().or_else(same_text) {
                Some(Identity::Purged) => {
                    changes
                        .seen_tombstones
                        .push((self.source.id.clone(), keyed.keys, self.now.unix_day()));
                }
                Some(Identity::Stored(stored)) => {
                    if claimed.insert(stored.id) {
                        self.compare(keyed, &stored, &known, &mut document, changes);
                    }
                }
                Some(Identity::Shared(_)) | None => {
                    let id = EntryId::derive(&self.source.id, keyed.keys[0].kind.as_str(), &keyed.keys[0].value);
                    if !claimed.insert(id) {
                        continue;
                    }
                    if keyed.date().is_some_and(|date| date < self.now - self.keep) {
                        tracing::debug!(entry.id = %id, entry.url = keyed.draft.page_url().map(loggable_url), "refused an entry older than `keep`");
                        left_out.too_old += 1;
                    } else {
                        new.push((id, keyed));
                    }
                }
            }
        }
        if let Some(allowance) = self.allowance.filter(|allowance| new.len() > *allowance) {
            // The newest are stored; the sort is stable, so undated ones keep the feed's order.
            new.sort_by_key(|(_, keyed)| Reverse(keyed.date().unwrap_or(self.now).min(self.now)));
            left_out.flooding = new.len() - allowance;
            new.truncate(allowance);
        }
        for (id, keyed) in new {
            tracing::debug!(entry.id = %id, entry.url = keyed.draft.page_url().map(loggable_url), "new entry");
            let (entry, forms) = self.entry(id, keyed, self.now, &mut document);
            changes.new_entries.push(NewEntry { entry, forms });
        }
        left_out
    }

    /// Records the keys that several entries have: when one of these is left, the key still does not tell which.
    fn mark_shared(&self, keyed: &[Keyed], changes: &mut Changes) {
        let shared: BTreeSet<&EntryKey> = keyed
            .iter()
            .flat_map(|keyed| &keyed.shared_keys)
            .filter(|key| key.kind != KeyKind::Text)
            .collect();
        if !shared.is_empty() {
            let day = (self.now - TOMBSTONE_AGE + SHARED_KEY_AGE).unix_day();
            changes
                .shared_keys
                .push((self.source.id.clone(), shared.into_iter().cloned().collect(), day));
        }
    }

    /// Returns whether the feed is public: its entries can then have no page on this machine or in a private network.
    fn is_public(&self) -> bool {
        !is_private_host(self.url)
    }

    /// Removes what lies on this machine or in a private network from an entry of a public feed; returns the number of such addresses. The identity
    /// keys stay: they identify the entry all the same.
    fn drop_private_addresses(&self, draft: &mut EntryDraft) -> usize {
        if !self.is_public() {
            return 0;
        }
        let mut dropped = 0;
        for address in [&mut draft.link, &mut draft.original_link, &mut draft.image] {
            if address.take_if(|address| is_private_host(address)).is_some() {
                dropped += 1;
            }
        }
        let before = draft.enclosures.len();
        draft.enclosures.retain(|enclosure| !is_private_host(&enclosure.url));
        dropped += before - draft.enclosures.len();
        let images = [&draft.summary, &draft.content]
            .into_iter()
            .flatten()
            .flat_map(|raw| image_addresses(&raw.0));
        let is_private = |address: &&str| Url::parse(address).is_ok_and(|address| is_private_host(&address));
        dropped + images.filter(is_private).count()
    }

    /// Compares a draft with the stored entry that its keys identify.
    fn compare(
        &self,
        keyed: Keyed,
        stored: &StoredIdentity,
        known: &BTreeMap<&EntryKey, &Identity>,
        document: &mut DocumentContext,
        changes: &mut Changes,
    ) {
        let (text, facts) = (keyed.content_hash, keyed.facts_hash(stored.first_seen));
        let has_new_text = match stored.facts_hash {
            Some(_) => text != stored.content_hash,
            None => keyed.legacy_hash() != stored.content_hash,
        };
        if has_new_text || stored.facts_hash.is_some_and(|stored| stored != facts) {
            tracing::debug!(entry.id = %stored.id, entry.url = keyed.draft.page_url().map(loggable_url), text = has_new_text, "changed entry");
            let refetch = has_new_text || keyed.draft.updated > stored.updated;
            let (entry, forms) = self.entry(stored.id, keyed, stored.first_seen, document);
            changes.revised_entries.push(EntryRevision {
                entry,
                forms,
                seen: self.now,
                refetch,
                is_reread: stored.facts_hash.is_none(),
            });
            return;
        }
        if stored.facts_hash.is_none() {
            changes.rehashed_entries.push((stored.id, text, facts));
        }
        if keyed.draft.updated > stored.updated {
            changes.updated_entries.push((stored.id, keyed.draft.updated, self.now));
        }
        // Those that are known are not deleted for the new ones.
        if keyed.keys.iter().any(|key| !known.contains_key(key)) {
            changes.new_keys.push((stored.id, keyed.keys));
        }
    }

    fn entry(&self, id: EntryId, keyed: Keyed, first_seen: Timestamp, document: &mut DocumentContext) -> (Entry, TextForms) {
        let facts_hash = keyed.facts_hash(first_seen);
        let Keyed {
            draft,
            summary: summary_text,
            content: content_text,
            keys,
            content_hash,
            ..
        } = keyed;
        let policy = CleanPolicy {
            base: Some(draft.page_url().unwrap_or(self.url)),
            images: self.source.images,
            public: self.is_public(),
            ..CleanPolicy::default()
        };
        let mut tidy = |raw: &RawMarkup| Some(document.cleaner.clean(raw, &policy)).filter(|html| !html.is_empty());
        let summary = draft.summary.as_ref().and_then(&mut tidy);
        let content = draft.content.as_ref().and_then(&mut tidy);
        let rights = self.meta.rights_of(&draft);
        let language = self.language(&draft, &summary_text, &content_text);
        let published = self.shown_date(&draft);
        let forms = text_forms(&FormParts {
            title: without_tail(&draft.title, document.title_tail.as_deref()),
            summary: &summary_text,
            content: &content_text,
            authors: &draft.authors,
            categories: &draft.categories,
            rights: draft.rights.as_deref(),
            attribution: draft.attribution.as_ref(),
            url: draft.page_url(),
            language: language.as_deref(),
        });
        let entry = Entry {
            id,
            source: self.source.id.clone(),
            keys,
            link: draft.page_url().cloned(),
            guid: draft.guid,
            title: draft.title,
            summary,
            content,
            authors: draft.authors,
            published,
            updated: draft.updated,
            language,
            categories: draft.categories,
            enclosures: draft.enclosures,
            image: draft.image.filter(|_| self.source.images),
            attribution: draft.attribution,
            rights,
            reservations: draft.reservations,
            first_seen: self.now,
            content_hash,
            facts_hash: Some(facts_hash),
            version: 1,
            about: About::default(),
            genre: None,
            agency: forms.agency,
            is_archived: false,
            copy_of: None,
            story: None,
        };
        (entry, forms)
    }

    /// Returns the date of publication that is shown: the stated one, else that of the last change; one more than a day ahead is none.
    fn shown_date(&self, draft: &EntryDraft) -> Option<Timestamp> {
        let latest = self.now + Duration::from_hours(24);
        [draft.published, draft.updated].into_iter().flatten().find(|date| *date <= latest)
    }

    /// The operator's `lang` comes before the feed's language, since content management systems often leave it at their default, "en-US".
    fn language(&self, draft: &EntryDraft, summary: &str, content: &str) -> Option<String> {
        let stated = draft.language.as_deref().or(self.meta.language.as_deref());
        let longest = if summary.len() > content.len() { summary } else { content };
        let text = || format!("{}\n{longest}", draft.title);
        self.source.lang.clone().or_else(|| language::resolve_language(stated, &text()))
    }
}

/// Returns whether a draft has any content: some feeds hold items with only a date or a category.
fn says_something(keyed: &Keyed) -> bool {
    keyed.draft.link.is_some() || !keyed.draft.title.is_empty() || !keyed.summary.is_empty() || !keyed.content.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

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
    fn a_key_that_was_shared_identifies_only_the_same_text() {
        let mut keyed = key(vec![draft(Some("x"), None, "One"), draft(Some("x"), None, "Two")]);
        let one = keyed.remove(0);
        let guid = one.shared_keys[0].clone();
        let stored = StoredIdentity {
            id: EntryId::derive(&SourceId::new("a").expect("a slug"), "guid", "x"),
            content_hash: one.content_hash,
            facts_hash: Some(one.content_hash),
            first_seen: Timestamp::from_unix(0),
            updated: None,
        };
        let identity = Identity::Shared(Some(stored));
        let known = BTreeMap::from([(&guid, &identity)]);
        assert_eq!(one.same_text(&known).map(|found| found.id), Some(stored.id));
        assert!(keyed[0].same_text(&known).is_none());
    }

    #[test]
    fn an_entry_listed_twice_is_ingested_once() {
        let keyed = key(vec![draft(Some("x"), None, "One"), draft(Some("x"), None, "One")]);
        assert_eq!(keyed.len(), 1);
    }

    #[test]
    fn the_hash_of_the_text_excludes_id_dates_and_markup() {
        let mut one = draft(Some("1"), None, "Titre");
        one.summary = Some(RawMarkup("<p>Texte <img src='https://a.example/i.jpg?sig=1'></p>".into()));
        let mut two = draft(Some("2"), None, "Titre");
        two.summary = Some(RawMarkup("<p>Texte  <img src='https://a.example/i.jpg?sig=2'></p>".into()));
        two.published = Some(Timestamp::from_unix(1));
        let hash = |draft: &EntryDraft| Keyed::new(draft.clone()).content_hash;
        assert_eq!(hash(&one), hash(&two));
        two.title = "Autre".into();
        assert_ne!(hash(&one), hash(&two));
    }

    #[test]
    fn each_fact_enters_the_hash_of_facts_and_signatures_do_not() {
        let base = || {
            let mut draft = draft(Some("1"), Some("https://a.example/1"), "Titre");
            draft.summary = Some(RawMarkup("<p>Texte <img alt='' src=\"https://a.example/i.jpg?sig=1\"></p>".into()));
            draft.published = Some(Timestamp::from_unix(100));
            draft
        };
        let hash = |draft: EntryDraft| Keyed::new(draft).facts_hash(Timestamp::from_unix(1_000));
        let url = |text: &str| Url::parse(text).expect("a URL");
        let enclosure = |address: &str, length| crate::model::Enclosure {
            url: url(address),
            mime: None,
            length,
        };
        let plain = hash(base());
        let with = |change: &dyn Fn(&mut EntryDraft)| {
            let mut draft = base();
            change(&mut draft);
            hash(draft)
        };
        let other = [
            with(&|draft| draft.link = Some(url("https://a.example/2"))),
            with(&|draft| draft.published = Some(Timestamp::from_unix(99))),
            with(&|draft| draft.image = Some(url("https://a.example/j.jpg"))),
            with(&|draft| draft.enclosures = vec![enclosure("https://a.example/s.mp3", None)]),
            with(&|draft| draft.enclosures = vec![enclosure("https://a.example/s.mp3", Some(5))]),
            with(&|draft| draft.summary = Some(RawMarkup("<p>Texte <img src=https://a.example/k.jpg></p>".into()))),
            with(&|draft| draft.rights = Some("©".into())),
            with(&|draft| {
                draft.categories.push(crate::model::Category {
                    term: "Mali".into(),
                    scheme: None,
                });
            }),
            with(&|draft| {
                draft.authors.push(crate::model::Author {
                    name: "Awa".into(),
                    email: None,
                });
            }),
        ];
        let all: BTreeSet<_> = other.iter().chain([&plain]).map(|hash| *hash.as_bytes()).collect();
        assert_eq!(all.len(), other.len() + 1, "each differs from all others");
        let signed = with(&|draft| draft.summary = Some(RawMarkup("<p>Texte <img src='https://a.example/i.jpg?sig=2'></p>".into())));
        assert_eq!(signed, plain);
        let late = |seconds| with(&|draft| draft.published = Some(Timestamp::from_unix(seconds)));
        assert_eq!(late(2_000), late(3_000), "a date after the entry was first seen is not shown");
    }

    #[test]
    fn a_text_identifies_an_entry_when_guid_and_link_have_changed() {
        let long = "Les commerçants de la capitale attendent des bateaux depuis trois semaines.";
        let with = |guid: &str, text: &str, date: Option<i64>| {
            let mut draft = draft(Some(guid), None, "Le riz manque");
            draft.summary = Some(RawMarkup(text.to_owned()));
            draft.published = date.map(Timestamp::from_unix);
            draft
        };
        let text_key = |draft: EntryDraft| key(vec![draft]).remove(0).keys.pop().filter(|key| key.kind == KeyKind::Text);
        assert_eq!(text_key(with("a", long, None)), text_key(with("b", long, None)));
        assert!(text_key(with("a", long, None)).is_some());
        assert_eq!(text_key(with("a", "Lire", None)), None, "an undated short text may recur");
        assert!(text_key(with("a", "Lire", Some(5))).is_some());
        assert_ne!(text_key(with("a", long, Some(5))), text_key(with("a", long, Some(6))));
        let both = key(vec![with("a", long, None), with("b", long, None)]);
        assert!(
            both.iter().all(|keyed| keyed.keys.len() == 1),
            "two entries of one document share it"
        );
    }
}
