//! The table `mark`: pins, hides and notes that an editor set.

use super::column::Columns;
use crate::model::{EntryId, Mark, MarkKind, TopicId};
use rusqlite::{Connection, params};

/// Stores a mark in place of a former one of its kind on the same entry in the same topic.
pub(in crate::store) fn upsert(connection: &Connection, mark: &Mark) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO mark (entry, topic, kind, note, at) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let topic = topic_column(mark.topic.as_ref());
    statement.execute(params![mark.entry.as_bytes(), topic, mark.kind.as_str(), mark.note, mark.at.unix()])?;
    Ok(())
}

/// Deletes a mark; returns whether it was there.
pub(in crate::store) fn remove(
    connection: &Connection,
    entry: &EntryId,
    topic: Option<&TopicId>,
    kind: MarkKind,
) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("DELETE FROM mark WHERE entry = ?1 AND topic = ?2 AND kind = ?3")?;
    let removed = statement.execute(params![entry.as_bytes(), topic_column(topic), kind.as_str()])?;
    Ok(removed > 0)
}

/// Returns every mark, by entry, topic and kind.
pub(in crate::store) fn all(connection: &Connection) -> rusqlite::Result<Vec<Mark>> {
    let mut statement =
        connection.prepare_cached("SELECT entry, nullif(topic, ''), kind, note, at FROM mark ORDER BY entry, topic, kind")?;
    let marks = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok(Mark {
            entry: columns.entry()?,
            topic: columns.optional_topic()?,
            kind: columns.word(MarkKind::from_word)?,
            note: columns.next()?,
            at: columns.time()?,
        })
    })?;
    marks.collect()
}

/// Returns the stored form of a mark's topic. The empty text stands for all topics: in a key `SQLite` treats two NULLs as different.
fn topic_column(topic: Option<&TopicId>) -> &str {
    topic.map_or("", TopicId::as_str)
}
