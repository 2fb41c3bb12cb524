//! Atom 1.0 (RFC 4287).

use super::item::{OLDEST, media_type_of};
use super::plain::{language, plain};
use super::xml::Document;
use super::{Desk, Item, TopicFeed, address};
use crate::model::Timestamp;

/// Returns `topic` as Atom 1.0; `contents` holds the content of each item.
pub(super) fn render(desk: &Desk, topic: &TopicFeed, contents: &[String]) -> String {
    let mut doc = Document::styled();
    let own = address::file(desk, &format!("{}.atom.xml", topic.id));
    let page = address::file(desk, &format!("{}.html", topic.id));
    let tag = language(&topic.language).unwrap_or_else(|| desk.language.tag().to_owned());
    doc.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &tag)]);
    doc.text("id", &own);
    doc.text("title", &topic.title);
    doc.text("subtitle", &topic.about(desk));
    // An empty feed has to name a moment too; it must not be the moment of the run.
    let newest = topic.items.iter().map(updated).max();
    doc.text("updated", &newest.unwrap_or_else(|| Timestamp::from_unix(OLDEST).rfc3339()));
    author(
        &mut doc,
        Some(plain(&desk.title))
            .filter(|name| !name.is_empty())
            .as_deref()
            .unwrap_or("griot"),
    );
    doc.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
    doc.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
    doc.text("generator", "griot");
    for (item, content) in topic.items.iter().zip(contents) {
        entry(&mut doc, desk, item, content);
    }
    doc.close("feed");
    doc.finish()
}

fn author(doc: &mut Document, name: &str) {
    doc.open("author", &[]);
    doc.text("name", name);
    doc.close("author");
}

/// Returns the item's `updated`, with a fraction of a second that its guid decides.
///
/// The stories of one run change in the same second, and readers that sort by `updated` (RFC 4287, 4.2.15) want no ties. We keep whole
/// seconds, so the fraction says nothing false; being the guid's, it never changes by itself.
fn updated(item: &Item) -> String {
    let digest = blake3::hash(item.guid.as_bytes());
    let micros = digest
        .as_bytes()
        .iter()
        .take(8)
        .fold(0_u64, |sum, &byte| (sum << 8) | u64::from(byte))
        % 1_000_000;
    let whole = item.updated.rfc3339();
    format!("{}.{micros:06}Z", whole.trim_end_matches('Z'))
}

fn entry(doc: &mut Document, desk: &Desk, item: &Item, content: &str) {
    let tag = item.language.as_deref().and_then(language);
    let attributes: Vec<(&str, &str)> = tag.iter().map(|tag| ("xml:lang", tag.as_str())).collect();
    doc.open("entry", &attributes);
    doc.text("id", &item.guid);
    doc.text("title", &item.heading());
    if let Some(address) = item.address() {
        doc.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &address)]);
    }
    doc.text("published", &item.date().rfc3339());
    doc.text("updated", &updated(item));
    let bylines = item.bylines();
    if bylines.is_empty() {
        author(doc, &item.outlet.label());
    }
    for name in &bylines {
        author(doc, name);
    }
    for term in item.terms() {
        doc.empty("category", &[("term", &term)]);
    }
    enclosure(doc, item);
    if !plain(&item.summary).is_empty() {
        doc.text("summary", &item.summary);
    }
    doc.html("content", &[("type", "html")], content);
    source(doc, desk, item);
    doc.close("entry");
}

fn enclosure(doc: &mut Document, item: &Item) {
    let Some((enclosure, url)) = item.enclosure.as_ref().and_then(|media| Some((media, address::web(&media.url)?))) else {
        return;
    };
    let (mime, length) = (media_type_of(enclosure), enclosure.length.map(|length| length.to_string()));
    let mut attributes = vec![("rel", "enclosure"), ("type", mime.as_str()), ("href", url.as_str())];
    attributes.extend(length.iter().map(|length| ("length", length.as_str())));
    doc.empty("link", &attributes);
}

/// Writes where the item was taken from (RFC 4287, 4.2.11).
fn source(doc: &mut Document, desk: &Desk, item: &Item) {
    let outlet = &item.outlet;
    let home = address::file(desk, &format!("#source-{}", outlet.id));
    doc.open("source", &[]);
    doc.text("id", &outlet.origin().unwrap_or(home));
    doc.text("title", &outlet.label());
    doc.text("updated", &item.date().rfc3339());
    if let Some(site) = outlet.home() {
        doc.empty("link", &[("rel", "alternate"), ("href", &site)]);
    }
    doc.close("source");
}
