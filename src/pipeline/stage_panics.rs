//! Panics of stages: each costs one entry its result, and is recorded as a problem of its source.

use crate::model::{Problem, SourceId};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The sources on whose entries a stage has panicked.
#[derive(Debug, Default)]
pub struct StagePanics(RefCell<BTreeSet<SourceId>>);

impl StagePanics {
    /// Runs a stage on one entry. A panic costs this entry its result and is recorded as a problem of its source; the run goes on.
    pub fn catch<T>(&self, source: &SourceId, what: &str, work: impl FnOnce() -> T) -> Option<T> {
        // Stages are pure, so a panic leaves no partial state behind.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        if done.is_err() {
            tracing::error!(source.id = %source, "{what} an entry of this source panicked; the run goes on without it");
            self.0.borrow_mut().insert(source.clone());
        }
        done.ok()
    }

    /// Returns the problems of the sources; each stands until the source's feed is parsed again.
    #[must_use]
    pub fn problems(self) -> Vec<(SourceId, Vec<Problem>)> {
        let sources = self.0.into_inner().into_iter();
        sources.map(|source| (source, vec![defect("an entry of it")])).collect()
    }
}

/// Returns the problem that records a panic.
#[must_use]
pub fn defect(what: &str) -> Problem {
    Problem::new(
        "panic",
        format!("reading {what} ended in a defect of griot itself; please report it with the feed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_stage_costs_one_result_and_is_recorded() {
        let source = SourceId::new("lefleuve").expect("a slug");
        let panics = StagePanics::default();
        assert_eq!(panics.catch(&source, "judging", || 7), Some(7));
        assert_eq!(panics.catch(&source, "judging", || -> u8 { panic!("a defect") }), None);
        let problems = panics.problems();
        assert_eq!((problems.len(), &problems[0].0, problems[0].1[0].code), (1, &source, "panic"));
    }
}
