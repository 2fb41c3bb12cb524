//! The JSON views of an entry: as `griot parse` reads it, as `griot list entries` lists it, and as `griot export json` dumps it. Each is a
//! set of fields that is written down once; a view without a field of its own takes it from a shared set.
//!
//! The keys belong to the command line's interface: keys may be added, none may be removed. They are printed in alphabetical order.

use crate::html::clean::{CleanPolicy, clean};
use crate::model::{About, Agency, Author, Category, CleanHtml, Enclosure, Entry, EntryDraft, Genre, RawMarkup, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

/// The fields that drafts and dumped entries show alike.
#[derive(Serialize)]
struct ContentFields<'a> {
    authors: Vec<Value>,
    categories: Vec<&'a str>,
    enclosures: Vec<&'a str>,
    image: Option<&'a str>,
    language: Option<&'a str>,
    rights: Option<&'a str>,
    title: &'a str,
}

/// Takes the fields of [`ContentFields`] from a draft or an entry: both types name them alike.
macro_rules! content_fields {
    ($item:expr) => {
        ContentFields {
            authors: $item.authors.iter().map(author).collect(),
            categories: $item.categories.iter().map(|category| category.term.as_str()).collect(),
            enclosures: $item.enclosures.iter().map(|enclosure| enclosure.url.as_str()).collect(),
            image: $item.image.as_ref().map(Url::as_str),
            language: $item.language.as_deref(),
            rights: $item.rights.as_deref(),
            title: &$item.title,
        }
    };
}

/// The fields that listed and dumped entries show alike.
#[derive(Serialize)]
struct EntryFields<'a> {
    id: String,
    source: &'a str,
    guid: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<String>,
    first_seen: String,
    copy_of: Option<String>,
    story: Option<String>,
    about: Vec<Value>,
    regions: Vec<&'a str>,
    mark: Option<&'static str>,
    agency: Option<&'static str>,
}

impl<'a> EntryFields<'a> {
    fn new(entry: &'a Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            source: entry.source.as_str(),
            guid: entry.guid.as_deref(),
            url: entry.link.as_ref().map(Url::as_str),
            published: entry.published.map(Timestamp::rfc3339),
            first_seen: entry.first_seen.rfc3339(),
            copy_of: entry.copy_of.map(|id| id.to_string()),
            story: entry.story.map(|id| id.to_string()),
            about: about(&entry.about),
            regions: entry.about.regions().iter().map(|own| own.region.as_str()).collect(),
            mark: entry.genre.map(Genre::as_str),
            agency: entry.agency.map(Agency::as_str),
        }
    }
}

/// Returns an entry as a list shows it, with the topics that hold it.
pub fn listed(entry: &Entry, topics: &[&str]) -> Value {
    #[derive(Serialize)]
    struct Listed<'a> {
        #[serde(flatten)]
        entry: EntryFields<'a>,
        title: &'a str,
        topics: &'a [&'a str],
    }
    to_value(&Listed {
        entry: EntryFields::new(entry),
        title: &entry.title,
        topics,
    })
}

/// Returns an entry as the canonical dump holds it.
pub fn exported(entry: &Entry) -> Value {
    #[derive(Serialize)]
    struct Exported<'a> {
        kind: &'static str,
        #[serde(flatten)]
        entry: EntryFields<'a>,
        #[serde(flatten)]
        fields: ContentFields<'a>,
        keys: Vec<[&'a str; 2]>,
        summary: Option<&'a str>,
        content: Option<&'a str>,
        updated: Option<String>,
        content_hash: String,
    }
    to_value(&Exported {
        kind: "entry",
        entry: EntryFields::new(entry),
        fields: content_fields!(entry),
        keys: entry.keys.iter().map(|key| [key.kind.as_str(), key.value.as_str()]).collect(),
        summary: entry.summary.as_ref().map(CleanHtml::as_str),
        content: entry.content.as_ref().map(CleanHtml::as_str),
        updated: entry.updated.map(Timestamp::rfc3339),
        content_hash: entry.content_hash.to_hex(),
    })
}

/// Returns an entry as a feed gives it. Its markup is cleaned like that of stored entries, since programs may republish it.
pub fn parsed(draft: &EntryDraft) -> Value {
    #[derive(Serialize)]
    struct Parsed<'a> {
        #[serde(flatten)]
        fields: ContentFields<'a>,
        id: String,
        link: Option<&'a str>,
        original_link: Option<&'a str>,
        published: Option<i64>,
        updated: Option<i64>,
        author: Option<&'a str>,
        author_email: Option<&'a str>,
        summary: Option<String>,
        content: Option<String>,
        comments: Option<&'a str>,
        licence: Option<&'a str>,
        tags: Vec<Value>,
        media: Vec<Value>,
        source: Option<Value>,
        comment_count: Option<u32>,
        comment_feed: Option<&'a str>,
        in_reply_to: Option<&'a str>,
        coordinates: Option<[f64; 2]>,
    }
    let policy = CleanPolicy {
        base: draft.link.as_ref(),
        images: true,
        faithful: true,
        ..CleanPolicy::default()
    };
    let markup = |raw: &Option<RawMarkup>| raw.as_ref().map(|raw| clean(raw, &policy).as_str().to_owned());
    let first_author = draft.authors.first();
    to_value(&Parsed {
        fields: content_fields!(draft),
        id: draft_id(draft),
        link: draft.link.as_ref().map(Url::as_str).or_else(|| page_urn(draft)),
        original_link: draft.original_link.as_ref().map(Url::as_str),
        published: draft.published.map(Timestamp::unix),
        updated: draft.updated.map(Timestamp::unix),
        author: first_author.map(|author| author.name.as_str()).filter(|name| !name.is_empty()),
        author_email: first_author.and_then(|author| author.email.as_deref()),
        summary: markup(&draft.summary),
        content: markup(&draft.content),
        comments: draft.comments.as_ref().map(Url::as_str),
        licence: draft.licence.as_ref().map(Url::as_str),
        tags: draft.categories.iter().map(tag).collect(),
        media: draft.enclosures.iter().map(media).collect(),
        source: draft
            .attribution
            .as_ref()
            .map(|source| json!({"title": source.title, "url": source.url.as_ref().map(Url::as_str)})),
        comment_count: draft.comment_count,
        comment_feed: draft.comment_feed.as_ref().map(Url::as_str),
        in_reply_to: draft.in_reply_to.as_deref(),
        coordinates: draft
            .coordinates
            .map(|place| [f64::from(place.latitude) / 1e6, f64::from(place.longitude) / 1e6]),
    })
}

/// Converts a view to the value that is printed; a [`Value`] sorts its keys.
fn to_value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

/// Returns the countries that an entry is about, the largest share first.
fn about(about: &About) -> Vec<Value> {
    let countries = about.countries().iter();
    countries
        .map(|(country, share)| json!({"country": country.to_string(), "share": share}))
        .collect()
}

fn author(author: &Author) -> Value {
    json!({"name": author.name, "email": author.email})
}

fn tag(category: &Category) -> Value {
    json!({"term": category.term, "scheme": category.scheme})
}

fn media(enclosure: &Enclosure) -> Value {
    json!({"url": enclosure.url.as_str(), "type": enclosure.mime, "length": enclosure.length})
}

fn draft_id(draft: &EntryDraft) -> String {
    let guid = draft.guid_url.as_ref().map(Url::to_string).or_else(|| draft.guid.clone());
    guid.or_else(|| draft.link.as_ref().map(Url::to_string))
        .unwrap_or_else(|| draft.text_key())
}

/// Returns the id of an entry without a page, where it is a URI that names a page without locating it (RFC 4151, RFC 8141).
fn page_urn(draft: &EntryDraft) -> Option<&str> {
    let guid = draft.guid.as_deref()?;
    ["tag:", "urn:"].iter().any(|scheme| guid.starts_with(scheme)).then_some(guid)
}
