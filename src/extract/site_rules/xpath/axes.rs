//! The axes and node tests of a step (`XPath` 1.0, sections 2.2 and 2.3).

use super::eval::{Judge, OutOfFuel, row};
use super::parse::{Axis, Step, Test};
use super::tree::Node;

impl Judge<'_, '_> {
    /// Returns the nodes of a step's axis that pass its test, the nearest first.
    pub(super) fn near(self, node: Node, step: &Step) -> Result<Vec<Node>, OutOfFuel> {
        let mut found = Vec::new();
        let attribute = step.axis == Axis::Attribute;
        let mut see = |near: Node| {
            self.fuel.consume(1)?;
            if self.passes(near, &step.test, attribute) {
                found.push(near);
            }
            Ok(())
        };
        let rows = &self.tree.rows;
        let Some(here) = rows.get(node.row) else { return Ok(found) };
        let is_row = node.attribute == 0;
        let parent = if is_row { here.parent } else { Some(node.row) };
        match step.axis {
            Axis::Itself => see(node)?,
            Axis::Parent => parent.map_or(Ok(()), |parent| see(row(parent)))?,
            Axis::Ancestor | Axis::AncestorOrSelf => {
                if step.axis == Axis::AncestorOrSelf {
                    see(node)?;
                }
                let mut next = parent;
                while let Some(above) = next {
                    see(row(above))?;
                    next = rows.get(above).and_then(|row| row.parent);
                }
            }
            Axis::Attribute if is_row => {
                for attribute in 1..=here.attributes.len() {
                    see(Node { row: node.row, attribute })?;
                }
            }
            Axis::DescendantOrSelf if !is_row => see(node)?,
            Axis::Descendant | Axis::DescendantOrSelf if is_row => {
                let first = node.row + usize::from(step.axis == Axis::Descendant);
                for below in first..here.end {
                    see(row(below))?;
                }
            }
            Axis::Child if is_row => {
                let mut next = node.row + 1;
                while next < here.end {
                    see(row(next))?;
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
                    see(row(next))?;
                    next = rows.get(next).map_or(end, |row| row.end);
                }
            }
            Axis::PrecedingSibling if is_row => self.before(node.row, here.parent, &mut see)?,
            Axis::Following if is_row => {
                for next in here.end..rows.len() {
                    see(row(next))?;
                }
            }
            Axis::Preceding if is_row => {
                for before in (0..node.row).rev() {
                    if rows.get(before).is_some_and(|row| row.end <= node.row) {
                        see(row(before))?;
                    } else {
                        self.fuel.consume(1)?;
                    }
                }
            }
            _ => {}
        }
        Ok(found)
    }

    fn before(self, at: usize, parent: Option<usize>, see: &mut impl FnMut(Node) -> Result<(), OutOfFuel>) -> Result<(), OutOfFuel> {
        let Some(parent) = parent else { return Ok(()) };
        let mut siblings = Vec::new();
        let mut next = parent + 1;
        while next < at {
            self.fuel.consume(1)?;
            siblings.push(next);
            next = self.tree.rows.get(next).map_or(at, |row| row.end);
        }
        siblings.into_iter().rev().try_for_each(|sibling| see(row(sibling)))
    }

    fn passes(self, node: Node, test: &Test, attribute: bool) -> bool {
        let Some(found) = self.tree.rows.get(node.row) else { return false };
        let is_principal = attribute || (node.attribute == 0 && found.kind.is_element());
        match test {
            Test::Node => true,
            Test::Any => is_principal,
            Test::Named(name) => is_principal && self.tree.name(node).eq_ignore_ascii_case(name),
            Test::Text => node.attribute == 0 && found.kind.is_text(),
            Test::Comment => node.attribute == 0 && found.kind.is_comment(),
        }
    }
}
