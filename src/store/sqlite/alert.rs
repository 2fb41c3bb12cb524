//! The table `alert`: each alert that was raised, once.

use super::column::{Columns, optional_unix, signed, to_json, unsigned};
use crate::model::{Alert, StoryId, Timestamp};
use rusqlite::{Connection, params};

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT topic, story, at, owners, sources, title, sent FROM alert ", $tail)
    };
}

/// Stores an alert; one that is stored already stays as it is.
pub(super) fn insert(connection: &Connection, alert: &Alert) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO alert (topic, story, at, owners, sources, title, sent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (story, topic, at) DO NOTHING",
    )?;
    statement.execute(params![
        alert.topic.as_str(),
        alert.story.as_bytes(),
        alert.at.unix(),
        to_json(&alert.owners),
        signed(alert.sources as u64),
        alert.title,
        optional_unix(alert.sent),
    ])?;
    Ok(())
}

/// Returns the alerts on these stories, story after story, each by topic and time.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Alert>> {
    let mut statement = connection.prepare_cached(select!("WHERE story = ?1 ORDER BY topic, at"))?;
    let mut found = Vec::new();
    for story in stories {
        for alert in statement.query_map([story.as_bytes()], |row| read(&mut Columns::new(row)))? {
            found.push(alert?);
        }
    }
    Ok(found)
}

/// Returns the alerts since `since` that nobody was told of, by time.
pub(in crate::store) fn untold(connection: &Connection, since: Timestamp) -> rusqlite::Result<Vec<Alert>> {
    let mut statement = connection.prepare_cached(select!("WHERE sent IS NULL AND at >= ?1 ORDER BY at, topic, story"))?;
    let alerts = statement.query_map([since.unix()], |row| read(&mut Columns::new(row)))?;
    alerts.collect()
}

/// Stores when an alert was handed to those who want to know.
pub(super) fn set_told(connection: &Connection, alert: &Alert, at: Timestamp) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare_cached("UPDATE alert SET sent = ?4 WHERE story = ?1 AND topic = ?2 AND at = ?3 AND sent IS NULL")?;
    statement.execute(params![alert.story.as_bytes(), alert.topic.as_str(), alert.at.unix(), at.unix()])?;
    Ok(())
}

/// Passes every alert to `each`, by story, topic and time.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(Alert)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY story, topic, at"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(read(&mut Columns::new(row))?);
    }
    Ok(())
}

fn read(columns: &mut Columns) -> rusqlite::Result<Alert> {
    Ok(Alert {
        topic: columns.topic()?,
        story: columns.story()?,
        at: columns.time()?,
        owners: columns.json_list()?,
        sources: usize::try_from(unsigned(columns.next()?)).unwrap_or(usize::MAX),
        title: columns.next()?,
        sent: columns.optional_time()?,
    })
}
