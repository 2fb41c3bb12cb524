//! Entries without their texts: as dedupe compares them, and as rules and the selection of leads read them.

use super::column::{Columns, unsigned};
use super::text::words;
use crate::model::{Basis, CanonicalUrl, EntryId, Genre, StoryId, Timestamp};
use crate::store::records::{ComparedEntry, ComposedEntry, EntryRow, EntryWords, StoryEntry};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use std::collections::BTreeSet;

macro_rules! compared {
    ($columns:literal, $tail:literal) => {
        concat!(
            "SELECT e.id, s.slug, e.guid, e.link, e.title, e.date, e.first_seen, e.language, coalesce(f.value, x''),
                    EXISTS (SELECT 1 FROM article a WHERE a.entry = e.row), e.compose_seq IS NOT NULL, e.declared",
            $columns,
            $tail
        )
    };
}

macro_rules! composed {
    ($tail:literal) => {
        compared!(
            ", e.copy_of, e.story, coalesce(y.founded, e.first_seen), e.row,
                    (SELECT c.basis FROM composition c WHERE c.entry = e.row ORDER BY c.number DESC LIMIT 1), coalesce(e.compose_seq, 0)
             FROM entry e JOIN source s ON s.row = e.source LEFT JOIN story y ON y.id = e.story LEFT JOIN fingerprint f ON f.entry = e.row ",
            $tail
        )
    };
}

macro_rules! story_entry {
    ($columns:literal, $tail:literal) => {
        concat!(
            "SELECT e.id, s.slug, e.guid, e.link, e.title, e.date, e.first_seen, e.language, e.copy_of, e.story, e.version,
                    coalesce(w.article_length, w.text_length, 0), e.about, e.genre, coalesce(e.page_agency, e.agency), e.archived",
            $columns,
            " FROM entry e JOIN source s ON s.row = e.source LEFT JOIN entry_words w ON w.entry = e.row ",
            $tail
        )
    };
}

/// Returns the entries with these ids as dedupe compares them, in this order; unknown ids are left out.
pub(in crate::store) fn by_ids(connection: &Connection, ids: &[EntryId]) -> rusqlite::Result<Vec<ComparedEntry>> {
    let mut statement = connection.prepare_cached(compared!(
        "",
        " FROM entry e JOIN source s ON s.row = e.source LEFT JOIN fingerprint f ON f.entry = e.row WHERE e.id = ?1"
    ))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        for entry in statement.query_map([id.as_bytes()], |row| compared(&mut Columns::new(row)))? {
            found.push(entry?);
        }
    }
    Ok(found)
}

/// Passes the composed entries that were first seen at or after `first_seen` to `each`, in the order of their composition, each with the number of
/// those that follow.
#[cfg(test)]
pub(in crate::store) fn composed_since(
    connection: &Connection,
    first_seen: Timestamp,
    each: &mut dyn FnMut(usize, ComposedEntry),
) -> rusqlite::Result<()> {
    // Only row numbers are sorted, without the fingerprints.
    let mut statement = connection.prepare_cached(
        "SELECT row FROM entry INDEXED BY entry_seen WHERE first_seen >= ?1 AND compose_seq IS NOT NULL AND story IS NOT NULL ORDER BY compose_seq",
    )?;
    let rows: Vec<i64> = statement
        .query_map([first_seen.unix()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare_cached(composed!("WHERE e.row = ?1"))?;
    for (place, row) in rows.iter().enumerate() {
        let (_, composed) = statement.query_row([row], |row| composed(&mut Columns::new(row)))?;
        each(rows.len() - place - 1, composed);
    }
    Ok(())
}

/// Returns the composed entries in these rows whose fingerprint is stored and not stale, each once, in the order of their composition.
pub(in crate::store) fn composed_rows(connection: &Connection, rows: &[EntryRow]) -> rusqlite::Result<Vec<ComposedEntry>> {
    let rows: BTreeSet<i64> = rows.iter().map(|EntryRow(row)| *row).collect();
    let sql = composed!("WHERE e.row = ?1 AND e.compose_seq IS NOT NULL AND e.story IS NOT NULL AND f.stale = 0");
    composed_entries(connection, sql, rows)
}

/// Returns the composed entries with these ids whose fingerprint is stored and not stale, each once, in the order of their composition.
pub(in crate::store) fn composed_by_ids(connection: &Connection, ids: &[EntryId]) -> rusqlite::Result<Vec<ComposedEntry>> {
    let ids: BTreeSet<&[u8; 16]> = ids.iter().map(EntryId::as_bytes).collect();
    let sql = composed!("WHERE e.id = ?1 AND e.compose_seq IS NOT NULL AND e.story IS NOT NULL AND f.stale = 0");
    composed_entries(connection, sql, ids)
}

fn composed_entries(
    connection: &Connection,
    sql: &str,
    keys: impl IntoIterator<Item = impl ToSql>,
) -> rusqlite::Result<Vec<ComposedEntry>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found: Vec<(i64, ComposedEntry)> = Vec::new();
    for key in keys {
        found.extend(statement.query_row([key], |row| composed(&mut Columns::new(row))).optional()?);
    }
    found.sort_by_key(|(sequence, entry)| (*sequence, entry.row));
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

/// Returns the number of an entry's composition, and the entry.
fn composed(columns: &mut Columns) -> rusqlite::Result<(i64, ComposedEntry)> {
    let entry = ComposedEntry {
        entry: compared(columns)?,
        copy_of: columns.optional_entry()?,
        story: columns.story()?,
        founded: columns.time()?,
        row: EntryRow(columns.next()?),
        is_by_hand: columns
            .next::<Option<String>>()?
            .and_then(|word| Basis::from_word(&word))
            .is_some_and(Basis::is_by_hand),
    };
    Ok((columns.next()?, entry))
}

/// Returns the entry that founded a story, then those with the latest dates, at most `newest`, without copies.
pub(in crate::store) fn story_members(connection: &Connection, story: &StoryId, newest: usize) -> rusqlite::Result<Vec<EntryRow>> {
    let mut statement = connection.prepare_cached("SELECT row FROM entry WHERE id = ?1 AND story = ?1 AND copy_of IS NULL")?;
    let founder: Option<i64> = statement.query_row([story.as_bytes()], |row| row.get(0)).optional()?;
    let mut statement =
        connection.prepare_cached("SELECT row FROM entry WHERE story = ?1 AND copy_of IS NULL ORDER BY date DESC, id DESC LIMIT ?2")?;
    let limit = i64::try_from(newest).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![story.as_bytes(), limit], |row| row.get(0))?;
    let mut members: Vec<EntryRow> = founder.into_iter().map(EntryRow).collect();
    for row in rows {
        let row = row?;
        members.extend((Some(row) != founder).then_some(EntryRow(row)));
    }
    Ok(members)
}

fn compared(columns: &mut Columns) -> rusqlite::Result<ComparedEntry> {
    Ok(ComparedEntry {
        id: columns.entry()?,
        source: columns.source()?,
        guid: columns.next()?,
        link: columns.url()?,
        title: columns.next()?,
        date: columns.time()?,
        first_seen: columns.time()?,
        language: columns.next()?,
        fingerprint: columns.next()?,
        has_article: columns.next()?,
        is_composed: columns.next()?,
        declared: columns.next::<Option<String>>()?.map(CanonicalUrl::from_stored),
    })
}

/// Returns the entries of these stories, story after story, each by date, source, guid and id.
pub(in crate::store) fn of_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<StoryEntry>> {
    let mut statement = connection.prepare_cached(story_entry!(
        "",
        "WHERE e.story = ?1 ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id"
    ))?;
    let mut found = Vec::with_capacity(stories.len());
    for story in stories {
        for entry in statement.query_map([story.as_bytes()], |row| story_entry(&mut Columns::new(row)))? {
            found.push(entry?);
        }
    }
    Ok(found)
}

/// Returns the entry with this id, when it belongs to a story.
pub(in crate::store) fn in_story(connection: &Connection, id: &EntryId) -> rusqlite::Result<Option<StoryEntry>> {
    let mut statement = connection.prepare_cached(story_entry!("", "WHERE e.id = ?1 AND e.story IS NOT NULL"))?;
    statement
        .query_row([id.as_bytes()], |row| story_entry(&mut Columns::new(row)))
        .optional()
}

/// Returns an entry that belongs to a story, and the copies of it, by date, source, guid and id.
pub(in crate::store) fn with_copies(connection: &Connection, id: &EntryId) -> rusqlite::Result<Vec<StoryEntry>> {
    let mut statement = connection.prepare_cached(story_entry!(
        "",
        "WHERE (e.id = ?1 OR e.copy_of = ?1) AND e.story IS NOT NULL ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id"
    ))?;
    let entries = statement.query_map([id.as_bytes()], |row| story_entry(&mut Columns::new(row)))?;
    entries.collect()
}

/// Returns at most `limit` composed entries by date and id, behind the position `after`, each with its story.
pub(in crate::store) fn dated_stories(
    connection: &Connection,
    after: (Timestamp, EntryId),
    limit: usize,
) -> rusqlite::Result<Vec<(Timestamp, EntryId, StoryId)>> {
    let mut statement = connection
        .prepare_cached("SELECT date, id, story FROM entry WHERE (date, id) > (?1, ?2) AND story IS NOT NULL ORDER BY date, id LIMIT ?3")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after.0.unix(), after.1.as_bytes(), limit], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.time()?, columns.entry()?, columns.story()?))
    })?;
    rows.collect()
}

/// Returns the entries of these stories with their words; none for entries that a version without words stored.
pub(in crate::store) fn of_stories_with_words(
    connection: &Connection,
    stories: &[StoryId],
) -> rusqlite::Result<Vec<(StoryEntry, Option<EntryWords>)>> {
    let mut statement = connection.prepare_cached(story_entry!(
        ", w.words, w.article_words",
        "WHERE e.story = ?1 ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id"
    ))?;
    let mut found = Vec::with_capacity(stories.len());
    for story in stories {
        let entries = statement.query_map([story.as_bytes()], |row| {
            let mut columns = Columns::new(row);
            Ok((story_entry(&mut columns)?, words(&mut columns)?))
        })?;
        for entry in entries {
            found.push(entry?);
        }
    }
    Ok(found)
}

fn story_entry(columns: &mut Columns) -> rusqlite::Result<StoryEntry> {
    Ok(StoryEntry {
        id: columns.entry()?,
        source: columns.source()?,
        guid: columns.next()?,
        link: columns.url()?,
        title: columns.next()?,
        date: columns.time()?,
        first_seen: columns.time()?,
        language: columns.next()?,
        copy_of: columns.optional_entry()?,
        story: columns.story()?,
        version: columns.next()?,
        text_length: usize::try_from(unsigned(columns.next()?)).unwrap_or(usize::MAX),
        about: columns.about()?,
        genre: columns.optional_word(Genre::parse)?,
        agency: columns.agency()?,
        is_archived: columns.next()?,
    })
}
