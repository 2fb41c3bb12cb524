//! The tables `placement` and `topic_rule`: stories in topics with their reasons, and the digests of the rules they were evaluated by.

use super::column::{Columns, to_json, unsigned};
use crate::model::{Digest128, Placement, Reason, SourceId, StoryId, Timestamp, TopicId};
use rusqlite::{Connection, OptionalExtension, Params, params};

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT topic, story, entry, score, reasons, placed FROM placement ", $tail)
    };
}

/// Stores a new or changed placement.
pub(super) fn upsert(connection: &Connection, placement: &Placement) -> rusqlite::Result<()> {
    let reasons: Vec<[&str; 3]> = placement.reasons.iter().map(|r| [r.clause.as_str(), &r.field, &r.words]).collect();
    let mut statement = connection
        .prepare_cached("INSERT OR REPLACE INTO placement (topic, story, entry, score, reasons, placed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    statement.execute(params![
        placement.topic.as_str(),
        placement.story.as_bytes(),
        placement.entry.as_bytes(),
        // SQLite stores NaN as NULL.
        if placement.score.is_nan() { 0.0 } else { placement.score },
        to_json(&reasons),
        placement.placed.unix(),
    ])?;
    Ok(())
}

/// Deletes a placement.
pub(super) fn remove(connection: &Connection, topic: &TopicId, story: &StoryId) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM placement WHERE topic = ?1 AND story = ?2")?;
    statement.execute(params![topic.as_str(), story.as_bytes()])?;
    Ok(())
}

/// Returns the placements of a topic, the latest first.
pub(in crate::store) fn by_topic(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Vec<Placement>> {
    placements(
        connection,
        select!("WHERE topic = ?1 ORDER BY placed DESC, story"),
        [topic.as_str()],
    )
}

/// Returns the placements of these stories, story after story, by topic.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Placement>> {
    let mut found = Vec::new();
    for story in stories {
        found.extend(placements(
            connection,
            select!("WHERE story = ?1 ORDER BY topic"),
            [story.as_bytes()],
        )?);
    }
    Ok(found)
}

/// Returns every placement, by topic and story.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Placement>> {
    placements(connection, select!("ORDER BY topic, story"), [])
}

/// Stores the digest of the rule by which a topic's placements were evaluated, and when its feed last changed.
pub(super) fn set_topic_stamp(connection: &Connection, topic: &TopicId, digest: Digest128, changed: Timestamp) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO topic_rule (topic, digest, judged) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![topic.as_str(), digest, changed.unix()])?;
    Ok(())
}

/// Deletes the stamp of a topic that is published no longer.
pub(super) fn remove_topic_stamp(connection: &Connection, topic: &TopicId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM topic_rule WHERE topic = ?1")?
        .execute([topic.as_str()])?;
    Ok(())
}

/// Returns the topics that have a stamp, by id.
pub(in crate::store) fn stamped_topics(connection: &Connection) -> rusqlite::Result<Vec<TopicId>> {
    let mut statement = connection.prepare_cached("SELECT topic FROM topic_rule ORDER BY topic")?;
    let topics = statement.query_map([], |row| Columns::new(row).topic())?;
    topics.collect()
}

/// Returns, for each topic and source, the number of placements that show an entry of the source's first visit.
pub(in crate::store) fn count_of_first_visits(connection: &Connection) -> rusqlite::Result<Vec<(TopicId, SourceId, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.topic, s.slug, count(*)
         FROM (SELECT source, min(first_seen) AS seen FROM entry GROUP BY source) b
         JOIN source s ON s.row = b.source JOIN entry e ON e.source = b.source AND e.first_seen = b.seen JOIN placement p ON p.entry = e.id
         GROUP BY p.topic, s.slug ORDER BY p.topic, s.slug",
    )?;
    let counts = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.topic()?, columns.source()?, unsigned(columns.next()?)))
    })?;
    counts.collect()
}

/// Returns the digest of the rule by which a topic's placements were evaluated, and when its feed last changed.
pub(in crate::store) fn topic_stamp(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Option<(Digest128, Timestamp)>> {
    let mut statement = connection.prepare_cached("SELECT digest, judged FROM topic_rule WHERE topic = ?1")?;
    statement
        .query_row([topic.as_str()], |row| Ok((row.get(0)?, Timestamp::from_unix(row.get(1)?))))
        .optional()
}

fn placements(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Placement>> {
    let mut statement = connection.prepare_cached(sql)?;
    let placements = statement.query_map(params, |row| {
        let mut columns = Columns::new(row);
        Ok(Placement {
            topic: columns.topic()?,
            story: columns.story()?,
            entry: columns.entry()?,
            score: columns.next()?,
            reasons: columns.json_list()?.into_iter().map(reason).collect(),
            placed: columns.time()?,
        })
    })?;
    placements.collect()
}

fn reason([clause, field, words]: [String; 3]) -> Reason {
    Reason { clause, field, words }
}
