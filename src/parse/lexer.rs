//! Cuts a document into tags and texts, whatever state it is in. Cannot fail, and looks at each byte a bounded number of times.
//!
//! Knows no feed formats and no namespaces, and decodes nothing.

use memchr::{memchr, memchr2, memmem};

/// How far a processing instruction may reach, in bytes.
const INSTRUCTION: usize = 512;

/// A piece of the document, as it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name attributes>`; closed when it ends in `/>`.
    Start { name: &'a str, attributes: &'a str, closed: bool },
    /// `</name>`.
    End(&'a str),
    /// Characters with references not yet decoded.
    Text(&'a str),
    /// Characters that hold no references.
    Cdata(&'a str),
}

/// What the lexer met that a strict reader would refuse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// `<` or a broken tag that was taken as text.
    pub bare_signs: usize,
    /// CDATA sections without an end.
    pub open_sections: usize,
    /// Whether the document ends within a tag, a section or a comment.
    pub cut: bool,
}

/// Walks over a document.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    pub(super) damage: Damage,
    /// Where the next `]]>` stands, so that sections without an end do not make the walk quadratic.
    section_end: Option<usize>,
    comment_end: Option<usize>,
    /// Whether an internal subset was met: there is one at most, and looking for its end goes far.
    subset_met: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            damage: Damage::default(),
            section_end: Some(0),
            comment_end: Some(0),
            subset_met: false,
        }
    }

    /// Returns where the next token starts, in bytes.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Returns the next token. `within` is the name of the element that is open, which ends a section that forgot its end.
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
                    self.damage.cut = true;
                    self.at = self.text.len();
                }
                _ => {
                    self.damage.bare_signs += 1;
                    return Some(self.take_text(1));
                }
            }
        }
    }

    /// Takes text up to the next `<` after the first `skip` bytes.
    fn take_text(&mut self, skip: usize) -> Token<'a> {
        let rest = &self.text[self.at..];
        let end = memchr(b'<', &rest.as_bytes()[skip..]).map_or(rest.len(), |found| found + skip);
        self.at += end;
        Token::Text(&rest[..end])
    }

    fn section(&mut self, within: &str) -> Token<'a> {
        let start = self.at + "<![CDATA[".len();
        let end = next_place(self.text, "]]>", start, &mut self.section_end);
        let body = &self.text[start..end.unwrap_or(self.text.len())];
        // Another section's start, or no end at all: the end was forgotten if the element ends before.
        if (end.is_none() || memmem::find(body.as_bytes(), b"<![CDATA[").is_some())
            && let Some(stop) = find_end_tag(body, within)
        {
            self.damage.open_sections += 1;
            self.at = start + stop;
            return Token::Cdata(&body[..stop]);
        }
        self.damage.cut |= end.is_none();
        self.at = end.map_or(self.text.len(), |end| end + 3);
        Token::Cdata(body)
    }

    fn comment(&mut self) {
        if let Some(end) = next_place(self.text, "-->", self.at + 4, &mut self.comment_end) {
            self.at = end + 3;
        } else {
            self.damage.cut = true;
            self.skip_to_sign();
        }
    }

    /// Skips a DOCTYPE with its internal subset, whose entities are never expanded.
    fn declaration(&mut self) {
        let rest = &self.text[self.at..];
        let sign = memchr(b'>', rest.as_bytes());
        let subset = starts_ignoring_case(rest, "<!doctype") && sign.is_some_and(|sign| rest[..sign].contains('[')) && !self.subset_met;
        self.subset_met |= subset;
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
            None => self.skip_to_sign(),
        }
    }

    fn instruction(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let window = &rest[..rest.len().min(INSTRUCTION)];
        match memmem::find(window, b"?>") {
            Some(end) => self.at += end + 2,
            None => self.skip_to_sign(),
        }
    }

    fn skip_to_sign(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
    }

    fn end_tag(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at + 2..];
        let name = &rest[..name_length(rest)];
        let after = &rest.as_bytes()[name.len()..];
        let Some(end) = memchr2(b'>', b'<', after) else {
            self.damage.cut = true;
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
                self.damage.cut = true;
                self.at = self.text.len();
                Token::Text("")
            }
        }
    }
}

/// Walks over `text` and checks what the reader relies on, for the fuzz target of this name.
///
/// # Panics
/// When the walk stands still, leaves the text, or hands out what does not stand between its steps.
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub fn walk(text: &str, within: &str) {
    let mut lexer = Lexer::new(text);
    let mut before = 0;
    while let Some(token) = lexer.next(within) {
        let after = lexer.position();
        assert!(before < after && after <= text.len(), "the walk stands still");
        let step = text
            .get(before..after)
            .expect("steps end between characters")
            .as_bytes()
            .as_ptr_range();
        let pieces = match token {
            Token::Start { name, attributes, .. } => [name, attributes],
            Token::End(piece) | Token::Text(piece) | Token::Cdata(piece) => [piece, ""],
        };
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            let range = piece.as_bytes().as_ptr_range();
            assert!(step.start <= range.start && range.end <= step.end, "a piece from elsewhere");
        }
        if let Token::Start { attributes, .. } = token {
            let count = Attributes(attributes).count();
            assert!(count <= attributes.len(), "more attributes than bytes");
        }
        before = after;
    }
}

enum TagEnd {
    At(usize),
    Broken,
    Cut,
}

/// Finds the `>` of a start tag; quotes hide it, but a quote that was never closed does not hide the rest of the document.
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

/// Finds `needle` at or after `from`; `known` is where it was found last, `None` when there is none to the end.
fn next_place(text: &str, needle: &str, from: usize, known: &mut Option<usize>) -> Option<usize> {
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

/// Walks over the attributes of a tag: names as written, values without quotes and with references not yet decoded.
pub(super) struct Attributes<'a>(pub &'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // All that divides is ASCII, so bytes will do.
        let divides = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'/');
        let start = self.0.bytes().position(|byte| !divides(byte))?;
        let rest = &self.0[start..];
        let end = rest.bytes().position(divides).unwrap_or(rest.len());
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

    fn shown(text: &str) -> String {
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
    fn a_sound_document_is_cut_at_its_joints() {
        assert_eq!(
            shown("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a x=\"1\" y='>'>t<!-- no --><b/><![CDATA[<c>]]></a>"),
            "[a x=1 y=>]t[b/](<c>)[/a]"
        );
    }

    #[test]
    fn damage_is_read_as_it_was_meant() {
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
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cut_is_noticed() {
        for text in ["<a", "<a x=\"", "</a", "<", "<![CDATA[x", "<!-- x"] {
            let mut lexer = Lexer::new(text);
            while lexer.next("").is_some() {}
            assert!(lexer.damage.cut, "{text}");
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
