//! The tables `entry_key` and `tombstone`: every identity key that entries were seen with, and digests of those of purged entries.

use super::column::Columns;
use crate::model::digest::fnv1a_32;
use crate::model::{Digest128, Digester, EntryId, EntryKey, Identity, KeyKind, SourceId, StoredIdentity};
use rusqlite::{Connection, OptionalExtension, params};

/// Returns the 64 bits that the index holds instead of a key, which may be long. Queries compare the key itself as well, so collisions do
/// no harm.
///
/// The upper half is the source, or the hash of a link's host: the keys of one feed are adjacent in the index, so a transaction writes few
/// of its pages. The lower half is BLAKE3, so that chosen inputs cannot collide in number.
pub(super) fn digest(source: i64, key: &EntryKey) -> i64 {
    match key.kind {
        KeyKind::Link => link_digest(&key.value),
        KeyKind::Guid | KeyKind::Text => source << 32 | lower_half(&key.value),
    }
}

/// Returns the digest of a link's key, which is the same in every source.
fn link_digest(link: &str) -> i64 {
    let host = link.bytes().take_while(|byte| !matches!(byte, b'/' | b'?'));
    i64::from(fnv1a_32(host)) << 32 | lower_half(link)
}

fn lower_half(value: &str) -> i64 {
    let [a, b, c, d, ..] = *Digest128::hash(value.as_bytes()).as_bytes();
    i64::from(u32::from_le_bytes([a, b, c, d]))
}

/// The maximum number of keys of an entry. A source that makes up a new guid at each visit adds one each time: then the oldest are deleted, but
/// the first one, from which the id was derived, and those that the last document had.
const MAX_KEYS: usize = 16;

/// Adds `keys`, which are those that a document had, to those of the entry in `row`. A key that an entry of this source already has stays with that
/// entry.
pub(super) fn add(connection: &Connection, source: i64, row: i64, keys: &[EntryKey]) -> rusqlite::Result<()> {
    let mut find_last = connection.prepare_cached("SELECT coalesce(max(place), 0) FROM entry_key WHERE entry = ?1")?;
    let last: i64 = find_last.query_row([row], |row| row.get(0))?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry_key (entry, place, source, kind, value, digest) SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE NOT EXISTS (SELECT 1 FROM entry_key WHERE digest = ?6 AND source = ?3 AND kind = ?4 AND value = ?5)",
    )?;
    let mut place = last;
    for key in keys {
        let added = insert.execute(params![row, place + 1, source, key.kind.as_str(), key.value, digest(source, key)])?;
        place += i64::from(added > 0);
    }
    if place > last && last > 0 {
        delete_oldest(connection, row, keys)?;
    }
    Ok(())
}

/// Deletes the oldest keys of an entry that has too many.
fn delete_oldest(connection: &Connection, row: i64, used: &[EntryKey]) -> rusqlite::Result<()> {
    let mut select = connection.prepare_cached("SELECT place, kind, value FROM entry_key WHERE entry = ?1 ORDER BY place")?;
    let keys = select.query_map([row], |row| {
        let mut columns = Columns::new(row);
        let (place, kind) = (columns.next::<i64>()?, columns.word(kind)?);
        let value = columns.next()?;
        Ok((place, EntryKey { kind, value }))
    })?;
    let keys: Vec<(i64, EntryKey)> = keys.collect::<rusqlite::Result<_>>()?;
    let excess = keys.len().saturating_sub(MAX_KEYS);
    let mut delete = connection.prepare_cached("DELETE FROM entry_key WHERE entry = ?1 AND place = ?2")?;
    for (place, _) in keys.iter().skip(1).filter(|(_, key)| !used.contains(key)).take(excess) {
        delete.execute([row, *place])?;
    }
    Ok(())
}

/// Adds keys that known entries were seen with.
pub(super) fn add_seen(connection: &Connection, seen: &[(EntryId, Vec<EntryKey>)]) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached("SELECT row, source FROM entry WHERE id = ?1")?;
    for (entry, keys) in seen {
        let found = find.query_row([entry.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
        if let Some((row, source)) = found.optional()? {
            add(connection, source, row, keys)?;
        }
    }
    Ok(())
}

/// Returns the keys of the entry in `row`, first the key from which its id was derived.
pub(super) fn by_row(connection: &Connection, row: i64) -> rusqlite::Result<Vec<EntryKey>> {
    let mut statement = connection.prepare_cached("SELECT kind, value FROM entry_key WHERE entry = ?1 ORDER BY place")?;
    let keys = statement.query_map([row], |row| {
        let mut columns = Columns::new(row);
        Ok(EntryKey {
            kind: columns.word(kind)?,
            value: columns.next()?,
        })
    })?;
    keys.collect()
}

/// Returns the row of the entry of a source that has this key.
pub(super) fn entry_with(connection: &Connection, source: i64, key: &EntryKey) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT entry FROM entry_key WHERE digest = ?1 AND source = ?2 AND kind = ?3 AND value = ?4")?
        .query_row(params![digest(source, key), source, key.kind.as_str(), key.value], |row| row.get(0))
        .optional()
}

/// Returns which of `keys` the source knows, and as what, in the order of `keys`.
pub(in crate::store) fn identities(
    connection: &Connection,
    source: &SourceId,
    keys: &[EntryKey],
) -> rusqlite::Result<Vec<(EntryKey, Identity)>> {
    let mut find = connection.prepare_cached("SELECT row FROM source WHERE slug = ?1")?;
    let Some(source) = find.query_row([source.as_str()], |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(Vec::new());
    };
    let mut stored = connection.prepare_cached(
        "SELECT e.id, e.content_hash, e.facts_hash, e.first_seen, e.updated FROM entry_key k JOIN entry e ON e.row = k.entry
         WHERE k.digest = ?1 AND k.source = ?2 AND k.kind = ?3 AND k.value = ?4",
    )?;
    let mut purged = connection.prepare_cached("SELECT 1 FROM tombstone WHERE source = ?1 AND key = ?2")?;
    let any_purged = connection
        .prepare_cached("SELECT 1 FROM tombstone WHERE source = ?1 LIMIT 1")?
        .exists([source])?;
    let mut known = Vec::new();
    for key in keys {
        let digest = digest(source, key);
        let found = stored.query_row(params![digest, source, key.kind.as_str(), key.value], |row| {
            let mut columns = Columns::new(row);
            Ok(StoredIdentity {
                id: columns.entry()?,
                content_hash: columns.next()?,
                facts_hash: columns.next()?,
                first_seen: columns.time()?,
                updated: columns.optional_time()?,
            })
        });
        let found = found.optional()?;
        if any_purged && purged.exists(params![source, shared_mark(key)])? {
            known.push((key.clone(), Identity::Shared(found)));
        } else if let Some(stored) = found {
            known.push((key.clone(), Identity::Stored(stored)));
        } else if any_purged && purged.exists(params![source, tombstone(key)])? {
            known.push((key.clone(), Identity::Purged));
        }
    }
    Ok(known)
}

/// Returns the 16 bytes that stay of a key when its entry is purged.
fn tombstone(key: &EntryKey) -> Digest128 {
    let mut digester = Digester::new();
    digester.update_terminated(key.kind.as_str()).update_terminated(&key.value);
    digester.finish()
}

/// Stores tombstones of the keys of the entry in `row`, last seen on `day`.
pub(super) fn insert_tombstones(connection: &Connection, source: i64, row: i64, day: i64) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO tombstone (source, key, seen) VALUES (?1, ?2, ?3)")?;
    for key in by_row(connection, row)? {
        insert.execute(params![source, tombstone(&key), day])?;
    }
    Ok(())
}

/// Returns the 16 bytes under which it is stored beside the tombstones that several entries of one document had a key.
fn shared_mark(key: &EntryKey) -> Digest128 {
    let mut digester = Digester::new();
    digester
        .update_terminated("shared")
        .update_terminated(key.kind.as_str())
        .update_terminated(&key.value);
    digester.finish()
}

/// How many days may pass before the day of a mark is stored again.
const SHARED_PRECISION_DAYS: i64 = 7;

/// Marks keys that several entries of one document had; `day` counts as the day on which a tombstone was last seen.
pub(super) fn mark_shared(connection: &Connection, source: i64, keys: &[EntryKey], day: i64) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO tombstone (source, key, seen) VALUES (?1, ?2, ?3)
         ON CONFLICT (source, key) DO UPDATE SET seen = excluded.seen WHERE seen < excluded.seen - ?4",
    )?;
    for key in keys {
        insert.execute(params![source, shared_mark(key), day, SHARED_PRECISION_DAYS])?;
    }
    Ok(())
}

/// How many days may pass before the day on which a tombstone was last seen is stored again.
const TOMBSTONE_PRECISION_DAYS: i64 = 30;

/// Stores that documents still had entries with these purged keys on `day`.
pub(super) fn touch_tombstones(connection: &Connection, source: i64, keys: &[EntryKey], day: i64) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached("UPDATE tombstone SET seen = ?3 WHERE source = ?1 AND key = ?2 AND seen < ?4")?;
    for key in keys {
        update.execute(params![source, tombstone(key), day, day - TOMBSTONE_PRECISION_DAYS])?;
    }
    Ok(())
}

fn kind(word: &str) -> Option<KeyKind> {
    [KeyKind::Guid, KeyKind::Link, KeyKind::Text]
        .into_iter()
        .find(|kind| kind.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_same_for_ever() {
        let key = |kind, value: &str| EntryKey {
            kind,
            value: value.to_owned(),
        };
        assert_eq!(link_digest("a.example/1?x"), -1_053_175_009_998_616_700);
        assert_eq!(digest(1, &key(KeyKind::Link, "a.example/1?x")), -1_053_175_009_998_616_700);
        assert_eq!(digest(3, &key(KeyKind::Guid, "1")), 15_717_710_806);
        assert_ne!(digest(4, &key(KeyKind::Guid, "1")), 15_717_710_806);
        assert_eq!(link_digest("a.example/1") >> 32, link_digest("a.example/2") >> 32, "side by side");
    }
}
