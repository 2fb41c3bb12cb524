//! The words that separate two sets of texts: weighted log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin'
//! Words", Political Analysis 16, 2008, equations 15, 16, 19 to 22).

use crate::text::language::is_stop_word;
use crate::text::stem::strip_inflection;
use crate::text::word_list;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The sum of the prior's counts, as a share of all counts: a word has to be in eight texts of one set, and in none of the other, to separate.
const PRIOR_SHARE: f64 = 0.1;
/// The z-score from which on a word is told: it separates by more than chance at the level of 5 %.
const MIN_Z: f64 = 1.96;
/// In how many texts a word has to be.
const MIN_TEXTS: usize = 3;
/// The shortest words that are counted, in characters.
const MIN_CHARS: usize = 3;

/// In how many texts of two sets each word is, by its stem.
#[derive(Debug, Default)]
pub struct WordCounts {
    words: BTreeMap<String, Count>,
    /// The number of texts that belong to a topic, and of those that do not.
    pub texts: [usize; 2],
}

#[derive(Debug, Clone, Default)]
struct Count {
    /// The word as it was first seen, folded.
    form: String,
    texts: [usize; 2],
    /// The number of the first text with it, in each set.
    example: [Option<usize>; 2],
}

/// A word that separates.
#[derive(Debug, Clone, PartialEq)]
pub struct SeparatingWord {
    /// Its stem, folded.
    pub stem: String,
    /// A form of it, folded.
    pub form: String,
    /// The z-score of its log-odds ratio: positive for words of texts that belong to the topic.
    pub z: f64,
    /// In how many texts it is that belong to the topic.
    pub yes: usize,
    /// In how many that do not.
    pub no: usize,
    /// The number of a text with it, as [`WordCounts::add`] was given it, in the set of which it speaks.
    pub example: usize,
}

impl WordCounts {
    /// Adds the text number `text`, each of its words once. `zones` are parts of a text as `text::word_list` encodes them.
    pub fn add<'w>(&mut self, text: usize, is_yes: bool, zones: impl Iterator<Item = &'w str>) {
        let set = usize::from(!is_yes);
        self.texts[set] += 1;
        let words = zones.flat_map(word_list::words).flatten();
        let stems: BTreeMap<String, &str> = words.filter_map(|word| Some((counted_stem(word)?.into_owned(), word))).collect();
        for (stem, form) in stems {
            let count = self.words.entry(stem).or_insert_with(|| Count {
                form: form.to_owned(),
                ..Count::default()
            });
            count.texts[set] += 1;
            count.example[set].get_or_insert(text);
        }
    }

    /// Returns at most `limit` words that speak for the topic, and as many that speak against it, the strongest first.
    #[must_use]
    pub fn separating(&self, limit: usize) -> [Vec<SeparatingWord>; 2] {
        let sum = |set: usize| self.words.values().map(|count| as_f64(count.texts[set])).sum::<f64>();
        let totals = [sum(0), sum(1)];
        let mut found: Vec<SeparatingWord> = (self.words.iter())
            .filter(|(_, count)| count.texts[0] + count.texts[1] >= MIN_TEXTS)
            .filter_map(|(stem, count)| {
                let z = z_score([as_f64(count.texts[0]), as_f64(count.texts[1])], totals);
                Some(SeparatingWord {
                    stem: stem.clone(),
                    form: count.form.clone(),
                    z,
                    yes: count.texts[0],
                    no: count.texts[1],
                    example: count.example[usize::from(z < 0.0)]?,
                })
            })
            .filter(|word| word.z.abs() >= MIN_Z)
            .collect();
        found.sort_by(|one, other| other.z.abs().total_cmp(&one.z.abs()).then(one.stem.cmp(&other.stem)));
        let (mut yes, mut no): (Vec<_>, Vec<_>) = found.into_iter().partition(|word| word.z > 0.0);
        yes.truncate(limit);
        no.truncate(limit);
        [yes, no]
    }
}

/// Returns the stem of a folded word; none of words that say nothing about the subject of a text.
pub(super) fn counted_stem(word: &str) -> Option<Cow<'_, str>> {
    let is_counted = word.chars().count() >= MIN_CHARS && !is_stop_word(word) && !word.starts_with(|c: char| c.is_numeric());
    is_counted.then(|| strip_inflection(word))
}

/// Returns the z-score of a word's log-odds ratio between two sets, from its counts there and those of all words.
fn z_score(counts: [f64; 2], totals: [f64; 2]) -> f64 {
    let prior = PRIOR_SHARE * (counts[0] + counts[1]);
    let all_priors = PRIOR_SHARE * (totals[0] + totals[1]);
    let log_odds = |set: usize| {
        let own = counts[set] + prior;
        (own / (totals[set] + all_priors - own)).ln()
    };
    let variance = 1.0 / (counts[0] + prior) + 1.0 / (counts[1] + prior);
    (log_odds(0) - log_odds(1)) / variance.sqrt()
}

fn as_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_set_separate_and_words_of_both_do_not() {
        let mut counts = WordCounts::default();
        for number in 0..20 {
            let words = word_list::encode(&[&["La mine d'or du village, des attaques"]]);
            counts.add(number, true, word_list::parts(&words));
            let words = word_list::encode(&[&["Le match du village, les attaquants"]]);
            counts.add(100 + number, false, word_list::parts(&words));
        }
        let [yes, no] = counts.separating(9);
        let stems = |words: &[SeparatingWord]| words.iter().map(|word| word.stem.clone()).collect::<Vec<_>>();
        assert_eq!(stems(&yes), ["attaque", "mine"]);
        assert_eq!(stems(&no), ["attaquant", "matche"]);
        assert_eq!((yes[0].form.as_str(), no[1].form.as_str()), ("attaques", "match"));
        assert_eq!((yes[0].yes, yes[0].no, yes[0].example, no[0].example), (20, 0, 0, 100));
        assert_eq!(counts.texts, [20, 20]);
    }

    #[test]
    fn stop_words_numbers_and_short_words_do_not_count_and_the_strongest_are_told() {
        let mut counts = WordCounts::default();
        for number in 0..20 {
            let rarer = if number < 15 { "puits" } else { "" };
            let words = word_list::encode(&[&[&format!("Dans mon or 2026 mine {rarer}")]]);
            counts.add(number, true, word_list::parts(&words));
            let words = word_list::encode(&[&["Village"]]);
            counts.add(number, false, word_list::parts(&words));
        }
        let forms = |limit: usize| {
            let found = counts.separating(limit).into_iter();
            let forms = found.map(|words| words.into_iter().map(|word| word.form).collect::<Vec<_>>());
            forms.collect::<Vec<_>>()
        };
        assert_eq!(forms(9), [vec!["mine", "puits"], vec!["village"]]);
        assert_eq!(forms(1), [vec!["mine"], vec!["village"]]);
    }

    /// By hand: the prior of the word is 0.1·(6 + 2), that of all words 0.1·(20 + 10), so the odds are 6.8 to 16.2 and 2.8 to 10.2, and the
    /// variance is 1/6.8 + 1/2.8.
    #[test]
    fn the_score_is_that_of_the_paper() {
        let log_odds_ratio = (6.8_f64 / 16.2).ln() - (2.8_f64 / 10.2).ln();
        let expected = log_odds_ratio / (1.0_f64 / 6.8 + 1.0 / 2.8).sqrt();
        assert!((z_score([6.0, 2.0], [20.0, 10.0]) - expected).abs() < 1e-12);
        assert!((z_score([2.0, 6.0], [10.0, 20.0]) + expected).abs() < 1e-12);
    }

    #[test]
    fn a_rare_word_does_not_separate() {
        let separating = |texts: usize| {
            let mut counts = WordCounts::default();
            for number in 0..40 {
                let rare = if number < texts { "mine" } else { "" };
                let yes = format!("marche du village {rare}");
                let words = word_list::encode(&[&[&yes]]);
                counts.add(number, true, word_list::parts(&words));
                let words = word_list::encode(&[&["marche du village"]]);
                counts.add(number, false, word_list::parts(&words));
            }
            counts.separating(9)[0].iter().map(|word| word.stem.clone()).collect::<Vec<_>>()
        };
        assert_eq!(separating(3), [] as [String; 0]);
        assert_eq!(separating(12), ["mine"]);
    }
}
