//! Cross-validation of the model by site: each fold is scored by a model that was trained on the pages of other sites.

use super::labeled_page::{LabeledPage, Score, harmonic_mean, to_f64};
use super::model::{MIN_ARTICLE_PROBABILITY, Model};
use super::train::{Example, train};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const FOLDS: usize = 5;
/// The weight of an augmented page, where an original one has 1.
const AUGMENTED_WEIGHT: f64 = 0.3;
/// A smaller set gets the weight of one of so many pages, or its kinds of pages would have no influence.
const MIN_SET_PAGES: f64 = 75.0;

/// A trained model and its scores.
#[derive(Debug)]
pub struct TrainingReport {
    /// The text of the model, with the scores as comments: what src/extract/blocks/gbdt.txt contains.
    pub model: String,
    /// The scores, a line for each set.
    pub scores: String,
}

/// Trains a model on all pages, and scores such models by cross-validation.
#[must_use]
pub fn cross_validate(labeled_pages: &[LabeledPage]) -> TrainingReport {
    let folds = assign_folds(labeled_pages);
    let score_fold = |fold: usize| {
        let in_fold = labeled_pages.iter().zip(&folds).enumerate();
        let others = in_fold.clone().filter(|(_, (_, own))| **own != fold);
        let model = train_on(others.map(|(_, (page, _))| page));
        in_fold
            .filter(|(_, (page, own))| **own == fold && page.is_original)
            .map(|(at, (page, _))| (at, score(page, &model)))
            .collect::<Vec<_>>()
    };
    let (mut scores, model) = std::thread::scope(|scope| {
        let even = scope.spawn(|| (0..FOLDS).step_by(2).flat_map(score_fold).collect::<Vec<_>>());
        let mut scores: Vec<_> = (1..FOLDS).step_by(2).flat_map(score_fold).collect();
        let model = train_on(labeled_pages.iter());
        scores.extend(even.join().unwrap_or_default());
        (scores, model)
    });
    scores.sort_by_key(|(at, _)| *at);
    let scores = scores_of_sets(labeled_pages, &scores);
    let mut text =
        String::from("# Trained by `griot lab blocks`. Cross-validated, so that no site is scored by a model that was trained on it:\n");
    for line in scores.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let _ = write!(text, "{model}");
    TrainingReport { model: text, scores }
}

/// Returns the fold of each page. All pages of a group are in one; the largest group is assigned first, each to the fold with the fewest
/// pages.
fn assign_folds(labeled_pages: &[LabeledPage]) -> Vec<usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for page in labeled_pages {
        *sizes.entry(&page.group).or_default() += 1;
    }
    let mut groups: Vec<(&str, usize)> = sizes.into_iter().collect();
    groups.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), *name));
    let mut fold_sizes = [0; FOLDS];
    let mut fold_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, size) in groups {
        let smallest = (0..FOLDS).min_by_key(|fold| fold_sizes[*fold]).unwrap_or_default();
        fold_sizes[smallest] += size;
        fold_of.insert(name, smallest);
    }
    labeled_pages.iter().map(|page| fold_of[page.group.as_str()]).collect()
}

fn train_on<'a>(labeled_pages: impl Iterator<Item = &'a LabeledPage> + Clone) -> Model {
    let mut set_sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for page in labeled_pages.clone().filter(|page| page.is_original) {
        *set_sizes.entry(&page.set).or_default() += 1;
    }
    let mut examples = Vec::new();
    for page in labeled_pages {
        let page_weight = if page.is_original { 1.0 } else { AUGMENTED_WEIGHT };
        let set_weight = (MIN_SET_PAGES / to_f64(set_sizes[page.set.as_str()])).max(1.0);
        for ((features, is_article), weight) in page.features.iter().zip(&page.is_article).zip(page.weights()) {
            examples.push(Example {
                features,
                is_article: *is_article,
                weight: weight * page_weight * set_weight,
            });
        }
    }
    train(&examples)
}

fn score(page: &LabeledPage, model: &Model) -> Score {
    let probabilities = page.groups.average(&model.predict(&page.features));
    page.score(|at| probabilities[at] >= MIN_ARTICLE_PROBABILITY)
}

fn scores_of_sets(labeled_pages: &[LabeledPage], scores: &[(usize, Score)]) -> String {
    let sets: BTreeSet<&str> = labeled_pages.iter().map(|page| page.set.as_str()).collect();
    let mut text = String::new();
    for set in sets {
        let of_set: Vec<&Score> = scores
            .iter()
            .filter(|(at, _)| labeled_pages[*at].set == set)
            .map(|(_, score)| score)
            .collect();
        let mean = |value: fn(&Score) -> f64| of_set.iter().map(|score| value(score)).sum::<f64>() / to_f64(of_set.len().max(1));
        let (precision, recall) = (mean(|score| score.precision), mean(|score| score.recall));
        let _ = writeln!(
            text,
            "{set}: {} pages, precision {precision:.4}, recall {recall:.4}, F1 {:.4}, page F1 {:.4}",
            of_set.len(),
            harmonic_mean(precision, recall),
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
    use crate::extract::blocks::labeled_page::GroundTruth;

    fn labeled_page(site: &str) -> LabeledPage {
        let texts = [
            "Le maire a ouvert le nouveau marché ce matin devant la foule.",
            "Abonnez-vous à notre lettre pour tout savoir de la ville.",
        ];
        let features: Vec<FeatureVector> = vec![vec![("link density", 0.0)], vec![("link density", 1.0)]];
        let truth = GroundTruth {
            text: texts[0],
            group: site,
            set: "towns",
        };
        LabeledPage::new(texts.map(str::to_owned).into(), features, BlockGroups::default(), &truth, true)
    }

    #[test]
    fn no_site_is_scored_by_a_model_that_was_trained_on_it() {
        let pages: Vec<LabeledPage> = (0..200).map(|at| labeled_page(&format!("{}.example", at % 8))).collect();
        let folds = assign_folds(&pages);
        for (at, page) in pages.iter().enumerate() {
            let same_site = pages.iter().zip(&folds).filter(|(other, _)| other.group == page.group);
            assert!(same_site.into_iter().all(|(_, fold)| *fold == folds[at]));
        }
        let report = cross_validate(&pages);
        assert_eq!(
            report.scores,
            "towns: 200 pages, precision 1.0000, recall 1.0000, F1 1.0000, page F1 1.0000\n"
        );
        assert!(
            report
                .model
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("# towns: 200 pages"))
        );
    }
}
