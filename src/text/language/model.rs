//! The model of character n-grams: the weight of each n-gram in the log-odds of each language, and the file format that holds it.

use crate::model::prehashed_map::PrehashedMap;
use std::collections::HashMap;
use std::fmt;

/// The longest n-gram; the spaces around its word count.
pub(super) const MAX_NGRAM_CHARS: usize = 5;
/// Weights are stored as integers in tenths.
const WEIGHT_SCALE: f32 = 10.0;

/// A multinomial logistic regression over character n-grams.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct NgramModel {
    pub tags: Vec<String>,
    /// The intercept of each tag.
    pub intercepts: Vec<i16>,
    /// The row of each n-gram in `weights`.
    ngrams: HashMap<Box<str>, u32>,
    /// The same rows by the hash of the n-gram, so that no n-gram of a text has to be hashed as a whole.
    rows: PrehashedMap<u64, u32>,
    /// A row for each n-gram, with a weight for each tag.
    pub weights: Vec<i16>,
}

/// A malformed line of the model's file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table is none: `{text}`")]
pub(super) struct ModelError {
    line: usize,
    text: String,
}

/// Returns the words of a text in lower case, with one space before, between and after them: the form from which n-grams are taken.
pub(super) fn normalize(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 2);
    line.push(' ');
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '\u{2019}' | '\u{2bc}' | '\'' if !line.ends_with(' ') => line.push('\''),
            // Combining marks are kept: Yoruba and other languages write tones with them.
            letter if letter.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&letter) => line.push(letter),
            _ if !line.ends_with(' ') => line.push(' '),
            _ => {}
        }
    }
    if !line.ends_with(' ') {
        line.push(' ');
    }
    line
}

/// Calls `visit` with every n-gram of a [`normalize`]d text: of each word with the spaces around it, all substrings of up to
/// [`MAX_NGRAM_CHARS`] characters.
pub(super) fn for_each_ngram<'a>(line: &'a str, mut visit: impl FnMut(&'a str)) {
    let mut bounds = Vec::new();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let start = word.as_ptr().addr() - line.as_ptr().addr() - 1;
        let padded = &line[start..start + word.len() + 2];
        bounds.clear();
        bounds.extend(padded.char_indices().map(|(at, _)| at).chain([padded.len()]));
        for from in 0..bounds.len() - 1 {
            for to in from + 1..bounds.len().min(from + 1 + MAX_NGRAM_CHARS) {
                let ngram = &padded[bounds[from]..bounds[to]];
                if ngram != " " {
                    visit(ngram);
                }
            }
        }
    }
}

/// The hash of no characters.
const EMPTY_HASH: u64 = 0x5851_f42d_4c95_7f2d;

/// Returns the hash of an n-gram to which `letter` is appended; `hash` is that of the n-gram.
const fn append(hash: u64, letter: char) -> u64 {
    let mixed = (hash ^ letter as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 29
}

/// Calls `visit` with the hash of every n-gram that [`for_each_ngram`] visits.
fn for_each_ngram_hash(line: &str, mut visit: impl FnMut(u64)) {
    let mut word: Vec<char> = vec![' '];
    for letter in line.chars().skip(1) {
        word.push(letter);
        if letter != ' ' {
            continue;
        }
        if word.len() > 2 {
            for from in 0..word.len() {
                let mut hash = EMPTY_HASH;
                for (place, letter) in word[from..].iter().take(MAX_NGRAM_CHARS).enumerate() {
                    hash = append(hash, *letter);
                    if place > 0 || *letter != ' ' {
                        visit(hash);
                    }
                }
            }
        }
        word.truncate(1);
    }
}

impl NgramModel {
    /// Returns a model; `ngrams` gives the row of each n-gram in `weights`.
    pub fn new(tags: Vec<String>, intercepts: Vec<i16>, ngrams: HashMap<Box<str>, u32>, weights: Vec<i16>) -> Self {
        let rows = ngrams
            .iter()
            .map(|(ngram, row)| (ngram.chars().fold(EMPTY_HASH, append), *row))
            .collect();
        Self {
            tags,
            intercepts,
            ngrams,
            rows,
            weights,
        }
    }

    /// Returns the probability of each language for a [`normalize`]d text, in descending order.
    pub fn probabilities(&self, line: &str) -> Vec<(&str, f32)> {
        let mut is_counted = vec![false; self.rows.len()];
        let mut sums: Vec<i32> = self.intercepts.iter().copied().map(i32::from).collect();
        for_each_ngram_hash(line, |ngram| {
            let Some(row) = self.rows.get(&ngram).map(|row| *row as usize) else {
                return;
            };
            // Features are binary: an n-gram counts once per text.
            if !std::mem::replace(&mut is_counted[row], true) {
                for (sum, weight) in sums.iter_mut().zip(&self.weights[row * self.tags.len()..]) {
                    *sum += i32::from(*weight);
                }
            }
        });
        #[expect(clippy::cast_precision_loss, reason = "sums of some thousand small weights")]
        let logits: Vec<f32> = sums.iter().map(|sum| *sum as f32 / WEIGHT_SCALE).collect();
        let max = logits.iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = logits.iter().map(|logits| (logits - max).exp()).sum();
        let softmax = logits.iter().map(|logits| (logits - max).exp() / total);
        let mut ranked: Vec<(&str, f32)> = self.tags.iter().map(String::as_str).zip(softmax).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }

    /// Returns a weight as the file stores it: in tenths, clamped.
    pub fn quantize(weight: f32) -> i16 {
        #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
        let rounded = (weight * WEIGHT_SCALE).round().clamp(-999.0, 999.0) as i16;
        rounded
    }

    fn parse_line(&mut self, line: &str) -> Option<()> {
        let (name, rest) = line.split_once(' ')?;
        if self.tags.is_empty() {
            self.tags = rest.split(' ').map(str::to_owned).collect();
            return (name == "tags").then_some(());
        }
        let weights: Vec<i16> = rest.split(' ').map(|weight| weight.parse().ok()).collect::<Option<_>>()?;
        if weights.len() != self.tags.len() {
            return None;
        }
        if self.intercepts.is_empty() {
            self.intercepts = weights;
            return (name == "start").then_some(());
        }
        let row = u32::try_from(self.ngrams.len()).ok()?;
        self.weights.extend(weights);
        self.ngrams.insert(name.replace('_', " ").into(), row).is_none().then_some(())
    }
}

impl std::str::FromStr for NgramModel {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            model.parse_line(line).ok_or_else(|| ModelError {
                line: at + 1,
                text: line.to_owned(),
            })?;
        }
        Ok(Self::new(model.tags, model.intercepts, model.ngrams, model.weights))
    }
}

impl fmt::Display for NgramModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |weights: &[i16]| weights.iter().map(i16::to_string).collect::<Vec<_>>().join(" ");
        writeln!(f, "tags {}", self.tags.join(" "))?;
        writeln!(f, "start {}", join(&self.intercepts))?;
        let mut ngrams: Vec<(&str, usize)> = self.ngrams.iter().map(|(ngram, row)| (&**ngram, *row as usize)).collect();
        ngrams.sort_unstable();
        for (ngram, at) in ngrams {
            let weights = &self.weights[at * self.tags.len()..(at + 1) * self.tags.len()];
            writeln!(f, "{} {}", ngram.replace(' ', "_"), join(weights))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_hashes_of_a_line_are_those_of_its_ngrams() {
        let line = normalize("L’armée « avance » vers Àṣòfin, 3 km");
        let (mut expected, mut found) = (Vec::new(), Vec::new());
        for_each_ngram(&line, |ngram| expected.push(ngram.chars().fold(EMPTY_HASH, append)));
        for_each_ngram_hash(&line, |hash| found.push(hash));
        assert!(expected.len() > 50);
        assert_eq!(found, expected);
    }

    #[test]
    fn no_two_ngrams_of_the_model_have_the_same_hash() {
        let model: NgramModel = include_str!("ngrams.txt").parse().expect("a model");
        let hashes: HashSet<&u64> = model.rows.keys().collect();
        assert_eq!(hashes.len(), model.ngrams.len());
    }
}
