//! An element of a feed with its content, and which element names have markup, a line of text or an entry as their content.

use super::lexer::Attributes;
use super::namespace::{Name, Namespace, lower};
use crate::text::entities::decode_entities;
use std::borrow::Cow;
use std::rc::Rc;
use url::Url;

/// The base URL and the language that apply to an element, inherited from the elements around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub base: Option<Rc<Url>>,
    /// Whether the base URL is stated (`xml:base`), and not only the address of the document.
    pub has_stated_base: bool,
    pub language: Option<Rc<str>>,
}

/// A field: an element of an entry or of the feed, with its content.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact about the text")]
pub(super) struct Element<'a> {
    pub name: Name<'a>,
    /// Names in lower case and without a prefix, except `xml:base` and `xml:lang`.
    pub attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The text, decoded; of an element that allows markup, also the tags in it.
    pub text: String,
    /// Whether the text is markup whose own characters are escaped (XHTML).
    pub is_xhtml: bool,
    /// Whether the text may contain tags, by the element's name.
    pub allows_markup: bool,
    /// Whether the text contains tags.
    pub has_tags: bool,
    /// Whether the text is a CDATA section: its markup is in the section, and tags that follow belong to the feed.
    pub is_cdata: bool,
    pub children: Vec<Element<'a>>,
    pub context: Context,
}

impl Element<'_> {
    /// Returns the value of an attribute; `None` when it is blank.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the text without the white space around it; `None` when it is blank.
    pub(super) fn trimmed(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// Returns the base URL of the element's addresses.
    pub(super) fn base(&self) -> Option<&Url> {
        self.context.base.as_deref()
    }

    /// Gives the element and those in it a base URL, unless one is stated.
    pub(super) fn set_base(&mut self, base: Option<&Rc<Url>>) {
        if !self.context.has_stated_base {
            self.context.base = base.cloned();
        }
        for child in &mut self.children {
            child.set_base(base);
        }
    }

    /// Returns the first child of this local name.
    pub(super) fn child(&self, local: &str) -> Option<&Element<'_>> {
        self.children.iter().find(|child| child.name.local == local)
    }
}

/// The most attributes of one element that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// Returns the attributes of a tag, with their values decoded; declarations of namespaces are left out.
pub(super) fn read_attributes(raw: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    Attributes(raw)
        .take(MAX_ATTRIBUTES)
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

/// Returns whether an element of this local name is an entry.
pub(super) fn is_entry(local: &str) -> bool {
    matches!(local, "item" | "entry")
}

/// Returns whether the content of an element is a text that may contain tags.
pub(super) fn is_markup_field(name: &Name<'_>) -> bool {
    match name.namespace {
        Namespace::Plain => matches!(
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
        Namespace::Dc => matches!(&*name.local, "title" | "description" | "rights"),
        Namespace::Content => name.local == "encoded",
        Namespace::Media => matches!(&*name.local, "title" | "description" | "text"),
        Namespace::Itunes => matches!(&*name.local, "summary" | "subtitle" | "title"),
        Namespace::Xhtml => true,
        _ => false,
    }
}

/// Returns whether the content of an element is a line of text, never another field.
pub(super) fn is_text_field(name: &Name<'_>) -> bool {
    matches!(name.namespace, Namespace::Plain | Namespace::Dc)
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

/// Returns whether an element is a field of an entry wherever it occurs: no markup has an element of that name.
pub(super) fn is_unambiguous_field(name: &Name<'_>) -> bool {
    match name.namespace {
        Namespace::Plain => matches!(&*name.local, "guid" | "pubdate" | "enclosure" | "description"),
        Namespace::Dc => matches!(&*name.local, "date" | "creator" | "subject"),
        Namespace::Content => name.local == "encoded",
        _ => false,
    }
}

/// Returns whether an element is one of the usual fields of an entry.
pub(super) fn is_known_field(name: &Name<'_>) -> bool {
    let plain = name.namespace == Namespace::Plain
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
    plain || is_unambiguous_field(name)
}

/// Returns whether the content of an element is XHTML: its tags are part of the document, and its characters are escaped once.
pub(super) fn holds_xhtml(name: &Name<'_>, attributes: &str, atom03: bool) -> bool {
    if name.namespace == Namespace::Xhtml {
        return true;
    }
    if attributes.is_empty() || !is_markup_field(name) {
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
