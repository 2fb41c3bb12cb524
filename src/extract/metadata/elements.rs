//! What one element says: its text as one line, and its classes.

use crate::extract::normalize::element_text;
use aho_corasick::AhoCorasick;
use scraper::ElementRef;

/// The longest text of an element that is kept as a line.
const MAX_LINE_CHARS: usize = 200;

/// Returns a search for any of `parts`, in upper or lower case.
pub(super) fn any_of(parts: &[&str]) -> AhoCorasick {
    let mut builder = AhoCorasick::builder();
    builder
        .ascii_case_insensitive(true)
        .build(parts)
        .expect("the parts are few and short")
}

/// Returns the text of an element in one line, if it is not empty and at most [`MAX_LINE_CHARS`] long.
pub(super) fn line_text(element: ElementRef<'_>) -> Option<String> {
    // The length is checked before the text is joined, so that large elements cost no copy.
    let length: usize = element.text().map(str::len).take(60).sum();
    (length <= MAX_LINE_CHARS * 4)
        .then(|| element_text(element))
        .filter(|line| !line.is_empty() && line.chars().count() <= MAX_LINE_CHARS)
}

pub(super) fn has_class(element: ElementRef<'_>, names: &[&str]) -> bool {
    element
        .value()
        .classes()
        .any(|class| names.iter().any(|name| class.eq_ignore_ascii_case(name)))
}

pub(super) fn has_class_part(element: ElementRef<'_>, parts: &AhoCorasick) -> bool {
    let mut classes = element.value().classes();
    classes.any(|class| parts.is_match(class) && !class.to_ascii_lowercase().contains("update"))
}
