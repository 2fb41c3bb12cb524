//! Removes what no reader of a page sees: elements that attributes, inline styles, known classes or the page's style sheets hide. Where most of
//! the page's text would go, what holds it stays: scripts show it.
//!
//! Facts in markup (`meta`, dates in `time`, microdata) stay for the readers of metadata, in a `template`, which has no text.

use crate::html::style_rules::{StyleRules, hides};
use crate::model::html_elements::{is_block, is_table_part};
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Classes of elements that are for screen readers only.
const SCREEN_READER_CLASSES: &[&str] = &[
    "a11y-hidden",
    "a11y-only",
    "assistive-text",
    "element-invisible",
    "hidden-accessible",
    "hidden-visually",
    "off-screen",
    "offscreen",
    "screen-reader",
    "screen-reader-only",
    "screen-reader-text",
    "screen-readers-only",
    "screenreader",
    "screenreader-only",
    "screenreader-text",
    "show-for-sr",
    "sr-only",
    "sr-text",
    "sronly",
    "ui-helper-hidden-accessible",
    "visually-hidden",
    "visuallyhidden",
];
/// A text of at least so many characters, few of them links, is a long paragraph.
const MIN_PARAGRAPH_CHARS: usize = 80;
/// How often hidden elements are looked for within those that stay.
const MAX_ROUNDS: usize = 4;
/// An element with `aria-hidden` and fewer letters and digits than this shows an icon, a mark or the first letter of a word.
const MIN_ARIA_HIDDEN_LETTERS: usize = 4;
/// How many characters of such an element are inspected.
const MAX_INSPECTED_CHARS: usize = 1000;
/// A hidden element with at most so many bytes of text may hold facts about the article.
const MAX_FACTS_BYTES: usize = 200;
/// Words in the names of an element that a button opens: the rest of the text.
const COLLAPSE_WORDS: &[&str] = &[
    "more",
    "suite",
    "collapse",
    "collapsed",
    "collapsible",
    "accordion",
    "expand",
    "readmore",
    "rest",
    "toggle",
    "truncated",
];
/// The longest value of an attribute that is a name, in bytes.
const MAX_NAME_BYTES: usize = 60;
/// The length of the sequences by which a hidden text is compared with what is visible, in words.
const SHINGLE_WORDS: usize = 5;
/// How many paragraphs such an element has at least.
const MIN_COLLAPSED_PARAGRAPHS: usize = 2;

/// Removes what no reader sees from `document`. What `shown` selects, and what is around it, is seen.
pub(super) fn remove_hidden(document: &mut Html, styles: &StyleRules, shown: Option<&Selector>) {
    let mut exempt: HashSet<NodeId> = HashSet::new();
    for element in shown.iter().flat_map(|selector| document.select(selector)) {
        for node in std::iter::once(*element).chain(element.ancestors()) {
            if !exempt.insert(node.id()) && node.id() != element.id() {
                break;
            }
        }
    }
    for _ in 0..MAX_ROUNDS {
        let mut walk = Walk::new(styles, &exempt);
        walk.element(document.root_element(), 0, None, false);
        let kept = walk.kept_roots();
        if kept.is_empty() {
            let roots: Vec<NodeId> = walk.roots.iter().map(|root| root.id).collect();
            for id in roots {
                remove(document, id);
            }
            return;
        }
        exempt.extend(kept);
    }
}

/// Returns whether a document has a long paragraph.
pub(super) fn has_paragraphs(document: &Html) -> bool {
    let (styles, exempt) = (StyleRules::default(), HashSet::new());
    let mut walk = Walk::new(&styles, &exempt);
    walk.element(document.root_element(), 0, None, false);
    walk.paragraphs
        .iter()
        .any(|paragraph| paragraph.is_long() && paragraph.root.is_none())
}

/// An element that is hidden, but not by one around it.
struct HiddenRoot {
    id: NodeId,
    /// Whether its names say that a button opens it.
    is_collapse: bool,
}

/// A text between two blocks, as far as it is hidden by the same element.
struct Paragraph {
    text: String,
    chars: usize,
    link_chars: usize,
    /// The index of the element that hides it.
    root: Option<usize>,
}

impl Paragraph {
    fn is_long(&self) -> bool {
        self.chars >= MIN_PARAGRAPH_CHARS && self.link_chars * 3 < self.chars
    }
}

/// A walk over a document that finds what is hidden.
struct Walk<'w> {
    styles: &'w StyleRules,
    exempt: &'w HashSet<NodeId>,
    roots: Vec<HiddenRoot>,
    paragraphs: Vec<Paragraph>,
}

impl<'w> Walk<'w> {
    fn new(styles: &'w StyleRules, exempt: &'w HashSet<NodeId>) -> Self {
        let mut walk = Self {
            styles,
            exempt,
            roots: Vec::new(),
            paragraphs: Vec::new(),
        };
        walk.begin_paragraph(None);
        walk
    }

    fn begin_paragraph(&mut self, root: Option<usize>) -> usize {
        self.paragraphs.push(Paragraph {
            chars: 0,
            link_chars: 0,
            text: String::new(),
            root,
        });
        self.paragraphs.len() - 1
    }

    /// Adds the content of an element to the paragraph at index `paragraph`; returns the paragraph that what follows it belongs to. It recurses:
    /// the depth of a page is bounded before it is parsed.
    fn element(&mut self, element: ElementRef<'_>, mut paragraph: usize, root: Option<usize>, in_link: bool) -> usize {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    let own = &mut self.paragraphs[paragraph];
                    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
                    own.text.push_str(text);
                    own.chars += chars;
                    own.link_chars += if in_link { chars } else { 0 };
                }
                Node::Element(value) if !matches!(value.name(), "head" | "script" | "style" | "template") => {
                    let Some(inner) = ElementRef::wrap(child) else { continue };
                    let is_new_root = root.is_none() && !self.exempt.contains(&child.id()) && self.is_hidden(inner);
                    let inner_root = if is_new_root {
                        self.roots.push(HiddenRoot {
                            id: child.id(),
                            is_collapse: is_collapse(value),
                        });
                        Some(self.roots.len() - 1)
                    } else {
                        root
                    };
                    let in_link = in_link || value.name() == "a";
                    if is_block(value.name()) || is_table_part(value.name()) || value.name() == "br" {
                        let inner_paragraph = self.begin_paragraph(inner_root);
                        self.element(inner, inner_paragraph, inner_root, in_link);
                        paragraph = self.begin_paragraph(root);
                    } else if is_new_root {
                        let inner_paragraph = self.begin_paragraph(inner_root);
                        self.element(inner, inner_paragraph, inner_root, in_link);
                    } else {
                        paragraph = self.element(inner, paragraph, inner_root, in_link);
                    }
                }
                _ => {}
            }
        }
        paragraph
    }

    fn is_hidden(&self, element: ElementRef<'_>) -> bool {
        let value = element.value();
        // The whole page is never hidden, and a headline for search engines is the headline.
        // A text behind a paywall is shown to some; whether there is one is decided elsewhere.
        if matches!(value.name(), "html" | "body" | "h1") || value.classes().any(|class| class == "paywall") {
            return false;
        }
        if value.name() == "dialog" && value.attr("open").is_none() {
            return true;
        }
        if value.attrs.is_empty() {
            return false;
        }
        value
            .attr("hidden")
            .is_some_and(|kind| !kind.trim().eq_ignore_ascii_case("until-found"))
            || value.attr("style").is_some_and(|style| hides(style) == Some(true))
            || (value.classes().any(is_screen_reader_class) && has_letters(element, 1))
            || self.styles.hide(value.name(), value.id(), value.classes())
            || (value
                .attr("aria-hidden")
                .is_some_and(|state| state.trim().eq_ignore_ascii_case("true"))
                && is_aria_hidden_text(element))
    }

    /// Returns the hidden elements that stay, as they hold most of the page's text or the rest of it. None stays when the others may go.
    fn kept_roots(&self) -> Vec<NodeId> {
        let long = || self.paragraphs.iter().filter(|paragraph| paragraph.is_long());
        let mut own_paragraphs = vec![0; self.roots.len()];
        let (mut visible_chars, mut hidden_chars) = (0, 0);
        if long().any(|paragraph| paragraph.root.is_some()) {
            let mut seen: HashSet<u64> = HashSet::new();
            for paragraph in long().filter(|paragraph| paragraph.root.is_none()) {
                visible_chars += paragraph.chars;
                seen.extend(shingles(&paragraph.text));
            }
            for paragraph in long() {
                let Some(root) = paragraph.root else { continue };
                // A copy for other screens or for search engines does not count.
                let (mut all, mut repeated) = (0, 0);
                for shingle in shingles(&paragraph.text) {
                    all += 1;
                    repeated += usize::from(!seen.insert(shingle));
                }
                if repeated * 2 <= all {
                    hidden_chars += paragraph.chars;
                    own_paragraphs[root] += 1;
                }
            }
        }
        let is_most = hidden_chars > visible_chars;
        let stays = |(root, paragraphs): &(&HiddenRoot, usize)| {
            (is_most && *paragraphs > 0) || (root.is_collapse && visible_chars > 0 && *paragraphs >= MIN_COLLAPSED_PARAGRAPHS)
        };
        self.roots
            .iter()
            .zip(own_paragraphs)
            .filter(stays)
            .map(|(root, _)| root.id)
            .collect()
    }
}

/// Returns a hash of each sequence of [`SHINGLE_WORDS`] words.
fn shingles(text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let count = words.len().saturating_sub(SHINGLE_WORDS - 1).max(1);
    (0..count).map(move |at| {
        let mut hasher = DefaultHasher::new();
        words[at..words.len().min(at + SHINGLE_WORDS)].hash(&mut hasher);
        hasher.finish()
    })
}

fn is_screen_reader_class(class: &str) -> bool {
    // Design systems put a prefix before the usual names.
    ["visually-hidden", "sr-only"].iter().any(|end| {
        class.len() >= end.len()
            && class.is_char_boundary(class.len() - end.len())
            && class[class.len() - end.len()..].eq_ignore_ascii_case(end)
    }) && !class.to_ascii_lowercase().starts_with("not-")
        || SCREEN_READER_CLASSES.iter().any(|known| class.eq_ignore_ascii_case(known))
}

/// Returns whether an element with `aria-hidden` is text that is not for readers: no icon, and not the visible form of a text for screen
/// readers.
fn is_aria_hidden_text(element: ElementRef<'_>) -> bool {
    if !has_letters(element, MIN_ARIA_HIDDEN_LETTERS) {
        return false;
    }
    let is_spoken = |node: Option<NodeRef<'_, Node>>| {
        let element = node.and_then(|node| node.value().as_element());
        element.is_some_and(|element| element.classes().any(is_screen_reader_class) || matches!(element.name(), "math"))
    };
    is_block(element.value().name()) || !(is_spoken(element.next_sibling()) || is_spoken(element.prev_sibling()))
}

/// Returns whether an element begins with a text that has so many letters and digits.
fn has_letters(element: ElementRef<'_>, count: usize) -> bool {
    let mut letters = element
        .text()
        .flat_map(str::chars)
        .take(MAX_INSPECTED_CHARS)
        .filter(|c| c.is_alphanumeric());
    letters.nth(count - 1).is_some()
}

fn is_collapse(element: &Element) -> bool {
    let is_word = |part: &str| COLLAPSE_WORDS.iter().any(|word| part.eq_ignore_ascii_case(word));
    let is_name = |name: &str| matches!(name, "class" | "id" | "role") || name.starts_with("data-");
    let mut names = element
        .attrs()
        .filter(|(name, value)| is_name(name) && value.len() <= MAX_NAME_BYTES);
    names.any(|(_, value)| value.split(['-', '_', ' ']).any(is_word))
}

/// Removes an element, but not the facts in it.
fn remove(document: &mut Html, id: NodeId) {
    let Some(root) = document.tree.get(id).and_then(ElementRef::wrap) else {
        return;
    };
    let is_short = root.text().map(str::len).take(MAX_FACTS_BYTES).sum::<usize>() <= MAX_FACTS_BYTES;
    let facts: Vec<NodeId> = root
        .descendent_elements()
        .filter(|element| is_fact(element.value(), is_short))
        .map(|element| element.id())
        .collect();
    let mut name = root.value().name.clone();
    name.local = "template".into();
    if !facts.is_empty()
        && let Some(mut node) = document.tree.get_mut(id)
    {
        let mut template = node.insert_before(Node::Element(Element::new(name, Vec::new())));
        for fact in &facts {
            template.append_id(*fact);
        }
        if facts.contains(&id) {
            return;
        }
    }
    if let Some(mut node) = document.tree.get_mut(id) {
        node.detach();
    }
}

/// Returns whether an element holds a fact about the page in its markup.
fn is_fact(element: &Element, is_short: bool) -> bool {
    match element.name() {
        "meta" | "link" | "script" => true,
        "time" => is_short && element.attr("datetime").is_some(),
        _ => {
            is_short
                && element
                    .attr("itemprop")
                    .is_some_and(|property| !matches!(property, "articleBody" | "text"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str =
        "Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs, et l’eau y coule.";
    const OTHER: &str = "Les éleveurs de la vallée demandent depuis trois ans un vaccin pour leurs troupeaux, que la région promet avant les pluies de juin.";

    fn visible(html: &str, css: &str) -> String {
        let mut styles = StyleRules::default();
        styles.add(css, None);
        let mut document = Html::parse_document(html);
        remove_hidden(&mut document, &styles, None);
        ElementRef::wrap(*document.root_element())
            .map(|root| root.inner_html())
            .unwrap_or_default()
            .replace("<head></head>", "")
    }

    #[test]
    fn what_no_reader_sees_is_removed() {
        for hidden in [
            "<p hidden>x caché</p>",
            "<p style='Display : NONE !important'>x caché</p>",
            "<p style='color:red;visibility:hidden'>x caché</p>",
            "<div aria-hidden=true><p>x caché</p></div>",
            "<p class='a screen-reader-text'>x caché</p>",
            "<span class=u-visually-hidden>x caché</span>",
            "<p class=zq>x caché</p>",
            "<div id=zi>x caché</div>",
            "<dialog>x caché</dialog>",
        ] {
            let html = format!("<p>{LONG}</p>{hidden}");
            assert_eq!(
                visible(&html, ".zq,#zi{display:none}"),
                format!("<body><p>{LONG}</p></body>"),
                "{hidden}"
            );
        }
        let inline = format!("<p>{LONG} fleu<span style=display:none>caché</span>ve</p>");
        assert_eq!(visible(&inline, ""), format!("<body><p>{LONG} fleuve</p></body>"));
    }

    #[test]
    fn what_readers_see_stays() {
        for seen in [
            "<p hidden=\"until-found\">x</p>",
            "<p aria-hidden=\"false\">mots</p>",
            "<span aria-hidden=\"true\">L</span>e fleuve",
            "<b aria-hidden=\"true\">5 heures</b>",
            "<dialog open=\"\">x</dialog>",
            "<h1 class=\"sr-only\">Le puits</h1>",
            "<p class=\"not-sr-only\">x</p>",
            "Sport<i class=\"visually-hidden\">:</i> Le derby",
            "<p aria-hidden=\"true\" class=\"paywall\">La suite</p>",
        ] {
            let html = format!("<p>{LONG}</p>{seen}").replace("</b>", "</b><i class=\"sr-only\">:</i>");
            assert_eq!(visible(&html, ""), format!("<body>{html}</body>"), "{seen}");
        }
    }

    #[test]
    fn most_of_the_text_stays() {
        let html = format!("<p>{LONG}</p><div style=\"display:none\"><p>{OTHER} Fin.</p><p hidden>caché</p></div>");
        assert!(visible(&html, "").contains("Fin.") && !visible(&html, "").contains("caché"));
        let html = format!("<p class=r>{LONG}</p><p class=r>{OTHER}</p><p class=sr-only>caché</p>");
        let found = visible(&html, ".r{visibility:hidden}");
        assert!(found.contains(LONG) && found.contains(OTHER) && !found.contains("caché"));
        let copy = format!("<p>{LONG}</p><p>{OTHER}</p><div hidden>{LONG} {OTHER} {LONG}</div>");
        assert!(!visible(&copy, "").contains("<div"));
        let more = format!(
            "<p>{LONG} {LONG} {LONG}</p><div class=read-more hidden><p>{OTHER}</p><p>{LONG} Bis {OTHER} Ter un deux trois.</p></div>"
        );
        assert!(!visible(&more, "").contains("Ter un"), "the second repeats most of what is above");
    }

    #[test]
    fn facts_in_hidden_markup_stay() {
        let html =
            format!("<p>{LONG}</p><div style=display:none>Par Awa <time datetime=2026-01-02>hier</time><meta itemprop=x content=y></div>");
        let found = visible(&html, "");
        assert!(
            found.contains("<template><time datetime=\"2026-01-02\">hier</time><meta"),
            "{found}"
        );
        assert!(!found.contains("Awa"), "{found}");
    }

    #[test]
    fn what_the_source_selects_stays() {
        let mut document = Html::parse_document(&format!("<p>{LONG}</p><div hidden><p id=a>texte <i hidden>caché</i></p></div>"));
        let selector = Selector::parse("#a").expect("a selector");
        remove_hidden(&mut document, &StyleRules::default(), Some(&selector));
        let text: String = document.root_element().text().collect();
        assert!(text.contains("texte") && !text.contains("caché"));
    }
}
