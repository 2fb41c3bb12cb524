//! Takes some items out of a published feed, of which all other bytes stay as they are. The JSON feed of the topic says what its items are; the other
//! formats are cut by their guids. No dates, words or limits are judged here. A page is rendered anew, see `pages::found`.

use crate::model::Timestamp;
use memchr::memmem;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// What a published JSON feed says.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedFeed {
    /// The title of the topic.
    pub title: String,
    /// What it says of itself.
    pub description: String,
    /// The items, in its order.
    pub items: Vec<PublishedItem>,
}

/// What a published JSON feed says of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedItem {
    /// Its guid.
    pub guid: String,
    /// The id of its story.
    pub story: String,
    /// Its title.
    pub title: String,
    /// The address of its article.
    pub url: Option<String>,
    /// Its body as markup, with the credit lines.
    pub content_html: String,
    /// Its summary, where it is another text than the body.
    pub summary: String,
    /// Its language tag.
    pub language: Option<String>,
    /// The names of the authors.
    pub authors: Vec<String>,
    /// The categories.
    pub categories: Vec<String>,
    /// The address of its picture.
    pub image: Option<String>,
    /// The reports, the one that is shown first before the others.
    pub reports: Vec<PublishedReport>,
    /// How many more reports there are.
    pub more: usize,
    /// How many entries have the same text as the item or a report.
    pub copies: usize,
    /// How many sources tell it independently.
    pub independent: usize,
    /// An earlier story about the same.
    pub earlier: Option<PublishedReport>,
    /// The editor's note.
    pub note: Option<String>,
    /// What kind of text it is, as `Genre::as_str` writes it.
    pub mark: Option<String>,
    /// The codes of the countries and regions that it is about.
    pub about: Vec<String>,
    /// Its own date.
    pub date: Option<Timestamp>,
    /// When it was published, by its own date or in the feed: the later of both.
    pub published: Option<Timestamp>,
}

/// What a published JSON feed says of a report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PublishedReport {
    /// The id of the source.
    pub id: String,
    /// The name of the outlet.
    #[serde(default)]
    pub name: String,
    /// The code of the country of the outlet.
    pub country: Option<String>,
    /// The language tag.
    pub language: Option<String>,
    /// The title.
    #[serde(default)]
    pub title: String,
    /// The address of the article.
    pub url: Option<String>,
    /// The date.
    #[serde(default, deserialize_with = "time")]
    pub date: Option<Timestamp>,
    /// The agency whose text it is.
    pub agency: Option<String>,
}

#[derive(Deserialize)]
struct FeedFile<'a> {
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct ItemFile<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    url: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    content_html: String,
    #[serde(default)]
    content_text: String,
    #[serde(default)]
    summary: String,
    image: Option<String>,
    language: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    authors: Vec<NameFile>,
    #[serde(default, deserialize_with = "time")]
    date_published: Option<Timestamp>,
    #[serde(default, rename = "_griot")]
    griot: GriotFile,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GriotFile {
    story: String,
    #[serde(deserialize_with = "time")]
    first_published: Option<Timestamp>,
    about: Vec<CountryFile>,
    places: Vec<PlaceFile>,
    sources: Vec<PublishedReport>,
    more: usize,
    copies: usize,
    independent: usize,
    earlier: Option<PublishedReport>,
    note: Option<String>,
    mark: Option<String>,
}

#[derive(Deserialize)]
struct CountryFile {
    country: String,
}

#[derive(Deserialize)]
struct PlaceFile {
    code: String,
}

#[derive(Deserialize)]
struct NameFile {
    #[serde(default)]
    name: String,
}

/// Reads a time; none where it is none.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| Timestamp::parse(&text).ok()))
}

/// Returns what a published JSON feed says; none when it is no such feed.
#[must_use]
pub fn published_feed(json: &[u8]) -> Option<PublishedFeed> {
    let feed: FeedFile<'_> = serde_json::from_slice(json).ok()?;
    let read = |raw: &&RawValue| serde_json::from_str::<ItemFile<'_>>(raw.get()).ok().map(PublishedItem::from);
    Some(PublishedFeed {
        items: feed.items.iter().map(read).collect::<Option<_>>()?,
        title: feed.title,
        description: feed.description,
    })
}

impl From<ItemFile<'_>> for PublishedItem {
    fn from(item: ItemFile<'_>) -> Self {
        let griot = item.griot;
        let countries = griot.about.into_iter().map(|about| about.country);
        let regions = griot.places.into_iter().map(|place| place.code);
        Self {
            guid: item.id.into_owned(),
            story: griot.story,
            title: item.title,
            url: item.url,
            content_html: format!("{}{}", item.content_html, item.content_text),
            summary: item.summary,
            language: item.language,
            authors: item.authors.into_iter().map(|author| author.name).collect(),
            categories: item.tags,
            image: item.image,
            reports: griot.sources,
            more: griot.more,
            copies: griot.copies,
            independent: griot.independent,
            earlier: griot.earlier,
            note: griot.note,
            mark: griot.mark,
            about: countries.chain(regions).collect(),
            date: item.date_published,
            published: item.date_published.max(griot.first_published),
        }
    }
}

/// Returns the file `name` of a topic without the items whose guids are not among `kept`; none when its format has no items to cut.
#[must_use]
pub fn keep_items(name: &str, bytes: &[u8], kept: &BTreeSet<&str>) -> Option<Vec<u8>> {
    match name.rsplit('.').next()? {
        "json" => keep_json(bytes, kept),
        "xml" => Some(keep_elements(bytes, kept)),
        _ => None,
    }
}

/// Returns the file `name` with `query` appended to the address that it states as its own: readers follow that one, and would get all items.
#[must_use]
pub fn name_query(name: &str, mut bytes: Vec<u8>, query: &str) -> Vec<u8> {
    let (place, query) = match name.rsplit('.').next() {
        Some("json") => (end_of_own_address(&bytes, b"\"feed_url\":\"", b"\"feed_url\":\""), query.to_owned()),
        Some("xml") => (end_of_own_address(&bytes, b"rel=\"self\"", b"href=\""), query.replace('&', "&amp;")),
        _ => return bytes,
    };
    if let Some(place) = place {
        bytes.splice(place..place, format!("?{query}").into_bytes());
    }
    bytes
}

/// Returns where the value ends that begins with `before` in the tag, or at the place, where `mark` stands first.
fn end_of_own_address(bytes: &[u8], mark: &[u8], before: &[u8]) -> Option<usize> {
    let found = memmem::find(bytes, mark)?;
    let tag = memchr::memrchr(b'<', &bytes[..found]).unwrap_or(found);
    let value = tag + memmem::find(&bytes[tag..], before)? + before.len();
    Some(value + memchr::memchr(b'"', &bytes[value..])?)
}

/// Cuts the elements `item` of RSS and `entry` of Atom. Markup of publishers stands in them escaped, or cleaned of such elements.
fn keep_elements(bytes: &[u8], kept: &BTreeSet<&str>) -> Vec<u8> {
    let (element, guid) = if memmem::find(bytes, b"<rss").is_some() {
        ("item", "guid")
    } else {
        ("entry", "id")
    };
    let end = format!("</{element}>");
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(range) = next_element(bytes, at, element, end.as_bytes()) {
        let is_kept = texts(&bytes[range.clone()], guid).any(|text| kept.contains(text));
        out.extend_from_slice(&bytes[at..if is_kept { range.end } else { range.start }]);
        at = range.end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// Returns the range of the next element of this name, from `<NAME` to its end tag and the line break behind it.
fn next_element(bytes: &[u8], at: usize, name: &str, end: &[u8]) -> Option<Range<usize>> {
    let start_tag = format!("<{name}");
    let mut from = at;
    loop {
        let start = from + memmem::find(&bytes[from..], start_tag.as_bytes())?;
        if matches!(bytes.get(start + start_tag.len()), Some(b'>' | b' ')) {
            let close = start + memmem::find(&bytes[start..], end)? + end.len();
            let line = usize::from(bytes.get(close) == Some(&b'\n'));
            return Some(start..close + line);
        }
        from = start + start_tag.len();
    }
}

/// Returns the texts of the elements of this name, which have no elements in them.
fn texts<'a>(bytes: &'a [u8], name: &str) -> impl Iterator<Item = &'a str> {
    let start_tag = format!("<{name}");
    let starts: Vec<usize> = memmem::find_iter(bytes, start_tag.as_bytes())
        .map(|at| at + start_tag.len())
        .collect();
    starts.into_iter().filter_map(move |behind| {
        let rest = &bytes[behind..];
        if !matches!(rest.first(), Some(b'>' | b' ')) {
            return None;
        }
        let begin = memchr::memchr(b'>', rest)? + 1;
        let end = begin + memchr::memchr(b'<', &rest[begin..])?;
        std::str::from_utf8(&rest[begin..end]).ok()
    })
}

/// Cuts the items of a JSON feed.
fn keep_json(bytes: &[u8], kept: &BTreeSet<&str>) -> Option<Vec<u8>> {
    let feed: FeedFile<'_> = serde_json::from_slice(bytes).ok()?;
    let place = |raw: &RawValue| {
        let start = raw.get().as_ptr() as usize - bytes.as_ptr() as usize;
        start..start + raw.get().len()
    };
    let (Some(first), Some(last)) = (feed.items.first(), feed.items.last()) else {
        return Some(bytes.to_vec());
    };
    let is_kept = |raw: &&&RawValue| serde_json::from_str::<ItemFile<'_>>(raw.get()).is_ok_and(|item| kept.contains(&*item.id));
    let items: Vec<&str> = feed.items.iter().filter(is_kept).map(|raw| raw.get()).collect();
    let mut out = bytes[..place(first).start].to_vec();
    out.extend_from_slice(items.join(",").as_bytes());
    out.extend_from_slice(&bytes[place(last).end..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{site, topic};
    use super::super::render_topic;
    use super::*;
    use crate::config::PageLanguage;

    fn ending(name: &str) -> &str {
        name.rsplit('.').next().unwrap_or_default()
    }

    #[test]
    fn every_format_keeps_the_same_items_and_all_other_bytes() {
        let files = render_topic(&site(PageLanguage::Fr), &topic());
        let json = &files.iter().find(|file| ending(&file.name) == "json").expect("a JSON feed").bytes;
        let all = published_feed(json).expect("it is a feed").items;
        assert!(all.len() > 2, "the fixture has several items");
        let everything: BTreeSet<&str> = all.iter().map(|item| item.guid.as_str()).collect();
        let one: BTreeSet<&str> = all.iter().skip(1).take(1).map(|item| item.guid.as_str()).collect();
        for file in files.iter().filter(|file| !matches!(ending(&file.name), "opml" | "html")) {
            let same = keep_items(&file.name, &file.bytes, &everything).expect("it has items");
            assert!(same == file.bytes, "{}", file.name);
            let fewer = keep_items(&file.name, &file.bytes, &one).expect("it has items");
            let text = String::from_utf8(fewer.clone()).expect("text");
            for item in &all {
                assert_eq!(
                    text.contains(&item.guid),
                    one.contains(item.guid.as_str()),
                    "{}: {}",
                    file.name,
                    item.guid
                );
            }
            let none = keep_items(&file.name, &file.bytes, &BTreeSet::new()).expect("it has items");
            assert!(none.len() < fewer.len() && fewer.len() < file.bytes.len());
            if ending(&file.name) == "json" {
                assert_eq!(published_feed(&fewer).expect("a feed").items, all[1..2]);
                assert_eq!(published_feed(&none).expect("a feed").items, []);
            } else if ending(&file.name) == "xml" {
                let mut reader = quick_xml::Reader::from_reader(&none[..]);
                while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
            }
        }
        for file in &files {
            let named = name_query(&file.name, file.bytes.clone(), "limit=1&q=a");
            let text = String::from_utf8(named).expect("text");
            let stated = match ending(&file.name) {
                "json" => Some(format!("\"feed_url\":\"https://feeds.example.org/{}?limit=1&q=a\"", file.name)),
                "xml" => Some(format!("href=\"https://feeds.example.org/{}?limit=1&amp;q=a\"", file.name)),
                _ => None,
            };
            assert!(stated.as_ref().is_none_or(|stated| text.contains(stated)), "{}: {text}", file.name);
            assert_eq!(text.matches("limit=1").count(), usize::from(stated.is_some()), "{}", file.name);
        }
        assert_eq!(keep_items("mali.opml", b"<opml/>", &everything), None);
        assert_eq!(keep_items("mali.html", b"<p>", &everything), None);
        assert_eq!(published_feed(b"{\"items\":3}"), None);
        let late = br#"{"items":[{"id":"a","date_published":"2026-01-01T00:00:00Z","_griot":{"first_published":"2026-02-01T00:00:00Z"}}]}"#;
        let late = &published_feed(late).expect("a feed").items[0];
        let time = |text: &str| Timestamp::parse(text).ok();
        assert_eq!(
            (late.date, late.published),
            (time("2026-01-01T00:00:00Z"), time("2026-02-01T00:00:00Z")),
            "a selection of the newest asks when it was published here"
        );
    }
}
