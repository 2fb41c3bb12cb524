//! Times of day and distances from UTC.

use super::{Reading, names};

pub(super) fn half_day(reading: &mut Reading, late: bool) {
    if late && reading.hour < 12 {
        reading.hour += 12;
    } else if !late && reading.hour == 12 {
        reading.hour = 0;
    }
}

/// Reads `hh:mm`, `hh:mm:ss`, `hhhmm` or `hh` at the start of `text`; returns what follows.
pub(super) fn clock<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
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
    [reading.hour, reading.minute, reading.second] = parts;
    Some(rest)
}

/// Reads `+hhmm`, `-hh:mm`, `+hh`, `gmt+1`, `utc` and the like: minutes from UTC.
pub(super) fn offset(word: &str) -> Option<i64> {
    let word = word.trim_matches(['(', ')', ',', ';', '.', '[', ']']);
    // Java adds the zone's name: `+02:00[Europe/Paris]`.
    let word = word.split('[').next().unwrap_or_default();
    // In the names under `Etc/` the sign is that of POSIX: west of Greenwich counts up.
    let (word, turned) = word.strip_prefix("etc/").map_or((word, 1), |rest| (rest, -1));
    let (name, number) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
    if number.is_empty() {
        return names::zone(name);
    }
    let base = if name.is_empty() { 0 } else { names::zone(name)? };
    let sign = if number.starts_with('-') { -turned } else { turned };
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
