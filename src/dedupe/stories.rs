//! Finds the story that an entry joins: the one whose centroid is nearest to the entry's weighted terms, by cosine similarity.

use super::fingerprint::Fingerprint;
use super::policy::DedupePolicy;
use super::postings::WordPostings;
use crate::model::prehashed_map::{PrehashedMap, PrehashedSet};
use crate::model::{StoryId, Timestamp};
use std::collections::HashMap;

/// The number of an entry's heaviest terms by which stories are looked up.
const MAX_PROBE_TERMS: usize = 24;
/// The number of stories whose cosine is computed: those that share the most weight of the looked-up terms.
const MAX_COMPARED_STORIES: usize = 100;
/// The maximum number of terms of a centroid; terms that come later are left out.
const MAX_CENTROID_TERMS: usize = 400;
/// Documents that are added to the count, so that the first documents' term weights do not depend on a handful of others.
const PRIOR_DOCUMENTS: f32 = 1000.0;

/// A sparse vector of term weights, sorted by term.
type Vector = Vec<(u32, f32)>;

#[derive(Debug)]
struct StoryCluster {
    id: StoryId,
    founded: Timestamp,
    date: Timestamp,
    centroid: Vector,
    /// The length of the centroid.
    norm: f32,
}

/// The story that was found for an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum StoryMatch {
    /// The story it joins.
    Open(StoryId),
    /// A story on the same event whose window has passed.
    Earlier(StoryId),
    /// No story is near enough.
    NoMatch,
}

/// The stories that entries may join, and the document frequency of each term.
#[derive(Debug, Default)]
pub(super) struct StoryIndex {
    clusters: Vec<StoryCluster>,
    slots: HashMap<StoryId, u32>,
    story_postings: WordPostings,
    document_count: f32,
    document_frequency: PrehashedMap<u32, f32>,
    /// The terms of the entries that will be compared, when they are few: stories are found by no other.
    wanted: Option<PrehashedSet<u32>>,
    /// The shared weight of each slot while candidates are collected; all zero between two searches.
    shared: Vec<f32>,
}

impl StoryIndex {
    /// Returns the story whose centroid has the highest cosine with `vector`, if that reaches the policy's minimum. A story within its
    /// window is preferred to an earlier one.
    pub(super) fn find(&mut self, vector: &[(u32, f32)], date: Timestamp, first_seen: Timestamp, policy: &DedupePolicy) -> StoryMatch {
        let mut best: [Option<(f32, StoryId)>; 2] = [None, None];
        for slot in self.candidate_slots(vector) {
            let Some(story) = self.clusters.get(slot as usize) else { continue };
            let open = first_seen.since(story.founded) <= policy.story_window && time_between(date, story.date) <= policy.story_window;
            let recent =
                first_seen.since(story.founded) <= policy.window && date >= story.date && time_between(date, story.date) <= policy.window;
            if !(open || recent) {
                continue;
            }
            let cosine = cosine(vector, &story.centroid, story.norm);
            let nearest = &mut best[usize::from(!open)];
            if cosine >= policy.min_cosine && nearest.is_none_or(|(most, _)| cosine > most) {
                *nearest = Some((cosine, story.id));
            }
        }
        match best {
            [Some((_, id)), _] => StoryMatch::Open(id),
            [None, Some((_, id))] => StoryMatch::Earlier(id),
            [None, None] => StoryMatch::NoMatch,
        }
    }

    /// Adds an entry's terms, of which [`Self::tf_idf`] returned `vector`, to the centroid of its story; a story that is not known is added.
    pub(super) fn add(&mut self, fingerprint: &Fingerprint, vector: &[(u32, f32)], id: StoryId, founded: Timestamp, date: Timestamp) {
        self.document_count += 1.0;
        for (term, _) in &fingerprint.terms {
            *self.document_frequency.entry(*term).or_insert(0.0) += 1.0;
        }
        let slot = *self.slots.entry(id).or_insert_with(|| {
            self.clusters.push(StoryCluster {
                id,
                founded,
                date,
                centroid: Vec::new(),
                norm: 0.0,
            });
            u32::try_from(self.clusters.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(story) = self.clusters.get_mut(slot as usize) else {
            return;
        };
        let new_terms = add_to_centroid(&mut story.centroid, vector);
        let wanted = self.wanted.as_ref();
        for term in new_terms
            .into_iter()
            .filter(|term| wanted.is_none_or(|wanted| wanted.contains(term)))
        {
            self.story_postings.add(term, slot, usize::MAX);
        }
        story.norm = norm(&story.centroid);
    }

    /// Restricts the index to stories that have one of these terms.
    pub(super) fn restrict_to(&mut self, terms: impl Iterator<Item = u32>) {
        self.wanted = Some(terms.collect());
    }

    /// Returns the TF-IDF weights of the fingerprint's terms, normalized to length 1.
    pub(super) fn tf_idf(&self, fingerprint: &Fingerprint) -> Vector {
        let mut vector: Vector = fingerprint
            .terms
            .iter()
            .map(|(term, count)| {
                let seen = self.document_frequency.get(term).copied().unwrap_or(0.0);
                let inverse_frequency = ((self.document_count + PRIOR_DOCUMENTS) / (seen + 1.0)).ln().max(0.0);
                (*term, (1.0 + f32::from(*count).ln()) * inverse_frequency)
            })
            .collect();
        let norm = norm(&vector);
        if norm > 0.0 {
            for (_, weight) in &mut vector {
                *weight /= norm;
            }
        }
        vector
    }

    /// Returns the slots of the stories that share the most weight of the heaviest terms, each once, in ascending order.
    fn candidate_slots(&mut self, vector: &[(u32, f32)]) -> Vec<u32> {
        let mut heaviest = vector.to_vec();
        heaviest.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        self.shared.resize(self.clusters.len(), 0.0);
        let mut touched: Vec<u32> = Vec::new();
        for (term, weight) in heaviest.iter().take(MAX_PROBE_TERMS).filter(|(_, weight)| *weight > 0.0) {
            for slot in self.story_postings.slots_of(*term) {
                let shared = &mut self.shared[*slot as usize];
                if *shared == 0.0 {
                    touched.push(*slot);
                }
                *shared += weight * weight;
            }
        }
        let mut sums: Vec<(u32, f32)> = touched
            .into_iter()
            .map(|slot| (slot, std::mem::take(&mut self.shared[slot as usize])))
            .collect();
        if sums.len() > MAX_COMPARED_STORIES {
            // The most weight first, the later of equal ones first.
            sums.select_nth_unstable_by(MAX_COMPARED_STORIES, |one, other| {
                other.1.total_cmp(&one.1).then(other.0.cmp(&one.0))
            });
            sums.truncate(MAX_COMPARED_STORIES);
        }
        let mut slots: Vec<u32> = sums.iter().map(|(slot, _)| *slot).collect();
        slots.sort_unstable();
        slots
    }
}

fn time_between(one: Timestamp, other: Timestamp) -> std::time::Duration {
    one.since(other).max(other.since(one))
}

fn norm(vector: &[(u32, f32)]) -> f32 {
    vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
}

/// Returns the cosine of the angle between `unit`, whose length is 1, and `other`, whose length is `norm`; 0 when that is empty.
fn cosine(unit: &[(u32, f32)], other: &[(u32, f32)], norm: f32) -> f32 {
    let (mut dot, mut at) = (0.0, 0);
    for (term, weight) in unit {
        // Both are sorted by term, so one pass over both finds the common ones.
        while other.get(at).is_some_and(|(other_term, _)| other_term < term) {
            at += 1;
        }
        match other.get(at) {
            Some((other_term, other_weight)) if other_term == term => dot += weight * other_weight,
            Some(_) => {}
            None => break,
        }
    }
    if norm > 0.0 { dot / norm } else { 0.0 }
}

/// Adds `vector` to `centroid`; returns the terms that the centroid did not have.
fn add_to_centroid(centroid: &mut Vector, vector: &[(u32, f32)]) -> Vec<u32> {
    let mut new_terms = Vec::new();
    for (term, weight) in vector {
        match centroid.binary_search_by_key(term, |(other_term, _)| *other_term) {
            Ok(at) => centroid[at].1 += weight,
            Err(at) if centroid.len() < MAX_CENTROID_TERMS => {
                centroid.insert(at, (*term, *weight));
                new_terms.push(*term);
            }
            Err(_) => {}
        }
    }
    new_terms
}
