//! Markup to plain text in one scan: no tree, no memory but the result. For dedupe, topics, titles and terminals;
//! nothing here makes markup safe.

use super::entities::{decode_entities, is_forbidden};
use crate::model::html_elements::{is_block, is_rare_block, is_table_part};

/// Elements whose content no reader sees; the first two hold no markup.
const HIDDEN: &[&str] = &["script", "style", "noscript", "template", "iframe", "object", "svg", "head"];
/// Of the bits of what has no end: there is no `>` any more. Those below stand for [`HIDDEN`].
const NO_END: u16 = 1 << 15;

/// Returns the text of `markup`: one line per block, white space folded, character references decoded once.
///
/// Linear in the input. A `<` that starts no tag is text.
#[must_use]
pub fn html_to_text(markup: &str) -> String {
    scan(markup, '\n')
}

/// Returns the text of `markup` on a single line, for titles and names.
#[must_use]
pub fn html_to_line(markup: &str) -> String {
    scan(markup, ' ')
}

fn scan(markup: &str, line_break: char) -> String {
    let mut text = Folded {
        out: String::with_capacity(markup.len().min(1 << 16)),
        pending: None,
        line_break,
    };
    let mut rest = markup;
    // Elements whose end was looked for in vain once: looking again would make the scan quadratic.
    let mut endless = 0_u16;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        text.push(before);
        rest = if is_quotation(tag) {
            text.push("<<");
            &tag[2..]
        } else if let Some((after, name)) = skip_tag(tag, &mut endless) {
            text.mark(name);
            after
        } else {
            text.push("<");
            &tag[1..]
        };
    }
    text.push(rest);
    text.out
}

/// Returns whether `<<words>>` stands at the start of `text`: quotation marks of keyboards that have no others.
fn is_quotation(text: &str) -> bool {
    /// The longest quotation, in bytes, which bounds how often a byte is looked at.
    const MAX_QUOTATION_BYTES: usize = 300;
    let Some(body) = text.strip_prefix("<<") else { return false };
    let body = &body.as_bytes()[..body.len().min(MAX_QUOTATION_BYTES)];
    memchr::memchr2(b'<', b'>', body).is_some_and(|end| body[end..].starts_with(b">>"))
}

/// Text with its white space folded as it comes in.
struct Folded {
    out: String,
    pending: Option<char>,
    line_break: char,
}

impl Folded {
    fn push(&mut self, raw: &str) {
        for character in decode_entities(raw).chars() {
            if character.is_whitespace() || character == '\u{feff}' || character == '\u{200b}' {
                self.pending = self.pending.or(Some(' '));
            } else if !is_forbidden(character) && character != '\u{ad}' {
                if let Some(space) = self.pending.take().filter(|_| !self.out.is_empty()) {
                    self.out.push(space);
                }
                self.out.push(character);
            }
        }
    }

    fn mark(&mut self, name: &str) {
        // As long as `blockquote` and `figcaption`, the longest names that start a line.
        let mut lower = [0; 10];
        if let Some(name) = lower_case(name, &mut lower)
            && starts_line(name)
        {
            self.pending = Some(self.line_break);
        }
    }
}

/// Returns whether an element starts and ends a line. Rare blocks do not: the hashes of stored entries were computed from text without
/// these line ends, and would change.
fn starts_line(name: &str) -> bool {
    matches!(name, "br" | "option") || is_table_part(name) || (is_block(name) && !is_rare_block(name))
}

fn lower_case<'b>(name: &str, buffer: &'b mut [u8; 10]) -> Option<&'b str> {
    let room = buffer.get_mut(..name.len())?;
    room.copy_from_slice(name.as_bytes());
    room.make_ascii_lowercase();
    std::str::from_utf8(room).ok()
}

/// Skips the tag, comment or hidden element at the start of `text`; returns what follows and the tag's name.
fn skip_tag<'a>(text: &'a str, endless: &mut u16) -> Option<(&'a str, &'a str)> {
    let body = &text[1..];
    if let Some(comment) = body.strip_prefix("!--") {
        return Some((comment.find("-->").map_or("", |end| &comment[end + 3..]), ""));
    }
    if let Some(section) = body.strip_prefix("![CDATA[") {
        // In markup that was XML the characters count, not the marks around them.
        return Some((section, ""));
    }
    let named = body.strip_prefix('/').unwrap_or(body);
    let first = named.bytes().next()?;
    if !first.is_ascii_alphabetic() {
        if !matches!(first, b'!' | b'?') || *endless & NO_END != 0 {
            return None;
        }
        let end = memchr::memchr(b'>', named.as_bytes());
        *endless |= if end.is_none() { NO_END } else { 0 };
        return end.map(|end| (&named[end + 1..], ""));
    }
    let length = named
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-'))
        .count();
    let (name, attributes) = named.split_at(length);
    let after = &attributes[tag_end(attributes)?..];
    if body.len() == named.len()
        && let Some(index) = HIDDEN.iter().position(|hidden| hidden.eq_ignore_ascii_case(name))
        && *endless & 1 << index == 0
        && !attributes[..attributes.len() - after.len()].ends_with("/>")
    {
        // Script runs to the end where its end is missing, as in browsers; other elements hide nothing then.
        let rest = skip_hidden(after, name).or_else(|| (index < 2).then_some(""));
        *endless |= u16::from(rest.is_none()) << index;
        return Some((rest.unwrap_or(after), name));
    }
    Some((after, name))
}

/// Returns the index after the `>` that ends a tag whose attributes start `text`; a quoted `>` does not.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\'')) {
        let quote = bytes[at + found];
        at += found + 1;
        match quote {
            b'>' => return Some(at),
            // The next tag starts before this one ends. To look further would make the scan quadratic.
            b'<' => return None,
            _ => {}
        }
        // A quote that never closes, or an apostrophe that opens nothing, must not swallow the text.
        let opens = bytes[..at - 1].trim_ascii_end().ends_with(b"=");
        if opens && let Some(close) = memchr::memchr2(quote, b'<', &bytes[at..]).filter(|close| bytes[at + close] == quote) {
            at += close + 1;
        }
    }
    None
}

fn skip_hidden<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    for at in memchr::memmem::find_iter(bytes, "</") {
        let end = at + 2 + name.len();
        if bytes
            .get(at + 2..end)
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        {
            return Some(text.get(end..)?.split_once('>').map_or("", |(_, rest)| rest));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines() {
        assert_eq!(
            html_to_text("<p>Un  <b>deux</b></p>\n<p>trois<br/>quatre</p>"),
            "Un deux\ntrois\nquatre"
        );
        assert_eq!(html_to_line("<h1>Un</h1>deux<BR>trois "), "Un deux trois");
        assert_eq!(html_to_text("<li>a<li>b"), "a\nb");
    }

    #[test]
    fn quotation_marks_of_two_signs_are_text() {
        assert_eq!(html_to_line("<<Mali>> en crise"), "<<Mali>> en crise");
        assert_eq!(html_to_line("<b><< Le <i>Mali</i> >></b>"), "<< Le Mali >>");
        assert_eq!(html_to_line("<<un>> et <<deux mots>>"), "<<un>> et <<deux mots>>");
        assert_eq!(html_to_line("a <<b>c</b>"), "a <c");
        assert_eq!(html_to_line("<<é"), "<<é");
    }

    #[test]
    fn what_nobody_sees_is_dropped() {
        assert_eq!(
            html_to_text("a<script>if (1 < 2) x()</script>b<!-- c > --><style>p{}</STYLE >d"),
            "abd"
        );
        assert_eq!(html_to_text("a<script>never closed"), "a");
        assert_eq!(html_to_text("a<!-- never closed"), "a");
        assert_eq!(
            html_to_text("a<object x=y> b<object>"),
            "a b",
            "but an object that never ends hides nothing"
        );
        assert_eq!(html_to_text("a<iframe/>b"), "ab");
        assert_eq!(html_to_text("\u{feff}a\u{0}b\u{ad}c"), "abc");
    }

    #[test]
    fn bare_signs_are_text() {
        assert_eq!(html_to_text("1 < 2 & 3 > 2 <3 a<b"), "1 < 2 & 3 > 2 <3 a<b");
        assert_eq!(html_to_text("<a title='x > y'>z</a>"), "z");
        assert_eq!(html_to_text("<a href=x title=\"never closed>z</a> t"), "z t");
        assert_eq!(html_to_text("<p class=l'armée>z"), "z");
        assert_eq!(html_to_text("L&rsquo;Ader&nbsp;!"), "L’Ader !");
        assert_eq!(html_to_text("&lt;b&gt;"), "<b>", "references are decoded once and make no tags");
    }

    #[test]
    fn an_end_without_a_tag_is_no_loss() {
        for markup in ["<", "</", "<!", "<!-", "<a", "<a href='", "é<é", "<script", "</p", "<![CDATA["] {
            assert!(html_to_text(markup).len() <= markup.len());
        }
    }
}
