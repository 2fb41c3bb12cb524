//! Parses a page's markup within bounds of size and depth.

use crate::html::complexity::limit_complexity;
use scraper::Html;

/// The largest page that is read, in bytes; the rest is cut off.
pub(super) const MAX_PAGE_BYTES: usize = 4_000_000;

/// Parses `html`, cut off at [`MAX_PAGE_BYTES`] and with its nesting bounded, so that functions may recurse over the tree.
pub(super) fn parse_document(html: &str) -> Html {
    Html::parse_document(&limit_complexity(html, MAX_PAGE_BYTES))
}
