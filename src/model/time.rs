//! Time in whole seconds since 1970 in UTC. No other file uses jiff.

use std::fmt::{self, Write as _};
use std::ops::{Add, Sub};
use std::time::Duration;

/// The error for a text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of the form 2026-03-01T12:00:00Z")]
pub struct BadTime(pub String);

/// A point in time, in seconds since 1970-01-01T00:00:00Z, within the years 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const MIN_UNIX_SECONDS: i64 = -62_135_596_800;
// The last second that jiff can format in every time zone.
const MAX_UNIX_SECONDS: i64 = 253_402_207_200;

impl Timestamp {
    /// Takes unix seconds; values outside the years 0001 to 9999 are clamped.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        Self(seconds.clamp(MIN_UNIX_SECONDS, MAX_UNIX_SECONDS))
    }

    /// Returns unix seconds.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Returns the UTC day, counted from 1970-01-01.
    #[must_use]
    pub const fn unix_day(self) -> i64 {
        self.0.div_euclid(86_400)
    }

    /// Reads an RFC 3339 time; a bare `YYYY-MM-DD` is that day's midnight in UTC.
    ///
    /// # Errors
    /// [`BadTime`] when `text` is neither.
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(time.as_second()));
        }
        // jiff would read the date of `2023-12-05 12:30` and ignore the rest.
        let day = Some(text)
            .filter(|text| text.len() == 10)
            .and_then(|text| text.parse::<jiff::civil::Date>().ok());
        let day = day.ok_or_else(|| BadTime(text.to_owned()))?;
        Ok(Self::midnight(day))
    }

    /// Returns the time of a date and a time of day in UTC; `None` when there is no such date or time of day. A leap second counts as the next
    /// second.
    #[must_use]
    pub fn from_civil(year: i32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Option<Self> {
        let date = jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        Some(Self::from_unix(
            Self::midnight(date).0 + i64::from(hour * 3600 + minute * 60 + second),
        ))
    }

    fn midnight(date: jiff::civil::Date) -> Self {
        let epoch = jiff::civil::date(1970, 1, 1);
        Self(epoch.until(date).map_or(0, |span| i64::from(span.get_days()) * 86_400))
    }

    /// Takes `self` as local time (its UTC fields are the wall clock) in the IANA zone `zone`; `None` when there is no such zone.
    #[must_use]
    pub fn reinterpret_in(self, zone: &str) -> Option<Self> {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        let civil = self.jiff().to_zoned_datetime(jiff::tz::TimeZone::UTC).datetime();
        Some(Self(civil.to_zoned_datetime(zone).ok()?.timestamp().as_second()))
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Returns the RFC 3339 form in UTC, such as `2026-03-01T12:00:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.jiff().to_string()
    }

    /// Returns the RFC 3339 form with an offset of `offset` seconds east of UTC, such as `2026-03-01T13:00:00+01:00`. An impossible offset
    /// counts as 0.
    #[must_use]
    pub fn rfc3339_at(self, offset: i32) -> String {
        let zone = jiff::tz::Offset::from_seconds(offset).unwrap_or(jiff::tz::Offset::UTC);
        self.jiff().display_with_offset(zone).to_string()
    }

    /// Returns the form that RSS 2.0 and HTTP (RFC 9110, 5.6.7) use, such as `Sun, 01 Mar 2026 12:00:00 GMT`.
    ///
    /// # Panics
    /// Never: the form has room for the years 0001 to 9999.
    #[must_use]
    pub fn http_date(self) -> String {
        let printed = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&self.jiff());
        printed.expect("a year of four digits")
    }

    /// Returns the day in UTC, such as `2026-03-01`.
    #[must_use]
    pub fn day(self) -> String {
        self.jiff().strftime("%Y-%m-%d").to_string()
    }

    /// Returns `YYYY-MM-DD HH:MM` and the zone's abbreviation in the IANA zone `zone`, or in UTC when there is no such zone.
    #[must_use]
    pub fn local(self, zone: &str) -> String {
        let mut text = String::new();
        Zone::named(zone).push_local(&mut text, self);
        text
    }

    /// Returns the time since `earlier`; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

/// A day and a time of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilTime {
    /// The year.
    pub year: i16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
    /// The day of the week, from 0 for Monday.
    pub weekday: u8,
    /// The hour, from 0 to 23.
    pub hour: u8,
    /// The minute.
    pub minute: u8,
}

impl CivilTime {
    /// Returns the day as `YYYY-MM-DD`.
    #[must_use]
    pub fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// Returns the time as `HH:MM`.
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// A time zone, looked up once for many times.
#[derive(Debug, Clone)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Returns the IANA zone `name`, or UTC when there is no such zone.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC))
    }

    /// Returns the day and the time of the clock in this zone.
    #[must_use]
    pub fn civil(&self, time: Timestamp) -> CivilTime {
        let local = self.0.to_datetime(time.jiff());
        CivilTime {
            year: local.year(),
            month: local.month().unsigned_abs(),
            day: local.day().unsigned_abs(),
            weekday: local.weekday().to_monday_zero_offset().unsigned_abs(),
            hour: local.hour().unsigned_abs(),
            minute: local.minute().unsigned_abs(),
        }
    }

    /// Appends `time` in this zone, as [`Timestamp::local`] returns it.
    pub fn push_local(&self, out: &mut String, time: Timestamp) {
        let info = self.0.to_offset_info(time.jiff());
        let local = info.offset().to_datetime(time.jiff());
        let (year, month, day) = (local.year(), local.month(), local.day());
        let (hour, minute, zone) = (local.hour(), local.minute(), info.abbreviation());
        let written = write!(out, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} {zone}");
        debug_assert!(written.is_ok(), "a string takes every write");
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self::from_unix(self.0.saturating_add(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self::from_unix(self.0.saturating_sub(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// Returns whether `zone` is an IANA time zone of the bundled database.
#[must_use]
pub fn is_zone(zone: &str) -> bool {
    jiff::tz::TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let noon = Timestamp::parse("2023-12-05T12:00:00+01:00").expect("a time");
        assert_eq!(noon.rfc3339(), "2023-12-05T11:00:00Z");
        assert_eq!(noon.http_date(), "Tue, 05 Dec 2023 11:00:00 GMT");
        assert_eq!(noon.day(), "2023-12-05");
        assert_eq!(noon.local("Africa/Niamey"), "2023-12-05 12:00 WAT");
        assert_eq!(Timestamp::parse("2023-12-05").expect("a day").unix(), 1_701_734_400);
        assert!(Timestamp::parse("yesterday").is_err() && Timestamp::parse("2023-12-05 12:30").is_err());
    }

    #[test]
    fn wall_clocks_are_moved_into_their_zone() {
        let wall = Timestamp::parse("2023-12-05T12:00:00Z").expect("a time");
        assert_eq!(
            wall.reinterpret_in("Africa/Niamey").expect("a zone").rfc3339(),
            "2023-12-05T11:00:00Z"
        );
        assert_eq!(wall.reinterpret_in("Mars/Olympus"), None);
        assert!(is_zone("Africa/Bamako") && !is_zone("Sahel"));
    }

    #[test]
    fn no_arithmetic_overflows() {
        let end = Timestamp::from_unix(i64::MAX) + Duration::from_secs(u64::MAX);
        assert_eq!(end.rfc3339(), "9999-12-30T22:00:00Z");
        assert_eq!(Timestamp::default().since(end), Duration::ZERO);
        assert_eq!(Timestamp::from_civil(2023, 2, 30, 0, 0, 0), None);
    }
}
