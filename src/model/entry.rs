//! An entry: one thing that a feed told, from what the feed said to what we remember.

use super::digest::{Digest128, Digester};
use super::id::{EntryId, SourceId, StoryId};
use super::time::Timestamp;
use super::url::{CanonicalUrl, canonical};
use url::Url;

/// Markup as a stranger wrote it. It cannot be rendered; the `html` module makes [`CleanHtml`] of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawMarkup(pub String);

/// Foreign markup that is safe to pass on: an allow-list of elements and attributes, absolute URLs, no script, no style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Vouches for `html`. Only the `html` module, after cleaning, and the store, for what it kept, may call this;
    /// `tests/it/architecture.rs` checks that nobody else does.
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

/// Who wrote an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// The name, as plain text.
    pub name: String,
    /// The mail address, where the feed gave one.
    pub email: Option<String>,
}

/// A category the publisher filed an entry under.
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
    /// Where the media lies.
    pub url: Url,
    /// The media type, such as `audio/mpeg`.
    pub mime: Option<String>,
    /// The size in bytes.
    pub length: Option<u64>,
}

/// Another publication that an entry was taken from, as its feed says (`source` in RSS and Atom).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attribution {
    /// The publication's name.
    pub title: String,
    /// The publication's feed or home page.
    pub url: Option<Url>,
}

/// A point on the earth (WGS 84), in millionths of a degree; north and east are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coordinates {
    /// Between -90,000,000 and 90,000,000.
    pub latitude: i32,
    /// Between -180,000,000 and 180,000,000.
    pub longitude: i32,
}

/// What a feed said about one entry. Made by `parse`; nothing in it is trusted or cleaned yet.
///
/// Texts named "plain" hold characters, not markup. Every URL is absolute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryDraft {
    /// The publisher's id as it was given (guid, `rdf:about`, `atom:id`, JSON Feed `id`).
    pub guid: Option<String>,
    /// The address that a relative guid stands for.
    pub guid_url: Option<Url>,
    /// The page the entry is about, as the feed links to it.
    pub link: Option<Url>,
    /// Where `link` leads in the end, where it only counts its readers (`feedburner:origLink`).
    pub original_link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The feed's summary.
    pub summary: Option<RawMarkup>,
    /// The feed's full text, when it gives one besides the summary.
    pub content: Option<RawMarkup>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// When the publisher says it appeared.
    pub published: Option<Timestamp>,
    /// When the publisher says it last changed.
    pub updated: Option<Timestamp>,
    /// A BCP 47 language tag, when the entry or its feed gives one.
    pub language: Option<String>,
    /// The publisher's categories.
    pub categories: Vec<Category>,
    /// Attached media.
    pub enclosures: Vec<Enclosure>,
    /// A picture that stands for the entry (`media:thumbnail`, `itunes:image`, an image enclosure).
    pub image: Option<Url>,
    /// Another publication that this was taken from.
    pub attribution: Option<Attribution>,
    /// Where readers discuss it.
    pub comments: Option<Url>,
    /// How many comments it has (`slash:comments`, `thr:total`).
    pub comment_count: Option<u32>,
    /// The feed of its comments (`wfw:commentRss`, `atom:link rel="replies"`).
    pub comment_feed: Option<Url>,
    /// The id of the entry it answers (`thr:in-reply-to`, RFC 4685).
    pub in_reply_to: Option<String>,
    /// Where it happened (`GeoRSS`, W3C geo).
    pub coordinates: Option<Coordinates>,
    /// The rights statement, plain.
    pub rights: Option<String>,
    /// The licence's address (`creativeCommons:license`, `cc:license`, `atom:link rel="license"`).
    pub licence: Option<Url>,
}

impl EntryDraft {
    /// Returns the address of the entry's own page: the same in every feed that tells it.
    #[must_use]
    pub fn page_url(&self) -> Option<&Url> {
        self.original_link.as_ref().or(self.link.as_ref())
    }

    /// Returns the ladder of identity keys, the strongest first; never empty.
    ///
    /// The first key derives the [`EntryId`]. The key of the text is there only when neither guid nor link is, since
    /// two entries of one source may share a text (a weather report, a status page).
    #[must_use]
    pub fn identity_keys(&self) -> Vec<EntryKey> {
        let mut keys = Vec::with_capacity(2);
        if let Some(guid) = self.guid.as_deref().map(str::trim).filter(|guid| !guid.is_empty()) {
            keys.push(EntryKey {
                kind: KeyKind::Guid,
                value: guid.to_owned(),
            });
        }
        if let Some(link) = self.page_url() {
            keys.push(EntryKey {
                kind: KeyKind::Link,
                value: canonical(link).to_string(),
            });
        }
        if keys.is_empty() {
            keys.push(EntryKey {
                kind: KeyKind::Text,
                value: self.text_key(),
            });
        }
        keys
    }

    /// Returns a hexadecimal digest of the title and the texts: the same on every run and on every machine.
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

/// Which rung of the identity ladder a key stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// The publisher's id.
    Guid,
    /// The canonical URL of the link.
    Link,
    /// A digest of title and texts.
    Text,
}

impl KeyKind {
    /// Returns the name under which the kind is stored and hashed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::Link => "link",
            Self::Text => "text",
        }
    }
}

/// One name under which a source's entry is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey {
    /// The rung.
    pub kind: KeyKind,
    /// The name itself: meaningful only within its source.
    pub value: String,
}

/// What the store knows an entry by, enough to decide whether a draft is new, changed or known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The entry's id.
    pub id: EntryId,
    /// The digest of the content that is stored.
    pub content_hash: Digest128,
    /// Whether the entry was purged and only its tombstone remains.
    pub tombstone: bool,
}

/// One thing a source told, as we remember it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its identity.
    pub id: EntryId,
    /// The source that told it.
    pub source: SourceId,
    /// Every name it is known by, the one that made the id first.
    pub keys: Vec<EntryKey>,
    /// The publisher's id as given.
    pub guid: Option<String>,
    /// The page it is about.
    pub link: Option<Url>,
    /// The headline, plain.
    pub title: String,
    /// The feed's summary, cleaned.
    pub summary: Option<CleanHtml>,
    /// The feed's full text, cleaned.
    pub content: Option<CleanHtml>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// When the publisher says it appeared.
    pub published: Option<Timestamp>,
    /// When the publisher says it last changed.
    pub updated: Option<Timestamp>,
    /// A BCP 47 language tag.
    pub language: Option<String>,
    /// The publisher's categories.
    pub categories: Vec<Category>,
    /// Attached media.
    pub enclosures: Vec<Enclosure>,
    /// A picture that stands for it.
    pub image: Option<Url>,
    /// Another publication that this was taken from.
    pub attribution: Option<Attribution>,
    /// The rights statement, plain.
    pub rights: Option<String>,
    /// The run in which we first saw it.
    pub first_seen: Timestamp,
    /// The digest of what the feed said, without id and dates.
    pub content_hash: Digest128,
    /// The entry whose text this one repeats.
    pub copy_of: Option<EntryId>,
    /// The story it belongs to, once composed.
    pub story: Option<StoryId>,
}

impl Entry {
    /// Returns the entry's date for people and for order: the publisher's, or the moment we first saw it; never later than that.
    ///
    /// A date in the future would hold an entry on top of every feed for days.
    #[must_use]
    pub fn date(&self) -> Timestamp {
        self.published.map_or(self.first_seen, |published| published.min(self.first_seen))
    }

    /// Returns the canonical form of the link.
    #[must_use]
    pub fn canonical(&self) -> Option<CanonicalUrl> {
        self.link.as_ref().map(canonical)
    }

    /// Returns the longer of the feed's own texts.
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
    fn the_ladder_starts_with_the_strongest_key() {
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
}
