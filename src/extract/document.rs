//! Parses a page's markup within bounds of size and depth, into a document of what its readers see.

use super::{captions, hidden, template_marks};
use crate::html::complexity::limit_page;
use crate::html::style_rules::StyleRules;
use scraper::{Html, Selector};

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
        captions::mark_figures(&mut document);
        Self {
            document,
            is_cut: limited.is_cut,
            styles: limited.styles,
        }
    }

    /// Removes what no reader sees. What `shown`, the source's own selector, selects is seen.
    pub fn hide(&mut self, shown: Option<&Selector>) {
        hidden::remove_hidden(&mut self.document, &self.styles, shown);
    }

    /// Returns a copy without what no reader sees.
    pub fn visible(&self, shown: Option<&Selector>) -> Html {
        let mut document = self.document.clone();
        hidden::remove_hidden(&mut document, &self.styles, shown);
        document
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::page;
    use crate::extract::{Selectors, extract};

    const LINE: &str = "Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs";

    fn long_page(paragraphs: usize) -> String {
        let text = (0..paragraphs).fold(String::new(), |all, n| all + &format!("<p>{LINE}, dit le témoin numéro {n}.</p>"));
        format!("<title>Le puits</title><h1>Le puits</h1><div class=entry-content>{text}</div><footer><p>Mentions</p></footer>")
    }

    #[test]
    fn long_texts_stay_whole() {
        let selectors = Selectors::default();
        for count in [30, 400, 3000] {
            let html = long_page(count);
            let article = extract(&page(&html, &selectors)).expect("an article");
            assert_eq!(article.text.lines().count(), count);
            assert!(article.problems.is_empty(), "{:?}", article.problems);
        }
    }

    #[test]
    fn a_page_that_is_cut_has_a_problem() {
        let selectors = Selectors::default();
        let html = long_page(40) + &format!("<ul>{}</ul>", "<li>x</li>".repeat(100_000));
        let article = extract(&page(&html, &selectors)).expect("an article");
        assert_eq!(article.problems, ["page-cut"]);
    }

    #[test]
    fn hostile_pages_are_read() {
        let selectors = Selectors::default();
        let styles = (0..5_000).fold(String::new(), |all, n| all + &format!(".c{n},.c{n}.d{{display:none}}"));
        for html in [
            format!("<style>{styles}</style>{}", "<p class='c1 c2 c3 d'>x</p>".repeat(2_500)),
            "<div hidden><span aria-hidden=true>".repeat(25_000),
            "<div aria-hidden=true> </div>".repeat(25_000),
            format!("<p>{}</p>", "{{ ${ <% ".repeat(25_000)),
            "<div style='background:url(a)'><figure data-src=a>".repeat(15_000),
            format!("<p>{LINE}</p>").repeat(2_500),
            "<p>x</p><a href=https://x.com/a/status/1><b>y</b></a>".repeat(2_500),
            "<noscript><p>mot</p>".repeat(15_000),
        ] {
            // Nothing panics, and the work ends: fuzz targets and benches measure it.
            let article = extract(&page(&html, &selectors));
            assert!(article.is_ok_and(|article| !article.text.is_empty()) || !html.contains(LINE));
        }
    }
}
