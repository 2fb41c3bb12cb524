//! The parser of the query language: tokens → a tree of clauses. `evaluate` says which entries a clause matches.

use super::context::RuleContext;
use super::expression::{Clause, Expression, Predicate, TopicClause};
use super::field::{self, FIELDS, Field, FieldKind, field};
use super::lexer::{QueryError, SpannedToken, Token, tokenize};
use super::pattern::{Pattern, misplaced_star};
use super::position::Zones;
use super::scan::PatternTable;
use super::suggest::nearest;
use super::value;
use regex::RegexBuilder;
use std::ops::Range;

/// How deep parentheses, negations and fields may be nested.
const MAX_DEPTH: usize = 50;
/// How long a query may be, in bytes.
const MAX_QUERY_BYTES: usize = 20_000;
/// How large a compiled regular expression may be, in bytes.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// Parses a query.
///
/// # Errors
/// Every mistake that was found; parsing goes on after an unknown field or concept.
pub(super) fn parse(query: &str, context: &RuleContext<'_>, table: &mut PatternTable) -> Result<Expression, Vec<QueryError>> {
    check_length(query)?;
    let tokens = tokenize(query).map_err(|error| vec![error])?;
    if tokens.is_empty() {
        return Err(vec![
            QueryError::new(0..query.len(), "the query is empty").help("`*` matches everything"),
        ]);
    }
    parse_tokens(query, &tokens, context, table)
}

/// Checks that a query has no more than [`MAX_QUERY_BYTES`].
///
/// # Errors
/// The whole query.
pub(super) fn check_length(query: &str) -> Result<(), Vec<QueryError>> {
    if query.len() > MAX_QUERY_BYTES {
        let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes");
        return Err(vec![QueryError::new(0..query.len(), message)]);
    }
    Ok(())
}

/// Parses the tokens of a query.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_tokens(
    query: &str,
    tokens: &[SpannedToken],
    context: &RuleContext<'_>,
    table: &mut PatternTable,
) -> Result<Expression, Vec<QueryError>> {
    let mut parser = Parser {
        query,
        tokens,
        at: 0,
        depth: 0,
        context,
        table,
        errors: Vec::new(),
    };
    let expression = parser.parse_or(None).and_then(|expression| match parser.peek() {
        None => Ok(expression),
        Some(extra) => Err(QueryError::new(extra.span.clone(), "this parenthesis closes nothing")),
    });
    let mut errors = std::mem::take(&mut parser.errors);
    match expression {
        Ok(expression) if errors.is_empty() => Ok(expression),
        Ok(_) => Err(errors),
        Err(error) => {
            errors.push(error);
            Err(errors)
        }
    }
}

struct Parser<'a> {
    query: &'a str,
    tokens: &'a [SpannedToken],
    at: usize,
    depth: usize,
    context: &'a RuleContext<'a>,
    table: &'a mut PatternTable,
    /// Mistakes after which parsing goes on.
    errors: Vec<QueryError>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a SpannedToken> {
        self.tokens.get(self.at)
    }

    fn end(&self) -> Range<usize> {
        let end = self.query.len();
        end.saturating_sub(1)..end
    }

    /// Parses `a b OR c`: alternatives, each of one or more parts.
    fn parse_or(&mut self, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let mut parts = vec![self.parse_and(field)?];
        while self.peek().is_some_and(|spanned| spanned.token == Token::Or) {
            self.at += 1;
            parts.push(self.parse_and(field)?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Expression::Any(parts)
        })
    }

    /// Parses parts that must all match, up to an OR or a closing parenthesis.
    fn parse_and(&mut self, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let mut parts = Vec::new();
        // Where the last part begins in the query.
        let mut start = 0;
        while let Some(spanned) = self.peek() {
            match spanned.token {
                Token::Or | Token::Close => break,
                Token::And if !parts.is_empty() => self.at += 1,
                Token::Near(_) if !parts.is_empty() => {
                    let left = parts.pop().unwrap_or(Expression::All(Vec::new()));
                    parts.push(self.parse_near(left, start, field)?);
                }
                _ => {
                    start = spanned.span.start;
                    parts.push(self.parse_unary(field)?);
                }
            }
        }
        match parts.len() {
            0 => {
                let span = self.peek().map_or_else(|| self.end(), |spanned| spanned.span.clone());
                Err(QueryError::new(span, "a word is missing here"))
            }
            1 => Ok(parts.remove(0)),
            _ => Ok(Expression::All(parts)),
        }
    }

    fn parse_unary(&mut self, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let expression = self.parse_primary(field)?;
        Ok(self.parse_boost(expression))
    }

    /// Parses a part without the boost that may follow.
    fn parse_primary(&mut self, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let Some(spanned) = self.peek() else {
            return Err(QueryError::new(self.end(), "a word is missing here"));
        };
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(QueryError::new(
                spanned.span.clone(),
                format!("more than {MAX_DEPTH} parts stand in each other"),
            ));
        }
        let expression = match &spanned.token {
            Token::Not => Expression::Not(Box::new(self.parse_unary(field)?)),
            Token::Open => self.parse_group(spanned, field)?,
            Token::Near(distance) => {
                let parts = self.parse_parts(spanned, field)?;
                self.joined(spanned, spanned.span.start, |parts| Predicate::Near(parts, *distance), parts)?
            }
            Token::Same => {
                let parts = self.parse_parts(spanned, field)?;
                self.joined(spanned, spanned.span.start, Predicate::Same, parts)?
            }
            Token::Field(name) => self.parse_field(spanned, name)?,
            _ => self.parse_clause(spanned, spanned.span.start, field)?,
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn parse_group(&mut self, open: &SpannedToken, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let expression = self.parse_or(field)?;
        match self.peek() {
            Some(spanned) if spanned.token == Token::Close => {
                self.at += 1;
                Ok(expression)
            }
            _ => Err(QueryError::new(open.span.clone(), "this parenthesis is not closed")),
        }
    }

    /// Parses the parts in parentheses behind `NEAR/5` or `SAME`.
    fn parse_parts(&mut self, operator: &SpannedToken, field: Option<&'static Field>) -> Result<Vec<Expression>, QueryError> {
        let Some(open) = self.peek().filter(|spanned| spanned.token == Token::Open) else {
            let error = QueryError::new(operator.span.clone(), "words are missing around this");
            return Err(error.help("write junta NEAR/5 coup, or NEAR/5(junta coup)"));
        };
        self.at += 1;
        let mut parts = Vec::new();
        while self.peek().is_some_and(|spanned| spanned.token != Token::Close) {
            parts.push(self.parse_unary(field)?);
            if self.peek().is_some_and(|spanned| spanned.token == Token::Or) {
                let span = self.peek().map_or_else(|| self.end(), |spanned| spanned.span.clone());
                let help = "put the alternatives in parentheses: SAME((junta OR army) coup)";
                return Err(QueryError::new(span, "`OR` stands beside other parts here").help(help));
            }
        }
        if self.peek().is_none() {
            return Err(QueryError::new(open.span.clone(), "this parenthesis is not closed"));
        }
        self.at += 1;
        Ok(parts)
    }

    /// Parses `NEAR/5 b`, whose left part was parsed before, and what it goes on with at the same distance.
    fn parse_near(&mut self, left: Expression, start: usize, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let mut parts = vec![left];
        let Some(operator) = self.peek() else {
            return Err(QueryError::new(self.end(), "a word is missing here"));
        };
        let Token::Near(distance) = operator.token else {
            return Err(QueryError::new(operator.span.clone(), "a word is missing here"));
        };
        while self.peek().is_some_and(|spanned| spanned.token == operator.token) {
            self.at += 1;
            parts.push(self.parse_primary(field)?);
        }
        let joined = self.joined(operator, start, |parts| Predicate::Near(parts, distance), parts)?;
        Ok(self.parse_boost(joined))
    }

    /// Returns the clause that joins `parts`, of which each must have a place in the text.
    fn joined(
        &mut self,
        operator: &SpannedToken,
        start: usize,
        predicate: impl FnOnce(Vec<Expression>) -> Predicate,
        parts: Vec<Expression>,
    ) -> Result<Expression, QueryError> {
        if parts.len() < 2 {
            let error = QueryError::new(operator.span.clone(), "this joins two parts or more");
            return Err(error.help("write junta NEAR/5 coup, or SAME(junta coup)"));
        }
        if !parts.iter().all(has_place) {
            let error = QueryError::new(operator.span.clone(), "this joins words, phrases and concepts only");
            return Err(error.help("put fields, expressions and `-` outside of it"));
        }
        let end = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(operator.span.end, |last| last.span.end);
        Ok(Expression::Clause(Clause {
            written: self.query.get(start..end).unwrap_or_default().to_owned(),
            boost: 1.0,
            predicate: predicate(parts),
        }))
    }

    /// Parses a boost, if one follows, and multiplies it into every clause of `expression`.
    fn parse_boost(&mut self, mut expression: Expression) -> Expression {
        if let Some(SpannedToken {
            token: Token::Boost(boost),
            ..
        }) = self.peek()
        {
            self.at += 1;
            multiply_boost(&mut expression, *boost);
        }
        expression
    }

    fn parse_field(&mut self, field_token: &SpannedToken, name: &str) -> Result<Expression, QueryError> {
        let field = field(name);
        if field.is_none() {
            let error = QueryError::new(field_token.span.clone(), format!("there is no field `{name}:`"));
            self.errors.push(match nearest(name, field::names()) {
                Some(near) => error.help(format!("did you mean `{near}:`? To search for the words, put them in quotes")),
                None => error.help(format!("fields are {}", field::names().collect::<Vec<_>>().join(", "))),
            });
        }
        let Some(spanned) = self.peek().filter(|spanned| spanned.span.start == field_token.span.end) else {
            return Err(QueryError::new(
                field_token.span.clone(),
                format!("a value is missing behind `{name}:`"),
            ));
        };
        self.at += 1;
        // After an error parsing goes on as if the field were `title`, the first of the table, to find the other mistakes.
        let field = field.unwrap_or(&FIELDS[0]);
        match &spanned.token {
            Token::Open => self.parse_group(spanned, Some(field)),
            Token::Near(_) | Token::Same => {
                self.at -= 1;
                self.parse_unary(Some(field))
            }
            _ => self.parse_clause(spanned, field_token.span.start, Some(field)),
        }
    }

    /// Parses the value of a field that is compared as a whole; `None` for a field of words.
    fn parse_value(&mut self, spanned: &SpannedToken, field: &'static Field) -> Result<Option<Predicate>, QueryError> {
        let wanted = |token: &Token| matches!(token, Token::Concept(_));
        Ok(Some(match field.kind {
            FieldKind::Zones(_) => return Ok(None),
            // `about:@sahel` is what `@sahel` is.
            FieldKind::About if wanted(&spanned.token) => return Ok(None),
            FieldKind::About => {
                let values = value::list(spanned)?;
                let areas: Result<_, _> = values.iter().map(|one| value::area(one, spanned)).collect();
                Predicate::About(areas?)
            }
            FieldKind::Property(property) => {
                let values = value::list(spanned)?;
                value::check(property, &values, spanned, self.context)?;
                Predicate::Property(field.name, property, values)
            }
            FieldKind::Genre => {
                let values = value::list(spanned)?;
                let genres: Result<_, _> = values.iter().map(|one| value::genre(one, spanned)).collect();
                Predicate::Genre(genres?)
            }
            FieldKind::Date => Predicate::Date(value::date_range(spanned)?),
            FieldKind::SourceCount => {
                let (comparison, number) = value::source_count(spanned)?;
                Predicate::SourceCount(field.name, comparison, number)
            }
            FieldKind::Topic => Predicate::Topic(TopicClause {
                ids: value::list(spanned)?,
                span: spanned.span.clone(),
                rules: Box::new(Expression::Any(Vec::new())),
            }),
        }))
    }

    fn parse_clause(&mut self, spanned: &SpannedToken, start: usize, field: Option<&'static Field>) -> Result<Expression, QueryError> {
        let written = self.query.get(start..spanned.span.end).unwrap_or_default().to_owned();
        let clause = |predicate| {
            Expression::Clause(Clause {
                written: written.clone(),
                boost: 1.0,
                predicate,
            })
        };
        if let Some(field) = field
            && let Some(predicate) = self.parse_value(spanned, field)?
        {
            return Ok(clause(predicate));
        }
        let zones = match field.map(|field| field.kind) {
            Some(FieldKind::Zones(zones)) => zones,
            _ => Zones::TEXT,
        };
        let no_word = || QueryError::new(spanned.span.clone(), "there is no word in this");
        let table = &mut *self.table;
        let mut pattern = |found: Option<Pattern>| {
            let id = table.add(found.ok_or_else(no_word)?);
            Ok(clause(Predicate::Pattern(id, zones)))
        };
        match &spanned.token {
            Token::Everything => Ok(clause(Predicate::Everything)),
            Token::Word(text) | Token::Quoted(text, _) if misplaced_star(text).is_some() => {
                let error = QueryError::new(spanned.span.clone(), misplaced_star(text).unwrap_or_default());
                Err(error.help("a `*` may stand at the end of a word"))
            }
            Token::Word(text) if field.is_some() && text.contains(',') => {
                let parts = text
                    .split(',')
                    .filter(|part| !part.is_empty())
                    .map(|part| pattern(Pattern::phrase(part, |_| false)));
                Ok(Expression::Any(parts.collect::<Result<_, _>>()?))
            }
            Token::Word(text) => pattern(Pattern::phrase(text, |_| false)),
            Token::Quoted(text, prefix) => pattern(Pattern::phrase(&format!("{text}{}", if *prefix { "*" } else { "" }), |_| false)),
            Token::Exact(text) => pattern(Pattern::exact(text)),
            Token::Regex(text, ignore_case) => Ok(clause(Predicate::Regex(compile_regex(text, *ignore_case, &spanned.span)?, zones))),
            Token::Concept(name) => {
                if let Some(error) = unknown_concept(name, &spanned.span, self.context) {
                    self.errors.push(error);
                }
                Ok(clause(Predicate::Concept(name.clone(), zones)))
            }
            _ => Err(QueryError::new(spanned.span.clone(), "a word is missing here")),
        }
    }
}

/// Returns whether what an expression matches has places in the text.
fn has_place(expression: &Expression) -> bool {
    match expression {
        Expression::All(_) | Expression::Not(_) => false,
        Expression::Any(parts) => parts.iter().all(has_place),
        Expression::Clause(clause) => matches!(
            clause.predicate,
            Predicate::Pattern(..) | Predicate::Concept(..) | Predicate::Near(..) | Predicate::Same(_)
        ),
    }
}

fn compile_regex(text: &str, ignore_case: bool, span: &Range<usize>) -> Result<regex::Regex, QueryError> {
    RegexBuilder::new(text)
        .case_insensitive(ignore_case)
        .size_limit(MAX_REGEX_BYTES)
        .dfa_size_limit(MAX_REGEX_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => QueryError::new(span.clone(), "this regular expression is too big"),
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                let message = last.trim().trim_start_matches("error: ");
                QueryError::new(span.clone(), format!("this is no regular expression: {message}"))
            }
        })
}

/// Returns the error for a concept that does not exist; none when it does.
pub(super) fn unknown_concept(name: &str, span: &Range<usize>, context: &RuleContext<'_>) -> Option<QueryError> {
    if context.concepts.exists(name) {
        return None;
    }
    let error = QueryError::new(span.clone(), format!("there is no concept `@{name}`"));
    Some(match nearest(name, context.concepts.names().into_iter()) {
        Some(near) => error.help(format!("did you mean `@{near}`?")),
        None => error.help(format!("write a table [concept.{name}]")),
    })
}

fn multiply_boost(expression: &mut Expression, boost: f64) {
    match expression {
        Expression::All(parts) | Expression::Any(parts) => parts.iter_mut().for_each(|part| multiply_boost(part, boost)),
        Expression::Not(_) => {}
        Expression::Clause(clause) => clause.boost *= boost,
    }
}
