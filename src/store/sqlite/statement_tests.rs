//! The plans of statements: no statement of a run scans a table that grows with the news.

use super::tests::{read_parts, write_parts};
use super::tuning::Tuning;
use crate::store::sample::{AUTHORITY, at, configured, everything, open_with};
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Has the text of every statement that `connection` runs added to the list of `tuning`.
pub(super) fn trace(connection: &mut Connection, tuning: &Tuning) -> rusqlite::Result<()> {
    let Some(statements) = tuning.statements.clone() else {
        return Ok(());
    };
    let add = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(_, sql) = event {
            statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned());
        }
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(add))
}

/// Tables whose size is that of the configuration, or that hold what is pending.
const BOUNDED_TABLES: [&str; 14] = [
    "counter",
    "json_each",
    "meta",
    "problem",
    "published_check",
    "reading_list",
    "search_pending",
    "source",
    "source_state",
    "sqlite_schema",
    "topic_model",
    "topic_rule",
    "page_visit",
    "host_state",
];
/// Indexes of what is pending: only such rows are in them.
const PENDING_INDEXES: [&str; 6] = [
    "entry_waiting",
    "entry_unjudged",
    "fingerprint_stale",
    "placement_placed",
    "delivery_failed",
    "delivery_waiting",
];
/// Returns the table of each name by which a statement refers to one.
fn tables_of(sql: &str) -> BTreeMap<String, String> {
    let words: Vec<&str> = sql
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    let mut tables = BTreeMap::new();
    for pair in words.windows(3) {
        if matches!(pair[0], "FROM" | "JOIN" | "INTO" | "UPDATE") {
            tables.insert(pair[1].to_owned(), pair[1].to_owned());
            tables.insert(pair[2].to_owned(), pair[1].to_owned());
        }
    }
    if let [.., before, last] = words.as_slice()
        && matches!(*before, "FROM" | "JOIN")
    {
        tables.insert((*last).to_owned(), (*last).to_owned());
    }
    tables
}

/// Returns the steps of a statement's plan that scan a table which grows.
fn scans(connection: &Connection, sql: &str) -> Vec<String> {
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a plan");
    let parameters = plan.parameter_count();
    let nulls = vec![rusqlite::types::Null; parameters];
    let steps = plan
        .query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3))
        .expect("a plan");
    let tables = tables_of(sql);
    let is_scan = |step: &String| {
        let Some(rest) = step.strip_prefix("SCAN ") else { return false };
        let name = rest.split(' ').next().unwrap_or_default();
        let table = tables.get(name).map_or(name, String::as_str);
        // The full-text index is read by words or by one row; `M` is a search for words, `=` for a row.
        let is_search = rest.starts_with("entry_search VIRTUAL TABLE INDEX") && rest.contains(['M', '=']);
        let is_pending = PENDING_INDEXES.iter().any(|index| rest.contains(index));
        !(BOUNDED_TABLES.contains(&table) || is_pending || is_search || matches!(name, "CONSTANT" | "SUBQUERY") || name.starts_with('('))
    };
    steps.map(|step| step.expect("a step")).filter(is_scan).collect()
}

#[test]
fn no_statement_of_a_run_scans_a_table_that_grows() {
    let folder = tempfile::tempdir().expect("a folder");
    let statements = Arc::new(Mutex::new(BTreeSet::new()));
    let tuning = Tuning {
        statements: Some(Arc::clone(&statements)),
        ..Tuning::default()
    };
    let path = folder.path().join("griot.db");
    let store = open_with(&path, AUTHORITY, at(0), tuning).expect("a store");
    // What the migration does once is no statement of a run.
    statements.lock().expect("the list").clear();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    store.apply(everything()).expect("applied");
    write_parts(&store);
    read_parts(&store);
    let connection = Connection::open(&path).expect("the file");
    let statements = statements.lock().expect("the list").clone();
    // Only the repair after a wrong clock replaces rows that it updates: it reads every table on purpose.
    let of_plans = |sql: &&String| {
        let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE"];
        // FTS5 reads its own tables.
        let is_of_fts5 = sql.contains("'entry_search_");
        verbs.iter().any(|verb| sql.starts_with(verb)) && !sql.starts_with("UPDATE OR REPLACE") && !is_of_fts5
    };
    let planned: Vec<&String> = statements.iter().filter(of_plans).collect();
    assert!(planned.len() > 80, "{}", planned.len());
    let bad: Vec<(&String, Vec<String>)> = planned
        .into_iter()
        .map(|sql| (sql, scans(&connection, sql)))
        .filter(|(_, scans)| !scans.is_empty())
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn a_scan_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    let store = open_with(&path, AUTHORITY, at(0), Tuning::default()).expect("a store");
    store.create_search_index().expect("made");
    drop(store);
    let connection = Connection::open(&path).expect("the file");
    for (sql, expected) in [
        ("SELECT e.id FROM entry e WHERE e.title = ?1", 1),
        ("SELECT count(*) FROM entry", 1),
        ("SELECT max(first_seen) FROM entry", 0),
        ("SELECT rowid FROM entry_search WHERE entry_search MATCH ?1 ORDER BY rowid DESC", 0),
        ("DELETE FROM entry_search WHERE rowid = ?1", 0),
        ("SELECT rowid FROM entry_search ORDER BY rank", 1),
        ("SELECT e.id FROM entry e WHERE e.story = ?1", 0),
        ("SELECT s.slug FROM source s", 0),
        ("DELETE FROM placement WHERE score = ?1", 1),
        ("SELECT p.story FROM entry e JOIN placement p ON p.entry = e.id WHERE e.row = ?1", 1),
    ] {
        assert_eq!(scans(&connection, sql).len(), expected, "{sql}");
    }
}
