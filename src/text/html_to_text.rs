//! Conversion of markup to plain text in one scan, without a tree. For dedupe, topics, titles and terminals; making markup safe is the job
//! of `html::clean`.

use super::entities::{decode_entities, is_forbidden};
use crate::model::html_elements::{is_block, is_rare_block, is_table_part};

/// Elements whose content is not displayed; that of the first two is raw text (HTML, 13.1.2).
const HIDDEN_ELEMENTS: &[&str] = &["script", "style", "noscript", "template", "iframe", "object", "svg", "head"];
/// The bit of `unclosed` which says that no `>` follows; the lower bits say that no end tag of the hidden element with that index follows.
const NO_TAG_END: u16 = 1 << 15;

/// Returns the text of `markup`: one line per block, white space collapsed, character references decoded once.
///
/// The time is linear in the input. A `<` that starts no tag is text.
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
    let mut text = TextBuilder {
        out: String::with_capacity(markup.len().min(1 << 16)),
        pending: None,
        line_break,
    };
    let mut rest = markup;
    // End tags that were searched for without success: searching again would make the scan quadratic.
    let mut unclosed = 0_u16;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        text.push(before);
        rest = if is_quotation(tag) {
            text.push("<<");
            &tag[2..]
        } else if let Some((after, name)) = skip_tag(tag, &mut unclosed) {
            text.end_line_at_block(name);
            after
        } else {
            text.push("<");
            &tag[1..]
        };
    }
    text.push(rest);
    text.out
}

/// Returns whether `text` starts with `<<words>>`, which is typed in place of quotation marks.
fn is_quotation(text: &str) -> bool {
    /// The longest quotation; the limit keeps the scan linear.
    const MAX_QUOTATION_BYTES: usize = 300;
    let Some(body) = text.strip_prefix("<<") else { return false };
    let body = &body.as_bytes()[..body.len().min(MAX_QUOTATION_BYTES)];
    memchr::memchr2(b'<', b'>', body).is_some_and(|end| body[end..].starts_with(b">>"))
}

/// A text whose white space is collapsed as it is appended.
struct TextBuilder {
    out: String,
    pending: Option<char>,
    line_break: char,
}

impl TextBuilder {
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

    fn end_line_at_block(&mut self, name: &str) {
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
    let target = buffer.get_mut(..name.len())?;
    target.copy_from_slice(name.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).ok()
}

/// Skips the tag, comment or hidden element at the start of `text`; returns what follows and the tag's name.
fn skip_tag<'a>(text: &'a str, unclosed: &mut u16) -> Option<(&'a str, &'a str)> {
    let body = &text[1..];
    if let Some(comment) = body.strip_prefix("!--") {
        return Some((comment.find("-->").map_or("", |end| &comment[end + 3..]), ""));
    }
    if let Some(section) = body.strip_prefix("![CDATA[") {
        // In XML the content of a CDATA section is text.
        return Some((section, ""));
    }
    let named = body.strip_prefix('/').unwrap_or(body);
    let first = named.bytes().next()?;
    if !first.is_ascii_alphabetic() {
        if !matches!(first, b'!' | b'?') || *unclosed & NO_TAG_END != 0 {
            return None;
        }
        let end = memchr::memchr(b'>', named.as_bytes());
        *unclosed |= if end.is_none() { NO_TAG_END } else { 0 };
        return end.map(|end| (&named[end + 1..], ""));
    }
    let length = named
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-'))
        .count();
    let (name, attributes) = named.split_at(length);
    let after = &attributes[tag_end(attributes)?..];
    if body.len() == named.len()
        && let Some(index) = HIDDEN_ELEMENTS.iter().position(|hidden| hidden.eq_ignore_ascii_case(name))
        && *unclosed & 1 << index == 0
        && !attributes[..attributes.len() - after.len()].ends_with("/>")
    {
        // An unclosed script or style extends to the end of the document, as in browsers; other unclosed elements hide nothing.
        let rest = skip_hidden(after, name).or_else(|| (index < 2).then_some(""));
        *unclosed |= u16::from(rest.is_none()) << index;
        return Some((rest.unwrap_or(after), name));
    }
    Some((after, name))
}

/// Returns the index after the `>` that ends the tag whose attributes `text` starts with; a `>` in a quoted value does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\'')) {
        let quote = bytes[at + found];
        at += found + 1;
        match quote {
            b'>' => return Some(at),
            // The next tag starts before this one ends. Searching further would make the scan quadratic.
            b'<' => return None,
            _ => {}
        }
        // An unclosed quote, or an apostrophe that does not start a value, must not hide the text after it.
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
    fn double_angle_quotation_marks_are_text() {
        assert_eq!(html_to_line("<<Mali>> en crise"), "<<Mali>> en crise");
        assert_eq!(html_to_line("<b><< Le <i>Mali</i> >></b>"), "<< Le Mali >>");
        assert_eq!(html_to_line("<<un>> et <<deux mots>>"), "<<un>> et <<deux mots>>");
        assert_eq!(html_to_line("a <<b>c</b>"), "a <c");
        assert_eq!(html_to_line("<<é"), "<<é");
    }

    #[test]
    fn hidden_content_is_dropped() {
        assert_eq!(
            html_to_text("a<script>if (1 < 2) x()</script>b<!-- c > --><style>p{}</STYLE >d"),
            "abd"
        );
        assert_eq!(html_to_text("a<script>never closed"), "a");
        assert_eq!(html_to_text("a<!-- never closed"), "a");
        assert_eq!(
            html_to_text("a<object x=y> b<object>"),
            "a b",
            "but an unclosed object hides nothing"
        );
        assert_eq!(html_to_text("a<iframe/>b"), "ab");
        assert_eq!(html_to_text("\u{feff}a\u{0}b\u{ad}c"), "abc");
    }

    #[test]
    fn unescaped_characters_are_text() {
        assert_eq!(html_to_text("1 < 2 & 3 > 2 <3 a<b"), "1 < 2 & 3 > 2 <3 a<b");
        assert_eq!(html_to_text("<a title='x > y'>z</a>"), "z");
        assert_eq!(html_to_text("<a href=x title=\"never closed>z</a> t"), "z t");
        assert_eq!(html_to_text("<p class=l'armée>z"), "z");
        assert_eq!(html_to_text("L&rsquo;Ader&nbsp;!"), "L’Ader !");
        assert_eq!(html_to_text("&lt;b&gt;"), "<b>", "references are decoded once and make no tags");
    }

    #[test]
    fn a_truncated_tag_cannot_panic() {
        for markup in ["<", "</", "<!", "<!-", "<a", "<a href='", "é<é", "<script", "</p", "<![CDATA["] {
            assert!(html_to_text(markup).len() <= markup.len());
        }
    }
}
