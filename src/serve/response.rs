//! HTTP responses: a document by the request's conditions, and the answers without a document. Every one has a Content-Security-Policy.

use super::conditional::{Validators, Verdict, judge};
use super::document::Document;
use super::media::{CLOSED_POLICY, PAGE_POLICY};
use super::negotiation::{Coding, accepted_codings, is_navigation};
use crate::pipeline::Clock;
use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use std::time::{Duration, SystemTime};

/// The methods that every address has.
const METHODS: &str = "GET, HEAD, OPTIONS";
/// How long caches may use a document without asking: feed readers ask every few minutes at most.
const PUBLIC_CACHING: &str = "public, max-age=300";
/// A private topic stays out of shared caches.
const PRIVATE_CACHING: &str = "private, max-age=300";

/// What scripts of other sites may read of an answer.
const EXPOSED_HEADERS: &str = "Content-Encoding, Content-Range, ETag";

/// Who may read a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, scripts of other sites too.
    Everybody,
    /// Those who have the token.
    TokenHolders,
}

/// Returns the response to a GET or HEAD of `document`.
pub async fn respond_with(method: &Method, headers: &HeaderMap, document: &Document, audience: Audience) -> Response<Body> {
    let is_displayed = document.media().is_feed() && is_navigation(headers);
    let (coding, bytes) = document.best(&accepted_codings(headers)).await;
    let etag = document.etag(coding, is_displayed);
    let etag_text = etag.to_str().unwrap_or_default();
    // A date in the future would make every later change invisible (RFC 9110, 8.8.2.1).
    let now = u64::try_from(Clock::System.now().unix()).unwrap_or_default();
    let modified = document
        .modified()
        .filter(|at| *at < SystemTime::UNIX_EPOCH + Duration::from_secs(now + 1));
    let verdict = judge(
        headers,
        method == Method::GET,
        Validators { etag: etag_text, modified },
        bytes.len(),
    );
    let mut response = Response::new(Body::empty());
    let fields = response.headers_mut();
    harden(fields, document.media().policy());
    fields.insert(header::ETAG, etag.clone());
    let caching = match audience {
        Audience::Everybody => PUBLIC_CACHING,
        Audience::TokenHolders => PRIVATE_CACHING,
    };
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if audience == Audience::Everybody {
        fields.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        fields.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
    if let Some(vary) = vary(document) {
        fields.insert(header::VARY, HeaderValue::from_static(vary));
    }
    if modified.is_some() {
        fields.extend(document.last_modified().map(|date| (header::LAST_MODIFIED, date.clone())));
    }
    let (status, part) = match verdict {
        Verdict::NotModified => (StatusCode::NOT_MODIFIED, None),
        Verdict::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, None),
        Verdict::NotSatisfiable => {
            put(fields, header::CONTENT_RANGE, &format!("bytes */{}", bytes.len()));
            (StatusCode::RANGE_NOT_SATISFIABLE, None)
        }
        Verdict::Part(range) => {
            let last = range.end.saturating_sub(1);
            put(
                fields,
                header::CONTENT_RANGE,
                &format!("bytes {}-{last}/{}", range.start, bytes.len()),
            );
            (StatusCode::PARTIAL_CONTENT, Some(bytes.slice(range)))
        }
        Verdict::Whole => (StatusCode::OK, Some(bytes)),
    };
    if let Some(part) = part {
        fields.insert(header::CONTENT_TYPE, document.media().content_type(is_displayed));
        fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        fields.insert(header::CONTENT_LENGTH, HeaderValue::from(part.len()));
        if coding != Coding::Identity {
            fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        if method != Method::HEAD {
            *response.body_mut() = Body::from(part);
        }
    } else if status != StatusCode::NOT_MODIFIED {
        fields.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    *response.status_mut() = status;
    response
}

/// Returns what the representation depends on; none where there is one only.
fn vary(document: &Document) -> Option<&'static str> {
    match (document.media().is_feed(), document.is_compressible()) {
        (true, true) => Some("Accept, Accept-Encoding, Sec-Fetch-Mode"),
        (true, false) => Some("Accept, Sec-Fetch-Mode"),
        (false, true) => Some("Accept-Encoding"),
        (false, false) => None,
    }
}

/// Returns a text that no cache keeps. It repeats nothing of the request.
#[must_use]
pub fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    content(status, "text/plain; charset=utf-8", text)
}

/// Returns a short-lived content of another media type.
#[must_use]
pub fn content(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let body = body.into();
    let length = body.len();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let fields = response.headers_mut();
    harden(fields, CLOSED_POLICY);
    put(fields, header::CONTENT_TYPE, content_type);
    put(fields, header::CACHE_CONTROL, "no-store");
    fields.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Returns a page that no cache keeps.
#[must_use]
pub fn page(status: StatusCode, page: Vec<u8>) -> Response<Body> {
    let mut response = content(status, "text/html; charset=utf-8", page);
    harden(response.headers_mut(), PAGE_POLICY);
    response
}

/// 404.
#[must_use]
pub fn not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "There is no such document here.\n")
}

/// 503: the machine cannot read what it published now.
#[must_use]
pub fn unavailable() -> Response<Body> {
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, "The published files cannot be read now.\n");
    put(response.headers_mut(), header::RETRY_AFTER, "60");
    response
}

/// 405 with the allowed methods.
#[must_use]
pub fn not_allowed() -> Response<Body> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "Documents can only be read here: GET, HEAD.\n");
    put(response.headers_mut(), header::ALLOW, METHODS);
    response
}

/// The answer to OPTIONS: the methods, and to `Everybody` that scripts of other sites may use them (Fetch Standard, CORS preflight).
#[must_use]
pub fn options(audience: Audience) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let fields = response.headers_mut();
    harden(fields, CLOSED_POLICY);
    put(fields, header::ALLOW, METHODS);
    if audience == Audience::Everybody {
        put(fields, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        put(fields, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        let own = "Accept, Cache-Control, If-Modified-Since, If-None-Match, If-Range, Range";
        put(fields, header::ACCESS_CONTROL_ALLOW_HEADERS, own);
        put(fields, header::ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response
}

fn harden(fields: &mut HeaderMap, policy: &'static str) {
    fields.reserve(14);
    fields.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fields.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    fields.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::media::Media;
    use super::*;

    const CHANGED: &str = "Tue, 05 Dec 2023 11:00:01 GMT";

    fn document(name: &str, text: &str) -> Document {
        let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(1_701_774_001_300);
        Document::new(Media::of(name), text.as_bytes().to_vec(), Some(modified), None)
    }

    async fn asked(document: &Document, lines: &[(&'static str, &str)]) -> Response<Body> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            put(&mut headers, HeaderName::from_static(name), value);
        }
        respond_with(&Method::GET, &headers, document, Audience::Everybody).await
    }

    /// Returns status and headers as they are sent.
    fn head(response: &Response<Body>) -> String {
        let mut lines: Vec<String> = response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        format!("{}\n{}\n", response.status().as_u16(), lines.join("\n"))
    }

    async fn bytes(response: Response<Body>) -> Bytes {
        axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body in memory")
    }

    #[tokio::test]
    async fn the_heads_of_responses() {
        let feed = document("mali.xml", &"<rss/>".repeat(200));
        let mut heads = Vec::new();
        for lines in [
            &[][..],
            &[("accept-encoding", "gzip")],
            &[("sec-fetch-mode", "navigate")],
            &[("range", "bytes=0-5")],
            &[("range", "bytes=5000-")],
            &[("if-modified-since", CHANGED)],
            &[("if-match", "\"x\"")],
        ] {
            heads.push(format!("{lines:?} {}", head(&asked(&feed, lines).await)));
        }
        heads.push(format!(
            "small style sheet {}",
            head(&asked(&document("feed.css", "p{}"), &[]).await)
        ));
        heads.push(format!("page {}", head(&asked(&document("mali.html", "<p>"), &[]).await)));
        let private = respond_with(&Method::HEAD, &HeaderMap::new(), &feed, Audience::TokenHolders).await;
        heads.push(format!("private, HEAD {}", head(&private)));
        assert!(bytes(private).await.is_empty());
        heads.push(format!("{}\n{}", head(&not_found()), head(&not_allowed())));
        heads.push(format!(
            "{}\n{}",
            head(&options(Audience::Everybody)),
            head(&options(Audience::TokenHolders))
        ));
        insta::assert_snapshot!(heads.join("\n"));
    }

    #[tokio::test]
    async fn each_representation_is_known_by_its_own_tag_only() {
        let feed = document("mali.xml", &"<rss/>".repeat(200));
        let variants = [
            &[][..],
            &[("accept-encoding", "gzip")],
            &[("accept-encoding", "br")],
            &[("accept-encoding", "zstd")],
            &[("sec-fetch-mode", "navigate")],
        ];
        for own in variants {
            let etag = asked(&feed, own).await.headers()[header::ETAG].to_str().expect("text").to_owned();
            for other in variants {
                let conditional = [other, &[("if-none-match", &*etag)]].concat();
                let expected = if own == other { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
                assert_eq!(asked(&feed, &conditional).await.status(), expected, "{own:?} {other:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_range_is_of_the_representation_that_is_sent() {
        let feed = document("mali.xml", &"<rss/>".repeat(200));
        let whole = bytes(asked(&feed, &[("accept-encoding", "gzip")]).await).await;
        let part = asked(&feed, &[("accept-encoding", "gzip"), ("range", "bytes=4-9")]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(bytes(part).await, whole[4..10]);
    }

    #[tokio::test]
    async fn a_date_in_the_future_is_not_sent() {
        let ahead = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 200);
        let feed = Document::new(Media::of("a.xml"), b"<rss/>".to_vec(), Some(ahead), None);
        let response = asked(&feed, &[("if-modified-since", "Fri, 01 Jan 2500 00:00:00 GMT")]).await;
        assert_eq!(
            (response.status(), response.headers().get(header::LAST_MODIFIED)),
            (StatusCode::OK, None)
        );
    }
}
