//! Dates of words and numbers in any order: RFC 822 with deviations, ctime, and prose.

use super::date_fields::{DateFields, DateOrder, EARLIEST_YEAR, expand_year};
use super::month_names::{month, month_between_numbers, month_within_one_edit};
use super::time_of_day::{apply_half_day, parse_dotted_time, parse_offset_minutes, parse_time};
use super::zone_names::is_pm;

/// Parses a normalized date of words and numbers in any order.
pub(super) fn parse_free_form(text: &str, order: DateOrder) -> Option<DateFields> {
    let mut fields = DateFields::default();
    let mut numbers: Vec<(i32, usize)> = Vec::new();
    let mut has_time = false;
    let mut half = None;
    let mut has_numeric_date = false;
    let parts: Vec<&str> = text.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let mut index = 0;
    while let Some(part) = parts.get(index) {
        index += 1;
        let pair = parts.get(index).map(|next| format!("{part} {next}"));
        if index == 1 && is_tuesday_or_march(part) && parts[1..].iter().any(|part| contains_month(part)) {
            // `mar., 26 nov. 2024`: the first word is the weekday, although it is also an abbreviation of March.
        } else if let Some(number) = pair.as_deref().and_then(month) {
            fields.month = number;
            index += 1;
        } else if !has_time && is_time(part) {
            has_time = true;
            let rest = parse_time(part, &mut fields)?;
            if let Some(is_pm) = is_pm(rest) {
                half = Some(is_pm);
            } else if let Some(minutes) = parse_offset_minutes(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit())) {
                fields.offset_minutes = Some(minutes);
            }
        } else if !has_time && is_dotted_time(part, &numbers, &parts) {
            has_time = true;
            parse_dotted_time(part, &mut fields)?;
        } else if let Some(is_pm) = is_pm(part).filter(|_| has_time) {
            half = Some(is_pm);
        } else if let Some(minutes) =
            parse_offset_minutes(part).filter(|_| has_time && (part.len() > 1 || *part == "z" || index == parts.len()))
        {
            // A single letter inside the text is a word, such as the French `à`, and no zone.
            // The first zone counts, but in `GMT +0100` the offset does.
            fields.offset_minutes = if part.starts_with(['+', '-']) {
                Some(minutes)
            } else {
                fields.offset_minutes.or(Some(minutes))
            };
        } else if fields.month == 0
            && let Some(number) = month_between_numbers(part.trim_end_matches('.')).filter(|_| is_between_numbers(&parts, index - 1))
        {
            fields.month = number;
        } else {
            has_numeric_date |= is_numeric_date(part);
            parse_part(part, &mut fields, &mut numbers);
        }
    }
    if fields.month == 0 && !has_numeric_date {
        let words = text.split(|c: char| !c.is_alphabetic());
        fields.month = words.rev().find_map(month_within_one_edit).unwrap_or(0);
    }
    if has_numeric_date {
        // `mar 25/11/2025`: the word is the weekday, although it is also an abbreviation of March.
        fields.month = 0;
    }
    if let Some(is_pm) = half {
        apply_half_day(&mut fields, is_pm);
    }
    if fields.month == 0 && !has_numeric_date && numbers.len() != 3 {
        // For example a telephone number or a version number.
        return None;
    }
    assign_numbers(fields, &numbers, order)
}

/// Returns whether the part at `index` stands between a day and a year, as in `27 tem 2026`.
fn is_between_numbers(parts: &[&str], index: usize) -> bool {
    let is_number = |part: Option<&&str>, most: usize| {
        let digits = part.map(|part| part.trim_matches(['.', '\'', '’'])).unwrap_or_default();
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    index > 0 && is_number(parts.get(index - 1), 2) && is_number(parts.get(index + 1), 4)
}

/// Returns whether a normalized word is an abbreviation both of Tuesday (in French, Spanish and Italian) and of March.
fn is_tuesday_or_march(part: &str) -> bool {
    part.trim_end_matches('.') == "mar"
}

/// Returns whether a part contains the name of a month, such as `nov.` or `3-mars-2024`.
fn contains_month(part: &str) -> bool {
    part.split(|c: char| !c.is_alphabetic()).any(|word| month(word).is_some())
}

/// Returns whether a part is a date of three numbers, such as `25/11/2025`.
fn is_numeric_date(part: &str) -> bool {
    let mut numbers = part.split(['/', '.', '-']);
    let is_number = |piece: &&str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit());
    numbers.by_ref().take(3).filter(is_number).count() == 3 && numbers.next().is_none()
}

fn is_time(part: &str) -> bool {
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &part.as_bytes()[digits..];
    (1..=2).contains(&digits)
        && (rest.first() == Some(&b':') || rest.first() == Some(&b'h') && rest.get(1).is_none_or(u8::is_ascii_digit))
        && parse_time(part, &mut DateFields::default()).is_some()
}

/// Returns whether a part has the form `12.30` or `12.30.00`, which can only be a time once the year is known, or when it stands elsewhere.
fn is_dotted_time(part: &str, numbers: &[(i32, usize)], parts: &[&str]) -> bool {
    let has_year = |part: &&str| part.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4);
    parse_dotted_time(part, &mut DateFields::default()).is_some_and(str::is_empty)
        && (numbers.iter().any(|(_, digits)| *digits == 4) || part.matches('.').count() == 2 && parts.iter().any(has_year))
}

/// Collects the numbers and the month of a part such as `13`, `mars`, `13-mar-2020`, `2006/09/15` or `2004년`.
fn parse_part(part: &str, fields: &mut DateFields, numbers: &mut Vec<(i32, usize)>) {
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
        } else if fields.month == 0 {
            let word = piece.trim_matches(|c: char| !c.is_alphabetic());
            let is_digit = |c: char| c.is_ascii_digit();
            let is_between_numbers = part.starts_with(is_digit) && part.ends_with(is_digit);
            let found = month(word).or_else(|| month_between_numbers(word).filter(|_| is_between_numbers));
            fields.month = found.unwrap_or(0);
        }
    }
}

/// Assigns the numbers, each with its count of digits, to year, month and day.
fn assign_numbers(mut fields: DateFields, numbers: &[(i32, usize)], order: DateOrder) -> Option<DateFields> {
    let is_modern = |(value, digits): &(i32, usize)| *digits == 4 && *value >= EARLIEST_YEAR;
    let year_at = numbers.iter().position(is_modern);
    let year_at = year_at.or_else(|| numbers.iter().position(|(value, digits)| *digits == 4 || *value > 31));
    let unsigned = |value: i32| u32::try_from(value).ok();
    if fields.month > 0 {
        // Without a recognisable year the day comes first: `01 Jan 04`.
        let at = year_at.or((numbers.len() >= 2).then_some(1))?;
        let year = numbers[at];
        fields.year = if year.1 <= 3 { expand_year(year.0) } else { year.0 };
        // The number before the year is the day; further numbers may be the date of the Islamic calendar.
        let day = numbers.get(at.checked_sub(1).unwrap_or(at + 1));
        fields.day = day.map_or(Some(1), |(day, _)| unsigned(*day))?;
        return Some(fields);
    }
    // Of two dates, one of each calendar, the Gregorian one counts.
    let numbers = match year_at {
        Some(at @ 3..) if numbers.len() == 6 => numbers.get(3..).filter(|_| at != 4)?,
        _ => numbers.get(..3)?,
    };
    let [first, second, third] = *numbers else { return None };
    let is_month_first = first.0 <= 12 && (second.0 > 12 || order == DateOrder::MonthFirst);
    let (year, month, day) = match year_at.map(|at| at % 3) {
        Some(0) => (first, second.0, third.0),
        Some(2) | None if is_month_first => (third, first.0, second.0),
        Some(2) | None => (third, second.0, first.0),
        Some(_) => return None,
    };
    fields.year = if year.1 <= 3 { expand_year(year.0) } else { year.0 };
    (fields.month, fields.day) = (unsigned(month)?, unsigned(day)?);
    fields.is_numeric = true;
    Some(fields)
}
