//! Invisible characters: controls of direction are kept only where they are balanced, and zero-width characters are removed.

use super::allow_list::is_inline;
use std::borrow::Cow;
use std::collections::HashSet;

/// Returns cleaned markup without zero-width characters, without overrides of direction, and without embeddings and isolates that do not end
/// in their block: they would apply to what follows the article as well (Unicode UAX #9, 3.3). Marks of direction and joiners are kept.
pub(super) fn remove_stray_controls(html: &str) -> Cow<'_, str> {
    if !html.chars().any(|c| is_zero_width(c) || is_direction_control(c)) {
        return Cow::Borrowed(html);
    }
    let mut balance = DirectionBalance::default();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        balance.text(&rest[..start], html.len() - rest.len());
        let tag = &rest[start..start + tag_length(&rest[start..])];
        balance.tag(tag, html.len() - rest.len() + start);
        rest = &rest[start + tag.len()..];
    }
    balance.text(rest, html.len() - rest.len());
    balance.end();
    let dropped = balance.dropped;
    let kept = html.char_indices().filter(|(at, _)| !dropped.contains(at));
    Cow::Owned(kept.map(|(_, c)| c).collect())
}

/// Returns whether a character has no width and no function in a text.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Returns whether a character starts or ends an embedding, an override or an isolate.
pub(super) fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether most letters of a text are of scripts written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko, Adlam.
pub(super) fn is_right_to_left(text: &str) -> bool {
    let (mut right, mut left) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        {
            right += 1;
        } else {
            left += 1;
        }
    }
    right > left
}

/// Returns the length of the tag at the start of `rest`, in bytes.
fn tag_length(rest: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Collects the positions of the characters to drop.
#[derive(Default)]
struct DirectionBalance {
    /// What is open in this block: its position, and whether it is an isolate.
    open: Vec<(usize, bool)>,
    dropped: HashSet<usize>,
}

impl DirectionBalance {
    fn text(&mut self, text: &str, start: usize) {
        for (at, c) in text.char_indices() {
            let at = start + at;
            match c {
                '\u{202a}' | '\u{202b}' => self.open.push((at, false)),
                '\u{2066}'..='\u{2068}' => self.open.push((at, true)),
                '\u{202c}' => self.close_embedding(at),
                '\u{2069}' => self.close_isolate(at),
                // An override displays text in another order than it is stored in; `bdo` does the same visibly.
                '\u{202d}' | '\u{202e}' => {
                    self.dropped.insert(at);
                }
                c if is_zero_width(c) => {
                    self.dropped.insert(at);
                }
                _ => {}
            }
        }
    }

    fn tag(&mut self, tag: &str, start: usize) {
        let hidden = tag.char_indices().filter(|(_, c)| is_zero_width(*c) || is_direction_control(*c));
        self.dropped.extend(hidden.map(|(at, _)| start + at));
        let name = tag.trim_start_matches(['<', '/']);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        // A cell and a line break continue the text, but end embeddings and isolates.
        if !is_inline(name) || matches!(name, "td" | "th" | "br") {
            self.end();
        }
    }

    fn close_embedding(&mut self, at: usize) {
        match self.open.last() {
            Some((_, false)) => {
                self.open.pop();
            }
            // The end of an override that was dropped, or without a start.
            _ => {
                self.dropped.insert(at);
            }
        }
    }

    fn close_isolate(&mut self, at: usize) {
        let Some(index) = self.open.iter().rposition(|(_, is_isolate)| *is_isolate) else {
            self.dropped.insert(at);
            return;
        };
        self.dropped.extend(self.open.drain(index..).skip(1).map(|(start, _)| start));
    }

    /// Drops what is still open.
    fn end(&mut self) {
        self.dropped.extend(self.open.drain(..).map(|(start, _)| start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_controls_are_kept() {
        for html in [
            "<p>قال \u{202a}Mali 2026\u{202c} ثم</p>",
            "<p>a \u{2067}ب <b>ج</b>\u{2069} c</p>",
            "<p>\u{200f}نص، 12\u{200e}%</p>",
            "<p>می\u{200c}خواهم 👩\u{200d}🌾 co\u{ad}opé</p>",
        ] {
            assert_eq!(remove_stray_controls(html), html);
            assert!(matches!(remove_stray_controls("<p>é</p>"), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn the_direction_is_that_of_most_letters() {
        for text in ["عاد الصيادون إلى بحيرة تشاد (UNHCR)", "ߒߞߏ", "𞤀𞤣𞤤𞤢𞤥"] {
            assert!(is_right_to_left(text), "{text}");
        }
        for text in ["", "2026 : 15 %", "Le quotidien الخبر paraît"] {
            assert!(!is_right_to_left(text), "{text}");
        }
    }

    #[test]
    fn unbalanced_controls_are_removed() {
        for (html, expected) in [
            ("<p>a\u{202b}b</p><p>c\u{202c}d</p>", "<p>ab</p><p>cd</p>"),
            ("<p>x\u{202e}gpj.exe\u{202c}y</p>", "<p>xgpj.exey</p>"),
            ("<p>a\u{2066}b\u{202a}c\u{2069}d\u{202c}</p>", "<p>a\u{2066}bc\u{2069}d</p>"),
            ("<p>a\u{202a}b<br>c\u{202c}</p>", "<p>ab<br>c</p>"),
            ("<p>\u{feff}a\u{200b}b\u{2060}</p>", "<p>ab</p>"),
            (
                "<a href=\"https://a.example/\" title=\"x > \u{202e}y\">z\u{2067}</a>",
                "<a href=\"https://a.example/\" title=\"x > y\">z</a>",
            ),
            ("\u{202c}", ""),
        ] {
            let once = remove_stray_controls(html).into_owned();
            assert_eq!(once, expected);
            assert_eq!(remove_stray_controls(&once), once);
        }
    }
}
