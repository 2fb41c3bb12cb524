//! ISO 8601 and its profiles: numeric dates that begin with the year, with any part left out.

use super::date_fields::{DateFields, DateOrder, expand_year};
use super::time_of_day::{apply_half_day, parse_dotted_time, parse_offset_minutes, parse_time};
use super::zone_names::is_pm;
use crate::model::Timestamp;

/// The year of this release: of two years that two digits may mean, the one nearer to it is meant.
const RELEASE_YEAR: i32 = 2026;

/// Parses a numeric date that begins with the year, and the time that may follow; also three numbers of two digits with hyphens.
pub(super) fn parse_iso_8601(text: &str, order: DateOrder) -> Option<DateFields> {
    let bytes = text.as_bytes();
    let digits_at = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = digits_at(0);
    let mut fields = DateFields {
        month: 1,
        day: 1,
        ..DateFields::default()
    };
    let mut at;
    match digits {
        8 | 14 | 12 => {
            (fields.year, fields.month, fields.day) = (number(text, 0, 4)?, number(text, 4, 6)?, number(text, 6, 8)?);
            fields.is_numeric = true;
            at = 8;
        }
        7 => {
            set_day_of_year(&mut fields, number(text, 0, 4)?, number(text, 4, 7)?)?;
            at = 7;
        }
        6 => {
            (fields.year, fields.month, fields.day) = (expand_year(number(text, 0, 2)?), number(text, 2, 4)?, number(text, 4, 6)?);
            at = 6;
        }
        4 if text.get(4..).is_some_and(|rest| rest.starts_with('w') || rest.starts_with("-w")) => at = set_week_date(text, &mut fields)?,
        4 | 2 => {
            fields.year = number(text, 0, digits)?;
            let separator = *bytes.get(digits).unwrap_or(&b'-');
            let next = digits_at(digits + 1);
            if digits == 2 {
                // Two leading digits are a year only in YY-MM-DD.
                if separator != b'-' || next != 2 || bytes.get(5) != Some(&b'-') || digits_at(6) > 2 {
                    return None;
                }
                let numbers = [number(text, 0, 2)?, number(text, 3, 5)?, number(text, 6, 6 + digits_at(6))?];
                let (year, month, day) = assign_short_numbers(numbers, order)?;
                (fields.year, fields.month, fields.day) = (year, month, day);
                let rest = text.get(6 + digits_at(6)..)?;
                return parse_time_and_zone(after_date(rest), &mut fields).then_some(fields);
            }
            if !matches!(separator, b'-' | b'/' | b'.' | b':') {
                return None;
            }
            at = digits;
            if next == 3 {
                let day = number(text, digits + 1, digits + 4)?;
                let year = fields.year;
                set_day_of_year(&mut fields, year, day)?;
                at = digits + 4;
            } else if next == 1 || next == 2 {
                let end = digits + 1 + next;
                fields.month = number(text, digits + 1, end)?;
                at = end;
                if bytes.get(end) == Some(&separator) && (1..=2).contains(&digits_at(end + 1)) {
                    at = end + 1 + digits_at(end + 1);
                    fields.day = number(text, end + 1, at)?;
                    fields.is_numeric = true;
                }
            } else if next == 4 && digits == 4 {
                (fields.month, fields.day) = (number(text, 5, 7)?, number(text, 7, 9)?);
                at = 9;
            } else if text.len() > digits + 1 {
                return None;
            }
        }
        _ => return None,
    }
    parse_time_and_zone(after_date(text.get(at..)?), &mut fields).then_some(fields)
}

/// Returns the text after a date without what separates a time from it.
fn after_date(rest: &str) -> &str {
    rest.trim_start_matches(|c: char| c == 't' || c == ' ' || c == ',' || c == '-' && !rest.starts_with("-0"))
}

/// Assigns three numbers of two digits to year, month and day: the year comes last or first, whichever gives a day that exists and is nearer to
/// now. `None` where there is no such day.
fn assign_short_numbers([first, second, third]: [u32; 3], order: DateOrder) -> Option<(i32, u32, u32)> {
    /// Years that lie further ahead are not meant.
    const MAX_YEARS_AHEAD: i32 = 3;
    let year = |number: u32| expand_year(i32::try_from(number).unwrap_or_default());
    let day_first = (year(third), second, first);
    let month_first = (year(third), first, second);
    let year_first = (year(first), second, third);
    let (usual, other) = match order {
        DateOrder::DayFirst => (day_first, month_first),
        DateOrder::MonthFirst => (month_first, day_first),
    };
    let exists = |(year, month, day): &(i32, u32, u32)| Timestamp::from_civil(*year, *month, *day, 0, 0, 0).is_some();
    let distance = |(year, ..): &(i32, u32, u32)| {
        let is_ahead = *year > RELEASE_YEAR + MAX_YEARS_AHEAD;
        (is_ahead, (year - RELEASE_YEAR).abs())
    };
    let in_order = Some(usual).filter(exists).or_else(|| Some(other).filter(exists));
    [in_order, Some(year_first).filter(exists)]
        .into_iter()
        .flatten()
        .min_by_key(distance)
}

fn number<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<T> {
    text.get(from..to)?.parse().ok()
}

/// Sets the date from an ordinal date (`2026-209`).
fn set_day_of_year(fields: &mut DateFields, year: i32, day: u32) -> Option<()> {
    let first = Timestamp::from_civil(year, 1, 1, 0, 0, 0)?;
    let that = Timestamp::from_unix(first.unix() + i64::from(day.checked_sub(1)?) * 86_400).day();
    (fields.year, fields.month, fields.day) = (year, number(&that, 5, 7)?, number(&that, 8, 10)?);
    // Day 366 of a year that is no leap year falls into the next year.
    (day <= 366 && that.starts_with(&format!("{year:04}"))).then_some(())
}

/// Sets the date from a week date (`2026-W31-2`, `2026W312`), Monday where no weekday is given; returns the index after it.
fn set_week_date(text: &str, fields: &mut DateFields) -> Option<usize> {
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
    // 4 January is always in week 1 (ISO 8601); 1 January 1970 was a Thursday.
    let fourth = Timestamp::from_civil(year, 1, 4, 0, 0, 0)?.unix() / 86_400;
    let monday = fourth - (fourth + 3).rem_euclid(7);
    let that = Timestamp::from_unix((monday + (week - 1) * 7 + day - 1) * 86_400).day();
    (fields.year, fields.month, fields.day) = (number(&that, 0, 4)?, number(&that, 5, 7)?, number(&that, 8, 10)?);
    Some(start + 2 + named.map_or(0, |_| dash + 1))
}

/// Parses the time and zone after the date; returns whether the text has the form of a time.
fn parse_time_and_zone(text: &str, fields: &mut DateFields) -> bool {
    let mut rest = text;
    // In Korean and Arabic the half of the day may precede the time.
    let (first, after) = text.split_once(' ').unwrap_or_default();
    let half = is_pm(first);
    if half.is_some() {
        rest = after.trim_start();
    }
    if half.is_none() && !first.is_empty() && first.chars().all(char::is_alphabetic) && after.contains(|c: char| c.is_ascii_digit()) {
        // There is a word between date and time, as in `2026-07-28 à 12h30`.
        return false;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 4 && !rest[digits..].starts_with([':', 'h']) {
        // The basic format: hhmm or hhmmss.
        let part = |from| number(text, from, from + 2).unwrap_or(0);
        (fields.hour, fields.minute) = (part(0), part(2));
        if digits >= 6 {
            fields.second = part(4);
        }
        rest = &rest[digits..];
    } else if digits > 0 {
        let Some(after) = parse_dotted_time(rest, fields).or_else(|| parse_time(rest, fields)) else {
            return false;
        };
        rest = after;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        parse_suffix(word, fields);
    }
    if let Some(is_pm) = half {
        apply_half_day(fields, is_pm);
    }
    true
}

/// Parses a word after the time: a zone, an offset or a half of the day. Other words are ignored.
fn parse_suffix(word: &str, fields: &mut DateFields) {
    if let Some(minutes) = parse_offset_minutes(word) {
        fields.offset_minutes = Some(minutes);
    } else if let Some(is_pm) = is_pm(word) {
        apply_half_day(fields, is_pm);
    }
}
