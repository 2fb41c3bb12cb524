//! Lists of feeds in OPML: bytes in, an [`Opml`] out, however damaged they are. Pure.
//!
//! Reads what stands there; whether a feed is already followed is the caller's affair.

use super::lexer::{Attributes, Lexer, Token};
use super::page::{brief, feed_address};
use crate::html::charset::{self, Syntax};
use crate::model::Problem;
use crate::text::entities::decode_entities;
use std::collections::HashMap;
use url::Url;

/// The most feeds that are kept.
const MOST_FEEDS: usize = 10_000;
/// The deepest that folders are told; what lies deeper counts as lying there.
const DEEPEST: usize = 8;
/// How many open outlines are remembered.
const MOST_OPEN: usize = 1000;
/// The longest title or name, in characters.
const NAME: usize = 200;
/// The longest description, in characters.
const TEXT: usize = 1000;
/// The most categories of one feed.
const CATEGORIES: usize = 32;

/// A list of feeds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opml {
    /// What the list is called; often empty.
    pub title: String,
    /// The feeds, in the list's order.
    pub feeds: Vec<Outline>,
    /// What was wrong and worked around.
    pub problems: Vec<Problem>,
}

/// A feed in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What the list calls it; often empty.
    pub title: String,
    /// The feed's address.
    pub xml_url: Url,
    /// Its site's address.
    pub html_url: Option<Url>,
    /// Its `type` in lower case, `rss` as a rule.
    pub kind: Option<String>,
    /// The folders it lies in, from the outermost inwards; at most 8.
    pub folder: Vec<String>,
    /// Its categories as written, such as `/Mali/Press` or `weather`.
    pub categories: Vec<String>,
    /// Its language as written.
    pub language: Option<String>,
    /// What it is about.
    pub description: Option<String>,
}

/// The document is no list of outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no OPML list: there is no outline in it; export it again from the program it came from")]
pub struct NotOpml;

impl NotOpml {
    /// Returns the reason's stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "no-opml"
    }
}

/// Reads a list of feeds (OPML 1.0 and 2.0, <http://opml.org/spec2.opml>).
///
/// Names are read in any case, `&` may stand bare, outlines may lack their end and the head may be missing. A feed whose address is none is
/// left out and noted. Work is linear; at most 10,000 feeds are kept.
///
/// # Errors
/// [`NotOpml`] if there is neither an `opml` nor an `outline` in it.
pub fn read_opml(bytes: &[u8]) -> Result<Opml, NotOpml> {
    let decoded = charset::decode(bytes, None, None, Syntax::Xml);
    let mut opml = of_text(&decoded.text).ok_or(NotOpml)?;
    opml.problems.splice(0..0, decoded.problems);
    Ok(opml)
}

/// Reads a list of feeds that is text already; `None` when it is none.
pub(super) fn of_text(text: &str) -> Option<Opml> {
    let mut reader = Reader::default();
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next("") {
        match token {
            Token::Start { name, attributes, closed } => reader.start(name, attributes, closed),
            Token::End(name) if name.eq_ignore_ascii_case("outline") => reader.end(),
            Token::End(_) => reader.in_title = false,
            Token::Text(text) => reader.text(&decode_entities(text)),
            Token::Cdata(text) => reader.text(text),
        }
    }
    reader.finish(lexer.damage.cut)
}

#[derive(Default)]
struct Reader {
    title: String,
    feeds: Vec<Outline>,
    /// The names of the open outlines; `None` for feeds, which are no folders.
    open: Vec<Option<String>>,
    /// How many more are open than are remembered.
    beyond: usize,
    in_title: bool,
    is_opml: bool,
    bad: usize,
    first_bad: String,
    left_out: usize,
}

impl Reader {
    fn start(&mut self, name: &str, attributes: &str, closed: bool) {
        self.in_title = false;
        match &*name.to_ascii_lowercase() {
            "opml" => self.is_opml = true,
            "title" => self.in_title = self.title.is_empty() && self.open.is_empty() && !closed,
            "outline" => self.outline(attributes, closed),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title && self.title.len() < 4 * NAME {
            self.title.push_str(text);
        }
    }

    fn outline(&mut self, attributes: &str, closed: bool) {
        self.is_opml = true;
        let mut values = HashMap::new();
        for (name, value) in Attributes(attributes).take(64) {
            values
                .entry(name.to_ascii_lowercase())
                .or_insert_with(|| decode_entities(value).trim().to_owned());
        }
        let value = |names: &[&str]| names.iter().find_map(|name| values.get(*name)).filter(|value| !value.is_empty());
        let kind = value(&["type"]).map(|kind| brief(kind, 40).to_lowercase());
        let is_link = kind
            .as_deref()
            .is_some_and(|kind| matches!(kind, "link" | "include" | "audio" | "song" | "playlist"));
        let address = value(&["xmlurl", "xml_url", "feedurl", "feed"]).or_else(|| value(&["url"]).filter(|_| !is_link));
        let title = value(&["title", "text"]).map(|title| brief(title, NAME)).unwrap_or_default();
        if let Some(address) = address {
            self.feed(address, |xml_url, folder| Outline {
                title: title.clone(),
                xml_url,
                html_url: value(&["htmlurl", "html_url"]).and_then(|url| feed_address(None, url)),
                kind,
                folder,
                categories: categories(value(&["category", "categories"]).map_or("", String::as_str)),
                language: value(&["language", "lang"]).map(|language| brief(language, 40)),
                description: value(&["description"]).map(|text| brief(text, TEXT)),
            });
        }
        if closed {
            return;
        }
        if self.open.len() < MOST_OPEN {
            self.open.push((address.is_none() && !title.is_empty()).then_some(title));
        } else {
            self.beyond += 1;
        }
    }

    fn feed(&mut self, address: &str, make: impl FnOnce(Url, Vec<String>) -> Outline) {
        let Some(url) = web_address(address) else {
            if self.bad == 0 {
                self.first_bad = brief(address, 80);
            }
            self.bad += 1;
            return;
        };
        if self.feeds.len() >= MOST_FEEDS {
            self.left_out += 1;
            return;
        }
        let folder = self.open.iter().flatten().take(DEEPEST).cloned().collect();
        self.feeds.push(make(url, folder));
    }

    fn end(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.open.pop();
        }
    }

    fn finish(self, is_cut: bool) -> Option<Opml> {
        if !self.is_opml {
            return None;
        }
        let mut problems = Vec::new();
        if is_cut {
            problems.push(Problem::new("truncated", "the list ends in the middle"));
        } else if !self.open.is_empty() {
            problems.push(Problem::new(
                "unclosed",
                format!("outlines without an end: {}", self.open.len() + self.beyond),
            ));
        }
        if self.bad > 0 {
            let detail = format!(
                "outlines left out, as their address is none: {}, the first is `{}`",
                self.bad, self.first_bad
            );
            problems.push(Problem::new("bad-address", detail));
        }
        if self.left_out > 0 {
            let detail = format!("outlines left out after the first {MOST_FEEDS}: {}", self.left_out);
            problems.push(Problem::new("too-many-outlines", detail));
        }
        Some(Opml {
            title: brief(&self.title, NAME),
            feeds: self.feeds,
            problems,
        })
    }
}

/// Returns the address that an outline means; some leave out the scheme.
fn web_address(text: &str) -> Option<Url> {
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let is_bare = host.contains('.') && !host.contains(':') && !text.contains(char::is_whitespace);
    feed_address(None, text).or_else(|| is_bare.then(|| feed_address(None, &format!("http://{text}"))).flatten())
}

fn categories(text: &str) -> Vec<String> {
    let parts = text.split(',').map(|part| brief(part, NAME)).filter(|part| !part.is_empty());
    parts.take(CATEGORIES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Opml {
        read_opml(text.as_bytes()).expect("a list")
    }

    fn codes(opml: &Opml) -> Vec<&str> {
        opml.problems.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_sound_list_is_read_with_its_folders() {
        let opml = read(
            "<?xml version='1.0'?><opml version='2.0'><head><title>Presse &amp; radios</title></head><body>\
             <outline text='Mali'><outline text='Bamako'><outline type='RSS' text='Le Matin' xmlUrl='https://a.example/feed/?a=1&amp;b=2'\
             htmlUrl='https://a.example/' category='/Mali/Presse, une' language='fr' description='Tout &lt;b&gt;le&lt;/b&gt; jour'/></outline></outline>\
             <outline text='Seule' xmlUrl='https://b.example/rss'></outline></body></opml>",
        );
        assert_eq!(opml.title, "Presse & radios");
        let expected = Outline {
            title: "Le Matin".to_owned(),
            xml_url: Url::parse("https://a.example/feed/?a=1&b=2").expect("a URL"),
            html_url: Url::parse("https://a.example/").ok(),
            kind: Some("rss".to_owned()),
            folder: vec!["Mali".to_owned(), "Bamako".to_owned()],
            categories: vec!["/Mali/Presse".to_owned(), "une".to_owned()],
            language: Some("fr".to_owned()),
            description: Some("Tout le jour".to_owned()),
        };
        assert_eq!(opml.feeds[0], expected);
        assert_eq!(opml.feeds[1].folder, Vec::<String>::new());
        assert_eq!((opml.feeds.len(), opml.problems.len()), (2, 0));
    }

    #[test]
    fn damage_is_worked_around() {
        for (text, url, folder, problems) in [
            ("<outline xmlurl=http://a.example/1>", "http://a.example/1", "", "unclosed"),
            (
                "<OPML><OUTLINE XMLURL='http://a.example/?x=1&y=2' /></OPML>",
                "http://a.example/?x=1&y=2",
                "",
                "",
            ),
            (
                "<opml><outline url='feed://a.example/rss' type='rss'/></opml>",
                "http://a.example/rss",
                "",
                "",
            ),
            ("<opml><outline xmlUrl='a.example/rss'/></opml>", "http://a.example/rss", "", ""),
            (
                "\u{feff} <opml><outline text='M & N'><outline xmlUrl='http://a.example/1'",
                "",
                "",
                "truncated",
            ),
            (
                "<opml><outline text='M & N'><outline xmlUrl='http://a.example/1'>",
                "http://a.example/1",
                "M & N",
                "unclosed",
            ),
            ("<opml><outline type='link' url='http://a.example/more.opml'/></opml>", "", "", ""),
            (
                "<opml><outline xmlUrl='javascript:x'/><outline xmlUrl='not one'/></opml>",
                "",
                "",
                "bad-address",
            ),
            ("<opml></opml>", "", "", ""),
        ] {
            let opml = read(text);
            let found = opml.feeds.first();
            assert_eq!(found.map_or("", |feed| feed.xml_url.as_str()), url, "{text}");
            assert_eq!(found.map_or(String::new(), |feed| feed.folder.join("/")), folder, "{text}");
            assert_eq!(codes(&opml).join(" "), problems, "{text}");
        }
    }

    #[test]
    fn the_names_of_damage_can_drive_no_terminal() {
        let opml = read("<opml><outline text='a\u{1b}[31m\u{202e}b&#10;c' xmlUrl='http://a.example/'/><outline xmlUrl='x\u{7}:y'/></opml>");
        assert_eq!(opml.feeds[0].title, "a[31mb c");
        assert!(
            opml.problems[0].detail.ends_with("the first is `x:y`"),
            "{}",
            opml.problems[0].detail
        );
    }

    #[test]
    fn what_holds_no_outline_is_no_list() {
        for text in ["", "<html><title>t</title></html>", "<rss><channel><item/></channel></rss>", "opml"] {
            assert_eq!(read_opml(text.as_bytes()), Err(NotOpml), "{text}");
        }
    }

    #[test]
    fn hostile_lists_stay_bounded() {
        let many = read(&"<outline xmlUrl='http://a.example/'/>".repeat(10_050));
        assert_eq!((many.feeds.len(), codes(&many)), (10_000, vec!["too-many-outlines"]));
        let deep = read(&format!(
            "{}<outline xmlUrl='http://a.example/'/>{}",
            "<outline text='f'>".repeat(50_000),
            "</outline>".repeat(50_000)
        ));
        assert_eq!((deep.feeds[0].folder.len(), codes(&deep)), (DEEPEST, vec![]));
        for unit in ["<outline text='", "<opml><outline ", "</outline>", "<title>", "<![CDATA[<outline>"] {
            let _ = read_opml(unit.repeat(20_000).as_bytes());
        }
    }
}
