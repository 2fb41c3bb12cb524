//! Limits of a database that tests set otherwise than programs do.

use std::time::Duration;

/// How long a database waits for locks, and how large it may become.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Tuning {
    /// How long to wait for another program's lock.
    pub busy: Duration,
    /// The most pages of 4,096 bytes that the file may have; for tests of a full disk.
    pub max_pages: Option<u32>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            busy: Duration::from_secs(5),
            max_pages: None,
        }
    }
}
