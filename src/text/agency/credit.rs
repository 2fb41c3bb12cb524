//! Credits: short texts that say whose text it is and nothing else, such as "Source : Xinhua", "(avec AFP)" or "Le Courrier avec Reuters".

use super::names::{agency_at_end, agency_named};
use crate::model::Agency;
use crate::text::date::is_month_name;
use crate::text::fold::fold;

/// The longest credit.
const MAX_CREDIT_CHARS: usize = 80;
/// The most who share one.
const MAX_PARTS: usize = 5;
/// The longest name in one, in words.
const MAX_NAME_WORDS: usize = 5;
/// How much of the end of a line may be a credit, in bytes.
const END_BYTES: usize = 240;

/// Words that introduce the names in a credit; folded. A line at the beginning of a text is a credit only with one of them, else it credits a picture.
const INTRODUCTIONS: [&str; 17] = [
    "source",
    "sources",
    "avec",
    "par",
    "by",
    "with",
    "from",
    "por",
    "von",
    "fuente",
    "quelle",
    "المصدر",
    "بقلم",
    "نقلا",
    "daga",
    "majiya",
    "tushe",
];
/// Further words that part the names; folded.
const JOINERS: [&str; 11] = ["copyright", "c", "et", "and", "via", "texte", "text", "con", "عن", "da", "و"];
/// Words of the credit of a picture; folded.
const PICTURE_WORDS: [&str; 22] = [
    "photo",
    "photos",
    "photographie",
    "image",
    "images",
    "illustration",
    "picture",
    "pictures",
    "getty",
    "archive",
    "archives",
    "video",
    "videos",
    "credit",
    "credits",
    "capture",
    "infographie",
    "صوره",
    "الصوره",
    "صور",
    "hoto",
    "hotuna",
];
/// Words within names that have no capital; folded.
const NAME_PARTICLES: [&str; 16] = [
    "de", "du", "des", "la", "le", "les", "l", "d", "of", "the", "el", "al", "ag", "ould", "mint", "na",
];

/// A text that credits an agency.
struct Credit {
    agency: Agency,
    /// Whether a word such as "avec" introduces it.
    is_introduced: bool,
    /// The number of its parts.
    parts: usize,
    /// The number of words that name the agency.
    words: usize,
}

/// Returns the agency that the name of an author is, or with which the author shares a text.
pub(super) fn credit_in_author(author: &str, language: &str) -> Option<Agency> {
    if has_picture_word(author) {
        return None;
    }
    credit(author, language)
        .map(|credit| credit.agency)
        .or_else(|| agency_at_end(author))
}

/// Returns the agency that a text credits as a whole, such as a rights statement.
pub(super) fn whole_credit(line: &str, language: &str) -> Option<Agency> {
    credit(line, language).map(|credit| credit.agency)
}

/// Returns the agency of a line at the beginning of a text. The initials of an agency alone credit the picture above the text.
pub(super) fn credit_at_start(line: &str, language: &str) -> Option<Agency> {
    let found = credit(line, language)?;
    let is_alone = found.parts == 1 && found.words == 1;
    let is_bracketed = line.starts_with(['(', '[']) && line.ends_with([')', ']']);
    (found.is_introduced || is_bracketed || (found.parts == 1 && !is_alone)).then_some(found.agency)
}

/// Returns the agency of a line at the end of a text: the line is a credit, or ends in one behind its last sentence.
pub(super) fn credit_at_end(line: &str, language: &str) -> Option<Agency> {
    if let Some(found) = credit(line, language) {
        return Some(found.agency);
    }
    let line = &line[line.ceil_char_boundary(line.len().saturating_sub(END_BYTES))..];
    in_last_brackets(line, language).or_else(|| behind_last_sentence(line, language))
}

/// Returns the agency in brackets that follow the last sentence: "… depuis lundi. (AFP)".
fn in_last_brackets(line: &str, language: &str) -> Option<Agency> {
    let inner = line.trim_end_matches(['.', ' ']).strip_suffix([')', ']'])?;
    let open = inner.rfind(['(', '['])?;
    let before = inner[..open].trim_end();
    // Brackets within a sentence explain a name, or say who told a fact.
    let is_behind_sentence = before.is_empty() || before.ends_with(is_sentence_end);
    is_behind_sentence
        .then(|| credit(&inner[open + 1..], language))?
        .map(|found| found.agency)
}

/// Returns the agency that stands behind the last sentence without brackets: "… depuis lundi. AFP", "… depuis lundi. KO/AS/ANP".
fn behind_last_sentence(line: &str, language: &str) -> Option<Agency> {
    let line = line.trim_end_matches(['.', ' ']);
    let end = line.char_indices().rev().find(|(_, c)| is_sentence_end(*c));
    let (at, sign) = end?;
    let tail = &line[at + sign.len_utf8()..];
    // A dot without a blank behind it is part of a name, such as `afp.com`.
    let is_apart = tail.starts_with(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '(' | '[' | '/' | '©'));
    is_apart.then(|| credit(tail, language))?.map(|found| found.agency)
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '»' | '”' | '"' | '؟' | '。')
}

fn has_picture_word(text: &str) -> bool {
    let folded = fold(text);
    folded
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| PICTURE_WORDS.contains(&word))
}

/// Reads `text` as a credit: names of which one is an agency's, and the words between them.
fn credit(text: &str, language: &str) -> Option<Credit> {
    if text.chars().nth(MAX_CREDIT_CHARS).is_some() || has_picture_word(text) {
        return None;
    }
    let mut is_introduced = false;
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    let is_break = |c: char| {
        matches!(
            c,
            ',' | '/' | ';' | '|' | '&' | '+' | '·' | '•' | ':' | '(' | ')' | '[' | ']' | '–' | '—' | '،' | '©'
        )
    };
    for part in text.split(is_break) {
        parts.push(Vec::new());
        for word in part.split_whitespace() {
            let folded = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
            let is_dash = folded.is_empty();
            let introduces = INTRODUCTIONS.contains(&folded.as_str());
            is_introduced |= introduces;
            if is_dash || introduces || JOINERS.contains(&folded.as_str()) {
                parts.push(Vec::new());
            } else if !is_date(&folded) {
                parts.last_mut()?.push(word);
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    if parts.len() > MAX_PARTS {
        return None;
    }
    let mut found = None;
    for part in &parts {
        match agency_named(without_number(&part.join(" ")), language, "") {
            Some(agency) => found = found.or(Some((agency, part.len()))),
            None if is_name(part) => {}
            None => return None,
        }
    }
    found.map(|(agency, words)| Credit {
        agency,
        is_introduced,
        parts: parts.len(),
        words,
    })
}

/// Returns whether a folded word is part of a date, or the number of a dispatch.
fn is_date(folded: &str) -> bool {
    folded.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '.') || is_month_name(folded)
}

/// Returns a name without the number of a dispatch: `ANP-354`.
fn without_number(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// Returns whether words are a name: each but particles begins with a capital, or the script has none.
fn is_name(words: &[&str]) -> bool {
    let is_part = |word: &&str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        let is_address = word.contains('.') && !word.ends_with('.');
        first.is_none_or(|first| !first.is_lowercase()) || is_address || NAME_PARTICLES.contains(&fold(word).as_str())
    };
    words.len() <= MAX_NAME_WORDS && words.iter().all(is_part)
}
