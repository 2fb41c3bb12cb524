//! Applies a compiled site rule to one page: replacements in the markup, metadata, removals, and the body.

use super::rule::{SiteRule, XPathDirective};
use super::xpath::{Fuel, NodeMatch, OutOfFuel, Tree, XPath};
use crate::extract::normalize::collapse_whitespace;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use std::borrow::Cow;

/// The work that one rule may cost on one page, in steps of [`Fuel`]; all of it takes about 0.2 seconds.
const FUEL_PER_PAGE: u64 = 10_000_000;
/// A replacement that would make the markup longer than this is skipped.
const MAX_MARKUP_BYTES: usize = 2 * crate::extract::document::MAX_PAGE_BYTES;

/// What one directive matched on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectiveOutcome {
    /// The line number in the rule file, counted from 1.
    pub line: usize,
    /// The name of the directive.
    pub directive: &'static str,
    /// The value of the directive.
    pub text: String,
    /// The number of nodes, or of places in the markup, that it matched.
    pub matches: usize,
}

/// What a site rule extracted from a page.
#[derive(Debug, Default)]
pub(in crate::extract) struct RuleOutput {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub date: Option<String>,
    /// The markup of the body, not cleaned yet.
    pub body: Option<String>,
    /// Problem codes of the article.
    pub problems: Vec<&'static str>,
    /// The outcome of each directive, in the order in which they were applied.
    pub directive_outcomes: Vec<DirectiveOutcome>,
}

/// The application of one rule to one page.
pub(in crate::extract) struct RuleRun<'r> {
    rule: &'r SiteRule,
    fuel: Fuel,
    output: RuleOutput,
}

impl<'r> RuleRun<'r> {
    /// Starts with a full budget of fuel.
    pub(in crate::extract) fn new(rule: &'r SiteRule) -> Self {
        Self {
            rule,
            fuel: Fuel::new(FUEL_PER_PAGE),
            output: RuleOutput::default(),
        }
    }

    /// Returns `markup` with the string replacements of the rule applied.
    pub(in crate::extract) fn apply_replacements<'a>(&mut self, markup: &'a str) -> Cow<'a, str> {
        let mut markup = Cow::Borrowed(markup);
        for replacement in &self.rule.replacements {
            if self.fuel.consume(markup.len() / 32).is_err() {
                self.record_out_of_fuel();
                break;
            }
            let count = markup.matches(&replacement.find).count();
            self.record(replacement.line, "replace_string", &replacement.find, count);
            let grown = markup.len().saturating_add(count.saturating_mul(replacement.replace.len()));
            if count > 0 && grown <= MAX_MARKUP_BYTES {
                markup = Cow::Owned(markup.replace(&replacement.find, &replacement.replace));
            }
        }
        markup
    }

    /// Applies the other directives to the parsed page: extracts the metadata, removes elements, and then extracts the body. Where the fuel
    /// is used up, the output holds what was extracted until then and the problem `site-rule-too-costly`.
    pub(in crate::extract) fn run(mut self, document: &mut Html) -> RuleOutput {
        if self.run_until_out_of_fuel(document).is_err() {
            self.record_out_of_fuel();
        }
        self.output
    }

    fn run_until_out_of_fuel(&mut self, document: &mut Html) -> Result<(), OutOfFuel> {
        let rule = self.rule;
        {
            let tree = Tree::new(document);
            self.output.title = self.first_texts(&rule.title, &tree)?.into_iter().next();
            self.output.authors = self.first_texts(&rule.author, &tree)?;
            self.output.date = self.first_texts(&rule.date, &tree)?.into_iter().next();
            for directive in &rule.native_ad {
                let is_true = directive.xpath.is_true(&tree, &self.fuel)?;
                self.record(directive.line, directive.name, &directive.text, usize::from(is_true));
                if is_true && !self.output.problems.contains(&"native-ad") {
                    self.output.problems.push("native-ad");
                }
            }
        }
        self.rewrite_attributes(document)?;
        self.remove_nodes(document)?;
        self.extract_body(document)
    }

    /// Returns the texts that the first directive with any text matches.
    fn first_texts(&mut self, directives: &[XPathDirective], tree: &Tree<'_>) -> Result<Vec<String>, OutOfFuel> {
        for directive in directives {
            let texts = directive.xpath.texts(tree, &self.fuel)?;
            let texts: Vec<String> = texts
                .iter()
                .map(|text| collapse_whitespace(text))
                .filter(|text| !text.is_empty())
                .collect();
            self.record(directive.line, directive.name, &directive.text, texts.len());
            if !texts.is_empty() {
                return Ok(texts);
            }
        }
        Ok(Vec::new())
    }

    /// Sets the `src` of lazily loaded images, and removes attributes (`src_lazy_load_attr`, `strip_attr`).
    fn rewrite_attributes(&mut self, document: &mut Html) -> Result<(), OutOfFuel> {
        let rule = self.rule;
        for part in &rule.lazy_sources {
            let matches = self.elements(document, |element| {
                element.name() == "img" && element.attr(&part.text).is_some_and(|source| !source.is_empty())
            })?;
            self.record(part.line, "src_lazy_load_attr", &part.text, matches.len());
            for found in matches {
                modify_element(document, &found, |element| move_to_src(element, &part.text));
            }
        }
        for directive in &rule.strip_attribute {
            let matches = directive.xpath.nodes(&Tree::new(document), &self.fuel)?;
            self.fuel.consume(document.tree.values().len())?;
            self.record(directive.line, directive.name, &directive.text, matches.len());
            for found in matches {
                if let Some(name) = found.attribute.clone() {
                    modify_element(document, &found, |element| element.attrs.retain(|(key, _)| *key.local != *name));
                }
            }
        }
        Ok(())
    }

    /// Removes nodes (`strip`, `strip_id_or_class`, `strip_image_src`).
    fn remove_nodes(&mut self, document: &mut Html) -> Result<(), OutOfFuel> {
        let rule = self.rule;
        let mut removed: Vec<NodeMatch> = Vec::new();
        {
            let tree = Tree::new(document);
            for directive in &rule.strip {
                let matches = directive.xpath.nodes(&tree, &self.fuel)?;
                self.record(directive.line, directive.name, &directive.text, matches.len());
                removed.extend(matches);
            }
        }
        for part in &rule.strip_id_or_class {
            let named = |name: &str, element: &Element| element.attr(name).is_some_and(|value| value.contains(&part.text));
            let matches = self.elements(document, |element| named("id", element) || named("class", element))?;
            self.record(part.line, "strip_id_or_class", &part.text, matches.len());
            removed.extend(matches);
        }
        for part in &rule.strip_image {
            let matches = self.elements(document, |element| {
                element.name() == "img" && element.attr("src").is_some_and(|source| source.contains(&part.text))
            })?;
            self.record(part.line, "strip_image_src", &part.text, matches.len());
            removed.extend(matches);
        }
        for found in removed {
            // `html`, `head` and `body` are never removed: a rule that matches one of them by its class means an element inside.
            let is_root = |node: &Node| {
                node.as_element()
                    .is_none_or(|element| matches!(element.name(), "html" | "body" | "head"))
            };
            if found.attribute.is_some() {
                continue;
            }
            if let Some(mut node) = document.tree.get_mut(found.id)
                && (node.value().is_text() || node.value().is_comment() || !is_root(node.value()))
            {
                node.detach();
            }
        }
        Ok(())
    }

    /// Returns the elements of the page for which `passes` is true.
    fn elements(&self, document: &Html, passes: impl Fn(&Element) -> bool) -> Result<Vec<NodeMatch>, OutOfFuel> {
        let mut matches = Vec::new();
        for element in document.root_element().descendent_elements() {
            let length: usize = element.value().attrs().map(|(_, value)| value.len()).sum();
            self.fuel.consume(1 + length / 32)?;
            if passes(element.value()) {
                matches.push(NodeMatch {
                    id: element.id(),
                    attribute: None,
                });
            }
        }
        Ok(matches)
    }

    fn extract_body(&mut self, document: &Html) -> Result<(), OutOfFuel> {
        let rule = self.rule;
        let tree = Tree::new(document);
        for directive in &rule.body {
            let matches = directive.xpath.nodes(&tree, &self.fuel)?;
            self.record(directive.line, directive.name, &directive.text, matches.len());
            let markup = markup_of(document, &matches);
            if !markup.trim().is_empty() {
                self.output.body = Some(markup);
                return Ok(());
            }
        }
        if !rule.body.is_empty() {
            self.output.problems.push("site-rule-no-match");
        }
        Ok(())
    }

    fn record(&mut self, line: usize, directive: &'static str, text: &str, matches: usize) {
        self.output.directive_outcomes.push(DirectiveOutcome {
            line,
            directive,
            text: text.to_owned(),
            matches,
        });
    }

    fn record_out_of_fuel(&mut self) {
        if !self.output.problems.contains(&"site-rule-too-costly") {
            self.output.problems.push("site-rule-too-costly");
        }
    }
}

/// Returns what the first directive with any match gives whose condition is true: the `href` or `src` of elements, else texts.
pub(super) fn link_targets(document: &Html, directives: &[XPathDirective]) -> Vec<String> {
    let fuel = Fuel::new(FUEL_PER_PAGE);
    let tree = Tree::new(document);
    let is_true = |condition: &XPath| condition.is_true(&tree, &fuel).unwrap_or(false);
    for directive in directives {
        if directive.condition.as_ref().is_some_and(|condition| !is_true(condition)) {
            continue;
        }
        let matches = directive.xpath.nodes(&tree, &fuel).unwrap_or_default();
        let link = |found: &NodeMatch| {
            let node = document.tree.get(found.id)?;
            let element = node.value().as_element()?;
            let names = [found.attribute.as_deref().unwrap_or("href"), "src"];
            names.into_iter().find_map(|name| element.attr(name)).map(str::to_owned)
        };
        let mut found: Vec<String> = matches.iter().filter_map(link).collect();
        if found.is_empty() {
            found = directive.xpath.texts(&tree, &fuel).unwrap_or_default();
        }
        found.retain(|address| !address.trim().is_empty());
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn modify_element(document: &mut Html, found: &NodeMatch, apply: impl FnOnce(&mut Element)) {
    if let Some(mut node) = document.tree.get_mut(found.id)
        && let Node::Element(element) = node.value()
    {
        apply(element);
    }
}

/// Renames the attribute `name` to `src`, in place of an existing `src`.
fn move_to_src(element: &mut Element, name: &str) {
    let Some((mut key, value)) = element.attrs.iter().find(|(key, _)| *key.local == *name).cloned() else {
        return;
    };
    key.local = "src".into();
    element.attrs.retain(|(key, _)| *key.local != *name && &*key.local != "src");
    element.attrs.push((key, value));
    // `Element` looks attributes up by binary search, so they must stay sorted.
    element.attrs.sort_unstable_by(|left, right| left.0.cmp(&right.0));
}

/// Returns the markup of the matched nodes, each once: nodes inside an earlier match are skipped.
fn markup_of(document: &Html, matches: &[NodeMatch]) -> String {
    let mut markup = String::new();
    let mut outer: Option<&NodeMatch> = None;
    for found in matches {
        let Some(node) = document.tree.get(found.id) else { continue };
        // Matches are in document order, so an outer node comes before the nodes inside it.
        let is_inside = outer.is_some_and(|outer| outer.id == found.id || node.ancestors().any(|above| above.id() == outer.id));
        if is_inside {
            continue;
        }
        match (node.value(), &found.attribute) {
            (Node::Element(element), Some(name)) => markup.push_str(&paragraph(element.attr(name).unwrap_or_default())),
            (Node::Text(text), None) => markup.push_str(&paragraph(text)),
            (Node::Element(_), None) => markup.push_str(&ElementRef::wrap(node).map(|element| element.html()).unwrap_or_default()),
            _ => continue,
        }
        outer = Some(found);
    }
    markup
}

fn paragraph(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"))
}
