//! The tables `entry_key` and `tombstone`: the identity keys of entries, and those of purged entries.

use super::column::Columns;
use crate::model::digest::fnv1a_32;
use crate::model::{Digest128, EntryKey, Identity, KeyKind, SourceId};
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

/// Adds `keys` to the entry in `row` after its first `place` keys. A key that an entry of this source already has stays with that entry.
pub(super) fn add(connection: &Connection, source: i64, row: i64, place: i64, keys: &[EntryKey]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry_key (entry, place, source, kind, value, digest) SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE NOT EXISTS (SELECT 1 FROM entry_key WHERE digest = ?6 AND source = ?3 AND kind = ?4 AND value = ?5)",
    )?;
    for (place, key) in (place + 1..).zip(keys) {
        insert.execute(params![row, place, source, key.kind.as_str(), key.value, digest(source, key)])?;
    }
    Ok(())
}

/// Returns the position of the last key of the entry in `row`, from 1; 0 when it has none.
pub(super) fn last_place(connection: &Connection, row: i64) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(place), 0) FROM entry_key WHERE entry = ?1")?;
    statement.query_row([row], |row| row.get(0))
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
        "SELECT e.id, e.content_hash FROM entry_key k JOIN entry e ON e.row = k.entry
         WHERE k.digest = ?1 AND k.source = ?2 AND k.kind = ?3 AND k.value = ?4",
    )?;
    let mut purged = connection
        .prepare_cached("SELECT entry, zeroblob(16) FROM tombstone WHERE digest = ?1 AND source = ?2 AND kind = ?3 AND value = ?4")?;
    let statements = if any_tombstone(connection)? { 2 } else { 1 };
    let mut known = Vec::new();
    for key in keys {
        let digest = digest(source, key);
        for (statement, tombstone) in [(&mut stored, false), (&mut purged, true)].into_iter().take(statements) {
            let found = statement.query_row(params![digest, source, key.kind.as_str(), key.value], |row| {
                let mut columns = Columns::new(row);
                Ok(Identity {
                    id: columns.entry()?,
                    content_hash: columns.next()?,
                    tombstone,
                })
            });
            if let Some(identity) = found.optional()? {
                known.push((key.clone(), identity));
                break;
            }
        }
    }
    Ok(known)
}

/// Returns whether there are tombstones of purged entries.
pub(super) fn any_tombstone(connection: &Connection) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM tombstone LIMIT 1")?;
    statement.exists([])
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
