//! The tables `placement` and `topic_rule`: stories in topics with their reasons, and the digests of the rules by which they were evaluated.

use super::column::{Columns, to_json, unsigned};
use super::source::SourceRows;
use crate::model::{Digest128, Placement, Reason, SourceId, StoryId, Timestamp, TopicId};
use crate::store::records::TopicStamp;
use rusqlite::{Connection, Params, params};
use std::time::Duration;

macro_rules! select {
    ($tail:literal) => {
        select!("", $tail)
    };
    ($index:literal, $tail:literal) => {
        concat!(
            "SELECT p.topic, p.story, p.entry, p.score, p.reasons, p.placed, p.date, s.slug, p.news, p.masked, p.rule, p.waits
             FROM placement p ",
            $index,
            " JOIN source s ON s.row = p.source ",
            $tail
        )
    };
}

/// Stores a new or changed placement.
pub(super) fn upsert(connection: &Connection, rows: &mut SourceRows, placement: &Placement) -> rusqlite::Result<()> {
    let source = rows.row(&placement.source)?;
    let reasons: Vec<[String; 4]> = placement.reasons.iter().map(reason_columns).collect();
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO placement (topic, story, entry, score, reasons, placed, date, source, news, masked, rule, waits)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    statement.execute(params![
        placement.topic.as_str(),
        placement.story.as_bytes(),
        placement.entry.as_bytes(),
        // SQLite stores NaN as NULL.
        if placement.score.is_nan() { 0.0 } else { placement.score },
        to_json(&reasons),
        placement.placed.unix(),
        placement.date.unix(),
        source,
        placement.is_news,
        to_json(&placement.masked),
        placement.rule,
        placement.waits,
    ])?;
    Ok(())
}

/// Returns the published placements of a topic whose items are on a page of its archive, or on none; each with the guid of its item, the oldest first.
pub(in crate::store) fn on_archive_page(
    connection: &Connection,
    topic: &TopicId,
    page: Option<u32>,
) -> rusqlite::Result<Vec<(String, Placement)>> {
    let mut statement = connection.prepare_cached(
        "SELECT p.topic, p.story, p.entry, p.score, p.reasons, p.placed, p.date, s.slug, p.news, p.masked, p.rule, p.waits, u.guid
         FROM published u INDEXED BY published_page
         JOIN placement p ON p.topic = u.topic AND p.story = u.story JOIN source s ON s.row = p.source
         WHERE u.topic = ?1 AND u.page IS ?2 AND u.alias_of IS NULL AND p.waits = 0 ORDER BY p.date, p.story",
    )?;
    let found = statement.query_map(params![topic.as_str(), page], |row| {
        let mut columns = Columns::new(row);
        let placement = placement(&mut columns)?;
        Ok((columns.next()?, placement))
    })?;
    found.collect()
}

/// Deletes a placement.
pub(super) fn remove(connection: &Connection, topic: &TopicId, story: &StoryId) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM placement WHERE topic = ?1 AND story = ?2")?;
    statement.execute(params![topic.as_str(), story.as_bytes()])?;
    Ok(())
}

/// Returns the newest published placements of a topic by the date of the entry that is shown, then by story; at most `limit`.
pub(in crate::store) fn newest(connection: &Connection, topic: &TopicId, limit: usize) -> rusqlite::Result<Vec<Placement>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    placements(
        connection,
        select!("WHERE p.topic = ?1 AND p.waits = 0 ORDER BY p.date DESC, p.story DESC LIMIT ?2"),
        params![topic.as_str(), limit],
    )
}

/// Returns the newest published placements of a topic from `since` on that show no entry of `sources`; at most `limit`.
pub(in crate::store) fn newest_of_others(
    connection: &Connection,
    topic: &TopicId,
    sources: &[SourceId],
    since: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Placement>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let slugs = to_json(&sources.iter().map(SourceId::as_str).collect::<Vec<_>>());
    // The index covers the condition, so the rows of the other sources are not read.
    placements(
        connection,
        select!(
            "WHERE p.topic = ?1 AND p.waits = 0 AND p.date >= ?2 AND p.source NOT IN (SELECT row FROM source WHERE slug IN (SELECT value FROM json_each(?3)))
             ORDER BY p.date DESC, p.story DESC LIMIT ?4"
        ),
        params![topic.as_str(), since.unix(), slugs, limit],
    )
}

/// Returns the published placements of a topic that entries brought since `since`, the newest first; at most `limit`.
pub(in crate::store) fn placed_since(
    connection: &Connection,
    topic: &TopicId,
    since: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Placement>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    placements(
        connection,
        select!(
            "INDEXED BY placement_placed",
            "WHERE p.topic = ?1 AND p.placed > ?2 AND p.news = 1 AND p.waits = 0 ORDER BY p.date DESC, p.story DESC LIMIT ?3"
        ),
        params![topic.as_str(), since.unix(), limit],
    )
}

/// Returns the placements of these stories, story after story, by topic.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Placement>> {
    let mut found = Vec::new();
    for story in stories {
        found.extend(placements(
            connection,
            select!("WHERE p.story = ?1 ORDER BY p.topic"),
            [story.as_bytes()],
        )?);
    }
    Ok(found)
}

/// Returns the stories with an entry that a topic shows, or that editors have pinned to it.
pub(in crate::store) fn held_stories(connection: &Connection, topic: &TopicId) -> rusqlite::Result<Vec<StoryId>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.story FROM placement p JOIN entry e ON e.id = p.entry WHERE p.topic = ?1 AND e.story IS NOT NULL
         UNION SELECT e.story FROM mark_event m JOIN entry e ON e.id = m.target
               WHERE m.kind = 'pin' AND m.topic IN (?1, '') AND m.is_story = 0 AND e.story IS NOT NULL
         UNION SELECT m.target FROM mark_event m WHERE m.kind = 'pin' AND m.topic IN (?1, '') AND m.is_story = 1",
    )?;
    let ids = statement.query_map([topic.as_str()], |row| Columns::new(row).story())?;
    ids.collect()
}

/// Passes every placement to `each`, by topic and story.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(Placement)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY p.topic, p.story"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(placement(&mut Columns::new(row))?);
    }
    Ok(())
}

/// Stores the digest of the rule by which a topic's placements were evaluated, and when its feed last changed.
pub(super) fn set_topic_stamp(connection: &Connection, topic: &TopicId, digest: Digest128, changed: Timestamp) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO topic_rule (topic, digest, judged) VALUES (?1, ?2, ?3)
         ON CONFLICT (topic) DO UPDATE SET digest = excluded.digest, judged = excluded.judged, changes = changes + 1",
    )?;
    statement.execute(params![topic.as_str(), digest, changed.unix()])?;
    Ok(())
}

/// Stores that the feed of a topic was rendered as of `moment`.
pub(super) fn set_rendered(connection: &Connection, topic: &TopicId, moment: Timestamp) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("UPDATE topic_rule SET rendered = ?2 WHERE topic = ?1 AND rendered IS NOT ?2")?;
    statement.execute(params![topic.as_str(), moment.unix()])?;
    Ok(())
}

/// Deletes the stamp of a topic that is published no longer.
pub(super) fn remove_topic_stamp(connection: &Connection, topic: &TopicId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM topic_rule WHERE topic = ?1")?
        .execute([topic.as_str()])?;
    Ok(())
}

/// Returns the stamps of all topics that were ever evaluated and not retired since, by id.
pub(in crate::store) fn topic_stamps(connection: &Connection) -> rusqlite::Result<Vec<TopicStamp>> {
    let mut statement = connection.prepare_cached("SELECT topic, digest, judged, rendered, changes FROM topic_rule ORDER BY topic")?;
    let stamps = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok(TopicStamp {
            topic: columns.topic()?,
            digest: columns.next()?,
            changed: columns.time()?,
            rendered: columns.optional_time()?,
            changes: unsigned(columns.next()?),
        })
    })?;
    stamps.collect()
}

/// Returns how many entries that the visit of `source` at `seen` brought, and that were then older than `old_after`, a topic shows.
pub(in crate::store) fn count_old(
    connection: &Connection,
    topic: &TopicId,
    source: &SourceId,
    seen: Timestamp,
    old_after: Duration,
) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM entry e INDEXED BY entry_seen
         WHERE e.first_seen = ?1 AND e.source = (SELECT row FROM source WHERE slug = ?2) AND e.date < ?3
           AND (EXISTS (SELECT 1 FROM placement p WHERE p.topic = ?4 AND p.story = e.story AND p.entry = e.id)
             OR EXISTS (SELECT 1 FROM placement p WHERE p.topic = ?4 AND p.story = e.id AND p.entry = e.id)
             OR EXISTS (SELECT 1 FROM placement p WHERE p.topic = ?4 AND p.story = e.copy_of AND p.entry = e.id))",
    )?;
    let old_before = seen - old_after;
    statement
        .query_row(params![seen.unix(), source.as_str(), old_before.unix(), topic.as_str()], |row| {
            row.get(0)
        })
        .map(unsigned)
}

fn placements(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Placement>> {
    let mut statement = connection.prepare_cached(sql)?;
    let placements = statement.query_map(params, |row| placement(&mut Columns::new(row)))?;
    placements.collect()
}

fn placement(columns: &mut Columns) -> rusqlite::Result<Placement> {
    Ok(Placement {
        topic: columns.topic()?,
        story: columns.story()?,
        entry: columns.entry()?,
        score: columns.next()?,
        reasons: columns.json_list()?.into_iter().filter_map(reason).collect(),
        placed: columns.time()?,
        date: columns.time()?,
        source: columns.source()?,
        is_news: columns.next()?,
        masked: columns.json_list()?,
        rule: columns.next()?,
        waits: columns.next()?,
    })
}

/// Reads a reason; those of schema 2 have no positions.
fn reason(columns: Vec<String>) -> Option<Reason> {
    let mut columns = columns.into_iter();
    Some(Reason {
        clause: columns.next()?,
        field: columns.next()?,
        words: columns.next()?,
        positions: columns
            .next()
            .unwrap_or_default()
            .split(' ')
            .filter_map(|number| number.parse().ok())
            .collect(),
    })
}

fn reason_columns(reason: &Reason) -> [String; 4] {
    let positions: Vec<String> = reason.positions.iter().map(u32::to_string).collect();
    [
        reason.clause.clone(),
        reason.field.clone(),
        reason.words.clone(),
        positions.join(" "),
    ]
}
