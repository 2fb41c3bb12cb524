//! What an expression gives, and how `XPath` 1.0 turns one kind into another.

use super::tree::Node;

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nodes in document order, each once.
    Nodes(Vec<Node>),
    Text(String),
    Number(f64),
    Truth(bool),
}

/// Reads a number as `XPath` does: digits with a point, a minus, white space around; else it is none.
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// Counts as `XPath` counts, in floating point.
#[expect(clippy::cast_precision_loss, reason = "no page has 2^52 nodes or letters")]
pub(super) fn counted(count: usize) -> f64 {
    count as f64
}

/// Rounds as `XPath` does: halves go up.
pub(super) fn rounded(number: f64) -> f64 {
    (number + 0.5).floor()
}

/// Puts nodes in document order and each once.
pub(super) fn sorted(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
