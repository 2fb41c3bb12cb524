//! The table `withdrawal`: entries that their publishers may have taken back. What comes of it is an event in `mark_event`.

use super::column::Columns;
use super::{entry_row, mark};
use crate::model::{
    EntryId, MarkEvent, MarkKind, MarkTarget, SourceId, SuspectedPage, Timestamp, Withdrawal, WithdrawalChange, WithdrawalSign,
};
use crate::store::records::ListedEntry;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The newest entries of a source among which those are looked for that have left its feed.
const MAX_ENTRIES: i64 = 300;
/// The maximum wait before a page is asked for again.
const MAX_WAIT_SECONDS: i64 = 24 * 60 * 60;

macro_rules! select {
    ($columns:literal, $tail:literal) => {
        concat!(
            "SELECT e.id, w.left_feed, w.gone, w.stood, w.withdrawn, w.sign",
            $columns,
            " FROM withdrawal w JOIN entry e ON e.row = w.entry ",
            $tail
        )
    };
}

/// Stores a sign, and the mark that comes of it. An unknown entry is left out.
pub(super) fn apply(connection: &Connection, change: &WithdrawalChange) -> rusqlite::Result<()> {
    match change {
        WithdrawalChange::Left { entry, at, is_asked } => {
            let mut statement = connection.prepare_cached(
                "INSERT INTO withdrawal (entry, source, left_feed, next) SELECT row, source, ?2, ?3 FROM entry WHERE id = ?1
                 ON CONFLICT (entry) DO UPDATE SET left_feed = excluded.left_feed, next = coalesce(excluded.next, next), tries = 0
                   WHERE left_feed IS NULL AND withdrawn IS NULL",
            )?;
            statement.execute(params![entry.as_bytes(), at.unix(), is_asked.then_some(at.unix())])?;
        }
        WithdrawalChange::Gone { entry, at, next } => {
            let mut statement = connection.prepare_cached(
                "INSERT INTO withdrawal (entry, source, gone, next) SELECT row, source, ?2, ?3 FROM entry WHERE id = ?1
                 ON CONFLICT (entry) DO UPDATE SET gone = coalesce(gone, excluded.gone),
                   next = max(coalesce(next, 0), excluded.next) WHERE withdrawn IS NULL",
            )?;
            statement.execute(params![entry.as_bytes(), at.unix(), next.unix()])?;
        }
        WithdrawalChange::Undecided { entry, tries, next } => {
            let mut statement = connection
                .prepare_cached("UPDATE withdrawal SET tries = ?2, next = ?3 WHERE entry = (SELECT row FROM entry WHERE id = ?1)")?;
            statement.execute(params![entry.as_bytes(), tries, next.map(Timestamp::unix)])?;
        }
        WithdrawalChange::Withdrawn { entry, at, sign } => {
            let mut statement = connection.prepare_cached(
                "UPDATE withdrawal SET next = NULL, withdrawn = ?2, sign = ?3
                 WHERE entry = (SELECT row FROM entry WHERE id = ?1) AND withdrawn IS NULL",
            )?;
            if statement.execute(params![entry.as_bytes(), at.unix(), sign.as_str()])? > 0 {
                note(connection, *entry, *at, MarkKind::Withdraw, Some(*sign))?;
            }
        }
        WithdrawalChange::Stands { entry, at } => stands(connection, entry, *at)?,
        WithdrawalChange::Returned { entry, at } => {
            if is_withdrawn(connection, entry)? {
                note(connection, *entry, *at, MarkKind::Restore, None)?;
            }
            connection
                .prepare_cached("DELETE FROM withdrawal WHERE entry = (SELECT row FROM entry WHERE id = ?1)")?
                .execute([entry.as_bytes()])?;
        }
    }
    Ok(())
}

/// Stores that the page of an entry stood at `at`: it is suspected no longer. That it left its feed stays known, so that it is not asked for again.
pub(super) fn stands(connection: &Connection, entry: &EntryId, at: Timestamp) -> rusqlite::Result<()> {
    if is_withdrawn(connection, entry)? {
        note(connection, *entry, at, MarkKind::Restore, None)?;
    }
    let mut statement = connection.prepare_cached(
        "UPDATE withdrawal SET gone = NULL, stood = ?2, next = NULL, withdrawn = NULL, sign = NULL
         WHERE entry = (SELECT row FROM entry WHERE id = ?1)",
    )?;
    statement.execute(params![entry.as_bytes(), at.unix()])?;
    Ok(())
}

fn is_withdrawn(connection: &Connection, entry: &EntryId) -> rusqlite::Result<bool> {
    let Some(row) = entry_row::row_of(connection, entry)? else {
        return Ok(false);
    };
    let mut statement = connection.prepare_cached("SELECT withdrawn IS NOT NULL FROM withdrawal WHERE entry = ?1")?;
    Ok(statement.query_row([row], |row| row.get(0)).optional()?.unwrap_or(false))
}

fn note(connection: &Connection, entry: EntryId, at: Timestamp, kind: MarkKind, sign: Option<WithdrawalSign>) -> rusqlite::Result<()> {
    let event = MarkEvent {
        at,
        editor: String::new(),
        kind,
        target: MarkTarget::Entry(entry),
        topic: None,
        note: sign.map(|sign| sign.as_str().to_owned()),
    };
    mark::add(connection, &event)
}

/// Returns what is known of these entries, of those that gave a sign.
pub(in crate::store) fn by_entries(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<Withdrawal>> {
    let mut statement = connection.prepare_cached(select!("", "WHERE e.id = ?1"))?;
    let mut found = Vec::new();
    for entry in entries {
        found.extend(statement.query_row([entry.as_bytes()], read).optional()?);
    }
    Ok(found)
}

/// Returns what is known of the entries of a source that gave a sign.
pub(in crate::store) fn by_source(connection: &Connection, source: &SourceId) -> rusqlite::Result<Vec<Withdrawal>> {
    let mut statement = connection.prepare_cached(select!(
        "",
        "WHERE w.source = (SELECT row FROM source WHERE slug = ?1) ORDER BY w.entry"
    ))?;
    let found = statement.query_map([source.as_str()], read)?;
    found.collect()
}

/// Returns at most `limit` pages that are to be asked for at `now`, the longest due first. A time more than a day ahead was written by a clock that
/// has since been set back.
pub(in crate::store) fn due(connection: &Connection, now: Timestamp, limit: usize) -> rusqlite::Result<Vec<SuspectedPage>> {
    let mut statement = connection.prepare_cached(select!(
        ", s.slug, e.link, w.tries",
        "JOIN source s ON s.row = w.source WHERE w.next <= ?1 OR w.next > ?2 ORDER BY w.next, e.id LIMIT ?3"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = statement.query_map(params![now.unix(), now.unix() + MAX_WAIT_SECONDS, limit], |row| {
        let mut columns = Columns::new(row);
        Ok(SuspectedPage {
            known: withdrawal(&mut columns)?,
            source: columns.source()?,
            link: columns.url()?,
            tries: columns.next()?,
        })
    })?;
    found.collect()
}

/// Returns the newest entries of a source, by date.
pub(in crate::store) fn newest_entries(connection: &Connection, source: &SourceId) -> rusqlite::Result<Vec<ListedEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, e.date, e.first_seen, e.link, w.left_feed IS NOT NULL OR w.withdrawn IS NOT NULL, a.entry IS NOT NULL
         FROM entry e LEFT JOIN withdrawal w ON w.entry = e.row LEFT JOIN article a ON a.entry = e.row
         WHERE e.source = (SELECT row FROM source WHERE slug = ?1) ORDER BY e.date DESC LIMIT ?2",
    )?;
    let found = statement.query_map(params![source.as_str(), MAX_ENTRIES], |row| {
        let mut columns = Columns::new(row);
        Ok(ListedEntry {
            id: columns.entry()?,
            date: columns.time()?,
            first_seen: columns.time()?,
            link: columns.url()?,
            has_left: columns.next()?,
            has_article: columns.next()?,
        })
    })?;
    found.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Withdrawal> {
    withdrawal(&mut Columns::new(row))
}

fn withdrawal(columns: &mut Columns) -> rusqlite::Result<Withdrawal> {
    let (entry, left_feed, gone, stood) = (
        columns.entry()?,
        columns.optional_time()?,
        columns.optional_time()?,
        columns.optional_time()?,
    );
    let withdrawn = columns.optional_time()?;
    let sign = columns.optional_word(WithdrawalSign::from_word)?;
    Ok(Withdrawal {
        entry,
        left_feed,
        gone,
        stood,
        withdrawn: withdrawn.zip(sign),
    })
}
