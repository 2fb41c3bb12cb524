//! The tables `fingerprint` and `posting`: what dedupe compares of an entry, and by which hashes the entry is found.

use super::column::Columns;
use crate::model::{EntryId, StoredFingerprint};
use crate::store::records::EntryRow;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};

/// The most postings of one hash that are read.
const MAX_READ_POSTINGS: i64 = 1_000;
/// The most entries of one source that a hash gives: what recurs in a source's entries says little.
const MAX_POSTINGS_OF_SOURCE: usize = 16;
/// The most entries that a hash gives.
const MAX_POSTINGS: usize = 128;

/// An entry of dedupe's index, which is sorted: neighbouring rows lie on the same pages.
struct Posting {
    hash: u32,
    entry: i64,
    source: i64,
}

/// Records that the text of the entry in `row` has changed since its fingerprint was made.
pub(super) fn set_stale(connection: &Connection, row: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE fingerprint SET stale = 1 WHERE entry = ?1 AND stale = 0")?
        .execute([row])?;
    Ok(())
}

/// Stores fingerprints with their postings in place of former ones. Those of unknown entries are left out; of two of one entry the last one is stored.
pub(super) fn replace(connection: &Connection, fingerprints: &[StoredFingerprint]) -> rusqlite::Result<()> {
    let last: HashMap<EntryId, usize> = fingerprints
        .iter()
        .zip(0..)
        .map(|(fingerprint, place)| (fingerprint.entry, place))
        .collect();
    let mut find = connection
        .prepare_cached("SELECT e.row, e.source, f.postings FROM entry e LEFT JOIN fingerprint f ON f.entry = e.row WHERE e.id = ?1")?;
    let mut upsert = connection.prepare_cached(
        "INSERT INTO fingerprint (entry, value, postings, stale) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (entry) DO UPDATE SET value = excluded.value, postings = excluded.postings, stale = 0",
    )?;
    let (mut old, mut new): (Vec<Posting>, Vec<Posting>) = (Vec::new(), Vec::new());
    for (place, fingerprint) in fingerprints.iter().enumerate() {
        if last.get(&fingerprint.entry) != Some(&place) {
            continue;
        }
        let found: Option<(i64, i64, Option<Vec<u8>>)> = find
            .query_row([fingerprint.entry.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((entry, source, former)) = found else { continue };
        let posting = |hash| Posting { hash, entry, source };
        old.extend(decode(former.as_deref().unwrap_or_default()).map(posting));
        new.extend(fingerprint.postings.iter().copied().map(posting));
        upsert.execute(params![entry, fingerprint.value, encode(&fingerprint.postings)])?;
    }
    let key = |posting: &Posting| (posting.hash, posting.entry);
    old.sort_unstable_by_key(key);
    new.sort_unstable_by_key(key);
    let mut delete = connection.prepare_cached("DELETE FROM posting WHERE hash = ?1 AND entry = ?2")?;
    for posting in old {
        delete.execute(params![posting.hash, posting.entry])?;
    }
    let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO posting (hash, entry, source) VALUES (?1, ?2, ?3)")?;
    for posting in new {
        insert.execute(params![posting.hash, posting.entry, posting.source])?;
    }
    Ok(())
}

fn encode(hashes: &[u32]) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

fn decode(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk))
}

/// Returns the hashes under which the entry in `row` is found.
pub(super) fn postings_of(connection: &Connection, row: i64) -> rusqlite::Result<Vec<u32>> {
    let mut find = connection.prepare_cached("SELECT postings FROM fingerprint WHERE entry = ?1")?;
    let stored: Option<Option<Vec<u8>>> = find.query_row([row], |row| row.get(0)).optional()?;
    Ok(decode(&stored.flatten().unwrap_or_default()).collect())
}

/// Returns the entries with each of these hashes, the newest first. Of each hash at most [`MAX_READ_POSTINGS`] entries are read; of these at most
/// [`MAX_POSTINGS_OF_SOURCE`] of one source are returned, and [`MAX_POSTINGS`] in all.
pub(in crate::store) fn posting_rows(connection: &Connection, hashes: &[u32]) -> rusqlite::Result<Vec<(u32, Vec<EntryRow>)>> {
    let mut statement = connection.prepare_cached("SELECT entry, source FROM posting WHERE hash = ?1 ORDER BY entry DESC LIMIT ?2")?;
    let mut found = Vec::with_capacity(hashes.len());
    for hash in hashes {
        let mut of_source: BTreeMap<i64, usize> = BTreeMap::new();
        let mut entries = Vec::new();
        let mut rows = statement.query(params![hash, MAX_READ_POSTINGS])?;
        while let Some(row) = rows.next()? {
            let count = of_source.entry(row.get(1)?).or_default();
            if *count < MAX_POSTINGS_OF_SOURCE {
                *count += 1;
                entries.push(EntryRow(row.get(0)?));
            }
            if entries.len() == MAX_POSTINGS {
                break;
            }
        }
        found.push((*hash, entries));
    }
    Ok(found)
}

/// Returns at most `limit` composed entries whose fingerprint is stale, the newest first.
pub(in crate::store) fn stale(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<EntryId>> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id FROM fingerprint f INDEXED BY fingerprint_stale JOIN entry e ON e.row = f.entry
         WHERE f.stale = 1 AND e.compose_seq IS NOT NULL ORDER BY f.entry DESC LIMIT ?1",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = statement.query_map([limit], |row| Columns::new(row).entry())?;
    ids.collect()
}
