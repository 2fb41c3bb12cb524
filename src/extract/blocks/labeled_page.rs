//! A labelled page: which of its blocks belong to the article, and how well a choice among them matches its true text.
//!
//! Texts are compared by shingles of four words, as the article-extraction-benchmark does.

use super::block_groups::BlockGroups;
use super::features::FeatureVector;
use std::collections::{HashMap, HashSet};

/// How many words make a shingle.
const WORDS: usize = 4;
/// How many words around a short block have to be the article's too.
const AROUND: usize = 3;

type Shingles<'a> = HashMap<&'a [&'a str], usize>;

/// What is known of a labelled page.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// The text of its article.
    pub truth: &'a str,
    /// Pages of one group, such as a site, never judge each other.
    pub group: &'a str,
    /// The set that the page is counted in.
    pub set: &'a str,
}

/// A page to learn from.
#[derive(Debug)]
pub struct LabeledPage {
    pub(super) truth: String,
    pub(super) group: String,
    pub(super) set: String,
    /// Whether it is a page as it was found, and so counts in the figures of its set.
    pub(super) is_whole: bool,
    pub(super) texts: Vec<String>,
    pub(super) rows: Vec<FeatureVector>,
    pub(super) wholes: BlockGroups,
    pub(super) belongs: Vec<bool>,
}

impl LabeledPage {
    pub(super) fn new(texts: Vec<String>, rows: Vec<FeatureVector>, wholes: BlockGroups, label: &Label<'_>, is_whole: bool) -> Self {
        Self {
            belongs: belonging(&texts, label.truth),
            truth: label.truth.to_owned(),
            group: label.group.to_owned(),
            set: label.set.to_owned(),
            is_whole,
            texts,
            rows,
            wholes,
        }
    }

    /// Returns how much each block counts: longer ones more, and all pages the same.
    pub(super) fn weights(&self) -> Vec<f64> {
        let roots: Vec<f64> = self.texts.iter().map(|text| number(words(text).len().max(1)).sqrt()).collect();
        let sum: f64 = roots.iter().sum();
        roots.iter().map(|root| root / sum).collect()
    }

    /// Returns the precision, recall and F1 of a choice of blocks.
    pub(super) fn score(&self, keeps: impl Fn(usize) -> bool) -> Score {
        let kept: Vec<&str> = (0..self.texts.len())
            .filter(|at| keeps(*at))
            .map(|at| self.texts[at].as_str())
            .collect();
        let kept = kept.join("\n");
        let (truth, kept) = (words(&self.truth), words(&kept));
        let (truth, kept) = (shingles(&truth), shingles(&kept));
        let both: usize = kept
            .iter()
            .map(|(shingle, times)| truth.get(shingle).copied().unwrap_or(0).min(*times))
            .sum();
        let share = |whole: usize| if whole == 0 { 0.0 } else { number(both) / number(whole) };
        let (precision, recall) = (share(kept.values().sum()), share(truth.values().sum()));
        Score {
            precision,
            recall,
            f1: harmonic(precision, recall),
        }
    }
}

/// How well a choice matches the true text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Score {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Returns the harmonic mean.
pub(super) fn harmonic(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 words")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

fn words(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).collect()
}

fn shingles<'a>(words: &'a [&'a str]) -> Shingles<'a> {
    let mut found = Shingles::new();
    if !words.is_empty() {
        for shingle in words.windows(WORDS.min(words.len())) {
            *found.entry(shingle).or_default() += 1;
        }
    }
    found
}

/// Says which blocks belong to the true text: those of whose shingles half or more stand in it; a short block when it stands in it right
/// beside one of its neighbours. A text that stands on the page more often than in the truth belongs where most of its neighbours do.
pub(super) fn belonging(texts: &[String], truth: &str) -> Vec<bool> {
    let told = words(truth);
    let known = shingles(&told);
    // All runs of words that a short block and its neighbours' ends can make.
    let runs: HashSet<&[&str]> = (2..=WORDS - 1 + AROUND).flat_map(|length| told.windows(length)).collect();
    let blocks: Vec<Vec<&str>> = texts.iter().map(|text| words(text)).collect();
    let mut belongs: Vec<bool> = (0..blocks.len()).map(|at| stands(&blocks, at, &known, &runs)).collect();
    let mut copies: HashMap<&[&str], Vec<usize>> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if belongs[at] && block.len() >= WORDS {
            copies.entry(block).or_default().push(at);
        }
    }
    let first = belongs.clone();
    for places in copies.into_values().filter(|places| places.len() > 1) {
        let block = &blocks[places[0]];
        let times = told.windows(block.len()).filter(|run| run == block).count().max(1);
        let company = |at: usize| {
            let near = at.saturating_sub(3)..(at + 4).min(first.len());
            near.filter(|other| first[*other] && !places.contains(other)).count()
        };
        let mut order = places.clone();
        order.sort_by_key(|at| std::cmp::Reverse(company(*at)));
        for at in order.into_iter().skip(times) {
            belongs[at] = false;
        }
    }
    belongs
}

fn stands(blocks: &[Vec<&str>], at: usize, known: &Shingles<'_>, runs: &HashSet<&[&str]>) -> bool {
    let block = &blocks[at];
    if block.len() >= WORDS {
        let total = block.len() - WORDS + 1;
        return block.windows(WORDS).filter(|shingle| known.contains_key(shingle)).count() * 2 >= total;
    }
    let previous = at.checked_sub(1).map(|before| &blocks[before]);
    let next = blocks.get(at + 1);
    let behind = previous
        .filter(|words| !words.is_empty())
        .map(|words| [&words[words.len().saturating_sub(AROUND)..], block].concat());
    let before = next
        .filter(|words| !words.is_empty())
        .map(|words| [block, &words[..words.len().min(AROUND)]].concat());
    !block.is_empty() && [behind, before].into_iter().flatten().any(|run| runs.contains(run.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labeled_page(texts: &[&str], truth: &str) -> LabeledPage {
        let rows = vec![FeatureVector::new(); texts.len()];
        let label = Label {
            truth,
            group: "a.example",
            set: "set",
        };
        LabeledPage::new(
            texts.iter().map(|text| (*text).to_owned()).collect(),
            rows,
            BlockGroups::default(),
            &label,
            true,
        )
    }

    #[test]
    fn blocks_of_the_truth_are_known() {
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
        assert_eq!(own.belongs, [false, true, true, true, false, false, false]);
    }

    #[test]
    fn a_choice_is_scored() {
        let own = labeled_page(&["un deux trois quatre cinq", "six sept huit neuf"], "un deux trois quatre cinq");
        let all = own.score(|_| true);
        assert!((all.recall - 1.0).abs() < 1e-9 && (all.precision - 2.0 / 6.0).abs() < 1e-9);
        assert!((own.score(|at| at == 0).f1 - 1.0).abs() < 1e-9);
        assert!(own.score(|_| false).f1.abs() < 1e-9);
    }
}
