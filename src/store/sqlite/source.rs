//! The tables `source` and `source_state`: which sources are configured, and the state of each.

use super::column::{Columns, optional_seconds, optional_unix, signed, to_json, unsigned};
use crate::model::{
    Cadence, Digest128, FailureReason, HeldAddress, PermanentRedirect, RefreshHints, SourceHealth, SourceId, SourceState, Timestamp,
};
use crate::store::records::ConfiguredSource;
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::collections::HashMap;

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT s.slug, t.url, t.answered_by, t.etag, t.last_modified, t.body_hash, t.last_visit, t.last_success, t.next_visit,
                    coalesce(t.failures, 0), t.failing_since, coalesce(t.health, 'new'), t.since, coalesce(t.visits, 0),
                    coalesce(t.failed_visits, 0), coalesce(t.recent, 0), t.reason, t.detail, t.suggestion, t.ttl, t.update_period,
                    t.skip_hours, t.skip_days, t.max_age, t.per_day, t.per_day_lately, t.usual_gap, t.newest, t.wait, t.works,
                    t.moved_from, t.moved_to, t.moved_since, coalesce(t.moved_visits, 0), coalesce(t.adopted, 0),
                    coalesce(t.uncompressed, 0), t.reservations, t.feed_title, t.feed_link, t.seen_since, coalesce(t.flooded, 0), t.new_day,
                    coalesce(t.new_count, 0), t.unmodified_since, t.held, t.reading
             FROM source s LEFT JOIN source_state t ON t.source = s.row ",
            $tail
        )
    };
}

/// The row numbers of sources, looked up once in each transaction.
pub(super) struct SourceRows<'c> {
    connection: &'c Connection,
    known: HashMap<SourceId, i64>,
}

impl<'c> SourceRows<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            known: HashMap::new(),
        }
    }

    /// Returns the row number of `source`. One that was never configured gets a row, but is not present.
    pub(super) fn row(&mut self, source: &SourceId) -> rusqlite::Result<i64> {
        if let Some(row) = self.known.get(source) {
            return Ok(*row);
        }
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO source (slug) VALUES (?1) ON CONFLICT DO NOTHING")?;
        insert.execute([source.as_str()])?;
        let mut find = self.connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
        let row = find.query_row([source.as_str()], |row| row.get(0))?;
        self.known.insert(source.clone(), row);
        Ok(row)
    }
}

/// Marks exactly `sources` as present, and stores what is published of them. The facts of a known source stay as they are until its stories were
/// evaluated with the new ones.
pub(in crate::store) fn sync(connection: &Connection, sources: &[ConfiguredSource]) -> rusqlite::Result<()> {
    connection.execute("UPDATE source SET present = 0 WHERE present = 1", [])?;
    let mut upsert = connection.prepare_cached(
        "INSERT INTO source (slug, present, name, site, facts) VALUES (?1, 1, ?2, ?3, ?4)
         ON CONFLICT (slug) DO UPDATE SET present = 1, name = excluded.name, site = excluded.site, facts = coalesce(facts, excluded.facts)",
    )?;
    for source in sources {
        upsert.execute(params![source.id.as_str(), source.name, source.site, source.facts])?;
    }
    Ok(())
}

/// Returns the sources as they were last synchronized: the present ones, and those that were removed from the configuration, by id.
pub(in crate::store) fn configured(connection: &Connection) -> rusqlite::Result<Vec<(ConfiguredSource, bool)>> {
    let mut statement = connection.prepare_cached("SELECT slug, coalesce(name, slug), site, facts, present FROM source ORDER BY slug")?;
    let sources = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        let source = ConfiguredSource {
            id: columns.source()?,
            name: columns.next()?,
            site: columns.next()?,
            facts: columns.next()?,
        };
        Ok((source, columns.next()?))
    })?;
    sources.collect()
}

/// Stores the facts of a source with which its stories were evaluated.
pub(super) fn set_facts(connection: &Connection, row: i64, facts: Digest128) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE source SET facts = ?2 WHERE row = ?1")?
        .execute(params![row, facts])?;
    Ok(())
}

/// Adds to the number of entries of a source.
pub(super) fn count_entries(connection: &Connection, row: i64, more: i64) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("UPDATE source SET entries = entries + ?2 WHERE row = ?1")?;
    statement.execute([row, more])?;
    Ok(())
}

/// Stores the new `state` of a source.
pub(super) fn upsert(connection: &Connection, row: i64, state: &SourceState) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO source_state (source, url, answered_by, etag, last_modified, body_hash, last_visit, last_success, next_visit,
           failures, failing_since, health, since, visits, failed_visits, recent, reason, detail, suggestion, ttl, update_period,
           skip_hours, skip_days, max_age, per_day, per_day_lately, usual_gap, newest, wait, works, moved_from, moved_to, moved_since,
           moved_visits, adopted, uncompressed, reservations, feed_title, feed_link, seen_since, flooded, new_day, new_count, unmodified_since, held,
           reading)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,
           ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46)",
    )?;
    let (cadence, moved) = (state.cadence.as_ref(), state.moved.as_ref());
    statement.execute(params![
        row,
        state.url,
        state.answered_by,
        state.etag,
        state.last_modified,
        state.body_hash,
        optional_unix(state.last_visit),
        optional_unix(state.last_success),
        optional_unix(state.next_visit),
        state.failures,
        optional_unix(state.failing_since),
        state.health.as_str(),
        optional_unix(state.since),
        signed(state.visits),
        signed(state.failed_visits),
        state.recent_failures,
        state.reason.map(FailureReason::as_str),
        state.detail,
        state.suggestion,
        optional_seconds(state.hints.ttl),
        optional_seconds(state.hints.update_period),
        to_json(&state.hints.skip_hours),
        to_json(&state.hints.skip_days),
        optional_seconds(state.max_age),
        cadence.map(|cadence| cadence.per_day),
        cadence.map(|cadence| cadence.recent_per_day),
        optional_seconds(cadence.and_then(|cadence| cadence.usual_gap)),
        optional_unix(cadence.and_then(|cadence| cadence.newest)),
        optional_seconds(state.wait),
        state.working_url,
        moved.map(|moved| &moved.from),
        moved.map(|moved| &moved.to),
        moved.map(|moved| moved.since.unix()),
        moved.map_or(0, |moved| moved.visits),
        moved.is_some_and(|moved| moved.adopted),
        state.uncompressed,
        to_json(&state.reservations),
        state.feed_title,
        state.feed_link,
        optional_unix(state.seen_since),
        state.flooded,
        state.new_day,
        signed(state.new_count),
        optional_unix(state.unmodified_since),
        to_json(
            &state
                .held
                .iter()
                .map(|held| (&*held.address, held.until.unix()))
                .collect::<Vec<_>>()
        ),
        state.reading,
    ])?;
    Ok(())
}

/// Returns the present sources that are due, the longest due first.
///
/// A last visit in the future was written by a clock that has since been set back: that source is due, and so is one that was never
/// visited.
pub(in crate::store) fn due(connection: &Connection, now: Timestamp, limit: usize) -> rusqlite::Result<Vec<SourceState>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    states(
        connection,
        select!(
            "WHERE s.present = 1 AND (t.next_visit IS NULL OR t.next_visit <= ?1 OR t.last_visit IS NULL OR t.last_visit > ?1)
             ORDER BY t.next_visit NULLS FIRST, s.slug LIMIT ?2"
        ),
        params![now.unix(), limit],
    )
}

/// Returns the states of the present sources, by id.
pub(in crate::store) fn present(connection: &Connection) -> rusqlite::Result<Vec<SourceState>> {
    states(connection, select!("WHERE s.present = 1 ORDER BY s.slug"), [])
}

/// Returns the state of one source, present or not.
pub(in crate::store) fn by_id(connection: &Connection, source: &SourceId) -> rusqlite::Result<Option<SourceState>> {
    let mut statement = connection.prepare_cached(select!("WHERE s.slug = ?1"))?;
    statement
        .query_row([source.as_str()], |row| read(&mut Columns::new(row)))
        .optional()
}

fn states(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<SourceState>> {
    let mut statement = connection.prepare_cached(sql)?;
    let states = statement.query_map(params, |row| read(&mut Columns::new(row)))?;
    states.collect()
}

fn read(columns: &mut Columns) -> rusqlite::Result<SourceState> {
    Ok(SourceState {
        source: columns.source()?,
        url: columns.next()?,
        answered_by: columns.next()?,
        etag: columns.next()?,
        last_modified: columns.next()?,
        body_hash: columns.next()?,
        last_visit: columns.optional_time()?,
        last_success: columns.optional_time()?,
        next_visit: columns.optional_time()?,
        failures: columns.next()?,
        failing_since: columns.optional_time()?,
        health: columns.word(SourceHealth::from_word)?,
        since: columns.optional_time()?,
        visits: columns.next().map(unsigned)?,
        failed_visits: columns.next().map(unsigned)?,
        recent_failures: columns.next()?,
        reason: columns.optional_word(FailureReason::from_word)?,
        detail: columns.next()?,
        suggestion: columns.next()?,
        hints: RefreshHints {
            ttl: columns.duration()?,
            update_period: columns.duration()?,
            skip_hours: columns.json_list()?,
            skip_days: columns.json_list()?,
        },
        max_age: columns.duration()?,
        cadence: cadence(columns)?,
        wait: columns.duration()?,
        working_url: columns.next()?,
        moved: moved(columns)?,
        uncompressed: columns.next()?,
        reservations: columns.json_list()?,
        feed_title: columns.next()?,
        feed_link: columns.next()?,
        seen_since: columns.optional_time()?,
        flooded: columns.next()?,
        new_day: columns.next()?,
        new_count: columns.next().map(unsigned)?,
        unmodified_since: columns.optional_time()?,
        held: held(columns)?,
        reading: columns.next()?,
    })
}

fn held(columns: &mut Columns) -> rusqlite::Result<Vec<HeldAddress>> {
    let list: Vec<(String, i64)> = columns.json_list()?;
    let held = list.into_iter().map(|(address, until)| HeldAddress {
        address,
        until: Timestamp::from_unix(until),
    });
    Ok(held.collect())
}

fn cadence(columns: &mut Columns) -> rusqlite::Result<Option<Cadence>> {
    let (per_day, recent_per_day): (Option<f64>, Option<f64>) = (columns.next()?, columns.next()?);
    let (usual_gap, newest) = (columns.duration()?, columns.optional_time()?);
    Ok(per_day.zip(recent_per_day).map(|(per_day, recent_per_day)| Cadence {
        per_day,
        recent_per_day,
        usual_gap,
        newest,
    }))
}

fn moved(columns: &mut Columns) -> rusqlite::Result<Option<PermanentRedirect>> {
    let (from, to): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let (since, visits, adopted) = (columns.optional_time()?, columns.next()?, columns.next()?);
    let moved = from.zip(to).zip(since).map(|((from, to), since)| PermanentRedirect {
        from,
        to,
        since,
        visits,
        adopted,
    });
    Ok(moved)
}
