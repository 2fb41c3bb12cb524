//! The table `story`: each story's lead, founding time and earlier story.

use super::column::{Columns, optional_unix};
use crate::model::{Story, StoryId, Timestamp};
use rusqlite::{Connection, Params, params};

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT id, lead, founded, earlier FROM story ", $tail)
    };
}

/// Stores a new or changed story.
pub(super) fn upsert(connection: &Connection, story: &Story) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO story (id, lead, founded, earlier) VALUES (?1, ?2, ?3, ?4)")?;
    let earlier = story.earlier.as_ref().map(StoryId::as_bytes);
    statement.execute(params![story.id.as_bytes(), story.lead.as_bytes(), story.founded.unix(), earlier])?;
    Ok(())
}

/// Returns the stories with these ids, in this order; unknown ids are left out.
pub(in crate::store) fn by_ids(connection: &Connection, ids: &[StoryId]) -> rusqlite::Result<Vec<Story>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(stories(connection, select!("WHERE id = ?1"), [id.as_bytes()])?);
    }
    Ok(found)
}

/// Returns the stories founded at or after `since`, the newest first.
pub(in crate::store) fn list(connection: &Connection, since: Option<Timestamp>, limit: Option<usize>) -> rusqlite::Result<Vec<Story>> {
    let limit = limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let since = optional_unix(since).unwrap_or(i64::MIN);
    stories(
        connection,
        select!("WHERE founded >= ?1 ORDER BY founded DESC, id LIMIT ?2"),
        [since, limit],
    )
}

/// Returns the ids of all stories; the story with the newest entry comes first.
pub(in crate::store) fn ids(connection: &Connection) -> rusqlite::Result<Vec<StoryId>> {
    let mut statement =
        connection.prepare_cached("SELECT story FROM entry WHERE story IS NOT NULL GROUP BY story ORDER BY max(date) DESC, story")?;
    let ids = statement.query_map([], |row| Columns::new(row).story())?;
    ids.collect()
}

/// Returns the stories whose ids lie between `low` and `high`, at most two.
pub(in crate::store) fn in_id_range(connection: &Connection, low: [u8; 16], high: [u8; 16]) -> rusqlite::Result<Vec<Story>> {
    stories(
        connection,
        select!("WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 2"),
        params![low, high],
    )
}

/// Returns every story, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Story>> {
    stories(connection, select!("ORDER BY id"), [])
}

fn stories(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Story>> {
    let mut statement = connection.prepare_cached(sql)?;
    let stories = statement.query_map(params, |row| {
        let mut columns = Columns::new(row);
        Ok(Story {
            id: columns.story()?,
            lead: columns.entry()?,
            founded: columns.time()?,
            earlier: columns.optional_story()?,
        })
    })?;
    stories.collect()
}
