//! The table `composition`: the decisions about entries, of which the last one of each entry holds, and what follows from them in `entry` and `story`.

use super::column::{Columns, to_json};
use super::entry_row;
use crate::model::{Basis, Composition, EntryId, StoryId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap, HashSet};

type Id = [u8; 16];

/// What a repeated decision has in common with the stored one.
type Decision = (i64, Id, Option<Id>, String);

/// Stores compositions in order; returns whether one of them was not stored before. An entry that was composed before keeps its sequence number. Those
/// of an entry with which its stored ones end are left out: they come twice when a run was interrupted.
///
/// The stories that an entry leaves and joins are evaluated again; one that is left by its last entry is deleted.
pub(super) fn store(connection: &Connection, compositions: &[Composition]) -> rusqlite::Result<bool> {
    if compositions.is_empty() {
        return Ok(false);
    }
    let repeated = repeated(connection, compositions)?;
    let mut sequence: i64 = connection.query_row("SELECT value FROM counter WHERE name = 'compose_seq'", [], |row| row.get(0))?;
    let mut former_stories: BTreeMap<Id, i64> = BTreeMap::new();
    let mut is_any_new = false;
    for composition in compositions.iter().filter(|composition| !repeated.contains(&composition.entry)) {
        sequence += 1;
        let Some(before) = Before::read(connection, &composition.entry)? else {
            continue;
        };
        decide(connection, composition, &before, sequence)?;
        is_any_new = true;
        if let Some(story) = before.story.filter(|story| story != composition.story.as_bytes()) {
            let at = former_stories.entry(story).or_insert(i64::MIN);
            *at = composition.at.unix().max(*at);
        }
    }
    connection.execute("UPDATE counter SET value = ?1 WHERE name = 'compose_seq'", [sequence])?;
    for (story, at) in former_stories {
        leave(connection, &story, at)?;
    }
    Ok(is_any_new)
}

/// Returns the entries whose stored compositions end with those among `compositions`.
fn repeated(connection: &Connection, compositions: &[Composition]) -> rusqlite::Result<HashSet<EntryId>> {
    let mut of_entries: HashMap<EntryId, Vec<Decision>> = HashMap::new();
    for composition in compositions {
        let copy_of = composition.copy_of.map(|original| *original.as_bytes());
        of_entries.entry(composition.entry).or_default().push((
            composition.at.unix(),
            *composition.story.as_bytes(),
            copy_of,
            composition.basis.as_str().to_owned(),
        ));
    }
    let mut find = connection.prepare_cached(
        "SELECT at, story, copy_of, basis FROM composition WHERE entry = (SELECT row FROM entry WHERE id = ?1) ORDER BY number DESC LIMIT ?2",
    )?;
    let mut repeated = HashSet::new();
    for (entry, decisions) in of_entries {
        let limit = i64::try_from(decisions.len()).unwrap_or(i64::MAX);
        let stored = find.query_map(params![entry.as_bytes(), limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        let stored: Vec<Decision> = stored.collect::<rusqlite::Result<_>>()?;
        if stored.iter().eq(decisions.iter().rev()) {
            repeated.insert(entry);
        }
    }
    Ok(repeated)
}

/// An entry before a decision.
struct Before {
    row: i64,
    story: Option<Id>,
    copy_of: Option<Id>,
}

impl Before {
    /// Returns `None` for an unknown entry.
    fn read(connection: &Connection, entry: &EntryId) -> rusqlite::Result<Option<Self>> {
        let mut find = connection.prepare_cached("SELECT row, story, copy_of FROM entry WHERE id = ?1")?;
        find.query_row([entry.as_bytes()], |row| {
            Ok(Self {
                row: row.get(0)?,
                story: row.get(1)?,
                copy_of: row.get(2)?,
            })
        })
        .optional()
    }
}

/// Stores one decision, for which an entry that was never composed gets the number `sequence`.
fn decide(connection: &Connection, composition: &Composition, before: &Before, sequence: i64) -> rusqlite::Result<()> {
    let row = before.row;
    let (story, copy_of) = (
        *composition.story.as_bytes(),
        composition.copy_of.map(|original| *original.as_bytes()),
    );
    connection
        .prepare_cached("UPDATE entry SET copy_of = ?2, story = ?3, compose_seq = coalesce(compose_seq, ?4) WHERE row = ?1")?
        .execute(params![row, copy_of, story, sequence])?;
    connection
        .prepare_cached(
            "INSERT INTO composition (entry, at, story, copy_of, basis, measure, words, like_entry, earlier)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            row,
            composition.at.unix(),
            story,
            copy_of,
            composition.basis.as_str(),
            // SQLite stores NaN as NULL.
            composition.measure,
            to_json(&composition.words),
            composition.like.as_ref().map(EntryId::as_bytes),
            composition.earlier.as_ref().map(StoryId::as_bytes),
        ])?;
    if before.story.is_some_and(|former| former != story || before.copy_of != copy_of) {
        entry_row::touch(connection, row)?;
    }
    Ok(())
}

/// Has a story evaluated again that entries have left. When none is left in it, it is deleted with its placements, and the feeds that showed it are
/// rendered again as of `at`.
fn leave(connection: &Connection, story: &Id, at: i64) -> rusqlite::Result<()> {
    // The evaluation of one entry is that of its story.
    let mut find = connection.prepare_cached("SELECT row FROM entry WHERE story = ?1 LIMIT 1")?;
    if let Some(row) = find.query_row([story], |row| row.get(0)).optional()? {
        return entry_row::touch(connection, row);
    }
    connection
        .prepare_cached(
            "UPDATE topic_rule SET judged = max(judged, ?2), changes = changes + 1
             WHERE topic IN (SELECT topic FROM placement WHERE story = ?1)",
        )?
        .execute(params![story, at])?;
    connection
        .prepare_cached("DELETE FROM placement WHERE story = ?1")?
        .execute([story])?;
    connection.prepare_cached("DELETE FROM story WHERE id = ?1")?.execute([story])?;
    Ok(())
}

/// Returns the decisions about an entry, the oldest first.
pub(in crate::store) fn by_entry(connection: &Connection, entry: &EntryId) -> rusqlite::Result<Vec<Composition>> {
    let mut statement = connection.prepare_cached(
        "SELECT copy_of, story, at, basis, measure, words, like_entry, earlier FROM composition
         WHERE entry = (SELECT row FROM entry WHERE id = ?1) ORDER BY number",
    )?;
    let compositions = statement.query_map([entry.as_bytes()], |row| {
        let mut columns = Columns::new(row);
        Ok(Composition {
            entry: *entry,
            copy_of: columns.optional_entry()?,
            story: columns.story()?,
            at: columns.time()?,
            basis: columns.word(Basis::from_word)?,
            measure: columns.next()?,
            words: columns.json_list()?,
            like: columns.optional_entry()?,
            earlier: columns.optional_story()?,
        })
    })?;
    compositions.collect()
}
