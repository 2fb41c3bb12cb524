//! The table `published`: the items that topic feeds have published. Rows are added and updated, never deleted.

use super::column::Columns;
use crate::model::{Published, StoryId, TopicId};
use rusqlite::{Connection, Params, params};

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT guid, topic, story, linked, first_published, updated, content_hash FROM published ",
            $tail
        )
    };
}

/// Stores an item as a topic feed publishes it now. `first_published` never changes.
pub(super) fn upsert(connection: &Connection, published: &Published) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO published (topic, guid, story, first_published, updated, content_hash, linked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (topic, guid) DO UPDATE SET story = excluded.story, linked = excluded.linked, updated = excluded.updated, content_hash = excluded.content_hash",
    )?;
    statement.execute(params![
        published.topic.as_str(),
        published.guid,
        published.story.as_bytes(),
        published.first_published.unix(),
        published.updated.unix(),
        published.content_hash,
        published.linked.as_bytes(),
    ])?;
    Ok(())
}

/// Returns the items that a topic feed has published, the oldest first.
pub(in crate::store) fn by_topic(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Vec<Published>> {
    items(
        connection,
        select!("WHERE topic = ?1 ORDER BY first_published, guid"),
        [topic.as_str()],
    )
}

/// Returns the published items of these stories, story after story, the oldest first.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Published>> {
    let mut found = Vec::new();
    for story in stories {
        let sql = select!("WHERE story = ?1 ORDER BY first_published, guid, topic");
        found.extend(items(connection, sql, [story.as_bytes()])?);
    }
    Ok(found)
}

/// Returns every published item, by topic and guid.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Published>> {
    items(connection, select!("ORDER BY topic, guid"), [])
}

fn items(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Published>> {
    let mut statement = connection.prepare_cached(sql)?;
    let items = statement.query_map(params, |row| {
        let mut columns = Columns::new(row);
        Ok(Published {
            guid: columns.next()?,
            topic: columns.topic()?,
            story: columns.story()?,
            linked: columns.entry()?,
            first_published: columns.time()?,
            updated: columns.time()?,
            content_hash: columns.next()?,
        })
    })?;
    items.collect()
}
