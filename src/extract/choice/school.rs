//! Learning from labelled pages, and what the learned table is worth: cross-validated by site, so that no site judges itself.

use super::KEEP;
use super::learn::{Example, learn};
use super::lesson::{Lesson, Score, harmonic, number};
use super::table::Table;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const FOLDS: usize = 5;
/// A page made smaller counts so much beside the page itself.
const SMALLER: f64 = 0.3;
/// A small set counts as much as one of so many pages, or what it shows would be drowned.
const LEAST_SET: f64 = 75.0;

/// What was learned from labelled pages.
#[derive(Debug)]
pub struct Learned {
    /// The table, with the figures that it reached, as `src/extract/choice/table.txt` holds it.
    pub table: String,
    /// The figures alone: a line a set.
    pub reached: String,
}

/// Learns a table from all lessons, and measures by cross-validation what such a table is worth.
#[must_use]
pub fn school(lessons: &[Lesson]) -> Learned {
    let folds = folds(lessons);
    let fold = |out: usize| {
        let table = learn_from(
            lessons
                .iter()
                .zip(&folds)
                .filter(|(_, fold)| **fold != out)
                .map(|(lesson, _)| lesson),
        );
        let judged = lessons.iter().zip(&folds).enumerate();
        judged
            .filter(|(_, (lesson, fold))| **fold == out && lesson.is_whole)
            .map(|(at, (lesson, _))| (at, score(lesson, &table)))
            .collect::<Vec<_>>()
    };
    let (mut scores, table) = std::thread::scope(|scope| {
        let halves = scope.spawn(|| (0..FOLDS).step_by(2).flat_map(fold).collect::<Vec<_>>());
        let mut scores: Vec<_> = (1..FOLDS).step_by(2).flat_map(fold).collect();
        let table = learn_from(lessons.iter());
        scores.extend(halves.join().unwrap_or_default());
        (scores, table)
    });
    scores.sort_by_key(|(at, _)| *at);
    let reached = reached(lessons, &scores);
    let mut text = String::from("# Learned by `griot lab blocks`. What it reached on pages of sites that it had not seen:\n");
    for line in reached.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let _ = write!(text, "{table}");
    Learned { table: text, reached }
}

/// Deals the groups out, the largest first, each to the fold that has the fewest pages.
fn folds(lessons: &[Lesson]) -> Vec<usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for lesson in lessons {
        *sizes.entry(&lesson.group).or_default() += 1;
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
    lessons.iter().map(|lesson| of[lesson.group.as_str()]).collect()
}

fn learn_from<'a>(lessons: impl Iterator<Item = &'a Lesson> + Clone) -> Table {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for lesson in lessons.clone().filter(|lesson| lesson.is_whole) {
        *pages.entry(&lesson.set).or_default() += 1;
    }
    let mut examples = Vec::new();
    for lesson in lessons {
        let worth = if lesson.is_whole { 1.0 } else { SMALLER };
        let of_set = (LEAST_SET / number(pages[lesson.set.as_str()])).max(1.0);
        for ((row, belongs), weight) in lesson.rows.iter().zip(&lesson.belongs).zip(lesson.weights()) {
            examples.push(Example {
                row,
                belongs: *belongs,
                weight: weight * worth * of_set,
            });
        }
    }
    learn(&examples)
}

fn score(lesson: &Lesson, table: &Table) -> Score {
    let judged = lesson.wholes.join(&table.judge(&lesson.rows));
    lesson.score(|at| judged[at] >= KEEP)
}

fn reached(lessons: &[Lesson], scores: &[(usize, Score)]) -> String {
    let sets: BTreeSet<&str> = lessons.iter().map(|lesson| lesson.set.as_str()).collect();
    let mut text = String::new();
    for set in sets {
        let own: Vec<&Score> = scores
            .iter()
            .filter(|(at, _)| lessons[*at].set == set)
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
    use crate::extract::choice::figures::Row;
    use crate::extract::choice::lesson::Label;
    use crate::extract::choice::whole::Wholes;

    fn lesson(site: &str) -> Lesson {
        let texts = [
            "Le maire a ouvert le nouveau marché ce matin devant la foule.",
            "Abonnez-vous à notre lettre pour tout savoir de la ville.",
        ];
        let rows: Vec<Row> = vec![vec![("linked", 0.0)], vec![("linked", 1.0)]];
        let label = Label {
            truth: texts[0],
            group: site,
            set: "towns",
        };
        Lesson::new(texts.map(str::to_owned).into(), rows, Wholes::default(), &label, true)
    }

    #[test]
    fn no_site_is_judged_by_itself() {
        let lessons: Vec<Lesson> = (0..200).map(|at| lesson(&format!("{}.example", at % 8))).collect();
        let folds = folds(&lessons);
        for (at, lesson) in lessons.iter().enumerate() {
            let same = lessons.iter().zip(&folds).filter(|(other, _)| other.group == lesson.group);
            assert!(same.into_iter().all(|(_, fold)| *fold == folds[at]));
        }
        let learned = school(&lessons);
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
