//! The table `problem`: the defects seen at each source's last visit, and since when.

use super::column::Columns;
use crate::model::{Problem, SourceId};
use crate::store::records::SourceProblem;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Stores the problems of a source in place of its former ones, with the time of its last visit; one that it had before keeps its time.
pub(super) fn replace(connection: &Connection, source: i64, problems: &[Problem]) -> rusqlite::Result<()> {
    let mut former = connection.prepare_cached("SELECT code, min(at) FROM problem WHERE source = ?1 GROUP BY code")?;
    let former = former.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let former: BTreeMap<String, i64> = former.collect::<rusqlite::Result<_>>()?;
    connection
        .prepare_cached("DELETE FROM problem WHERE source = ?1")?
        .execute([source])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO problem (source, place, code, detail, at) VALUES (?1, ?2, ?3, ?4,
           coalesce(?5, (SELECT last_visit FROM source_state WHERE source = ?1), (SELECT max(started) FROM run), 0))",
    )?;
    for (place, problem) in (0_i64..).zip(problems) {
        statement.execute(params![source, place, problem.code, problem.detail, former.get(problem.code)])?;
    }
    Ok(())
}

/// Returns the problems of one source or of all, by source, in the order in which they were seen.
pub(in crate::store) fn by_source(connection: &Connection, source: Option<&SourceId>) -> rusqlite::Result<Vec<SourceProblem>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.slug, p.code, p.detail, p.at FROM problem p JOIN source s ON s.row = p.source
         WHERE ?1 IS NULL OR s.slug = ?1 ORDER BY s.slug, p.place",
    )?;
    let problems = statement.query_map([source.map(SourceId::as_str)], |row| {
        let mut columns = Columns::new(row);
        Ok(SourceProblem {
            source: columns.source()?,
            code: columns.next()?,
            detail: columns.next()?,
            at: columns.time()?,
        })
    })?;
    problems.collect()
}
