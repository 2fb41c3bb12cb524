//! Isolates in translations that run from right to left (Unicode Standard Annex 9): without them a date, an address or `since:` between Arabic
//! words is shown with its parts or signs in another order.

/// U+2068, FIRST STRONG ISOLATE: what stands in it runs in its own direction, and changes nothing around it.
const ISOLATE: char = '\u{2068}';
/// U+2069, POP DIRECTIONAL ISOLATE.
const END: char = '\u{2069}';

/// Returns a translation with each placeholder isolated, and each text in backticks with the placeholders in it. Braces that are no placeholder may
/// stand in backticks only.
pub(super) fn isolated(translation: &str) -> String {
    let mut out = String::with_capacity(translation.len());
    let mut closing = None;
    for character in translation.chars() {
        let opened = match character {
            '`' => Some('`'),
            '{' => Some('}'),
            _ => None,
        };
        if closing.is_none() && opened.is_some() {
            out.push(ISOLATE);
            out.push(character);
            closing = opened;
        } else {
            out.push(character);
            if closing == Some(character) {
                out.push(END);
                closing = None;
            }
        }
    }
    out
}
