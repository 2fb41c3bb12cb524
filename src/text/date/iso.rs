//! ISO 8601 and its profiles: dates in numbers, the year first, however much of them is left out.

use super::clock::{clock, half_day, offset};
use super::{Reading, century, names};
use crate::model::Timestamp;

/// Reads ISO 8601 and its profiles: a date in numbers, the year first, then perhaps a time.
pub(super) fn iso(text: &str) -> Option<Reading> {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = run(0);
    let mut reading = Reading {
        month: 1,
        day: 1,
        counted: true,
        ..Reading::default()
    };
    let mut at;
    match digits {
        8 | 14 | 12 => {
            (reading.year, reading.month, reading.day) = (number(text, 0, 4)?, number(text, 4, 6)?, number(text, 6, 8)?);
            at = 8;
        }
        7 => {
            ordinal(&mut reading, number(text, 0, 4)?, number(text, 4, 7)?)?;
            at = 7;
        }
        6 => {
            (reading.year, reading.month, reading.day) = (century(number(text, 0, 2)?), number(text, 2, 4)?, number(text, 4, 6)?);
            at = 6;
        }
        4 if text.get(4..).is_some_and(|rest| rest.starts_with('w') || rest.starts_with("-w")) => at = week(text, &mut reading)?,
        4 | 2 => {
            reading.year = number(text, 0, digits)?;
            let separator = *bytes.get(digits).unwrap_or(&b'-');
            let next = run(digits + 1);
            if digits == 2 {
                // Two digits first are a year only in the form YY-MM-DD.
                if separator != b'-' || next != 2 || bytes.get(5) != Some(&b'-') || run(6) > 2 {
                    return None;
                }
                reading.year = century(number(text, 0, 2)?);
            }
            if !matches!(separator, b'-' | b'/' | b'.' | b':') {
                return None;
            }
            at = digits;
            if next == 3 {
                let day = number(text, digits + 1, digits + 4)?;
                let year = reading.year;
                ordinal(&mut reading, year, day)?;
                at = digits + 4;
            } else if next == 1 || next == 2 {
                let end = digits + 1 + next;
                reading.month = number(text, digits + 1, end)?;
                at = end;
                if bytes.get(end) == Some(&separator) && (1..=2).contains(&run(end + 1)) {
                    at = end + 1 + run(end + 1);
                    reading.day = number(text, end + 1, at)?;
                }
            } else if next == 4 && digits == 4 {
                (reading.month, reading.day) = (number(text, 5, 7)?, number(text, 7, 9)?);
                at = 9;
            } else if text.len() > digits + 1 {
                return None;
            }
        }
        _ => return None,
    }
    let rest = text.get(at..)?;
    let rest = rest.trim_start_matches(|c: char| c == 't' || c == ' ' || c == ',' || c == '-' && !rest.starts_with("-0"));
    time_and_zone(rest, &mut reading).then_some(reading)
}

fn number<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<T> {
    text.get(from..to)?.parse().ok()
}

/// Sets month and day from the day of the year.
fn ordinal(reading: &mut Reading, year: i32, day: u32) -> Option<()> {
    let first = Timestamp::from_civil(year, 1, 1, 0, 0, 0)?;
    let that = Timestamp::from_unix(first.unix() + i64::from(day.checked_sub(1)?) * 86_400).day();
    (reading.year, reading.month, reading.day) = (year, number(&that, 5, 7)?, number(&that, 8, 10)?);
    // The last day of a leap year is the first of the year after any other.
    (day <= 366 && that.starts_with(&format!("{year:04}"))).then_some(())
}

/// Sets the day from a week and the day within it (`2026-W31-2`, `2026W312`), Monday where none is named; returns where it ends.
fn week(text: &str, reading: &mut Reading) -> Option<usize> {
    let year = number(text, 0, 4)?;
    let start = text.find('w')? + 1;
    let week: i64 = number(text, start, start + 2)?;
    let rest = text.get(start + 2..)?;
    let dash = usize::from(rest.starts_with('-'));
    let named = rest.as_bytes().get(dash).filter(|byte| byte.is_ascii_digit());
    let day = named.map_or(1, |digit| i64::from(digit - b'0'));
    if !(1..=53).contains(&week) || !(1..=7).contains(&day) {
        return None;
    }
    // The fourth of January is always in the first week; 1 January 1970 was a Thursday.
    let fourth = Timestamp::from_civil(year, 1, 4, 0, 0, 0)?.unix() / 86_400;
    let monday = fourth - (fourth + 3).rem_euclid(7);
    let that = Timestamp::from_unix((monday + (week - 1) * 7 + day - 1) * 86_400).day();
    (reading.year, reading.month, reading.day) = (number(&that, 0, 4)?, number(&that, 5, 7)?, number(&that, 8, 10)?);
    Some(start + 2 + named.map_or(0, |_| dash + 1))
}

/// Reads what may follow a date in numbers; returns whether it was understood.
fn time_and_zone(text: &str, reading: &mut Reading) -> bool {
    let mut rest = text;
    // In Korean and Arabic the half of the day may stand before the time.
    let (first, after) = text.split_once(' ').unwrap_or_default();
    let late = names::afternoon(first);
    if late.is_some() {
        rest = after.trim_start();
    }
    if late.is_none() && !first.is_empty() && first.chars().all(char::is_alphabetic) && after.contains(|c: char| c.is_ascii_digit()) {
        // Prose stands between date and time: `2026-07-28 à 12h30`.
        return false;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 4 && !rest[digits..].starts_with([':', 'h']) {
        // The basic form: hhmm or hhmmss.
        let part = |from| number(text, from, from + 2).unwrap_or(0);
        (reading.hour, reading.minute) = (part(0), part(2));
        if digits >= 6 {
            reading.second = part(4);
        }
        rest = &rest[digits..];
    } else if digits > 0 {
        let Some(after) = clock(rest, reading) else { return false };
        rest = after;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        trailing(word, reading);
    }
    if let Some(late) = late {
        half_day(reading, late);
    }
    true
}

/// Takes a word that stands after a time: a zone or a half of the day. Others are ignored.
fn trailing(word: &str, reading: &mut Reading) {
    if let Some(minutes) = offset(word) {
        reading.offset = Some(minutes);
    } else if let Some(late) = names::afternoon(word) {
        half_day(reading, late);
    }
}
