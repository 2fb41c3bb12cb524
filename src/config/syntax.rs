//! Explains what stops TOML from being read, in the words of someone who edits the file: the parser says what it expected, which helps only those
//! who know its grammar.

use super::keys::ValueKind;
use super::root::{ROOT, TABLES};
use super::syntax_line::{Line, is_key};
use super::syntax_value::{self, straightened};
use super::{synonyms, unknown};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;

/// Why a text is no TOML.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxFlaw {
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The byte range of what is wrong.
    pub(super) span: Range<usize>,
    /// The byte range of what already stands elsewhere, with its label.
    pub(super) also: Option<(Range<usize>, String)>,
}

/// The most mistakes of one file that are told at once.
const MAX_FLAWS: usize = 20;

/// What the parser says, each message with its byte range, in the order of these.
pub(super) type ParserErrors = Vec<(String, Range<usize>)>;

/// Parses one file.
pub(super) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, ParserErrors> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table);
    }
    errors.sort_by_key(|error| error.span().unwrap_or_default().start);
    let told = errors.iter().take(MAX_ERRORS).map(|error| {
        let message = error.message().trim().replace('\n', "; ");
        (message, error.span().unwrap_or_default())
    });
    Err(told.collect())
}

/// Returns what is wrong with `text`, one flaw a line, in order; `errors` are what the parser says of it.
pub(super) fn explain_all(text: &str, mut errors: ParserErrors) -> Vec<SyntaxFlaw> {
    let mut flaws = BTreeMap::new();
    let mut rest = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        // Behind a line without a value the parser looks at no values any more.
        let is_stopped = errors
            .iter()
            .any(|(message, _)| message.starts_with(NO_VALUE) || message.starts_with(NO_KEY));
        let is_open = errors
            .iter()
            .any(|(message, _)| message.starts_with(NO_COMMA) || message.contains("multi-line"));
        let lines = explain_round(text, errors, &mut flaws);
        if !is_stopped || is_open || flaws.len() >= MAX_FLAWS {
            break;
        }
        for line in lines {
            rest.replace_range(line.clone(), &" ".repeat(line.len()));
        }
        errors = parse(&rest).err().unwrap_or_default();
        errors.retain(|(message, _)| message != DUPLICATE);
    }
    flaws.into_values().take(MAX_FLAWS).collect()
}

/// Adds the flaws of each line that has none yet, by the byte at which the line starts; returns the lines.
fn explain_round(text: &str, mut errors: ParserErrors, flaws: &mut BTreeMap<usize, SyntaxFlaw>) -> Vec<Range<usize>> {
    // Where something else is no TOML, two keys may only seem to stand in one table.
    if errors.iter().any(|(message, _)| message != DUPLICATE) {
        errors.retain(|(message, _)| message != DUPLICATE);
    }
    let mut lines = Vec::new();
    let mut is_second_table = false;
    let mut told_to = 0;
    for (message, span) in errors {
        // A line may be as long as the file, and hold as many mistakes.
        if span.start < told_to {
            continue;
        }
        let line = Line::around(text, text.floor_char_boundary(span.start));
        // The keys of a table that stands twice are those of one.
        let is_head = line.text.trim_start().starts_with('[');
        told_to = line.start + line.text.len();
        if is_second_table && !is_head {
            continue;
        }
        is_second_table = message == DUPLICATE && is_head;
        if let Entry::Vacant(flaw) = flaws.entry(line.start) {
            flaw.insert(explain(text, &message, span));
            lines.push(line.start..line.start + line.text.len());
        }
        // What follows a list without an end is read as its elements.
        if message.starts_with(NO_COMMA) || flaws.len() >= MAX_FLAWS {
            break;
        }
    }
    lines
}

/// How many messages of the parser are read, of those of a file that is something else altogether.
const MAX_ERRORS: usize = 1000;
/// How often a file is parsed again without the lines that are told already.
const MAX_ROUNDS: usize = 4;

/// What the parser says of a key that is given twice, of one without a value, of characters that no key has, and of a list without an end.
const DUPLICATE: &str = "duplicate key";
const NO_VALUE: &str = "key with no value";
const NO_KEY: &str = "invalid unquoted key";
const NO_COMMA: &str = "missing comma between array elements";

/// Returns what is wrong at `span` of `text`, where the parser stopped with `message`.
fn explain(text: &str, message: &str, span: Range<usize>) -> SyntaxFlaw {
    let at = text.floor_char_boundary(span.start);
    let line = Line::around(text, at);
    if message == DUPLICATE {
        return duplicate(text, span);
    }
    if message.starts_with("carriage return must be followed by newline") && !text.contains('\n') {
        let help = "save the file with line breaks of Unix (LF) or Windows (CR LF)".to_owned();
        return flaw(
            "the lines of this file end with a carriage return alone, as on old Macs",
            Some(help),
            span,
        );
    }
    if let Some((place, name)) = line.unseen() {
        let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
        let help = "delete it, and type a common space if one is needed".to_owned();
        let message = format!("{name} stands here, which TOML does not allow outside of texts");
        return flaw(message, Some(help), place..end);
    }
    if let Some((quotation, place)) = line.typographic_quotation() {
        let help = line.assignment().map(|(key, value)| syntax_value::write(key, &straightened(value)));
        let message = format!("TOML knows straight quotation marks only, not {quotation}");
        return flaw(message, help, place..place + quotation.len_utf8());
    }
    if let Some((place, key)) = line.colon() {
        let help = format!("write {key} = and the value, or [{key}] for a table");
        return flaw("a `:` stands where TOML has `=`", Some(help), place..place + 1);
    }
    let trimmed = line.text.trim();
    let whole_line = line.start..line.start + line.text.len();
    if let Some((message, help)) = foreign_line(trimmed).or_else(|| head_flaw(trimmed)) {
        return flaw(message, Some(help), whole_line);
    }
    match line.assignment() {
        Some((key, value)) => {
            if let Some((message, help)) = syntax_value::explain_value(key, value) {
                return flaw(message, help, if value.is_empty() { whole_line } else { span });
            }
        }
        None if message.starts_with(NO_KEY) && line.text.contains('=') => {
            let key = line.text.split('=').next().unwrap_or_default();
            let help = synonyms::keys(key).next().map(|near| format!("did you mean `{near}`?"));
            return flaw("a key is made of a-z, 0-9, `_` and `-`", help, span);
        }
        None if message.starts_with(NO_VALUE) || message.starts_with(NO_KEY) => {
            let (message, help) = without_sign(trimmed);
            return flaw(message, Some(help), whole_line);
        }
        None => {}
    }
    explain_message(text, message, span, &line)
}

/// Returns what is wrong where only the parser's message tells it.
fn explain_message(text: &str, message: &str, span: Range<usize>, line: &Line<'_>) -> SyntaxFlaw {
    let at = text.floor_char_boundary(span.start);
    if message.starts_with("string values must be quoted") {
        return flaw("a text needs quotation marks", None, span);
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        let found = text[at..].chars().next().filter(|found| !matches!(found, '\n' | '\r'));
        if let Some(found) = found.filter(|found| found.is_control()) {
            let message = format!("a control character (U+{:04X}) stands in this text", u32::from(found));
            return flaw(message, Some("delete it".to_owned()), span);
        }
        let help = "put its quotation mark at its end; within \"…\" write `\\\"` for a quotation mark".to_owned();
        let start = line.first_quotation().unwrap_or(at).min(at);
        return flaw("this text does not end on its line", Some(help), start..span.end.max(at));
    }
    if message.starts_with(NO_COMMA) || message.starts_with("unclosed array") && !message.starts_with("unclosed array table") {
        let help = "put a comma between two elements, and a `]` behind the last".to_owned();
        return flaw("this list has no end, or lacks a comma before here", Some(help), span);
    }
    let escape = "within \"…\" a backslash begins an escape: write it twice, or put the text into '…'";
    let help = message.contains("escape").then(|| escape.to_owned());
    flaw(format!("this is no TOML: {message}"), help, span)
}

fn flaw(message: impl Into<String>, help: Option<String>, span: Range<usize>) -> SyntaxFlaw {
    SyntaxFlaw {
        message: message.into(),
        help,
        span,
        also: None,
    }
}

/// Returns what is wrong with a line that is of another format as a whole: a comment, a rule between parts, a fence of Markdown.
fn foreign_line(line: &str) -> Option<(&'static str, String)> {
    if let Some(mark) = ["//", "/*", "*/", "<!--", ";"].into_iter().find(|mark| line.starts_with(mark)) {
        return Some((
            "comments begin with # in TOML",
            format!("write # in place of `{mark}`, or delete the line"),
        ));
    }
    let is_rule = line.len() > 2 && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '+' | '~'));
    let is_foreign = is_rule || line.starts_with("```") || line.starts_with('*');
    is_foreign.then(|| ("this line is no TOML", "delete it, or write # in front of it".to_owned()))
}

/// Returns what is wrong with the head of a table.
fn head_flaw(line: &str) -> Option<(&'static str, String)> {
    if !line.starts_with('[') {
        return None;
    }
    let name = line.trim_start_matches(['[', ' ']);
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    let is_many = matches!(ROOT.key(name).map(|key| &key.kind), Some(ValueKind::Tables(_)));
    let head = if is_many || line.starts_with("[[") {
        format!("[[{name}]]")
    } else {
        format!("[{name}]")
    };
    let rest = rest.trim_start_matches([']', ' ']);
    match rest {
        _ if name.is_empty() => None,
        "" => Some((
            "this head of a table is not written as TOML has it",
            format!("write this head as {head}"),
        )),
        _ if rest.starts_with(['#', '"', ',']) => None,
        _ => Some((
            "something stands behind this head of a table",
            format!("write {head} alone, and the rest into a line of its own"),
        )),
    }
}

/// Returns what is wrong with a line without an equals sign.
fn without_sign(line: &str) -> (&'static str, String) {
    let (key, value) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let is_known = TABLES.iter().any(|table| table.key(key).is_some());
    if is_key(key) && (is_known || value.trim_start().starts_with(['"', '\'', '['])) {
        return (
            "there is no `=` between the key and its value",
            syntax_value::write(key, value.trim()),
        );
    }
    let help = "delete it, or write # in front of it to make it a comment".to_owned();
    ("this line is neither a key with its value nor the head of a table", help)
}

/// Explains a key or a table that is given twice, which TOML forbids.
fn duplicate(text: &str, span: Range<usize>) -> SyntaxFlaw {
    let name = text.get(span.clone()).unwrap_or_default();
    let line = Line::around(text, span.start);
    let head = format!("[{name}]");
    if line.text.trim_start().starts_with(&head) {
        let first = heads(text).find(|(at, found)| *at < line.start && *found == head);
        return SyntaxFlaw {
            message: format!("{head} is already there"),
            help: Some(format!("move the keys below to the first {head}, and delete this head")),
            span,
            also: first.map(|(at, head)| (at..at + head.len(), "it stands here".to_owned())),
        };
    }
    SyntaxFlaw {
        message: format!("`{name}` is given twice"),
        help: Some(unknown::duplicate_advice(name)),
        span,
        also: None,
    }
}

/// Returns the heads of tables, each with its place: lines that begin with `[`, up to the `]`.
fn heads(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        let head = line.trim_start();
        let end = head.find(']').filter(|_| head.starts_with('['))?;
        Some((at, &head[..=end]))
    })
}
