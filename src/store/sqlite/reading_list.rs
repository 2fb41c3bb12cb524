//! The tables `reading_list` and `listed_source`: lists of feeds that feeds.toml includes.

use super::column::{Columns, optional_unix};
use crate::model::{ListedSource, ReadingList};
use rusqlite::{Connection, params};

/// Stores a list with its sources in place of what was stored of it.
pub(in crate::store) fn replace(connection: &Connection, list: &ReadingList) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM listed_source WHERE list = ?1")?
        .execute([&list.url])?;
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO reading_list (url, etag, last_modified, checked, read, doubted, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    statement.execute(params![
        list.url,
        list.etag,
        list.last_modified,
        list.checked.unix(),
        optional_unix(list.read),
        optional_unix(list.doubted),
        list.problem,
    ])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO listed_source (list, slug, settings, added, removed) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for source in &list.sources {
        insert.execute(params![
            list.url,
            source.id.as_str(),
            source.settings,
            source.added.unix(),
            optional_unix(source.removed)
        ])?;
    }
    Ok(())
}

/// Returns every list with its sources, by address and id.
pub(in crate::store) fn all(connection: &Connection) -> rusqlite::Result<Vec<ReadingList>> {
    let mut statement =
        connection.prepare_cached("SELECT url, etag, last_modified, checked, read, doubted, problem FROM reading_list ORDER BY url")?;
    let lists = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok(ReadingList {
            url: columns.next()?,
            etag: columns.next()?,
            last_modified: columns.next()?,
            checked: columns.time()?,
            read: columns.optional_time()?,
            doubted: columns.optional_time()?,
            problem: columns.next()?,
            sources: Vec::new(),
        })
    })?;
    let mut lists: Vec<ReadingList> = lists.collect::<rusqlite::Result<_>>()?;
    let mut statement =
        connection.prepare_cached("SELECT slug, settings, added, removed FROM listed_source WHERE list = ?1 ORDER BY slug")?;
    for list in &mut lists {
        let sources = statement.query_map([&list.url], |row| {
            let mut columns = Columns::new(row);
            Ok(ListedSource {
                id: columns.source()?,
                settings: columns.next()?,
                added: columns.time()?,
                removed: columns.optional_time()?,
            })
        })?;
        list.sources = sources.collect::<rusqlite::Result<_>>()?;
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use crate::store::sample::{reading_list, store};

    #[test]
    fn a_list_is_replaced_with_its_sources() {
        let (_folder, store) = store();
        let mut list = reading_list();
        store.replace_reading_list(list.clone()).expect("stored");
        assert_eq!(store.reading_lists().expect("read"), [list.clone()]);
        list.sources.pop();
        list.problem = None;
        store.replace_reading_list(list.clone()).expect("stored");
        assert_eq!(store.reading_lists().expect("read"), [list]);
    }
}
