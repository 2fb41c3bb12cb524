//! Resolves element names to their namespaces: by the URI that the document declares, else by the usual prefix.

use std::borrow::Cow;

/// A namespace that feeds use. Several URIs of one vocabulary are one namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Namespace {
    /// RSS, Atom and no namespace: one vocabulary, as feeds mix them.
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
    /// Coordinates: `GeoRSS`, GML within it, and the W3C's basic vocabulary.
    Geo,
    /// Atom threads (RFC 4685).
    Thread,
    /// Slashdot's counts.
    Slash,
    /// Creative Commons licences.
    Licence,
    /// Really Simple Licensing.
    Rsl,
    /// The comment API (`wfw`).
    Comment,
    /// Paged and archived feeds (RFC 5005).
    History,
    /// A namespace without meaning for feeds.
    Unknown,
}

/// An element's name: its namespace and its local name in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name<'a> {
    pub namespace: Namespace,
    pub local: Cow<'a, str>,
}

/// The namespaces that are declared at the reader's position.
#[derive(Debug, Default)]
pub(super) struct Namespaces<'a> {
    declared: Vec<(&'a str, Namespace)>,
    /// The version of Atom or RSS that the declared URIs identify.
    pub version: Option<&'static str>,
}

/// The most declarations that are kept at a time.
const MAX_DECLARATIONS: usize = 64;

impl<'a> Namespaces<'a> {
    /// Returns how many declarations are in force, for [`Namespaces::truncate`] at the end of an element.
    pub(super) fn count(&self) -> usize {
        self.declared.len()
    }

    /// Drops the declarations after the first `count`.
    pub(super) fn truncate(&mut self, count: usize) {
        self.declared.truncate(count);
    }

    /// Adds the declaration of an attribute `xmlns` or `xmlns:prefix`; returns whether it is one.
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
        let namespace = namespace_by_uri(&uri)
            .or_else(|| namespace_by_prefix(prefix))
            .unwrap_or(Namespace::Unknown);
        // Feeds declare unknown default namespaces where they mean RSS.
        let namespace = if prefix.is_empty() && namespace == Namespace::Unknown {
            Namespace::Plain
        } else {
            namespace
        };
        if self.declared.len() < MAX_DECLARATIONS {
            self.declared.push((prefix, namespace));
        }
        true
    }

    /// Returns the name that `written` resolves to.
    pub(super) fn resolve(&self, written: &'a str) -> Name<'a> {
        let (prefix, local) = split(written).unwrap_or(("", written));
        let declared = self.declared.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
        let namespace = match declared {
            Some((_, namespace)) => *namespace,
            None if prefix.is_empty() => Namespace::Plain,
            None => namespace_by_prefix(prefix).unwrap_or(Namespace::Unknown),
        };
        Name {
            namespace,
            local: lower(local),
        }
    }
}

/// Returns prefix and local name where `written` has both.
pub(super) fn split(written: &str) -> Option<(&str, &str)> {
    // Names are too short for a search that has to be set up.
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

/// Returns the version of Atom or RSS that a namespace URI identifies.
fn version(uri: &str) -> Option<&'static str> {
    match uri.trim_end_matches('/') {
        "http://www.w3.org/2005/atom" => Some("atom10"),
        "http://purl.org/atom/ns#" => Some("atom03"),
        "http://purl.org/rss/1.0" => Some("rss10"),
        "http://my.netscape.com/rdf/simple/0.9" | "http://channel.netscape.com/rdf/simple/0.9" => Some("rss090"),
        _ => None,
    }
}

/// Returns the namespace of a URI in lower case.
fn namespace_by_uri(uri: &str) -> Option<Namespace> {
    let bare = uri
        .strip_prefix("https://")
        .or_else(|| uri.strip_prefix("http://"))
        .unwrap_or(uri)
        .trim_end_matches('/');
    Some(match bare {
        "" => Namespace::Plain,
        "purl.org/dc/elements/1.0" | "purl.org/dc/elements/1.1" | "purl.org/dc/terms" => Namespace::Dc,
        "purl.org/rss/1.0/modules/content" => Namespace::Content,
        "search.yahoo.com/mrss" | "www.rssboard.org/media-rss" | "video.search.yahoo.com/mrss" => Namespace::Media,
        "www.itunes.com/dtds/podcast-1.0.dtd" | "example.com/dtds/podcast-1.0.dtd" => Namespace::Itunes,
        "rssnamespace.org/feedburner/ext/1.0" => Namespace::Feedburner,
        "purl.org/rss/1.0/modules/syndication" => Namespace::Syndication,
        "www.w3.org/1999/02/22-rdf-syntax-ns#" => Namespace::Rdf,
        "www.w3.org/1999/xhtml" => Namespace::Xhtml,
        "www.google.com/schemas/sitemap-news/0.9" => Namespace::News,
        "www.google.com/schemas/sitemap-image/1.1" => Namespace::Image,
        "podcastindex.org/namespace/1.0" | "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md" => Namespace::Podcast,
        "www.georss.org/georss" | "www.opengis.net/gml" | "www.w3.org/2003/01/geo/wgs84_pos#" => Namespace::Geo,
        "purl.org/syndication/thread/1.0" => Namespace::Thread,
        "purl.org/rss/1.0/modules/slash" => Namespace::Slash,
        "backend.userland.com/creativecommonsrssmodule"
        | "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"
        | "creativecommons.org/ns#"
        | "web.resource.org/cc" => Namespace::Licence,
        "rslstandard.org/rsl" => Namespace::Rsl,
        "wellformedweb.org/commentapi" => Namespace::Comment,
        "purl.org/syndication/history/1.0" => Namespace::History,
        _ if version(uri).is_some() || PLAIN.contains(&bare) => Namespace::Plain,
        _ => return None,
    })
}

/// Other URIs that were used for RSS and Atom, without scheme.
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

/// Returns the namespace for which a prefix is usual.
fn namespace_by_prefix(prefix: &str) -> Option<Namespace> {
    Some(match &*lower(prefix) {
        "" | "atom" | "atom10" | "atom03" | "a10" | "rss" | "a" => Namespace::Plain,
        "dc" | "dcterms" | "dct" => Namespace::Dc,
        "content" => Namespace::Content,
        "media" => Namespace::Media,
        "itunes" => Namespace::Itunes,
        "feedburner" => Namespace::Feedburner,
        "sy" => Namespace::Syndication,
        "rdf" => Namespace::Rdf,
        "xhtml" => Namespace::Xhtml,
        "news" => Namespace::News,
        "image" => Namespace::Image,
        "podcast" => Namespace::Podcast,
        "georss" | "gml" | "geo" => Namespace::Geo,
        "thr" => Namespace::Thread,
        "slash" => Namespace::Slash,
        "creativecommons" | "cc" => Namespace::Licence,
        "rsl" => Namespace::Rsl,
        "wfw" => Namespace::Comment,
        "fh" => Namespace::History,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_prefixes_take_precedence_over_usual_ones() {
        let mut scope = Namespaces::default();
        assert_eq!(scope.resolve("dc:Date").namespace, Namespace::Dc);
        assert_eq!(scope.resolve("dc:Date").local, "date");
        assert_eq!(scope.resolve("pubDate").namespace, Namespace::Plain);
        let count = scope.count();
        assert!(scope.declare("xmlns:x", "http://purl.org/dc/elements/1.1/"));
        assert!(scope.declare("xmlns:dc", "http://example.org/other"));
        assert!(!scope.declare("xml:base", "x"));
        assert_eq!(scope.resolve("x:date").namespace, Namespace::Dc);
        scope.truncate(count);
        assert_eq!(scope.resolve("x:date").namespace, Namespace::Unknown);
    }

    #[test]
    fn the_version_is_read_from_the_namespace() {
        let mut scope = Namespaces::default();
        scope.declare("xmlns", "http://purl.org/atom/ns#");
        assert_eq!(scope.version, Some("atom03"));
        assert_eq!(scope.resolve("entry").namespace, Namespace::Plain);
    }

    #[test]
    fn the_number_of_declarations_is_bounded() {
        let mut scope = Namespaces::default();
        for _ in 0..10_000 {
            scope.declare("xmlns:a", "b");
        }
        assert!(scope.count() <= MAX_DECLARATIONS);
    }
}
