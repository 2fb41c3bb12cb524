//! Classifies documents: the syntax by the first bytes, and what a document is that is no feed. The reasons are in `not_a_feed`.

use super::discovery::{self, DiscoveryMethod};
use super::document::ParsedFeed;
use super::lexer::{Lexer, Token};
use super::not_a_feed::NotAFeed;
use super::one_line::one_line;
use super::opml;
use crate::html::charset::Syntax;
use crate::html::interstitial::{self, Interstitial, NormalizedPage};
use crate::html::tokenizer::{Piece, pieces};
use crate::text::entities::decode_entities;
use serde_json::Value;
use url::Url;

/// The longest quotation of a document, in characters.
const MAX_QUOTE_CHARS: usize = 200;

/// Returns the syntax that the first bytes indicate.
pub(super) fn sniff_syntax(bytes: &[u8]) -> Syntax {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = &start[..start.len().min(512)].to_ascii_lowercase();
    match start.first() {
        Some(b'{' | b'[') => Syntax::Json,
        _ if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") => Syntax::Html,
        _ => Syntax::Xml,
    }
}

/// The first bytes of binary formats, and what a file that starts with them is.
const MAGIC_BYTES: &[(&[u8], &str)] = &[
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

/// Returns what a document is that is blank or binary; `None` when it may be a feed.
pub(super) fn classify_bytes(bytes: &[u8], text: &str) -> Option<NotAFeed> {
    if is_blank(text) {
        return Some(NotAFeed::Empty);
    }
    let head = &text.as_bytes()[..text.len().min(4096)];
    let controls = head
        .iter()
        .filter(|&&byte| byte < b' ' && !b"\t\n\x0b\x0c\r\x1b".contains(&byte))
        .count();
    let magic = MAGIC_BYTES
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, what)| *what);
    let media = bytes.get(4..8).filter(|kind| *kind == b"ftyp").map(|_| "a video or a sound (MP4)");
    let what = magic.or(media).or((controls * 20 > head.len()).then_some("binary data"))?;
    let holds_feed = ["<rss", "<feed", "<rdf:", "<channel", "<item"].iter().any(|tag| text.contains(tag));
    (!holds_feed).then_some(NotAFeed::Binary { what })
}

/// Returns whether a text consists of an XML declaration, a document type, comments and white space only.
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

/// Returns what a document in JSON is that is no JSON Feed.
pub(super) fn classify_json(text: &str) -> NotAFeed {
    let root = serde_json::from_str::<Value>(text).ok();
    let message = root
        .as_ref()
        .and_then(error_message)
        .map(|message| one_line(&message, MAX_QUOTE_CHARS))
        .filter(|message| !message.is_empty());
    NotAFeed::JsonError { message }
}

/// Returns the message of an API's error, from the fields where APIs usually put it (RFC 9457 among them).
fn error_message(root: &Value) -> Option<String> {
    let error = root.get("error").or_else(|| root.get("errors").and_then(|errors| errors.get(0)));
    let fields = ["message", "error_description", "detail", "description", "title", "msg", "reason"];
    let within = |value: &Value| fields.iter().find_map(|field| value.get(field)?.as_str().map(str::to_owned));
    let message = error
        .and_then(|error| error.as_str().map(str::to_owned).or_else(|| within(error)))
        .filter(|message| message.len() > 3)
        .or_else(|| within(root))
        .or_else(|| error?.as_str().map(str::to_owned))?;
    let code = root.get("code").and_then(Value::as_str).map(|code| format!("{code}: "));
    Some(code.unwrap_or_default() + &message)
}

/// How much of a page is searched for the marks of interstitials, in bytes.
const MAX_SEARCHED_BYTES: usize = 200_000;
/// How much of a page's markup is read for its text, in bytes.
const MAX_READ_BYTES: usize = 2 << 20;
/// The most text of a page that only redirects, in bytes.
const MAX_REDIRECT_TEXT_BYTES: usize = 300;

/// Elements that a web page may start with.
const PAGE_ELEMENTS: &[&str] = &[
    "html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "h1", "h2", "h3", "center", "table", "br", "b", "font",
    "pre", "form", "iframe", "a", "span", "img", "hr", "noscript", "main", "section", "header", "ul", "strong", "frameset", "base",
];

/// Returns what a document in markup is that is no feed. `base` is its address.
pub(super) fn classify_markup(markup: &str, base: Option<&Url>) -> NotAFeed {
    let head = &markup[..markup.floor_char_boundary(MAX_SEARCHED_BYTES)];
    let lower = head.to_ascii_lowercase();
    let root = first_element(head);
    let looks_like_page = PAGE_ELEMENTS.contains(&&*root) || ["<html", "<!doctype html", "<body"].iter().any(|mark| lower.contains(mark));
    if let Some(listed) = classify_list(&root, markup) {
        return listed;
    }
    // A page's style sheets may be longer than what is searched for marks, and its text follows them.
    let text = page_text(&markup[..markup.floor_char_boundary(MAX_READ_BYTES)]);
    let text_lower = text.to_lowercase().replace('\u{2019}', "'");
    let title = title(head, &lower);
    let title_lower = title.to_lowercase();
    let normalized = NormalizedPage {
        markup: &lower,
        title: &title_lower,
        text: &text_lower,
    };
    if !looks_like_page {
        // Some servers write their error message as plain text.
        let is_text = root.is_empty();
        let found = interstitial::conclusive(&normalized).or_else(|| is_text.then(|| interstitial::likely(&normalized)).flatten());
        return found.map_or_else(|| unknown(&root, &text), |kind| from_interstitial(kind, &title, &text));
    }
    classify_page(markup, base, &normalized, &title, &text)
}

fn classify_page(page: &str, base: Option<&Url>, normalized: &NormalizedPage<'_>, title: &str, text: &str) -> NotAFeed {
    if let Some(kind) = interstitial::conclusive(normalized) {
        return from_interstitial(kind, title, text);
    }
    if let Some(platform) = base.and_then(discovery::closed_platform) {
        return NotAFeed::ClosedPlatform { platform };
    }
    let feeds = discovery::candidates(page, base);
    let offers = |method: DiscoveryMethod| feeds.iter().any(|feed| feed.method == method);
    if !offers(DiscoveryMethod::Announced)
        && let Some(kind) = interstitial::likely(normalized)
        && !(kind == Interstitial::DirectoryListing && offers(DiscoveryMethod::Linked))
    {
        return from_interstitial(kind, title, text);
    }
    if !offers(DiscoveryMethod::Announced) && !offers(DiscoveryMethod::Linked) && text.len() < MAX_REDIRECT_TEXT_BYTES {
        if let Some(to) = discovery::redirect_target(page, base) {
            return NotAFeed::Redirect { to };
        }
        let has_content = ["<script", "<a ", "<iframe", "<frame", "<img", "<link", "<meta http-equiv"]
            .iter()
            .any(|tag| normalized.markup.contains(tag));
        if text.trim().is_empty() && !has_content {
            return NotAFeed::Empty;
        }
    }
    NotAFeed::Html { feeds }
}

/// Returns the text of a page on one line. Linear in the page, also where attribute values lack their closing quotes.
fn page_text(page: &str) -> String {
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

/// Returns whether what was read as a feed is only another vocabulary embedded in a page, such as the RDF of a licence or of a trackback.
pub(super) fn is_embedded_vocabulary(feed: &ParsedFeed, text: &str) -> bool {
    let is_bare = feed.entries.is_empty() && feed.meta.title.is_empty() && feed.meta.link.is_none();
    is_bare && feed.problems.iter().any(|problem| problem.code == "junk-before-feed") && PAGE_ELEMENTS.contains(&&*first_element(text))
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

/// Returns what a document is that lists pages or feeds instead of entries.
fn classify_list(root: &str, text: &str) -> Option<NotAFeed> {
    let local = root.rsplit(':').next().unwrap_or_default();
    match local {
        "urlset" | "sitemapindex" => Some(NotAFeed::Sitemap),
        "opml" | "outline" => opml::parse_outlines(text).map(|list| NotAFeed::Opml { list: Box::new(list) }),
        _ => None,
    }
}

fn unknown(root: &str, text: &str) -> NotAFeed {
    let text = one_line(text, MAX_QUOTE_CHARS);
    let message = match (root, text.is_empty()) {
        ("", true) => None,
        ("", false) => Some(text),
        (root, true) => Some(format!("<{}>", one_line(root, 60))),
        (root, false) => Some(format!("<{}> {text}", one_line(root, 60))),
    };
    NotAFeed::Unknown { message }
}

/// Returns a page's title. `lower` is the same text in lower case, byte for byte.
fn title(page: &str, lower: &str) -> String {
    let found = lower.find("<title").and_then(|at| {
        let start = at + lower[at..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        page.get(start..end)
    });
    found.map(|title| one_line(title, MAX_QUOTE_CHARS)).unwrap_or_default()
}

fn from_interstitial(kind: Interstitial, title: &str, text: &str) -> NotAFeed {
    let message = || {
        let from = ["Fatal error", "Parse error", "Uncaught"].iter().find_map(|start| text.find(start));
        match from {
            Some(from) => one_line(&text[from..], MAX_QUOTE_CHARS),
            None if title.is_empty() => one_line(text, MAX_QUOTE_CHARS),
            None => title.to_owned(),
        }
    };
    match kind {
        Interstitial::AntiBot(vendor) => NotAFeed::AntiBot { vendor },
        Interstitial::Login => NotAFeed::Login,
        Interstitial::Maintenance => NotAFeed::Maintenance,
        Interstitial::Parked => NotAFeed::Parked,
        Interstitial::Suspended => NotAFeed::Suspended,
        Interstitial::DatabaseError => NotAFeed::DatabaseError,
        Interstitial::ScriptError => NotAFeed::ScriptError { message: message() },
        Interstitial::ServerError => NotAFeed::ServerError { message: message() },
        Interstitial::DirectoryListing => NotAFeed::DirectoryListing,
    }
}

#[cfg(test)]
mod tests;
