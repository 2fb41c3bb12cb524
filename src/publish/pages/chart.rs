//! A chart of bars, one for each day, and what it says in words.

use super::super::calendar::{Calendar, TimeView};
use super::super::labels::labels;
use super::super::source_page::CHART_DAYS;
use super::super::text::direction;
use super::super::topic_feed::SiteInfo;
use crate::model::Timestamp;
use crate::model::time::CivilTime;

/// The width of a day and of its bar, and the height of the largest bar, in units of the drawing.
const DAY_WIDTH: usize = 20;
const BAR_WIDTH: usize = 16;
const HEIGHT: u64 = 76;

/// A chart of bars.
pub(super) struct Chart {
    /// The class of the bars.
    pub class: &'static str,
    /// All that it shows, in words.
    pub label: String,
    pub bars: Vec<Bar>,
    /// The first and the last day, in the direction of the page.
    pub from: TimeView,
    pub to: TimeView,
}

/// The bar of a day on which something happened.
pub(super) struct Bar {
    pub x: usize,
    pub y: u64,
    pub height: u64,
    pub title: String,
}

/// The days of a chart, the oldest first.
pub(super) struct Days<'a> {
    calendar: &'a Calendar,
    days: Vec<CivilTime>,
}

impl<'a> Days<'a> {
    /// Returns [`CHART_DAYS`] days of the site's zone; the last is that of `last`, or `before` days earlier.
    pub(super) fn until(calendar: &'a Calendar, last: Timestamp, before: u32) -> Self {
        // From noon to noon: where clocks are changed, a day has 23 or 25 hours.
        let hours_to_noon = 12 - i64::from(calendar.civil(last).hour);
        let noon = |days: u32| Timestamp::from_unix(last.unix() + hours_to_noon * 3600 - i64::from(days + before) * 86_400);
        Self {
            calendar,
            days: (0..CHART_DAYS).rev().map(|days| calendar.civil(noon(days))).collect(),
        }
    }

    /// Returns the sum for each day of what happened at these times.
    pub(super) fn sums(&self, counts: impl Iterator<Item = (Timestamp, u64)>) -> Vec<u64> {
        let of_day = |civil: &CivilTime| (civil.year, civil.month, civil.day);
        let mut sums = vec![0; self.days.len()];
        for (time, count) in counts {
            let day = of_day(&self.calendar.civil(time));
            if let Ok(place) = self.days.binary_search_by_key(&day, of_day) {
                sums[place] += count;
            }
        }
        sums
    }

    /// Returns the chart of `sums`. `what` is what is counted. Time runs in the direction of the page's script.
    pub(super) fn chart(&self, site: &SiteInfo, what: &str, class: &'static str, sums: &[u64]) -> Chart {
        let labels = labels(site.language);
        let most = sums.iter().copied().max().unwrap_or_default();
        let is_from_right = direction(Some(site.language.tag())) == "rtl";
        let bar = |(place, sum): (usize, &u64)| {
            let place_drawn = if is_from_right { sums.len() - 1 - place } else { place };
            let height = (sum * HEIGHT).div_ceil(most.max(1));
            Bar {
                x: place_drawn * DAY_WIDTH + (DAY_WIDTH - BAR_WIDTH) / 2,
                y: HEIGHT - height,
                height,
                title: format!("{}{}{sum}", self.calendar.day(self.days[place]), labels.colon),
            }
        };
        Chart {
            class,
            label: self.words(site, what, sums, most),
            bars: sums.iter().enumerate().filter(|(_, sum)| **sum > 0).map(bar).collect(),
            from: self.view(0),
            to: self.view(self.days.len() - 1),
        }
    }

    fn view(&self, place: usize) -> TimeView {
        TimeView {
            machine: self.days[place].date(),
            people: self.calendar.day(self.days[place]),
        }
    }

    fn words(&self, site: &SiteInfo, what: &str, sums: &[u64], most: u64) -> String {
        let words = super::super::source_labels::source_labels(site.language);
        let day = |place: usize| self.calendar.day(self.days[place]);
        let largest = sums.iter().position(|sum| *sum == most && most > 0).map(day);
        let text = if largest.is_some() { words.chart } else { words.empty_chart };
        text.replace("{what}", what)
            .replace("{from}", &day(0))
            .replace("{to}", &day(self.days.len() - 1))
            .replace("{total}", &sums.iter().sum::<u64>().to_string())
            .replace("{most}", &most.to_string())
            .replace("{day}", &largest.unwrap_or_default())
    }
}
