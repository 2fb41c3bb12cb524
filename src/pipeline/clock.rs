//! The clock of the program, the only code that reads the system time. Everything else gets `now` as an argument.

use super::clock_check::release_time;
use crate::model::{BadTime, Timestamp};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// 2000-01-01, the earliest time of a fixed or scaled clock: tests and replays may lie before the program's release.
const EARLIEST_SIMULATED_UNIX_SECONDS: i64 = 946_684_800;

/// Where `now` comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A fixed time, for tests and replays.
    Fixed(Timestamp),
    /// Time that starts at `start` and runs `factor` times as fast as the system time, for tests of the daemon.
    Scaled {
        /// The first `now`.
        start: Timestamp,
        /// The monotonic time of `start`.
        origin: Instant,
        /// Its seconds per second of system time.
        factor: u32,
    },
}

impl Clock {
    /// Parses the value of `--now`: `TIME` for a fixed clock, `TIME*600` for a scaled one.
    ///
    /// # Errors
    /// [`BadTime`] when the text is neither.
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        let Some((start, factor)) = text.split_once('*') else {
            return Timestamp::parse(text).map(Self::Fixed);
        };
        let factor = factor.parse().map_err(|_| BadTime(text.to_owned()))?;
        Ok(Self::Scaled {
            start: Timestamp::parse(start)?,
            origin: Instant::now(),
            factor,
        })
    }

    /// Returns the current time of this clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                #[expect(clippy::disallowed_methods, reason = "the only code that reads the system clock")]
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
            }
            Self::Fixed(moment) => *moment,
            Self::Scaled { start, origin, factor } => *start + origin.elapsed() * *factor,
        }
    }

    /// Returns the earliest time that this clock shows when it is right: the system's clock that of the program's release, another one the year 2000.
    #[must_use]
    pub fn earliest(&self) -> Timestamp {
        match self {
            Self::System => release_time(),
            Self::Fixed(_) | Self::Scaled { .. } => Timestamp::from_unix(EARLIEST_SIMULATED_UNIX_SECONDS),
        }
    }

    /// Returns how long to wait in system time until `span` has passed on this clock; a fixed clock waits in system time.
    #[must_use]
    pub fn real(&self, span: Duration) -> Duration {
        match self {
            Self::Scaled { factor, .. } if *factor > 0 => span / *factor,
            _ => span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_now_is_parsed() {
        let noon = Timestamp::parse("2026-03-01T12:00:00Z").expect("a time");
        let fixed = Clock::parse("2026-03-01T12:00:00Z").expect("a clock");
        assert_eq!(fixed.now(), noon);
        assert_eq!(fixed.real(Duration::from_mins(1)), Duration::from_mins(1));
        let scaled = Clock::parse("2026-03-01T12:00:00Z*600").expect("a clock");
        assert!(scaled.now() >= noon);
        assert_eq!(scaled.real(Duration::from_mins(10)), Duration::from_secs(1));
        assert!(Clock::parse("soon").is_err() && Clock::parse("2026-03-01T12:00:00Z*x").is_err());
        assert!(Clock::System.now() > noon.min(Timestamp::default()));
    }
}
