//! What a caller asks of the client: one request, as plain borrowed values.

use crate::config::Source;
use crate::model::Timestamp;
use url::Url;

/// The kind of document that is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accept {
    /// A feed.
    Feed,
    /// An article or a list page.
    Page,
    /// robots.txt.
    Robots,
}

impl Accept {
    /// Returns the value of the `Accept` header (RFC 9110 section 12.5.1).
    #[must_use]
    pub const fn header(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                 application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
            }
            Self::Page => "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1",
            Self::Robots => "text/plain, */*;q=0.5",
        }
    }
}

/// One request. Everything is borrowed; the client keeps nothing of it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The address.
    pub url: &'a Url,
    /// The kind of document.
    pub accept: Accept,
    /// The stored `ETag`, byte for byte.
    pub etag: Option<&'a [u8]>,
    /// The stored `Last-Modified`, byte for byte.
    pub last_modified: Option<&'a [u8]>,
    /// The address that gave these validators, when it is not `url` itself: the end of a redirect. They are sent to its
    /// origin only.
    pub validators_from: Option<&'a Url>,
    /// The source, for its own User-Agent, timeout, proxy and TLS policy.
    pub source: Option<&'a Source>,
    /// Headers of the source with their secrets filled in; sent to `url`'s origin only.
    pub headers: &'a [(String, String)],
    /// Whether the operator named this address: then it may lie on a private network that `[fetch]` allows. An address that a feed or
    /// a page named may not, unless it lies on the host of its source.
    pub trusted: bool,
    /// Whether to ask for the `identity` encoding only, since the last compressed body was broken.
    pub identity: bool,
    /// The time of the run, against which dates in answers are read.
    pub now: Timestamp,
}
