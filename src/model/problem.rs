//! A problem: a recorded defect of a document, a page, a source, or of what is published.

use super::time::Timestamp;

/// A defect that was handled. Data, not an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// A short stable code, such as `truncated` or `charset-lie`.
    pub code: &'static str,
    /// The defect in words, with its place where one is known.
    pub detail: String,
}

impl Problem {
    /// Returns the problem with this code and description.
    #[must_use]
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// A defect of the published feeds, as a subscriber finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedCheck {
    /// The topic; empty for all of them.
    pub topic: String,
    /// Its code.
    pub code: String,
    /// What was found, each on a line of its own.
    pub detail: String,
    /// When it was found first, of the checks that found it in a row.
    pub since: Timestamp,
}
