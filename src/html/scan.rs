//! A linear look at foreign markup before any tree is built, and the lexer behind it.
//!
//! html5ever is quadratic in nesting depth and in some kinds of broken markup, so what would hurt it is left out here.
//! This is no cleaner: what [`tame`] returns is cheap to parse, not safe to show.

use super::players::{frame_address, stand_in};
use crate::model::html_elements::is_block;
use std::borrow::Cow;

mod nesting;

use nesting::Nesting;

/// Attributes a tag may have before they are all left out; html5ever compares each with each.
const MAX_ATTRIBUTES: usize = 128;

/// How long a run of text may be before it is cut, in bytes.
const LONGEST_RUN: usize = 1 << 14;
/// More elements than this are not kept: no article needs them, and each costs a kilobyte of memory in a tree.
const MAX_ELEMENTS: usize = 60_000;

/// One piece of markup, as the HTML standard's tokenizer (section 13.2.5) would cut it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Characters, still escaped.
    Text(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag with its name in lower case.
    Close(Cow<'a, str>),
    /// An element whose content is no markup, such as `title`, with that content.
    Raw(Tag<'a>, &'a str),
    /// The document type.
    Doctype,
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// The name in lower case.
    pub name: Cow<'a, str>,
    /// What stands between the name and the closing bracket.
    pub inner: &'a str,
}

impl<'a> Tag<'a> {
    /// Walks over the attributes: names in lower case, values still escaped.
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

/// Cuts `markup` into pieces; comments are left out. One pass, no memory of its own.
pub(crate) fn pieces(markup: &str) -> Pieces<'_> {
    Pieces {
        rest: markup,
        foreign: false,
    }
}

/// The pieces of a text.
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    /// Whether we are within SVG or `MathML`, where no element holds raw text.
    foreign: bool,
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
    /// Takes the characters up to the next thing that is a tag, a comment or the like.
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
        if self.foreign || !is_raw(&tag.name) {
            return Some(Piece::Open(tag));
        }
        let (content, rest) = raw_end(rest, &tag.name);
        self.rest = rest;
        Some(Piece::Raw(tag, content))
    }

    /// Leaves out a comment, a declaration or a stray end; says whether it was the document type.
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

/// Reads a tag from its name on; `None` when it does not end, since the standard drops such a tag.
fn tag_end(body: &str) -> Option<(Tag<'_>, &str)> {
    let name_end = body.find(|c: char| is_space(c) || c == '/' || c == '>')?;
    let bytes = body.as_bytes();
    let mut at = name_end;
    // A quote only opens a value right behind an equals sign that ends a name.
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
        let dashes = bytes[after..].iter().take_while(|&&c| c == b'-').count().min(1);
        (bytes.get(after + dashes) == Some(&b'>')).then_some(after + dashes + 1)
    });
    end.map_or("", |end| &body[end..])
}

fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "title" | "script" | "style" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" | "plaintext"
    )
}

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

/// Returns `markup` with comments that cut its text into runs of about [`LONGEST_RUN`], of which parsers leave only the cuts.
///
/// For each `&` and each character from U+0080 to U+00BF, html5ever's serializer looks for `<` in all that is left of the text: without
/// the cuts a megabyte of `&` takes seconds.
pub(super) fn in_short_runs(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let texts = pieces(markup).filter_map(|piece| match piece {
        Piece::Text(text) if text.len() > LONGEST_RUN => Some(text),
        _ => None,
    });
    for text in texts {
        let start = text.as_ptr().addr() - markup.as_ptr().addr();
        let mut run = 0;
        // Neither can be a part of the reference before it.
        for at in memchr::memchr2_iter(b'&', 0xc2, text.as_bytes()) {
            if at - run >= LONGEST_RUN {
                out.push_str(&markup[copied..start + at]);
                out.push_str("<!---->");
                (copied, run) = (start + at, at);
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[copied..]);
    Cow::Owned(out)
}

/// Returns `markup` as something that every HTML parser builds in linear time: at most `max_bytes` of it, at most 256 levels deep, at
/// most 16 open inline styles and 60,000 elements, no tag with hundreds of attributes, no text in one long run.
///
/// Left out on the way: comments, scripts but JSON-LD, styles, frames, templates, form controls, SVG and `MathML`. A `noscript` is replaced
/// by its images and players; of frames only those of known players stay, without content. AMP's images, players and sounds come back as
/// HTML's. Elements that a parser would close by itself may come back closed.
#[must_use]
pub fn tame(markup: &str, max_bytes: usize) -> Cow<'_, str> {
    tame_as(markup, max_bytes, false)
}

/// Like [`tame`], but keeps the words within frames, SVG and `MathML`.
#[must_use]
pub(super) fn tame_with_words(markup: &str, max_bytes: usize) -> String {
    tame_as(markup, max_bytes, true).into_owned()
}

fn tame_as(markup: &str, max_bytes: usize, words: bool) -> Cow<'_, str> {
    let kept = &markup[..markup.floor_char_boundary(max_bytes)];
    if memchr::memchr(b'<', kept.as_bytes()).is_none() {
        return Cow::Borrowed(kept);
    }
    let mut tamer = Tamer {
        out: String::with_capacity(kept.len()),
        nesting: Nesting::default(),
        region: None,
        in_head: false,
        elements: 0,
        seen: Vec::new(),
        words,
    };
    let mut all = pieces(kept);
    while let Some(piece) = all.next() {
        tamer.take(piece);
        if tamer.elements > MAX_ELEMENTS {
            break;
        }
        all.foreign = tamer
            .region
            .as_ref()
            .is_some_and(|region| region.foreign && !(words && region.name != "select"));
    }
    if tamer.out == kept {
        return Cow::Borrowed(kept);
    }
    Cow::Owned(tamer.out)
}

/// A stretch of markup that is being left out.
struct Region {
    name: String,
    depth: usize,
    /// SVG and `MathML` have rules of their own, which no parser behind us shall follow; neither holds raw text, nor does a `select`.
    foreign: bool,
}

struct Tamer {
    out: String,
    nesting: Nesting,
    region: Option<Region>,
    in_head: bool,
    elements: usize,
    /// Which of `html`, `head` and `body` came already.
    seen: Vec<&'static str>,
    /// Whether the words within what is left out are kept.
    words: bool,
}

impl Tamer {
    fn take(&mut self, piece: Piece<'_>) {
        if self.region.is_some() && !self.leaves_region(&piece) {
            if let Piece::Text(text) = piece
                && self.region.as_ref().is_some_and(|region| self.words && region.name != "select")
                && self.nesting.takes_text(text)
            {
                self.out.push_str(text);
            }
            return;
        }
        match piece {
            Piece::Text(text) => {
                if self.nesting.takes_text(text) {
                    self.out.push_str(&in_short_runs(text));
                }
            }
            Piece::Open(tag) => self.open(tag),
            Piece::Close(name) => self.close(&name),
            Piece::Raw(tag, content) => self.raw(&tag, content),
            Piece::Doctype => {
                if self.out.is_empty() {
                    self.out.push_str("<!doctype html>");
                }
            }
        }
    }

    /// Follows the region being left out; true when `piece` is the first one behind it.
    fn leaves_region(&mut self, piece: &Piece<'_>) -> bool {
        let Some(region) = &mut self.region else { return true };
        match piece {
            Piece::Open(tag) if tag.name == region.name => {
                if !tag.inner.ends_with('/') {
                    region.depth += 1;
                }
                false
            }
            Piece::Open(tag) | Piece::Raw(tag, _) if region.name != "template" && is_block(&tag.name) => {
                self.region = None;
                true
            }
            Piece::Close(name) if *name == region.name => {
                region.depth -= 1;
                if region.depth == 0 {
                    self.region = None;
                }
                false
            }
            _ => false,
        }
    }

    fn open(&mut self, mut tag: Tag<'_>) {
        match &*tag.name {
            "html" | "head" | "body" => return self.frame(&tag),
            "svg" | "math" | "select" | "button" | "template" | "datalist" => {
                let foreign = matches!(&*tag.name, "svg" | "math" | "select");
                if !(foreign && tag.inner.ends_with('/')) {
                    let name = tag.name.into_owned();
                    self.region = Some(Region { name, depth: 1, foreign });
                }
                return;
            }
            "object" | "applet" | "marquee" | "embed" | "param" | "frame" | "frameset" | "input" | "keygen" | "option" | "optgroup" => {
                return;
            }
            "image" | "amp-img" | "amp-anim" => tag.name = Cow::Borrowed("img"),
            "amp-video" => tag.name = Cow::Borrowed("video"),
            "amp-audio" => tag.name = Cow::Borrowed("audio"),
            "amp-iframe" => return self.player(&tag),
            "amp-youtube" | "amp-dailymotion" | "amp-vimeo" | "lite-youtube" | "div" => {
                if let Some(inner) = stand_in(&tag) {
                    let name = Cow::Borrowed("iframe");
                    self.player(&Tag { name, inner: &inner });
                }
                if tag.name != "div" {
                    return;
                }
            }
            _ => {}
        }
        if !self.nesting.open(&tag.name, &mut self.out) {
            return;
        }
        self.write(&tag);
    }

    fn write(&mut self, tag: &Tag<'_>) {
        self.elements += 1;
        self.out.push('<');
        self.out.push_str(&tag.name);
        if tag.inner.len() < MAX_ATTRIBUTES || tag.attributes().nth(MAX_ATTRIBUTES).is_none() {
            self.out.push_str(tag.inner);
        }
        self.out.push('>');
    }

    fn frame(&mut self, tag: &Tag<'_>) {
        let Some(name) = ["html", "head", "body"].into_iter().find(|name| *name == tag.name) else {
            return;
        };
        if !self.seen.contains(&name) {
            self.seen.push(name);
            self.in_head = name == "head" || (name == "html" && self.in_head);
            self.write(tag);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "head" => self.in_head = false,
            "html" | "body" | "amp-img" | "amp-anim" => {}
            "br" => self.out.push_str("<br>"),
            "amp-video" => self.nesting.close("video", &mut self.out),
            "amp-audio" => self.nesting.close("audio", &mut self.out),
            _ => self.nesting.close(name, &mut self.out),
        }
    }

    fn raw(&mut self, tag: &Tag<'_>, content: &str) {
        match &*tag.name {
            "title" => {
                self.write(tag);
                self.out.push_str(content);
                self.out.push_str("</title>");
            }
            "script" if tag.inner.to_ascii_lowercase().contains("ld+json") => {
                self.write(tag);
                // This pair of words would let the script's end tag be overlooked.
                self.out.push_str(&content.replace("<!--", ""));
                self.out.push_str("</script>");
            }
            "iframe" if self.words => {
                // Frames within frames are not looked into: the words are those of a browser without any.
                for piece in pieces(content).filter(|piece| !matches!(piece, Piece::Raw(..))) {
                    self.take(piece);
                }
            }
            "iframe" => self.player(tag),
            "noscript" if !self.in_head => {
                for piece in pieces(content) {
                    match piece {
                        Piece::Open(image) if image.name == "img" && self.nesting.open("img", &mut self.out) => self.write(&image),
                        Piece::Raw(frame, _) if frame.name == "iframe" => self.player(&frame),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// Writes a frame that holds a known player, and nothing of what stands in it.
    fn player(&mut self, tag: &Tag<'_>) {
        let Some(address) = frame_address(tag) else { return };
        self.out.push_str("<iframe src=\"");
        self.out.push_str(&address.replace('"', "&quot;"));
        if let Some(title) = tag.attribute("title").filter(|title| !title.is_empty()) {
            self.out.push_str("\" title=\"");
            self.out.push_str(&title.replace('"', "&quot;"));
        }
        self.out.push_str("\"></iframe>");
    }
}

#[cfg(test)]
mod tests;
