//! Plain text as it is published: no control characters, one line, nothing that a feed reader could parse as markup; and language tags.
//! Markup is cleaned in `crate::html`.

use crate::text::entities::decode_entities;
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// How many combining marks may follow each other. No script needs more than a few; thousands of them keep a browser busy for seconds.
const MAX_MARKS: usize = 8;

/// Returns whether `character` may stand in XML 1.0 (2.2) and is neither a control character nor a noncharacter of Unicode. XML allows C1 controls and
/// most noncharacters, but they occur only by mistake.
fn is_text(character: char) -> bool {
    let is_noncharacter = u32::from(character) & 0xfffe == 0xfffe || matches!(character, '\u{fdd0}'..='\u{fdef}');
    !character.is_control() && !is_noncharacter
}

/// What is published for a character that could not be read: validators take U+FFFD for an error of the publisher.
const UNREADABLE: &str = "?";

/// Returns the characters that may be white space, control characters, noncharacters or combining marks, and those whose first byte and the
/// byte behind it `also` names, with their places.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without jumps the compiler compares many bytes by one instruction"
)]
fn suspects(text: &str, also: impl Fn(u8, u8) -> bool) -> impl Iterator<Item = (usize, char)> {
    let is_suspect = move |byte: u8, next: u8| {
        (byte < 0x20)
            | (byte == 0x7f)
            | (byte >= 0xef)
            | ((0xe0..=0xe3).contains(&byte) & (byte != 0xe2))
            | ((byte == 0xc2) & (next <= 0xa0))
            | ((byte == 0xe2) & ((next <= 0x81) | (next == 0x83)))
            | (0xcc..=0xcd).contains(&byte)
            // Hebrew, Arabic and Syriac vowel signs.
            | ((byte == 0xd9) & (0x8b..=0x9f).contains(&next))
            | (0xd6..=0xd7).contains(&byte)
            | (0xda..=0xdd).contains(&byte)
            | also(byte, next)
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = next_pair(text.as_bytes(), from, &is_suspect)?;
        from = at + 1;
        Some((at, text[at..].chars().next()?))
    })
}

/// Returns the first place from `from` on of a byte for which `is_wanted`, given it and the byte behind it, or 0, holds.
///
/// Most texts hold few. Whole blocks of bytes are compared at once, which takes a fraction of the time of looking at each.
fn next_pair(bytes: &[u8], from: usize, is_wanted: &impl Fn(u8, u8) -> bool) -> Option<usize> {
    const BLOCK_BYTES: usize = 32;
    let mut start = from;
    while let (Some(block), Some(next)) = (bytes.get(start..start + BLOCK_BYTES), bytes.get(start + 1..=start + BLOCK_BYTES)) {
        let pairs = block.iter().zip(next);
        if pairs.fold(false, |any, (&byte, &next)| any | is_wanted(byte, next)) {
            break;
        }
        start += BLOCK_BYTES;
    }
    (start..bytes.len()).find(|&at| is_wanted(bytes[at], bytes.get(at + 1).copied().unwrap_or_default()))
}

/// Counts combining marks that follow each other.
#[derive(Default)]
struct MarkRun {
    /// Where the last mark ends.
    end: usize,
    marks: usize,
}

impl MarkRun {
    /// Returns whether a character, at this place, is a mark behind more of them than a text needs.
    fn exceeds(&mut self, at: usize, character: char) -> bool {
        if !is_combining_mark(character) {
            return false;
        }
        self.marks = if at == self.end { self.marks + 1 } else { 1 };
        self.end = at + character.len_utf8();
        self.marks > MAX_MARKS
    }
}

/// Returns `markup` without control characters other than tab and line feed, without long runs of combining marks, and with `?` for characters
/// that could not be read.
pub(super) fn strip_controls(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut marks = MarkRun::default();
    for (at, character) in suspects(markup, |_, _| false) {
        let replacement = match character {
            c if marks.exceeds(at, c) => "",
            char::REPLACEMENT_CHARACTER => UNREADABLE,
            '\t' | '\n' => continue,
            c if is_text(c) => continue,
            _ => "",
        };
        out.push_str(&markup[done..at]);
        out.push_str(replacement);
        done = at + character.len_utf8();
    }
    if done == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[done..]);
    Cow::Owned(out)
}

/// Returns `text` as published plain text, as [`plain_text`] does.
#[must_use]
pub fn to_plain_text(text: &str) -> String {
    plain_text(text).into_owned()
}

/// Returns `text` as published plain text: control characters and long runs of combining marks removed, white space collapsed to single spaces.
///
/// Many feed readers parse titles as HTML, whatever the format says. So a `<` that would open a tag becomes `‹`, and a `&` that would open a
/// character reference becomes `＆`: they look alike and are never markup. A text without these stays as it is.
#[expect(clippy::needless_bitwise_bool, reason = "as in `suspects`, which takes this condition over")]
pub(super) fn plain_text(text: &str) -> Cow<'_, str> {
    let text = text.trim_ascii();
    let mut out = String::new();
    let mut done = 0;
    let mut marks = MarkRun::default();
    for (at, character) in suspects(text, |byte, next| {
        (byte == b'<') | (byte == b'&') | ((byte == b' ') & (next == b' '))
    }) {
        let replacement = match character {
            c if marks.exceeds(at, c) => "",
            ' ' => "",
            c if c.is_whitespace() => " ",
            char::REPLACEMENT_CHARACTER => UNREADABLE,
            c if !is_text(c) => "",
            '<' if opens_tag(&text[at + 1..]) => "‹",
            '&' if opens_reference(&text[at + 1..]) => "＆",
            _ => continue,
        };
        if done == 0 {
            out.reserve(text.len() + replacement.len());
        }
        push_words(&mut out, &text[done..at]);
        push_words(&mut out, replacement);
        done = at + character.len_utf8();
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    push_words(&mut out, &text[done..]);
    out.truncate(out.trim_end().len());
    Cow::Owned(out)
}

/// Appends words with single spaces between them, so that `out` neither begins with a space nor has two in a row.
fn push_words(out: &mut String, words: &str) {
    let is_spaced = out.is_empty() || out.ends_with(' ');
    out.push_str(if is_spaced { words.trim_start_matches(' ') } else { words });
}

/// Returns a text, as [`to_plain_text`] returns it, for an element that most readers take for HTML and some for text. Where HTML would read something
/// else, or complain, the sign is written as HTML wants it: a `&` that is no word of its own, as in `AT&T` and `?a=1&copy=2`, and each
/// `<` that is left. All other text, `d'or` too, is the same to both.
pub(super) fn to_description(text: &str) -> Cow<'_, str> {
    escape_bytes(text, |byte, next| match (byte, next) {
        (b'&', None | Some(b' ')) => None,
        (b'&', _) => Some("&amp;"),
        (b'<', _) => Some("&lt;"),
        _ => None,
    })
}

/// Returns whether what follows a `<` makes it the start of a tag, a comment or a declaration; removed characters are skipped.
fn opens_tag(rest: &str) -> bool {
    let next = rest.chars().find(|&c| c.is_whitespace() || is_text(c));
    next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | char::REPLACEMENT_CHARACTER))
}

/// Returns whether what follows a `&` makes it a character reference, such as `#38;` or `amp;`. Browsers require no semicolon
/// after numbers and legacy names, and parse `&lt` even where letters follow it: `&#60b` and `&ltb` count too.
fn opens_reference(rest: &str) -> bool {
    let texts = rest.chars().filter(|&c| c.is_whitespace() || is_text(c));
    let mut name = texts.clone();
    let starts = name.next().is_some_and(|c| c == '#' || c.is_ascii_alphabetic());
    // The shortest names are two letters long: `&T;` is none.
    if !starts || !name.next().is_some_and(|c| c.is_ascii_alphanumeric()) {
        return false;
    }
    // The longest name of HTML's list is 31 characters long.
    let head: String = std::iter::once('&').chain(texts.take_while(|&c| c != '&').take(34)).collect();
    let opens_tag = head.starts_with("&lt") || head.starts_with("&LT");
    let end = head.chars().skip(3).find(|c| !c.is_ascii_alphanumeric());
    end == Some(';') || opens_tag || decode_entities(&head) != head
}

/// Returns at most `limit` characters of `text`, cut between words where possible and marked with `…`.
pub(super) fn truncate(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let head = &text[..end];
    let head = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    format!("{}…", head.trim_end())
}

/// Appends `text` with the special characters of HTML escaped, for text and attribute values.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    push_escaped_bytes(out, text, |byte, _| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    });
}

/// Returns `text` with the ASCII characters replaced for which `reference`, given each and the byte behind it, returns a reference.
pub(super) fn escape_bytes(text: &str, reference: impl Fn(u8, Option<u8>) -> Option<&'static str>) -> Cow<'_, str> {
    let next = |at: usize| text.as_bytes().get(at + 1).copied();
    if text.bytes().enumerate().all(|(at, byte)| reference(byte, next(at)).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped_bytes(&mut out, text, reference);
    Cow::Owned(out)
}

fn push_escaped_bytes(out: &mut String, text: &str, reference: impl Fn(u8, Option<u8>) -> Option<&'static str>) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte, text.as_bytes().get(at + 1).copied()) {
            out.push_str(&text[done..at]);
            out.push_str(reference);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// Returns `tag` with `-` and a lower-case language, when it has the form of a BCP 47 tag: a language of two or three letters and subtags.
pub(super) fn language(tag: &str) -> Option<Cow<'_, str>> {
    let tag = tag.trim();
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next()?;
    let alphabetic = primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !alphabetic || !rest || !matches!(primary.len(), 2 | 3) {
        return None;
    }
    let is_spelled_so = !tag.contains('_') && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    Some(if is_spelled_so {
        Cow::Borrowed(tag)
    } else {
        let subtags = tag[primary.len()..].replace('_', "-");
        Cow::Owned(primary.to_ascii_lowercase() + &subtags)
    })
}

/// Returns the language tag that a publisher states, as the attribute `lang` takes it: empty where none is known.
pub(super) fn language_or_none(stated: Option<&str>) -> String {
    stated.and_then(language).map(Cow::into_owned).unwrap_or_default()
}

/// Returns the `dir` of a text in the language `tag`: `rtl`, `ltr`, or `auto` when the language is not known.
pub(super) fn direction(tag: Option<&str>) -> &'static str {
    const RIGHT_TO_LEFT: &[&str] = &[
        "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    const SCRIPTS: &[&str] = &["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"];
    let Some(tag) = tag.and_then(language) else { return "auto" };
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let is_among = |names: &[&str], part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    let rtl = script.map_or_else(|| is_among(RIGHT_TO_LEFT, primary), |script| is_among(SCRIPTS, script));
    if rtl { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_description_has_nothing_that_html_would_complain_of() {
        for (text, description) in [
            ("AT&T, S&P 500 & R&D", "AT&amp;T, S&amp;P 500 & R&amp;D"),
            ("?a=1&copy=2&not", "?a=1&amp;copy=2&amp;not"),
            ("a &<b && c &", "a &amp;&lt;b &amp;& c &"),
            ("<{é} <% 3 <5 < 6 <", "&lt;{é} &lt;% 3 &lt;5 &lt; 6 &lt;"),
            ("L'eau d'or é&é", "L'eau d'or é&amp;é"),
        ] {
            assert_eq!(to_description(text), description);
        }
    }

    #[test]
    fn ordinary_text_is_passed_on() {
        for text in [
            "Mali & Niger: 3 < 5",
            "AT&T; Q&A",
            "« L'armée » — 100 %",
            "النيجر: الجيش",
            "🦁 R&D",
            "x <3 y",
        ] {
            assert_eq!(to_plain_text(text), text);
        }
        assert_eq!(to_plain_text("a\u{fdd0}b\u{1fffe}c S\u{fffd}gou 🦁 <\u{fffd}"), "abc S?gou 🦁 ‹?");
        assert_eq!(strip_controls("a\u{fdd0}b\u{1fffe}c S\u{fffd}gou 🦁"), "abc S?gou 🦁");
        assert_eq!(to_plain_text(" a\u{0}\u{1b}b\u{85}\r\n\t c\u{ffff} "), "ab c");
    }

    #[test]
    fn runs_of_combining_marks_are_cut() {
        let marked = |marks: usize| format!("a{}b", "\u{301}\u{64b}".repeat(marks / 2));
        assert_eq!(to_plain_text(&marked(100_000)), marked(MAX_MARKS));
        assert_eq!(
            strip_controls(&format!("<p>{}</p>", marked(100))),
            format!("<p>{}</p>", marked(MAX_MARKS))
        );
        for text in [
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            "مُحَمَّدٌ رَسُولُ",
        ] {
            assert_eq!(to_plain_text(text), text);
            assert_eq!(strip_controls(text), text);
        }
    }

    #[test]
    fn what_a_careless_reader_takes_for_markup_is_dead() {
        assert_eq!(to_plain_text("<script>x</script>"), "‹script>x‹/script>");
        assert_eq!(to_plain_text("<\u{0}img onerror=x>"), "‹img onerror=x>");
        assert_eq!(to_plain_text("a &lt;b&#62; &#x3c;"), "a ＆lt;b＆#62; ＆#x3c;");
        assert_eq!(to_plain_text("a &lt b&#62 &#x3c &ltb"), "a ＆lt b＆#62 ＆#x3c ＆ltb");
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(truncate("un deux trois", 8), "un deux…");
        assert_eq!(truncate("un deux trois", 5), "un…");
        assert_eq!(truncate("un deux", 7), "un deux");
        assert_eq!(truncate("éééé", 2), "éé…");
    }

    #[test]
    fn language_tags_are_checked() {
        assert_eq!(language("FR_ml").as_deref(), Some("fr-ml"));
        assert_eq!(language("ha-Arab-NE").as_deref(), Some("ha-Arab-NE"));
        for bad in ["", "français", "x", "english", "fr-", "fr--ML", "fr-toolongpart"] {
            assert_eq!(language(bad), None, "{bad}");
        }
    }

    #[test]
    fn scripts_decide_the_direction() {
        assert_eq!(direction(Some("ar-ML")), "rtl");
        assert_eq!(direction(Some("ha-Arab")), "rtl");
        assert_eq!(direction(Some("ha")), "ltr");
        assert_eq!(direction(Some("ar-Latn")), "ltr");
        assert_eq!(direction(None), "auto");
    }

    proptest! {
        #[test]
        fn plain_is_idempotent_and_clean(text in any::<String>()) {
            let once = to_plain_text(&text);
            prop_assert_eq!(&to_plain_text(&once), &once);
            prop_assert!(!once.chars().any(char::is_control));
        }

        #[test]
        fn plain_texts_are_made_character_by_character(text in "[ a-zé’«»\u{a0}\u{1680}\u{2009}\u{200b}\u{202f}\u{205f}\u{3000}\u{85}\u{ad}\u{fffd}\u{fdd0}\u{1fffe}🦁\u{0}\t]{0,8}") {
            let kept = text.chars().filter(|&c| c.is_whitespace() || is_text(c)).map(|c| if c == char::REPLACEMENT_CHARACTER { '?' } else { c });
            let kept: String = kept.collect();
            prop_assert_eq!(to_plain_text(&text), kept.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
