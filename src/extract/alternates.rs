//! Reads the AMP version of a page and the licence of its text, which `griot extract` prints. They are not stored.

use super::metadata::absolute_url::absolute_url;
use super::metadata::jsonld;
use super::normalize::collapse_whitespace;
use super::page::Page;
use scraper::{ElementRef, Html};
use url::Url;

/// Other forms of an article, and its licence.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Alternates {
    /// The address of the page's AMP version.
    pub amp: Option<Url>,
    /// The licence of the text: its address, or else the page's statement of rights.
    pub licence: Option<String>,
}

/// Strings of which every page with an AMP version or a licence contains one.
const REQUIRED_STRINGS: &[&str] = &[
    "amphtml",
    "rel=\"license",
    "\"license\"",
    "license ",
    "creativecommons.org",
    "dcterms.",
    "DCTERMS.",
    "dc.rights",
    "DC.rights",
    "DC.Rights",
];
/// The longest statement of rights, in characters.
const MAX_RIGHTS_CHARS: usize = 200;
/// The names of `meta` elements with the licence or the rights (Dublin Core).
const RIGHTS_NAMES: &[&str] = &[
    "dcterms.license",
    "dc.rights.license",
    "dcterms.rights",
    "dc.rights",
    "dcterms.rightsholder",
];

/// Returns the alternates of `page`, which was parsed as `document`.
pub(super) fn read_alternates(document: &Html, page: &Page<'_>) -> Alternates {
    // Most pages have neither: their elements are not visited once more.
    let contains = |string: &&str| memchr::memmem::find(page.html.as_bytes(), string.as_bytes()).is_some();
    if !REQUIRED_STRINGS.iter().any(contains) {
        return Alternates::default();
    }
    let mut amp = None;
    let mut licences = Licences::default();
    for element in document.root_element().descendent_elements() {
        let value = element.value();
        let rel = |word: &str| {
            let mut words = value.attr("rel").unwrap_or_default().split_ascii_whitespace();
            words.any(|own| own.eq_ignore_ascii_case(word))
        };
        let href = || value.attr("href").and_then(|href| absolute_url(page.url, href));
        match value.name() {
            "link" if rel("amphtml") => amp = amp.or_else(href),
            "link" | "a" if rel("license") && !is_in_figure(element) => licences.rel_link = licences.rel_link.or_else(href),
            "a" => licences.add_link(href(), element),
            "meta" => licences.add_meta(element),
            _ => {}
        }
    }
    let json_ld = jsonld::read_json_ld(document).licence;
    let json_ld = json_ld.map(|licence| {
        absolute_url(page.url, &licence)
            .filter(|_| licence.contains('/'))
            .map_or(licence, String::from)
    });
    let rel_link = licences.rel_link.map(String::from);
    let plain_link = licences.plain_link.filter(|_| !licences.has_several_links).map(String::from);
    Alternates {
        amp,
        licence: json_ld.or(rel_link).or(licences.meta).or(plain_link),
    }
}

#[derive(Default)]
struct Licences {
    /// From a link with `rel=license`.
    rel_link: Option<Url>,
    /// From a `meta` element.
    meta: Option<String>,
    /// From a link to a Creative Commons licence without `rel=license`.
    plain_link: Option<Url>,
    /// Whether plain links lead to several licences: then none is taken.
    has_several_links: bool,
}

impl Licences {
    fn add_link(&mut self, href: Option<Url>, element: ElementRef<'_>) {
        let Some(url) = href.filter(|url| is_creative_commons(url) && is_in_footer(element)) else {
            return;
        };
        self.has_several_links |= self.plain_link.as_ref().is_some_and(|own| own.path() != url.path());
        self.plain_link = Some(url);
    }

    fn add_meta(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        let name = value.attr("name").or_else(|| value.attr("property")).unwrap_or_default();
        let is_known = RIGHTS_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
        let content = collapse_whitespace(value.attr("content").unwrap_or_default());
        if is_known && self.meta.is_none() && !content.is_empty() && content.chars().count() <= MAX_RIGHTS_CHARS {
            self.meta = Some(content);
        }
    }
}

fn is_creative_commons(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches("www.") == "creativecommons.org"
        && ["/licenses/", "/publicdomain/"].iter().any(|start| url.path().starts_with(start))
}

/// Returns whether a link is in a footer or a copyright notice: elsewhere it is the licence of an image or of another work.
fn is_in_footer(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|around| {
        let value = around.value();
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            ["licen", "copyright", "footer", "pied"].iter().any(|part| name.contains(part))
        };
        value.name() == "footer" || (!matches!(value.name(), "html" | "body") && value.classes().chain(value.id()).any(named))
    })
}

/// Returns whether a link is in a figure: then it is the licence of the image.
fn is_in_figure(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().filter_map(ElementRef::wrap);
    around.any(|around| matches!(around.value().name(), "figure" | "figcaption"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Selectors;

    fn alternates(html: &str) -> Alternates {
        let url = Url::parse("https://journal.example/a/").expect("a URL");
        let selectors = Selectors::default();
        let page = Page {
            url: Some(&url),
            ..crate::extract::tests::page(html, &selectors)
        };
        crate::extract::inspect(&page).alternates
    }

    #[test]
    fn the_amp_version_is_found() {
        let found = alternates("<link rel=amphtml href=amp/><link rel=canonical href=/a/>");
        assert_eq!(found.amp.map(String::from).as_deref(), Some("https://journal.example/a/amp/"));
        assert_eq!(alternates("<link rel=amphtml href='javascript:x'>"), Alternates::default());
    }

    #[test]
    fn the_licence_is_found_where_pages_put_it() {
        const BY: &str = "https://creativecommons.org/licenses/by/4.0/";
        for (html, expected) in [
            (format!("<a rel='license noopener' href='{BY}'>CC</a>"), Some(BY)),
            (format!("<link rel=license href='{BY}'>"), Some(BY)),
            (format!("<div id=pied><p>Sous <a href='{BY}'>CC BY</a></p></div>"), Some(BY)),
            (format!("<p>Photo : <a href='{BY}'>CC BY</a></p>"), None),
            (
                format!(
                    "<script type=application/ld+json>{{\"@type\":\"Article\",\"headline\":\"x\",\"license\":{{\"@id\":\"{BY}\"}}}}</script>"
                ),
                Some(BY),
            ),
            (format!("<meta name=DCTERMS.rights content='{BY}'>"), Some(BY)),
            (
                "<meta name=dc.rights content='© Journal du Barrage'>".to_owned(),
                Some("© Journal du Barrage"),
            ),
            (
                format!("<figure><figcaption><a rel=license href='{BY}'>CC</a></figcaption></figure>"),
                None,
            ),
            (
                format!("<a href='{BY}'>1</a><a href='https://creativecommons.org/licenses/by-sa/4.0/'>2</a>"),
                None,
            ),
            ("<a href='https://creativecommons.org/'>CC</a>".to_owned(), None),
        ] {
            assert_eq!(alternates(&html).licence.as_deref(), expected, "{html}");
        }
    }
}
