//! RSS 2.0 by the `rss` crate, whose output is corrected in one pass.

use super::archive;
use super::format::{Format, TopicInput};
use super::pages;
use super::regions;
use super::rendered_item::{RenderedEnclosure, RenderedItem};
use super::text::{language, to_description};
use super::topic_feed::image_type;
use super::url;
use super::xml::{STYLE_SHEET_INSTRUCTION, into_string};
use crate::model::Timestamp;
use memchr::{memchr, memmem};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How long feed readers may keep a copy, in minutes: sources are fetched hourly at most.
const TTL_MINUTES: &str = "60";

/// How many authors an item names in a feed of texts alone.
const MAX_AUTHORS_IN_TEXT: usize = 3;

pub(super) const FORMAT: Format = Format {
    suffix: ".xml",
    media_type: "application/rss+xml",
    label: Some("RSS"),
    is_feed: true,
    render,
};

fn render(input: &TopicInput<'_>) -> String {
    let own = url::of_file(input.site, &archive::file_name(input.topic, FORMAT.suffix));
    let items = input.items.iter().map(item).collect();
    let links = archive::links(input.site, input.topic, FORMAT.suffix);
    let icon = url::of_file(input.site, pages::ICON_NAME);
    write(input, own, links, Some(icon), items)
}

/// Returns the feed with the newest `count` items, of which only texts are left; `own` is its address.
pub(super) fn render_text_only(input: &TopicInput<'_>, own: &str, count: usize) -> String {
    let items = input.items.iter().take(count).map(text_only).collect();
    write(input, own.to_owned(), Vec::new(), None, items)
}

/// Returns the item without its body, its picture, its media and its categories; the credit stands behind the summary.
fn text_only(rendered: &RenderedItem<'_>) -> rss::Item {
    let agency = rendered.agency.map(|agency| format!(" ({agency})")).unwrap_or_default();
    let outlet = format!("{}{agency}", rendered.outlet.name);
    let credit = match &*rendered.summary {
        "" => outlet,
        summary => format!("{summary} — {outlet}"),
    };
    let mut texts = item(rendered);
    texts.description = Some(to_description(&credit).into_owned());
    texts.content = None;
    texts.enclosure = None;
    texts.extensions = ExtensionMap::new();
    texts.categories = Vec::new();
    if let Some(metadata) = &mut texts.dublin_core_ext {
        metadata.creators.truncate(MAX_AUTHORS_IN_TEXT);
    }
    texts
}

fn write(input: &TopicInput<'_>, own: String, links: Vec<(&'static str, String)>, icon: Option<String>, items: Vec<rss::Item>) -> String {
    let TopicInput { site, topic, .. } = input;
    let title = topic.label();
    let link = |rel: &str, href: String, title: Option<String>| Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(FORMAT.media_type.to_owned()),
        title,
        ..Link::default()
    };
    let own = link("self", own, Some(title.clone()));
    let others = links.into_iter().map(|(rel, address)| link(rel, address, None));
    let mut namespaces = namespaces();
    let mut extensions = ExtensionMap::new();
    if archive::is_marked(topic) {
        namespaces.insert("fh".to_owned(), archive::NAMESPACE.to_owned());
        let mark = BTreeMap::from([("archive".to_owned(), vec![element("fh:archive", BTreeMap::new())])]);
        extensions.insert("fh".to_owned(), mark);
    }
    let page = url::of_file(site, &format!("{}{}", topic.id, pages::FORMAT.suffix));
    let channel = rss::Channel {
        // Title and link are to be those of the channel (RSS Advisory Board, RSS Profile, "image").
        image: icon.map(|icon| rss::Image {
            url: icon,
            title: title.clone(),
            link: page.clone(),
            ..rss::Image::default()
        }),
        link: page,
        description: topic.about(site),
        language: language(&topic.language).map(Cow::into_owned),
        generator: Some("griot".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(TTL_MINUTES.to_owned()),
        last_build_date: topic.items.iter().map(|item| item.updated).max().map(Timestamp::http_date),
        atom_ext: Some(AtomExtension {
            links: std::iter::once(own)
                .chain(topic.hub.as_ref().and_then(url::to_published).map(|hub| Link {
                    href: hub,
                    rel: "hub".to_owned(),
                    ..Link::default()
                }))
                .chain(others)
                .collect(),
        }),
        title,
        items,
        namespaces,
        extensions,
        ..rss::Channel::default()
    };
    // Writing into memory cannot fail.
    let written = channel.write_to(Vec::with_capacity(input.estimated_bytes())).unwrap_or_default();
    correct_output(&into_string(written), input)
}

/// Returns the namespaces. The crate declares some prefixes only where it finds them in use, and those of extensions never.
fn namespaces() -> BTreeMap<String, String> {
    [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("creativeCommons", "http://backend.userland.com/creativeCommonsRssModule"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("georss", regions::GEORSS_NAMESPACE),
        ("media", "http://search.yahoo.com/mrss/"),
    ]
    .into_iter()
    .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
    .collect()
}

fn item(rendered: &RenderedItem<'_>) -> rss::Item {
    // Some readers take a description for HTML, others for text: the summary is plain, and has nothing that HTML would take for markup.
    let description = if rendered.summary.is_empty() {
        &rendered.title
    } else {
        &rendered.summary
    };
    rss::Item {
        title: Some(rendered.title.clone().into_owned()),
        link: rendered.link.clone().map(Cow::into_owned),
        description: Some(to_description(description).into_owned()),
        categories: rendered.terms.iter().map(|term| category(term)).collect(),
        enclosure: rendered.enclosure.as_ref().map(enclosure),
        guid: Some(rss::Guid {
            value: rendered.item.guid.clone(),
            permalink: false,
        }),
        pub_date: Some(rendered.date.http_date()),
        source: rendered.outlet.origin().map(|url| rss::Source {
            url: url.to_owned(),
            title: Some(rendered.outlet.name.clone().into_owned()),
        }),
        // The element; what it holds is written when the output is corrected.
        content: Some(String::new()),
        extensions: extensions(rendered),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: owned(&rendered.bylines),
            languages: owned(rendered.language.as_slice()),
            rights: owned(rendered.licence.as_slice()),
            ..DublinCoreExtension::default()
        }),
        ..rss::Item::default()
    }
}

fn owned(texts: &[Cow<'_, str>]) -> Vec<String> {
    texts.iter().map(|text| text.clone().into_owned()).collect()
}

fn category(name: &str) -> rss::Category {
    rss::Category {
        name: name.to_owned(),
        domain: None,
    }
}

/// Returns the enclosure. RSS 2.0 requires all three attributes; a length of 0 means that it is not known.
fn enclosure(enclosure: &RenderedEnclosure<'_>) -> rss::Enclosure {
    rss::Enclosure {
        url: enclosure.url.clone().into_owned(),
        length: enclosure.length.unwrap_or(0).to_string(),
        mime_type: enclosure.mime.clone(),
    }
}

/// Returns the elements of modules that the crate has no types for.
fn extensions(rendered: &RenderedItem<'_>) -> ExtensionMap {
    let mut extensions = ExtensionMap::new();
    let elements = media(rendered);
    if !elements.is_empty() {
        extensions.insert("media".to_owned(), elements);
    }
    if let Some(place) = rendered.only_place() {
        let text = |name: &str, value: String| {
            vec![Extension {
                value: Some(value),
                ..element(name, BTreeMap::new())
            }]
        };
        let point = ("point".to_owned(), text("georss:point", place.simple_point()));
        let name = ("featureName".to_owned(), text("georss:featureName", place.name.to_owned()));
        extensions.insert("georss".to_owned(), BTreeMap::from([point, name]));
    }
    if let Some(address) = &rendered.licence_url {
        let mut licence = element("creativeCommons:license", BTreeMap::new());
        licence.value = Some(address.clone());
        let elements = BTreeMap::from([("license".to_owned(), vec![licence])]);
        extensions.insert("creativeCommons".to_owned(), elements);
    }
    extensions
}

/// Returns `media:thumbnail` for the item's picture, and `media:content` unless the body shows a picture already (Media RSS 1.5).
fn media(rendered: &RenderedItem<'_>) -> BTreeMap<String, Vec<Extension>> {
    let Some((image, url)) = rendered.item.image.as_ref().zip(rendered.image.as_deref()) else {
        return BTreeMap::new();
    };
    let mut attributes = BTreeMap::from([("url".to_owned(), url.to_owned())]);
    for (name, size) in [("width", image.width), ("height", image.height)] {
        if let Some(size) = size.filter(|&size| size > 0) {
            attributes.insert(name.to_owned(), size.to_string());
        }
    }
    let mut elements = BTreeMap::from([("thumbnail".to_owned(), vec![element("media:thumbnail", attributes.clone())])]);
    if rendered.separate_image().is_some() {
        attributes.insert("medium".to_owned(), "image".to_owned());
        attributes.extend(image_type(&image.url).map(|mime| ("type".to_owned(), mime.to_owned())));
        elements.insert("content".to_owned(), vec![element("media:content", attributes)]);
    }
    elements
}

fn element(name: &str, attrs: BTreeMap<String, String>) -> Extension {
    Extension {
        name: name.to_owned(),
        attrs,
        ..Extension::default()
    }
}

/// Corrects the crate's output in one pass: references in text become those of the RSS profile, the style sheet instruction is added, each item
/// begins a line, and its content is written: by the crate it would be copied three times.
///
/// Attributes stay as they are; the crate escapes `>` in them, so a `>` always ends a tag. CDATA sections are copied.
fn correct_output(xml: &str, input: &TopicInput<'_>) -> String {
    const CDATA: &str = "<![CDATA[";
    const CONTENT: &str = "<content:encoded>";
    const EMPTY_SECTION: &str = "<![CDATA[]]>";
    let end_of_section = memmem::Finder::new("]]>");
    let mut contents = input.items.iter().map(|item| item.content.as_str());
    let mut out = String::with_capacity(input.estimated_bytes());
    let mut rest = xml;
    while let Some(open) = memchr(b'<', rest.as_bytes()) {
        push_text(&mut out, &rest[..open]);
        rest = &rest[open..];
        let end = if rest.starts_with(CDATA) {
            end_of_section.find(rest.as_bytes()).map(|at| at + 3)
        } else {
            memchr(b'>', rest.as_bytes()).map(|at| at + 1)
        };
        let (tag, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if tag.starts_with("<rss") {
            out.push_str("\n<?");
            out.push_str(STYLE_SHEET_INSTRUCTION);
            out.push_str("?>\n");
        } else if matches!(tag, "<item>" | "</channel>") {
            out.push('\n');
        }
        out.push_str(tag);
        rest = behind;
        if tag == CONTENT {
            rest = rest.strip_prefix(EMPTY_SECTION).unwrap_or(rest);
            push_section(&mut out, contents.next().unwrap_or_default(), &end_of_section);
        }
    }
    push_text(&mut out, rest);
    out.push('\n');
    out
}

/// Pushes a CDATA section; a `]]>` in it is divided between two.
fn push_section(out: &mut String, text: &str, end_of_section: &memmem::Finder<'_>) {
    let mut done = 0;
    out.push_str("<![CDATA[");
    for at in end_of_section.find_iter(text.as_bytes()) {
        out.push_str(&text[done..at]);
        out.push_str("]]]]><![CDATA[>");
        done = at + 3;
    }
    out.push_str(&text[done..]);
    out.push_str("]]>");
}

/// Pushes a text node with the numeric references of the RSS profile.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_in_a_content_is_divided() {
        let mut out = String::new();
        push_section(&mut out, "a]]>b]]", &memmem::Finder::new("]]>"));
        assert_eq!(out, "<![CDATA[a]]]]><![CDATA[>b]]]]>");
    }
}
