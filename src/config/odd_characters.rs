//! Names characters that nobody sees, or that have no place in an address or a name.

/// Returns what the first character of `text` is called that is a tab, a line break, another control character, or cannot be seen.
pub(super) fn odd_character(text: &str) -> Option<String> {
    text.chars().find_map(|character| match character {
        '\t' => Some("a tab".to_owned()),
        '\n' | '\r' => Some("a line break".to_owned()),
        other if other.is_ascii_control() => Some(format!("a control character (U+{:04X})", u32::from(other))),
        other => unseen_name(other).map(str::to_owned),
    })
}

/// Returns what a character is called that cannot be told from a space, or be seen at all; `None` for all others.
pub(super) const fn unseen_name(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{a0}' => "a no-break space (U+00A0)",
        '\u{202f}' => "a narrow no-break space (U+202F)",
        '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => "a space of a typesetter",
        '\u{200b}' => "a zero-width space (U+200B)",
        '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "an invisible mark of the direction of the text",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "a line break of a word processor",
        '\u{ad}' => "a soft hyphen (U+00AD)",
        '\u{feff}' => "an invisible byte order mark (U+FEFF)",
        _ => return None,
    })
}
