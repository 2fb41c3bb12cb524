//! Decodes documents: finds the encoding that a document really is in, whatever its label.
//!
//! In order: the operator's setting, a byte order mark, valid UTF-8 (which takes precedence over a wrong label), the charset of HTTP, the
//! declaration in the document, detection. It never fails: bytes that cannot be decoded become U+FFFD and a [`Problem`].

use super::broken_utf8::{Survey, without_surrogates};
use crate::model::Problem;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};
use std::borrow::Cow;

/// The syntax of a document, which decides where it declares its charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// In `<?xml … encoding="…"?>`.
    Xml,
    /// In `<meta charset>` or `<meta http-equiv>`.
    Html,
    /// Nowhere (RFC 8259, 8.1: always UTF-8).
    Json,
}

/// A decoded document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark. Bytes that are UTF-8 already are not copied.
    pub text: Cow<'a, str>,
    /// The encoding that it was decoded from, by its WHATWG name.
    pub charset: &'static str,
    /// The defects of its encoding.
    pub problems: Vec<Problem>,
}

/// In how many bytes at the start of a document its declaration is searched.
const MAX_DECLARATION_BYTES: usize = 2048;

/// Decodes `bytes`. `forced` is the charset that the operator set, and `http` the charset parameter of Content-Type.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], forced: Option<&str>, http: Option<&str>, syntax: Syntax) -> Decoded<'a> {
    if let Some(encoding) = forced.and_then(encoding_for_label) {
        return decode_as(bytes, encoding);
    }
    if let Some(text) = decode_utf32(bytes) {
        return Decoded {
            text: Cow::Owned(text),
            charset: "UTF-32",
            problems: Vec::new(),
        };
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        if encoding == UTF_8 {
            return decode_utf8(bytes.get(length..).unwrap_or_default());
        }
        return decode_utf16(bytes, encoding);
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return decode_utf16(bytes, encoding);
    }
    let declared = declared_charset(bytes, syntax);
    let labels = [http.and_then(encoding_for_label), declared.as_deref().and_then(encoding_for_label)];
    decode_by_label(bytes, labels.into_iter().flatten().collect())
}

fn decode_by_label<'a>(bytes: &'a [u8], labels: Vec<&'static Encoding>) -> Decoded<'a> {
    // ISO-2022-JP is valid ASCII; only its escape sequences and its label distinguish it.
    if let Some(stateful) = labels.iter().find(|encoding| !encoding.is_ascii_compatible())
        && bytes.contains(&0x1b)
    {
        return decode_as(bytes, stateful);
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        let false_label = labels.first().filter(|first| **first != UTF_8 && !bytes.is_ascii());
        return from_utf8_text(text, false_label.copied());
    }
    if let Some(joined) = without_surrogates(bytes) {
        return decode_joined(&joined, labels);
    }
    let survey = Survey::of(bytes);
    if survey.is_cut_utf8(labels.iter().any(|label| *label != UTF_8)) {
        return decode_mixed(bytes, &survey);
    }
    let mut first_broken = None;
    for encoding in labels {
        if encoding == UTF_8 || !encoding.is_ascii_compatible() {
            continue;
        }
        let decoded = decode_as(bytes, encoding);
        if encoding == WINDOWS_1252
            && let Some(other) = decode_mislabeled_latin(bytes)
        {
            return other;
        }
        if decoded.problems.is_empty() {
            return decoded;
        }
        first_broken = first_broken.or(Some(decoded));
    }
    first_broken.unwrap_or_else(|| decode_undeclared(bytes, &survey))
}

/// Decodes bytes whose surrogates have been joined.
fn decode_joined(joined: &[u8], labels: Vec<&'static Encoding>) -> Decoded<'static> {
    let Decoded {
        text,
        charset,
        mut problems,
    } = decode_by_label(joined, labels);
    problems.insert(0, Problem::new("surrogates", "characters were encoded as two surrogates (CESU-8)"));
    Decoded {
        text: Cow::Owned(text.into_owned()),
        charset,
        problems,
    }
}

/// Decodes bytes that are labelled as Latin-1, as many servers label everything, but are not: no language in Latin script has words of
/// accented letters only. `None` when they may be Latin-1.
fn decode_mislabeled_latin(bytes: &[u8]) -> Option<Decoded<'_>> {
    /// The least number of such words that are not there by chance.
    const MIN_WORDS: usize = 5;
    let words = bytes.split(|byte| *byte < 0xc0).filter(|word| word.len() >= 4);
    if words.take(MIN_WORDS).count() < MIN_WORDS {
        return None;
    }
    let encoding = guess_encoding(bytes);
    let mut decoded = decode_as(bytes, encoding);
    if encoding == WINDOWS_1252 || !decoded.problems.is_empty() {
        return None;
    }
    let detail = format!("labelled {}, is {}", WINDOWS_1252.name(), encoding.name());
    decoded.problems.push(Problem::new("charset-lie", detail));
    Some(decoded)
}

/// Returns the most likely encoding of bytes that are not UTF-8.
fn guess_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Decodes bytes that are not valid UTF-8 and have no other usable label.
fn decode_undeclared<'a>(bytes: &'a [u8], survey: &Survey) -> Decoded<'a> {
    // Bytes of another encoding are seldom valid UTF-8 by chance: a few such characters outweigh many stray bytes.
    if survey.good * 3 >= survey.bad {
        return decode_mixed(bytes, survey);
    }
    let mut decoded = decode_as(bytes, guess_encoding(bytes));
    decoded
        .problems
        .insert(0, Problem::new("charset-lie", format!("not UTF-8; read as {}", decoded.charset)));
    decoded
}

/// Decodes UTF-8 with stray bytes of another encoding, as pasted texts have, and with characters that were cut, which are left out.
fn decode_mixed(bytes: &[u8], survey: &Survey) -> Decoded<'static> {
    let stray = stray_encoding(bytes);
    let mut text = String::with_capacity(bytes.len());
    let end = bytes.len();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len() + chunk.invalid().len();
        // Several bytes of one character at the end of the document are no stray ones.
        let is_cut = at == end && chunk.invalid().len() >= 2 || survey.is_cut(chunk.valid(), chunk.invalid(), &bytes[at..]);
        if !is_cut {
            text.push_str(&stray.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    let problem = if survey.cut == survey.bad {
        Problem::new("cut-character", format!("{} characters were cut, and are left out", survey.cut))
    } else {
        let detail = format!("{} places are not UTF-8; read as {}", survey.bad, stray.name());
        Problem::new("charset-mixed", detail)
    };
    Decoded {
        text: Cow::Owned(without_bom(text)),
        charset: UTF_8.name(),
        problems: vec![problem],
    }
}

/// Returns the encoding of stray bytes: the 8-bit one for the script of the rest.
fn stray_encoding(bytes: &[u8]) -> &'static Encoding {
    let (mut latin, mut arabic, mut cyrillic) = (0_usize, 0_usize, 0_usize);
    for character in bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()) {
        match character {
            'a'..='z' | '\u{c0}'..='\u{17f}' => latin += 1,
            '\u{400}'..='\u{4ff}' => cyrillic += 1,
            '\u{600}'..='\u{6ff}' => arabic += 1,
            _ => {}
        }
    }
    // Tags and addresses are in Latin script in every feed.
    match arabic.max(cyrillic) {
        most if most * 4 < latin => WINDOWS_1252,
        most if most == arabic => WINDOWS_1256,
        _ => WINDOWS_1251,
    }
}

fn decode_utf8(bytes: &[u8]) -> Decoded<'_> {
    let text = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    text.map_or_else(|| decode_by_label(bytes, Vec::new()), |text| from_utf8_text(text, None))
}

fn from_utf8_text<'a>(text: Cow<'a, str>, false_label: Option<&'static Encoding>) -> Decoded<'a> {
    let problems = false_label.map(|label| Problem::new("charset-lie", format!("labelled {}, is UTF-8", label.name())));
    Decoded {
        text: match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(BYTE_ORDER_MARK)),
            Cow::Owned(text) => Cow::Owned(without_bom(text)),
        },
        charset: UTF_8.name(),
        problems: problems.into_iter().collect(),
    }
}

/// The byte order mark; there may be several where programs concatenate files.
const BYTE_ORDER_MARK: char = '\u{feff}';

fn without_bom(mut text: String) -> String {
    let marks = text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len();
    text.drain(..marks);
    text
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, actual, broken) = encoding.decode(bytes);
    let problem = broken.then(|| Problem::new("charset-broken", format!("bytes that {} does not have", actual.name())));
    Decoded {
        text: Cow::Owned(without_bom(text.into_owned())),
        charset: actual.name(),
        problems: problem.into_iter().collect(),
    }
}

/// Decodes UTF-16, recognised by its mark or its zeros, unless the mark precedes a text without any zero byte.
fn decode_utf16<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let rest = bytes.get(2..).unwrap_or_default();
    if rest.len() > 8 && !rest.iter().take(MAX_DECLARATION_BYTES).any(|byte| *byte == 0) && rest.trim_ascii_start().starts_with(b"<") {
        let mut decoded = decode(rest, None, None, Syntax::Xml);
        decoded.problems.insert(
            0,
            Problem::new("charset-lie", format!("a mark of {} before bytes of another", encoding.name())),
        );
        return decoded;
    }
    decode_as(bytes, encoding)
}

fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [first, 0, second, 0] if *first != 0 && *second != 0 => Some(UTF_16LE),
        [0, first, 0, second] if *first != 0 && *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Decodes UTF-32, which `encoding_rs` does not support, recognised by its mark or by the zeros around a first `<`.
fn decode_utf32(bytes: &[u8]) -> Option<String> {
    let to_code_point: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] | [b'<', 0, 0, 0] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<'] => u32::from_be_bytes,
        _ => return None,
    };
    let (units, _) = bytes.as_chunks::<4>();
    let text = units
        .iter()
        .map(|unit| char::from_u32(to_code_point(*unit)).unwrap_or('\u{fffd}'))
        .collect();
    Some(without_bom(text))
}

fn encoding_for_label(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().trim_matches(['"', '\'', ';', ' ']);
    Encoding::for_label(name.as_bytes()).or_else(|| {
        let name = name.to_ascii_lowercase().replace('_', "-");
        match name.as_str() {
            "utf-8-bom" | "utf8-bom" | "utf-8mb4" | "utf8mb4" => Some(UTF_8),
            "latin-1" | "iso-latin-1" | "cp-1252" | "win-1252" | "ansi" => Some(WINDOWS_1252),
            other => other
                .strip_prefix("cp")
                .or_else(|| other.strip_prefix("win-"))
                .and_then(|page| Encoding::for_label(format!("windows-{page}").as_bytes())),
        }
    })
}

/// Returns the charset that a document declares.
fn declared_charset(bytes: &[u8], syntax: Syntax) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_DECLARATION_BYTES)]).to_ascii_lowercase();
    let after = match syntax {
        Syntax::Json => return None,
        Syntax::Xml => {
            let declaration = head.split_once("<?xml")?.1.split('>').next()?;
            declaration.split_once("encoding")?.1.to_owned()
        }
        Syntax::Html => head
            .split("<meta")
            .skip(1)
            .find_map(|meta| Some(meta.split('>').next()?.split_once("charset")?.1.to_owned()))?,
    };
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let name: String = value
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | ':' | '.'))
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml<'a>(bytes: &'a [u8], http: Option<&str>) -> Decoded<'a> {
        decode(bytes, None, http, Syntax::Xml)
    }

    fn codes<'a>(decoded: &'a Decoded<'_>) -> Vec<&'a str> {
        decoded.problems.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn labels_are_used_when_they_can_be_right() {
        let latin = b"<?xml version='1.0' encoding='iso-8859-1'?><a>Entit\xe9s \x80</a>";
        let decoded = xml(latin, None);
        assert!(decoded.text.contains("Entités €"), "{}", decoded.text);
        assert_eq!((decoded.charset, codes(&decoded)), ("windows-1252", vec![]));
        assert!(xml(b"<a>\xe3</a>", Some("windows-1256")).text.contains('م'));
        assert!(
            decode(b"<meta charset=windows-1251>\xcf", None, None, Syntax::Html)
                .text
                .contains('П')
        );
        assert!(decode(b"\xcf", Some("windows-1251"), Some("utf-8"), Syntax::Xml).text.contains('П'));
    }

    #[test]
    fn utf8_takes_precedence_over_a_wrong_label() {
        let decoded = xml(
            "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".as_bytes(),
            Some("windows-1252"),
        );
        assert!(decoded.text.contains('é'));
        assert_eq!(codes(&decoded), ["charset-lie"]);
    }

    #[test]
    fn latin_under_a_label_of_utf8_is_read() {
        let decoded = xml(
            b"<?xml version='1.0' encoding='UTF-8'?><a>L'arm\xe9e num\xe9ris\xe9e du S\xe9n\xe9gal</a>",
            None,
        );
        assert!(decoded.text.contains("armée numérisée"), "{}", decoded.text);
        assert_eq!(codes(&decoded), ["charset-lie"]);
        let mut mix = "<a>é è ê à".as_bytes().to_vec();
        mix.extend(b" \xe9\x92</a>");
        let decoded = xml(&mix, None);
        assert!(decoded.text.contains("é è ê à é’"), "{}", decoded.text);
        assert_eq!(codes(&decoded), ["charset-mixed"]);
    }

    #[test]
    fn stray_bytes_are_in_the_encoding_of_the_script_around_them() {
        let arabic = "<a>افتتح سكان الحي سوقا جديدة صباح اليوم ";
        let mut mix = arabic.as_bytes().to_vec();
        mix.extend(WINDOWS_1256.encode("في وسط المدينة القديمة").0.iter());
        let decoded = xml(&mix, None);
        assert!(decoded.text.ends_with("في وسط المدينة القديمة"), "{}", decoded.text);
        assert_eq!(codes(&decoded), ["charset-mixed"]);
        let mut mix = "<a>Рынок открыт с утра ".as_bytes().to_vec();
        mix.extend(WINDOWS_1251.encode("в городе").0.iter());
        assert!(xml(&mix, None).text.ends_with("в городе"));
        // Few characters of UTF-8 and as many bytes of an 8-bit encoding.
        let mut mix = "<a>é à ".as_bytes().to_vec();
        mix.extend(b"\xe9 \xe8 \xe0 \xe9");
        assert!(xml(&mix, None).text.ends_with("é à é è à é"));
    }

    #[test]
    fn arabic_under_a_latin_label_is_read() {
        let text = "<a>الأخبار من نواكشوط: الحكومة تعلن عن فتح مدارس جديدة في الشمال</a>";
        let (bytes, ..) = WINDOWS_1256.encode(text);
        for encoding_for_label in ["iso-8859-1", "windows-1252"] {
            let decoded = xml(&bytes, Some(encoding_for_label));
            assert_eq!((&*decoded.text, codes(&decoded)), (text, vec!["charset-lie"]));
        }
        for latin in ["<a>L'élève créée à Gaoua, ÉÉÉÉ</a>", "<a>ÉLÉVATION À ÔTER : ÀÉÈÊ ÀÉÈÊ</a>"] {
            let (bytes, ..) = WINDOWS_1252.encode(latin);
            assert_eq!(xml(&bytes, Some("iso-8859-1")).text, latin);
        }
        // The operator's setting takes precedence.
        assert!(decode(&bytes, Some("windows-1252"), None, Syntax::Xml).text.contains('Ç'));
    }

    #[test]
    fn marks_zeros_and_labels_may_contradict_each_other() {
        let text = "<?xml version='1.0' encoding='utf-16'?><a>été</a>";
        assert_eq!(xml(text.as_bytes(), Some("utf-16")).text, text, "bytes of UTF-8 cannot be UTF-16");
        let marked = ["\u{feff}", text].concat();
        assert_eq!(
            xml(marked.as_bytes(), Some("windows-1252")).text,
            text,
            "a mark is stronger than any label"
        );
        let broken = b"\xef\xbb\xbf<a>\xe9t\xe9 num\xe9rique</a>";
        let decoded = xml(broken, None);
        assert_eq!(
            (&*decoded.text, codes(&decoded)),
            ("<a>été numérique</a>", vec!["charset-lie"]),
            "a mark of UTF-8 may lie"
        );
        let quads: Vec<u8> = text.chars().flat_map(|character| u32::from(character).to_le_bytes()).collect();
        assert_eq!(xml(&quads, Some("utf-8")).text, text);
        for name in ["latin1", "LATIN-1", " iso8859-1;", "cp1252", "ANSI", "win-1252", "l1"] {
            assert_eq!(encoding_for_label(name), Some(WINDOWS_1252), "{name}");
        }
        assert_eq!(encoding_for_label("utf8mb4"), Some(UTF_8));
        assert_eq!(encoding_for_label("x-nothing"), None);
        // The header takes precedence over the declaration, if the bytes are valid in it.
        let declared = b"<?xml version='1.0' encoding='windows-1251'?><a>\xe9</a>";
        assert!(xml(declared, Some("iso-8859-1")).text.contains('é'));
        assert!(xml(declared, Some("utf-8")).text.contains('й'));
    }

    #[test]
    fn utf16_and_utf32_are_recognised_with_and_without_a_mark() {
        let text = "<a>été</a>";
        let decode_utf16 = |mark: &str, big: bool| -> Vec<u8> {
            let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
            units
                .iter()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for bytes in [
            decode_utf16("", true),
            decode_utf16("\u{feff}", true),
            decode_utf16("", false),
            decode_utf16("\u{feff}", false),
        ] {
            assert_eq!(xml(&bytes, Some("utf-8")).text, text);
        }
        let quads: Vec<u8> = format!("\u{feff}{text}")
            .chars()
            .flat_map(|character| u32::from(character).to_be_bytes())
            .collect();
        assert_eq!(xml(&quads, None).text, text);
    }

    #[test]
    fn byte_order_marks_are_removed_and_may_be_wrong() {
        assert_eq!(xml("\u{feff}\u{feff}<a/>".as_bytes(), None).text, "<a/>");
        let decoded = xml(b"\xff\xfe<rss><channel/></rss>", None);
        assert_eq!(decoded.text, "<rss><channel/></rss>");
        assert_eq!(codes(&decoded), ["charset-lie"]);
    }

    #[test]
    fn characters_that_a_limit_cut_are_left_out() {
        let cut = b"<?xml version='1.0' encoding='utf-8'?><a>Le march\xc3...</a>";
        let decoded = xml(cut, Some("utf-8"));
        assert!(decoded.text.ends_with("<a>Le march...</a>"), "{}", decoded.text);
        assert_eq!(codes(&decoded), ["cut-character"]);
        let arabic = [" <a>خرج المئات في نواكش".as_bytes(), b"\xd9\xe2\x80\xa6</a>"].concat();
        assert_eq!(xml(&arabic, Some("iso-8859-1")).text, " <a>خرج المئات في نواكش…</a>");
        // Beside a stray letter of Latin-1, and where it may be one itself.
        let mixed = ["<a>L'école à Séno, la journ".as_bytes(), b"\xc3...</a><a>march\xe9...</a>"].concat();
        assert_eq!(xml(&mixed, None).text, "<a>L'école à Séno, la journ...</a><a>marché...</a>");
        assert_eq!(xml(b"<a>AMANH\xc3</a>", Some("iso-8859-1")).text, "<a>AMANH\u{c3}</a>");
    }

    #[test]
    fn surrogates_are_the_character_that_they_stand_for() {
        let bytes = ["<a>Ça brûle ".as_bytes(), b"\xed\xa0\xbd\xed\xb4\xa5 \xed\xa0\xbd</a>"].concat();
        let decoded = xml(&bytes, None);
        assert_eq!(decoded.text, "<a>Ça brûle 🔥 </a>");
        assert_eq!(codes(&decoded), ["surrogates"]);
    }

    #[test]
    fn a_truncated_character_at_the_end_is_dropped() {
        let text = "Ndjaména ét€";
        let decoded = xml(&text.as_bytes()[..text.len() - 1], None);
        assert_eq!(decoded.text, "Ndjaména ét");
    }

    #[test]
    fn no_bytes_panic() {
        for bytes in [
            &b""[..],
            b"\xff",
            b"\xff\xfe",
            b"\0\0\0",
            b"<?xml encoding",
            b"\xef\xbb\xbf",
            b"\x00\x00\xfe\xff\x01",
        ] {
            let _ = xml(bytes, Some("no such charset"));
            let _ = decode(bytes, Some("?"), None, Syntax::Json);
        }
    }
}
