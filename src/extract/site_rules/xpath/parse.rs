//! From the words of an expression to its tree (the grammar of `XPath` 1.0).

use super::function::Function;
use super::token::{Token, tokens};

/// The longest expression, in bytes: the longest one in use is a tenth of it.
pub(super) const MAX_LENGTH: usize = 4_000;
/// How deep an expression may be nested, so that neither reading nor judging it can exhaust the stack.
const MAX_DEPTH: usize = 24;
/// How many words one level may hold: each may put one more box around what stands before it.
const MAX_CHAIN: usize = 200;

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// Two operands and what stands between them.
    Two(Operator, Box<(Expr, Expr)>),
    /// A minus before an operand.
    Minus(Box<Expr>),
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A function and what it is given.
    Call(Function, Vec<Expr>),
    /// A way through the tree.
    Path(Start, Vec<Step>),
}

/// What stands between two operands.
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

/// Where a path begins.
#[derive(Debug, Clone)]
pub(super) enum Start {
    /// At the top of the document.
    Root,
    /// At the node in question.
    Here,
    /// At the nodes that an expression gives, narrowed by predicates.
    Nodes(Box<Expr>, Vec<Expr>),
}

/// One step of a path.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Itself,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    Attribute,
}

/// Which nodes of an axis are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// Any element, or any attribute.
    Any,
    /// One name, in lower case as the parser of pages writes it.
    Named(String),
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
    ("self", Axis::Itself),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("following", Axis::Following),
    ("preceding", Axis::Preceding),
    ("attribute", Axis::Attribute),
];

/// The operators by how tightly they bind, the loosest first.
const LEVELS: &[&[(&str, Operator)]] = &[
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

/// Reads an expression.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!("it is longer than {MAX_LENGTH} bytes"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let expr = parser.level(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(token) => Err(format!("{} is one too many", shown(token))),
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

    fn sees(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let seen = self.sees(sign);
        self.at += usize::from(seen);
        seen
    }

    fn needs(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) {
            return Ok(());
        }
        let found = self.peek().map_or("the end".to_owned(), shown);
        Err(format!("`{sign}` is missing before {found}"))
    }

    /// Reads a whole expression within another one.
    fn inner(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH}"));
        }
        let expr = self.level(0);
        self.depth -= 1;
        expr
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.level(level + 1)?;
        let mut links = 0;
        while let Some(operator) = self.operator(operators) {
            links += 1;
            if links > MAX_CHAIN {
                return Err(format!("more than {MAX_CHAIN} operands stand side by side"));
            }
            let right = self.level(level + 1)?;
            left = Expr::Two(operator, Box::new((left, right)));
        }
        Ok(left)
    }

    /// Takes an operator; where one may stand, `and`, `div` and `*` are none of the names they would be elsewhere.
    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let word = match self.peek()? {
            Token::Sign(sign) => *sign,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        let operator = operators.iter().find(|(name, _)| *name == word)?.1;
        self.at += 1;
        Some(operator)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        let mut minus = false;
        while self.takes("-") {
            minus = !minus;
        }
        let mut left = self.path()?;
        let mut links = 0;
        while self.takes("|") {
            links += 1;
            if links > MAX_CHAIN {
                return Err(format!("more than {MAX_CHAIN} operands stand side by side"));
            }
            let right = self.path()?;
            left = Expr::Two(Operator::Union, Box::new((left, right)));
        }
        Ok(if minus { Expr::Minus(Box::new(left)) } else { left })
    }

    fn path(&mut self) -> Result<Expr, String> {
        if self.takes("//") {
            return self.steps(Start::Root, vec![any_below()]);
        }
        if self.takes("/") {
            if self.begins_step() {
                return self.steps(Start::Root, Vec::new());
            }
            return Ok(Expr::Path(Start::Root, Vec::new()));
        }
        let Some(primary) = self.primary()? else {
            return self.steps(Start::Here, Vec::new());
        };
        let predicates = self.predicates()?;
        let goes_on = self.sees("/") || self.sees("//");
        if predicates.is_empty() && !goes_on {
            return Ok(primary);
        }
        let start = Start::Nodes(Box::new(primary), predicates);
        if self.takes("//") {
            self.steps(start, vec![any_below()])
        } else if self.takes("/") {
            self.steps(start, Vec::new())
        } else {
            Ok(Expr::Path(start, Vec::new()))
        }
    }

    /// Reads what is no path in itself: a text, a number, parentheses, a function.
    fn primary(&mut self) -> Result<Option<Expr>, String> {
        let expr = match self.peek() {
            Some(Token::Text(text)) => Expr::Text(text.clone()),
            Some(Token::Number(number)) => Expr::Number(*number),
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.inner()?;
                self.needs(")")?;
                return Ok(Some(inner));
            }
            Some(Token::Name(name))
                if matches!(self.tokens.get(self.at + 1), Some(Token::Sign("(")))
                    && !matches!(name.as_str(), "node" | "text" | "comment" | "processing-instruction") =>
            {
                let function = Function::named(name).ok_or_else(|| format!("`{name}()` is not a function of XPath 1.0"))?;
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
        while !self.takes(")") {
            if !arguments.is_empty() {
                self.needs(",")?;
            }
            arguments.push(self.inner()?);
        }
        if function.takes().contains(&arguments.len()) {
            Ok(arguments)
        } else {
            Err(format!("`{}()` does not take {} arguments", function.name(), arguments.len()))
        }
    }

    fn begins_step(&self) -> bool {
        matches!(self.peek(), Some(Token::Name(_) | Token::Sign("*" | "@" | "." | "..")))
    }

    fn steps(&mut self, start: Start, mut steps: Vec<Step>) -> Result<Expr, String> {
        loop {
            let step = self.step()?;
            push(&mut steps, step);
            if self.takes("//") {
                steps.push(any_below());
            } else if !self.takes("/") {
                return Ok(Expr::Path(start, steps));
            }
        }
    }

    fn step(&mut self) -> Result<Step, String> {
        if self.takes("..") {
            return Ok(node_step(Axis::Parent));
        }
        if self.takes(".") {
            return Ok(node_step(Axis::Itself));
        }
        let mut axis = Axis::Child;
        if self.takes("@") {
            axis = Axis::Attribute;
        } else if let (Some(Token::Name(name)), Some(Token::Sign("::"))) = (self.peek(), self.tokens.get(self.at + 1)) {
            let known = AXES.iter().find(|(known, _)| known == name);
            axis = known.ok_or_else(|| format!("`{name}::` is not an axis that is followed"))?.1;
            self.at += 2;
        }
        let test = self.test()?;
        let predicates = self.predicates()?;
        Ok(Step { axis, test, predicates })
    }

    fn test(&mut self) -> Result<Test, String> {
        let test = match self.peek() {
            Some(Token::Sign("*")) => Test::Any,
            Some(Token::Name(name)) => {
                let kind = match name.as_str() {
                    "node" => Test::Node,
                    "text" => Test::Text,
                    "comment" => Test::Comment,
                    _ => Test::Named(name.to_lowercase()),
                };
                if kind != Test::Named(name.to_lowercase()) && matches!(self.tokens.get(self.at + 1), Some(Token::Sign("("))) {
                    self.at += 2;
                    self.needs(")")?;
                    return Ok(kind);
                }
                Test::Named(name.to_lowercase())
            }
            Some(token) => return Err(format!("a step cannot begin with {}", shown(token))),
            None => return Err("a step is missing at the end".to_owned()),
        };
        self.at += 1;
        Ok(test)
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, String> {
        let mut predicates = Vec::new();
        while self.takes("[") {
            predicates.push(self.inner()?);
            self.needs("]")?;
        }
        Ok(predicates)
    }
}

/// Adds a step; `//p` becomes one walk down instead of one over the children of every node, where that means the same.
fn push(steps: &mut Vec<Step>, mut step: Step) {
    let after_any = steps
        .last()
        .is_some_and(|last| last.axis == Axis::DescendantOrSelf && last.test == Test::Node && last.predicates.is_empty());
    if after_any && step.axis == Axis::Child && !step.predicates.iter().any(asks_for_place) {
        steps.pop();
        step.axis = Axis::Descendant;
    }
    steps.push(step);
}

/// Whether a predicate may depend on a node's place among others.
fn asks_for_place(expr: &Expr) -> bool {
    match expr {
        // Paths within have places of their own, and give nodes, which count as true or false.
        Expr::Text(_) | Expr::Path(Start::Root | Start::Here, _) => false,
        Expr::Two(operator, both) => {
            let arithmetic = matches!(
                operator,
                Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod
            );
            arithmetic || mentions_place(&both.0) || mentions_place(&both.1)
        }
        Expr::Call(function, arguments) => function.gives_number() || arguments.iter().any(mentions_place),
        Expr::Number(_) | Expr::Minus(_) | Expr::Path(..) => true,
    }
}

fn mentions_place(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) | Expr::Number(_) | Expr::Path(Start::Root | Start::Here, _) => false,
        Expr::Two(_, both) => mentions_place(&both.0) || mentions_place(&both.1),
        Expr::Minus(inner) => mentions_place(inner),
        Expr::Call(function, arguments) => matches!(function, Function::Position | Function::Last) || arguments.iter().any(mentions_place),
        Expr::Path(..) => true,
    }
}

fn any_below() -> Step {
    node_step(Axis::DescendantOrSelf)
}

fn node_step(axis: Axis) -> Step {
    Step {
        axis,
        test: Test::Node,
        predicates: Vec::new(),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Sign(sign) => format!("`{sign}`"),
        Token::Name(name) => format!("`{name}`"),
        Token::Text(text) => format!("\"{text}\""),
        Token::Number(number) => format!("`{number}`"),
    }
}
