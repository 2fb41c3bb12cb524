//! Cadence: how often a source publishes, the wait that follows from it, and when a source counts as silent.

use super::{DAY, Pace};
use crate::model::{Cadence, Timestamp};
use std::time::Duration;

/// How many visits are made for one new entry of a source with a steady cadence.
const VISITS_PER_ENTRY: f64 = 2.0;
/// How many dated entries a first document needs for an average gap.
const MIN_DATES: usize = 5;
/// After how many of its usual gaps a source is silent …
const SILENT_GAPS: u32 = 5;
/// … but never before this time: weekends and holidays are no silence.
const MIN_SILENCE: Duration = Duration::from_hours(3 * 24);
/// For how long a server is believed at least that its feed has not changed.
const MIN_UNMODIFIED: Duration = Duration::from_hours(7 * 24);

/// How many entries a visit found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntryCounts {
    /// Entries that the store did not have.
    pub new: usize,
    /// Entries in the document; zero when none came.
    pub all: usize,
}

/// Returns the cadence of a source by its first document: the `dates` of its entries, in any order. Dates after `now` are ignored.
#[must_use]
pub fn from_dates(dates: &[Timestamp], now: Timestamp) -> Cadence {
    let mut dates: Vec<Timestamp> = dates.iter().copied().filter(|date| *date <= now).collect();
    dates.sort_unstable();
    let within = |span: Duration| count(dates.iter().filter(|date| **date + span > now).count());
    let usual_gap = match (dates.first(), dates.last()) {
        (Some(oldest), Some(newest)) if dates.len() >= MIN_DATES => {
            let gaps = u32::try_from(dates.len() - 1).unwrap_or(u32::MAX);
            Some(newest.since(*oldest) / gaps)
        }
        _ => None,
    };
    Cadence {
        per_day: within(DAY * 7) / 7.0,
        recent_per_day: within(DAY),
        usual_gap,
        newest: dates.last().copied(),
    }
}

/// Returns the cadence after a visit at `now` that found `new` entries, `since` the last successful one.
///
/// Both rates are exponential moving averages: after a time T without new entries, `per_day` has fallen to e^(−T / 7 d) of itself, and
/// `recent_per_day` to e^(−T / 1 d). So the wait follows a burst within hours, and a quiet night changes little. The usual gap is averaged
/// over about the last five visits that found new entries.
#[must_use]
pub fn update(cadence: &Cadence, new: usize, since: Duration, now: Timestamp) -> Cadence {
    let days = since.as_secs_f64() / DAY.as_secs_f64();
    let decay = |rate: f64, time_constant: f64| {
        let kept = (-days / time_constant).exp();
        // In no time at all, `new` entries are a rate without bound; what they add to the average is not: (1 − e^(−x)) / x → 1.
        let added = if days > 0.0 { (1.0 - kept) / days } else { 1.0 / time_constant };
        rate * kept + count(new) * added
    };
    let gap = cadence.newest.map(|newest| now.since(newest));
    let usual_gap = match (cadence.usual_gap, gap) {
        (usual, _) if new == 0 => usual,
        (Some(usual), Some(gap)) => Some((usual * 4 + gap) / 5),
        (usual, gap) => usual.or(gap),
    };
    Cadence {
        per_day: decay(cadence.per_day, 7.0),
        recent_per_day: decay(cadence.recent_per_day, 1.0),
        usual_gap,
        newest: if new > 0 { Some(now) } else { cadence.newest },
    }
}

/// Returns the wait that follows from a cadence, from `every` to `max_every`.
///
/// - Two visits for each new entry, by the higher of both rates (what Miniflux calls entry frequency).
/// - After a visit with news at most half of the time `since` the last one: where each visit brings news, the waits halve down to `every`, while
///   the averages would take a day to follow.
/// - At most the last wait and the time `since` the last successful visit, which is about twice the last wait: so the wait of a new source
///   grows step by step, and visits out of schedule do not make it grow.
/// - Where more than half of a document was new, entries may soon be lost between two visits: back to `every` (Media Cloud uses
///   the share of known entries in this way).
#[must_use]
pub fn wait(cadence: &Cadence, counts: EntryCounts, last: Option<Duration>, since: Duration, pace: Pace) -> Duration {
    let every = pace.every;
    // All entries of a first document are new: their share is no evidence.
    if let Some(last) = last
        && counts.new * 2 > counts.all.max(1)
    {
        return every.min(last).max(every);
    }
    let rate = cadence.per_day.max(cadence.recent_per_day) * VISITS_PER_ENTRY;
    let longest = pace.longest();
    let by_rate = if rate * longest.as_secs_f64() > DAY.as_secs_f64() {
        DAY.div_f64(rate)
    } else {
        longest
    };
    let ideal = if counts.new > 0 && last.is_some() {
        by_rate.min(since / 2)
    } else {
        by_rate
    };
    let growing = last.map_or(every, |last| last.max(Duration::from_mins(1)).saturating_add(since.min(last)));
    ideal.min(growing).max(every)
}

/// Returns whether a source that answers has published nothing for far longer than usual: five of its usual gaps, and at least three
/// days. A source without a known cadence is never silent.
#[must_use]
pub fn is_silent(cadence: &Cadence, now: Timestamp) -> bool {
    let (Some(usual), Some(newest)) = (cadence.usual_gap, cadence.newest) else {
        return false;
    };
    now.since(newest) > usual.saturating_mul(SILENT_GAPS).max(MIN_SILENCE)
}

/// Returns whether a source whose server has said at every visit since `since` that nothing has changed (304) is to be requested without
/// validators, since that may be wrong: after more than seven days and more than five of its usual gaps. Of a source without a known cadence
/// the days decide.
#[must_use]
pub fn doubts_304(cadence: Option<&Cadence>, since: Timestamp, now: Timestamp) -> bool {
    let usual = cadence.and_then(|cadence| cadence.usual_gap).unwrap_or_default();
    now.since(since) > usual.saturating_mul(SILENT_GAPS).max(MIN_UNMODIFIED)
}

fn count(entries: usize) -> f64 {
    u32::try_from(entries).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Duration = Duration::from_hours(1);
    const PACE: Pace = Pace {
        every: HOUR,
        max_every: DAY,
        warn_after: DAY,
    };

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_772_366_400 + hours * 3600)
    }

    /// Visits a source for ten days that publishes `published(hour)` entries in each hour; returns the hours of the visits.
    fn visits(published: impl Fn(i64) -> usize) -> Vec<i64> {
        let mut cadence = from_dates(&[], at(0));
        let (mut last, mut hours) = (None, vec![0]);
        let mut wait = super::wait(&cadence, EntryCounts::default(), last, Duration::ZERO, PACE);
        while let Some(before) = hours.last().copied()
            && before < 240
        {
            let hour = before + i64::try_from(wait.as_secs().div_ceil(3600)).expect("a few hours");
            let new = (before + 1..=hour).map(&published).sum();
            let since = HOUR * u32::try_from(hour - before).expect("hours");
            cadence = update(&cadence, new, since, at(hour));
            last = Some(wait);
            wait = super::wait(&cadence, EntryCounts { new, all: 20 }, last, since, PACE);
            hours.push(hour);
        }
        hours
    }

    #[test]
    fn a_busy_source_is_visited_hourly_and_a_quiet_one_daily() {
        let busy = visits(|_| 1);
        assert!(busy.len() > 220, "{} visits", busy.len());
        let rare = visits(|hour| usize::from(hour % 96 == 50));
        assert!(rare.len() < 30, "{} visits", rare.len());
        let last: Vec<i64> = rare.windows(2).map(|pair| pair[1] - pair[0]).rev().take(1).collect();
        assert!(last[0] >= 6, "{last:?}");
        let silent = visits(|_| 0);
        assert!(silent.windows(2).all(|pair| pair[1] - pair[0] <= 24));
        assert_eq!(silent[..6], [0, 1, 3, 7, 15, 31]);
    }

    #[test]
    fn a_night_changes_little_and_the_wait_follows_a_burst_within_hours() {
        let by_day = visits(|hour| usize::from((7..22).contains(&(hour % 24))));
        let longest = by_day.windows(2).map(|pair| pair[1] - pair[0]).skip(4).max();
        assert!(longest <= Some(3), "{longest:?}");
        // Nothing for seven days, then one an hour.
        let burst = visits(|hour| usize::from(hour > 168));
        let late: Vec<i64> = burst.iter().copied().filter(|hour| *hour > 192).collect();
        assert!(late.len() > 40, "{late:?}");
    }

    /// Visits a source with `every = "15m"` for a day, from a first document with ten entries of the last ten hours; `published(minute)` says whether it
    /// has published an entry in that minute. Returns the waits in minutes.
    fn waits_of_a_day(published: impl Fn(u64) -> bool) -> Vec<u64> {
        let dates: Vec<Timestamp> = (0..10).map(|hour| at(-hour)).collect();
        let pace = Pace {
            every: Duration::from_mins(15),
            ..PACE
        };
        let mut cadence = from_dates(&dates, at(0));
        let mut wait = super::wait(&cadence, EntryCounts { new: 10, all: 10 }, None, Duration::ZERO, pace);
        let (mut minute, mut waits) = (0, Vec::new());
        while minute < 24 * 60 {
            let since = wait.as_secs().div_ceil(60);
            let new = (minute + 1..=minute + since).filter(|minute| published(*minute)).count();
            minute += since;
            let now = at(0) + Duration::from_mins(minute);
            cadence = update(&cadence, new, Duration::from_mins(since), now);
            wait = super::wait(&cadence, EntryCounts { new, all: 20 }, Some(wait), Duration::from_mins(since), pace);
            waits.push(since);
        }
        waits
    }

    #[test]
    fn a_source_with_news_at_each_visit_is_visited_every_every() {
        let busy = waits_of_a_day(|minute| minute % 10 == 0);
        assert!(busy.len() >= 90, "{} visits: {busy:?}", busy.len());
        // After a quiet morning, too.
        let evening = waits_of_a_day(|minute| minute > 12 * 60 && minute % 10 == 0);
        let late = evening.iter().rev().take(20).max();
        assert_eq!(late, Some(&15), "{evening:?}");
        let hourly = waits_of_a_day(|minute| minute % 60 == 0);
        assert!(hourly.len() <= 24 * 3, "{} visits for 24 entries: {hourly:?}", hourly.len());
    }

    #[test]
    fn a_first_document_gives_a_cadence() {
        let dates: Vec<Timestamp> = (0..10).map(|number| at(-24 * number)).collect();
        let cadence = from_dates(&dates, at(0));
        assert_eq!((cadence.per_day, cadence.recent_per_day), (1.0, 1.0));
        assert_eq!((cadence.usual_gap, cadence.newest), (Some(DAY), Some(at(0))));
        let nothing = from_dates(&[at(5), at(500)], at(0));
        assert_eq!((nothing.per_day, nothing.usual_gap, nothing.newest), (0.0, None, None));
        assert_eq!(from_dates(&dates[..4], at(0)).usual_gap, None);
    }

    #[test]
    fn a_document_that_is_half_new_is_visited_again_soon() {
        let cadence = Cadence::default();
        let counts = |new| EntryCounts { new, all: 10 };
        assert_eq!(wait(&cadence, counts(6), Some(DAY), DAY, PACE), HOUR);
        assert_eq!(
            wait(&cadence, counts(5), Some(DAY), DAY, PACE),
            DAY / 2,
            "half of the time that has passed"
        );
        assert_eq!(wait(&cadence, counts(0), Some(DAY), DAY, PACE), DAY);
        assert_eq!(wait(&cadence, counts(10), None, DAY, PACE), HOUR, "the first visit");
    }

    #[test]
    fn visits_out_of_schedule_do_not_make_the_wait_grow() {
        let again = wait(&Cadence::default(), EntryCounts::default(), Some(HOUR), Duration::ZERO, PACE);
        assert_eq!(again, HOUR);
    }

    #[test]
    fn silence_is_measured_by_the_usual_gap() {
        let of = |usual: Option<Duration>, hours: i64| {
            let cadence = Cadence {
                usual_gap: usual,
                newest: Some(at(-hours)),
                ..Cadence::default()
            };
            is_silent(&cadence, at(0))
        };
        assert!(!of(Some(HOUR), 72) && of(Some(HOUR), 73));
        assert!(!of(Some(DAY), 120) && of(Some(DAY), 121));
        assert!(!of(None, 10_000));
        assert!(!is_silent(&Cadence::default(), at(0)));
    }

    #[test]
    fn a_304_is_doubted_after_seven_days_and_five_usual_gaps() {
        let of = |usual: Option<Duration>, seconds: i64| {
            let cadence = Cadence {
                usual_gap: usual,
                ..Cadence::default()
            };
            doubts_304(Some(&cadence), at(0), Timestamp::from_unix(at(0).unix() + seconds))
        };
        let days = |days: i64| days * 24 * 3600;
        for usual in [None, Some(HOUR), Some(DAY)] {
            assert!(!of(usual, days(7)) && of(usual, days(7) + 1), "{usual:?}");
        }
        assert!(!of(Some(DAY * 2), days(10)) && of(Some(DAY * 2), days(10) + 1));
        assert!(!of(Some(HOUR), days(-100)), "the clock was set back");
        assert!(doubts_304(None, at(0), at(7 * 24 + 1)));
    }

    proptest! {
        #[test]
        fn waits_lie_between_every_and_max_every(
            per_day in 0.0..1e6_f64, recent_per_day in 0.0..1e6_f64, new in 0_usize..10_000, all in 0_usize..10_000,
            last in proptest::option::of(0_u64..1_000_000), every in 0_u64..500_000, max_every in 1_u64..5_000_000,
        ) {
            let (every, max_every) = (Duration::from_secs(every), Duration::from_secs(max_every));
            let pace = Pace { every, max_every, ..PACE };
            let cadence = Cadence { per_day, recent_per_day, ..Cadence::default() };
            let wait = wait(&cadence, EntryCounts { new, all }, last.map(Duration::from_secs), DAY, pace);
            prop_assert!(wait >= every && wait <= max_every.max(every));
        }

        #[test]
        fn more_entries_never_mean_a_longer_wait(rates in [0.0..500.0_f64, 0.0..500.0], last in 60_u64..90_000) {
            let of = |per_day| wait(&Cadence { per_day, ..Cadence::default() }, EntryCounts::default(), Some(Duration::from_secs(last)), DAY, PACE);
            let (few, many) = (rates[0].min(rates[1]), rates[0].max(rates[1]));
            prop_assert!(of(many) <= of(few));
        }

        #[test]
        fn rates_stay_finite_and_decay(start in 0.0..1e6_f64, visits in proptest::collection::vec((0_usize..1_000, 0_u64..200_000), 0..40)) {
            let mut cadence = Cadence { per_day: start, recent_per_day: start, ..Cadence::default() };
            let mut now = at(0);
            for (new, seconds) in visits {
                let since = Duration::from_secs(seconds);
                now = now + since;
                cadence = update(&cadence, new, since, now);
                prop_assert!(cadence.per_day.is_finite() && cadence.per_day >= 0.0 && cadence.recent_per_day.is_finite() && cadence.recent_per_day >= 0.0);
            }
            let decayed = update(&cadence, 0, DAY * 365, now + DAY * 365);
            prop_assert!(decayed.per_day < 1e-9 && decayed.recent_per_day < 1e-9);
        }
    }
}
