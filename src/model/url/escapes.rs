//! Percent-encoding.

use std::fmt::Write;

/// Normalises a percent-encoded text (RFC 3986, 6.2.2): unreserved characters are decoded, hexadecimal digits are upper case.
pub(super) fn normalise_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    // Where the last `%` that begins no escape stands: what follows it must not become one.
    let mut bare: Option<usize> = None;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = escape.and_then(|pair| {
            let digit = |c: u8| char::from(c).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        });
        match value {
            Some(byte) if is_unreserved(byte) && bare.is_none_or(|bare| out.len() - bare > 2) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
                at += 3;
            }
            None => {
                if bytes[at] == b'%' {
                    bare = Some(out.len());
                }
                // `url` has already escaped everything outside ASCII.
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalising_twice_changes_nothing() {
        for (text, expected) in [
            ("caf%c3%a9/%7Eawa%2fx", "caf%C3%A9/~awa%2Fx"),
            ("100%", "100%"),
            ("a%%3333", "a%%3333"),
            ("a%3%33", "a%3%33"),
            ("a%%2533", "a%%2533"),
            ("a%zz%33", "a%zz3"),
        ] {
            let once = normalise_escapes(text);
            assert_eq!(once, expected, "{text}");
            assert_eq!(normalise_escapes(&once), once, "{text}");
        }
    }
}
