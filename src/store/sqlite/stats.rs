//! The sizes of the tables, and `SQLite`'s check of the file.

use super::column::unsigned;
use super::entry;
use crate::store::records::{Stats, TableSize};
use rusqlite::Connection;
use std::collections::HashMap;

/// Counts everything. Reads the whole file once.
pub(in crate::store) fn stats(connection: &Connection) -> rusqlite::Result<Stats> {
    let tables = tables(connection)?;
    let rows = |name: &str| tables.iter().find(|table| table.name == name).map_or(0, |table| table.rows);
    let (entries, copy_groups) = entry::count(connection)?;
    Ok(Stats {
        sources: number(connection, "SELECT count(*) FROM source WHERE present = 1")?,
        entries,
        copy_groups,
        articles: rows("article"),
        stories: rows("story"),
        placements: rows("placement"),
        bytes: number(connection, "PRAGMA page_count")? * number(connection, "PRAGMA page_size")?,
        tables,
    })
}

/// Returns the damage that `PRAGMA quick_check` finds; empty when there is none.
pub(in crate::store) fn quick_check(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA quick_check")?;
    let mut lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    lines.retain(|line| line != "ok");
    Ok(lines)
}

/// Returns the size of each table, those of the full-text index in one.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<TableSize>> {
    let bytes = bytes(connection)?;
    let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let is_part = |name: &str| name.strip_prefix(SEARCH).is_some_and(|rest| rest.starts_with('_'));
    let table = |name: String| {
        let rows = if name == SEARCH { "entry_search_docsize" } else { &name };
        let of_parts = bytes.iter().filter(|(part, _)| name == SEARCH && is_part(part));
        Ok(TableSize {
            // The names come from griot's own schema; none holds a quotation mark.
            rows: number(connection, &format!("SELECT count(*) FROM \"{rows}\""))?,
            bytes: bytes.get(&name).copied().unwrap_or_default() + of_parts.map(|(_, bytes)| bytes).sum::<u64>(),
            name,
        })
    };
    names.into_iter().filter(|name| !is_part(name)).map(table).collect()
}

/// The table of the full-text index; those of its parts begin with the same name.
const SEARCH: &str = "entry_search";

/// Returns the bytes of each table, its indexes included.
fn bytes(connection: &Connection) -> rusqlite::Result<HashMap<String, u64>> {
    let mut statement =
        connection.prepare("SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_schema m ON m.name = d.name GROUP BY m.tbl_name")?;
    let sizes = statement.query_map([], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    sizes.collect()
}

fn number(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    connection.query_row(sql, [], |row| row.get(0)).map(unsigned)
}
