//! What happens to a source as a whole: it leaves the configuration, gets another id, or all that came of it is hidden.

use super::column::{Columns, unsigned};
use super::{entry_row, key, mark, prune, source};
use crate::model::{MarkEvent, MarkTarget, SourceId, Timestamp};
use crate::store::records::SourceLife;
use crate::store::retention::PrunePolicy;
use rusqlite::{Connection, OptionalExtension, params};

/// Returns every source that is known, configured or not, by id.
pub(in crate::store) fn lives(connection: &Connection) -> rusqlite::Result<Vec<SourceLife>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.slug, s.present, s.entries, t.last_visit,
                (SELECT min(fetched) FROM provenance WHERE entry = 0 AND source = s.row), t.url, t.answered_by, t.works, t.moved_from, t.moved_to
         FROM source s LEFT JOIN source_state t ON t.source = s.row ORDER BY s.slug",
    )?;
    let lives = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok(SourceLife {
            id: columns.source()?,
            is_present: columns.next()?,
            entries: columns.next().map(unsigned)?,
            last_visit: columns.optional_time()?,
            first_document: columns.optional_time()?,
            addresses: (0..5)
                .filter_map(|_| columns.next::<Option<String>>().transpose())
                .collect::<rusqlite::Result<_>>()?,
        })
    })?;
    lives.collect()
}

/// Gives the source `old` the id `new`; its entries keep their ids, keys and guids. What came under `new` meanwhile is added to it: an entry that `old` has
/// under one of its keys is deleted as [`prune::purge`] does, and its keys and marks become those of the older one. Returns how many entries the source has;
/// `None` when there is no `old`.
pub(in crate::store) fn rename(
    connection: &Connection,
    old: &SourceId,
    new: &SourceId,
    policy: &PrunePolicy,
    now: Timestamp,
) -> rusqlite::Result<Option<u64>> {
    let Some(row) = row_of(connection, old)? else {
        return Ok(None);
    };
    if let Some(other) = row_of(connection, new)? {
        purge_same(connection, row, other, policy, now)?;
        add_all(connection, row, other)?;
    }
    connection.execute("UPDATE source SET slug = ?2 WHERE row = ?1", params![row, new.as_str()])?;
    // Pages of archives list the sources of their items by id.
    connection.execute(
        "UPDATE archive_page SET sources = replace(sources, '\"' || ?1 || '\"', '\"' || ?2 || '\"') WHERE instr(sources, '\"' || ?1 || '\"') > 0",
        params![old.as_str(), new.as_str()],
    )?;
    let entries = connection.query_row("SELECT entries FROM source WHERE row = ?1", [row], |row| row.get(0));
    entries.map(unsigned).map(Some)
}

fn row_of(connection: &Connection, source: &SourceId) -> rusqlite::Result<Option<i64>> {
    let mut find = connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
    find.query_row([source.as_str()], |row| row.get(0)).optional()
}

fn entries_of(connection: &Connection, source: i64) -> rusqlite::Result<Vec<i64>> {
    let mut find = connection.prepare_cached("SELECT row FROM entry WHERE source = ?1 ORDER BY row")?;
    find.query_map([source], |row| row.get(0))?.collect()
}

/// Deletes the entries of `other` that the source in `row` has as well, and moves the keys of the others.
fn purge_same(connection: &Connection, row: i64, other: i64, policy: &PrunePolicy, now: Timestamp) -> rusqlite::Result<()> {
    let mut delete_keys = connection.prepare_cached("DELETE FROM entry_key WHERE entry = ?1")?;
    let mut move_marks = connection.prepare_cached(
        "UPDATE mark_event SET target = (SELECT id FROM entry WHERE row = ?2)
         WHERE is_story = 0 AND target = (SELECT id FROM entry WHERE row = ?1)",
    )?;
    let mut same = Vec::new();
    for entry in entries_of(connection, other)? {
        let keys = key::by_row(connection, entry)?;
        let known = keys
            .iter()
            .find_map(|one| key::entry_with(connection, row, one).transpose())
            .transpose()?;
        // The digests of keys hold the row of their source.
        delete_keys.execute([entry])?;
        key::add(connection, row, known.unwrap_or(entry), &keys)?;
        if let Some(known) = known {
            move_marks.execute([entry, known])?;
            move_copies(connection, entry, known)?;
            same.push(entry);
        }
    }
    prune::purge(connection, policy, now, other, &same)
}

/// Makes the copies of the entry in the row `gone` those of the older one in the row `known`, whose story they join; where that one counted as a copy itself,
/// it is the original again. The decisions are changed with them, so that stories are derived as they are now.
fn move_copies(connection: &Connection, gone: i64, known: i64) -> rusqlite::Result<()> {
    type Id = [u8; 16];
    let gone: Id = connection.query_row("SELECT id FROM entry WHERE row = ?1", [gone], |row| row.get(0))?;
    let (id, copy_of, story): (Id, Option<Id>, Option<Id>) =
        connection.query_row("SELECT id, copy_of, story FROM entry WHERE row = ?1", [known], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let original = copy_of.filter(|original| *original != gone);
    let mut find = connection.prepare_cached("SELECT row FROM entry WHERE copy_of = ?1")?;
    let copies: Vec<i64> = find.query_map([gone], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut change = connection.prepare_cached("UPDATE entry SET copy_of = ?2, story = ?3 WHERE row = ?1")?;
    let mut change_decision = connection.prepare_cached(
        "UPDATE composition SET copy_of = ?2, story = ?3 WHERE number = (SELECT max(number) FROM composition WHERE entry = ?1)",
    )?;
    for copy in copies {
        let copy_of = if copy == known { original } else { original.or(Some(id)) };
        change.execute(params![copy, copy_of, story])?;
        change_decision.execute(params![copy, copy_of, story])?;
        entry_row::touch(connection, copy)?;
    }
    entry_row::touch(connection, known)
}

/// The tables of which each row belongs to a source; those whose key it is part of have rows of both at most once.
const TABLES_OF_SOURCES: [&str; 7] = [
    "entry",
    "placement",
    "posting",
    "provenance",
    "source_event",
    "tombstone",
    "withdrawal",
];

/// Makes all that is left of `other` part of the source in `row`, and forgets `other`.
fn add_all(connection: &Connection, row: i64, other: i64) -> rusqlite::Result<()> {
    for table in TABLES_OF_SOURCES {
        connection.execute(
            &format!("UPDATE OR REPLACE {table} SET source = ?1 WHERE source = ?2"),
            [row, other],
        )?;
    }
    connection.execute("DELETE FROM problem WHERE source = ?1", [row])?;
    connection.execute("UPDATE problem SET source = ?1 WHERE source = ?2", [row, other])?;
    connection.execute("UPDATE OR IGNORE outlet_memory SET source = ?1 WHERE source = ?2", [row, other])?;
    connection.execute("DELETE FROM outlet_memory WHERE source = ?1", [other])?;
    // The state of the later visit: the validators of its document are those that count.
    connection.execute(
        "DELETE FROM source_state WHERE source = ?1 AND coalesce(last_visit, 0) <= (SELECT coalesce(last_visit, 0) FROM source_state WHERE source = ?2)",
        [row, other],
    )?;
    connection.execute("UPDATE OR IGNORE source_state SET source = ?1 WHERE source = ?2", [row, other])?;
    connection.execute("DELETE FROM source_state WHERE source = ?1", [other])?;
    connection.execute(
        "UPDATE source SET present = max(present, (SELECT present FROM source WHERE row = ?2)) WHERE row = ?1",
        [row, other],
    )?;
    let more = connection.query_row("SELECT entries FROM source WHERE row = ?1", [other], |row| row.get(0))?;
    source::count_entries(connection, row, more)?;
    connection.execute("DELETE FROM source WHERE row = ?1", [other])?;
    Ok(())
}

/// Adds an event as `like` to each entry of a source that has none of its kind; returns how many entries that were.
pub(in crate::store) fn mark_all(connection: &Connection, source: &SourceId, like: &MarkEvent) -> rusqlite::Result<u64> {
    let Some(row) = row_of(connection, source)? else {
        return Ok(0);
    };
    let mut find = connection.prepare_cached(
        "SELECT e.id FROM entry e WHERE e.source = ?1
         AND coalesce((SELECT m.kind FROM mark_event m WHERE m.target = e.id AND m.is_story = 0 AND m.topic = '' ORDER BY m.number DESC LIMIT 1), '') <> ?2
         ORDER BY e.row",
    )?;
    let ids: Vec<[u8; 16]> = find
        .query_map(params![row, like.kind.as_str()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ids {
        let event = MarkEvent {
            target: MarkTarget::Entry(crate::model::EntryId::from_bytes(*id)),
            ..like.clone()
        };
        mark::add(connection, &event)?;
    }
    Ok(ids.len() as u64)
}
