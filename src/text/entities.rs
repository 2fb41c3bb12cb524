//! HTML character references, as feeds use and misuse them: named, numeric, without a semicolon.
//!
//! Tags are not parsed: `&lt;b&gt;` becomes `<b>`, and the caller decides whether that is markup.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use std::borrow::Cow;

/// The length of the longest name in the table, `CounterClockwiseContourIntegral;`.
const MAX_NAME_CHARS: usize = 32;

/// Returns `text` with its character references replaced (HTML, 13.2.5.72 and following).
///
/// Text that is no reference is kept (`AT&T`, `?a=1&copy=2`). References to forbidden characters (`&#0;`, lone surrogates, control
/// characters) are removed; `&#128;` to `&#159;` are windows-1252 characters, as the HTML standard says.
#[must_use]
pub fn decode_entities(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    decode(text, &mut out);
    Cow::Owned(out)
}

/// Appends `text` with its references replaced, as [`decode_entities`] does, and without the characters that [`is_forbidden`].
pub fn push_decoded(out: &mut String, text: &str) {
    let start = out.len();
    decode(text, out);
    // One scan of the whole text costs less than one of each segment between two references.
    if let Some((place, _)) = next_forbidden(out.as_bytes(), start) {
        let tail = out.split_off(place);
        push_permitted(out, &tail);
    }
}

fn decode(text: &str, out: &mut String) {
    out.reserve(text.len());
    let mut rest = text;
    while let Some(amp) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..amp]);
        rest = &rest[amp..];
        let mut length = decode_reference(rest, out);
        if length == 0 {
            out.push('&');
            length = 1;
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
}

/// Decodes the reference at the start of `text`; returns its length in bytes, 0 when there is none.
fn decode_reference(text: &str, out: &mut String) -> usize {
    let body = &text.as_bytes()[1..];
    if body.first() == Some(&b'#') {
        if let Some((character, length)) = surrogate_pair(text) {
            out.push(character);
            return length;
        }
        return decode_numeric(&body[1..], out).map_or(0, |length| length + 2);
    }
    decode_named(&text[1..], out).map_or(0, |length| length + 1)
}

/// Returns the surrogate to which a reference at the start of `text` refers, and the reference's length.
fn surrogate_reference(text: &str) -> Option<(u32, usize)> {
    /// The longest form, `&#x0000D83D;`, without its end.
    const MAX_DIGITS: usize = 8;
    let body = text.strip_prefix("&#")?;
    let hexadecimal = body.strip_prefix(['x', 'X']);
    let (radix, digits) = hexadecimal.map_or((10, body), |digits| (16, digits));
    let length = digits
        .bytes()
        .take(MAX_DIGITS)
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    let value = u32::from_str_radix(&digits[..length], radix).ok()?;
    let rest = &digits[length..];
    let rest = rest.strip_prefix(';').unwrap_or(rest);
    (0xd800..=0xdfff).contains(&value).then_some((value, text.len() - rest.len()))
}

/// Returns the character to which two references to surrogates at the start of `text` refer together, and their length.
fn surrogate_pair(text: &str) -> Option<(char, usize)> {
    let (high, length) = surrogate_reference(text).filter(|(high, _)| *high < 0xdc00)?;
    let (low, more) = surrogate_reference(&text[length..]).filter(|(low, _)| *low >= 0xdc00)?;
    let character = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
    Some((character, length + more))
}

/// Returns markup with references to pairs of surrogates (`&#55357;&#56613;`) replaced by the characters that they stand for, and those to single
/// ones left out: an HTML parser makes U+FFFD of each.
#[must_use]
pub fn join_surrogate_references(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&markup.as_bytes()[at..], b"&#") {
        at += found;
        let rest = &markup[at..];
        let Some((replacement, length)) = surrogate_pair(rest)
            .map(|(character, length)| (Some(character), length))
            .or_else(|| surrogate_reference(rest).map(|(_, length)| (None, length)))
        else {
            at += 2;
            continue;
        };
        out.push_str(&markup[copied..at]);
        out.extend(replacement);
        at += length;
        copied = at;
    }
    if copied == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[copied..]);
    Cow::Owned(out)
}

fn decode_numeric(body: &[u8], out: &mut String) -> Option<usize> {
    let (radix, start) = if matches!(body.first(), Some(b'x' | b'X')) {
        (16, 1)
    } else {
        (10, 0)
    };
    let digits = body[start..].iter().take_while(|byte| char::from(**byte).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    let value = body[start..start + digits].iter().fold(0_u32, |value, byte| {
        value
            .saturating_mul(radix)
            .saturating_add(char::from(*byte).to_digit(radix).unwrap_or(0))
    });
    if let Some(character) = character(value) {
        out.push(character);
    }
    let end = start + digits;
    Some(end + usize::from(body.get(end) == Some(&b';')))
}

/// Returns the character of a numeric reference; `None` for forbidden ones.
fn character(value: u32) -> Option<char> {
    let value = match value {
        0x80..=0x9f => C1_REPLACEMENTS[(value - 0x80) as usize].map_or(value, u32::from),
        other => other,
    };
    char::from_u32(value).filter(|character| !is_forbidden(*character))
}

/// Returns whether `character` is forbidden in text: control characters other than tab, line feed and carriage return, and U+FFFE, U+FFFF.
#[must_use]
pub fn is_forbidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}

/// Appends `text` without the characters that [`is_forbidden`].
pub fn push_permitted(out: &mut String, text: &str) {
    let mut start = 0;
    while let Some((place, length)) = next_forbidden(text.as_bytes(), start) {
        out.push_str(&text[start..place]);
        start = place + length;
    }
    out.push_str(&text[start..]);
}

/// Returns the index of the next forbidden character at or after `from`, and its length in bytes.
fn next_forbidden(text: &[u8], from: usize) -> Option<(usize, usize)> {
    /// Bytes that are tested without branches.
    const CHUNK_BYTES: usize = 64;
    let mut at = from;
    while at < text.len() {
        let end = text.len().min(at + CHUNK_BYTES);
        if text[at..end].iter().fold(false, |any, byte| any | may_start_forbidden(*byte)) {
            let lengths = (at..end).map(|place| (place, forbidden_length(&text[place..])));
            if let Some(found) = lengths.into_iter().find(|(_, length)| *length > 0) {
                return Some(found);
            }
        }
        at = end;
    }
    None
}

/// Returns whether a forbidden character may start with `byte`: the controls, DEL, and the first bytes of U+0080 and of U+FFFE.
#[expect(clippy::needless_bitwise_bool, reason = "without branches the compiler vectorises the loop")]
fn may_start_forbidden(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0x7f) | (byte == 0xc2) | (byte == 0xef)
}

/// Returns the length of the forbidden character at the start of `bytes`, 0 where there is none.
fn forbidden_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'\t' | b'\n' | b'\r', ..] => 0,
        [0..b' ' | 0x7f, ..] => 1,
        [0xc2, 0x80..=0x9f, ..] => 2,
        [0xef, 0xbf, 0xbe | 0xbf, ..] => 3,
        _ => 0,
    }
}

fn decode_named(body: &str, out: &mut String) -> Option<usize> {
    let bytes = body.as_bytes();
    // The five predefined entities of XML are nearly all references in escaped markup.
    for (name, character) in [("lt;", '<'), ("gt;", '>'), ("amp;", '&'), ("quot;", '"'), ("apos;", '\'')] {
        if bytes.starts_with(name.as_bytes()) {
            out.push(character);
            return Some(name.len());
        }
    }
    let length = bytes
        .iter()
        .take(MAX_NAME_CHARS)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    if length < 2 {
        return None;
    }
    let closed = bytes.get(length) == Some(&b';');
    // Without a semicolon only the legacy names are references, and a URL parameter (`&copy=1`) is none.
    if !closed && bytes.get(length) == Some(&b'=') {
        return None;
    }
    let end = length + usize::from(closed);
    let (first, second) = look_up(&body[..end])?;
    out.push(first);
    out.extend(second);
    Some(end)
}

fn look_up(name: &str) -> Option<(char, Option<char>)> {
    let find = |name: &str| NAMED_ENTITIES.get(name).copied().filter(|(first, _)| *first != 0);
    // Some feeds write names in upper case (`&NBSP;`): they are looked up as written, then in lower case.
    let (first, second) = find(name).or_else(|| {
        let is_upper_case = name.ends_with(';') && name.bytes().all(|byte| !byte.is_ascii_lowercase());
        find(&name.to_ascii_lowercase()).filter(|_| is_upper_case)
    })?;
    Some((
        char::from_u32(first)?,
        char::from_u32(second).filter(|character| *character != '\0'),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced() {
        for (text, expected) in [
            ("L&rsquo;arm&eacute;e &amp; l&#39;AES&nbsp;!", "L’armée & l'AES\u{a0}!"),
            ("&#x2019;&#8217;&#146;", "’’’"),
            ("&#128;&#x80;", "€€"),
            ("caf&eacute est", "café est"),
            ("&NBSP;&AMP;", "\u{a0}&"),
            ("&amp;lt;", "&lt;"),
            ("&#233", "é"),
        ] {
            assert_eq!(decode_entities(text), expected, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_reference_is_kept() {
        for text in ["AT&T", "?a=1&copy=2", "& ", "&", "&#", "&#x", "&#xZ;", "&unknown;", "&é;", "a && b"] {
            assert_eq!(decode_entities(text), text);
        }
        assert!(matches!(decode_entities("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn only_forbidden_characters_are_removed() {
        let every: String = (0..=char::MAX as u32).filter_map(char::from_u32).collect();
        let text = format!("{every} &amp; &#7;&lt;b&gt; &quot;\u{1}&apos;{every}");
        let mut out = "kept\u{1}".to_owned();
        push_decoded(&mut out, &text);
        let expected: String = decode_entities(&text)
            .chars()
            .filter(|character| !is_forbidden(*character))
            .collect();
        assert!(out.strip_prefix("kept\u{1}") == Some(expected.as_str()));
    }

    #[test]
    fn references_to_two_surrogates_are_one_character() {
        for (text, expected) in [
            ("a &#55357;&#56613; b", "a 🔥 b"),
            ("&#xD83D;&#xDD25;&#xd83d;&#56613", "🔥🔥"),
            ("&#55357; &#56613;", " "),
            ("&#56613;&#55357;", ""),
            ("&#55357", ""),
        ] {
            assert_eq!(decode_entities(text), expected, "{text}");
            assert_eq!(join_surrogate_references(text), expected, "{text}");
        }
        assert!(matches!(join_surrogate_references("L&#8217;eau &amp; &#; &#x"), Cow::Borrowed(_)));
    }

    #[test]
    fn references_to_forbidden_characters_are_removed() {
        for text in ["&#0;", "&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#7;", "&#xFFFF;"] {
            assert_eq!(decode_entities(text), "", "{text}");
        }
    }
}
