//! The words of an entry that a topic may learn: their stems, each where it is most prominent.

use super::entry_text::EntryWords;
use super::log_odds::counted_stem;
use super::position::{WordPosition, Zone, length_damping};
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

/// A stem in an entry.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TopicWord<'a> {
    pub stem: Cow<'a, str>,
    /// Where it is most prominent.
    pub position: WordPosition,
    /// How prominent it is there, damped by the length of the text, as a concept's words are.
    pub factor: f64,
}

/// Returns the words of headline, summary and body, each once, in the order of their first occurrence.
pub(super) fn topic_words<'a>(words: &EntryWords<'a>) -> Vec<TopicWord<'a>> {
    let damping = length_damping(words.text_words());
    let mut found: Vec<TopicWord<'a>> = Vec::new();
    let mut numbers: HashMap<Cow<'a, str>, usize> = HashMap::new();
    for zone in Zone::TEXT {
        for (number, word) in words.zone(zone).iter().enumerate() {
            let Some(stem) = word.and_then(|word| counted_stem(word.text)) else {
                continue;
            };
            let position = WordPosition { zone, word: number };
            let factor = position.part().factor() * damping;
            match numbers.entry(stem) {
                Slot::Occupied(known) => {
                    if let Some(known) = found.get_mut(*known.get()).filter(|known| factor > known.factor) {
                        (known.position, known.factor) = (position, factor);
                    }
                }
                Slot::Vacant(new) => {
                    let stem = new.key().clone();
                    new.insert(found.len());
                    found.push(TopicWord { stem, position, factor });
                }
            }
        }
    }
    found
}
