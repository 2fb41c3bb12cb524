//! HTTP responses for files: validators, conditional requests (RFC 9110, 13) and security headers.

use crate::model::{Digest128, Timestamp};
use crate::publish::media_type;
use crate::text::date::parse_date;
use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use std::time::{SystemTime, UNIX_EPOCH};

/// The Content-Security-Policy of every response: no script, images and media from anywhere, the own style sheet.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src http: https: data:; media-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file with its validators.
pub struct Document {
    bytes: Vec<u8>,
    media_type: String,
    etag: String,
    modified: Option<Timestamp>,
}

impl Document {
    /// Returns the document of a file. Its strong `ETag` is a digest of the bytes.
    #[must_use]
    pub fn new(name: &str, bytes: Vec<u8>, modified: Option<SystemTime>) -> Self {
        let etag = format!("\"{}\"", Digest128::hash(&bytes));
        let seconds = modified
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_secs()).ok());
        Self {
            bytes,
            media_type: media_type(name),
            etag,
            modified: seconds.map(Timestamp::from_unix),
        }
    }

    /// Returns whether the client has this version. If-None-Match comes before If-Modified-Since (RFC 9110, 13.2.2).
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let mut tags = headers.get_all(header::IF_NONE_MATCH).iter().peekable();
        if tags.peek().is_some() {
            return tags
                .filter_map(|value| value.to_str().ok())
                .flat_map(|list| list.split(','))
                .any(|tag| {
                    let tag = tag.trim();
                    tag == "*" || tag.trim_start_matches("W/") == self.etag
                });
        }
        let since = headers
            .get(header::IF_MODIFIED_SINCE)
            .and_then(|value| value.to_str().ok())
            .and_then(|date| parse_date(date, None));
        matches!((since, self.modified), (Some(since), Some(modified)) if modified <= since)
    }
}

/// Returns the response to a GET or HEAD of `document`.
#[must_use]
pub fn respond_with(method: &Method, headers: &HeaderMap, document: &Document) -> Response<Body> {
    let known = document.is_known(headers);
    let body = if known || method == Method::HEAD {
        Body::empty()
    } else {
        Body::from(document.bytes.clone())
    };
    let mut response = hardened_response(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, body);
    let fields = response.headers_mut();
    put(fields, header::ETAG, &document.etag);
    put(fields, header::CACHE_CONTROL, "public, max-age=300");
    put(fields, header::VARY, "Accept-Encoding");
    put(fields, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if let Some(modified) = document.modified {
        put(fields, header::LAST_MODIFIED, &modified.http_date());
    }
    if !known {
        put(fields, header::CONTENT_TYPE, &document.media_type);
        put(fields, header::CONTENT_LENGTH, &document.bytes.len().to_string());
    }
    response
}

/// 404. The body repeats nothing of the request.
#[must_use]
pub fn not_found() -> Response<Body> {
    let mut response = hardened_response(StatusCode::NOT_FOUND, Body::from("There is no such document here.\n"));
    put(response.headers_mut(), header::CONTENT_TYPE, "text/plain; charset=utf-8");
    response
}

/// 405 with the allowed methods.
#[must_use]
pub fn not_allowed() -> Response<Body> {
    let mut response = hardened_response(StatusCode::METHOD_NOT_ALLOWED, Body::empty());
    put(response.headers_mut(), header::ALLOW, "GET, HEAD");
    response
}

fn hardened_response(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let fields = response.headers_mut();
    put(fields, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(fields, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    put(fields, header::REFERRER_POLICY, "no-referrer");
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn document() -> Document {
        Document::new("x.xml", b"<rss/>".to_vec(), Some(UNIX_EPOCH + Duration::from_secs(1_701_774_001)))
    }

    fn asked(name: HeaderName, value: &str) -> Response<Body> {
        let mut headers = HeaderMap::new();
        put(&mut headers, name, value);
        respond_with(&Method::GET, &headers, &document())
    }

    #[test]
    fn a_matching_validator_gets_304() {
        let etag = document().etag;
        for tag in [etag.clone(), format!("W/{etag}"), "*".to_owned(), format!("\"other\", {etag}")] {
            assert_eq!(asked(header::IF_NONE_MATCH, &tag).status(), StatusCode::NOT_MODIFIED, "{tag}");
        }
        assert_eq!(asked(header::IF_NONE_MATCH, "\"other\"").status(), StatusCode::OK);
        assert_eq!(
            asked(header::IF_MODIFIED_SINCE, "Tue, 05 Dec 2023 11:00:01 GMT").status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            asked(header::IF_MODIFIED_SINCE, "Tue, 05 Dec 2023 11:00:00 GMT").status(),
            StatusCode::OK
        );
    }

    #[test]
    fn if_none_match_comes_before_if_modified_since() {
        let mut headers = HeaderMap::new();
        put(&mut headers, header::IF_NONE_MATCH, "\"other\"");
        put(&mut headers, header::IF_MODIFIED_SINCE, "Tue, 05 Dec 2023 11:00:01 GMT");
        assert_eq!(respond_with(&Method::GET, &headers, &document()).status(), StatusCode::OK);
    }

    #[test]
    fn every_response_has_the_security_headers() {
        for response in [asked(header::ACCEPT, "*/*"), not_found(), not_allowed()] {
            assert!(
                response.headers()[header::CONTENT_SECURITY_POLICY]
                    .to_str()
                    .expect("text")
                    .starts_with("default-src 'none'")
            );
            assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
        assert_eq!(not_allowed().headers()[header::ALLOW], "GET, HEAD");
    }
}
