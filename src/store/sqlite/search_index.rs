//! The full-text index `entry_search`: made and dropped as a whole, and written in bounded batches. Its statements are in `search_index.sql`, since it is
//! no part of the schema; `search_query.rs` reads it.

use super::column::Columns;
use super::search_facts::facts;
use super::text;
use crate::model::SearchWords;
use crate::store::search_records::{SearchDocument, SearchIndexState, UnindexedEntry};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The name of the counter that holds the greatest row of those that are not filled in; it is missing once all are.
const UNFILLED: &str = "search_unfilled";
/// How many bytes of words a batch holds, unless one entry has more.
const MAX_BATCH_BYTES: usize = 8 << 20;

/// Returns whether there is an index.
pub(super) fn exists(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE name = 'entry_search'")?
        .exists([])
}

/// Returns whether there is an index, and whether every entry is in it.
pub(in crate::store) fn state(connection: &Connection) -> rusqlite::Result<SearchIndexState> {
    if !exists(connection)? {
        return Ok(SearchIndexState::Missing);
    }
    let is_filled = unfilled(connection)?.is_none();
    Ok(if is_filled {
        SearchIndexState::Complete
    } else {
        SearchIndexState::Partial
    })
}

fn unfilled(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT value FROM counter WHERE name = ?1")?
        .query_row([UNFILLED], |row| row.get(0))
        .optional()
}

/// Makes the index, empty, when there is none; returns whether it was made.
pub(in crate::store) fn create(connection: &Connection) -> rusqlite::Result<bool> {
    if exists(connection)? {
        return Ok(false);
    }
    connection.execute_batch(include_str!("search_index.sql"))?;
    Ok(true)
}

/// Deletes the index with all that belongs to it, when there is one; returns whether there was.
pub(in crate::store) fn remove(connection: &Connection) -> rusqlite::Result<bool> {
    if !exists(connection)? {
        return Ok(false);
    }
    connection.execute_batch(
        "DROP TABLE entry_search;
         DROP TRIGGER search_entry_new;
         DROP TRIGGER search_entry_changed;
         DROP TRIGGER search_entry_gone;
         DROP TRIGGER search_article_new;
         DROP TRIGGER search_article_changed;
         DELETE FROM search_pending;
         DELETE FROM counter WHERE name = 'search_unfilled';",
    )?;
    Ok(true)
}

/// Returns at most `limit` entries that are to be written to the index: those that changed, then, when `with_old` is true, those that were never written,
/// the newest first. Fewer, when their words are many.
pub(in crate::store) fn unindexed(connection: &Connection, limit: usize, with_old: bool) -> rusqlite::Result<Vec<UnindexedEntry>> {
    if !exists(connection)? {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    let mut bytes = 0;
    let mut changed = connection.prepare_cached(
        "SELECT e.row, e.id, e.story, p.changes, w.words, w.article_words
         FROM search_pending p JOIN entry e ON e.row = p.entry LEFT JOIN entry_words w ON w.entry = e.row ORDER BY p.entry LIMIT ?1",
    )?;
    let mut rows = changed.query([limit])?;
    while let Some(row) = rows.next()? {
        add(&mut found, row, &mut bytes)?;
        if bytes > MAX_BATCH_BYTES {
            break;
        }
    }
    if !found.is_empty() || !with_old {
        return Ok(found);
    }
    let Some(unfilled) = unfilled(connection)? else { return Ok(found) };
    let mut old = connection.prepare_cached(
        "SELECT e.row, e.id, e.story, 0, w.words, w.article_words
         FROM entry e LEFT JOIN entry_words w ON w.entry = e.row WHERE e.row <= ?1 ORDER BY e.row DESC LIMIT ?2",
    )?;
    let mut rows = old.query([unfilled, limit])?;
    while let Some(row) = rows.next()? {
        add(&mut found, row, &mut bytes)?;
        if bytes > MAX_BATCH_BYTES {
            break;
        }
    }
    // The index is written by ascending rows.
    found.reverse();
    Ok(found)
}

fn add(found: &mut Vec<UnindexedEntry>, row: &Row<'_>, bytes: &mut usize) -> rusqlite::Result<()> {
    let mut columns = Columns::new(row);
    let entry = UnindexedEntry {
        row: columns.next()?,
        id: columns.entry()?,
        story: columns.optional_story()?,
        changes: columns.next()?,
        words: text::words(&mut columns)?,
    };
    let words = entry.words.as_ref();
    *bytes += words.map_or(0, |words| words.words.len() + words.article_words.as_ref().map_or(0, String::len));
    found.push(entry);
    Ok(())
}

/// Takes an entry out of the index, when there is one.
pub(super) fn remove_entry(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    if exists(connection)? {
        connection
            .prepare_cached("DELETE FROM entry_search WHERE rowid = ?1")?
            .execute([row])?;
    }
    Ok(())
}

/// Writes entries to the index, or takes them out of it. What has changed again since they were read stays noted.
pub(in crate::store) fn index(connection: &Connection, documents: &[SearchDocument]) -> rusqlite::Result<()> {
    if !exists(connection)? {
        return Ok(());
    }
    let mut find = connection.prepare_cached("SELECT source, language, about, genre, date FROM entry WHERE row = ?1")?;
    let mut remove = connection.prepare_cached("DELETE FROM entry_search WHERE rowid = ?1")?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry_search (rowid, facts, title, summary, body, author, category) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let mut done = connection.prepare_cached("DELETE FROM search_pending WHERE entry = ?1 AND changes = ?2")?;
    for SearchDocument { row, changes, words } in documents {
        // The entry may have been deleted since.
        let facts = find.query_row([row], facts).optional()?;
        remove.execute([row])?;
        if let (Some(facts), Some(SearchWords([title, summary, body, author, category]))) = (facts, words) {
            insert.execute(params![row, facts, title, summary, body, author, category])?;
        }
        done.execute([row, changes])?;
    }
    let old = documents.iter().filter(|document| document.changes == 0);
    let Some(lowest) = old.map(|document| document.row).min() else {
        return Ok(());
    };
    let mut left = connection.prepare_cached("SELECT max(row) FROM entry WHERE row < ?1")?;
    match left.query_row([lowest], |row| row.get::<_, Option<i64>>(0))? {
        Some(left) => connection
            .prepare_cached("UPDATE counter SET value = ?2 WHERE name = ?1")?
            .execute(params![UNFILLED, left])?,
        None => connection
            .prepare_cached("DELETE FROM counter WHERE name = ?1")?
            .execute([UNFILLED])?,
    };
    Ok(())
}
