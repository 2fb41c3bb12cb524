//! The canonical dump: it is the same after a crash, on another machine and for any order of arrival.

use super::{alert, entry, mark, placement, published, revision, story};
use crate::store::records::ExportRow;
use rusqlite::Connection;

/// Passes every row to `each`, kind after kind, each kind by its identity. Row numbers, runs and provenance are not part of the dump.
pub(in crate::store) fn export(connection: &Connection, each: &mut dyn FnMut(ExportRow)) -> rusqlite::Result<()> {
    entry::for_each_by_id(connection, &mut |entry| each(ExportRow::Entry(Box::new(entry))))?;
    revision::for_each(connection, &mut |revision| each(ExportRow::Revision(revision)))?;
    story::for_each(connection, &mut |story| each(ExportRow::Story(story)))?;
    placement::for_each(connection, &mut |placement| each(ExportRow::Placement(placement)))?;
    published::for_each(connection, &mut |published| each(ExportRow::Published(published)))?;
    alert::for_each(connection, &mut |alert| each(ExportRow::Alert(alert)))?;
    mark::for_each(connection, &mut |event| each(ExportRow::Mark(event)))
}
