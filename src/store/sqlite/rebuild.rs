//! Derives again what follows from compositions: the story of each entry, and the stories. Every statement works on sets, so that memory stays bounded;
//! what is stored already is not written. The table `published` is never touched.

use super::column::unsigned;
use crate::store::rebuild::{RebuildReport, RebuildStep};
use rusqlite::{Connection, params};

/// Does one step.
pub(in crate::store) fn rebuild(connection: &Connection, step: RebuildStep) -> rusqlite::Result<RebuildReport> {
    match step {
        RebuildStep::Entries => entries(connection),
        RebuildStep::Stories => stories(connection),
        RebuildStep::Evaluation => evaluation(connection).map(|()| RebuildReport::default()),
        RebuildStep::Index => index(connection).map(|()| RebuildReport::default()),
    }
}

fn entries(connection: &Connection) -> rusqlite::Result<RebuildReport> {
    // Of the columns beside max() SQLite returns those of the row with the greatest number.
    let changed = connection.execute(
        "UPDATE entry SET story = c.story, copy_of = c.copy_of
         FROM (SELECT entry, story, copy_of, max(number) FROM composition GROUP BY entry) c
         WHERE entry.row = c.entry AND (entry.story IS NOT c.story OR entry.copy_of IS NOT c.copy_of)",
        [],
    )?;
    Ok(RebuildReport {
        entries: count(connection, "SELECT count(DISTINCT entry) FROM composition")?,
        changed_entries: changed as u64,
        ..RebuildReport::default()
    })
}

fn stories(connection: &Connection) -> rusqlite::Result<RebuildReport> {
    let deleted = delete_empty(connection)?;
    // What was purged with the founder is taken from what is stored. The entries of a story whose row is missing as well were seen first when it was
    // founded, or later.
    let changed = connection.execute(
        "INSERT INTO story (id, lead, founded, earlier)
         SELECT d.id, d.lead, d.founded, d.earlier FROM (
           SELECT m.story AS id,
                  CASE WHEN EXISTS (SELECT 1 FROM entry l WHERE l.id = y.lead AND l.story = m.story) THEN y.lead
                       WHEN f.story = m.story THEN f.id
                       ELSE (SELECT o.id FROM entry o WHERE o.story = m.story ORDER BY o.date, o.id LIMIT 1) END AS lead,
                  coalesce(f.first_seen, y.founded, m.first_seen) AS founded,
                  CASE WHEN c.number IS NULL THEN y.earlier ELSE c.earlier END AS earlier
             FROM (SELECT story, min(first_seen) AS first_seen FROM entry WHERE story IS NOT NULL GROUP BY story) m
                  LEFT JOIN story y ON y.id = m.story
                  LEFT JOIN entry f ON f.id = m.story
                  LEFT JOIN composition c
                    ON c.number = (SELECT max(n.number) FROM composition n WHERE n.entry = f.row AND n.story = f.id)) d
           LEFT JOIN story y ON y.id = d.id
          WHERE y.id IS NULL OR y.lead IS NOT d.lead OR y.founded IS NOT d.founded OR y.earlier IS NOT d.earlier
         ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, founded = excluded.founded, earlier = excluded.earlier",
        [],
    )?;
    Ok(RebuildReport {
        stories: count(connection, "SELECT count(*) FROM story")?,
        changed_stories: (deleted + changed) as u64,
        ..RebuildReport::default()
    })
}

/// Deletes the stories that no entry is in, with their placements; the feeds that showed them are rendered again. Returns how many.
fn delete_empty(connection: &Connection) -> rusqlite::Result<usize> {
    let empty = "SELECT y.id FROM story y WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.story = y.id)";
    connection.execute(
        &format!("UPDATE topic_rule SET changes = changes + 1 WHERE topic IN (SELECT p.topic FROM placement p WHERE p.story IN ({empty}))"),
        [],
    )?;
    connection.execute(&format!("DELETE FROM placement WHERE story IN ({empty})"), [])?;
    connection.execute(&format!("DELETE FROM story WHERE id IN ({empty})"), [])
}

/// The evaluation of one entry is that of its story.
fn evaluation(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE entry SET judged_version = 0
         WHERE judged_version > 0 AND compose_seq IS NOT NULL
           AND row IN (SELECT min(row) FROM entry WHERE story IS NOT NULL GROUP BY story)",
        [],
    )?;
    Ok(())
}

fn index(connection: &Connection) -> rusqlite::Result<()> {
    for table in ["posting", "term_frequency", "outlet_memory"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    connection.execute("DELETE FROM counter WHERE name IN (?1, ?2)", params!["term_entries", "term_halved"])?;
    connection.execute(
        "UPDATE fingerprint SET stale = 1, postings = NULL WHERE stale = 0 OR postings IS NOT NULL",
        [],
    )?;
    Ok(())
}

fn count(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    connection.query_row(sql, [], |row| row.get(0)).map(unsigned)
}

#[cfg(test)]
mod tests {
    use crate::model::{Basis, Changes, Composition, Entry, StoryId};
    use crate::store::sample::{
        at, bare, composition, everything, fingerprint, new, placement, prune_policy, published, source, store, story, topic,
    };
    use crate::store::{ExportRow, RebuildReport, RebuildStep, Store};
    use std::time::Duration;
    use tempfile::TempDir;

    fn rebuild(store: &Store) -> RebuildReport {
        let mut report = RebuildReport::default();
        for step in RebuildStep::ALL {
            report.add(&store.rebuild(step).expect("rebuilt"));
        }
        report
    }

    fn dump(store: &Store) -> Vec<ExportRow> {
        let mut rows = Vec::new();
        store.export(&mut |row| rows.push(row)).expect("an export");
        rows
    }

    /// Returns a store with three stories: one of three entries whose lead is not its founder, one of one entry that came out of another story, and one
    /// that says of another one that it is earlier.
    fn sound() -> (TempDir, Store, Vec<Entry>) {
        let (folder, store) = store();
        let seen = |slug: &str, guid: &str, seconds| Entry {
            first_seen: at(seconds),
            ..bare(slug, guid)
        };
        let all = vec![
            seen("a", "1", 0),
            seen("b", "1", 10),
            seen("c", "1", 20),
            seen("a", "2", 30),
            seen("b", "2", 40),
        ];
        let later = Composition {
            earlier: Some(all[0].id.into()),
            ..composition(&all[4], None, &all[4])
        };
        let mut stories: Vec<_> = [0, 3, 4].iter().map(|number: &usize| story(&all[*number])).collect();
        stories[0].lead = all[1].id;
        stories[2].earlier = Some(all[0].id.into());
        let apply = |changes: Changes| store.apply(changes).expect("applied");
        apply(Changes {
            new_entries: all.iter().map(new).collect(),
            compositions: vec![
                composition(&all[0], None, &all[0]),
                composition(&all[1], None, &all[0]),
                composition(&all[2], Some(&all[1]), &all[0]),
                composition(&all[3], None, &all[0]),
                later,
            ],
            fingerprints: all.iter().map(|entry| fingerprint(entry, &[7])).collect(),
            ..Changes::default()
        });
        let mut split = composition(&all[3], None, &all[3]);
        (split.at, split.basis) = (at(60), Basis::Split);
        apply(Changes {
            compositions: vec![split],
            stories,
            placements: vec![placement("mali", &all[0]), placement("mali", &all[3])],
            published: vec![published("mali", "tag:1", all[0].id.into())],
            ..Changes::default()
        });
        let evaluated: Vec<_> = dump(&store)
            .into_iter()
            .filter_map(|row| match row {
                ExportRow::Entry(entry) => Some((entry.id, entry.version)),
                _ => None,
            })
            .collect();
        apply(Changes {
            evaluated_entries: evaluated,
            ..Changes::default()
        });
        assert_eq!(store.unevaluated_stories().expect("stories"), []);
        (folder, store, all)
    }

    fn damage(store: &Store, sql: &'static str) {
        store
            .database
            .write(move |connection| connection.execute_batch(sql))
            .expect("damaged");
    }

    #[test]
    fn on_a_sound_store_nothing_differs_and_every_story_is_evaluated_again() {
        let (_folder, store, all) = sound();
        let before = dump(&store);
        let report = rebuild(&store);
        let expected = RebuildReport {
            entries: 5,
            stories: 3,
            ..RebuildReport::default()
        };
        assert_eq!(report, expected);
        assert_eq!(dump(&store), before);
        let mut unevaluated = store.unevaluated_stories().expect("stories");
        let mut stories: Vec<StoryId> = [0, 3, 4].iter().map(|number: &usize| all[*number].id.into()).collect();
        unevaluated.sort_unstable();
        stories.sort_unstable();
        assert_eq!(unevaluated, stories);
        assert_eq!(rebuild(&store), expected, "again");
    }

    #[test]
    fn what_was_damaged_is_derived_from_the_compositions() {
        for (sql, entries, stories) in [
            ("UPDATE entry SET story = x'000102030405060708090a0b0c0d0e0f'", 5, 0),
            ("UPDATE entry SET story = NULL", 5, 0),
            ("UPDATE entry SET copy_of = id", 5, 0),
            (
                "UPDATE entry SET story = (SELECT id FROM entry WHERE row = 5), copy_of = NULL",
                4,
                0,
            ),
            (
                "UPDATE story SET founded = founded + 9, earlier = x'000102030405060708090a0b0c0d0e0f'",
                0,
                3,
            ),
            (
                "UPDATE story SET earlier = NULL; INSERT INTO story VALUES (x'000102030405060708090a0b0c0d0e0f', x'000102030405060708090a0b0c0d0e0f', 7, NULL)",
                0,
                2,
            ),
        ] {
            let (_folder, store, _) = sound();
            let before = dump(&store);
            damage(&store, sql);
            assert_ne!(dump(&store), before, "{sql}");
            let report = rebuild(&store);
            assert_eq!((report.changed_entries, report.changed_stories), (entries, stories), "{sql}");
            assert_eq!((report.entries, report.stories), (5, 3), "{sql}");
            assert_eq!(dump(&store), before, "{sql}");
        }
        // Of a lead that is lost the founder takes the place, until the story is evaluated.
        for sql in ["DELETE FROM story", "UPDATE story SET lead = x'000102030405060708090a0b0c0d0e0f'"] {
            let (_folder, store, all) = sound();
            let mut expected = store.stories_before(None, 9).expect("stories");
            expected.last_mut().expect("the first story").lead = all[0].id;
            damage(&store, sql);
            let report = rebuild(&store);
            assert_eq!((report.changed_entries, report.changed_stories), (0, 3), "{sql}");
            assert_eq!(store.stories_before(None, 9).expect("stories"), expected, "{sql}");
        }
    }

    #[test]
    fn a_story_without_entries_leaves_the_feeds_that_showed_it() {
        let (_folder, store, all) = sound();
        let changes = Changes {
            topic_stamps: ["mali", "eau"]
                .map(|slug| (topic(slug), crate::model::Digest128::from_bytes([6; 16]), at(1)))
                .to_vec(),
            stories: vec![story(&all[1])],
            placements: vec![placement("mali", &all[1])],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        let report = rebuild(&store);
        assert_eq!((report.stories, report.changed_stories), (3, 1));
        assert_eq!(store.newest_placements(&topic("mali"), 9).expect("placements").len(), 2);
        let counts: Vec<_> = store
            .topic_stamps()
            .expect("stamps")
            .into_iter()
            .map(|stamp| stamp.changes)
            .collect();
        assert_eq!(counts, [0, 1]);
    }

    #[test]
    fn what_is_derived_of_texts_is_forgotten() {
        let (_folder, store) = store();
        store.apply(everything()).expect("applied");
        let waiting = bare("c", "1");
        let changes = Changes {
            new_entries: vec![new(&waiting)],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        assert!(!store.posting_rows(&[7]).expect("rows")[0].1.is_empty());
        rebuild(&store);
        assert_eq!(store.posting_rows(&[7]).expect("rows"), [(7, vec![])]);
        assert_eq!(store.stale_fingerprints(9).expect("stale"), [bare("b", "1").id, bare("a", "1").id]);
        assert_eq!(store.term_frequencies(&[5]).expect("frequencies"), (0, vec![]));
        assert_eq!(store.outlet_memory(&source("a")).expect("a memory"), None);
        // Composed again by the next run.
        let changes = Changes {
            fingerprints: vec![fingerprint(&bare("a", "1"), &[8])],
            ..Changes::default()
        };
        store.apply(changes).expect("applied");
        assert_eq!(store.posting_rows(&[8]).expect("rows")[0].1.len(), 1);
    }

    #[test]
    fn a_story_whose_founder_was_purged_stays_as_it_is() {
        let (_folder, store, all) = sound();
        let policy = crate::store::PrunePolicy {
            keep: Duration::from_secs(90),
            keep_min: 0,
            ..prune_policy()
        };
        // The entries of 0, 10 and 20 go, but the newest are younger.
        store.prune(&policy, at(95)).expect("pruned");
        assert_eq!(store.entries(&[all[0].id]).expect("entries"), []);
        let before = dump(&store);
        let report = rebuild(&store);
        assert_eq!((report.entries, report.changed_entries, report.changed_stories), (4, 0, 0));
        assert_eq!(dump(&store), before);
    }
}
