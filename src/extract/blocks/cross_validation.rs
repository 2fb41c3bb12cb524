//! Learning from labelled pages, and what the learned table is worth: cross-validated by site, so that no site judges itself.

use super::KEEP;
use super::labeled_page::{LabeledPage, Score, harmonic, number};
use super::model::Model;
use super::train::{Example, train};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const FOLDS: usize = 5;
/// A page made smaller counts so much beside the page itself.
const SMALLER: f64 = 0.3;
/// A small set counts as much as one of so many pages, or what it shows would be drowned.
const LEAST_SET: f64 = 75.0;

/// What was learned from labelled pages.
#[derive(Debug)]
pub struct TrainingReport {
    /// The table, with the figures that it reached, as `src/extract/choice/table.txt` holds it.
    pub table: String,
    /// The figures alone: a line a set.
    pub reached: String,
}

/// Learns a table from all lessons, and measures by cross-validation what such a table is worth.
#[must_use]
pub fn cross_validate(labeled_pages: &[LabeledPage]) -> TrainingReport {
    let folds = folds(labeled_pages);
    let fold = |out: usize| {
        let table = learn_from(
            labeled_pages
                .iter()
                .zip(&folds)
                .filter(|(_, fold)| **fold != out)
                .map(|(labeled_page, _)| labeled_page),
        );
        let judged = labeled_pages.iter().zip(&folds).enumerate();
        judged
            .filter(|(_, (labeled_page, fold))| **fold == out && labeled_page.is_whole)
            .map(|(at, (labeled_page, _))| (at, score(labeled_page, &table)))
            .collect::<Vec<_>>()
    };
    let (mut scores, table) = std::thread::scope(|scope| {
        let halves = scope.spawn(|| (0..FOLDS).step_by(2).flat_map(fold).collect::<Vec<_>>());
        let mut scores: Vec<_> = (1..FOLDS).step_by(2).flat_map(fold).collect();
        let table = learn_from(labeled_pages.iter());
        scores.extend(halves.join().unwrap_or_default());
        (scores, table)
    });
    scores.sort_by_key(|(at, _)| *at);
    let reached = reached(labeled_pages, &scores);
    let mut text = String::from("# Learned by `griot lab blocks`. What it reached on pages of sites that it had not seen:\n");
    for line in reached.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let _ = write!(text, "{table}");
    TrainingReport { table: text, reached }
}

/// Deals the groups out, the largest first, each to the fold that has the fewest pages.
fn folds(labeled_pages: &[LabeledPage]) -> Vec<usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for labeled_page in labeled_pages {
        *sizes.entry(&labeled_page.group).or_default() += 1;
    }
    let mut groups: Vec<(&str, usize)> = sizes.into_iter().collect();
    groups.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), *name));
    let mut filled = [0; FOLDS];
    let mut of: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, size) in groups {
        let emptiest = (0..FOLDS).min_by_key(|fold| filled[*fold]).unwrap_or_default();
        filled[emptiest] += size;
        of.insert(name, emptiest);
    }
    labeled_pages.iter().map(|labeled_page| of[labeled_page.group.as_str()]).collect()
}

fn learn_from<'a>(labeled_pages: impl Iterator<Item = &'a LabeledPage> + Clone) -> Model {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for labeled_page in labeled_pages.clone().filter(|labeled_page| labeled_page.is_whole) {
        *pages.entry(&labeled_page.set).or_default() += 1;
    }
    let mut examples = Vec::new();
    for labeled_page in labeled_pages {
        let worth = if labeled_page.is_whole { 1.0 } else { SMALLER };
        let of_set = (LEAST_SET / number(pages[labeled_page.set.as_str()])).max(1.0);
        for ((row, belongs), weight) in labeled_page.rows.iter().zip(&labeled_page.belongs).zip(labeled_page.weights()) {
            examples.push(Example {
                row,
                belongs: *belongs,
                weight: weight * worth * of_set,
            });
        }
    }
    train(&examples)
}

fn score(labeled_page: &LabeledPage, table: &Model) -> Score {
    let judged = labeled_page.wholes.join(&table.judge(&labeled_page.rows));
    labeled_page.score(|at| judged[at] >= KEEP)
}

fn reached(labeled_pages: &[LabeledPage], scores: &[(usize, Score)]) -> String {
    let sets: BTreeSet<&str> = labeled_pages.iter().map(|labeled_page| labeled_page.set.as_str()).collect();
    let mut text = String::new();
    for set in sets {
        let own: Vec<&Score> = scores
            .iter()
            .filter(|(at, _)| labeled_pages[*at].set == set)
            .map(|(_, score)| score)
            .collect();
        let mean = |figure: fn(&Score) -> f64| own.iter().map(|score| figure(score)).sum::<f64>() / number(own.len().max(1));
        let (precision, recall) = (mean(|score| score.precision), mean(|score| score.recall));
        let _ = writeln!(
            text,
            "{set}: {} pages, precision {precision:.4}, recall {recall:.4}, F1 {:.4}, page F1 {:.4}",
            own.len(),
            harmonic(precision, recall),
            mean(|score| score.f1)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::blocks::block_groups::BlockGroups;
    use crate::extract::blocks::features::FeatureVector;
    use crate::extract::blocks::labeled_page::Label;

    fn labeled_page(site: &str) -> LabeledPage {
        let texts = [
            "Le maire a ouvert le nouveau marché ce matin devant la foule.",
            "Abonnez-vous à notre lettre pour tout savoir de la ville.",
        ];
        let rows: Vec<FeatureVector> = vec![vec![("linked", 0.0)], vec![("linked", 1.0)]];
        let label = Label {
            truth: texts[0],
            group: site,
            set: "towns",
        };
        LabeledPage::new(texts.map(str::to_owned).into(), rows, BlockGroups::default(), &label, true)
    }

    #[test]
    fn no_site_is_judged_by_itself() {
        let labeled_pages: Vec<LabeledPage> = (0..200).map(|at| labeled_page(&format!("{}.example", at % 8))).collect();
        let folds = folds(&labeled_pages);
        for (at, labeled_page) in labeled_pages.iter().enumerate() {
            let same = labeled_pages
                .iter()
                .zip(&folds)
                .filter(|(other, _)| other.group == labeled_page.group);
            assert!(same.into_iter().all(|(_, fold)| *fold == folds[at]));
        }
        let learned = cross_validate(&labeled_pages);
        assert_eq!(
            learned.reached,
            "towns: 200 pages, precision 1.0000, recall 1.0000, F1 1.0000, page F1 1.0000\n"
        );
        assert!(
            learned
                .table
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("# towns: 200 pages"))
        );
    }
}
