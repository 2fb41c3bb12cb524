//! The table `story`: each story's lead, founding time and earlier story.

use super::column::{Columns, unsigned};
use crate::model::{Story, StoryId, Timestamp};
use crate::store::records::KnownStory;
use rusqlite::{Connection, OptionalExtension, Params, params};

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

/// Returns the stories with these ids, in this order, each with when it was first published, and the number of its entries that are no
/// copies; unknown ids are left out.
pub(in crate::store) fn known(connection: &Connection, ids: &[StoryId]) -> rusqlite::Result<Vec<KnownStory>> {
    let mut statement = connection.prepare_cached(
        "SELECT y.id, y.lead, y.founded, y.earlier, (SELECT min(p.first_published) FROM published p WHERE p.story = y.id),
                (SELECT count(*) FROM entry e WHERE e.story = y.id AND e.copy_of IS NULL)
         FROM story y WHERE y.id = ?1",
    )?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let known = statement.query_row([id.as_bytes()], |row| {
            let mut columns = Columns::new(row);
            Ok(KnownStory {
                story: story(&mut columns)?,
                first_published: columns.optional_time()?,
                members: columns.next().map(unsigned)?,
            })
        });
        found.extend(known.optional()?);
    }
    Ok(found)
}

/// Returns the newest stories by founding time and id that are older than the position `before`; at most `limit`.
pub(in crate::store) fn page(connection: &Connection, before: Option<(Timestamp, StoryId)>, limit: usize) -> rusqlite::Result<Vec<Story>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (founded, id) = before.map_or((i64::MAX, [0xff; 16]), |(founded, id)| (founded.unix(), *id.as_bytes()));
    stories(
        connection,
        select!("WHERE (founded, id) < (?1, ?2) ORDER BY founded DESC, id DESC LIMIT ?3"),
        params![founded, id, limit],
    )
}

/// Returns the stories whose ids lie between `low` and `high`, at most two.
pub(in crate::store) fn in_id_range(connection: &Connection, low: [u8; 16], high: [u8; 16]) -> rusqlite::Result<Vec<Story>> {
    stories(
        connection,
        select!("WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 2"),
        params![low, high],
    )
}

/// Passes every story to `each`, by id.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(Story)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(story(&mut Columns::new(row))?);
    }
    Ok(())
}

fn stories(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Story>> {
    let mut statement = connection.prepare_cached(sql)?;
    let stories = statement.query_map(params, |row| story(&mut Columns::new(row)))?;
    stories.collect()
}

fn story(columns: &mut Columns) -> rusqlite::Result<Story> {
    Ok(Story {
        id: columns.story()?,
        lead: columns.entry()?,
        founded: columns.time()?,
        earlier: columns.optional_story()?,
    })
}
