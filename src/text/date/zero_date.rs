//! Dates that programs write when they have none: the zero of their calendar.

use crate::model::Timestamp;

const DAY_SECONDS: i64 = 86_400;
/// The greatest distance of a time zone from UTC (`Pacific/Kiritimati`).
const MAX_OFFSET_SECONDS: i64 = 14 * 3600;
/// The days that stand for none, in days since 1970-01-01: 1601-01-01 (Windows), 1753-01-01 (the least of SQL Server), 1899-12-30 (OLE
/// automation), 1899-12-31 and 1900-01-01 (spreadsheets and SQL Server), 1904-01-01 (Mac OS), 1970-01-01 (unix time), 1980-01-01 (FAT), and
/// 9999-12-31, the greatest date of many programs.
const ZERO_DAYS: [i64; 9] = [-134_774, -79_258, -25_569, -25_568, -25_567, -24_107, 0, 3_652, 2_932_896];

/// Returns whether a stated date is the zero of a calendar, in any time zone: its program had no date, and it is to be taken as not stated.
#[must_use]
pub fn is_zero_date(date: Timestamp) -> bool {
    ZERO_DAYS.iter().any(|day| {
        let start = day * DAY_SECONDS;
        (start - MAX_OFFSET_SECONDS..start + DAY_SECONDS + MAX_OFFSET_SECONDS).contains(&date.unix())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_calendars_are_no_dates_in_any_zone() {
        let date = |text: &str| Timestamp::parse(text).expect("a time");
        for text in [
            "1899-12-30",
            "1899-12-31",
            "1900-01-01",
            "1601-01-01",
            "1753-01-01",
            "1904-01-01T06:00:00Z",
            "1970-01-01T00:00:00Z",
            "1969-12-31T10:00:00Z",
            "1970-01-01T23:59:59-14:00",
            "1980-01-01T00:00:00+14:00",
            "1980-01-01T12:00:00-12:00",
        ] {
            assert!(is_zero_date(date(text)), "{text}");
        }
        for text in [
            "1899-12-28",
            "1900-01-03",
            "1960-08-05",
            "1970-01-03",
            "1979-12-31T09:59:59Z",
            "1980-01-02T14:00:00Z",
            "2000-01-01",
            "2026-11-26",
        ] {
            assert!(!is_zero_date(date(text)), "{text}");
        }
    }
}
