//! Recognises a paragraph that calls the reader to another article by its form: a label and one link, in any wording and any language.

use super::block::Block;
use crate::extract::normalize::element_text;
use scraper::ElementRef;

/// The longest label, in characters and in words.
const MAX_LABEL_CHARS: usize = 45;
const MAX_LABEL_WORDS: usize = 6;
/// The shortest text of the link, in words and in characters: the headline of an article.
const MIN_LINK_WORDS: usize = 3;
const MIN_LINK_CHARS: usize = 15;
/// The longest text after the link, in characters: a full stop, a quotation mark, an arrow.
const MAX_REST_CHARS: usize = 3;
/// The marks at the end of a label.
const LABEL_MARKS: &[char] = &[
    ':', '-', '–', '—', '|', '>', '»', '›', '►', '▶', '→', '➡', '👉', '⇒', '•', '*', '/', '：',
];

/// Returns whether a block is a label, such as `À relire :`, and one link. Items of lists, cells and notes are none: lists of documents and of sources are
/// a part of texts.
pub(super) fn is_label_with_link(block: &Block<'_>) -> bool {
    if block.links != 1 || !is_paragraph(block.parent) || block.chars > 400 {
        return false;
    }
    let Some(link) = block
        .elements()
        .find(|element| element.value().name() == "a" && element.value().attr("href").is_some())
    else {
        return false;
    };
    let target = link.value().attr("href").unwrap_or_default().trim();
    if target.starts_with('#') || target.starts_with("mailto:") || target.starts_with("tel:") {
        return false;
    }
    let title = element_text(link);
    let Some((label, rest)) = block.text.split_once(title.as_str()).filter(|_| !title.is_empty()) else {
        return false;
    };
    let is_title = title.chars().count() >= MIN_LINK_CHARS && has_words(&title, MIN_LINK_WORDS);
    let (label, rest) = (label.trim(), rest.trim());
    if !is_title || rest.chars().count() > MAX_REST_CHARS || rest.contains(char::is_alphanumeric) {
        return false;
    }
    if label.is_empty() || !label.contains(char::is_alphabetic) {
        return labelled_title(&title) || (!label.is_empty() && label.chars().all(|c| LABEL_MARKS.contains(&c) || c.is_whitespace()));
    }
    is_label(label)
}

/// Returns whether a line is a label: few words, and a mark or nothing but capitals.
fn is_label(line: &str) -> bool {
    let words = line.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let first = line.chars().find(|c| c.is_alphanumeric());
    line.chars().count() <= MAX_LABEL_CHARS
        && (1..=MAX_LABEL_WORDS).contains(&words)
        && first.is_some_and(char::is_alphabetic)
        && (line.ends_with(LABEL_MARKS) || is_capitals(line))
}

/// Returns whether the text of a link has the label within it, in capitals: `ÉCOUTER - Le derby est reporté`.
fn labelled_title(title: &str) -> bool {
    let Some((label, _)) = title.split_once(LABEL_MARKS) else {
        return false;
    };
    label.split_whitespace().count() <= 3 && is_capitals(label)
}

fn is_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 4 && letters().all(char::is_uppercase)
}

fn has_words(text: &str, least: usize) -> bool {
    text.split_whitespace().nth(least - 1).is_some()
}

/// Returns whether an element is a paragraph, not an item of a list, a cell, a note or a caption.
fn is_paragraph(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "p" | "div" | "h2" | "h3" | "h4" | "h5" | "h6" | "strong" | "b" | "em" | "span" | "section" | "aside" | "article" | "blockquote"
    )
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    fn is_call(html: &str) -> bool {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        assert_eq!(blocks.len(), 1, "{html}");
        is_label_with_link(&blocks[0])
    }

    #[test]
    fn a_label_and_a_link_are_a_call_in_any_language() {
        for html in [
            "<p><strong>À redécouvrir : <a href=/a>Le marché rouvre ses portes lundi</a></strong></p>",
            "<p>SEE MORE - <a href=/a>The market opens again on Monday</a>.</p>",
            "<p>WATCH <a href=/a>The market opens again on Monday</a></p>",
            "<p>طالع ايضا: <a href=/a>السوق يفتح أبوابه يوم الاثنين</a></p>",
            "<div>Duba kuma: <a href=/a>Kasuwa ta sake buɗewa ranar Litinin</a></div>",
            "<p>► <a href=/a>Le marché rouvre ses portes lundi</a></p>",
            "<p><span>→ </span><a href=/a>ÉCOUTER - Le marché rouvre lundi</a></p>",
        ] {
            assert!(is_call(html), "{html}");
        }
    }

    #[test]
    fn sentences_lists_and_notes_are_no_calls() {
        for html in [
            "<p>Le ministre a dit : <a href=/a>le marché rouvre ses portes lundi</a>, a rapporté la radio.</p>",
            "<p>Selon le communiqué publié hier soir par les services du gouverneur de la région, <a href=/a>le marché rouvre lundi</a></p>",
            "<li>Rapport : <a href=/a>Le marché rouvre ses portes lundi</a></li>",
            "<p>Note : <a href=#n1>le marché rouvre ses portes lundi</a></p>",
            "<p>Contact : <a href=mailto:a@b.example>la rédaction du journal du fleuve</a></p>",
            "<p>14 h 30 – <a href=/a>Le marché rouvre ses portes lundi</a></p>",
            "<p>Voir : <a href=/a>carte</a></p>",
            "<p><a href=/a>Le marché rouvre ses portes lundi</a></p>",
            "<p>Un : <a href=/a>le marché rouvre ses portes</a> <a href=/b>deux</a></p>",
        ] {
            assert!(!is_call(html), "{html}");
        }
    }
}
