//! UTF-8 that programs have damaged: characters cut by a limit in bytes, and surrogates that were encoded one by one (CESU-8).

/// Returns `bytes` with pairs of surrogates joined to the characters that they stand for, and single ones left out. `None` when there are none,
/// or when they may be characters of another encoding.
pub(super) fn without_surrogates(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut pairs = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(0xed, bytes.get(at..)?) {
        at += found;
        let Some(high) = surrogate(&bytes[at..]) else {
            at += 1;
            continue;
        };
        out.extend_from_slice(&bytes[copied..at]);
        let low = surrogate(&bytes[at + 3..]).filter(|low| high < 0xdc00 && *low >= 0xdc00);
        if let Some(low) = low {
            let character = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            out.extend_from_slice(character.unwrap_or_default().encode_utf8(&mut [0; 4]).as_bytes());
            pairs += 1;
        }
        at += if low.is_some() { 6 } else { 3 };
        copied = at;
    }
    if copied == 0 {
        return None;
    }
    out.extend_from_slice(&bytes[copied..]);
    // In Latin-1 a surrogate is `í`, a sign and another sign: a pair of them does not occur.
    (pairs > 0 || std::str::from_utf8(&out).is_ok()).then_some(out)
}

/// Returns the surrogate that starts `bytes`, encoded like a character.
fn surrogate(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => Some(0xd000 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f)),
        _ => None,
    }
}

/// The number of characters of a document in UTF-8 that are not ASCII, and of the places that are not UTF-8.
pub(super) struct Survey {
    /// How many characters are right.
    pub(super) good: usize,
    /// How many places are not UTF-8.
    pub(super) bad: usize,
    /// How many of these are characters that were cut.
    pub(super) cut: usize,
    /// How often each first byte of a character occurs.
    leads: [usize; 256],
}

impl Survey {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut survey = Self {
            good: 0,
            bad: 0,
            cut: 0,
            leads: [0; 256],
        };
        for chunk in bytes.utf8_chunks() {
            for byte in chunk.valid().bytes().filter(|byte| *byte >= 0xc2) {
                survey.leads[usize::from(byte)] += 1;
                survey.good += 1;
            }
            survey.bad += usize::from(!chunk.invalid().is_empty());
        }
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len() + chunk.invalid().len();
            survey.cut += usize::from(survey.is_cut(chunk.valid(), chunk.invalid(), &bytes[at..]));
        }
        survey
    }

    /// Returns whether the document is UTF-8 of which only characters were cut. `has_other_label` says that it is labelled otherwise.
    pub(super) fn is_cut_utf8(&self, has_other_label: bool) -> bool {
        self.cut > 0 && self.cut == self.bad && (!has_other_label || self.good >= self.bad)
    }

    /// Returns whether bytes that are not UTF-8 are the beginning of a character whose end was cut off, and no character of another encoding.
    pub(super) fn is_cut(&self, before: &str, bytes: &[u8], after: &[u8]) -> bool {
        let [lead @ 0xc2..=0xf4, rest @ ..] = bytes else { return false };
        // Text of another encoding is broken everywhere: the byte before is then not valid either.
        if before.is_empty() || !ends_text(after) {
            return false;
        }
        let seen = self.leads[usize::from(*lead)];
        if !rest.is_empty() && matches!(lead, 0xe2 | 0xf0) {
            return true;
        }
        let is_after_capitals = before.ends_with(|c: char| c.is_uppercase());
        match lead {
            // In windows-1252 `Â` and `Ã`, capitals, which do not follow small letters.
            0xc2 | 0xc3 => seen > 0 || !is_after_capitals,
            // `â` and `ð`, with which no usual word ends.
            0xe2 | 0xf0 => true,
            // `Ä` to `Ë`.
            0xc4..=0xcb => seen > 0 && !is_after_capitals,
            0xcc..=0xdf => seen > 0,
            // `á` and `é` end many words: only in a text of the script that has this byte it is a cut.
            _ => seen.saturating_mul(10) >= self.good && seen > 0,
        }
    }
}

/// Returns whether a text ends here, by dots, markup, a quotation mark or the end of the document: there programs cut.
fn ends_text(after: &[u8]) -> bool {
    const ENDS: [&str; 15] = [
        "...",
        "…",
        "<",
        "]]>",
        "\"",
        "&lt;",
        "&hellip;",
        "&#8230;",
        "&#x2026;",
        "&amp;hellip;",
        "&amp;#8230;",
        "[...",
        "[…",
        "[&",
        "\\u2026",
    ];
    let after = after.trim_ascii_start();
    after.is_empty() || ENDS.iter().any(|end| after.starts_with(end.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_are_joined_or_left_out() {
        let pair = b"\xed\xa0\xbd\xed\xb4\xa5";
        let joined = |bytes: &[u8]| without_surrogates(bytes).map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        assert_eq!(joined(&[b"a", &pair[..], "é".as_bytes()].concat()).as_deref(), Some("a🔥é"));
        assert_eq!(joined(&[b"a", &pair[..3], b"b", &pair[3..]].concat()).as_deref(), Some("ab"));
        assert_eq!(joined(&[&pair[3..], &pair[..3]].concat()).as_deref(), Some(""));
        assert_eq!(joined("한국 í".as_bytes()), None, "U+D7FF and below are characters");
        assert_eq!(without_surrogates(b"aqu\xed\xa0\xab palabra \xe9"), None, "Latin-1");
        assert_eq!(without_surrogates(b"\xed\xa0"), None);
    }

    #[test]
    fn only_characters_that_end_a_text_are_cut() {
        let cut = |bytes: &[u8]| Survey::of(bytes).is_cut_utf8(false);
        for bytes in [
            &b"<t>Le march\xc3...</t>"[..],
            b"<t>Le march\xc3</t>",
            b"<t>d\xe2\x80 [...]</t>",
            b"fin \xf0\x9f\x98",
            b"{\"title\":\"Le march\xc3\"}",
            b"<t>Le march\xc3 &hellip;</t>",
        ] {
            assert!(cut(bytes), "{}", bytes.escape_ascii());
        }
        for bytes in [
            &b"<t>Le march\xe9...</t>"[..],
            b"<t>AMANH\xc3</t>",
            b"<t>S\xc3O</t>",
            b"<t>LIBERT\xc9</t>",
            b"<t>\xc3\xc3...</t>",
            b"<t>journ\xc3 et la suite</t>",
            b"<t>\x80...</t>",
        ] {
            assert!(!cut(bytes), "{}", bytes.escape_ascii());
        }
        let arabic = ["تظاهرات في نواكش".as_bytes(), b"\xd9</t>"].concat();
        assert!(cut(&arabic));
        assert!(Survey::of(&arabic).is_cut_utf8(true), "whatever the label");
    }
}
