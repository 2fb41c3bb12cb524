//! Learns the table of runs from texts with their languages: multinomial logistic regression on the runs that tell most, by stochastic
//! gradient steps of their own size for each weight (Duchi, Hazan and Singer 2011).
//!
//! Everything is drawn from a fixed seed, so the same texts give the same table.

use super::model::{Model, line, runs};
use super::{BY_SCRIPT, SURE, UNKNOWN, tell};
use crate::model::digest::FNV_PRIME_64;
use crate::text::fold::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// How many runs the table has.
const RUNS: usize = 10_000;
/// A run in fewer texts is not looked at.
const FEWEST_TEXTS: f32 = 4.0;
const ROUNDS: usize = 14;
const STEP: f32 = 0.1;
/// What holds weights back, for each text.
const SHRINK: f32 = 1e-3;
const FOLDS: u64 = 5;
/// Headlines like those that will be judged count so much beside other texts.
const JUDGED: f32 = 2.0;
/// How much more often than others a language is met. Headlines of mere names are mostly in English.
const MET: [(&str, f32); 4] = [("en", 6.0), ("fr", 1.5), ("pcm", 0.35), (UNKNOWN, 0.5)];

/// What was learned of texts and their languages.
#[derive(Debug)]
pub struct Learned {
    /// The table, with the figures that it reached, as `src/text/language/ngrams.txt` holds it.
    pub table: String,
    /// The figures alone: a line a language.
    pub reached: String,
}

struct Text<'a> {
    written: &'a str,
    line: String,
    /// Without accents and hooks, as many newsrooms write.
    bare: String,
    tag: &'a str,
    is_judged: bool,
}

/// Learns from `judged`, the kind of texts that will be met, and from `other` texts, each a BCP 47 tag and a text; `und` stands for all
/// languages that the table shall not know. The figures are those of cross-validation: no text judges itself or its like.
#[must_use]
pub fn learn(judged: &[(String, String)], other: &[(String, String)]) -> Learned {
    fn of(texts: &[(String, String)], is_judged: bool) -> impl Iterator<Item = Text<'_>> {
        texts.iter().map(move |(tag, text)| Text {
            written: text,
            line: line(text),
            bare: line(&fold(text)),
            tag,
            is_judged,
        })
    }
    let texts: Vec<Text<'_>> = of(judged, true).chain(of(other, false)).collect();
    let fold = |out: u64| {
        let model = train(texts.iter().filter(|text| fold_of(text) != out));
        let own = texts.iter().filter(|text| text.is_judged && fold_of(text) == out);
        own.map(|text| {
            let told = tell(&model, text.written).map_or((UNKNOWN.to_owned(), 0.0), |(tag, confidence)| (tag.to_owned(), confidence));
            (text.tag, told)
        })
        .collect::<Vec<_>>()
    };
    let answers: Vec<_> = (0..FOLDS).flat_map(fold).collect();
    let reached = reached(&answers);
    let mut table = String::from("# Learned by `griot lab language --learn`. What it reached on headlines that it had not seen:\n");
    for line in reached.lines() {
        let _ = writeln!(table, "# {line}");
    }
    let _ = write!(table, "{}", train(texts.iter()));
    Learned { table, reached }
}

/// Returns the fold of a text; the same for texts that differ in accents only.
fn fold_of(text: &Text<'_>) -> u64 {
    text.bare
        .bytes()
        .fold(7_u64, |hash, byte| hash.wrapping_mul(FNV_PRIME_64) ^ u64::from(byte))
        % FOLDS
}

fn reached(answers: &[(&str, (String, f32))]) -> String {
    let mut text = String::new();
    let tags: BTreeSet<&str> = answers.iter().map(|(tag, _)| *tag).collect();
    for tag in tags {
        let own = answers.iter().filter(|(own, _)| *own == tag);
        let right = own.clone().filter(|(_, (told, _))| told == tag).count();
        let all = own.clone().count();
        let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, (told, _)) in own.filter(|(_, (told, _))| told != tag) {
            *wrong.entry(told).or_default() += 1;
        }
        let wrong: Vec<String> = wrong.iter().map(|(told, times)| format!("{told} {times}")).collect();
        let others = if wrong.is_empty() {
            String::new()
        } else {
            format!("; the others {}", wrong.join(", "))
        };
        let _ = writeln!(text, "{tag}: {right} of {all} headlines right, {:.3}{others}", share(right, all));
    }
    let sure = answers.iter().filter(|(_, (_, confidence))| *confidence >= SURE);
    let right = sure.clone().filter(|(tag, (told, _))| tag == told).count();
    let _ = writeln!(
        text,
        "of {} surer than {} {:.3} are right",
        sure.clone().count(),
        SURE,
        share(right, sure.count())
    );
    text
}

#[expect(clippy::cast_precision_loss, reason = "nobody labels 2^24 texts")]
fn number(count: usize) -> f32 {
    count as f32
}

fn share(part: usize, whole: usize) -> f32 {
    number(part) / number(whole.max(1))
}

/// A text to learn from: its runs by place, its tag and how much it counts.
struct Example {
    runs: Vec<u32>,
    tag: usize,
    weight: f32,
}

fn train<'a>(texts: impl Iterator<Item = &'a Text<'a>> + Clone) -> Model {
    let texts = texts.filter(|text| !BY_SCRIPT.contains(&text.tag));
    let tags: Vec<&str> = texts.clone().map(|text| text.tag).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |text: &Text<'_>| tags.binary_search(&text.tag).unwrap_or_default();
    let lines = || {
        texts.clone().flat_map(|text| {
            [Some(&text.line), Some(&text.bare).filter(|bare| **bare != text.line)]
                .into_iter()
                .flatten()
                .map(move |line| (text, line))
        })
    };
    let mut counts: HashMap<&str, Vec<f32>> = HashMap::new();
    let mut of_tag = vec![0.0; tags.len()];
    let mut own: Vec<&str> = Vec::new();
    for (text, line) in lines() {
        own.clear();
        runs(line, |run| own.push(run));
        own.sort_unstable();
        own.dedup();
        of_tag[place(text)] += 1.0;
        for run in &own {
            counts.entry(run).or_insert_with(|| vec![0.0; tags.len()])[place(text)] += 1.0;
        }
    }
    let chosen = telling(&counts, &of_tag);
    let places: HashMap<&str, u32> = chosen.iter().copied().zip(0..).collect();
    let total: f32 = of_tag.iter().sum();
    let worth: Vec<f32> = tags
        .iter()
        .zip(&of_tag)
        .map(|(tag, count)| {
            let met = MET.iter().find(|(known, _)| known == tag).map_or(1.0, |(_, met)| *met);
            met * total / (number(tags.len()) * count.max(1.0))
        })
        .collect();
    let examples: Vec<Example> = lines()
        .map(|(text, line)| {
            let mut own = Vec::new();
            runs(line, |run| own.extend(places.get(run).copied()));
            own.sort_unstable();
            own.dedup();
            Example {
                runs: own,
                tag: place(text),
                weight: worth[place(text)] * if text.is_judged { JUDGED } else { 1.0 },
            }
        })
        .collect();
    let (start, weights) = descend(&examples, tags.len(), chosen.len());
    Model {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        start: start.into_iter().map(Model::rounded).collect(),
        runs: places.into_iter().map(|(run, place)| (run.into(), place)).collect(),
        weights: weights.into_iter().map(Model::rounded).collect(),
    }
}

/// Returns the runs that say most of the language, by Pearson's chi-squared statistic.
fn telling<'a>(counts: &HashMap<&'a str, Vec<f32>>, of_tag: &[f32]) -> Vec<&'a str> {
    let total: f32 = of_tag.iter().sum();
    let mut scored: Vec<(f32, &str)> = counts
        .iter()
        .filter_map(|(run, counts)| {
            let all: f32 = counts.iter().sum();
            let terms = counts.iter().zip(of_tag).map(|(seen, of_tag)| {
                let expected = all * of_tag / total;
                (seen - expected).powi(2) / expected.max(f32::MIN_POSITIVE)
            });
            (all >= FEWEST_TEXTS).then(|| (terms.sum(), *run))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.truncate(RUNS);
    scored.into_iter().map(|(_, run)| run).collect()
}

/// Returns the weights of the start and of all runs, for each tag.
fn descend(examples: &[Example], tags: usize, runs: usize) -> (Vec<f32>, Vec<f32>) {
    // The start stands behind the runs, as a run that every text has.
    let mut weights = vec![0.0_f32; (runs + 1) * tags];
    let mut slopes = vec![1e-6_f32; weights.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = usize::try_from((seed >> 33) % (at as u64 + 1)).unwrap_or_default();
            order.swap(at, other);
        }
        for at in &order {
            let example = &examples[*at];
            let start = u32::try_from(runs).unwrap_or(u32::MAX);
            let own = || example.runs.iter().chain([&start]).map(|run| *run as usize * tags);
            let mut odds = vec![0.0; tags];
            for at in own() {
                for (odds, weight) in odds.iter_mut().zip(&weights[at..at + tags]) {
                    *odds += weight;
                }
            }
            let most = odds.iter().copied().fold(f32::MIN, f32::max);
            let total: f32 = odds.iter().map(|odds| (odds - most).exp()).sum();
            for (tag, odds) in odds.iter_mut().enumerate() {
                let target = if tag == example.tag { 1.0 } else { 0.0 };
                *odds = ((*odds - most).exp() / total - target) * example.weight;
            }
            for at in own() {
                for ((weight, sum), slope) in weights[at..at + tags].iter_mut().zip(&mut slopes[at..at + tags]).zip(&odds) {
                    let slope = slope + SHRINK * *weight;
                    *sum += slope * slope;
                    *weight -= STEP * slope / sum.sqrt();
                }
            }
        }
    }
    let start = weights.split_off(runs * tags);
    (start, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_learned_and_told() {
        let texts = |tag: &str, words: [&str; 4]| -> Vec<(String, String)> {
            let line = |at: usize| format!("{} {} {}", words[at % 4], words[(at / 4) % 4], words[(at / 16) % 4]);
            (0..60).map(|at| (tag.to_owned(), line(at))).collect()
        };
        let one = texts("fr", ["marché", "fleuve", "école", "puits"]);
        let two = texts("ha", ["kasuwa", "ƙogi", "makaranta", "rijiya"]);
        let learned = learn(&[one, two].concat(), &[]);
        assert!(learned.reached.starts_with("fr: 60 of 60"), "{}", learned.reached);
        let model: Model = learned.table.parse().expect("a table");
        // Without its hook a letter says the same.
        assert_eq!(model.judge(&line("kogi"))[0].0, "ha");
        assert_eq!(model.to_string().parse(), Ok(model));
    }
}
