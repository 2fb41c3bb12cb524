//! The authors of an article: the source's selector, JSON-LD, meta elements, classes, and a byline after the headline.

use super::bylines;
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use crate::extract::normalize::alphanumeric_key;
use crate::extract::page::Page;
use crate::extract::select::selected_text;
use crate::model::Author;
use scraper::Html;

/// Names of meta elements that name the authors.
const AUTHOR_META_NAMES: &[&str] = &[
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
];
/// Names of meta elements of libraries, one author each, often with the family name first.
const LIBRARY_META_NAMES: &[&str] = &["citation_author", "dc.creator", "dcterms.creator", "dc.contributor"];

/// Returns the authors of the article. A source of names that names a person takes precedence over one that names an organisation.
pub(super) fn find_authors(document: &Html, page: &Page<'_>, scan: &PageScan<'_>, json_ld: &LinkedData) -> Vec<Author> {
    if let Some(line) = selected_text(document, page.selectors.author.as_ref()) {
        return bylines::parse_bylines([line.as_str()]);
    }
    let from_meta: Vec<&str> = AUTHOR_META_NAMES
        .iter()
        .filter_map(|name| scan.meta.get(*name))
        .flatten()
        .copied()
        .collect();
    let from_libraries: Vec<String> = LIBRARY_META_NAMES
        .iter()
        .filter_map(|name| scan.meta.get(*name))
        .flatten()
        .map(|name| bylines::given_name_first(name).unwrap_or_else(|| (*name).to_owned()))
        .collect();
    let site = scan.first_meta(&["og:site_name"]).map(|name| alphanumeric_key(&name));
    // Where JSON-LD or a meta element names the site or its publisher as author, a byline that names a person takes precedence.
    let organisations: Vec<String> = json_ld
        .organisations
        .iter()
        .map(|name| alphanumeric_key(name))
        .chain(site.clone())
        .collect();
    let is_organisation = |author: &Author| organisations.contains(&alphanumeric_key(&author.name));
    // Several elements in one are the authors of one article.
    let container = scan.author_lines.first().and_then(|line| line.parent);
    let marked = scan
        .author_lines
        .iter()
        .enumerate()
        .filter(|(at, line)| *at == 0 || line.parent == container)
        .map(|(_, line)| line.text.as_str());
    let unmarked = scan.lines_after_headline.iter().map(|line| bylines::parse_unmarked_byline(line));
    let groups = [
        bylines::parse_bylines(json_ld.authors.iter().map(String::as_str)),
        bylines::parse_bylines(from_libraries.iter().map(String::as_str)),
        bylines::parse_bylines(from_meta),
        bylines::parse_bylines(marked),
        bylines::parse_bylines(scan.author_like_lines.iter().map(String::as_str).take(1)),
        unmarked.into_iter().find(|found| !found.is_empty()).unwrap_or_default(),
    ];
    let is_person = |author: &Author| !is_organisation(author) && author.name.contains(' ');
    let person = groups.iter().find(|found| found.iter().any(is_person));
    let any = groups.iter().find(|found| !found.is_empty());
    let signature = || scan.signature.as_deref().and_then(bylines::parse_signature).into_iter().collect();
    let found = person.or(any).cloned().unwrap_or_else(signature);
    let is_site = |author: &Author| site.as_ref().is_some_and(|site| *site == alphanumeric_key(&author.name));
    if found.len() > 1 {
        found.into_iter().filter(|author| !is_site(author)).collect()
    } else {
        found
    }
}
