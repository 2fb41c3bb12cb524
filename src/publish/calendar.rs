//! Days and times as people read them on pages, in the language and the zone of the site.

use super::labels::labels;
use super::topic_feed::SiteInfo;
use crate::config::PageLanguage;
use crate::model::Timestamp;
use crate::model::time::{CivilTime, Zone};

/// The calendar of a site.
pub(super) struct Calendar {
    zone: Zone,
    language: PageLanguage,
}

/// A time on a page: for programs, and for people.
pub(super) struct TimeView {
    /// The `datetime` attribute.
    pub machine: String,
    pub people: String,
}

/// What belongs to a day.
pub(super) struct Day<T> {
    /// The day as `YYYY-MM-DD`.
    pub date: String,
    pub people: String,
    pub entries: Vec<T>,
}

impl Calendar {
    /// Groups what lies one after the other in time by day.
    pub(super) fn by_day<T>(&self, entries: impl Iterator<Item = (Timestamp, T)>) -> Vec<Day<T>> {
        let mut days: Vec<Day<T>> = Vec::new();
        for (time, entry) in entries {
            let civil = self.civil(time);
            let date = civil.date();
            match days.last_mut() {
                Some(day) if day.date == date => day.entries.push(entry),
                _ => days.push(Day {
                    date,
                    people: self.day(civil),
                    entries: vec![entry],
                }),
            }
        }
        days
    }

    pub(super) fn new(site: &SiteInfo) -> Self {
        Self {
            zone: Zone::named(&site.timezone),
            language: site.language,
        }
    }

    /// Returns the day and the time of the clock.
    pub(super) fn civil(&self, time: Timestamp) -> CivilTime {
        self.zone.civil(time)
    }

    /// Returns the day in words, such as `Sunday 1 March 2026`.
    pub(super) fn day(&self, civil: CivilTime) -> String {
        let labels = labels(self.language);
        let weekday = labels.weekdays[usize::from(civil.weekday) % 7];
        let comma = if self.language == PageLanguage::Ar { labels.comma } else { " " };
        format!("{weekday}{comma}{} {}", self.day_and_month(civil), civil.year)
    }

    fn day_and_month(&self, civil: CivilTime) -> String {
        let month = labels(self.language).months[usize::from(civil.month.saturating_sub(1)) % 12];
        // French counts the first day of a month alone.
        match (self.language, civil.day) {
            (PageLanguage::Fr, 1) => format!("1er {month}"),
            (_, day) => format!("{day} {month}"),
        }
    }

    /// Returns the time of the clock alone, for what stands under its day.
    pub(super) fn clock(&self, time: Timestamp) -> TimeView {
        TimeView {
            machine: time.rfc3339(),
            people: self.civil(time).clock(),
        }
    }

    /// Returns day, month and the time of the clock, for lists of a few days.
    pub(super) fn short(&self, time: Timestamp) -> TimeView {
        let civil = self.civil(time);
        TimeView {
            machine: time.rfc3339(),
            people: format!("{} {}", self.day_and_month(civil), civil.clock()),
        }
    }

    /// Returns day and time, with the zone.
    pub(super) fn full(&self, time: Timestamp) -> TimeView {
        let mut zone = String::new();
        self.zone.push_local(&mut zone, time);
        let mut zone = zone.rsplit(' ').next().unwrap_or_default().to_owned();
        if self.language == PageLanguage::Ar {
            // Left-to-right marks: between Arabic words a sign would change its side of the number (UAX 9).
            zone = format!("\u{200e}{zone}\u{200e}");
        }
        let civil = self.civil(time);
        TimeView {
            machine: time.rfc3339(),
            people: format!("{}{}{} {zone}", self.day(civil), labels(self.language).comma, civil.clock()),
        }
    }
}
