//! The fields of a date as they were read, and their conversion to a [`Timestamp`].

use crate::model::Timestamp;

/// Earlier years are of the Islamic calendar (1447 AH is 2025 and 2026 CE), or come from unset dates such as `0001-01-01`.
pub(super) const EARLIEST_YEAR: i32 = 1600;

/// The fields of a date. A field that was not given is 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DateFields {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    /// The offset from UTC in minutes, where one is given.
    pub(super) offset_minutes: Option<i64>,
    /// Whether the date is numeric: then a day out of range comes from date arithmetic and rolls over, where in prose it is an error.
    pub(super) is_numeric: bool,
}

impl DateFields {
    /// Returns the time, where the date is in range. Fields without offset are read in the IANA zone `zone`, else in UTC.
    pub(super) fn to_timestamp(self, zone: Option<&str>) -> Option<Timestamp> {
        if !(EARLIEST_YEAR..=9999).contains(&self.year) {
            return None;
        }
        let is_valid = self.is_numeric || Timestamp::from_civil(self.year, self.month, self.day, 0, 0, 0).is_some();
        if !is_valid {
            return None;
        }
        // Small overflows (24:00, 31 June, minute 60, month 13) roll over as in C's `mktime`; larger ones are errors.
        let (year, month) = if self.month == 13 {
            (self.year + 1, 1)
        } else {
            (self.year, self.month)
        };
        if !(1..=32).contains(&self.day) || self.hour > 29 || self.minute > 69 || self.second > 69 {
            return None;
        }
        let first = Timestamp::from_civil(year, month, 1, 0, 0, 0)?;
        // A leap second is read as the second before it.
        let second = if self.second == 60 { 59 } else { self.second };
        let civil = i64::from(self.day - 1) * 86_400 + i64::from(self.hour * 3600 + self.minute * 60 + second);
        let civil = Timestamp::from_unix(first.unix() + civil);
        match (self.offset_minutes, zone) {
            (Some(minutes), _) => Some(Timestamp::from_unix(civil.unix() - minutes * 60)),
            (None, Some(zone)) => Some(civil.reinterpret_in(zone).unwrap_or(civil)),
            (None, None) => Some(civil),
        }
    }
}

/// Returns the full year of a year in two or three digits (RFC 2822, section 4.3; but two digits turn at 70, as in most feed readers).
pub(super) fn expand_year(year: i32) -> i32 {
    match year {
        0..=69 => year + 2000,
        70..=999 => year + 1900,
        other => other,
    }
}
