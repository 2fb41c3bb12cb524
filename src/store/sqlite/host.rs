//! The table `host_state`: until when a host is held (429, Retry-After), and its robots.txt.

use super::column::{Columns, optional_unix};
use crate::model::{HostKey, HostState, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::time::Duration;

/// Stores the new facts about a host. A state without a hold leaves a stored hold as it is, and one without a robots.txt the stored robots.txt:
/// the two are learned at different times.
pub(super) fn update(connection: &Connection, state: &HostState) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO host_state (host) VALUES (?1)")?
        .execute([state.host.as_str()])?;
    if state.held_until.is_some() {
        connection
            .prepare_cached("UPDATE host_state SET held_until = ?2 WHERE host = ?1")?
            .execute(params![state.host.as_str(), optional_unix(state.held_until)])?;
    }
    if state.robots_expires.is_some() {
        let delay = state.crawl_delay.map(|delay| i64::try_from(delay.as_millis()).unwrap_or(i64::MAX));
        let mut statement = connection.prepare_cached(
            "UPDATE host_state SET robots = ?2, robots_expires = ?3, crawl_delay_ms = ?4, robots_unreachable = ?5 WHERE host = ?1",
        )?;
        statement.execute(params![
            state.host.as_str(),
            state.robots,
            optional_unix(state.robots_expires),
            delay,
            optional_unix(state.robots_unreachable),
        ])?;
    }
    Ok(())
}

macro_rules! select {
    ($robots:literal, $tail:literal) => {
        concat!(
            "SELECT host, held_until, ",
            $robots,
            ", robots_expires, crawl_delay_ms, robots_unreachable FROM host_state ",
            $tail
        )
    };
}

/// Returns the state of a host.
pub(in crate::store) fn by_key(connection: &Connection, host: &HostKey) -> rusqlite::Result<Option<HostState>> {
    let mut statement = connection.prepare_cached(select!("robots", "WHERE host = ?1"))?;
    statement.query_row([host.as_str()], read).optional()
}

/// Returns the states of the hosts that are held at `now` or have a crawl delay, without their robots.txt.
pub(in crate::store) fn limited(connection: &Connection, now: Timestamp) -> rusqlite::Result<Vec<HostState>> {
    let mut held = connection.prepare_cached(select!("NULL", "INDEXED BY host_held WHERE held_until > ?1"))?;
    let mut delayed = connection.prepare_cached(select!("NULL", "INDEXED BY host_delayed WHERE crawl_delay_ms > 0"))?;
    let mut states: Vec<HostState> = held.query_map([now.unix()], read)?.collect::<rusqlite::Result<_>>()?;
    for state in delayed.query_map([], read)? {
        states.push(state?);
    }
    Ok(states)
}

fn read(row: &Row<'_>) -> rusqlite::Result<HostState> {
    let mut columns = Columns::new(row);
    Ok(HostState {
        host: HostKey::from_stored(columns.next()?),
        held_until: columns.optional_time()?,
        robots: columns.next()?,
        robots_expires: columns.optional_time()?,
        crawl_delay: columns.next::<Option<i64>>()?.map(|ms| Duration::from_millis(ms.unsigned_abs())),
        robots_unreachable: columns.optional_time()?,
    })
}
