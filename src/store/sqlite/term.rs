//! The tables `term_frequency` and `outlet_memory`: how often terms stand in entries, and what sources repeat in theirs.

use crate::model::{Composition, SourceId, TermCounts};
use rusqlite::{Connection, OptionalExtension, params};

/// The seconds after which all frequencies are halved.
const HALVED_AFTER_SECONDS: i64 = 5 * 24 * 60 * 60;
/// The name of the counter that holds the number of entries in which terms were counted.
const ENTRIES: &str = "term_entries";
/// The name of the counter that holds when the frequencies were last halved.
const HALVED: &str = "term_halved";

/// Adds to the frequencies of terms, which are an exponential window: every [`HALVED_AFTER_SECONDS`] all of them are halved, so that entries count the
/// less the older they are, and terms that stand in no entry any more are forgotten. The time is that of the newest of `compositions`; after a pause of
/// any length they are halved once, since no entry came meanwhile.
pub(super) fn add(connection: &Connection, counts: &TermCounts, compositions: &[Composition]) -> rusqlite::Result<()> {
    if let Some(now) = compositions.iter().map(|composition| composition.at.unix()).max() {
        halve_when_due(connection, now)?;
    }
    if counts.entries > 0 {
        let sql = "INSERT INTO counter (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";
        connection.prepare_cached(sql)?.execute(params![ENTRIES, counts.entries])?;
    }
    let mut sorted = counts.counts.clone();
    sorted.sort_unstable();
    let mut upsert = connection.prepare_cached(
        "INSERT INTO term_frequency (hash, entries) VALUES (?1, ?2) ON CONFLICT (hash) DO UPDATE SET entries = entries + excluded.entries",
    )?;
    for (hash, entries) in sorted.into_iter().filter(|(_, entries)| *entries > 0) {
        upsert.execute([hash, entries])?;
    }
    Ok(())
}

/// Halves the frequencies when they are due at `now`. When the clock was set back, they are due so long after `now`.
fn halve_when_due(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    let last = counter(connection, HALVED)?;
    if last.is_some_and(|last| last <= now && now - last < HALVED_AFTER_SECONDS) {
        return Ok(());
    }
    if last.is_some_and(|last| last <= now) {
        connection.execute("DELETE FROM term_frequency WHERE entries < 2", [])?;
        connection.execute("UPDATE term_frequency SET entries = entries / 2", [])?;
        connection.execute("UPDATE counter SET value = value / 2 WHERE name = ?1", [ENTRIES])?;
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO counter (name, value) VALUES (?1, ?2)")?
        .execute(params![HALVED, now])?;
    Ok(())
}

fn counter(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT value FROM counter WHERE name = ?1")?;
    statement.query_row([name], |row| row.get(0)).optional()
}

/// Returns the number of entries in which terms were counted, and in how many of them each of `hashes` stands; those of none are left out.
pub(in crate::store) fn frequencies(connection: &Connection, hashes: &[u32]) -> rusqlite::Result<(u32, Vec<(u32, u32)>)> {
    let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let entries = counter(connection, ENTRIES)?.map_or(0, count);
    let mut statement = connection.prepare_cached("SELECT entries FROM term_frequency WHERE hash = ?1")?;
    let mut found = Vec::new();
    for hash in hashes {
        if let Some(entries) = statement.query_row([hash], |row| row.get(0)).optional()? {
            found.push((*hash, count(entries)));
        }
    }
    Ok((entries, found))
}

/// Stores what a source repeats in place of a former value.
pub(super) fn set_outlet_memory(connection: &Connection, source: i64, value: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO outlet_memory (source, value) VALUES (?1, ?2)")?
        .execute(params![source, value])?;
    Ok(())
}

/// Returns what is stored of a source.
pub(in crate::store) fn outlet_memory(connection: &Connection, source: &SourceId) -> rusqlite::Result<Option<Vec<u8>>> {
    let mut statement =
        connection.prepare_cached("SELECT value FROM outlet_memory WHERE source = (SELECT row FROM source WHERE slug = ?1)")?;
    statement.query_row([source.as_str()], |row| row.get(0)).optional()
}
