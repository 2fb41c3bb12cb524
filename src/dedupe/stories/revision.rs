//! The end of a step: entries move to stories that they fit better, and young stories are merged.

use super::{Group, MIN_VALUE, Placed, StoryIndex};
use crate::model::{StoryId, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// An entry is moved to another story when its value there is higher by so much.
const MIN_GAIN: f64 = 0.3;
/// An entry leaves its story when its value there has fallen so far below that from which entries join.
pub(super) const MAX_LOSS: f64 = 1.0;
/// Two stories are merged when the mean of their highest scores is so far above that.
pub(super) const MERGE_MARGIN: f64 = 0.9;
/// A story is merged into another when its entries came within so short a time.
const YOUNG_SECONDS: u64 = 6 * 3_600;
/// So many entries of a story are compared when stories are merged, the newest.
const MAX_MEMBERS: usize = 24;

/// A story that another can be merged into: the value, what makes it old, and its number.
type MergeCandidate = (f64, Reverse<(Timestamp, StoryId)>, u32);

impl StoryIndex {
    /// Looks once more at the entries of this step and of the last hours; returns where those were placed that moved, by their slots.
    pub(in crate::dedupe) fn finish_step(&mut self) -> BTreeMap<u32, Placed> {
        if self.first == self.next_slot() {
            return BTreeMap::new();
        }
        // What is new may draw an entry of the last hours to another story only where both are alike.
        let is_near = |slot: &u32| {
            let scores = self.scores.get(slot);
            scores.is_some_and(|scores| scores.values().any(|value| *value >= MIN_VALUE - MAX_LOSS))
        };
        let mut looked_at: Vec<u32> = self.recent.iter().copied().filter(is_near).collect();
        for slot in &looked_at {
            // Entries of its story may not have been compared with it in this step.
            self.compare(*slot);
        }
        let is_member = |slot: &u32| !self.is_copy[*slot as usize];
        looked_at.extend((self.first..self.next_slot()).filter(is_member));
        let mut moved: BTreeMap<u32, Placed> = BTreeMap::new();
        self.revise(&looked_at, &mut moved);
        self.merge(&looked_at, &mut moved);
        moved
    }

    /// Moves entries to stories that they fit better.
    pub(super) fn revise(&mut self, looked_at: &[u32], moved: &mut BTreeMap<u32, Placed>) {
        for slot in looked_at.iter().copied() {
            let own = self.of[slot as usize];
            let (entry, group) = (&self.entries[slot as usize], &self.groups[own as usize]);
            let is_founder = group.founder == Some(slot);
            if entry.is_by_hand || self.is_settled(group) || (is_founder && group.size() > 1) {
                continue;
            }
            let value = self.fit(slot, own, &self.scored_members(slot)).map(|fit| fit.value);
            let min = value.map_or(MIN_VALUE, |value| MIN_VALUE.max(value + MIN_GAIN));
            if let Some((better, fit)) = self.best_group(slot, min, Some(own)) {
                self.groups[own as usize].members.retain(|member| *member != slot);
                self.groups[better as usize].add(slot);
                self.of[slot as usize] = better;
                let (value, like) = (Some(fit.value), Some(fit.like));
                let placed = Placed {
                    is_founding: false,
                    value,
                    like,
                };
                moved.insert(slot, placed);
            } else if value.is_some_and(|value| value < MIN_VALUE - MAX_LOSS) {
                self.groups[own as usize].members.retain(|member| *member != slot);
                let candidates = self.candidates(slot);
                let group = self.found(slot, self.entries[slot as usize].id, &candidates);
                self.groups[group as usize].add(slot);
                self.of[slot as usize] = group;
                let placed = Placed {
                    is_founding: true,
                    value: None,
                    like: None,
                };
                moved.insert(slot, placed);
            }
        }
    }

    /// Lets a copy follow its original.
    pub(in crate::dedupe) fn follow(&mut self, copy: u32, original: u32) {
        self.of[copy as usize] = self.of[original as usize];
    }

    /// Merges young stories into older ones on the same event.
    pub(super) fn merge(&mut self, looked_at: &[u32], moved: &mut BTreeMap<u32, Placed>) {
        let mut touched: Vec<u32> = looked_at.iter().map(|slot| self.of[*slot as usize]).collect();
        touched.sort_by_key(|group| (self.groups[*group as usize].founded, self.groups[*group as usize].id));
        touched.dedup();
        for number in touched {
            let group = &self.groups[number as usize];
            let is_by_hand = group.members.iter().any(|member| self.entries[*member as usize].is_by_hand);
            if group.members.is_empty() || group.others > 0 || self.is_settled(group) || is_by_hand {
                continue;
            }
            let dates = || group.members.iter().map(|member| self.entries[*member as usize].date);
            let (Some(oldest), Some(newest)) = (group.date.or_else(|| dates().min()), dates().max()) else {
                continue;
            };
            if newest.since(oldest).as_secs() > YOUNG_SECONDS {
                continue;
            }
            let near: BTreeSet<u32> = group.members.iter().flat_map(|member| self.near_groups(*member)).collect();
            let mut best: Option<MergeCandidate> = None;
            for other in near.into_iter().filter(|other| *other != number) {
                let into = &self.groups[other as usize];
                let date = into.date.unwrap_or(into.founded);
                let is_open = newest.since(date) <= self.policy.story_window && self.now.since(into.founded) <= self.policy.story_window;
                if into.members.is_empty() || !is_open || into.founded >= self.now || (into.founded, into.id) >= (group.founded, group.id) {
                    continue;
                }
                let value = self.cross_value(&group.members, into);
                let candidate = (value, Reverse((into.founded, into.id)), other);
                let is_better = best.is_none_or(|known| (candidate.0.total_cmp(&known.0).then(candidate.1.cmp(&known.1))).is_gt());
                if value >= MIN_VALUE + MERGE_MARGIN && is_better {
                    best = Some(candidate);
                }
            }
            if let Some((value, _, into)) = best {
                let members = std::mem::take(&mut self.groups[number as usize].members);
                for slot in members {
                    let like = self.fit(slot, into, &self.scored_members(slot)).map(|fit| fit.like);
                    self.of[slot as usize] = into;
                    let value = Some(value);
                    let placed = Placed {
                        is_founding: false,
                        value,
                        like,
                    };
                    moved.insert(slot, placed);
                    self.groups[into as usize].add(slot);
                }
            }
        }
    }

    /// Returns the mean of the highest scores between two stories, as many as the larger one has members.
    fn cross_value(&self, members: &[u32], into: &Group) -> f64 {
        let newest = |members: &[u32]| members.iter().rev().take(MAX_MEMBERS).copied().collect::<Vec<u32>>();
        let (own, others) = (newest(members), newest(&into.members));
        let mut scores: Vec<f64> = own.iter().flat_map(|a| others.iter().map(|b| self.score(*a, *b))).collect();
        scores.sort_by(|one, other| other.total_cmp(one));
        scores.truncate(own.len().max(others.len()).max(1));
        #[expect(clippy::cast_precision_loss, reason = "at most a few hundred scores are compared")]
        let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
        mean
    }
}
