//! Recognises refusals by anti-bot services. Pure. They are named, never evaded; the services' marks are in `html::interstitial`.

use crate::html::interstitial::{vendor_by_header, vendor_of_refusal};
use reqwest::header::HeaderMap;

/// Returns the anti-bot service that blocks the request, if the answer bears the marks of one. Only the page of a refusal is searched: an
/// article may be about captchas.
pub(super) fn blocking_service(status: u16, headers: &HeaderMap, page: &[u8]) -> Option<&'static str> {
    if status == 451 {
        // RFC 7725: "Unavailable For Legal Reasons".
        return Some("the law (451)");
    }
    let is_success = status == 200;
    if !is_success && !matches!(status, 202 | 401 | 403 | 503) {
        return None;
    }
    let by_header = vendor_by_header(is_success, |name| headers.contains_key(name));
    by_header.or_else(|| if is_success { None } else { vendor_of_refusal(page) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_blocked_request_is_told_from_a_plain_error() {
        let none = HeaderMap::new();
        let page = b"<html><title>Attention Required! | Cloudflare</title>";
        assert_eq!(blocking_service(403, &none, page), Some("Cloudflare"));
        assert_eq!(
            blocking_service(503, &none, b"<div class=\"cf-browser-verification\">"),
            Some("Cloudflare")
        );
        assert_eq!(
            blocking_service(202, &none, b"<meta content=\"0;/.well-known/sgcaptcha/?r=\">"),
            Some("SiteGround")
        );
        assert_eq!(blocking_service(403, &none, b"<h1>Forbidden</h1> nginx"), None);
        assert_eq!(blocking_service(404, &none, page), None);
        assert_eq!(blocking_service(200, &none, page), None);
        assert_eq!(blocking_service(451, &none, b""), Some("the law (451)"));
    }

    #[test]
    fn a_service_is_recognised_by_its_header() {
        let mut headers = HeaderMap::new();
        headers.insert("x-datadome", HeaderValue::from_static("protected"));
        assert_eq!(blocking_service(403, &headers, b""), Some("DataDome"));
        assert_eq!(blocking_service(200, &headers, b""), None);
        headers.insert("cf-mitigated", HeaderValue::from_static("challenge"));
        assert_eq!(blocking_service(200, &headers, b""), Some("Cloudflare"));
    }
}
