//! The media types of documents, and the policy of each for browsers. Pure.

use crate::publish;
use axum::http::HeaderValue;

/// The policy of what needs nothing: errors, lists, JSON and style sheets. Three directives do not fall back to `default-src`.
pub const CLOSED_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The policy of a feed that a browser displays: its own style sheet.
const FEED_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The policy of a page: its own style sheet, pictures and recordings from anywhere, no script, and its search form. Both this policy and the one that
/// the page itself states must allow what is loaded; the page names the digest of the only style sheet within it.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src http: https: data:; media-src http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What kind of document a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// `Content-Type`.
    content_type: HeaderValue,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    XmlFeed,
    JsonFeed,
    Page,
    Text,
    Bytes,
}

impl Media {
    /// Returns the kind of the file `name`, which its end decides.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let content_type = publish::media_type(name);
        let kind = match content_type.split(';').next().unwrap_or_default() {
            "application/rss+xml" | "application/atom+xml" => Kind::XmlFeed,
            "application/feed+json" => Kind::JsonFeed,
            "text/html" => Kind::Page,
            "application/octet-stream" | "image/png" => Kind::Bytes,
            _ => Kind::Text,
        };
        let content_type = HeaderValue::try_from(content_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        Self { content_type, kind }
    }

    /// Returns `Content-Type`. Browsers download what has the type of a feed; displayed as XML, its style sheet applies.
    #[must_use]
    pub fn content_type(&self, is_displayed: bool) -> HeaderValue {
        match self.kind {
            Kind::XmlFeed if is_displayed => HeaderValue::from_static("text/xml; charset=utf-8"),
            Kind::JsonFeed if is_displayed => HeaderValue::from_static("application/json; charset=utf-8"),
            _ => self.content_type.clone(),
        }
    }

    /// Returns whether its media type depends on whether a browser displays it.
    #[must_use]
    pub fn is_feed(&self) -> bool {
        matches!(self.kind, Kind::XmlFeed | Kind::JsonFeed)
    }

    /// Returns whether compression is worth trying.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind != Kind::Bytes
    }

    /// Returns the Content-Security-Policy: the least that it needs.
    #[must_use]
    pub const fn policy(&self) -> &'static str {
        match self.kind {
            Kind::Page => PAGE_POLICY,
            Kind::XmlFeed => FEED_POLICY,
            Kind::JsonFeed | Kind::Text | Kind::Bytes => CLOSED_POLICY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_displays_feeds_and_others_get_their_type() {
        for (name, to_readers, displayed) in [
            ("mali.xml", "application/rss+xml; charset=utf-8", "text/xml; charset=utf-8"),
            ("mali.atom.xml", "application/atom+xml; charset=utf-8", "text/xml; charset=utf-8"),
            (
                "mali.json",
                "application/feed+json; charset=utf-8",
                "application/json; charset=utf-8",
            ),
            ("mali.html", "text/html; charset=utf-8", "text/html; charset=utf-8"),
            ("mali.opml", "text/x-opml; charset=utf-8", "text/x-opml; charset=utf-8"),
            ("feed.css", "text/css; charset=utf-8", "text/css; charset=utf-8"),
            ("icon.png", "image/png", "image/png"),
            ("mali.xml.gz", "application/octet-stream", "application/octet-stream"),
        ] {
            let media = Media::of(name);
            assert_eq!(
                (media.content_type(false), media.content_type(true)),
                (HeaderValue::from_static(to_readers), HeaderValue::from_static(displayed)),
                "{name}"
            );
            assert!(media.policy().starts_with("default-src 'none'") && !media.policy().contains("script"));
        }
    }
}
