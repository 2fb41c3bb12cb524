//! The text of cleaned markup, in blocks: as lines, and as an excerpt; and markup from plain text.

use super::allow_list::is_inline;
use super::direction;
use crate::html::tokenizer::{Piece, pieces};
use crate::model::CleanHtml;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns plain text as markup: a paragraph for each sequence of lines between empty ones, a `br` for each other line end.
#[must_use]
pub fn text_to_html(text: &str) -> CleanHtml {
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
    CleanHtml::from_trusted(direction::remove_stray_controls(&html).into_owned())
}

/// Escapes text as html5ever's serializer does, so that cleaning does not change it.
pub(super) fn escape(text: &str) -> String {
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

/// Returns the text of cleaned markup, one block a line, without the captions of figures. Non-breaking spaces become spaces; soft hyphens,
/// zero-width characters and controls of direction are left out.
#[must_use]
pub fn html_to_lines(html: &CleanHtml) -> String {
    text_lines(html.as_str())
}

/// Returns the text of markup that is cleaned, one block a line.
pub(super) fn text_lines(html: &str) -> String {
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

/// A run of text that no block divides, still escaped; line breaks are line feeds.
struct Block {
    text: String,
    /// The `dir` of the innermost element around it that has one.
    dir: Option<String>,
}

/// An element around a text. What its ancestors say is kept in it, so that no block has to search them.
struct OpenElement<'a> {
    name: Cow<'a, str>,
    /// The `dir` of the innermost element from here outward that has one.
    dir: Option<&'a str>,
    /// Whether it is a caption or within one.
    in_caption: bool,
}

/// Returns the blocks of text of cleaned markup.
fn blocks(html: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut text = String::new();
    let mut open: Vec<OpenElement<'_>> = Vec::new();
    for piece in pieces(html) {
        let (name, opens) = match &piece {
            Piece::Text(part) => {
                push_text(&mut text, part);
                continue;
            }
            Piece::Open(tag) => (&tag.name, true),
            Piece::Close(name) => (name, false),
            _ => continue,
        };
        if name == "br" {
            text.push('\n');
        } else if !is_inline(name) {
            end_block(&mut found, &mut text, open.last());
        } else if matches!(&**name, "td" | "th") {
            text.push(' ');
        }
        match &piece {
            Piece::Open(tag) if !matches!(&*tag.name, "br" | "hr" | "img") => {
                let around = open.last();
                let dir = tag.attribute("dir").or(around.and_then(|element| element.dir));
                let in_caption = tag.name == "figcaption" || around.is_some_and(|element| element.in_caption);
                let name = tag.name.clone();
                open.push(OpenElement { name, dir, in_caption });
            }
            Piece::Close(name) if !opens && open.last().is_some_and(|element| element.name == *name) => {
                open.pop();
            }
            _ => {}
        }
    }
    end_block(&mut found, &mut text, open.last());
    found
}

/// Adds a part of a text: its line ends are white space.
fn push_text(text: &mut String, part: &str) {
    text.extend(part.chars().map(|c| if c == '\n' { ' ' } else { c }));
}

/// Adds the text read so far as a block, unless it is blank or a caption; `around` is the innermost element that contains it.
fn end_block(found: &mut Vec<Block>, text: &mut String, around: Option<&OpenElement<'_>>) {
    let text = std::mem::take(text);
    // A caption describes its picture, which is not in the text.
    if !around.is_some_and(|element| element.in_caption) && !text.trim().is_empty() {
        let dir = around.and_then(|element| element.dir).map(str::to_owned);
        found.push(Block { text, dir });
    }
}

/// Decodes the escapes that html5ever's serializer writes, and leaves out invisible characters.
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
            c if is_invisible(c) => {}
            '\u{a0}' | '\u{202f}' | '\u{2007}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Returns the first blocks of text as paragraphs, at most `max_chars` characters of text. A first block that is longer is cut after a word
/// and ends in an ellipsis; images and links are left out, the direction of the text is kept.
#[must_use]
pub fn excerpt(html: &CleanHtml, max_chars: usize) -> CleanHtml {
    let mut out = String::new();
    let mut room = max_chars;
    for block in blocks(html.as_str()) {
        let text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = visible_chars(&text);
        let text = match length {
            _ if length <= room => text,
            _ if out.is_empty() && room > 0 => truncate_at_word(&text, room),
            _ => break,
        };
        room = room.saturating_sub(length);
        let dir = block.dir.map(|dir| format!(" dir=\"{dir}\"")).unwrap_or_default();
        let _ = write!(out, "<p{dir}>{text}</p>");
    }
    CleanHtml::from_trusted(out)
}

/// Returns whether a character is invisible and not needed: soft hyphens, zero-width spaces, and controls of direction. Joiners and marks of
/// direction are needed.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c == '\u{ad}' || direction::is_zero_width(c) || direction::is_direction_control(c)
}

/// Returns the number of characters of an escaped text, an escape counted as one.
fn visible_chars(text: &str) -> usize {
    visible_starts(text).count()
}

/// Iterates over the positions at which the visible characters of an escaped text start, an escape counted as one.
fn visible_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut within_escape = false;
    text.char_indices().filter_map(move |(at, c)| match c {
        ';' if within_escape => {
            within_escape = false;
            None
        }
        _ if within_escape => None,
        c => {
            within_escape = c == '&';
            Some(at)
        }
    })
}

/// Cuts an escaped text after a word so that it has at most `max_chars` characters with its ellipsis.
fn truncate_at_word(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut used = 1;
    for word in text.split(' ') {
        let length = visible_chars(word) + usize::from(!out.is_empty());
        if used + length > max_chars {
            break;
        }
        used += length;
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_empty() {
        // A single word that is too long, as in scripts without spaces: it is cut between characters, never in an escape.
        let end = visible_starts(text).nth(max_chars.saturating_sub(1));
        out.push_str(&text[..end.unwrap_or(text.len())]);
    }
    let kept = out
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-' | '–' | '—'))
        .len();
    out.truncate(kept);
    out.push('…');
    out
}
