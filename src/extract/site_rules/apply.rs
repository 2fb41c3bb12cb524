//! Follows a site rule on one page.

use super::rule::{SiteRule, Way};
use super::xpath::{Fuel, Hit, Spent, Tree, XPath};
use crate::extract::normalize::collapse_whitespace;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use std::borrow::Cow;

/// What following one rule on one page may cost: some 0.2 seconds.
const FUEL: u64 = 10_000_000;
/// Markup does not grow over this by replacements, in bytes.
const MAX_MARKUP: usize = 2 * crate::extract::document::MAX_PAGE_BYTES;

/// What became of one directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The number of its line, from 1 on.
    pub line: usize,
    /// Its name.
    pub directive: &'static str,
    /// Its value.
    pub text: String,
    /// How many nodes or places it matched.
    pub matches: usize,
}

/// What a rule gives of a page.
#[derive(Debug, Default)]
pub(in crate::extract) struct Given {
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub date: Option<String>,
    /// The markup of the body.
    pub body: Option<String>,
    /// Codes for the article's problems.
    pub problems: Vec<&'static str>,
    /// What became of each directive, in the order in which they were followed.
    pub followed: Vec<Followed>,
}

/// One page while a rule is followed on it.
pub(in crate::extract) struct Visit<'r> {
    rule: &'r SiteRule,
    fuel: Fuel,
    given: Given,
}

impl<'r> Visit<'r> {
    /// Begins with a page.
    pub(in crate::extract) fn new(rule: &'r SiteRule) -> Self {
        Self {
            rule,
            fuel: Fuel::new(FUEL),
            given: Given::default(),
        }
    }

    /// Returns the markup with the rule's replacements made.
    pub(in crate::extract) fn replaced<'a>(&mut self, markup: &'a str) -> Cow<'a, str> {
        let mut markup = Cow::Borrowed(markup);
        for replacement in &self.rule.replacements {
            if self.fuel.take(markup.len() / 32).is_err() {
                self.spent();
                break;
            }
            let count = markup.matches(&replacement.find).count();
            self.follow(replacement.line, "replace_string", &replacement.find, count);
            let grown = markup.len().saturating_add(count.saturating_mul(replacement.replace.len()));
            if count > 0 && grown <= MAX_MARKUP {
                markup = Cow::Owned(markup.replace(&replacement.find, &replacement.replace));
            }
        }
        markup
    }

    /// Follows the rest of the rule on the parsed page: takes the facts, takes out what does not belong, and then takes the body.
    pub(in crate::extract) fn follow_all(mut self, document: &mut Html) -> Given {
        if self.look(document).is_err() {
            self.spent();
        }
        self.given
    }

    fn look(&mut self, document: &mut Html) -> Result<(), Spent> {
        let rule = self.rule;
        {
            let tree = Tree::of(document);
            self.given.title = self.first(&rule.title, &tree)?.into_iter().next();
            self.given.authors = self.first(&rule.author, &tree)?;
            self.given.date = self.first(&rule.date, &tree)?.into_iter().next();
            for way in &rule.native_ad {
                let holds = way.xpath.holds(&tree, &self.fuel)?;
                self.follow(way.line, way.directive, &way.text, usize::from(holds));
                if holds && !self.given.problems.contains(&"native-ad") {
                    self.given.problems.push("native-ad");
                }
            }
        }
        self.mend(document)?;
        self.strip(document)?;
        self.body(document)
    }

    /// Returns the texts of the first way that leads to any.
    fn first(&mut self, ways: &[Way], tree: &Tree<'_>) -> Result<Vec<String>, Spent> {
        for way in ways {
            let texts = way.xpath.texts(tree, &self.fuel)?;
            let texts: Vec<String> = texts
                .iter()
                .map(|text| collapse_whitespace(text))
                .filter(|text| !text.is_empty())
                .collect();
            self.follow(way.line, way.directive, &way.text, texts.len());
            if !texts.is_empty() {
                return Ok(texts);
            }
        }
        Ok(Vec::new())
    }

    /// Gives lazy images their address, and takes attributes away.
    fn mend(&mut self, document: &mut Html) -> Result<(), Spent> {
        let rule = self.rule;
        for part in &rule.lazy_sources {
            let hits = self.elements(document, |element| {
                element.name() == "img" && element.attr(&part.text).is_some_and(|source| !source.is_empty())
            })?;
            self.follow(part.line, "src_lazy_load_attr", &part.text, hits.len());
            for hit in hits {
                change(document, &hit, |element| take_source(element, &part.text));
            }
        }
        for way in &rule.strip_attribute {
            let hits = way.xpath.nodes(&Tree::of(document), &self.fuel)?;
            self.fuel.take(document.tree.values().len())?;
            self.follow(way.line, way.directive, &way.text, hits.len());
            for hit in hits {
                if let Some(name) = hit.attribute.clone() {
                    change(document, &hit, |element| element.attrs.retain(|(key, _)| *key.local != *name));
                }
            }
        }
        Ok(())
    }

    fn strip(&mut self, document: &mut Html) -> Result<(), Spent> {
        let rule = self.rule;
        let mut gone: Vec<Hit> = Vec::new();
        {
            let tree = Tree::of(document);
            for way in &rule.strip {
                let hits = way.xpath.nodes(&tree, &self.fuel)?;
                self.follow(way.line, way.directive, &way.text, hits.len());
                gone.extend(hits);
            }
        }
        for part in &rule.strip_id_or_class {
            let named = |name: &str, element: &Element| element.attr(name).is_some_and(|value| value.contains(&part.text));
            let hits = self.elements(document, |element| named("id", element) || named("class", element))?;
            self.follow(part.line, "strip_id_or_class", &part.text, hits.len());
            gone.extend(hits);
        }
        for part in &rule.strip_image {
            let hits = self.elements(document, |element| {
                element.name() == "img" && element.attr("src").is_some_and(|source| source.contains(&part.text))
            })?;
            self.follow(part.line, "strip_image_src", &part.text, hits.len());
            gone.extend(hits);
        }
        for hit in gone {
            // The frame of the page is no part that could be taken out: a rule that matches it by its class means something within.
            let is_frame = |node: &Node| {
                node.as_element()
                    .is_none_or(|element| matches!(element.name(), "html" | "body" | "head"))
            };
            if hit.attribute.is_some() {
                continue;
            }
            if let Some(mut node) = document.tree.get_mut(hit.id)
                && (node.value().is_text() || node.value().is_comment() || !is_frame(node.value()))
            {
                node.detach();
            }
        }
        Ok(())
    }

    /// Returns the elements of the page that pass a test.
    fn elements(&self, document: &Html, passes: impl Fn(&Element) -> bool) -> Result<Vec<Hit>, Spent> {
        let mut hits = Vec::new();
        for element in document.root_element().descendent_elements() {
            let length: usize = element.value().attrs().map(|(_, value)| value.len()).sum();
            self.fuel.take(1 + length / 32)?;
            if passes(element.value()) {
                hits.push(Hit {
                    id: element.id(),
                    attribute: None,
                });
            }
        }
        Ok(hits)
    }

    fn body(&mut self, document: &Html) -> Result<(), Spent> {
        let rule = self.rule;
        let tree = Tree::of(document);
        for way in &rule.body {
            let hits = way.xpath.nodes(&tree, &self.fuel)?;
            self.follow(way.line, way.directive, &way.text, hits.len());
            let markup = markup(document, &hits);
            if !markup.trim().is_empty() {
                self.given.body = Some(markup);
                return Ok(());
            }
        }
        if !rule.body.is_empty() {
            self.given.problems.push("site-rule-no-match");
        }
        Ok(())
    }

    fn follow(&mut self, line: usize, directive: &'static str, text: &str, matches: usize) {
        self.given.followed.push(Followed {
            line,
            directive,
            text: text.to_owned(),
            matches,
        });
    }

    fn spent(&mut self) {
        if !self.given.problems.contains(&"site-rule-too-costly") {
            self.given.problems.push("site-rule-too-costly");
        }
    }
}

/// Returns the addresses that the first way gives whose condition holds: hrefs of links, or texts.
pub(super) fn addresses(document: &Html, ways: &[Way]) -> Vec<String> {
    let fuel = Fuel::new(FUEL);
    let tree = Tree::of(document);
    let holds = |condition: &XPath| condition.holds(&tree, &fuel).unwrap_or(false);
    for way in ways {
        if way.condition.as_ref().is_some_and(|condition| !holds(condition)) {
            continue;
        }
        let hits = way.xpath.nodes(&tree, &fuel).unwrap_or_default();
        let link = |hit: &Hit| {
            let node = document.tree.get(hit.id)?;
            let element = node.value().as_element()?;
            let names = [hit.attribute.as_deref().unwrap_or("href"), "src"];
            names.into_iter().find_map(|name| element.attr(name)).map(str::to_owned)
        };
        let mut found: Vec<String> = hits.iter().filter_map(link).collect();
        if found.is_empty() {
            found = way.xpath.texts(&tree, &fuel).unwrap_or_default();
        }
        found.retain(|address| !address.trim().is_empty());
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn change(document: &mut Html, hit: &Hit, apply: impl FnOnce(&mut Element)) {
    if let Some(mut node) = document.tree.get_mut(hit.id)
        && let Node::Element(element) = node.value()
    {
        apply(element);
    }
}

/// Moves the value of the attribute `name` to `src`.
fn take_source(element: &mut Element, name: &str) {
    let Some((mut key, value)) = element.attrs.iter().find(|(key, _)| *key.local == *name).cloned() else {
        return;
    };
    key.local = "src".into();
    element.attrs.retain(|(key, _)| *key.local != *name && &*key.local != "src");
    element.attrs.push((key, value));
    // Attributes are looked up by halving, so they have to stay sorted.
    element.attrs.sort_unstable_by(|left, right| left.0.cmp(&right.0));
}

/// Returns the markup of the nodes that were found; those within others are in it already.
fn markup(document: &Html, hits: &[Hit]) -> String {
    let mut markup = String::new();
    let mut outer: Option<&Hit> = None;
    for hit in hits {
        let Some(node) = document.tree.get(hit.id) else { continue };
        // They come in document order, so an outer one always comes before those within it.
        let within = outer.is_some_and(|outer| outer.id == hit.id || node.ancestors().any(|above| above.id() == outer.id));
        if within {
            continue;
        }
        match (node.value(), &hit.attribute) {
            (Node::Element(element), Some(name)) => markup.push_str(&paragraph(element.attr(name).unwrap_or_default())),
            (Node::Text(text), None) => markup.push_str(&paragraph(text)),
            (Node::Element(_), None) => markup.push_str(&ElementRef::wrap(node).map(|element| element.html()).unwrap_or_default()),
            _ => continue,
        }
        outer = Some(hit);
    }
    markup
}

fn paragraph(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    format!("<p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"))
}
