//! The table of trees that says how much each figure of a block is worth, and how to read it.
//!
//! A line is one tree, such as `linked < 0.3 | words < 4: -0.2 0.5 | ends < 1.5: -0.4 -0.1`: a question; what is asked when the answer is
//! yes, with the weights for yes and no; and what is asked when it is no. The weights of all trees add up to the log-odds that the block
//! belongs to the article. `griot lab blocks` learned it; see docs/design/0011-block-choice.md.

use super::features::FeatureVector;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

static LEARNED: LazyLock<Model> = LazyLock::new(|| include_str!("gbdt.txt").parse().expect("a test reads the table"));

/// So many blocks are judged at once.
const LANES: usize = 16;

/// A figure, as a place in the table's list, and the bound below which the answer is yes.
pub(super) type Question = (usize, f32);

/// Two questions, the second one by the answer to the first. Answers are places: 0 is no, 1 is yes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub first: Question,
    pub then: [Question; 2],
    /// The weight for each pair of answers: twice the first one and the second one.
    pub weights: [f32; 4],
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Model {
    /// The names of the figures that are asked for.
    pub figures: Vec<String>,
    /// The log-odds that hold for any block.
    pub start: f32,
    pub trees: Vec<Tree>,
}

/// A line of a table that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table is none: `{text}`")]
pub(super) struct ModelError {
    line: usize,
    text: String,
}
impl Tree {
    /// Adds the weight of each block to its sum. All answers are looked up, so that the compiler can make vector instructions of the loop.
    fn add(&self, values: &[[f32; LANES]], sums: &mut [f32; LANES]) {
        let [first, no, yes] = [self.first, self.then[0], self.then[1]].map(|(figure, bound)| (&values[figure], bound));
        let [no_no, no_yes, yes_no, yes_yes] = self.weights;
        for (lane, sum) in sums.iter_mut().enumerate() {
            let by_no = if no.0[lane] < no.1 { no_yes } else { no_no };
            let by_yes = if yes.0[lane] < yes.1 { yes_yes } else { yes_no };
            *sum += if first.0[lane] < first.1 { by_yes } else { by_no };
        }
    }

    fn weight(&self, values: &[f32]) -> f32 {
        let (first, second) = self.answers(values);
        self.weights[2 * first + second]
    }

    fn answers(&self, values: &[f32]) -> (usize, usize) {
        let answer = |(figure, bound): Question| usize::from(values[figure] < bound);
        let first = answer(self.first);
        (first, answer(self.then[first]))
    }
}

impl Model {
    /// Returns the table that griot goes by.
    pub(super) fn learned() -> &'static Self {
        &LEARNED
    }

    /// Returns how probable it is that a block belongs to the article, for each row of figures.
    pub(super) fn judge(&self, rows: &[FeatureVector]) -> Vec<f32> {
        let places = self.places(rows);
        let mut judged = Vec::with_capacity(rows.len());
        let mut values = vec![[0.0; LANES]; places.len()];
        for rows in rows.chunks(LANES) {
            for (values, place) in values.iter_mut().zip(&places) {
                for (value, row) in values.iter_mut().zip(rows) {
                    *value = row.get(*place).map_or(0.0, |(_, value)| *value);
                }
            }
            let mut sums = [self.start; LANES];
            for tree in &self.trees {
                tree.add(&values, &mut sums);
            }
            judged.extend(sums[..rows.len()].iter().map(|sum| 1.0 / (1.0 + (-sum).exp())));
        }
        judged
    }

    /// Returns what each figure of a row added to the log-odds, the weightiest first. A tree's weight is shared among its questions.
    pub(super) fn weigh(&self, row: &FeatureVector) -> Vec<(&'static str, f32, f32)> {
        let places = self.places(std::slice::from_ref(row));
        let values = Self::values(row, &places);
        let mut sums = vec![0.0_f32; self.figures.len()];
        for tree in &self.trees {
            let part = tree.weight(&values) / 2.0;
            sums[tree.first.0] += part;
            sums[tree.then[tree.answers(&values).0].0] += part;
        }
        let mut weighed: Vec<_> = places
            .iter()
            .zip(sums)
            .filter_map(|(place, sum)| row.get(*place).map(|(name, value)| (*name, *value, sum)))
            .collect();
        weighed.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        weighed
    }

    /// Returns where each figure of the table stands in the rows.
    fn places(&self, rows: &[FeatureVector]) -> Vec<usize> {
        let row = rows.first().into_iter().flatten();
        let named: HashMap<&str, usize> = row.enumerate().map(|(place, (name, _))| (*name, place)).collect();
        self.figures
            .iter()
            .map(|name| named.get(name.as_str()).copied().unwrap_or(usize::MAX))
            .collect()
    }

    fn values(row: &FeatureVector, places: &[usize]) -> Vec<f32> {
        places
            .iter()
            .map(|place| row.get(*place).map_or(0.0, |(_, value)| *value))
            .collect()
    }

    fn place(&mut self, name: &str) -> usize {
        let known = self.figures.iter().position(|figure| figure == name);
        known.unwrap_or_else(|| {
            self.figures.push(name.to_owned());
            self.figures.len() - 1
        })
    }

    fn read(&mut self, line: &str) -> Option<()> {
        if let Some(start) = line.strip_prefix("start ") {
            self.start = start.trim().parse().ok()?;
            return Some(());
        }
        let mut parts = line.split(" | ");
        let first = self.question(parts.next()?)?;
        let (yes, weights_of_yes) = self.branch(parts.next()?)?;
        let (no, weights_of_no) = self.branch(parts.next()?)?;
        self.trees.push(Tree {
            first,
            then: [no, yes],
            weights: [weights_of_no[0], weights_of_no[1], weights_of_yes[0], weights_of_yes[1]],
        });
        parts.next().is_none().then_some(())
    }

    /// Reads a question and the weights for no and yes, which stand in the order yes, no.
    fn branch(&mut self, text: &str) -> Option<(Question, [f32; 2])> {
        let (question, weights) = text.split_once(": ")?;
        let (yes, no) = weights.split_once(' ')?;
        Some((self.question(question)?, [no.parse().ok()?, yes.parse().ok()?]))
    }

    fn question(&mut self, text: &str) -> Option<Question> {
        let (name, bound) = text.rsplit_once(" < ")?;
        Some((self.place(name), bound.parse().ok()?))
    }
}

impl std::str::FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let mut table = Self::default();
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            table.read(line).ok_or_else(|| ModelError {
                line: at + 1,
                text: line.to_owned(),
            })?;
        }
        Ok(table)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "start {:.4}", self.start)?;
        for tree in &self.trees {
            let [no_no, no_yes, yes_no, yes_yes] = tree.weights;
            let question = |(figure, bound): Question| format!("{} < {bound}", self.figures[figure]);
            writeln!(
                f,
                "{} | {}: {yes_yes:.4} {yes_no:.4} | {}: {no_yes:.4} {no_no:.4}",
                question(tree.first),
                question(tree.then[1]),
                question(tree.then[0])
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str =
        "# a comment\nstart -1\nlinked < 0.5 | words < 3: 0.25 2 | words < 9: 0 0.5\nwords < 10 | linked < 1: -1 -2 | linked < 0.5: 1 -3\n";

    #[test]
    fn a_table_is_read_and_written() {
        let table: Model = TWO.parse().expect("a table");
        assert_eq!(table.figures, ["linked", "words"]);
        assert_eq!(table.to_string().parse(), Ok(table));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = "start 0\nwords < 3 | linked < 1: 1\n"
            .parse::<Model>()
            .expect_err("one weight is missing");
        assert_eq!(error.to_string(), "line 2 of the table is none: `words < 3 | linked < 1: 1`");
    }

    #[test]
    fn the_weights_of_all_trees_add_up() {
        let table: Model = TWO.parse().expect("a table");
        let row: FeatureVector = vec![("words", 20.0), ("linked", 0.1)];
        let judged = table.judge(std::slice::from_ref(&row));
        // -1 + 2 (few links, many words) + 1
        let many = table.judge(&vec![row.clone(); LANES + 1]);
        assert_eq!(many, vec![judged[0]; LANES + 1]);
        assert!((judged[0] - 0.880_797).abs() < 1e-5, "{judged:?}");
        assert!(table.judge(&[]).is_empty(), "a page without blocks");
        let weighed = table.weigh(&row);
        assert!(
            weighed.len() == 2 && weighed.iter().all(|(_, _, weight)| (weight - 1.5).abs() < 1e-6),
            "{weighed:?}"
        );
    }

    #[test]
    fn the_learned_table_asks_for_figures_that_are_measured() {
        let table = Model::learned();
        assert!(table.trees.len() > 100);
        let measured = super::super::feature_names();
        for figure in &table.figures {
            assert!(measured.contains(&figure.as_str()), "{figure}");
        }
    }
}
