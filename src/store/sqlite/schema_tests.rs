//! Every released schema opens, and has what a fresh database has.

use super::Tuning;
use super::tests::{dump, failed, write_everything};
use crate::model::About;
use crate::store::sample::{AUTHORITY, at, everything, full, open, open_with};
use crate::store::{ExportRow, Store};
use rusqlite::Connection;

/// A small database in each released schema, as SQL statements.
pub(super) const RELEASED: [&str; 2] = [include_str!("fixtures/schema_1.sql"), include_str!("fixtures/schema_2.sql")];

#[test]
fn every_released_schema_opens_and_is_complete() {
    for (number, dump_of_it) in (1..).zip(RELEASED) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("griot.db");
        Connection::open(&path)
            .expect("a file")
            .execute_batch(dump_of_it)
            .expect("the dump");
        let store = open_with(&path, "other.example", at(9), Tuning::default()).expect("a store");
        assert_eq!(store.authority(), AUTHORITY);
        let own = full("a", "1");
        let known = store.identities(&own.source, &own.keys).expect("identities");
        assert_eq!(known.len(), 2, "keys are found by their old digests");
        let other = tempfile::tempdir().expect("a folder");
        let fresh = open(&other.path().join("griot.db")).expect("a store");
        fresh.apply(everything()).expect("applied");
        // An earlier version stored neither the digest of facts nor the number of changes, nor the keys that only this one adds.
        let alike = |store: &Store| -> Vec<ExportRow> {
            let mut rows = dump(store);
            rows.retain(|row| !matches!(row, ExportRow::Alert(_)));
            for row in &mut rows {
                if let ExportRow::Entry(entry) = row {
                    (entry.facts_hash, entry.version) = (None, 1);
                    (entry.about, entry.genre, entry.agency) = (About::default(), None, None);
                    entry.reservations.clear();
                    entry.keys.retain(|key| key.value != "uuid:1");
                }
                if let ExportRow::Placement(placement) = row {
                    placement.reasons.iter_mut().for_each(|reason| reason.positions.clear());
                    placement.masked.clear();
                    placement.rule.clear();
                }
            }
            rows
        };
        assert_eq!(alike(&store), alike(&fresh), "schema {number}");
        if number > 1 {
            assert_eq!(store.source_states().expect("states"), fresh.source_states().expect("states"));
            assert_eq!(
                store.source_events(None, None).expect("events"),
                fresh.source_events(None, None).expect("events")
            );
            assert_eq!(store.due_pages(at(9)).expect("pages"), fresh.due_pages(at(9)).expect("pages"));
        }
        assert_eq!(failed(&write_everything(&store)), [] as [&(&str, Option<&str>); 0]);
    }
}

#[test]
fn what_an_earlier_schema_composed_has_a_composition_each_and_is_fingerprinted_again() {
    for dump_of_it in RELEASED {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("griot.db");
        let raw = Connection::open(&path).expect("a file");
        raw.execute_batch(dump_of_it).expect("the dump");
        // Another entry on the same event, and one that no run has composed.
        let more = "INSERT INTO entry (id, source, title, first_seen, content_hash, story, compose_seq)
                      SELECT x'00000000000000000000000000000001', source, title, first_seen + 9, content_hash, story, 0 FROM entry WHERE row = 1;
                    INSERT INTO entry (id, source, title, first_seen, content_hash)
                      SELECT x'00000000000000000000000000000002', source, title, first_seen, content_hash FROM entry WHERE row = 1;
                    UPDATE story SET earlier = x'00000000000000000000000000000003';";
        raw.execute_batch(more).expect("more entries");
        drop(raw);
        drop(open(&path).expect("migrated"));
        let raw = Connection::open(&path).expect("the file");
        let mut read = raw
            .prepare("SELECT c.entry, c.basis, c.at - e.first_seen, c.story = e.story, c.copy_of IS e.copy_of, hex(c.earlier) FROM composition c JOIN entry e ON e.row = c.entry ORDER BY c.number")
            .expect("a statement");
        let rows: Vec<(i64, String, i64, bool, bool, String)> = read
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })
            .expect("rows")
            .map(|row| row.expect("a row"))
            .collect();
        let expected = |entry, basis: &str, earlier: &str| (entry, basis.to_owned(), 0, true, true, earlier.to_owned());
        assert_eq!(
            rows,
            [
                expected(3, "event", ""),
                expected(1, "founded", "00000000000000000000000000000003"),
                expected(2, "text", "")
            ]
        );
        let fingerprints = "SELECT count(*), sum(stale = 1 AND value = x'' AND postings IS NULL) FROM fingerprint";
        let counts: (i64, i64) = raw
            .query_row(fingerprints, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("numbers");
        assert_eq!(counts, (2, 2));
    }
}
