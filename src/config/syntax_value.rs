//! A value that is not written as TOML has it, and how its line is written right.
//!
//! A line is proposed only where it is TOML, and where nothing in it may be a secret.

use super::keys::ValueKind;
use super::masking::{is_secret_key, masked_message};
use super::quoting::{quoted, quoted_list};
use super::root::TABLES;
use super::synonyms;
use super::syntax_line::{TYPOGRAPHIC_DOUBLE, TYPOGRAPHIC_SINGLE, outside_texts};
use toml::de::DeTable;

/// The longest line that is proposed, in characters.
const MAX_PROPOSED_CHARS: usize = 120;
/// What is wrong with a value, and what to write.
pub(super) type ValueFlaw = (&'static str, Option<String>);

/// Returns what is wrong with `value`, which stands behind `key =`; `None` when it is right, or it is not known.
pub(super) fn explain_value(key: &str, value: &str) -> Option<ValueFlaw> {
    if is_value(key, value) {
        return None;
    }
    if value.is_empty() {
        let value = example(key);
        return Some((
            "a value is missing here",
            Some(format!("write {key} = {value}, or delete the line")),
        ));
    }
    if let Some(rest) = value.strip_prefix('=') {
        return Some(("one `=` is enough", Some(write(key, rest.trim_start_matches('=').trim()))));
    }
    if value.contains("&quot;") {
        return Some((
            "`&quot;` is how HTML writes a quotation mark",
            Some(write(key, &value.replace("&quot;", "\""))),
        ));
    }
    if let Some(flaw) = behind_value(key, value) {
        return Some(flaw);
    }
    match kind_of(key) {
        Some(ValueKind::Flag) => Some((
            "this is neither true nor false",
            Some(write(
                key,
                synonyms::truth(value.trim_matches(['`', '"', '\''])).unwrap_or_default(),
            )),
        )),
        Some(ValueKind::Whole(..) | ValueKind::Number(..)) => Some(("this is no number", Some(write(key, "")))),
        Some(ValueKind::Texts | ValueKind::Urls) => list_flaw(key, value),
        None if value.starts_with('[') => list_flaw(key, value),
        _ => text_flaw(key, value),
    }
}

/// Returns the advice to write `value` for a key; an example of a value where the line may not be shown, or would be no TOML.
pub(super) fn write(key: &str, value: &str) -> String {
    let is_short = value.chars().count() <= MAX_PROPOSED_CHARS;
    if is_short && is_value(key, value) && !is_secret_key(key) && masked_message(value) == value {
        return format!("write {key} = {value}");
    }
    let value = example(key);
    format!("write {key} = {value}")
}

/// Returns the value with straight quotation marks in place of typographic ones.
pub(super) fn straightened(value: &str) -> String {
    let marks: &[char] = if value.contains(TYPOGRAPHIC_DOUBLE) {
        &TYPOGRAPHIC_DOUBLE
    } else {
        &TYPOGRAPHIC_SINGLE
    };
    // French has spaces within guillemets, which are no part of the text.
    let mut straight = String::with_capacity(value.len());
    for character in value.chars() {
        if character == '»' {
            straight.truncate(straight.trim_end().len());
        }
        if straight.ends_with('«') && character.is_whitespace() {
            continue;
        }
        straight.push(character);
    }
    straight.replace(marks, "\"")
}

fn is_value(key: &str, value: &str) -> bool {
    DeTable::parse(&format!("{key} = {value}")).is_ok()
}

/// Returns what kind of value a key takes, in the first table that has it.
fn kind_of(key: &str) -> Option<&'static ValueKind> {
    TABLES.iter().find_map(|table| table.key(key)).map(|key| &key.kind)
}

fn example(key: &str) -> &'static str {
    match kind_of(key) {
        Some(ValueKind::Flag) => "true",
        Some(ValueKind::Whole(..) | ValueKind::Number(..)) => "10",
        Some(ValueKind::Texts | ValueKind::Urls) => "[\"…\"]",
        _ => "\"…\"",
    }
}

/// Returns the flaw of a right value with something behind it: a comma, a semicolon, or a comment of another format.
fn behind_value(key: &str, value: &str) -> Option<ValueFlaw> {
    let bare = value.trim_end_matches([',', ';']);
    if bare != value && is_value(key, bare) {
        return Some((
            "nothing stands behind a value in TOML, no comma and no semicolon",
            Some("delete it".to_owned()),
        ));
    }
    let is_mark = |at: usize| ["//", "/*", ";", "--"].iter().any(|mark| value[at..].starts_with(mark));
    let (at, _) = outside_texts(value).find(|(at, _)| is_mark(*at))?;
    let help = Some("write # in front of the comment".to_owned());
    is_value(key, value[..at].trim()).then_some(("comments begin with # in TOML", help))
}

/// Returns the flaw of a list of texts.
fn list_flaw(key: &str, value: &str) -> Option<ValueFlaw> {
    let has_brackets = value.starts_with('[');
    if has_brackets && !value.ends_with(']') {
        return None;
    }
    let inner = value.trim_start_matches(['[', '(', '{']).trim_end_matches([']', ')', '}']);
    let texts: Vec<&str> = split_list(inner)
        .map(|text| text.trim().trim_matches(['"', '\'', '`']))
        .filter(|text| !text.is_empty())
        .collect();
    if texts.iter().any(|text| text.contains(['"', '[', '=', '{'])) {
        return None;
    }
    let message = match (has_brackets, inner.contains('"')) {
        (false, _) => "a list stands in square brackets",
        (true, true) => "commas stand between the texts of a list",
        (true, false) => "each text of a list needs quotation marks",
    };
    Some((message, Some(write(key, &quoted_list(texts.into_iter())))))
}

/// Returns the parts of a list between commas, semicolons and Arabic commas that stand outside of texts.
fn split_list(list: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = outside_texts(list).filter(|(_, character)| matches!(character, ',' | ';' | '،'));
    let ends: Vec<(usize, usize)> = ends
        .map(|(at, character)| (at, at + character.len_utf8()))
        .chain([(list.len(), list.len())])
        .collect();
    ends.into_iter().map(move |(end, next)| {
        let part = &list[start..end];
        start = next;
        part
    })
}

/// Returns the flaw of a text.
fn text_flaw(key: &str, value: &str) -> Option<ValueFlaw> {
    if value.starts_with(['[', '{', '\'']) || value.starts_with("\"\"\"") {
        return None;
    }
    let Some(inner) = value.strip_prefix('"') else {
        let bare = value.trim_matches(['`', ' ']);
        return Some(("a text needs quotation marks", Some(write(key, &quoted(bare)))));
    };
    let inner = inner.strip_suffix('"')?;
    if inner.ends_with('"') && is_value(key, &format!("\"{inner}")) {
        return Some((
            "this text has a quotation mark too many at its end",
            Some(write(key, &format!("\"{inner}"))),
        ));
    }
    let message = if inner.contains('"') {
        "a quotation mark stands within this text, which ends there"
    } else if inner.contains('\\') {
        "a backslash stands in this text, which begins an escape within \"…\""
    } else {
        return None;
    };
    Some((message, Some(write(key, &quoted(inner)))))
}
