//! `griot export json`: the database as JSON lines.

use super::args::Global;
use super::entry_json;
use super::failure::{DONE, Failure};
use super::mark;
use super::output::Output;
use super::setup;
use crate::model::{Alert, CleanHtml, Timestamp};
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

/// Returns an alert as it is dumped, and listed with its story.
#[must_use]
pub fn alert_json(alert: &Alert) -> Value {
    json!({
        "kind": "alert", "topic": alert.topic.as_str(), "story": alert.story.to_string(), "at": alert.at.rfc3339(), "owners": alert.owners,
        "sources": alert.sources, "title": alert.title, "sent": alert.sent.map(Timestamp::rfc3339),
    })
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
            "score": placement.score, "masked": placement.masked, "rule": placement.rule, "waits": placement.waits, "placed": placement.placed.rfc3339(),
            "reasons": placement.reasons.iter().map(|reason| json!({"clause": reason.clause, "field": reason.field, "words": reason.words})).collect::<Vec<_>>(),
        }),
        ExportRow::Published(published) => json!({
            "kind": "published", "guid": published.guid, "topic": published.topic.as_str(), "story": published.story.to_string(), "linked": published.linked.to_string(),
            "first_published": published.first_published.rfc3339(), "updated": published.updated.rfc3339(), "content_hash": published.content_hash.to_hex(),
        }),
        ExportRow::Alert(alert) => alert_json(alert),
        ExportRow::Mark(mark) => mark::json(mark),
    }
}
