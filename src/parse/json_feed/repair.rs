//! Repairs JSON that was not written by a serialiser, such that a strict parser accepts it. What the document means does not matter here.

/// Returns `text` with line breaks in strings escaped, backslashes that escape nothing doubled, lone surrogates replaced by U+FFFD, and
/// trailing commas left out. One pass.
pub(super) fn repair_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut in_string = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (this, after) = rest.split_at(character.len_utf8());
        rest = after;
        match character {
            '"' => {
                in_string = !in_string;
                out.push('"');
            }
            '\\' if in_string => rest = escape(after, &mut out),
            '\n' if in_string => out.push_str("\\n"),
            '\t' if in_string => out.push_str("\\t"),
            control if in_string && control < ' ' => {}
            ',' if !in_string && after.trim_start().starts_with([']', '}']) => {}
            _ => out.push_str(this),
        }
    }
    out
}

/// Writes the escape sequence whose backslash precedes `text`; returns what follows it.
fn escape<'a>(text: &'a str, out: &mut String) -> &'a str {
    if text.starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']) {
        out.push('\\');
        out.push_str(&text[..1]);
        return &text[1..];
    }
    let Some(unit) = unit(text) else {
        out.push_str("\\\\");
        return text;
    };
    let (this, after) = text.split_at(5);
    let second = after
        .strip_prefix('\\')
        .filter(|second| self::unit(second).is_some_and(is_low_surrogate));
    match (unit, second) {
        (0xd800..=0xdbff, Some(second)) => {
            out.extend(["\\", this, "\\", &second[..5]]);
            &second[5..]
        }
        (0xd800..=0xdfff, _) => {
            out.push('\u{fffd}');
            after
        }
        _ => {
            out.extend(["\\", this]);
            after
        }
    }
}

/// Returns whether a UTF-16 unit is the second one of a surrogate pair.
fn is_low_surrogate(unit: u16) -> bool {
    (0xdc00..=0xdfff).contains(&unit)
}

/// Returns the UTF-16 unit at the start of `text`, in the form `uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_json_is_unchanged() {
        for text in [
            "",
            r#"{"a": [1, "b, ]\\", "\"\u00e9\ud83d\ude00\/\n"], "c": {}}"#,
            "[\n\t1,\n\t2\n]",
        ] {
            assert_eq!(repair_json(text), text);
        }
    }

    #[test]
    fn invalid_json_is_repaired() {
        for (text, expected) in [
            ("[\"a\nb\tc\r\"]", r#"["a\nb\tc"]"#),
            (r#"["C:\x \u12 \"]"#, r#"["C:\\x \\u12 \"]"#),
            (
                r#"["\ud83d x \ude00", "\ud83d\ud83d\ude00"]"#,
                "[\"\u{fffd} x \u{fffd}\", \"\u{fffd}\\ud83d\\ude00\"]",
            ),
            (r#"{"a": [1, 2, ], }"#, r#"{"a": [1, 2 ] }"#),
            (r#"["\"#, r#"["\\"#),
        ] {
            assert_eq!(repair_json(text), expected, "{text}");
        }
    }
}
