//! Removes the expressions of templates that a script or server has not replaced, such as `{{ article.title }}`: they are no text.

use super::hidden::has_paragraphs;
use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node};

/// The marks around an expression.
const MARKS: &[(&str, &str)] = &[("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("${", "}")];
/// The longest expression, in bytes.
const MAX_EXPRESSION_BYTES: usize = 500;
/// Elements in which such marks are what the author wrote.
const CODE_ELEMENTS: &[&str] = &["code", "pre", "kbd", "samp", "tt", "var", "script", "style"];
/// How many elements around a text may be of these.
const CODE_ANCESTORS: usize = 6;

/// Removes each text of `document`, the parsed `markup`, that is mostly an expression, and the expressions in its titles. Where they stand in the
/// titles and the page has no paragraphs, nothing of the page is its article: all text is removed.
pub(super) fn remove_template_marks(markup: &str, document: &mut Html) {
    let contains = |mark: &str| memchr::memmem::find(markup.as_bytes(), mark.as_bytes()).is_some();
    if !MARKS.iter().any(|(open, _)| contains(open)) && !contains("&lt;%") {
        return;
    }
    let mut changed: Vec<(NodeId, String)> = Vec::new();
    let mut is_unrendered = false;
    for node in document.tree.root().descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let Some(rest) = without_expressions(text).filter(|_| !is_code(node)) else {
            continue;
        };
        if is_title(node) {
            is_unrendered = true;
            changed.push((node.id(), rest.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()));
        } else if visible_chars(&rest) * 2 <= visible_chars(text) {
            changed.push((node.id(), String::new()));
        }
    }
    for (id, rest) in changed {
        if let Some(mut node) = document.tree.get_mut(id)
            && let Node::Text(text) = node.value()
        {
            text.text = rest.as_str().into();
        }
    }
    remove_from_meta(document);
    if is_unrendered && !has_paragraphs(document) {
        remove_body(document);
    }
}

/// Removes expressions in the values of `meta` elements.
fn remove_from_meta(document: &mut Html) {
    let metas: Vec<NodeId> = document
        .root_element()
        .descendent_elements()
        .filter(|element| {
            element.value().name() == "meta"
                && element
                    .value()
                    .attr("content")
                    .is_some_and(|content| without_expressions(content).is_some())
        })
        .map(|element| element.id())
        .collect();
    for id in metas {
        if let Some(mut node) = document.tree.get_mut(id) {
            node.detach();
        }
    }
}

fn remove_body(document: &mut Html) {
    let root = document.root_element();
    let body = root.child_elements().find(|element| element.value().name() == "body");
    let parts: Vec<NodeId> = body
        .into_iter()
        .flat_map(|body| body.children())
        .filter(|node| node.value().as_element().is_none_or(|element| element.name() != "script"))
        .map(|node| node.id())
        .collect();
    for id in parts {
        if let Some(mut node) = document.tree.get_mut(id) {
            node.detach();
        }
    }
}

fn is_code(node: NodeRef<'_, Node>) -> bool {
    let mut around = node.ancestors().take(CODE_ANCESTORS).filter_map(|node| node.value().as_element());
    around.any(|element| CODE_ELEMENTS.contains(&element.name()))
}

fn is_title(node: NodeRef<'_, Node>) -> bool {
    let mut around = node.ancestors().take(2).filter_map(|node| node.value().as_element());
    around.any(|element| matches!(element.name(), "title" | "h1"))
}

fn visible_chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Returns `text` without its expressions; `None` when it has none.
fn without_expressions(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut has_any = false;
    // Each mark is looked for up to the longest expression only, so that the work is linear.
    while let Some(at) = rest.find(['{', '<', '$']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(length) = expression_length(rest) {
            has_any = true;
            rest = &rest[length..];
        } else {
            let skipped = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..skipped]);
            rest = &rest[skipped..];
        }
    }
    out.push_str(rest);
    has_any.then_some(out)
}

/// Returns the length of the expression that `text` begins with, in bytes.
fn expression_length(text: &str) -> Option<usize> {
    let (open, close) = MARKS.iter().find(|(open, _)| text.starts_with(open))?;
    let window = &text[open.len()..text.floor_char_boundary(MAX_EXPRESSION_BYTES)];
    let end = window.find(close)?;
    let inner = window[..end].trim();
    // A sum in dollars or a lone brace is no expression.
    let is_name = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '$';
    let is_expression = !inner.is_empty() && (*open != "${" || (inner.starts_with(is_name) && !inner.contains(['\n', '{'])));
    let braces = window[end + close.len()..]
        .chars()
        .take_while(|c| *close == "}}" && *c == '}')
        .count();
    is_expression.then_some(open.len() + end + close.len() + braces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> String {
        let mut document = Html::parse_document(html);
        remove_template_marks(html, &mut document);
        document.root_element().text().collect::<Vec<_>>().join("|")
    }

    #[test]
    fn expressions_are_no_text() {
        const LONG: &str = "Le conseil du village a ouvert le puits lundi matin, devant une foule nombreuse venue de tous les environs.";
        for (html, expected) in [
            ("<p>{{ article.body }}</p><p>Le puits</p>", "Le puits"),
            (
                "<p>{{#if a}}</p><p>{% include 'x' %}</p><p>&lt;%= title %&gt;</p><p>${item.title}</p><p>un</p>",
                "un",
            ),
            ("<p>{{{ raw }}} vues</p>", ""),
            ("<p>{{ n }} commentaires</p>", "{{ n }} commentaires"),
            ("<code>{{ name }}</code>", "{{ name }}"),
            (
                "<p>Le prix est de ${5} par sac, ou ${ 6 }</p>",
                "Le prix est de ${5} par sac, ou ${ 6 }",
            ),
            ("<p>{{ }} { a } <% b</p>", "{{ }} { a } <% b"),
        ] {
            let found = texts(html).replace('|', "");
            assert_eq!(found, expected, "{html}");
        }
        let page = format!("<title>{{{{page.title}}}} - Le Fleuve</title><h1>{{{{a}}}}</h1><p>{LONG}</p>");
        assert_eq!(texts(&page).replace('|', ""), format!("Le Fleuve{LONG}"));
    }

    #[test]
    fn a_page_of_expressions_has_no_text() {
        let page = "<title>{{ title }} | Le Fleuve</title><h1>{{ title }}</h1><ul><li><a href=/a>Le puits</a></ul>";
        assert_eq!(texts(page), "Le Fleuve");
    }
}
