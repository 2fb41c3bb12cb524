//! Parsing of dates as feeds and pages write them: RFC 822 and RFC 2822, ISO 8601 and W3CDTF with all known deviations, unix time, and free
//! form with month names in many languages.
//!
//! Pure: there is no clock, so a date without a year is none.

mod date_fields;
mod fast_path;
mod free_form;
mod hijri;
mod iso_8601;
mod month_names;
mod normalize;
mod time_of_day;
mod zero_date;
mod zone_names;

use crate::model::Timestamp;
use crate::model::time::is_zone;
use date_fields::DateFields;
use normalize::normalize;

pub use date_fields::DateOrder;
pub use zero_date::is_zero_date;

/// Returns whether `word` is the name of a month or its abbreviation.
#[must_use]
pub fn is_month_name(word: &str) -> bool {
    let normalized = normalize(word);
    month_names::month(&normalized).is_some() || month_names::month_within_one_edit(&normalized).is_some()
}

/// Returns the number of the month, 1 to 12, that `word` names in full or by its usual abbreviation.
#[must_use]
pub fn month_number(word: &str) -> Option<u32> {
    month_names::month(&normalize(word))
}

/// Longer texts are not parsed.
const MAX_DATE_BYTES: usize = 200;

/// Returns the time that `text` states; `None` when it is no date.
///
/// A date without zone or offset is read in `zone` (an IANA name), else in UTC. A date without a time of day is its midnight. Where day and
/// month are ambiguous (`03/04/2024`), the day comes first, as is usual in the region. A day that no calendar has (31 February) is none.
#[must_use]
pub fn parse_date(text: &str, zone: Option<&str>) -> Option<Timestamp> {
    parse_date_in_order(text, zone, DateOrder::DayFirst)
}

/// Returns the time that `text` states, as [`parse_date`] does, with an ambiguous date read in `order`.
#[must_use]
pub fn parse_date_in_order(text: &str, zone: Option<&str>, order: DateOrder) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DATE_BYTES {
        return None;
    }
    if let Some(time) = fast_path::parse_common_format(text) {
        return Some(time);
    }
    let normalized = normalize(text);
    if let Some(time) = parse_unix_time(&normalized) {
        return Some(time);
    }
    let mut fields = parse_either_calendar(&normalized, order)?;
    if zone.is_none() && fields.offset_minutes.is_none() && KOREAN_MARKERS.iter().any(|marker| normalized.contains(marker)) {
        // Korean is used in one time zone; feedparser has the same rule.
        fields.offset_minutes = Some(9 * 60);
    }
    fields.to_timestamp(find_iana_zone(text).or(zone))
}

/// Returns the IANA zone in a date, as in `28 Jul 2026 12:00 Africa/Niamey`. An offset from UTC in the same date takes precedence.
fn find_iana_zone(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
    words.find(|word| word.contains('/') && word.starts_with(|c: char| c.is_ascii_alphabetic()) && is_zone(word))
}

/// Words in Korean dates: "year", "a.m." and "p.m.".
const KOREAN_MARKERS: [&str; 3] = ["년", "오전", "오후"];

/// Parses a date. Where Arabic gives it in the Islamic and in the Gregorian calendar, joined by "corresponding to" (الموافق), the Gregorian
/// one is parsed.
fn parse_either_calendar(text: &str, order: DateOrder) -> Option<DateFields> {
    let parse = |text: &str| iso_8601::parse_iso_8601(text, order).or_else(|| free_form::parse_free_form(text, order));
    match text.split_once("الموافق") {
        Some((before, after)) => parse(after.trim()).or_else(|| parse(before.trim())),
        None => parse(text),
    }
}

/// Parses unix time in seconds (10 digits), milliseconds (13) or microseconds (16), each with an optional fraction.
fn parse_unix_time(text: &str) -> Option<Timestamp> {
    let (count, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let units_per_second = match count.len() {
        10 => 1,
        13 => 1000,
        16 => 1_000_000,
        _ => return None,
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let count: i64 = count.parse().ok().filter(|_| is_number(count) && is_number(fraction))?;
    Some(Timestamp::from_unix(count / units_per_second))
}

#[cfg(test)]
mod format_tests;
#[cfg(test)]
mod tests;
