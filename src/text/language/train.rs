//! Training of the n-gram model from labelled texts: feature selection by chi-squared, then multinomial logistic regression by `AdaGrad`
//! (Duchi, Hazan and Singer 2011).
//!
//! The seed is fixed, so the same texts give the same model.

use super::detect::{MIN_GUESS_CONFIDENCE, SCRIPT_LANGUAGES, UNDETERMINED, detect_with};
use super::model::{NgramModel, for_each_ngram, normalize};
use crate::model::digest::FNV_PRIME_64;
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// The number of n-grams in the model.
const NGRAM_COUNT: usize = 10_000;
/// N-grams in fewer texts are ignored.
const MIN_NGRAM_TEXTS: f32 = 4.0;
const EPOCHS: usize = 14;
const LEARNING_RATE: f32 = 0.1;
/// The strength of the L2 penalty, for each text.
const L2_PENALTY: f32 = 1e-3;
const FOLDS: u64 = 5;
/// The weight of an evaluated text, relative to other texts.
const EVALUATED_WEIGHT: f32 = 2.0;
/// How much more frequent a language is in practice than the others. Headlines that consist of names are mostly in English.
const PRIORS: [(&str, f32); 4] = [("en", 6.0), ("fr", 1.5), ("pcm", 0.35), (UNDETERMINED, 0.5)];

/// A trained model with its evaluation.
#[derive(Debug)]
pub struct Trained {
    /// The model with its figures in comments, in the format of `src/text/language/ngrams.txt`.
    pub file: String,
    /// The figures of cross-validation, one line per language.
    pub figures: String,
}

struct Text<'a> {
    original: &'a str,
    normalized: String,
    /// Without accents and hooks, which many newsrooms do not write.
    unaccented: String,
    tag: &'a str,
    is_evaluated: bool,
}

/// Trains a model on `evaluated` texts, which are of the kind that will be detected, and on `other` texts, each a BCP 47 tag and a text; `und`
/// stands for all languages that the model is not to know. The figures are those of cross-validation on `evaluated`; texts that differ in
/// accents only are in the same fold.
#[must_use]
pub fn train(evaluated: &[(String, String)], other: &[(String, String)]) -> Trained {
    fn labelled(texts: &[(String, String)], is_evaluated: bool) -> impl Iterator<Item = Text<'_>> {
        texts.iter().map(move |(tag, text)| Text {
            original: text,
            normalized: normalize(text),
            unaccented: normalize(&fold(text)),
            tag,
            is_evaluated,
        })
    }
    let texts: Vec<Text<'_>> = labelled(evaluated, true).chain(labelled(other, false)).collect();
    let predict_fold = |fold: u64| {
        let model = fit(texts.iter().filter(|text| fold_of(text) != fold));
        let own = texts.iter().filter(|text| text.is_evaluated && fold_of(text) == fold);
        own.map(|text| {
            let predicted =
                detect_with(&model, text.original).map_or((UNDETERMINED.to_owned(), 0.0), |(tag, confidence)| (tag.to_owned(), confidence));
            (text.tag, predicted)
        })
        .collect::<Vec<_>>()
    };
    let predictions: Vec<_> = (0..FOLDS).flat_map(predict_fold).collect();
    let figures = format_figures(&predictions);
    let mut file = String::from("# Learned by `griot lab language --learn`. What it reached on headlines that it had not seen:\n");
    for line in figures.lines() {
        let _ = writeln!(file, "# {line}");
    }
    let _ = write!(file, "{}", fit(texts.iter()));
    Trained { file, figures }
}

/// Returns the cross-validation fold of a text; the same for texts that differ in accents only. The hash is FNV-1 with an offset basis of
/// its own: another one would change the figures in `ngrams.txt`.
fn fold_of(text: &Text<'_>) -> u64 {
    text.unaccented
        .bytes()
        .fold(7_u64, |hash, byte| hash.wrapping_mul(FNV_PRIME_64) ^ u64::from(byte))
        % FOLDS
}

fn format_figures(predictions: &[(&str, (String, f32))]) -> String {
    let mut text = String::new();
    let tags: BTreeSet<&str> = predictions.iter().map(|(tag, _)| *tag).collect();
    for tag in tags {
        let own = predictions.iter().filter(|(own, _)| *own == tag);
        let right = own.clone().filter(|(_, (predicted, _))| predicted == tag).count();
        let all = own.clone().count();
        let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, (predicted, _)) in own.filter(|(_, (predicted, _))| predicted != tag) {
            *wrong.entry(predicted).or_default() += 1;
        }
        let wrong: Vec<String> = wrong.iter().map(|(predicted, times)| format!("{predicted} {times}")).collect();
        let others = if wrong.is_empty() {
            String::new()
        } else {
            format!("; the others {}", wrong.join(", "))
        };
        let _ = writeln!(text, "{tag}: {right} of {all} headlines right, {:.3}{others}", ratio(right, all));
    }
    let sure = predictions
        .iter()
        .filter(|(_, (_, confidence))| *confidence >= MIN_GUESS_CONFIDENCE);
    let right = sure.clone().filter(|(tag, (predicted, _))| tag == predicted).count();
    let _ = writeln!(
        text,
        "of {} surer than {} {:.3} are right",
        sure.clone().count(),
        MIN_GUESS_CONFIDENCE,
        ratio(right, sure.count())
    );
    text
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^24 labelled texts")]
fn to_f32(count: usize) -> f32 {
    count as f32
}

fn ratio(part: usize, whole: usize) -> f32 {
    to_f32(part) / to_f32(whole.max(1))
}

/// A training example: the rows of its n-grams, its tag and its weight.
struct Example {
    ngrams: Vec<u32>,
    tag: usize,
    weight: f32,
}

fn fit<'a>(texts: impl Iterator<Item = &'a Text<'a>> + Clone) -> NgramModel {
    let texts = texts.filter(|text| !SCRIPT_LANGUAGES.contains(&text.tag));
    let tags: Vec<&str> = texts.clone().map(|text| text.tag).collect::<BTreeSet<_>>().into_iter().collect();
    let tag_index = |text: &Text<'_>| tags.binary_search(&text.tag).unwrap_or_default();
    let lines = || {
        texts.clone().flat_map(|text| {
            [
                Some(&text.normalized),
                Some(&text.unaccented).filter(|unaccented| **unaccented != text.normalized),
            ]
            .into_iter()
            .flatten()
            .map(move |line| (text, line))
        })
    };
    let mut counts: HashMap<&str, Vec<f32>> = HashMap::new();
    let mut texts_of_tag = vec![0.0; tags.len()];
    let mut own: Vec<&str> = Vec::new();
    for (text, line) in lines() {
        own.clear();
        for_each_ngram(line, |ngram| own.push(ngram));
        own.sort_unstable();
        own.dedup();
        texts_of_tag[tag_index(text)] += 1.0;
        for ngram in &own {
            counts.entry(ngram).or_insert_with(|| vec![0.0; tags.len()])[tag_index(text)] += 1.0;
        }
    }
    let selected = select_ngrams(&counts, &texts_of_tag);
    let rows: HashMap<&str, u32> = selected.iter().copied().zip(0..).collect();
    let total: f32 = texts_of_tag.iter().sum();
    let tag_weights: Vec<f32> = tags
        .iter()
        .zip(&texts_of_tag)
        .map(|(tag, count)| {
            let prior = PRIORS.iter().find(|(known, _)| known == tag).map_or(1.0, |(_, prior)| *prior);
            prior * total / (to_f32(tags.len()) * count.max(1.0))
        })
        .collect();
    let examples: Vec<Example> = lines()
        .map(|(text, line)| {
            let mut own = Vec::new();
            for_each_ngram(line, |ngram| own.extend(rows.get(ngram).copied()));
            own.sort_unstable();
            own.dedup();
            Example {
                ngrams: own,
                tag: tag_index(text),
                weight: tag_weights[tag_index(text)] * if text.is_evaluated { EVALUATED_WEIGHT } else { 1.0 },
            }
        })
        .collect();
    let (intercepts, weights) = minimize_loss(&examples, tags.len(), selected.len());
    NgramModel::new(
        tags.iter().map(|tag| (*tag).to_owned()).collect(),
        intercepts.into_iter().map(NgramModel::quantize).collect(),
        rows.into_iter().map(|(ngram, row)| (ngram.into(), row)).collect(),
        weights.into_iter().map(NgramModel::quantize).collect(),
    )
}

/// Returns the n-grams that depend most on the language, by Pearson's chi-squared statistic.
fn select_ngrams<'a>(counts: &HashMap<&'a str, Vec<f32>>, texts_of_tag: &[f32]) -> Vec<&'a str> {
    let total: f32 = texts_of_tag.iter().sum();
    let mut scored: Vec<(f32, &str)> = counts
        .iter()
        .filter_map(|(ngram, counts)| {
            let all: f32 = counts.iter().sum();
            let terms = counts.iter().zip(texts_of_tag).map(|(seen, texts_of_tag)| {
                let expected = all * texts_of_tag / total;
                (seen - expected).powi(2) / expected.max(f32::MIN_POSITIVE)
            });
            (all >= MIN_NGRAM_TEXTS).then(|| (terms.sum(), *ngram))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.truncate(NGRAM_COUNT);
    scored.into_iter().map(|(_, ngram)| ngram).collect()
}

/// Returns the intercepts and the weights of all n-grams, for each tag.
fn minimize_loss(examples: &[Example], tags: usize, ngrams: usize) -> (Vec<f32>, Vec<f32>) {
    // The intercepts come after the n-grams, as an n-gram that every text has.
    let mut weights = vec![0.0_f32; (ngrams + 1) * tags];
    let mut squared_gradients = vec![1e-6_f32; weights.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..EPOCHS {
        for at in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from((seed >> 33) % (at as u64 + 1)).unwrap_or_default();
            order.swap(at, other);
        }
        for at in &order {
            let example = &examples[*at];
            let intercept = u32::try_from(ngrams).unwrap_or(u32::MAX);
            let own = || example.ngrams.iter().chain([&intercept]).map(|row| *row as usize * tags);
            let mut logits = vec![0.0; tags];
            for at in own() {
                for (logits, weight) in logits.iter_mut().zip(&weights[at..at + tags]) {
                    *logits += weight;
                }
            }
            let max = logits.iter().copied().fold(f32::MIN, f32::max);
            let total: f32 = logits.iter().map(|logits| (logits - max).exp()).sum();
            for (tag, logits) in logits.iter_mut().enumerate() {
                let target = if tag == example.tag { 1.0 } else { 0.0 };
                *logits = ((*logits - max).exp() / total - target) * example.weight;
            }
            for at in own() {
                for ((weight, sum), gradient) in weights[at..at + tags]
                    .iter_mut()
                    .zip(&mut squared_gradients[at..at + tags])
                    .zip(&logits)
                {
                    let gradient = gradient + L2_PENALTY * *weight;
                    *sum += gradient * gradient;
                    *weight -= LEARNING_RATE * gradient / sum.sqrt();
                }
            }
        }
    }
    let intercepts = weights.split_off(ngrams * tags);
    (intercepts, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trained_model_detects_its_languages() {
        let texts = |tag: &str, words: [&str; 4]| -> Vec<(String, String)> {
            let line = |at: usize| format!("{} {} {}", words[at % 4], words[(at / 4) % 4], words[(at / 16) % 4]);
            (0..60).map(|at| (tag.to_owned(), line(at))).collect()
        };
        let one = texts("fr", ["marché", "fleuve", "école", "puits"]);
        let two = texts("ha", ["kasuwa", "ƙogi", "makaranta", "rijiya"]);
        let trained = train(&[one, two].concat(), &[]);
        assert!(trained.figures.starts_with("fr: 60 of 60"), "{}", trained.figures);
        let model: NgramModel = trained.file.parse().expect("a model");
        // Words without their hooks are detected too.
        assert_eq!(model.probabilities(&normalize("kogi"))[0].0, "ha");
        assert_eq!(model.to_string().parse(), Ok(model));
    }
}
