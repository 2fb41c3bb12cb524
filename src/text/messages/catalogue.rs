//! The table of one language: which translation a message has.
//!
//! A message without placeholders is found by its text. For all others one pass over the text finds which literal parts of templates stand in it; only
//! the templates they belong to are compared with it. So the time is linear in the text, whatever it holds: messages hold texts of servers.

use super::template::{Insertion, Part, Template};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep messages may stand in each other and are still translated: an error may have a cause, which has a cause.
const MAX_DEPTH: usize = 8;
/// What stands between the members of a list.
const LIST_WORD: &str = " or ";

/// The translations of one language.
#[derive(Debug)]
pub(super) struct Catalogue {
    /// The messages without placeholders.
    fixed: BTreeMap<String, String>,
    /// The others, those with the longest literal text first.
    templates: Vec<(Template, Vec<Part>)>,
    /// Finds the longest literal part of each template.
    literals: Option<AhoCorasick>,
}

/// Returns the lines of a table that are entries: the English text, and the translation. `\n`, `\t` and `\\` stand for a line break, a tab and a
/// backslash.
pub(super) fn entries(table: &str) -> impl Iterator<Item = (String, Option<String>)> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| match line.split_once('\t') {
        Some((english, translated)) => (unescaped(english), Some(unescaped(translated))),
        None => (unescaped(line), None),
    })
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    out
}

/// Returns whether the placeholder at the beginning of a template has taken the beginning of another message around it: `a` and `b is wrong` in
/// `a: b is wrong`. It stands for an id, an address or a path, unless it is a message itself.
fn swallows_a_message(template: &Template, translation: &[Part], captures: &[&str]) -> bool {
    let is_message = translation.contains(&Part::Captured(0, Insertion::Message));
    template.begins_with_placeholder() && !is_message && captures.first().is_some_and(|first| first.contains(": "))
}

impl Catalogue {
    /// Reads tables, whose translations `prepare` makes ready. Returns with it what is wrong in them: lines that are no entries, and placeholders that
    /// the English text does not have.
    pub(super) fn read(tables: &[&str], prepare: impl Fn(&str) -> String) -> (Self, Vec<String>) {
        let mut fixed = BTreeMap::new();
        let mut templates = Vec::new();
        let mut flaws = Vec::new();
        for (english, translated) in tables.iter().flat_map(|table| entries(table)) {
            let Some(translated) = translated.as_deref().map(&prepare) else {
                flaws.push(english);
                continue;
            };
            let template = Template::parse(&english);
            if template.names().is_empty() {
                // `{{` stands for a brace in texts without placeholders too.
                fixed.insert(
                    template.longest_literal().to_owned(),
                    translated.replace("{{", "{").replace("}}", "}"),
                );
                continue;
            }
            match template.translation(&translated) {
                Ok(parts) => templates.push((template, parts)),
                Err(name) => flaws.push(format!("{english}: {{{name}}}")),
            }
        }
        // Of two with as much text the one with more placeholders says more of where its text stands.
        templates.sort_by_key(|(template, _)| std::cmp::Reverse((template.literal_len(), template.names().len())));
        let literals = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(templates.iter().map(|(template, _)| template.longest_literal()));
        let catalogue = Self {
            fixed,
            templates,
            // Too many literals would be the only error; without them no template is found, and messages stay English.
            literals: literals.ok(),
        };
        (catalogue, flaws)
    }

    /// Returns the translation of a message; the message itself when there is none.
    pub(super) fn translate<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.translate_within(text, MAX_DEPTH)
    }

    fn translate_within<'t>(&self, text: &'t str, depth: usize) -> Cow<'t, str> {
        if let Some(translated) = self.fixed.get(text) {
            return Cow::Owned(translated.clone());
        }
        if depth == 0 {
            return Cow::Borrowed(text);
        }
        for number in self.candidates(text) {
            let (template, translation) = &self.templates[number];
            let captures = template.captures(text);
            if let Some(captures) = captures.filter(|captures| !swallows_a_message(template, translation, captures)) {
                return Cow::Owned(self.fill(translation, &captures, depth));
            }
        }
        Cow::Borrowed(text)
    }

    /// Returns the numbers of the templates of which the longest literal part stands in `text`, in order.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let Some(literals) = &self.literals else { return Vec::new() };
        let mut is_found = vec![false; self.templates.len()];
        for found in literals.find_overlapping_iter(text) {
            is_found[found.pattern().as_usize()] = true;
        }
        (0..is_found.len()).filter(|number| is_found[*number]).collect()
    }

    fn fill(&self, translation: &[Part], captures: &[&str], depth: usize) -> String {
        let mut out = String::new();
        for part in translation {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                Part::Captured(index, insertion) => {
                    let value = captures.get(*index).copied().unwrap_or_default();
                    match insertion {
                        Insertion::Unchanged => out.push_str(value),
                        Insertion::Message => out.push_str(&self.translate_within(value, depth - 1)),
                        Insertion::List => out.push_str(&self.list(value, depth - 1)),
                    }
                }
            }
        }
        out
    }

    /// Returns a list with its members and the word between them translated.
    fn list(&self, list: &str, depth: usize) -> String {
        let members: Vec<Cow<'_, str>> = list.split(LIST_WORD).map(|member| self.translate_within(member, depth)).collect();
        members.join(&self.translate_within(LIST_WORD, depth))
    }
}
