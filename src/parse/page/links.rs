//! What a page says of itself and where it links to, as it is written there. One pass.

use super::shape::says_feed;
use crate::html::scan::{Piece, Tag, pieces};
use crate::text::entities::decode_entities;

/// The most links that are kept of each sort.
const MAX_LINKS_PER_KIND: usize = 400;
/// How much of a link's text is looked at, in bytes.
const TEXT: usize = 300;
/// The longest address that is looked at, in bytes.
const ADDRESS: usize = 2048;
/// How much may stand in a title that was never closed before it is read as markup, in bytes.
const LONG_TITLE: usize = 2000;

/// The longest script that may do nothing but send on, in bytes.
const SCRIPT: usize = 2000;

/// A link, not yet joined with the page's base.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub href: String,
    /// What it is called, still markup.
    pub title: String,
    /// Whether it says itself that it is a feed, however its address looks.
    pub is_certain: bool,
}

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub base: Option<String>,
    /// The page's own address, as the page gives it.
    pub own: Option<String>,
    /// What made the page, in lower case.
    pub generator: String,
    pub announced: Vec<Link>,
    pub anchors: Vec<Link>,
    /// Where the page sends browsers on to by itself.
    pub onward: Option<String>,
    open: Option<Link>,
}

/// Reads `page`.
pub(super) fn gather(page: &str) -> Links {
    let mut links = Links::default();
    links.read(page, true);
    links.close_anchor();
    links
}

impl Links {
    fn read(&mut self, markup: &str, is_whole: bool) {
        for piece in pieces(markup) {
            match piece {
                Piece::Open(tag) => self.open(&tag),
                Piece::Text(text) => self.anchor_text(text),
                Piece::Close(name) if name == "a" => self.close_anchor(),
                Piece::Raw(tag, content) if is_whole => match &*tag.name {
                    "noscript" => self.read(content, false),
                    // A title that was never closed must not hide the page.
                    "script" if self.onward.is_none() && content.len() < SCRIPT => self.onward = sends_on(content),
                    "title" if content.len() > LONG_TITLE => self.read(content, false),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match &*tag.name {
            "base" if self.base.is_none() => self.base = value(tag, "href"),
            "link" => self.link(tag),
            "meta" => self.meta(tag),
            "a" | "area" => {
                self.close_anchor();
                self.anchor(tag);
            }
            _ if self.open.is_some() => {
                for name in ["alt", "title", "aria-label"] {
                    if let Some(text) = tag.attribute(name) {
                        self.anchor_text(" ");
                        self.anchor_text(text);
                    }
                }
                self.icon(tag);
            }
            _ => {}
        }
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let Some(href) = value(tag, "href") else { return };
        let rel = value(tag, "rel").unwrap_or_default().to_ascii_lowercase();
        let is = |wanted: &str| rel.split_ascii_whitespace().any(|token| token == wanted);
        if is("canonical") && self.own.is_none() {
            self.own = Some(href);
            return;
        }
        let mime = value(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let Some(kind) = kind_of(&mime) else { return };
        let is_alternate = is("alternate") || is("alternative");
        let is_feed = is("feed") || is("service.feed");
        if (is_alternate || is_feed) && !is("stylesheet") && self.announced.len() < MAX_LINKS_PER_KIND {
            self.announced.push(Link {
                href,
                title: tag.attribute("title").unwrap_or_default().to_owned(),
                is_certain: kind == Kind::Feed || is_feed,
            });
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        if tag.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            self.onward = value(tag, "content").and_then(|content| refresh(&content)).or(self.onward.take());
            return;
        }
        let Some(name) = tag.attribute("name").or_else(|| tag.attribute("property")) else {
            return;
        };
        if name.eq_ignore_ascii_case("generator") && self.generator.len() < TEXT {
            self.generator.push_str(&value(tag, "content").unwrap_or_default().to_lowercase());
        } else if name.eq_ignore_ascii_case("og:url") && self.own.is_none() {
            self.own = value(tag, "content");
        }
    }

    fn anchor(&mut self, tag: &Tag<'_>) {
        let Some(href) = value(tag, "href").filter(|href| !href.starts_with('#')) else {
            return;
        };
        let mime = value(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let title = tag.attribute("title").or_else(|| tag.attribute("aria-label")).unwrap_or_default();
        self.open = Some(Link {
            href,
            title: String::new(),
            is_certain: kind_of(&mime) == Some(Kind::Feed) || says_feed(&decode_entities(title)),
        });
        self.icon(tag);
    }

    /// Looks for the usual feed icons in a tag's class.
    fn icon(&mut self, tag: &Tag<'_>) {
        let class = tag.attribute("class").unwrap_or_default();
        let is_icon = class
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("rss"));
        if let Some(open) = self.open.as_mut().filter(|_| is_icon) {
            open.is_certain = true;
        }
    }

    fn anchor_text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            let room = TEXT.saturating_sub(open.title.len());
            open.title.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn close_anchor(&mut self) {
        let Some(mut link) = self.open.take() else { return };
        link.is_certain |= says_feed(&decode_entities(&link.title));
        if (link.is_certain || may_be_a_feed(&link.href)) && self.anchors.len() < MAX_LINKS_PER_KIND {
            self.anchors.push(link);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A feed's own media type.
    Feed,
    /// One that feeds have, too.
    Open,
}

/// Returns what a media type in a link says; `None` when it is none of a feed's.
fn kind_of(mime: &str) -> Option<Kind> {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    if mime.contains("oembed") || mime.contains("opensearch") || mime.contains("rsd") || mime.contains("wlw") {
        return None;
    }
    if ["rss", "atom", "rdf", "feed+json"].iter().any(|kind| mime.contains(kind)) {
        return Some(Kind::Feed);
    }
    matches!(mime, "" | "application/xml" | "text/xml" | "application/json" | "text/json").then_some(Kind::Open)
}

/// Returns the address in `<meta http-equiv=refresh>` (HTML, 4.2.5.3).
fn refresh(content: &str) -> Option<String> {
    let (_, rest) = content.split_once([';', ','])?;
    let rest = rest.trim_start();
    let bare = rest
        .get(..3)
        .filter(|start| start.eq_ignore_ascii_case("url"))
        .map(|start| rest[start.len()..].trim_start());
    let address = bare.and_then(|bare| bare.strip_prefix('=')).unwrap_or(rest).trim();
    Some(address.trim_matches(['"', '\'']))
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
}

/// Returns the address that a script goes to, where it is written out there.
fn sends_on(script: &str) -> Option<String> {
    let at = script.find("location")?;
    let rest = &script[at + "location".len()..];
    let rest = [".href", ".replace", ".assign"]
        .iter()
        .find_map(|way| rest.strip_prefix(way))
        .unwrap_or(rest);
    let rest = rest.trim_start().strip_prefix(['=', '('])?.trim_start();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (address, _) = rest[1..].split_once(quote)?;
    Some(address.replace("\\/", "/")).filter(|address| !address.is_empty() && address.len() < ADDRESS)
}

/// A first look at an address before it is parsed.
fn may_be_a_feed(href: &str) -> bool {
    const PARTS: &[&str] = &["rss", "feed", "atom", "rdf", "xml", "backend", "flux", "syndic"];
    let lower = href.to_ascii_lowercase();
    PARTS.iter().any(|part| lower.contains(part))
}

fn value(tag: &Tag<'_>, name: &str) -> Option<String> {
    let raw = tag.attribute(name)?;
    let value = decode_entities(raw.get(..ADDRESS).unwrap_or(raw));
    Some(value.trim())
        .filter(|value| !value.is_empty() && value.len() < ADDRESS)
        .map(str::to_owned)
}
