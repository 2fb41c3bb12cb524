//! Texts and addresses of a feed: what kind of text an element holds, titles as plain text, relative URLs made absolute.
//!
//! Makes nothing safe: that is `html`'s work.

use super::element::Element;
use super::lexer::{Attributes, Lexer, Token};
use super::reader::MOST_TEXT;
use crate::model::{RawMarkup, html_elements};
use crate::text::entities::{decode_entities, push_permitted};
use crate::text::html_to_text::html_to_line;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::{Engine, alphabet};
use std::borrow::Cow;
use url::Url;

/// Returns the absolute URL that `text` names, read against `base`.
pub(super) fn join(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > 8192 {
        return None;
    }
    match base {
        Some(base) => base.join(text).ok(),
        None if text.starts_with("//") => Url::parse(&format!("https:{text}")).ok(),
        None => Url::parse(text).ok(),
    }
}

/// Returns the absolute http or https URL that `text` names.
pub(super) fn web_url(base: Option<&Url>, text: &str) -> Option<Url> {
    let text = &*tidy(text);
    let host = base.and_then(Url::host_str).unwrap_or_default();
    let schemeless = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let found = if schemeless {
        Url::parse(&format!("http://{text}")).ok()
    } else if host.contains('.') && text.strip_prefix(host).is_some_and(|rest| rest.starts_with('/')) {
        // The feed's own host without a scheme is no path.
        join(base, &format!("//{text}"))
    } else {
        join(base, text)
    };
    found.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Returns an address without what templates leave in it: invisible signs, quotes and line breaks, a second scheme, `&amp;` for `&`.
fn tidy(text: &str) -> Cow<'_, str> {
    let is_around = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '"');
    let mut text = text.trim_matches(is_around);
    for scheme in ["http://", "https://"] {
        let rest = text.strip_prefix(scheme);
        text = rest
            .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
            .unwrap_or(text);
    }
    let mut text = Cow::Borrowed(text);
    if text.contains(['\n', '\r']) {
        text = Cow::Owned(text.lines().map(str::trim).collect());
    }
    for reference in ["&amp;", "&#038;", "&#38;"] {
        if text.contains(reference) {
            text = Cow::Owned(text.replace(reference, "&"));
        }
    }
    text
}

/// Returns `text` with the characters escaped that mean something in markup.
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

/// Returns whether the element's text is characters rather than markup. `atom` tells what is meant where it does not say (RFC 4287, 3.1.1).
fn is_characters(element: &Element<'_>, atom: bool) -> bool {
    if element.inline || element.tags {
        return false;
    }
    match element.attribute("type").map(str::to_ascii_lowercase).as_deref() {
        Some("text" | "text/plain" | "plain") => atom || !looks_like_markup(&element.text),
        Some(_) => false,
        None => atom,
    }
}

/// Returns whether a text holds tags or references.
fn looks_like_markup(text: &str) -> bool {
    text.contains("</") || text.contains("/>") || text.contains("<p>") || text.contains("<br") || has_reference(text)
}

fn has_reference(text: &str) -> bool {
    text.contains('&') && matches!(decode_entities(text), Cow::Owned(decoded) if decoded != text)
}

/// Returns the element's text as one line of plain text. References that were escaped twice are decoded twice.
pub(super) fn line(element: &Element<'_>, atom: bool) -> String {
    let once = if let Some(text) = escaped_twice(element, atom) {
        html_to_line(&text)
    } else if is_characters(element, atom) {
        element.text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        html_to_line(&element.text)
    };
    without_references(once)
}

/// Returns a line of text with the references decoded that a program left in what should have none.
pub(super) fn without_references(line: String) -> String {
    if has_reference(&line) {
        html_to_line(&escape(&decode_entities(&line)))
    } else {
        line
    }
}

/// Returns the element's text as markup with absolute URLs; `None` when there is none.
pub(super) fn body(element: &Element<'_>, atom: bool, base: Option<&Url>) -> Option<RawMarkup> {
    let text = element.trimmed()?;
    if is_characters(element, atom) {
        return Some(RawMarkup(escape(text).into_owned()));
    }
    let decoded = escaped_twice(element, atom);
    Some(RawMarkup(absolute(decoded.as_deref().unwrap_or(text), base)))
}

/// Returns the markup of an element that was escaped once too often: all of it stands between tags that are themselves escaped.
///
/// A text that merely speaks of a tag is left alone.
fn escaped_twice<'t>(element: &'t Element<'_>, atom: bool) -> Option<Cow<'t, str>> {
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
    if !text.ends_with("&gt;") || text.contains('<') || is_characters(element, atom) {
        return None;
    }
    let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric())?];
    let known = WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(name));
    let ends = known && rest.contains(&format!("&lt;/{name}&gt;"));
    // A picture at the start has no end tag; what follows it is wrapped as well.
    let pictured = name.eq_ignore_ascii_case("img") && rest.contains(" src=");
    (ends || pictured).then(|| decode_entities(text))
}

/// Decodes an element that says its text is base64 (RFC 4287, 4.1.3.3, and `mode` of Atom 0.3).
pub(super) fn decode_base64(element: &mut Element<'_>) {
    let by_mode = element.attribute("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("base64"));
    let by_type = || {
        let Some(kind) = element.attribute("type").filter(|kind| kind.contains('/')) else {
            return false;
        };
        let kind = kind.to_ascii_lowercase();
        let prose = matches!(
            &*element.name.local,
            "title" | "summary" | "content" | "subtitle" | "tagline" | "rights"
        );
        let known = ["text/", "audio/", "video/", "image/"].iter().any(|start| kind.starts_with(start)) || kind.contains("xml");
        prose && !known
    };
    if !(by_mode || by_type()) || element.tags {
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

/// Repairs a text that was UTF-8, was read as windows-1252 and written as UTF-8 again (`numÃ©ro`); returns whether it was one.
pub(super) fn untangle(text: &mut String) -> bool {
    if !is_tangled(text.as_bytes()) {
        return false;
    }
    let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
    if unmappable {
        return false;
    }
    // Real text in which every accent stands before a sign that continues it does not exist.
    let Ok(repaired) = String::from_utf8(bytes.into_owned()) else {
        return false;
    };
    *text = repaired;
    true
}

/// Returns whether `text` holds `Ã`, `Â`, `â€`, `Ø`, `Ù` or `Å`: the first bytes of longer characters, read as windows-1252.
fn is_tangled(text: &[u8]) -> bool {
    /// How many bytes are looked at in one go.
    const STEP: usize = 32;
    let followers = text.get(1..).unwrap_or_default();
    for (at, (firsts, seconds)) in text.chunks(STEP).zip(followers.chunks(STEP)).enumerate() {
        let any = firsts
            .iter()
            .zip(seconds)
            .fold(false, |any, (first, second)| any | starts_tangle(*first, *second));
        let certain = |place: usize| match &text[place..] {
            [0xc3, 0xa2, rest @ ..] => rest.starts_with("€".as_bytes()),
            [first, second, ..] => starts_tangle(*first, *second),
            _ => false,
        };
        if any && (at * STEP..at * STEP + seconds.len()).any(certain) {
            return true;
        }
    }
    false
}

/// Returns whether two bytes are one of those letters, or `â` before what may be the rest of its pair; all start with the same byte.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches the compiler looks at many bytes at once"
)]
fn starts_tangle(first: u8, second: u8) -> bool {
    (first == 0xc3) & ((second == 0x82) | (second == 0x83) | (second == 0x85) | (second == 0x98) | (second == 0x99) | (second == 0xa2))
}

/// Attributes of HTML that hold one URL.
const URLS: &[&str] = &[
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

/// Returns `markup` with the relative URLs of its attributes made absolute, and frames that are closed as in XML closed as in HTML,
/// where all that follows would be theirs.
pub(super) fn absolute(markup: &str, base: Option<&Url>) -> String {
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
        // A hostile text may grow with every address; the cap holds for the result as well.
        if out.len() < MOST_TEXT && Attributes(attributes).any(|(name, value)| is_relative_attribute(name, value)) {
            out.push_str(&markup[copied..start]);
            write_tag(&mut out, name, attributes, closed, base);
            copied = lexer.position();
        }
        if frame && out.len() < MOST_TEXT {
            out.push_str(&markup[copied..lexer.position()]);
            out.push_str("</iframe>");
            copied = lexer.position();
        }
    }
    out.push_str(&markup[copied..]);
    out.truncate(out.floor_char_boundary(MOST_TEXT));
    out
}

fn is_relative_attribute(name: &str, value: &str) -> bool {
    URLS.iter().any(|known| known.eq_ignore_ascii_case(name)) && is_relative(value)
}

/// Returns whether an address has no scheme of its own; a blank one is none.
pub(super) fn is_relative(value: &str) -> bool {
    let value = value.trim_start();
    let scheme = value
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        .count();
    let absolute = scheme > 0 && value.as_bytes().get(scheme) == Some(&b':');
    !value.is_empty() && !absolute
}

fn write_tag(out: &mut String, name: &str, attributes: &str, closed: bool, base: &Url) {
    out.push('<');
    out.push_str(name);
    for (attribute, value) in Attributes(attributes) {
        // One tag may hold as many addresses as a text.
        let joined = (out.len() < MOST_TEXT && is_relative_attribute(attribute, value))
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
            absolute(
                "<p>1 < 2 <a href='z?a=1&amp;b=2' title=t>t</a><img src=/i.png alt='a \"b\"'/></p>",
                Some(&base)
            ),
            "<p>1 < 2 <a href=\"https://a.example/x/z?a=1&amp;b=2\" title=\"t\">t</a><img src=\"https://a.example/i.png\" alt='a \"b\"' /></p>"
        );
        let same = "<a href=\"mailto:x@a.example\"><!-- <a href=x> -->";
        assert_eq!(absolute(same, Some(&base)), same);
        assert_eq!(absolute("<a href=x>", None), "<a href=x>");
        let long = base.join(&"y/".repeat(1000)).expect("a URL");
        for text in ["<a href=x>".repeat(10_000), format!("<a {}>", "href=x ".repeat(10_000))] {
            let grown = absolute(&text, Some(&long));
            assert_eq!(grown.len(), MOST_TEXT);
            assert!(grown.capacity() <= 3 * MOST_TEXT, "{}", grown.capacity());
        }
        assert_eq!(
            absolute("a<iframe src='/v'/><IFRAME />b<iframe></iframe>", Some(&base)),
            "a<iframe src=\"https://a.example/v\" /></iframe><IFRAME /></iframe>b<iframe></iframe>"
        );
    }

    #[test]
    fn only_web_addresses_count() {
        let base = Url::parse("https://a.example/x/y").expect("a URL");
        let read = |text| web_url(Some(&base), text).map(String::from);
        assert_eq!(read(" z ").as_deref(), Some("https://a.example/x/z"));
        assert_eq!(read("www.b.example").as_deref(), Some("http://www.b.example/"));
        assert_eq!(read("javascript:alert(1)"), None);
        assert_eq!(read("a.example/z").as_deref(), Some("https://a.example/z"));
        assert_eq!(read("a.exampler/z").as_deref(), Some("https://a.example/x/a.exampler/z"));
        assert_eq!(
            read("https://b.example/?a=1&amp;b=2&#038;c=3").as_deref(),
            Some("https://b.example/?a=1&b=2&c=3")
        );
        assert_eq!(read("http://https://b.example/z").as_deref(), Some("https://b.example/z"));
        assert_eq!(
            read("\u{feff}\"https://b.example/\n   z\u{200b}\"").as_deref(),
            Some("https://b.example/z")
        );
        assert_eq!(
            read("https://web.example/http://b.example/").as_deref(),
            Some("https://web.example/http://b.example/")
        );
        assert_eq!(read("ftp://a.example/"), None);
        assert_eq!(web_url(None, "x"), None);
        assert_eq!(
            web_url(None, "//b.example/x").map(String::from).as_deref(),
            Some("https://b.example/x")
        );
    }

    #[test]
    fn titles_are_plain() {
        let title = |text: &str, kind: Option<&str>, atom| {
            let attributes = kind.map(|kind| ("type".into(), kind.to_owned().into())).into_iter().collect();
            let element = Element {
                text: text.into(),
                attributes,
                ..Element::default()
            };
            line(&element, atom)
        };
        assert_eq!(title("L&#8217;arm&eacute;e <b>tue</b>", None, false), "L’armée tue");
        assert_eq!(title("L&amp;#8217;armée", None, false), "L’armée");
        assert_eq!(title("The <b> element", None, true), "The <b> element");
        assert_eq!(title("The &lt;b&gt; element", Some("html"), true), "The <b> element");
        assert_eq!(title(" a\n b ", Some("text"), true), "a b");
    }
}
