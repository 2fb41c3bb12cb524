//! Keys: the ladder by which a source's entries are known, and the tombstones of purged entries.

use super::column::Columns;
use crate::model::{EntryKey, Identity, KeyKind, SourceId};
use rusqlite::{Connection, OptionalExtension, params};

/// Returns 64 bits of the BLAKE3 of a key's value: what the index holds. Rows that meet by chance are told apart by the value itself.
pub(super) fn digest(value: &str) -> i64 {
    let hash = blake3::hash(value.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(bytes)
}

/// Adds `keys` to the entry in `row`. A key that an entry of this source already has stays where it is.
pub(super) fn add(connection: &Connection, source: i64, row: i64, keys: &[EntryKey]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry_key (entry, place, source, kind, value, digest)
         SELECT ?1, (SELECT coalesce(max(place), 0) + 1 FROM entry_key WHERE entry = ?1), ?2, ?3, ?4, ?5
         WHERE NOT EXISTS (SELECT 1 FROM entry_key WHERE digest = ?5 AND source = ?2 AND kind = ?3 AND value = ?4)",
    )?;
    for key in keys {
        insert.execute(params![row, source, key.kind.as_str(), key.value, digest(&key.value)])?;
    }
    Ok(())
}

/// Returns the keys of the entry in `row`, the one that made its id first.
pub(super) fn of_entry(connection: &Connection, row: i64) -> rusqlite::Result<Vec<EntryKey>> {
    let mut statement = connection.prepare_cached("SELECT kind, value FROM entry_key WHERE entry = ?1 ORDER BY place")?;
    let keys = statement.query_map([row], |row| {
        let mut columns = Columns::of(row);
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
    let mut living = connection.prepare_cached(
        "SELECT e.id, e.content_hash FROM entry_key k JOIN entry e ON e.row = k.entry
         WHERE k.digest = ?1 AND k.source = ?2 AND k.kind = ?3 AND k.value = ?4",
    )?;
    let mut purged = connection
        .prepare_cached("SELECT entry, zeroblob(16) FROM tombstone WHERE digest = ?1 AND source = ?2 AND kind = ?3 AND value = ?4")?;
    let mut known = Vec::new();
    for key in keys {
        let digest = digest(&key.value);
        for (statement, tombstone) in [(&mut living, false), (&mut purged, true)] {
            let found = statement.query_row(params![digest, source, key.kind.as_str(), key.value], |row| {
                let mut columns = Columns::of(row);
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

/// Returns whether any entry was ever purged.
pub(super) fn any_tombstone(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM tombstone)", [], |row| row.get(0))
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
        assert_eq!(digest("42"), digest("42"));
        assert_ne!(digest("42"), digest("43"));
    }
}
