//! Failures of the database: locked, full, of another program, of a newer schema, damaged, interrupted.

use super::schema_tests::RELEASED;
use super::{Tuning, migrate, source_activity_tests};
use crate::model::{
    Changes, Country, DeliveryEnd, Digest128, EntryId, EntryKey, Identity, KeyKind, MarkTarget, RunSummary, SearchExpression, SearchFact,
    SearchOrder, SearchPhrase, SearchQuery, SearchWords, SearchZone,
};
use crate::store::database_file::DatabaseFile;
use crate::store::sample::{
    AUTHORITY, at, bare, clean, configured, delivery_result, everything, full, host, mark, new, open, open_read_only, open_with,
    prune_policy, reading_list, source, store, topic,
};
use crate::store::{ExportRow, RebuildStep, SearchDocument, SearchPage, Store, StoreError, UnindexedEntry};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Runs every operation that writes; returns the code of each error.
pub(super) fn write_everything(store: &Store) -> Vec<(&'static str, Option<&'static str>)> {
    let mut done = write_parts(store);
    done.extend(RebuildStep::ALL.map(|step| ("rebuild", code(store.rebuild(step)))));
    done.push(("mark_source", code(store.mark_source(&source("a"), mark(&bare("a", "1"), None)))));
    let renamed = store.rename_source(&source("z"), &source("y"), &prune_policy(), at(0));
    done.push(("rename_source", code(renamed)));
    done.push(("remove_search_index", code(store.remove_search_index().map(drop))));
    done
}

/// Runs the operations of [`write_everything`] that do not read the whole database on purpose.
pub(super) fn write_parts(store: &Store) -> Vec<(&'static str, Option<&'static str>)> {
    let code = |result: Result<(), StoreError>| result.err().map(|error| error.code());
    vec![
        ("create_search_index", code(store.create_search_index().map(drop))),
        ("apply", code(store.apply(everything()))),
        (
            "index_entries",
            code(
                store
                    .unindexed_entries(9, true)
                    .and_then(|entries| store.index_entries(documents(&entries))),
            ),
        ),
        ("begin_run", code(store.begin_run(at(0)).map(drop))),
        ("end_run", code(store.end_run(1, at(0), &RunSummary::default()))),
        ("sync_sources", code(store.sync_sources(&[configured("z")]))),
        ("repair_future_times", code(store.repair_future_times(at(1_000)).map(drop))),
        ("add_mark", code(store.add_mark(mark(&bare("a", "1"), None)))),
        (
            "end_delivery",
            code(
                store
                    .end_delivery(delivery_result(1, DeliveryEnd::Waits(at(9))))
                    .and_then(|()| store.end_delivery(delivery_result(1, DeliveryEnd::Sent))),
            ),
        ),
        ("replace_reading_list", code(store.replace_reading_list(reading_list()))),
        // Later than all that is in the sample, so that each kind of row is deleted.
        (
            "prune",
            code(store.prune(&prune_policy(), at(0) + Duration::from_hours(2_000 * 24)).map(drop)),
        ),
    ]
}

fn code<T>(result: Result<T, StoreError>) -> Option<&'static str> {
    result.err().map(|error| error.code())
}

/// Runs every operation that reads; returns the code of each error.
fn read_everything(store: &Store) -> Vec<(&'static str, Option<&'static str>)> {
    let mut done = read_parts(store);
    done.extend([
        ("stats", code(store.stats())),
        ("quick_check", code(store.quick_check())),
        ("source_lives", code(store.source_lives())),
        ("export", code(store.export(&mut drop))),
    ]);
    done
}

fn guid(value: &str) -> EntryKey {
    EntryKey {
        kind: KeyKind::Guid,
        value: value.into(),
    }
}

/// Runs the operations of [`read_everything`] that do not read the whole database on purpose.
pub(super) fn read_parts(store: &Store) -> Vec<(&'static str, Option<&'static str>)> {
    let entry = full("a", "1").id;
    let guid = guid("1");
    let mut done = vec![
        ("last_runs", code(store.last_runs(3))),
        ("due_sources", code(store.due_sources(at(0), 9))),
        ("source_states", code(store.source_states())),
        ("source_state", code(store.source_state(&source("a")))),
        ("source_events", code(store.source_events(None, None))),
        ("due_pages", code(store.due_pages(at(9)))),
        ("page_visits", code(store.page_visits(&[entry]))),
        ("withdrawals", code(store.withdrawals(&[entry]))),
        ("withdrawals_of_source", code(store.withdrawals_of_source(&source("a")))),
        ("suspected_pages", code(store.suspected_pages(at(9), 9))),
        ("newest_entries", code(store.newest_entries(&source("a")))),
        ("identities", code(store.identities(&source("a"), &[guid]))),
        ("uncomposed_ids", code(store.uncomposed_ids())),
        ("entries_at", code(store.entries_at(&source("a"), &[at(0)]))),
        ("archive_pages", code(store.archive_pages(&topic("mali")))),
        ("archived_placements", code(store.archived_placements(&topic("mali"), Some(1)))),
        ("labels", code(store.labels(&topic("mali")))),
        ("deleted_items", code(store.deleted_items(&topic("mali"), at(0)))),
        ("label_count", code(store.label_count(&topic("mali")))),
        ("topic_learning", code(store.topic_learning(&topic("mali")))),
        ("topic_model", code(store.topic_model(&topic("mali")))),
        ("entries", code(store.entries(&[entry]))),
        ("configured_sources", code(store.configured_sources())),
        ("limited_hosts", code(store.limited_hosts(at(0)))),
        ("host_state", code(store.host_state(&host().host))),
        ("any_waiting", code(store.any_waiting())),
        ("any_evaluated", code(store.any_evaluated())),
        ("unevaluated_stories", code(store.unevaluated_stories())),
        ("stories_of_source", code(store.stories_of_source(&source("a")))),
        ("entries_by_date", code(store.entries_by_date(None, 9, &mut drop))),
        ("compared_entries", code(store.compared_entries(&[entry]))),
        ("composed_since", code(store.composed_since(at(0), &mut |_, _| {}))),
        ("posting_rows", code(store.posting_rows(&[7]))),
        (
            "composed_rows",
            code(store.posting_rows(&[7]).and_then(|rows| store.composed_rows(&rows[0].1))),
        ),
        ("composed_entries", code(store.composed_entries(&[entry]))),
        ("story_members", code(store.story_members(&entry.into(), 9))),
        ("known_stories", code(store.known_stories(&[entry.into()]))),
        ("term_frequencies", code(store.term_frequencies(&[5]))),
        ("outlet_memory", code(store.outlet_memory(&source("a")))),
        ("entry_words", code(store.entry_words(&[entry]))),
        ("stale_fingerprints", code(store.stale_fingerprints(9))),
        ("compositions_of", code(store.compositions_of(&entry))),
        ("story_entry", code(store.story_entry(&entry))),
        ("entry_with_copies", code(store.entry_with_copies(&entry))),
        ("story_entries", code(store.story_entries(&[entry.into()]))),
        ("story_entries_with_words", code(store.story_entries_with_words(&[entry.into()]))),
        ("dated_stories", code(store.dated_stories((at(0), EntryId::from_bytes([0; 16])), 9))),
        ("texts", code(store.texts(&[entry], &str::to_owned))),
        (
            "prunable",
            code(store.prunable(&prune_policy(), at(0) + Duration::from_hours(2_000 * 24))),
        ),
        ("pruned_day", code(store.pruned_day())),
        ("stories_before", code(store.stories_before(None, 9))),
        (
            "stories_about",
            code(store.stories_about(&[entry.into()], &BTreeSet::from([Country::of(*b"ML")]))),
        ),
        ("subjects_version", code(store.subjects_version())),
        ("held_stories", code(store.held_stories(&topic("mali")))),
        ("newest_placements", code(store.newest_placements(&topic("mali"), 9))),
        (
            "newest_placements_of_others",
            code(store.newest_placements_of_others(&topic("mali"), &[source("a")], at(0), 9)),
        ),
        ("placements_since", code(store.placements_since(&topic("mali"), at(0), 9))),
        ("topic_stamps", code(store.topic_stamps())),
        (
            "count_old_placements",
            code(store.count_old_placements(&topic("mali"), &source("a"), at(0), Duration::ZERO)),
        ),
        ("marks_of", code(store.marks_of(&[MarkTarget::Entry(entry)]))),
        ("any_marks", code(store.any_marks())),
        ("articles", code(store.articles(&[entry]))),
        ("stories", code(store.stories(&[entry.into()]))),
        ("placements_of_stories", code(store.placements_of_stories(&[entry.into()]))),
        ("alerts_of_stories", code(store.alerts_of_stories(&[entry.into()]))),
        ("published_of_stories", code(store.published_of_stories(&[entry.into()]))),
        ("problems", code(store.problems(None))),
        ("provenance", code(store.provenance(entry))),
        ("source_provenance", code(store.source_provenance(&source("a")))),
        ("revisions", code(store.revisions(entry))),
        ("search_index_state", code(store.search_index_state())),
        ("unindexed_entries", code(store.unindexed_entries(9, true))),
        ("search", code(store.search(&search(), SEARCH_PAGE))),
        ("published_checks", code(store.published_checks())),
        ("reading_lists", code(store.reading_lists())),
        ("has_published", code(store.has_published(&topic("a")))),
        ("find_entry", code(store.find_entry("e1"))),
        ("find_story", code(store.find_story("s1"))),
    ];
    done.extend(read_what_is_told(store));
    done.extend(source_activity_tests::read_parts(store));
    done
}

/// Runs the operations that read what is to be told outside.
fn read_what_is_told(store: &Store) -> Vec<(&'static str, Option<&'static str>)> {
    vec![
        ("untold_alerts", code(store.untold_alerts(at(0)))),
        ("waiting_deliveries", code(store.waiting_deliveries(9))),
        (
            "known_events",
            code(store.known_events(&["story:1".to_owned()], Digest128::default())),
        ),
        ("failed_deliveries", code(store.failed_deliveries(at(0)))),
    ]
}

/// Returns a search that needs every statement.
fn search() -> SearchQuery {
    let phrase = SearchPhrase {
        words: vec!["mopti".to_owned()],
        is_prefix: false,
    };
    let facts = [SearchFact::Source(source("a")), SearchFact::Days(Some(0), None)].map(SearchExpression::Fact);
    let words = SearchExpression::Phrase(phrase, SearchZone::TEXT);
    SearchQuery {
        expression: SearchExpression::All(facts.into_iter().chain([words]).collect()),
        since: Some(at(-9_999)),
        topic: Some(topic("mali")),
    }
}

const SEARCH_PAGE: SearchPage = SearchPage {
    order: SearchOrder::Relevance,
    offset: 0,
    limit: 9,
};

fn documents(entries: &[UnindexedEntry]) -> Vec<SearchDocument> {
    let words = || Some(SearchWords(std::array::from_fn(|_| "mopti".to_owned())));
    entries.iter().map(|entry| SearchDocument::new(entry, words())).collect()
}

#[test]
fn every_operation_is_among_those_that_are_tried() {
    let (_folder, store) = store();
    let tried: Vec<_> = read_everything(&store)
        .into_iter()
        .chain(write_everything(&store))
        .map(|(name, _)| name)
        .collect();
    let without_database = ["database_id", "authority"];
    let sources = [
        include_str!("../queries.rs"),
        include_str!("../dedupe_queries.rs"),
        include_str!("../search.rs"),
        include_str!("../source_life.rs"),
        include_str!("../mod.rs"),
    ];
    for source in sources {
        for line in source.lines().filter_map(|line| line.trim_start().strip_prefix("pub fn ")) {
            let name = line.split('(').next().unwrap_or_default();
            assert!(tried.contains(&name) || without_database.contains(&name), "{name} is not tried");
        }
    }
}

pub(super) fn failed<'a>(done: &'a [(&str, Option<&str>)]) -> Vec<&'a (&'a str, Option<&'a str>)> {
    done.iter().filter(|(_, code)| code.is_some()).collect()
}

pub(super) fn dump(store: &Store) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    store.export(&mut |row| rows.push(row)).expect("an export");
    rows
}

fn store_with_short_timeout(path: &Path, max_pages: Option<u32>) -> Store {
    let tuning = Tuning {
        busy_timeout: Duration::from_millis(5),
        max_pages,
        ..Tuning::default()
    };
    open_with(path, AUTHORITY, at(0), tuning).expect("a store")
}

#[test]
fn every_operation_works_on_a_fresh_and_on_a_filled_database() {
    let (_folder, store) = store();
    assert_eq!(failed(&read_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    assert_eq!(failed(&write_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    assert_eq!(failed(&read_everything(&store)), [] as [&(&str, Option<&str>); 0]);
}

#[test]
fn on_a_locked_database_writing_fails_reading_goes_on_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    let store = store_with_short_timeout(&path, None);
    store.apply(everything()).expect("applied");
    let before = dump(&store);
    let other = Connection::open(&path).expect("another program");
    other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    for (name, code) in write_everything(&store) {
        assert_eq!(code, Some("locked"), "{name}");
    }
    assert_eq!(failed(&read_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    other.execute_batch("ROLLBACK").expect("released");
    assert_eq!(dump(&store), before);
    assert_eq!(failed(&write_everything(&store)), [] as [&(&str, Option<&str>); 0]);
}

#[test]
fn opening_a_locked_database_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    let other = Connection::open(&path).expect("another program");
    other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    let tuning = Tuning {
        busy_timeout: Duration::from_millis(5),
        ..Tuning::default()
    };
    let error = open_with(&path, AUTHORITY, at(0), tuning).expect_err("locked");
    assert_eq!(error.code(), "locked");
    assert!(error.to_string().contains("griot.db"), "{error}");
}

#[test]
fn on_a_full_database_writing_fails_whole_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    drop(store_with_short_timeout(&path, None));
    // The file may not grow by a page.
    let store = store_with_short_timeout(&path, Some(1));
    let mut large = full("a", "1");
    large.content = Some(clean(&"x".repeat(100_000)));
    let changes = Changes {
        new_entries: vec![new(&bare("a", "0")), new(&large)],
        ..everything()
    };
    let error = store.apply(changes).expect_err("full");
    assert_eq!(error.code(), "full");
    assert!(error.to_string().contains("free some space"), "{error}");
    assert!(dump(&store).is_empty(), "all or nothing");
    let sources: Vec<_> = (0..5_000).map(|number| configured(&format!("source-{number}"))).collect();
    assert_eq!(store.sync_sources(&sources).expect_err("full").code(), "full");
    let mut note = mark(&bare("a", "1"), None);
    note.note = Some("x".repeat(100_000));
    assert_eq!(store.add_mark(note).expect_err("full").code(), "full");
    let run = (0..5_000).find_map(|_| store.begin_run(at(0)).err()).expect("full in the end");
    assert_eq!(run.code(), "full");
    assert_eq!(failed(&read_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    drop(store);
    // With room again, every operation succeeds.
    let store = store_with_short_timeout(&path, None);
    assert_eq!(failed(&write_everything(&store)), [] as [&(&str, Option<&str>); 0]);
}

#[test]
fn a_new_database_has_a_fixed_identity() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    let open = |authority, seconds| open_with(&path, authority, at(seconds), Tuning::default()).expect("a store");
    let id = {
        let store = open(AUTHORITY, 0);
        store.database_id().to_owned()
    };
    let store = open("other.example", 99);
    assert_eq!((store.authority(), store.database_id(), id.len()), (AUTHORITY, id.as_str(), 32));
    let raw = Connection::open(&path).expect("the file");
    let pragma = |name| raw.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).expect("a pragma");
    assert_eq!((pragma("application_id"), pragma("user_version")), (migrate::APPLICATION_ID, 3));
    let mode: String = raw.pragma_query_value(None, "journal_mode", |row| row.get(0)).expect("a pragma");
    assert_eq!(mode, "wal");
}

#[test]
fn closing_checkpoints_the_log() {
    let (folder, store) = store();
    store.apply(everything()).expect("applied");
    assert_eq!(failed(&read_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    drop(store);
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").file_name())
        .collect();
    assert_eq!(names, ["griot.db"]);
}

#[test]
fn a_database_that_is_only_read_is_never_written() {
    let (folder, store) = store();
    store.apply(everything()).expect("applied");
    let reader = open_read_only(&folder.path().join("griot.db")).expect("while a writer is open");
    assert_eq!(dump(&reader), dump(&store));
    for (name, code) in write_everything(&reader) {
        assert_eq!(code, Some("read-only"), "{name}");
    }
    assert_eq!((reader.authority(), reader.database_id()), (store.authority(), store.database_id()));
    drop((reader, store));
    let alone = open_read_only(&folder.path().join("griot.db")).expect("after the writer");
    assert_eq!(failed(&read_everything(&alone)), [] as [&(&str, Option<&str>); 0]);
    let missing = folder.path().join("none.db");
    assert_eq!(open_read_only(&missing).expect_err("none").code(), "missing");
    assert!(!missing.exists());
}

#[test]
fn files_of_other_programs_are_refused_and_left_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("notes.txt");
    fs::write(&text, "no database, but long enough to look like one: ".repeat(40)).expect("written");
    let foreign = folder.path().join("foreign.db");
    let other = Connection::open(&foreign).expect("a database");
    other.execute_batch("CREATE TABLE t (x)").expect("a table");
    drop(other);
    let marked = folder.path().join("marked.db");
    let other = Connection::open(&marked).expect("a database");
    other.execute_batch("PRAGMA application_id = 7").expect("marked");
    drop(other);
    for path in [text, foreign, marked] {
        let before = fs::read(&path).expect("the file");
        let error = open(&path).expect_err("refused");
        assert_eq!(error.code(), "not-ours", "{error}");
        assert_eq!(open_read_only(&path).expect_err("refused").code(), "not-ours");
        assert_eq!(fs::read(&path).expect("the file"), before, "{}", path.display());
    }
    let error = open(&folder.path().join("none/griot.db")).expect_err("no folder");
    assert_eq!(error.code(), "io");
}

#[test]
fn a_newer_schema_is_refused() {
    let (folder, store) = store();
    let path = folder.path().join("griot.db");
    drop(store);
    let raw = Connection::open(&path).expect("the file");
    raw.pragma_update(None, "user_version", 99).expect("a newer one");
    drop(raw);
    for result in [open(&path), open_read_only(&path)] {
        let error = result.expect_err("refused");
        assert_eq!(error.code(), "newer-schema");
        assert!(error.to_string().contains("schema 99"), "{error}");
    }
}

#[test]
fn a_damaged_database_is_an_error() {
    let (folder, store) = store();
    store.apply(everything()).expect("applied");
    let path = folder.path().join("griot.db");
    drop(store);
    let raw = Connection::open(&path).expect("the file");
    raw.execute_batch("UPDATE source SET slug = 'Not A Slug' WHERE slug = 'a'; UPDATE article SET image = 'no url', authors = '{'")
        .expect("damaged");
    drop(raw);
    let store = open(&path).expect("a store");
    assert_eq!(store.entries_by_date(None, 9, &mut drop).expect_err("damaged").code(), "corrupt");
    assert_eq!(store.articles(&[full("a", "1").id]).expect_err("damaged").code(), "corrupt");
    drop(store);
    let mut bytes = fs::read(&path).expect("the file");
    bytes[4_096..].fill(0xff);
    fs::write(&path, bytes).expect("damaged further");
    assert_eq!(open(&path).expect_err("damaged").code(), "corrupt");
}

#[test]
fn a_url_that_no_longer_parses_is_none() {
    let (folder, store) = store();
    store.apply(everything()).expect("applied");
    let raw = Connection::open(folder.path().join("griot.db")).expect("the file");
    raw.execute_batch("UPDATE entry SET link = 'http://[', enclosures = '[[\"http://[\",null,null]]'")
        .expect("changed");
    let mut entries = Vec::new();
    store.entries_by_date(None, 9, &mut |entry| entries.push(entry)).expect("entries");
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry.link.is_none() && entry.enclosures.is_empty()));
}

#[test]
fn purged_entries_are_known_by_their_keys() {
    let (folder, store) = store();
    let gone = bare("a", "1");
    store
        .apply(Changes {
            new_entries: vec![new(&gone)],
            ..Changes::default()
        })
        .expect("applied");
    let raw = Connection::open(folder.path().join("griot.db")).expect("the file");
    super::key::insert_tombstones(&raw, 1, 1, 20_000).expect("stored");
    raw.execute_batch("DELETE FROM entry_key WHERE entry = 1").expect("purged");
    let known = store.identities(&source("a"), &gone.keys).expect("identities");
    assert_eq!(
        known.iter().map(|(_, identity)| *identity).collect::<Vec<_>>(),
        [Identity::Purged; 2]
    );
    assert_eq!(store.identities(&source("b"), &gone.keys).expect("identities"), []);
    let seen = |day| {
        let changes = Changes {
            seen_tombstones: vec![(source("a"), gone.keys.clone(), day)],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        raw.query_row("SELECT min(seen) FROM tombstone", [], |row| row.get::<_, i64>(0))
            .expect("a day")
    };
    assert_eq!(
        (seen(20_030), seen(20_031), seen(20_040)),
        (20_000, 20_031, 20_031),
        "stored once a month"
    );
}

#[test]
fn a_process_that_aborts_loses_only_its_open_transaction() {
    const CHILD: &str = "GRIOT_TEST_ABORTING_DATABASE";
    // The test runs its own binary: the child process stores one change and aborts within the next.
    if let Some(path) = std::env::var_os(CHILD) {
        let store = open(Path::new(&path)).expect("a store");
        store.apply(everything()).expect("applied");
        let half = |connection: &Connection| -> rusqlite::Result<()> {
            let changes = Changes {
                new_entries: vec![new(&bare("c", "1"))],
                ..Changes::default()
            };
            super::apply::apply(connection, &changes)?;
            std::process::abort();
        };
        store.database.write(half).expect("it dies");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    let name = "store::sqlite::tests::a_process_that_aborts_loses_only_its_open_transaction";
    let mut child = Command::new(std::env::current_exe().expect("this binary"));
    let status = child.args(["--exact", name]).env(CHILD, &path).output().expect("a child").status;
    assert!(!status.success());
    let (_other, whole) = self::store();
    whole.apply(everything()).expect("applied");
    let store = open(&path).expect("a store");
    assert_eq!(dump(&store), dump(&whole));
    store.apply(everything()).expect("applied again");
    assert_eq!(dump(&store), dump(&whole));
}

#[test]
fn a_panic_in_a_change_rolls_it_back_and_the_next_change_works() {
    let (_folder, store) = store();
    store.apply(everything()).expect("applied");
    let before = dump(&store);
    for _ in 0..3 {
        let half = |connection: &Connection| -> rusqlite::Result<()> {
            let changes = Changes {
                new_entries: vec![new(&bare("c", "1"))],
                ..Changes::default()
            };
            super::apply::apply(connection, &changes)?;
            panic!("a defect");
        };
        assert_eq!(store.database.write(half).expect_err("it panics").code(), "defect");
        assert_eq!(dump(&store), before, "nothing of it is stored");
    }
    let changes = Changes {
        new_entries: vec![new(&bare("c", "1"))],
        ..Changes::default()
    };
    store.apply(changes).expect("the next change works");
    assert_eq!(store.stats().expect("stats").entries, 3);
}

#[test]
fn an_older_schema_is_left_as_it_is_without_the_run_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = DatabaseFile::new(folder.path().join("griot.db"));
    assert_eq!(file.open_existing().expect_err("none").code(), "missing");
    assert!(!file.exists(), "none is created");
    let raw = Connection::open(file.path()).expect("a file");
    raw.execute_batch(RELEASED[0]).expect("the dump");
    assert_eq!(file.open_existing().expect_err("refused").code(), "older-schema");
    let version: i64 = raw.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a number");
    assert_eq!(version, 1);
    let lock = file.lock().expect("free");
    let migrated = file.open(&lock, AUTHORITY, at(0)).expect("a store");
    drop((migrated, lock));
    let store = file.open_existing().expect("it has the newest schema");
    assert_eq!(failed(&write_everything(&store)), [] as [&(&str, Option<&str>); 0]);
}

#[cfg(unix)]
#[test]
fn a_new_database_is_private_and_a_wider_mode_is_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("griot.db");
    // A link to a database that does not exist yet.
    symlink("griot.db", folder.path().join("link.db")).expect("a link");
    let modes = || {
        let mode = |name: &str| fs::metadata(folder.path().join(name)).expect(name).permissions().mode() & 0o777;
        ["griot.db", "griot.db-wal", "griot.db-shm"].map(mode)
    };
    let store = open(&folder.path().join("link.db")).expect("a store");
    store.apply(everything()).expect("applied");
    assert_eq!(modes(), [0o600; 3]);
    drop(store);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("widened");
    let store = open(&path).expect("a store");
    store.apply(everything()).expect("applied");
    assert_eq!(modes(), [0o640; 3]);
}
