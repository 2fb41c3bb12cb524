//! The tables `entry` and `entry_text`: each entry is stored once, a revision keeps its former content, and compositions are numbered.

use super::column::{Columns, authors_to_json, optional_unix, to_json, unsigned};
use super::{key, revision};
use crate::model::{
    Attribution, Category, CleanHtml, Composition, Digest128, Enclosure, Entry, EntryId, EntryRevision, SourceId, StoryId, Timestamp,
    canonical,
};
use crate::store::records::ComposedEntry;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, params};
use url::Url;

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT e.row, e.id, s.slug, e.guid, e.link, e.title, t.summary, t.content, e.authors, e.published, e.updated, e.language,
                    e.categories, e.enclosures, e.image, e.attribution_title, e.attribution_url, e.rights, e.first_seen, e.content_hash,
                    e.copy_of, e.story
             FROM entry e JOIN source s ON s.row = e.source LEFT JOIN entry_text t ON t.entry = e.row ",
            $tail
        )
    };
}

type StoredEnclosure = (String, Option<String>, Option<u64>);

/// Stores an entry that was seen for the first time. One that is stored already, or was purged, is left as it is; `any_purged` says whether
/// there are tombstones at all.
pub(super) fn insert(connection: &Connection, source: i64, entry: &Entry, any_purged: bool) -> rusqlite::Result<()> {
    if any_purged && is_purged(connection, &entry.id)? {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO entry (id, guid, link, title, authors, published, updated, language, categories, enclosures, image,
           attribution_title, attribution_url, rights, content_hash, source, first_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) ON CONFLICT (id) DO NOTHING",
    )?;
    bind(&mut statement, entry)?;
    statement.raw_bind_parameter(16, source)?;
    statement.raw_bind_parameter(17, entry.first_seen.unix())?;
    if statement.raw_execute()? == 0 {
        return Ok(());
    }
    let row = connection.last_insert_rowid();
    upsert_text(connection, row, entry)?;
    key::add(connection, source, row, 0, &entry.keys)
}

/// Stores the new content of an entry, and its former content as a revision. An unknown entry is left out.
pub(super) fn revise(connection: &Connection, change: &EntryRevision) -> rusqlite::Result<()> {
    let entry = &change.entry;
    let mut find = connection.prepare_cached("SELECT row, source, content_hash FROM entry WHERE id = ?1")?;
    let found = find.query_row([entry.id.as_bytes()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Digest128>(2)?))
    });
    let Some((row, source, hash)) = found.optional()? else {
        return Ok(());
    };
    // The same change comes twice when a run was interrupted.
    if hash != entry.content_hash {
        revision::insert_current(connection, row, change.seen)?;
    }
    let mut statement = connection.prepare_cached(
        "UPDATE entry SET guid = ?2, link = ?3, title = ?4, authors = ?5, published = ?6, updated = ?7, language = ?8, categories = ?9,
           enclosures = ?10, image = ?11, attribution_title = ?12, attribution_url = ?13, rights = ?14, content_hash = ?15
         WHERE id = ?1",
    )?;
    bind(&mut statement, entry)?;
    statement.raw_execute()?;
    connection
        .prepare_cached("INSERT OR IGNORE INTO unjudged (entry) VALUES (?1)")?
        .execute([row])?;
    upsert_text(connection, row, entry)?;
    key::add(connection, source, row, key::last_place(connection, row)?, &entry.keys)
}

/// Records that the stories of these entries were evaluated with the entries' present content.
pub(super) fn mark_evaluated(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM unjudged WHERE entry = (SELECT row FROM entry WHERE id = ?1)")?;
    for entry in entries {
        statement.execute([entry.as_bytes()])?;
    }
    Ok(())
}

/// Returns the entries whose text changed after their story was last evaluated, by id.
pub(in crate::store) fn unevaluated_entries(connection: &Connection) -> rusqlite::Result<Vec<EntryId>> {
    let mut statement = connection.prepare_cached("SELECT e.id FROM unjudged u JOIN entry e ON e.row = u.entry ORDER BY e.id")?;
    let ids = statement.query_map([], |row| Columns::new(row).entry())?;
    ids.collect()
}

/// Binds the id and the columns that a feed can change; the parameters have the same numbers in both statements above.
fn bind(statement: &mut CachedStatement, entry: &Entry) -> rusqlite::Result<()> {
    let categories: Vec<(&str, Option<&str>)> = entry.categories.iter().map(|c| (c.term.as_str(), c.scheme.as_deref())).collect();
    let enclosures: Vec<(&str, Option<&str>, Option<u64>)> = entry
        .enclosures
        .iter()
        .map(|e| (e.url.as_str(), e.mime.as_deref(), e.length))
        .collect();
    let attribution = entry.attribution.as_ref();
    let values = params![
        entry.id.as_bytes(),
        entry.guid,
        entry.link.as_ref().map(Url::as_str),
        entry.title,
        authors_to_json(&entry.authors),
        optional_unix(entry.published),
        optional_unix(entry.updated),
        entry.language,
        to_json(&categories),
        to_json(&enclosures),
        entry.image.as_ref().map(Url::as_str),
        attribution.map(|a| a.title.as_str()),
        attribution.and_then(|a| a.url.as_ref()).map(Url::as_str),
        entry.rights,
        entry.content_hash,
    ];
    for (index, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(())
}

fn upsert_text(connection: &Connection, row: i64, entry: &Entry) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO entry_text (entry, summary, content) VALUES (?1, ?2, ?3)")?;
    let summary = entry.summary.as_ref().map(CleanHtml::as_str);
    let content = entry.content.as_ref().map(CleanHtml::as_str);
    statement.execute(params![row, summary, content])?;
    Ok(())
}

fn is_purged(connection: &Connection, id: &EntryId) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM tombstone WHERE entry = ?1")?;
    statement.exists([id.as_bytes()])
}

/// Stores compositions in order. An entry that was composed before keeps its sequence number.
pub(super) fn store_compositions(connection: &Connection, compositions: &[Composition]) -> rusqlite::Result<()> {
    if compositions.is_empty() {
        return Ok(());
    }
    let mut sequence: i64 = connection.query_row("SELECT coalesce(max(compose_seq), 0) FROM entry", [], |row| row.get(0))?;
    let mut update =
        connection.prepare_cached("UPDATE entry SET copy_of = ?2, story = ?3, compose_seq = coalesce(compose_seq, ?4) WHERE row = ?1")?;
    let mut upsert_fingerprint = connection.prepare_cached("INSERT OR REPLACE INTO fingerprint (entry, value) VALUES (?1, ?2)")?;
    for composition in compositions {
        let Some(row) = row_of(connection, &composition.entry)? else {
            continue;
        };
        sequence += 1;
        let copy_of = composition.copy_of.as_ref().map(EntryId::as_bytes);
        update.execute(params![row, copy_of, composition.story.as_bytes(), sequence])?;
        upsert_fingerprint.execute(params![row, composition.fingerprint])?;
    }
    Ok(())
}

/// Returns the row number of an entry.
pub(super) fn row_of(connection: &Connection, id: &EntryId) -> rusqlite::Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT row FROM entry WHERE id = ?1")?;
    statement.query_row([id.as_bytes()], |row| row.get(0)).optional()
}

/// Returns the entries with these ids, in this order; unknown ids are left out.
pub(in crate::store) fn by_ids(connection: &Connection, ids: &[EntryId]) -> rusqlite::Result<Vec<Entry>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(select_entries(connection, select!("WHERE e.id = ?1"), [id.as_bytes()])?);
    }
    Ok(found)
}

/// Returns the ids of the entries that no run has composed yet, in the order in which they are to be composed.
pub(in crate::store) fn uncomposed_ids(connection: &Connection) -> rusqlite::Result<Vec<EntryId>> {
    // Only ids are sorted, without the texts: these can be all entries of a first run.
    let mut statement = connection.prepare_cached(
        "SELECT e.id FROM entry e JOIN source s ON s.row = e.source
         WHERE e.compose_seq IS NULL ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id",
    )?;
    let ids = statement.query_map([], |row| Columns::new(row).entry())?;
    ids.collect()
}

/// Returns the entries that no run has composed yet, in the order in which they are to be composed.
pub(in crate::store) fn uncomposed(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    by_ids(connection, &uncomposed_ids(connection)?)
}

/// Returns the entries of these stories, story after story, each by date, source, guid and id.
pub(in crate::store) fn by_stories(connection: &Connection, stories: &[StoryId]) -> rusqlite::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for story in stories {
        let sql = select!("WHERE e.story = ?1 ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id");
        found.extend(select_entries(connection, sql, [story.as_bytes()])?);
    }
    Ok(found)
}

/// Passes every entry to `each`, one at a time, in the order of the rows that `sql` selects. Only row numbers are held in memory.
fn for_each_row(connection: &Connection, sql: &str, each: &mut dyn FnMut(Entry)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for row in rows {
        each(by_row(connection, row)?);
    }
    Ok(())
}

/// Passes every entry to `each`, by date, source, guid and id.
pub(in crate::store) fn for_each_by_date(connection: &Connection, each: &mut dyn FnMut(Entry)) -> rusqlite::Result<()> {
    let sql = "SELECT e.row FROM entry e JOIN source s ON s.row = e.source ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id";
    for_each_row(connection, sql, each)
}

/// Passes every entry to `each`, by id.
pub(super) fn for_each_by_id(connection: &Connection, each: &mut dyn FnMut(Entry)) -> rusqlite::Result<()> {
    for_each_row(connection, "SELECT row FROM entry ORDER BY id", each)
}

/// Returns when the first entries of each source were seen, by source. The index `entry_seen` covers the query.
pub(in crate::store) fn first_seen_by_source(connection: &Connection) -> rusqlite::Result<Vec<(SourceId, Timestamp)>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.slug, b.seen FROM (SELECT source, min(first_seen) AS seen FROM entry GROUP BY source) b JOIN source s ON s.row = b.source ORDER BY s.slug",
    )?;
    let times = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.source()?, columns.time()?))
    })?;
    times.collect()
}

/// Returns the composed entries first seen at or after `first_seen`, in the order of their composition.
pub(in crate::store) fn composed_since(connection: &Connection, first_seen: Timestamp) -> rusqlite::Result<Vec<ComposedEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, s.slug, e.guid, e.link, e.title, e.date, e.published, e.first_seen, e.copy_of, e.story,
                coalesce(y.founded, e.first_seen), coalesce(f.value, x'')
         FROM entry e JOIN source s ON s.row = e.source LEFT JOIN story y ON y.id = e.story LEFT JOIN fingerprint f ON f.entry = e.row
         WHERE e.first_seen >= ?1 AND e.compose_seq IS NOT NULL AND e.story IS NOT NULL ORDER BY e.compose_seq",
    )?;
    let entries = statement.query_map([first_seen.unix()], |row| {
        let mut columns = Columns::new(row);
        Ok(ComposedEntry {
            id: columns.entry()?,
            source: columns.source()?,
            guid: columns.next()?,
            canonical: columns.url()?.as_ref().map(canonical),
            title: columns.next()?,
            date: columns.time()?,
            published: columns.optional_time()?,
            first_seen: columns.time()?,
            copy_of: columns.optional_entry()?,
            story: columns.story()?,
            founded: columns.time()?,
            fingerprint: columns.next()?,
        })
    })?;
    entries.collect()
}

/// Returns the entries whose ids lie between `low` and `high`, at most two.
pub(in crate::store) fn in_id_range(connection: &Connection, low: [u8; 16], high: [u8; 16]) -> rusqlite::Result<Vec<Entry>> {
    select_entries(
        connection,
        select!("WHERE e.id BETWEEN ?1 AND ?2 ORDER BY e.id LIMIT 2"),
        params![low, high],
    )
}

fn by_row(connection: &Connection, row: i64) -> rusqlite::Result<Entry> {
    let mut statement = connection.prepare_cached(select!("WHERE e.row = ?1"))?;
    statement.query_row([row], |row| read(connection, row))
}

fn select_entries(connection: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = connection.prepare_cached(sql)?;
    let entries = statement.query_map(params, |row| read(connection, row))?;
    entries.collect()
}

fn read(connection: &Connection, row: &Row) -> rusqlite::Result<Entry> {
    let mut columns = Columns::new(row);
    let keys = key::by_row(connection, columns.next()?)?;
    Ok(Entry {
        keys,
        id: columns.entry()?,
        source: columns.source()?,
        guid: columns.next()?,
        link: columns.url()?,
        title: columns.next()?,
        summary: columns.optional_clean_html()?,
        content: columns.optional_clean_html()?,
        authors: columns.authors()?,
        published: columns.optional_time()?,
        updated: columns.optional_time()?,
        language: columns.next()?,
        categories: columns
            .json_list::<(String, _)>()?
            .into_iter()
            .map(|(term, scheme)| Category { term, scheme })
            .collect(),
        enclosures: columns.json_list()?.into_iter().filter_map(enclosure).collect(),
        image: columns.url()?,
        attribution: attribution(&mut columns)?,
        rights: columns.next()?,
        first_seen: columns.time()?,
        content_hash: columns.next()?,
        copy_of: columns.optional_entry()?,
        story: columns.optional_story()?,
    })
}

fn enclosure((url, mime, length): StoredEnclosure) -> Option<Enclosure> {
    let url = Url::parse(&url).ok()?;
    Some(Enclosure { url, mime, length })
}

fn attribution(columns: &mut Columns) -> rusqlite::Result<Option<Attribution>> {
    let title: Option<String> = columns.next()?;
    let url = columns.url()?;
    Ok(title.map(|title| Attribution { title, url }))
}

/// Returns the number of entries, and of those that are no copies.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<(u64, u64)> {
    let sql = "SELECT count(*), count(*) - count(copy_of) FROM entry";
    connection.query_row(sql, [], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?))))
}
