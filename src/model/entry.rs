//! An entry: one item of a feed, as the parser reads it ([`EntryDraft`]) and as it is stored ([`Entry`]).

use super::about::About;
use super::agency::Agency;
use super::coordinates::Coordinates;
use super::digest::{Digest128, Digester};
use super::genre::Genre;
use super::id::{EntryId, SourceId, StoryId};
use super::time::Timestamp;
use super::url::{address_key, canonical};
use url::Url;

/// Markup as the publisher wrote it. It must not be rendered; the `html` module converts it to [`CleanHtml`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawMarkup(pub String);

/// Sanitized markup: elements and attributes of an allow-list, absolute URLs, no script, no style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Takes markup that has been sanitized. Only the `html` module, after cleaning, and the store, for markup that was cleaned before it was
    /// stored, may call this; `tests/it/architecture.rs` checks it.
    #[must_use]
    pub(crate) fn from_trusted(html: String) -> Self {
        Self(html)
    }

    /// Returns the markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether there is no markup at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An author of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// The name, as plain text.
    pub name: String,
    /// The mail address, where the feed gives one.
    pub email: Option<String>,
}

/// A category that the publisher gave an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Category {
    /// The category, as plain text.
    pub term: String,
    /// The vocabulary it comes from (`domain` in RSS, `scheme` in Atom).
    pub scheme: Option<String>,
}

/// Attached media. The URL is absolute, http or https.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// The URL of the media.
    pub url: Url,
    /// The media type, such as `audio/mpeg`.
    pub mime: Option<String>,
    /// The size in bytes.
    pub length: Option<u64>,
}

/// Another publication from which an entry was taken, as its feed states (`source` in RSS and Atom).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attribution {
    /// The publication's name.
    pub title: String,
    /// The publication's feed or home page.
    pub url: Option<Url>,
}

/// One entry as the feed states it. Built by `parse`; nothing in it is trusted or cleaned yet.
///
/// Texts called "plain" hold no markup. Every URL is absolute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryDraft {
    /// The publisher's id, unchanged (guid, `rdf:about`, `atom:id`, JSON Feed `id`).
    pub guid: Option<String>,
    /// The URL to which a relative guid resolves.
    pub guid_url: Option<Url>,
    /// The page the entry is about, as the feed links to it.
    pub link: Option<Url>,
    /// The page's own URL, where `link` is a redirect that counts clicks (`feedburner:origLink`).
    pub original_link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The feed's summary.
    pub summary: Option<RawMarkup>,
    /// The feed's full text, where it gives one besides the summary.
    pub content: Option<RawMarkup>,
    /// The authors.
    pub authors: Vec<Author>,
    /// The publication date that the publisher states.
    pub published: Option<Timestamp>,
    /// The date of the last change that the publisher states.
    pub updated: Option<Timestamp>,
    /// A BCP 47 language tag, when the entry or its feed gives one.
    pub language: Option<String>,
    /// The publisher's categories.
    pub categories: Vec<Category>,
    /// Attached media.
    pub enclosures: Vec<Enclosure>,
    /// The entry's lead image (`media:thumbnail`, `itunes:image`, an image enclosure).
    pub image: Option<Url>,
    /// The publication from which it was taken.
    pub attribution: Option<Attribution>,
    /// What it reserves, as codes of `html::reservations`.
    pub reservations: Vec<String>,
    /// The page with its comments.
    pub comments: Option<Url>,
    /// The number of its comments (`slash:comments`, `thr:total`).
    pub comment_count: Option<u32>,
    /// The feed of its comments (`wfw:commentRss`, `atom:link rel="replies"`).
    pub comment_feed: Option<Url>,
    /// The id of the entry that it replies to (`thr:in-reply-to`, RFC 4685).
    pub in_reply_to: Option<String>,
    /// The location of the event (`GeoRSS`, W3C geo).
    pub coordinates: Option<Coordinates>,
    /// The rights statement, plain.
    pub rights: Option<String>,
    /// The URL of the licence (`creativeCommons:license`, `cc:license`, `atom:link rel="license"`).
    pub licence: Option<Url>,
}

impl EntryDraft {
    /// Returns the URL of the entry's page, without a redirect that counts clicks: it is the same in every feed.
    #[must_use]
    pub fn page_url(&self) -> Option<&Url> {
        self.original_link.as_ref().or(self.link.as_ref())
    }

    /// Returns the identity keys, the most reliable first; never empty.
    ///
    /// The [`EntryId`] is derived from the first key. So the link comes first in the form that stored ids were derived from, and its canonical
    /// form is another key where it differs; an entry without guid and link has [`Self::text_key`] and no other. The digest of title, date and text, by which an entry is found again after a change of guid and link, is added where the text is
    /// converted.
    #[must_use]
    pub fn identity_keys(&self) -> Vec<EntryKey> {
        let mut keys = Vec::with_capacity(3);
        if let Some(guid) = self.guid.as_deref().map(str::trim).filter(|guid| !guid.is_empty()) {
            keys.push(EntryKey {
                kind: KeyKind::Guid,
                value: guid.to_owned(),
            });
        }
        if let Some(link) = self.page_url() {
            keys.push(EntryKey::link(address_key(link)));
            let canonical = EntryKey::link(canonical(link).to_string());
            if keys.last() != Some(&canonical) {
                keys.push(canonical);
            }
        }
        if keys.is_empty() {
            keys.push(EntryKey::text(self.text_key()));
        }
        keys
    }

    /// Returns a digest of the title and the texts as 32 hexadecimal digits. It is stored, so it must never change.
    #[must_use]
    pub fn text_key(&self) -> String {
        let mut digester = Digester::new();
        digester.update(self.title.as_bytes());
        for text in [&self.summary, &self.content].into_iter().flatten() {
            digester.update(&[0]).update(text.0.as_bytes());
        }
        digester.finish().to_hex()
    }
}

/// The kind of an identity key, in order of reliability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// The publisher's id.
    Guid,
    /// The link, as [`address_key`] returns it, or its canonical URL.
    Link,
    /// A digest of title, date and texts.
    Text,
}

impl KeyKind {
    /// Returns the word under which the kind is stored and hashed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::Link => "link",
            Self::Text => "text",
        }
    }
}

/// An identity key: a value that identifies an entry within its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey {
    /// The kind.
    pub kind: KeyKind,
    /// The value, unique only within its source.
    pub value: String,
}

impl EntryKey {
    /// Returns the key of a link of this form.
    #[must_use]
    pub fn link(form: String) -> Self {
        Self {
            kind: KeyKind::Link,
            value: form,
        }
    }

    /// Returns the key of a text with this digest, in hexadecimal digits.
    #[must_use]
    pub fn text(digest: String) -> Self {
        Self {
            kind: KeyKind::Text,
            value: digest,
        }
    }
}

/// What is stored under an identity key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// An entry.
    Stored(StoredIdentity),
    /// The entry was purged, and only its tombstone remains.
    Purged,
    /// Several entries of one document had it, so it identifies none; an entry may be stored under it from before.
    Shared(Option<StoredIdentity>),
}

/// The stored facts by which a draft is found to be changed or unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredIdentity {
    /// The entry's id.
    pub id: EntryId,
    /// The digest of the stored text.
    pub content_hash: Digest128,
    /// The digest of the other stored facts; `None` when an earlier version stored the entry.
    pub facts_hash: Option<Digest128>,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// The date of the last change that the publisher stated.
    pub updated: Option<Timestamp>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its identity.
    pub id: EntryId,
    /// Its source.
    pub source: SourceId,
    /// Every key it was seen with, first the one from which the id was derived.
    pub keys: Vec<EntryKey>,
    /// The publisher's id, unchanged.
    pub guid: Option<String>,
    /// The URL of its page.
    pub link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The feed's summary, cleaned.
    pub summary: Option<CleanHtml>,
    /// The feed's full text, cleaned.
    pub content: Option<CleanHtml>,
    /// The authors.
    pub authors: Vec<Author>,
    /// The publication date that the publisher states.
    pub published: Option<Timestamp>,
    /// The date of the last change that the publisher states.
    pub updated: Option<Timestamp>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The publisher's categories.
    pub categories: Vec<Category>,
    /// Attached media.
    pub enclosures: Vec<Enclosure>,
    /// The lead image.
    pub image: Option<Url>,
    /// The publication from which it was taken.
    pub attribution: Option<Attribution>,
    /// The licence as its address, else the rights statement, plain; those of its feed where it has none.
    pub rights: Option<String>,
    /// What its publisher reserves in the feed, as codes of `html::reservations`.
    pub reservations: Vec<String>,
    /// The time of the run that first saw it.
    pub first_seen: Timestamp,
    /// The digest of title and texts: when it changes, the publisher has changed the text, and the former one is stored as a revision.
    pub content_hash: Digest128,
    /// The digest of everything else that is published: link, dates, media, categories, authors. `None` when an earlier version stored the
    /// entry, whose `content_hash` covers authors and categories too.
    pub facts_hash: Option<Digest128>,
    /// The number of changes of the entry, its article and its marks, from 1.
    pub version: u32,
    /// The original that it is a copy of.
    pub copy_of: Option<EntryId>,
    /// Its story, once it is composed.
    pub story: Option<StoryId>,
    /// The countries that it is about, once it was evaluated.
    pub about: About,
    /// What kind of text it is, when it reports no event of its own.
    pub genre: Option<Genre>,
    /// The news agency whose text it is, by its page or by the feed.
    pub agency: Option<Agency>,
    /// Whether it was fetched from the archive of its source, and so is no news.
    pub is_archived: bool,
}

/// What later stages read of an entry's texts: computed once, where the document is parsed, and stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextForms {
    /// The feed's summary as plain text, without the footers of publishing systems.
    pub summary: String,
    /// The feed's full text as plain text, likewise.
    pub content: String,
    /// The folded words of every part of the entry that rules look at, as `text::word_list` encodes them.
    pub words: String,
    /// The news agency whose text it is, as the feed tells.
    pub agency: Option<Agency>,
}

impl TextForms {
    /// Returns the longer of the two texts.
    #[must_use]
    pub fn longest(&self) -> &str {
        if self.is_summary_longest() { &self.summary } else { &self.content }
    }

    /// Returns whether the summary is longer than the full text.
    #[must_use]
    pub fn is_summary_longest(&self) -> bool {
        self.summary.len() > self.content.len()
    }
}

/// What later stages read of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticleForms {
    /// The folded words of the article's text and categories, as `text::word_list` encodes them.
    pub words: String,
}

impl Entry {
    /// Returns the date that is shown and sorted by: the publisher's, at most `first_seen`; else `first_seen`.
    ///
    /// A date in the future would keep an entry at the top of every feed for days.
    #[must_use]
    pub fn date(&self) -> Timestamp {
        self.published.map_or(self.first_seen, |published| published.min(self.first_seen))
    }

    /// Returns the longer of the feed's two texts.
    #[must_use]
    pub fn longest_feed_text(&self) -> Option<&CleanHtml> {
        [&self.content, &self.summary]
            .into_iter()
            .flatten()
            .max_by_key(|body| body.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_reliable_key_comes_first() {
        let mut draft = EntryDraft {
            title: "Orage".into(),
            ..EntryDraft::default()
        };
        assert_eq!(draft.identity_keys()[0].kind, KeyKind::Text);
        draft.link = Some(Url::parse("https://www.a.example/1?utm_source=x").expect("a URL"));
        assert_eq!(
            draft.identity_keys(),
            [EntryKey {
                kind: KeyKind::Link,
                value: "a.example/1".into()
            }]
        );
        draft.guid = Some(" 7 ".into());
        assert_eq!(
            draft.identity_keys()[0],
            EntryKey {
                kind: KeyKind::Guid,
                value: "7".into()
            }
        );
        assert_eq!(draft.identity_keys().len(), 2);
    }

    #[test]
    fn a_link_has_its_stored_form_before_its_canonical_one() {
        let draft = EntryDraft {
            link: Some(Url::parse("https://m.a.example/index.php?p=4&utm_source=x").expect("a URL")),
            ..EntryDraft::default()
        };
        assert_eq!(
            draft.identity_keys(),
            [
                EntryKey::link("m.a.example/index.php?p=4".into()),
                EntryKey::link("a.example?p=4".into())
            ],
            "ids are derived from the first key"
        );
    }
}
