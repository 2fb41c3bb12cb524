//! `XPath` 1.0 on the tree that the extractor reads, with a bound on the work that an expression may cost.
//!
//! No kept crate has that bound, nor works on this tree; ARCHITECTURE says which were judged. Not here: variables, processing
//! instructions, `namespace::`, `lang()` and `namespace-uri()`, which pages written in HTML have no use for; a rule with one is told.

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
use eval::{Judge, Spot};
use parse::Expr;
use tree::Node;
use value::Value;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct XPath(Expr);

/// A node that an expression found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NodeMatch {
    /// The node in the tree; that of the element when an attribute was found.
    pub id: NodeId,
    /// The name of the attribute that was found.
    pub attribute: Option<String>,
}

impl XPath {
    /// Compiles `text`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text).map(Self)
    }

    /// Returns the nodes it finds in document order, none when it gives no nodes.
    pub(super) fn nodes(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Vec<NodeMatch>, OutOfFuel> {
        let Value::Nodes(nodes) = self.value(tree, fuel)? else {
            return Ok(Vec::new());
        };
        let hit = |node: Node| {
            let id = tree.rows.get(node.row)?.id;
            let attribute = (node.attribute > 0).then(|| tree.name(node).to_owned());
            Some(NodeMatch { id, attribute })
        };
        Ok(nodes.into_iter().filter_map(hit).collect())
    }

    /// Returns the text of each node it finds; one text when it gives a text, a number or a truth.
    pub(super) fn texts(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Vec<String>, OutOfFuel> {
        let judge = Judge { tree, fuel };
        match self.value(tree, fuel)? {
            Value::Nodes(nodes) => nodes.into_iter().map(|node| judge.string(node)).collect(),
            other => Ok(vec![judge.string_value(other)?]),
        }
    }

    /// Returns whether the result converts to true (XPath 1.0, section 4.3).
    pub(super) fn is_true(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<bool, OutOfFuel> {
        Ok(match self.value(tree, fuel)? {
            Value::Nodes(nodes) => !nodes.is_empty(),
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => number != 0.0 && !number.is_nan(),
            Value::Truth(truth) => truth,
        })
    }

    fn value(&self, tree: &Tree<'_>, fuel: &Fuel) -> Result<Value, OutOfFuel> {
        let top = Spot {
            node: Node { row: 0, attribute: 0 },
            position: 1,
            size: 1,
        };
        Judge { tree, fuel }.value(&self.0, top)
    }
}

#[cfg(test)]
mod tests;
