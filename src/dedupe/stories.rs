//! Stories: finds the story that tells the same event, by the angle between an entry's terms and the story's centroid.

use super::DedupePolicy;
use super::fingerprint::Fingerprint;
use super::table::{HashedMap, Postings};
use crate::model::{StoryId, Timestamp};
use std::collections::HashMap;

/// Stories are sought by so many of an entry's heaviest terms.
const PROBES: usize = 24;
/// So many stories, those that share the most weight of these terms, are compared as a whole.
const COMPARED: usize = 100;
/// How many terms a centroid keeps: the heaviest.
const CENTROID_TERMS: usize = 400;
/// So many documents are taken to have been read before the first, so that the first ones' weights are no accident.
const PRIOR_DOCUMENTS: f32 = 1000.0;

/// A vector of terms, sorted by term.
type Vector = Vec<(u32, f32)>;

#[derive(Debug)]
struct StoryState {
    id: StoryId,
    founded: Timestamp,
    date: Timestamp,
    centroid: Vector,
}

/// What is found for an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// The story it joins.
    Open(StoryId),
    /// A story on the same event that takes no entries any more.
    Earlier(StoryId),
    /// Nothing.
    Nothing,
}

/// The stories that entries may join, and how often each term was seen.
#[derive(Debug, Default)]
pub(super) struct Stories {
    states: Vec<StoryState>,
    slots: HashMap<StoryId, u32>,
    by_term: Postings,
    documents: f32,
    seen_in: HashedMap<f32>,
}

impl Stories {
    /// Returns the story whose centroid is nearest to `print`, if it is near enough.
    pub(super) fn find(&self, print: &Fingerprint, date: Timestamp, first_seen: Timestamp, policy: &DedupePolicy) -> Found {
        let vector = self.vector(print);
        let mut best: [Option<(f32, StoryId)>; 2] = [None, None];
        for slot in self.probed(&vector) {
            let Some(story) = self.states.get(slot as usize) else { continue };
            let open = first_seen.since(story.founded) <= policy.story_window && apart(date, story.date) <= policy.story_window;
            let recent = first_seen.since(story.founded) <= policy.earlier_window
                && date >= story.date
                && apart(date, story.date) <= policy.earlier_window;
            if !(open || recent) {
                continue;
            }
            let cosine = cosine(&vector, &story.centroid);
            let place = &mut best[usize::from(!open)];
            if cosine >= policy.cosine && place.is_none_or(|(most, _)| cosine > most) {
                *place = Some((cosine, story.id));
            }
        }
        match best {
            [Some((_, id)), _] => Found::Open(id),
            [None, Some((_, id))] => Found::Earlier(id),
            [None, None] => Found::Nothing,
        }
    }

    /// Adds an entry's terms to its story, which is founded when it is not known.
    pub(super) fn add(&mut self, print: &Fingerprint, id: StoryId, founded: Timestamp, date: Timestamp) {
        let vector = self.vector(print);
        self.documents += 1.0;
        for (term, _) in &print.terms {
            *self.seen_in.entry(*term).or_insert(0.0) += 1.0;
        }
        let slot = *self.slots.entry(id).or_insert_with(|| {
            self.states.push(StoryState {
                id,
                founded,
                date,
                centroid: Vec::new(),
            });
            u32::try_from(self.states.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(story) = self.states.get_mut(slot as usize) else { return };
        for term in merge(&mut story.centroid, &vector) {
            self.by_term.add(term, slot, usize::MAX);
        }
    }

    /// Weighs the terms of `print` by their number and their rarity, to a vector of length one.
    fn vector(&self, print: &Fingerprint) -> Vector {
        let mut vector: Vector = print
            .terms
            .iter()
            .map(|(term, count)| {
                let seen = self.seen_in.get(term).copied().unwrap_or(0.0);
                let rarity = ((self.documents + PRIOR_DOCUMENTS) / (seen + 1.0)).ln().max(0.0);
                (*term, (1.0 + f32::from(*count).ln()) * rarity)
            })
            .collect();
        let length = length(&vector);
        if length > 0.0 {
            for (_, weight) in &mut vector {
                *weight /= length;
            }
        }
        vector
    }

    /// Returns the slots of the stories that share the most of the heaviest terms, each once, in order.
    fn probed(&self, vector: &[(u32, f32)]) -> Vec<u32> {
        let mut heaviest = vector.to_vec();
        heaviest.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let mut hits: Vec<(u32, f32)> = Vec::new();
        for (term, weight) in heaviest.iter().take(PROBES) {
            hits.extend(self.by_term.of(*term).iter().map(|slot| (*slot, *weight)));
        }
        hits.sort_unstable_by_key(|(slot, _)| *slot);
        let mut sums: Vec<(u32, f32)> = hits
            .chunk_by(|one, other| one.0 == other.0)
            .map(|run| (run[0].0, run.iter().map(|(_, weight)| weight * weight).sum()))
            .collect();
        sums.sort_by(|one, other| other.1.total_cmp(&one.1).then(other.0.cmp(&one.0)));
        let mut slots: Vec<u32> = sums.iter().take(COMPARED).map(|(slot, _)| *slot).collect();
        slots.sort_unstable();
        slots
    }
}

fn apart(one: Timestamp, other: Timestamp) -> std::time::Duration {
    one.since(other).max(other.since(one))
}

fn length(vector: &[(u32, f32)]) -> f32 {
    vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
}

/// Returns the cosine of the angle between `unit`, of length one, and `other`.
fn cosine(unit: &[(u32, f32)], other: &[(u32, f32)]) -> f32 {
    let mut dot = 0.0;
    let mut rest = other;
    for (term, weight) in unit {
        let at = rest.partition_point(|(theirs, _)| theirs < term);
        rest = &rest[at..];
        if let Some((_, theirs)) = rest.first().filter(|(theirs, _)| theirs == term) {
            dot += weight * theirs;
        }
    }
    let length = length(other);
    if length > 0.0 { dot / length } else { 0.0 }
}

/// Adds `vector` to `centroid` and returns the terms that are new in it.
fn merge(centroid: &mut Vector, vector: &[(u32, f32)]) -> Vec<u32> {
    let mut fresh = Vec::new();
    for (term, weight) in vector {
        match centroid.binary_search_by_key(term, |(theirs, _)| *theirs) {
            Ok(at) => centroid[at].1 += weight,
            Err(at) if centroid.len() < CENTROID_TERMS => {
                centroid.insert(at, (*term, *weight));
                fresh.push(*term);
            }
            Err(_) => {}
        }
    }
    fresh
}
