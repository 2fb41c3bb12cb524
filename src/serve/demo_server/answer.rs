//! The responses of the demo server by host name, path and validator. Pure; the listener is in the parent module.

use super::content::{Outlet, Shape, outlets, words};
use super::render::{RenderContext, media_type};
use crate::model::{Digest128, Timestamp};
use std::collections::BTreeMap;
use std::io;

const HTML: &str = "text/html; charset=utf-8";
const WALL: &str = include_str!("../../../demo/shapes/wall.html");
/// A private address that the demo's configuration does not allow: the address guard must refuse it.
pub(super) const PRIVATE_ADDRESS: &str = "http://10.0.0.1/feed";

/// The sites of all outlets, at one port.
#[derive(Debug)]
pub(super) struct OutletSites {
    pub(super) outlets: Vec<Outlet>,
    words: BTreeMap<String, BTreeMap<String, String>>,
    now: Timestamp,
    port: u16,
}

/// A response, independent of the HTTP library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", media_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn missing() -> Self {
        Self::new(404, HTML, "<!DOCTYPE html><title>404</title><h1>404</h1>")
    }
}

impl OutletSites {
    /// Loads the outlets.
    ///
    /// # Errors
    /// As [`outlets`].
    pub(super) fn new(now: Timestamp, port: u16) -> io::Result<Self> {
        Ok(Self {
            outlets: outlets()?,
            words: words()?,
            now,
            port,
        })
    }

    pub(super) fn context(&self) -> RenderContext<'_> {
        RenderContext {
            now: self.now,
            port: self.port,
            words: &self.words,
        }
    }

    /// Returns the response to a GET of `target` (path and query), with `host` from the `Host` header.
    pub(super) fn answer(&self, host: &str, target: &str, if_none_match: Option<&str>) -> Answer {
        let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let label = name.strip_suffix(".localhost");
        let Some(outlet) = self.outlets.iter().find(|outlet| Some(outlet.host.as_str()) == label) else {
            return Answer::missing();
        };
        match outlet.shape {
            Shape::Wall => challenge(),
            Shape::Detour if target == outlet.feed => Answer::new(302, HTML, "").with("location", PRIVATE_ADDRESS),
            Shape::Detour => Answer::missing(),
            _ if target == outlet.feed => self.feed(outlet, if_none_match),
            _ => self.document(outlet, target),
        }
    }

    fn feed(&self, outlet: &Outlet, if_none_match: Option<&str>) -> Answer {
        let body = self.context().feed(outlet);
        let etag = format!("\"{}\"", &Digest128::hash(&body).to_hex()[..16]);
        let known = if_none_match.is_some_and(|list| list.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
        let answer = if known {
            Answer {
                status: 304,
                headers: Vec::new(),
                body: Vec::new(),
            }
        } else {
            Answer::new(200, media_type(outlet.shape), body)
        };
        let newest = outlet
            .articles
            .first()
            .map_or(self.now, |article| self.context().published(article));
        answer.with("etag", etag).with("last-modified", newest.http_date())
    }

    fn document(&self, outlet: &Outlet, target: &str) -> Answer {
        match target {
            "/" => Answer::new(200, HTML, self.context().home(outlet)),
            "/robots.txt" => Answer::new(200, "text/plain; charset=utf-8", "User-agent: *\nDisallow: /admin/\n"),
            _ => match outlet.articles.iter().find(|article| outlet.path(article) == target) {
                Some(article) => Answer::new(200, HTML, self.context().page(outlet, article)),
                None => Answer::missing(),
            },
        }
    }
}

/// Returns a challenge as Cloudflare sends it.
fn challenge() -> Answer {
    Answer::new(403, "text/html; charset=UTF-8", WALL)
        .with("server", "cloudflare")
        .with("cf-mitigated", "challenge")
        .with("cf-ray", "0000000000000000-NIM")
        .with("cache-control", "private, max-age=0, no-store, no-cache, must-revalidate")
}
