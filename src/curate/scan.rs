//! Finds the patterns of all rules in the words of an entry in one pass: the work depends on the number of words, hardly on that of the rules.

use super::entry_text::{EntryFacts, EntryWords, OriginalTexts, ScannedEntry};
use super::pattern::{Pattern, WordPattern};
use super::position::{Hit, WordPosition, Zone};
use crate::text::fold::fold;
use crate::text::stem::strip_inflection;
use std::collections::HashMap;

/// The number of a pattern in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PatternId(u32);

/// The patterns of all rules and concepts, each once, by the words that they begin with.
#[derive(Debug, Default)]
pub struct PatternTable {
    patterns: Vec<Pattern>,
    ids: HashMap<Pattern, PatternId>,
    by_inflected: HashMap<String, Vec<PatternId>>,
    by_folded: HashMap<String, Vec<PatternId>>,
    /// Patterns that begin with a prefix, by its first byte.
    by_prefix: HashMap<u8, Vec<(String, PatternId)>>,
    beginnings: Beginnings,
}

/// Which words may begin a pattern, by their first three bytes: most words of a text need neither be stemmed nor looked up.
#[derive(Debug, Default)]
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
            Some(WordPattern::Inflected(word) | WordPattern::Folded(word) | WordPattern::Prefix(word)) => self.beginnings.add(word),
            Some(WordPattern::Exact(word)) => self.beginnings.add(&fold(word)),
            None => {}
        }
        match pattern.words.first() {
            Some(WordPattern::Inflected(word)) => self.by_inflected.entry(word.clone()).or_default().push(id),
            Some(WordPattern::Folded(word)) => self.by_folded.entry(word.clone()).or_default().push(id),
            Some(WordPattern::Exact(word)) => self.by_folded.entry(fold(word)).or_default().push(id),
            Some(WordPattern::Prefix(prefix)) => {
                let first = prefix.bytes().next().unwrap_or_default();
                self.by_prefix.entry(first).or_default().push((prefix.clone(), id));
            }
            None => {}
        }
        self.ids.insert(pattern.clone(), id);
        self.patterns.push(pattern);
        id
    }

    /// Finds all patterns in the words of an entry. `load` returns its texts as they were published, when they are needed.
    #[must_use]
    pub fn scan<'a>(&self, facts: EntryFacts<'a>, words: EntryWords<'a>, load: &'a dyn Fn() -> OriginalTexts) -> ScannedEntry<'a> {
        let mut entry = ScannedEntry::new(facts, words, Vec::new(), load);
        let mut hits = Vec::new();
        for zone in Zone::ALL {
            for (number, word) in entry.words.zone(zone).iter().enumerate() {
                let Some(word) = word.as_ref().filter(|word| self.beginnings.may_hold(word)) else {
                    continue;
                };
                let start = WordPosition { zone, word: number };
                let prefixes = self.by_prefix.get(&word.bytes().next().unwrap_or_default());
                let by_prefix = prefixes
                    .into_iter()
                    .flatten()
                    .filter(|(prefix, _)| word.starts_with(prefix.as_str()))
                    .map(|(_, id)| id);
                let inflected = self.by_inflected.get(strip_inflection(word).as_ref()).into_iter().flatten();
                let folded = self.by_folded.get(*word).into_iter().flatten();
                for id in inflected.chain(folded).chain(by_prefix) {
                    if let Some(word_count) = self.length_at(*id, &entry, start) {
                        hits.push((id.0, Hit { start, word_count }));
                    }
                }
            }
        }
        hits.sort_unstable();
        entry.hits = hits;
        entry
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

/// Returns whether the word at `position` matches one word of a pattern.
fn matches_word(entry: &ScannedEntry<'_>, position: WordPosition, pattern: &WordPattern) -> bool {
    let Some(word) = entry.words.word(position) else { return false };
    match pattern {
        WordPattern::Inflected(wanted) => strip_inflection(word) == *wanted,
        WordPattern::Folded(wanted) => word == wanted,
        WordPattern::Prefix(prefix) => word.starts_with(prefix.as_str()),
        WordPattern::Exact(wanted) => fold(wanted) == word && entry.written(position) == Some(wanted),
    }
}

/// Returns the occurrences of a pattern in the given zones, sorted by position.
pub(super) fn hits_of<'e>(entry: &'e ScannedEntry<'_>, id: PatternId, zones: &'e [Zone]) -> impl Iterator<Item = Hit> + 'e {
    let first = entry.hits.partition_point(|(own, _)| *own < id.0);
    let all = entry.hits[first..].iter().take_while(move |(own, _)| *own == id.0);
    all.map(|(_, hit)| *hit).filter(|hit| zones.contains(&hit.start.zone))
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
