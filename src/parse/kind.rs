//! What a document is, if it is no feed: named reasons, each with what to do next.

use super::lexer::{Attributes, Lexer, Token};
use crate::html::charset::Syntax;
use crate::text::entities::decode_entities;
use crate::text::plain::plain_line;
use url::Url;

/// Why there is no feed in a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// A web page.
    #[error("a web page, not a feed{}", announced(feeds))]
    Html {
        /// The feeds it announces, in its order.
        feeds: Vec<Url>,
    },
    /// A page that keeps programs out.
    #[error("an anti-bot page of {vendor}: ask the publisher to let feed readers pass, or use another feed of theirs")]
    AntiBot {
        /// Whose page it is.
        vendor: &'static str,
    },
    /// A page that asks for a name and a password.
    #[error("a login page: the feed is not public; put its credentials into the URL or the source's headers")]
    Login,
    /// Nothing at all.
    #[error("an empty document: try again later, or check the address")]
    Empty,
    /// JSON that is no JSON Feed.
    #[error("JSON, but no JSON Feed: check the address; it may belong to an API")]
    JsonError,
    /// Bytes that are no text.
    #[error("binary data, not a feed: check the address; it may belong to a file or an image")]
    Binary,
    /// Text of no kind we know.
    #[error("no feed of a kind we know: open the address in a browser and look for the feed's own address")]
    Unknown,
}

impl NotAFeed {
    /// Returns the reason's stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Html { .. } => "html",
            Self::AntiBot { .. } => "anti-bot",
            Self::Login => "login",
            Self::Empty => "empty",
            Self::JsonError => "json-error",
            Self::Binary => "binary",
            Self::Unknown => "unknown",
        }
    }
}

fn announced(feeds: &[Url]) -> String {
    match feeds {
        [] => ": it announces no feed; look for the feed's own address".to_owned(),
        [first, ..] => format!(": use the feed it announces, {first}"),
    }
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

/// Returns what a document is that has no text to read.
pub(super) fn without_text(bytes: &[u8], text: &str) -> Option<NotAFeed> {
    const MAGIC: &[&[u8]] = &[
        b"%PDF",
        b"\x89PNG",
        b"GIF8",
        b"\xff\xd8\xff",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"RIFF",
        b"ID3",
        b"OggS",
        b"\x7fELF",
        b"\x28\xb5\x2f\xfd",
    ];
    if text
        .trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}')
        .is_empty()
    {
        return Some(NotAFeed::Empty);
    }
    let head = &text.as_bytes()[..text.len().min(4096)];
    let zeros = memchr::memchr_iter(0, head).count();
    let binary = MAGIC.iter().any(|magic| bytes.starts_with(magic)) || zeros * 20 > head.len();
    (binary && !text.contains("<rss") && !text.contains("<feed")).then_some(NotAFeed::Binary)
}

/// Marks of pages that keep programs out. Each was chosen so that a news page about the vendor does not bear it.
const ANTI_BOT: &[(&str, &str)] = &[
    ("cf-browser-verification", "Cloudflare"),
    ("cf_chl_opt", "Cloudflare"),
    ("cf-chl-", "Cloudflare"),
    ("/cdn-cgi/challenge-platform", "Cloudflare"),
    ("<title>just a moment...</title>", "Cloudflare"),
    ("<title>attention required! | cloudflare</title>", "Cloudflare"),
    ("cf-error-details", "Cloudflare"),
    ("ddos-guard", "DDoS-Guard"),
    ("sucuri_cloudproxy", "Sucuri"),
    ("sucuri website firewall", "Sucuri"),
    ("_incapsula_resource", "Imperva"),
    ("incapsula incident id", "Imperva"),
    ("captcha-delivery.com", "DataDome"),
    ("px-captcha", "HUMAN"),
    ("perimeterx", "HUMAN"),
    ("errors.edgesuite.net", "Akamai"),
    ("awswafintegration", "AWS WAF"),
    ("aws-waf-token", "AWS WAF"),
    ("slowaes.decrypt", "the host's cookie test"),
    ("toNumbers(", "the host's cookie test"),
    ("sgcaptcha", "SiteGround"),
    ("imunify360", "Imunify360"),
    ("wordfence", "Wordfence"),
    ("anubis_challenge", "Anubis"),
    ("h-captcha", "hCaptcha"),
    ("hcaptcha.com", "hCaptcha"),
    ("g-recaptcha", "reCAPTCHA"),
    ("checking your browser before acce", "an unnamed vendor"),
    ("enable javascript and cookies to continue", "an unnamed vendor"),
    ("verify you are human", "an unnamed vendor"),
];

/// How much of a page is looked at, in bytes.
const PAGE: usize = 200_000;
/// A page with more text than this is no wall, whatever scripts it carries.
const WALL_TEXT: usize = 1500;

/// Returns what a document in markup is that holds no feed.
pub(super) fn of_markup(text: &str, base: Option<&Url>) -> NotAFeed {
    let head = &text[..text.floor_char_boundary(PAGE)];
    let lower = head.to_ascii_lowercase();
    let is_page = ["<html", "<!doctype html", "<body", "<head", "<title", "<script"]
        .iter()
        .any(|mark| lower.contains(mark));
    if !is_page {
        return NotAFeed::Unknown;
    }
    let feeds = announced_feeds(head, base);
    if plain_line(head).len() < WALL_TEXT {
        let vendor = ANTI_BOT.iter().find(|(mark, _)| lower.contains(&mark.to_ascii_lowercase()));
        if let Some((_, vendor)) = vendor {
            return NotAFeed::AntiBot { vendor };
        }
        let asks = lower.contains("type=\"password\"") || lower.contains("type='password'") || lower.contains("type=password");
        if asks && feeds.is_empty() {
            return NotAFeed::Login;
        }
    }
    NotAFeed::Html { feeds }
}

/// Returns the feeds that a page announces by `<link rel="alternate">`, in its order and each once.
fn announced_feeds(page: &str, base: Option<&Url>) -> Vec<Url> {
    let mut base = base.cloned();
    let mut feeds = Vec::new();
    let mut lexer = Lexer::new(page);
    while let Some(token) = lexer.next("") {
        let Token::Start { name, attributes, .. } = token else { continue };
        let value = |wanted: &str| {
            Attributes(attributes)
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| decode_entities(value).trim().to_owned())
        };
        let join = |href: &str| base.as_ref().map_or_else(|| Url::parse(href).ok(), |base| base.join(href).ok());
        if name.eq_ignore_ascii_case("base") {
            base = value("href").as_deref().and_then(join).or(base);
        } else if name.eq_ignore_ascii_case("link") {
            let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
            let mime = value("type").unwrap_or_default().to_ascii_lowercase();
            let is_feed = ["rss", "atom", "rdf", "feed+json"].iter().any(|kind| mime.contains(kind));
            let found = value("href")
                .as_deref()
                .and_then(join)
                .filter(|url| matches!(url.scheme(), "http" | "https"));
            if let Some(url) = found.filter(|url| is_feed && rel.contains("alternate") && !feeds.contains(url)) {
                feeds.push(url);
            }
            if feeds.len() >= 50 {
                break;
            }
        }
    }
    feeds
}
