//! Parses a page's markup within bounds of size and depth, into a document of what its readers see.

use super::page::Page;
use super::{hidden, template_marks};
use crate::html::complexity::limit_page;
use crate::html::style_rules::StyleRules;
use scraper::Html;

/// The largest page that is read, in bytes, without scripts, styles, comments and images that stand in it as data; the rest is cut off.
pub(super) const MAX_PAGE_BYTES: usize = 4_000_000;

/// A page as its markup says, with what its readers do not see.
pub(super) struct ParsedPage {
    pub document: Html,
    /// Whether the page is longer than what is read of it.
    pub is_cut: bool,
    styles: StyleRules,
}

impl ParsedPage {
    /// Parses `html`, cut off at [`MAX_PAGE_BYTES`] and with its nesting bounded, so that functions may recurse over the tree.
    pub fn new(html: &str) -> Self {
        let limited = limit_page(html, MAX_PAGE_BYTES);
        let mut document = Html::parse_document(&limited.markup);
        template_marks::remove_template_marks(&limited.markup, &mut document);
        Self {
            document,
            is_cut: limited.is_cut,
            styles: limited.styles,
        }
    }

    /// Removes what no reader sees. An element that the source's own selector names is seen.
    pub fn hide(&mut self, page: &Page<'_>) {
        hidden::remove_hidden(&mut self.document, &self.styles, page.selectors.body.as_ref());
    }

    /// Returns a copy without what no reader sees.
    pub fn visible(&self, page: &Page<'_>) -> Html {
        let mut document = self.document.clone();
        hidden::remove_hidden(&mut document, &self.styles, page.selectors.body.as_ref());
        document
    }
}

/// Parses the markup of `page` without what no reader sees.
pub(super) fn parse_visible(page: &Page<'_>) -> ParsedPage {
    let mut parsed = ParsedPage::new(page.html);
    parsed.hide(page);
    parsed
}
