//! Limits of a database that tests set otherwise than programs do.

use std::time::Duration;

/// How long a database waits for locks, and how large it may become.
#[derive(Debug, Clone)]
pub(in crate::store) struct Tuning {
    /// How long to wait for a lock that another program holds.
    pub busy_timeout: Duration,
    /// The maximum size of the file in pages of 4,096 bytes; for tests of a full disk.
    pub max_pages: Option<u32>,
    /// Where the text of every statement that is run is added.
    #[cfg(test)]
    pub statements: Option<std::sync::Arc<std::sync::Mutex<std::collections::BTreeSet<String>>>>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
            max_pages: None,
            #[cfg(test)]
            statements: None,
        }
    }
}
