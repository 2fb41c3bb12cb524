//! Finds the patterns of all rules in the words of an entry in one pass: the work depends on the number of words, hardly on that of the rules.

use super::entry_text::ScannedEntry;
use super::pattern::{Pattern, PatternId, WordPattern};
use super::position::{Hit, WordPosition, Zone, Zones};
use crate::model::digest::fnv1a_64;
use crate::model::prehashed_map::PrehashedMap;
use crate::text::fold::fold;
use crate::text::stem::{arabic_forms, strip_inflection};
use std::collections::HashMap;

/// The patterns of all rules and concepts, each once, by the hash of the word that they begin with.
#[derive(Debug, Default, Clone)]
pub struct PatternTable {
    patterns: Vec<Pattern>,
    ids: HashMap<Pattern, PatternId>,
    by_inflected: PrehashedMap<u64, Vec<PatternId>>,
    by_folded: PrehashedMap<u64, Vec<PatternId>>,
    /// Patterns that begin with a prefix, by the last of its [`prefix_keys`].
    by_prefix: PrehashedMap<u32, Vec<(String, PatternId)>>,
    beginnings: Beginnings,
}

/// Which words may begin a pattern, by their first three bytes: most words of a text need neither be stemmed nor looked up.
#[derive(Debug, Default, Clone)]
struct Beginnings {
    /// Patterns whose first word has fewer than three bytes, by its first byte.
    short: u128,
    /// Hashes of three bytes.
    hashes: Vec<bool>,
}

impl Beginnings {
    const SIZE: usize = 1 << 14;

    /// Adds the first word of a pattern as the maps hold it: a stem, a folded word or a prefix.
    fn add(&mut self, word: &str) {
        match word.as_bytes() {
            [one, two, three, ..] => {
                self.hashes.resize(Self::SIZE, false);
                self.hashes[Self::hash(*one, *two, *three)] = true;
            }
            [first, ..] if first.is_ascii() => self.short |= 1 << first,
            _ => {}
        }
    }

    fn append(&mut self, other: &Self) {
        self.short |= other.short;
        if !other.hashes.is_empty() {
            self.hashes.resize(Self::SIZE, false);
            for (own, other) in self.hashes.iter_mut().zip(&other.hashes) {
                *own |= other;
            }
        }
    }

    /// Returns whether a folded word may be the first of a pattern. Of words that begin with an ASCII character, `strip_inflection` changes none of
    /// the first three bytes, and leaves at least two; of Arabic words it removes prefixes, so those are always looked up.
    fn may_hold(&self, word: &str) -> bool {
        match word.as_bytes() {
            [first, ..] if !first.is_ascii() => true,
            [first, ..] if self.short & (1 << first) != 0 => true,
            [one, two, three, ..] => self.hashes.get(Self::hash(*one, *two, *three)).copied().unwrap_or_default(),
            _ => false,
        }
    }

    fn hash(one: u8, two: u8, three: u8) -> usize {
        (usize::from(one) * 961 + usize::from(two) * 31 + usize::from(three)) % Self::SIZE
    }
}

impl PatternTable {
    /// Adds a pattern; returns its number.
    pub(super) fn add(&mut self, pattern: Pattern) -> PatternId {
        if let Some(id) = self.ids.get(&pattern) {
            return *id;
        }
        let id = PatternId(u32::try_from(self.patterns.len()).unwrap_or(u32::MAX));
        match pattern.words.first() {
            Some(WordPattern::Inflected(word)) => {
                self.beginnings.add(word);
                self.by_inflected.entry(fnv1a_64(word.bytes())).or_default().push(id);
            }
            Some(WordPattern::Folded(word) | WordPattern::Named(word, _)) => {
                self.beginnings.add(word);
                self.by_folded.entry(fnv1a_64(word.bytes())).or_default().push(id);
            }
            Some(WordPattern::Exact(word)) => {
                let folded = fold(word);
                self.beginnings.add(&folded);
                self.by_folded.entry(fnv1a_64(folded.bytes())).or_default().push(id);
            }
            Some(WordPattern::Prefix(prefix)) => {
                self.beginnings.add(prefix);
                if let Some(key) = prefix_keys(prefix).last() {
                    self.by_prefix.entry(key).or_default().push((prefix.clone(), id));
                }
            }
            None => {}
        }
        self.ids.insert(pattern.clone(), id);
        self.patterns.push(pattern);
        id
    }

    /// Returns the pattern of this number.
    pub(super) fn pattern(&self, id: PatternId) -> Option<&Pattern> {
        self.patterns.get(id.0 as usize)
    }

    /// Adds the patterns of another table, whose numbers become greater by what is returned.
    pub(super) fn append(&mut self, other: &Self) -> u32 {
        let offset = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        let shifted = |id: &PatternId| PatternId(id.0 + offset);
        for (map, others) in [
            (&mut self.by_inflected, &other.by_inflected),
            (&mut self.by_folded, &other.by_folded),
        ] {
            map.reserve(others.len());
            for (hash, ids) in others {
                map.entry(*hash).or_default().extend(ids.iter().map(shifted));
            }
        }
        for (first, prefixes) in &other.by_prefix {
            let prefixes = prefixes.iter().map(|(prefix, id)| (prefix.clone(), shifted(id)));
            self.by_prefix.entry(*first).or_default().extend(prefixes);
        }
        self.beginnings.append(&other.beginnings);
        self.patterns.extend_from_slice(&other.patterns);
        offset
    }

    /// Returns where all patterns occur in the words of `entry`, sorted by pattern and position.
    pub(super) fn scan(&self, entry: &ScannedEntry<'_>) -> Vec<(PatternId, Hit)> {
        let mut hits = Vec::new();
        for zone in Zone::ALL {
            for (number, word) in entry.words.zone(zone).iter().enumerate() {
                let Some(word) = word.map(|word| word.text).filter(|word| self.beginnings.may_hold(word)) else {
                    continue;
                };
                let start = WordPosition { zone, word: number };
                let mut try_all = |ids: &[PatternId]| {
                    for id in ids {
                        if let Some(word_count) = self.length_at(*id, entry, start) {
                            hits.push((*id, Hit { start, word_count }));
                        }
                    }
                };
                let mut try_stem = |stem: &str| {
                    if let Some(ids) = self.by_inflected.get(&fnv1a_64(stem.bytes())) {
                        try_all(ids);
                    }
                };
                if word.is_ascii() {
                    try_stem(&strip_inflection(word));
                } else {
                    for form in arabic_forms(word) {
                        try_stem(&form);
                    }
                }
                if let Some(ids) = self.by_folded.get(&fnv1a_64(word.bytes())) {
                    try_all(ids);
                }
                for (prefix, id) in prefix_keys(word).filter_map(|key| self.by_prefix.get(&key)).flatten() {
                    if word.starts_with(prefix.as_str()) {
                        try_all(&[*id]);
                    }
                }
            }
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    /// Returns the number of words of the pattern `id` when it occurs at `start`, where its first word may begin.
    fn length_at(&self, id: PatternId, entry: &ScannedEntry<'_>, start: WordPosition) -> Option<usize> {
        let words = &self.patterns.get(id.0 as usize)?.words;
        let occurs = words.iter().enumerate().all(|(step, word)| {
            let position = WordPosition {
                word: start.word + step,
                ..start
            };
            matches_word(entry, position, word)
        });
        occurs.then_some(words.len())
    }
}

/// Returns the first byte of a word, its first two bytes and its first three, as far as it has so many, each as a number.
fn prefix_keys(word: &str) -> impl Iterator<Item = u32> + '_ {
    word.bytes().take(3).scan(0, |key, byte| {
        *key = *key << 8 | u32::from(byte);
        Some(*key)
    })
}

/// Returns whether the word at `position` matches one word of a pattern.
fn matches_word(entry: &ScannedEntry<'_>, position: WordPosition, pattern: &WordPattern) -> bool {
    let Some(word) = entry.words.word(position) else { return false };
    match pattern {
        WordPattern::Named(wanted, case) => word.text == wanted && word.case == *case,
        WordPattern::Inflected(wanted) if word.text.is_ascii() => strip_inflection(word.text) == *wanted,
        WordPattern::Inflected(wanted) => arabic_forms(word.text).iter().any(|form| form == wanted),
        WordPattern::Folded(wanted) => word.text == wanted,
        WordPattern::Prefix(prefix) => word.text.starts_with(prefix.as_str()),
        WordPattern::Exact(wanted) => fold(wanted) == word.text && entry.written(position) == Some(wanted),
    }
}

/// Returns the occurrences of a pattern in the given zones, sorted by position.
pub(super) fn hits_of<'e>(entry: &'e ScannedEntry<'_>, id: PatternId, zones: Zones) -> impl Iterator<Item = Hit> + 'e {
    let first = entry.hits.partition_point(|(own, _)| *own < id);
    let all = entry.hits[first..].iter().take_while(move |(own, _)| *own == id);
    all.map(|(_, hit)| *hit).filter(move |hit| zones.contain(hit.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_word_whose_stem_is_a_patterns_may_begin_it(word in "[a-z]{1,6}(s|es|ies|aux|eaux|eux|oux|ches|she|sse|xe|é|)") {
            let mut beginnings = Beginnings::default();
            beginnings.add(&strip_inflection(&word));
            prop_assert!(beginnings.may_hold(&word));
        }
    }

    #[test]
    fn a_word_is_looked_up_by_its_beginnings() {
        assert_eq!(prefix_keys("abcd").collect::<Vec<_>>(), [0x61, 0x6162, 0x0061_6263]);
        assert_eq!(prefix_keys("a").collect::<Vec<_>>(), [0x61]);
        assert_eq!(prefix_keys("").count(), 0);
    }

    #[test]
    fn most_words_may_begin_no_pattern() {
        let mut beginnings = Beginnings::default();
        for word in ["bamako", "attaque", "aes"] {
            beginnings.add(word);
        }
        let words = ["la", "de", "marche", "ville", "a", "bamboo", "aesthete", "attaches"];
        let may: Vec<bool> = words.iter().map(|word| beginnings.may_hold(word)).collect();
        assert_eq!(may, [false, false, false, false, false, true, true, true]);
    }
}
