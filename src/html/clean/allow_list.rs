//! What cleaned markup may contain: elements, attributes and addresses. Everything else is removed.

use super::policy::CleanPolicy;
use crate::model::html_elements::{is_block, is_cell, is_table_part};
use crate::model::is_private_host;
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

/// The longest value of an attribute, in bytes: a longer text is cut, a longer address is dropped. Addresses of pages are shorter; longer ones
/// are data in the form of an address.
pub(super) const MAX_ATTRIBUTE_BYTES: usize = 2048;
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

/// Returns an address as an absolute URL; `None` when its scheme is not one of `schemes`, it is relative and there is no base, it is longer
/// than [`MAX_ATTRIBUTE_BYTES`], or it leads into a local network and the markup is for readers elsewhere.
pub(super) fn allowed_url(policy: &CleanPolicy<'_>, address: &str, schemes: &[&str]) -> Option<Url> {
    let address = address.trim();
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) => policy.base?.join(address).ok()?,
    };
    let is_allowed = !address.is_empty() && schemes.contains(&url.scheme()) && url.as_str().len() <= MAX_ATTRIBUTE_BYTES;
    (is_allowed && !(policy.public && is_private_host(&url))).then_some(url)
}
