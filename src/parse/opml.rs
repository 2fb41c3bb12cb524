//! Parses lists of feeds in OPML, also damaged ones, to an [`Opml`]. Pure.
//!
//! Whether a feed is already a source is not decided here.

use super::discovery::feed_address;
use super::lexer::{Attributes, Lexer, Token};
use super::one_line::one_line;
use crate::config::OPML_NAMESPACES;
use crate::html::charset::{self, Syntax};
use crate::model::Problem;
use crate::text::entities::decode_entities;
use std::collections::HashMap;
use url::Url;

/// The most feeds that are kept.
const MAX_FEEDS: usize = 10_000;
/// The deepest folder; feeds in deeper folders are given that one.
const MAX_FOLDER_DEPTH: usize = 8;
/// The most open outlines whose names are kept.
const MAX_OPEN_OUTLINES: usize = 1000;
/// The longest title or name, in characters.
const MAX_NAME_CHARS: usize = 200;
/// The longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 1000;
/// The most categories of one feed.
const MAX_CATEGORIES: usize = 32;
/// The most attributes of one element that are read.
const MAX_ATTRIBUTES: usize = 96;

/// A list of feeds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opml {
    /// The title of the list; often empty.
    pub title: String,
    /// The feeds, in the order of the list.
    pub feeds: Vec<Outline>,
    /// The outlines that have an address and are no feeds; at most 10,000.
    pub left_out: Vec<LeftOut>,
    /// The defects that were found and worked around.
    pub problems: Vec<Problem>,
}

/// An outline that has an address and is no feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its title; often empty.
    pub title: String,
    /// Its address as written.
    pub address: String,
    /// Why it is no feed.
    pub reason: LeftOutReason,
}

/// Why an outline is no feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutReason {
    /// Its address is none of the web.
    BadAddress,
    /// It refers to another list.
    OtherList,
}

/// A feed in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its title in the list; often empty.
    pub title: String,
    /// The feed's address.
    pub xml_url: Url,
    /// Its site's address.
    pub html_url: Option<Url>,
    /// Its `type` in lower case, `rss` as a rule.
    pub kind: Option<String>,
    /// The folders that contain it, the outermost first; at most 8.
    pub folder: Vec<String>,
    /// Its categories as written, such as `/Mali/Press` or `weather`.
    pub categories: Vec<String>,
    /// Its language as written.
    pub language: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its attributes of the namespaces that feed readers have for their settings, by their names in lower case with the usual prefix.
    pub settings: Vec<(String, String)>,
}

/// The document is not an OPML list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no OPML list: there is no outline in it; export it again from the program it came from")]
pub struct NotOpml;

/// Reads a list of feeds (OPML 1.0 and 2.0, <http://opml.org/spec2.opml>).
///
/// Names are read in any letter case, `&` may be unescaped, outlines may lack their end tag and the head may be missing. A feed without a
/// valid address is left out, with a problem. Work is linear; at most 10,000 feeds are kept.
///
/// # Errors
/// [`NotOpml`] if the document has neither an `opml` nor an `outline` element.
pub(super) fn read_opml(bytes: &[u8]) -> Result<Opml, NotOpml> {
    let decoded = charset::decode(bytes, None, None, Syntax::Xml);
    let mut opml = parse_outlines(&decoded.text).ok_or(NotOpml)?;
    opml.problems.splice(0..0, decoded.problems);
    Ok(opml)
}

/// Parses a decoded list of feeds; `None` when it is not one.
pub(super) fn parse_outlines(text: &str) -> Option<Opml> {
    let mut reader = OutlineReader::default();
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
    reader.finish(lexer.damage.is_cut)
}

#[derive(Default)]
struct OutlineReader {
    title: String,
    feeds: Vec<Outline>,
    /// The names of the open outlines; `None` for feeds, which are no folders.
    open: Vec<Option<String>>,
    /// How many more are open than are kept.
    unkept: usize,
    in_title: bool,
    is_opml: bool,
    /// The prefixes that the list declares for the namespaces of readers, each with the usual one.
    prefixes: HashMap<String, &'static str>,
    left_out: Vec<LeftOut>,
    /// How many outlines have no valid address.
    bad: usize,
    /// How many feeds are beyond [`MAX_FEEDS`].
    too_many: usize,
}

impl OutlineReader {
    fn start(&mut self, name: &str, attributes: &str, closed: bool) {
        self.in_title = false;
        match &*name.to_ascii_lowercase() {
            "opml" => {
                self.is_opml = true;
                self.declare(attributes);
            }
            "title" => self.in_title = self.title.is_empty() && self.open.is_empty() && !closed,
            "outline" => self.outline(attributes, closed),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title && self.title.len() < 4 * MAX_NAME_CHARS {
            self.title.push_str(text);
        }
    }

    fn outline(&mut self, attributes: &str, closed: bool) {
        self.is_opml = true;
        self.declare(attributes);
        let mut values = HashMap::new();
        for (name, value) in Attributes(attributes).take(MAX_ATTRIBUTES) {
            values
                .entry(self.usual_name(name))
                .or_insert_with(|| decode_entities(value).trim().to_owned());
        }
        let mut settings: Vec<(String, String)> = values
            .iter()
            .filter(|(name, value)| is_setting(name) && !value.is_empty())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        settings.sort();
        let value = |names: &[&str]| names.iter().find_map(|name| values.get(*name)).filter(|value| !value.is_empty());
        let kind = value(&["type"]).map(|kind| one_line(kind, 40).to_lowercase());
        let is_link = kind
            .as_deref()
            .is_some_and(|kind| matches!(kind, "link" | "include" | "audio" | "song" | "playlist"));
        let is_list = kind.as_deref() == Some("include");
        let address = value(&["xmlurl", "xml_url", "feedurl", "feed"]).or_else(|| value(&["url"]).filter(|_| !is_link));
        let title = value(&["title", "text"])
            .map(|title| one_line(title, MAX_NAME_CHARS))
            .unwrap_or_default();
        if let Some(address) = address {
            self.feed(&title, address, |xml_url, folder| Outline {
                title: title.clone(),
                xml_url,
                html_url: value(&["htmlurl", "html_url"]).and_then(|url| feed_address(None, url)),
                kind,
                folder,
                categories: categories(value(&["category", "categories"]).map_or("", String::as_str)),
                language: value(&["language", "lang"]).map(|language| one_line(language, 40)),
                description: value(&["description"]).map(|text| one_line(text, MAX_DESCRIPTION_CHARS)),
                settings: settings.clone(),
            });
        } else if let Some(address) = value(&["frss:opmlurl"]).or_else(|| value(&["url"]).filter(|_| is_list)) {
            self.leave_out(&title, address, LeftOutReason::OtherList);
        }
        if closed {
            return;
        }
        if self.open.len() < MAX_OPEN_OUTLINES {
            self.open.push((address.is_none() && !title.is_empty()).then_some(title));
        } else {
            self.unkept += 1;
        }
    }

    fn feed(&mut self, title: &str, address: &str, make: impl FnOnce(Url, Vec<String>) -> Outline) {
        let Some(url) = web_address(address) else {
            self.bad += 1;
            self.leave_out(title, address, LeftOutReason::BadAddress);
            return;
        };
        if self.feeds.len() >= MAX_FEEDS {
            self.too_many += 1;
            return;
        }
        let folder = self.open.iter().flatten().take(MAX_FOLDER_DEPTH).cloned().collect();
        self.feeds.push(make(url, folder));
    }

    /// Keeps the prefixes that an element declares for the namespaces of readers.
    fn declare(&mut self, attributes: &str) {
        for (name, uri) in Attributes(attributes).take(MAX_ATTRIBUTES) {
            let usual = OPML_NAMESPACES.iter().find(|(_, known)| *known == uri.trim());
            if let (Some(prefix), Some((usual, _))) = (name.strip_prefix("xmlns:"), usual) {
                self.prefixes.insert(prefix.to_owned(), usual);
            }
        }
    }

    /// Returns the name of an attribute in lower case, with the usual prefix of its namespace.
    fn usual_name(&self, name: &str) -> String {
        let usual = name
            .split_once(':')
            .and_then(|(prefix, local)| Some(format!("{}:{local}", self.prefixes.get(prefix)?)));
        usual.as_deref().unwrap_or(name).to_ascii_lowercase()
    }

    fn leave_out(&mut self, title: &str, address: &str, reason: LeftOutReason) {
        if self.left_out.len() < MAX_FEEDS {
            self.left_out.push(LeftOut {
                title: title.to_owned(),
                address: one_line(address, MAX_NAME_CHARS),
                reason,
            });
        }
    }

    fn end(&mut self) {
        if self.unkept > 0 {
            self.unkept -= 1;
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
                format!("outlines without an end: {}", self.open.len() + self.unkept),
            ));
        }
        if self.bad > 0 {
            let is_bad = |outline: &&LeftOut| outline.reason == LeftOutReason::BadAddress;
            let first = self.left_out.iter().find(is_bad).map_or("", |outline| outline.address.as_str());
            let detail = format!(
                "outlines left out, as their address is none: {}, the first is `{}`",
                self.bad,
                one_line(first, 80)
            );
            problems.push(Problem::new("bad-address", detail));
        }
        if self.too_many > 0 {
            let detail = format!("outlines left out after the first {MAX_FEEDS}: {}", self.too_many);
            problems.push(Problem::new("too-many-outlines", detail));
        }
        Some(Opml {
            title: one_line(&self.title, MAX_NAME_CHARS),
            feeds: self.feeds,
            left_out: self.left_out,
            problems,
        })
    }
}

/// Returns whether an attribute is one of the settings of a reader.
fn is_setting(name: &str) -> bool {
    let prefix = name.split_once(':').map(|(prefix, _)| prefix);
    OPML_NAMESPACES.iter().any(|(known, _)| prefix == Some(known))
}

/// Returns the address of a listed feed, which may lack the scheme.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let is_bare = host.contains('.') && !host.contains(':') && !text.contains(char::is_whitespace);
    feed_address(None, text).or_else(|| is_bare.then(|| feed_address(None, &format!("http://{text}"))).flatten())
}

fn categories(text: &str) -> Vec<String> {
    let parts = text
        .split(',')
        .map(|part| one_line(part, MAX_NAME_CHARS))
        .filter(|part| !part.is_empty());
    parts.take(MAX_CATEGORIES).collect()
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
    fn a_valid_list_is_read_with_its_folders() {
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
            settings: Vec::new(),
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
    fn control_characters_are_removed() {
        let opml = read("<opml><outline text='a\u{1b}[31m\u{202e}b&#10;c' xmlUrl='http://a.example/'/><outline xmlUrl='x\u{7}:y'/></opml>");
        assert_eq!(opml.feeds[0].title, "a[31mb c");
        assert!(
            opml.problems[0].detail.ends_with("the first is `x:y`"),
            "{}",
            opml.problems[0].detail
        );
    }

    #[test]
    fn settings_of_readers_are_found_under_any_prefix() {
        let opml = read(
            "<opml xmlns:m='https://miniflux.app/opml'><outline xmlns:f='https://freshrss.org/opml' xmlUrl='http://a.example/' \
             m:Crawler='true' f:cssFullContent='p &gt; a' x:y='1'/><outline text='Others' frss:opmlUrl='http://b.example/x.opml'/></opml>",
        );
        let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [setting("frss:cssfullcontent", "p > a"), setting("miniflux:crawler", "true")];
        assert_eq!(opml.feeds[0].settings, expected);
        assert_eq!(opml.left_out[0].reason, LeftOutReason::OtherList);
    }

    #[test]
    fn a_document_without_outlines_is_no_list() {
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
        assert_eq!((deep.feeds[0].folder.len(), codes(&deep)), (MAX_FOLDER_DEPTH, vec![]));
        for unit in ["<outline text='", "<opml><outline ", "</outline>", "<title>", "<![CDATA[<outline>"] {
            let _ = read_opml(unit.repeat(20_000).as_bytes());
        }
    }
}
