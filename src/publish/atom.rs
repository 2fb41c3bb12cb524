//! Atom 1.0 (RFC 4287).

use super::item::OLDEST;
use super::rendered_item::{RenderedItem, size};
use super::text::{language, to_plain_text};
use super::xml::Document;
use super::{Item, SiteInfo, TopicFeed, address};
use crate::model::{Digest128, Timestamp};

/// Returns `topic` as Atom 1.0 with `items`.
pub(super) fn render(site: &SiteInfo, topic: &TopicFeed, items: &[RenderedItem<'_>]) -> String {
    let mut doc = Document::styled(size(items));
    let own = address::file(site, &format!("{}.atom.xml", topic.id));
    let page = address::file(site, &format!("{}.html", topic.id));
    let tag = language(&topic.language).unwrap_or_else(|| site.language.tag().to_owned());
    doc.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &tag)]);
    doc.text("id", &own);
    doc.text("title", &topic.label());
    doc.text("subtitle", &topic.about(site));
    // An empty feed has to name a moment too; it must not be the moment of the run.
    let newest = topic.items.iter().map(updated).max();
    doc.text("updated", &newest.unwrap_or_else(|| Timestamp::from_unix(OLDEST).rfc3339()));
    author(&mut doc, &own_name(site));
    doc.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
    doc.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
    doc.text("generator", "griot");
    for shown in items {
        entry(&mut doc, site, shown);
    }
    doc.close("feed");
    doc.finish()
}

/// Returns who speaks in a feed without entries: an author must have a name.
fn own_name(site: &SiteInfo) -> String {
    Some(to_plain_text(&site.title))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "griot".to_owned())
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
    let digest = Digest128::hash(item.guid.as_bytes());
    // The first 64 bits of the digest, in big-endian order, decide.
    let micros = (u128::from_be_bytes(*digest.as_bytes()) >> 64) % 1_000_000;
    let whole = item.updated.rfc3339();
    format!("{}.{micros:06}Z", whole.trim_end_matches('Z'))
}

fn entry(doc: &mut Document, site: &SiteInfo, shown: &RenderedItem<'_>) {
    let attributes: Vec<(&str, &str)> = shown.language.iter().map(|tag| ("xml:lang", tag.as_str())).collect();
    doc.open("entry", &attributes);
    doc.text("id", &shown.item.guid);
    doc.text("title", &shown.title);
    if let Some(address) = &shown.link {
        doc.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", address)]);
    }
    doc.text("published", &shown.date.rfc3339());
    doc.text("updated", &updated(shown.item));
    if shown.bylines.is_empty() {
        author(doc, &shown.outlet.name);
    }
    for name in &shown.bylines {
        author(doc, name);
    }
    for term in &shown.terms {
        doc.empty("category", &[("term", term)]);
    }
    enclosure(doc, shown);
    if !shown.summary.is_empty() {
        doc.text("summary", &shown.summary);
    }
    doc.html("content", &[("type", "html")], &shown.content);
    source(doc, site, shown);
    doc.close("entry");
}

fn enclosure(doc: &mut Document, shown: &RenderedItem<'_>) {
    let Some(enclosure) = &shown.enclosure else { return };
    let length = enclosure.length.map(|length| length.to_string());
    let mut attributes = vec![
        ("rel", "enclosure"),
        ("type", enclosure.mime.as_str()),
        ("href", enclosure.url.as_str()),
    ];
    attributes.extend(length.iter().map(|length| ("length", length.as_str())));
    doc.empty("link", &attributes);
}

/// Writes where the item was taken from (RFC 4287, 4.2.11).
fn source(doc: &mut Document, site: &SiteInfo, shown: &RenderedItem<'_>) {
    let outlet = &shown.outlet;
    doc.open("source", &[]);
    match outlet.origin() {
        Some(origin) => doc.text("id", origin),
        None => doc.text("id", &address::file(site, &format!("#source-{}", shown.item.outlet.id))),
    }
    doc.text("title", &outlet.name);
    doc.text("updated", &shown.date.rfc3339());
    if let Some(site) = outlet.home() {
        doc.empty("link", &[("rel", "alternate"), ("href", site)]);
    }
    doc.close("source");
}
