//! The table `published`: the items that topic feeds have published. Rows are added and updated, never deleted.

use super::column::Columns;
use crate::model::{Published, StoryId, Timestamp, TopicId};
use rusqlite::{Connection, Params, params};

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT guid, topic, story, coalesce(founder, story), alias_of, linked, first_published, updated, content_hash FROM published ",
            $tail
        )
    };
}

/// Stores an item as a topic feed publishes it now. `first_published` never changes.
pub(super) fn upsert(connection: &Connection, published: &Published) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO published (topic, guid, story, first_published, updated, content_hash, linked, founder, alias_of)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (topic, guid) DO UPDATE SET story = excluded.story, linked = excluded.linked, updated = excluded.updated,
           content_hash = excluded.content_hash, alias_of = excluded.alias_of",
    )?;
    statement.execute(params![
        published.topic.as_str(),
        published.guid,
        published.story.as_bytes(),
        published.first_published.unix(),
        published.updated.unix(),
        published.content_hash,
        published.linked.as_bytes(),
        published.founder.as_bytes(),
        published.alias_of,
    ])?;
    Ok(())
}

/// Returns the items whose guids were made for these stories or entries, one after the other, the oldest first.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Published>> {
    let mut found = Vec::new();
    for story in stories {
        let sql = select!("WHERE founder = ?1 ORDER BY first_published, guid, topic");
        found.extend(items(connection, sql, [story.as_bytes()])?);
    }
    Ok(found)
}

/// Returns whether a topic has ever published an item.
pub(in crate::store) fn is_any_of(connection: &Connection, topic: &TopicId) -> rusqlite::Result<bool> {
    let mut find = connection.prepare_cached("SELECT 1 FROM published WHERE topic = ?1 LIMIT 1")?;
    find.exists([topic.as_str()])
}

/// Passes every published item to `each`, by topic and guid.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(Published)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY topic, guid"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(item(&mut Columns::new(row))?);
    }
    Ok(())
}

fn items(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Published>> {
    let mut statement = connection.prepare_cached(sql)?;
    let items = statement.query_map(params, |row| item(&mut Columns::new(row)))?;
    items.collect()
}

fn item(columns: &mut Columns) -> rusqlite::Result<Published> {
    Ok(Published {
        guid: columns.next()?,
        topic: columns.topic()?,
        story: columns.story()?,
        founder: columns.story()?,
        alias_of: columns.next()?,
        linked: columns.entry()?,
        first_published: columns.time()?,
        updated: columns.time()?,
        content_hash: columns.next()?,
    })
}

/// Returns the guids of the items of a topic that editors have hidden, or publishers withdrawn, since `since`, each with the time of the last act, by time. What is shown
/// again is left out.
pub(in crate::store) fn deleted(connection: &Connection, topic: &TopicId, since: Timestamp) -> rusqlite::Result<Vec<(String, Timestamp)>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.guid, max(m.at) AS hidden
         FROM mark_event m INDEXED BY mark_event_hide
         LEFT JOIN entry e ON m.is_story = 0 AND e.id = m.target
         JOIN published p ON p.story = CASE m.is_story WHEN 1 THEN m.target ELSE e.story END
         WHERE m.kind IN ('hide', 'withdraw') AND m.at >= ?2 AND p.topic = ?1 AND p.alias_of IS NULL
           AND NOT EXISTS (SELECT 1 FROM placement WHERE topic = p.topic AND story = p.story)
         GROUP BY p.guid ORDER BY hidden, p.guid",
    )?;
    let found = statement.query_map(params![topic.as_str(), since.unix()], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.next()?, columns.time()?))
    })?;
    found.collect()
}
