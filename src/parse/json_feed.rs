//! Reads JSON Feed 1.0 and 1.1 with feed-rs, which refuses feeds without a title and generates random ids: the document is repaired before,
//! and the fields that feed-rs drops are read here.

mod repair;

use super::author::one_line_author;
use super::classify::classify_json;
use super::document::{Document, DocumentEnd, ParsedFeed};
use super::language_tag::language_tag;
use super::limits::{MAX_ENTRIES, MAX_MEDIA_ADDRESS_BYTES, MAX_MEDIA_TYPE_BYTES};
use super::link_text::{LinkText, read_link_text};
use super::markup::{escape, with_absolute_urls, without_references};
use super::not_a_feed::NotAFeed;
use super::plain_text::{plain_line, plain_name};
use super::web_url::web_url;
use crate::model::{Author, Category, Enclosure, EntryDraft, FeedKind, FeedMeta, Problem, RawMarkup, Timestamp};
use crate::text::date::{is_zero_date, parse_date};
use crate::text::double_encoding::repair_double_encoding;
use crate::text::entities::join_surrogate_references;
use crate::text::html_to_text::html_to_line;
use serde_json::{Map, Value};
use url::Url;

/// The most values that are kept of anything that an entry may have several of.
const MAX_REPEATED: usize = 200;
/// The code of the problem of a document that ends in the middle.
const TRUNCATED: &str = "truncated";
/// The most hubs that are kept of a feed.
const MAX_HUBS: usize = 10;

/// Reads a JSON Feed.
///
/// # Errors
/// [`NotAFeed::JsonError`] if it is no JSON, or no feed.
pub(super) fn read(text: &str, document: &Document<'_>) -> Result<ParsedFeed, NotAFeed> {
    let mut problems = Vec::new();
    let value = serde_json::from_str::<Value>(text).or_else(|_| {
        let text = repair::repair_json(text);
        if let Ok(value) = serde_json::from_str(&text) {
            problems.push(Problem::new("json-broken", "texts or lists are not written as JSON wants them"));
            return Ok(value);
        }
        let value = serde_json::from_str(&up_to_last_entry(&text).ok_or(())?).map_err(|_| ())?;
        problems.push(Problem::new(TRUNCATED, "the document ends in the middle"));
        Ok::<Value, ()>(value)
    });
    let Ok(Value::Object(mut root)) = value else {
        return Err(classify_json(text));
    };
    let version = version(&root).ok_or_else(|| classify_json(text))?;
    let unread = repair_root(&mut root, &mut problems);
    let icon = ["icon", "favicon"].iter().find_map(|key| address(root.get(*key), document.url));
    let home = address(root.get("home_page_url"), document.url);
    let self_link = address(root.get("feed_url"), document.url);
    let hubs = hubs(&root, document.url);
    let zone = document.timezone.map(str::to_owned);
    let parser = feed_rs::parser::Builder::new()
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let date = parse_date(text, zone.as_deref()).filter(|date| !is_zero_date(*date))?;
            chrono::DateTime::from_timestamp(date.unix(), 0)
        })
        .build();
    let bytes = Value::Object(root).to_string();
    let feed = parser.parse(bytes.as_bytes()).map_err(|_| classify_json(text))?;
    // A feed on the site's own host is where its addresses are relative to; one that another host serves is not.
    let site = home.as_ref().or(self_link.as_ref());
    let site = site.filter(|site| !document.is_base_stated && document.url.is_none_or(|document| document.host_str() != site.host_str()));
    let base = site.or(document.url);
    let language = feed.language.as_deref().and_then(language_tag);
    let entries = feed.entries.into_iter().zip(unread);
    let entries = entries
        .map(|(entry, extra)| entry_draft(entry, extra, (base, document.is_base_stated), language.as_ref()))
        .collect();
    Ok(ParsedFeed {
        kind: FeedKind::Json,
        version,
        meta: FeedMeta {
            title: feed.title.map(|title| plain_title(&title.content)).unwrap_or_default(),
            description: feed
                .description
                .map(|text| plain_line(html_to_line(&escape(&text.content))))
                .filter(|text| !text.is_empty()),
            author: feed.authors.into_iter().find_map(|person| person.name).map(plain_name),
            language,
            link: home,
            self_link,
            image: icon,
            hubs,
            ..FeedMeta::default()
        },
        entries,
        // Of a truncated document only the complete entries are read.
        end: if problems.iter().any(|problem: &Problem| problem.code == TRUNCATED) {
            DocumentEnd::BetweenEntries
        } else {
            DocumentEnd::Whole
        },
        problems,
    })
}

/// Returns a truncated document up to its last complete entry, closed; `None` when no entry is complete.
fn up_to_last_entry(text: &str) -> Option<String> {
    let (mut within_text, mut escaped) = (false, false);
    let mut open = Vec::new();
    let mut end = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within_text => escaped = true,
            b'"' => within_text = !within_text,
            _ if within_text => {}
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
                end = if byte == b'}' && open == *b"{[" { Some(at + 1) } else { end };
            }
            _ => {}
        }
    }
    Some([text.get(..end?)?, "]}"].concat())
}

/// The fields of an entry that feed-rs does not return.
#[derive(Default)]
struct UnreadFields {
    link: Option<String>,
    external: Option<String>,
    image: Option<String>,
    language: Option<String>,
}

/// Returns the version as feedparser names it, such as `json11`; `None` when the document is no feed.
fn version(root: &Map<String, Value>) -> Option<String> {
    let version = root.get("version").and_then(Value::as_str).unwrap_or_default();
    if version.contains("jsonfeed.org/version/") {
        let number = version.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let digits: String = number.chars().filter(char::is_ascii_digit).take(4).collect();
        return Some(if digits.len() == 1 {
            format!("json{digits}0")
        } else {
            format!("json{digits}")
        });
    }
    // Without a version, it is a feed if all its items have fields of an entry.
    let items = root.get("items").and_then(Value::as_array)?;
    let is_entry = |item: &Value| {
        ["content_html", "content_text", "url", "title"]
            .iter()
            .any(|key| item.get(key).is_some())
    };
    items.iter().all(is_entry).then(|| "json".to_owned())
}

/// Changes the document such that feed-rs accepts it; returns the fields that feed-rs drops, for each entry.
fn repair_root(root: &mut Map<String, Value>, problems: &mut Vec<Problem>) -> Vec<UnreadFields> {
    let is_known = root
        .get("version")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("https://jsonfeed.org/version/1"));
    if !is_known {
        root.insert("version".to_owned(), Value::from("https://jsonfeed.org/version/1.1"));
        problems.push(Problem::new("json-version", "the version is missing or odd"));
    }
    drop_non_strings(root, &["home_page_url", "feed_url", "language", "description", "icon", "favicon"]);
    if !root.get("title").is_some_and(Value::is_string) {
        root.insert("title".to_owned(), Value::from(""));
    }
    repair_authors(root);
    let Some(Value::Array(items)) = root.get_mut("items") else {
        root.insert("items".to_owned(), Value::Array(Vec::new()));
        return Vec::new();
    };
    items.retain(Value::is_object);
    if items.len() > MAX_ENTRIES {
        items.truncate(MAX_ENTRIES);
        problems.push(Problem::new(
            "too-many-entries",
            format!("only the first {MAX_ENTRIES} entries are kept"),
        ));
    }
    items.iter_mut().filter_map(Value::as_object_mut).map(repair_item).collect()
}

/// Changes an entry likewise.
fn repair_item(item: &mut Map<String, Value>) -> UnreadFields {
    if let Some(number) = item.get("id").filter(|id| id.is_number()).map(ToString::to_string) {
        item.insert("id".to_owned(), Value::from(number));
    }
    drop_non_strings(
        item,
        &[
            "id",
            "url",
            "external_url",
            "title",
            "content_html",
            "content_text",
            "summary",
            "date_published",
            "date_modified",
        ],
    );
    repair_authors(item);
    if let Some(tags) = item.get_mut("tags") {
        let list: Vec<Value> = match tags.take() {
            Value::Array(tags) => tags.into_iter().filter(Value::is_string).collect(),
            Value::String(tag) => vec![Value::String(tag)],
            _ => Vec::new(),
        };
        *tags = Value::Array(list);
    }
    match item.get_mut("attachments") {
        Some(Value::Array(attachments)) => {
            attachments.retain(|attachment| attachment.get("url").is_some_and(Value::is_string));
            for attachment in attachments.iter_mut().filter_map(Value::as_object_mut) {
                drop_non_strings(attachment, &["mime_type", "title"]);
                attachment
                    .entry("mime_type")
                    .or_insert_with(|| Value::from("application/octet-stream"));
                if !attachment.get("size_in_bytes").is_some_and(Value::is_u64) {
                    attachment.remove("size_in_bytes");
                }
            }
        }
        _ => {
            item.remove("attachments");
        }
    }
    let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    UnreadFields {
        link: text("url"),
        external: text("external_url"),
        image: text("image").or_else(|| text("banner_image")),
        language: text("language"),
    }
}

/// Drops the values of `keys` that are not strings.
fn drop_non_strings(object: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        if object.get(*key).is_some_and(|value| !value.is_string()) {
            object.remove(*key);
        }
    }
}

/// Changes `author` and `authors` to the form of the specification.
fn repair_authors(object: &mut Map<String, Value>) {
    let person = |value: Value| match value {
        Value::String(name) => Some(Value::Object(Map::from_iter([("name".to_owned(), Value::String(name))]))),
        Value::Object(mut person) => {
            drop_non_strings(&mut person, &["name", "url"]);
            Some(Value::Object(person))
        }
        _ => None,
    };
    match object.remove("authors") {
        Some(Value::Array(list)) => {
            object.insert("authors".to_owned(), list.into_iter().filter_map(person).collect());
        }
        Some(other) => {
            object.insert("authors".to_owned(), person(other).into_iter().collect());
        }
        None => {}
    }
    // Feeds with both give the single one for readers of version 1.0.
    let several = object.get("authors").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if let Some(author) = object.remove("author").and_then(person).filter(|_| !several) {
        object.insert("author".to_owned(), author);
    }
}

/// Returns the URL in a value, if it is a string with one.
fn address(value: Option<&Value>, base: Option<&Url>) -> Option<Url> {
    web_url(base, value?.as_str()?)
}

fn hubs(root: &Map<String, Value>, base: Option<&Url>) -> Vec<Url> {
    let hubs = root.get("hubs").and_then(Value::as_array).into_iter().flatten();
    hubs.filter_map(|hub| address(hub.get("url"), base)).take(MAX_HUBS).collect()
}

/// Returns a line of plain text, with the character references decoded that some programs leave in it, without stray controls of direction.
fn plain_title(text: &str) -> String {
    plain_line(without_references(html_to_line(&escape(&repaired(text.to_owned())))))
}

/// Returns a text with what was encoded twice decoded.
fn repaired(text: String) -> String {
    repair_double_encoding(&text).unwrap_or(text)
}

/// Returns an entry of feed-rs as a draft. `base` is the base of addresses, and whether it is stated; `language` is that of the feed.
fn entry_draft(
    entry: feed_rs::model::Entry,
    extra: UnreadFields,
    (base, is_base_stated): (Option<&Url>, bool),
    language: Option<&String>,
) -> EntryDraft {
    let timestamp = |date: Option<chrono::DateTime<chrono::Utc>>| date.map(|date| Timestamp::from_unix(date.timestamp()));
    let link = [&extra.link, &extra.external]
        .into_iter()
        .flatten()
        .find_map(|link| match read_link_text(link) {
            LinkText::Address(address) => web_url(base, &address),
            _ => None,
        });
    let link = link.or_else(|| web_url(None, &entry.id));
    // The addresses in an entry are relative to its own page.
    let base = link.as_ref().filter(|_| !is_base_stated).or(base);
    let content = entry.content.and_then(|content| {
        let body = content.body.filter(|body| !body.is_empty())?;
        let plain = content.content_type.subty().as_str() == "plain";
        Some(RawMarkup(if plain {
            escape(&repaired(body)).into_owned()
        } else {
            with_absolute_urls(&join_surrogate_references(&repaired(body)), base)
        }))
    });
    let enclosures: Vec<Enclosure> = entry
        .links
        .iter()
        .filter(|link| link.media_type.is_some())
        .filter_map(|link| {
            let url = web_url(base, &link.href).filter(|url| url.as_str().len() <= MAX_MEDIA_ADDRESS_BYTES)?;
            let mime = link.media_type.clone().filter(|mime| mime != "application/octet-stream");
            let mime = mime.filter(|mime| mime.len() <= MAX_MEDIA_TYPE_BYTES);
            Some(Enclosure {
                url,
                mime,
                length: link.length,
            })
        })
        .take(MAX_REPEATED)
        .collect();
    let authors = entry.authors.into_iter().take(MAX_REPEATED).filter_map(|person| {
        let mut author = one_line_author(&escape(&person.name?));
        author.email = author.email.or(person.email.map(plain_name));
        Some(author)
    });
    EntryDraft {
        link: link.clone(),
        guid: Some(entry.id).filter(|id| !id.trim().is_empty()),
        title: entry.title.map(|title| plain_title(&title.content)).unwrap_or_default(),
        summary: entry
            .summary
            .map(|text| RawMarkup(escape(repaired(text.content).trim()).into_owned()))
            .filter(|text| !text.0.is_empty()),
        content,
        authors: authors.filter(|author| *author != Author::default()).collect(),
        published: timestamp(entry.published),
        updated: timestamp(entry.updated),
        language: extra.language.as_deref().and_then(language_tag).or_else(|| language.cloned()),
        categories: entry
            .categories
            .into_iter()
            .take(MAX_REPEATED)
            .map(|category| Category {
                term: plain_name(plain_title(&category.term)),
                scheme: None,
            })
            .filter(|category| !category.term.is_empty())
            .collect(),
        image: extra
            .image
            .and_then(|image| web_url(base, &image))
            .filter(|url| url.as_str().len() <= MAX_MEDIA_ADDRESS_BYTES),
        enclosures,
        ..EntryDraft::default()
    }
}
