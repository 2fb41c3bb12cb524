//! The fields of a date as they were read, and their conversion to a [`Timestamp`].

use super::hijri::{from_hijri, is_hijri_year};
use crate::model::Timestamp;

/// Earlier years come from unset dates such as `0001-01-01`, or are of the Islamic calendar (1447 AH is 2025 and 2026 CE).
pub(super) const EARLIEST_YEAR: i32 = 1600;

/// Which number comes first in a date where both may be the month, such as `03/04/2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// The day, as nearly everywhere.
    #[default]
    DayFirst,
    /// The month, as in the United States.
    MonthFirst,
}

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
    /// Whether year, month and day are all given, and all as numbers: only then it may be a date of the Islamic calendar.
    pub(super) is_numeric: bool,
}

impl DateFields {
    /// Returns the time, where the date is in range. Fields without offset are read in the IANA zone `zone`, else in UTC.
    pub(super) fn to_timestamp(self, zone: Option<&str>) -> Option<Timestamp> {
        let day = if self.is_numeric && is_hijri_year(self.year) {
            from_hijri(self.year, self.month, self.day)?
        } else if (EARLIEST_YEAR..=9999).contains(&self.year) {
            // A day that does not exist (31 February, month 13) is an error: which one is meant cannot be known.
            Timestamp::from_civil(self.year, self.month, self.day, 0, 0, 0)?
        } else {
            return None;
        };
        // Small overflows of the time (24:00, minute 60) roll over as in C's `mktime`; larger ones are errors.
        if self.hour > 29 || self.minute > 69 || self.second > 69 {
            return None;
        }
        // A leap second is read as the second before it.
        let second = if self.second == 60 { 59 } else { self.second };
        let civil = Timestamp::from_unix(day.unix() + i64::from(self.hour * 3600 + self.minute * 60 + second));
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
