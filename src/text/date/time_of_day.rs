//! Times of day and offsets from UTC.

use super::date_fields::DateFields;
use super::zone_names::zone_offset_minutes;

/// Converts the hour from the 12-hour clock.
pub(super) fn apply_half_day(fields: &mut DateFields, is_pm: bool) {
    if is_pm && fields.hour < 12 {
        fields.hour += 12;
    } else if !is_pm && fields.hour == 12 {
        fields.hour = 0;
    }
}

/// Parses `hh:mm`, `hh:mm:ss`, `hh`, or `hh` `h` `mm` (`12h30`) at the start of `text`; returns the rest.
pub(super) fn parse_time<'a>(text: &'a str, fields: &mut DateFields) -> Option<&'a str> {
    let mut rest = text;
    let mut parts = [0_u32; 3];
    for (index, part) in parts.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 2 {
            if index == 0 {
                return None;
            }
            break;
        }
        *part = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let Some(after) = rest.strip_prefix([':', 'h']).filter(|_| index < 2) else {
            break;
        };
        rest = after
            .strip_prefix(' ')
            .filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(after);
    }
    if parts[0] > 29 || parts[1] > 69 || parts[2] > 69 {
        return None;
    }
    [fields.hour, fields.minute, fields.second] = parts;
    Some(rest)
}

/// Parses `hh.mm` or `hh.mm.ss` at the start of `text`; returns the rest. Two digits after an hour are its minutes, no fraction.
pub(super) fn parse_dotted_time<'a>(text: &'a str, fields: &mut DateFields) -> Option<&'a str> {
    let mut parts = [0_u32; 3];
    let mut rest = text;
    for (index, part) in parts.iter_mut().enumerate() {
        let Some(digits) = (if index == 0 { Some(rest) } else { rest.strip_prefix('.') }) else {
            break;
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        if length > 2 || length == 0 || index > 0 && length != 2 {
            return None;
        }
        *part = digits[..length].parse().ok()?;
        rest = &digits[length..];
    }
    let is_dotted = rest.len() + 4 <= text.len();
    if !is_dotted || rest.starts_with('.') || parts[0] > 24 || parts[1] > 59 || parts[2] > 60 {
        return None;
    }
    [fields.hour, fields.minute, fields.second] = parts;
    Some(rest)
}

/// Parses `+hhmm`, `-hh:mm`, `+hh`, `gmt+1`, `utc` and similar forms; returns the offset from UTC in minutes.
pub(super) fn parse_offset_minutes(word: &str) -> Option<i64> {
    let word = word.trim_matches(['(', ')', ',', ';', '.', '[', ']']);
    // Java appends the zone's name: `+02:00[Europe/Paris]`.
    let word = word.split('[').next().unwrap_or_default();
    // Zones under `Etc/` have the sign of POSIX, where west of Greenwich is positive.
    let (word, positive) = word.strip_prefix("etc/").map_or((word, 1), |rest| (rest, -1));
    let (name, number) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
    if number.is_empty() {
        return zone_offset_minutes(name);
    }
    let base = if name.is_empty() { 0 } else { zone_offset_minutes(name)? };
    let sign = if number.starts_with('-') { -positive } else { positive };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if number.chars().skip(1).any(|c| !c.is_ascii_digit() && c != ':') {
        return None;
    }
    let minutes = match (digits.len(), number.find(':')) {
        (1 | 2, _) => digits.parse::<i64>().ok()? * 60,
        (3 | 4, _) => {
            let value: i64 = digits.parse().ok()?;
            value / 100 * 60 + value % 100
        }
        (6, _) => digits[..2].parse::<i64>().ok()? * 60 + digits[2..4].parse::<i64>().ok()?,
        _ => return None,
    };
    (minutes <= 24 * 60).then_some(base + sign * minutes)
}
