//! Percent-encoding.

use std::fmt::Write;

/// Normalises a percent-encoded text (RFC 3986, 6.2.2): unreserved characters are decoded, hexadecimal digits are upper case.
pub(super) fn normalise_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = escape.and_then(|pair| {
            let digit = |c: u8| char::from(c).to_digit(16);
            u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
        });
        match value {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
                at += 3;
            }
            None => {
                // `url` has already escaped everything outside ASCII.
                out.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    out
}
