//! The table `revision`: the contents of entries before their publishers changed them.

use super::column::Columns;
use crate::model::{EntryId, Timestamp};
use crate::store::records::Revision;
use rusqlite::{Connection, Params, Row, params};

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT e.id, r.number, r.seen, r.title, r.summary, r.content, r.content_hash FROM revision r JOIN entry e ON e.row = r.entry ",
            $tail
        )
    };
}

/// How many of the first and of the last revisions of an entry are kept: a page that changes at each visit must not fill the database.
const KEPT_AT_EACH_END: i64 = 5;

/// Stores the present content of the entry in `row`, before it is overwritten. Of more than ten revisions the first five and the last five stay.
pub(super) fn insert_current(connection: &Connection, row: i64, seen: Timestamp) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO revision (entry, number, seen, title, summary, content, content_hash)
         SELECT e.row, (SELECT coalesce(max(number), 0) + 1 FROM revision WHERE entry = ?1), ?2, e.title, t.summary, t.content, e.content_hash
         FROM entry e LEFT JOIN entry_text t ON t.entry = e.row WHERE e.row = ?1",
    )?;
    statement.execute(params![row, seen.unix()])?;
    let mut delete = connection.prepare_cached(
        "DELETE FROM revision WHERE entry = ?1 AND number > ?2 AND number <= (SELECT max(number) FROM revision WHERE entry = ?1) - ?2",
    )?;
    delete.execute([row, KEPT_AT_EACH_END])?;
    Ok(())
}

/// Returns the revisions of an entry, the oldest first.
pub(in crate::store) fn by_entry(connection: &Connection, entry: &EntryId) -> rusqlite::Result<Vec<Revision>> {
    let mut found = Vec::new();
    for_each_selected(
        connection,
        select!("WHERE e.id = ?1 ORDER BY r.number"),
        [entry.as_bytes()],
        &mut |revision| found.push(revision),
    )?;
    Ok(found)
}

/// Passes every revision to `each`, by entry and number.
pub(super) fn for_each(connection: &Connection, each: &mut dyn FnMut(Revision)) -> rusqlite::Result<()> {
    for_each_selected(connection, select!("ORDER BY e.id, r.number"), [], each)
}

fn for_each_selected(connection: &Connection, sql: &str, params: impl Params, each: &mut dyn FnMut(Revision)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        each(read(row)?);
    }
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<Revision> {
    let mut columns = Columns::new(row);
    Ok(Revision {
        entry: columns.entry()?,
        number: columns.next()?,
        seen: columns.time()?,
        title: columns.next()?,
        summary: columns.optional_clean_html()?,
        content: columns.optional_clean_html()?,
        content_hash: columns.next()?,
    })
}
