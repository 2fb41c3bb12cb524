//! Invisible characters: controls of direction are kept only where they are balanced, and zero-width characters are removed.
//!
//! Each function reads its text once: the work is linear in it, whatever controls it holds.

use super::allow_list::is_inline;
use std::borrow::Cow;

/// The most controls of direction that may be open at once; those beyond are dropped with their ends. It is `max_depth` of the algorithm by
/// which browsers order text, which ignores deeper ones (Unicode UAX #9, 3.3.2, BD2).
const MAX_OPEN_CONTROLS: usize = 125;

/// Returns cleaned markup without zero-width characters, without overrides of direction, and without embeddings and isolates that do not end
/// in their block: they would apply to what follows the article as well (Unicode UAX #9, 3.3). Marks of direction and joiners are kept.
pub(super) fn remove_stray_controls(html: &str) -> Cow<'_, str> {
    if !html.chars().any(|c| is_zero_width(c) || is_direction_control(c)) {
        return Cow::Borrowed(html);
    }
    let mut balance = DirectionBalance::default();
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        balance.text(&html[at..at + length], at);
        let start = at + length;
        let tag = &html[start..start + tag_length(&html[start..])];
        balance.tag(tag, start);
        at = start + tag.len();
    }
    balance.text(&html[at..], at);
    Cow::Owned(balance.kept(html))
}

/// Returns a plain text without overrides of direction, and without embeddings and isolates that do not end in it: they would apply to what
/// stands after it on the page as well. All other characters are kept.
#[must_use]
pub fn remove_stray_direction(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_direction_control) {
        return Cow::Borrowed(text);
    }
    let mut balance = DirectionBalance {
        keeps_zero_width: true,
        ..DirectionBalance::default()
    };
    balance.text(text, 0);
    Cow::Owned(balance.kept(text))
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
    /// How many isolates, and embeddings outside of these, were opened beyond [`MAX_OPEN_CONTROLS`] and not closed (UAX #9, 3.3.2).
    overflow_isolates: usize,
    overflow_embeddings: usize,
    keeps_zero_width: bool,
    dropped: Vec<usize>,
}

impl DirectionBalance {
    fn text(&mut self, text: &str, start: usize) {
        for (at, c) in text.char_indices() {
            let at = start + at;
            match c {
                '\u{202a}' | '\u{202b}' => self.open(at, false),
                '\u{2066}'..='\u{2068}' => self.open(at, true),
                '\u{202c}' => self.close_embedding(at),
                '\u{2069}' => self.close_isolate(at),
                // An override displays text in another order than it is stored in; `bdo` does the same visibly.
                '\u{202d}' | '\u{202e}' => self.dropped.push(at),
                c if is_zero_width(c) && !self.keeps_zero_width => self.dropped.push(at),
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
            self.end_block();
        }
    }

    fn open(&mut self, at: usize, is_isolate: bool) {
        if self.open.len() < MAX_OPEN_CONTROLS {
            self.open.push((at, is_isolate));
            return;
        }
        self.dropped.push(at);
        if is_isolate {
            self.overflow_isolates += 1;
        } else if self.overflow_isolates == 0 {
            self.overflow_embeddings += 1;
        }
    }

    fn close_embedding(&mut self, at: usize) {
        if self.overflow_isolates > 0 {
            self.dropped.push(at);
        } else if self.overflow_embeddings > 0 {
            self.overflow_embeddings -= 1;
            self.dropped.push(at);
        } else if matches!(self.open.last(), Some((_, false))) {
            self.open.pop();
        } else {
            // The end of an override that was dropped, or without a start.
            self.dropped.push(at);
        }
    }

    fn close_isolate(&mut self, at: usize) {
        if self.overflow_isolates > 0 {
            self.overflow_isolates -= 1;
            self.dropped.push(at);
            return;
        }
        let Some(index) = self.open.iter().rposition(|(_, is_isolate)| *is_isolate) else {
            self.dropped.push(at);
            return;
        };
        self.overflow_embeddings = 0;
        self.dropped.extend(self.open.drain(index..).skip(1).map(|(start, _)| start));
    }

    /// Drops what is still open.
    fn end_block(&mut self) {
        self.dropped.extend(self.open.drain(..).map(|(start, _)| start));
        self.overflow_isolates = 0;
        self.overflow_embeddings = 0;
    }

    /// Returns the text that was read, without what is dropped.
    fn kept(mut self, text: &str) -> String {
        self.end_block();
        // Starts are dropped when their block ends, after what stands in it.
        self.dropped.sort_unstable();
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for at in self.dropped {
            out.push_str(&text[copied..at]);
            copied = at + text[at..].chars().next().map_or(0, char::len_utf8);
        }
        out.push_str(&text[copied..]);
        out
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

    /// Returns what is kept by the definitions of matching pairs (UAX #9, BD9 and BD11), each control compared with each: for short texts.
    fn balanced_by_definition(html: &str) -> String {
        let characters: Vec<char> = html.chars().collect();
        let mut keeps = vec![true; characters.len()];
        let mut open: Vec<(usize, char)> = Vec::new();
        for (at, &c) in characters.iter().enumerate() {
            match c {
                '\u{202a}' | '\u{202b}' | '\u{2066}'..='\u{2068}' => open.push((at, c)),
                '\u{202c}' if open.last().is_some_and(|(_, start)| *start < '\u{2066}') => drop(open.pop()),
                '\u{2069}' if open.iter().any(|(_, start)| *start >= '\u{2066}') => {
                    while let Some((start, _)) = open.pop().filter(|(_, start)| *start < '\u{2066}') {
                        keeps[start] = false;
                    }
                }
                '|' => open.drain(..).for_each(|(start, _)| keeps[start] = false),
                '\u{202c}' | '\u{2069}' | '\u{202d}' | '\u{202e}' => keeps[at] = false,
                _ => {}
            }
        }
        open.drain(..).for_each(|(start, _)| keeps[start] = false);
        let kept = characters.iter().zip(&keeps).filter(|(_, keeps)| **keeps);
        kept.map(|(c, _)| *c).collect()
    }

    proptest::proptest! {
        #[test]
        fn short_texts_are_balanced_by_definition(text in "[ab\u{202a}-\u{202e}\u{2066}-\u{2069}|]{0,60}") {
            let expected = balanced_by_definition(&text);
            proptest::prop_assert_eq!(remove_stray_controls(&text.replace('|', "<br>")).replace("<br>", "|"), expected.clone());
            if !text.contains('|') {
                proptest::prop_assert_eq!(remove_stray_direction(&text), expected);
            }
        }
    }

    #[test]
    fn controls_beyond_the_depth_of_browsers_are_dropped_with_their_ends() {
        for (start, end) in [("\u{202b}", "\u{202c}"), ("\u{2067}", "\u{2069}")] {
            let nested = |depth: usize, kept: usize| {
                let (before, after) = ("x".repeat(depth - kept), "z".repeat(depth - kept));
                format!(
                    "{}{before}y{after}{}",
                    format!("{start}x").repeat(kept),
                    format!("z{end}").repeat(kept)
                )
            };
            let whole = nested(MAX_OPEN_CONTROLS, MAX_OPEN_CONTROLS);
            assert_eq!(remove_stray_controls(&whole), whole);
            let deeper = nested(MAX_OPEN_CONTROLS + 9, MAX_OPEN_CONTROLS + 9);
            assert_eq!(remove_stray_controls(&deeper), nested(MAX_OPEN_CONTROLS + 9, MAX_OPEN_CONTROLS));
        }
    }

    #[test]
    fn the_work_is_linear_in_the_text() {
        // Half a million characters: when each searched what is open, the test would take minutes.
        const COUNT: usize = 250_000;
        for (start, end) in [
            ("\u{202a}", "\u{2069}"),
            ("\u{2066}", "\u{202c}"),
            ("\u{2066}\u{202a}", "\u{202c}\u{2069}"),
        ] {
            let text = start.repeat(COUNT) + "x" + &end.repeat(COUNT);
            assert!(remove_stray_controls(&text).chars().count() <= 1 + 2 * MAX_OPEN_CONTROLS);
            assert!(remove_stray_direction(&text).chars().count() <= 1 + 2 * MAX_OPEN_CONTROLS);
        }
        let tags = "<b title=\"\u{202a}>\u{feff}\">\u{202a}".repeat(COUNT / 10);
        assert_eq!(remove_stray_controls(&tags), "<b title=\">\">".repeat(COUNT / 10));
    }

    #[test]
    fn plain_texts_lose_what_does_not_end() {
        for (text, expected) in [
            ("\u{202e}gpj.exe", "gpj.exe"),
            ("a < b\u{202b} > c", "a < b > c"),
            ("\u{2068}Mali\u{2069}\u{200b}\u{2067}", "\u{2068}Mali\u{2069}\u{200b}"),
        ] {
            assert_eq!(remove_stray_direction(text), expected);
        }
        assert!(matches!(remove_stray_direction("a\u{200b}<b>"), Cow::Borrowed(_)));
    }
}
