//! Groups entries on one event into stories, as they come: each joins the open story whose members it is most like, or founds one. At the end of a
//! step those of the last hours are looked at once more.

use super::story_features::StoryFeatures;
use super::story_pair::{Context, FLOOR, Frequencies, MAX_GAP_HOURS, Weighted, Weights, are_of_series, score};
use crate::model::Timestamp;
use crate::model::prehashed_map::PrehashedMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// An entry joins a story from this value on: the mean of its two highest scores with members.
const MIN_VALUE: f64 = -0.57;
/// It is moved to another story when its value there is higher by so much.
const MIN_GAIN: f64 = 0.3;
/// It leaves its story when its value there has fallen so far below [`MIN_VALUE`].
const MAX_LOSS: f64 = 1.0;
/// Two stories are merged when the mean of their highest scores is so far above [`MIN_VALUE`].
const MERGE_MARGIN: f64 = 0.9;
/// A story takes entries for so long after its founding.
const OPEN: Duration = Duration::from_hours(72);
/// How long an entry, and a story, may be looked at again.
const REVISED: Duration = Duration::from_hours(3);
const YOUNG: Duration = Duration::from_hours(6);

/// What is grouped.
#[derive(Debug)]
pub struct GroupedEntry {
    /// What is compared.
    pub features: StoryFeatures,
    /// A number for its outlet.
    pub outlet: u32,
    /// The primary subtag of its language.
    pub language: Option<String>,
    /// Its date.
    pub date: Timestamp,
}

#[derive(Debug)]
struct Group {
    founded: Timestamp,
    step: usize,
    members: Vec<usize>,
}

/// The entries and stories of a time.
#[derive(Debug, Default)]
pub struct StoryGroups {
    entries: Vec<GroupedEntry>,
    /// The story of each entry.
    of: Vec<usize>,
    groups: Vec<Group>,
    frequencies: Frequencies,
    /// The entries with each term.
    postings: PrehashedMap<u32, Vec<usize>>,
    /// The scores of pairs, by the later one, then by the earlier one.
    scores: HashMap<usize, BTreeMap<usize, f64>>,
    /// For each entry the later ones that it has a score with.
    later: HashMap<usize, Vec<usize>>,
    step: usize,
    /// The entries that are looked at again.
    recent: Vec<usize>,
}

impl StoryGroups {
    /// Groups the entries of a step, in their order.
    pub fn add_step(&mut self, entries: impl IntoIterator<Item = GroupedEntry>) {
        self.step += 1;
        let mut weights: HashMap<usize, Weights> = HashMap::new();
        let first = self.entries.len();
        for entry in entries {
            let number = self.entries.len();
            self.frequencies.add(&entry.features);
            self.entries.push(entry);
            self.compare(number, &mut weights);
            let group = self.best_group(number, MIN_VALUE, None);
            match group {
                Some(group) => self.join(number, group),
                None => self.found(number),
            }
        }
        let Some(newest) = self.entries[first..].iter().map(|entry| entry.date).max() else {
            return;
        };
        let dates = &self.entries;
        self.recent.retain(|number| dates[*number].date >= newest - REVISED);
        self.recent.extend(first..self.entries.len());
        self.revise();
        self.merge();
    }

    /// Returns the number of each entry's story, in the order in which they came.
    #[must_use]
    pub fn stories(&self) -> &[usize] {
        &self.of
    }

    /// Compares a new entry with those that share a term.
    fn compare(&mut self, number: usize, weights: &mut HashMap<usize, Weights>) {
        let entry = &self.entries[number];
        let mut candidates = BTreeSet::new();
        for term in &entry.features.terms {
            candidates.extend(self.postings.get(&term.hash).into_iter().flatten().copied());
        }
        let own = Weights::new(&entry.features, &self.frequencies);
        let mut scores = BTreeMap::new();
        for other in candidates {
            let earlier = &self.entries[other];
            let context = Context {
                is_same_outlet: earlier.outlet == entry.outlet,
                is_same_language: earlier.language == entry.language,
                gap_hours: Context::gap(earlier.date, entry.date),
            };
            if context.gap_hours > MAX_GAP_HOURS {
                continue;
            }
            let other_weights = weights
                .entry(other)
                .or_insert_with(|| Weights::new(&earlier.features, &self.frequencies));
            let pair =
                [(&earlier.features, &*other_weights), (&entry.features, &own)].map(|(features, weights)| Weighted { features, weights });
            let Some(value) = score(pair[0], pair[1], &self.frequencies, context) else {
                continue;
            };
            let is_series = context.is_same_outlet && are_of_series(&earlier.features, &entry.features, context.is_same_language);
            scores.insert(other, if is_series { FLOOR } else { value });
            self.later.entry(other).or_default().push(number);
        }
        for term in &entry.features.terms {
            self.postings.entry(term.hash).or_default().push(number);
        }
        self.scores.insert(number, scores);
    }

    fn score(&self, one: usize, other: usize) -> f64 {
        let (earlier, later) = (one.min(other), one.max(other));
        self.scores
            .get(&later)
            .and_then(|scores| scores.get(&earlier))
            .copied()
            .unwrap_or(FLOOR)
    }

    /// Returns how well an entry fits to `members`: the mean of its two highest scores.
    fn value(&self, number: usize, members: impl Iterator<Item = usize>) -> Option<f64> {
        let mut scores: Vec<f64> = members
            .filter(|member| *member != number)
            .map(|member| self.score(number, member))
            .collect();
        scores.sort_by(|one, other| other.total_cmp(one));
        match *scores.as_slice() {
            [] => None,
            [only] => Some(only),
            [best, second, ..] => Some(f64::midpoint(best, second)),
        }
    }

    /// Returns the stories of the entries that an entry has a score with.
    fn near_groups(&self, number: usize) -> BTreeSet<usize> {
        let earlier = self.scores.get(&number).into_iter().flat_map(|scores| scores.keys().copied());
        let later = self.later.get(&number).into_iter().flatten().copied();
        earlier.chain(later).filter_map(|other| self.of.get(other).copied()).collect()
    }

    /// Returns the open story that an entry fits best, with a value of at least `min`; of equal ones the oldest.
    fn best_group(&self, number: usize, min: f64, without: Option<usize>) -> Option<usize> {
        let date = self.entries[number].date;
        let mut best: Option<(f64, usize)> = None;
        for group in self.near_groups(number).into_iter().filter(|group| Some(*group) != without) {
            let Some(stored) = self.groups.get(group).filter(|stored| !stored.members.is_empty()) else {
                continue;
            };
            let is_open = date.unix().abs_diff(stored.founded.unix()) <= OPEN.as_secs();
            let value = self
                .value(number, stored.members.iter().copied())
                .filter(|value| is_open && *value >= min);
            if let Some(value) = value.filter(|value| best.is_none_or(|(most, _)| *value > most)) {
                best = Some((value, group));
            }
        }
        best.map(|(_, group)| group)
    }

    fn join(&mut self, number: usize, group: usize) {
        self.groups[group].members.push(number);
        self.assign(number, group);
    }

    fn found(&mut self, number: usize) {
        let group = self.groups.len();
        self.groups.push(Group {
            founded: self.entries[number].date,
            step: self.step,
            members: vec![number],
        });
        self.assign(number, group);
    }

    fn assign(&mut self, number: usize, group: usize) {
        if number == self.of.len() {
            self.of.push(group);
        } else {
            self.of[number] = group;
        }
    }

    /// Moves entries of the last hours to stories that they fit better.
    fn revise(&mut self) {
        for number in self.recent.clone() {
            let own = self.of[number];
            let value = self.value(number, self.groups[own].members.iter().copied());
            let min = value.map_or(MIN_VALUE, |value| MIN_VALUE.max(value + MIN_GAIN));
            if let Some(better) = self.best_group(number, min, Some(own)) {
                self.leave(number, own);
                self.join(number, better);
            } else if value.is_some_and(|value| value < MIN_VALUE - MAX_LOSS) {
                self.leave(number, own);
                self.found(number);
            }
        }
    }

    fn leave(&mut self, number: usize, group: usize) {
        self.groups[group].members.retain(|member| *member != number);
    }

    /// Merges young stories into older ones on the same event.
    fn merge(&mut self) {
        let touched: BTreeSet<usize> = self.recent.iter().map(|number| self.of[*number]).collect();
        for group in touched {
            let Some(stored) = self.groups.get(group).filter(|stored| !stored.members.is_empty()) else {
                continue;
            };
            let dates = || stored.members.iter().map(|member| self.entries[*member].date);
            let newest = dates().max().unwrap_or(stored.founded);
            if newest.since(stored.founded) > YOUNG {
                continue;
            }
            let near: BTreeSet<usize> = stored.members.iter().flat_map(|member| self.near_groups(*member)).collect();
            let mut best: Option<(f64, usize)> = None;
            for other in near.into_iter().filter(|other| *other != group) {
                let Some(into) = self.groups.get(other).filter(|into| !into.members.is_empty()) else {
                    continue;
                };
                let is_open = newest.unix().saturating_sub(into.founded.unix()).unsigned_abs() <= OPEN.as_secs() || newest <= into.founded;
                if !is_open || into.step >= stored.step {
                    continue;
                }
                let value = self.cross_value(&stored.members, &into.members);
                if value >= MIN_VALUE + MERGE_MARGIN && best.is_none_or(|(most, _)| value > most) {
                    best = Some((value, other));
                }
            }
            if let Some((_, into)) = best {
                let members = std::mem::take(&mut self.groups[group].members);
                for member in &members {
                    self.of[*member] = into;
                }
                self.groups[into].members.extend(members);
            }
        }
    }

    /// Returns the mean of the highest scores between two stories, as many as the larger one has members.
    fn cross_value(&self, one: &[usize], other: &[usize]) -> f64 {
        let mut scores: Vec<f64> = one.iter().flat_map(|a| other.iter().map(move |b| self.score(*a, *b))).collect();
        scores.sort_by(|one, other| other.total_cmp(one));
        scores.truncate(one.len().max(other.len()).max(1));
        #[expect(clippy::cast_precision_loss, reason = "a story has some hundred members at most")]
        let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
        mean
    }
}
