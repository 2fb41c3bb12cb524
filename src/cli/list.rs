//! `griot list`: lists sources, topics, stories, entries or concepts.

use super::args::{Global, List, ListKind};
use super::entry_json;
use super::export::alert_json;
use super::failure::{DONE, Failure, USAGE};
use super::output::Output;
use super::terminal_text::{escape_controls, fit};
use super::{setup, withdrawal_text};
use crate::config::{Source, SourceKind};
use crate::curate;
use crate::model::{Country, Entry, EntryId, SourceId, StoryId, TopicId};
use crate::pipeline::independence::independent_counts;
use crate::store::{Store, StoreError, StoryEntry};
use crate::text::fold::fold;
use crate::text::messages::Messages;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// The number of entries or stories that are read at once.
const BATCH: usize = 1000;
/// How many outlets of a story are named.
const MAX_OUTLETS: usize = 3;

/// Prints one line per object; with a query, only those that contain it, without regard to case and accents.
///
/// # Errors
/// [`Failure`] when the configuration or the database cannot be read.
pub fn run(list: &List, global: &Global, output: &mut Output) -> Result<u8, Failure> {
    let query = list.query.as_deref().map(fold);
    if list.waiting && !matches!(list.what, ListKind::Stories) {
        return Err(Failure::message(USAGE, "only stories wait for approval".to_owned()).hint("griot list stories --waiting"));
    }
    let is_wanted = |text: &str| query.as_deref().is_none_or(|query| fold(text).contains(query));
    match list.what {
        ListKind::Sources => sources(global, output, &is_wanted)?,
        ListKind::Topics => topics(global, output, &is_wanted)?,
        ListKind::Concepts => concepts(global, output, &is_wanted)?,
        ListKind::Entries => entries(global, output, &is_wanted)?,
        ListKind::Stories => stories(global, output, &is_wanted, list.waiting)?,
    }
    Ok(DONE)
}

fn sources(global: &Global, output: &mut Output, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load_with_lists(global, output)?;
    for source in &config.sources {
        let url = source.urls.first().map(Url::as_str).unwrap_or_default();
        if !is_wanted(&format!("{} {} {url} {}", source.id, source.name, source.tags.join(" "))) {
            continue;
        }
        if output.json {
            output.value(&json!({
                "id": source.id.as_str(), "name": source.name, "urls": source.urls.iter().map(Url::as_str).collect::<Vec<_>>(),
                "country": source.country, "kind": source.kind.map(SourceKind::as_str), "lang": source.lang,
                "tags": source.tags, "enabled": source.enabled,
            }));
        } else {
            let off = if source.enabled {
                "".into()
            } else {
                output.messages.translate(" (disabled)")
            };
            output.line(&format!("{} {} {url}{off}", fit(source.id.as_str(), 20), fit(&source.name, 28)));
        }
    }
    Ok(())
}

fn topics(global: &Global, output: &mut Output, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load(global, output)?;
    for topic in config
        .topics
        .iter()
        .filter(|topic| is_wanted(&format!("{} {}", topic.id, topic.title)))
    {
        if output.json {
            output.value(&json!({"id": topic.id.as_str(), "title": topic.title, "enabled": topic.enabled, "limit": topic.limit}));
        } else {
            output.line(&format!("{} {}", fit(topic.id.as_str(), 20), escape_controls(&topic.title)));
        }
    }
    Ok(())
}

fn concepts(global: &Global, output: &mut Output, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (_, config) = setup::load(global, output)?;
    let builtin = curate::builtin_concepts().map(|name: &str| name);
    let builtin = builtin.filter(|name| !config.concepts.contains_key(*name));
    let names = builtin
        .chain(config.concepts.keys().map(String::as_str))
        .filter(|name| is_wanted(name));
    for concept in names.filter_map(|name| curate::describe_concept(name, &config.concepts)) {
        let words = concept.terms.len();
        let countries: Vec<&str> = concept.countries.iter().map(Country::as_str).collect();
        if output.json {
            output.value(&json!({"id": concept.name, "words": words, "countries": countries, "builtin": concept.is_builtin}));
            continue;
        }
        let size = if countries.is_empty() {
            format!("{words} words")
        } else {
            format!("about {}", countries.join(", "))
        };
        let words = |text| output.messages.translate(text);
        let origin = if concept.is_builtin { words(", built in") } else { "".into() };
        let line = format!("@{} {}{origin}", fit(&concept.name, 25), output.messages.translate(&size));
        output.line(&line);
    }
    Ok(())
}

/// The topics of stories, or of entries where a topic publishes entries.
#[derive(Default)]
struct TopicsOfStories {
    /// The topics that hold a story.
    holding: BTreeMap<StoryId, Vec<TopicId>>,
    /// The topics in which it waits for approval.
    waiting: BTreeMap<StoryId, Vec<TopicId>>,
}

/// Returns the topics of each entry's story, or of the entry itself.
fn topics_of_stories(store: &Store, entries: impl Iterator<Item = (EntryId, Option<StoryId>)>) -> Result<TopicsOfStories, StoreError> {
    let mut ids: Vec<StoryId> = entries.flat_map(|(id, story)| [Some(id.into()), story]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut topics_of_stories = TopicsOfStories::default();
    for placement in store.placements_of_stories(&ids)? {
        let topics = if placement.waits {
            &mut topics_of_stories.waiting
        } else {
            &mut topics_of_stories.holding
        };
        topics.entry(placement.story).or_default().push(placement.topic);
    }
    Ok(topics_of_stories)
}

/// Returns the topics that hold each of these entries or its story, in alphabetical order.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub fn topics_of_entries(store: &Store, entries: &[&Entry]) -> Result<Vec<Vec<String>>, StoreError> {
    let topics_of_stories = topics_of_stories(store, entries.iter().map(|entry| (entry.id, entry.story)))?;
    let topics_of = |entry: &&Entry| {
        let ids: BTreeSet<StoryId> = [Some(StoryId::from(entry.id)), entry.story].into_iter().flatten().collect();
        let topics = ids.iter().filter_map(|id| topics_of_stories.holding.get(id)).flatten();
        let topics: BTreeSet<String> = topics.map(TopicId::to_string).collect();
        topics.into_iter().collect()
    };
    Ok(entries.iter().map(topics_of).collect())
}

fn entries(global: &Global, output: &mut Output, is_wanted: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let mut after = None;
    loop {
        let mut batch: Vec<Entry> = Vec::with_capacity(BATCH);
        after = store.entries_by_date(after, BATCH, &mut |entry| {
            let link = entry.link.as_ref().map(Url::as_str).unwrap_or_default();
            if is_wanted(&format!("{} {} {link}", entry.title, entry.source)) {
                batch.push(entry);
            }
        })?;
        let topics = topics_of_entries(&store, &batch.iter().collect::<Vec<_>>())?;
        let taken_back = withdrawal_text::of_entries(&store, batch.iter().map(|entry| entry.id))?;
        for (entry, topics) in batch.iter().zip(&topics) {
            let taken_back = taken_back.get(&entry.id);
            if output.json {
                let mut value = entry_json::listed(entry, &topics.iter().map(String::as_str).collect::<Vec<_>>());
                withdrawal_text::add_to(&mut value, taken_back);
                output.value(&value);
            } else {
                let date = entry.date().local(&config.site.timezone);
                let state = withdrawal_text::word(taken_back).map(|word| format!("{word} ")).unwrap_or_default();
                let copy = if entry.copy_of.is_some() {
                    format!("{} ", output.messages.translate("copy"))
                } else {
                    String::new()
                };
                let countries: Vec<String> = entry.about.countries().iter().map(|(country, _)| country.to_string()).collect();
                let genre = entry.genre.map(|genre| format!("{} ", genre.as_str())).unwrap_or_default();
                let agency = entry.agency.map(|agency| format!("{} ", agency.as_str())).unwrap_or_default();
                output.line(&format!(
                    "{} {date} {} {} {state}{copy}{agency}{genre}{}",
                    entry.id.short(),
                    fit(entry.source.as_str(), 16),
                    fit(&countries.join(","), 8),
                    escape_controls(&entry.title)
                ));
            }
        }
        if after.is_none() {
            return Ok(());
        }
    }
}

fn stories(global: &Global, output: &mut Output, is_wanted: &dyn Fn(&str) -> bool, only_waiting: bool) -> Result<(), Failure> {
    let (config, store) = setup::open_read_only(global, output)?;
    let by_id: BTreeMap<&SourceId, &Source> = config.sources.iter().map(|source| (&source.id, source)).collect();
    let mut before = None;
    loop {
        let stories = store.stories_before(before, BATCH)?;
        let Some(last) = stories.last() else { return Ok(()) };
        before = Some((last.founded, last.id));
        let ids: Vec<StoryId> = stories.iter().map(|story| story.id).collect();
        let entries = store.story_entries(&ids)?;
        let topics_of_stories = topics_of_stories(&store, entries.iter().map(|entry| (entry.id, Some(entry.story))))?;
        let alerts = store.alerts_of_stories(&ids)?;
        let independent_counts = independent_counts(&store, &entries, |id| by_id.get(id).copied())?;
        let mut members: BTreeMap<StoryId, Vec<&StoryEntry>> = BTreeMap::new();
        for entry in &entries {
            members.entry(entry.story).or_default().push(entry);
        }
        for story in &stories {
            let members = members.get(&story.id).map(Vec::as_slice).unwrap_or_default();
            let lead = members.iter().find(|entry| entry.id == story.lead);
            let title = lead.map(|entry| entry.title.as_str()).unwrap_or_default();
            let date = lead.map_or(story.founded, |entry| entry.date);
            let parts = members.iter().map(|entry| StoryId::from(entry.id)).chain([story.id]);
            let of_parts = |topics: &'_ BTreeMap<StoryId, Vec<TopicId>>| -> BTreeSet<String> {
                let topics = parts.clone().filter_map(|id| topics.get(&id)).flatten();
                topics.map(TopicId::to_string).collect()
            };
            let waiting = of_parts(&topics_of_stories.waiting);
            if !is_wanted(title) || (only_waiting && waiting.is_empty()) {
                continue;
            }
            let independent = independent_counts.get(&story.id).copied().unwrap_or_default();
            if output.json {
                let ids: Vec<String> = members.iter().map(|entry| entry.id.to_string()).collect();
                let topics = of_parts(&topics_of_stories.holding);
                let alerts: Vec<Value> = alerts.iter().filter(|alert| alert.story == story.id).map(alert_json).collect();
                output.value(&json!({
                    "id": story.id.to_string(), "lead": EntryId::to_string(&story.lead), "title": title, "entries": ids,
                    "independent": independent, "first_seen": story.founded.rfc3339(), "topics": topics,
                    "waiting": waiting, "alerts": alerts, "date": date.rfc3339(), "outlets": outlets(members, &by_id),
                }));
            } else {
                let mut facts: Vec<String> = waiting.iter().map(|topic| format!("waits in {topic}")).collect();
                if alerts.iter().any(|alert| alert.story == story.id) {
                    facts.push("alert".to_owned());
                }
                facts.push(format!("{} entries, {independent} independent", members.len()));
                let facts: Vec<String> = facts.iter().map(|fact| output.messages.translate(fact).into_owned()).collect();
                output.line(&format!(
                    "{} {} {}, {}  {}",
                    story.id.short(),
                    story.founded.local(&config.site.timezone),
                    facts.join(", "),
                    named(&outlets(members, &by_id), output.messages),
                    escape_controls(title)
                ));
            }
        }
    }
}

/// Returns the names of the outlets that tell a story, in the order of their reports.
fn outlets<'n>(members: &[&'n StoryEntry], by_id: &BTreeMap<&SourceId, &'n Source>) -> Vec<&'n str> {
    let mut names: Vec<&str> = Vec::new();
    for entry in members {
        let name = by_id
            .get(&entry.source)
            .map_or(entry.source.as_str(), |source| source.name.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the first [`MAX_OUTLETS`] names, and the number of the others.
fn named(names: &[&str], messages: Messages) -> String {
    let shown = &names[..names.len().min(MAX_OUTLETS)];
    let more = names.len() - shown.len();
    let more = if more > 0 {
        format!(" {}", messages.translate(&format!("and {more} more")))
    } else {
        String::new()
    };
    escape_controls(&shown.join(", ")) + &more
}
