//! The table `entry`: each entry is stored once, and changes are counted. Its texts are in `text.rs`, the rows of
//! dedupe and of rules in `compared.rs` and `story_entry.rs`.

use super::column::{Columns, authors_to_json, optional_unix, to_json, unsigned};
use super::entry_row::row_of;
use super::{fingerprint, key, page, revision, text};
use crate::model::{
    About, Agency, Attribution, Category, Country, Digest128, Enclosure, Entry, EntryId, EntryRevision, Genre, NewEntry, SourceId,
    StoredIdentity, StoryId, TextForms, Timestamp,
};
use crate::store::records::DatedEntry;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, params};
use std::collections::BTreeSet;
use url::Url;

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT e.row, e.id, s.slug, e.guid, e.link, e.title, t.summary, t.content, e.authors, e.published, e.updated, e.language,
                    e.categories, e.enclosures, e.image, e.attribution_title, e.attribution_url, e.rights, e.first_seen, e.content_hash,
                    e.facts_hash, e.version, e.copy_of, e.story, e.about, e.genre,
                    coalesce(e.page_agency, e.agency), e.reservations, e.archived
             FROM entry e JOIN source s ON s.row = e.source LEFT JOIN entry_text t ON t.entry = e.row ",
            $tail
        )
    };
}

type StoredEnclosure = (String, Option<String>, Option<u64>);

/// Stores an entry that was seen for the first time; returns whether it was new. One that is stored already is left as it is.
pub(super) fn insert(connection: &Connection, source: i64, new: &NewEntry) -> rusqlite::Result<bool> {
    let NewEntry { entry, forms } = new;
    let mut statement = connection.prepare_cached(
        "INSERT INTO entry (id, guid, link, title, authors, published, updated, language, categories, enclosures, image,
           attribution_title, attribution_url, rights, content_hash, facts_hash, agency, reservations, source, first_seen, archived)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21) ON CONFLICT (id) DO NOTHING",
    )?;
    bind(&mut statement, entry, forms)?;
    statement.raw_bind_parameter(19, source)?;
    statement.raw_bind_parameter(20, entry.first_seen.unix())?;
    statement.raw_bind_parameter(21, entry.is_archived)?;
    if statement.raw_execute()? == 0 {
        return Ok(false);
    }
    let row = connection.last_insert_rowid();
    text::upsert(connection, row, entry, forms)?;
    key::add(connection, source, row, &entry.keys)?;
    Ok(true)
}

/// Stores the new content of an entry, and its former text as a revision when that changed. An unknown entry is left out.
pub(super) fn revise(connection: &Connection, change: &EntryRevision) -> rusqlite::Result<()> {
    let entry = &change.entry;
    let mut find = connection.prepare_cached("SELECT row, source, content_hash, facts_hash, compose_seq FROM entry WHERE id = ?1")?;
    let found = find.query_row([entry.id.as_bytes()], |row| {
        let hashes: (Digest128, Option<Digest128>) = (row.get(2)?, row.get(3)?);
        Ok((row.get(0)?, row.get(1)?, hashes, row.get::<_, Option<i64>>(4)?.is_some()))
    });
    let Some((row, source, (text, facts), is_composed)) = found.optional()? else {
        return Ok(());
    };
    // The same change comes twice when a run was interrupted.
    if (text, facts) == (entry.content_hash, entry.facts_hash) {
        return key::add(connection, source, row, &entry.keys);
    }
    // The hash of an earlier version is no hash of the text alone; that something has changed was found by the caller.
    let is_text_changed = text != entry.content_hash || facts.is_none();
    if is_text_changed && !change.is_reread {
        revision::insert_current(connection, row, change.seen)?;
    }
    let mut statement = connection.prepare_cached(
        "UPDATE entry SET guid = ?2, link = ?3, title = ?4, authors = ?5, published = ?6, updated = ?7, language = ?8, categories = ?9,
           enclosures = ?10, image = ?11, attribution_title = ?12, attribution_url = ?13, rights = ?14, content_hash = ?15, facts_hash = ?16,
           agency = ?17, reservations = ?18, version = version + ?19
         WHERE id = ?1",
    )?;
    bind(&mut statement, entry, &change.forms)?;
    statement.raw_bind_parameter(19, i64::from(!change.is_reread))?;
    statement.raw_execute()?;
    text::upsert(connection, row, entry, &change.forms)?;
    if is_composed && is_text_changed {
        fingerprint::set_stale(connection, row)?;
    }
    if change.refetch && !change.is_reread {
        page::refetch(connection, row, change.seen)?;
    }
    key::add(connection, source, row, &entry.keys)
}

/// Stores the digests of entries that an earlier version stored.
pub(super) fn rehash(connection: &Connection, hashes: &[(EntryId, Digest128, Digest128)]) -> rusqlite::Result<()> {
    let mut update =
        connection.prepare_cached("UPDATE entry SET content_hash = ?2, facts_hash = ?3 WHERE id = ?1 AND facts_hash IS NULL")?;
    for (entry, text, facts) in hashes {
        update.execute(params![entry.as_bytes(), text, facts])?;
    }
    Ok(())
}

/// Stores the publisher's new date of the last change, and has the page fetched again.
pub(super) fn set_updated(connection: &Connection, entry: &EntryId, updated: Option<Timestamp>, seen: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE entry SET updated = ?2 WHERE id = ?1")?
        .execute(params![entry.as_bytes(), optional_unix(updated)])?;
    match row_of(connection, entry)? {
        Some(row) => page::refetch(connection, row, seen),
        None => Ok(()),
    }
}

/// Records that the stories of these entries were evaluated with these versions of the entries.
pub(super) fn mark_evaluated(connection: &Connection, entries: &[(EntryId, u32)]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("UPDATE entry SET judged_version = ?2 WHERE id = ?1 AND judged_version < ?2")?;
    for (entry, version) in entries {
        statement.execute(params![entry.as_bytes(), version])?;
    }
    if !entries.is_empty() {
        connection.execute("INSERT OR REPLACE INTO counter (name, value) VALUES ('evaluated', 1)", [])?;
    }
    Ok(())
}

/// Stores what entries are about, and their genre.
pub(super) fn set_subjects(connection: &Connection, subjects: &[(EntryId, About, Option<Genre>)]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("UPDATE entry SET about = ?2, genre = ?3 WHERE id = ?1")?;
    for (entry, about, genre) in subjects {
        let about = Some(about.encode()).filter(|about| !about.is_empty());
        statement.execute(params![entry.as_bytes(), about, genre.map(Genre::as_str)])?;
    }
    Ok(())
}

/// Stores the version of what has told the countries and the genre of all entries.
pub(super) fn set_subjects_version(connection: &Connection, version: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO counter (name, value) VALUES ('subjects', ?1)")?
        .execute([version])?;
    Ok(())
}

/// Returns the version of what has told the countries and the genre of all entries.
pub(in crate::store) fn subjects_version(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT value FROM counter WHERE name = 'subjects'")?
        .query_row([], |row| row.get(0))
        .optional()
}

/// Returns those of these stories that have an entry about one of `countries`, in this order.
pub(in crate::store) fn stories_about(
    connection: &Connection,
    stories: &[StoryId],
    countries: &BTreeSet<Country>,
) -> rusqlite::Result<Vec<StoryId>> {
    let mut statement = connection.prepare_cached("SELECT about FROM entry WHERE story = ?1 AND about IS NOT NULL")?;
    let mut found = Vec::new();
    for story in stories {
        let mut rows = statement.query([story.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let about = Columns::new(row).about()?;
            if about.countries().iter().any(|(country, _)| countries.contains(country)) {
                found.push(*story);
                break;
            }
        }
    }
    Ok(found)
}

/// Returns whether the rules of topics were ever evaluated.
pub(in crate::store) fn any_evaluated(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM counter WHERE name = 'evaluated'")?;
    statement.exists([])
}

/// Returns the stories of composed entries that changed after their story was last evaluated, each once, the story with the newest of these
/// entries first.
pub(in crate::store) fn unevaluated_stories(connection: &Connection) -> rusqlite::Result<Vec<StoryId>> {
    let mut statement = connection.prepare_cached(
        "SELECT story FROM entry INDEXED BY entry_unjudged WHERE compose_seq IS NOT NULL AND judged_version < version
         GROUP BY story ORDER BY max(date) DESC, story",
    )?;
    let ids = statement.query_map([], |row| Columns::new(row).optional_story())?;
    ids.filter_map(Result::transpose).collect()
}

/// Returns the stories with an entry of this source, by id.
pub(in crate::store) fn stories_of_source(connection: &Connection, source: &SourceId) -> rusqlite::Result<Vec<StoryId>> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT e.story FROM entry e WHERE e.source = (SELECT row FROM source WHERE slug = ?1) AND e.story IS NOT NULL ORDER BY e.story",
    )?;
    let ids = statement.query_map([source.as_str()], |row| Columns::new(row).story())?;
    ids.collect()
}

/// Returns the entries of a source with one of these dates, which their publisher gave.
pub(in crate::store) fn at_dates(connection: &Connection, source: &SourceId, dates: &[Timestamp]) -> rusqlite::Result<Vec<DatedEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT date, title, id, content_hash, facts_hash, first_seen, updated FROM entry INDEXED BY entry_source
         WHERE source = (SELECT row FROM source WHERE slug = ?1) AND date = ?2 AND published IS NOT NULL ORDER BY row",
    )?;
    let mut found = Vec::new();
    for date in dates {
        let entries = statement.query_map(params![source.as_str(), date.unix()], |row| {
            let mut columns = Columns::new(row);
            Ok(DatedEntry {
                date: columns.time()?,
                title: columns.next()?,
                identity: StoredIdentity {
                    id: columns.entry()?,
                    content_hash: columns.next()?,
                    facts_hash: columns.next()?,
                    first_seen: columns.time()?,
                    updated: columns.optional_time()?,
                },
            })
        })?;
        for entry in entries {
            found.push(entry?);
        }
    }
    Ok(found)
}

/// Binds the id and the columns that a feed can change; the parameters have the same numbers in both statements above.
fn bind(statement: &mut CachedStatement, entry: &Entry, forms: &TextForms) -> rusqlite::Result<()> {
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
        entry.facts_hash,
        forms.agency.map(Agency::as_str),
        to_json(&entry.reservations),
    ];
    for (index, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value)?;
    }
    Ok(())
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
        "SELECT e.id FROM entry e INDEXED BY entry_waiting JOIN source s ON s.row = e.source
         WHERE e.compose_seq IS NULL ORDER BY e.date, s.slug, coalesce(e.guid, ''), e.id",
    )?;
    let ids = statement.query_map([], |row| Columns::new(row).entry())?;
    ids.collect()
}

/// Returns whether an entry waits to be composed, or a story to be evaluated again.
pub(in crate::store) fn any_waiting(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM entry INDEXED BY entry_waiting WHERE compose_seq IS NULL)
             OR EXISTS (SELECT 1 FROM entry INDEXED BY entry_unjudged WHERE compose_seq IS NOT NULL AND judged_version < version)",
    )?;
    statement.query_row([], |row| row.get(0))
}

/// Passes at most `limit` entries to `each`, by date and id, beginning behind the position `after`; returns the last position, none when there were
/// no more.
pub(in crate::store) fn page_by_date(
    connection: &Connection,
    after: Option<(Timestamp, EntryId)>,
    limit: usize,
    each: &mut dyn FnMut(Entry),
) -> rusqlite::Result<Option<(Timestamp, EntryId)>> {
    let (date, id) = after.map_or((i64::MIN, [0; 16]), |(date, id)| (date.unix(), *id.as_bytes()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement =
        connection.prepare_cached("SELECT date, id, row FROM entry WHERE (date, id) > (?1, ?2) ORDER BY date, id LIMIT ?3")?;
    let positions: Vec<(Timestamp, EntryId, i64)> = statement
        .query_map(params![date, id, limit], |row| {
            let mut columns = Columns::new(row);
            Ok((columns.time()?, columns.entry()?, columns.next()?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (_, _, row) in &positions {
        each(by_row(connection, *row)?);
    }
    Ok(positions.last().map(|(date, id, _)| (*date, *id)))
}

/// Passes every entry to `each`, by id.
pub(super) fn for_each_by_id(connection: &Connection, each: &mut dyn FnMut(Entry)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(select!("ORDER BY e.id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(read(connection, row)?);
    }
    Ok(())
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
        facts_hash: columns.next()?,
        version: columns.next()?,
        copy_of: columns.optional_entry()?,
        story: columns.optional_story()?,
        about: columns.about()?,
        genre: columns.optional_word(Genre::parse)?,
        agency: columns.agency()?,
        reservations: columns.json_list()?,
        is_archived: columns.next()?,
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
