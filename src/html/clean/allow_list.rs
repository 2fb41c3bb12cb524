//! What cleaned markup may contain: elements, attributes and addresses. Everything else is removed.

use crate::model::html_elements::{is_block, is_cell, is_table_part};
use url::Url;

/// Elements that are kept. The others are removed, but not their content.
pub(super) const KEPT_ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// Attributes that are kept, by element, besides `dir` and `lang`.
pub(super) const KEPT_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang", "title", "type"]),
    ("abbr", &["title"]),
    ("blockquote", &["cite"]),
    ("del", &["datetime"]),
    ("img", &["alt", "height", "src", "title", "width"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start"]),
    ("q", &["cite"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Elements that are removed with their content.
pub(super) const DROPPED_ELEMENTS: &[&str] = &["script", "style", "title"];
/// URL schemes of links.
pub(super) const LINK_SCHEMES: &[&str] = &["http", "https", "mailto"];
/// URL schemes of images and other media.
pub(super) const MEDIA_SCHEMES: &[&str] = &["http", "https"];

/// Returns whether an element of cleaned markup does not end the line of text that contains it. Cells are inline: a row of a table is one line.
pub(super) fn is_inline(name: &str) -> bool {
    KEPT_ELEMENTS.binary_search(&name).is_ok() && (is_cell(name) || !(is_block(name) || is_table_part(name)))
}

/// Returns an address as an absolute URL; `None` when its scheme is not one of `schemes`, or it is relative and there is no base.
pub(super) fn allowed_url(base: Option<&Url>, address: &str, schemes: &[&str]) -> Option<String> {
    let address = address.trim();
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) => base?.join(address).ok()?,
    };
    (!address.is_empty() && schemes.contains(&url.scheme())).then(|| url.into())
}
