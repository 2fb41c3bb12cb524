//! The table `delivery`: what is to be told outside, until it has arrived or was given up.

use super::column::{Columns, signed};
use crate::model::{Delivery, DeliveryEnd, DeliveryKind, DeliveryResult, Digest128, FailedDeliveries, NewDelivery, Timestamp, TopicId};
use rusqlite::{Connection, OptionalExtension, params};

/// Stores a delivery. One of the same event and target stays as it is; that of a feed waits again when the feed has another content than it last told.
pub(super) fn insert(connection: &Connection, new: &NewDelivery) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO delivery (kind, topic, event, target, payload, content, created, next, done)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
         ON CONFLICT (event, target) DO UPDATE SET content = excluded.content,
           created = CASE WHEN done IS NULL THEN created ELSE excluded.created END,
           next = CASE WHEN done IS NULL THEN next ELSE excluded.next END,
           attempts = CASE WHEN done IS NULL THEN attempts ELSE 0 END, error = NULL, detail = NULL, done = NULL
         WHERE content IS NOT excluded.content",
    )?;
    statement.execute(params![
        new.kind.as_str(),
        new.topic.as_ref().map(TopicId::as_str),
        new.event,
        new.target,
        new.payload,
        new.content,
        new.created.unix(),
        new.is_told.then(|| new.created.unix()),
    ])?;
    Ok(())
}

/// Returns the first `limit` waiting deliveries of each target, target after target, in the order in which they were made.
pub(in crate::store) fn waiting(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<Delivery>> {
    let mut next_target =
        connection.prepare_cached("SELECT min(target) FROM delivery INDEXED BY delivery_waiting WHERE done IS NULL AND target > ?1")?;
    let mut of_target = connection.prepare_cached(
        "SELECT number, kind, topic, event, target, payload, content, created, next, attempts FROM delivery INDEXED BY delivery_waiting
         WHERE done IS NULL AND target = ?1 ORDER BY number LIMIT ?2",
    )?;
    let mut found = Vec::new();
    let mut last: Vec<u8> = Vec::new();
    while let Some(target) = next_target.query_row([&last], |row| row.get::<_, Option<Vec<u8>>>(0))? {
        for delivery in of_target.query_map(params![target, signed(limit as u64)], |row| read(&mut Columns::new(row)))? {
            found.push(delivery?);
        }
        last = target;
    }
    Ok(found)
}

/// Returns which of these events are stored for the target.
pub(in crate::store) fn known(connection: &Connection, events: &[String], target: Digest128) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT event FROM delivery WHERE event = ?1 AND target = ?2")?;
    let mut found = Vec::new();
    for event in events {
        found.extend(
            statement
                .query_row(params![event, target], |row| row.get::<_, String>(0))
                .optional()?,
        );
    }
    Ok(found)
}

/// Stores the result of an attempt.
pub(in crate::store) fn end(connection: &Connection, result: &DeliveryResult) -> rusqlite::Result<()> {
    let (code, detail) = (!result.error.0.is_empty())
        .then_some(&result.error)
        .map_or((None, None), |(code, detail)| (Some(code), Some(detail)));
    match result.end {
        // A hub's address is needed again; of all else nothing is.
        DeliveryEnd::Sent | DeliveryEnd::GivenUp => connection
            .prepare_cached(
                "UPDATE delivery SET done = ?3, attempts = attempts + 1, error = ?4, detail = ?5,
                   payload = CASE kind WHEN 'hub' THEN payload ELSE '' END
                 WHERE number = ?1 AND content IS ?2 AND done IS NULL",
            )?
            .execute(params![result.number, result.content, result.at.unix(), code, detail])?,
        DeliveryEnd::Waits(next) => connection
            .prepare_cached(
                "UPDATE delivery SET next = ?2, attempts = attempts + 1, error = ?3, detail = ?4 WHERE number = ?1 AND done IS NULL",
            )?
            .execute(params![result.number, next.unix(), code, detail])?,
    };
    Ok(())
}

/// Returns what has failed of each target: what waits, and what was given up since `since`.
pub(in crate::store) fn failed(connection: &Connection, since: Timestamp) -> rusqlite::Result<Vec<FailedDeliveries>> {
    let mut statement = connection.prepare_cached(
        "SELECT target, topic, done IS NOT NULL, created, coalesce(detail, error) FROM delivery INDEXED BY delivery_failed
         WHERE error IS NOT NULL AND (done IS NULL OR done >= ?1) ORDER BY target, number",
    )?;
    let mut found: Vec<FailedDeliveries> = Vec::new();
    let mut rows = statement.query([since.unix()])?;
    while let Some(row) = rows.next()? {
        let mut columns = Columns::new(row);
        let (target, topic, is_given_up, created, detail) = (
            columns.next()?,
            columns.optional_topic()?,
            columns.next::<bool>()?,
            columns.time()?,
            columns.next()?,
        );
        if found.last().is_none_or(|last| last.target != target) {
            found.push(FailedDeliveries {
                target,
                topic: None,
                given_up: 0,
                waiting: 0,
                since: created,
                detail: String::new(),
            });
        }
        if let Some(last) = found.last_mut() {
            *(if is_given_up { &mut last.given_up } else { &mut last.waiting }) += 1;
            (last.topic, last.detail) = (topic, detail);
        }
    }
    Ok(found)
}

fn read(columns: &mut Columns) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        number: columns.next()?,
        kind: columns.word(DeliveryKind::from_word)?,
        topic: columns.optional_topic()?,
        event: columns.next()?,
        target: columns.next()?,
        payload: columns.next()?,
        content: columns.next()?,
        created: columns.time()?,
        next: columns.time()?,
        attempts: columns.next()?,
    })
}
