//! The canonical dump: it is the same after a crash, on another machine and for any order of arrival.

use super::{entry, mark, placement, published, revision, story};
use crate::store::records::ExportRow;
use rusqlite::Connection;

/// Passes every row to `each`, kind after kind, each kind by its identity. Row numbers, runs and provenance are not part of the dump.
pub(in crate::store) fn export(connection: &Connection, each: &mut dyn FnMut(ExportRow)) -> rusqlite::Result<()> {
    entry::for_each_by_id(connection, &mut |entry| each(ExportRow::Entry(Box::new(entry))))?;
    revision::for_each(connection, &mut |revision| each(ExportRow::Revision(revision)))?;
    story::all(connection)?.into_iter().map(ExportRow::Story).for_each(&mut *each);
    placement::all(connection)?
        .into_iter()
        .map(ExportRow::Placement)
        .for_each(&mut *each);
    published::all(connection)?
        .into_iter()
        .map(ExportRow::Published)
        .for_each(&mut *each);
    mark::all(connection)?.into_iter().map(ExportRow::Mark).for_each(&mut *each);
    Ok(())
}
