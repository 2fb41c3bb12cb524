//! The table of runs of letters: what each adds to the log-odds of each language, and how to read it.

use std::collections::HashMap;
use std::fmt;

/// The longest run, in characters, with the spaces around its word.
pub(super) const LONGEST_RUN: usize = 5;
/// The table holds weights in tenths.
const UNIT: f32 = 10.0;

/// What was learned.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Model {
    pub tags: Vec<String>,
    /// What holds for any text, for each tag.
    pub start: Vec<i16>,
    /// The place of each run in `weights`.
    pub runs: HashMap<Box<str>, u32>,
    /// For each run, a weight for each tag.
    pub weights: Vec<i16>,
}

/// A line of a table that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table is none: `{text}`")]
pub(super) struct ModelError {
    line: usize,
    text: String,
}

/// Returns a text as runs are taken from it: words in lower case with one space before, between and behind them.
pub(super) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 2);
    line.push(' ');
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '\u{2019}' | '\u{2bc}' | '\'' if !line.ends_with(' ') => line.push('\''),
            // The marks of tone that Yoruba and others set above letters.
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

/// Calls `each` with every run of a [`line`]: of each word with its two spaces all runs of up to [`LONGEST_RUN`] characters.
pub(super) fn runs<'a>(line: &'a str, mut each: impl FnMut(&'a str)) {
    let mut bounds = Vec::new();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let start = word.as_ptr().addr() - line.as_ptr().addr() - 1;
        let padded = &line[start..start + word.len() + 2];
        bounds.clear();
        bounds.extend(padded.char_indices().map(|(at, _)| at).chain([padded.len()]));
        for from in 0..bounds.len() - 1 {
            for to in from + 1..bounds.len().min(from + 1 + LONGEST_RUN) {
                let run = &padded[bounds[from]..bounds[to]];
                if run != " " {
                    each(run);
                }
            }
        }
    }
}

impl Model {
    /// Returns the probability of each language for a [`line`], the most probable first.
    pub fn judge(&self, line: &str) -> Vec<(&str, f32)> {
        let mut found: Vec<u32> = Vec::new();
        runs(line, |run| found.extend(self.runs.get(run)));
        // A run counts once, however often it stands in the text.
        found.sort_unstable();
        found.dedup();
        let mut sums: Vec<i32> = self.start.iter().copied().map(i32::from).collect();
        for run in found {
            let at = run as usize * self.tags.len();
            for (sum, weight) in sums.iter_mut().zip(&self.weights[at..]) {
                *sum += i32::from(*weight);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "sums of some thousand small weights")]
        let odds: Vec<f32> = sums.iter().map(|sum| *sum as f32 / UNIT).collect();
        let most = odds.iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = odds.iter().map(|odds| (odds - most).exp()).sum();
        let shares = odds.iter().map(|odds| (odds - most).exp() / total);
        let mut judged: Vec<(&str, f32)> = self.tags.iter().map(String::as_str).zip(shares).collect();
        judged.sort_by(|a, b| b.1.total_cmp(&a.1));
        judged
    }

    /// Returns a weight as the table holds it.
    pub fn rounded(weight: f32) -> i16 {
        #[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
        let rounded = (weight * UNIT).round().clamp(-999.0, 999.0) as i16;
        rounded
    }

    fn read(&mut self, line: &str) -> Option<()> {
        let (name, rest) = line.split_once(' ')?;
        if self.tags.is_empty() {
            self.tags = rest.split(' ').map(str::to_owned).collect();
            return (name == "tags").then_some(());
        }
        let weights: Vec<i16> = rest.split(' ').map(|weight| weight.parse().ok()).collect::<Option<_>>()?;
        if weights.len() != self.tags.len() {
            return None;
        }
        if self.start.is_empty() {
            self.start = weights;
            return (name == "start").then_some(());
        }
        let place = u32::try_from(self.runs.len()).ok()?;
        self.weights.extend(weights);
        self.runs.insert(name.replace('_', " ").into(), place).is_none().then_some(())
    }
}

impl std::str::FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            model.read(line).ok_or_else(|| ModelError {
                line: at + 1,
                text: line.to_owned(),
            })?;
        }
        Ok(model)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |weights: &[i16]| weights.iter().map(i16::to_string).collect::<Vec<_>>().join(" ");
        writeln!(f, "tags {}", self.tags.join(" "))?;
        writeln!(f, "start {}", row(&self.start))?;
        let mut runs: Vec<(&str, usize)> = self.runs.iter().map(|(run, at)| (&**run, *at as usize)).collect();
        runs.sort_unstable();
        for (run, at) in runs {
            let weights = &self.weights[at * self.tags.len()..(at + 1) * self.tags.len()];
            writeln!(f, "{} {}", run.replace(' ', "_"), row(weights))?;
        }
        Ok(())
    }
}
