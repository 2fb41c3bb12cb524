//! A topic's rule: its lists and its query, compiled into one tree.

use super::context::RuleContext;
use super::countries::required_countries;
use super::expression::{Clause, Expression, Predicate};
use super::lexer::{QueryError, SpannedToken, Token, tokenize};
use super::pattern::Pattern;
use super::position::Zones;
use super::query::{parse, unknown_concept};
use super::scan::PatternTable;
use super::suggest::nearest;
use crate::config::{ConfigProblem, Placed, Rule};
use crate::model::{Country, Digest128, Digester};
use std::collections::BTreeSet;
use std::ops::Range;

/// Enters every digest; to be raised when the same rule gives other results than before.
const EVALUATION_VERSION: u8 = 2;
/// The number of digits of a digest that name a rule's version.
const VERSION_DIGITS: usize = 8;
/// How deep topics may name each other.
const MAX_TOPIC_DEPTH: usize = 8;

/// A compiled rule of a topic.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    pub(super) root: Expression,
    /// The names of the concepts that it uses.
    concepts: BTreeSet<String>,
    digest: Digest128,
    required_countries: Option<BTreeSet<Country>>,
}

impl CompiledRule {
    /// Returns a digest that changes when the rule does, or a concept or topic that it names.
    #[must_use]
    pub const fn digest(&self) -> Digest128 {
        self.digest
    }

    /// Returns the first digits of the digest, by which people tell one version of a rule from another.
    #[must_use]
    pub fn version(&self) -> String {
        let mut version = self.digest.to_hex();
        version.truncate(VERSION_DIGITS);
        version
    }

    /// Returns countries of which every entry that matches is about one; `None` when an entry may match whatever it is about.
    #[must_use]
    pub const fn required_countries(&self) -> Option<&BTreeSet<Country>> {
        self.required_countries.as_ref()
    }

    /// Returns the names of the concepts that it uses, without the `@`.
    pub(super) fn concept_names(&self) -> impl Iterator<Item = &str> {
        self.concepts.iter().map(String::as_str)
    }
}

/// Compiles a topic's rule. Every list that is given and the query must match. Its patterns are added to `table`.
///
/// # Errors
/// Every mistake in it with its place: an empty term, an unknown concept or field, a query that does not parse, a value that nothing
/// can have.
pub fn compile(rule: &Rule, context: &RuleContext<'_>, table: &mut PatternTable) -> Result<CompiledRule, Vec<ConfigProblem>> {
    let root = expression(rule, context, table, 0)?;
    let mut concepts = BTreeSet::new();
    let mut digester = Digester::new();
    digester.update(&[EVALUATION_VERSION]);
    digest(rule, &mut digester);
    collect(&root, &mut concepts, context, &mut digester);
    for name in &concepts {
        digester.update_terminated(name).update(context.concepts.digest(name).as_bytes());
    }
    Ok(CompiledRule {
        required_countries: required_countries(&root, context.concepts),
        root,
        concepts,
        digest: digester.finish(),
    })
}

/// Compiles the lists and the query of a rule into one expression.
fn expression(rule: &Rule, context: &RuleContext<'_>, table: &mut PatternTable, depth: usize) -> Result<Expression, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let mut parts = Vec::new();
    for term in &rule.about {
        parts.push(compile_about(term, context, table, depth, &mut problems));
    }
    let mut list = |terms: &[Placed]| -> Vec<Expression> {
        terms
            .iter()
            .map(|term| compile_term(term, context, table, depth, &mut problems))
            .collect()
    };
    if !rule.any.is_empty() {
        parts.push(Expression::Any(list(&rule.any)));
    }
    parts.extend(list(&rule.all));
    parts.extend(list(&rule.none).into_iter().map(|part| Expression::Not(Box::new(part))));
    if let Some(query) = &rule.query {
        match parse_resolved(&query.text, context, table, depth) {
            Ok(expression) => parts.push(expression),
            Err(errors) => problems.extend(errors.into_iter().map(|error| to_problem(query, error))),
        }
    }
    match (problems.is_empty(), parts.is_empty()) {
        (false, _) => Err(problems),
        // A topic without a rule holds what editors pin to it.
        (true, true) => Ok(Expression::Any(parts)),
        (true, false) => Ok(Expression::All(parts)),
    }
}

/// Parses a query, and compiles the rules of the topics that it names.
fn parse_resolved(query: &str, context: &RuleContext<'_>, table: &mut PatternTable, depth: usize) -> Result<Expression, Vec<QueryError>> {
    let mut expression = parse(query, context, table)?;
    resolve_topics(&mut expression, context, table, depth).map_err(|error| vec![error])?;
    Ok(expression)
}

/// Compiles the rules of the topics that an expression names. `depth` topics were followed to it.
fn resolve_topics(
    expression: &mut Expression,
    context: &RuleContext<'_>,
    table: &mut PatternTable,
    depth: usize,
) -> Result<(), QueryError> {
    match expression {
        Expression::All(parts) | Expression::Any(parts) => {
            parts.iter_mut().try_for_each(|part| resolve_topics(part, context, table, depth))
        }
        Expression::Not(part) => resolve_topics(part, context, table, depth),
        Expression::Clause(clause) => {
            let Predicate::Topic(topics) = &mut clause.predicate else {
                return Ok(());
            };
            let rules: Result<Vec<Expression>, QueryError> = (topics.ids.iter())
                .map(|id| compile_topic(id, &topics.span, context, table, depth))
                .collect();
            *topics.rules = Expression::Any(rules?);
            Ok(())
        }
    }
}

/// Compiles the rule of a topic that stands at `span` in a query.
fn compile_topic(
    id: &str,
    span: &Range<usize>,
    context: &RuleContext<'_>,
    table: &mut PatternTable,
    depth: usize,
) -> Result<Expression, QueryError> {
    let Some(rule) = context.topics.get(id) else {
        let error = QueryError::new(span.clone(), format!("there is no topic `{id}`"));
        return Err(match nearest(id, context.topics.keys().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("`griot list topics` shows them"),
        });
    };
    if depth >= MAX_TOPIC_DEPTH {
        let error = QueryError::new(span.clone(), format!("the topic `{id}` leads back to itself"));
        return Err(error.help("let one of the topics name no other"));
    }
    expression(rule, context, table, depth + 1).map_err(|problems| {
        match problems
            .into_iter()
            .find(|problem| problem.message.contains("leads back to itself"))
        {
            Some(problem) => QueryError {
                span: span.clone(),
                message: problem.message,
                help: problem.help,
            },
            None => QueryError::new(span.clone(), format!("the rule of the topic `{id}` has mistakes")),
        }
    })
}

/// Adds the texts of a rule.
fn digest(rule: &Rule, digester: &mut Digester) {
    for (number, list) in (0_u8..).zip([&rule.about, &rule.any, &rule.all, &rule.none]) {
        for term in list {
            digester.update(&[number]).update_terminated(&term.text);
        }
    }
    if let Some(query) = &rule.query {
        digester.update(&[4]).update_terminated(&query.text);
    }
}

/// Collects the concepts that an expression uses, and adds the rules of the topics that it names to the digest.
fn collect(expression: &Expression, concepts: &mut BTreeSet<String>, context: &RuleContext<'_>, digester: &mut Digester) {
    let mut inner = |parts: &[Expression]| {
        for part in parts {
            collect(part, concepts, context, digester);
        }
    };
    match expression {
        Expression::All(parts) | Expression::Any(parts) => inner(parts),
        Expression::Not(part) => inner(std::slice::from_ref(part)),
        Expression::Clause(clause) => match &clause.predicate {
            Predicate::Near(parts, _) | Predicate::Same(parts) => inner(parts),
            Predicate::Topic(topics) => {
                inner(std::slice::from_ref(&topics.rules));
                for rule in topics.ids.iter().filter_map(|id| context.topics.get(id)) {
                    digest(rule, digester);
                }
            }
            Predicate::Concept(name, _) => {
                concepts.insert(name.clone());
            }
            _ => {}
        },
    }
}

/// Compiles a term of `about`, which must name a concept.
fn compile_about(
    term: &Placed,
    context: &RuleContext<'_>,
    table: &mut PatternTable,
    depth: usize,
    problems: &mut Vec<ConfigProblem>,
) -> Expression {
    if !term.text.trim().starts_with('@') {
        let text = term.text.trim();
        problems.push(to_problem(
            term,
            QueryError::new(0..term.text.len(), format!("`about` names concepts, and `{text}` is none"))
                .help(format!("write \"@{text}\", or move it to `any` or `all`")),
        ));
    }
    compile_term(term, context, table, depth, problems)
}

/// Compiles a term of a list: a concept, a word or a phrase, or what the query language makes of it when it holds one of its signs.
fn compile_term(
    term: &Placed,
    context: &RuleContext<'_>,
    table: &mut PatternTable,
    depth: usize,
    problems: &mut Vec<ConfigProblem>,
) -> Expression {
    let text = term.text.trim();
    let whole = 0..term.text.len();
    let clause = |predicate| {
        Expression::Clause(Clause {
            written: text.to_owned(),
            boost: 1.0,
            predicate,
        })
    };
    if let Some(name) = text.strip_prefix('@').filter(|name| !name.contains(char::is_whitespace)) {
        let name = name.to_lowercase();
        problems.extend(unknown_concept(&name, &whole, context).map(|error| to_problem(term, error)));
        return clause(Predicate::Concept(name, Zones::TEXT));
    }
    if is_query(text) {
        return match parse_resolved(&term.text, context, table, depth) {
            Ok(expression) => expression,
            Err(errors) => {
                problems.extend(errors.into_iter().map(|error| to_problem(term, error)));
                clause(Predicate::Everything)
            }
        };
    }
    if let Some(flaw) = super::pattern::misplaced_star(text) {
        let error = QueryError::new(whole, flaw).help("a `*` may stand at the end of a word");
        problems.push(to_problem(term, error));
        return clause(Predicate::Everything);
    }
    let Some(pattern) = Pattern::term(text, |_| false) else {
        problems.push(to_problem(term, QueryError::new(whole, format!("`{text}` holds no word"))));
        return clause(Predicate::Everything);
    };
    clause(Predicate::Pattern(table.add(pattern), Zones::TEXT))
}

/// Returns whether a term of a list is more than a word or a phrase: it has a field, a concept, an operator or an expression.
fn is_query(text: &str) -> bool {
    let Ok(tokens) = tokenize(text) else {
        // What is not closed is an error of a query, but an apostrophe or a slash may stand in a phrase.
        return text.starts_with(['/', '(']);
    };
    let is_sign = |spanned: &SpannedToken| {
        matches!(
            spanned.token,
            Token::Open
                | Token::Or
                | Token::And
                | Token::Field(_)
                | Token::Regex(..)
                | Token::Concept(_)
                | Token::Near(_)
                | Token::Same
                | Token::Everything
        ) || (tokens.len() > 1 && matches!(spanned.token, Token::Boost(_) | Token::Quoted(..) | Token::Exact(_)))
            || (spanned.token == Token::Not && spanned.span.start == 0)
    };
    tokens.iter().any(is_sign)
}

/// Turns an error in a term or query into a problem at its place in the file.
fn to_problem(term: &Placed, error: QueryError) -> ConfigProblem {
    let mut place = term.place.clone();
    place.span = span_in_file(&place.span, term.text.len(), error.span);
    ConfigProblem {
        place: Some(place),
        message: error.message,
        help: error.help,
        also: None,
    }
}

/// Returns the byte range in the file of `part` of a text, when the TOML string takes the range `string`.
///
/// When the string contains escapes, offsets in the text are not offsets in the file; then the whole string is returned.
fn span_in_file(string: &Range<usize>, length: usize, part: Range<usize>) -> Range<usize> {
    let opening = match string.len().checked_sub(length) {
        Some(2) => 1,
        Some(6) => 3,
        // A newline directly after the opening three quotes is not part of the text (TOML 1.0, multi-line strings).
        Some(7) => 4,
        _ => return string.clone(),
    };
    let start = string.start + opening;
    start + part.start..(start + part.end).min(string.end)
}
