//! Dates as people and programs write them: RFC 822 and 2822, ISO 8601 and W3CDTF in every odd shape, month names in many languages.
//!
//! Pure: no clock, so a date without a year is no date.

mod exact;
mod names;

use crate::model::Timestamp;

/// The longest text that can be a date, in bytes.
const LONGEST: usize = 200;

/// Returns the moment that `text` names; `None` when it names none.
///
/// A date that names no zone of its own is read in `zone` (an IANA name), else in UTC. A date without a time of day is its midnight.
/// Where only the order could tell day from month (`03/04/2024`), the day comes first, as everywhere in the region.
#[must_use]
pub fn parse_date(text: &str, zone: Option<&str>) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    if let Some(moment) = exact::exact(text) {
        return Some(moment);
    }
    let folded = fold(text);
    let found = iso(&folded).or_else(|| words(&folded))?;
    found.moment(zone)
}

/// What was read of a date.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    year: i32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// The distance from UTC in minutes, where one is given.
    offset: Option<i64>,
    /// Whether all is in numbers, so that a number that is too high is a program's overrun and no typing error.
    counted: bool,
}

impl Reading {
    fn moment(self, zone: Option<&str>) -> Option<Timestamp> {
        if !(1..=9999).contains(&self.year) {
            return None;
        }
        let known = self.counted || Timestamp::from_civil(self.year, self.month, self.day, 0, 0, 0).is_some();
        if !known {
            return None;
        }
        // Programs that count on (24:00, 31 June, minute 60) mean what follows, as C's `mktime` reads it; far overruns are errors.
        let (year, month) = if self.month == 13 {
            (self.year + 1, 1)
        } else {
            (self.year, self.month)
        };
        if !(1..=32).contains(&self.day) || self.hour > 29 || self.minute > 69 || self.second > 69 {
            return None;
        }
        let first = Timestamp::from_civil(year, month, 1, 0, 0, 0)?;
        // A leap second is read as the one before.
        let second = if self.second == 60 { 59 } else { self.second };
        let civil = i64::from(self.day - 1) * 86_400 + i64::from(self.hour * 3600 + self.minute * 60 + second);
        let civil = Timestamp::from_unix(first.unix() + civil);
        match (self.offset, zone) {
            (Some(minutes), _) => Some(Timestamp::from_unix(civil.unix() - minutes * 60)),
            (None, Some(zone)) => Some(civil.reinterpret_in(zone).unwrap_or(civil)),
            (None, None) => Some(civil),
        }
    }
}

/// Lower case, without accents, with ASCII digits and spaces: one spelling for what follows.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        let digit = |zero: u32| char::from_digit(u32::from(character) - zero, 10);
        match character {
            '\u{660}'..='\u{669}' => out.extend(digit(0x660)),
            '\u{6f0}'..='\u{6f9}' => out.extend(digit(0x6f0)),
            'à' | 'á' | 'â' | 'ä' | 'ã' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'î' | 'ï' => out.push('i'),
            'ó' | 'ô' | 'ö' | 'ő' => out.push('o'),
            'û' | 'ü' | 'ú' | 'ù' | 'ű' => out.push('u'),
            'ç' => out.push('c'),
            'أ' | 'إ' | 'آ' => out.push('ا'),
            'ى' => out.push('ي'),
            '\u{2212}' | '\u{2010}'..='\u{2014}' => out.push('-'),
            '،' => out.push(','),
            // Marks of direction, vowels and joining.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{64b}'..='\u{652}'
            | '\u{640}'
            | '\u{feff}'
            | '\u{301}' => {}
            other if other.is_whitespace() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// Reads ISO 8601 and its profiles: a date in numbers, the year first, then perhaps a time.
fn iso(text: &str) -> Option<Reading> {
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
        4 | 2 => {
            reading.year = number(text, 0, digits)?;
            let separator = *bytes.get(digits).unwrap_or(&b'-');
            let next = run(digits + 1);
            if digits == 2 {
                // Two digits first are a year only in the form YY-MM-DD.
                if separator != b'-' || next != 2 || bytes.get(5) != Some(&b'-') {
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

/// Two-digit years: RFC 2822, 4.3, with the turn at 70 that most readers share.
fn century(year: i32) -> i32 {
    match year {
        0..=69 => year + 2000,
        70..=999 => year + 1900,
        other => other,
    }
}

/// Sets month and day from the day of the year.
fn ordinal(reading: &mut Reading, year: i32, day: u32) -> Option<()> {
    let first = Timestamp::from_civil(year, 1, 1, 0, 0, 0)?;
    let that = Timestamp::from_unix(first.unix() + i64::from(day.checked_sub(1)?) * 86_400).day();
    (reading.year, reading.month, reading.day) = (year, number(&that, 5, 7)?, number(&that, 8, 10)?);
    (day <= 366).then_some(())
}

/// Reads what may follow a date in numbers; returns whether it was understood.
fn time_and_zone(text: &str, reading: &mut Reading) -> bool {
    let mut rest = text;
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

fn half_day(reading: &mut Reading, late: bool) {
    if late && reading.hour < 12 {
        reading.hour += 12;
    } else if !late && reading.hour == 12 {
        reading.hour = 0;
    }
}

/// Reads `hh:mm`, `hh:mm:ss`, `hhhmm` or `hh` at the start of `text`; returns what follows.
fn clock<'a>(text: &'a str, reading: &mut Reading) -> Option<&'a str> {
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
fn offset(word: &str) -> Option<i64> {
    let word = word.trim_matches(['(', ')', ',', ';', '.', '[', ']']);
    let (name, number) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
    if number.is_empty() {
        return names::zone(name);
    }
    let base = if name.is_empty() { 0 } else { names::zone(name)? };
    let sign = if number.starts_with('-') { -1 } else { 1 };
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

/// Reads a date of words and numbers in any order: RFC 822, ctime, and what people write.
fn words(text: &str) -> Option<Reading> {
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
        } else if let Some(half) = names::afternoon(part).filter(|_| timed) {
            late = Some(half);
        } else if let Some(minutes) = offset(part).filter(|_| timed) {
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
    if whole {
        // `mar 25/11/2025`: the word is a day's name, whatever month it also names.
        reading.month = 0;
    }
    if let Some(late) = late {
        half_day(&mut reading, late);
    }
    settle(reading, &numbers)
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
fn settle(mut reading: Reading, numbers: &[(i32, usize)]) -> Option<Reading> {
    let year_at = numbers.iter().position(|(value, digits)| *digits == 4 || *value > 31);
    let unsigned = |value: i32| u32::try_from(value).ok();
    if reading.month > 0 {
        let mut rest = numbers.to_vec();
        let year = match year_at {
            Some(at) => rest.remove(at),
            // `01 Jan 04`: the day first, then the year.
            None if rest.len() >= 2 => rest.remove(1),
            None => return None,
        };
        reading.year = if year.1 <= 3 { century(year.0) } else { year.0 };
        reading.day = rest.first().map_or(Some(1), |(day, _)| unsigned(*day))?;
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

#[cfg(test)]
#[path = "date/tests.rs"]
mod tests;
