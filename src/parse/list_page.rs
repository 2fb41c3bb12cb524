//! Reads a page that lists entries, for sites without a feed: the links that a source's selectors find, each with its headline and date.
//!
//! The selectors decide which links are entries. Navigation, further pages of the list and links to other sites are left out. Pure.

mod scope;
mod value;

use super::classify;
use super::document::{Document, DocumentEnd, ParsedFeed};
use super::language_tag::language_tag;
use super::not_a_feed::NotAFeed;
use super::plain_text::plain_line;
use super::web_url::web_url;
use crate::config::{ConfigProblem, ListPage, Placed};
use crate::html::complexity::limit_page;
use crate::model::url::is_same_domain;
use crate::model::{CanonicalUrl, EntryDraft, FeedKind, FeedMeta, Problem, canonical};
pub(super) use scope::is_in_navigation;
use scope::{Entries, ListedLink};
use scraper::{ElementRef, Html, Selector};
use std::collections::HashMap;
use url::Url;
use value::Headline;
pub(super) use value::{begins_with_call_to_read, date, line as headline};

/// The most that is read of a page, in bytes, without scripts and styles.
pub(super) const MAX_PAGE_BYTES: usize = 4_000_000;
/// The most entries of a list that are kept.
const MAX_LIST_ENTRIES: usize = 500;
/// The most links that are looked at.
const MAX_LINKS: usize = 10_000;
/// The keys of addresses that number the pages of a list: WordPress, Drupal, Joomla, SPIP.
const PAGE_KEYS: &[&str] = &["page", "paged", "start", "limitstart", "offset", "pg", "cpage"];

/// A source's selectors for its list page, compiled.
#[derive(Debug, Clone)]
pub struct ListRule {
    link: Selector,
    title: Option<Selector>,
    date: Option<Selector>,
}

impl ListRule {
    /// Returns the rule of the selectors of links and of dates; none when one is no valid CSS.
    #[must_use]
    pub fn new(link: &str, date: Option<&str>) -> Option<Self> {
        Some(Self {
            link: Selector::parse(link).ok()?,
            title: None,
            date: date.map(Selector::parse).transpose().ok()?,
        })
    }

    /// Compiles the selectors of the configuration.
    ///
    /// # Errors
    /// One `ConfigProblem` for each selector that is no valid CSS, with its place.
    pub fn compile(list: &ListPage) -> Result<Self, Vec<ConfigProblem>> {
        let mut problems = Vec::new();
        let mut compile_one = |selector: &Placed| {
            Selector::parse(selector.text.trim())
                .map_err(|error| problems.push(ConfigProblem::no_selector(selector, &error.to_string())))
                .ok()
        };
        let link = compile_one(&list.link);
        let title = list.title.as_ref().and_then(&mut compile_one);
        let date = list.date.as_ref().and_then(&mut compile_one);
        match link {
            Some(link) if problems.is_empty() => Ok(Self { link, title, date }),
            _ => Err(problems),
        }
    }
}

/// Reads the decoded page `text` by `rule`. A page without a single entry is a list with the problem `no-entries`, unless it is another kind of page,
/// such as a bot wall.
///
/// # Errors
/// [`NotAFeed`] says what the document is instead.
pub(super) fn read(text: &str, document: &Document<'_>, rule: &ListRule) -> Result<ParsedFeed, NotAFeed> {
    let limited = limit_page(text, MAX_PAGE_BYTES);
    let page = Html::parse_document(&limited.markup);
    let base = base(&page, document.url);
    let mut found = find_links(&page, rule, base.as_ref());
    let drafts = drafts(&page, rule, document, &mut found);
    if drafts.is_empty() {
        match classify::classify_markup(text, document.url) {
            NotAFeed::Html { .. } | NotAFeed::Unknown { .. } => {}
            other => return Err(other),
        }
    }
    Ok(ParsedFeed {
        kind: FeedKind::List,
        version: FeedKind::List.as_str().to_owned(),
        meta: meta(&page, document.url),
        problems: problems(&found, &drafts, limited.is_cut),
        entries: drafts,
        end: DocumentEnd::Whole,
    })
}

/// The links of a page that may be entries, and how many were left out for which reason.
#[derive(Default)]
struct FoundLinks<'a> {
    links: Vec<ListedLink<'a>>,
    /// The addresses of the entries, in the order of the page.
    addresses: Vec<Url>,
    selected: usize,
    of_other_sites: usize,
    untitled: usize,
    bad_date: Option<String>,
}

/// Returns the base of the page's addresses (HTML, 4.2.3).
pub(super) fn base(page: &Html, own: Option<&Url>) -> Option<Url> {
    let is_base = |element: &ElementRef<'_>| element.value().name() == "base";
    let mut elements = page.tree.root().descendants().filter_map(ElementRef::wrap);
    let stated = elements.find(is_base).and_then(|element| element.attr("href"));
    stated.and_then(|href| web_url(own, href)).or_else(|| own.cloned())
}

/// Returns what the page says of itself.
fn meta(page: &Html, own: Option<&Url>) -> FeedMeta {
    let mut elements = page.tree.root().descendants().filter_map(ElementRef::wrap);
    let title = elements.find(|element| element.value().name() == "title");
    FeedMeta {
        title: title.map(|title| plain_line(value::line(title))).unwrap_or_default(),
        link: own.cloned(),
        language: page.root_element().attr("lang").and_then(language_tag),
        ..FeedMeta::default()
    }
}

/// Returns the links that the rule selects, but for those that cannot be entries.
fn find_links<'a>(page: &'a Html, rule: &ListRule, base: Option<&Url>) -> FoundLinks<'a> {
    let mut found = FoundLinks::default();
    let mut candidates = Vec::new();
    for element in page.select(&rule.link).take(MAX_LINKS) {
        found.selected += 1;
        let Some((link, address)) = address(element, base) else { continue };
        if base.is_some_and(|base| !is_same_domain(base, &address)) {
            found.of_other_sites += 1;
        } else if !is_front_page(&address) && base.is_none_or(|base| !is_page_of_list(base, &address)) {
            candidates.push((element, link, address, is_in_navigation(element)));
        }
    }
    // Where everything stands in navigation, the navigation is the list.
    let keeps_all = candidates.iter().all(|(.., is_in_navigation)| *is_in_navigation);
    let mut numbers: HashMap<CanonicalUrl, usize> = HashMap::new();
    for (element, link, address, is_in_navigation) in candidates {
        if is_in_navigation && !keeps_all {
            continue;
        }
        let next = found.addresses.len();
        let entry = *numbers.entry(canonical(&address)).or_insert(next);
        if entry == next {
            found.addresses.push(address);
        }
        found.links.push(ListedLink { element, link, entry });
    }
    found
}

/// Returns the link that an element is, or has in it, with its address.
pub(super) fn address<'a>(element: ElementRef<'a>, base: Option<&Url>) -> Option<(ElementRef<'a>, Url)> {
    let mut all = element.descendants().filter_map(ElementRef::wrap);
    let link = all.find(|element| matches!(element.value().name(), "a" | "area") && element.attr("href").is_some())?;
    let href = link.attr("href")?.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let mut address = web_url(base, href)?;
    address.set_fragment(None);
    Some((link, address))
}

/// Returns whether an address is the list itself or a further page of it: the same path, but for `/page/2`, and a query that differs in the number of
/// the page only.
pub(super) fn is_page_of_list(list: &Url, address: &Url) -> bool {
    let query = |url: &Url| {
        let is_number = |key: &str| PAGE_KEYS.contains(&key) || key.starts_with("debut_");
        let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        pairs.retain(|(key, _)| !is_number(key));
        pairs
    };
    list.host() == address.host() && first_page(list.path()) == first_page(address.path()) && query(list) == query(address)
}

pub(super) fn is_front_page(address: &Url) -> bool {
    address.path() == "/" && address.query().is_none()
}

/// Returns the path of the first page of a list.
fn first_page(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match path.rsplit_once("/page/") {
        Some((list, number)) if is_number(number) => list,
        _ => path,
    }
}

/// Returns the entries of the list, each with the headline and the date that stand in its part of the page.
fn drafts(page: &Html, rule: &ListRule, document: &Document<'_>, found: &mut FoundLinks<'_>) -> Vec<EntryDraft> {
    let entries = Entries::new(page, &found.links);
    let mut drafts: Vec<EntryDraft> = found.addresses.iter().map(new_draft).collect();
    for (entry, element) in rule.title.iter().flat_map(|selector| entries.values(page, selector, false)) {
        if let Some(draft) = drafts.get_mut(entry).filter(|draft| draft.title.is_empty()) {
            draft.title = plain_line(value::line(element));
        }
    }
    let mut headlines: Vec<Headline> = drafts.iter().map(|_| Headline::default()).collect();
    for link in found.links.iter().filter(|link| drafts[link.entry].title.is_empty()) {
        headlines[link.entry].add(link.link);
    }
    for (draft, headline) in drafts.iter_mut().zip(headlines).filter(|(draft, _)| draft.title.is_empty()) {
        draft.title = plain_line(headline.text);
    }
    for (entry, element) in rule.date.iter().flat_map(|selector| entries.values(page, selector, true)) {
        let Some(draft) = drafts.get_mut(entry).filter(|draft| draft.published.is_none()) else {
            continue;
        };
        match value::date(element, document.timezone) {
            Ok(date) => draft.published = date,
            Err(text) => found.bad_date = Some(text),
        }
    }
    let before = drafts.len();
    drafts.retain(|draft| !draft.title.is_empty());
    found.untitled = before - drafts.len();
    drafts.truncate(MAX_LIST_ENTRIES);
    drafts
}

fn new_draft(address: &Url) -> EntryDraft {
    EntryDraft {
        link: Some(address.clone()),
        ..EntryDraft::default()
    }
}

fn problems(found: &FoundLinks<'_>, drafts: &[EntryDraft], is_cut: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    if is_cut {
        problems.push(Problem::new("page-cut", "the page is too large, and its beginning was read"));
    }
    if drafts.is_empty() {
        let what = match (found.selected, found.of_other_sites) {
            (0, _) => "no element matches `link` of its `list`".to_owned(),
            (_, 0) => format!(
                "none of the {} elements that `link` of its `list` matches is a link to an entry",
                found.selected
            ),
            (_, others) => format!(
                "{others} of the {} links that its `list` selects lead to other sites",
                found.selected
            ),
        };
        let remedy = "look at the markup of the page and try other selectors with `griot parse --source`";
        problems.push(Problem::new("no-entries", format!("{what}: {remedy}")));
    }
    if found.untitled > 0 && !drafts.is_empty() {
        problems.push(Problem::new(
            "untitled",
            format!("{} links without a headline were left out", found.untitled),
        ));
    }
    if found.addresses.len() - found.untitled > MAX_LIST_ENTRIES {
        problems.push(Problem::new(
            "too-many-entries",
            format!("only the first {MAX_LIST_ENTRIES} entries are kept"),
        ));
    }
    if let Some(text) = &found.bad_date {
        problems.push(Problem::new("bad-date", format!("cannot read the date \"{text}\"")));
    }
    problems
}

#[cfg(test)]
mod tests;
