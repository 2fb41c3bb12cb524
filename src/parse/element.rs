//! An element of a feed with what it holds, and which names hold prose, lines or entries.

use super::lexer::Attributes;
use super::name::{Name, Space, lower};
use crate::text::entities::decode_entities;
use std::borrow::Cow;
use std::rc::Rc;
use url::Url;

/// An element of an entry or of the feed, with what it holds.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the text")]
pub(super) struct Element<'a> {
    pub name: Name<'a>,
    /// Names in lower case and without a prefix, but `xml:base` and `xml:lang`.
    pub attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The text, decoded; of an element for prose also the tags within.
    pub text: String,
    /// Whether the text is markup whose own characters are escaped (XHTML).
    pub inline: bool,
    /// Whether the text may hold tags, by the element's name.
    pub prose: bool,
    /// Whether tags were met within the text.
    pub tags: bool,
    /// Whether the text is a CDATA section: its markup is within, and tags after it are the feed's.
    pub section: bool,
    pub children: Vec<Element<'a>>,
    pub base: Option<Rc<Url>>,
    pub language: Option<Rc<str>>,
}

impl Element<'_> {
    /// Returns an attribute that is not blank.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the text without the space around it; `None` when nothing is left.
    pub(super) fn trimmed(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// Returns the first child of this name.
    pub(super) fn child(&self, local: &str) -> Option<&Element<'_>> {
        self.children.iter().find(|child| child.name.local == local)
    }
}

pub(super) fn attributes_of(raw: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    Attributes(raw)
        .take(64)
        .filter(|(name, _)| !name.starts_with("xmlns"))
        .map(|(name, value)| {
            let local = if name.starts_with("xml:") {
                name
            } else {
                name.rsplit(':').next().unwrap_or(name)
            };
            (lower(local), decode_entities(value))
        })
        .collect()
}

pub(super) fn is_entry(local: &str) -> bool {
    matches!(local, "item" | "entry")
}

/// Elements whose content is a text that may hold tags.
pub(super) fn is_prose(name: &Name<'_>) -> bool {
    match name.space {
        Space::Plain => matches!(
            &*name.local,
            "title"
                | "description"
                | "summary"
                | "content"
                | "subtitle"
                | "tagline"
                | "info"
                | "copyright"
                | "rights"
                | "abstract"
                | "fullitem"
                | "body"
        ),
        Space::Dc => matches!(&*name.local, "title" | "description" | "rights"),
        Space::Content => name.local == "encoded",
        Space::Media => matches!(&*name.local, "title" | "description" | "text"),
        Space::Itunes => matches!(&*name.local, "summary" | "subtitle" | "title"),
        Space::Xhtml => true,
        _ => false,
    }
}

/// Elements that hold a line of text, never other fields.
pub(super) fn is_leaf(name: &Name<'_>) -> bool {
    matches!(name.space, Space::Plain | Space::Dc)
        && matches!(
            &*name.local,
            "title"
                | "link"
                | "guid"
                | "id"
                | "pubdate"
                | "date"
                | "creator"
                | "category"
                | "comments"
                | "language"
                | "updated"
                | "published"
                | "subject"
                | "modified"
                | "issued"
                | "created"
                | "lastbuilddate"
                | "generator"
                | "ttl"
        )
}

/// Elements that can only be a field of an entry, whatever stands around them.
pub(super) fn is_sure_field(name: &Name<'_>) -> bool {
    match name.space {
        Space::Plain => matches!(&*name.local, "guid" | "pubdate" | "enclosure" | "description"),
        Space::Dc => matches!(&*name.local, "date" | "creator" | "subject"),
        Space::Content => name.local == "encoded",
        _ => false,
    }
}

pub(super) fn is_known_field(name: &Name<'_>) -> bool {
    let plain = name.space == Space::Plain
        && matches!(
            &*name.local,
            "title"
                | "link"
                | "id"
                | "author"
                | "category"
                | "comments"
                | "content"
                | "summary"
                | "updated"
                | "published"
                | "source"
                | "image"
        );
    plain || is_sure_field(name)
}

/// Returns whether the element holds XHTML: markup whose characters are escaped once only.
pub(super) fn is_inline(name: &Name<'_>, attributes: &str, atom03: bool) -> bool {
    if name.space == Space::Xhtml {
        return true;
    }
    if attributes.is_empty() || !is_prose(name) {
        return false;
    }
    let value = |wanted: &str| {
        Attributes(attributes)
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim().to_ascii_lowercase())
            .unwrap_or_default()
    };
    let kind = value("type");
    kind == "xhtml"
        || kind == "application/xhtml+xml" && value("mode") != "escaped"
        || atom03 && kind.contains("html") && value("mode") == "xml"
}
