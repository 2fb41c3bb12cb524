//! Applies [`Changes`]: every part in the order of its fields, within one transaction.

use super::source::SourceRows;
use super::{article, entry, event, host, key, page, placement, problem, provenance, published, source, story};
use crate::model::Changes;
use rusqlite::Connection;

/// Stores all of `changes`. Applying them twice has the same result as once.
pub(in crate::store) fn apply(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    let mut rows = SourceRows::new(connection);
    for state in &changes.sources {
        source::upsert(connection, rows.row(&state.source)?, state)?;
    }
    for event in &changes.events {
        event::insert(connection, rows.row(&event.source)?, event)?;
    }
    for state in &changes.hosts {
        host::update(connection, state)?;
    }
    apply_fetched(connection, changes, &mut rows)?;
    apply_composed(connection, changes)?;
    for (source, problems) in &changes.problems {
        problem::replace(connection, rows.row(source)?, problems)?;
    }
    Ok(())
}

/// Stores what was fetched: entries, articles, visits to pages, provenance.
fn apply_fetched(connection: &Connection, changes: &Changes, rows: &mut SourceRows) -> rusqlite::Result<()> {
    let any_purged = !changes.new_entries.is_empty() && key::any_tombstone(connection)?;
    for new in &changes.new_entries {
        entry::insert(connection, rows.row(&new.source)?, new, any_purged)?;
    }
    for change in &changes.revised_entries {
        entry::revise(connection, change)?;
    }
    for (entry, article) in &changes.articles {
        article::upsert(connection, entry, article)?;
    }
    for visit in &changes.page_visits {
        page::upsert(connection, visit)?;
    }
    for provenance in &changes.provenance {
        provenance::upsert(connection, rows.row(&provenance.source)?, provenance)?;
    }
    Ok(())
}

/// Stores what was derived: compositions, stories, placements, what topic feeds say.
fn apply_composed(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    entry::store_compositions(connection, &changes.compositions)?;
    entry::mark_evaluated(connection, &changes.reevaluated_entries)?;
    for story in &changes.stories {
        story::upsert(connection, story)?;
    }
    for placement in &changes.placements {
        placement::upsert(connection, placement)?;
    }
    for (topic, story) in &changes.removed_placements {
        placement::remove(connection, topic, story)?;
    }
    for published in &changes.published {
        published::upsert(connection, published)?;
    }
    for topic in &changes.retired_topics {
        placement::remove_topic_stamp(connection, topic)?;
    }
    for (topic, digest, judged) in &changes.topic_stamps {
        placement::set_topic_stamp(connection, topic, *digest, *judged)?;
    }
    Ok(())
}
