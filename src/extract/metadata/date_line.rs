//! Whether a line is little more than a date: then it may state when the article was published. Numbers in sentences, headlines and results
//! of matches are no dates, although a tolerant parser of dates makes dates of them.

use crate::text::date::is_month_name;

/// Prefixes of the names of weekdays in French, English, Hausa, Arabic, Spanish, Portuguese and German.
const WEEKDAYS: &[&str] = &[
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "litinin",
    "talata",
    "laraba",
    "alhamis",
    "juma",
    "asabar",
    "lahadi",
    "الاثنين",
    "الإثنين",
    "الثلاثاء",
    "الأربعاء",
    "الخميس",
    "الجمعة",
    "السبت",
    "الأحد",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "segunda",
    "terça",
    "quarta",
    "quinta",
    "sexta",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
];

/// Beginnings of words that label a date as that of publication.
const LABELS: &[&str] = &[
    "publi",
    "posted",
    "post",
    "mis",
    "ligne",
    "paru",
    "parution",
    "veröffentlicht",
    "erschienen",
    "created",
    "released",
    "written",
    "soumis",
    "submitted",
    "rédigé",
    "créé",
    "نشر",
    "النشر",
    "wallafa",
    "updated",
    "modifié",
    "edited",
    "date",
    "تاريخ",
    "par",
    "by",
    "por",
    "von",
];
/// Words beside a date.
const GLUE: &[&str] = &[
    "le",
    "la",
    "du",
    "de",
    "on",
    "at",
    "à",
    "the",
    "el",
    "am",
    "pm",
    "a.m",
    "p.m",
    "um",
    "den",
    "der",
    "em",
    "in",
    "en",
    "dans",
    "of",
    "and",
    "et",
    "to",
    "uhr",
    "h",
    "min",
    "mins",
    "minute",
    "minutes",
    "read",
    "lecture",
    "comments",
    "commentaires",
    "commentaire",
    "gmt",
    "utc",
    "est",
    "edt",
    "pst",
    "pdt",
    "cet",
    "cest",
    "wat",
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "do",
    "في",
    "يوم",
    "ga",
    "ranar",
    "les",
    "del",
    "das",
    "às",
    "as",
    "a",
    "il",
    "s",
    "م",
    "ه",
];
/// Beginnings of words with which a line states the date of something else.
const OTHER_THINGS: &[&str] = &[
    "membre",
    "member",
    "since",
    "depuis",
    "joined",
    "inscrit",
    "né",
    "born",
    "valid",
    "expir",
    "rendez",
    "jusqu",
    "until",
    "event",
    "deadline",
    "©",
    "copyright",
    "finaliza",
    "délai",
    "photo",
    "crédit",
    "credit",
    "mort",
    "died",
    "seit",
    "desde",
    "منذ",
    "عضو",
];
/// The numbers that a line with a date has at most: day, year, time of day, minutes of reading.
const MAX_NUMBERS: usize = 5;

/// Returns whether a word is a date in numbers, such as `25/11/2025`, `3-mars-2024` or `2025-11-25T10:00`.
pub(super) fn is_date_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let word = word.split(['T', ':']).next().unwrap_or_default();
    let pieces: Vec<&str> = word.split(['-', '/', '.']).collect();
    let is_number = |piece: &str| !piece.is_empty() && piece.len() <= 4 && piece.bytes().all(|byte| byte.is_ascii_digit());
    match *pieces.as_slice() {
        [first, second, third] => is_number(first) && is_number(third) && (is_number(second) || is_month_name(second)),
        _ => false,
    }
}

/// Returns whether a line states a time with `am` or `pm`.
pub(super) fn has_half_day(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.split_whitespace().any(|word| {
        matches!(
            word.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').trim_matches('.'),
            "am" | "pm" | "a.m" | "p.m"
        )
    })
}

/// Returns whether a line is little more than a date. More words are allowed where it is labelled as the date of publication, or where the page
/// marks it.
pub(super) fn is_date_line(line: &str, is_marked: bool) -> bool {
    let (mut has_date, mut has_month, mut numbers, mut is_labelled) = (false, false, 0, is_marked);
    let (mut small, mut capitalised, mut caseless) = (0, 0, 0);
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '،' | '\'' | '’')) {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
        let lower = core.to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|start| lower.starts_with(start));
        if core.is_empty() {
        } else if core.contains(char::is_numeric) {
            numbers += 1;
            let is_unix_time = matches!(core.len(), 10 | 13) && core == line.trim();
            has_date |= is_date_word(word) || core.contains(['年', '년', '月']) || is_unix_time;
        } else if is_month_name(core) || matches!(core, "كانون" | "تشرين") {
            has_month = true;
        } else if GLUE.contains(&lower.as_str()) || names_weekday(core) {
        } else if begins(OTHER_THINGS) {
            return false;
        } else if begins(LABELS) {
            is_labelled = true;
        } else if core.starts_with(char::is_uppercase) {
            capitalised += 1;
        } else if core.starts_with(char::is_lowercase) {
            small += 1;
        } else {
            caseless += 1;
        }
    }
    let fits = if is_labelled {
        small <= 4 && capitalised <= 6 && caseless <= 6
    } else {
        small <= 1 && capitalised <= 4 && caseless <= 2
    };
    fits && numbers <= MAX_NUMBERS && (has_date || has_month && numbers >= 2 || has_month && is_labelled && numbers >= 1)
}

/// Returns whether a text names a day of the week.
pub(super) fn names_weekday(text: &str) -> bool {
    let lower = text.to_lowercase();
    WEEKDAYS.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_little_more_than_a_date_are_told() {
        for line in [
            "3 mars 2024",
            "Mardi 1er août 2023 à 10h30",
            "GAYA, le 3 mars 2024",
            "Publié le 3 mars 2024 dans Société par Awa Diallo",
            "By Awa Diallo - Dec 15, 2025",
            "Posted on 11/03/2017 by Awa Diallo",
            "11.03.17 in Transport",
            "2024-03-05T10:00:00Z",
            "3-mars-2024",
            "2024年3月5日",
            "تاريخ النشر: 3 مارس 2024",
            "December 17, 2025 5 min read",
        ] {
            assert!(is_date_line(line, false), "{line}");
        }
        for line in [
            "3 morts, 4 blessés, 20 disparus",
            "Bilan : 12 blessés, 3 tués, 20 motos",
            "Procès de l'attaque du 14 août 2018 : l'audience est ouverte",
            "membre depuis le 3 mars 2012",
            "Rendez-vous le 12 janvier 2021",
            "© 3 mars 2024",
            "Mali 3 - 2 Niger, 1 carton",
            "Tél. 77 12 34 56",
            "77.12.34.56",
            "Le bac à quai sur la rive, le 3 mai 2018",
            "12 500 F",
            "فاز الفريق في 3 مباريات وخسر 4 من 20",
        ] {
            assert!(!is_date_line(line, false), "{line}");
        }
    }
}
