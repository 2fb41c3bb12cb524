//! Repairs mojibake: text in UTF-8 that was read as windows-1252 and encoded again. The charset of a document is decided in `html::charset`.

/// Repairs a text of UTF-8 that was read as windows-1252 and encoded as UTF-8 again (`numÃ©ro`); returns whether it was such a text.
pub(super) fn repair_mojibake(text: &mut String) -> bool {
    if !may_be_mojibake(text.as_bytes()) {
        return false;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    if unmappable {
        return false;
    }
    // In real text not every accented letter is followed by a continuation byte, so it is not valid UTF-8 here.
    let Ok(repaired) = String::from_utf8(bytes.into_owned()) else {
        return false;
    };
    *text = repaired;
    true
}

/// Returns whether `text` contains `Ã`, `Â`, `â€`, `Ø`, `Ù` or `Å`: the first bytes of longer characters, read as windows-1252.
fn may_be_mojibake(text: &[u8]) -> bool {
    /// How many bytes are compared at a time.
    const CHUNK_BYTES: usize = 32;
    let followers = text.get(1..).unwrap_or_default();
    for (at, (firsts, seconds)) in text.chunks(CHUNK_BYTES).zip(followers.chunks(CHUNK_BYTES)).enumerate() {
        let any = firsts
            .iter()
            .zip(seconds)
            .fold(false, |any, (first, second)| any | starts_mojibake(*first, *second));
        let is_start = |at: usize| match &text[at..] {
            [0xc3, 0xa2, rest @ ..] => rest.starts_with("€".as_bytes()),
            [first, second, ..] => starts_mojibake(*first, *second),
            _ => false,
        };
        if any && (at * CHUNK_BYTES..at * CHUNK_BYTES + seconds.len()).any(is_start) {
            return true;
        }
    }
    false
}

/// Returns whether two bytes are one of those letters, or `â`, which needs the next bytes as well; all start with the same byte.
#[expect(clippy::needless_bitwise_bool, reason = "without branches the compiler vectorises the comparison")]
fn starts_mojibake(first: u8, second: u8) -> bool {
    (first == 0xc3) & ((second == 0x82) | (second == 0x83) | (second == 0x85) | (second == 0x98) | (second == 0x99) | (second == 0xa2))
}
