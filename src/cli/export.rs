//! `griot export`: the sources of feeds.toml as a list of feeds, or the database as JSON lines.

use super::args::{Export, ExportFormat, Global};
use super::entry_json;
use super::failure::{DONE, Failure};
use super::mark;
use super::output::Output;
use super::setup;
use crate::config::{Settings, nested_settings};
use crate::model::{Alert, CleanHtml, Timestamp};
use crate::pipeline::source_export::public_sources;
use crate::publish;
use crate::store::ExportRow;
use serde_json::{Value, json};

/// Prints what was asked for.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(export: &Export, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    if export.format == ExportFormat::Json && !export.sources {
        return dump(global, output);
    }
    let (_, config) = setup::load(global, output)?;
    let is_for_readers = matches!(export.format, ExportFormat::Opml | ExportFormat::Newsboat | ExportFormat::Sfeed);
    let public = public_sources(&config, is_for_readers);
    for (id, reason) in &public.left_out {
        output.announce(&format!("`{id}` is left out: {reason}"));
    }
    print_sources(export.format, &config.site.title, &public.sources, output);
    Ok(DONE)
}

/// Prints the canonical dump: stores of equal content give equal bytes, in whatever order it arrived.
fn dump(global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let (_, store) = setup::open_read_only(global, output)?;
    store.export(&mut |row| output.value(&value(&row)))?;
    Ok(DONE)
}

fn print_sources(format: ExportFormat, title: &str, sources: &[Settings], output: &mut Output) {
    let text = match format {
        ExportFormat::Json => return sources.iter().for_each(|source| output.value(&nested_settings(source))),
        ExportFormat::Opml => publish::sources_opml(title, sources),
        ExportFormat::Csv => publish::sources_csv(sources),
        ExportFormat::Newsboat => publish::sources_newsboat(sources),
        ExportFormat::Sfeed => publish::sources_sfeed(sources),
    };
    if let Some(text) = text.strip_suffix('\n') {
        output.line(text);
    }
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
