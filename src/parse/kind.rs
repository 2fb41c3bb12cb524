//! What a document is, if it is no feed: named reasons, each with what to do next.

use super::ParsedFeed;
use super::lexer::{Lexer, Token};
use super::opml::{self, Opml};
use super::page::{self, Candidate, How, brief};
use crate::html::charset::Syntax;
use crate::html::interstitial::{self, Interstitial, NormalizedPage};
use crate::html::scan::{Piece, pieces};
use crate::text::entities::decode_entities;
use serde_json::Value;
use url::Url;

/// Why there is no feed in a document. The list of codes is closed; each message ends with what to do next.
///
/// What a message quotes of the document is one line of at most 200 characters, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// `html`: a web page.
    #[error("a web page, not a feed{}", advice(feeds))]
    Html {
        /// The feeds that it offers, the best first.
        feeds: Vec<Candidate>,
    },
    /// `anti-bot`: a page that keeps programs out.
    #[error("an anti-bot page of {vendor}: ask the publisher to let feed readers pass, or use another feed of theirs")]
    AntiBot {
        /// Whose page it is.
        vendor: &'static str,
    },
    /// `login`: a page that asks for a name and a password.
    #[error("a login page: the feed is not public; put its credentials into the URL or the source's headers")]
    Login,
    /// `maintenance`: a site that is being worked on, or not open yet.
    #[error("a page that says the site is being worked on: try again tomorrow")]
    Maintenance,
    /// `parked`: a domain without a site: for sale, expired, or with its host's first page.
    #[error("the page of a domain without a site (for sale, expired or new): look for the publisher's new address")]
    Parked,
    /// `suspended`: a site whose host switched it off.
    #[error("a notice that the host has suspended the site: it often returns, try again next week or write to the publisher")]
    Suspended,
    /// `redirect`: a page that only sends on to another.
    #[error("a page that sends browsers on to {to}: try `griot parse {to}`, and use that address if it is the feed")]
    Redirect {
        /// Where it sends them.
        to: Url,
    },
    /// `closed-platform`: a page of a platform that offers no feeds.
    #[error("a page of {platform}, which offers no feeds: follow the publisher's own site")]
    ClosedPlatform {
        /// The platform's name.
        platform: &'static str,
    },
    /// `directory`: a listing of files.
    #[error("a listing of files: open the address in a browser and look for the feed among them")]
    DirectoryListing,
    /// `database-error`: a site that cannot reach its database.
    #[error("a page that says the site cannot reach its database: try again later, and tell the publisher if it lasts")]
    DatabaseError,
    /// `php-error`: a program that broke off.
    #[error("the error of a program on the site ({said}): try again later, and tell the publisher if it lasts")]
    ScriptError {
        /// The beginning of what it says.
        said: String,
    },
    /// `server-error`: a server that says it cannot answer.
    #[error("a server's error page ({said}): try again later")]
    ServerError {
        /// The beginning of what it says.
        said: String,
    },
    /// `empty`: nothing at all.
    #[error("an empty document: try again later, or check the address")]
    Empty,
    /// `json-error`: JSON that is no JSON Feed.
    #[error("JSON, but no JSON Feed{}: check the address; it may belong to an API", quoted(said.as_deref()))]
    JsonError {
        /// The error that it tells, if it does.
        said: Option<String>,
    },
    /// `sitemap`: a list of a site's pages.
    #[error("a sitemap, not a feed: use the address of the site's feed; `griot parse` with the site's front page looks for it")]
    Sitemap,
    /// `opml`: a list of feeds.
    #[error("an OPML list of {}, not a feed: follow what it lists", counted(list.feeds.len()))]
    Opml {
        /// What it lists.
        list: Box<Opml>,
    },
    /// `binary`: bytes that are no text.
    #[error("{what}, not a feed: check the address; it may belong to a file")]
    Binary {
        /// Of what kind.
        what: &'static str,
    },
    /// `unknown`: text of no kind we know.
    #[error("no feed of a kind we know{}: open the address in a browser and look for the feed's own address", quoted(said.as_deref()))]
    Unknown {
        /// The beginning of what it says.
        said: Option<String>,
    },
}

impl NotAFeed {
    /// Returns the reason's stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Html { .. } => "html",
            Self::AntiBot { .. } => "anti-bot",
            Self::Login => "login",
            Self::Maintenance => "maintenance",
            Self::Parked => "parked",
            Self::Suspended => "suspended",
            Self::Redirect { .. } => "redirect",
            Self::ClosedPlatform { .. } => "closed-platform",
            Self::DirectoryListing => "directory",
            Self::DatabaseError => "database-error",
            Self::ScriptError { .. } => "php-error",
            Self::ServerError { .. } => "server-error",
            Self::Empty => "empty",
            Self::JsonError { .. } => "json-error",
            Self::Sitemap => "sitemap",
            Self::Opml { .. } => "opml",
            Self::Binary { .. } => "binary",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Returns the feeds that may be read instead, the best first.
    #[must_use]
    pub fn feeds(&self) -> &[Candidate] {
        if let Self::Html { feeds } = self { feeds } else { &[] }
    }
}

/// The most characters that are quoted of a document.
const QUOTED: usize = 200;

fn advice(feeds: &[Candidate]) -> String {
    match feeds.first() {
        None => ": it announces no feed; look for the feed's own address".to_owned(),
        Some(Candidate {
            url, how: How::Announced, ..
        }) => format!(": use the feed it announces, {url}"),
        Some(Candidate { url, .. }) => format!(": it announces no feed; a guess is {url}, try `griot parse {url}`"),
    }
}

fn counted(feeds: usize) -> String {
    format!("{feeds} feed{}", if feeds == 1 { "" } else { "s" })
}

fn quoted(said: Option<&str>) -> String {
    said.map(|said| format!(" (it says \"{said}\")")).unwrap_or_default()
}

/// Returns the syntax that the first bytes point to.
pub(super) fn syntax(bytes: &[u8]) -> Syntax {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = &start[..start.len().min(512)].to_ascii_lowercase();
    match start.first() {
        Some(b'{' | b'[') => Syntax::Json,
        _ if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") => Syntax::Html,
        _ => Syntax::Xml,
    }
}

/// First bytes of files, with what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"\0\0\x01\0", "a picture (ICO)"),
    (b"RIFF", "a picture or a sound (RIFF)"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "gzip that nobody decoded"),
    (b"\x28\xb5\x2f\xfd", "zstd that nobody decoded"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"ID3", "a sound (MP3)"),
    (b"\xff\xfb", "a sound (MP3)"),
    (b"\xff\xf3", "a sound (MP3)"),
    (b"OggS", "a sound (Ogg)"),
    (b"fLaC", "a sound (FLAC)"),
    (b"\x1aE\xdf\xa3", "a video (Matroska)"),
    (b"FLV\x01", "a video (FLV)"),
    (b"\x7fELF", "a program"),
    (b"wOF", "a font"),
    (b"SQLite format 3", "a database"),
];

/// Returns what a document is that has no text to read.
pub(super) fn without_text(bytes: &[u8], text: &str) -> Option<NotAFeed> {
    if is_blank(text) {
        return Some(NotAFeed::Empty);
    }
    let head = &text.as_bytes()[..text.len().min(4096)];
    let controls = head
        .iter()
        .filter(|&&byte| byte < b' ' && !b"\t\n\x0b\x0c\r\x1b".contains(&byte))
        .count();
    let magic = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what);
    let media = bytes.get(4..8).filter(|kind| *kind == b"ftyp").map(|_| "a video or a sound (MP4)");
    let what = magic.or(media).or((controls * 20 > head.len()).then_some("binary data"))?;
    let holds_feed = ["<rss", "<feed", "<rdf:", "<channel", "<item"].iter().any(|tag| text.contains(tag));
    (!holds_feed).then_some(NotAFeed::Binary { what })
}

/// Returns whether a text holds nothing but an XML declaration, a document type, comments and space.
fn is_blank(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}' | '\u{200b}');
    let mut rest = text.trim_matches(is_space);
    loop {
        let (start, end) = if rest.starts_with("<?xml") {
            ("<?xml", "?>")
        } else if rest.starts_with("<!--") {
            ("<!--", "-->")
        } else if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            ("<!doctype", ">")
        } else {
            return rest.is_empty();
        };
        rest = rest[start.len()..]
            .split_once(end)
            .map_or("", |(_, rest)| rest)
            .trim_start_matches(is_space);
    }
}

/// Returns what JSON is that is no JSON Feed.
pub(super) fn of_json(text: &str) -> NotAFeed {
    let root = serde_json::from_str::<Value>(text).ok();
    let said = root
        .as_ref()
        .and_then(told)
        .map(|said| brief(&said, QUOTED))
        .filter(|said| !said.is_empty());
    NotAFeed::JsonError { said }
}

/// Returns the message of an API's error, where the usual ones put it.
fn told(root: &Value) -> Option<String> {
    let error = root.get("error").or_else(|| root.get("errors").and_then(|errors| errors.get(0)));
    let places = ["message", "error_description", "detail", "description", "title", "msg", "reason"];
    let within = |value: &Value| places.iter().find_map(|place| value.get(place)?.as_str().map(str::to_owned));
    let said = error
        .and_then(|error| error.as_str().map(str::to_owned).or_else(|| within(error)))
        .filter(|said| said.len() > 3)
        .or_else(|| within(root))
        .or_else(|| error?.as_str().map(str::to_owned))?;
    let code = root.get("code").and_then(Value::as_str).map(|code| format!("{code}: "));
    Some(code.unwrap_or_default() + &said)
}

/// How much of a page is searched for marks, in bytes.
const PAGE: usize = 200_000;
/// How much of a page is read for its text, in bytes.
const WORDS: usize = 2 << 20;
/// What a page that only sends on may say, in bytes.
const ONWARD_TEXT: usize = 300;

/// Elements that a page may start with.
const OF_PAGES: &[&str] = &[
    "html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "h1", "h2", "h3", "center", "table", "br", "b", "font",
    "pre", "form", "iframe", "a", "span", "img", "hr", "noscript", "main", "section", "header", "ul", "strong", "frameset", "base",
];

/// Returns what a document in markup is that holds no feed.
pub(super) fn of_markup(text: &str, base: Option<&Url>) -> NotAFeed {
    let head = &text[..text.floor_char_boundary(PAGE)];
    let lower = head.to_ascii_lowercase();
    let root = first_element(head);
    let is_page = OF_PAGES.contains(&&*root) || ["<html", "<!doctype html", "<body"].iter().any(|mark| lower.contains(mark));
    if let Some(listed) = of_list(&root, text) {
        return listed;
    }
    // A page's style sheets may be longer than what is searched for marks, and its text comes behind them.
    let words = words_of(&text[..text.floor_char_boundary(WORDS)]);
    let text_lower = words.to_lowercase().replace('\u{2019}', "'");
    let title = title(head, &lower);
    let title_lower = title.to_lowercase();
    let seen = NormalizedPage {
        markup: &lower,
        title: &title_lower,
        text: &text_lower,
    };
    if !is_page {
        // The message of a server that does not even write HTML.
        let is_text = root.is_empty();
        let wall = interstitial::conclusive(&seen).or_else(|| is_text.then(|| interstitial::likely(&seen)).flatten());
        return wall.map_or_else(|| unknown(&root, &words), |wall| of_wall(wall, &title, &words));
    }
    of_page(text, base, &seen, &title, &words)
}

fn of_page(page: &str, base: Option<&Url>, seen: &NormalizedPage<'_>, title: &str, words: &str) -> NotAFeed {
    if let Some(wall) = interstitial::conclusive(seen) {
        return of_wall(wall, title, words);
    }
    if let Some(platform) = base.and_then(page::closed_platform) {
        return NotAFeed::ClosedPlatform { platform };
    }
    let feeds = page::candidates(page, base);
    let offers = |how: How| feeds.iter().any(|feed| feed.how == how);
    if !offers(How::Announced)
        && let Some(wall) = interstitial::likely(seen)
        && !(wall == Interstitial::DirectoryListing && offers(How::Linked))
    {
        return of_wall(wall, title, words);
    }
    if !offers(How::Announced) && !offers(How::Linked) && words.len() < ONWARD_TEXT {
        if let Some(to) = page::onward(page, base) {
            return NotAFeed::Redirect { to };
        }
        let has_content = ["<script", "<a ", "<iframe", "<frame", "<img", "<link", "<meta http-equiv"]
            .iter()
            .any(|tag| seen.markup.contains(tag));
        if words.trim().is_empty() && !has_content {
            return NotAFeed::Empty;
        }
    }
    NotAFeed::Html { feeds }
}

/// Returns what a page says, on one line. Linear whatever the page: quotes that never end are many in broken ones.
fn words_of(page: &str) -> String {
    let mut out = String::new();
    for piece in pieces(page) {
        match piece {
            Piece::Text(text) => out.push_str(&decode_entities(text)),
            Piece::Raw(tag, title) if tag.name == "title" => out.extend([" ", &*decode_entities(title), " "]),
            Piece::Open(tag) if !is_inline(&tag.name) => out.push(' '),
            Piece::Close(name) if !is_inline(&name) => out.push(' '),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "b" | "i" | "u" | "em" | "strong" | "span" | "font" | "code" | "small")
}

/// Returns whether a feed is only what a page holds of another vocabulary, such as the RDF of a licence or of a trackback.
pub(super) fn is_a_trace(feed: &ParsedFeed, text: &str) -> bool {
    let is_bare = feed.entries.is_empty() && feed.meta.title.is_empty() && feed.meta.link.is_none();
    is_bare && feed.problems.iter().any(|problem| problem.code == "junk-before-feed") && OF_PAGES.contains(&&*first_element(text))
}

/// Returns the name of the first element in lower case; empty where there is none.
fn first_element(text: &str) -> String {
    let mut lexer = Lexer::new(text);
    while let Some(token) = lexer.next("") {
        match token {
            Token::Start { name, .. } => return name.to_ascii_lowercase(),
            Token::Text(text) if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len() > 2000 => break,
            _ => {}
        }
    }
    String::new()
}

/// Returns what a document is that lists something else than entries.
fn of_list(root: &str, text: &str) -> Option<NotAFeed> {
    let local = root.rsplit(':').next().unwrap_or_default();
    match local {
        "urlset" | "sitemapindex" => Some(NotAFeed::Sitemap),
        "opml" | "outline" => opml::of_text(text).map(|list| NotAFeed::Opml { list: Box::new(list) }),
        _ => None,
    }
}

fn unknown(root: &str, words: &str) -> NotAFeed {
    let words = brief(words, QUOTED);
    let said = match (root, words.is_empty()) {
        ("", true) => None,
        ("", false) => Some(words),
        (root, true) => Some(format!("<{}>", brief(root, 60))),
        (root, false) => Some(format!("<{}> {words}", brief(root, 60))),
    };
    NotAFeed::Unknown { said }
}

/// Returns a page's title. `lower` is the same text in lower case, byte for byte.
fn title(page: &str, lower: &str) -> String {
    let found = lower.find("<title").and_then(|at| {
        let start = at + lower[at..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        page.get(start..end)
    });
    found.map(|title| brief(title, QUOTED)).unwrap_or_default()
}

fn of_wall(wall: Interstitial, title: &str, words: &str) -> NotAFeed {
    let said = || {
        let from = ["Fatal error", "Parse error", "Uncaught"]
            .iter()
            .find_map(|start| words.find(start));
        match from {
            Some(from) => brief(&words[from..], QUOTED),
            None if title.is_empty() => brief(words, QUOTED),
            None => title.to_owned(),
        }
    };
    match wall {
        Interstitial::AntiBot(vendor) => NotAFeed::AntiBot { vendor },
        Interstitial::Login => NotAFeed::Login,
        Interstitial::Maintenance => NotAFeed::Maintenance,
        Interstitial::Parked => NotAFeed::Parked,
        Interstitial::Suspended => NotAFeed::Suspended,
        Interstitial::DatabaseError => NotAFeed::DatabaseError,
        Interstitial::ScriptError => NotAFeed::ScriptError { said: said() },
        Interstitial::ServerError => NotAFeed::ServerError { said: said() },
        Interstitial::DirectoryListing => NotAFeed::DirectoryListing,
    }
}

#[cfg(test)]
mod tests;
