//! What the pages of sources tell: the tables `entry`, `placement` and `source_event`, from the side of one source. Every statement is bounded by the newest
//! entry of the source, or by a number.

use super::column::{Columns, unsigned};
use crate::model::{FailureReason, SourceEvent, SourceHealth, SourceId, Timestamp};
use crate::store::source_records::{ActivityLimits, LatestEntry, SharedReport, SourceActivity};
use rusqlite::{Connection, OptionalExtension, params};
use std::time::Duration;

/// Returns the number of changes of every source, by id.
pub(in crate::store) fn changes(connection: &Connection) -> rusqlite::Result<Vec<(SourceId, u64)>> {
    let mut statement = connection.prepare_cached("SELECT slug, changes FROM source ORDER BY slug")?;
    let found = statement.query_map([], |row| {
        let mut columns = Columns::new(row);
        Ok((columns.source()?, columns.next().map(unsigned)?))
    })?;
    found.collect()
}

/// Returns what a source has told lately.
pub(in crate::store) fn activity(connection: &Connection, source: &SourceId, limits: ActivityLimits) -> rusqlite::Result<SourceActivity> {
    let mut find = connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
    let Some(row) = find.query_row([source.as_str()], |row| row.get(0)).optional()? else {
        return Ok(SourceActivity::default());
    };
    let own = OneSource { connection, row };
    let events = own.events(source, limits.events)?;
    let Some((newest, seen)) = own.newest()? else {
        return Ok(SourceActivity {
            events,
            ..SourceActivity::default()
        });
    };
    let days_before = |days: u32| newest - Duration::from_hours(u64::from(days) * 24);
    let (stories_since, story_entries) = own.bounds(days_before(limits.story_days), newest, limits.story_entries)?;
    Ok(SourceActivity {
        newest: Some(newest),
        dates: own.dates(days_before(limits.date_days), newest)?,
        latest: own.latest(limits.latest)?,
        stories_since: Some(stories_since),
        story_entries,
        shared: own.shared(stories_since, newest, seen)?,
        events,
    })
}

/// How many reports a story has at most of which is told who was first and who copied: more are no event, but what a site writes again and again.
const MAX_REPORTS: i64 = 200;

struct OneSource<'c> {
    connection: &'c Connection,
    row: i64,
}

impl OneSource<'_> {
    /// Returns the date of the newest composed entry, and the time of the run that first saw it.
    fn newest(&self) -> rusqlite::Result<Option<(Timestamp, Timestamp)>> {
        let mut find = self.connection.prepare_cached(
            "SELECT date, first_seen FROM entry INDEXED BY entry_source WHERE source = ?1 AND story IS NOT NULL ORDER BY date DESC, row DESC LIMIT 1",
        )?;
        let newest = find.query_row([self.row], |row| {
            let mut columns = Columns::new(row);
            Ok((columns.time()?, columns.time()?))
        });
        newest.optional()
    }

    /// Returns the dates of the entries between two times, the newest first; the index holds them.
    fn dates(&self, since: Timestamp, until: Timestamp) -> rusqlite::Result<Vec<Timestamp>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT date FROM entry INDEXED BY entry_source WHERE source = ?1 AND date > ?2 AND date <= ?3 ORDER BY date DESC",
        )?;
        let dates = statement.query_map(params![self.row, since.unix(), until.unix()], |row| Columns::new(row).time())?;
        dates.collect()
    }

    /// Returns from which date on the stories of at most `limit` entries are read, and how many entries these are; the index holds both.
    fn bounds(&self, since: Timestamp, until: Timestamp, limit: usize) -> rusqlite::Result<(Timestamp, usize)> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut find = self.connection.prepare_cached(
            "SELECT coalesce(min(date), ?3), count(*) FROM (SELECT date FROM entry INDEXED BY entry_source
             WHERE source = ?1 AND date > ?2 AND date <= ?3 ORDER BY date DESC LIMIT ?4)",
        )?;
        let (oldest, count) = find.query_row(params![self.row, since.unix(), until.unix(), limit], |row| {
            let mut columns = Columns::new(row);
            Ok((columns.time()?, columns.next::<i64>()?))
        })?;
        let since = if count < limit { since } else { oldest };
        Ok((since, usize::try_from(count).unwrap_or_default()))
    }

    /// Returns those of the newest `limit` entries that topics may show, the newest first.
    fn latest(&self, limit: usize) -> rusqlite::Result<Vec<LatestEntry>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        // A topic places a story, an original with its copies, or each entry alone.
        let mut statement = self.connection.prepare_cached(
            "SELECT p.topic, p.story, e.id, e.story, e.copy_of, e.date, e.title, e.link, e.language
             FROM (SELECT row AS own FROM entry INDEXED BY entry_source
                   WHERE source = ?1 AND story IS NOT NULL ORDER BY date DESC, row DESC LIMIT ?2)
             JOIN entry e ON e.row = own JOIN placement p INDEXED BY placement_story ON p.story IN (e.story, e.id, e.copy_of) AND p.waits = 0
             ORDER BY e.date DESC, e.row DESC, p.topic",
        )?;
        let mut rows = statement.query(params![self.row, limit])?;
        let mut found: Vec<LatestEntry> = Vec::new();
        while let Some(row) = rows.next()? {
            let mut columns = Columns::new(row);
            let (place, id) = ((columns.topic()?, columns.story()?), columns.entry()?);
            match found.last_mut() {
                Some(last) if last.id == id => last.placements.push(place),
                _ => found.push(LatestEntry {
                    id,
                    story: columns.story()?,
                    copy_of: columns.optional_entry()?,
                    date: columns.time()?,
                    title: columns.next()?,
                    link: columns.url()?,
                    language: columns.next()?,
                    placements: vec![place],
                }),
            }
        }
        Ok(found)
    }

    /// Returns the reports of the stories of this source between two dates that have several, but no more than [`MAX_REPORTS`], story after story, by date:
    /// those of this source, and those of others that were seen until `seen`.
    fn shared(&self, since: Timestamp, until: Timestamp, seen: Timestamp) -> rusqlite::Result<Vec<SharedReport>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.id, s.slug, o.story, o.copy_of, o.date, coalesce(o.page_agency, o.agency)
             FROM (SELECT DISTINCT story AS told FROM entry INDEXED BY entry_source
                   WHERE source = ?1 AND date >= ?2 AND date <= ?3 AND story IS NOT NULL)
             JOIN entry o INDEXED BY entry_story ON o.story = told JOIN source s ON s.row = o.source
             WHERE (o.source = ?1 OR o.first_seen <= ?4)
               AND (SELECT count(*) FROM (SELECT 1 FROM entry m INDEXED BY entry_story WHERE m.story = told LIMIT ?5)) BETWEEN 2 AND ?5 - 1
             ORDER BY o.story, o.date, o.id",
        )?;
        let bounds = params![self.row, since.unix(), until.unix(), seen.unix(), MAX_REPORTS + 1];
        let reports = statement.query_map(bounds, |row| {
            let mut columns = Columns::new(row);
            Ok(SharedReport {
                id: columns.entry()?,
                source: columns.source()?,
                story: columns.story()?,
                copy_of: columns.optional_entry()?,
                date: columns.time()?,
                agency: columns.agency()?,
            })
        })?;
        reports.collect()
    }

    /// Returns the last `limit` events, the newest first.
    fn events(&self, source: &SourceId, limit: usize) -> rusqlite::Result<Vec<SourceEvent>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self
            .connection
            .prepare_cached("SELECT at, before, after, reason, detail FROM source_event WHERE source = ?1 ORDER BY at DESC LIMIT ?2")?;
        let events = statement.query_map([self.row, limit], |row| {
            let mut columns = Columns::new(row);
            Ok(SourceEvent {
                source: source.clone(),
                at: columns.time()?,
                before: columns.word(SourceHealth::from_word)?,
                after: columns.word(SourceHealth::from_word)?,
                reason: columns.optional_word(FailureReason::from_word)?,
                detail: columns.next()?,
            })
        })?;
        events.collect()
    }
}
