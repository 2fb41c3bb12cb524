//! Groups entries on one event into stories, as they come: each joins the open story whose entries it is most like, or founds one. At the end of a
//! step those of the last hours are looked at once more.
//!
//! Entries are numbered by the slots of `index.rs`.

mod revision;

use super::copies::Membership;
use super::entry::{DedupeEntry, KnownStory};
use super::policy::DedupePolicy;
use super::story_features::{StoryFeatures, Term};
use super::story_pair::{Context, FLOOR, Frequencies, MAX_GAP_HOURS, Pair, Weighted, Weights, are_of_series, score};
use crate::model::prehashed_map::PrehashedMap;
use crate::model::{EntryId, SourceId, StoryId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An entry joins a story from this value on: the mean of its two highest scores with members.
const MIN_VALUE: f64 = -0.57;
/// An older story is the "Earlier" of a new one when the score of the best pair, whatever the time between both, is so far above [`MIN_VALUE`], and when
/// the names that both have weigh so much.
const EARLIER_MARGIN: f64 = 1.0;
const MIN_EARLIER_NAMES: f64 = 8.0;

/// An entry is found by so many of its terms.
const MAX_KEY_TERMS: usize = 40;
/// Of the entries with a term so many are read, the newest first; so many of one outlet are kept, and so many in all.
pub(super) const MAX_READ_PER_TERM: usize = 1_000;
const MAX_PER_OUTLET: usize = 16;
const MAX_PER_TERM: usize = 128;
/// An entry is compared with so many others, those that share most, and at least so large a part of what its own terms weigh.
const MAX_COMPARED: usize = 40;
const MIN_SHARED_PART: f64 = 0.0762;

/// What stories compare of an entry.
#[derive(Debug)]
pub(super) struct StoryEntry {
    pub id: EntryId,
    pub features: StoryFeatures,
    pub source: SourceId,
    /// The number of its source, which the index gives.
    outlet: u32,
    pub language: Option<String>,
    pub date: Timestamp,
    pub first_seen: Timestamp,
    pub is_by_hand: bool,
}

impl StoryEntry {
    pub(super) fn new(entry: &DedupeEntry, is_by_hand: bool) -> Self {
        Self {
            id: entry.id,
            features: entry.fingerprint.story.clone(),
            source: entry.source.clone(),
            outlet: 0,
            language: entry.language.clone(),
            date: entry.date,
            first_seen: entry.first_seen,
            is_by_hand,
        }
    }
}

#[derive(Debug)]
struct Group {
    id: StoryId,
    /// The `now` of the step that founded it.
    founded: Timestamp,
    /// The date of its founder, or of the first entry of it that is known.
    date: Option<Timestamp>,
    /// The entry that founded it, or its original: it stays while others do, since the story has the founder's id.
    founder: Option<u32>,
    earlier: Option<StoryId>,
    /// When an item of it was first published.
    first_published: Option<Timestamp>,
    /// The entries that are no copies and are known one by one, in order.
    members: Vec<u32>,
    /// How many more it has.
    others: u32,
}

impl Group {
    fn size(&self) -> usize {
        self.members.len() + self.others as usize
    }

    /// Adds a member, which may have come before others: its place is that in an index that is filled.
    fn add(&mut self, slot: u32) {
        let at = self.members.partition_point(|member| *member < slot);
        self.members.insert(at, slot);
    }
}

/// Where an entry was placed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub is_founding: bool,
    /// How well it fits the story that it joined.
    pub value: Option<f64>,
    /// The entry of the story that it is most like.
    pub like: Option<u32>,
}

/// How well an entry fits a story.
#[derive(Debug, Clone, Copy)]
struct Fit {
    value: f64,
    like: u32,
}

/// The entries and stories of the last days.
#[derive(Debug, Default)]
pub(super) struct StoryIndex {
    policy: DedupePolicy,
    entries: Vec<StoryEntry>,
    /// The story of each entry.
    of: Vec<u32>,
    /// Whether each entry is a copy: no member of its story.
    is_copy: Vec<bool>,
    groups: Vec<Group>,
    by_id: HashMap<StoryId, u32>,
    outlets: HashMap<SourceId, u32>,
    pub(super) frequencies: Frequencies,
    /// The members with each term, of those by which they are found in this step.
    postings: PrehashedMap<u32, Vec<u32>>,
    /// The scores of pairs in this step: by entry, with those that it was compared with.
    scores: PrehashedMap<u32, BTreeMap<u32, f64>>,
    /// The pairs that were compared in this step, by the later and the earlier entry.
    compared: PrehashedMap<u64, Option<Compared>>,
    weights: PrehashedMap<u32, Weights>,
    now: Timestamp,
    /// The first slot of this step.
    first: u32,
    /// Members that were first seen not long before this step.
    recent: Vec<u32>,
    /// How many pairs were compared, and how many scores were read.
    #[cfg(test)]
    scored: u64,
    #[cfg(test)]
    read: std::cell::Cell<u64>,
}

impl StoryIndex {
    pub(super) fn new(policy: DedupePolicy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// Adds a story of an earlier step.
    pub(super) fn insert(&mut self, story: &KnownStory) {
        let group = self.group_with_id(story.id, story.founded);
        let group = &mut self.groups[group as usize];
        group.earlier = story.earlier;
        group.others = story.members;
        group.first_published = story.first_published;
    }

    /// Adds an entry of an earlier step, which is found when the next one has begun; one that is no member is a copy.
    pub(super) fn insert_entry(&mut self, entry: StoryEntry, story: StoryId, is_member: bool) {
        let mut entry = entry;
        entry.outlet = self.outlet(&entry.source);
        let group = self.group_with_id(story, entry.first_seen);
        let slot = self.next_slot();
        let known = &mut self.groups[group as usize];
        if known.date.is_none() || StoryId::from(entry.id) == known.id {
            known.date = Some(entry.date);
        }
        if is_member {
            known.members.push(slot);
            known.others = known.others.saturating_sub(1);
        }
        self.entries.push(entry);
        self.of.push(group);
        self.is_copy.push(!is_member);
    }

    /// Sets which entry stands for the founder of a story: itself, or its original.
    pub(super) fn set_founder(&mut self, story: StoryId, slot: u32) {
        if let Some(group) = self.by_id.get(&story) {
            self.groups[*group as usize].founder = Some(slot);
        }
    }

    /// Begins a step at `now`.
    pub(super) fn begin_step(&mut self, now: Timestamp) {
        self.now = now;
        self.first = self.next_slot();
        self.scores.clear();
        self.compared.clear();
        self.weights.clear();
        let earliest = now - self.policy.revised;
        let is_recent = |slot: &u32| self.entries[*slot as usize].first_seen >= earliest && !self.is_copy[*slot as usize];
        self.recent = (0..self.first).rev().take(MAX_READ_PER_TERM * 2).filter(is_recent).collect();
        self.recent.reverse();
        self.post_members();
    }

    /// Lets the members of earlier steps be found by the terms that say most now: those that said most when they came are not known to an index that is
    /// filled, which has to find the same.
    fn post_members(&mut self) {
        self.postings.clear();
        for slot in 0..self.first {
            if !self.is_copy[slot as usize] {
                self.post(slot);
            }
        }
    }

    /// Returns an entry.
    pub(super) fn entry(&self, slot: u32) -> &StoryEntry {
        &self.entries[slot as usize]
    }

    /// Returns the story of an entry, and the one that is earlier on the same matter.
    pub(super) fn story_of(&self, slot: u32) -> (StoryId, Option<StoryId>) {
        let group = &self.groups[self.of[slot as usize] as usize];
        (group.id, group.earlier)
    }

    /// Returns the number of a source.
    fn outlet(&mut self, source: &SourceId) -> u32 {
        if let Some(number) = self.outlets.get(source) {
            return *number;
        }
        let number = u32::try_from(self.outlets.len()).unwrap_or(u32::MAX);
        self.outlets.insert(source.clone(), number);
        number
    }

    fn next_slot(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    fn group_with_id(&mut self, id: StoryId, founded: Timestamp) -> u32 {
        if let Some(group) = self.by_id.get(&id) {
            return *group;
        }
        let group = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.push(Group {
            id,
            founded,
            date: None,
            founder: None,
            earlier: None,
            first_published: None,
            members: Vec::new(),
            others: 0,
        });
        self.by_id.insert(id, group);
        group
    }

    /// Adds a new entry: a copy of `original`, the original of it in its place, or one of its own, which joins or founds a story.
    pub(super) fn place(&mut self, entry: StoryEntry, id: EntryId, original: Option<u32>, membership: Membership) -> Placed {
        let mut entry = entry;
        entry.outlet = self.outlet(&entry.source);
        let slot = self.next_slot();
        self.frequencies.add(&entry.features);
        self.entries.push(entry);
        self.is_copy.push(matches!(membership, Membership::CopyIn(_)));
        let mut placed = Placed {
            is_founding: false,
            value: None,
            like: None,
        };
        match (membership, original) {
            (Membership::CopyIn(_), Some(original)) => self.of.push(self.of[original as usize]),
            (Membership::OriginalOf(_), Some(original)) => {
                let group = self.of[original as usize];
                self.of.push(group);
                // One of both counts among the entries that a new one is compared with: they are one text.
                self.is_copy[original as usize] = true;
                let known = &mut self.groups[group as usize];
                known.members.retain(|member| *member != original);
                known.members.push(slot);
                if known.founder == Some(original) {
                    known.founder = Some(slot);
                }
                self.post(slot);
            }
            _ => {
                let candidates = self.compare(slot);
                let best = self.best_group(slot, MIN_VALUE, None);
                let group = if let Some((group, fit)) = best {
                    (placed.value, placed.like) = (Some(fit.value), Some(fit.like));
                    group
                } else {
                    placed.is_founding = true;
                    self.found(slot, id, &candidates)
                };
                self.of.push(group);
                self.groups[group as usize].members.push(slot);
                self.post(slot);
            }
        }
        placed
    }

    /// Founds a story on an entry.
    fn found(&mut self, slot: u32, id: EntryId, candidates: &[u32]) -> u32 {
        let date = self.entries[slot as usize].date;
        let earlier = self.earlier(slot, candidates);
        let group = self.group_with_id(id.into(), self.now);
        let founded = &mut self.groups[group as usize];
        (founded.founded, founded.date, founded.founder) = (self.now, Some(date), Some(slot));
        founded.earlier = earlier.filter(|earlier| *earlier != founded.id);
        group
    }

    fn post(&mut self, slot: u32) {
        for term in self.key_terms(&self.entries[slot as usize].features) {
            let slots = self.postings.entry(term).or_default();
            slots.push(slot);
            // The oldest would not be read any more.
            if slots.len() > 2 * MAX_READ_PER_TERM {
                slots.drain(..MAX_READ_PER_TERM);
            }
        }
    }

    /// Returns the terms by which entries with these features are found: those of the headline first, then names, then those of the lead, the rarest of each.
    pub(super) fn key_terms(&self, features: &StoryFeatures) -> Vec<u32> {
        let rank = |term: &Term| {
            let kind = match (term.in_title, term.is_name, term.in_lead) {
                (true, ..) => 3.0,
                (_, true, _) => 2.0,
                (_, _, true) => 1.5,
                _ => 1.0,
            };
            kind * self.frequencies.weight(term.hash)
        };
        let mut ranked: Vec<(f64, u32)> = features.terms.iter().map(|term| (rank(term), term.hash)).collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.truncate(MAX_KEY_TERMS);
        ranked.into_iter().map(|(_, term)| term).collect()
    }

    /// Returns the entries that share most with an entry.
    fn candidates(&self, slot: u32) -> Vec<u32> {
        let entry = &self.entries[slot as usize];
        let mut sums: PrehashedMap<u32, f64> = PrehashedMap::default();
        let mut of_outlets: PrehashedMap<u32, usize> = PrehashedMap::default();
        let mut own = 0.0;
        for term in self.key_terms(&entry.features) {
            let weight = self.frequencies.weight(term);
            own += weight;
            let slots = self.postings.get(&term).map_or(&[][..], Vec::as_slice);
            let mut room = MAX_PER_TERM;
            of_outlets.clear();
            // One that became a copy in this step was posted before.
            let is_other = |other: &&u32| **other != slot && !self.is_copy[**other as usize];
            for other in slots.iter().rev().take(MAX_READ_PER_TERM).filter(is_other) {
                let count = of_outlets.entry(self.entries[*other as usize].outlet).or_default();
                *count += 1;
                if *count <= MAX_PER_OUTLET {
                    *sums.entry(*other).or_default() += weight;
                    room -= 1;
                    if room == 0 {
                        break;
                    }
                }
            }
        }
        let min = MIN_SHARED_PART * own;
        let mut ranked: Vec<(f64, u32)> = sums
            .into_iter()
            .filter(|(_, sum)| *sum >= min)
            .map(|(other, sum)| (sum, other))
            .collect();
        ranked.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.truncate(MAX_COMPARED);
        ranked.into_iter().map(|(_, other)| other).collect()
    }

    /// Compares an entry with those that share most with it.
    fn compare(&mut self, slot: u32) -> Vec<u32> {
        let candidates = self.candidates(slot);
        for other in &candidates {
            if let Some(value) = self.pair(slot, *other).and_then(Compared::in_time) {
                for (one, with) in [(slot, *other), (*other, slot)] {
                    self.scores.entry(one).or_default().insert(with, value);
                }
            }
        }
        candidates
    }

    /// Compares two entries; `None` when they share hardly anything.
    fn pair(&mut self, one: u32, other: u32) -> Option<Compared> {
        let (earlier, later) = (one.min(other), one.max(other));
        let key = u64::from(later) << 32 | u64::from(earlier);
        if let Some(known) = self.compared.get(&key) {
            return *known;
        }
        let compared = self.compare_pair(earlier, later);
        self.compared.insert(key, compared);
        compared
    }

    fn compare_pair(&mut self, earlier: u32, later: u32) -> Option<Compared> {
        #[cfg(test)]
        {
            self.scored += 1;
        }
        for slot in [earlier, later] {
            if !self.weights.contains_key(&slot) {
                let weights = Weights::new(&self.entries[slot as usize].features, &self.frequencies);
                self.weights.insert(slot, weights);
            }
        }
        let [a, b] = [earlier, later].map(|slot| &self.entries[slot as usize]);
        let (Some(of_a), Some(of_b)) = (self.weights.get(&earlier), self.weights.get(&later)) else {
            return None;
        };
        let context = Context {
            is_same_outlet: a.outlet == b.outlet,
            is_same_language: a.language == b.language,
            gap_hours: Context::gap(a.date, b.date),
        };
        let weighted = [(&a.features, of_a), (&b.features, of_b)].map(|(features, weights)| Weighted { features, weights });
        let pair = score(weighted[0], weighted[1], &self.frequencies, context)?;
        let is_series = context.is_same_outlet && are_of_series(&a.features, &b.features, context.is_same_language);
        Some(Compared {
            pair,
            is_series,
            gap_hours: context.gap_hours,
        })
    }

    fn score(&self, one: u32, other: u32) -> f64 {
        #[cfg(test)]
        self.read.set(self.read.get() + 1);
        let scores = self.scores.get(&one);
        scores.and_then(|scores| scores.get(&other)).copied().unwrap_or(FLOOR)
    }

    /// Returns the members of stories that an entry has a score with, sorted.
    fn scored_members(&self, slot: u32) -> Vec<u32> {
        let scored = self.scores.get(&slot).into_iter().flat_map(|scores| scores.keys().copied());
        scored.filter(|other| self.is_copy.get(*other as usize) == Some(&false)).collect()
    }

    /// Returns how well an entry fits a story: the mean of its two highest scores with members. `scored` are those that it has a score with, of all
    /// stories.
    fn fit(&self, slot: u32, number: u32, scored: &[u32]) -> Option<Fit> {
        let group = &self.groups[number as usize];
        let mut best: Option<(f64, u32)> = None;
        let mut second: Option<f64> = (group.others > 0).then_some(FLOOR);
        let of_group = scored.iter().filter(|other| self.of.get(**other as usize) == Some(&number));
        // All others have the same score.
        let rest = group
            .members
            .iter()
            .filter(|member| **member != slot && scored.binary_search(member).is_err());
        for member in of_group.chain(rest.take(2)) {
            let value = self.score(slot, *member);
            match best {
                Some((most, _)) if value <= most => second = Some(second.map_or(value, |second| second.max(value))),
                _ => {
                    if let Some((most, _)) = best {
                        second = Some(second.map_or(most, |second| second.max(most)));
                    }
                    best = Some((value, *member));
                }
            }
        }
        let (most, like) = best?;
        Some(Fit {
            value: second.map_or(most, |second| f64::midpoint(most, second)),
            like,
        })
    }

    /// Returns the stories of the entries that an entry has a score with.
    fn near_groups(&self, slot: u32) -> BTreeSet<u32> {
        let scored = self.scores.get(&slot).into_iter().flat_map(|scores| scores.keys());
        scored.filter_map(|other| self.of.get(*other as usize).copied()).collect()
    }

    fn is_open(&self, group: &Group, entry: &StoryEntry) -> bool {
        let window = self.policy.story_window;
        let date = group.date.unwrap_or(group.founded);
        entry.date.unix().abs_diff(date.unix()) <= window.as_secs() && self.now.since(group.founded) <= window
    }

    /// Returns whether an item of a story was published so long ago that the story loses no entry.
    fn is_settled(&self, group: &Group) -> bool {
        group
            .first_published
            .is_some_and(|published| self.now.since(published) > self.policy.settled)
    }

    /// Returns the open story that an entry fits best, with a value of at least `min`; of equal ones the oldest.
    fn best_group(&self, slot: u32, min: f64, without: Option<u32>) -> Option<(u32, Fit)> {
        let entry = &self.entries[slot as usize];
        let scored = self.scored_members(slot);
        let mut best: Option<(u32, Fit)> = None;
        for number in self.near_groups(slot).into_iter().filter(|group| Some(*group) != without) {
            let group = &self.groups[number as usize];
            if group.members.is_empty() || !self.is_open(group, entry) {
                continue;
            }
            let Some(fit) = self.fit(slot, number, &scored).filter(|fit| fit.value >= min) else {
                continue;
            };
            let is_better = best.is_none_or(|(known, most)| {
                let order = fit.value.total_cmp(&most.value);
                let is_older = (group.founded, group.id) < (self.groups[known as usize].founded, self.groups[known as usize].id);
                order.is_gt() || (order.is_eq() && is_older)
            });
            if is_better {
                best = Some((number, fit));
            }
        }
        best
    }

    /// Returns the story of the last days that tells of the same matter as an entry and has names in common with it.
    fn earlier(&mut self, slot: u32, candidates: &[u32]) -> Option<StoryId> {
        let mut best: Option<(f64, u32)> = None;
        for other in candidates.iter().copied() {
            let group = &self.groups[*self.of.get(other as usize)? as usize];
            let age = self.now.since(group.founded);
            if group.founded > self.now
                || age > self.policy.earlier_window
                || self.entries[other as usize].date > self.entries[slot as usize].date
            {
                continue;
            }
            let value = self.pair(slot, other).and_then(Compared::at_any_time);
            if let Some(value) = value.filter(|value| best.is_none_or(|(most, _)| *value > most)) {
                best = Some((value, other));
            }
        }
        let (_, other) = best?;
        self.of.get(other as usize).map(|group| self.groups[*group as usize].id)
    }

    /// Returns the hashes of the terms that two entries share, those first that say most.
    pub(super) fn shared_terms(&self, one: u32, other: u32, limit: usize) -> Vec<u32> {
        let [a, b] = [one, other].map(|slot| &self.entries[slot as usize].features);
        let has = |hash: u32| b.terms.binary_search_by_key(&hash, |term| term.hash).is_ok();
        let shared = a.terms.iter().filter(|term| has(term.hash));
        let mut ranked: Vec<(f64, u32)> = shared
            .map(|term| {
                (
                    self.frequencies.weight(term.hash) * if term.in_title || term.is_name { 2.0 } else { 1.0 },
                    term.hash,
                )
            })
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.truncate(limit);
        ranked.into_iter().map(|(_, hash)| hash).collect()
    }
}

/// Two entries, compared.
#[derive(Debug, Clone, Copy)]
struct Compared {
    pair: Pair,
    is_series: bool,
    gap_hours: f64,
}

impl Compared {
    /// Returns the score of two entries on one event; `None` when they lie too far apart.
    fn in_time(self) -> Option<f64> {
        (self.gap_hours <= MAX_GAP_HOURS).then_some(if self.is_series { FLOOR } else { self.pair.score })
    }

    /// Returns the score whatever the time between both, where both tell of one matter.
    fn at_any_time(self) -> Option<f64> {
        let is_one = self.pair.timeless >= MIN_VALUE + EARLIER_MARGIN && self.pair.names >= MIN_EARLIER_NAMES;
        Some(self.pair.timeless).filter(|_| is_one && !self.is_series)
    }
}

#[cfg(test)]
mod tests;
