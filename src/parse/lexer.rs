//! Splits a document into tags and texts, well-formed or not. It cannot fail, and reads each byte a bounded number of times.
//!
//! Feed formats, namespaces and character references are not known here.

use memchr::{memchr, memchr2, memmem};

/// The longest processing instruction, in bytes.
const MAX_INSTRUCTION_BYTES: usize = 512;

/// A part of the document, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name attributes>`; `closed` when it ends in `/>`.
    Start { name: &'a str, attributes: &'a str, closed: bool },
    /// `</name>`.
    End(&'a str),
    /// Characters whose references are not decoded.
    Text(&'a str),
    /// Characters of a CDATA section, in which there are no references.
    Cdata(&'a str),
}

/// What the lexer read that is not well-formed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// How many `<` or broken tags were read as text.
    pub bare_signs: usize,
    /// How many CDATA sections have no end.
    pub open_sections: usize,
    /// Whether the document ends in a tag, a section or a comment.
    pub is_cut: bool,
}

/// The lexer, at a position in the document.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    pub(super) damage: Damage,
    /// The position of the next `]]>`, kept so that sections without an end do not make the work quadratic.
    section_end: Option<usize>,
    /// The position of the next `-->`, kept for the same reason.
    comment_end: Option<usize>,
    /// Whether an internal subset of a DOCTYPE was read: there is at most one, and its end is searched to the end of the document.
    has_read_subset: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            damage: Damage::default(),
            section_end: Some(0),
            comment_end: Some(0),
            has_read_subset: false,
        }
    }

    /// Returns the position of the next token, in bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Returns the next token. `within` is the name of the open element: its end tag ends a CDATA section whose end is missing.
    pub(super) fn next(&mut self, within: &str) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            if !rest.starts_with('<') {
                return Some(self.take_text(0));
            }
            let bytes = rest.as_bytes();
            match bytes.get(1) {
                Some(b'!') if rest.starts_with("<![CDATA[") || starts_ignoring_case(rest, "<![cdata[") => {
                    return Some(self.section(within));
                }
                Some(b'!') if rest.starts_with("<!--") => self.comment(),
                Some(b'!') => self.declaration(),
                Some(b'?') => self.instruction(),
                Some(b'/') if bytes.get(2).is_some_and(|byte| is_name_start(*byte)) => {
                    if let Some(token) = self.end_tag() {
                        return Some(token);
                    }
                }
                Some(byte) if is_name_start(*byte) => return Some(self.start_tag()),
                None => {
                    self.damage.is_cut = true;
                    self.at = self.text.len();
                }
                _ => {
                    self.damage.bare_signs += 1;
                    return Some(self.take_text(1));
                }
            }
        }
    }

    /// Returns the text up to the next `<` after the first `skip` bytes.
    fn take_text(&mut self, skip: usize) -> Token<'a> {
        let rest = &self.text[self.at..];
        let end = memchr(b'<', &rest.as_bytes()[skip..]).map_or(rest.len(), |found| found + skip);
        self.at += end;
        Token::Text(&rest[..end])
    }

    fn section(&mut self, within: &str) -> Token<'a> {
        let start = self.at + "<![CDATA[".len();
        let end = next_position(self.text, "]]>", start, &mut self.section_end);
        let body = &self.text[start..end.unwrap_or(self.text.len())];
        // Where another section starts before the end, or there is no end, the end of the element ends the section.
        if (end.is_none() || memmem::find(body.as_bytes(), b"<![CDATA[").is_some())
            && let Some(stop) = find_end_tag(body, within)
        {
            self.damage.open_sections += 1;
            self.at = start + stop;
            return Token::Cdata(&body[..stop]);
        }
        self.damage.is_cut |= end.is_none();
        self.at = end.map_or(self.text.len(), |end| end + 3);
        Token::Cdata(body)
    }

    fn comment(&mut self) {
        if let Some(end) = next_position(self.text, "-->", self.at + 4, &mut self.comment_end) {
            self.at = end + 3;
        } else {
            self.damage.is_cut = true;
            self.skip_to_bracket();
        }
    }

    /// Skips a declaration. The entities of a DOCTYPE's internal subset are never expanded.
    fn declaration(&mut self) {
        let rest = &self.text[self.at..];
        let bracket = memchr(b'>', rest.as_bytes());
        let subset = starts_ignoring_case(rest, "<!doctype")
            && bracket.is_some_and(|bracket| rest[..bracket].contains('['))
            && !self.has_read_subset;
        self.has_read_subset |= subset;
        let end = subset
            .then(|| {
                let close = rest.find(']')?;
                let after = rest[close + 1..].trim_start();
                after.starts_with('>').then(|| rest.len() - after.len() + 1)
            })
            .flatten()
            .or_else(|| subset.then(|| memmem::find(rest.as_bytes(), b"]>").map(|end| end + 2)).flatten());
        match end {
            Some(end) => self.at += end,
            None => self.skip_to_bracket(),
        }
    }

    fn instruction(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let window = &rest[..rest.len().min(MAX_INSTRUCTION_BYTES)];
        match memmem::find(window, b"?>") {
            Some(end) => self.at += end + 2,
            None => self.skip_to_bracket(),
        }
    }

    fn skip_to_bracket(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
    }

    fn end_tag(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at + 2..];
        let name = &rest[..name_length(rest)];
        let after = &rest.as_bytes()[name.len()..];
        let Some(end) = memchr2(b'>', b'<', after) else {
            self.damage.is_cut = true;
            self.at = self.text.len();
            return None;
        };
        self.at += 2 + name.len() + end + usize::from(after[end] == b'>');
        Some(Token::End(name))
    }

    fn start_tag(&mut self) -> Token<'a> {
        let rest = &self.text[self.at + 1..];
        let (name, after) = rest.split_at(name_length(rest));
        match tag_end(after) {
            TagEnd::At(end) => {
                self.at += 1 + name.len() + end + 1;
                let attributes = &after[..end];
                let open = attributes.trim_end();
                let closed = open.ends_with('/') && !open.ends_with("=/");
                Token::Start {
                    name,
                    attributes: open.strip_suffix('/').unwrap_or(open),
                    closed,
                }
            }
            TagEnd::Broken => {
                self.damage.bare_signs += 1;
                self.take_text(1)
            }
            TagEnd::Cut => {
                self.damage.is_cut = true;
                self.at = self.text.len();
                Token::Text("")
            }
        }
    }
}

/// Reads all tokens of `text` and checks what the reader relies on, for the fuzz target of this name.
///
/// # Panics
/// When a token makes no progress, or is not a part of the text between the positions before and after it.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub fn walk(text: &str, within: &str) {
    let mut lexer = Lexer::new(text);
    let mut before = 0;
    while let Some(token) = lexer.next(within) {
        let after = lexer.position();
        assert!(before < after && after <= text.len(), "a token makes progress");
        let step = text
            .get(before..after)
            .expect("positions are between characters")
            .as_bytes()
            .as_ptr_range();
        let pieces = match token {
            Token::Start { name, attributes, .. } => [name, attributes],
            Token::End(piece) | Token::Text(piece) | Token::Cdata(piece) => [piece, ""],
        };
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            let range = piece.as_bytes().as_ptr_range();
            assert!(step.start <= range.start && range.end <= step.end, "a token is a part of the text");
        }
        if let Token::Start { attributes, .. } = token {
            let count = Attributes(attributes).count();
            assert!(count <= attributes.len(), "more attributes than bytes");
        }
        before = after;
    }
}

/// How a start tag ends: at a position, not before the next tag, or not before the end of the document.
enum TagEnd {
    At(usize),
    Broken,
    Cut,
}

/// Finds the `>` of a start tag. A `>` in quotes does not count, unless the closing quote is missing.
fn tag_end(text: &str) -> TagEnd {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return TagEnd::At(at),
            b'<' => return TagEnd::Broken,
            b'"' | b'\'' => {
                let value = &bytes[at + 1..];
                let Some(stop) = memchr2(byte, b'<', value) else {
                    return memchr(b'>', value).map_or(TagEnd::Cut, |end| TagEnd::At(at + 1 + end));
                };
                if value[stop] == byte {
                    at += stop + 2;
                } else if let Some(end) = memchr(b'>', &value[..stop]) {
                    return TagEnd::At(at + 1 + end);
                } else {
                    match memchr2(byte, b'>', value) {
                        Some(end) if value[end] == byte => at += end + 2,
                        Some(end) => return TagEnd::At(at + 1 + end),
                        None => return TagEnd::Cut,
                    }
                }
            }
            _ => at += 1,
        }
    }
    TagEnd::Cut
}

/// Finds `needle` at or after `from`. `known` keeps the last position found, `None` when there is none up to the end.
fn next_position(text: &str, needle: &str, from: usize, known: &mut Option<usize>) -> Option<usize> {
    if known.is_some_and(|known| known < from) {
        *known = text
            .as_bytes()
            .get(from..)
            .and_then(|rest| memmem::find(rest, needle.as_bytes()))
            .map(|found| from + found);
    }
    *known
}

fn find_end_tag(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, b"</").find(|at| {
        let end = at + 2 + name.len();
        !name.is_empty()
            && bytes
                .get(at + 2..end)
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && bytes.get(end).is_some_and(|byte| matches!(byte, b'>' | b' ' | b'\n'))
    })
}

fn starts_ignoring_case(text: &str, start: &str) -> bool {
    text.as_bytes()
        .get(..start.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':'
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.') || !byte.is_ascii()
}

fn name_length(text: &str) -> usize {
    text.bytes().position(|byte| !is_name(byte)).unwrap_or(text.len())
}

/// Iterates over the attributes of a tag: names as written, values without quotes, with references not decoded.
pub(super) struct Attributes<'a>(pub &'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // All separators are ASCII, so bytes can be compared.
        let is_separator = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'/');
        let start = self.0.bytes().position(|byte| !is_separator(byte))?;
        let rest = &self.0[start..];
        let end = rest.bytes().position(is_separator).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            self.0 = after;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let (value, after) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let value = &value[1..];
                memchr(*quote, value.as_bytes()).map_or((value, ""), |end| (&value[..end], &value[end + 1..]))
            }
            _ => value.split_at(value.bytes().position(|byte| byte.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.0 = after;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> String {
        let mut lexer = Lexer::new(text);
        let mut out = String::new();
        while let Some(token) = lexer.next("d") {
            let piece = match token {
                Token::Start { name, attributes, closed } => {
                    let pairs: Vec<String> = Attributes(attributes)
                        .map(|(name, value)| [" ", name, "=", value].concat())
                        .collect();
                    ["[", name, &pairs.concat(), if closed { "/" } else { "" }, "]"].concat()
                }
                Token::End(name) => format!("[/{name}]"),
                Token::Text(text) => text.to_owned(),
                Token::Cdata(text) => format!("({text})"),
            };
            out.push_str(&piece);
        }
        out
    }

    #[test]
    fn a_well_formed_document_is_split_into_tokens() {
        assert_eq!(
            rendered("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a x=\"1\" y='>'>t<!-- no --><b/><![CDATA[<c>]]></a>"),
            "[a x=1 y=>]t[b/](<c>)[/a]"
        );
    }

    #[test]
    fn malformed_markup_is_read_as_intended() {
        for (text, expected) in [
            ("<a>1 < 2 <3 é<b</a>", "[a]1 < 2 <3 é<b[/a]"),
            ("<a x=1 y z = '2'>", "[a x=1 y= z=2]"),
            ("<a x=\"never closed>t</a>", "[a x=never closed]t[/a]"),
            ("<a x='<b>'>t", "[a x=<b]'>t"),
            ("<a x='a < b'>t", "[a x=a < b]t"),
            ("</a <b>", "[/a][b]"),
            ("<d><![CDATA[one</d><d><![CDATA[two]]></d>", "[d](one)[/d][d](two)[/d]"),
            ("<d><![CDATA[to the end", "[d](to the end)"),
            ("<a href=http://x/ >", "[a href=http://x/]"),
            ("<?php never <a>", ""),
            ("<!-- never <a>b", "b"),
        ] {
            assert_eq!(rendered(text), expected, "{text}");
        }
    }

    #[test]
    fn a_truncated_document_is_recognised() {
        for text in ["<a", "<a x=\"", "</a", "<", "<![CDATA[x", "<!-- x"] {
            let mut lexer = Lexer::new(text);
            while lexer.next("").is_some() {}
            assert!(lexer.damage.is_cut, "{text}");
        }
    }

    #[test]
    fn hostile_repetition_stays_linear() {
        for unit in [
            "<a x=\"",
            "<![CDATA[",
            "<!--",
            "<",
            "<a ",
            "</",
            "<?",
            "<!DOCTYPE [",
            "&",
            "<d><![CDATA[</",
            "'\"<a b='",
        ] {
            let text = unit.repeat(100_000);
            let mut lexer = Lexer::new(&text);
            let mut steps = 0;
            while lexer.next("item").is_some() {
                steps += 1;
                assert!(steps <= text.len(), "{unit}");
            }
        }
    }
}
