//! Reads the text of a link element: the address in it, whatever programs and editors put around it or in its place.

use super::lexer::{Attributes, Lexer, Token};
use crate::text::entities::decode_entities;
use crate::text::html_to_text::html_to_line;
use std::borrow::Cow;

/// What the text of a link element holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LinkText<'t> {
    /// Nothing.
    Blank,
    /// A text that is no address, such as `#` or `N/A`.
    NoAddress,
    /// An address, which may be relative.
    Address(Cow<'t, str>),
}

/// Words that are written where there is no address.
const PLACEHOLDERS: &[&str] = &[
    "none",
    "n/a",
    "na",
    "n.a.",
    "n.c.",
    "nc",
    "null",
    "nil",
    "nan",
    "undefined",
    "unknown",
    "false",
    "true",
    "0",
    "tbd",
    "todo",
    "link",
    "url",
    "lien",
    "no link",
    "no url",
    "http://",
    "https://",
    "http",
    "https",
    "http:",
    "https:",
    "www",
    "www.",
    "(none)",
    "[none]",
    "<none>",
    "aucun",
    "néant",
    "empty",
    "void",
    "void(0)",
    "about:blank",
];

/// Schemes of addresses that are no pages.
const OTHER_SCHEMES: &[&str] = &["javascript", "mailto", "tel", "sms", "data", "about", "file", "blob", "whatsapp"];

/// Returns what the text of a link element holds.
pub(super) fn read_link_text(text: &str) -> LinkText<'_> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
    let mut text = Cow::Borrowed(text);
    if text.contains("&lt;") {
        text = Cow::Owned(decode_entities(&text).into_owned());
    }
    if text.contains(['<', '>']) {
        text = Cow::Owned(address_in_markup(&text));
    }
    if let Some(address) = address_in_words(&text) {
        text = Cow::Owned(address.to_owned());
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return LinkText::Blank;
    }
    if is_no_address(trimmed) {
        return LinkText::NoAddress;
    }
    match text {
        Cow::Borrowed(text) => LinkText::Address(Cow::Borrowed(first_address(text))),
        Cow::Owned(text) => LinkText::Address(Cow::Owned(first_address(&text).to_owned())),
    }
}

/// Returns the address of the first link in markup, else the text of the markup.
fn address_in_markup(markup: &str) -> String {
    let mut lexer = Lexer::new(markup);
    while let Some(token) = lexer.next("") {
        if let Token::Start { attributes, .. } = token
            && let Some((_, address)) =
                Attributes(attributes).find(|(name, _)| name.eq_ignore_ascii_case("href") || name.eq_ignore_ascii_case("src"))
        {
            return decode_entities(address).into_owned();
        }
    }
    html_to_line(markup).replace("]]>", "").trim().to_owned()
}

/// Returns the address that stands among words, up to the next blank; `None` when the text begins with one, or has none.
fn address_in_words(text: &str) -> Option<&str> {
    let starts = ["http://", "https://"];
    if starts.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let at = starts.iter().filter_map(|start| text.find(start)).min()?;
    let before = text[..at].chars().next_back()?;
    if !(before.is_whitespace() || matches!(before, '(' | '[' | '"' | '\'' | ':' | '«' | '“')) {
        return None;
    }
    let address = &text[at..];
    let address = &address[..address.find(char::is_whitespace).unwrap_or(address.len())];
    Some(address.trim_end_matches([')', ']', '"', '\'', '»', '”', ',', ';']))
}

fn is_no_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare =
        lower.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '.' | '/' | '-' | '_' | '—' | '–' | '?' | '*' | ':'));
    if PLACEHOLDERS.contains(&lower.as_str())
        || lower.starts_with('#')
        || bare.is_empty() && !matches!(lower.as_str(), "/" | "." | "./" | "?")
    {
        return true;
    }
    let scheme = lower.split_once(':').map_or("", |(scheme, _)| scheme);
    if OTHER_SCHEMES.contains(&scheme.trim()) {
        return true;
    }
    // A sentence or a headline in place of the address.
    lower.contains(char::is_whitespace) && !lower.contains(['/', '.'])
}

/// Returns the first of several addresses in one text.
fn first_address(text: &str) -> &str {
    let is_web = |text: &str| ["http://", "https://"].iter().any(|start| text.starts_with(start));
    if !is_web(text) && !text.starts_with("www.") {
        return text;
    }
    let from = text.find("//").map_or(0, |at| at + 2);
    let others = memchr::memmem::find_iter(&text.as_bytes()[from..], "http")
        .map(|at| from + at)
        .filter(|at| is_web(&text[*at..]));
    let blanks = text.match_indices(char::is_whitespace).map(|(at, blank)| at + blank.len());
    let beside = blanks.filter(|at| text[*at..].starts_with("www."));
    // An address may be part of another one, as in archives and redirects: `https://web.example/http://a.example/`.
    let is_apart = |at: &usize| {
        let before = text[..*at].chars().next_back();
        before.is_some_and(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"' | '\''))
    };
    let end = others
        .filter(is_apart)
        .chain(beside)
        .filter(|at| *at > from)
        .min()
        .unwrap_or(text.len());
    text[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"' | '\'') && end < text.len())
}

/// Returns an address whose scheme is misspelt with the right one (`http//a.example`, `htp://a.example`, `http:\\a.example`).
pub(super) fn repair_scheme(text: &str) -> Cow<'_, str> {
    /// Ways to write `http` and `https`.
    const SCHEMES: &[&str] = &[
        "http", "https", "htp", "htps", "hhtp", "hhtps", "httt", "httts", "htttp", "htttps", "ttp", "ttps", "httpp", "httpps", "httpss",
        "hppt", "htpp", "htpps", "thtp", "htt", "htts", "hptt", "hptts",
    ];
    let letters = text.bytes().take(7).take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = text.split_at(letters);
    let name = name.to_ascii_lowercase();
    if !SCHEMES.contains(&name.as_str()) {
        return Cow::Borrowed(text);
    }
    let signs = rest
        .bytes()
        .take_while(|byte| matches!(byte, b':' | b';' | b'/' | b'\\' | b'.' | b',' | b' '))
        .count();
    let (signs, address) = rest.split_at(signs);
    let is_right = signs == "://" && matches!(name.as_str(), "http" | "https");
    let host = address.split(['/', '\\', '?', '#', ':']).next().unwrap_or_default();
    let is_host = host.contains('.') && host.starts_with(|c: char| c.is_alphanumeric()) && !host.contains(char::is_whitespace);
    let is_separator = signs.contains([':', ';']) || signs.len() >= 2 && signs.contains(['/', '\\']);
    if is_right || !is_host || !is_separator {
        return Cow::Borrowed(text);
    }
    let scheme = if name.contains('s') { "https" } else { "http" };
    Cow::Owned(format!("{scheme}://{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_surrounds_it() {
        for (text, expected) in [
            ("<a href=\"http://a.example/m\">m</a>", "http://a.example/m"),
            ("&lt;a class=x href='/m?a=1&amp;b=2'&gt;m&lt;/a&gt;", "/m?a=1&b=2"),
            ("<![CDATA[http://a.example/m]]>", "http://a.example/m"),
            ("http://a.example/n, http://a.example/n2", "http://a.example/n"),
            ("http://a.example/n\nhttps://a.example/n2", "http://a.example/n"),
            ("http://a.example/n www.a.example/n2", "http://a.example/n"),
            ("http://a.example/nhttp://a.example/n2", "http://a.example/n"),
            (
                "https://web.example/1/http://b.example/x",
                "https://web.example/1/http://b.example/x",
            ),
            (
                "http://a.example/go?u=http://b.example/x",
                "http://a.example/go?u=http://b.example/x",
            ),
            ("http://http://a.example/x", "http://http://a.example/x"),
            ("Lire : http://a.example/x.", "http://a.example/x."),
            ("/actu/1", "/actu/1"),
            ("actu 1.html", "actu 1.html"),
            ("?p=4", "?p=4"),
            ("/", "/"),
        ] {
            assert_eq!(read_link_text(text), LinkText::Address(Cow::Borrowed(expected)), "{text}");
        }
    }

    #[test]
    fn placeholders_are_no_addresses() {
        for text in [
            "#",
            "#comments",
            "N/A",
            "n/a",
            "none",
            "NULL",
            "-",
            "--",
            "—",
            "undefined",
            "javascript:void(0)",
            "mailto:a@b.example",
            "http://",
            "https:",
            "Lire la suite",
            "???",
            "about:blank",
            "tel:+22700000000",
        ] {
            assert_eq!(read_link_text(text), LinkText::NoAddress, "{text}");
        }
        for text in ["", "  ", "<a></a>", "<![CDATA[]]>"] {
            assert_eq!(read_link_text(text), LinkText::Blank, "{text}");
        }
    }

    #[test]
    fn misspelt_schemes_are_repaired() {
        for (text, expected) in [
            ("http//a.example/i", "http://a.example/i"),
            ("http:/a.example/i", "http://a.example/i"),
            ("http:\\\\a.example\\i", "http://a.example\\i"),
            ("htp://a.example/i", "http://a.example/i"),
            ("hhtps://a.example/i", "https://a.example/i"),
            ("https:a.example/i", "https://a.example/i"),
            ("HTTP;//a.example/i", "http://a.example/i"),
            ("http:///a.example/i", "http://a.example/i"),
            ("http://a.example/i", "http://a.example/i"),
            ("https/1.html", "https/1.html"),
            ("http-error/1.html", "http-error/1.html"),
            ("http:", "http:"),
            ("actu/1", "actu/1"),
        ] {
            assert_eq!(repair_scheme(text), expected, "{text}");
        }
    }
}
