//! Atom 1.0 (RFC 4287).

use super::archive;
use super::format::{Format, TopicInput};
use super::pages;
use super::regions;
use super::rendered_item::RenderedItem;
use super::text::{language, to_plain_text};
use super::topic_feed::{Item, OLDEST_UNIX_SECONDS, SiteInfo};
use super::url;
use super::xml::Document;
use crate::model::{Digest128, Timestamp};
use std::collections::BTreeSet;

const MICROS_PER_SECOND: u128 = 1_000_000;

pub(super) const FORMAT: Format = Format {
    suffix: ".atom.xml",
    media_type: "application/atom+xml",
    label: Some("Atom"),
    is_feed: true,
    render,
};

fn render(input: &TopicInput<'_>) -> String {
    let TopicInput { site, topic, items, .. } = input;
    let mut doc = Document::styled(input.estimated_bytes());
    // A page of the archive is a part of the feed, whose id it has.
    let feed = url::of_file(site, &format!("{}{}", topic.id, FORMAT.suffix));
    let own = url::of_file(site, &archive::file_name(topic, FORMAT.suffix));
    let page = url::of_file(site, &format!("{}{}", topic.id, pages::FORMAT.suffix));
    let tag = language(&topic.language).unwrap_or_else(|| site.language.tag().into());
    let mut attributes = vec![("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &*tag)];
    if !topic.deleted.is_empty() {
        attributes.push(("xmlns:at", "http://purl.org/atompub/tombstones/1.0"));
    }
    if archive::is_marked(topic) {
        attributes.push(("xmlns:fh", archive::NAMESPACE));
    }
    if items.iter().any(|item| item.only_place().is_some()) {
        attributes.push(("xmlns:georss", regions::GEORSS_NAMESPACE));
    }
    doc.open("feed", &attributes);
    doc.text("id", &feed);
    doc.text("title", &topic.label());
    doc.text("subtitle", &topic.about(site));
    // An empty feed needs a time too, and the time of the run would change its bytes.
    let deleted = topic.deleted.iter().map(|deleted| deleted.at.rfc3339());
    let updated = updated(items);
    let newest = updated.iter().cloned().chain(deleted).max();
    doc.text(
        "updated",
        &newest.unwrap_or_else(|| Timestamp::from_unix(OLDEST_UNIX_SECONDS).rfc3339()),
    );
    author(&mut doc, &site_name(site));
    doc.empty("link", &[("rel", "self"), ("type", FORMAT.media_type), ("href", &own)]);
    doc.empty("link", &[("rel", "alternate"), ("type", pages::FORMAT.media_type), ("href", &page)]);
    for (rel, address) in archive::links(site, topic, FORMAT.suffix) {
        doc.empty("link", &[("rel", rel), ("type", FORMAT.media_type), ("href", &address)]);
    }
    if let Some(hub) = topic.hub.as_ref().and_then(url::to_published) {
        doc.empty("link", &[("rel", "hub"), ("href", &hub)]);
    }
    doc.text("generator", "griot");
    doc.text("icon", &url::of_file(site, pages::ICON_NAME));
    if archive::is_marked(topic) {
        doc.empty("fh:archive", &[]);
    }
    // RFC 6721: readers take what an editor has hidden out of their stores.
    for deleted in &topic.deleted {
        doc.empty("at:deleted-entry", &[("ref", &deleted.guid), ("when", &deleted.at.rfc3339())]);
    }
    for (rendered, updated) in items.iter().zip(&updated) {
        entry(&mut doc, site, rendered, updated);
    }
    doc.close("feed");
    doc.finish()
}

/// Returns the name of the feed's author, which RFC 4287 (4.1.1) requires: the site's title.
fn site_name(site: &SiteInfo) -> String {
    Some(to_plain_text(&site.title))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "griot".to_owned())
}

fn author(doc: &mut Document, name: &str) {
    doc.open("author", &[]);
    doc.text("name", name);
    doc.close("author");
}

/// Returns each item's `updated` with a fraction of a second that is derived from its guid.
///
/// The stories of one run change in the same second, and feed readers that sort by `updated` (RFC 4287, 4.2.15) need distinct times. The
/// store keeps whole seconds, so the fraction contradicts nothing, and it is the same in every run.
fn updated(items: &[RenderedItem<'_>]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut distinct = |item: &Item| {
        let digest = Digest128::hash(item.guid.as_bytes());
        // The first 64 bits of the digest, in big-endian order, decide.
        let wanted = (u128::from_be_bytes(*digest.as_bytes()) >> 64) % MICROS_PER_SECOND;
        // The newer of two with the same fraction has it: the older one leaves first, so that neither's changes.
        let mut free = (0..MICROS_PER_SECOND).map(|step| (wanted + step) % MICROS_PER_SECOND);
        let micros = free.find(|micros| taken.insert((item.updated, *micros))).unwrap_or(wanted);
        let whole = item.updated.rfc3339();
        format!("{}.{micros:06}Z", whole.trim_end_matches('Z'))
    };
    items.iter().map(|rendered| distinct(rendered.item)).collect()
}

fn entry(doc: &mut Document, site: &SiteInfo, rendered: &RenderedItem<'_>, updated: &str) {
    let attributes: Vec<(&str, &str)> = rendered.language.iter().map(|tag| ("xml:lang", &**tag)).collect();
    doc.open("entry", &attributes);
    doc.text("id", &rendered.item.guid);
    doc.text("title", &rendered.title);
    if let Some(link) = &rendered.link {
        doc.empty("link", &[("rel", "alternate"), ("type", pages::FORMAT.media_type), ("href", link)]);
    }
    doc.text("published", &rendered.date.rfc3339());
    doc.text("updated", updated);
    if rendered.bylines.is_empty() {
        author(doc, &rendered.outlet.name);
    }
    for name in &rendered.bylines {
        author(doc, name);
    }
    for term in &rendered.terms {
        doc.empty("category", &[("term", term)]);
    }
    enclosure(doc, rendered);
    if let Some(licence) = &rendered.licence {
        doc.text("rights", licence);
    }
    if let Some(address) = &rendered.licence_url {
        // RFC 4946.
        doc.empty("link", &[("rel", "license"), ("href", address)]);
    }
    if let Some(place) = rendered.only_place() {
        doc.text("georss:point", &place.simple_point());
        doc.text("georss:featureName", place.name);
    }
    if !rendered.separate_summary().is_empty() {
        doc.text("summary", rendered.separate_summary());
    }
    doc.html("content", &[("type", "html")], &rendered.content);
    source(doc, site, rendered);
    doc.close("entry");
}

fn enclosure(doc: &mut Document, rendered: &RenderedItem<'_>) {
    let Some(enclosure) = &rendered.enclosure else { return };
    let length = enclosure.length.map(|length| length.to_string());
    let mut attributes = vec![("rel", "enclosure"), ("type", enclosure.mime.as_str()), ("href", &*enclosure.url)];
    attributes.extend(length.iter().map(|length| ("length", length.as_str())));
    doc.empty("link", &attributes);
}

/// Writes the feed that the entry was copied from (RFC 4287, 4.2.11).
fn source(doc: &mut Document, site: &SiteInfo, rendered: &RenderedItem<'_>) {
    let outlet = &rendered.outlet;
    doc.open("source", &[]);
    match outlet.origin() {
        Some(origin) => doc.text("id", origin),
        None => doc.text("id", &url::of_file(site, &format!("#source-{}", rendered.item.outlet.id))),
    }
    doc.text("title", &outlet.name);
    doc.text("updated", &rendered.date.rfc3339());
    if let Some(site) = outlet.home() {
        doc.empty("link", &[("rel", "alternate"), ("href", site)]);
    }
    doc.close("source");
}
