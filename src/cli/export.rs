//! `griot export json` and `griot db stats`: the database as JSON lines, and in figures.

use super::args::Global;
use super::entry_json;
use super::failure::{DONE, Failure};
use super::output::Output;
use super::setup;
use crate::model::CleanHtml;
use crate::store::ExportRow;
use serde_json::{Value, json};

/// Prints the canonical dump: stores of equal content give equal bytes, in whatever order it arrived.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_, store) = setup::open_read_only(global, output)?;
    store.export(&mut |row| output.value(&value(&row)))?;
    Ok(DONE)
}

fn value(row: &ExportRow) -> Value {
    match row {
        ExportRow::Entry(entry) => entry_json::exported(entry),
        ExportRow::Revision(revision) => json!({
            "kind": "revision", "entry": revision.entry.to_string(), "number": revision.number, "seen": revision.seen.rfc3339(),
            "title": revision.title, "summary": revision.summary.as_ref().map(CleanHtml::as_str),
            "content": revision.content.as_ref().map(CleanHtml::as_str), "content_hash": revision.content_hash.to_hex(),
        }),
        ExportRow::Story(story) => json!({
            "kind": "story", "id": story.id.to_string(), "lead": story.lead.to_string(), "founded": story.founded.rfc3339(),
            "earlier": story.earlier.map(|id| id.to_string()),
        }),
        ExportRow::Placement(placement) => json!({
            "kind": "placement", "topic": placement.topic.as_str(), "story": placement.story.to_string(), "entry": placement.entry.to_string(),
            "score": placement.score, "placed": placement.placed.rfc3339(),
            "reasons": placement.reasons.iter().map(|reason| json!({"clause": reason.clause, "field": reason.field, "words": reason.words})).collect::<Vec<_>>(),
        }),
        ExportRow::Published(published) => json!({
            "kind": "published", "guid": published.guid, "topic": published.topic.as_str(), "story": published.story.to_string(), "linked": published.linked.to_string(),
            "first_published": published.first_published.rfc3339(), "updated": published.updated.rfc3339(), "content_hash": published.content_hash.to_hex(),
        }),
        ExportRow::Mark(mark) => json!({
            "kind": "mark", "entry": mark.entry.to_string(), "topic": mark.topic.as_ref().map(crate::model::TopicId::as_str),
            "mark": mark.kind.as_str(), "note": mark.note, "at": mark.at.rfc3339(),
        }),
    }
}

/// Prints the numbers of rows and bytes.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn stats(global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_, store) = setup::open_read_only(global, output)?;
    let stats = store.stats()?;
    if output.json {
        let tables: serde_json::Map<String, Value> = stats
            .tables
            .iter()
            .map(|table| (table.name.clone(), json!({"rows": table.rows, "bytes": table.bytes})))
            .collect();
        output.value(&json!({
            "sources": stats.sources, "entries": stats.entries, "copy_groups": stats.copy_groups, "articles": stats.articles,
            "stories": stats.stories, "placements": stats.placements, "bytes": stats.bytes, "tables": tables,
        }));
        return Ok(DONE);
    }
    for (label, count) in [
        ("sources", stats.sources),
        ("entries", stats.entries),
        ("copy groups", stats.copy_groups),
        ("articles", stats.articles),
        ("stories", stats.stories),
        ("placements", stats.placements),
        ("bytes", stats.bytes),
    ] {
        output.line(&format!("{label:<12} {count:>12}"));
    }
    for table in &stats.tables {
        output.line(&format!("  {:<16} {:>10} rows {:>12} bytes", table.name, table.rows, table.bytes));
    }
    Ok(DONE)
}
