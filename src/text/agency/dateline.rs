//! Datelines: the place, the date and the agency before the first sentence, such as "LOMÉ, 3 août (Xinhua) —", "AFP - " or "نيامي / الأناضول".

use super::names::agency_named;
use crate::model::Agency;
use crate::text::date::is_month_name;
use crate::text::fold::fold;

/// How much of a text may be its dateline, in bytes; a headline may stand before it.
const HEAD_BYTES: usize = 320;
/// The longest place with its date, in characters and words.
const MAX_PLACE_CHARS: usize = 70;
const MAX_PLACE_WORDS: usize = 9;
/// The longest place in a script without capitals, in words.
const MAX_UNCASED_WORDS: usize = 4;
/// How many words at the end of a text are looked at for a date.
const DATE_WORDS: usize = 5;
/// How many dashes of a text are looked at.
const MAX_DASHES: usize = 3;
/// Words within places that have no capital; folded.
const PARTICLES: [&str; 20] = [
    "de", "du", "des", "la", "le", "les", "l", "d", "of", "the", "sur", "en", "el", "er", "et", "and", "al", "da", "do", "dos",
];

/// Returns the agency of the dateline with which a line begins.
pub(super) fn dateline(line: &str, language: &str) -> Option<Agency> {
    let head = &line[..line.floor_char_boundary(HEAD_BYTES)];
    in_brackets(head, language)
        .or_else(|| at_start(head, language))
        .or_else(|| behind_dash(head, language))
}

/// "LOMÉ, 3 août (Xinhua) —", "(AFP) -", "MOSCOU, 3 août. /TASS/."
fn in_brackets(head: &str, language: &str) -> Option<Agency> {
    for (open, close) in [('(', ')'), ('[', ']'), ('/', '/')] {
        let mut from = 0;
        while let Some(start) = head[from..].find(open).map(|at| from + at) {
            let inner = start + open.len_utf8();
            let Some(end) = head[inner..].find(close).map(|at| inner + at) else {
                break;
            };
            from = if open == close { inner } else { end };
            let before = head[..start].trim_end();
            let (place, after) = (before, &head[end + close.len_utf8()..]);
            if let Some(agency) = first_named(&head[inner..end], language, place)
                && is_dateline_end(before, after)
                && (before.is_empty() || is_place_and_date(before) || ends_in_date(before))
            {
                return Some(agency);
            }
        }
    }
    None
}

/// Returns the first agency of `AFP`, `AFP/Reuters`, `avec AFP`.
fn first_named(inner: &str, language: &str, place: &str) -> Option<Agency> {
    let mut names = inner.split(['/', ',', '-', '–']);
    names.find_map(|name| {
        let name = name.trim();
        let name = ["avec ", "with ", "source:", "source :"]
            .iter()
            .find_map(|word| name.strip_prefix(word))
            .unwrap_or(name);
        agency_named(name, language, place)
    })
}

/// Returns whether the text behind brackets begins as that behind a dateline does.
fn is_dateline_end(before: &str, after: &str) -> bool {
    let after = after.trim_start();
    let is_shouted = || before.chars().any(char::is_uppercase) && !before.chars().any(char::is_lowercase);
    after.is_empty() || after.starts_with(['-', '–', '—', ':', '.', '|', '−', '_']) || is_shouted()
}

/// "AFP - Le président", "AA / Niamey / Awa", "APA-Dakar (Sénégal)".
fn at_start(head: &str, language: &str) -> Option<Agency> {
    let named = |separator: &str| {
        let (name, _) = head.split_once(separator)?;
        agency_named(name, language, "").filter(|_| !name.contains(' ') || name.chars().any(char::is_lowercase))
    };
    let spaced = [" - ", " – ", " — ", " | ", " / ", "– ", "— ", " –", " —"]
        .into_iter()
        .find_map(named);
    spaced.or_else(|| {
        let (name, rest) = head.split_once(['-', '–', '/'])?;
        let place = rest.split(['(', ',', '/']).next().unwrap_or_default();
        let is_followed = place.len() < rest.len() && place.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-'));
        (is_followed && is_place_and_date(place)).then(|| agency_named(name, language, place))?
    })
}

/// "Sapouy, 13 août 2026 – AIB. Le haut-commissaire", "نيامي / الأناضول".
fn behind_dash(head: &str, language: &str) -> Option<Agency> {
    let dashes = head.match_indices(['-', '–', '—', '/']);
    for (at, dash) in dashes.take(MAX_DASHES) {
        let (before, rest) = (head[..at].trim_end(), &head[at + dash.len()..]);
        let name = rest.split(['.', ':', '–', '—', '/', '-']).next().unwrap_or_default();
        let is_apart = name.len() == rest.len() || rest[name.len()..].chars().nth(1).is_none_or(|c| c.is_whitespace() || c == '-');
        if is_apart
            // "Awa Diallo/AFP" credits a picture.
            && ((is_place_and_date(before) && (dash != "/" || is_uncased(before))) || ends_in_date(before))
            && let Some(agency) = agency_named(name, language, before)
        {
            return Some(agency);
        }
    }
    None
}

/// Returns whether `text` is a place, with its date or without: each word has a capital or is of a date.
fn is_place_and_date(text: &str) -> bool {
    if text.chars().nth(MAX_PLACE_CHARS).is_some() {
        return false;
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if is_uncased(text) {
        return (1..=MAX_UNCASED_WORDS).contains(&words.len()) && words.iter().any(|word| word.chars().any(char::is_alphabetic));
    }
    let is_part = |word: &&str| {
        let folded = fold(word);
        !word.starts_with(char::is_lowercase) || is_month(&folded) || PARTICLES.contains(&folded.as_str())
    };
    // "L'Agence d'information du Burkina (AIB)" explains a name.
    let names_agency = words
        .iter()
        .any(|word| matches!(fold(word).as_str(), "agence" | "agency" | "agencia" | "presse" | "press"));
    words.len() <= MAX_PLACE_WORDS && !names_agency && words.iter().all(is_part)
}

/// Returns whether the script of `text` has no capitals.
fn is_uncased(text: &str) -> bool {
    !text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// Returns whether `text` ends in a date: day and month, with the year or without.
fn ends_in_date(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect();
    let last = &words[words.len().saturating_sub(DATE_WORDS)..];
    let is_number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
    let month = last.iter().rposition(|word| is_month(word));
    match month {
        Some(at) => last[at + 1..].iter().all(is_number) && (last[..at].iter().any(is_number) || at + 1 < last.len() || glued(&last[at])),
        // 03/08/2026
        None => last.len() >= 3 && last[last.len() - 3..].iter().all(is_number),
    }
}

/// Returns whether a folded word is the name of a month, or one with the day before it, such as `27juillet`.
fn is_month(folded: &str) -> bool {
    is_month_name(folded.trim_start_matches(|c: char| c.is_ascii_digit()))
}

fn glued(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}
