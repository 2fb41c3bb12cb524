//! Repairs what a wrong clock has stored: times that have not come yet.

use crate::model::Timestamp;
use rusqlite::Connection;

/// The columns with times at which something happened: none of them can lie in the future.
const PAST_TIMES: &[(&str, &str)] = &[
    ("entry", "first_seen"),
    ("composition", "at"),
    ("story", "founded"),
    ("placement", "placed"),
    ("placement", "date"),
    ("topic_rule", "judged"),
    ("topic_rule", "rendered"),
    ("topic_model", "learned"),
    ("published", "first_published"),
    ("published", "updated"),
    ("revision", "seen"),
    ("mark_event", "at"),
    ("alert", "at"),
    ("alert", "sent"),
    ("published_check", "since"),
    ("reading_list", "checked"),
    ("reading_list", "read"),
    ("reading_list", "doubted"),
    ("listed_source", "added"),
    ("listed_source", "removed"),
    ("delivery", "created"),
    ("delivery", "done"),
    ("article", "fetched"),
    ("withdrawal", "left_feed"),
    ("withdrawal", "gone"),
    ("withdrawal", "stood"),
    ("withdrawal", "withdrawn"),
    ("run", "started"),
    ("run", "ended"),
    ("problem", "at"),
    ("provenance", "fetched"),
    ("source_event", "at"),
    ("source_state", "last_visit"),
    ("source_state", "last_success"),
    ("source_state", "failing_since"),
    ("source_state", "since"),
    ("source_state", "newest"),
    ("source_state", "moved_since"),
    ("source_state", "unmodified_since"),
    ("host_state", "robots_unreachable"),
];
/// The columns with times until which something waits, and how far ahead they can lie at most, in seconds.
const FUTURE_TIMES: &[(&str, &str, i64)] = &[
    ("page_visit", "next", 24 * 60 * 60),
    ("withdrawal", "next", 24 * 60 * 60),
    ("delivery", "next", 24 * 60 * 60),
    ("host_state", "held_until", 24 * 60 * 60),
    ("host_state", "robots_expires", 24 * 60 * 60),
];

/// Sets every stored time after `now` to `now`. A source whose last visit lies after `now` is due, and its document is unknown again. Returns the number
/// of changed values. Of two records that differ in such a time only, one stays.
pub(in crate::store) fn future_times(connection: &Connection, now: Timestamp) -> rusqlite::Result<u64> {
    // Before `last_visit` is changed. What a visit has dropped by its age was not old: the whole document has to come again.
    let mut changed = connection.execute(
        "UPDATE source_state SET next_visit = ?1, etag = NULL, last_modified = NULL, body_hash = NULL WHERE last_visit > ?1",
        [now.unix()],
    )?;
    for (table, column) in PAST_TIMES {
        let sql = format!("UPDATE OR REPLACE {table} SET {column} = ?1 WHERE {column} > ?1");
        changed += connection.execute(&sql, [now.unix()])?;
    }
    for (table, column, ahead) in FUTURE_TIMES {
        let sql = format!("UPDATE OR REPLACE {table} SET {column} = ?1 WHERE {column} > ?1 + {ahead}");
        changed += connection.execute(&sql, [now.unix()])?;
    }
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sample::{at, bare, configured, everything, full, mark, reading_list, source, state, store};

    /// Integers that are no times, and times that the publisher has given.
    const OTHER_INTEGERS: &[(&str, &[&str])] = &[
        ("source", &["row", "present", "entries", "changes"]),
        (
            "source_state",
            &[
                "source",
                "next_visit",
                "failures",
                "visits",
                "failed_visits",
                "recent",
                "ttl",
                "update_period",
                "max_age",
                "usual_gap",
                "wait",
                "moved_visits",
                "adopted",
                "uncompressed",
                "seen_since",
                "new_day",
                "new_count",
                "flooded",
            ],
        ),
        ("host_state", &["crawl_delay_ms"]),
        (
            "entry",
            &[
                "row",
                "source",
                "published",
                "updated",
                "compose_seq",
                "version",
                "judged_version",
                "archived",
            ],
        ),
        ("entry_text", &["entry"]),
        ("entry_key", &["entry", "place", "source", "digest"]),
        ("composition", &["number", "entry"]),
        ("fingerprint", &["entry", "stale"]),
        ("posting", &["hash", "entry", "source"]),
        ("term_frequency", &["hash", "entries"]),
        ("outlet_memory", &["source"]),
        ("entry_words", &["entry", "text_length", "article_length"]),
        ("counter", &["value"]),
        ("search_pending", &["entry", "changes"]),
        ("tombstone", &["source", "seen"]),
        ("placement", &["source", "news", "waits"]),
        ("archive_page", &["page", "has_next", "changes"]),
        ("published", &["page"]),
        ("alert", &["sources"]),
        ("delivery", &["number", "attempts"]),
        ("topic_rule", &["changes"]),
        ("topic_model", &["labels"]),
        ("mark_event", &["number", "is_story"]),
        ("revision", &["entry", "number"]),
        (
            "article",
            &[
                "entry",
                "published",
                "modified",
                "image_width",
                "image_height",
                "published_offset",
                "refetches",
            ],
        ),
        ("page_visit", &["entry", "tries"]),
        ("withdrawal", &["entry", "source", "tries"]),
        (
            "run",
            &[
                "id",
                "due",
                "fresh",
                "unchanged",
                "failed",
                "deferred",
                "new_entries",
                "updated_entries",
                "copies",
                "articles",
                "new_stories",
                "updated_stories",
            ],
        ),
        ("problem", &["source", "place"]),
        ("provenance", &["entry", "source", "status", "size"]),
        ("source_event", &["source"]),
    ];

    fn columns(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement = connection.prepare(
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'INTEGER'",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }

    #[test]
    fn every_time_in_the_schema_is_repaired() {
        let (_folder, store) = store();
        let is_named = |table: &str, column: &str| {
            PAST_TIMES.contains(&(table, column))
                || FUTURE_TIMES.iter().any(|(own, time, _)| (*own, *time) == (table, column))
                || OTHER_INTEGERS.iter().any(|(own, others)| *own == table && others.contains(&column))
        };
        let columns = store.database.read(columns).expect("columns");
        let unnamed: Vec<_> = columns.iter().filter(|(table, column)| !is_named(table, column)).collect();
        assert!(unnamed.is_empty(), "a time or not? {unnamed:?}");
    }

    #[test]
    fn no_time_is_left_in_the_future_and_nothing_is_lost() {
        let (_folder, store) = store();
        store.sync_sources(&[configured("a")]).expect("synced");
        store.apply(everything()).expect("applied");
        store.add_mark(mark(&bare("a", "1"), None)).expect("added");
        let check = crate::model::PublishedCheck {
            topic: String::new(),
            code: "feed-old".to_owned(),
            detail: String::new(),
            since: at(500),
        };
        store.replace_published_checks(vec![check]).expect("stored");
        store.replace_reading_list(reading_list()).expect("stored");
        let run = store.begin_run(at(500)).expect("begun");
        store.end_run(run, at(600), &crate::model::RunSummary::default()).expect("ended");
        let (before, now) = (store.stats().expect("stats"), at(-100));
        assert!(store.repair_future_times(now).expect("repaired") > 10);
        for (table, column) in PAST_TIMES {
            let sql = format!("SELECT max({column}), count(*) FROM {table}");
            let latest = move |connection: &Connection| {
                connection.query_row(&sql, [], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, i64>(1)?)))
            };
            let (latest, rows) = store.database.read(latest).expect("a time");
            assert!(rows > 0 && latest.is_none_or(|latest| latest <= now.unix()), "{table}.{column}");
        }
        let after = store.stats().expect("stats");
        assert_eq!(
            (after.entries, after.stories, after.placements),
            (before.entries, before.stories, before.placements)
        );
        let repaired = store.source_state(&source("a")).expect("asked").expect("a state");
        assert_eq!((repaired.next_visit, repaired.body_hash, repaired.etag), (Some(now), None, None));
        assert_eq!(store.last_runs(1).expect("runs")[0].started, now);
        assert_eq!(store.entries(&[full("a", "1").id]).expect("entries")[0].first_seen, now);
    }

    #[test]
    fn a_visit_that_is_planned_after_a_right_one_stays_planned() {
        let (_folder, store) = store();
        store.sync_sources(&[configured("a")]).expect("synced");
        store.apply(everything()).expect("applied");
        // Between its last visit and the next one.
        store.repair_future_times(at(2)).expect("repaired");
        assert_eq!(store.source_state(&source("a")).expect("asked"), Some(state("a")));
    }
}
