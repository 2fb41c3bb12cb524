//! The nodes of a parsed page in document order, as `XPath` addresses them; built once per page.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{Html, Node as Kind};

/// A node: the index of a row, or of an attribute of the element in it. The order is document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub row: usize,
    /// 0 for the node of the row itself, else the 1-based index of an attribute.
    pub attribute: usize,
}

/// A node of the page that is no attribute.
pub(super) struct Row<'a> {
    pub id: NodeId,
    pub kind: &'a Kind,
    pub parent: Option<usize>,
    /// The index after the last row of the subtree.
    pub end: usize,
    pub attributes: Vec<(&'a str, &'a str)>,
}

/// The nodes of a page.
pub(in super::super) struct Tree<'a> {
    pub(super) rows: Vec<Row<'a>>,
}

impl<'a> Tree<'a> {
    /// Collects the nodes of `document`.
    pub(in super::super) fn new(document: &'a Html) -> Self {
        let mut rows: Vec<Row<'a>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for edge in document.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let attributes = node
                        .value()
                        .as_element()
                        .map(|element| element.attrs().collect())
                        .unwrap_or_default();
                    rows.push(Row {
                        id: node.id(),
                        kind: node.value(),
                        parent: open.last().copied(),
                        end: 0,
                        attributes,
                    });
                    open.push(rows.len() - 1);
                }
                Edge::Close(_) => {
                    let end = rows.len();
                    if let Some(row) = open.pop().and_then(|row| rows.get_mut(row)) {
                        row.end = end;
                    }
                }
            }
        }
        Self { rows }
    }

    /// Returns the name of an element or attribute.
    pub(super) fn name(&self, node: Node) -> &'a str {
        let Some(row) = self.rows.get(node.row) else { return "" };
        match node.attribute.checked_sub(1) {
            Some(attribute) => row.attributes.get(attribute).map_or("", |(name, _)| name),
            None => row.kind.as_element().map_or("", |element| element.name()),
        }
    }
}
