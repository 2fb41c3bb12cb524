//! The rules of a page's `<style>` elements that hide elements, read in one linear pass. Pure.
//!
//! Only rules on one class or one id, with or without the name of an element, are read as hiding: what a page hides by them is hidden for every
//! reader. A name that another rule shows again (on a wider screen, in an open menu) hides nothing.

use std::collections::{HashMap, HashSet};

/// The most characters of a declaration that is read: those that hide are short.
const MAX_DECLARATION_BYTES: usize = 200;
/// How many bytes of rules are read of one page.
const MAX_STYLE_BYTES: usize = 4 << 20;
/// A distance to the left or upward from which on an element is outside of the page, in pixels.
const OFF_SCREEN_PIXELS: f64 = 900.0;

/// The names that a page's style sheets hide.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct StyleRules {
    /// For each `.class` and `#id` the elements that are hidden by it; the empty name is any element.
    hidden: HashMap<String, HashSet<String>>,
    /// The names that a rule shows under a condition.
    shown: HashSet<String>,
    read_bytes: usize,
}

impl StyleRules {
    /// Adds the rules of a `style` element with these contents and this `media` attribute.
    pub fn add(&mut self, css: &str, media: Option<&str>) {
        self.read_bytes = self.read_bytes.saturating_add(css.len());
        if media.is_some_and(|media| !applies_to_screens(media)) || self.read_bytes > MAX_STYLE_BYTES {
            return;
        }
        let css = without_comments(css);
        // A rule within others applies under the conditions of all of them; `None` is one that never applies on a screen.
        let mut around: Vec<Option<bool>> = vec![Some(media.is_some_and(|media| media.contains('(')))];
        let mut rest = css.as_str();
        while let Some(at) = memchr::memchr3(b'{', b'}', b';', rest.as_bytes()) {
            let (before, mark) = (rest[..at].trim(), rest.as_bytes()[at]);
            rest = &rest[at + 1..];
            match mark {
                b'}' if around.len() > 1 => {
                    around.pop();
                }
                b'{' if before.starts_with('@') => around.push(condition(before, around.last().copied().flatten())),
                b'{' => {
                    let end = memchr::memchr2(b'{', b'}', rest.as_bytes()).unwrap_or(rest.len());
                    if let Some(is_conditional) = around.last().copied().flatten() {
                        self.add_rule(before, &rest[..end], is_conditional);
                    }
                    if rest.as_bytes().get(end) == Some(&b'{') {
                        // Rules within a rule: they are not read.
                        around.push(None);
                    } else {
                        rest = rest.get(end + 1..).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
    }

    fn add_rule(&mut self, selectors: &str, declarations: &str, is_conditional: bool) {
        let Some(hides) = hides(declarations) else { return };
        for selector in selectors.split(',').map(str::trim) {
            match simple_name(selector) {
                Some((element, name)) if hides && !is_conditional => {
                    self.hidden.entry(name.to_owned()).or_default().insert(element.to_ascii_lowercase());
                }
                Some(_) if hides => {}
                Some((element, name)) if !is_conditional => {
                    if element.is_empty() {
                        self.hidden.remove(name);
                    } else if let Some(elements) = self.hidden.get_mut(name) {
                        elements.remove(&element.to_ascii_lowercase());
                    }
                }
                _ if hides || selector.contains(":hover") || selector.contains(":focus") => {}
                _ => self.shown.extend(last_names(selector).map(str::to_owned)),
            }
        }
    }

    /// Returns whether the rules hide an element.
    pub fn hide<'v>(&self, element: &str, id: Option<&str>, classes: impl Iterator<Item = &'v str>) -> bool {
        if self.hidden.is_empty() {
            return false;
        }
        let mut name = String::new();
        let mut is_hidden = |mark: char, own: &str| {
            name.clear();
            name.push(mark);
            name.push_str(own);
            self.hidden
                .get(&name)
                .is_some_and(|elements| (elements.contains("") || elements.contains(element)) && !self.shown.contains(&name))
        };
        id.is_some_and(|id| is_hidden('#', id)) || classes.into_iter().any(|class| is_hidden('.', class))
    }
}

/// Returns whether the condition of an at-rule holds on some screens only, `None` when on none or when it contains no rules for elements;
/// `around` says so of what is around it.
fn condition(rule: &str, around: Option<bool>) -> Option<bool> {
    let lower = rule.to_ascii_lowercase();
    let around = around?;
    if let Some(media) = lower.strip_prefix("@media") {
        return applies_to_screens(media).then_some(around || media.contains('('));
    }
    if lower.starts_with("@layer") {
        return Some(around);
    }
    (lower.starts_with("@supports") || lower.starts_with("@container")).then_some(true)
}

fn applies_to_screens(media: &str) -> bool {
    let lower = media.to_ascii_lowercase();
    let is_for_others = |query: &str| {
        ["print", "speech", "aural", "braille"]
            .iter()
            .any(|kind| query.trim().starts_with(kind))
    };
    lower.split(',').any(|query| !is_for_others(query))
}

/// Returns whether declarations hide an element; `None` when they do neither hide nor show it.
pub(crate) fn hides(declarations: &str) -> Option<bool> {
    let mut found = None;
    let (mut is_positioned, mut is_outside) = (false, false);
    for declaration in declarations.split(';') {
        if declaration.len() > MAX_DECLARATION_BYTES {
            continue;
        }
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let value = value.split('!').next().unwrap_or_default().trim().to_ascii_lowercase();
        let name = name.trim();
        let is = |own: &str| name.eq_ignore_ascii_case(own);
        if is("display") {
            found = Some(value == "none");
        } else if is("visibility") {
            let hides = matches!(value.as_str(), "hidden" | "collapse");
            found = if found == Some(true) { found } else { Some(hides) };
        } else if is("position") {
            is_positioned = matches!(value.as_str(), "absolute" | "fixed");
        } else if is("left") || is("top") {
            is_outside |= value
                .strip_suffix("px")
                .and_then(|number| number.trim().parse().ok())
                .is_some_and(|number: f64| number <= -OFF_SCREEN_PIXELS);
        } else if is("clip") {
            let inner = value.strip_prefix("rect(").and_then(|inner| inner.strip_suffix(')'));
            is_outside |= inner.is_some_and(|inner| {
                let mut sides = inner.split([',', ' ']).filter(|side| !side.is_empty());
                sides.all(|side| matches!(side, "0" | "0px" | "1px"))
            });
        }
    }
    if is_positioned && is_outside { Some(true) } else { found }
}

/// Returns the element and the class or id, with its mark, of a selector that has nothing else.
fn simple_name(selector: &str) -> Option<(&str, &str)> {
    let at = selector.find(['.', '#'])?;
    let (element, name) = selector.split_at(at);
    let is_name = |part: &str| {
        part.bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_') || !c.is_ascii())
    };
    (name.len() > 1 && is_name(element) && is_name(&name[1..])).then_some((element, name))
}

/// Iterates over the classes and ids of the last part of a selector: they name the elements that the rule is for.
fn last_names(selector: &str) -> impl Iterator<Item = &str> {
    let start = selector.rfind([' ', '>', '+', '~']).map_or(0, |at| at + 1);
    let last = &selector[start..];
    last.match_indices(['.', '#']).map(move |(at, _)| {
        let end = last[at + 1..]
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
            .map_or(last.len(), |end| at + 1 + end);
        &last[at..end]
    })
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"/*") {
        out.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        rest = memchr::memmem::find(rest.as_bytes(), b"*/").map_or("", |end| &rest[end + 2..]);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(css: &str, element: &str, classes: &str) -> bool {
        let mut rules = StyleRules::default();
        rules.add(css, None);
        rules.hide(element, Some("own"), classes.split(' '))
    }

    #[test]
    fn simple_rules_hide() {
        for css in [
            ".x{display:none}",
            ".a, .x , h2 { color : red ; DISPLAY : None !important }",
            "p.x{visibility:hidden}",
            "#own{display:none}",
            "/* .y{ */ .x{ display : none }",
            "@charset \"utf-8\"; @import url(a.css); .x{display:none}",
            "@media screen{.x{display:none}}",
            "@layer base{.x{display:none}}",
            ".x{position:absolute;left:-9999px}",
            ".x{clip:rect(0, 0, 0, 0);position:absolute}",
            ".x{display:block}.x{display:none}",
            ".x{display:none}.x:hover{display:block}",
            ".x{display:none}.x .y{display:block}",
            "a{b:c}}.x{display:none}",
        ] {
            assert!(hidden(css, "p", "w x"), "{css}");
        }
    }

    #[test]
    fn other_rules_hide_nothing() {
        for css in [
            "",
            ".xy{display:none}",
            ".x{display:block}",
            "div.x{display:none}",
            ".y .x{display:none}",
            ".x.y{display:none}",
            ".x:empty{display:none}",
            "p{display:none}",
            "@media print{.x{display:none}}",
            "@media (max-width:600px){.x{display:none}}",
            "@media print{@media screen{.x{display:none}}}",
            "@keyframes k{from{visibility:hidden}.x{display:none}}",
            ".x{display:none}.x{display:flex}",
            ".x{display:none}@media (min-width:600px){.x{display:block}}",
            ".open .x{display:block}.x{display:none}",
            ".x{display:none}.x.is-open{display:block}",
            ".x{display:none}#c:checked~.x{display:block}",
            ".a{.x{display:none}}",
            ".x{left:-9999px}",
            ".x{displayed:none}",
        ] {
            assert!(!hidden(css, "p", "w x"), "{css}");
        }
        let mut rules = StyleRules::default();
        rules.add(".x{display:none}", Some("print"));
        assert_eq!(
            rules,
            StyleRules {
                read_bytes: 16,
                ..StyleRules::default()
            }
        );
    }

    #[test]
    fn a_rule_of_a_hundred_thousand_is_found() {
        let css = (0..100_000).fold(String::new(), |css, n| css + &format!(".c{n}{{display:none}}"));
        assert!(hidden(&css, "p", "c99999") && !hidden(&css, "p", "c100000"));
    }
}
