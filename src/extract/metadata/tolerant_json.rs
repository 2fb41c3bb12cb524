//! JSON as sites write it into their pages: several values in one script, marks of comments and CDATA around them, trailing commas, quotes that
//! are not escaped, raw line ends, single and typographic quotes, keys without quotes, character references in place of quotes.
//!
//! Well-formed JSON is read by `serde_json`; only what it refuses is read again by the tolerant reader.

use crate::text::entities::decode_entities;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// Longer texts are cut off.
const MAX_JSON_BYTES: usize = 4 << 20;
/// Values that are nested deeper are left out.
const MAX_DEPTH: usize = 32;
/// The number of values that are read from one text.
const MAX_VALUES: usize = 200_000;
/// The longest key that is recognised after a quote; see [`Reader::closes_string`].
const MAX_KEY_BYTES: usize = 64;
/// The most white space after a quote that is skipped to see whether the quote ends its string.
const MAX_BLANK_BYTES: usize = 512;

/// Returns the objects and arrays in the text of a script, in order; none where there is no JSON.
pub(super) fn read_values(text: &str) -> Vec<Value> {
    let text = without_comment_marks(text);
    if let Ok(value) = serde_json::from_str(text) {
        return vec![value];
    }
    let text = if text.contains("&quot;") && !text.contains('"') {
        decode_entities(text)
    } else {
        Cow::Borrowed(text)
    };
    if let Ok(value) = serde_json::from_str(&text) {
        return vec![value];
    }
    let mut reader = Reader {
        text: &text[..text.floor_char_boundary(MAX_JSON_BYTES)],
        at: 0,
        count: 0,
    };
    let mut values = Vec::new();
    while let Some(begin) = reader.rest().find(['{', '[']) {
        reader.at += begin;
        values.extend(reader.value(0));
    }
    values
}

/// Removes the marks of comments and CDATA sections, the byte order mark and semicolons around a text.
fn without_comment_marks(text: &str) -> &str {
    const OPENING: &[&str] = &["<!--", "<![CDATA[", "//", "/*", "*/"];
    const CLOSING: &[&str] = &["-->", "]]>", "//", "/*", "*/", ";"];
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let mut text = text.trim_matches(is_blank);
    while let Some(rest) = OPENING.iter().find_map(|mark| text.strip_prefix(mark)) {
        text = rest.trim_start_matches(is_blank);
    }
    while let Some(rest) = CLOSING.iter().find_map(|mark| text.strip_suffix(mark)) {
        text = rest.trim_end_matches(is_blank);
    }
    text
}

/// A reader of malformed JSON. Each function that reads leaves `at` behind what it has read, so that the work is linear in the text.
struct Reader<'t> {
    text: &'t str,
    /// The index of the next byte.
    at: usize,
    /// The number of values read.
    count: usize,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '″' | '„')
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips white space, commas that stand alone, and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.len()
                - rest
                    .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | ','))
                    .len();
            let rest = &rest[blank..];
            let comment = if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                0
            };
            self.at += blank + comment;
            if comment == 0 {
                return;
            }
        }
    }

    /// Reads a value; `None` where there is none, or where it is too deep.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_blanks();
        self.count += 1;
        match self.peek()? {
            '{' => {
                self.at += 1;
                let object = self.members(depth + 1);
                (depth < MAX_DEPTH).then_some(Value::Object(object))
            }
            '[' => {
                self.at += 1;
                let items = self.items(depth + 1);
                (depth < MAX_DEPTH).then_some(Value::Array(items))
            }
            c if is_quote(c) || c == '\'' => Some(Value::String(self.string(c, false))),
            '}' | ']' | ':' => None,
            _ => Some(self.word()),
        }
    }

    /// Reads the members of an object up to its end, or to the end of the text.
    fn members(&mut self, depth: usize) -> Map<String, Value> {
        let mut members = Map::new();
        while self.may_read_more(depth) {
            self.skip_blanks();
            let key = match self.peek() {
                // A bracket is the end of an array around the object, whose own end is missing.
                None | Some(']') => break,
                Some('}') => {
                    self.at += 1;
                    break;
                }
                Some(c) if is_quote(c) || c == '\'' => self.string(c, true),
                Some('{' | '[') => {
                    self.value(depth);
                    continue;
                }
                Some(':') => {
                    self.at += 1;
                    continue;
                }
                Some(_) => self.bare_word().to_owned(),
            };
            self.skip_blanks();
            if self.peek() != Some(':') {
                continue;
            }
            self.at += 1;
            if let Some(value) = self.value(depth) {
                members.insert(key, value);
            }
        }
        members
    }

    /// Reads the items of an array up to its end, or to the end of the text.
    fn items(&mut self, depth: usize) -> Vec<Value> {
        let mut items = Vec::new();
        while self.may_read_more(depth) {
            self.skip_blanks();
            match self.peek() {
                // A brace is the end of the object around the array, whose own end is missing.
                None | Some('}') => break,
                Some(']') => {
                    self.at += 1;
                    break;
                }
                Some(':') => self.at += 1,
                Some(_) => items.extend(self.value(depth)),
            }
        }
        items
    }

    /// Returns whether the bounds allow to read on; else moves to the end of the text.
    fn may_read_more(&mut self, depth: usize) -> bool {
        let may = self.count < MAX_VALUES && depth <= MAX_DEPTH * 2;
        if !may {
            self.at = self.text.len();
        }
        may
    }

    /// Reads a word without quotes: up to a sign of JSON or a line end.
    fn bare_word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find([',', '}', ']', ':', '\n', '{', '[']).unwrap_or(rest.len());
        // At least one character is read, so that no text is read twice.
        let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
        self.at += end;
        rest[..end].trim()
    }

    fn word(&mut self) -> Value {
        let rest = self.rest();
        let end = rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
        let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
        self.at += end;
        match rest[..end].trim() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            word => word
                .parse::<Number>()
                .map_or_else(|_| Value::String(word.to_owned()), Value::Number),
        }
    }

    /// Reads a string that begins with `quote`. A quote within it that does not end it belongs to its text.
    fn string(&mut self, quote: char, is_key: bool) -> String {
        self.at += quote.len_utf8();
        let ends = |c: char| if quote == '\'' { c == '\'' } else { is_quote(c) };
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            if c == '\\' {
                self.escape(&mut text);
            } else if ends(c) && self.closes_string(is_key) {
                break;
            } else {
                text.push(c);
            }
        }
        text
    }

    /// Returns whether a quote before `at` ends its string: a colon follows a key; a value is followed by the end of its object or array, by the
    /// end of the text, or by a comma and what can follow it in JSON.
    fn closes_string(&self, is_key: bool) -> bool {
        let skip = |text: &'t str| {
            let bound = text.floor_char_boundary(MAX_BLANK_BYTES);
            &text[text.len() - text[..bound].trim_start().len() - (text.len() - bound)..]
        };
        let rest = skip(self.rest());
        if is_key {
            return rest.starts_with(':') || rest.is_empty();
        }
        match rest.chars().next() {
            None | Some('}' | ']') => true,
            Some(',') => {
                let next = skip(&rest[1..]);
                next.is_empty()
                    || next.starts_with(['{', '}', '[', ']', ',', '/'])
                    || next.starts_with(|c| is_quote(c) || c == '\'')
                    || starts_with_key(next)
            }
            // A comma is missing between two members.
            Some(c) if is_quote(c) => starts_with_key(rest),
            _ => false,
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut String) {
        let Some(c) = self.peek() else { return };
        self.at += c.len_utf8();
        match c {
            'n' | 'r' | 't' | 'b' | 'f' => text.push(' '),
            'u' => text.extend(self.code_point()),
            other => text.push(other),
        }
    }

    /// Reads the digits of `\uXXXX`, and the second half of a surrogate pair; `None` for digits or halves that are missing.
    fn code_point(&mut self) -> Option<char> {
        let first = self.hex_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        let before = self.at;
        if self.rest().starts_with("\\u") {
            self.at += 2;
            match self.hex_digits() {
                Some(second) if (0xdc00..0xe000).contains(&second) => {
                    return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
                }
                _ => self.at = before,
            }
        }
        None
    }

    fn hex_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        self.at += 4;
        Some(code)
    }
}

/// Returns whether a text starts with a key in quotes, or a word, and a colon.
fn starts_with_key(text: &str) -> bool {
    let bound = text.floor_char_boundary(MAX_KEY_BYTES);
    let text = &text[..bound];
    let key = match text.chars().next() {
        Some(c) if is_quote(c) || c == '\'' => {
            let inner = &text[c.len_utf8()..];
            let Some(end) = inner.find(|c| is_quote(c) || c == '\'') else {
                return false;
            };
            let close = inner[end..].chars().next().map_or(0, char::len_utf8);
            &inner[end + close..]
        }
        Some(c) if c.is_ascii_alphabetic() => text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@')),
        _ => return false,
    };
    key.trim_start().starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn malformed_json_is_read_as_meant() {
        let expected = json!({"@type": "Article", "headline": "Le bac, fin", "n": 3});
        for text in [
            r#"{"@type":"Article","headline":"Le bac, fin","n":3}"#,
            "\u{feff}  {\"@type\":\"Article\",\"headline\":\"Le bac, fin\",\"n\":3};",
            r#"{"@type":"Article","headline":"Le bac, fin","n":3,}"#,
            r#"{"@type":"Article",,"headline":"Le bac, fin","n":3,,}"#,
            r#"{"@type":"Article" "headline":"Le bac, fin" "n":3}"#,
            r"{'@type':'Article','headline':'Le bac, fin','n':3}",
            "{“@type”:“Article”,“headline”:”Le bac, fin“,“n”:3}",
            "{@type:\"Article\",headline:\"Le bac, fin\",n:3}",
            "//<![CDATA[\n{\"@type\":\"Article\",\"headline\":\"Le bac, fin\",\"n\":3}\n//]]>",
            "/*<![CDATA[*/ {\"@type\":\"Article\",\"headline\":\"Le bac, fin\",\"n\":3} /*]]>*/",
            "<!-- {\"@type\":\"Article\",\"headline\":\"Le bac, fin\",\"n\":3} -->",
            "{/* of the article */\"@type\":\"Article\", // its kind\n\"headline\":\"Le bac, fin\",\"n\":3}",
            "{&quot;@type&quot;:&quot;Article&quot;,&quot;headline&quot;:&quot;Le bac, fin&quot;,&quot;n&quot;:3}",
            "var data = {\"@type\":\"Article\",\"headline\":\"Le bac, fin\",\"n\":3};",
            r#"{"@type":"Article","headline":"Le bac, fin","n":3"#,
            r#"{"@type":"Article","headline":"Le bac, fin","n":3}}"#,
        ] {
            assert_eq!(read_values(text), std::slice::from_ref(&expected), "{text}");
        }
    }

    #[test]
    fn quotes_and_line_ends_within_strings_are_kept() {
        let headline = |text: &str| {
            read_values(text)
                .first()
                .and_then(|value| Some(value.get("headline")?.as_str()?.to_owned()))
        };
        for (text, expected) in [
            (r#"{"headline":"Le "bac" de Kobé","x":1}"#, "Le \"bac\" de Kobé"),
            (r#"{"headline":"Le "bac", dit-il","x":1}"#, "Le \"bac\", dit-il"),
            (r#"{"headline":"Le "bac"","x":1}"#, "Le \"bac\""),
            (r#"{"x":["a"],"headline":""Le bac" repart"}"#, "\"Le bac\" repart"),
            ("{\"headline\":\"Le\nbac\",}", "Le\nbac"),
            (r#"{"headline":"L\'eau \u00e9\ud83d\ude00\ud800 \q",}"#, "L'eau é😀 q"),
        ] {
            assert_eq!(headline(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn several_values_are_read() {
        assert_eq!(read_values("{\"a\":1}\n{\"b\":2}"), [json!({"a": 1}), json!({"b": 2})]);
        assert_eq!(read_values("{\"a\":1},[{\"b\":2},],"), [json!({"a": 1}), json!([{"b": 2}])]);
        assert_eq!(read_values("no data"), Vec::<Value>::new());
        assert_eq!(read_values(""), Vec::<Value>::new());
    }

    #[test]
    fn depth_and_number_are_bounded() {
        for deep in ["[", "{\"a\":", "[{a:", "{{", "\"", "{\"a\":\"\" \"", "{\"a\":\"\",   "] {
            let text = format!("x {}", deep.repeat(200_000 / deep.len()));
            read_values(&text);
        }
        let wide = format!("[{}", "1,".repeat(MAX_VALUES * 2));
        assert!(read_values(&wide)[0].as_array().is_some_and(|items| items.len() <= MAX_VALUES));
    }
}
