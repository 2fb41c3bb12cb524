//! Plain text as it is published: no control characters, one line, nothing that a feed reader could parse as markup; and language tags.
//! Markup is cleaned in `crate::html`.

use crate::text::entities::decode_entities;
use std::borrow::Cow;

/// Returns whether `character` may stand in XML 1.0 (2.2) and is neither a control character nor a noncharacter of Unicode. XML allows C1 controls and
/// most noncharacters, but they occur only by mistake.
fn is_text(character: char) -> bool {
    let is_noncharacter = u32::from(character) & 0xfffe == 0xfffe || matches!(character, '\u{fdd0}'..='\u{fdef}');
    !character.is_control() && !is_noncharacter
}

/// What is published for a character that could not be read: validators take U+FFFD for an error of the publisher.
const UNREADABLE: char = '?';

/// Returns `markup` without control characters other than tab and line feed, and with `?` for characters that could not be read.
pub(super) fn strip_controls(markup: &str) -> Cow<'_, str> {
    let stays = |c: char| matches!(c, '\t' | '\n') || is_text(c);
    // Beyond ASCII only characters with these lead bytes are removed; most bodies hold none, and a scan of the bytes is enough.
    let suspect = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n')) || matches!(byte, 0x7f | 0xc2 | 0xef | 0xf0..);
    if !markup.bytes().any(suspect) || markup.chars().all(|c| stays(c) && c != char::REPLACEMENT_CHARACTER) {
        return Cow::Borrowed(markup);
    }
    let kept = markup.chars().filter(|&c| stays(c));
    Cow::Owned(
        kept.map(|c| if c == char::REPLACEMENT_CHARACTER { UNREADABLE } else { c })
            .collect(),
    )
}

/// Returns `text` as published plain text: control characters removed, white space collapsed to single spaces.
///
/// Many feed readers parse titles as HTML, whatever the format says. So a `<` that would open a tag becomes `‹`, and a `&` that would open a
/// character reference becomes `＆`: they look alike and are never markup. A text without these stays as it is.
#[must_use]
pub fn to_plain_text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if !is_text(c) => {}
            char::REPLACEMENT_CHARACTER => out.push(UNREADABLE),
            '<' if opens_tag(&text[at + 1..]) => out.push('‹'),
            '&' if opens_reference(&text[at + 1..]) => out.push('＆'),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns whether a look at the bytes tells that [`to_plain_text`] changes nothing, as with most texts: no sign of markup, no control character, single
/// spaces between words. Beyond ASCII, white space and removed characters have one of these lead bytes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_suspect = |byte: u8| byte < 0x20 || matches!(byte, b'<' | b'&' | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef..);
    let is_edge = |byte: Option<&u8>| byte == Some(&b' ');
    !bytes.iter().copied().any(is_suspect)
        && !is_edge(bytes.first())
        && !is_edge(bytes.last())
        && memchr::memmem::find(bytes, b"  ").is_none()
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
    // The longest name of HTML's list is 31 characters long.
    let texts = rest.chars().filter(|&c| c.is_whitespace() || is_text(c));
    let head: String = std::iter::once('&').chain(texts.take_while(|&c| c != '&').take(34)).collect();
    let opens_tag = head.starts_with("&lt") || head.starts_with("&LT");
    let mut name = head.chars().skip(1);
    let starts = name.next().is_some_and(|c| c == '#' || c.is_ascii_alphabetic());
    // The shortest names are two letters long: `&T;` is none.
    let second = name.next().is_some_and(|c| c.is_ascii_alphanumeric());
    starts && second && (name.find(|c| !c.is_ascii_alphanumeric()) == Some(';') || opens_tag || decode_entities(&head) != head)
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

/// Returns `text` with the special characters of HTML escaped, for text and attribute values.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    escape_bytes(text, |byte, _| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    })
}

/// Returns `text` with the ASCII characters replaced for which `reference`, given each and the byte behind it, returns a reference.
pub(super) fn escape_bytes(text: &str, reference: impl Fn(u8, Option<u8>) -> Option<&'static str>) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte, text.as_bytes().get(at + 1).copied()) {
            out.push_str(&text[done..at]);
            out.push_str(reference);
            done = at + 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Returns `tag` with `-` and a lower-case language, when it has the form of a BCP 47 tag: a language of two or three letters and subtags.
pub(super) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next()?;
    let alphabetic = primary.bytes().all(|byte| byte.is_ascii_alphabetic());
    let rest = parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let known = alphabetic && rest && matches!(primary.len(), 2 | 3);
    known.then(|| tag.replacen(primary, &primary.to_ascii_lowercase(), 1))
}

/// Returns the `dir` of a text in the language `tag`: `rtl`, `ltr`, or `auto` when the language is not known.
pub(super) fn direction(tag: Option<&str>) -> &'static str {
    const RIGHT_TO_LEFT: &[&str] = &[
        "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    const SCRIPTS: &[&str] = &["adlm", "arab", "hebr", "nkoo", "syrc", "thaa"];
    let Some(tag) = tag.and_then(language) else { return "auto" };
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let rtl = script.map_or_else(|| RIGHT_TO_LEFT.contains(&primary), |script| SCRIPTS.contains(&script));
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
        fn what_looks_plain_is_plain(text in "[ a-zé’\u{a0}\u{1680}\u{2009}\u{3000}\u{85}\u{fffd}\u{fdd0}\u{1fffe}<&\t]{0,6}") {
            let stays = |c: char| c == ' ' || (is_text(c) && !c.is_whitespace() && !matches!(c, '<' | '&' | char::REPLACEMENT_CHARACTER));
            let is_single = text.trim() == text && !text.contains("  ");
            prop_assert!(!is_plain(&text) || (is_single && text.chars().all(stays)), "{:?}", text);
        }
    }
}
