//! JSON as programs write it that put it together by hand, made such that a strict parser takes it. Knows no feeds.

/// Returns `text` with line breaks within texts escaped, backslashes that escape nothing doubled, halves of surrogate pairs replaced, and
/// commas before the end of a list left out. One pass.
pub(super) fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut within_text = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (this, after) = rest.split_at(character.len_utf8());
        rest = after;
        match character {
            '"' => {
                within_text = !within_text;
                out.push('"');
            }
            '\\' if within_text => rest = escape(after, &mut out),
            '\n' if within_text => out.push_str("\\n"),
            '\t' if within_text => out.push_str("\\t"),
            control if within_text && control < ' ' => {}
            ',' if !within_text && after.trim_start().starts_with([']', '}']) => {}
            _ => out.push_str(this),
        }
    }
    out
}

/// Writes the escape whose backslash stood before `text`; returns what follows.
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
    let second = after.strip_prefix('\\').filter(|second| self::unit(second).is_some_and(is_second));
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

fn is_second(unit: u16) -> bool {
    (0xdc00..=0xdfff).contains(&unit)
}

/// Returns the UTF-16 unit that `text` starts with in the form `uXXXX`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_json_stays() {
        for text in [
            "",
            r#"{"a": [1, "b, ]\\", "\"\u00e9\ud83d\ude00\/\n"], "c": {}}"#,
            "[\n\t1,\n\t2\n]",
        ] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn what_is_broken_becomes_sound() {
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
            assert_eq!(mended(text), expected, "{text}");
        }
    }
}
