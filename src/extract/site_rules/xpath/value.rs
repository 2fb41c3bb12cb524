//! The results of expressions, and conversions between their types (`XPath` 1.0, section 4).

use super::tree::Node;

/// The result of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A node-set in document order, without duplicates.
    Nodes(Vec<Node>),
    String(String),
    Number(f64),
    Boolean(bool),
}

/// Converts a string to a number: digits with a decimal point, a minus sign, white space around them; anything else is NaN.
pub(super) fn parse_number(text: &str) -> f64 {
    let text = text.trim();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    if is_number { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// Converts a count to a number.
#[expect(clippy::cast_precision_loss, reason = "no page has 2^52 nodes or letters")]
pub(super) fn count_to_number(count: usize) -> f64 {
    count as f64
}

/// Rounds a number; halves are rounded up.
pub(super) fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}

/// Sorts nodes into document order and removes duplicates.
pub(super) fn in_document_order(mut nodes: Vec<Node>) -> Vec<Node> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
