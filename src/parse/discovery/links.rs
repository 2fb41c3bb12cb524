//! Reads the links and the metadata of a page that matter to discovery, in one pass. They are not judged here.

use super::feed_urls::is_feed_label;
use crate::html::tokenizer::{Piece, Tag, pieces};
use crate::text::entities::decode_entities;

/// The most links that are kept of each kind.
const MAX_LINKS_PER_KIND: usize = 400;
/// How much of a link's text is read, in bytes.
const MAX_LABEL_BYTES: usize = 300;
/// The longest address that is read, in bytes.
const MAX_ADDRESS_BYTES: usize = 2048;
/// The longest title, in bytes: a longer one lacks its end tag, and is read as markup.
const MAX_TITLE_BYTES: usize = 2000;

/// The longest script that may only redirect, in bytes.
const MAX_SCRIPT_BYTES: usize = 2000;

/// A link whose address is not yet resolved against the page's base.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub href: String,
    /// Its text or title, still markup.
    pub title: String,
    /// Whether its type, its text or its icon declares a feed, whatever its address.
    pub is_declared_feed: bool,
}

/// The links and the metadata of a page.
#[derive(Debug, Default)]
pub(super) struct PageLinks {
    pub base: Option<String>,
    /// The page's own address, as the page gives it.
    pub own_address: Option<String>,
    /// The names in `<meta name=generator>`, in lower case.
    pub generator: String,
    pub announced: Vec<Link>,
    pub anchors: Vec<Link>,
    /// Where the page redirects browsers, by a `meta` element or a script.
    pub redirect: Option<String>,
    /// The `a` element that is being read.
    open: Option<Link>,
}

/// Returns the links of `page`.
pub(super) fn read_links(page: &str) -> PageLinks {
    let mut links = PageLinks::default();
    links.read(page, true);
    links.close_anchor();
    links
}

impl PageLinks {
    fn read(&mut self, markup: &str, is_whole: bool) {
        for piece in pieces(markup) {
            match piece {
                Piece::Open(tag) => self.open(&tag),
                Piece::Text(text) => self.anchor_text(text),
                Piece::Close(name) if name == "a" => self.close_anchor(),
                Piece::Raw(tag, content) if is_whole => match &*tag.name {
                    "noscript" => self.read(content, false),
                    // A title without an end tag contains the rest of the page.
                    "script" if self.redirect.is_none() && content.len() < MAX_SCRIPT_BYTES => self.redirect = script_redirect(content),
                    "title" if content.len() > MAX_TITLE_BYTES => self.read(content, false),
                    _ => {}
                },
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match &*tag.name {
            "base" if self.base.is_none() => self.base = attribute_value(tag, "href"),
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
        let Some(href) = attribute_value(tag, "href") else { return };
        let rel = attribute_value(tag, "rel").unwrap_or_default().to_ascii_lowercase();
        let is = |wanted: &str| rel.split_ascii_whitespace().any(|token| token == wanted);
        if is("canonical") && self.own_address.is_none() {
            self.own_address = Some(href);
            return;
        }
        let mime = attribute_value(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let Some(kind) = media_type_kind(&mime) else { return };
        let is_alternate = is("alternate") || is("alternative");
        let is_feed_address = is("feed") || is("service.feed");
        if (is_alternate || is_feed_address) && !is("stylesheet") && self.announced.len() < MAX_LINKS_PER_KIND {
            self.announced.push(Link {
                href,
                title: tag.attribute("title").unwrap_or_default().to_owned(),
                is_declared_feed: kind == Kind::Feed || is_feed_address,
            });
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        if tag.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")) {
            self.redirect = attribute_value(tag, "content")
                .and_then(|content| meta_refresh(&content))
                .or(self.redirect.take());
            return;
        }
        let Some(name) = tag.attribute("name").or_else(|| tag.attribute("property")) else {
            return;
        };
        if name.eq_ignore_ascii_case("generator") && self.generator.len() < MAX_LABEL_BYTES {
            self.generator
                .push_str(&attribute_value(tag, "content").unwrap_or_default().to_lowercase());
        } else if name.eq_ignore_ascii_case("og:url") && self.own_address.is_none() {
            self.own_address = attribute_value(tag, "content");
        }
    }

    fn anchor(&mut self, tag: &Tag<'_>) {
        let Some(href) = attribute_value(tag, "href").filter(|href| !href.starts_with('#')) else {
            return;
        };
        let mime = attribute_value(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let title = tag.attribute("title").or_else(|| tag.attribute("aria-label")).unwrap_or_default();
        self.open = Some(Link {
            href,
            title: String::new(),
            is_declared_feed: media_type_kind(&mime) == Some(Kind::Feed) || is_feed_label(&decode_entities(title)),
        });
        self.icon(tag);
    }

    /// Recognises the usual feed icons by the class of a tag.
    fn icon(&mut self, tag: &Tag<'_>) {
        let class = tag.attribute("class").unwrap_or_default();
        let is_icon = class
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("rss"));
        if let Some(open) = self.open.as_mut().filter(|_| is_icon) {
            open.is_declared_feed = true;
        }
    }

    fn anchor_text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            let room = MAX_LABEL_BYTES.saturating_sub(open.title.len());
            open.title.push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn close_anchor(&mut self) {
        let Some(mut link) = self.open.take() else { return };
        link.is_declared_feed |= is_feed_label(&decode_entities(&link.title));
        if (link.is_declared_feed || may_be_a_feed(&link.href)) && self.anchors.len() < MAX_LINKS_PER_KIND {
            self.anchors.push(link);
        }
    }
}

/// What a media type says of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A feed's own media type.
    Feed,
    /// A media type that feeds share with other documents.
    Generic,
}

/// Returns the kind of a media type; `None` when feeds do not have it.
fn media_type_kind(mime: &str) -> Option<Kind> {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    if mime.contains("oembed") || mime.contains("opensearch") || mime.contains("rsd") || mime.contains("wlw") {
        return None;
    }
    if ["rss", "atom", "rdf", "feed+json"].iter().any(|kind| mime.contains(kind)) {
        return Some(Kind::Feed);
    }
    matches!(mime, "" | "application/xml" | "text/xml" | "application/json" | "text/json").then_some(Kind::Generic)
}

/// Returns the address in `<meta http-equiv=refresh>` (HTML standard, 4.2.5.3).
fn meta_refresh(content: &str) -> Option<String> {
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

/// Returns the address to which a script redirects, if it is a string literal.
fn script_redirect(script: &str) -> Option<String> {
    let at = script.find("location")?;
    let rest = &script[at + "location".len()..];
    let rest = [".href", ".replace", ".assign"]
        .iter()
        .find_map(|member| rest.strip_prefix(member))
        .unwrap_or(rest);
    let rest = rest.trim_start().strip_prefix(['=', '('])?.trim_start();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (address, _) = rest[1..].split_once(quote)?;
    Some(address.replace("\\/", "/")).filter(|address| !address.is_empty() && address.len() < MAX_ADDRESS_BYTES)
}

/// Returns whether an address may be a feed's, before it is parsed.
fn may_be_a_feed(href: &str) -> bool {
    const PARTS: &[&str] = &["rss", "feed", "atom", "rdf", "xml", "backend", "flux", "syndic"];
    let lower = href.to_ascii_lowercase();
    PARTS.iter().any(|part| lower.contains(part))
}

/// Returns the value of an attribute, decoded; `None` when it is blank or longer than an address.
fn attribute_value(tag: &Tag<'_>, name: &str) -> Option<String> {
    let raw = tag.attribute(name)?;
    let attribute_value = decode_entities(raw.get(..MAX_ADDRESS_BYTES).unwrap_or(raw));
    Some(attribute_value.trim())
        .filter(|attribute_value| !attribute_value.is_empty() && attribute_value.len() < MAX_ADDRESS_BYTES)
        .map(str::to_owned)
}
