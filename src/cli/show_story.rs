//! `griot show STORY`: every report of a story, who told it, and why it is there.

use super::failure::{DONE, Failure};
use super::output::Output;
use super::terminal_text::escape_controls;
use super::withdrawal_text;
use crate::config::{Config, Source};
use crate::model::{Agency, Basis, Composition, EntryId, MarkEvent, SourceId, StoryId, Timestamp};
use crate::pipeline::entry_view::TopicOfItem;
use crate::pipeline::independence::Teller;
use crate::pipeline::story_view::{ReportView, StoryView, story_view};
use crate::store::Store;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Prints a story.
///
/// # Errors
/// [`Failure`] when the database cannot be read.
pub fn run(config: &Config, store: &Store, id: StoryId, output: &mut Output) -> Result<u8, Failure> {
    let by_id: BTreeMap<&SourceId, &Source> = config.sources.iter().map(|source| (&source.id, source)).collect();
    if let Some(story) = store.stories(&[id])?.pop() {
        let view = story_view(store, story, |id| by_id.get(id).copied())?;
        if output.json {
            output.value(&view_json(&view));
        } else {
            print(&view, &config.site.timezone, output);
        }
    }
    Ok(DONE)
}

fn print(view: &StoryView, zone: &str, output: &mut Output) {
    let story = &view.story;
    let lead = view.reports.iter().find(|report| report.entry.id == story.lead);
    let title = lead.map(|lead| escape_controls(&lead.entry.title)).unwrap_or_default();
    output.line(&format!("{}  {title}", story.id.short()));
    output.line(&format!(
        "founded {}, {} entries, {} independent",
        story.founded.local(zone),
        view.reports.len(),
        view.independent
    ));
    if let Some((earlier, title)) = &view.earlier {
        output.line(&format!("earlier: {} {}", earlier.short(), escape_controls(title)));
    }
    for (later, title) in &view.later {
        output.line(&format!("later: {} {}", later.short(), escape_controls(title)));
    }
    for topic in &view.topics {
        output.line(&topic_line(topic, zone));
    }
    for report in &view.reports {
        output.line("");
        print_report(report, report.entry.id == story.lead, zone, output);
    }
}

fn print_report(report: &ReportView, leads: bool, zone: &str, output: &mut Output) {
    let entry = &report.entry;
    let lead = if leads { "  (leads)" } else { "" };
    output.line(&format!("{}  {}{lead}", entry.id.short(), escape_controls(&entry.title)));
    let facts = [
        Some(escape_controls(&report.outlet)),
        report.country.clone(),
        Some(entry.date.local(zone)),
        entry.language.as_deref().map(escape_controls),
        entry.agency.map(|agency| format!("text of {}", agency.as_str())),
        entry.copy_of.map(|original| format!("copy of {}", original.short())),
        report.teller.is_none().then(|| "not counted as independent".to_owned()),
    ];
    output.line(&format!("  {}", facts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    if let Some(text) = report.withdrawal.as_ref().and_then(|known| withdrawal_text::words(known, zone)) {
        output.line(&format!("  {text}"));
    }
    if let Some(decision) = &report.decision {
        let like = report.like_title.as_deref();
        let by = report.by_hand.as_ref().map(by_hand).unwrap_or_default();
        output.line(&format!("  {}: {}{by}", decision.at.local(zone), reason(decision, like)));
    }
}

/// Returns who moved an entry, and what that editor says of it.
fn by_hand(event: &MarkEvent) -> String {
    let editor = if event.editor.is_empty() {
        "an unknown user"
    } else {
        &event.editor
    };
    let note = said(event).map(|note| format!(": {note}")).unwrap_or_default();
    escape_controls(&format!(" by {editor}{note}"))
}

/// Returns what an editor says of a split or a join; the note begins with the story.
fn said(event: &MarkEvent) -> Option<&str> {
    event.note.as_deref()?.split_once(' ').map(|(_, text)| text)
}

/// Returns in words why an entry is in its story; `like` is the headline of the entry that it is most like.
pub fn reason(decision: &Composition, like: Option<&str>) -> String {
    let mut text = match decision.basis {
        Basis::Founded => "founded the story",
        Basis::Guid => "same guid as an entry of the story, and much of the same headline or text",
        Basis::Url => "same address as an entry of the story, and much of the same headline or text",
        Basis::Text => "same text as an entry of the story",
        Basis::Original => "the original of a text of the story",
        Basis::Event => "tells the event of the story",
        Basis::Split => "split from another story",
        Basis::Join => "joined to the story",
    }
    .to_owned();
    let like = || like.map(|title| format!(" {}", escape_controls(title))).unwrap_or_default();
    let more = [
        decision.measure.map(|measure| format!(", {measure:.2}")),
        decision.earlier.map(|earlier| format!(", later than {}", earlier.short())),
        (!decision.words.is_empty()).then(|| format!(", by {}", escape_controls(&decision.words.join(", ")))),
        decision.like.map(|id| format!("; most like {}{}", id.short(), like())),
    ];
    text.extend(more.into_iter().flatten());
    text
}

/// Returns in words that a topic holds an item.
pub fn topic_line(topic: &TopicOfItem, zone: &str) -> String {
    let waits = if topic.waits { ", waits for approval" } else { "" };
    let guid = topic.guid.as_ref().map(|guid| format!(": {guid}")).unwrap_or_default();
    let since = topic
        .first_published
        .map(|first| format!(" since {}", first.local(zone)))
        .unwrap_or_default();
    format!("in {}{waits}{since}{guid}", topic.topic)
}

/// Returns as JSON that a topic holds an item.
pub fn topic_json(topic: &TopicOfItem) -> Value {
    json!({
        "topic": topic.topic.as_str(), "shown": topic.shown.to_string(), "waits": topic.waits, "guid": topic.guid,
        "first_published": topic.first_published.map(Timestamp::rfc3339),
    })
}

/// Returns a decision as JSON.
pub fn decision_json(decision: &Composition) -> Value {
    let id = |id: Option<EntryId>| id.map(|id| id.to_string());
    json!({
        "at": decision.at.rfc3339(), "story": decision.story.to_string(), "copy_of": id(decision.copy_of), "basis": decision.basis.as_str(),
        "measure": decision.measure, "words": decision.words, "like": id(decision.like),
        "earlier": decision.earlier.map(|earlier| earlier.to_string()),
    })
}

fn view_json(view: &StoryView) -> Value {
    let story = &view.story;
    let other = |(id, title): &(StoryId, String)| json!({"id": id.to_string(), "title": title});
    let lead = view.reports.iter().find(|report| report.entry.id == story.lead);
    json!({
        "id": story.id.to_string(), "lead": story.lead.to_string(), "title": lead.map(|lead| lead.entry.title.as_str()),
        "first_seen": story.founded.rfc3339(), "independent": view.independent,
        "earlier": view.earlier.as_ref().map(other), "later": view.later.iter().map(other).collect::<Vec<_>>(),
        "topics": view.topics.iter().map(topic_json).collect::<Vec<_>>(),
        "entries": view.reports.iter().map(report_json).collect::<Vec<_>>(),
    })
}

fn report_json(report: &ReportView) -> Value {
    let entry = &report.entry;
    let teller = report.teller.as_ref().map(|teller| match teller {
        Teller::Agency(agency) => json!({"agency": agency.as_str()}),
        Teller::Owner(owner) => json!({"owner": owner}),
        Teller::Source(source) => json!({"source": source.as_str()}),
    });
    let by_hand = report
        .by_hand
        .as_ref()
        .map(|event| json!({"editor": event.editor, "at": event.at.rfc3339(), "note": said(event)}));
    let mut value = json!({
        "id": entry.id.to_string(), "source": entry.source.as_str(), "outlet": report.outlet, "country": report.country, "title": entry.title,
        "url": entry.link.as_ref().map(url::Url::as_str), "date": entry.date.rfc3339(), "first_seen": entry.first_seen.rfc3339(),
        "language": entry.language, "agency": entry.agency.map(Agency::as_str), "copy_of": entry.copy_of.map(|original| original.to_string()),
        "told_by": teller, "decision": report.decision.as_ref().map(decision_json), "like_title": report.like_title, "by_hand": by_hand,
    });
    withdrawal_text::add_to(&mut value, report.withdrawal.as_ref());
    value
}
