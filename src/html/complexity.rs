//! Bounds the cost of markup before a parser builds a tree of it.
//!
//! html5ever is quadratic in nesting depth and in some kinds of broken markup; what would cost so much is left out here, in one linear pass.
//! The result is cheap to parse, not safe to show: `clean` makes it safe.

use super::players::{frame_address, replaced_frame};
use super::tokenizer::{Piece, Tag, pieces};
use crate::model::html_elements::is_block;
use std::borrow::Cow;

mod nesting;

use nesting::Nesting;

/// The most attributes of a tag; of a tag with more all are left out, as html5ever compares each with each.
const MAX_ATTRIBUTES: usize = 128;

/// The longest run of text before it is split, in bytes.
const MAX_TEXT_RUN_BYTES: usize = 1 << 14;
/// The most elements that are kept: no article needs more, and each costs a kilobyte of memory in a tree.
const MAX_ELEMENTS: usize = 60_000;

/// Returns `markup` with empty comments that split its text into runs of about [`MAX_TEXT_RUN_BYTES`]; a parser drops the comments but keeps
/// the text nodes split.
///
/// For each `&` and each character from U+0080 to U+00BF, html5ever's serializer searches the rest of the text node for `<`: without the
/// splits a megabyte of `&` takes seconds.
pub(super) fn split_long_text(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let texts = pieces(markup).filter_map(|piece| match piece {
        Piece::Text(text) if text.len() > MAX_TEXT_RUN_BYTES => Some(text),
        _ => None,
    });
    for text in texts {
        let start = text.as_ptr().addr() - markup.as_ptr().addr();
        let mut run = 0;
        // Neither byte can be inside a character reference.
        for at in memchr::memchr2_iter(b'&', 0xc2, text.as_bytes()) {
            if at - run >= MAX_TEXT_RUN_BYTES {
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

/// Returns `markup` in a form that an HTML parser reads in linear time: at most `max_bytes` of it, at most 256 levels deep, at most 16 open
/// inline styles and 60,000 elements, no tag with hundreds of attributes, no long run of text.
///
/// Comments, scripts except JSON-LD, styles, frames, templates, form controls, SVG and `MathML` are left out. A `noscript` is replaced by its
/// images and players; of frames only those of known players are kept, without content. AMP's images, players and sounds become HTML's.
/// Elements that a parser would close implicitly may be closed explicitly.
#[must_use]
pub fn limit_complexity(markup: &str, max_bytes: usize) -> Cow<'_, str> {
    limit(markup, max_bytes, false)
}

/// Like [`limit_complexity`], but keeps the text in frames, SVG and `MathML`.
#[must_use]
pub(super) fn limit_complexity_keeping_text(markup: &str, max_bytes: usize) -> String {
    limit(markup, max_bytes, true).into_owned()
}

fn limit(markup: &str, max_bytes: usize, keeps_text: bool) -> Cow<'_, str> {
    let kept = &markup[..markup.floor_char_boundary(max_bytes)];
    if memchr::memchr(b'<', kept.as_bytes()).is_none() {
        return Cow::Borrowed(kept);
    }
    let mut limiter = Limiter {
        out: String::with_capacity(kept.len()),
        nesting: Nesting::default(),
        region: None,
        in_head: false,
        elements: 0,
        seen: Vec::new(),
        keeps_text,
    };
    let mut all = pieces(kept);
    while let Some(piece) = all.next() {
        limiter.add(piece);
        if limiter.elements > MAX_ELEMENTS {
            break;
        }
        all.without_raw_text = limiter
            .region
            .as_ref()
            .is_some_and(|region| region.without_raw_text && !(keeps_text && region.name != "select"));
    }
    if limiter.out == kept {
        return Cow::Borrowed(kept);
    }
    Cow::Owned(limiter.out)
}

/// An element that is left out with its content.
struct SkippedRegion {
    name: String,
    /// How many elements of that name are open.
    depth: usize,
    /// Whether it is SVG, `MathML` or a `select`, in which no element has raw text as its content.
    without_raw_text: bool,
}

struct Limiter {
    out: String,
    nesting: Nesting,
    region: Option<SkippedRegion>,
    in_head: bool,
    elements: usize,
    /// Which of `html`, `head` and `body` were written.
    seen: Vec<&'static str>,
    /// Whether the text in left-out elements is kept.
    keeps_text: bool,
}

impl Limiter {
    fn add(&mut self, piece: Piece<'_>) {
        if self.region.is_some() && !self.follow_region(&piece) {
            if let Piece::Text(text) = piece
                && self
                    .region
                    .as_ref()
                    .is_some_and(|region| self.keeps_text && region.name != "select")
                && self.nesting.accepts_text(text)
            {
                self.out.push_str(text);
            }
            return;
        }
        match piece {
            Piece::Text(text) => {
                if self.nesting.accepts_text(text) {
                    self.out.push_str(&split_long_text(text));
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

    /// Updates the element that is left out; returns true when `piece` is the first one after it.
    fn follow_region(&mut self, piece: &Piece<'_>) -> bool {
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
                let without_raw_text = matches!(&*tag.name, "svg" | "math" | "select");
                if !(without_raw_text && tag.inner.ends_with('/')) {
                    let name = tag.name.into_owned();
                    self.region = Some(SkippedRegion {
                        name,
                        depth: 1,
                        without_raw_text,
                    });
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
                if let Some(inner) = replaced_frame(&tag) {
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
                // After `<!--` a parser may read past the script's end tag (HTML standard, 13.2.5.20).
                self.out.push_str(&content.replace("<!--", ""));
                self.out.push_str("</script>");
            }
            "iframe" if self.keeps_text => {
                // The text is for browsers without frames; raw text in it is left out.
                for piece in pieces(content).filter(|piece| !matches!(piece, Piece::Raw(..))) {
                    self.add(piece);
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

    /// Writes the frame of a known player, without its content.
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
