//! Repairs text that was encoded twice: UTF-8 that was read as windows-1252 or Latin-1 and encoded as UTF-8 again (`numÃ©ro`, `lâ€™eau`).
//!
//! Works on markup and on plain text alike: the text between two angle brackets is judged as a whole. Text that is right can contain such
//! sequences by chance (`«MAÇÃ»`), and texts about encodings quote them, so one sequence alone proves nothing.

use super::entities::decode_entities;
use std::borrow::Cow;

/// How often a text may have been encoded again.
const MAX_ROUNDS: usize = 3;

/// Returns `text` with what was encoded twice decoded; `None` when there is nothing of it. Linear in the text.
#[must_use]
pub fn repair_double_encoding(text: &str) -> Option<String> {
    let mut repaired = repair_once(text)?;
    for _ in 1..MAX_ROUNDS {
        let Some(again) = repair_once(&repaired) else { break };
        repaired = again;
    }
    Some(repaired)
}

fn repair_once(text: &str) -> Option<String> {
    if !may_be_affected(text) {
        return None;
    }
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut start = 0;
    while start < text.len() {
        let length = memchr::memchr2(b'<', b'>', &text.as_bytes()[start..]);
        let end = length.map_or(text.len(), |length| start + length);
        if let Some(repaired) = repair_unit(&text[start..end]) {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..start]);
            out.push_str(&repaired);
            copied = end;
        }
        start = end + 1;
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}

/// Returns whether a text may contain a sequence, at the cost of one fast scan.
fn may_be_affected(text: &str) -> bool {
    /// The letters with which nearly all sequences start, as references.
    const REFERENCES: [&str; 9] = [
        "&Atilde;", "&Acirc;", "&acirc;", "&Oslash;", "&Ugrave;", "&#195;", "&#194;", "&#226;", "&#216;",
    ];
    starts_sequence(text.as_bytes())
        || memchr::memchr(b'&', text.as_bytes()).is_some_and(|at| {
            REFERENCES
                .iter()
                .any(|name| memchr::memmem::find(&text.as_bytes()[at..], name.as_bytes()).is_some())
        })
}

/// Returns whether `text` contains one of `Â` to `ß`, `â` or `ð`, with which nearly all sequences start, before a character that is not ASCII.
fn starts_sequence(text: &[u8]) -> bool {
    /// How many bytes are compared at a time.
    const CHUNK_BYTES: usize = 32;
    let seconds = text.get(1..).unwrap_or_default();
    let thirds = text.get(2..).unwrap_or_default();
    for ((first, second), third) in text
        .chunks(CHUNK_BYTES)
        .zip(seconds.chunks(CHUNK_BYTES))
        .zip(thirds.chunks(CHUNK_BYTES))
    {
        let any = first
            .iter()
            .zip(second)
            .zip(third)
            .fold(false, |any, ((first, second), third)| any | is_start(*first, *second, *third));
        if any {
            return true;
        }
    }
    // Before a reference the second character is ASCII.
    memchr::memchr(b'&', text).is_some() && memchr::memmem::find_iter(text, "\u{c3}".as_bytes()).any(|at| text.get(at + 2) == Some(&b'&'))
}

#[expect(clippy::needless_bitwise_bool, reason = "without branches the compiler vectorises the comparison")]
fn is_start(first: u8, second: u8, third: u8) -> bool {
    (first == 0xc3) & ((0x82..=0x9f).contains(&second) | (second == 0xa2) | (second == 0xb0)) & (third >= 0x80)
}

/// A character, or a reference to one, that stands for one byte of the text before it was encoded again.
struct Unit {
    byte: u8,
    start: usize,
    end: usize,
}

/// What is known of one text.
#[derive(Default)]
struct Findings {
    /// The places of characters that were encoded twice, and these characters.
    sequences: Vec<(usize, usize, char)>,
    /// How many of them stand within words or beside another one.
    evidence: usize,
    /// Those of another script that stand alone.
    alone: Vec<(usize, usize, char)>,
    /// Characters that belong to no sequence, and are therefore right.
    outside: usize,
}

/// Repairs the text between two angle brackets.
fn repair_unit(text: &str) -> Option<String> {
    if text.len() < 3 || !may_be_affected(text) {
        return None;
    }
    let mut found = Findings::default();
    let mut run: Vec<Unit> = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let reference = (character == '&').then(|| reference(&text[at..])).flatten();
        let (character, length) = reference.unwrap_or((character, character.len_utf8()));
        if let Some(byte) = byte_of(character) {
            run.push(Unit {
                byte,
                start: at,
                end: at + length,
            });
        } else {
            found.add_run(text, &run);
            run.clear();
            found.outside += usize::from(!character.is_ascii());
        }
        at += length;
    }
    found.add_run(text, &run);
    found.is_sure().then(|| found.apply(text))
}

/// Returns the character of the reference at the start of `text`, where it stands for a byte, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    /// As long as `&Atilde;`, `&Oslash;` and `&#x00c3;`.
    const MAX_REFERENCE_BYTES: usize = 9;
    let length = text.bytes().take(MAX_REFERENCE_BYTES).position(|byte| byte == b';')? + 1;
    let Cow::Owned(decoded) = decode_entities(&text[..length]) else {
        return None;
    };
    let mut characters = decoded.chars();
    let character = characters.next().filter(|character| byte_of(*character).is_some())?;
    characters.next().is_none().then_some((character, length))
}

/// Returns the byte of windows-1252 or Latin-1 that a character stands for, unless it is ASCII.
fn byte_of(character: char) -> Option<u8> {
    /// The characters of windows-1252 from 0x80 to 0x9f; the spaces are not assigned.
    const HIGH: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    match u32::from(character) {
        value @ 0x80..=0xff => u8::try_from(value).ok(),
        0..0x80 => None,
        _ => HIGH
            .chars()
            .zip(0x80..)
            .find(|(known, _)| *known == character)
            .map(|(_, byte)| byte),
    }
}

/// Returns the first character of `bytes` in UTF-8, and its length; `None` when there is none, or when it is ASCII.
fn decoded(bytes: &[u8]) -> Option<(char, usize)> {
    let length = match bytes.first()? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let character = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    Some((character, length))
}

impl Findings {
    /// Adds the sequences in a run of bytes.
    fn add_run(&mut self, text: &str, run: &[Unit]) {
        let bytes: Vec<u8> = run.iter().map(|unit| unit.byte).collect();
        let mut at = 0;
        // The number of sequences before this one without anything between them.
        let mut in_a_row = 0;
        while let Some(unit) = run.get(at) {
            let Some((character, length)) = decoded(&bytes[at..]) else {
                let is_lost_a = unit.byte == 0xc3 && at + 1 == run.len() && is_single_word(text, unit);
                if is_lost_a {
                    self.sequences.push((unit.start, end_of_lost_a(text, unit.end), 'à'));
                } else {
                    self.outside += 1;
                }
                in_a_row = 0;
                at += 1;
                continue;
            };
            let next = at + length;
            let (start, end) = (unit.start, run[next - 1].end);
            let needed_in_a_row = needed_in_a_row(unit.byte);
            let has_follower = (0..needed_in_a_row)
                .try_fold(next, |at, _| decoded(bytes.get(at..)?).map(|(_, length)| at + length))
                .is_some();
            if !is_plausible(character) || is_false_lower_case(text, start, character) {
                self.outside += length;
                in_a_row = 0;
            } else if in_a_row < needed_in_a_row && !has_follower {
                if needed_in_a_row == 1 {
                    self.alone.push((start, end, character));
                } else {
                    self.outside += length;
                }
                in_a_row = 0;
            } else {
                let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
                let is_in_word = is_letter(text[..start].chars().next_back()) || is_letter(text[end..].chars().next());
                // Three bytes that are all of a text are an ellipsis or a dash.
                let is_all = length >= 3 && text.trim().len() == end - start;
                self.evidence += usize::from(is_in_word || in_a_row > 0 || is_all);
                self.sequences.push((start, end, character));
                in_a_row += 1;
            }
            at = next;
        }
    }

    /// Returns whether the text was encoded twice: nothing in it contradicts, or much of it proves it.
    fn is_sure(&self) -> bool {
        /// So many sequences do not come by chance.
        const MUCH_EVIDENCE: usize = 3;
        if self.outside == 0 && self.alone.is_empty() {
            self.evidence > 0
        } else {
            self.evidence >= MUCH_EVIDENCE && self.evidence >= 2 * self.outside && self.evidence >= self.alone.len()
        }
    }

    fn apply(mut self, text: &str) -> String {
        self.sequences.append(&mut self.alone);
        self.sequences.sort_unstable_by_key(|(start, ..)| *start);
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for (start, end, character) in &self.sequences {
            out.push_str(&text[copied..*start]);
            out.push(*character);
            copied = *end;
        }
        out.push_str(&text[copied..]);
        out
    }
}

/// Returns whether a letter stands alone between blanks: an `à` whose second byte, a no-break space, has become a space.
fn is_single_word(text: &str, unit: &Unit) -> bool {
    text[..unit.start].ends_with(' ') && text[unit.end..].starts_with(' ')
}

/// Returns where such an `à` ends: behind the space that was its second byte, where another space follows.
fn end_of_lost_a(text: &str, end: usize) -> usize {
    if text[end..].starts_with("  ") { end + 1 } else { end }
}

/// Returns how many sequences have to stand in a row so that one with this first byte is none by chance: accented letters before no-break
/// spaces and quotation marks (`été »`) give characters of other scripts.
fn needed_in_a_row(first: u8) -> usize {
    match first {
        // Greek, Cyrillic, Hebrew, Arabic.
        0xcd..=0xdf => 1,
        // South and East Asia; Vietnamese too.
        0xe0 | 0xe1 | 0xe3..=0xee => 2,
        _ => 0,
    }
}

/// Returns whether text that was encoded twice can contain this character.
fn is_plausible(character: char) -> bool {
    match u32::from(character) {
        // Of the letters from U+0180 to U+036F those of Hausa, `ƒ`, and the accents.
        // Of the control characters those that windows-1252 keeps, in a text that was encoded three times.
        value @ 0x80..=0x9f => matches!(value, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d),
        0x700..=0x74f | 0x800..=0x8ff => false,
        value @ 0x180..=0x2ff => matches!(
            value,
            0x181 | 0x18a | 0x198 | 0x199 | 0x192 | 0x1b3 | 0x1b4 | 0x253 | 0x257 | 0x2bc | 0x2c6 | 0x2dc
        ),
        _ => true,
    }
}

/// Returns whether a small letter would follow two capitals: `AMANHÃ»` is a word in capitals before a quotation mark.
fn is_false_lower_case(text: &str, start: usize, character: char) -> bool {
    let mut before = text[..start].chars().rev();
    let mut is_capital = || before.next().is_some_and(|c| c.is_ascii_uppercase());
    character.is_lowercase() && is_capital() && is_capital()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes a text again, as a program does that takes its bytes for windows-1252.
    fn again(text: &str) -> String {
        text.bytes()
            .map(|byte| {
                let high = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ".chars();
                match byte {
                    0x80..=0x9f => high.clone().nth(usize::from(byte - 0x80)).expect("32 characters"),
                    other => char::from(other),
                }
            })
            .collect()
    }

    #[test]
    fn texts_that_were_encoded_twice_are_repaired() {
        for text in [
            "La récolte de coton a été bonne",
            "L’école “rouverte” à Séno…",
            "ÉLECTIONS À GAO",
            "Été",
            "الأخبار من نواكشوط: فتح المدارس",
            "Ɓangaren ƙasa da ɗalibai",
            "São Tomé, a decisão",
            "20 °C à l’ombre, œuvre n° 3 «utile»",
            "Пожар в городе",
            "🔥 Ça brûle",
            "…",
        ] {
            assert_eq!(repair_double_encoding(&again(text)).as_deref(), Some(text), "{text}");
            assert_eq!(repair_double_encoding(&again(&again(text))).as_deref(), Some(text), "twice: {text}");
            assert_eq!(repair_double_encoding(text), None, "{text}");
        }
    }

    #[test]
    fn each_text_of_a_page_is_judged_alone() {
        let page = "<title>Société - Le Journal</title><p title=\"Une Ã©cole\">La rÃ©colte lâ€™an passÃ©</p><p>« Santé » et été »</p>";
        assert_eq!(
            repair_double_encoding(page).as_deref(),
            Some("<title>Société - Le Journal</title><p title=\"Une école\">La récolte l’an passé</p><p>« Santé » et été »</p>")
        );
    }

    #[test]
    fn letters_may_be_references_and_lost_spaces() {
        for (text, expected) in [
            ("La Civilt&Atilde;\u{a0} Sahel", "La Civiltà Sahel"),
            ("caf&Atilde;&copy; noir", "café noir"),
            ("caf&#195;&#169; noir", "café noir"),
            ("il va Ã  Gao, trÃ¨s tÃ´t", "il va à Gao, très tôt"),
            ("il va Ã Gao, trÃ¨s tÃ´t", "il va à Gao, très tôt"),
        ] {
            assert_eq!(repair_double_encoding(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn text_that_is_right_stays() {
        for text in [
            "S\u{c3}O PAULO, AMANH\u{c3}",
            "«AMANH\u{c3}»",
            "“IRM\u{c3}” e “MA\u{c7}\u{c3}”",
            "MA\u{c7}\u{c3}\u{a0}»",
            "Pourquoi « Ã© » s’affiche à la place de « é »",
            "Why is \"Ã©\" shown?",
            "Ã©",
            "cafÃ© est café mal lu",
            "«\u{a0}Santé\u{a0}», dit-il, l’été\u{a0}»",
            "LIBERT\u{c9}\u{a0}» LIBERT\u{c9}… LIBERT\u{c9}” LIBERT\u{c9}»",
            "été\u{a0}»",
            "Panamá»…",
            "Fuß» und Öl",
            "&Atilde; et &Acirc; sont des lettres",
            "AT&T, R&D; S&Atilde;O",
        ] {
            assert_eq!(repair_double_encoding(text), None, "{text}");
        }
    }

    #[test]
    fn the_work_is_linear() {
        for unit in ["Ã", "&Atilde;", "Ã©", "<Ã©", "&", "Ã&"] {
            let text = unit.repeat(200_000);
            assert!(
                repair_double_encoding(&text).is_none_or(|repaired| repaired.len() <= text.len()),
                "{unit}"
            );
        }
    }
}
