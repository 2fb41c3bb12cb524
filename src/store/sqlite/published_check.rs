//! The table `published_check`: the defects that the last check of the published feeds found.

use super::column::Columns;
use crate::model::PublishedCheck;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Stores the defects in place of the former ones; one that was found before keeps the time of its first check.
pub(in crate::store) fn replace(connection: &Connection, checks: &[PublishedCheck]) -> rusqlite::Result<()> {
    let former: BTreeMap<(String, String), i64> = all(connection)?
        .into_iter()
        .map(|check| ((check.topic, check.code), check.since.unix()))
        .collect();
    connection.prepare_cached("DELETE FROM published_check")?.execute([])?;
    let mut insert = connection.prepare_cached("INSERT INTO published_check (topic, code, detail, since) VALUES (?1, ?2, ?3, ?4)")?;
    for check in checks {
        let since = former.get(&(check.topic.clone(), check.code.clone())).copied();
        insert.execute(params![check.topic, check.code, check.detail, since.unwrap_or(check.since.unix())])?;
    }
    Ok(())
}

/// Returns the defects, by topic and code.
pub(in crate::store) fn all(connection: &Connection) -> rusqlite::Result<Vec<PublishedCheck>> {
    let mut statement = connection.prepare_cached("SELECT topic, code, detail, since FROM published_check ORDER BY topic, code")?;
    let checks = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok(PublishedCheck {
            topic: columns.next()?,
            code: columns.next()?,
            detail: columns.next()?,
            since: columns.time()?,
        })
    })?;
    checks.collect()
}
