//! What is deleted and what stays, in transactions of bounded size; a dry run counts the same rows.

use super::tests::{read_parts, write_everything};
use crate::model::{Changes, Entry, EntryId, Identity, RunSummary, SourceEvent, SourceId, Timestamp};
use crate::store::sample::{
    alert, article, article_forms, at, bare, composition, configured, event, everything, fingerprint, full, host, mark, new, placement,
    provenance, prune_policy, published, revised, source, state, store, story, topic,
};
use crate::store::{ExportRow, PrunePolicy, PruneReport, Store};
use rusqlite::Connection;
use std::time::Duration;
use tempfile::TempDir;

const DAY: i64 = 24 * 60 * 60;

/// Returns the moment so many days after the sample's.
fn day(days: i64) -> Timestamp {
    at(days * DAY)
}

/// Returns an entry that its feed dated so many days after the sample's moment, and that was seen then.
fn dated(slug: &str, guid: &str, days: i64) -> Entry {
    Entry {
        published: Some(day(days)),
        first_seen: day(days),
        ..bare(slug, guid)
    }
}

fn apply(store: &Store, changes: Changes) {
    store.apply(changes).expect("applied");
}

fn add(store: &Store, entries: &[Entry]) {
    let new_entries = entries.iter().map(new).collect();
    apply(
        store,
        Changes {
            new_entries,
            ..Changes::default()
        },
    );
}

/// Prunes until nothing is left; a dry run before has to tell the same.
fn prune(store: &Store, policy: &PrunePolicy, now: Timestamp) -> PruneReport {
    let expected = store.prunable(policy, now).expect("counted");
    let mut report = PruneReport::default();
    while !report.is_done {
        report.add(&store.prune(policy, now).expect("pruned"));
    }
    assert_eq!(report, expected, "what a dry run tells");
    let rest = store.prunable(policy, now).expect("counted");
    assert_eq!((rest.rows.len(), rest.is_done), (0, true), "{rest:?}");
    report
}

fn left(store: &Store, entries: &[Entry]) -> Vec<String> {
    let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let entries = store.entries(&ids).expect("entries");
    entries.into_iter().filter_map(|entry| entry.guid).collect()
}

fn raw(folder: &TempDir) -> Connection {
    Connection::open(folder.path().join("griot.db")).expect("the file")
}

fn count(folder: &TempDir, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    raw(folder).query_row(&sql, [], |row| row.get(0)).expect("a number")
}

fn counted_entries(folder: &TempDir, source: &SourceId) -> i64 {
    let sql = "SELECT entries FROM source WHERE slug = ?1";
    raw(folder).query_row(sql, [source.as_str()], |row| row.get(0)).expect("a number")
}

#[test]
fn entries_older_than_keep_go_but_the_newest_of_a_source_stay() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    let all: Vec<Entry> = (0..9).map(|number| dated("a", &number.to_string(), number)).collect();
    let quiet: Vec<Entry> = (0..4).map(|number| dated("b", &number.to_string(), number)).collect();
    add(&store, &all);
    add(&store, &quiet);
    // The entries 0 and 1 are older than 700 days.
    let report = prune(&store, &prune_policy(), day(702));
    assert_eq!(report.rows.get("entry"), Some(&2));
    assert_eq!(left(&store, &all), ["2", "3", "4", "5", "6", "7", "8"]);
    // All are too old, and five of each source stay.
    prune(&store, &prune_policy(), day(2_000));
    assert_eq!(left(&store, &all), ["4", "5", "6", "7", "8"]);
    assert_eq!(left(&store, &quiet).len(), 4);
    assert_eq!(
        (counted_entries(&folder, &source("a")), counted_entries(&folder, &source("b"))),
        (5, 4)
    );
    let none = PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    prune(&store, &none, day(2_000));
    assert_eq!(count(&folder, "entry"), 0);
    assert_eq!(counted_entries(&folder, &source("a")), 0);
}

#[test]
fn an_entry_goes_with_all_that_belongs_to_it_and_its_keys_stay_as_tombstones() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    apply(&store, everything());
    let (own, copy) = (full("a", "1"), bare("b", "1"));
    store.add_mark(mark(&own, None)).expect("marked");
    let mut of_story = mark(&own, None);
    of_story.target = crate::model::MarkTarget::Story(own.id.into());
    store.add_mark(of_story).expect("marked");
    let policy = PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    let before = store.published_of_stories(&[own.id.into()]).expect("published");
    let report = prune(&store, &policy, day(2_000));
    for (table, rows) in [
        ("entry", 2),
        ("entry_text", 2),
        ("entry_words", 2),
        ("fingerprint", 2),
        ("posting", 3),
        ("composition", 2),
        ("article", 1),
        ("revision", 1),
        ("page_visit", 1),
        ("withdrawal", 1),
        ("story", 1),
        ("placement", 1),
        ("mark_event", 2),
    ] {
        assert_eq!(report.rows.get(table), Some(&rows), "{table}");
        assert_eq!(count(&folder, table), 0, "{table}");
    }
    assert_eq!(count(&folder, "provenance WHERE entry > 0"), 0);
    for entry in [&own, &copy] {
        let known = store.identities(&entry.source, &entry.keys).expect("identities");
        assert!(
            known.len() > 1 && known.iter().all(|(_, identity)| *identity == Identity::Purged),
            "{known:?}"
        );
    }
    assert_eq!(store.published_of_stories(&[own.id.into()]).expect("published"), before);
    assert_eq!(
        store.topic_stamps().expect("stamps")[0].changed,
        day(2_000),
        "its feed is rendered again"
    );
    assert_eq!(
        raw(&folder)
            .query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
            .expect("checked"),
        "ok"
    );
    assert!(
        !raw(&folder)
            .prepare("PRAGMA foreign_key_check")
            .expect("a check")
            .exists([])
            .expect("checked")
    );
}

#[test]
fn a_story_that_loses_its_founder_is_led_and_shown_by_another_entry_and_evaluated_again() {
    let (_folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    let (founder, other, single) = (dated("a", "1", 0), dated("b", "2", 2), dated("b", "3", 0));
    add(&store, &[founder.clone(), other.clone(), single.clone()]);
    apply(
        &store,
        Changes {
            compositions: vec![
                composition(&founder, None, &founder),
                composition(&other, Some(&founder), &founder),
                composition(&single, None, &single),
            ],
            evaluated_entries: vec![(founder.id, 1), (other.id, 1), (single.id, 1)],
            stories: vec![story(&founder), story(&single)],
            placements: vec![placement("mali", &founder), placement("mali", &single)],
            published: vec![published("mali", "tag:x,2026:1", founder.id.into())],
            alerts: vec![alert("mali", &founder), alert("mali", &single)],
            ..Changes::default()
        },
    );
    assert!(!store.any_waiting().expect("asked"));
    let policy = PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    prune(&store, &policy, day(701));
    let stories = store.stories(&[founder.id.into(), single.id.into()]).expect("stories");
    assert_eq!(
        stories.iter().map(|story| (story.id, story.lead)).collect::<Vec<_>>(),
        [(founder.id.into(), other.id)]
    );
    assert_eq!(store.unevaluated_stories().expect("stories"), [founder.id.into()]);
    let placed = store.newest_placements(&topic("mali"), 9).expect("placements");
    assert_eq!(placed.len(), 1, "a story without entries is in no topic");
    let alerts = store.alerts_of_stories(&[founder.id.into(), single.id.into()]).expect("alerts");
    assert_eq!(alerts, [alert("mali", &founder)]);
    let before = placement("mali", &founder);
    let shown = (
        placed[0].story,
        placed[0].entry,
        placed[0].date,
        &placed[0].source,
        placed[0].placed,
    );
    assert_eq!(shown, (before.story, other.id, other.date(), &other.source, before.placed));
    let copies = store.story_entries(&[founder.id.into()]).expect("entries");
    assert_eq!(copies[0].copy_of, Some(founder.id), "an id is no reference");
}

#[test]
fn the_provenance_of_a_visit_goes_with_its_last_entry() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    let seen = |guid: &str, dated_on, seen_on| Entry {
        first_seen: day(seen_on),
        ..dated("a", guid, dated_on)
    };
    let all = [seen("1", -9, 0), seen("2", 0, 0), seen("3", 1, 1), seen("4", 2, 2)];
    for entry in &all {
        add(&store, std::slice::from_ref(entry));
        apply(
            &store,
            Changes {
                provenance: vec![provenance(entry, false, entry.first_seen)],
                ..Changes::default()
            },
        );
    }
    let policy = PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    // The first visit brought two entries; the last document's provenance stays in any case.
    for (now, left) in [(699, 3), (701, 2), (702, 1), (704, 1)] {
        prune(&store, &policy, day(now));
        assert_eq!(count(&folder, "provenance"), left, "day {now}");
    }
    assert_eq!(count(&folder, "entry"), 0);
}

#[test]
fn of_entries_with_the_same_date_the_first_of_their_document_stay() {
    let (_folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    let all: Vec<Entry> = (0..9).map(|number| bare("a", &number.to_string())).collect();
    add(&store, &all);
    prune(&store, &prune_policy(), day(2_000));
    assert_eq!(left(&store, &all), ["0", "1", "2", "3", "4"]);
}

#[test]
fn each_transaction_is_bounded_and_leaves_a_sound_database() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    let all: Vec<Entry> = (0..1_200).map(|number| dated("a", &number.to_string(), number / 100)).collect();
    add(&store, &all);
    let founder = &all[0];
    apply(
        &store,
        Changes {
            compositions: all.iter().map(|entry| composition(entry, None, founder)).collect(),
            stories: vec![story(founder)],
            placements: vec![placement("mali", founder)],
            ..Changes::default()
        },
    );
    let expected = store.prunable(&prune_policy(), day(2_000)).expect("counted");
    let mut report = PruneReport::default();
    for (left, lead) in [(700, "500"), (200, "1000"), (5, "1100")] {
        report.add(&store.prune(&prune_policy(), day(2_000)).expect("pruned"));
        assert_eq!((count(&folder, "entry"), counted_entries(&folder, &source("a"))), (left, left));
        let lead_now = store.stories(&[founder.id.into()]).expect("stories")[0].lead;
        assert_eq!(lead_now, bare("a", lead).id, "{left}");
        assert_eq!(store.newest_placements(&topic("mali"), 9).expect("placements")[0].entry, lead_now);
        let day_stored = store.pruned_day().expect("a day");
        assert_eq!(day_stored, (left == 5).then(|| day(2_000).unix_day()), "stored at the end");
    }
    assert_eq!(report, expected);
}

#[test]
fn tombstones_stay_for_a_year_of_new_documents() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    let old = dated("a", "1", 0);
    add(&store, std::slice::from_ref(&old));
    let document = |days| Changes {
        provenance: vec![provenance(&old, false, day(days))],
        ..Changes::default()
    };
    apply(&store, document(0));
    let policy = PrunePolicy {
        keep_min: 0,
        ..prune_policy()
    };
    prune(&store, &policy, day(701));
    let is_known = || !store.identities(&old.source, &old.keys).expect("identities").is_empty();
    // Years without a new document: the last one may still have the entry.
    prune(&store, &policy, day(2_000));
    assert!(is_known());
    apply(&store, document(1_060));
    prune(&store, &policy, day(2_001));
    assert!(is_known(), "not a year after it was purged");
    let seen = Changes {
        seen_tombstones: vec![(source("a"), old.keys.clone(), day(1_050).unix_day())],
        ..document(1_400)
    };
    apply(&store, seen);
    prune(&store, &policy, day(2_002));
    assert!(is_known(), "a document had it 350 days ago");
    apply(&store, document(1_416));
    let report = prune(&store, &policy, day(2_003));
    assert_eq!(report.rows.get("tombstone"), Some(&2));
    assert!(!is_known());
    assert_eq!(count(&folder, "provenance"), 1, "the last document's stays");
}

#[test]
fn a_removed_source_ages_out_and_is_forgotten() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    apply(&store, everything());
    apply(
        &store,
        Changes {
            provenance: vec![provenance(&full("a", "1"), false, day(1))],
            ..Changes::default()
        },
    );
    store.sync_sources(&[configured("b")]).expect("a was removed");
    prune(&store, &prune_policy(), day(600));
    assert_eq!(left(&store, &[full("a", "1")]), ["1"], "its entries stay until they age out");
    assert_eq!(count(&folder, "problem"), 0);
    assert!(store.source_state(&source("a")).expect("read").is_some());
    let policy = prune_policy();
    let report = prune(&store, &policy, day(701));
    assert_eq!((report.rows.get("source"), report.rows.get("source_state")), (Some(&1), Some(&1)));
    assert_eq!((report.rows.get("outlet_memory"), count(&folder, "outlet_memory")), (Some(&1), 0));
    assert!(store.source_state(&source("a")).expect("read").is_none());
    assert_eq!((count(&folder, "tombstone"), count(&folder, "provenance")), (0, 0));
    assert_eq!(left(&store, &[bare("b", "1")]), ["1"], "of a configured source some stay");
}

#[test]
fn records_are_kept_as_long_as_they_are_needed() {
    let (folder, store) = store();
    store.sync_sources(&[configured("a")]).expect("synced");
    for number in 0..250 {
        let run = store.begin_run(day(number)).expect("a run");
        store.end_run(run, day(number), &RunSummary::default()).expect("its end");
    }
    let events = [0, 200].map(|days| SourceEvent {
        at: day(days),
        ..event("a")
    });
    let mut held = host();
    held.held_until = Some(day(300));
    let (old, young) = (dated("a", "1", 297), dated("a", "2", 299));
    apply(
        &store,
        Changes {
            sources: vec![state("a")],
            events: events.to_vec(),
            hosts: vec![held],
            new_entries: vec![new(&old), new(&young)],
            articles: vec![(old.id, article(), article_forms(), day(297))],
            fingerprints: vec![fingerprint(&old, &[1, 2, 3]), fingerprint(&young, &[2])],
            ..Changes::default()
        },
    );
    let policy = PrunePolicy {
        keep: Duration::from_hours(200 * 24),
        ..prune_policy()
    };
    // Runs are older than 90 days, but the newest hundred stay.
    let report = prune(&store, &policy, at(308 * DAY));
    let rows = |table| report.rows.get(table).copied().unwrap_or_default();
    assert_eq!((rows("run"), rows("source_event"), rows("host_state")), (150, 1, 0));
    assert_eq!(
        (rows("fingerprint"), rows("entry")),
        (1, 0),
        "of the entry first seen eleven days before"
    );
    assert_eq!((rows("posting"), count(&folder, "posting")), (3, 1));
    assert_eq!(store.last_runs(999).expect("runs").len(), 100);
    let fingerprints = store.compared_entries(&[old.id, young.id]).expect("entries");
    assert!(fingerprints[0].fingerprint.is_empty() && !fingerprints[1].fingerprint.is_empty());
    let report = prune(&store, &policy, day(331));
    assert_eq!(report.rows.get("host_state"), Some(&1));
    assert_eq!(count(&folder, "host_state"), 0);
    // Of the runs only those older than 90 days go.
    let young = PrunePolicy { runs_min: 0, ..policy };
    prune(&store, &young, day(300));
    assert_eq!(store.last_runs(999).expect("runs").len(), 40);
}

#[test]
fn of_many_revisions_the_first_and_the_last_five_stay() {
    let (_folder, store) = store();
    let own = bare("a", "1");
    add(&store, std::slice::from_ref(&own));
    for number in 0..14_u8 {
        let mut change = revised(&own, &format!("Titre {number}"));
        change.entry.content_hash = crate::model::Digest128::from_bytes([number + 10; 16]);
        apply(
            &store,
            Changes {
                revised_entries: vec![change],
                ..Changes::default()
            },
        );
    }
    let numbers: Vec<u32> = store
        .revisions(own.id)
        .expect("revisions")
        .iter()
        .map(|revision| revision.number)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 10, 11, 12, 13, 14]);
}

#[test]
fn what_is_kept_is_left_as_it_is() {
    let (_folder, store) = store();
    store.sync_sources(&[configured("a"), configured("b")]).expect("synced");
    apply(&store, everything());
    let dump = |store: &Store| {
        let mut rows: Vec<ExportRow> = Vec::new();
        store.export(&mut |row| rows.push(row)).expect("an export");
        rows
    };
    let before = dump(&store);
    let report = prune(&store, &prune_policy(), day(1));
    assert!(report.rows.is_empty(), "{report:?}");
    assert_eq!(dump(&store), before);
    assert!(write_everything(&store).iter().all(|(_, code)| code.is_none()));
    assert!(read_parts(&store).iter().all(|(_, code)| code.is_none()));
}
