//! `griot show ENTRY`: an entry with what was decided about it, its versions, or where it came from.

use super::args::Show;
use super::failure::{DONE, Failure};
use super::output::Output;
use super::show_story::{decision_json, reason, topic_json, topic_line};
use super::terminal_text::escape_controls;
use super::{entry_json, withdrawal_text};
use crate::config::{Config, Source};
use crate::model::{EntryId, Genre, Provenance, StoryId, Timestamp};
use crate::pipeline::entry_view::{EntryView, PartChange, Version, entry_view, versions};
use crate::store::{Store, StoryEntry};
use serde_json::{Value, json};
use url::Url;

/// Prints an entry, its versions or its provenance.
///
/// # Errors
/// [`Failure`] when the database cannot be read.
pub fn run(show: &Show, config: &Config, store: &Store, id: EntryId, output: &mut Output) -> Result<u8, Failure> {
    let Some(entry) = store.entries(&[id])?.pop() else {
        return Ok(DONE);
    };
    let zone = &config.site.timezone;
    if show.revisions {
        for version in versions(store, &entry)? {
            if output.json {
                output.value(&version_json(id, &version));
            } else {
                print_version(&version, zone, output);
            }
        }
        return Ok(DONE);
    }
    if show.provenance {
        for provenance in store.provenance(id)? {
            if output.json {
                output.value(&provenance_json(id, &provenance));
            } else {
                print_provenance(&provenance, zone, output);
            }
        }
        return Ok(DONE);
    }
    let source = config.sources.iter().find(|source| source.id == entry.source);
    let view = entry_view(store, entry)?;
    if output.json {
        output.value(&view_json(&view));
    } else {
        print(&view, source, zone, output);
    }
    Ok(DONE)
}

fn print(view: &EntryView, source: Option<&Source>, zone: &str, output: &mut Output) {
    let entry = &view.entry;
    output.line(&format!("{}  {}", entry.id.short(), escape_controls(&entry.title)));
    let name = source.map_or(entry.source.as_str(), |source| source.name.as_str());
    let country = source
        .and_then(|source| source.country.as_deref())
        .map(|country| format!(", {country}"));
    output.line(&format!(
        "by {} ({}{})",
        escape_controls(name),
        entry.source,
        country.unwrap_or_default()
    ));
    if let Some(link) = &entry.link {
        output.line(&escape_controls(link.as_str()));
    }
    let date = |name: &str, date: Option<Timestamp>| date.map(|date| format!("{name} {}", date.local(zone)));
    let dates = [
        date("published", entry.published),
        date("updated", entry.updated),
        date("first seen", Some(entry.first_seen)),
    ];
    output.line(&dates.into_iter().flatten().collect::<Vec<_>>().join(", "));
    let countries: Vec<String> = entry.about.countries().iter().map(|(country, _)| country.to_string()).collect();
    let regions: Vec<&str> = entry.about.regions().iter().map(|own| own.region.as_str()).collect();
    let facts = [
        entry.language.as_ref().map(|language| format!("in {}", escape_controls(language))),
        entry.agency.map(|agency| format!("text of {}", agency.as_str())),
        (!countries.is_empty()).then(|| format!("about {}", countries.join(", "))),
        (!regions.is_empty()).then(|| format!("regions: {}", regions.join(", "))),
        entry.genre.map(|genre| format!("mark: {}", Genre::as_str(genre))),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        output.line(&facts.join(", "));
    }
    if let Some(original) = &view.original {
        output.line(&format!("copy of {}", report(original)));
    }
    for copy in &view.copies {
        output.line(&format!("copied by {}", report(copy)));
    }
    if let Some(text) = view.withdrawal.as_ref().and_then(|known| withdrawal_text::words(known, zone)) {
        output.line(&text);
    }
    match &view.story {
        Some(story) => {
            let lead = if story.lead == entry.id { ", which it leads" } else { "" };
            output.line(&format!("in the story {}{lead}", story.id.short()));
        }
        None => output.line("waits for the next run"),
    }
    for decision in &view.compositions {
        output.line(&format!("  {}: {}", decision.at.local(zone), reason(decision, None)));
    }
    for topic in &view.topics {
        output.line(&topic_line(topic, zone));
    }
    if view.changes > 0 {
        let times = match view.changes {
            1 => "once".to_owned(),
            more => format!("{more} times"),
        };
        output.line(&format!("changed {times}: griot show {} --revisions", entry.id.short()));
    }
}

fn report(entry: &StoryEntry) -> String {
    format!("{} {}: {}", entry.id.short(), entry.source, escape_controls(&entry.title))
}

fn view_json(view: &EntryView) -> Value {
    let topics: Vec<&str> = view.topics.iter().map(|topic| topic.topic.as_str()).collect();
    let mut value = entry_json::listed(&view.entry, &topics);
    let entry = &view.entry;
    value["items"] = view.topics.iter().map(topic_json).collect();
    value["updated"] = json!(entry.updated.map(Timestamp::rfc3339));
    value["language"] = json!(entry.language);
    withdrawal_text::add_to(&mut value, view.withdrawal.as_ref());

    value["copies"] = view.copies.iter().map(|copy| copy.id.to_string()).collect();
    value["leads"] = json!(view.story.as_ref().is_some_and(|story| story.lead == entry.id));
    value["founded"] = json!(entry.story == Some(StoryId::from(entry.id)));
    value["decisions"] = view.compositions.iter().map(decision_json).collect();
    value["changes"] = json!(view.changes);
    value
}

fn print_version(version: &Version, zone: &str, output: &mut Output) {
    if version.lost > 0 {
        output.line(&format!("… {} versions that are not kept", version.lost));
    }
    let seen = version.seen.map_or_else(|| "later".to_owned(), |seen| seen.local(zone));
    output.line(&format!("{}. {seen}  {}", version.number, escape_controls(&version.title)));
    for change in &version.changes {
        output.line(&format!("   {}: {}", change.part, escape_controls(&marked(change))));
    }
}

/// Returns a change with the marks of `wdiff`: `before [-removed-] {+added+} after`.
fn marked(change: &PartChange) -> String {
    let part = |open: &str, text: &str, close: &str| (!text.is_empty()).then(|| format!("{open}{text}{close}"));
    let parts = [
        part("", &change.before, ""),
        part("[-", &change.removed, "-]"),
        part("{+", &change.added, "+}"),
        part("", &change.after, ""),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn version_json(entry: EntryId, version: &Version) -> Value {
    let change = |change: &PartChange| {
        json!({
            "part": change.part, "before": change.before, "out": change.removed, "in": change.added, "after": change.after,
        })
    };
    json!({
        "entry": entry.to_string(), "number": version.number, "seen": version.seen.map(Timestamp::rfc3339), "title": version.title,
        "lost": version.lost, "changes": version.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn print_provenance(provenance: &Provenance, zone: &str, output: &mut Output) {
    let what = if provenance.entry.is_some() { "page" } else { "feed" };
    let address = escape_controls(&shown_address(&provenance.final_url));
    output.line(&format!(
        "{what} {}  {} {address} ({} bytes)",
        provenance.fetched.local(zone),
        provenance.status,
        provenance.size
    ));
    for (status, target) in &provenance.redirects {
        output.line(&format!("  {status} to {}", escape_controls(&shown_address(target))));
    }
}

fn provenance_json(entry: EntryId, provenance: &Provenance) -> Value {
    let bytes = |value: &Option<Vec<u8>>| value.as_ref().map(|value| String::from_utf8_lossy(value).into_owned());
    let redirect = |(status, target): &(u16, String)| json!({"status": status, "url": shown_address(target)});
    json!({
        "entry": entry.to_string(), "of": if provenance.entry.is_some() { "page" } else { "feed" }, "source": provenance.source.as_str(),
        "fetched": provenance.fetched.rfc3339(), "url": shown_address(&provenance.url), "final_url": shown_address(&provenance.final_url),
        "redirects": provenance.redirects.iter().map(redirect).collect::<Vec<_>>(), "status": provenance.status,
        "etag": bytes(&provenance.etag), "last_modified": bytes(&provenance.last_modified),
        "body_hash": provenance.body_hash.to_hex(), "bytes": provenance.size,
    })
}

/// Returns an address without user-info, which can be a secret.
fn shown_address(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_owned(), |url| crate::model::without_user_info(url).into())
}
