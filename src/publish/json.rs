//! JSON Feed 1.1, with what only griot knows under `_griot`.

use super::plain::{language, plain};
use super::{Desk, Item, Report, TopicFeed, address};
use serde_json::{Map, Value, json};

/// Returns `topic` as JSON Feed 1.1; `contents` holds the content of each item.
pub(super) fn render(desk: &Desk, topic: &TopicFeed, contents: &[String]) -> String {
    let items: Vec<Value> = topic.items.iter().zip(contents).map(|(entry, content)| item(entry, content)).collect();
    let feed = object([
        ("version", json!("https://jsonfeed.org/version/1.1")),
        ("title", json!(plain(&topic.title))),
        ("home_page_url", json!(address::file(desk, &format!("{}.html", topic.id)))),
        ("feed_url", json!(address::file(desk, &format!("{}.json", topic.id)))),
        ("description", json!(topic.about(desk))),
        ("language", json!(language(&topic.language))),
        ("items", Value::Array(items)),
    ]);
    format!("{feed}\n")
}

/// Returns an object of the members that say something.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    let members = members.into_iter().filter(|(_, value)| says(value));
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn item(item: &Item, content: &str) -> Value {
    object([
        ("id", json!(item.guid)),
        ("url", json!(item.address())),
        ("title", json!(item.heading())),
        ("content_html", json!(content)),
        ("summary", json!(plain(&item.summary))),
        ("image", json!(item.image.as_ref().and_then(|image| address::web(&image.url)))),
        ("date_published", json!(item.date().rfc3339())),
        ("date_modified", json!(item.updated.rfc3339())),
        ("authors", authors(item)),
        ("tags", list(item.terms())),
        ("language", json!(item.language.as_deref().and_then(language))),
        ("attachments", attachments(item)),
        ("_griot", griot(item)),
    ])
}

/// Returns the list, or nothing at all where it is empty.
fn list(texts: Vec<String>) -> Value {
    if texts.is_empty() { Value::Null } else { json!(texts) }
}

fn authors(item: &Item) -> Value {
    let bylines = item.bylines();
    if bylines.is_empty() {
        return json!([object([("name", json!(item.outlet.label())), ("url", json!(item.outlet.home()))])]);
    }
    bylines.into_iter().map(|name| json!({ "name": name })).collect()
}

fn attachments(item: &Item) -> Value {
    let Some((media, url)) = item.enclosure.as_ref().and_then(|media| Some((media, address::web(&media.url)?))) else {
        return Value::Null;
    };
    json!([object([
        ("url", json!(url)),
        ("mime_type", json!(media.media_type())),
        ("size_in_bytes", json!(media.length)),
    ])])
}

fn griot(item: &Item) -> Value {
    let reason = |reason: &crate::model::Reason| {
        json!({ "clause": plain(&reason.clause), "field": plain(&reason.field), "words": plain(&reason.words) })
    };
    object([
        ("published", json!(item.published.map(crate::model::Timestamp::rfc3339))),
        ("first_seen", json!(item.first_seen.rfc3339())),
        ("first_published", json!(item.first_published.rfc3339())),
        ("outlet", json!({ "id": item.outlet.id.as_str(), "name": item.outlet.label() })),
        ("also", item.also.iter().map(report).collect()),
        ("earlier", item.earlier.as_ref().map_or(Value::Null, report)),
        ("note", json!(super::content::note(item))),
        ("score", json!(item.score)),
        ("reasons", item.reasons.iter().map(reason).collect()),
    ])
}

fn report(report: &Report) -> Value {
    object([
        ("outlet", json!(plain(&report.outlet))),
        ("title", json!(plain(&report.title))),
        ("url", json!(report.link_address())),
        ("date", json!(report.date.rfc3339())),
        ("copy", json!(report.copy)),
    ])
}
