//! Foreign text that is safe to print on a terminal, and columns.

use crate::model::Timestamp;
use crate::text::messages::Messages;

/// Makes foreign text safe for a terminal: control characters, and those that change the direction of what follows, become U+FFFD.
/// The direction marks that Arabic text needs stay.
#[must_use]
pub fn escape_controls(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// Returns the date of an entry in a time zone, and its title, in one line with columns.
#[must_use]
pub fn dated_title(date: Option<Timestamp>, zone: &str, title: &str, messages: Messages) -> String {
    let date = date.map_or_else(|| messages.translate("no date").into_owned(), |date| date.local(zone));
    format!("{date:<20} {}", escape_controls(title))
}

/// Cuts `text` to `width` characters, or fills it with spaces.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    let text = escape_controls(text);
    let length = text.chars().count();
    if length <= width {
        return text + &" ".repeat(width - length);
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_drive_the_terminal() {
        assert_eq!(escape_controls("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(escape_controls("a\u{202e}b\u{2067}c\u{200f}"), "a\u{fffd}b\u{fffd}c\u{200f}");
        assert_eq!(fit("Abdourahamane", 6), "Abdou…");
        assert_eq!(fit("é", 3), "é  ");
    }
}
