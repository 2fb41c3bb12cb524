//! What an outlet repeats in its entries: sequences of four words, learned as entries come. It says nothing of what an entry tells.

use crate::model::Timestamp;
use crate::model::prehashed_map::PrehashedMap;
use crate::text::shingle::{hash_words, word_hash};
use crate::text::word_list::Word;
use std::collections::VecDeque;
use std::time::Duration;

/// The number of words of a sequence.
const GRAM_WORDS: usize = 4;
/// A sequence that so many entries have is repeated when they lie further apart than [`MIN_SPAN`]: an event's own phrases recur for days only.
const MIN_ENTRIES: u32 = 3;
const MIN_SPAN: Duration = Duration::from_hours(72);
/// Or when so many entries have it, and at least so large a part of the outlet's.
const MIN_SHARED_ENTRIES: u32 = 4;
const MIN_SHARE: f64 = 0.4;
/// An entry that shares so much with another of the outlet is a revision or a copy, and teaches nothing.
const MAX_SIMILARITY: f64 = 0.7;
const MIN_COMPARED_GRAMS: usize = 8;
/// How many entries are remembered whole.
pub(super) const MAX_RECENT: usize = 30;
/// How many sequences that have recurred are remembered of an outlet.
pub(super) const MAX_GRAMS: usize = 4_000;
/// Of a longer text the first words and the last ones teach: there outlets repeat themselves.
const FIRST_WORDS: usize = 400;
const LAST_WORDS: usize = 100;
/// An entry has at most so many sequences.
pub(super) const MAX_ENTRY_GRAMS: usize = 2 * (FIRST_WORDS + LAST_WORDS);

/// A sequence that has recurred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gram {
    pub(super) entries: u32,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
}

/// What one outlet repeats. It is stored with the outlet in the encoding of `encoding.rs`.
#[derive(Debug, Default)]
pub struct OutletMemory {
    pub(super) grams: PrehashedMap<u32, Gram>,
    /// The sequences of the last entries that have taught, sorted; the oldest first.
    pub(super) recent: VecDeque<(Timestamp, Vec<u32>)>,
    /// In which recent entries a sequence stands: one bit for each.
    places: PrehashedMap<u32, u32>,
    /// The bit of the oldest recent entry.
    oldest: usize,
    /// The number of entries that have taught.
    pub(super) taught: u32,
}

impl OutletMemory {
    /// Learns from an entry of the outlet.
    pub fn teach(&mut self, title: &[Word<'_>], text: &[Word<'_>], date: Timestamp) {
        let (first, rest) = text.split_at(text.len().min(FIRST_WORDS));
        let last = &rest[rest.len().saturating_sub(LAST_WORDS)..];
        let title = &title[..title.len().min(FIRST_WORDS + LAST_WORDS)];
        let mut grams: Vec<u32> = grams(title).chain(grams(first)).chain(grams(last)).collect();
        grams.sort_unstable();
        grams.dedup();
        let mut shared = [0; MAX_RECENT];
        for places in grams.iter().filter_map(|gram| self.places.get(gram)) {
            for (bit, count) in shared.iter_mut().enumerate() {
                *count += usize::from(places >> bit & 1 == 1);
            }
        }
        let is_like = |(at, (_, other)): (usize, &(Timestamp, Vec<u32>))| {
            let smaller = grams.len().min(other.len());
            smaller >= MIN_COMPARED_GRAMS && ratio(shared[self.bit(at)], smaller) >= MAX_SIMILARITY
        };
        if self.recent.iter().enumerate().any(is_like) {
            return;
        }
        for gram in &grams {
            if let Some(known) = self.grams.get_mut(gram) {
                known.entries += 1;
                known.first = known.first.min(date);
                known.last = known.last.max(date);
            } else if let Some(before) = self.first_seen(*gram) {
                let gram_seen = Gram {
                    entries: 2,
                    first: before.min(date),
                    last: before.max(date),
                };
                self.grams.insert(*gram, gram_seen);
            }
        }
        self.taught += 1;
        self.remember(date, grams);
        self.forget();
    }

    /// Returns the bit of a recent entry.
    const fn bit(&self, at: usize) -> usize {
        (self.oldest + at) % MAX_RECENT
    }

    /// Returns the date of the oldest recent entry with a sequence.
    fn first_seen(&self, gram: u32) -> Option<Timestamp> {
        let places = self.places.get(&gram)?;
        let mut entries = self.recent.iter().enumerate();
        let entry = entries.find(|(at, _)| places >> self.bit(*at) & 1 == 1);
        entry.map(|(_, (date, _))| *date)
    }

    /// Remembers the sequences of an entry, which are sorted, in place of those of the oldest.
    pub(super) fn remember(&mut self, date: Timestamp, grams: Vec<u32>) {
        if self.recent.len() == MAX_RECENT
            && let Some((_, former)) = self.recent.pop_front()
        {
            let bit = 1 << self.oldest;
            for gram in former {
                if let Some(places) = self.places.get_mut(&gram) {
                    *places &= !bit;
                    if *places == 0 {
                        self.places.remove(&gram);
                    }
                }
            }
            self.oldest = (self.oldest + 1) % MAX_RECENT;
        }
        let bit = 1 << self.bit(self.recent.len());
        for gram in &grams {
            *self.places.entry(*gram).or_default() |= bit;
        }
        self.recent.push_back((date, grams));
    }

    /// Forgets the sequences that were not seen for the longest time, when there are too many.
    fn forget(&mut self) {
        if self.grams.len() <= MAX_GRAMS {
            return;
        }
        let mut by_age: Vec<(Timestamp, u32)> = self.grams.iter().map(|(gram, known)| (known.last, *gram)).collect();
        by_age.sort_unstable();
        for (_, gram) in by_age.iter().take(MAX_GRAMS / 4) {
            self.grams.remove(gram);
        }
    }

    /// Returns of each of `words` whether it belongs to what the outlet repeats.
    #[must_use]
    pub fn boilerplate(&self, words: &[Word<'_>]) -> Vec<bool> {
        let mut repeated = vec![false; words.len()];
        for (at, gram) in grams(words).enumerate() {
            if self.is_repeated(gram) {
                for word in repeated.iter_mut().skip(at).take(GRAM_WORDS) {
                    *word = true;
                }
            }
        }
        repeated
    }

    fn is_repeated(&self, gram: u32) -> bool {
        self.grams.get(&gram).is_some_and(|known| {
            let is_lasting = known.entries >= MIN_ENTRIES && known.last.since(known.first) > MIN_SPAN;
            let is_common = known.entries >= MIN_SHARED_ENTRIES && f64::from(known.entries) >= MIN_SHARE * f64::from(self.taught);
            is_lasting || is_common
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "an entry has at most some ten thousand words")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn grams(words: &[Word<'_>]) -> impl Iterator<Item = u32> {
    let words: Vec<u64> = words.iter().map(|word| word_hash(word.text)).collect();
    let count = (words.len() + 1).saturating_sub(GRAM_WORDS);
    (0..count).map(move |at| hash_words(&words[at..at + GRAM_WORDS]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::word_list::{cased_words, encode};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_unix(1_780_000_000 + hours * 3_600)
    }

    fn teach(memory: &mut OutletMemory, text: &str, date: Timestamp) {
        let encoded = encode(&[&[text]]);
        let words: Vec<Word<'_>> = cased_words(&encoded).flatten().collect();
        memory.teach(&[], &words, date);
    }

    fn repeated(memory: &OutletMemory, text: &str) -> String {
        let encoded = encode(&[&[text]]);
        let words: Vec<Word<'_>> = cased_words(&encoded).flatten().collect();
        let marks = memory.boilerplate(&words);
        let of_words = words
            .iter()
            .zip(marks)
            .filter(|(_, is_repeated)| *is_repeated)
            .map(|(word, _)| word.text);
        of_words.collect::<Vec<_>>().join(" ")
    }

    const FOOTER: &str = "Suivez toute l'actualité sur notre chaîne.";

    #[test]
    fn what_returns_over_days_is_boilerplate() {
        let mut memory = OutletMemory::default();
        for (number, hours) in [0, 36, 73].into_iter().enumerate() {
            assert_eq!(repeated(&memory, FOOTER), "", "{number}");
            teach(
                &mut memory,
                &format!("Texte{number} alpha{number} beta{number}. {FOOTER}"),
                at(hours),
            );
        }
        assert_eq!(
            repeated(&memory, &format!("La crue. {FOOTER}")),
            "suivez toute l actualite sur notre chaine"
        );
    }

    #[test]
    fn the_phrases_of_one_event_are_none() {
        let mut memory = OutletMemory::default();
        for number in 0..3 {
            teach(
                &mut memory,
                &format!("Texte{number} alpha{number} beta{number}. {FOOTER}"),
                at(number * 36),
            );
        }
        // The first and the last lie exactly 72 hours apart.
        assert_eq!(repeated(&memory, FOOTER), "");
        teach(&mut memory, &format!("Autre alpha9 beta9. {FOOTER}"), at(72));
        assert_ne!(repeated(&memory, FOOTER), "", "all four entries of the outlet have it");
    }

    #[test]
    fn a_revision_teaches_nothing() {
        let mut memory = OutletMemory::default();
        let text = "un deux trois quatre cinq six sept huit neuf dix onze douze";
        for hours in [0, 40, 80, 120] {
            teach(&mut memory, text, at(hours));
        }
        assert_eq!(repeated(&memory, text), "");
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memory = OutletMemory::default();
        for number in 0..40_i64 {
            let text: Vec<String> = (0..400).map(|word| format!("m{}", (word + number * 7) % 900)).collect();
            teach(&mut memory, &text.join(" "), at(number));
        }
        assert!(memory.grams.len() <= MAX_GRAMS && memory.recent.len() <= MAX_RECENT);
    }
}
