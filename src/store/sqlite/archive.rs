//! The table `archive_page`: the pages of topics' archives. Which items a page has is in `published`.

use super::column::{Columns, to_json, unsigned};
use crate::model::{ArchivePage, NewArchivePage, SourceId, TopicId};
use rusqlite::{Connection, params};

/// Stores a new page; one that is stored already stays as it is, and so does an item that is on a page.
pub(super) fn insert(connection: &Connection, page: &NewArchivePage) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO archive_page (topic, page, has_next) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![page.topic.as_str(), page.number, page.has_next])?;
    let mut place = connection.prepare_cached("UPDATE published SET page = ?3 WHERE topic = ?1 AND guid = ?2 AND page IS NULL")?;
    for guid in &page.guids {
        place.execute(params![page.topic.as_str(), guid, page.number])?;
    }
    Ok(())
}

/// Stores the sources whose entries the items of a page show.
pub(super) fn set_sources(connection: &Connection, topic: &TopicId, page: u32, sources: &[SourceId]) -> rusqlite::Result<()> {
    let slugs: Vec<&str> = sources.iter().map(SourceId::as_str).collect();
    connection
        .prepare_cached("UPDATE archive_page SET sources = ?3 WHERE topic = ?1 AND page = ?2")?
        .execute(params![topic.as_str(), page, to_json(&slugs)])?;
    Ok(())
}

/// Notes a change of the pages that hold the story of the entry in `row`, or the entry itself.
pub(super) fn note_change(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached(
        "SELECT u.topic, u.page FROM entry e JOIN published u ON u.story = e.story OR u.story = e.id OR u.story = e.copy_of
         WHERE e.row = ?1 AND u.page IS NOT NULL",
    )?;
    let pages: Vec<(String, u32)> = find
        .query_map([row], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut count = connection.prepare_cached("UPDATE archive_page SET changes = changes + 1 WHERE topic = ?1 AND page = ?2")?;
    for (topic, page) in pages {
        count.execute(params![topic, page])?;
    }
    Ok(())
}

/// Returns the pages of a topic's archive in their order.
pub(in crate::store) fn pages(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Vec<ArchivePage>> {
    let mut statement = connection.prepare_cached(
        "SELECT a.page, a.has_next, a.changes, a.sources, EXISTS (
           SELECT 1 FROM published u INDEXED BY published_page JOIN placement p ON p.topic = u.topic AND p.story = u.story
           WHERE u.topic = a.topic AND u.page = a.page AND u.alias_of IS NULL AND p.waits = 0)
         FROM archive_page a WHERE a.topic = ?1 ORDER BY a.page",
    )?;
    let pages = statement.query_map([topic.as_str()], |row| {
        let mut columns = Columns::new(row);
        let (number, has_next) = (columns.next()?, columns.next()?);
        let changes = unsigned(columns.next()?);
        let slugs: Vec<String> = columns.json_list()?;
        Ok(ArchivePage {
            number,
            has_next,
            changes,
            // What was stored was a slug.
            sources: slugs.iter().filter_map(|slug| SourceId::new(slug).ok()).collect(),
            is_filled: columns.next()?,
        })
    })?;
    pages.collect()
}
