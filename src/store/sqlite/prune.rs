//! Deletes what is no longer kept, in transactions of bounded size: entries with all that belongs to them, and the records of runs, hosts, visits
//! and removed sources. The table `published` is never touched.
//!
//! The same statements count the rows for a dry run, so that it tells what a real one deletes.

use super::{column, entry_row, fingerprint, key, source};
use crate::model::Timestamp;
use crate::store::retention::{PrunePolicy, PruneReport};
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

/// The number of entries, or of rows of another table, that one transaction deletes; what belongs to the entries is deleted with them.
const ROWS_PER_TRANSACTION: i64 = 500;
/// The name of the counter that holds the day since 1970 on which pruning last came to its end.
const PRUNED_DAY: &str = "pruned_day";
/// How long it is remembered that something was told outside.
const DELIVERY_AGE: Duration = Duration::from_hours(30 * 24);
/// The tables whose column `entry` is the row of the entry to which a row belongs.
const TABLES_OF_ENTRIES: [&str; 10] = [
    "article",
    "composition",
    "entry_key",
    "entry_text",
    "entry_words",
    "fingerprint",
    "page_visit",
    "provenance",
    "revision",
    "withdrawal",
];

/// Deletes at most [`ROWS_PER_TRANSACTION`] entries or other rows that `policy` does not keep at `now`. When nothing is left, the day is stored.
pub(in crate::store) fn prune(connection: &Connection, policy: &PrunePolicy, now: Timestamp) -> rusqlite::Result<PruneReport> {
    let report = Pruning::new(connection, policy, now, Some(ROWS_PER_TRANSACTION)).run()?;
    if report.is_done {
        connection
            .prepare_cached("INSERT OR REPLACE INTO counter (name, value) VALUES (?1, ?2)")?
            .execute(params![PRUNED_DAY, now.unix_day()])?;
    }
    Ok(report)
}

/// Counts what [`prune`] would delete in all its transactions.
pub(in crate::store) fn prunable(connection: &Connection, policy: &PrunePolicy, now: Timestamp) -> rusqlite::Result<PruneReport> {
    Pruning::new(connection, policy, now, None).run()
}

/// Deletes these entries of a source with all that belongs to them, whatever their age.
pub(super) fn purge(connection: &Connection, policy: &PrunePolicy, now: Timestamp, source: i64, rows: &[i64]) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached("SELECT id, story, first_seen FROM entry WHERE row = ?1")?;
    let mut old = Vec::with_capacity(rows.len());
    for row in rows {
        old.push(find.query_row([row], |found| {
            Ok(OldEntry {
                row: *row,
                id: found.get(0)?,
                source,
                story: found.get(1)?,
                first_seen: found.get(2)?,
            })
        })?);
    }
    Pruning::new(connection, policy, now, Some(ROWS_PER_TRANSACTION)).purge(&old)
}

/// Returns the day since 1970 on which [`prune`] last had nothing left to delete.
pub(in crate::store) fn pruned_day(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT value FROM counter WHERE name = ?1")?
        .query_row([PRUNED_DAY], |row| row.get(0))
        .optional()
}

type Id = [u8; 16];

/// An entry that is not kept.
struct OldEntry {
    row: i64,
    id: Id,
    source: i64,
    story: Option<Id>,
    first_seen: i64,
}

/// An entry that stays in a story which loses others.
struct Remaining {
    row: i64,
    id: Id,
    copy_of: Option<Id>,
    date: i64,
    source: i64,
}

/// One pass over all tables.
struct Pruning<'a> {
    connection: &'a Connection,
    policy: &'a PrunePolicy,
    now: Timestamp,
    /// How many rows may still be deleted; `None` when rows are only counted.
    room: Option<i64>,
    report: PruneReport,
    /// The rows of the entries that go, which are still there when they are only counted.
    old_rows: HashSet<i64>,
    /// What goes of each source with its entries.
    by_source: HashMap<i64, Going>,
}

/// What goes of a source with its entries.
#[derive(Default)]
struct Going {
    entries: i64,
    /// The keys that become tombstones.
    keys: u64,
    /// The visits whose provenance goes.
    visits: u64,
}

impl<'a> Pruning<'a> {
    fn new(connection: &'a Connection, policy: &'a PrunePolicy, now: Timestamp, room: Option<i64>) -> Self {
        Self {
            connection,
            policy,
            now,
            room,
            report: PruneReport::default(),
            old_rows: HashSet::new(),
            by_source: HashMap::new(),
        }
    }

    fn run(mut self) -> rusqlite::Result<PruneReport> {
        let steps = [
            Self::entries,
            Self::fingerprints,
            Self::runs,
            Self::records,
            Self::tombstones,
            Self::removed_sources,
        ];
        for step in steps {
            if self.limit() > 0 {
                step(&mut self)?;
            }
        }
        self.report.is_done = self.limit() > 0;
        Ok(self.report)
    }

    fn is_dry(&self) -> bool {
        self.room.is_none()
    }

    /// Returns how many rows may still be deleted.
    fn limit(&self) -> i64 {
        self.room.unwrap_or(i64::MAX)
    }

    fn use_room(&mut self, rows: u64) {
        // A negative limit would be none.
        self.room = self.room.map(|room| room.saturating_sub(column::signed(rows)).max(0));
    }

    fn before(&self, age: Duration) -> i64 {
        (self.now - age).unix()
    }

    fn count(&mut self, table: &'static str, rows: u64) {
        if rows > 0 {
            *self.report.rows.entry(table).or_default() += rows;
        }
    }

    /// Deletes the rows of `table` that `condition` selects, or only counts them; returns how many.
    fn remove(&mut self, table: &'static str, condition: &str, values: impl Params) -> rusqlite::Result<u64> {
        let rows = if self.is_dry() {
            let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
            let mut statement = self.connection.prepare_cached(&sql)?;
            column::unsigned(statement.query_row(values, |row| row.get(0))?)
        } else {
            let sql = format!("DELETE FROM {table} WHERE {condition}");
            self.connection.prepare_cached(&sql)?.execute(values)? as u64
        };
        self.count(table, rows);
        Ok(rows)
    }

    /// Entries with a date before `keep`, the oldest of each source first, but not the newest of a configured source. Those of a source that was
    /// removed from the configuration all age out. Of entries with the same date those go first that came last in their document: feeds begin with
    /// the newest.
    fn entries(&mut self) -> rusqlite::Result<()> {
        let mut find = self
            .connection
            .prepare_cached("SELECT row, present, entries FROM source WHERE entries > 0 ORDER BY row")?;
        let sources: Vec<(i64, bool, i64)> = find
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut find = self.connection.prepare_cached(
            "SELECT row, id, story, first_seen FROM entry INDEXED BY entry_source WHERE source = ?1 AND date < ?2
             ORDER BY date, row DESC LIMIT ?3",
        )?;
        let before = self.before(self.policy.keep);
        let mut old = Vec::new();
        for (source, is_present, count) in sources {
            let kept = if is_present { i64::from(self.policy.keep_min) } else { 0 };
            let limit = (count - kept).min(self.limit());
            if limit <= 0 {
                continue;
            }
            let found = find.query_map([source, before, limit], |row| {
                Ok(OldEntry {
                    row: row.get(0)?,
                    id: row.get(1)?,
                    source,
                    story: row.get(2)?,
                    first_seen: row.get(3)?,
                })
            })?;
            let known = old.len();
            for entry in found {
                old.push(entry?);
            }
            self.use_room((old.len() - known) as u64);
        }
        self.purge(&old)
    }

    fn purge(&mut self, old: &[OldEntry]) -> rusqlite::Result<()> {
        let mut stories: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        let mut visits = BTreeSet::new();
        for entry in old {
            self.purge_entry(entry)?;
            visits.insert((entry.source, entry.first_seen));
            if let Some(story) = entry.story {
                stories.entry(story).or_default().insert(entry.id);
            }
        }
        if !self.is_dry() {
            for (source, going) in &self.by_source {
                source::count_entries(self.connection, *source, -going.entries)?;
            }
        }
        for (story, gone) in &stories {
            self.story(story, gone)?;
        }
        for (source, first_seen) in visits {
            self.visit(source, first_seen)?;
        }
        Ok(())
    }

    /// Deletes an entry. Its keys become tombstones, so that a document that still has it does not bring it back.
    fn purge_entry(&mut self, old: &OldEntry) -> rusqlite::Result<()> {
        let keys = self.report.rows.get("entry_key").copied().unwrap_or_default();
        if !self.is_dry() {
            key::insert_tombstones(self.connection, old.source, old.row, self.now.unix_day())?;
        }
        self.postings(old.row)?;
        for table in TABLES_OF_ENTRIES {
            self.remove(table, "entry = ?1", [old.row])?;
        }
        let keys = self.report.rows.get("entry_key").copied().unwrap_or_default() - keys;
        let going = self.by_source.entry(old.source).or_default();
        going.entries += 1;
        going.keys += keys;
        self.remove("mark_event", "target = ?1 AND is_story = 0", [old.id])?;
        self.remove("entry", "row = ?1", [old.row])?;
        self.old_rows.insert(old.row);
        Ok(())
    }

    /// Deletes a story that has no entry left, and the placements of items that have none. What showed a deleted entry shows another one until
    /// the story is evaluated again.
    fn story(&mut self, story: &Id, gone: &BTreeSet<Id>) -> rusqlite::Result<()> {
        let remaining = self.remaining(story)?;
        let mut items: BTreeSet<Id> = remaining
            .iter()
            .flat_map(|entry| [Some(entry.id), entry.copy_of])
            .flatten()
            .collect();
        items.extend(remaining.first().map(|_| *story));
        let mut topics: BTreeSet<String> = BTreeSet::new();
        for item in gone.iter().chain([story]).collect::<BTreeSet<_>>() {
            if items.contains(item) {
                continue;
            }
            topics.extend(self.shown_entries(item)?.into_iter().map(|(topic, _)| topic));
            self.remove("placement", "story = ?1", [item])?;
        }
        if remaining.is_empty() {
            self.remove("story", "id = ?1", [story])?;
            self.remove("mark_event", "target = ?1 AND is_story = 1", [story])?;
            self.remove("alert", "story = ?1", [story])?;
        }
        if self.is_dry() {
            return Ok(());
        }
        let mut touch = self
            .connection
            .prepare_cached("UPDATE topic_rule SET judged = max(judged, ?2) WHERE topic = ?1")?;
        for topic in topics {
            touch.execute(params![topic, self.now.unix()])?;
        }
        match remaining.first() {
            Some(oldest) => self.replace_in_story(story, gone, &items, &remaining, oldest),
            None => Ok(()),
        }
    }

    /// Returns the entries of a story that stay, the oldest first.
    fn remaining(&self, story: &Id) -> rusqlite::Result<Vec<Remaining>> {
        let mut find = self
            .connection
            .prepare_cached("SELECT row, id, copy_of, date, source FROM entry WHERE story = ?1 ORDER BY date, row")?;
        let entries = find.query_map([story], |row| {
            Ok(Remaining {
                row: row.get(0)?,
                id: row.get(1)?,
                copy_of: row.get(2)?,
                date: row.get(3)?,
                source: row.get(4)?,
            })
        })?;
        let mut remaining: Vec<Remaining> = entries.collect::<rusqlite::Result<_>>()?;
        remaining.retain(|entry| !self.old_rows.contains(&entry.row));
        Ok(remaining)
    }

    /// Returns the topics in which an item is placed, each with the entry that is shown.
    fn shown_entries(&self, item: &Id) -> rusqlite::Result<Vec<(String, Id)>> {
        let mut find = self
            .connection
            .prepare_cached("SELECT topic, entry FROM placement WHERE story = ?1")?;
        let placements = find.query_map([item], |row| Ok((row.get(0)?, row.get(1)?)))?;
        placements.collect()
    }

    /// Puts entries that stay in the place of those that go, and has the story evaluated again, which finds the best ones. The placements are
    /// not deleted meanwhile: they hold since when the items are placed.
    fn replace_in_story(
        &self,
        story: &Id,
        gone: &BTreeSet<Id>,
        items: &BTreeSet<Id>,
        remaining: &[Remaining],
        oldest: &Remaining,
    ) -> rusqlite::Result<()> {
        let mut find = self.connection.prepare_cached("SELECT lead FROM story WHERE id = ?1")?;
        let lead: Option<Id> = find.query_row([story], |row| row.get(0)).optional()?;
        if lead.is_some_and(|lead| gone.contains(&lead)) {
            self.connection
                .prepare_cached("UPDATE story SET lead = ?2 WHERE id = ?1")?
                .execute([story, &oldest.id])?;
        }
        let mut replace = self
            .connection
            .prepare_cached("UPDATE placement SET entry = ?3, date = ?4, source = ?5 WHERE topic = ?1 AND story = ?2")?;
        for item in items {
            let is_of_item = |entry: &&Remaining| entry.id == *item || entry.copy_of == Some(*item);
            let shown = remaining.iter().find(is_of_item).unwrap_or(oldest);
            for (topic, _) in self.shown_entries(item)?.iter().filter(|(_, entry)| gone.contains(entry)) {
                replace.execute(params![topic, item, shown.id, shown.date, shown.source])?;
            }
        }
        entry_row::touch(self.connection, oldest.row)
    }

    /// Deletes the provenance of a visit of which no entry is left, unless it is the source's last.
    fn visit(&mut self, source: i64, first_seen: i64) -> rusqlite::Result<()> {
        let mut find = self
            .connection
            .prepare_cached("SELECT row FROM entry INDEXED BY entry_seen WHERE first_seen = ?1 AND source = ?2")?;
        let mut rows = find.query([first_seen, source])?;
        while let Some(row) = rows.next()? {
            if !self.old_rows.contains(&row.get(0)?) {
                return Ok(());
            }
        }
        let last = self.last_document(source)?;
        if last.is_some_and(|last| first_seen < last) {
            let rows = self.remove("provenance", "entry = 0 AND source = ?1 AND fetched = ?2", [source, first_seen])?;
            self.by_source.entry(source).or_default().visits += rows;
        }
        Ok(())
    }

    /// Returns when the last document of a source came that was not the same as the one before it.
    fn last_document(&self, source: i64) -> rusqlite::Result<Option<i64>> {
        let mut find = self
            .connection
            .prepare_cached("SELECT max(fetched) FROM provenance WHERE entry = 0 AND source = ?1")?;
        find.query_row([source], |row| row.get(0))
    }

    /// Takes an entry out of dedupe's index, by the list that is stored with its fingerprint.
    fn postings(&mut self, row: i64) -> rusqlite::Result<()> {
        let hashes = fingerprint::postings_of(self.connection, row)?;
        if let Some(hashes) = column::to_json(&hashes) {
            let condition = "entry = ?1 AND hash IN (SELECT value FROM json_each(?2))";
            self.remove("posting", condition, params![row, hashes])?;
        }
        Ok(())
    }

    /// Fingerprints of entries with which nothing is compared any more, with their postings. Rows were added in about the order of `first_seen`, so the search ends with
    /// the first part of the table that has no such entry.
    fn fingerprints(&mut self) -> rusqlite::Result<()> {
        let before = self.before(self.policy.fingerprints);
        let mut find = self.connection.prepare_cached(
            "SELECT f.entry, e.first_seen FROM fingerprint f JOIN entry e ON e.row = f.entry WHERE f.entry > ?1 ORDER BY f.entry LIMIT ?2",
        )?;
        let mut last = i64::MIN;
        while self.limit() > 0 {
            let limit = self.limit().min(ROWS_PER_TRANSACTION);
            let rows: Vec<(i64, i64)> = find
                .query_map([last, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let Some((row, _)) = rows.last() else { break };
            last = *row;
            let old: Vec<i64> = rows.iter().filter(|(_, seen)| *seen < before).map(|(row, _)| *row).collect();
            if old.is_empty() {
                break;
            }
            for row in old {
                if !self.old_rows.contains(&row) {
                    self.postings(row)?;
                    self.remove("fingerprint", "entry = ?1", [row])?;
                }
                self.use_room(1);
            }
        }
        Ok(())
    }

    fn runs(&mut self) -> rusqlite::Result<()> {
        let rows = self.remove(
            "run",
            "id IN (SELECT id FROM run WHERE started < ?1 AND id <= (SELECT max(id) FROM run) - ?2 LIMIT ?3)",
            [self.before(self.policy.runs), i64::from(self.policy.runs_min), self.limit()],
        )?;
        self.use_room(rows);
        Ok(())
    }

    /// Small records, few of which become old on one day.
    fn records(&mut self) -> rusqlite::Result<()> {
        let events = self.before(self.policy.keep);
        let hosts = self.before(self.policy.hosts);
        self.remove("source_event", "at < ?1", [events])?;
        self.remove(
            "host_state",
            "max(coalesce(robots_expires, 0), coalesce(held_until, 0)) < ?1",
            [hosts],
        )?;
        let deliveries = self.before(DELIVERY_AGE);
        // Of a feed, what its hub was last told is compared with what it is now.
        self.remove("delivery", "done < ?1 AND kind <> 'hub'", [deliveries])?;
        self.remove("problem", "source IN (SELECT row FROM source WHERE present = 0)", [])?;
        Ok(())
    }

    /// Tombstones of entries that no document has had for long. As long as no new document comes, the last one may still have them.
    fn tombstones(&mut self) -> rusqlite::Result<()> {
        let mut find = self
            .connection
            .prepare_cached("SELECT row FROM source WHERE present = 1 ORDER BY row")?;
        let sources: Vec<i64> = find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for source in sources {
            let Some(last) = self.last_document(source)? else { continue };
            let before = (Timestamp::from_unix(last) - self.policy.tombstones).unix_day();
            let rows = self.remove(
                "tombstone",
                "source = ?1 AND key IN (SELECT key FROM tombstone INDEXED BY tombstone_seen WHERE source = ?1 AND seen < ?2 LIMIT ?3)",
                [source, before, self.limit()],
            )?;
            self.use_room(rows);
        }
        Ok(())
    }

    /// Sources that were removed from the configuration and have no entry left, with all that is known of them.
    fn removed_sources(&mut self) -> rusqlite::Result<()> {
        let mut find = self
            .connection
            .prepare_cached("SELECT row, entries FROM source WHERE present = 0 ORDER BY row")?;
        let sources: Vec<(i64, i64)> = find
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (source, entries) in sources {
            // When rows are only counted, those that go with the entries are still there, and were counted.
            let going = self.by_source.remove(&source).filter(|_| self.is_dry()).unwrap_or_default();
            if entries > going.entries || self.limit() <= 0 {
                continue;
            }
            let rows = self.remove(
                "tombstone",
                "source = ?1 AND key IN (SELECT key FROM tombstone WHERE source = ?1 LIMIT ?2)",
                [source, self.limit()],
            )?;
            self.count("tombstone", going.keys);
            self.use_room(rows);
            if self.limit() <= 0 {
                continue;
            }
            self.remove("provenance", "entry = 0 AND source = ?1", [source])?;
            if let Some(counted) = self.report.rows.get_mut("provenance") {
                *counted -= going.visits;
            }
            let events = self.before(self.policy.keep);
            self.remove("source_event", "source = ?1 AND at >= ?2", [source, events])?;
            self.remove("source_state", "source = ?1", [source])?;
            self.remove("outlet_memory", "source = ?1", [source])?;
            self.remove("source", "row = ?1", [source])?;
            self.use_room(1);
        }
        Ok(())
    }
}
