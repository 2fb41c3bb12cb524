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

#[cfg(test)]
mod tests {
    use crate::store::sample::store;
    use rusqlite::Connection;

    #[test]
    fn the_log_shrinks_again_after_a_large_transaction() {
        let (_folder, store) = store();
        let limit = |connection: &Connection| connection.pragma_query_value(None, "journal_size_limit", |row| row.get::<_, i64>(0));
        // It is larger than what is checkpointed at a time, so that usual transactions truncate nothing.
        assert_eq!(store.database.write(limit).expect("a number"), 64 << 20);
    }
}
