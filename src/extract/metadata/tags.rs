//! The categories and tags of an article: from JSON-LD, meta elements, links with `rel=category` or `rel=tag`, and tag lists.

use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::extract::normalize::alphanumeric_key;
use crate::extract::normalize::{collapse_whitespace, element_text};
use scraper::ElementRef;

const MAX_CATEGORIES: usize = 30;
/// Longer tags are ignored.
const MAX_TAG_CHARS: usize = 80;
/// Longer lists of keywords are written for search engines and are ignored.
const MAX_KEYWORDS: usize = 15;

/// Placeholders of content systems for "no category", as [`alphanumeric_key`]s.
const PLACEHOLDER_CATEGORIES: &[&str] = &[
    "",
    "uncategorized",
    "uncategorised",
    "nonclassé",
    "nonclasse",
    "sanscatégorie",
    "غيرمصنف",
    "sincategoría",
    "semcategoria",
];

/// Returns the categories and tags without duplicates, the categories first.
pub(super) fn categories(scan: &PageScan<'_>, json_ld: &LinkedData) -> Vec<String> {
    let mut found: Vec<String> = first_group(&scan.categories);
    found.extend(json_ld.sections.iter().cloned());
    for name in ["article:section", "article:tag"] {
        found.extend(scan.meta.get(name).into_iter().flatten().map(|value| collapse_whitespace(value)));
    }
    found.extend(first_group(&scan.tags));
    found.extend(scan.tag_lists.iter().flat_map(|labels| list_items(*labels)));
    found.extend(keywords(&json_ld.keywords));
    let news_keywords: Vec<String> = scan
        .meta
        .get("news_keywords")
        .into_iter()
        .flatten()
        .map(|words| collapse_whitespace(words))
        .collect();
    found.extend(keywords(&news_keywords));
    let mut kept: Vec<String> = Vec::new();
    for term in found {
        let term = term.trim_matches([',', '#', ' ']).to_owned();
        let key = alphanumeric_key(&term);
        let is_kept =
            !PLACEHOLDER_CATEGORIES.contains(&key.as_str()) && term.chars().count() <= MAX_TAG_CHARS && kept.len() < MAX_CATEGORIES;
        if is_kept && !kept.iter().any(|own| alphanumeric_key(own) == key) {
            kept.push(term);
        }
    }
    kept
}

/// Returns the texts of the links of a tag list, or of its list items where it has no links.
fn list_items(labels: ElementRef<'_>) -> Vec<String> {
    let texts = |name: &str| -> Vec<String> {
        let inner = labels.descendent_elements().filter(|element| element.value().name() == name);
        inner
            .map(element_text)
            .filter(|label| !label.is_empty())
            .take(MAX_CATEGORIES)
            .collect()
    };
    let links = texts("a");
    if links.is_empty() { texts("li") } else { links }
}

/// Returns the keywords of one or several comma-separated texts; none when there are more than [`MAX_KEYWORDS`].
fn keywords(given: &[String]) -> Vec<String> {
    let words: Vec<String> = given
        .iter()
        .flat_map(|words| words.split([',', ';', '،']))
        .map(collapse_whitespace)
        // Some sites write internal fields such as `type:article`.
        .filter(|word| !word.is_empty() && !word.contains([':', '=', '_']))
        .collect();
    if words.len() > MAX_KEYWORDS { Vec::new() } else { words }
}

/// Returns the texts of the links with the same parent as the first: later ones belong to teasers of other articles.
fn first_group(links: &[ElementRef<'_>]) -> Vec<String> {
    let Some(first) = links.first() else { return Vec::new() };
    let up = |link: &ElementRef<'_>, steps: usize| link.ancestors().nth(steps).map(|node| node.id());
    let is_item = first
        .parent()
        .and_then(ElementRef::wrap)
        .is_some_and(|parent| matches!(parent.value().name(), "li" | "span"));
    let steps = usize::from(is_item);
    let group = up(first, steps);
    links
        .iter()
        .filter(|link| up(link, steps) == group)
        .map(|link| element_text(*link))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::{Page, Selectors, metadata};
    use scraper::Html;

    fn labels(html: &str) -> Vec<String> {
        let selectors = Selectors::default();
        let page = Page {
            html,
            url: None,
            requested_url: None,
            title_hint: None,
            feed_body: None,
            selectors: &selectors,
            rule: None,
            images: true,
            now: None,
        };
        metadata::read(&Html::parse_document(html), &page).categories
    }

    #[test]
    fn each_systems_labels_are_found() {
        for (html, expected) in [
            (
                "<p class=post-tags><a rel=tag>Eau</a> <a rel=tag>Puits</a></p>",
                &["Eau", "Puits"][..],
            ),
            (
                "<div class=field--name-field-tags><div class=field__label>Tags</div><a href=/t/1>Santé</a></div>",
                &["Santé"],
            ),
            (
                "<div class='field field-name-taxonomy-vocabulary-2'><ul><li><a>Élevage</a></ul></div>",
                &["Élevage"],
            ),
            (
                "<dl class=article-info><dd class=category-name>Catégorie : <a>Culture</a></dd></dl><ul class='tags inline'><li><a class=label>Livres</a></ul>",
                &["Culture", "Livres"],
            ),
            ("<div class=mots><ul><li>Lac</li><li>Pêche</li></ul></div>", &["Lac", "Pêche"]),
            (
                "<span class=post-labels>Labels: <a rel=tag>Kayes</a>, <a rel=tag>Rail</a></span>",
                &["Kayes", "Rail"],
            ),
            (
                "<aside><ul class=tags><li><a>Ailleurs</a></ul></aside><div class=widget><p class=mots><a>Nuage</a></p></div>",
                &[],
            ),
            (
                "<meta property=article:section content=Non&nbsp;classé><meta property=article:tag content='#Mali'>",
                &["Mali"],
            ),
        ] {
            assert_eq!(labels(html), expected, "{html}");
        }
    }

    #[test]
    fn keywords_are_kept_when_they_are_few() {
        let data = |words: &str| {
            format!(
                "<script type=application/ld+json>{{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"articleSection\":\"Eau\",\"keywords\":{words}}}</script>"
            )
        };
        assert_eq!(labels(&data("\"Fleuve, eau; Niger\"")), ["Eau", "Fleuve", "Niger"]);
        assert_eq!(labels(&data("[\"Fleuve\",\"type:article\"]")), ["Eau", "Fleuve"]);
        assert_eq!(labels(&data(&format!("\"{}\"", "a,b,c,d,e,f,g,h,".repeat(3)))), ["Eau"]);
        assert_eq!(
            labels("<meta name=news_keywords content='Lac Tchad, pêche'>"),
            ["Lac Tchad", "pêche"]
        );
    }
}
