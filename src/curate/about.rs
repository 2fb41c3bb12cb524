//! Tells what an entry is about, its countries first: its places and people weighed by where they stand, against those of all other countries, with the
//! country of its source as a prior.

use super::admin_regions;
use super::entry_text::ScannedEntry;
use super::places::{Condition, PlaceKind, PlaceTerm, Places, WORLD, is_written_right};
use super::position::{Hit, Part, WordPosition, Zone, keep_longest};
use crate::model::{About, Country};
use crate::text::token::tokens;
use crate::text::word_list::{Case, Gap, Word};
use std::collections::{BTreeMap, BTreeSet};

/// The countries of the central Sahel, which the concept `@sahel` stands for.
pub(super) const REGION: [Country; 5] = [
    Country::of(*b"ML"),
    Country::of(*b"BF"),
    Country::of(*b"NE"),
    Country::of(*b"TD"),
    Country::of(*b"MR"),
];
/// The weight of a country named in the headline, in the lead, and in the rest.
const PART_WEIGHTS: [f64; 3] = [3.0, 1.0, 0.5];
/// How much each further occurrence in a part adds, times the logarithm of their number.
const REPETITION: f64 = 0.5;
/// The factor of a term that stands for several countries, and of an armed group, which acts in several.
const SHARED: f64 = 0.5;
/// What the country of the source gets where no other country is named in headline or lead.
const PRIOR: f64 = 3.0;
/// What it gets where another country is named there: when it is named as well, and when it is not.
const PRIOR_NAMED: f64 = 1.0;
const PRIOR_FOREIGN: f64 = 0.5;
/// The least score of a country that an entry is about.
const MIN_SCORE: f64 = 1.0;
/// It has more than this share of the highest score.
const MIN_RATIO: f64 = 0.5;

/// What an entry is about, and by which words that was told.
#[derive(Debug, Clone, Default)]
pub(super) struct AboutFound {
    pub about: About,
    /// The score of each country that is named, the highest first.
    pub scores: Vec<(Country, f64)>,
    /// The places that count, each with its countries, by position.
    pub places: Vec<(Hit, Box<[Country]>)>,
    /// What hides a place.
    pub masked: Vec<Hit>,
    /// What the country of the source got as a prior.
    pub prior: f64,
}

/// A place that does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HiddenPlace {
    pub hit: Hit,
    /// The longer name that it is a part of; none when it counts with other evidence only, and there is none.
    pub by: Option<Hit>,
}

/// An occurrence of a term.
#[derive(Clone, Copy)]
struct Found<'p> {
    hit: Hit,
    term: &'p PlaceTerm,
}

impl Places {
    /// Tells what an entry is about.
    pub(super) fn about(&self, entry: &ScannedEntry<'_>) -> AboutFound {
        let all = self.found(entry);
        let source = (entry.facts.source)
            .and_then(|source| source.country.as_deref())
            .and_then(Country::new);
        let (strong, weak) = split(entry, &all, source);
        let mut named: BTreeSet<Country> = pick(strong.clone())
            .iter()
            .flat_map(|found| found.term.countries.iter().copied())
            .collect();
        named.extend(source);
        let supported = weak
            .into_iter()
            .filter(|found| found.term.countries.iter().any(|country| named.contains(country)));
        let mut candidates = strong;
        candidates.extend(supported);
        let kept = pick(candidates);
        let masked = all.iter().filter(|found| found.term.countries.is_empty()).map(|found| found.hit);
        let (scores, prior) = scores(&kept, source);
        let about = About::by_scores(&scores, MIN_SCORE, MIN_RATIO);
        let places: Vec<(Hit, &PlaceTerm)> = kept.iter().map(|found| (found.hit, found.term)).collect();
        let regions = admin_regions::regions(entry, &places, &about);
        AboutFound {
            prior,
            about: about.with_regions(regions),
            scores,
            masked: masked.collect(),
            places: kept.iter().map(|found| (found.hit, found.term.countries.clone())).collect(),
        }
    }

    /// Returns the names in an entry, by position, of those that overlap the longest.
    pub(super) fn named(&self, entry: &ScannedEntry<'_>) -> Vec<(Hit, &PlaceTerm)> {
        let mut found = pick(self.found(entry));
        found.sort_by_key(|one| one.hit);
        found.into_iter().map(|one| (one.hit, one.term)).collect()
    }

    /// Returns the places that do not count in an entry that is about `found`, by position.
    pub(super) fn hidden(&self, entry: &ScannedEntry<'_>, found: &AboutFound) -> Vec<HiddenPlace> {
        let all = self.found(entry);
        let is_kept = |hit: &Hit| found.places.iter().any(|(kept, _)| kept == hit);
        let named = all.iter().filter(|one| !one.term.countries.is_empty() && !is_kept(&one.hit));
        let mut hidden: Vec<HiddenPlace> = named
            .map(|one| {
                let hides = |other: &&Found<'_>| {
                    let is_longer = other.hit.word_count > one.hit.word_count || (other.term.countries.is_empty() && other.hit == one.hit);
                    other.hit.overlaps(&one.hit) && is_longer
                };
                let by = all.iter().filter(hides).map(|other| other.hit).max_by_key(|hit| hit.word_count);
                HiddenPlace { hit: one.hit, by }
            })
            .collect();
        hidden.sort_by_key(|one| one.hit);
        hidden.dedup();
        hidden
    }

    /// Returns the occurrences of terms in headline and text. Of summary and body the longer one is the text: one often is the beginning of the
    /// other. The name of the outlet is no evidence.
    fn found(&self, entry: &ScannedEntry<'_>) -> Vec<Found<'_>> {
        let words = &entry.words;
        let text = if words.zone(Zone::Body).len() >= words.zone(Zone::Summary).len() {
            Zone::Body
        } else {
            Zone::Summary
        };
        let language = entry.language();
        let title_end = title_end(self, entry);
        let own_name = own_name(entry);
        let mut all = Vec::new();
        for (pattern, hit) in &entry.hits {
            let is_read = hit.start.zone == text || (hit.start.zone == Zone::Title && hit.start.word < title_end);
            let Some(pattern) = entry.builtin(*pattern) else { continue };
            let terms = self.terms(pattern);
            if !is_read || terms.is_empty() || own_name.iter().any(|own| own.overlaps(hit)) {
                continue;
            }
            let case = words.word(hit.start).map_or(Case::Small, |word| word.case);
            let counts = |term: &&PlaceTerm| {
                is_written_right(term, case) && term.language.is_none_or(|own| language.is_none_or(|language| language == own))
            };
            all.extend(terms.iter().filter(counts).map(|term| Found { hit: *hit, term }));
        }
        all
    }
}

/// Splits the occurrences into those that count and those that count with other evidence only.
fn split<'p>(entry: &ScannedEntry<'_>, all: &[Found<'p>], source: Option<Country>) -> (Vec<Found<'p>>, Vec<Found<'p>>) {
    let key = |found: &Found<'_>| (found.term.countries.clone(), entry.words.text(&found.hit));
    // A name that is a person's in one place is a person's in the others.
    let of_persons: BTreeSet<_> = all
        .iter()
        .filter(|found| found.term.condition == Condition::Name && is_beside_capital(entry, &found.hit))
        .map(key)
        .collect();
    // Where a longer name of another country holds a country's name, the shorter one elsewhere may mean the longer.
    let mut of_longer = BTreeSet::new();
    let is_long = |found: &&Found<'_>| {
        found.hit.word_count > 1 && !found.term.countries.is_empty() && matches!(found.term.kind, PlaceKind::Name | PlaceKind::Place)
    };
    for long in all.iter().filter(is_long) {
        for short in all
            .iter()
            .filter(|short| short.term.kind == PlaceKind::Name && short.hit.word_count < long.hit.word_count)
        {
            let is_within = short.hit.start.zone == long.hit.start.zone
                && short.hit.start.word >= long.hit.start.word
                && short.hit.start.word + short.hit.word_count <= long.hit.start.word + long.hit.word_count;
            let is_other = short.term.countries.iter().all(|country| !long.term.countries.contains(country));
            if is_within && is_other && !short.term.countries.is_empty() {
                of_longer.insert(key(short));
            }
        }
    }
    let is_weak = |found: &Found<'_>| {
        let by_condition = match found.term.condition {
            Condition::None => false,
            Condition::Weak => true,
            Condition::WeakIn(country) => source == Some(country),
            Condition::Name => of_persons.contains(&key(found)),
        };
        by_condition || (!of_longer.is_empty() && of_longer.contains(&key(found)))
    };
    let (weak, mut strong): (Vec<Found<'_>>, Vec<Found<'_>>) = all.iter().copied().partition(is_weak);
    // A term that stands in the tables both as weak and not is weak.
    strong.retain(|found| {
        let is_same =
            |other: &Found<'_>| other.hit == found.hit && other.term.countries.iter().any(|country| found.term.countries.contains(country));
        !weak.iter().any(is_same)
    });
    (strong, weak)
}

/// Returns whether a capitalised word stands directly before or behind an occurrence, as in a person's name.
fn is_beside_capital(entry: &ScannedEntry<'_>, hit: &Hit) -> bool {
    let word = |number: Option<usize>| {
        entry.words.word(WordPosition {
            zone: hit.start.zone,
            word: number?,
        })
    };
    let is_name = |word: &Word<'_>| word.case == Case::Capitalized;
    let own = word(Some(hit.start.word));
    if own.is_some_and(|own| own.case == Case::Capitals && own.text.chars().count() > 2) {
        return false;
    }
    let behind = word(Some(hit.start.word + hit.word_count)).filter(|behind| behind.gap == Gap::Joined && is_name(behind));
    // The first word of a text or sentence has a capital in any case.
    let before = word(hit.start.word.checked_sub(1)).filter(|before| {
        let is_first = before.gap == Gap::Sentence;
        own.is_some_and(|own| own.gap == Gap::Joined) && is_name(before) && before.text.chars().count() > 3 && !is_first
    });
    behind.is_some() || before.is_some()
}

/// Returns the occurrences that no longer one hides; those that a mask hides are left out.
fn pick(mut all: Vec<Found<'_>>) -> Vec<Found<'_>> {
    keep_longest(&mut all, |found| found.hit);
    let masks: Vec<Hit> = all
        .iter()
        .filter(|found| found.term.countries.is_empty())
        .map(|found| found.hit)
        .collect();
    all.retain(|found| !masks.contains(&found.hit));
    all
}

/// Returns the least score that a country needs for an entry to be about it, where `scores` are those of all countries.
pub(super) fn needed_score(scores: &[(Country, f64)]) -> f64 {
    let most = scores.iter().map(|(_, score)| *score).fold(0.0, f64::max);
    MIN_SCORE.max(MIN_RATIO * most)
}

/// Returns the score of each country, the highest first, and what the country of the source got as a prior.
fn scores(kept: &[Found<'_>], source: Option<Country>) -> (Vec<(Country, f64)>, f64) {
    // By part and country: the places at which the country is named, and the best weight of a term.
    let mut named: [BTreeMap<Country, (BTreeSet<WordPosition>, f64)>; 3] = Default::default();
    for found in kept {
        let part = match found.hit.start.part() {
            Part::Title => 0,
            Part::Lead => 1,
            Part::Rest => 2,
        };
        let is_shared = found.term.kind == PlaceKind::Group || (found.term.countries.len() > 1 && found.term.kind != PlaceKind::Name);
        let weight = if is_shared { SHARED } else { 1.0 };
        for country in &found.term.countries {
            let (positions, best) = named[part].entry(*country).or_default();
            positions.insert(found.hit.start);
            *best = best.max(weight);
        }
    }
    let mut scores: BTreeMap<Country, f64> = BTreeMap::new();
    for (countries, part_weight) in named.iter().zip(PART_WEIGHTS) {
        for (country, (positions, best)) in countries.iter().filter(|(country, _)| **country != WORLD) {
            let count = f64::from(u32::try_from(positions.len()).unwrap_or(u32::MAX));
            *scores.entry(*country).or_default() += part_weight * best * (1.0 + REPETITION * count.ln());
        }
    }
    let mut prior = 0.0;
    if let Some(source) = source {
        let prominent = || named[..2].iter().flat_map(|countries| countries.iter());
        let is_foreign = prominent().any(|(country, _)| *country != source);
        let is_named = prominent().any(|(country, (_, best))| *country == source && *best >= 1.0);
        prior = match (is_foreign, is_named) {
            (false, _) => PRIOR,
            (true, true) => PRIOR_NAMED,
            (true, false) => PRIOR_FOREIGN,
        };
        *scores.entry(source).or_default() += prior;
    }
    let mut scores: Vec<(Country, f64)> = scores.into_iter().collect();
    scores.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    (scores, prior)
}

/// Words that are written small in a name.
const SMALL_WORDS: [&str; 12] = ["du", "de", "la", "le", "les", "des", "of", "the", "et", "and", "en", "au"];
/// The longest name of an outlet at the end of a headline, and the shortest headline before one, in words.
const MAX_TAIL_WORDS: usize = 5;
const MIN_HEAD_WORDS: usize = 4;

/// Returns the number of the headline's first word that belongs to the name of an outlet at its end, as in "… - Niger Inter", or the number of
/// its words. A tail that consists of places tells where something happened.
fn title_end(places: &Places, entry: &ScannedEntry<'_>) -> usize {
    let words = entry.words.zone(Zone::Title);
    let is_dash = |word: &Option<Word<'_>>| word.is_some_and(|word| matches!(word.gap, Gap::Dash | Gap::Bar));
    let Some(head) = words.iter().rposition(is_dash).filter(|at| *at > 0) else {
        return words.len();
    };
    let tail = &words[head..];
    if is_own_name(entry, tail) {
        return head;
    }
    let is_capitalised = |word: &Option<Word<'_>>| {
        word.is_some_and(|word| {
            word.case != Case::Small || SMALL_WORDS.contains(&word.text) || word.text.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    // A bar has no other use in a headline.
    let is_name = tail[0].is_some_and(|first| first.gap == Gap::Bar) || tail.iter().all(is_capitalised);
    if head < MIN_HEAD_WORDS || tail.len() > MAX_TAIL_WORDS || !is_name {
        return words.len();
    }
    let covered: BTreeSet<usize> = entry
        .hits
        .iter()
        .filter(|(pattern, hit)| {
            hit.start.zone == Zone::Title
                && hit.start.word >= head
                && entry
                    .builtin(*pattern)
                    .is_some_and(|pattern| places.terms(pattern).iter().any(|term| !term.countries.is_empty()))
        })
        .flat_map(|(_, hit)| hit.start.word..hit.start.word + hit.word_count)
        .collect();
    if covered.len() >= tail.len() { words.len() } else { head }
}

/// Returns whether words are the name of the entry's source.
fn is_own_name(entry: &ScannedEntry<'_>, words: &[Option<Word<'_>>]) -> bool {
    let Some(source) = entry.facts.source else { return false };
    let own = tokens(&source.name).map(|token| token.folded);
    own.eq(words.iter().flatten().map(|word| word.text))
}

/// Returns where the name of the entry's source stands in its headline and text, when it has two words or is written in capitals.
fn own_name(entry: &ScannedEntry<'_>) -> Vec<Hit> {
    let Some(source) = entry.facts.source else { return Vec::new() };
    let own: Vec<_> = tokens(&source.name).map(|token| token.folded).collect();
    let is_distinct = own.len() > 1 || Case::of(&source.name) == Case::Capitals;
    if own.is_empty() || !is_distinct {
        return Vec::new();
    }
    let mut found = Vec::new();
    for zone in Zone::TEXT {
        let words = entry.words.zone(zone);
        for (at, window) in words.windows(own.len()).enumerate() {
            if window.iter().zip(&own).all(|(word, own)| word.is_some_and(|word| word.text == own)) {
                found.push(Hit {
                    start: WordPosition { zone, word: at },
                    word_count: own.len(),
                });
            }
        }
    }
    found
}
