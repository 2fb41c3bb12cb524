//! What a page says beside its article, for those who look into it: its AMP twin and the licence of its text. Not stored.

use super::metadata::absolute_url::absolute_url;
use super::metadata::jsonld;
use super::normalize::collapse_whitespace;
use super::page::Page;
use scraper::{ElementRef, Html};
use url::Url;

/// What stands beside an article.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Alternates {
    /// The address of the page's AMP twin.
    pub amp: Option<Url>,
    /// The licence of the text: its address, or else what the page says of its rights.
    pub licence: Option<String>,
}

/// Words of which one stands on every page that tells of a twin or a licence.
const WORDS: &[&str] = &[
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
/// The longest word on rights, in characters.
const MAX_RIGHTS_CHARS: usize = 200;
const RIGHTS: &[&str] = &[
    "dcterms.license",
    "dc.rights.license",
    "dcterms.rights",
    "dc.rights",
    "dcterms.rightsholder",
];

/// Reads what stands beside the article on `page`, which was parsed as `document`.
pub(super) fn of(document: &Html, page: &Page<'_>) -> Alternates {
    // Most pages say nothing of either: they are not walked through once more.
    if !WORDS
        .iter()
        .any(|word| memchr::memmem::find(page.html.as_bytes(), word.as_bytes()).is_some())
    {
        return Alternates::default();
    }
    let mut amp = None;
    let mut found = Licences::default();
    for element in document.root_element().descendent_elements() {
        let value = element.value();
        let rel = |word: &str| {
            let mut words = value.attr("rel").unwrap_or_default().split_ascii_whitespace();
            words.any(|own| own.eq_ignore_ascii_case(word))
        };
        let href = || value.attr("href").and_then(|href| absolute_url(page.url, href));
        match value.name() {
            "link" if rel("amphtml") => amp = amp.or_else(href),
            "link" | "a" if rel("license") && !is_of_image(element) => found.marked = found.marked.or_else(href),
            "a" => found.link(href(), element),
            "meta" => found.meta(element),
            _ => {}
        }
    }
    let told = jsonld::read_json_ld(document).licence;
    let told = told.map(|told| {
        absolute_url(page.url, &told)
            .filter(|_| told.contains('/'))
            .map_or(told, String::from)
    });
    let marked = found.marked.map(String::from);
    let linked = found.linked.filter(|_| !found.is_mixed).map(String::from);
    Alternates {
        amp,
        licence: told.or(marked).or(found.said).or(linked),
    }
}

#[derive(Default)]
struct Licences {
    /// By a link that says it is one.
    marked: Option<Url>,
    /// By the head.
    said: Option<String>,
    /// By a mere link to a Creative Commons licence.
    linked: Option<Url>,
    /// Whether there are links to several: then none is believed.
    is_mixed: bool,
}

impl Licences {
    fn link(&mut self, href: Option<Url>, element: ElementRef<'_>) {
        let Some(url) = href.filter(|url| is_commons(url) && is_at_foot(element)) else {
            return;
        };
        self.is_mixed |= self.linked.as_ref().is_some_and(|own| own.path() != url.path());
        self.linked = Some(url);
    }

    fn meta(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        let name = value.attr("name").or_else(|| value.attr("property")).unwrap_or_default();
        let is_known = RIGHTS.iter().any(|known| name.eq_ignore_ascii_case(known));
        let content = collapse_whitespace(value.attr("content").unwrap_or_default());
        if is_known && self.said.is_none() && !content.is_empty() && content.chars().count() <= MAX_RIGHTS_CHARS {
            self.said = Some(content);
        }
    }
}

fn is_commons(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches("www.") == "creativecommons.org"
        && ["/licenses/", "/publicdomain/"].iter().any(|start| url.path().starts_with(start))
}

/// Whether a link stands where sites speak of themselves: elsewhere it tells of an image or of another work.
fn is_at_foot(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|around| {
        let value = around.value();
        let named = |name: &str| {
            let name = name.to_ascii_lowercase();
            ["licen", "copyright", "footer", "pied"].iter().any(|part| name.contains(part))
        };
        value.name() == "footer" || (!matches!(value.name(), "html" | "body") && value.classes().chain(value.id()).any(named))
    })
}

/// Whether a link stands in a figure: then it tells of the image's licence.
fn is_of_image(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().filter_map(ElementRef::wrap);
    around.any(|around| matches!(around.value().name(), "figure" | "figcaption"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Selectors;

    fn of(html: &str) -> Alternates {
        let url = Url::parse("https://journal.example/a/").expect("a URL");
        let selectors = Selectors::default();
        let page = Page {
            url: Some(&url),
            ..crate::extract::tests::page(html, &selectors)
        };
        crate::extract::inspect(&page).alternates
    }

    #[test]
    fn the_amp_twin_is_found() {
        let found = of("<link rel=amphtml href=amp/><link rel=canonical href=/a/>");
        assert_eq!(found.amp.map(String::from).as_deref(), Some("https://journal.example/a/amp/"));
        assert_eq!(of("<link rel=amphtml href='javascript:x'>"), Alternates::default());
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
            assert_eq!(of(&html).licence.as_deref(), expected, "{html}");
        }
    }
}
