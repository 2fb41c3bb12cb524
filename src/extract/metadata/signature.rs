//! The signature at the end of a text: a name in a line of its own.

use super::bylines;
use super::elements::line_text;
use super::person_name::is_person_name;
use crate::extract::normalize::element_text;
use scraper::{ElementRef, Html};

/// The longest signature, in bytes.
const MAX_SIGNATURE_BYTES: usize = 60;
/// How long the paragraphs before a signature are at least, and how many of them there are.
const MIN_PARAGRAPH_BYTES: usize = 80;
const MIN_PARAGRAPHS: usize = 2;
/// How many siblings before and behind a signature are looked at.
const MAX_SIBLINGS: usize = 12;
/// What may stand behind a signature in all: a date, an agency.
const MAX_BYTES_BEHIND: usize = 40;

/// Returns the signature at the end of the page's text.
pub(super) fn find_signature(document: &Html) -> Option<String> {
    document
        .root_element()
        .descendent_elements()
        .filter(|element| {
            matches!(
                element.value().name(),
                "p" | "div" | "strong" | "b" | "em" | "i" | "span" | "h4" | "h5" | "h6"
            )
        })
        .filter(|element| element.text().take(8).map(str::len).sum::<usize>() <= MAX_SIGNATURE_BYTES * 2)
        .filter(|element| ends_a_text(*element))
        .find_map(signature_of)
}

/// Returns the name in an element that is set apart as a signature.
fn signature_of(element: ElementRef<'_>) -> Option<String> {
    let line = line_text(element).filter(|line| line.len() <= MAX_SIGNATURE_BYTES)?;
    if bylines::is_byline_of_names(&line) {
        return Some(line);
    }
    let whole = |inner: &ElementRef<'_>| matches!(inner.value().name(), "strong" | "b" | "em" | "i") && element_text(*inner) == line;
    let is_set_apart = is_aligned_right(element) || whole(&element) || element.descendent_elements().take(4).any(|inner| whole(&inner));
    let name = line.trim_end_matches(['.', ' ']).trim_start_matches(['-', '–', '—', ' ']);
    (is_set_apart && is_person_name(name, 2) && name.split_whitespace().count() <= 4).then(|| name.to_owned())
}

fn is_aligned_right(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let style: String = value.attr("style").unwrap_or_default().split_whitespace().collect();
    let is_class = |class: &str| {
        let class = class.to_ascii_lowercase();
        [
            "signature",
            "text-right",
            "text-end",
            "align-right",
            "has-text-align-right",
            "alignright",
        ]
        .contains(&class.as_str())
    };
    value.attr("align") == Some("right")
        || style.contains("text-align:right")
        || style.contains("text-align:end")
        || value.classes().any(is_class)
}

/// Returns whether paragraphs stand before an element, and at most a date behind it.
fn ends_a_text(element: ElementRef<'_>) -> bool {
    let paragraphs = element
        .prev_siblings()
        .filter_map(ElementRef::wrap)
        .take(MAX_SIBLINGS)
        .filter(|before| matches!(before.value().name(), "p" | "div"))
        .filter(|before| before.text().map(|text| text.trim().len()).take(20).sum::<usize>() >= MIN_PARAGRAPH_BYTES)
        .count();
    if paragraphs < MIN_PARAGRAPHS {
        return false;
    }
    let behind = element
        .next_siblings()
        .take(MAX_SIBLINGS * 2)
        .map(|node| match ElementRef::wrap(node) {
            Some(behind) => behind.text().map(|text| text.trim().len()).take(20).sum(),
            None => node.value().as_text().map_or(0, |text| text.trim().len()),
        });
    behind.sum::<usize>() <= MAX_BYTES_BEHIND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(end: &str) -> Option<String> {
        let paragraph = format!("<p>{}</p>", "Le bac relie les deux rives du fleuve. ".repeat(4));
        find_signature(&Html::parse_document(&format!("<article>{}{end}</article>", paragraph.repeat(3))))
    }

    #[test]
    fn a_name_in_a_line_of_its_own_signs_the_text() {
        for end in [
            "<p><strong>Awa Diop</strong></p>",
            "<p style=\"text-align: right\">Awa Diop</p>",
            "<p align=right><em>Awa Diop.</em></p><p>5 mars 2021</p>",
            "<div class=signature>— Awa Diop</div>",
            "<strong>Awa Diop</strong>",
        ] {
            assert_eq!(signature(end).as_deref(), Some("Awa Diop"), "{end}");
        }
        assert_eq!(signature("<p>Par Awa Diop</p>").as_deref(), Some("Par Awa Diop"));
        for end in [
            "<p>Awa Diop</p>",
            "<p><strong>Lire Aussi</strong></p>",
            "<p><strong>Le bac repart</strong></p>",
            "<p>dit <strong>Awa Diop</strong></p>",
            "<p><strong>Awa Diop</strong></p><p>Elle a dit que le bac ne repartirait pas avant la fin du mois.</p>",
        ] {
            assert_eq!(signature(end), None, "{end}");
        }
    }
}
