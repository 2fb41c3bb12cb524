//! Dates as people and programs write them: RFC 822 and 2822, ISO 8601 and W3CDTF in every odd shape, month names in many languages.
//!
//! Pure: no clock, so a date without a year is no date.

mod clock;
mod exact;
mod iso;
mod names;
mod words;

use crate::model::Timestamp;
use crate::model::time::is_zone;

/// The longest text that can be a date, in bytes.
const MAX_DATE_BYTES: usize = 200;
/// The earliest year. Those before it are the Islamic calendar's (1447 is 2025 and 2026), or what programs make of a date that is not set.
const EARLIEST: i32 = 1600;

/// Returns the moment that `text` names; `None` when it names none.
///
/// A date that names no zone of its own is read in `zone` (an IANA name), else in UTC. A date without a time of day is its midnight.
/// Where only the order could tell day from month (`03/04/2024`), the day comes first, as everywhere in the region.
#[must_use]
pub fn parse_date(text: &str, zone: Option<&str>) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DATE_BYTES {
        return None;
    }
    if let Some(moment) = exact::exact(text) {
        return Some(moment);
    }
    let folded = fold(text);
    if let Some(moment) = epoch(&folded) {
        return Some(moment);
    }
    let mut found = either_calendar(&folded)?;
    if zone.is_none() && found.offset.is_none() && KOREAN.iter().any(|sign| folded.contains(sign)) {
        // A language of one time zone, as feedparser reads it too.
        found.offset = Some(9 * 60);
    }
    found.moment(named_zone(text).or(zone))
}

/// Returns the IANA zone that a date names, as in `28 Jul 2026 12:00 Africa/Niamey`. A distance from UTC beside it counts more.
fn named_zone(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
    words.find(|word| word.contains('/') && word.starts_with(|c: char| c.is_ascii_alphabetic()) && is_zone(word))
}

/// Signs of dates that are written in Korean: "year", "before noon" and "after noon".
const KOREAN: [&str; 3] = ["년", "오전", "오후"];

/// Reads a date, or the half of it that stands before or after "which corresponds to": of two calendars, one is ours.
fn either_calendar(text: &str) -> Option<Reading> {
    let one = |text: &str| iso::iso(text).or_else(|| words::words(text));
    match text.split_once("الموافق") {
        Some((before, after)) => one(after.trim()).or_else(|| one(before.trim())),
        None => one(text),
    }
}

/// Reads unix seconds, or milliseconds as programs in JavaScript and Java count them.
fn epoch(text: &str) -> Option<Timestamp> {
    let unit = match text.len() {
        10 => 1,
        13 => 1000,
        _ => return None,
    };
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let count: i64 = text.parse().ok().filter(|_| is_number)?;
    Some(Timestamp::from_unix(count / unit))
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
        if !(EARLIEST..=9999).contains(&self.year) {
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
            'ά' => out.push('α'),
            'έ' => out.push('ε'),
            'ί' | 'ϊ' | 'ΐ' => out.push('ι'),
            'ό' => out.push('ο'),
            'ύ' | 'ϋ' => out.push('υ'),
            'ώ' => out.push('ω'),
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
            | '\u{300}'..='\u{308}'
            | '\u{327}' => {}
            other if other.is_whitespace() => out.push(' '),
            other => out.push(other),
        }
    }
    joined(out)
}

/// Brings times that are written apart (`8 h 05`) or glued to a date (`13T9:15`) into one form.
fn joined(mut text: String) -> String {
    for (long, short) in [(" heures", " h"), (" p. m", " p.m"), (" a. m", " a.m")] {
        if text.contains(long) {
            text = text.replace(long, short);
        }
    }
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    while let Some(at) = text.find(" h") {
        let bytes = text.as_bytes();
        let apart = match bytes.get(at + 2) {
            None => true,
            Some(b' ') => is_digit(bytes.get(at + 3)),
            Some(_) => false,
        };
        if at == 0 || !is_digit(bytes.get(at - 1)) || !apart {
            break;
        }
        text.replace_range(at..text.len().min(at + 3), "h");
    }
    let glued = |(at, _): &(usize, &str)| is_digit(text.as_bytes().get(at.wrapping_sub(1))) && is_digit(text.as_bytes().get(at + 1));
    if let Some((at, _)) = text.match_indices('t').find(glued) {
        text.replace_range(at..=at, " ");
    }
    text
}

/// Two-digit years: RFC 2822, 4.3, with the turn at 70 that most readers share.
fn century(year: i32) -> i32 {
    match year {
        0..=69 => year + 2000,
        70..=999 => year + 1900,
        other => other,
    }
}

#[cfg(test)]
mod shapes;
#[cfg(test)]
mod tests;
