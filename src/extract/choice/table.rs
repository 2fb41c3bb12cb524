//! The table of trees that says how much each figure of a block is worth, and how to read it.
//!
//! A line is one tree of the form `figure < bound, figure < bound: weights`: the first figure's answer counts twice, the last one's once,
//! so the four weights of two questions stand for *neither*, *only the second*, *only the first* and *both*. The weights of all trees add
//! up to the log-odds that the block belongs to the article. `griot lab blocks` learned it; see docs/design/0011-block-choice.md.

use super::figures::Row;
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

static LEARNED: LazyLock<Table> = LazyLock::new(|| include_str!("table.txt").parse().expect("a test reads the table"));

/// A tree of questions, each asked whatever the answer to the others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    /// The figure asked for, as a place in the table's list, and the bound below which the answer is yes.
    pub questions: Vec<(usize, f32)>,
    /// The weight for each set of answers; the first question's is the highest bit.
    pub weights: Vec<f32>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    /// The names of the figures that are asked for.
    pub figures: Vec<String>,
    /// The log-odds that hold for any block.
    pub start: f32,
    pub trees: Vec<Tree>,
}

/// A line of a table that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table is none: `{text}`")]
pub struct TableError {
    line: usize,
    text: String,
}

impl TableError {
    /// Returns the code to branch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "bad-table"
    }
}

impl Tree {
    fn weight(&self, values: &[f32]) -> f32 {
        let answers = self
            .questions
            .iter()
            .fold(0, |bits, (figure, bound)| bits << 1 | usize::from(values[*figure] < *bound));
        self.weights[answers]
    }
}

impl Table {
    /// Returns the table that griot goes by.
    pub(super) fn learned() -> &'static Self {
        &LEARNED
    }

    /// Returns how probable it is that a block belongs to the article, for each row of figures.
    pub(super) fn judge(&self, rows: &[Row]) -> Vec<f32> {
        let places = self.places(rows);
        let judged = rows.iter().map(|row| {
            let values = self.values(row, &places);
            let sum = self.trees.iter().fold(self.start, |sum, tree| sum + tree.weight(&values));
            1.0 / (1.0 + (-sum).exp())
        });
        judged.collect()
    }

    /// Returns what each figure of a row added to the log-odds, the weightiest first. A tree's weight is shared among its questions.
    pub(super) fn weigh(&self, row: &Row) -> Vec<(&'static str, f32, f32)> {
        let places = self.places(std::slice::from_ref(row));
        let values = self.values(row, &places);
        let mut sums = vec![0.0_f32; self.figures.len()];
        for tree in &self.trees {
            let part = tree.weight(&values) / f32::from(u8::try_from(tree.questions.len()).unwrap_or(u8::MAX));
            for (figure, _) in &tree.questions {
                sums[*figure] += part;
            }
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
    fn places(&self, rows: &[Row]) -> Vec<usize> {
        let Some(row) = rows.first() else { return Vec::new() };
        let named: HashMap<&str, usize> = row.iter().enumerate().map(|(place, (name, _))| (*name, place)).collect();
        self.figures
            .iter()
            .map(|name| named.get(name.as_str()).copied().unwrap_or(usize::MAX))
            .collect()
    }

    fn values(&self, row: &Row, places: &[usize]) -> Vec<f32> {
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
        let (questions, weights) = line.rsplit_once(':')?;
        let mut tree = Tree {
            questions: Vec::new(),
            weights: weights.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?,
        };
        for question in questions.split(", ") {
            let (name, bound) = question.rsplit_once(" < ")?;
            tree.questions.push((self.place(name), bound.parse().ok()?));
        }
        let fits = tree.questions.len() < 8 && tree.weights.len() == 1 << tree.questions.len();
        fits.then(|| self.trees.push(tree))
    }
}

impl std::str::FromStr for Table {
    type Err = TableError;

    fn from_str(text: &str) -> Result<Self, TableError> {
        let mut table = Self::default();
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        {
            table.read(line).ok_or_else(|| TableError {
                line: at + 1,
                text: line.to_owned(),
            })?;
        }
        Ok(table)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "start {:.4}", self.start)?;
        for tree in &self.trees {
            let mut line = String::new();
            for (figure, bound) in &tree.questions {
                let comma = if line.is_empty() { "" } else { ", " };
                write!(line, "{comma}{} < {bound}", self.figures[*figure])?;
            }
            line.push(':');
            for weight in &tree.weights {
                write!(line, " {weight:.4}")?;
            }
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "# a comment\nstart -1\nlinked < 0.5, words < 3: 0.5 -1 2 0.25\nwords < 10: 1 -1\n";

    #[test]
    fn a_table_is_read_and_written() {
        let table: Table = TWO.parse().expect("a table");
        assert_eq!(table.figures, ["linked", "words"]);
        assert_eq!(table.to_string().parse(), Ok(table));
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = "start 0\nwords < 3: 1\n".parse::<Table>().expect_err("one weight is missing");
        assert_eq!(error.to_string(), "line 2 of the table is none: `words < 3: 1`");
    }

    #[test]
    fn the_weights_of_all_trees_add_up() {
        let table: Table = TWO.parse().expect("a table");
        let row: Row = vec![("words", 20.0), ("linked", 0.1)];
        let judged = table.judge(std::slice::from_ref(&row));
        // -1 + 2 (few links, many words) + 1
        assert!((judged[0] - 0.880_797).abs() < 1e-5, "{judged:?}");
        assert_eq!(table.weigh(&row)[0], ("words", 20.0, 2.0));
    }

    #[test]
    fn the_learned_table_asks_for_figures_that_are_measured() {
        let table = Table::learned();
        assert!(table.trees.len() > 100);
        let measured = super::super::figure_names();
        for figure in &table.figures {
            assert!(measured.contains(&figure.as_str()), "{figure}");
        }
    }
}
