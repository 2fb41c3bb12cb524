//! Dates in free text. A line of text states a date only when it is little more than that date: "12 morts, 3 blessés, 20 disparus" is no date,
//! and the day in a sentence is that of an event.

use super::date;
use super::date_words::{BYLINE_WORDS, GLUE, LABELS, SHORT_WEEKDAYS, names_weekday};
use crate::model::Timestamp;
use crate::text::date::{DateOrder, is_month_name};

/// The greatest number of other words beside a date: a place, an author or a section.
const MAX_OTHER_WORDS: usize = 4;
/// The greatest number of words after "by" or "in".
const MAX_BYLINE_WORDS: usize = 6;
/// A date that a line of free text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineDate {
    pub(super) at: Timestamp,
    /// Whether it is numeric, and its day and month may be swapped.
    pub(super) is_ambiguous: bool,
    /// Whether the line is nothing but the date, or labels it.
    pub(super) is_plain: bool,
}

/// Returns the date in a line such as `Dec 5, 2023 | News, Politics | 0 comments`, where the line, or a part between separators, is little more
/// than that date.
pub(super) fn date_of_line(line: &str, order: DateOrder) -> Option<LineDate> {
    date::dated_parts(line).iter().find_map(|part| date_of_part(part, order))
}

/// What a word of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Month,
    /// A word of a date, such as the weekday or the zone.
    Glue,
    Label,
    Byline,
    /// A capitalised word, or one of a script without capitals: a name may be.
    Name,
    /// Any other word.
    Prose,
}

#[derive(Debug)]
struct Word<'a> {
    begin: usize,
    end: usize,
    text: &'a str,
    kind: Kind,
}

fn date_of_part(part: &str, order: DateOrder) -> Option<LineDate> {
    let words = words_of(part);
    let (first, last) = core(part, &words)?;
    let is_ambiguous = words[first..=last].iter().all(|word| word.kind == Kind::Number) && {
        let numbers: Vec<u32> = words[first..=last].iter().filter_map(|word| word.text.parse().ok()).collect();
        numbers.len() == 3 && numbers[0] != numbers[1] && numbers[..2].iter().all(|number| *number <= 12)
    };
    let others = |words: &[Word<'_>], kind: Kind| words.iter().filter(|word| word.kind == kind).count();
    let before = &words[..first];
    let mut after = &words[last + 1..];
    let is_labelled =
        others(before, Kind::Label) > 0 && before.iter().all(|word| word.kind != Kind::Prose || word.text.chars().count() <= 3);
    let mut others_count = 0;
    if let Some(at) = after.iter().position(|word| word.kind == Kind::Byline) {
        if after.len() - at > MAX_BYLINE_WORDS + 1 {
            return None;
        }
        others_count += after.len() - at;
        after = &after[..at];
    }
    let mut head = before;
    if let Some(at) = before.iter().position(|word| word.kind == Kind::Byline).filter(|at| *at <= 1) {
        // `Par Awa Diop, le 3 mars 2024`: the words of a name are of any kind.
        head = &before[..at];
        others_count += before[at..].iter().filter(|word| word.kind == Kind::Name).count();
        if before[at..].iter().filter(|word| word.kind == Kind::Prose).count() > 2 {
            return None;
        }
    }
    let has_prose = |words: &[Word<'_>]| others(words, Kind::Prose) > 0;
    others_count += others(head, Kind::Name) + others(after, Kind::Name);
    let other_numbers = others(head, Kind::Number);
    if !is_labelled && (has_prose(head) || has_prose(after) || others_count > MAX_OTHER_WORDS + 2 || other_numbers > 0) {
        return None;
    }
    if is_labelled && after.iter().filter(|word| word.kind == Kind::Prose).count() > MAX_BYLINE_WORDS {
        return None;
    }
    let begin = words[first].begin;
    let text = &part[begin..];
    let until_byline = words[last + 1..]
        .iter()
        .find(|word| matches!(word.kind, Kind::Byline | Kind::Prose | Kind::Name | Kind::Label));
    let text = until_byline.map_or(text, |word| &part[begin..word.begin]);
    let day_only = &part[begin..words[last].end];
    let trim = |text: &'_ str| text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let at = date::parse_in_order(&text[..trim(text)], order).filter(|at| date::states_day(text, *at));
    let at = at.or_else(|| date::parse_in_order(day_only, order).filter(|at| date::states_day(day_only, *at)))?;
    Some(LineDate {
        at,
        is_ambiguous,
        is_plain: is_labelled || others_count == 0,
    })
}

/// Splits a line into words; letters and digits that touch each other are two words.
fn words_of(part: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begin = None;
    let mut previous = ' ';
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}');
    for (at, c) in part.char_indices().chain([(part.len(), ' ')]) {
        let is_word = c.is_alphanumeric() || is_mark(c);
        let changes = begin.is_some() && (!is_word || !is_mark(c) && c.is_numeric() != previous.is_numeric());
        if let Some(from) = begin.filter(|_| changes) {
            words.push((from, at));
            begin = None;
        }
        if is_word && begin.is_none() {
            begin = Some(at);
        }
        previous = c;
    }
    words
        .into_iter()
        .map(|(begin, end)| Word {
            begin,
            end,
            text: &part[begin..end],
            kind: kind(&part[begin..end]),
        })
        .collect()
}

fn kind(word: &str) -> Kind {
    let lower = word.to_lowercase();
    let is_label = |label: &&str| label.strip_suffix('*').map_or(lower == *label, |begin| lower.starts_with(begin));
    let first = word.chars().next().unwrap_or(' ');
    if first.is_numeric() {
        Kind::Number
    } else if LABELS.iter().any(is_label) {
        Kind::Label
    } else if GLUE.contains(&lower.as_str()) || SHORT_WEEKDAYS.contains(&lower.as_str()) || names_weekday(&lower) {
        if is_month(word) { Kind::Month } else { Kind::Glue }
    } else if is_month(word) {
        Kind::Month
    } else if BYLINE_WORDS.contains(&lower.as_str()) {
        Kind::Byline
    } else if first.is_uppercase() || !first.is_lowercase() {
        Kind::Name
    } else {
        Kind::Prose
    }
}

/// Words of months that are not known by themselves: `كانون الثاني`, `تشرين 1`.
const PARTS_OF_MONTHS: &[&str] = &[
    "كانون",
    "تشرين",
    "ربيع",
    "جمادى",
    "رجب",
    "رمضان",
    "شعبان",
    "شوال",
    "محرم",
    "صفر",
    "年",
    "月",
    "日",
];

fn is_month(word: &str) -> bool {
    word.chars().count() >= 2 && is_month_name(word) || PARTS_OF_MONTHS.contains(&word)
}

/// Returns the first and the last word of the date in a line: day, month and year side by side, or three numbers with one separator.
fn core(part: &str, words: &[Word<'_>]) -> Option<(usize, usize)> {
    let value = |at: usize| words.get(at).filter(|word| word.kind == Kind::Number).map(|word| number(word.text));
    let is_year = |at: usize| value(at).is_some_and(|(year, digits)| digits == 4 && (1300..=2200).contains(&year) || digits == 2);
    let is_day = |at: usize| value(at).is_some_and(|(day, digits)| digits <= 2 && (1..=31).contains(&day));
    let gap = |at: usize| words.get(at + 1).map_or("", |next| &part[words[at].end..next.begin]);
    for first in 0..words.len() {
        if words[first].kind == Kind::Number {
            let separator = gap(first);
            let is_one = matches!(separator, "/" | "." | "-" | ". " | " / " | " - ") && gap(first + 1) == separator;
            let three: Option<Vec<(u32, usize)>> = (first..first + 3).map(value).collect();
            if let Some([a, b, c]) = three.as_deref().filter(|_| is_one) {
                let year_first = a.1 == 4 && (1300..=2200).contains(&a.0) && (1..=12).contains(&b.0) && (1..=31).contains(&c.0);
                let fits = (1..=31).contains(&a.0) && (1..=31).contains(&b.0) && (a.0 <= 12 || b.0 <= 12);
                let year_last = fits && a.1 <= 2 && b.1 <= 2 && (c.1 == 2 || c.1 == 4 && (1300..=2200).contains(&c.0));
                // Further numbers with the separator: a telephone number, an address.
                let goes_on = gap(first + 2) == separator && value(first + 3).is_some();
                let goes_before = first > 0 && value(first - 1).is_some() && gap(first - 1) == separator;
                if (year_first || year_last) && !goes_on && !goes_before {
                    return Some((first, first + 2));
                }
            }
        }
        if is_day(first) {
            // `3 mars 2024`, `1er mars 2024`, `3 de março de 2024`, `28 ga Yuli, 2024`, `2 كانون الثاني 2026`.
            let month = (first + 1..words.len().min(first + 4))
                .take_while(|at| matches!(words[*at].kind, Kind::Glue | Kind::Month))
                .find(|at| words[*at].kind == Kind::Month);
            if let Some(month) = month {
                let year = (month + 1..words.len().min(month + 4))
                    .take_while(|at| {
                        matches!(words[*at].kind, Kind::Glue | Kind::Month | Kind::Number)
                            || *at <= month + 2 && words[*at].kind == Kind::Name && words[*at].text.starts_with("ال")
                    })
                    .find(|at| is_year(*at) && !(value(*at).is_some_and(|(_, digits)| digits == 2) && gap(*at).starts_with([':', 'h'])));
                if let Some(year) = year {
                    // The number of a Levantine month (`كانون 2 2019`) stands before the year.
                    return Some((first, year));
                }
            }
        }
        if words[first].kind == Kind::Month && is_day(first + 1) {
            // `March 3, 2024`, `Mar 3rd, 2024`.
            let year = (first + 2..words.len().min(first + 4))
                .take_while(|at| matches!(words[*at].kind, Kind::Glue | Kind::Number))
                .find(|at| value(*at).is_some_and(|(_, digits)| digits == 4) && is_year(*at));
            if let Some(year) = year {
                return Some((first, year));
            }
        }
        let is_compact = words[first].text.len() == 8 && words.len() == 1;
        if is_compact && words[first].text.starts_with("20") && words[first].text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some((first, first));
        }
    }
    None
}

/// Returns the value of a number and the count of its digits.
fn number(text: &str) -> (u32, usize) {
    let digit = |c: char| match u32::from(c) {
        code @ 0x660..=0x669 => Some(code - 0x660),
        code @ 0x6f0..=0x6f9 => Some(code - 0x6f0),
        _ => c.to_digit(10),
    };
    let value = text
        .chars()
        .try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?));
    (value.unwrap_or(u32::MAX), text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(line: &str) -> Option<String> {
        date_of_line(line, DateOrder::DayFirst).map(|date| date.at.day())
    }

    #[test]
    fn a_line_that_is_little_more_than_a_date_states_it() {
        for line in [
            "3 mars 2024",
            "Dimanche 3 mars 2024 à 10h05",
            "Publié le 3 mars 2024 à 10h05 par la rédaction de Niamey",
            "Mis en ligne le 03/03/2024 - 10:05",
            "Posted on March 3, 2024 by Awa Diop in News",
            "March 3rd, 2024 10:05 am PST",
            "By Awa Diop, March 3, 2024",
            "Par Awa Diop, à Niamey, le 3 mars 2024",
            "Niamey, le 3 mars 2024",
            "Awa Diallo - Mar 3, 2024",
            "Awa Diallo3 mars 2024",
            "Mar 3, 2024 | News, Politics | 0 comments",
            "2024•03•03",
            "2024-03-03",
            "03.03.24",
            "3. März 2024, 10:05 Uhr",
            "Veröffentlicht am 3. März 2024",
            "Publicado el 3 de marzo de 2024",
            "Talata, 3 ga Maris, 2024",
            "An wallafa ranar 3 ga Maris 2024",
            "نشر في: 3 مارس 2024",
            "تاريخ النشر: 3 آذار/مارس 2024 - 10:05",
            "٣ مارس ٢٠٢٤",
            "22 شعبان 1445 هـ الموافق 3 مارس 2024",
            "March 3 2024 - Average reading time: 4 min",
        ] {
            assert_eq!(day(line).as_deref(), Some("2024-03-03"), "{line}");
        }
    }

    #[test]
    fn numbers_and_sentences_are_no_dates() {
        for line in [
            "3 morts, 4 blessés, 20 disparus",
            "Bilan : 12 terroristes neutralisés, 3 soldats tués, 20 motos",
            "Niger: 10 dead and 5 hurt in attack on 12",
            "مقتل 12 إرهابيا و3 جنود وحجز 20 دراجة",
            "Sami 3 – 2 Kano, 21 cards",
            "Tel. 20-73-45-12",
            "20.73.45.12",
            "Tél. 12.10.20.30",
            "Prix : 1.500.000 francs",
            "Attaque du 14 août 2018 : le procès s'ouvre",
            "Rendez-vous le 12 janvier 2021 au port de Kobé",
            "Le bac à quai, le 3 mai 2018.",
            "Awa Diop membre depuis le 3 mars 2012",
            "Member since March 3, 2012",
            "Communiqué du Conseil des ministres du mercredi 24 février 2021",
            "The 10 best of 2025",
            "mars 2024",
            "31/31/2024",
            "12/3.2024",
            "3 mars",
        ] {
            assert_eq!(day(line), None, "{line}");
        }
    }

    #[test]
    fn the_order_of_numbers_is_that_of_the_language() {
        let read = |line: &str, order| date_of_line(line, order).map(|date| (date.at.day(), date.is_ambiguous));
        let us = read("Posted 11/03/2017 by Awa Diop", DateOrder::MonthFirst);
        assert_eq!(us, Some(("2017-11-03".to_owned(), true)));
        assert_eq!(read("11/03/2017", DateOrder::DayFirst), Some(("2017-03-11".to_owned(), true)));
        assert_eq!(read("11/23/2017", DateOrder::DayFirst), Some(("2017-11-23".to_owned(), false)));
        assert_eq!(
            read("11.03.17 in Transport", DateOrder::DayFirst),
            Some(("2017-03-11".to_owned(), true))
        );
    }
}
