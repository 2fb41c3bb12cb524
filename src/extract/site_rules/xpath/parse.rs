//! The parser: from tokens to the expression tree (the grammar of `XPath` 1.0).

use super::function::Function;
use super::token::{Token, tokens};

/// Longer expressions are refused; the longest in known rule files is a tenth of it.
const MAX_EXPRESSION_BYTES: usize = 4_000;
/// The maximum nesting depth, so that neither parsing nor evaluation can exhaust the stack.
const MAX_DEPTH: usize = 24;
/// The maximum number of operators in a chain: each nests the operands before it one level deeper.
const MAX_CHAIN_OPERATORS: usize = 200;

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// A binary operation.
    Binary(Operator, Box<(Expr, Expr)>),
    /// Unary minus.
    Minus(Box<Expr>),
    /// A string literal.
    String(String),
    /// A number literal.
    Number(f64),
    /// A function call with its arguments.
    Call(Function, Vec<Expr>),
    /// A location path.
    Path(Start, Vec<Step>),
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
    Union,
}

/// The start of a location path.
#[derive(Debug, Clone)]
pub(super) enum Start {
    /// The root node.
    Root,
    /// The context node.
    ContextNode,
    /// The node-set of an expression, filtered by predicates.
    Nodes(Box<Expr>, Vec<Expr>),
}

/// One step of a location path.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: NodeTest,
    pub predicates: Vec<Expr>,
}

/// An axis (`XPath` 1.0, section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    SelfNode,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Attribute,
}

/// A node test (`XPath` 1.0, section 2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NodeTest {
    /// `*`: any element, or any attribute.
    Any,
    /// A name, in lower case as the HTML parser writes names.
    Name(String),
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()`.
    Comment,
}

const AXES: &[(&str, Axis)] = &[
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("self", Axis::SelfNode),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("following", Axis::Following),
    ("preceding", Axis::Preceding),
    ("attribute", Axis::Attribute),
];

/// The binary operators by precedence, the lowest first.
const PRECEDENCE_LEVELS: &[&[(&str, Operator)]] = &[
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::Unequal)],
    &[
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times), ("div", Operator::Div), ("mod", Operator::Mod)],
];

/// Parses an expression.
///
/// # Errors
/// A message that says what is wrong.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > MAX_EXPRESSION_BYTES {
        return Err(format!("it is longer than {MAX_EXPRESSION_BYTES} bytes"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.level(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("{} is one too many", display_token(token))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let is_next = self.peek_is(symbol);
        self.at += usize::from(is_next);
        is_next
    }

    fn require(&mut self, symbol: &str) -> Result<(), String> {
        if self.accept(symbol) {
            return Ok(());
        }
        let found = self.peek().map_or("the end".to_owned(), display_token);
        Err(format!("`{symbol}` is missing before {found}"))
    }

    /// Parses a nested expression.
    fn nested(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH}"));
        }
        let expr = self.level(0);
        self.depth -= 1;
        expr
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = PRECEDENCE_LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.level(level + 1)?;
        let mut operators_seen = 0;
        while let Some(operator) = self.operator(operators) {
            operators_seen += 1;
            if operators_seen > MAX_CHAIN_OPERATORS {
                return Err(format!("more than {MAX_CHAIN_OPERATORS} operands stand side by side"));
            }
            let right = self.level(level + 1)?;
            left = Expr::Binary(operator, Box::new((left, right)));
        }
        Ok(left)
    }

    /// Accepts one of `operators`. In operator position `and`, `div` and `*` are operators, elsewhere they are names (`XPath` 1.0, section 3.7).
    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let word = match self.peek()? {
            Token::Symbol(symbol) => *symbol,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        let operator = operators.iter().find(|(name, _)| *name == word)?.1;
        self.at += 1;
        Some(operator)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        let mut minus = false;
        while self.accept("-") {
            minus = !minus;
        }
        let mut left = self.path()?;
        let mut operators_seen = 0;
        while self.accept("|") {
            operators_seen += 1;
            if operators_seen > MAX_CHAIN_OPERATORS {
                return Err(format!("more than {MAX_CHAIN_OPERATORS} operands stand side by side"));
            }
            let right = self.path()?;
            left = Expr::Binary(Operator::Union, Box::new((left, right)));
        }
        Ok(if minus { Expr::Minus(Box::new(left)) } else { left })
    }

    fn path(&mut self) -> Result<Expr, String> {
        if self.accept("//") {
            return self.steps(Start::Root, vec![descendant_or_self_step()]);
        }
        if self.accept("/") {
            if self.starts_step() {
                return self.steps(Start::Root, Vec::new());
            }
            return Ok(Expr::Path(Start::Root, Vec::new()));
        }
        let Some(primary) = self.primary()? else {
            return self.steps(Start::ContextNode, Vec::new());
        };
        let predicates = self.predicates()?;
        let continues = self.peek_is("/") || self.peek_is("//");
        if predicates.is_empty() && !continues {
            return Ok(primary);
        }
        let start = Start::Nodes(Box::new(primary), predicates);
        if self.accept("//") {
            self.steps(start, vec![descendant_or_self_step()])
        } else if self.accept("/") {
            self.steps(start, Vec::new())
        } else {
            Ok(Expr::Path(start, Vec::new()))
        }
    }

    /// Parses a primary expression: a literal, a number, parentheses or a function call; `None` where a location path follows.
    fn primary(&mut self) -> Result<Option<Expr>, String> {
        let expr = match self.peek() {
            Some(Token::String(text)) => Expr::String(text.clone()),
            Some(Token::Number(number)) => Expr::Number(*number),
            Some(Token::Symbol("(")) => {
                self.at += 1;
                let expr = self.nested()?;
                self.require(")")?;
                return Ok(Some(expr));
            }
            Some(Token::Name(name))
                if matches!(self.tokens.get(self.at + 1), Some(Token::Symbol("(")))
                    && !matches!(name.as_str(), "node" | "text" | "comment" | "processing-instruction") =>
            {
                let function = Function::from_name(name).ok_or_else(|| format!("`{name}()` is not a function of XPath 1.0"))?;
                self.at += 2;
                return Ok(Some(Expr::Call(function, self.arguments(function)?)));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(expr))
    }

    fn arguments(&mut self, function: Function) -> Result<Vec<Expr>, String> {
        let mut arguments = Vec::new();
        while !self.accept(")") {
            if !arguments.is_empty() {
                self.require(",")?;
            }
            arguments.push(self.nested()?);
        }
        if function.arity().contains(&arguments.len()) {
            Ok(arguments)
        } else {
            Err(format!("`{}()` does not take {} arguments", function.name(), arguments.len()))
        }
    }

    fn starts_step(&self) -> bool {
        matches!(self.peek(), Some(Token::Name(_) | Token::Symbol("*" | "@" | "." | "..")))
    }

    fn steps(&mut self, start: Start, mut steps: Vec<Step>) -> Result<Expr, String> {
        loop {
            let step = self.step()?;
            push_step(&mut steps, step);
            if self.accept("//") {
                steps.push(descendant_or_self_step());
            } else if !self.accept("/") {
                return Ok(Expr::Path(start, steps));
            }
        }
    }

    fn step(&mut self) -> Result<Step, String> {
        if self.accept("..") {
            return Ok(node_step(Axis::Parent));
        }
        if self.accept(".") {
            return Ok(node_step(Axis::SelfNode));
        }
        let mut axis = Axis::Child;
        if self.accept("@") {
            axis = Axis::Attribute;
        } else if let (Some(Token::Name(name)), Some(Token::Symbol("::"))) = (self.peek(), self.tokens.get(self.at + 1)) {
            let known = AXES.iter().find(|(known, _)| known == name);
            axis = known.ok_or_else(|| format!("`{name}::` is not an axis that is followed"))?.1;
            self.at += 2;
        }
        let test = self.test()?;
        let predicates = self.predicates()?;
        Ok(Step { axis, test, predicates })
    }

    fn test(&mut self) -> Result<NodeTest, String> {
        let test = match self.peek() {
            Some(Token::Symbol("*")) => NodeTest::Any,
            Some(Token::Name(name)) => {
                let kind = match name.as_str() {
                    "node" => NodeTest::Node,
                    "text" => NodeTest::Text,
                    "comment" => NodeTest::Comment,
                    _ => NodeTest::Name(name.to_lowercase()),
                };
                if kind != NodeTest::Name(name.to_lowercase()) && matches!(self.tokens.get(self.at + 1), Some(Token::Symbol("("))) {
                    self.at += 2;
                    self.require(")")?;
                    return Ok(kind);
                }
                NodeTest::Name(name.to_lowercase())
            }
            Some(token) => return Err(format!("a step cannot begin with {}", display_token(token))),
            None => return Err("a step is missing at the end".to_owned()),
        };
        self.at += 1;
        Ok(test)
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, String> {
        let mut predicates = Vec::new();
        while self.accept("[") {
            predicates.push(self.nested()?);
            self.require("]")?;
        }
        Ok(predicates)
    }
}

/// Appends a step. `//p` becomes one step on the descendant axis, unless a predicate depends on the position: then the two forms differ.
fn push_step(steps: &mut Vec<Step>, mut step: Step) {
    let after_any = steps
        .last()
        .is_some_and(|last| last.axis == Axis::DescendantOrSelf && last.test == NodeTest::Node && last.predicates.is_empty());
    if after_any && step.axis == Axis::Child && !step.predicates.iter().any(is_positional) {
        steps.pop();
        step.axis = Axis::Descendant;
    }
    steps.push(step);
}

/// Returns whether a predicate may depend on the context position or size.
fn is_positional(expr: &Expr) -> bool {
    match expr {
        // Inner paths have contexts of their own, and their node-sets convert to booleans.
        Expr::String(_) | Expr::Path(Start::Root | Start::ContextNode, _) => false,
        Expr::Binary(operator, operands) => {
            let arithmetic = matches!(
                operator,
                Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod
            );
            arithmetic || contains_position_call(&operands.0) || contains_position_call(&operands.1)
        }
        Expr::Call(function, arguments) => function.gives_number() || arguments.iter().any(contains_position_call),
        Expr::Number(_) | Expr::Minus(_) | Expr::Path(..) => true,
    }
}

fn contains_position_call(expr: &Expr) -> bool {
    match expr {
        Expr::String(_) | Expr::Number(_) | Expr::Path(Start::Root | Start::ContextNode, _) => false,
        Expr::Binary(_, operands) => contains_position_call(&operands.0) || contains_position_call(&operands.1),
        Expr::Minus(inner) => contains_position_call(inner),
        Expr::Call(function, arguments) => {
            matches!(function, Function::Position | Function::Last) || arguments.iter().any(contains_position_call)
        }
        Expr::Path(..) => true,
    }
}

fn descendant_or_self_step() -> Step {
    node_step(Axis::DescendantOrSelf)
}

fn node_step(axis: Axis) -> Step {
    Step {
        axis,
        test: NodeTest::Node,
        predicates: Vec::new(),
    }
}

fn display_token(token: &Token) -> String {
    match token {
        Token::Symbol(symbol) => format!("`{symbol}`"),
        Token::Name(name) => format!("`{name}`"),
        Token::String(text) => format!("\"{text}\""),
        Token::Number(number) => format!("`{number}`"),
    }
}
