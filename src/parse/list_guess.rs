//! Guesses by which selectors a page lists its entries: the headlines of a list are links that stand in elements of the same kind.

use super::document::Document;
use super::list_page::{
    ListRule, MAX_PAGE_BYTES, address, base, begins_with_call_to_read, date, headline, is_front_page, is_in_navigation, is_page_of_list,
    read,
};
use crate::html::complexity::limit_page;
use crate::model::canonical;
use crate::model::url::is_same_domain;

use scraper::{ElementRef, Html, Selector};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many entries make a list.
const MIN_ENTRIES: usize = 3;
/// The shortest text of a link that may be a headline, in characters and in words: those of menus are shorter.
const MIN_HEADLINE_CHARS: usize = 15;
const MIN_HEADLINE_WORDS: usize = 3;
/// The longest text that counts for a headline, in characters.
const MAX_HEADLINE_CHARS: usize = 120;
/// The most links that are looked at.
const MAX_LINKS: usize = 2_000;
/// How many elements around a link its selector names at most.
const MAX_STEPS: usize = 4;
/// The longest text of an element in which a date is looked for, in bytes.
const MAX_DATE_BYTES: usize = 300;
/// The most elements in which dates are looked for, and the most selectors of them that are tried.
const MAX_ELEMENTS: usize = 10_000;
const MAX_DATE_SELECTORS: usize = 6;
/// What the elements of dates are selected by on most sites, the surest first.
const DATES: [&str; 8] = [
    "time",
    ".entry-date",
    ".post-date",
    ".published",
    ".date",
    "[class*='date']",
    "[class*='created']",
    "small",
];

/// The selectors of a list page, as a source's `list` has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListGuess {
    /// That of the links of its entries.
    pub link: String,
    /// That of their dates; none where no usual one finds dates.
    pub date: Option<String>,
    /// How many entries they find.
    pub entries: usize,
}

/// Returns the selectors by which the decoded page `text` seems to list its entries, with that of their links where it is known; none where it seems to be
/// no list.
pub(super) fn guess(text: &str, document: &Document<'_>, link: Option<&str>) -> Option<ListGuess> {
    match link {
        Some(link) => with_date(text, document, link.to_owned()),
        None => guess_of(text, document, MIN_ENTRIES),
    }
}

/// Returns the guess for a list that has so many entries at least.
fn guess_of(text: &str, document: &Document<'_>, min_entries: usize) -> Option<ListGuess> {
    let page = Html::parse_document(&limit_page(text, MAX_PAGE_BYTES).markup);
    let link = best_link(&page, document, min_entries, false).or_else(|| best_link(&page, document, min_entries, true))?;
    with_date(text, document, link).filter(|guess| guess.entries >= min_entries)
}

/// Returns the selector of the links with that of their dates; none where it finds no entry.
fn with_date(text: &str, document: &Document<'_>, link: String) -> Option<ListGuess> {
    let found = |date: Option<&str>| {
        let rule = ListRule::new(&link, date)?;
        Some(read(text, document, &rule).ok()?.entries)
    };
    let entries = found(None)?.len();
    let dated = |date: &str| found(Some(date)).map_or(0, |entries| entries.iter().filter(|entry| entry.published.is_some()).count());
    let usual = DATES.iter().copied().find(|date| dated(date) * 2 > entries).map(str::to_owned);
    let date = usual.or_else(|| {
        let others = date_selectors(text, document).into_iter().map(|date| (dated(&date), date));
        let best = others.rev().max_by_key(|(count, _)| *count);
        best.filter(|(count, _)| count * 2 > entries).map(|(_, date)| date)
    });
    (entries > 0).then_some(ListGuess { link, date, entries })
}

/// Returns the selectors of the elements in which dates stand, those of the most elements first.
fn date_selectors(text: &str, document: &Document<'_>) -> Vec<String> {
    let page = Html::parse_document(&limit_page(text, MAX_PAGE_BYTES).markup);
    let is_date = |element: &ElementRef<'_>| {
        let mut room = MAX_DATE_BYTES;
        let is_short = element.text().all(|text| {
            let fits = text.len() <= room;
            room = room.saturating_sub(text.len());
            fits
        });
        is_short && element.text().any(|text| text.contains(char::is_numeric)) && matches!(date(*element, document.timezone), Ok(Some(_)))
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let elements = page.tree.root().descendants().filter_map(ElementRef::wrap);
    for element in elements.take(MAX_ELEMENTS).filter(is_date) {
        // The smallest element says it best.
        let holds_smaller = element
            .descendants()
            .skip(1)
            .filter_map(ElementRef::wrap)
            .any(|inner| is_date(&inner));
        if !holds_smaller && let Some(selector) = selector(element) {
            *counts.entry(selector).or_default() += 1;
        }
    }
    let mut selectors: Vec<(String, usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    selectors.sort_by_key(|(_, count)| Reverse(*count));
    selectors
        .into_iter()
        .take(MAX_DATE_SELECTORS)
        .map(|(selector, _)| selector)
        .collect()
}

/// Returns the selector whose links have the most text of headlines, among those in navigation too where `takes_navigation`.
fn best_link(page: &Html, document: &Document<'_>, min_entries: usize, takes_navigation: bool) -> Option<String> {
    let base = base(page, document.url)?;
    let all = Selector::parse("a[href]").ok()?;
    let mut groups: BTreeMap<String, (BTreeSet<_>, usize, usize)> = BTreeMap::new();
    for element in page.select(&all).take(MAX_LINKS) {
        let Some((_, url)) = address(element, Some(&base)) else { continue };
        let is_entry = is_same_domain(&base, &url) && !is_front_page(&url) && !is_page_of_list(&base, &url);
        if !is_entry || is_in_frame(element) || !takes_navigation && is_in_navigation(element) {
            continue;
        }
        let headline = headline(element);
        let chars = headline.chars().count();
        if chars < MIN_HEADLINE_CHARS || headline.split(' ').count() < MIN_HEADLINE_WORDS || begins_with_call_to_read(&headline) {
            continue;
        }
        let Some(selector) = selector(element) else { continue };
        let (urls, in_headings, length) = groups.entry(selector).or_default();
        if urls.insert(canonical(&url)) {
            *in_headings += usize::from(is_heading(element));
            *length += chars.min(MAX_HEADLINE_CHARS);
        }
    }
    let lists = groups.into_iter().filter(|(_, (urls, ..))| urls.len() >= min_entries);
    // A heading is a headline; what else is as long may be a summary.
    let rank = |urls: &BTreeSet<_>, in_headings: usize, length: usize| if in_headings * 2 > urls.len() { length * 2 } else { length };
    let best = lists.max_by_key(|(_, (urls, in_headings, length))| rank(urls, *in_headings, *length));
    best.map(|(selector, _)| selector)
}

/// Returns whether a link stands in a heading, or has one in it.
fn is_heading(link: ElementRef<'_>) -> bool {
    let around = link.ancestors().filter_map(ElementRef::wrap).take(MAX_STEPS);
    let within = link.descendants().filter_map(ElementRef::wrap);
    around
        .chain(within)
        .any(|element| matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
}

/// Returns whether an element stands in the frame of its site.
fn is_in_frame(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().filter_map(ElementRef::wrap);
    around.any(|element| matches!(element.value().name(), "footer" | "aside" | "form"))
}

/// Returns a selector of the elements that are of the kind of `link`: its tag, its class or those of the elements around it, up to the first with a
/// class or an id.
fn selector(link: ElementRef<'_>) -> Option<String> {
    let around = link.ancestors().filter_map(ElementRef::wrap);
    let mut steps = Vec::new();
    for element in std::iter::once(link).chain(around).take(MAX_STEPS) {
        let name = element.value().name();
        if matches!(name, "body" | "html") {
            break;
        }
        if let Some(mark) = mark(element) {
            // What stands between the entries has a class mostly: names of authors, buttons.
            if steps == ["a"] {
                steps = vec!["a:not([class])".to_owned()];
            }
            steps.push(format!("{name}{mark}"));
            break;
        }
        // A `div` or `span` without a class says nothing.
        if !matches!(name, "div" | "span") {
            steps.push(name.to_owned());
        }
    }
    steps.reverse();
    (!steps.is_empty()).then(|| steps.join(" "))
}

/// Returns the first class or the id of an element that needs no escaping, and no number: a number is that of one entry, not of its kind.
fn mark(element: ElementRef<'_>) -> Option<String> {
    let is_plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
    };
    let class = element
        .value()
        .classes()
        .find(|class| is_plain(class))
        .map(|class| format!(".{class}"));
    let is_link = element.value().name() == "a";
    class.or_else(|| {
        element
            .value()
            .id()
            .filter(|id| is_plain(id) && !is_link)
            .map(|id| format!("#{id}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::html::charset::{self, Syntax};
    use std::path::Path;
    use url::Url;

    fn guessed(html: &str) -> Option<ListGuess> {
        let url = Url::parse("https://garde.example/actualites").expect("a URL");
        let document = Document {
            bytes: html.as_bytes(),
            url: Some(&url),
            ..Document::default()
        };
        guess(html, &document, None)
    }

    #[test]
    fn the_entries_of_each_shape_of_the_corpus_are_found_without_a_rule() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/lists");
        let (mut wrong, mut dated) = (Vec::new(), 0);
        for case in std::fs::read_dir(folder).expect("the corpus") {
            let case = case.expect("a folder").path();
            let text = std::fs::read_to_string(case.join("source.toml")).expect("a source");
            let config = config::from_str(Path::new("source.toml"), &text).expect("a source");
            let source = &config.sources[0];
            let bytes = std::fs::read(case.join("page.html")).expect("a page");
            let document = Document {
                bytes: &bytes,
                url: source.urls.first(),
                timezone: source.timezone.as_deref(),
                ..Document::default()
            };
            let page = charset::decode(&bytes, source.charset.as_deref(), None, Syntax::Html).text;
            let rule = ListRule::compile(source.list.as_ref().expect("a list")).expect("selectors");
            let links = |rule: &ListRule| -> BTreeMap<_, _> {
                let feed = read(&page, &document, rule).expect("a list");
                feed.entries.into_iter().map(|entry| (entry.link, entry.published)).collect()
            };
            let Some(guess) = guess_of(&page, &document, 2) else {
                wrong.push(format!("{}: no list", case.display()));
                continue;
            };
            let compiled = ListRule::new(&guess.link, guess.date.as_deref()).expect("selectors");
            let (found, mut wanted) = (links(&compiled), links(&rule));
            // A line above several entries may not be found.
            if guess.date.is_none() {
                for date in wanted.values_mut() {
                    *date = None;
                }
            }
            if found != wanted {
                wrong.push(format!("{}: {guess:?} {found:?} instead of {wanted:?}", case.display()));
            }
            dated += usize::from(guess.date.is_some());
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(dated, 5);
    }

    /// Returns the selectors for a page of four entries, and the first entry that they find.
    fn of_entries(entry: impl Fn(usize) -> String) -> (String, Option<String>, String, bool) {
        let html: String = (1..5).map(entry).collect::<Vec<_>>().concat();
        let guess = guessed(&html).expect("a list");
        let url = Url::parse("https://garde.example/actualites").expect("a URL");
        let document = Document {
            bytes: html.as_bytes(),
            url: Some(&url),
            ..Document::default()
        };
        let rule = ListRule::new(&guess.link, guess.date.as_deref()).expect("selectors");
        let entries = read(&html, &document, &rule).expect("a list").entries;
        assert_eq!(entries.len(), 4, "{html}");
        let first = entries.into_iter().next().expect("an entry");
        (guess.link, guess.date, first.title, first.published.is_some())
    }

    #[test]
    fn the_headline_is_linked_more_often_than_once() {
        let more = |words: &str| {
            of_entries(|number| {
                let title = format!("Le gouvernement {number} décide de tout");
                format!(
                    "<article class=card><h2 class=entry-title><a href=/{number}>{title}</a></h2><p>Un long résumé de ce qui a été décidé.</p>\
                     <a class=more-link href=/{number}>{words} {title}, puis encore des mots</a></article>"
                )
            })
        };
        for words in [
            "Lire la suite",
            "Lire la suite :",
            "Continuer la lecture «",
            "Read more:",
            "اقرأ المزيد",
        ] {
            let (link, _, title, _) = more(words);
            assert_eq!(
                (link.as_str(), title.as_str()),
                ("h2.entry-title a:not([class])", "Le gouvernement 1 décide de tout"),
                "{words}"
            );
        }
        let (link, _, title, _) = of_entries(|number| {
            format!(
                "<article class=carte><h3><a href=/{number}>Le bac {number} repart lundi</a></h3>\
                 <p class=chapo><a href=/{number}>Un autre texte lié, {number} fois aussi long</a></p></article>"
            )
        });
        assert_eq!((link.as_str(), title.as_str()), ("article.carte h3 a", "Le bac 1 repart lundi"));
        let (link, _, title, has_date) = of_entries(|number| {
            format!(
                "<a href=/{number}><div class=t>Le bac {number} repart à Sikasso</div><div class=date>28 février 2026</div><div class=r>Un résumé long.</div></a>"
            )
        });
        assert_eq!((title.as_str(), has_date), ("Le bac 1 repart à Sikasso", true), "{link}");
    }

    #[test]
    fn dates_are_found_wherever_they_stand() {
        let link = |number: usize| format!("<a href=/{number}>Communiqué {number} de la garde nationale</a>");
        let shapes: [(&str, &dyn Fn(usize) -> String); 5] = [
            ("a cell", &|number| {
                format!(
                    "<table><tr><td><font>{number}.02.2026</font></td><td class=titre>{}</td></tr></table>",
                    link(number)
                )
            }),
            ("a class", &|number| {
                format!(
                    "<div class=khabar><h4>{}</h4><span class=tarikh>السبت، ٢{number} فبراير ٢٠٢٦</span></div>",
                    link(number)
                )
            }),
            ("a line", &|number| format!("<ul><li>{number}/02/2026 : {}</li></ul>", link(number))),
            ("a paragraph", &|number| {
                format!(
                    "<div class=actu><h3>{}</h3><p>Publié le samedi 2{number} février 2026 à 10h30</p></div>",
                    link(number)
                )
            }),
            ("brackets", &|number| {
                format!("<ul><li>{} (<i>2{number} février 2026</i>)</li></ul>", link(number))
            }),
        ];
        for (name, entry) in shapes {
            let (link, date, _, has_date) = of_entries(entry);
            assert!(has_date, "{name}: {link} {date:?}");
        }
    }

    #[test]
    fn menus_and_single_articles_are_no_list() {
        let link = |path: &str, text: &str| format!("<li><a href=/{path}>{text}</a></li>");
        let menu: String = (0..9).map(|number| link(&number.to_string(), "Nos missions")).collect();
        assert_eq!(guessed(&format!("<ul class=rubriques>{menu}</ul>")), None);
        let headline = "La patrouille est rentrée au poste";
        let two = link("a", headline) + &link("b", headline);
        assert_eq!(guessed(&format!("<ul class=actus>{two}</ul>")), None);
        let three = two + &link("c", headline);
        let list = guessed(&format!("<ul class='x42 actus'>{three}</ul>")).expect("a list");
        assert_eq!((list.link.as_str(), list.date, list.entries), ("ul.actus li a", None, 3));
        assert_eq!(guessed(&format!("<footer><ul class=actus>{three}</ul></footer>")), None);
        let foreign = three.replace("href=/", "href=https://other.example/");
        assert_eq!(guessed(&format!("<ul class=actus>{foreign}</ul>")), None);
    }
}
