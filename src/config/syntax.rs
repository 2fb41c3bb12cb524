//! Explains what stops TOML from being read, in the words of someone who edits the file: the parser says what it expected, which helps only those
//! who know its grammar.

use super::odd_characters::unseen_name;
use super::unknown;
use std::ops::Range;

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

/// Returns what is wrong at `span` of `text`, where the parser stopped with `message`.
pub(super) fn explain(text: &str, message: &str, span: Range<usize>) -> SyntaxFlaw {
    let at = text.floor_char_boundary(span.start);
    let line = Line::around(text, at);
    let flaw = |message: String, help: Option<String>, span: Range<usize>| SyntaxFlaw {
        message,
        help,
        span,
        also: None,
    };
    if message == "duplicate key" {
        return duplicate(text, span);
    }
    if let Some((place, name)) = line.unseen() {
        let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
        let help = "delete it, and type a common space if one is needed".to_owned();
        return flaw(
            format!("{name} stands here, which TOML does not allow outside of texts"),
            Some(help),
            place..end,
        );
    }
    if let Some((quotation, place)) = line.typographic_quotation() {
        let help = line.key().map(|key| format!("write {key} = \"…\", with straight quotation marks"));
        let message = format!("TOML knows straight quotation marks only, not {quotation}");
        return flaw(message, help, place..place + quotation.len_utf8());
    }
    if let Some((place, key)) = line.colon() {
        let help = format!("write {key} = and the value, or [{key}] for a table");
        return flaw("a `:` stands where TOML has `=`".to_owned(), Some(help), place..place + 1);
    }
    if message.starts_with("string values must be quoted") {
        let help = line.key().map(|key| format!("write {key} = \"…\""));
        return flaw("a text needs quotation marks".to_owned(), help, span);
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        let found = text[at..].chars().next().filter(|found| !matches!(found, '\n' | '\r'));
        if let Some(found) = found.filter(|found| found.is_control()) {
            let message = format!("a control character (U+{:04X}) stands in this text", u32::from(found));
            return flaw(message, Some("delete it".to_owned()), span);
        }
        let help = "put its quotation mark at its end; within \"…\" write `\\\"` for a quotation mark".to_owned();
        let start = line.first_quotation().unwrap_or(at).min(at);
        return flaw("this text does not end on its line".to_owned(), Some(help), start..span.end.max(at));
    }
    if message.starts_with("missing comma between array elements") {
        let help = "put a comma between two elements, and a `]` behind the last".to_owned();
        return flaw("this list has no end, or lacks a comma before here".to_owned(), Some(help), span);
    }
    if message.contains("escape") {
        let help = "within \"…\" a backslash begins an escape: write it twice, or put the text into '…'".to_owned();
        return flaw(format!("this is no TOML: {message}"), Some(help), span);
    }
    flaw(format!("this is no TOML: {message}"), None, span)
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

/// The line in which the parser stopped.
struct Line<'a> {
    text: &'a str,
    /// The byte at which it starts.
    start: usize,
}

/// Quotation marks that word processors and web pages put in place of `"` and `'`.
const TYPOGRAPHIC: [char; 10] = ['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '‛'];

impl<'a> Line<'a> {
    fn around(text: &'a str, at: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |line_break| line_break + 1);
        let end = text[at..].find('\n').map_or(text.len(), |line_break| at + line_break);
        Self {
            text: text[start..end].trim_end_matches('\r'),
            start,
        }
    }

    /// Returns the characters that stand outside of texts and comments, each with its place in the file.
    fn outside_texts(&self) -> impl Iterator<Item = (usize, char)> {
        let mut quotation = None;
        let mut before = ' ';
        let mut is_comment = false;
        self.text.char_indices().filter_map(move |(at, character)| {
            let is_escaped = std::mem::replace(&mut before, character) == '\\' && quotation == Some('"');
            match (quotation, character) {
                (Some(open), close) if open == close && !is_escaped => quotation = None,
                (None, '"' | '\'') if !is_comment => quotation = Some(character),
                (None, '#') => is_comment = true,
                (None, _) if !is_comment => return Some((self.start + at, character)),
                _ => {}
            }
            None
        })
    }

    /// Returns the first character that looks like a space or like nothing, and what it is called.
    fn unseen(&self) -> Option<(usize, &'static str)> {
        self.outside_texts().find_map(|(at, character)| Some((at, unseen_name(character)?)))
    }

    fn typographic_quotation(&self) -> Option<(char, usize)> {
        let found = self.outside_texts().find(|(_, character)| TYPOGRAPHIC.contains(character));
        found.map(|(at, character)| (character, at))
    }

    /// Returns the key that the line sets; its value may be a secret, and is not for messages.
    fn key(&self) -> Option<&'a str> {
        self.text.split_once('=').map(|(key, _)| key.trim()).filter(|key| is_key(key))
    }

    /// Returns the place of a `:` behind a key, and the key.
    fn colon(&self) -> Option<(usize, &'a str)> {
        let (key, _) = self.text.split_once(':')?;
        is_key(key.trim()).then(|| (self.start + key.len(), key.trim()))
    }

    fn first_quotation(&self) -> Option<usize> {
        self.text.find(['"', '\'']).map(|at| self.start + at)
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
