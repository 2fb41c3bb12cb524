//! Writes dates as the content management systems of the region do. No parser, and no clock.

use crate::model::Timestamp;
use std::time::Duration;

const DAYS: [(&str, &str); 7] = [
    ("Mon", "Lundi"),
    ("Tue", "Mardi"),
    ("Wed", "Mercredi"),
    ("Thu", "Jeudi"),
    ("Fri", "Vendredi"),
    ("Sat", "Samedi"),
    ("Sun", "Dimanche"),
];

const MONTHS: [(&str, &str, &str); 12] = [
    ("Jan", "Janvier", "يناير"),
    ("Feb", "Février", "فبراير"),
    ("Mar", "Mars", "مارس"),
    ("Apr", "Avril", "أبريل"),
    ("May", "Mai", "مايو"),
    ("Jun", "Juin", "يونيو"),
    ("Jul", "Juillet", "يوليو"),
    ("Aug", "Août", "أغسطس"),
    ("Sep", "Septembre", "سبتمبر"),
    ("Oct", "Octobre", "أكتوبر"),
    ("Nov", "Novembre", "نوفمبر"),
    ("Dec", "Décembre", "ديسمبر"),
];

/// A local time of an outlet, whole hours ahead of UTC.
pub(super) struct WallTime {
    hours_ahead: u8,
    weekday: usize,
    day: String,
    month: usize,
    year: String,
    time: String,
}

impl WallTime {
    /// Converts `at` to the local time that is `hours_ahead` of UTC.
    pub(super) fn new(at: Timestamp, hours_ahead: u8) -> Self {
        let text = (at + Duration::from_hours(u64::from(hours_ahead))).http_date();
        let mut words = text.split(' ').map(str::to_owned);
        let mut next = || words.next().unwrap_or_default();
        let weekday = next();
        let day = next();
        let month = next();
        Self {
            hours_ahead,
            weekday: DAYS.iter().position(|(name, _)| weekday.starts_with(name)).unwrap_or_default(),
            day,
            month: MONTHS.iter().position(|(name, ..)| month == *name).unwrap_or_default(),
            year: next(),
            time: next(),
        }
    }

    fn day_number(&self) -> &str {
        self.day.trim_start_matches('0')
    }

    fn hour_and_minute(&self) -> &str {
        self.time.rsplit_once(':').map_or("", |(text, _)| text)
    }

    /// RSS 2.0: `Tue, 05 Dec 2023 12:00:00 +0100`.
    pub(super) fn rss(&self) -> String {
        format!(
            "{}, {} {} {} {} +{:02}00",
            DAYS[self.weekday].0, self.day, MONTHS[self.month].0, self.year, self.time, self.hours_ahead
        )
    }

    /// RFC 3339 and the W3C's profile of ISO 8601: `2023-12-05T12:00:00+01:00`, with `Z` for UTC.
    pub(super) fn w3c(&self) -> String {
        let zone = match self.hours_ahead {
            0 => "Z".to_owned(),
            hours => format!("+{hours:02}:00"),
        };
        format!("{}-{:02}-{}T{}{zone}", self.year, self.month + 1, self.day, self.time)
    }

    /// What Drupal's French views put into `pubDate`: `Mardi, 5 Décembre, 2023 - 12:00`.
    pub(super) fn drupal(&self) -> String {
        let (day, month) = (DAYS[self.weekday].1, MONTHS[self.month].1);
        format!("{day}, {} {month}, {} - {}", self.day_number(), self.year, self.hour_and_minute())
    }

    /// What Divi prints above an article: `Dec 5, 2023`.
    pub(super) fn divi(&self) -> String {
        format!("{} {}, {}", MONTHS[self.month].0, self.day_number(), self.year)
    }

    /// The day as readers of `lang` write it: `5 décembre 2023`, `5 ديسمبر 2023`, `5 Dec 2023`.
    pub(super) fn day(&self, lang: &str) -> String {
        let (english, french, arabic) = MONTHS[self.month];
        let month = match lang {
            "fr" => french.to_lowercase(),
            "ar" => arabic.to_owned(),
            _ => english.to_owned(),
        };
        format!("{} {month} {}", self.day_number(), self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str, hours_ahead: u8) -> WallTime {
        WallTime::new(Timestamp::parse(text).expect("a time"), hours_ahead)
    }

    #[test]
    fn each_system_has_its_own_format() {
        let at = wall("2023-12-05T11:04:09Z", 1);
        assert_eq!(at.rss(), "Tue, 05 Dec 2023 12:04:09 +0100");
        assert_eq!(at.w3c(), "2023-12-05T12:04:09+01:00");
        assert_eq!(at.drupal(), "Mardi, 5 Décembre, 2023 - 12:04");
        assert_eq!(at.divi(), "Dec 5, 2023");
        assert_eq!(at.day("fr"), "5 décembre 2023");
        assert_eq!(at.day("ar"), "5 ديسمبر 2023");
        assert_eq!(at.day("en"), "5 Dec 2023");
    }

    #[test]
    fn the_local_day_may_differ_from_utc() {
        let at = wall("2024-02-29T23:30:00Z", 1);
        assert_eq!(at.rss(), "Fri, 01 Mar 2024 00:30:00 +0100");
        assert_eq!(wall("2024-02-29T23:30:00Z", 0).w3c(), "2024-02-29T23:30:00Z");
    }

    #[test]
    fn written_dates_can_be_parsed() {
        let at = Timestamp::from_unix(1_701_777_600);
        assert_eq!(Timestamp::parse(&WallTime::new(at, 1).w3c()), Ok(at));
    }
}
