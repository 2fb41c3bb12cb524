//! Quotes the text of a document in messages and lists.

use crate::text::html_to_text::html_to_line;

/// How much markup is read for each character of the line, in bytes.
const MAX_BYTES_PER_CHAR: usize = 64;

/// Returns `text`, which may hold markup, as one line of at most `max_chars` characters, without control
/// characters and characters that change the direction of text, which a terminal would obey.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    // Markup may be longer than its text.
    let window = &text[..text.floor_char_boundary(max_chars.saturating_mul(MAX_BYTES_PER_CHAR))];
    printable(&html_to_line(window), max_chars)
}

/// Returns `text`, which holds no markup, as [`one_line`] does.
pub(super) fn printable_line(text: &str, max_chars: usize) -> String {
    let window = &text[..text.floor_char_boundary(max_chars.saturating_mul(MAX_BYTES_PER_CHAR))];
    printable(&window.split_whitespace().collect::<Vec<_>>().join(" "), max_chars)
}

fn printable(line: &str, max_chars: usize) -> String {
    let is_printable = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut characters = line.trim().chars().filter(is_printable);
    let mut out: String = characters.by_ref().take(max_chars).collect();
    if characters.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}
