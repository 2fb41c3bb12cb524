//! Dates of words and numbers in any order: RFC 822, ctime, and what people write.

use super::clock::{clock, half_day, offset};
use super::{EARLIEST, Reading, century, names};

/// Reads a date of words and numbers in any order: RFC 822, ctime, and what people write.
pub(super) fn words(text: &str) -> Option<Reading> {
    let mut reading = Reading::default();
    let mut numbers: Vec<(i32, usize)> = Vec::new();
    let mut timed = false;
    let mut late = None;
    let mut whole = false;
    let parts: Vec<&str> = text.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let mut index = 0;
    while let Some(part) = parts.get(index) {
        index += 1;
        let pair = parts.get(index).map(|next| format!("{part} {next}"));
        if index == 1 && is_tuesday(part) && parts[1..].iter().any(|part| names_month(part)) {
            // `mar., 26 nov. 2024`: the first word is the day's name, whatever month it also names.
        } else if let Some(month) = pair.as_deref().and_then(names::month) {
            reading.month = month;
            index += 1;
        } else if !timed && is_clock(part) {
            timed = true;
            let rest = clock(part, &mut reading)?;
            if let Some(half) = names::afternoon(rest) {
                late = Some(half);
            } else if let Some(minutes) = offset(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit())) {
                reading.offset = Some(minutes);
            }
        } else if !timed && is_dotted_clock(part) && numbers.iter().any(|(_, digits)| *digits == 4) {
            timed = true;
            clock(&part.replace('.', ":"), &mut reading)?;
        } else if let Some(half) = names::afternoon(part).filter(|_| timed) {
            late = Some(half);
        } else if let Some(minutes) = offset(part).filter(|_| timed && (part.len() > 1 || *part == "z" || index == parts.len())) {
            // A single letter within the text is a word, such as the French `à`.
            // The first zone counts, but `GMT +0100` means the number.
            reading.offset = if part.starts_with(['+', '-']) {
                Some(minutes)
            } else {
                reading.offset.or(Some(minutes))
            };
        } else {
            whole |= is_whole(part);
            pieces(part, &mut reading, &mut numbers);
        }
    }
    if reading.month == 0 && !whole {
        let words = text.split(|c: char| !c.is_alphabetic());
        reading.month = words.rev().find_map(names::nearly_month).unwrap_or(0);
    }
    if whole {
        // `mar 25/11/2025`: the word is a day's name, whatever month it also names.
        reading.month = 0;
    }
    if let Some(late) = late {
        half_day(&mut reading, late);
    }
    if reading.month == 0 && !whole && numbers.len() != 3 {
        // A telephone number, a version.
        return None;
    }
    assign_numbers(reading, &numbers)
}

/// Returns whether a folded word is short for Tuesday in French, Spanish or Italian, and for March.
fn is_tuesday(part: &str) -> bool {
    part.trim_end_matches('.') == "mar"
}

/// Returns whether a month's name stands in a part such as `nov.` or `3-mars-2024`.
fn names_month(part: &str) -> bool {
    part.split(|c: char| !c.is_alphabetic()).any(|word| names::month(word).is_some())
}

/// Returns whether a part is a date in three numbers, such as `25/11/2025`.
fn is_whole(part: &str) -> bool {
    let mut numbers = part.split(['/', '.', '-']);
    let is_number = |piece: &&str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit());
    numbers.by_ref().take(3).filter(is_number).count() == 3 && numbers.next().is_none()
}

fn is_clock(part: &str) -> bool {
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &part.as_bytes()[digits..];
    (1..=2).contains(&digits)
        && (rest.first() == Some(&b':') || rest.first() == Some(&b'h') && rest.get(1).is_none_or(u8::is_ascii_digit))
        && clock(part, &mut Reading::default()).is_some()
}

/// Returns whether a part is `12.30`, which after a year can only be the time.
fn is_dotted_clock(part: &str) -> bool {
    let number = |piece: &str, most: u32| piece.parse().is_ok_and(|value: u32| value <= most);
    part.split_once('.')
        .is_some_and(|(hour, minute)| hour.len() <= 2 && minute.len() == 2 && number(hour, 23) && number(minute, 59))
}

/// Takes a part such as `13`, `mars`, `13-mar-2020`, `2006/09/15` or `2004년` apart.
fn pieces(part: &str, reading: &mut Reading, numbers: &mut Vec<(i32, usize)>) {
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let length = rest
            .char_indices()
            .find(|(_, c)| c.is_ascii_digit() != digit || !digit && matches!(c, '-' | '/' | '.'))
            .map_or(rest.len(), |(at, _)| at.max(first.len_utf8()));
        let (piece, after) = rest.split_at(length);
        rest = after;
        if digit {
            numbers.extend(piece.parse().ok().map(|value| (value, piece.len())));
        } else if reading.month == 0 {
            reading.month = names::month(piece.trim_matches(|c: char| !c.is_alphabetic())).unwrap_or(0);
        }
    }
}

/// Decides which number is the year, the month and the day.
fn assign_numbers(mut reading: Reading, numbers: &[(i32, usize)]) -> Option<Reading> {
    let is_modern = |(value, digits): &(i32, usize)| *digits == 4 && *value >= EARLIEST;
    let year_at = numbers.iter().position(is_modern);
    let year_at = year_at.or_else(|| numbers.iter().position(|(value, digits)| *digits == 4 || *value > 31));
    let unsigned = |value: i32| u32::try_from(value).ok();
    if reading.month > 0 {
        // `01 Jan 04`: the day first, then the year.
        let at = year_at.or((numbers.len() >= 2).then_some(1))?;
        let year = numbers[at];
        reading.year = if year.1 <= 3 { century(year.0) } else { year.0 };
        // What stands before the year is the day, whatever the other calendar's date before it says.
        let day = numbers.get(at.checked_sub(1).unwrap_or(at + 1));
        reading.day = day.map_or(Some(1), |(day, _)| unsigned(*day))?;
        return Some(reading);
    }
    let [first, second, third, ..] = *numbers else { return None };
    let (year, month, day) = match year_at {
        Some(0) => (first, second.0, third.0),
        Some(2) | None if first.0 <= 12 && second.0 > 12 => (third, first.0, second.0),
        Some(2) | None => (third, second.0, first.0),
        Some(_) => return None,
    };
    reading.year = if year.1 <= 3 { century(year.0) } else { year.0 };
    (reading.month, reading.day) = (unsigned(month)?, unsigned(day)?);
    Some(reading)
}
