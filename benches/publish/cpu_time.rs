//! The processor time of this process as criterion measures it: on a busy machine the time by the clock says little.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use nix::sys::resource::{UsageWho, getrusage};
use std::time::Duration;

/// User and system time together, in nanoseconds.
pub struct CpuTime(WallTime);

impl CpuTime {
    /// Returns the measurement.
    pub const fn new() -> Self {
        Self(WallTime)
    }
}

fn used() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the usage of this process is always known");
    [usage.user_time(), usage.system_time()]
        .map(|time| Duration::new(time.tv_sec().unsigned_abs(), u32::try_from(time.tv_usec()).unwrap_or(0) * 1000))
        .iter()
        .sum()
}

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        used()
    }

    fn end(&self, start: Duration) -> Duration {
        used().saturating_sub(start)
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        self.0.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}
