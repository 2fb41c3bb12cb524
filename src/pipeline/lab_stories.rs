//! `griot lab stories`, `copies` and `pairs`: the texts of a file compared with each other, step by step as runs would.

use super::fingerprints::fingerprint;
use super::lab_topic::LabText;
use crate::dedupe::{
    DEDUPE_WINDOW, Decision, DedupeEntry, DedupePolicy, EntryText, Fingerprint, Index, KnownEntry, KnownStory, OutletMemory,
};
use crate::model::{EntryId, SourceId, StoryId, Timestamp};
use crate::text::feed_footer::strip_feed_footer;
use crate::text::html_to_text::html_to_text;
use crate::text::language;
use crate::text::title_tail::without_name;
use crate::text::word_list;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

/// The time between two runs.
const STEP_SECONDS: i64 = 3 * 3_600;
/// After so long the numbers of entries in which terms stand are halved, as in the store.
const FADING: Duration = Duration::from_hours(5 * 24);

/// A text with its place in the file.
#[derive(Debug)]
pub struct LabEntry {
    /// The text.
    pub text: LabText,
    /// Its date; that of the command where the file gives none.
    pub date: Timestamp,
}

/// What texts are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// The event that they tell.
    Stories,
    /// The text that they repeat.
    Copies,
}

/// The most texts of one step: their words are held together.
pub const MAX_STEP_TEXTS: usize = 1_000;

/// Returns whether two texts, one dated behind the other, belong to one step.
#[must_use]
pub fn is_one_step(one: Timestamp, other: Timestamp) -> bool {
    let step = |date: Timestamp| date.unix().div_euclid(STEP_SECONDS);
    step(one) == step(other)
}

/// Entries and stories are numbered by the places of texts in their file.
fn id_of(place: usize) -> EntryId {
    EntryId::from_bytes((place as u128).to_be_bytes())
}

fn place_of(id: EntryId) -> usize {
    usize::try_from(u128::from_be_bytes(*id.as_bytes())).unwrap_or_default()
}

/// Texts that come step by step, in the order of their dates.
pub struct Lab {
    index: Index,
    memories: BTreeMap<String, OutletMemory>,
    sources: HashMap<String, SourceId>,
    /// The texts of the last days with their places in the file, the oldest first; their fingerprints are encoded, which takes a third of the room.
    window: VecDeque<(usize, DedupeEntry, Vec<u8>)>,
    /// By place: the story, and the original.
    told: Vec<Option<(StoryId, Option<EntryId>)>>,
    founded: HashMap<StoryId, (Timestamp, Option<StoryId>)>,
    /// When the numbers of entries in which terms stand were halved last.
    faded: Option<Timestamp>,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            index: Index::new(DedupePolicy::default()),
            memories: BTreeMap::new(),
            sources: HashMap::new(),
            window: VecDeque::new(),
            told: Vec::new(),
            founded: HashMap::new(),
            faded: None,
        }
    }
}

impl Lab {
    /// Decides about the texts of a step, each with its place in the file, in the order of their dates. They are at most [`MAX_STEP_TEXTS`].
    pub fn step(&mut self, texts: &[(usize, LabEntry)]) {
        let Some((_, last)) = texts.last() else { return };
        let now = last.date;
        self.forget(now);
        let entries = self.entries(texts);
        self.index.begin_step(now);
        for (place, entry) in entries {
            let decision = self.index.assign(&entry);
            self.tell(place, &decision, now);
            let encoded = entry.fingerprint.to_bytes();
            let entry = DedupeEntry {
                fingerprint: Fingerprint::default(),
                ..entry
            };
            self.window.push_back((place, entry, encoded));
        }
        for decision in self.index.finish_step() {
            self.tell(place_of(decision.entry), &decision, now);
        }
    }

    fn tell(&mut self, place: usize, decision: &Decision, now: Timestamp) {
        if self.told.len() <= place {
            self.told.resize(place + 1, None);
        }
        if decision.is_founding() {
            self.founded.insert(decision.story, (now, decision.earlier));
        }
        self.told[place] = Some((decision.story, decision.copy_of));
    }

    /// Returns what dedupe compares of the texts of a step.
    fn entries(&mut self, texts: &[(usize, LabEntry)]) -> Vec<(usize, DedupeEntry)> {
        let prepared: Vec<Prepared> = texts.iter().map(|(_, entry)| Prepared::new(&entry.text)).collect();
        let mut of_outlets: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, (_, entry)) in texts.iter().enumerate() {
            of_outlets
                .entry(entry.text.source.as_deref().unwrap_or_default())
                .or_default()
                .push(number);
        }
        let mut fingerprints: BTreeMap<usize, Fingerprint> = BTreeMap::new();
        for (outlet, numbers) in of_outlets {
            let of_numbers: Vec<_> = numbers
                .iter()
                .map(|number| (prepared[*number].text(), texts[*number].1.date))
                .collect();
            if outlet.is_empty() {
                // Texts without an outlet are each of their own.
                let none = OutletMemory::default();
                let alone = |(text, _): &(EntryText<'_>, Timestamp)| fingerprint(text, &text.words(), &none);
                fingerprints.extend(numbers.iter().copied().zip(of_numbers.iter().map(alone)));
            } else {
                let memory = self.memories.entry(outlet.to_owned()).or_default();
                fingerprints.extend(numbers.iter().copied().zip(super::fingerprints::fingerprints(&of_numbers, memory)));
            }
        }
        let entry = |(number, (place, entry)): (usize, &(usize, LabEntry))| {
            let source = self.source(*place, entry.text.source.as_deref());
            let made = DedupeEntry {
                id: id_of(*place),
                guid: None,
                canonical: None,
                declared: None,
                title: entry.text.title.clone(),
                language: prepared[number].language.clone(),
                date: entry.date,
                first_seen: entry.date,
                mergeable: true,
                owns_link: true,
                fingerprint: fingerprints.remove(&number).unwrap_or_default(),
                source,
            };
            (*place, made)
        };
        texts.iter().enumerate().map(entry).collect()
    }

    fn source(&mut self, place: usize, outlet: Option<&str>) -> SourceId {
        let next = self.sources.len();
        let made = |name: String| SourceId::new(&name).expect("letters and digits are a slug");
        match outlet.filter(|outlet| !outlet.is_empty()) {
            None => made(format!("text{place}")),
            Some(outlet) => self
                .sources
                .entry(outlet.to_owned())
                .or_insert_with(|| made(format!("outlet{next}")))
                .clone(),
        }
    }

    /// Fills a new index with the texts of the last days, when as many older ones are in it.
    fn forget(&mut self, now: Timestamp) {
        while self
            .window
            .front()
            .is_some_and(|(_, entry, _)| now.since(entry.date) > DEDUPE_WINDOW)
        {
            self.window.pop_front();
        }
        if self.index.entry_count() < self.window.len() + self.window.len() / 4 + MAX_STEP_TEXTS {
            return;
        }
        let faded = *self.faded.get_or_insert(now);
        if now.since(faded) >= FADING {
            self.index.halve_frequencies();
            self.faded = Some(now);
        }
        self.index = Index::with_frequencies(std::mem::take(&mut self.index));
        let mut founded = HashMap::new();
        for (place, entry, encoded) in &self.window {
            let Some((story, copy_of)) = self.told.get(*place).copied().flatten() else {
                continue;
            };
            if let Some(known) = self.founded.get(&story) {
                founded.insert(story, *known);
                self.index.insert_story(&KnownStory {
                    id: story,
                    founded: known.0,
                    earlier: known.1,
                    first_published: None,
                    members: 0,
                });
            }
            self.index.insert(&KnownEntry {
                entry: DedupeEntry {
                    fingerprint: Fingerprint::from_bytes(encoded).unwrap_or_default(),
                    ..entry.clone()
                },
                copy_of,
                story,
                is_by_hand: false,
            });
        }
        self.founded = founded;
    }

    /// Returns the number of each text's group.
    #[must_use]
    pub fn groups(&self, grouping: Grouping) -> Vec<usize> {
        let group = |(place, told): (usize, &Option<(StoryId, Option<EntryId>)>)| match (told, grouping) {
            (None, _) => place,
            (Some((story, _)), Grouping::Stories) => place_of(EntryId::from_bytes(*story.as_bytes())),
            (Some(_), Grouping::Copies) => {
                let original = |place: usize| {
                    self.told
                        .get(place)
                        .copied()
                        .flatten()
                        .and_then(|(_, copy_of)| copy_of)
                        .map(place_of)
                };
                // An original is no copy, unless it has become too old to be known.
                std::iter::successors(Some(place), |place| original(*place))
                    .take(self.told.len())
                    .last()
                    .unwrap_or(place)
            }
        };
        self.told.iter().enumerate().map(group).collect()
    }
}

/// A text as it is compared.
struct Prepared {
    title: String,
    text: String,
    /// The primary subtag of its language.
    language: Option<String>,
}

impl Prepared {
    fn new(text: &LabText) -> Self {
        let body = html_to_text(&text.body);
        let title = without_name(&text.title, text.source.as_deref().unwrap_or_default());
        let detected = || language::resolve_language(None, &format!("{title}\n{body}"));
        let language = text.language.clone().or_else(detected);
        Self {
            title: word_list::encode(&[&[title]]),
            text: word_list::encode(&[&[strip_feed_footer(&body)]]),
            language: language.map(|tag| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()),
        }
    }

    fn text(&self) -> EntryText<'_> {
        EntryText {
            title: &self.title,
            text: &self.text,
            language: self.language.as_deref(),
        }
    }
}

/// Returns the group of each text.
#[cfg(test)]
pub fn group(entries: Vec<LabEntry>, grouping: Grouping) -> Vec<usize> {
    let mut order: Vec<(usize, LabEntry)> = entries.into_iter().enumerate().collect();
    order.sort_by_key(|(place, entry)| (entry.date, entry.text.source.clone(), *place));
    let mut lab = Lab::default();
    for step in order.chunk_by(|(_, one), (_, other)| is_one_step(one.date, other.date)) {
        lab.step(step);
    }
    lab.groups(grouping)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::path::Path;

    /// Texts of tests/corpus/stories: each line has `id`, `lang`, `published`, `source`, `title`, `body`, and the `story` that it tells.
    fn corpus(name: &str) -> Vec<(Value, LabEntry)> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/stories").join(name);
        let lines = std::fs::read_to_string(path).expect("a file of texts");
        let entry = |line: &str| {
            let object: Value = serde_json::from_str(line).expect("a JSON object");
            let string = |key: &str| object[key].as_str().expect("a string").to_owned();
            let entry = LabEntry {
                text: LabText {
                    title: string("title"),
                    body: string("body"),
                    language: Some(string("lang")),
                    country: None,
                    source: Some(string("source")),
                },
                date: Timestamp::parse(&string("published")).expect("a date"),
            };
            (object, entry)
        };
        lines.lines().map(entry).collect()
    }

    /// The stories that some texts make, taken by `story` and `id`, each as (`story`, `id`) of its texts.
    fn told(takes: impl Fn(&str, &str) -> bool) -> Vec<Vec<(String, String)>> {
        let string = |object: &Value, key: &str| object[key].as_str().unwrap_or_default().to_owned();
        let chosen = corpus("seed_event.jsonl")
            .into_iter()
            .filter(|(object, _)| takes(&string(object, "story"), &string(object, "id")));
        let (objects, entries): (Vec<Value>, Vec<LabEntry>) = chosen.unzip();
        let mut stories: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for (object, story) in objects.iter().zip(group(entries, Grouping::Stories)) {
            stories
                .entry(story)
                .or_default()
                .push((string(object, "story"), string(object, "id")));
        }
        stories.into_values().collect()
    }

    /// Whether all texts with this `story` are in one of `stories`.
    fn is_whole(stories: &[Vec<(String, String)>], story: &str) -> bool {
        stories.iter().filter(|texts| texts.iter().any(|(of, _)| of == story)).count() == 1
    }

    const VISIT: &str = "visit to Niamey";

    /// Twelve outlets tell a visit in five languages, in words of their own, and seven texts tell four other events with the same actors, all within 72
    /// hours. The texts are written for this test; the persons and what they did are real, the outlets are not.
    #[test]
    fn a_visit_told_in_five_languages_is_one_story() {
        for stories in [told(|_, _| true), told(|story, _| story == VISIT)] {
            assert!(is_whole(&stories, VISIT), "{stories:#?}");
        }
    }

    /// That the visit keeps out the talks in Moscow and the meeting of ministers is not asserted: it takes them in.
    #[test]
    fn texts_on_other_events_with_the_same_actors_meet_each_other() {
        let has = |texts: &[(String, String)], story: &str| texts.iter().any(|(of, _)| of == story);
        for other in ["instructors", "a later delegation"] {
            assert!(
                !told(|_, _| true).iter().any(|texts| has(texts, VISIT) && has(texts, other)),
                "{other}"
            );
        }
        let stories = told(|story, _| story != VISIT);
        assert!(
            stories.len() > 2 && ["instructors", "talks in Moscow"].iter().all(|story| is_whole(&stories, story)),
            "{stories:#?}"
        );
        // Without the Arabic and the Spanish text on the visit.
        let with_visit = told(|_, id| id.starts_with('S') || id == "N6");
        assert_eq!(with_visit.len(), 2, "{with_visit:#?}");
    }
}
