//! The authors of an article: the source's selector, JSON-LD, meta elements, classes, and a byline after the headline.

use super::bylines;
use super::jsonld::LinkedData;
use super::page_scan::PageScan;
use super::signature;
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
    "article:author_name",
    "og:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "citation_authors",
];
/// Those that libraries and journals of science fill: the family name comes first.
const LIBRARY_META_NAMES: &[&str] = &["dc.creator", "dcterms.creator", "citation_author", "citation_authors"];

/// Returns the authors of the article. A source of names that names a person takes precedence over one that names an organisation.
pub(super) fn find_authors(document: &Html, page: &Page<'_>, scan: &PageScan<'_>, json_ld: &LinkedData) -> Vec<Author> {
    if let Some(line) = selected_text(document, page.selectors.author.as_ref()) {
        return bylines::parse_bylines([line.as_str()]);
    }
    let from_meta: Vec<String> = AUTHOR_META_NAMES
        .iter()
        .flat_map(|name| scan.meta.get(*name).into_iter().flatten().map(move |value| (name, *value)))
        .map(|(name, value)| {
            if LIBRARY_META_NAMES.contains(name) {
                bylines::unfold_library_names(value)
            } else {
                value.to_owned()
            }
        })
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
    let own = scan.author_elements.choose();
    let groups: [Vec<&str>; 5] = [
        json_ld.authors.iter().map(String::as_str).collect(),
        from_meta.iter().map(String::as_str).collect(),
        own.marked.iter().map(String::as_str).collect(),
        own.alike.iter().map(String::as_str).collect(),
        own.bylines.iter().map(String::as_str).collect(),
    ];
    let groups = groups.map(bylines::parse_bylines);
    let is_person = |author: &Author| !is_organisation(author) && author.name.contains(' ');
    let person = groups.iter().find(|found| found.iter().any(is_person));
    let any = groups.iter().find(|found| !found.is_empty());
    let signature = || signature::find_signature(document).map(|line| bylines::parse_bylines([line.as_str()]));
    let found = person.or(any).cloned().or_else(signature).unwrap_or_default();
    let is_site = |author: &Author| site.as_ref().is_some_and(|site| *site == alphanumeric_key(&author.name));
    if found.len() > 1 {
        found.into_iter().filter(|author| !is_site(author)).collect()
    } else {
        found
    }
}
