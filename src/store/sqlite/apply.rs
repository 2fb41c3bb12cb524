//! Applying changes: every part of one step, in the order of the fields of [`Changes`], within one transaction.

use super::source::SourceRows;
use super::{article, entry, event, host, key, page, placement, problem, provenance, published, source, story};
use crate::model::Changes;
use rusqlite::Connection;

/// Keeps all of `changes`. Doing it twice changes nothing more.
pub(in crate::store) fn apply(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    let mut rows = SourceRows::new(connection);
    for state in &changes.sources {
        source::keep(connection, rows.row(&state.source)?, state)?;
    }
    for event in &changes.events {
        event::keep(connection, rows.row(&event.source)?, event)?;
    }
    for state in &changes.hosts {
        host::keep(connection, state)?;
    }
    gathered(connection, changes, &mut rows)?;
    composed(connection, changes)?;
    for (source, problems) in &changes.problems {
        problem::replace(connection, rows.row(source)?, problems)?;
    }
    Ok(())
}

/// Keeps what came from outside.
fn gathered(connection: &Connection, changes: &Changes, rows: &mut SourceRows) -> rusqlite::Result<()> {
    let purged = !changes.new_entries.is_empty() && key::any_tombstone(connection)?;
    for new in &changes.new_entries {
        entry::insert(connection, rows.row(&new.source)?, new, purged)?;
    }
    for change in &changes.revised_entries {
        entry::revise(connection, change)?;
    }
    for (entry, article) in &changes.articles {
        article::keep(connection, entry, article)?;
    }
    for visit in &changes.page_visits {
        page::keep(connection, visit)?;
    }
    for provenance in &changes.provenance {
        provenance::keep(connection, rows.row(&provenance.source)?, provenance)?;
    }
    Ok(())
}

/// Keeps what we made of it.
fn composed(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    entry::compose(connection, &changes.compositions)?;
    entry::clear_unjudged(connection, &changes.rejudged)?;
    for story in &changes.stories {
        story::keep(connection, story)?;
    }
    for placement in &changes.placements {
        placement::keep(connection, placement)?;
    }
    for (topic, story) in &changes.displaced {
        placement::displace(connection, topic, story)?;
    }
    for published in &changes.published {
        published::keep(connection, published)?;
    }
    for topic in &changes.retired {
        placement::retire(connection, topic)?;
    }
    for (topic, digest, judged) in &changes.topic_stamps {
        placement::set_topic_stamp(connection, topic, *digest, *judged)?;
    }
    Ok(())
}
