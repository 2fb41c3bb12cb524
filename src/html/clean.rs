//! Cleaning: foreign markup becomes [`CleanHtml`] by an allow-list. Nobody else makes [`CleanHtml`] of what came from outside.
//!
//! ammonia judges every element, attribute and address; what stands around it here mends images, bounds the work and makes cleaning
//! idempotent. Which part of a page is worth keeping is `extract`'s question, not ours.

use super::scan::{Piece, in_short_runs, pieces, tame, tame_with_words};
use crate::model::html_elements::{is_block, is_cell, is_table_part};
use crate::model::{CleanHtml, RawMarkup};
use std::borrow::Cow;
use std::fmt::Write as _;
use url::Url;

mod direction;
mod media;

/// The longest markup that is cleaned, in bytes; the rest is cut off.
pub const MAX_BYTES: usize = 1_000_000;
/// How often markup is cleaned again until it stays as it is.
const MAX_ROUNDS: usize = 4;

const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "hreflang", "title", "type"]),
    ("abbr", &["title"]),
    ("blockquote", &["cite"]),
    ("del", &["datetime"]),
    ("img", &["alt", "height", "src", "title", "width"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start"]),
    ("q", &["cite"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Elements that go with all they hold.
const SILENCED: &[&str] = &["script", "style", "title"];

/// How markup is cleaned.
#[derive(Debug, Clone, Copy, Default)]
pub struct CleanPolicy<'a> {
    /// What relative addresses are resolved against; without it they are dropped.
    pub base: Option<&'a Url>,
    /// Whether images are kept.
    pub images: bool,
    /// Whether what readers would not see is kept as well, for those who look into a feed: counting pixels, relative addresses without a
    /// base, the words of drawings and formulas, those that stand in for frames, and signs that a parser would take for the start of a tag.
    pub faithful: bool,
}

/// Returns `raw` as markup that is safe to pass on: known elements and attributes only, addresses absolute and of http, https or
/// (for links) mailto, `dir` and `lang` kept, lazy images mended, tracking pixels gone, players turned into links with their type.
///
/// At most [`MAX_BYTES`] are read. Cleaning what was cleaned changes nothing.
#[must_use]
pub fn clean(raw: &RawMarkup, policy: &CleanPolicy<'_>) -> CleanHtml {
    let tamed = if policy.faithful {
        let (finished, unfinished) = unfinished_tag(&raw.0);
        Cow::Owned(tame_with_words(&exclamations(finished), MAX_BYTES) + &escape(unfinished))
    } else {
        tame(&raw.0, MAX_BYTES)
    };
    if memchr::memchr2(b'<', b'&', tamed.as_bytes()).is_none() {
        return CleanHtml::from_trusted(direction::tidy(&escape(&tamed)).trim().to_owned());
    }
    let builder = builder(policy);
    let mut html = round(&tamed, policy, &builder);
    // A parser may read the markup of a tree otherwise than the tree was; the second reading nearly always settles it.
    for _ in 0..MAX_ROUNDS {
        let again = round(&tame(&html, MAX_BYTES), policy, &builder);
        if again == html {
            return CleanHtml::from_trusted(html);
        }
        html = again;
    }
    from_text(&words(&html))
}

/// Escapes each `<!` that starts neither a comment, a section nor a document type: somebody wrote it, and a parser would drop what follows.
fn exclamations(markup: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(markup.as_bytes(), "<!") {
        if !markup[at + 2..].starts_with(['-', '[', 'd', 'D', '>']) {
            out.push_str(&markup[copied..at]);
            out.push_str("&lt;");
            copied = at + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(markup);
    }
    out.push_str(&markup[copied..]);
    Cow::Owned(out)
}

/// Splits `markup` before a last tag that never ends.
fn unfinished_tag(markup: &str) -> (&str, &str) {
    let start = memchr::memrchr(b'<', markup.as_bytes()).filter(|start| !markup[*start..].contains('>'));
    markup.split_at(start.unwrap_or(markup.len()))
}

fn round(markup: &str, policy: &CleanPolicy<'_>, builder: &ammonia::Builder<'_>) -> String {
    let mended = media::mend(markup, policy);
    let html = builder.clean(&in_short_runs(&mended)).to_string();
    let visible = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let html = if html.chars().all(visible) {
        html
    } else {
        html.chars().filter(|&c| visible(c)).collect()
    };
    let html = direction::tidy(&html);
    // What a player or a picture that went leaves behind of its paragraph.
    if !policy.faithful && html.contains("<p></p>") {
        return html.replace("<p></p>", "").trim().to_owned();
    }
    html.trim().to_owned()
}

fn builder(policy: &CleanPolicy<'_>) -> ammonia::Builder<'static> {
    let base = policy.base.cloned();
    let relative = policy.faithful;
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(SILENCED.iter().copied().collect())
        .tag_attributes(
            ATTRIBUTES
                .iter()
                .map(|(element, names)| (*element, names.iter().copied().collect()))
                .collect(),
        )
        .generic_attributes(["dir", "lang"].into())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(move |element, attribute, value| filter(base.as_ref(), relative, element, attribute, value));
    builder
}

/// Judges one attribute's value; runs after ammonia's own judgement of its scheme.
fn filter<'v>(base: Option<&Url>, relative: bool, element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_address = matches!((element, attribute), ("a", "href") | ("img", "src") | (_, "cite"));
    if is_address && relative && base.is_none() && Url::parse(value.trim()) == Err(url::ParseError::RelativeUrlWithoutBase) {
        return Some(Cow::Borrowed(value));
    }
    match (element, attribute) {
        ("a", "href") => absolute(base, value, &["http", "https", "mailto"]).map(Cow::Owned),
        ("img", "src") | (_, "cite") => absolute(base, value, &["http", "https"]).map(Cow::Owned),
        ("a", "type") => media::media_type(value).map(Cow::Borrowed),
        (_, "dir") => Some(value)
            .filter(|word| matches!(*word, "ltr" | "rtl" | "auto"))
            .map(Cow::Borrowed),
        (_, "width" | "height" | "colspan" | "rowspan" | "start" | "value") => {
            let number: i32 = value.trim().parse().ok()?;
            Some(Cow::Owned(number.to_string()))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

fn absolute(base: Option<&Url>, address: &str, schemes: &[&str]) -> Option<String> {
    let address = address.trim();
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) => base?.join(address).ok()?,
    };
    (!address.is_empty() && schemes.contains(&url.scheme())).then(|| url.into())
}

/// Returns plain text as markup: a paragraph for each stretch between empty lines, a break for each other line end.
#[must_use]
pub fn from_text(text: &str) -> CleanHtml {
    let mut html = String::with_capacity(text.len() + 16);
    let mut within = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            if std::mem::take(&mut within) {
                html.push_str("</p>");
            }
            continue;
        }
        html.push_str(if within { "<br>" } else { "<p>" });
        within = true;
        html.push_str(&escape(line));
    }
    if within {
        html.push_str("</p>");
    }
    CleanHtml::from_trusted(direction::tidy(&html).into_owned())
}

/// Escapes as html5ever writes text, so that cleaning leaves it as it is.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns the text of cleaned markup, one block a line, without the captions of figures. Non-breaking spaces come back as spaces; soft hyphens, zero-width spaces
/// and what turns the direction of text, which no reader sees, are left out.
#[must_use]
pub fn lines(html: &CleanHtml) -> String {
    words(html.as_str())
}

fn words(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for block in blocks(html) {
        for line in unescape(&block.text).split('\n') {
            let before = out.len();
            for word in line.split_whitespace() {
                if out.len() > before {
                    out.push(' ');
                }
                out.push_str(word);
            }
            if out.len() > before {
                out.push('\n');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A stretch of text between two ends of blocks, still escaped; line breaks are line feeds.
struct Block {
    text: String,
    /// The direction that the nearest element around it gives.
    dir: Option<String>,
}

/// Cuts what ammonia wrote into its blocks of text.
fn blocks(html: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut text = String::new();
    let mut around: Vec<(Cow<'_, str>, Option<&str>)> = Vec::new();
    for piece in pieces(html) {
        let (name, opens) = match &piece {
            Piece::Text(part) => {
                push_spaced(&mut text, part);
                continue;
            }
            Piece::Open(tag) => (&tag.name, true),
            Piece::Close(name) => (name, false),
            _ => continue,
        };
        if name == "br" {
            text.push('\n');
        } else if !is_inline(name) {
            finish(&mut found, &mut text, &around);
        } else if matches!(&**name, "td" | "th") {
            text.push(' ');
        }
        match &piece {
            Piece::Open(tag) if !matches!(&*tag.name, "br" | "hr" | "img") => around.push((tag.name.clone(), tag.attribute("dir"))),
            Piece::Close(name) if !opens && around.last().is_some_and(|(own, _)| own == name) => {
                around.pop();
            }
            _ => {}
        }
    }
    finish(&mut found, &mut text, &around);
    found
}

/// Adds a part of a text: line ends of the source are mere spaces.
fn push_spaced(text: &mut String, part: &str) {
    text.extend(part.chars().map(|c| if c == '\n' { ' ' } else { c }));
}

fn finish(found: &mut Vec<Block>, text: &mut String, around: &[(Cow<'_, str>, Option<&str>)]) {
    let dir = around.iter().rev().find_map(|(_, dir)| *dir).map(str::to_owned);
    let text = std::mem::take(text);
    // A caption tells of its picture, which no text shows.
    let is_caption = around.iter().any(|(name, _)| name == "figcaption");
    if !is_caption && !text.trim().is_empty() {
        found.push(Block { text, dir });
    }
}

/// Returns whether an element of cleaned markup does not interrupt the line it stands on. Cells are inline: a row of a table is one line.
fn is_inline(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok() && (is_cell(name) || !(is_block(name) || is_table_part(name)))
}

/// Undoes the escapes that html5ever writes, and leaves out what no reader sees.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
        let escape = if c == '&' {
            named.into_iter().find(|(name, _)| rest.starts_with(name))
        } else {
            None
        };
        let (length, c) = escape.map_or((c.len_utf8(), c), |(name, c)| (name.len(), c));
        rest = &rest[length..];
        match c {
            c if is_unseen(c) => {}
            '\u{a0}' | '\u{202f}' | '\u{2007}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Returns the first blocks of text as paragraphs, at most `max_chars` characters of text. A first block that is longer is cut behind a
/// word and ends in an ellipsis; images and links are left out, the direction of the text is kept.
#[must_use]
pub fn excerpt(html: &CleanHtml, max_chars: usize) -> CleanHtml {
    let mut out = String::new();
    let mut room = max_chars;
    for block in blocks(html.as_str()) {
        let text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = shown(&text);
        let text = match length {
            _ if length <= room => text,
            _ if out.is_empty() && room > 0 => truncate_escaped(&text, room),
            _ => break,
        };
        room = room.saturating_sub(length);
        let dir = block.dir.map(|dir| format!(" dir=\"{dir}\"")).unwrap_or_default();
        let _ = write!(out, "<p{dir}>{text}</p>");
    }
    CleanHtml::from_trusted(out)
}

/// Whether a character is one that no reader sees, but for joiners and marks of direction: soft hyphens, zero-width spaces, and what turns
/// the direction of the text behind it.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c == '\u{ad}' || direction::is_leftover(c) || direction::is_control(c)
}

/// Counts the characters of an escaped text as a reader sees them.
fn shown(text: &str) -> usize {
    let mut within_escape = false;
    let mut count = 0;
    for c in text.chars() {
        match c {
            ';' if within_escape => within_escape = false,
            _ if within_escape => {}
            c => {
                within_escape = c == '&';
                count += 1;
            }
        }
    }
    count
}

/// Cuts an escaped text behind a word so that it has at most `room` characters with its ellipsis.
fn truncate_escaped(text: &str, room: usize) -> String {
    let mut out = String::new();
    let mut used = 1;
    for word in text.split(' ') {
        let length = shown(word) + usize::from(!out.is_empty());
        if used + length > room {
            break;
        }
        used += length;
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        // A single word longer than all the room, as scripts without spaces have: cut between characters, never within an escape.
        let end = text
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|&at| shown(&text[..at]) < room)
            .last();
        out.push_str(&text[..end.unwrap_or(0)]);
    }
    let kept = out
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—'))
        .len();
    out.truncate(kept);
    out.push('…');
    out
}

/// Returns `html`, marked as read from right to left when most of its letters are and nothing in it says so: the page around it said it.
#[must_use]
pub fn directed(html: CleanHtml, images: bool) -> CleanHtml {
    if html.as_str().contains(" dir=\"rtl\"") || !direction::is_from_right(&lines(&html)) {
        return html;
    }
    let policy = CleanPolicy {
        images,
        ..CleanPolicy::default()
    };
    clean(&RawMarkup(format!("<div dir=\"rtl\">{}</div>", html.as_str())), &policy)
}

/// Returns `html` without its images.
#[must_use]
pub fn text_only(html: &CleanHtml) -> CleanHtml {
    let mut out = String::with_capacity(html.as_str().len());
    let mut rest = html.as_str();
    while let Some((before, image)) = rest.split_once("<img ") {
        out.push_str(before);
        rest = image.split_once('>').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    clean(&RawMarkup(out), &CleanPolicy::default())
}

#[cfg(test)]
mod tests;
