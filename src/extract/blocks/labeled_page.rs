//! A page with its true text: which of its blocks are the article's, and how well a selection of blocks matches the true text.
//!
//! Texts are compared by shingles of four words, as the article-extraction-benchmark does.

use super::block_groups::BlockGroups;
use super::features::FeatureVector;
use std::collections::{HashMap, HashSet};

/// The length of a shingle, in words.
const SHINGLE_WORDS: usize = 4;
/// How many words of the block before or after a short block must be next to it in the true text too.
const ADJACENT_WORDS: usize = 3;

/// How often each shingle occurs in a text.
type Shingles<'a> = HashMap<&'a [&'a str], usize>;

/// The true text of a page, and the pages that it is trained and scored with.
#[derive(Debug, Clone, Copy)]
pub struct GroundTruth<'a> {
    /// The text of the article.
    pub text: &'a str,
    /// The site, or another group of like pages: a page is never scored by a model that was trained on pages of its group.
    pub group: &'a str,
    /// The data set that the page is scored with.
    pub set: &'a str,
}

/// A page to train on.
#[derive(Debug)]
pub struct LabeledPage {
    pub(super) truth: String,
    pub(super) group: String,
    pub(super) set: String,
    /// Whether the page is as it was found, and so counts in the scores of its set; else it is augmented.
    pub(super) is_original: bool,
    /// The text of each block.
    pub(super) texts: Vec<String>,
    /// The features of each block.
    pub(super) features: Vec<FeatureVector>,
    pub(super) groups: BlockGroups,
    /// Whether each block is the article's.
    pub(super) is_article: Vec<bool>,
}

impl LabeledPage {
    pub(super) fn new(
        texts: Vec<String>,
        features: Vec<FeatureVector>,
        groups: BlockGroups,
        truth: &GroundTruth<'_>,
        is_original: bool,
    ) -> Self {
        Self {
            is_article: label_blocks(&texts, truth.text),
            truth: truth.text.to_owned(),
            group: truth.group.to_owned(),
            set: truth.set.to_owned(),
            is_original,
            texts,
            features,
            groups,
        }
    }

    /// Returns how much each block counts: the square root of its words, scaled so that all pages count the same.
    pub(super) fn weights(&self) -> Vec<f64> {
        let roots: Vec<f64> = self.texts.iter().map(|text| to_f64(words(text).len().max(1)).sqrt()).collect();
        let sum: f64 = roots.iter().sum();
        roots.iter().map(|root| root / sum).collect()
    }

    /// Returns the precision, recall and F1 of a selection of blocks.
    pub(super) fn score(&self, is_kept: impl Fn(usize) -> bool) -> Score {
        let kept: Vec<&str> = (0..self.texts.len())
            .filter(|at| is_kept(*at))
            .map(|at| self.texts[at].as_str())
            .collect();
        let kept = kept.join("\n");
        let (truth, kept) = (words(&self.truth), words(&kept));
        let (truth, kept) = (shingles(&truth), shingles(&kept));
        let both: usize = kept
            .iter()
            .map(|(shingle, times)| truth.get(shingle).copied().unwrap_or(0).min(*times))
            .sum();
        let share_of = |whole: usize| if whole == 0 { 0.0 } else { to_f64(both) / to_f64(whole) };
        let (precision, recall) = (share_of(kept.values().sum()), share_of(truth.values().sum()));
        Score {
            precision,
            recall,
            f1: harmonic_mean(precision, recall),
        }
    }
}

/// How well a selection of blocks matches the true text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Score {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

pub(super) fn harmonic_mean(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 words")]
pub(super) fn to_f64(count: usize) -> f64 {
    count as f64
}

fn words(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).collect()
}

fn shingles<'a>(words: &'a [&'a str]) -> Shingles<'a> {
    let mut found = Shingles::new();
    if !words.is_empty() {
        for shingle in words.windows(SHINGLE_WORDS.min(words.len())) {
            *found.entry(shingle).or_default() += 1;
        }
    }
    found
}

/// Returns for each block whether it is part of the true text: half or more of its shingles are in it; of a block shorter than a shingle, the
/// block together with the end of the one before it or the beginning of the one after it. Of blocks with one text that the truth has less
/// often than the page, those are part of it that have most true blocks near them.
pub(super) fn label_blocks(texts: &[String], truth: &str) -> Vec<bool> {
    let truth = words(truth);
    let true_shingles = shingles(&truth);
    // All runs of words that a short block and the words next to it can make.
    let true_runs: HashSet<&[&str]> = (2..=SHINGLE_WORDS - 1 + ADJACENT_WORDS)
        .flat_map(|length| truth.windows(length))
        .collect();
    let blocks: Vec<Vec<&str>> = texts.iter().map(|text| words(text)).collect();
    let mut labels: Vec<bool> = (0..blocks.len())
        .map(|at| is_true(&blocks, at, &true_shingles, &true_runs))
        .collect();
    let mut copies: HashMap<&[&str], Vec<usize>> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if labels[at] && block.len() >= SHINGLE_WORDS {
            copies.entry(block).or_default().push(at);
        }
    }
    let before = labels.clone();
    for indexes in copies.into_values().filter(|indexes| indexes.len() > 1) {
        let block = &blocks[indexes[0]];
        let times = truth.windows(block.len()).filter(|run| run == block).count().max(1);
        let true_blocks_near = |at: usize| {
            let near = at.saturating_sub(3)..(at + 4).min(before.len());
            near.filter(|other| before[*other] && !indexes.contains(other)).count()
        };
        let mut order = indexes.clone();
        order.sort_by_key(|at| std::cmp::Reverse(true_blocks_near(*at)));
        for at in order.into_iter().skip(times) {
            labels[at] = false;
        }
    }
    labels
}

fn is_true(blocks: &[Vec<&str>], at: usize, true_shingles: &Shingles<'_>, true_runs: &HashSet<&[&str]>) -> bool {
    let block = &blocks[at];
    if block.len() >= SHINGLE_WORDS {
        let total = block.len() - SHINGLE_WORDS + 1;
        let found = block.windows(SHINGLE_WORDS).filter(|shingle| true_shingles.contains_key(shingle));
        return found.count() * 2 >= total;
    }
    let previous = at.checked_sub(1).map(|before| &blocks[before]);
    let next = blocks.get(at + 1);
    let with_previous = previous
        .filter(|words| !words.is_empty())
        .map(|words| [&words[words.len().saturating_sub(ADJACENT_WORDS)..], block].concat());
    let with_next = next
        .filter(|words| !words.is_empty())
        .map(|words| [block, &words[..words.len().min(ADJACENT_WORDS)]].concat());
    let mut runs = [with_previous, with_next].into_iter().flatten();
    !block.is_empty() && runs.any(|run| true_runs.contains(run.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labeled_page(texts: &[&str], truth: &str) -> LabeledPage {
        let features = vec![FeatureVector::new(); texts.len()];
        let truth = GroundTruth {
            text: truth,
            group: "a.example",
            set: "set",
        };
        LabeledPage::new(
            texts.iter().map(|text| (*text).to_owned()).collect(),
            features,
            BlockGroups::default(),
            &truth,
            true,
        )
    }

    #[test]
    fn blocks_of_the_true_text_are_labelled() {
        let truth = "Le pont du village a rouvert lundi.\nUne fête\nLes enfants ont chanté toute la matinée au bord du fleuve.";
        let own = labeled_page(
            &[
                "Accueil",
                "Le pont du village a rouvert lundi.",
                "Une fête",
                "Les enfants ont chanté toute la matinée au bord du fleuve.",
                "Une fête",
                "Abonnez-vous à la lettre du fleuve",
                "Le pont du village a rouvert lundi.",
            ],
            truth,
        );
        assert_eq!(own.is_article, [false, true, true, true, false, false, false]);
    }

    #[test]
    fn a_selection_is_scored() {
        let own = labeled_page(&["un deux trois quatre cinq", "six sept huit neuf"], "un deux trois quatre cinq");
        let all = own.score(|_| true);
        assert!((all.recall - 1.0).abs() < 1e-9 && (all.precision - 2.0 / 6.0).abs() < 1e-9);
        assert!((own.score(|at| at == 0).f1 - 1.0).abs() < 1e-9);
        assert!(own.score(|_| false).f1.abs() < 1e-9);
    }
}
