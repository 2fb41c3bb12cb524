//! The table `provenance`: the request and the answer from which an entry or a page came.

use super::column::{Columns, signed, to_json, unsigned};
use super::entry_row;
use crate::model::{EntryId, Provenance, SourceId};
use rusqlite::{Connection, OptionalExtension, Params, params};

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT s.slug, e.id, p.url, p.final_url, p.redirects, p.status, p.etag, p.last_modified, p.body_hash, p.size, p.fetched
             FROM provenance p JOIN source s ON s.row = p.source LEFT JOIN entry e ON e.row = p.entry ",
            $tail
        )
    };
}

/// Stores the provenance of a page or a feed. Of a page the last request is kept; of a feed the last, and those that brought entries.
pub(super) fn upsert(connection: &Connection, source: i64, provenance: &Provenance) -> rusqlite::Result<()> {
    let row = match &provenance.entry {
        None => 0,
        Some(id) => match entry_row::row_of(connection, id)? {
            Some(row) => row,
            None => return Ok(()),
        },
    };
    let mut delete_superseded = connection.prepare_cached(
        "DELETE FROM provenance WHERE entry = ?1 AND source = ?2 AND (?1 > 0 OR fetched < ?3
           AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.first_seen = provenance.fetched AND e.source = ?2))",
    )?;
    delete_superseded.execute(params![row, source, provenance.fetched.unix()])?;
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO provenance (entry, source, fetched, url, final_url, redirects, status, etag, last_modified, body_hash, size)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    statement.execute(params![
        row,
        source,
        provenance.fetched.unix(),
        provenance.url,
        provenance.final_url,
        to_json(&provenance.redirects),
        provenance.status,
        provenance.etag,
        provenance.last_modified,
        provenance.body_hash,
        signed(provenance.size),
    ])?;
    Ok(())
}

/// Returns the provenance of an entry: the feed's answer in which it was first seen, where it is still stored, then its page's.
pub(in crate::store) fn by_entry(connection: &Connection, entry: &EntryId) -> rusqlite::Result<Vec<Provenance>> {
    let of_feed = select!("JOIN entry o ON o.id = ?1 WHERE p.entry = 0 AND p.source = o.source AND p.fetched = o.first_seen");
    let of_page = select!("WHERE p.entry = (SELECT row FROM entry WHERE id = ?1) ORDER BY p.fetched");
    let mut found = all(connection, of_feed, [entry.as_bytes()])?;
    found.extend(all(connection, of_page, [entry.as_bytes()])?);
    Ok(found)
}

/// Returns the last request for a source's feed.
pub(in crate::store) fn by_source(connection: &Connection, source: &SourceId) -> rusqlite::Result<Option<Provenance>> {
    let mut statement = connection.prepare_cached(select!("WHERE p.entry = 0 AND s.slug = ?1 ORDER BY p.fetched DESC LIMIT 1"))?;
    statement
        .query_row([source.as_str()], |row| read(&mut Columns::new(row)))
        .optional()
}

fn all(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Provenance>> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params, |row| read(&mut Columns::new(row)))?;
    found.collect()
}

fn read(columns: &mut Columns) -> rusqlite::Result<Provenance> {
    Ok(Provenance {
        source: columns.source()?,
        entry: columns.optional_entry()?,
        url: columns.next()?,
        final_url: columns.next()?,
        redirects: columns.json_list()?,
        status: columns.next()?,
        etag: columns.next()?,
        last_modified: columns.next()?,
        body_hash: columns.next()?,
        size: columns.next().map(unsigned)?,
        fetched: columns.time()?,
    })
}
