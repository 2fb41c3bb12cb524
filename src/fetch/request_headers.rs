//! The headers of a request: those of the operator, those of griot, and the validators, each for the origins that may see them.

use super::decode;
use super::failure::{FailureCode, FetchError};
use super::headers::is_future_modification;
use super::request::Request;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, USER_AGENT,
};
use url::{Origin, Url};

/// Headers of the connection or of griot itself, which the operator cannot set.
const RESERVED_HEADERS: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "if-modified-since",
    "if-none-match",
    "referer",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Makes the headers for each hop of a visit.
pub(super) struct RequestHeaders<'a> {
    request: &'a Request<'a>,
    user_agent: HeaderValue,
    /// For the requested origin only: they may be secret.
    operator_headers: HeaderMap,
}

impl<'a> RequestHeaders<'a> {
    /// Checks the headers of the operator.
    ///
    /// # Errors
    /// [`FailureCode::BadHeader`] for a header that cannot be sent.
    pub(super) fn new(request: &'a Request<'a>, user_agent: HeaderValue) -> Result<Self, FetchError> {
        Ok(Self {
            request,
            user_agent,
            operator_headers: operator_headers(request)?,
        })
    }

    /// Returns the headers for a request of `url`, and whether it is conditional. `cookies` are those of the chain; `with_host` adds `Host`,
    /// for a connection to another name than that of `url`.
    ///
    /// # Errors
    /// When the host's name cannot be sent.
    pub(super) fn for_url(&self, url: &Url, cookies: Option<HeaderValue>, with_host: bool) -> Result<(HeaderMap, bool), FetchError> {
        let origin = url.origin();
        let mut headers = if origin == self.request.url.origin() {
            self.operator_headers.clone()
        } else {
            HeaderMap::new()
        };
        headers.entry(USER_AGENT).or_insert(self.user_agent.clone());
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(self.request.accept.header()));
        let encodings = if self.request.identity {
            "identity"
        } else {
            decode::ACCEPT_ENCODING
        };
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static(encodings));
        if let Some(cookies) = cookies {
            add_cookies(&mut headers, cookies);
        }
        if with_host {
            headers.insert(HOST, host_header(url)?);
        }
        let is_conditional = self.add_validators(&origin, &mut headers);
        Ok((headers, is_conditional))
    }

    /// Adds the validators, if they belong to `origin`; returns whether it did. A validator that a header cannot carry is left out, and so is a time
    /// that is still to come.
    fn add_validators(&self, origin: &Origin, headers: &mut HeaderMap) -> bool {
        let validated = self.request.validators_from.unwrap_or(self.request.url);
        if validated.origin() != *origin {
            return false;
        }
        let mut any = false;
        // It was stored by a version that did not check it, or the clock was set back since.
        let last_modified = self.request.last_modified;
        let last_modified = last_modified.filter(|modified| !is_future_modification(modified, None, self.request.now));
        for (name, value) in [(IF_NONE_MATCH, self.request.etag), (IF_MODIFIED_SINCE, last_modified)] {
            if let Some(Ok(value)) = value.map(HeaderValue::from_bytes) {
                headers.insert(name, value);
                any = true;
            }
        }
        any
    }
}

/// Parses a User-Agent of a source.
///
/// # Errors
/// [`FailureCode::BadHeader`] when it cannot be sent.
pub(super) fn user_agent(text: &str) -> Result<HeaderValue, FetchError> {
    HeaderValue::from_str(text).map_err(|_| bad_header("User-Agent"))
}

/// Parses the operator's headers.
fn operator_headers(request: &Request<'_>) -> Result<HeaderMap, FetchError> {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers {
        let parsed = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        let Some((header, mut value)) = parsed.filter(|(header, _)| !RESERVED_HEADERS.contains(&header.as_str())) else {
            return Err(bad_header(name));
        };
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

/// Adds the cookies of a chain to those of the operator: a request has one `Cookie` header (RFC 6265 section 5.4).
fn add_cookies(headers: &mut HeaderMap, cookies: HeaderValue) {
    let both = headers
        .get(COOKIE)
        .map(|own| HeaderValue::from_bytes(&[own.as_bytes(), b"; ", cookies.as_bytes()].concat()));
    let Some(Ok(mut cookies)) = both.or(Some(Ok(cookies))) else {
        return;
    };
    cookies.set_sensitive(true);
    headers.insert(COOKIE, cookies);
}

/// The value is not named: it may be a secret.
fn bad_header(name: &str) -> FetchError {
    let name: String = name.escape_debug().take(64).collect();
    FetchError::new(FailureCode::BadHeader, format!("the header `{name}` cannot be sent"))
}

fn host_header(url: &Url) -> Result<HeaderValue, FetchError> {
    let host = url.host_str().unwrap_or_default();
    let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::from_str(&text).map_err(|_| FetchError::new(FailureCode::BadUrl, "the host's name cannot be sent"))
}
