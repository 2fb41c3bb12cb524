//! `XPath` 1.0 on the tree of `scraper`, with a limit on the work of an evaluation.
//!
//! No maintained crate has such a limit or works on this tree; ARCHITECTURE.md lists those that were considered. Not supported: variables,
//! processing instructions, `namespace::`, `lang()` and `namespace-uri()`, which HTML pages do not need; an expression with one is an error.

mod axes;
mod eval;
mod function;
mod parse;
mod token;
mod tree;
mod value;

pub(super) use eval::{Fuel, OutOfFuel};
pub(super) use tree::Tree;

use ego_tree::NodeId;
use eval::{Context, Evaluator};
use parse::Expr;
use tree::Node;
use value::Value;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct XPath(Expr);

/// A node that an expression matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NodeMatch {
    /// The id of the node in the tree; for an attribute that of its element.
    pub id: NodeId,
    /// The name of the attribute that was matched.
    pub attribute: Option<String>,
}

impl XPath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// A message that says what is wrong with the expression.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text).map(Self)
    }

    /// Returns the matched nodes in document order; none when the result is no node-set.
    ///
    /// # Errors
    /// [`OutOfFuel`], as in all methods that evaluate.
    pub(super) fn nodes(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Vec<NodeMatch>, OutOfFuel> {
        let Value::Nodes(nodes) = self.value(tree, fuel)? else {
            return Ok(Vec::new());
        };
        let node_match = |node: Node| {
            let id = tree.rows.get(node.row)?.id;
            let attribute = (node.attribute > 0).then(|| tree.name(node).to_owned());
            Some(NodeMatch { id, attribute })
        };
        Ok(nodes.into_iter().filter_map(node_match).collect())
    }

    /// Returns the string-value of each matched node; for another result its string-value alone.
    pub(super) fn texts(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Vec<String>, OutOfFuel> {
        let evaluator = Evaluator { tree, fuel };
        match self.value(tree, fuel)? {
            Value::Nodes(nodes) => nodes.into_iter().map(|node| evaluator.node_string(node)).collect(),
            other => Ok(vec![evaluator.to_string(other)?]),
        }
    }

    /// Returns whether the result converts to true (`XPath` 1.0, section 4.3).
    pub(super) fn is_true(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<bool, OutOfFuel> {
        Ok(match self.value(tree, fuel)? {
            Value::Nodes(nodes) => !nodes.is_empty(),
            Value::String(text) => !text.is_empty(),
            Value::Number(number) => number != 0.0 && !number.is_nan(),
            Value::Boolean(boolean) => boolean,
        })
    }

    fn value(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Value, OutOfFuel> {
        let context = Context {
            node: Node { row: 0, attribute: 0 },
            position: 1,
            size: 1,
        };
        Evaluator { tree, fuel }.value(&self.0, context)
    }
}

#[cfg(test)]
mod tests;
