//! Bounds the cost of markup before a parser builds a tree of it.
//!
//! html5ever is quadratic in nesting depth and in some kinds of broken markup; what would cost so much is left out here, in one linear pass.
//! The result is cheap to parse, not safe to show: `clean` makes it safe.

use super::image_address::{background_address, figure_address, image_address};
use super::players::{frame_address, replaced_frame};
use super::style_rules::StyleRules;
use super::tokenizer::{Piece, Tag, pieces};
use crate::model::html_elements::is_block;
use std::borrow::Cow;
use std::fmt::Write as _;

mod nesting;
mod noscript;

use nesting::Nesting;
use noscript::noscript_is_article;

/// The most attributes of a tag; of a tag with more all are left out, as html5ever compares each with each.
const MAX_ATTRIBUTES: usize = 128;

/// The longest run of text before it is split, in bytes.
const MAX_TEXT_RUN_BYTES: usize = 1 << 14;
/// The most elements that are kept: no article needs more, and each costs a kilobyte of memory in a tree.
const MAX_ELEMENTS: usize = 60_000;

/// An attribute of a page with a longer value is left out, in bytes: it is data of a script.
const MAX_PAGE_ATTRIBUTE_BYTES: usize = 1 << 14;
/// How much JSON-LD of a page is kept, in bytes.
const MAX_JSON_LD_BYTES: usize = 1 << 20;
/// Elements that may be empty and show an image as their background.
const BACKGROUND_ELEMENTS: &[&str] = &["div", "span", "a", "figure", "section", "p", "li"];

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
        keeps_text,
        max_out_bytes: usize::MAX,
        ..Limiter::default()
    };
    limiter.run(kept);
    if limiter.out == kept {
        return Cow::Borrowed(kept);
    }
    Cow::Owned(limiter.out)
}

/// A page whose complexity is limited.
pub(crate) struct LimitedPage {
    pub markup: String,
    /// Whether the page was longer than what is kept.
    pub is_cut: bool,
    /// The rules of its style sheets that hide elements.
    pub styles: StyleRules,
}

/// Does what [`limit_complexity`] does for a whole page: what is left out does not count as a part of the `max_bytes`, and neither do images that
/// stand in the page as data. A `noscript` that contains more text than what is around it is read as markup, and so is a declared shadow root
/// (HTML standard, 4.12.3).
pub(crate) fn limit_page(markup: &str, max_bytes: usize) -> LimitedPage {
    let mut limiter = Limiter {
        out: String::with_capacity(markup.len().min(max_bytes)),
        is_page: true,
        reads_noscript: noscript_is_article(markup),
        max_out_bytes: max_bytes,
        ..Limiter::default()
    };
    let is_cut = limiter.run(markup);
    LimitedPage {
        markup: limiter.out,
        is_cut,
        styles: limiter.styles,
    }
}

/// An element that is left out with its content.
struct SkippedRegion {
    name: String,
    /// How many elements of that name are open.
    depth: usize,
    /// Whether it is SVG, `MathML` or a `select`, in which no element has raw text as its content.
    without_raw_text: bool,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else about the markup")]
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
    /// Whether the markup is a whole page.
    is_page: bool,
    /// Whether the content of a `noscript` is read as markup.
    reads_noscript: bool,
    /// After how many written bytes reading ends.
    max_out_bytes: usize,
    json_ld_bytes: usize,
    styles: StyleRules,
    /// The address of the image of the open figure, until an image is written.
    figure_image: Option<String>,
    /// The element that was opened last and is still empty, with the address of its background.
    background: Option<(String, String)>,
}

impl Limiter {
    /// Adds all pieces of `markup`; returns whether it was cut off.
    fn run(&mut self, markup: &str) -> bool {
        let mut all = pieces(markup);
        while let Some(piece) = all.next() {
            if self.elements > MAX_ELEMENTS || self.out.len() >= self.max_out_bytes {
                return true;
            }
            self.add(piece);
            all.without_raw_text = self
                .region
                .as_ref()
                .is_some_and(|region| region.without_raw_text && !(self.keeps_text && region.name != "select"));
        }
        false
    }

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
        self.add_background(&piece);
        match piece {
            Piece::Text(text) => {
                let room = self.max_out_bytes.saturating_sub(self.out.len());
                let text = &text[..text.floor_char_boundary(room)];
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

    /// Writes the background of the element opened last as an image, if nothing else is in the element.
    fn add_background(&mut self, piece: &Piece<'_>) {
        let Some((name, address)) = self.background.take() else { return };
        match piece {
            Piece::Text(text) if text.trim_ascii().is_empty() => self.background = Some((name, address)),
            Piece::Close(own) if *own == name => self.image(&address),
            _ => {}
        }
    }

    /// Writes an image.
    fn image(&mut self, address: &str) {
        if self.nesting.open("img", &mut self.out) {
            self.figure_image = None;
            self.elements += 1;
            self.out.push_str("<img src=\"");
            self.out.push_str(&address.replace('"', "&quot;"));
            self.out.push_str("\">");
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
            // A declared shadow root is shown in place of the element around it.
            "template" if tag.attribute("shadowrootmode").or_else(|| tag.attribute("shadowroot")).is_some() => return,
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
            "amp-youtube" | "amp-dailymotion" | "amp-vimeo" | "amp-twitter" | "amp-instagram" | "amp-facebook" | "amp-soundcloud"
            | "lite-youtube" => return self.replaced_player(&tag),
            "div" => self.replaced_player(&tag),
            _ => {}
        }
        match &*tag.name {
            "figure" => self.figure_image = figure_address(&tag).map(str::to_owned),
            "figcaption" => self.add_figure_image(),
            "img" if self.figure_image.is_some() && image_address(&tag).is_some() => self.figure_image = None,
            _ => {}
        }
        if !self.nesting.open(&tag.name, &mut self.out) {
            return;
        }
        self.write(&tag);
        if BACKGROUND_ELEMENTS.contains(&&*tag.name)
            && let Some(address) = background_address(&tag)
        {
            self.background = Some((tag.name.clone().into_owned(), address.to_owned()));
        }
    }

    /// Writes the frame of the player that an element other than a frame stands for.
    fn replaced_player(&mut self, tag: &Tag<'_>) {
        if let Some(inner) = replaced_frame(tag) {
            let name = Cow::Borrowed("iframe");
            self.player(&Tag { name, inner: &inner });
        }
    }

    /// Writes the image that the open figure names in its own attributes, if it has no other.
    fn add_figure_image(&mut self) {
        if let Some(address) = self.figure_image.take() {
            self.image(&address);
        }
    }

    fn write(&mut self, tag: &Tag<'_>) {
        self.elements += 1;
        self.out.push('<');
        self.out.push_str(&tag.name);
        if tag.inner.len() < MAX_ATTRIBUTES || tag.attributes().nth(MAX_ATTRIBUTES).is_none() {
            if self.is_page && tag.inner.len() > MAX_PAGE_ATTRIBUTE_BYTES {
                self.write_short_attributes(tag);
            } else {
                self.out.push_str(tag.inner);
            }
        }
        self.out.push('>');
    }

    fn write_short_attributes(&mut self, tag: &Tag<'_>) {
        for (name, value) in tag.attributes().filter(|(_, value)| value.len() <= MAX_PAGE_ATTRIBUTE_BYTES) {
            // Writing to a String cannot fail.
            let _ = write!(self.out, " {name}=\"{}\"", value.replace('"', "&quot;"));
        }
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
            "figure" => {
                self.add_figure_image();
                self.nesting.close(name, &mut self.out);
            }
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
                self.json_ld_bytes += content.len();
                if self.is_page && self.json_ld_bytes > MAX_JSON_LD_BYTES {
                    return;
                }
                self.write(tag);
                // After `<!--` a parser may read past the script's end tag (HTML standard, 13.2.5.20).
                self.out.push_str(&content.replace("<!--", ""));
                self.out.push_str("</script>");
            }
            // That there are terms of a licence is all that is read of them.
            "script" if self.is_page && tag.inner.to_ascii_lowercase().contains("rsl+xml") => {
                self.write(tag);
                self.out.push_str("</script>");
            }
            "script" => self.replaced_player(tag),
            "style" if self.is_page => self.styles.add(content, tag.attribute("media")),
            "iframe" if self.keeps_text => {
                // The text is for browsers without frames; raw text in it is left out.
                for piece in pieces(content).filter(|piece| !matches!(piece, Piece::Raw(..))) {
                    self.add(piece);
                }
            }
            "iframe" => self.player(tag),
            "noscript" if self.reads_noscript && !self.in_head => {
                // One within it is not read: the depth of the recursion is bounded.
                self.reads_noscript = false;
                self.run(content);
                self.reads_noscript = true;
            }
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
