//! The texts of a feed's elements (RFC 4287, 3.1): as a line of plain text, or as markup with absolute URLs.
//!
//! The markup is not safe to show: `html` cleans it.

use super::element::Element;
use super::lexer::{Attributes, Lexer, Token};
use super::limits::MAX_TEXT_BYTES;
use super::plain_text::plain_line;
use super::title_markup::{escape_tag_words, has_paired_formatting};
use super::web_url::is_relative;
use crate::model::{RawMarkup, html_elements};
use crate::text::entities::{decode_entities, join_surrogate_references, push_permitted};
use crate::text::html_to_text::html_to_line;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::{Engine, alphabet};
use std::borrow::Cow;
use url::Url;

/// Returns `text` with `<`, `>` and `&` escaped.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(b'<', b'>', b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// Returns whether an HTML element never has an end tag; `param` is a void element of older versions of HTML.
pub(super) fn is_void(name: &str) -> bool {
    let lower = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    html_elements::is_void(&lower) || lower == "param"
}

/// Returns whether the element's text is plain text rather than markup. Without a type it is plain text in Atom (RFC 4287, 3.1.1).
fn is_plain_text(element: &Element<'_>, is_atom: bool) -> bool {
    if element.is_xhtml || element.has_tags {
        return false;
    }
    match element.attribute("type").map(str::to_ascii_lowercase).as_deref() {
        Some("text" | "text/plain" | "plain") => is_atom || !looks_like_markup(&element.text),
        Some(_) => false,
        None => is_atom,
    }
}

/// Returns whether a text contains tags or character references.
fn looks_like_markup(text: &str) -> bool {
    text.contains("</") || text.contains("/>") || text.contains("<p>") || text.contains("<br") || has_reference(text)
}

fn has_reference(text: &str) -> bool {
    text.contains('&') && matches!(decode_entities(text), Cow::Owned(decoded) if decoded != text)
}

/// Returns the element's text as one line of plain text, without stray controls of direction. References that were escaped twice are decoded twice.
pub(super) fn element_line(element: &Element<'_>, is_atom: bool) -> String {
    let once = if let Some(text) = unescaped_once(element, is_atom) {
        html_to_line(&text)
    } else if is_plain_text(element, is_atom) {
        element.text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        html_to_line(&element.text)
    };
    plain_line(without_references(once))
}

/// Returns a headline like [`element_line`]. Tag names that are words of it stay.
pub(super) fn title_line(element: &Element<'_>, is_atom: bool) -> String {
    if element.is_xhtml || is_plain_text(element, is_atom) {
        return element_line(element, is_atom);
    }
    let once = match unescaped_once(element, is_atom) {
        Some(text) => html_to_line(&text),
        None => html_to_line(&escape_tag_words(&element.text)),
    };
    let line = without_references(once);
    if has_paired_formatting(&line) {
        // It was escaped twice.
        return plain_line(html_to_line(&escape_tag_words(&line.replace('&', "&amp;"))));
    }
    plain_line(line)
}

/// Returns a line of plain text with the references decoded that some programs leave in plain text, unless the text speaks of references.
pub(super) fn without_references(line: String) -> String {
    if has_reference(&line) && !mentions_references(&line) {
        html_to_line(&escape(&decode_entities(&line)))
    } else {
        line
    }
}

/// Returns whether a plain text speaks of a reference: it quotes one, or it names what references belong to.
fn mentions_references(line: &str) -> bool {
    const TOPICS: [&str; 6] = ["html", "xml", "entité", "entities", "esperluette", "ampersand"];
    let lower = line.to_lowercase();
    let is_syntax = ["&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"]
        .iter()
        .any(|name| lower.contains(name));
    if is_syntax && TOPICS.iter().any(|topic| lower.contains(topic)) {
        return true;
    }
    line.match_indices('&').any(|(at, _)| {
        let Some(end) = line[at..].find(';').filter(|end| *end < 12).map(|end| at + end + 1) else {
            return false;
        };
        let before = line[..at].trim_end().chars().next_back();
        let after = line[end..].trim_start().chars().next();
        matches!(
            (before, after),
            (Some('"'), Some('"'))
                | (Some('«'), Some('»'))
                | (Some('“'), Some('”'))
                | (Some('\''), Some('\''))
                | (Some('‘'), Some('’'))
                | (Some('`'), Some('`'))
        )
    })
}

/// Removes the marks of a CDATA section that were escaped and so became text: around the whole text, or within its outermost tags.
pub(super) fn remove_section_marks(text: &mut String) {
    const STARTS: [&str; 3] = ["<![CDATA[", "&lt;![CDATA[", "&#60;![CDATA["];
    const ENDS: [&str; 4] = ["]]>", "]]&gt;", "]]&#62;", "]]&#x3E;"];
    let has_end = ENDS.iter().any(|end| text.trim_end().ends_with(end));
    if !has_end && memchr::memmem::find(text.as_bytes(), b"![CDATA[").is_none() {
        return;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['<', '&', ']']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_first = || {
            let before = out.trim_end();
            before.is_empty() || before.ends_with('>') || before.ends_with("&gt;")
        };
        if let Some(after) = STARTS.iter().find_map(|start| rest.strip_prefix(start)).filter(|_| is_first()) {
            rest = after;
            continue;
        }
        let after = ENDS.iter().find_map(|end| rest.strip_prefix(end));
        if let Some(after) = after.filter(|after| {
            let after = after.trim_start();
            after.is_empty() || after.starts_with('<') || after.starts_with("&lt;")
        }) {
            rest = after;
            continue;
        }
        let next = rest.chars().next().map_or(0, char::len_utf8);
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    out.push_str(rest);
    *text = out;
}

/// Returns the element's text as markup with absolute URLs; `None` when it is blank.
pub(super) fn element_markup(element: &Element<'_>, is_atom: bool, base: Option<&Url>) -> Option<RawMarkup> {
    let text = element.trimmed()?;
    if is_plain_text(element, is_atom) {
        return Some(RawMarkup(escape(text).into_owned()));
    }
    let decoded = unescaped_once(element, is_atom);
    let markup = join_surrogate_references(decoded.as_deref().unwrap_or(text));
    Some(RawMarkup(with_absolute_urls(&markup, base)))
}

/// Returns the markup of an element that was escaped twice: all of it is between tags that are themselves escaped.
///
/// `None` for a text that only mentions a tag.
fn unescaped_once<'t>(element: &'t Element<'_>, is_atom: bool) -> Option<Cow<'t, str>> {
    const WRAPPERS: &[&str] = &[
        "p",
        "div",
        "span",
        "a",
        "b",
        "strong",
        "i",
        "em",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "figure",
        "blockquote",
        "section",
        "article",
        "center",
        "font",
    ];
    let text = element.text.trim();
    let rest = text.strip_prefix("&lt;")?;
    if !text.ends_with("&gt;") || text.contains('<') || is_plain_text(element, is_atom) {
        return None;
    }
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric())?];
    let known = WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(name));
    let ends = known && rest.contains(&format!("&lt;/{name}&gt;"));
    // An image at the start has no end tag, and the text that follows it is escaped too.
    let pictured = name.eq_ignore_ascii_case("img") && rest.contains(" src=");
    (ends || pictured).then(|| decode_entities(text))
}

/// Decodes the text of an element that is declared as base64 (RFC 4287, 4.1.3.3, and `mode` of Atom 0.3).
pub(super) fn decode_base64(element: &mut Element<'_>) {
    let by_mode = element.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
    let by_type = || {
        let Some(kind) = element.attribute("type").filter(|kind| kind.contains('/')) else {
            return false;
        };
        let kind = kind.to_ascii_lowercase();
        let allows_markup = matches!(
            &*element.name.local,
            "title" | "summary" | "content" | "subtitle" | "tagline" | "rights"
        );
        let known = ["text/", "audio/", "video/", "image/"].iter().any(|start| kind.starts_with(start)) || kind.contains("xml");
        allows_markup && !known
    };
    if !(by_mode || by_type()) || element.has_tags {
        return;
    }
    let Some(text) = base64(&element.text).and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return;
    };
    element.text.clear();
    push_permitted(&mut element.text, &text);
    if element.attribute("type") == Some("application/octet-stream") {
        element.attributes.retain(|(name, _)| name != "type");
        element.attributes.push((Cow::Borrowed("type"), Cow::Borrowed("text/html")));
    }
}

/// Decodes base64 (RFC 4648, 4) leniently: white space and padding are ignored wherever they occur, and bits at the end that make no byte
/// are dropped. Returns `None` for any other character.
fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));
    let mut symbols: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').collect();
    // The last group of a text that was cut off may have one symbol, which the decoder refuses: it is less than a byte.
    let is_cut_off = symbols.len() % 4 == 1;
    if is_cut_off {
        symbols.push(b'A');
    }
    let mut bytes = LENIENT.decode(symbols).ok()?;
    if is_cut_off {
        bytes.pop();
    }
    Some(bytes)
}

/// Attributes of HTML whose value is one URL.
const URL_ATTRIBUTES: &[&str] = &[
    "action",
    "background",
    "cite",
    "classid",
    "codebase",
    "data",
    "formaction",
    "href",
    "longdesc",
    "poster",
    "profile",
    "src",
    "usemap",
];

/// Returns `markup` with the relative URLs of its attributes made absolute. An `iframe` closed as in XML gets an end tag: HTML would read
/// all that follows as its content. At most [`MAX_TEXT_BYTES`] are returned.
pub(super) fn with_absolute_urls(markup: &str, base: Option<&Url>) -> String {
    let Some(base) = base.filter(|base| !base.cannot_be_a_base()) else {
        return markup.to_owned();
    };
    let mut out = String::with_capacity(markup.len());
    let mut copied = 0;
    let mut lexer = Lexer::new(markup);
    loop {
        let start = lexer.position();
        let Some(token) = lexer.next("") else { break };
        let Token::Start { name, attributes, closed } = token else {
            continue;
        };
        let frame = closed && name.eq_ignore_ascii_case("iframe");
        // The text grows with every address, so the bound applies to the result as well.
        if out.len() < MAX_TEXT_BYTES && Attributes(attributes).any(|(name, value)| is_relative_attribute(name, value)) {
            out.push_str(&markup[copied..start]);
            write_tag(&mut out, name, attributes, closed, base);
            copied = lexer.position();
        }
        if frame && out.len() < MAX_TEXT_BYTES {
            out.push_str(&markup[copied..lexer.position()]);
            out.push_str("</iframe>");
            copied = lexer.position();
        }
    }
    out.push_str(&markup[copied..]);
    out.truncate(out.floor_char_boundary(MAX_TEXT_BYTES));
    out
}

fn is_relative_attribute(name: &str, value: &str) -> bool {
    URL_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name)) && is_relative(value)
}

fn write_tag(out: &mut String, name: &str, attributes: &str, closed: bool, base: &Url) {
    out.push('<');
    out.push_str(name);
    for (attribute, value) in Attributes(attributes) {
        // One tag may contain as many addresses as a whole text.
        let joined = (out.len() < MAX_TEXT_BYTES && is_relative_attribute(attribute, value))
            .then(|| base.join(decode_entities(value).trim()).ok())
            .flatten();
        let value = joined.map_or(Cow::Borrowed(value), |url| Cow::Owned(url.as_str().replace('&', "&amp;")));
        let quote = if value.contains('"') { '\'' } else { '"' };
        out.push(' ');
        out.push_str(attribute);
        out.push('=');
        out.push(quote);
        out.push_str(&value);
        out.push(quote);
    }
    out.push_str(if closed { " />" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded_leniently() {
        for (text, bytes) in [
            ("R2FvIDogbGUgcml6", Some("Gao : le riz")),
            ("R2FvIDog\n bGUgcmk=\n", Some("Gao : le ri")),
            ("R2FvIDogbGUgcmk", Some("Gao : le ri")),
            ("R2Fv==IDog", Some("Gao : ")),
            ("R2FvR", Some("Gao")),
            ("R2H", Some("Ga")),
            ("", Some("")),
            ("====", Some("")),
            ("R2Fv!", None),
            ("R2F-", None),
            ("Gaô", None),
        ] {
            assert_eq!(base64(text).as_deref(), bytes.map(str::as_bytes), "{text}");
        }
    }

    #[test]
    fn relative_urls_become_absolute() {
        let base = Url::parse("https://a.example/x/y").expect("a URL");
        assert_eq!(
            with_absolute_urls(
                "<p>1 < 2 <a href='z?a=1&amp;b=2' title=t>t</a><img src=/i.png alt='a \"b\"'/></p>",
                Some(&base)
            ),
            "<p>1 < 2 <a href=\"https://a.example/x/z?a=1&amp;b=2\" title=\"t\">t</a><img src=\"https://a.example/i.png\" alt='a \"b\"' /></p>"
        );
        let same = "<a href=\"mailto:x@a.example\"><!-- <a href=x> -->";
        assert_eq!(with_absolute_urls(same, Some(&base)), same);
        assert_eq!(with_absolute_urls("<a href=x>", None), "<a href=x>");
        let long = base.join(&"y/".repeat(1000)).expect("a URL");
        for text in ["<a href=x>".repeat(10_000), format!("<a {}>", "href=x ".repeat(10_000))] {
            let grown = with_absolute_urls(&text, Some(&long));
            assert_eq!(grown.len(), MAX_TEXT_BYTES);
            assert!(grown.capacity() <= 3 * MAX_TEXT_BYTES, "{}", grown.capacity());
        }
        assert_eq!(
            with_absolute_urls("a<iframe src='/v'/><IFRAME />b<iframe></iframe>", Some(&base)),
            "a<iframe src=\"https://a.example/v\" /></iframe><IFRAME /></iframe>b<iframe></iframe>"
        );
    }

    #[test]
    fn escaped_marks_of_sections_go() {
        for (text, expected) in [
            ("<![CDATA[Le marché]]>", "Le marché"),
            ("&lt;![CDATA[<p>Le marché</p>]]&gt;", "<p>Le marché</p>"),
            ("<p><![CDATA[Le marché]]></p>", "<p>Le marché</p>"),
            ("Le marché]]>", "Le marché"),
            ("Le marché ]]&#62; ", "Le marché  "),
            ("Une section <![CDATA[ et ]]> sa fin", "Une section <![CDATA[ et ]]> sa fin"),
            ("a[b[1]]> c", "a[b[1]]> c"),
        ] {
            let mut marked = text.to_owned();
            remove_section_marks(&mut marked);
            assert_eq!(marked, expected, "{text}");
        }
    }

    #[test]
    fn titles_are_plain() {
        let title = |text: &str, kind: Option<&str>, is_atom| {
            let attributes = kind.map(|kind| ("type".into(), kind.to_owned().into())).into_iter().collect();
            let element = Element {
                text: text.into(),
                attributes,
                ..Element::default()
            };
            title_line(&element, is_atom)
        };
        assert_eq!(title("L&#8217;arm&eacute;e <b>tue</b>", None, false), "L’armée tue");
        assert_eq!(title("L&amp;#8217;armée", None, false), "L’armée");
        assert_eq!(title("Le &lt;b&gt;grand&lt;/b&gt; jour", None, false), "Le grand jour");
        assert_eq!(
            title("Gao &amp;amp; Mopti, l&amp;#8217;arm&amp;eacute;e", None, false),
            "Gao & Mopti, l’armée"
        );
        assert_eq!(title("Écrire « &amp;amp; » à la main", None, false), "Écrire « &amp; » à la main");
        assert_eq!(title("L’entité &amp;amp; de HTML", None, false), "L’entité &amp; de HTML");
        assert_eq!(title("Balise <style> : essai", None, false), "Balise <style> : essai");
        assert_eq!(title("The <b> element", None, true), "The <b> element");
        assert_eq!(title("The &lt;b&gt; element", Some("html"), true), "The <b> element");
        assert_eq!(title(" a\n b ", Some("text"), true), "a b");
    }
}
