//! RSS 2.0, by the `rss` crate and a pass over what it writes.

use super::rendered_item::{RenderedEnclosure, RenderedItem, size};
use super::text::{escape, language};
use super::xml::{STYLE, into_string};
use super::{SiteInfo, TopicFeed, address};
use crate::model::Timestamp;
use memchr::memmem;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use std::collections::BTreeMap;

/// How long, in minutes, readers may keep a copy: sources are asked hourly.
const TTL: &str = "60";

/// Returns `topic` as RSS 2.0 with `items`.
pub(super) fn render(site: &SiteInfo, topic: &TopicFeed, items: &[RenderedItem<'_>]) -> String {
    let title = topic.label();
    let channel = rss::Channel {
        link: address::file(site, &format!("{}.html", topic.id)),
        description: topic.about(site),
        language: language(&topic.language),
        generator: Some("griot".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(TTL.to_owned()),
        last_build_date: topic.items.iter().map(|item| item.updated).max().map(Timestamp::http_date),
        atom_ext: Some(AtomExtension {
            links: vec![Link {
                href: address::file(site, &format!("{}.xml", topic.id)),
                rel: "self".to_owned(),
                mime_type: Some("application/rss+xml".to_owned()),
                title: Some(title.clone()),
                ..Link::default()
            }],
        }),
        title,
        items: items.iter().map(item).collect(),
        namespaces: namespaces(),
        ..rss::Channel::default()
    };
    // Writing into memory fails only when memory ends.
    let written = channel.write_to(Vec::with_capacity(size(items))).unwrap_or_default();
    finish(&into_string(written))
}

/// The crate declares some prefixes only when it sees them used, and those of extensions never.
fn namespaces() -> BTreeMap<String, String> {
    [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("media", "http://search.yahoo.com/mrss/"),
    ]
    .into_iter()
    .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
    .collect()
}

fn item(shown: &RenderedItem<'_>) -> rss::Item {
    // A description is HTML to its readers, so the plain summary is escaped once as HTML.
    let description = if shown.summary.is_empty() { &shown.title } else { &shown.summary };
    rss::Item {
        title: Some(shown.title.clone()),
        link: shown.link.clone(),
        description: Some(escape(description).into_owned()),
        categories: shown.terms.iter().cloned().map(category).collect(),
        enclosure: shown.enclosure.as_ref().map(enclosure),
        guid: Some(rss::Guid {
            value: shown.item.guid.clone(),
            permalink: false,
        }),
        pub_date: Some(shown.date.http_date()),
        source: shown.outlet.origin().map(|url| rss::Source {
            url: url.to_owned(),
            title: Some(shown.outlet.name.clone()),
        }),
        content: Some(shown.content.clone()),
        extensions: media(shown),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: shown.bylines.clone(),
            languages: shown.language.iter().cloned().collect(),
            ..DublinCoreExtension::default()
        }),
        ..rss::Item::default()
    }
}

fn category(name: String) -> rss::Category {
    rss::Category { name, domain: None }
}

/// An enclosure needs all three attributes; a length of 0 says that it is not known.
fn enclosure(enclosure: &RenderedEnclosure) -> rss::Enclosure {
    rss::Enclosure {
        url: enclosure.url.clone(),
        length: enclosure.length.unwrap_or(0).to_string(),
        mime_type: enclosure.mime.clone(),
    }
}

/// Returns `media:content` and `media:thumbnail` for the item's picture (Media RSS 1.5).
fn media(shown: &RenderedItem<'_>) -> ExtensionMap {
    let Some((image, url)) = shown.item.image.as_ref().zip(shown.image.clone()) else {
        return ExtensionMap::new();
    };
    let mut attributes = BTreeMap::from([("url".to_owned(), url)]);
    for (name, size) in [("width", image.width), ("height", image.height)] {
        if let Some(size) = size.filter(|&size| size > 0) {
            attributes.insert(name.to_owned(), size.to_string());
        }
    }
    let thumbnail = element("media:thumbnail", attributes.clone());
    attributes.insert("medium".to_owned(), "image".to_owned());
    let content = element("media:content", attributes);
    let elements = BTreeMap::from([("content".to_owned(), vec![content]), ("thumbnail".to_owned(), vec![thumbnail])]);
    ExtensionMap::from([("media".to_owned(), elements)])
}

fn element(name: &str, attrs: BTreeMap<String, String>) -> Extension {
    Extension {
        name: name.to_owned(),
        attrs,
        ..Extension::default()
    }
}

/// Goes over the crate's output once: the references in texts become those of the RSS profile, the style sheet is named, and every item begins a line.
///
/// Attributes are left as they are; the crate escapes `>` in them, so that a `>` always ends a tag. CDATA is copied.
fn finish(xml: &str) -> String {
    const CDATA: &str = "<![CDATA[";
    let mut out = String::with_capacity(xml.len() + xml.len() / 16);
    let mut rest = xml;
    while let Some(open) = rest.find('<') {
        push_text(&mut out, &rest[..open]);
        rest = &rest[open..];
        let close = if rest.starts_with(CDATA) { b"]]>".as_slice() } else { b">" };
        let end = memmem::find(rest.as_bytes(), close).map_or(rest.len(), |at| at + close.len());
        if rest.starts_with("<rss") {
            out.push_str("\n<?");
            out.push_str(STYLE);
            out.push_str("?>\n");
        } else if matches!(&rest[..end], "<item>" | "</channel>") {
            out.push('\n');
        }
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    push_text(&mut out, rest);
    out.push('\n');
    out
}

fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (from, to) = [
            ("&amp;", "&#x26;"),
            ("&lt;", "&#x3C;"),
            ("&gt;", "&#x3E;"),
            ("&apos;", "'"),
            ("&quot;", "\""),
        ]
        .into_iter()
        .find(|(from, _)| rest.starts_with(from))
        .unwrap_or(("&", "&"));
        out.push_str(to);
        rest = &rest[from.len()..];
    }
    out.push_str(rest);
}
