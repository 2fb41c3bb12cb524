//! Mends pictures, sound and film in markup before it is cleaned: lazy images get their address, pixels go, players become links.

use super::{CleanPolicy, absolute};
use crate::html::scan::{Piece, Tag, pieces};
use std::borrow::Cow;
use std::fmt::Write as _;
use url::Url;

/// Attributes that lazy loaders keep an image's address in, the best first.
const LAZY: &[&str] = &[
    "data-lazy-src",
    "data-src",
    "data-original",
    "data-orig-file",
    "data-orig-src",
    "data-td-src-property",
    "data-img-url",
    "data-url",
    "data-large-file",
];
const LAZY_SETS: &[&str] = &["data-lazy-srcset", "data-srcset", "srcset"];
/// Parts of the addresses that lazy loaders show until the image comes.
const PLACEHOLDERS: &[&str] = &[
    "placeholder",
    "lazyload",
    "lazy-load",
    "blank.gif",
    "spacer.",
    "transparent.",
    "1x1.",
    "pixel.gif",
];

/// Returns `markup`, which was tamed, with its media mended and the wrappers of HTML 5 turned into plain divisions.
pub(super) fn mend<'a>(markup: &'a str, policy: &CleanPolicy<'a>) -> String {
    let mut mender = Mender {
        out: String::with_capacity(markup.len()),
        images: policy.images,
        pixels: policy.faithful,
        base: policy.base,
        ..Mender::default()
    };
    for piece in pieces(markup) {
        match piece {
            Piece::Text(text) => {
                mender.out.push_str(text);
                if !text.trim_ascii().is_empty() {
                    mender.last = None;
                }
            }
            Piece::Open(tag) => mender.open(&tag),
            Piece::Close(name) => mender.close(&name),
            Piece::Raw(..) | Piece::Doctype => {}
        }
    }
    mender.out
}

#[derive(Default)]
struct Mender<'a> {
    out: String,
    images: bool,
    pixels: bool,
    base: Option<&'a Url>,
    /// For each open `span` whether it was kept.
    spans: Vec<bool>,
    /// The best address that the open `picture` offered so far.
    offered: Option<&'a str>,
    /// The address of the last image, when no text came since.
    last: Option<String>,
    /// Whether the open player still has no link.
    player: Option<Player>,
}

/// What an open `audio` or `video` is, until its address is known.
#[derive(Clone, Copy)]
struct Player;

impl<'a> Mender<'a> {
    fn open(&mut self, tag: &Tag<'a>) {
        match &*tag.name {
            "img" => self.image(tag),
            "picture" => self.offered = None,
            "source" => self.source(tag),
            "audio" | "video" => {
                self.player = Some(Player);
                if let Some(address) = tag.attribute("src") {
                    self.link(address);
                }
            }
            "span" => {
                let kept = tag.attributes().any(|(name, _)| matches!(&*name, "dir" | "lang"));
                self.spans.push(kept);
                if kept {
                    self.write(tag);
                }
            }
            _ => self.write(tag),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "picture" => self.offered = None,
            "audio" | "video" => self.player = None,
            "span" if !self.spans.pop().unwrap_or(false) => {}
            _ => {
                let _ = write!(self.out, "</{}>", plain_name(name));
            }
        }
    }

    fn write(&mut self, tag: &Tag<'_>) {
        let _ = write!(self.out, "<{}{}>", plain_name(&tag.name), tag.inner);
    }

    fn source(&mut self, tag: &Tag<'a>) {
        if self.player.is_some() {
            if let Some(address) = tag.attribute("src") {
                self.link(address);
            }
            return;
        }
        let set = LAZY_SETS.iter().find_map(|name| tag.attribute(name));
        self.offered = self.offered.or_else(|| set.and_then(largest));
    }

    /// Writes the link that stands for a player.
    fn link(&mut self, address: &str) {
        let address = quoted(address.trim());
        if absolute(self.base, &address, &["http", "https"]).is_some() && self.player.take().is_some() {
            let shown = address.rsplit('/').find(|part| !part.is_empty()).unwrap_or("…").to_owned();
            let _ = write!(self.out, "<p><a href=\"{address}\">{shown}</a></p>");
        }
    }

    fn image(&mut self, tag: &Tag<'a>) {
        let address = address(tag).or(self.offered);
        let Some(address) = address.filter(|_| self.images && (self.pixels || !is_pixel(tag))) else {
            return;
        };
        if self.last.as_deref() == Some(address) {
            return;
        }
        self.last = Some(address.to_owned());
        let _ = write!(self.out, "<img src=\"{}\"", quoted(address));
        for name in ["alt", "title", "width", "height", "dir", "lang"] {
            if let Some(value) = tag.attribute(name).filter(|value| !value.is_empty()) {
                let _ = write!(self.out, " {name}=\"{}\"", quoted(value));
            }
        }
        self.out.push('>');
    }
}

/// Returns the element that stands for one with only a structural meaning.
fn plain_name(name: &str) -> &str {
    match name {
        "article" | "section" | "main" | "header" | "footer" | "aside" | "nav" | "center" | "address" | "form" | "fieldset" | "hgroup"
        | "dialog" | "search" => "div",
        "strike" => "s",
        "tt" => "code",
        "menu" | "dir" => "ul",
        name => name,
    }
}

/// Makes a still escaped value fit between double quotes.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.contains('"') {
        Cow::Owned(value.replace('"', "&quot;"))
    } else {
        Cow::Borrowed(value)
    }
}

fn is_pixel(tag: &Tag<'_>) -> bool {
    let tiny = |name| {
        tag.attribute(name)
            .is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"))
    };
    tiny("width") || tiny("height")
}

fn is_placeholder(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.is_empty() || lower.starts_with("data:") || lower.starts_with("about:") || PLACEHOLDERS.iter().any(|part| lower.contains(part))
}

/// Returns the address of an image, looking behind what a lazy loader put there.
fn address<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    let real = |value: &&str| !is_placeholder(value);
    let lazy = LAZY.iter().filter_map(|name| tag.attribute(name)).map(str::trim).find(real);
    let own = tag.attribute("src").map(str::trim).filter(real);
    let set = || {
        LAZY_SETS
            .iter()
            .filter_map(|name| tag.attribute(name))
            .filter_map(largest)
            .find(real)
    };
    lazy.or(own).or_else(set)
}

/// Returns the address of the largest image of a `srcset` (HTML standard, 4.8.4.2.1).
fn largest(set: &str) -> Option<&str> {
    let mut best: Option<(f64, &str)> = None;
    // An address may hold commas; a comma that ends a candidate is followed by a space.
    for candidate in set.split(", ").flat_map(|part| part.split(",\n")) {
        let mut words = candidate.trim().trim_end_matches(',').split_ascii_whitespace();
        let Some(address) = words.next() else { continue };
        let size = words
            .next()
            .and_then(|word| word.trim_end_matches(['w', 'x', 'h']).parse().ok())
            .unwrap_or(1.0);
        if best.is_none_or(|(most, _)| size > most) {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address)
}
