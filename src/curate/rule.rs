//! A topic's rule: its lists and its query, compiled into one tree.

use super::concept::{CompiledConcept, Concepts};
use super::lexer::Mistake;
use super::pattern::Pattern;
use super::query::{Clause, Node, Test, parse, unknown_concept};
use super::subject::Zone;
use crate::config::{ConfigProblem, Placed, Rule};
use crate::model::{Digest128, Digester};
use std::collections::BTreeMap;
use std::ops::Range;

/// Changes whenever the same rule would judge otherwise than before.
const VERSION: u8 = 1;

/// A compiled rule.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(super) root: Node,
    /// The concepts that the rule names.
    pub(super) concepts: BTreeMap<String, CompiledConcept>,
    digest: Digest128,
}

impl Compiled {
    /// Returns a digest that changes when the rule does, or a concept it names.
    #[must_use]
    pub const fn digest(&self) -> Digest128 {
        self.digest
    }
}

/// Compiles a topic's rule. Everything given must hold: each list, and the query.
///
/// # Errors
/// Every mistake in it with its place: an empty rule or term, an unknown concept or field, a query that does not parse.
pub fn compile(rule: &Rule, concepts: &Concepts) -> Result<Compiled, Vec<ConfigProblem>> {
    let mut problems = Vec::new();
    let mut parts = Vec::new();
    for term in &rule.about {
        parts.push(about(term, concepts, &mut problems));
    }
    let mut list = |terms: &[Placed]| -> Vec<Node> { terms.iter().map(|term| listed(term, concepts, &mut problems)).collect() };
    if !rule.any.is_empty() {
        parts.push(Node::Any(list(&rule.any)));
    }
    parts.extend(list(&rule.all));
    parts.extend(list(&rule.none).into_iter().map(|node| Node::Not(Box::new(node))));
    if let Some(query) = &rule.query {
        match parse(&query.text, concepts) {
            Ok(node) => parts.push(node),
            Err(mistakes) => problems.extend(mistakes.into_iter().map(|mistake| problem(query, mistake))),
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
    let root = Node::All(parts);
    let mut used = BTreeMap::new();
    collect(&root, concepts, &mut used);
    let digest = digest(rule, &used);
    Ok(Compiled {
        root,
        concepts: used,
        digest,
    })
}

fn digest(rule: &Rule, used: &BTreeMap<String, CompiledConcept>) -> Digest128 {
    let mut digester = Digester::new();
    digester.update(&[VERSION]);
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

fn collect(node: &Node, concepts: &Concepts, used: &mut BTreeMap<String, CompiledConcept>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| collect(part, concepts, used)),
        Node::Not(part) => collect(part, concepts, used),
        Node::Clause(clause) => {
            if let Test::Concept(name, _) = &clause.test
                && let Some(concept) = concepts.get(name)
            {
                used.insert(name.clone(), concept.clone());
            }
        }
    }
}

fn about(term: &Placed, concepts: &Concepts, problems: &mut Vec<ConfigProblem>) -> Node {
    if !term.text.trim().starts_with('@') {
        let text = term.text.trim();
        problems.push(problem(
            term,
            Mistake::new(0..term.text.len(), format!("`about` names concepts, and `{text}` is none"))
                .help(format!("write \"@{text}\", or move it to `any` or `all`")),
        ));
    }
    listed(term, concepts, problems)
}

/// Compiles a term of a list.
fn listed(term: &Placed, concepts: &Concepts, problems: &mut Vec<ConfigProblem>) -> Node {
    let text = term.text.trim();
    let whole = 0..term.text.len();
    let asked = if let Some(name) = text.strip_prefix('@') {
        let name = name.to_lowercase();
        problems.extend(unknown_concept(&name, &whole, concepts).map(|mistake| problem(term, mistake)));
        Test::Concept(name, &Zone::TEXT)
    } else if let Some(pattern) = Pattern::term(text, |_| false) {
        Test::Pattern(pattern, &Zone::TEXT)
    } else {
        problems.push(problem(term, Mistake::new(whole, format!("`{text}` holds no word"))));
        Test::Everything
    };
    Node::Clause(Clause {
        written: text.to_owned(),
        boost: 1.0,
        test: asked,
    })
}

fn problem(term: &Placed, mistake: Mistake) -> ConfigProblem {
    let mut place = term.place.clone();
    place.span = within(&place.span, term.text.len(), mistake.span);
    ConfigProblem {
        place: Some(place),
        message: mistake.message,
        help: mistake.help,
        also: None,
    }
}

/// Returns the bytes of the file that `part` of a text takes, when the whole TOML string takes `string`.
///
/// Where the string holds escapes the text's bytes are not the file's; then the mistake is shown at the whole string.
fn within(string: &Range<usize>, length: usize, part: Range<usize>) -> Range<usize> {
    let opening = match string.len().checked_sub(length) {
        Some(2) => 1,
        Some(6) => 3,
        // A newline right behind three quotes does not belong to the text.
        Some(7) => 4,
        _ => return string.clone(),
    };
    let start = string.start + opening;
    start + part.start..(start + part.end).min(string.end)
}
