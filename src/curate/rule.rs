//! A topic's rule: its lists and its query, compiled into one tree.

use super::concept::{CompiledConcept, Concepts};
use super::lexer::QueryError;
use super::pattern::Pattern;
use super::position::Zone;
use super::query::{Clause, Expression, Predicate, parse, unknown_concept};
use super::scan::PatternTable;
use crate::config::{ConfigProblem, Placed, Rule};
use crate::model::{Digest128, Digester};
use std::collections::BTreeMap;
use std::ops::Range;

/// Enters every digest; to be raised when the same rule gives other results than before.
const EVALUATION_VERSION: u8 = 1;

/// A compiled rule of a topic.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    pub(super) root: Expression,
    /// The concepts that the rule names, by name.
    pub(super) concepts: BTreeMap<String, CompiledConcept>,
    digest: Digest128,
}

impl CompiledRule {
    /// Returns a digest that changes when the rule does, or a concept that it names.
    #[must_use]
    pub const fn digest(&self) -> Digest128 {
        self.digest
    }
}

/// Compiles a topic's rule. Every list that is given and the query must match. Its patterns are added to `table`.
///
/// # Errors
/// Every mistake in it with its place: an empty rule or term, an unknown concept or field, a query that does not parse.
pub fn compile(rule: &Rule, concepts: &Concepts, table: &mut PatternTable) -> Result<CompiledRule, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let mut parts = Vec::new();
    for term in &rule.about {
        parts.push(compile_about(term, concepts, table, &mut problems));
    }
    let mut list = |terms: &[Placed]| -> Vec<Expression> {
        terms
            .iter()
            .map(|term| compile_term(term, concepts, table, &mut problems))
            .collect()
    };
    if !rule.any.is_empty() {
        parts.push(Expression::Any(list(&rule.any)));
    }
    parts.extend(list(&rule.all));
    parts.extend(list(&rule.none).into_iter().map(|part| Expression::Not(Box::new(part))));
    if let Some(query) = &rule.query {
        match parse(&query.text, concepts, table) {
            Ok(expression) => parts.push(expression),
            Err(errors) => problems.extend(errors.into_iter().map(|error| to_problem(query, error))),
        }
    }
    if parts.is_empty() && problems.is_empty() {
        problems.push(ConfigProblem {
            place: None,
            message: "the rule is empty".to_owned(),
            help: Some("give `about`, `any`, `all` or `query`; query = \"*\" takes everything".to_owned()),
            also: None,
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let root = Expression::All(parts);
    let mut used = BTreeMap::new();
    collect_concepts(&root, concepts, &mut used);
    let digest = digest(rule, &used);
    Ok(CompiledRule {
        root,
        concepts: used,
        digest,
    })
}

fn digest(rule: &Rule, used: &BTreeMap<String, CompiledConcept>) -> Digest128 {
    let mut digester = Digester::new();
    digester.update(&[EVALUATION_VERSION]);
    for (number, list) in (0_u8..).zip([&rule.about, &rule.any, &rule.all, &rule.none]) {
        for term in list {
            digester.update(&[number]).update_terminated(&term.text);
        }
    }
    if let Some(query) = &rule.query {
        digester.update(&[4]).update_terminated(&query.text);
    }
    for (name, concept) in used {
        digester.update_terminated(name).update(concept.digest().as_bytes());
    }
    digester.finish()
}

fn collect_concepts(expression: &Expression, concepts: &Concepts, used: &mut BTreeMap<String, CompiledConcept>) {
    match expression {
        Expression::All(parts) | Expression::Any(parts) => parts.iter().for_each(|part| collect_concepts(part, concepts, used)),
        Expression::Not(part) => collect_concepts(part, concepts, used),
        Expression::Clause(clause) => {
            if let Predicate::Concept(name, _) = &clause.predicate
                && let Some(concept) = concepts.get(name)
            {
                used.insert(name.clone(), concept.clone());
            }
        }
    }
}

/// Compiles a term of `about`, which must name a concept.
fn compile_about(term: &Placed, concepts: &Concepts, table: &mut PatternTable, problems: &mut Vec<ConfigProblem>) -> Expression {
    if !term.text.trim().starts_with('@') {
        let text = term.text.trim();
        problems.push(to_problem(
            term,
            QueryError::new(0..term.text.len(), format!("`about` names concepts, and `{text}` is none"))
                .help(format!("write \"@{text}\", or move it to `any` or `all`")),
        ));
    }
    compile_term(term, concepts, table, problems)
}

/// Compiles a term of a list.
fn compile_term(term: &Placed, concepts: &Concepts, table: &mut PatternTable, problems: &mut Vec<ConfigProblem>) -> Expression {
    let text = term.text.trim();
    let whole = 0..term.text.len();
    let predicate = if let Some(name) = text.strip_prefix('@') {
        let name = name.to_lowercase();
        problems.extend(unknown_concept(&name, &whole, concepts).map(|error| to_problem(term, error)));
        Predicate::Concept(name, &Zone::TEXT)
    } else if let Some(pattern) = Pattern::term(text, |_| false) {
        Predicate::Pattern(table.add(pattern), &Zone::TEXT)
    } else {
        problems.push(to_problem(term, QueryError::new(whole, format!("`{text}` holds no word"))));
        Predicate::Everything
    };
    Expression::Clause(Clause {
        written: text.to_owned(),
        boost: 1.0,
        predicate,
    })
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
