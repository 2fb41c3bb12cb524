//! Judges an expression on a page, and stops when that has cost too much.

use super::function::Function;
use super::parse::{Expr, Operator, Start, Step};
use super::tree::{Node, Tree};
use super::value::{Value, counted, number_of, rounded, sorted};
use scraper::Node as Kind;
use std::cell::Cell;

/// The work that is allowed; it falls with each node that is looked at and each eight bytes of text that are copied.
#[derive(Debug)]
pub(in super::super) struct Fuel(Cell<u64>);

/// The work ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct OutOfFuel;

impl Fuel {
    /// Allows that much work.
    pub(in super::super) const fn new(steps: u64) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes some of it.
    pub(in super::super) fn consume(&self, steps: usize) -> Result<(), OutOfFuel> {
        let left = self.0.get().checked_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(OutOfFuel)
    }
}

/// Where an expression is judged.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub node: Node,
    pub position: usize,
    pub size: usize,
}

/// A page and the work that is left for it.
#[derive(Clone, Copy)]
pub(super) struct Judge<'t, 'a> {
    pub tree: &'t Tree<'a>,
    pub fuel: &'t Fuel,
}

pub(super) const fn row(row: usize) -> Node {
    Node { row, attribute: 0 }
}

impl Judge<'_, '_> {
    /// Returns what `expr` gives at `spot`. The depth of the recursion is that of the expression, which its reader bounds.
    pub(super) fn value(self, expr: &Expr, spot: Spot) -> Result<Value, OutOfFuel> {
        self.fuel.consume(1)?;
        Ok(match expr {
            Expr::Text(text) => {
                self.fuel.consume(text.len() / 8)?;
                Value::Text(text.clone())
            }
            Expr::Number(number) => Value::Number(*number),
            Expr::Minus(inner) => Value::Number(-self.number(inner, spot)?),
            Expr::Two(operator, both) => self.two(*operator, &both.0, &both.1, spot)?,
            Expr::Call(function, arguments) => self.call(*function, arguments, spot)?,
            Expr::Path(start, steps) => Value::Nodes(self.path(start, steps, spot)?),
        })
    }

    fn nodes(self, expr: &Expr, spot: Spot) -> Result<Vec<Node>, OutOfFuel> {
        // A text or a number where nodes are wanted is a mistake in the rule; it stands for none.
        Ok(match self.value(expr, spot)? {
            Value::Nodes(nodes) => nodes,
            _ => Vec::new(),
        })
    }

    fn number(self, expr: &Expr, spot: Spot) -> Result<f64, OutOfFuel> {
        let value = self.value(expr, spot)?;
        self.number_of(value)
    }

    fn text(self, expr: &Expr, spot: Spot) -> Result<String, OutOfFuel> {
        let value = self.value(expr, spot)?;
        self.string_value(value)
    }

    fn truth(self, expr: &Expr, spot: Spot) -> Result<bool, OutOfFuel> {
        Ok(truth_of(&self.value(expr, spot)?))
    }

    fn number_of(self, value: Value) -> Result<f64, OutOfFuel> {
        Ok(match value {
            Value::Number(number) => number,
            Value::Truth(truth) => f64::from(u8::from(truth)),
            other => number_of(&self.string_value(other)?),
        })
    }

    pub(super) fn string_value(self, value: Value) -> Result<String, OutOfFuel> {
        Ok(match value {
            Value::Text(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Truth(truth) => truth.to_string(),
            Value::Nodes(nodes) => match nodes.first() {
                Some(node) => self.string(*node)?,
                None => String::new(),
            },
        })
    }

    /// Returns the text of a node: that of an attribute, or all text below.
    pub(super) fn string(self, node: Node) -> Result<String, OutOfFuel> {
        let Some(found) = self.tree.rows.get(node.row) else {
            return Ok(String::new());
        };
        if let Some(attribute) = node.attribute.checked_sub(1) {
            let text = found.attributes.get(attribute).map_or("", |(_, value)| value);
            self.fuel.consume(text.len() / 8)?;
            return Ok(text.to_owned());
        }
        if let Kind::Comment(comment) = found.kind {
            self.fuel.consume(comment.len() / 8)?;
            return Ok(comment.to_string());
        }
        let mut text = String::new();
        self.fuel.consume(found.end - node.row)?;
        for below in self.tree.rows.get(node.row..found.end).unwrap_or_default() {
            if let Kind::Text(part) = below.kind {
                self.fuel.consume(part.len() / 8)?;
                text.push_str(part);
            }
        }
        Ok(text)
    }

    fn two(self, operator: Operator, left: &Expr, right: &Expr, spot: Spot) -> Result<Value, OutOfFuel> {
        Ok(match operator {
            Operator::Or => Value::Truth(self.truth(left, spot)? || self.truth(right, spot)?),
            Operator::And => Value::Truth(self.truth(left, spot)? && self.truth(right, spot)?),
            Operator::Union => {
                let mut nodes = self.nodes(left, spot)?;
                nodes.extend(self.nodes(right, spot)?);
                Value::Nodes(sorted(nodes))
            }
            Operator::Plus => Value::Number(self.number(left, spot)? + self.number(right, spot)?),
            Operator::Minus => Value::Number(self.number(left, spot)? - self.number(right, spot)?),
            Operator::Times => Value::Number(self.number(left, spot)? * self.number(right, spot)?),
            Operator::Div => Value::Number(self.number(left, spot)? / self.number(right, spot)?),
            Operator::Mod => Value::Number(self.number(left, spot)? % self.number(right, spot)?),
            compare => {
                let (left, right) = (self.value(left, spot)?, self.value(right, spot)?);
                Value::Truth(self.compare(compare, left, right)?)
            }
        })
    }

    /// Compares; of nodes it is enough that one fits (`XPath` 1.0, section 3.4).
    fn compare(self, operator: Operator, left: Value, right: Value) -> Result<bool, OutOfFuel> {
        match (left, right) {
            (Value::Nodes(nodes), Value::Truth(truth)) | (Value::Truth(truth), Value::Nodes(nodes)) => {
                self.single(operator, Value::Truth(!nodes.is_empty()), Value::Truth(truth))
            }
            (Value::Nodes(nodes), other) => {
                for node in nodes {
                    let text = Value::Text(self.string(node)?);
                    if self.compare(operator, text, self.copied(&other)?)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (other, Value::Nodes(nodes)) => {
                for node in nodes {
                    let text = Value::Text(self.string(node)?);
                    if self.single(operator, self.copied(&other)?, text)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (left, right) => self.single(operator, left, right),
        }
    }

    fn copied(self, value: &Value) -> Result<Value, OutOfFuel> {
        self.fuel.consume(match value {
            Value::Text(text) => text.len() / 8 + 1,
            Value::Nodes(nodes) => nodes.len(),
            _ => 1,
        })?;
        Ok(value.clone())
    }

    #[expect(clippy::float_cmp, reason = "XPath compares numbers exactly")]
    fn single(self, operator: Operator, left: Value, right: Value) -> Result<bool, OutOfFuel> {
        let equal = match (&left, &right) {
            (Value::Truth(_), _) | (_, Value::Truth(_)) => Some(truth_of(&left) == truth_of(&right)),
            (Value::Text(left), Value::Text(right)) => Some(left == right),
            _ => None,
        };
        match (operator, equal) {
            (Operator::Equal, Some(equal)) => return Ok(equal),
            (Operator::Unequal, Some(equal)) => return Ok(!equal),
            _ => {}
        }
        let (left, right) = (self.number_of(left)?, self.number_of(right)?);
        Ok(match operator {
            Operator::Equal => left == right,
            Operator::Unequal => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            _ => left >= right,
        })
    }

    fn path(self, start: &Start, steps: &[Step], spot: Spot) -> Result<Vec<Node>, OutOfFuel> {
        let mut nodes = match start {
            Start::Root => vec![row(0)],
            Start::Here => vec![spot.node],
            Start::Nodes(expr, predicates) => {
                let found = self.nodes(expr, spot)?;
                self.narrowed(found, predicates)?
            }
        };
        for step in steps {
            let mut found = Vec::new();
            for node in &nodes {
                let near = self.near(*node, step)?;
                found.extend(self.narrowed(near, &step.predicates)?);
            }
            nodes = sorted(found);
        }
        Ok(nodes)
    }

    fn narrowed(self, mut nodes: Vec<Node>, predicates: &[Expr]) -> Result<Vec<Node>, OutOfFuel> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let position = index + 1;
                let holds = match self.value(predicate, Spot { node, position, size })? {
                    Value::Number(number) => (number - counted(position)).abs() < 1e-9,
                    other => truth_of(&other),
                };
                if holds {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    fn call(self, function: Function, arguments: &[Expr], spot: Spot) -> Result<Value, OutOfFuel> {
        let first = |judge: Self| match arguments.first() {
            Some(argument) => judge.value(argument, spot),
            None => Ok(Value::Nodes(vec![spot.node])),
        };
        Ok(match function {
            Function::Last => Value::Number(counted(spot.size)),
            Function::Position => Value::Number(counted(spot.position)),
            Function::True => Value::Truth(true),
            Function::False => Value::Truth(false),
            Function::Boolean => Value::Truth(truth_of(&first(self)?)),
            Function::Not => Value::Truth(!truth_of(&first(self)?)),
            Function::Number => Value::Number(self.number_of(first(self)?)?),
            Function::Floor => Value::Number(self.number_of(first(self)?)?.floor()),
            Function::Ceiling => Value::Number(self.number_of(first(self)?)?.ceil()),
            Function::Round => Value::Number(rounded(self.number_of(first(self)?)?)),
            Function::Count | Function::Sum | Function::Name | Function::LocalName => {
                let Value::Nodes(nodes) = first(self)? else {
                    return Ok(Value::Text(String::new()));
                };
                self.of_nodes(function, &nodes)?
            }
            Function::Id => Value::Nodes(self.with_id(&self.string_value(first(self)?)?)?),
            Function::String => Value::Text(self.string_value(first(self)?)?),
            Function::StringLength => Value::Number(counted(self.string_value(first(self)?)?.chars().count())),
            Function::NormalizeSpace => {
                let text = self.string_value(first(self)?)?;
                Value::Text(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Function::Concat => {
                let mut text = String::new();
                for argument in arguments {
                    let part = self.text(argument, spot)?;
                    self.fuel.consume(part.len() / 8)?;
                    text.push_str(&part);
                }
                Value::Text(text)
            }
            _ => {
                let texts: Vec<String> = arguments
                    .iter()
                    .map(|argument| self.text(argument, spot))
                    .collect::<Result<_, _>>()?;
                self.fuel.consume(texts.iter().map(String::len).sum::<usize>() / 8)?;
                self.of_texts(function, &texts)?
            }
        })
    }

    fn of_nodes(self, function: Function, nodes: &[Node]) -> Result<Value, OutOfFuel> {
        Ok(match function {
            Function::Count => Value::Number(counted(nodes.len())),
            Function::Sum => {
                let mut sum = 0.0;
                for node in nodes {
                    sum += number_of(&self.string(*node)?);
                }
                Value::Number(sum)
            }
            _ => Value::Text(nodes.first().map_or("", |node| self.tree.name(*node)).to_owned()),
        })
    }

    fn with_id(self, ids: &str) -> Result<Vec<Node>, OutOfFuel> {
        let ids: Vec<&str> = ids.split_whitespace().collect();
        let mut found = Vec::new();
        for (at, row_of) in self.tree.rows.iter().enumerate() {
            self.fuel.consume(1 + ids.len())?;
            let id = row_of.attributes.iter().find(|(name, _)| *name == "id");
            if id.is_some_and(|(_, id)| ids.contains(id)) {
                found.push(row(at));
            }
        }
        Ok(found)
    }

    fn of_texts(self, function: Function, texts: &[String]) -> Result<Value, OutOfFuel> {
        let part = |index: usize| texts.get(index).map_or("", String::as_str);
        let (text, other) = (part(0), part(1));
        Ok(match function {
            Function::StartsWith => Value::Truth(text.starts_with(other)),
            Function::Contains => Value::Truth(text.contains(other)),
            Function::SubstringBefore => Value::Text(text.split_once(other).map_or("", |(before, _)| before).to_owned()),
            Function::SubstringAfter => Value::Text(text.split_once(other).map_or("", |(_, after)| after).to_owned()),
            Function::Substring => Value::Text(substring(text, number_of(other), texts.get(2).map(|length| number_of(length)))),
            _ => {
                // Every letter may be compared with the whole list, so that is what it costs.
                self.fuel.consume(text.len().saturating_mul(other.len()) / 8)?;
                Value::Text(translated(text, other, part(2)))
            }
        })
    }
}

fn truth_of(value: &Value) -> bool {
    match value {
        Value::Nodes(nodes) => !nodes.is_empty(),
        Value::Text(text) => !text.is_empty(),
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Truth(truth) => *truth,
    }
}

/// Returns the letters from the place `first` on, of which the first is 1 (`XPath` 1.0, section 4.2).
fn substring(text: &str, first: f64, length: Option<f64>) -> String {
    let from = rounded(first);
    let to = length.map_or(f64::INFINITY, |length| from + rounded(length));
    let within = |index: usize| counted(index + 1) >= from && counted(index + 1) < to;
    text.chars()
        .enumerate()
        .filter(|(index, _)| within(*index))
        .map(|(_, c)| c)
        .collect()
}

fn translated(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    text.chars()
        .filter_map(|c| match from.chars().position(|other| other == c) {
            Some(index) => to.get(index).copied(),
            None => Some(c),
        })
        .collect()
}
