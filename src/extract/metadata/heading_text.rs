//! The text of a heading, without the labels and the links to itself that templates put into it.

use crate::extract::normalize::{collapse_whitespace, element_text};
use ego_tree::iter::Edge;
use scraper::ElementRef;

/// Words in the classes of labels beside a title: "Abonnés", "Exclusif", the section.
const LABEL_CLASS_WORDS: &[&str] = &[
    "abo",
    "abonne",
    "abonnes",
    "badge",
    "category",
    "chip",
    "eyebrow",
    "exclusive",
    "flag",
    "kicker",
    "label",
    "overline",
    "pill",
    "premium",
    "rubrique",
    "supertitle",
    "surtitre",
    "tag",
];
/// The longest label, in characters.
const MAX_LABEL_CHARS: usize = 32;
/// The longest text of a link to the heading itself, in characters.
const MAX_ANCHOR_CHARS: usize = 2;

/// Returns the texts of a heading: without labels first, then with them where there are some.
pub(super) fn heading_texts(heading: ElementRef<'_>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for skips_labels in [true, false] {
        let text = text_without(heading, |element| is_self_link(element) || (skips_labels && is_label(element)));
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// Returns the text of an element in one line, without the elements within it that `is_skipped`.
fn text_without(element: ElementRef<'_>, is_skipped: impl Fn(ElementRef<'_>) -> bool) -> String {
    let mut text = String::new();
    let mut skipped = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skipped.is_none() => {
                if let Some(part) = node.value().as_text() {
                    text.push_str(part);
                } else if node.id() != element.id() && ElementRef::wrap(node).is_some_and(&is_skipped) {
                    skipped = Some(node.id());
                }
            }
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            _ => {}
        }
    }
    collapse_whitespace(&text)
}

/// Returns whether an element is a link to its own heading, such as `¶` or `#`.
fn is_self_link(element: ElementRef<'_>) -> bool {
    element.value().name() == "a"
        && element.value().attr("href").is_some_and(|link| link.contains('#'))
        && element_text(element).chars().count() <= MAX_ANCHOR_CHARS
        && !element_text(element).chars().any(char::is_alphanumeric)
}

/// Returns whether an element is a label; words before a colon belong to the title.
fn is_label(element: ElementRef<'_>) -> bool {
    let is_marked = element.value().classes().any(|class| {
        let class = class.to_ascii_lowercase();
        class.split(['-', '_']).any(|word| LABEL_CLASS_WORDS.contains(&word))
    });
    let text = || element_text(element);
    is_marked && !text().ends_with(':') && text().chars().count() <= MAX_LABEL_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};

    fn texts(heading: &str) -> Vec<String> {
        let document = Html::parse_document(heading);
        let selector = Selector::parse("h1").expect("a selector");
        heading_texts(document.select(&selector).next().expect("a heading"))
    }

    #[test]
    fn labels_and_self_links_are_left_out() {
        for (heading, expected) in [
            ("<h1>L'eau <b>monte</b></h1>", &["L'eau monte"][..]),
            ("<h1>L'eau monte<a class=headerlink href=#x>¶</a></h1>", &["L'eau monte"]),
            ("<h1><a href=#x>#</a> L'eau monte</h1>", &["L'eau monte"]),
            ("<h1>Le langage C#</h1>", &["Le langage C#"]),
            (
                "<h1>L'eau monte <span class='label abo'>Abonnés</span></h1>",
                &["L'eau monte", "L'eau monte Abonnés"],
            ),
            (
                "<h1><span class=article__kicker>Kobé</span> L'eau monte</h1>",
                &["L'eau monte", "Kobé L'eau monte"],
            ),
            ("<h1><span class=kicker>Kobé :</span> l'eau monte</h1>", &["Kobé : l'eau monte"]),
            ("<h1><span class=title-label>L'eau monte</span></h1>", &["L'eau monte"]),
            ("<h1 class=label>L'eau monte</h1>", &["L'eau monte"]),
            ("<h1> </h1>", &[]),
        ] {
            assert_eq!(texts(heading), expected, "{heading}");
        }
    }
}
