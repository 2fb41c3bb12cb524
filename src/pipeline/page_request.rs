//! Requests for pages: the request itself, whether robots.txt allows it, and how the answer's bytes are decoded.

use super::app::App;
use super::robots::{HostRules, Requester, RobotsVerdict};
use crate::config::{Robots, Source};
use crate::fetch::{Accept, Fetched, HostLimiter, Request};
use crate::html::charset::{Decoded, Syntax, decode};
use crate::model::{HostKey, Problem, SourceId, Timestamp};
use crate::text::double_encoding::repair_double_encoding;
use crate::text::entities::join_surrogate_references;
use std::borrow::Cow;
use url::Url;

/// Returns the request for the page `url` of an entry of `source`.
pub(super) fn page_request<'a>(app: &App, url: &'a Url, source: &'a Source, now: Timestamp) -> Request<'a> {
    Request {
        url,
        accept: Accept::Page,
        etag: None,
        last_modified: None,
        validators_from: None,
        source: Some(source),
        // A source's secret headers are for the host of its feed alone, and a page may be on any host.
        headers: &[],
        trusted: is_configured_host(app, source, &HostKey::from_url(url)),
        identity: false,
        now,
    }
}

/// Returns whether robots.txt allows to ask for the page `url` of an entry of `source`. The caller must hold no permit.
pub(super) async fn page_verdict(
    app: &App,
    limiter: &HostLimiter,
    rules: &HostRules,
    url: &Url,
    source: &SourceId,
    now: Timestamp,
) -> RobotsVerdict {
    let Some(prepared) = app.source(source).filter(|_| app.config.fetch.robots != Robots::Off) else {
        return RobotsVerdict::Allowed;
    };
    let requester = Requester {
        source: &prepared.source,
        trusted: is_configured_host(app, &prepared.source, &HostKey::from_url(url)),
    };
    rules.permitted(app, limiter, url, requester, now).await
}

/// Returns whether feeds.toml names `host` for this source. A link to any other host is untrusted input.
fn is_configured_host(app: &App, source: &Source, host: &HostKey) -> bool {
    !app.config.listed.contains(&source.id) && source.urls.iter().chain(&source.site).any(|url| HostKey::from_url(url) == *host)
}

/// Takes a page whose answer ended early for whole when it came up to its end tag: its server announces more than it sends.
pub(super) fn whole_page(fetched: Fetched) -> Fetched {
    let is_whole = fetched.cut_answer().is_some_and(|(answer, _)| holds_end_tag(&answer.body));
    match fetched {
        Fetched::Failed { answer: Some(answer), .. } if is_whole => Fetched::Fresh(answer),
        other => other,
    }
}

/// Returns whether `</html` stands near the end of a page: few things follow it, such as scripts and comments.
fn holds_end_tag(body: &[u8]) -> bool {
    const TAG: &[u8] = b"</html";
    const MAX_TAIL_BYTES: usize = 16 * 1024;
    let tail = body.get(body.len().saturating_sub(MAX_TAIL_BYTES)..).unwrap_or_default();
    tail.windows(TAG.len()).any(|window| window.eq_ignore_ascii_case(TAG))
}

/// Decodes a page by the charset `known` of its source, else by its Content-Type.
pub(super) fn decode_page<'a>(bytes: &'a [u8], known: Option<&str>, content_type: Option<&str>) -> Decoded<'a> {
    let charset = content_type.and_then(charset_of);
    let mut decoded = decode(bytes, known, charset.as_deref(), Syntax::Html);
    if let Some(repaired) = repair_double_encoding(&decoded.text) {
        decoded.text = Cow::Owned(repaired);
        decoded.problems.push(Problem::new("mojibake", "a text was encoded twice"));
    }
    if let Cow::Owned(joined) = join_surrogate_references(&decoded.text) {
        decoded.text = Cow::Owned(joined);
    }
    decoded
}

/// Returns the charset parameter of a Content-Type (RFC 9110, 8.3.2).
#[must_use]
pub fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_cut_is_whole_when_its_end_tag_came() {
        assert!(holds_end_tag(b"<html><body><p>x</p></body></HTML >\n<!-- cached -->"));
        assert!(holds_end_tag(&[b"</html>".as_slice(), &[b' '; 16_000]].concat()));
        for cut in ["", "<html><body><p>x</p></body></htm", "<p>&lt;/html&gt;"] {
            assert!(!holds_end_tag(cut.as_bytes()), "{cut}");
        }
        assert!(!holds_end_tag(
            &[b"<iframe srcdoc='</html>'>".as_slice(), &vec![b'x'; 20_000]].concat()
        ));
    }

    #[test]
    fn the_charset_parameter_is_found() {
        assert_eq!(charset_of("text/html; charset=\"ISO-8859-1\"").as_deref(), Some("ISO-8859-1"));
        assert_eq!(charset_of("text/html;q=1;Charset=utf-8").as_deref(), Some("utf-8"));
        assert_eq!(charset_of("text/html"), None);
    }
}
