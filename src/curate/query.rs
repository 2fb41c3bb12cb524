//! The parser of the query language: tokens → a tree of clauses. `evaluate` says which entries a clause matches.

use super::concept::Concepts;
use super::field::{FIELDS, Field, FieldKind, Property, field};
use super::lexer::{QueryError, SpannedToken, Token, tokenize};
use super::pattern::Pattern;
use super::position::Zone;
use super::scan::{PatternId, PatternTable};
use regex::RegexBuilder;
use std::ops::Range;

/// How deep parentheses, negations and fields may be nested.
const MAX_DEPTH: usize = 50;
/// How long a query may be, in bytes.
const MAX_QUERY_BYTES: usize = 20_000;
/// How large a compiled regular expression may be, in bytes.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// A part of a rule.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// Matches when every part does, and when there is none.
    All(Vec<Expression>),
    /// Matches when one part does.
    Any(Vec<Expression>),
    /// Matches when the part does not.
    Not(Box<Expression>),
    Clause(Clause),
}

/// The smallest part of a rule.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// The clause as it was written.
    pub written: String,
    /// The factor of its score.
    pub boost: f64,
    pub predicate: Predicate,
}

/// What a clause requires of an entry.
#[derive(Debug, Clone)]
pub(super) enum Predicate {
    Everything,
    Pattern(PatternId, Zones),
    Regex(regex::Regex, Zones),
    Concept(String, Zones),
    /// A property, by its field's name, has one of these values; they are in lower case.
    Property(&'static str, &'static Property, Vec<String>),
    /// The number of sources in the story; the field's name comes first.
    SourceCount(&'static str, Comparison, usize),
}

/// The zones that a clause looks at.
pub(super) type Zones = &'static [Zone];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    AtLeast,
    AtMost,
    Equal,
}

/// Parses a query.
///
/// # Errors
/// Every mistake that was found; parsing goes on after an unknown field or concept.
pub(super) fn parse(query: &str, concepts: &Concepts, table: &mut PatternTable) -> Result<Expression, Vec<QueryError>> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(vec![QueryError::new(
            0..query.len(),
            format!("the query is longer than {MAX_QUERY_BYTES} bytes"),
        )]);
    }
    let tokens = tokenize(query).map_err(|error| vec![error])?;
    if tokens.is_empty() {
        return Err(vec![
            QueryError::new(0..query.len(), "the query is empty").help("`*` matches everything"),
        ]);
    }
    let mut parser = Parser {
        query,
        tokens: &tokens,
        at: 0,
        depth: 0,
        concepts,
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
    concepts: &'a Concepts,
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
        while let Some(spanned) = self.peek() {
            match spanned.token {
                Token::Or | Token::Close => break,
                Token::And if !parts.is_empty() => self.at += 1,
                _ => parts.push(self.parse_unary(field)?),
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
            Token::Field(name) => self.parse_field(spanned, name)?,
            _ => self.parse_clause(spanned, spanned.span.start, field)?,
        };
        self.depth -= 1;
        Ok(self.parse_boost(expression))
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
        let field = match field(name) {
            Some(Field {
                kind: FieldKind::Planned { help },
                ..
            }) => {
                let error = QueryError::new(field_token.span.clone(), format!("`{name}:` waits for a later version"));
                self.errors.push(error.help(*help));
                None
            }
            None => {
                let error = QueryError::new(field_token.span.clone(), format!("there is no field `{name}:`"));
                let names = FIELDS.iter().map(|field| field.name);
                self.errors.push(match nearest(name, names.clone()) {
                    Some(near) => error.help(format!("did you mean `{near}:`? To search for the words, put them in quotes")),
                    None => error.help(format!("fields are {}", names.collect::<Vec<_>>().join(", "))),
                });
                None
            }
            found => found,
        };
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
            _ => self.parse_clause(spanned, field_token.span.start, Some(field)),
        }
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
        let zones: Zones = match field.map(|field| (field.name, &field.kind)) {
            None | Some((_, FieldKind::Planned { .. })) => &Zone::TEXT,
            Some((_, FieldKind::Zones(zones))) => zones,
            Some((name, FieldKind::Property(property))) => return Ok(clause(parse_values(spanned, name, property)?)),
            Some((name, FieldKind::SourceCount)) => return Ok(clause(parse_source_count(spanned, name)?)),
        };
        let no_word = || QueryError::new(spanned.span.clone(), "there is no word in this");
        let table = &mut *self.table;
        let mut pattern = |found: Option<Pattern>| {
            let id = table.add(found.ok_or_else(no_word)?);
            Ok(clause(Predicate::Pattern(id, zones)))
        };
        match &spanned.token {
            Token::Everything => Ok(clause(Predicate::Everything)),
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
                if let Some(error) = unknown_concept(name, &spanned.span, self.concepts) {
                    self.errors.push(error);
                }
                Ok(clause(Predicate::Concept(name.clone(), zones)))
            }
            Token::Planned(what) => Err(QueryError::new(spanned.span.clone(), format!("`{what}` waits for a later version"))
                .help("use a \"phrase\" or several words")),
            _ => Err(QueryError::new(spanned.span.clone(), "a word is missing here")),
        }
    }
}

fn parse_values(spanned: &SpannedToken, name: &'static str, property: &'static Property) -> Result<Predicate, QueryError> {
    let (Token::Word(text) | Token::Quoted(text, _) | Token::Exact(text)) = &spanned.token else {
        return Err(
            QueryError::new(spanned.span.clone(), "a value is missing here").help("write one value, or several with commas between them")
        );
    };
    let values: Vec<String> = text
        .split(',')
        .map(|value| value.trim().to_lowercase())
        .filter(|value| !value.is_empty())
        .collect();
    if let Some(allowed) = property.allowed.map(|allowed| allowed())
        && let Some(wrong) = values.iter().find(|value| !allowed.contains(&value.as_str()))
    {
        let error = QueryError::new(spanned.span.clone(), format!("there is no {name} `{wrong}`"));
        return Err(match nearest(wrong, allowed.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("{name}s are {}", allowed.join(", "))),
        });
    }
    if values.is_empty() {
        return Err(QueryError::new(spanned.span.clone(), "a value is missing here"));
    }
    Ok(Predicate::Property(name, property, values))
}

fn parse_source_count(spanned: &SpannedToken, name: &'static str) -> Result<Predicate, QueryError> {
    let wrong = || QueryError::new(spanned.span.clone(), "a number of sources is missing here").help("write sources:>=2");
    let (Token::Word(text) | Token::Exact(text)) = &spanned.token else {
        return Err(wrong());
    };
    let number = |digits: &str| digits.trim().parse::<usize>().map_err(|_| wrong());
    Ok(if let Some(rest) = text.strip_prefix(">=") {
        Predicate::SourceCount(name, Comparison::AtLeast, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('>') {
        Predicate::SourceCount(name, Comparison::AtLeast, number(rest)?.saturating_add(1))
    } else if let Some(rest) = text.strip_prefix("<=") {
        Predicate::SourceCount(name, Comparison::AtMost, number(rest)?)
    } else if let Some(rest) = text.strip_prefix('<') {
        Predicate::SourceCount(name, Comparison::AtMost, number(rest)?.saturating_sub(1))
    } else {
        Predicate::SourceCount(name, Comparison::Equal, number(text)?)
    })
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
pub(super) fn unknown_concept(name: &str, span: &Range<usize>, concepts: &Concepts) -> Option<QueryError> {
    if concepts.get(name).is_some() {
        return None;
    }
    let error = QueryError::new(span.clone(), format!("there is no concept `@{name}`"));
    Some(match nearest(name, concepts.names()) {
        Some(near) => error.help(format!("did you mean `@{near}`?")),
        None => error.help(format!("write a table [concept.{name}]")),
    })
}

/// Returns the candidate with the least edit distance to `name`, if it is close enough to be what was meant.
fn nearest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    among
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len() / 3))
        .min()
        .map(|(_, known)| known)
}

fn multiply_boost(expression: &mut Expression, boost: f64) {
    match expression {
        Expression::All(parts) | Expression::Any(parts) => parts.iter_mut().for_each(|part| multiply_boost(part, boost)),
        Expression::Not(_) => {}
        Expression::Clause(clause) => clause.boost *= boost,
    }
}
