//! A problem: a recorded defect of a document, a page or a source.

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
