//! The bounds of what is kept of one document, whatever its format.

/// The most entries that are kept of one document.
pub(super) const MAX_ENTRIES: usize = 10_000;
/// The most that is kept of one element's text, in bytes.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;
