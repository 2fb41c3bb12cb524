//! Splits HTML into tags, texts and raw text, as a tokenizer of the HTML standard (section 13.2.5) would. It builds no tree, and decodes nothing.

use std::borrow::Cow;

/// A piece of markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Characters, still escaped.
    Text(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag with its name in lower case.
    Close(Cow<'a, str>),
    /// An element whose content is raw text, such as `title`, with that content.
    Raw(Tag<'a>, &'a str),
    /// The document type.
    Doctype,
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// The name in lower case.
    pub name: Cow<'a, str>,
    /// The markup between the name and the closing bracket.
    pub inner: &'a str,
}

impl<'a> Tag<'a> {
    /// Iterates over the attributes: names in lower case, values still escaped.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.inner }
    }

    /// Returns the first value of the attribute `name`, still escaped.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

/// The attributes of one tag.
pub(crate) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_start_matches(|c: char| is_space(c) || c == '/');
        let first = rest.chars().next()?;
        // An equals sign at the start belongs to the name.
        let end = rest
            .char_indices()
            .skip(1)
            .find(|&(_, c)| is_space(c) || c == '/' || c == '=')
            .map_or(rest.len(), |(at, _)| at);
        debug_assert!(end >= first.len_utf8());
        let (name, rest) = rest.split_at(end);
        let after = rest.trim_start_matches(is_space);
        let Some(value) = after.strip_prefix('=') else {
            self.rest = after;
            return Some((lower(name), ""));
        };
        let value = value.trim_start_matches(is_space);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(is_space).unwrap_or(value.len())),
        };
        self.rest = rest;
        Some((lower(name), value))
    }
}

/// Splits `markup` into pieces; comments are left out. One pass, without allocation.
pub(crate) fn pieces(markup: &str) -> Pieces<'_> {
    Pieces {
        rest: markup,
        without_raw_text: false,
    }
}

/// The pieces of a text.
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    /// Whether the next pieces are in SVG or `MathML`, where no element has raw text as its content.
    pub without_raw_text: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some(text) = self.text() {
                return Some(Piece::Text(text));
            }
            let body = &self.rest[1..];
            if body.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return self.open(body);
            }
            if let Some(close) = body.strip_prefix('/').filter(|b| b.starts_with(|c: char| c.is_ascii_alphabetic())) {
                let (name, rest) = tag_end(close)?;
                self.rest = rest;
                return Some(Piece::Close(name.name));
            }
            if self.skip_other(body) {
                return Some(Piece::Doctype);
            }
        }
    }
}

impl<'a> Pieces<'a> {
    /// Returns the characters up to the next tag, comment or declaration.
    fn text(&mut self) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        let end = loop {
            let Some(found) = memchr::memchr(b'<', &bytes[at..]) else {
                break bytes.len();
            };
            at += found;
            if bytes.get(at + 1).is_some_and(|c| c.is_ascii_alphabetic() || b"/!?".contains(c)) {
                break at;
            }
            at += 1;
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!text.is_empty()).then_some(text)
    }

    fn open(&mut self, body: &'a str) -> Option<Piece<'a>> {
        let Some((tag, rest)) = tag_end(body) else {
            self.rest = "";
            return None;
        };
        self.rest = rest;
        if self.without_raw_text || !is_raw(&tag.name) {
            return Some(Piece::Open(tag));
        }
        let (content, rest) = raw_end(rest, &tag.name);
        self.rest = rest;
        Some(Piece::Raw(tag, content))
    }

    /// Skips a comment, a declaration or a malformed end tag; returns whether it was the document type.
    fn skip_other(&mut self, body: &'a str) -> bool {
        self.rest = match body.strip_prefix("!--") {
            Some(comment) => comment_end(comment),
            None => body.split_once('>').map_or("", |(_, rest)| rest),
        };
        body.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("!doctype"))
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|c| c.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Reads a tag from its name on; `None` when it does not end: the standard drops such a tag.
fn tag_end(body: &str) -> Option<(Tag<'_>, &str)> {
    let name_end = body.find(|c: char| is_space(c) || c == '/' || c == '>')?;
    let bytes = body.as_bytes();
    let mut at = name_end;
    // A quote opens a value only directly after the equals sign that follows a name.
    let (mut named, mut wants_value) = (false, false);
    loop {
        match *bytes.get(at)? {
            b'>' => break,
            quote @ (b'"' | b'\'') if wants_value => {
                at += 1 + memchr::memchr(quote, &bytes[at + 1..])?;
                (named, wants_value) = (false, false);
            }
            b'=' if named && !wants_value => wants_value = true,
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => {}
            b'/' if !wants_value => named = false,
            _ if wants_value => {
                at += bytes[at..].iter().position(|&c| c == b'>' || is_space(char::from(c)))?;
                (named, wants_value) = (false, false);
                continue;
            }
            _ => named = true,
        }
        at += 1;
    }
    let tag = Tag {
        name: lower(&body[..name_end]),
        inner: &body[name_end..at],
    };
    Some((tag, &body[at + 1..]))
}

/// Returns what follows a comment whose text starts `body`.
fn comment_end(body: &str) -> &str {
    for empty in [">", "->"] {
        if let Some(rest) = body.strip_prefix(empty) {
            return rest;
        }
    }
    let bytes = body.as_bytes();
    let end = memchr::memmem::find_iter(bytes, "--").find_map(|at| {
        let after = at + 2 + usize::from(bytes.get(at + 2) == Some(&b'!'));
        // `--->` ends a comment as well.
        let dashes = usize::from(bytes.get(after) == Some(&b'-'));
        (bytes.get(after + dashes) == Some(&b'>')).then_some(after + dashes + 1)
    });
    end.map_or("", |end| &body[end..])
}

/// Returns whether the content of an element is raw text, in a parser that runs scripts.
fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "title" | "script" | "style" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" | "plaintext"
    )
}

/// Returns the content of an element of raw text, and what follows its end tag.
fn raw_end<'a>(body: &'a str, name: &str) -> (&'a str, &'a str) {
    let bytes = body.as_bytes();
    for at in memchr::memmem::find_iter(bytes, "</") {
        let word = &bytes[at + 2..];
        let same = word
            .get(..name.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()));
        if same
            && word
                .get(name.len())
                .is_some_and(|&c| c == b'/' || c == b'>' || is_space(char::from(c)))
        {
            let rest = tag_end(&body[at + 2..]).map_or("", |(_, rest)| rest);
            return (&body[..at], rest);
        }
    }
    (body, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_end_where_the_standard_defines() {
        let names = |markup: &str| -> Vec<String> {
            pieces(markup)
                .filter_map(|piece| match piece {
                    Piece::Open(tag) => Some(tag.name.into_owned()),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(names("<a \"><b>"), ["a", "b"], "a quote in a name opens nothing");
        assert_eq!(names("<a x=\"><b>\"><i>"), ["a", "i"]);
        assert_eq!(names("<a x=y\"><b>"), ["a", "b"]);
        assert_eq!(names("<a x=/><b>"), ["a", "b"]);
        assert_eq!(names("<a x = '><b>'><i>"), ["a", "i"]);
        assert_eq!(names("<a/x='><b>'><i>"), ["a", "i"]);
        assert_eq!(names("<b><a href=\"unclosed"), ["b"]);
        let Some(Piece::Open(tag)) = pieces("<IMG SRC=a.jpg Alt='x y' data-x = \"1\" async>").next() else {
            panic!("no tag");
        };
        let found: Vec<_> = tag.attributes().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(found, ["src=a.jpg", "alt=x y", "data-x=1", "async="]);
    }

    #[test]
    fn a_long_run_of_dashes_is_read_once() {
        let dashes = "-".repeat(1_000_000);
        for (markup, expected) in [
            (format!("<!--{dashes}>a"), Some(Piece::Text("a"))),
            (format!("<!-- {dashes} a"), None),
        ] {
            assert_eq!(pieces(&markup).next(), expected);
        }
    }
}
