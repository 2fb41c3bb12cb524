//! Repairs images, audio and video in markup before it is cleaned: lazy images get their address, tracking pixels are removed, players become
//! links.

use super::allow_list::{MEDIA_SCHEMES, allowed_url};
use super::policy::CleanPolicy;
use crate::html::image_address::{SRCSET_ATTRIBUTES, best_of_set, figure_address, image_address};
use crate::html::players::player;
use crate::html::tokenizer::{Piece, Tag, pieces};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Parts of the addresses of images of emoji, whose `alt` is the character.
const EMOJI_ADDRESSES: &[&str] = &[
    "//s.w.org/images/core/emoji/",
    "/wp-includes/images/smilies/",
    "/twemoji",
    "//static.xx.fbcdn.net/images/emoji.php/",
];
/// Parts of the addresses of tracking pixels.
const TRACKING_PIXELS: &[&str] = &[
    "//stats.wp.com/",
    "//pixel.wp.com/",
    "//feeds.feedburner.com/~r/",
    "//feeds.feedburner.com/~ff/",
    "//feedproxy.google.com/~r/",
    "//feedsportal.com/",
    ".feedsportal.com/",
    ".doubleclick.net/",
    "//www.google-analytics.com/",
    "//google-analytics.com/",
    "//www.googletagmanager.com/",
    "//www.facebook.com/tr",
    "//pixel.facebook.com/",
    "//sb.scorecardresearch.com/",
    "//b.scorecardresearch.com/",
    "//pixel.quantserve.com/",
    "//secure.quantserve.com/",
    "//mc.yandex.ru/",
    "//counter.yadro.ru/",
    "//logv.xiti.com/",
    ".xiti.com/hit",
    ".at-o.net/",
    "//rss.buysellads.com/",
    "//pixel.newsdiscover.com",
    "//googleads.g.",
    "//pagead2.googlesyndication.com/",
    "//ad.",
    "//ads.",
    "//tracking.",
    "//t.co/i/",
    "//analytics.twitter.com/",
    "//px.ads.linkedin.com/",
    "//c.statcounter.com/",
    "//www.statcounter.com/",
    "/matomo.php?",
    "/piwik.php?",
    "/pixel.gif?",
    "/1x1.gif",
    "/pixel.png?",
    "counter.theconversation.com/",
    "?republication-pixel=",
];
/// Returns `markup`, whose complexity is limited, with its media repaired and with sectioning elements replaced by `div`.
pub(super) fn repair_media<'a>(markup: &'a str, policy: &CleanPolicy<'a>) -> String {
    let mut repair = MediaRepair {
        out: String::with_capacity(markup.len()),
        policy: *policy,
        ..MediaRepair::default()
    };
    for piece in pieces(markup) {
        match piece {
            Piece::Text(text) => {
                repair.out.push_str(text);
                if !text.trim_ascii().is_empty() {
                    repair.last = None;
                }
            }
            Piece::Open(tag) => repair.open(&tag),
            Piece::Close(name) => repair.close(&name),
            Piece::Raw(tag, _) if tag.name == "iframe" => repair.frame(&tag),
            Piece::Raw(..) | Piece::Doctype => {}
        }
    }
    repair.out
}

#[derive(Default)]
struct MediaRepair<'a> {
    out: String,
    policy: CleanPolicy<'a>,
    /// For each open `span` whether it was kept.
    spans: Vec<bool>,
    /// The best address of the open `picture` so far.
    offered: Option<&'a str>,
    /// The address of the image that the open `figure` names in its own attributes.
    figure: Option<&'a str>,
    /// The address of the last image, unless text followed it.
    last: Option<String>,
    /// Whether the open `audio` or `video` has no link yet.
    wants_link: bool,
    /// The address of the last player's link.
    last_player: Option<String>,
}

impl<'a> MediaRepair<'a> {
    fn open(&mut self, tag: &Tag<'a>) {
        match &*tag.name {
            "img" => self.image(tag),
            "picture" => self.offered = None,
            "figure" => {
                self.figure = figure_address(tag);
                self.write(tag);
            }
            "source" => self.source(tag),
            "audio" | "video" => {
                self.wants_link = true;
                self.audio_or_video(tag);
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
            "audio" | "video" => self.wants_link = false,
            "figure" => {
                self.figure = None;
                self.out.push_str("</figure>");
            }
            "span" if !self.spans.pop().unwrap_or(false) => {}
            _ => {
                let _ = write!(self.out, "</{}>", kept_name(name));
            }
        }
    }

    fn write(&mut self, tag: &Tag<'_>) {
        let _ = write!(self.out, "<{}{}>", kept_name(&tag.name), tag.inner);
    }

    /// Reads a `source` of the open `audio`, `video` or `picture`.
    fn source(&mut self, tag: &Tag<'a>) {
        if self.wants_link {
            return self.audio_or_video(tag);
        }
        let set = SRCSET_ATTRIBUTES.iter().find_map(|name| tag.attribute(name));
        self.offered = self.offered.or_else(|| set.and_then(best_of_set));
    }

    /// Writes the link of an audio or video, if it has a usable address.
    fn audio_or_video(&mut self, tag: &Tag<'_>) {
        let Some(address) = tag.attribute("src").or_else(|| tag.attribute("data-src")) else {
            return;
        };
        let address = quoted(address.trim());
        if self.wants_link && allowed_url(&self.policy, &address, MEDIA_SCHEMES).is_some() {
            self.wants_link = false;
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let visible_chars = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("…").to_owned();
            let kind = tag.attribute("type").and_then(media_type).map(str::to_owned);
            let kind = kind.or_else(|| media_type_of_extension(&visible_chars).map(str::to_owned));
            self.link(&address, kind.as_deref(), &visible_chars);
        }
    }

    /// Writes the link of the frame of a known player, to the page on which it is played.
    fn frame(&mut self, tag: &Tag<'_>) {
        let Some(found) = tag.attribute("src").and_then(player) else {
            return;
        };
        let title = tag.attribute("title").map(str::trim).filter(|title| !title.is_empty());
        let address = found.page.as_str().replace('&', "&amp;");
        self.link(&address, Some("text/html"), title.unwrap_or(found.platform));
    }

    /// Writes the link that replaces a player, as a caption: captions are not part of the text.
    fn link(&mut self, address: &str, kind: Option<&str>, visible_chars: &str) {
        if self.last_player.as_deref() == Some(address) {
            return;
        }
        self.last_player = Some(address.to_owned());
        let kind = kind.map(|kind| format!(" type=\"{kind}\"")).unwrap_or_default();
        let visible_chars = visible_chars.replace('<', "&lt;").replace('>', "&gt;");
        let _ = write!(
            self.out,
            "<figure><figcaption><a href=\"{address}\"{kind}>{visible_chars}</a></figcaption></figure>"
        );
    }

    /// Writes an image, unless it is a tracking pixel or repeats the last one.
    fn image(&mut self, tag: &Tag<'a>) {
        let address = image_address(tag).or(self.offered).or(self.figure);
        let Some(address) = address.filter(|address| self.policy.images && (self.policy.faithful || !is_pixel(tag, address))) else {
            return;
        };
        if let Some(character) = emoji(tag, address) {
            self.out.push_str(&character.replace('<', "&lt;"));
            return;
        }
        // The copy in a `noscript` may be the same picture in another size.
        let picture = picture_key(address);
        if self.last.as_ref() == Some(&picture) {
            return;
        }
        self.last = Some(picture);
        let _ = write!(self.out, "<img src=\"{}\"", quoted(address));
        for name in ["alt", "title", "width", "height", "dir", "lang"] {
            if let Some(value) = tag.attribute(name).filter(|value| !value.is_empty()) {
                let _ = write!(self.out, " {name}=\"{}\"", quoted(value));
            }
        }
        self.out.push('>');
    }
}

/// Returns the name of the kept element by which an element is replaced.
fn kept_name(name: &str) -> &str {
    match name {
        "article" | "section" | "main" | "header" | "footer" | "aside" | "nav" | "center" | "address" | "form" | "fieldset" | "hgroup"
        | "dialog" | "search" => "div",
        "strike" => "s",
        "tt" => "code",
        "menu" | "dir" => "ul",
        name => name,
    }
}

/// Returns an escaped value in the form for double quotes.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.contains('"') {
        Cow::Owned(value.replace('"', "&quot;"))
    } else {
        Cow::Borrowed(value)
    }
}

/// Returns whether an image is a tracking pixel, by its size or its address.
fn is_pixel(tag: &Tag<'_>, address: &str) -> bool {
    let tiny = |name| {
        tag.attribute(name)
            .is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1" | "2"))
    };
    let lower = address.to_ascii_lowercase();
    tiny("width") || tiny("height") || TRACKING_PIXELS.iter().any(|part| lower.contains(part))
}

/// Returns the character of an image of an emoji.
fn emoji<'a>(tag: &Tag<'a>, address: &str) -> Option<&'a str> {
    let character = tag.attribute("alt").filter(|alt| !alt.is_empty() && alt.chars().count() <= 12)?;
    EMOJI_ADDRESSES.iter().any(|part| address.contains(part)).then_some(character)
}

/// Returns the address of a picture without query and without the size that WordPress and others put into it: the same for all its sizes.
fn picture_key(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let named = path.rsplit_once('.').filter(|(_, ending)| {
        let ending = ending.to_ascii_lowercase();
        matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif")
    });
    // Of a script each query may be another picture.
    let Some((stem, ending)) = named else {
        return address.to_owned();
    };
    let sized = stem.rsplit_once('-').filter(|(_, size)| {
        *size == "scaled"
            || size
                .split_once('x')
                .is_some_and(|(width, height)| is_number(width) && is_number(height))
    });
    format!("{}.{ending}", sized.map_or(stem, |(bare, _)| bare))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}

/// Returns a media type without its parameters, if it is one.
pub(super) fn media_type(value: &str) -> Option<&str> {
    let kind = value.split(';').next()?.trim();
    let (class, name) = kind.split_once('/')?;
    let is_token = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || b"+-.".contains(&c));
    (kind.len() <= 60 && is_token(class) && is_token(name)).then_some(kind)
}

/// Returns the media type of a file's extension.
fn media_type_of_extension(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    Some(match ending.as_str() {
        "mp3" => "audio/mpeg",
        "m4a" | "aac" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        _ => return None,
    })
}
