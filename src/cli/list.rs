//! `griot list`: what griot knows.

use super::args::{Global, List, Listed};
use super::entry_json;
use super::failure::{DONE, Failure};
use super::output::{Output, column, shown};
use super::setup;
use crate::config::{Source, SourceKind};
use crate::model::{Entry, EntryId, SourceId, StoryId, TopicId};
use crate::store::{Store, StoreError};
use crate::text::fold::fold;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// How many entries are read at a time.
const BATCH: usize = 1000;

/// Lists, one object a line; with a query only what holds it, without regard to case and accents.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(list: &List, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let query = list.query.as_deref().map(fold);
    let wanted = |text: &str| query.as_deref().is_none_or(|query| fold(text).contains(query));
    match list.what {
        Listed::Sources => sources(global, output, &wanted)?,
        Listed::Topics => topics(global, output, &wanted)?,
        Listed::Concepts => concepts(global, output, &wanted)?,
        Listed::Entries => entries(global, output, &wanted)?,
        Listed::Stories => stories(global, output, &wanted)?,
    }
    Ok(DONE)
}

fn sources(global: &Global, output: &mut Output, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load(global, output)?;
    for source in &config.sources {
        let url = source.urls.first().map(Url::as_str).unwrap_or_default();
        if !wanted(&format!("{} {} {url} {}", source.id, source.name, source.tags.join(" "))) {
            continue;
        }
        if output.json {
            output.value(&json!({
                "id": source.id.as_str(), "name": source.name, "urls": source.urls.iter().map(Url::as_str).collect::<Vec<_>>(),
                "country": source.country, "kind": source.kind.map(SourceKind::as_str), "lang": source.lang,
                "tags": source.tags, "enabled": source.enabled,
            }));
        } else {
            let off = if source.enabled { "" } else { " (disabled)" };
            output.line(&format!(
                "{} {} {url}{off}",
                column(source.id.as_str(), 20),
                column(&source.name, 28)
            ));
        }
    }
    Ok(())
}

fn topics(global: &Global, output: &mut Output, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load(global, output)?;
    for topic in config
        .topics
        .iter()
        .filter(|topic| wanted(&format!("{} {}", topic.id, topic.title)))
    {
        if output.json {
            output.value(&json!({"id": topic.id.as_str(), "title": topic.title, "enabled": topic.enabled, "limit": topic.limit}));
        } else {
            output.line(&format!("{} {}", column(topic.id.as_str(), 20), shown(&topic.title)));
        }
    }
    Ok(())
}

fn concepts(global: &Global, output: &mut Output, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load(global, output)?;
    let written = config
        .concepts
        .iter()
        .map(|(name, concept)| (name.as_str(), Some(concept.any.len())));
    let builtin = crate::config::BUILTIN_CONCEPTS.iter().map(|name| (*name, None));
    for (name, words) in builtin.chain(written).filter(|(name, _)| wanted(name)) {
        match (output.json, words) {
            (true, _) => output.value(&json!({"id": name, "words": words, "builtin": words.is_none()})),
            (false, Some(words)) => output.line(&format!("@{} {words} words", column(name, 20))),
            (false, None) => output.line(&format!("@{} built in", column(name, 20))),
        }
    }
    Ok(())
}

/// Which topics hold each entry's story, or the entry itself where a topic shows entries.
fn placed(store: &Store, entries: &[Entry]) -> Result<BTreeMap<StoryId, Vec<TopicId>>, StoreError> {
    let mut ids: Vec<StoryId> = entries
        .iter()
        .flat_map(|entry| [Some(entry.id.into()), entry.story])
        .flatten()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut placed: BTreeMap<StoryId, Vec<TopicId>> = BTreeMap::new();
    for placement in store.placements_of_stories(&ids)? {
        placed.entry(placement.story).or_default().push(placement.topic);
    }
    Ok(placed)
}

fn entry_value(entry: &Entry, placed: &BTreeMap<StoryId, Vec<TopicId>>) -> Value {
    let own = StoryId::from(entry.id);
    let story = entry.story.filter(|story| *story != own);
    let mut topics: Vec<&str> = [Some(own), story]
        .into_iter()
        .flatten()
        .filter_map(|id| placed.get(&id))
        .flatten()
        .map(TopicId::as_str)
        .collect();
    topics.sort_unstable();
    topics.dedup();
    entry_json::listed(entry, &topics)
}

fn entries(global: &Global, output: &mut Output, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (config, store) = setup::look(global, output)?;
    let mut failed = None;
    let mut batch: Vec<Entry> = Vec::with_capacity(BATCH);
    let mut print = |batch: &mut Vec<Entry>, failed: &mut Option<StoreError>| match placed(&store, batch) {
        Ok(placed) => {
            for entry in batch.drain(..) {
                if output.json {
                    output.value(&entry_value(&entry, &placed));
                } else {
                    let date = entry.date().local(&config.site.timezone);
                    let copy = if entry.copy_of.is_some() { "copy " } else { "" };
                    output.line(&format!(
                        "{} {date} {} {copy}{}",
                        entry.id.short(),
                        column(entry.source.as_str(), 16),
                        shown(&entry.title)
                    ));
                }
            }
        }
        Err(error) => {
            batch.clear();
            *failed = Some(error);
        }
    };
    store.for_each_entry(&mut |entry| {
        if failed.is_none()
            && wanted(&format!(
                "{} {} {}",
                entry.title,
                entry.source,
                entry.link.as_ref().map(Url::as_str).unwrap_or_default()
            ))
        {
            batch.push(entry);
            if batch.len() == BATCH {
                print(&mut batch, &mut failed);
            }
        }
    })?;
    print(&mut batch, &mut failed);
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn stories(global: &Global, output: &mut Output, wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (config, store) = setup::look(global, output)?;
    let by_id: Sources = config.sources.iter().map(|source| (&source.id, source)).collect();
    for stories in store.list_stories(None, None)?.chunks(BATCH) {
        let ids: Vec<StoryId> = stories.iter().map(|story| story.id).collect();
        let entries = store.entries_of_stories(&ids)?;
        let placed = placed(&store, &entries)?;
        let mut members: BTreeMap<StoryId, Vec<&Entry>> = BTreeMap::new();
        for entry in &entries {
            members
                .entry(entry.story.unwrap_or_else(|| entry.id.into()))
                .or_default()
                .push(entry);
        }
        for story in stories {
            let members = members.get(&story.id).map(Vec::as_slice).unwrap_or_default();
            let lead = members.iter().find(|entry| entry.id == story.lead);
            let title = lead.map(|entry| entry.title.as_str()).unwrap_or_default();
            if !wanted(title) {
                continue;
            }
            let independent = independent(members, &by_id);
            if output.json {
                let ids: Vec<String> = members.iter().map(|entry| entry.id.to_string()).collect();
                let topics: Vec<&str> = placed.get(&story.id).into_iter().flatten().map(TopicId::as_str).collect();
                output.value(&json!({
                    "id": story.id.to_string(), "lead": EntryId::to_string(&story.lead), "title": title, "entries": ids,
                    "independent": independent, "first_seen": story.founded.rfc3339(), "topics": topics,
                }));
            } else {
                output.line(&format!(
                    "{} {} entries, {independent} independent  {}",
                    story.id.short(),
                    members.len(),
                    shown(title)
                ));
            }
        }
    }
    Ok(())
}

type Sources<'a> = BTreeMap<&'a SourceId, &'a Source>;

/// How many owners told the story in words of their own; aggregators do not count.
fn independent(members: &[&Entry], sources: &Sources<'_>) -> usize {
    let voices: std::collections::BTreeSet<String> = members
        .iter()
        .filter(|entry| entry.copy_of.is_none())
        .filter_map(|entry| {
            let source = sources.get(&entry.source).copied();
            let aggregator = source.and_then(|source| source.kind) == Some(SourceKind::Aggregator);
            let owner = source
                .and_then(|source| source.owner.clone())
                .unwrap_or_else(|| entry.source.to_string());
            (!aggregator).then_some(owner)
        })
        .collect();
    voices.len()
}
