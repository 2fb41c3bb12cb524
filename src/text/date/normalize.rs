//! The normal form in which dates are parsed.

/// Returns `text` in lower case, without accents, with ASCII digits, hyphens and spaces, and with times in one spelling.
pub(super) fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        let digit = |zero: u32| char::from_digit(u32::from(character) - zero, 10);
        match character {
            '\u{660}'..='\u{669}' => out.extend(digit(0x660)),
            '\u{6f0}'..='\u{6f9}' => out.extend(digit(0x6f0)),
            'ά' => out.push('α'),
            'έ' => out.push('ε'),
            'ί' | 'ϊ' | 'ΐ' => out.push('ι'),
            'ό' => out.push('ο'),
            'ύ' | 'ϋ' => out.push('υ'),
            'ώ' => out.push('ω'),
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ó' | 'ô' | 'ö' | 'ő' | 'ø' => out.push('o'),
            'û' | 'ü' | 'ú' | 'ù' | 'ű' => out.push('u'),
            'ç' => out.push('c'),
            'ğ' => out.push('g'),
            'ş' => out.push('s'),
            'أ' | 'إ' | 'آ' => out.push('ا'),
            'ى' => out.push('ي'),
            '\u{2212}' | '\u{2010}'..='\u{2014}' => out.push('-'),
            '،' => out.push(','),
            // Direction marks, zero-width characters, Arabic vowel signs and the tatweel, combining accents.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{64b}'..='\u{652}'
            | '\u{640}'
            | '\u{feff}'
            | '\u{300}'..='\u{308}'
            | '\u{327}' => {}
            other if other.is_whitespace() => out.push(' '),
            other => out.push(other),
        }
    }
    normalize_times(out)
}

/// Removes the spaces within times (`8 h 05`), and separates times from the dates before them (`13T9:15`).
fn normalize_times(mut text: String) -> String {
    for (long, short) in [(" heures", " h"), (" p. m", " p.m"), (" a. m", " a.m")] {
        if text.contains(long) {
            text = text.replace(long, short);
        }
    }
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    while let Some(at) = text.find(" h") {
        let bytes = text.as_bytes();
        let apart = match bytes.get(at + 2) {
            None => true,
            Some(b' ') => is_digit(bytes.get(at + 3)),
            Some(_) => false,
        };
        if at == 0 || !is_digit(bytes.get(at - 1)) || !apart {
            break;
        }
        text.replace_range(at..text.len().min(at + 3), "h");
    }
    let glued = |(at, _): &(usize, &str)| is_digit(text.as_bytes().get(at.wrapping_sub(1))) && is_digit(text.as_bytes().get(at + 1));
    if let Some((at, _)) = text.match_indices('t').find(glued) {
        text.replace_range(at..=at, " ");
    }
    text
}
