//! How much two entries tell one event: a linear model over what they share and what each has alone.
//!
//! The weights were learned by logistic regression (see `docs/design/0013-stories.md`). Every sum is over sorted lists, so that all machines compute
//! the same.

use super::frequent_terms::share_of_entries;
use super::story_features::{StoryFeatures, Term};
use crate::model::prehashed_map::PrehashedMap;
use crate::model::{TermCounts, Timestamp};

/// Terms weigh as if so many entries of the region had been read before: those that are common there weigh little from the first entry on, others as
/// much as what is rare.
const PRIOR_ENTRIES: f64 = 300.0;
/// The score of entries that share hardly anything.
pub(super) const FLOOR: f64 = -6.0;
/// Entries that lie further apart tell two events.
pub(super) const MAX_GAP_HOURS: f64 = 72.0;
/// Pairs with less in common are not scored.
const MIN_COSINE: f64 = 0.03;
const MIN_TITLE_COSINE: f64 = 0.1;
const MIN_NAMES: f64 = 0.2;

/// Returns the natural logarithm, which is the same on every machine, as that of the platform is not.
fn ln(value: f64) -> f64 {
    libm::log(value)
}

/// In how many of the last entries each term stands.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    counts: PrehashedMap<u32, u32>,
    entries: u32,
    /// What was added since it was last taken.
    added: PrehashedMap<u32, u32>,
    added_entries: u32,
}

impl Frequencies {
    pub(super) fn add(&mut self, features: &StoryFeatures) {
        self.entries += 1;
        self.added_entries += 1;
        for hash in features.counted_terms() {
            *self.counts.entry(hash).or_default() += 1;
            *self.added.entry(hash).or_default() += 1;
        }
    }

    /// Adds what is known of earlier entries.
    pub(super) fn add_counts(&mut self, counts: &TermCounts) {
        self.entries += counts.entries;
        for (hash, count) in &counts.counts {
            *self.counts.entry(*hash).or_default() += count;
        }
    }

    /// Halves what is known.
    pub(super) fn halve(&mut self) {
        self.entries /= 2;
        self.counts.retain(|_, count| {
            *count /= 2;
            *count > 0
        });
    }

    /// Returns what entries were added with since this was last asked.
    pub(super) fn take_added(&mut self) -> TermCounts {
        let mut counts: Vec<(u32, u32)> = std::mem::take(&mut self.added).into_iter().collect();
        counts.sort_unstable();
        TermCounts {
            entries: std::mem::take(&mut self.added_entries),
            counts,
        }
    }

    pub(super) fn weight(&self, hash: u32) -> f64 {
        let count = self.counts.get(&hash).copied().unwrap_or_default();
        let known = f64::from(count) + PRIOR_ENTRIES * share_of_entries(hash);
        ln((f64::from(self.entries) + PRIOR_ENTRIES) / (known + 1.0)).max(0.0)
    }
}

/// The weights of an entry's terms, as frequent as they were at a moment.
#[derive(Debug)]
pub(super) struct Weights {
    /// By term: its weight alone, and with the number of its occurrences.
    of_terms: Vec<(f64, f64)>,
    /// The lengths of the vectors of all terms, of those of the headline, and of those of the lead.
    lengths: [f64; 3],
    title_sum: f64,
    name_sum: f64,
}

impl Weights {
    pub(super) fn new(features: &StoryFeatures, frequencies: &Frequencies) -> Self {
        let of_terms: Vec<(f64, f64)> = (features.terms.iter())
            .map(|term| {
                let weight = frequencies.weight(term.hash);
                (weight, (1.0 + ln(f64::from(term.count))) * weight)
            })
            .collect();
        let square_sum = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
        let of = |counts: fn(&Term) -> bool| {
            let terms = features.terms.iter().zip(&of_terms).filter(move |(term, _)| counts(term));
            terms.map(|(_, (weight, _))| *weight)
        };
        let lengths = [
            square_sum(&mut of_terms.iter().map(|(_, value)| *value)),
            square_sum(&mut of(|term| term.in_title)),
            square_sum(&mut of(|term| term.in_lead)),
        ];
        let title_sum = of(|term| term.in_title).sum();
        let name_sum = of(|term| term.is_name).sum();
        Self {
            of_terms,
            lengths,
            title_sum,
            name_sum,
        }
    }
}

/// An entry with the weights of its terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighted<'f> {
    pub features: &'f StoryFeatures,
    pub weights: &'f Weights,
}

impl<'f> Weighted<'f> {
    fn names(self) -> impl Iterator<Item = (&'f Term, f64)> {
        let terms = self
            .features
            .terms
            .iter()
            .zip(&self.weights.of_terms)
            .filter(|(term, _)| term.is_name);
        terms.map(|(term, (weight, _))| (term, *weight))
    }
}

/// What is compared of a pair besides its features.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub is_same_outlet: bool,
    pub is_same_language: bool,
    /// The time between their dates, in hours.
    pub gap_hours: f64,
}

impl Context {
    pub(super) fn gap(one: Timestamp, other: Timestamp) -> f64 {
        let seconds = one.unix().abs_diff(other.unix());
        f64::from(u32::try_from(seconds).unwrap_or(u32::MAX)) / 3_600.0
    }
}

/// How much two entries tell one event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// The score.
    pub score: f64,
    /// The score if no time lay between both.
    pub timeless: f64,
    /// What the shared names weigh.
    pub names: f64,
}

/// Compares two entries; `None` when hardly anything is shared.
pub(super) fn score(one: Weighted<'_>, other: Weighted<'_>, frequencies: &Frequencies, context: Context) -> Option<Pair> {
    let (a, b) = (one.features, other.features);
    let mut shared = Shared::default();
    let (mut at, mut with) = (0, 0);
    while let (Some(first), Some(second)) = (a.terms.get(at), b.terms.get(with)) {
        match first.hash.cmp(&second.hash) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => with += 1,
            std::cmp::Ordering::Equal => {
                shared.add(*first, *second, one.weights.of_terms[at], other.weights.of_terms[with]);
                at += 1;
                with += 1;
            }
        }
    }
    let cosine = |sum: f64, index: usize| {
        let product = one.weights.lengths[index] * other.weights.lengths[index];
        if product > 0.0 { sum / product } else { 0.0 }
    };
    let (c, ct, ld) = (cosine(shared.all, 0), cosine(shared.titles, 1), cosine(shared.leads, 2));
    let nmw = (shared.names / 25.0).min(1.0);
    if c < MIN_COSINE && ct < MIN_TITLE_COSINE && nmw <= MIN_NAMES {
        return None;
    }
    let share = |sum: f64, whole: f64| if whole > 0.0 { sum / whole } else { 0.0 };
    let tin = f64::midpoint(
        share(shared.title_in_other, one.weights.title_sum),
        share(shared.other_title_in, other.weights.title_sum),
    );
    let nm = share(shared.names, one.weights.name_sum.min(other.weights.name_sum));
    let nconf = (lacking(one, b).min(lacking(other, a)) / 12.0).min(1.0);
    let num = (shared_sum(
        &a.numbers,
        &b.numbers,
        |number| number.hash,
        |number| frequencies.weight(number.hash) * if number.is_small { 0.4 } else { 1.0 },
    ) / 10.0)
        .min(1.0);
    let skel = (shared_sum(&a.skeletons, &b.skeletons, |hash| *hash, |hash| frequencies.weight(*hash)) / 20.0).min(1.0);
    let fewer = a.terms.len().min(b.terms.len());
    let len = count_ln(fewer) / 5.0;
    let nsh = count_ln(shared.count) / 4.0;
    let gap = (context.gap_hours / MAX_GAP_HOURS).min(1.0);
    let (xl, so) = (
        f64::from(u8::from(!context.is_same_language && !context.is_same_outlet)),
        f64::from(u8::from(context.is_same_outlet)),
    );
    let bare = f64::from(u8::from(a.is_bare && b.is_bare));
    let is = |condition: bool| f64::from(u8::from(condition));
    let timeless = 3.489 * c + 2.287 * ct + 3.500 * tin + 1.749 * nm + 0.414 * nmw - 0.733 * nconf + 1.765 * num
        - 0.146 * is(have_other_title_numbers(a, b))
        - 1.076 * is(are_apart(&a.days, &b.days))
        - 1.822 * is(are_apart(&a.places, &b.places))
        - 1.787 * is(are_title_countries_apart(a, b))
        + xl * (1.221 + 1.091 * nmw + 0.304 * skel)
        - so * (0.638 + 1.819 * c + 0.986 * nconf)
        - 0.363 * len
        + 1.817 * nsh
        + 1.923 * ld
        + len * (1.266 * c + 0.420 * tin + 0.855 * nmw)
        + bare * (1.072 + 1.340 * tin)
        - 5.216;
    Some(Pair {
        score: timeless - 4.380 * gap,
        timeless,
        names: shared.names,
    })
}

/// Sums over the terms that two entries share.
#[derive(Debug, Default)]
struct Shared {
    all: f64,
    titles: f64,
    leads: f64,
    /// Weights of the terms of the one's headline that the other has, and the other way around.
    title_in_other: f64,
    other_title_in: f64,
    names: f64,
    count: usize,
}

impl Shared {
    fn add(&mut self, one: Term, other: Term, (weight, value): (f64, f64), (_, other_value): (f64, f64)) {
        self.count += 1;
        self.all += value * other_value;
        if one.in_title && other.in_title {
            self.titles += weight * weight;
        }
        if one.in_lead && other.in_lead {
            self.leads += weight * weight;
        }
        if one.in_title {
            self.title_in_other += weight;
        }
        if other.in_title {
            self.other_title_in += weight;
        }
        if one.is_name && other.is_name {
            self.names += weight;
        }
    }
}

/// Returns the weight of the names of an entry's headline that another entry has neither as a name nor as a word.
fn lacking(entry: Weighted<'_>, other: &StoryFeatures) -> f64 {
    let has = |hash: u32| other.terms.binary_search_by_key(&hash, |term| term.hash).is_ok();
    entry
        .names()
        .zip(&entry.features.name_stems)
        .filter(|((term, _), stem)| term.in_title && !has(term.hash) && !has(**stem))
        .map(|((_, weight), _)| weight)
        .sum()
}

/// Returns the sum over the values that two sorted lists share.
fn shared_sum<T>(one: &[T], other: &[T], key: impl Fn(&T) -> u32, weight: impl Fn(&T) -> f64) -> f64 {
    let is_shared = |value: &&T| other.binary_search_by_key(&key(value), &key).is_ok();
    one.iter().filter(is_shared).map(&weight).sum()
}

#[expect(clippy::cast_precision_loss, reason = "an entry has at most 128 terms")]
fn count_ln(count: usize) -> f64 {
    ln(1.0 + count as f64)
}

/// Returns whether both lists have values and share none.
fn are_apart<T: Ord>(one: &[T], other: &[T]) -> bool {
    !one.is_empty() && !other.is_empty() && !one.iter().any(|value| other.binary_search(value).is_ok())
}

fn have_other_title_numbers(one: &StoryFeatures, other: &StoryFeatures) -> bool {
    let titles = |features: &StoryFeatures| features.numbers.iter().any(|number| number.in_title);
    let is_in = |features: &StoryFeatures, of: &StoryFeatures| {
        features
            .numbers
            .iter()
            .filter(|number| number.in_title)
            .any(|number| of.numbers.iter().any(|own| own.hash == number.hash))
    };
    titles(one) && titles(other) && !is_in(one, other) && !is_in(other, one)
}

fn are_title_countries_apart(one: &StoryFeatures, other: &StoryFeatures) -> bool {
    !one.title_countries.is_empty()
        && !other.title_countries.is_empty()
        && !one.title_countries.iter().any(|country| other.countries.contains(country))
        && !other.title_countries.iter().any(|country| one.countries.contains(country))
}

/// Returns whether two entries of one outlet are two of a series: headlines with the same words but for names, places, numbers or months.
pub(super) fn are_of_series(one: &StoryFeatures, other: &StoryFeatures, is_same_language: bool) -> bool {
    if one.title == other.title {
        return one.is_series;
    }
    let marks = |features: &StoryFeatures| {
        let numbers = features
            .numbers
            .iter()
            .filter(|number| number.in_title)
            .map(|number| u64::from(number.hash));
        let days = features.title_days.iter().map(|day| u64::from(*day) << 32);
        let mut marks: Vec<u64> = numbers.chain(days).collect();
        marks.sort_unstable();
        marks
    };
    let own = marks(one);
    if !own.is_empty() && own == marks(other) && !are_apart(&one.title_places, &other.title_places) {
        return false;
    }
    let has = |features: &StoryFeatures, word: u32| features.title_words.binary_search_by_key(&word, |(hash, _)| *hash).is_ok();
    let shared = one.title_words.iter().filter(|(word, _)| has(other, *word)).count();
    let shorter = one.title_words.len().min(other.title_words.len()).max(1);
    let rest_is_special =
        |features: &StoryFeatures, of: &StoryFeatures| features.title_words.iter().any(|(word, is_special)| *is_special && !has(of, *word));
    (shared * 2 >= shorter && rest_is_special(one, other) && rest_is_special(other, one))
        || (one.is_series && other.is_series && is_same_language)
}
