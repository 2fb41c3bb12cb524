//! The table `mark_event`: what editors did to entries and stories, and publishers to entries. Rows are only added.

use super::column::{Columns, unsigned};
use super::{archive, entry_row, search_index};
use crate::model::{EntryId, MarkEvent, MarkKind, MarkTarget, StoryId, TopicId};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT at, editor, kind, is_story, target, nullif(topic, ''), note FROM mark_event ",
            $tail
        )
    };
}

/// Stores an event, and has the stories that it concerns evaluated again; a label changes no placement.
pub(in crate::store) fn add(connection: &Connection, event: &MarkEvent) -> rusqlite::Result<()> {
    let mut statement = connection
        .prepare_cached("INSERT INTO mark_event (at, editor, kind, is_story, target, topic, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    let (is_story, target) = match event.target {
        MarkTarget::Entry(id) => (false, *id.as_bytes()),
        MarkTarget::Story(id) => (true, *id.as_bytes()),
    };
    // The empty text stands for all topics.
    let topic = event.topic.as_ref().map_or("", TopicId::as_str);
    statement.execute(params![
        event.at.unix(),
        event.editor,
        event.kind.as_str(),
        is_story,
        target,
        topic,
        event.note
    ])?;
    if matches!(event.kind, MarkKind::Yes | MarkKind::No) {
        return Ok(());
    }
    let sql = if is_story {
        "SELECT row FROM entry WHERE story = ?1"
    } else {
        "SELECT row FROM entry WHERE id = ?1"
    };
    let mut find = connection.prepare_cached(sql)?;
    let rows: Vec<i64> = find.query_map([target], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    // What is hidden in all topics leaves the full-text index before a run writes it.
    let leaves_index = matches!(event.kind, MarkKind::Hide | MarkKind::Withdraw) && event.topic.is_none();
    let is_shown_or_not = matches!(
        event.kind,
        MarkKind::Hide | MarkKind::Unhide | MarkKind::Withdraw | MarkKind::Restore
    );
    for row in rows {
        entry_row::touch(connection, row)?;
        if is_shown_or_not {
            archive::note_change(connection, row)?;
        }
        if leaves_index {
            search_index::remove_entry(connection, row)?;
        }
    }
    Ok(())
}

/// Returns the events of these entries and stories, target after target, in the order in which they happened.
pub(in crate::store) fn of_targets(connection: &Connection, targets: &[MarkTarget]) -> rusqlite::Result<Vec<MarkEvent>> {
    let mut statement = connection.prepare_cached(select!("WHERE target = ?1 AND is_story = ?2 ORDER BY number"))?;
    let mut found = Vec::new();
    for target in targets {
        let (is_story, id) = match target {
            MarkTarget::Entry(id) => (false, id.as_bytes()),
            MarkTarget::Story(id) => (true, id.as_bytes()),
        };
        for event in statement.query_map(params![id, is_story], read)? {
            found.push(event?);
        }
    }
    Ok(found)
}

/// Returns how many labels were given for a topic, those of one entry each.
pub(in crate::store) fn count_labels(connection: &Connection, topic: &TopicId) -> rusqlite::Result<u64> {
    let sql = "SELECT count(*) FROM mark_event INDEXED BY mark_event_label WHERE topic = ?1 AND kind IN ('yes', 'no') AND is_story = 0";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([topic.as_str()], |row| row.get(0)).map(unsigned)
}

/// Returns the entries that were labelled for a topic, each with its last label, in the order of the first labels.
pub(in crate::store) fn labels(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Vec<(EntryId, bool)>> {
    let mut statement = connection.prepare_cached(select!(
        "INDEXED BY mark_event_label WHERE topic = ?1 AND kind IN ('yes', 'no') AND is_story = 0 ORDER BY number"
    ))?;
    let mut labels: Vec<(EntryId, bool)> = Vec::new();
    let mut places: HashMap<EntryId, usize> = HashMap::new();
    for event in statement.query_map([topic.as_str()], read)? {
        let event = event?;
        let MarkTarget::Entry(entry) = event.target else { continue };
        let place = *places.entry(entry).or_insert_with(|| {
            labels.push((entry, false));
            labels.len() - 1
        });
        labels[place].1 = event.kind == MarkKind::Yes;
    }
    Ok(labels)
}

/// Returns whether there are events at all.
pub(in crate::store) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT max(number) IS NOT NULL FROM mark_event")?
        .query_row([], |row| row.get(0))
}

/// Passes every event to `each`, in the order in which they happened.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(MarkEvent)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY number"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(read(row)?);
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<MarkEvent> {
    let mut columns = Columns::new(row);
    let (at, editor, kind) = (columns.time()?, columns.next()?, columns.word(MarkKind::from_word)?);
    let (is_story, target): (bool, [u8; 16]) = (columns.next()?, columns.next()?);
    Ok(MarkEvent {
        at,
        editor,
        kind,
        target: if is_story {
            MarkTarget::Story(StoryId::from_bytes(target))
        } else {
            MarkTarget::Entry(EntryId::from_bytes(target))
        },
        topic: columns.optional_topic()?,
        note: columns.next()?,
    })
}
