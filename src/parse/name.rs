//! Element names with their namespaces: by the URI that a document declares, else by the prefix that everybody uses.

use std::borrow::Cow;

/// A namespace, as far as it matters to a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Space {
    /// RSS, Atom and none at all: one vocabulary, as feeds mix them.
    #[default]
    Plain,
    /// Dublin Core, elements and terms.
    Dc,
    /// `content:encoded`.
    Content,
    /// Media RSS.
    Media,
    /// Apple's podcast elements.
    Itunes,
    /// `FeedBurner`.
    Feedburner,
    /// The syndication module.
    Syndication,
    /// RDF itself.
    Rdf,
    /// XHTML in a feed.
    Xhtml,
    /// Sitemaps' news.
    News,
    /// Sitemaps' images.
    Image,
    /// Podcasting 2.0.
    Podcast,
    /// Places: `GeoRSS`, GML within it, and the W3C's basic vocabulary.
    Geo,
    /// Atom threads (RFC 4685).
    Thread,
    /// Slashdot's counts.
    Slash,
    /// Creative Commons licences.
    Licence,
    /// The comment API (`wfw`).
    Comment,
    /// Paged and archived feeds (RFC 5005).
    History,
    /// None that we know.
    Foreign,
}

/// An element's name: its namespace and its local name in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name<'a> {
    pub space: Space,
    pub local: Cow<'a, str>,
}

/// The namespaces that are declared where the reader stands.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    declared: Vec<(&'a str, Space)>,
    /// What kind of Atom or RSS the declared URIs speak of.
    pub version: Option<&'static str>,
}

/// More declarations than this are hostile, and are not kept.
const MAX_DECLARATIONS: usize = 64;

impl<'a> Scope<'a> {
    /// Returns a mark to fall back to when an element ends.
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    pub(super) fn fall_back(&mut self, mark: usize) {
        self.declared.truncate(mark);
    }

    /// Takes an attribute of the form `xmlns` or `xmlns:prefix`; returns whether it was one.
    pub(super) fn declare(&mut self, attribute: &'a str, uri: &str) -> bool {
        let Some(rest) = attribute.strip_prefix("xmlns").or_else(|| attribute.strip_prefix("XMLNS")) else {
            return false;
        };
        let prefix = match rest.strip_prefix(':') {
            Some(prefix) => prefix,
            None if rest.is_empty() => "",
            None => return false,
        };
        let uri = uri.trim().to_ascii_lowercase();
        if let Some(version) = version(&uri).filter(|_| self.version.is_none()) {
            self.version = Some(version);
        }
        let space = of_uri(&uri).or_else(|| of_prefix(prefix)).unwrap_or(Space::Foreign);
        // An unknown default namespace is somebody's idea of RSS.
        let space = if prefix.is_empty() && space == Space::Foreign {
            Space::Plain
        } else {
            space
        };
        if self.declared.len() < MAX_DECLARATIONS {
            self.declared.push((prefix, space));
        }
        true
    }

    /// Returns the name that `written` stands for.
    pub(super) fn resolve(&self, written: &'a str) -> Name<'a> {
        let (prefix, local) = split(written).unwrap_or(("", written));
        let declared = self.declared.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
        let space = match declared {
            Some((_, space)) => *space,
            None if prefix.is_empty() => Space::Plain,
            None => of_prefix(prefix).unwrap_or(Space::Foreign),
        };
        Name {
            space,
            local: lower(local),
        }
    }
}

/// Returns prefix and local name where `written` has both.
pub(super) fn split(written: &str) -> Option<(&str, &str)> {
    // Names are too short for a search that needs preparing.
    let colon = written.bytes().position(|byte| byte == b':')?;
    Some((&written[..colon], &written[colon + 1..]))
}

/// Returns `text` in lower case, without a copy where it is already.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn version(uri: &str) -> Option<&'static str> {
    match uri.trim_end_matches('/') {
        "http://www.w3.org/2005/atom" => Some("atom10"),
        "http://purl.org/atom/ns#" => Some("atom03"),
        "http://purl.org/rss/1.0" => Some("rss10"),
        "http://my.netscape.com/rdf/simple/0.9" | "http://channel.netscape.com/rdf/simple/0.9" => Some("rss090"),
        _ => None,
    }
}

fn of_uri(uri: &str) -> Option<Space> {
    let bare = uri
        .strip_prefix("https://")
        .or_else(|| uri.strip_prefix("http://"))
        .unwrap_or(uri)
        .trim_end_matches('/');
    Some(match bare {
        "" => Space::Plain,
        "purl.org/dc/elements/1.0" | "purl.org/dc/elements/1.1" | "purl.org/dc/terms" => Space::Dc,
        "purl.org/rss/1.0/modules/content" => Space::Content,
        "search.yahoo.com/mrss" | "www.rssboard.org/media-rss" | "video.search.yahoo.com/mrss" => Space::Media,
        "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Space::Itunes,
        "rssnamespace.org/feedburner/ext/1.0" => Space::Feedburner,
        "purl.org/rss/1.0/modules/syndication" => Space::Syndication,
        "www.w3.org/1999/02/22-rdf-syntax-ns#" => Space::Rdf,
        "www.w3.org/1999/xhtml" => Space::Xhtml,
        "www.google.com/schemas/sitemap-news/0.9" => Space::News,
        "www.google.com/schemas/sitemap-image/1.1" => Space::Image,
        "podcastindex.org/namespace/1.0" | "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md" => Space::Podcast,
        "www.georss.org/georss" | "www.opengis.net/gml" | "www.w3.org/2003/01/geo/wgs84_pos#" => Space::Geo,
        "purl.org/syndication/thread/1.0" => Space::Thread,
        "purl.org/rss/1.0/modules/slash" => Space::Slash,
        "backend.userland.com/creativecommonsrssmodule"
        | "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"
        | "creativecommons.org/ns#"
        | "web.resource.org/cc" => Space::Licence,
        "wellformedweb.org/commentapi" => Space::Comment,
        "purl.org/syndication/history/1.0" => Space::History,
        _ if version(uri).is_some() || PLAIN.contains(&bare) => Space::Plain,
        _ => return None,
    })
}

/// Other addresses that were used for RSS and Atom.
const PLAIN: &[&str] = &[
    "backend.userland.com/rss",
    "backend.userland.com/rss2",
    "blogs.law.harvard.edu/tech/rss",
    "my.netscape.com/publish/formats/rss-0.91.dtd",
    "purl.org/net/rss1.1#",
    "purl.org/rss/1.0/modules/rss091",
    "purl.org/atom/ns",
    "www.w3.org/2005/atom",
];

fn of_prefix(prefix: &str) -> Option<Space> {
    Some(match &*lower(prefix) {
        "" | "atom" | "atom10" | "atom03" | "a10" | "rss" | "a" => Space::Plain,
        "dc" | "dcterms" | "dct" => Space::Dc,
        "content" => Space::Content,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "feedburner" => Space::Feedburner,
        "sy" => Space::Syndication,
        "rdf" => Space::Rdf,
        "xhtml" => Space::Xhtml,
        "news" => Space::News,
        "image" => Space::Image,
        "podcast" => Space::Podcast,
        "georss" | "gml" | "geo" => Space::Geo,
        "thr" => Space::Thread,
        "slash" => Space::Slash,
        "creativecommons" | "cc" => Space::Licence,
        "wfw" => Space::Comment,
        "fh" => Space::History,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_names_win_over_usual_ones() {
        let mut scope = Scope::default();
        assert_eq!(scope.resolve("dc:Date").space, Space::Dc);
        assert_eq!(scope.resolve("dc:Date").local, "date");
        assert_eq!(scope.resolve("pubDate").space, Space::Plain);
        let mark = scope.mark();
        assert!(scope.declare("xmlns:x", "http://purl.org/dc/elements/1.1/"));
        assert!(scope.declare("xmlns:dc", "http://example.org/other"));
        assert!(!scope.declare("xml:base", "x"));
        assert_eq!(scope.resolve("x:date").space, Space::Dc);
        scope.fall_back(mark);
        assert_eq!(scope.resolve("x:date").space, Space::Foreign);
    }

    #[test]
    fn the_version_is_read_from_the_namespace() {
        let mut scope = Scope::default();
        scope.declare("xmlns", "http://purl.org/atom/ns#");
        assert_eq!(scope.version, Some("atom03"));
        assert_eq!(scope.resolve("entry").space, Space::Plain);
    }

    #[test]
    fn hostile_declarations_are_not_kept() {
        let mut scope = Scope::default();
        for _ in 0..10_000 {
            scope.declare("xmlns:a", "b");
        }
        assert!(scope.mark() <= MAX_DECLARATIONS);
    }
}
