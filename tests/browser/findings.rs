//! What was found wrong, gathered over all pages, so that one run of the test tells everything.

use std::collections::BTreeMap;
use std::fmt;

/// Faults with the pages that have them.
#[derive(Default)]
pub struct Findings(BTreeMap<(String, String), Vec<String>>);

impl Findings {
    /// Records a fault of a page, such as `story/1.html`. Pages of one kind are told together.
    pub fn add(&mut self, page: &str, place: &str, fault: String) {
        let kind = page.rsplit_once('/').map_or(page, |(folder, _)| folder);
        self.0
            .entry((kind.to_owned(), fault))
            .or_default()
            .push(format!("{page} ({place})"));
    }

    /// Returns whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((kind, fault), pages) in &self.0 {
            writeln!(out, "{kind}: {fault}\n    {} times, first: {}", pages.len(), pages[0])?;
        }
        Ok(())
    }
}
