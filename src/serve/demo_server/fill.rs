//! Fills the templates of the demo server: `{{key}}` is escaped, `{{=key}}` is not, `{{#list}}…{{/list}}` is repeated.
//!
//! Only for bundled templates: an unknown key stays in the output, which a test looks for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The values of one scope of a template.
pub(super) type Scope = BTreeMap<String, Value>;

/// The value of a name.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// A list, each element with a scope of its own.
    List(Vec<Scope>),
}

/// Returns `template` with all names replaced; the last scope that has a name wins.
pub(super) fn fill(template: &str, scopes: &[&Scope]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    fill_into(template, scopes, &mut out);
    out
}

fn fill_into(template: &str, scopes: &[&Scope], out: &mut String) {
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((tag, tail)) = tail.split_once("}}") else { break };
        rest = if let Some(name) = tag.strip_prefix('#') {
            fill_list(name, tail, scopes, out)
        } else {
            fill_text(tag, scopes, out);
            tail
        };
    }
    out.push_str(rest);
}

/// Repeats the section at the start of `tail` and returns what follows it.
fn fill_list<'t>(name: &str, tail: &'t str, scopes: &[&Scope], out: &mut String) -> &'t str {
    let Some((inner, after)) = tail.split_once(&format!("{{{{/{name}}}}}")) else {
        return tail;
    };
    if let Some(Value::List(items)) = find(name, scopes) {
        for item in items {
            let mut deeper = scopes.to_vec();
            deeper.push(item);
            fill_into(inner, &deeper, out);
        }
    }
    after
}

fn fill_text(tag: &str, scopes: &[&Scope], out: &mut String) {
    let (name, raw) = tag.strip_prefix('=').map_or((tag, false), |name| (name, true));
    match find(name, scopes) {
        Some(Value::Text(text)) if raw => out.push_str(text),
        Some(Value::Text(text)) => out.push_str(&escape(text)),
        _ => {
            let _ = write!(out, "{{{{{tag}}}}}");
        }
    }
}

fn find<'s>(name: &str, scopes: &[&'s Scope]) -> Option<&'s Value> {
    scopes.iter().rev().find_map(|scope| scope.get(name))
}

/// Returns `text` escaped for text nodes and quoted attributes of HTML and XML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(pairs: &[(&str, &str)]) -> Scope {
        pairs
            .iter()
            .map(|(key, text)| ((*key).to_owned(), Value::Text((*text).to_owned())))
            .collect()
    }

    #[test]
    fn texts_are_escaped_unless_marked_raw() {
        let scope = scope(&[("a", "<b> & \"c\"")]);
        assert_eq!(fill("[{{a}}] [{{=a}}]", &[&scope]), "[&lt;b&gt; &amp; &quot;c&quot;] [<b> & \"c\"]");
    }

    #[test]
    fn a_value_that_looks_like_a_tag_is_not_filled_again() {
        let scope = scope(&[("a", "{{b}}"), ("b", "no")]);
        assert_eq!(fill("{{a}}", &[&scope]), "{{b}}");
    }

    #[test]
    fn lists_repeat_and_inherit_outer_names() {
        let mut outer = scope(&[("site", "S"), ("x", "outer")]);
        outer.insert("items".into(), Value::List(vec![scope(&[("x", "1")]), scope(&[("y", "2")])]));
        assert_eq!(fill("<{{#items}}{{site}}{{x}};{{/items}}>", &[&outer]), "<S1;Souter;>");
    }

    #[test]
    fn unknown_names_and_unclosed_tags_stay_in_the_output() {
        assert_eq!(fill("a {{what}} b", &[]), "a {{what}} b");
        assert_eq!(fill("a {{#what}} b", &[]), "a  b");
        assert_eq!(fill("{{#none}}x{{/none}}y", &[]), "y");
    }
}
