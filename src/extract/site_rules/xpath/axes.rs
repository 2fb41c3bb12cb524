//! The axes and node tests of a step (`XPath` 1.0, sections 2.2 and 2.3).

use super::eval::{Evaluator, OutOfFuel, row_node};
use super::parse::{Axis, NodeTest, Step};
use super::tree::Node;

impl Evaluator<'_, '_> {
    /// Returns the nodes on the axis of a step that pass its node test, in axis order.
    pub(super) fn axis_nodes(self, node: Node, step: &Step) -> Result<Vec<Node>, OutOfFuel> {
        let mut found = Vec::new();
        let attribute = step.axis == Axis::Attribute;
        let mut visit = |candidate: Node| {
            self.fuel.consume(1)?;
            if self.passes(candidate, &step.test, attribute) {
                found.push(candidate);
            }
            Ok(())
        };
        let rows = &self.tree.rows;
        let Some(here) = rows.get(node.row) else { return Ok(found) };
        let is_row = node.attribute == 0;
        let parent = if is_row { here.parent } else { Some(node.row) };
        match step.axis {
            Axis::SelfNode => visit(node)?,
            Axis::Parent => parent.map_or(Ok(()), |parent| visit(row_node(parent)))?,
            Axis::Ancestor | Axis::AncestorOrSelf => {
                if step.axis == Axis::AncestorOrSelf {
                    visit(node)?;
                }
                let mut next = parent;
                while let Some(above) = next {
                    visit(row_node(above))?;
                    next = rows.get(above).and_then(|row| row.parent);
                }
            }
            Axis::Attribute if is_row => {
                for attribute in 1..=here.attributes.len() {
                    visit(Node { row: node.row, attribute })?;
                }
            }
            Axis::DescendantOrSelf if !is_row => visit(node)?,
            Axis::Descendant | Axis::DescendantOrSelf if is_row => {
                let first = node.row + usize::from(step.axis == Axis::Descendant);
                for below in first..here.end {
                    visit(row_node(below))?;
                }
            }
            Axis::Child if is_row => {
                let mut next = node.row + 1;
                while next < here.end {
                    visit(row_node(next))?;
                    next = rows.get(next).map_or(here.end, |row| row.end);
                }
            }
            Axis::FollowingSibling if is_row => {
                let end = here
                    .parent
                    .and_then(|parent| rows.get(parent))
                    .map_or(here.end, |parent| parent.end);
                let mut next = here.end;
                while next < end {
                    visit(row_node(next))?;
                    next = rows.get(next).map_or(end, |row| row.end);
                }
            }
            Axis::PrecedingSibling if is_row => self.preceding_siblings(node.row, here.parent, &mut visit)?,
            Axis::Following if is_row => {
                for next in here.end..rows.len() {
                    visit(row_node(next))?;
                }
            }
            Axis::Preceding if is_row => {
                for before in (0..node.row).rev() {
                    if rows.get(before).is_some_and(|row| row.end <= node.row) {
                        visit(row_node(before))?;
                    } else {
                        self.fuel.consume(1)?;
                    }
                }
            }
            _ => {}
        }
        Ok(found)
    }

    fn preceding_siblings(
        self,
        at: usize,
        parent: Option<usize>,
        visit: &mut impl FnMut(Node) -> Result<(), OutOfFuel>,
    ) -> Result<(), OutOfFuel> {
        let Some(parent) = parent else { return Ok(()) };
        let mut siblings = Vec::new();
        let mut next = parent + 1;
        while next < at {
            self.fuel.consume(1)?;
            siblings.push(next);
            next = self.tree.rows.get(next).map_or(at, |row| row.end);
        }
        siblings.into_iter().rev().try_for_each(|sibling| visit(row_node(sibling)))
    }

    fn passes(self, node: Node, test: &NodeTest, attribute: bool) -> bool {
        let Some(found) = self.tree.rows.get(node.row) else { return false };
        let is_principal = attribute || (node.attribute == 0 && found.kind.is_element());
        match test {
            NodeTest::Node => true,
            NodeTest::Any => is_principal,
            NodeTest::Name(name) => is_principal && self.tree.name(node).eq_ignore_ascii_case(name),
            NodeTest::Text => node.attribute == 0 && found.kind.is_text(),
            NodeTest::Comment => node.attribute == 0 && found.kind.is_comment(),
        }
    }
}
