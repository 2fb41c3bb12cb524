//! Applies [`Changes`]: every part in the order of its fields, within one transaction.

use super::source::SourceRows;
use super::{
    alert, archive, article, composition, delivery, entry, event, fingerprint, host, key, page, placement, problem, provenance, published,
    source, story, term, text, topic_model, withdrawal,
};
use crate::model::Changes;
use rusqlite::Connection;
use std::collections::BTreeMap;

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
    apply_composed(connection, changes, &mut rows)?;
    for (source, problems) in &changes.problems {
        problem::replace(connection, rows.row(source)?, problems)?;
    }
    Ok(())
}

/// Stores what was fetched: entries, articles, visits to pages, provenance.
fn apply_fetched(connection: &Connection, changes: &Changes, rows: &mut SourceRows) -> rusqlite::Result<()> {
    let mut inserted: BTreeMap<i64, i64> = BTreeMap::new();
    for new in &changes.new_entries {
        let source = rows.row(&new.entry.source)?;
        if entry::insert(connection, source, new)? {
            *inserted.entry(source).or_default() += 1;
        }
    }
    for (source, count) in inserted {
        source::count_entries(connection, source, count)?;
    }
    for change in &changes.revised_entries {
        entry::revise(connection, change)?;
    }
    entry::rehash(connection, &changes.rehashed_entries)?;
    for (entry, updated, seen) in &changes.updated_entries {
        entry::set_updated(connection, entry, *updated, *seen)?;
    }
    key::add_seen(connection, &changes.new_keys)?;
    for (source, keys, day) in &changes.seen_tombstones {
        key::touch_tombstones(connection, rows.row(source)?, keys, *day)?;
    }
    for (source, keys, day) in &changes.shared_keys {
        key::mark_shared(connection, rows.row(source)?, keys, *day)?;
    }
    for (entry, article, forms, fetched) in &changes.articles {
        article::upsert(connection, entry, article, forms, *fetched)?;
        withdrawal::stands(connection, entry, *fetched)?;
    }
    for visit in &changes.page_visits {
        page::upsert(connection, visit)?;
    }
    for change in &changes.withdrawals {
        withdrawal::apply(connection, change)?;
    }
    for provenance in &changes.provenance {
        provenance::upsert(connection, rows.row(&provenance.source)?, provenance)?;
    }
    Ok(())
}

/// Stores what was derived: compositions, stories, placements, what topic feeds say.
fn apply_composed(connection: &Connection, changes: &Changes, rows: &mut SourceRows) -> rusqlite::Result<()> {
    let is_any_new = composition::store(connection, &changes.compositions)?;
    fingerprint::replace(connection, &changes.fingerprints)?;
    // Counts are added, so those of entries that were composed with the same changes before are stored already.
    if is_any_new || changes.compositions.is_empty() {
        term::add(connection, &changes.term_counts, &changes.compositions)?;
    }
    for memory in &changes.outlet_memories {
        term::set_outlet_memory(connection, rows.row(&memory.source)?, &memory.value)?;
    }
    text::fill_words(connection, &changes.filled_words)?;
    entry::mark_evaluated(connection, &changes.evaluated_entries)?;
    entry::set_subjects(connection, &changes.subjects)?;
    for story in &changes.stories {
        story::upsert(connection, story)?;
    }
    for placement in &changes.placements {
        placement::upsert(connection, rows, placement)?;
    }
    for (topic, story) in &changes.removed_placements {
        placement::remove(connection, topic, story)?;
    }
    for published in &changes.published {
        published::upsert(connection, published)?;
    }
    for page in &changes.archive_pages {
        archive::insert(connection, page)?;
    }
    for (topic, page, sources) in &changes.archive_sources {
        archive::set_sources(connection, topic, *page, sources)?;
    }
    for alert in &changes.alerts {
        alert::insert(connection, alert)?;
    }
    for (alert, at) in &changes.told_alerts {
        alert::set_told(connection, alert, *at)?;
    }
    for new in &changes.deliveries {
        delivery::insert(connection, new)?;
    }
    for topic in &changes.retired_topics {
        placement::remove_topic_stamp(connection, topic)?;
        topic_model::remove(connection, topic)?;
    }
    for (learning, model) in &changes.learned_topics {
        topic_model::replace(connection, learning, model)?;
    }
    for (topic, digest, judged) in &changes.topic_stamps {
        placement::set_topic_stamp(connection, topic, *digest, *judged)?;
    }
    if let Some(version) = changes.subjects_version {
        entry::set_subjects_version(connection, version)?;
    }
    for (source, facts) in &changes.source_facts {
        source::set_facts(connection, rows.row(source)?, *facts)?;
    }
    for (topic, moment) in &changes.rendered_topics {
        placement::set_rendered(connection, topic, *moment)?;
    }
    Ok(())
}
