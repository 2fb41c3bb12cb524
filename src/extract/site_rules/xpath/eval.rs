//! Evaluation of an expression on a page, which stops when the fuel is used up.

use super::function::Function;
use super::parse::{Expr, Operator, Start, Step};
use super::tree::{Node, Tree};
use super::value::{Value, count_to_number, in_document_order, parse_number, round};
use scraper::Node as Kind;
use std::cell::Cell;

/// The remaining work. Each visited node and each eight bytes of copied text cost one step.
#[derive(Debug)]
pub(in super::super) struct Fuel(Cell<u64>);

/// The fuel is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct OutOfFuel;

impl Fuel {
    /// Allows `steps` steps of work.
    pub(in super::super) const fn new(steps: u64) -> Self {
        Self(Cell::new(steps))
    }

    /// Consumes `steps` steps.
    ///
    /// # Errors
    /// [`OutOfFuel`] where fewer steps remain.
    pub(in super::super) fn consume(&self, steps: usize) -> Result<(), OutOfFuel> {
        let left = self.0.get().checked_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(OutOfFuel)
    }
}

/// The context of an evaluation (`XPath` 1.0, section 1): the context node, position and size.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub node: Node,
    pub position: usize,
    pub size: usize,
}

/// Evaluates expressions on a page with the remaining fuel.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'t, 'a> {
    pub tree: &'t Tree<'a>,
    pub fuel: &'t Fuel,
}

/// Returns the node of the row with the index `row`.
pub(super) const fn row_node(row: usize) -> Node {
    Node { row, attribute: 0 }
}

impl Evaluator<'_, '_> {
    /// Returns the result of `expr` in `context`. The recursion is as deep as the expression, whose depth the parser limits.
    pub(super) fn value(self, expr: &Expr, context: Context) -> Result<Value, OutOfFuel> {
        self.fuel.consume(1)?;
        Ok(match expr {
            Expr::String(text) => {
                self.fuel.consume(text.len() / 8)?;
                Value::String(text.clone())
            }
            Expr::Number(number) => Value::Number(*number),
            Expr::Minus(inner) => Value::Number(-self.number(inner, context)?),
            Expr::Binary(operator, operands) => self.binary(*operator, &operands.0, &operands.1, context)?,
            Expr::Call(function, arguments) => self.call(*function, arguments, context)?,
            Expr::Path(start, steps) => Value::Nodes(self.path(start, steps, context)?),
        })
    }

    fn nodes(self, expr: &Expr, context: Context) -> Result<Vec<Node>, OutOfFuel> {
        // A result of another type in place of a node-set is an error of the rule; it counts as the empty set.
        Ok(match self.value(expr, context)? {
            Value::Nodes(nodes) => nodes,
            _ => Vec::new(),
        })
    }

    fn number(self, expr: &Expr, context: Context) -> Result<f64, OutOfFuel> {
        let value = self.value(expr, context)?;
        self.to_number(value)
    }

    fn string(self, expr: &Expr, context: Context) -> Result<String, OutOfFuel> {
        let value = self.value(expr, context)?;
        self.to_string(value)
    }

    fn boolean(self, expr: &Expr, context: Context) -> Result<bool, OutOfFuel> {
        Ok(to_boolean(&self.value(expr, context)?))
    }

    fn to_number(self, value: Value) -> Result<f64, OutOfFuel> {
        Ok(match value {
            Value::Number(number) => number,
            Value::Boolean(boolean) => f64::from(u8::from(boolean)),
            other => parse_number(&self.to_string(other)?),
        })
    }

    pub(super) fn to_string(self, value: Value) -> Result<String, OutOfFuel> {
        Ok(match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Boolean(boolean) => boolean.to_string(),
            Value::Nodes(nodes) => match nodes.first() {
                Some(node) => self.node_string(*node)?,
                None => String::new(),
            },
        })
    }

    /// Returns the string-value of a node: the value of an attribute, the content of a comment, or all text in the subtree.
    pub(super) fn node_string(self, node: Node) -> Result<String, OutOfFuel> {
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

    fn binary(self, operator: Operator, left: &Expr, right: &Expr, context: Context) -> Result<Value, OutOfFuel> {
        Ok(match operator {
            Operator::Or => Value::Boolean(self.boolean(left, context)? || self.boolean(right, context)?),
            Operator::And => Value::Boolean(self.boolean(left, context)? && self.boolean(right, context)?),
            Operator::Union => {
                let mut nodes = self.nodes(left, context)?;
                nodes.extend(self.nodes(right, context)?);
                Value::Nodes(in_document_order(nodes))
            }
            Operator::Plus => Value::Number(self.number(left, context)? + self.number(right, context)?),
            Operator::Minus => Value::Number(self.number(left, context)? - self.number(right, context)?),
            Operator::Times => Value::Number(self.number(left, context)? * self.number(right, context)?),
            Operator::Div => Value::Number(self.number(left, context)? / self.number(right, context)?),
            Operator::Mod => Value::Number(self.number(left, context)? % self.number(right, context)?),
            compare => {
                let (left, right) = (self.value(left, context)?, self.value(right, context)?);
                Value::Boolean(self.compare(compare, left, right)?)
            }
        })
    }

    /// Compares two results; for a node-set it suffices that one node compares true (`XPath` 1.0, section 3.4).
    fn compare(self, operator: Operator, left: Value, right: Value) -> Result<bool, OutOfFuel> {
        match (left, right) {
            (Value::Nodes(nodes), Value::Boolean(boolean)) | (Value::Boolean(boolean), Value::Nodes(nodes)) => {
                self.compare_single(operator, Value::Boolean(!nodes.is_empty()), Value::Boolean(boolean))
            }
            (Value::Nodes(nodes), other) => {
                for node in nodes {
                    let text = Value::String(self.node_string(node)?);
                    if self.compare(operator, text, self.copy(&other)?)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (other, Value::Nodes(nodes)) => {
                for node in nodes {
                    let text = Value::String(self.node_string(node)?);
                    if self.compare_single(operator, self.copy(&other)?, text)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (left, right) => self.compare_single(operator, left, right),
        }
    }

    fn copy(self, value: &Value) -> Result<Value, OutOfFuel> {
        self.fuel.consume(match value {
            Value::String(text) => text.len() / 8 + 1,
            Value::Nodes(nodes) => nodes.len(),
            _ => 1,
        })?;
        Ok(value.clone())
    }

    #[expect(clippy::float_cmp, reason = "XPath compares numbers exactly")]
    fn compare_single(self, operator: Operator, left: Value, right: Value) -> Result<bool, OutOfFuel> {
        let equal = match (&left, &right) {
            (Value::Boolean(_), _) | (_, Value::Boolean(_)) => Some(to_boolean(&left) == to_boolean(&right)),
            (Value::String(left), Value::String(right)) => Some(left == right),
            _ => None,
        };
        match (operator, equal) {
            (Operator::Equal, Some(equal)) => return Ok(equal),
            (Operator::Unequal, Some(equal)) => return Ok(!equal),
            _ => {}
        }
        let (left, right) = (self.to_number(left)?, self.to_number(right)?);
        Ok(match operator {
            Operator::Equal => left == right,
            Operator::Unequal => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            _ => left >= right,
        })
    }

    fn path(self, start: &Start, steps: &[Step], context: Context) -> Result<Vec<Node>, OutOfFuel> {
        let mut nodes = match start {
            Start::Root => vec![row_node(0)],
            Start::ContextNode => vec![context.node],
            Start::Nodes(expr, predicates) => {
                let found = self.nodes(expr, context)?;
                self.filter(found, predicates)?
            }
        };
        for step in steps {
            let mut found = Vec::new();
            for node in &nodes {
                let on_axis = self.axis_nodes(*node, step)?;
                found.extend(self.filter(on_axis, &step.predicates)?);
            }
            nodes = in_document_order(found);
        }
        Ok(nodes)
    }

    fn filter(self, mut nodes: Vec<Node>, predicates: &[Expr]) -> Result<Vec<Node>, OutOfFuel> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let position = index + 1;
                let holds = match self.value(predicate, Context { node, position, size })? {
                    Value::Number(number) => (number - count_to_number(position)).abs() < 1e-9,
                    other => to_boolean(&other),
                };
                if holds {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    fn call(self, function: Function, arguments: &[Expr], context: Context) -> Result<Value, OutOfFuel> {
        let first = |evaluator: Self| match arguments.first() {
            Some(argument) => evaluator.value(argument, context),
            None => Ok(Value::Nodes(vec![context.node])),
        };
        Ok(match function {
            Function::Last => Value::Number(count_to_number(context.size)),
            Function::Position => Value::Number(count_to_number(context.position)),
            Function::True => Value::Boolean(true),
            Function::False => Value::Boolean(false),
            Function::Boolean => Value::Boolean(to_boolean(&first(self)?)),
            Function::Not => Value::Boolean(!to_boolean(&first(self)?)),
            Function::Number => Value::Number(self.to_number(first(self)?)?),
            Function::Floor => Value::Number(self.to_number(first(self)?)?.floor()),
            Function::Ceiling => Value::Number(self.to_number(first(self)?)?.ceil()),
            Function::Round => Value::Number(round(self.to_number(first(self)?)?)),
            Function::Count | Function::Sum | Function::Name | Function::LocalName => {
                let Value::Nodes(nodes) = first(self)? else {
                    return Ok(Value::String(String::new()));
                };
                self.call_on_nodes(function, &nodes)?
            }
            Function::Id => Value::Nodes(self.nodes_with_id(&self.to_string(first(self)?)?)?),
            Function::String => Value::String(self.to_string(first(self)?)?),
            Function::StringLength => Value::Number(count_to_number(self.to_string(first(self)?)?.chars().count())),
            Function::NormalizeSpace => {
                let text = self.to_string(first(self)?)?;
                Value::String(text.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            Function::Concat => {
                let mut text = String::new();
                for argument in arguments {
                    let part = self.string(argument, context)?;
                    self.fuel.consume(part.len() / 8)?;
                    text.push_str(&part);
                }
                Value::String(text)
            }
            _ => {
                let texts: Vec<String> = arguments
                    .iter()
                    .map(|argument| self.string(argument, context))
                    .collect::<Result<_, _>>()?;
                self.fuel.consume(texts.iter().map(String::len).sum::<usize>() / 8)?;
                self.call_on_strings(function, &texts)?
            }
        })
    }

    fn call_on_nodes(self, function: Function, nodes: &[Node]) -> Result<Value, OutOfFuel> {
        Ok(match function {
            Function::Count => Value::Number(count_to_number(nodes.len())),
            Function::Sum => {
                let mut sum = 0.0;
                for node in nodes {
                    sum += parse_number(&self.node_string(*node)?);
                }
                Value::Number(sum)
            }
            _ => Value::String(nodes.first().map_or("", |node| self.tree.name(*node)).to_owned()),
        })
    }

    fn nodes_with_id(self, ids: &str) -> Result<Vec<Node>, OutOfFuel> {
        let ids: Vec<&str> = ids.split_whitespace().collect();
        let mut found = Vec::new();
        for (at, row) in self.tree.rows.iter().enumerate() {
            self.fuel.consume(1 + ids.len())?;
            let id = row.attributes.iter().find(|(name, _)| *name == "id");
            if id.is_some_and(|(_, id)| ids.contains(id)) {
                found.push(row_node(at));
            }
        }
        Ok(found)
    }

    fn call_on_strings(self, function: Function, texts: &[String]) -> Result<Value, OutOfFuel> {
        let part = |index: usize| texts.get(index).map_or("", String::as_str);
        let (text, other) = (part(0), part(1));
        Ok(match function {
            Function::StartsWith => Value::Boolean(text.starts_with(other)),
            Function::Contains => Value::Boolean(text.contains(other)),
            Function::SubstringBefore => Value::String(text.split_once(other).map_or("", |(before, _)| before).to_owned()),
            Function::SubstringAfter => Value::String(text.split_once(other).map_or("", |(_, after)| after).to_owned()),
            Function::Substring => Value::String(substring(
                text,
                parse_number(other),
                texts.get(2).map(|length| parse_number(length)),
            )),
            _ => {
                // Each character may be compared with the whole list.
                self.fuel.consume(text.len().saturating_mul(other.len()) / 8)?;
                Value::String(translate(text, other, part(2)))
            }
        })
    }
}

fn to_boolean(value: &Value) -> bool {
    match value {
        Value::Nodes(nodes) => !nodes.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Boolean(boolean) => *boolean,
    }
}

/// Returns the substring from the 1-based position `first` (`XPath` 1.0, section 4.2).
fn substring(text: &str, first: f64, length: Option<f64>) -> String {
    let from = round(first);
    let to = length.map_or(f64::INFINITY, |length| from + round(length));
    let within = |index: usize| count_to_number(index + 1) >= from && count_to_number(index + 1) < to;
    text.chars()
        .enumerate()
        .filter(|(index, _)| within(*index))
        .map(|(_, c)| c)
        .collect()
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    text.chars()
        .filter_map(|c| match from.chars().position(|other| other == c) {
            Some(index) => to.get(index).copied(),
            None => Some(c),
        })
        .collect()
}
