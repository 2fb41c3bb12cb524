//! Takes secrets out of headers before they are recorded or shown.

use crate::model::without_user_info;
use reqwest::header::{AUTHORIZATION, CONTENT_LOCATION, COOKIE, HeaderName, HeaderValue, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE};
use url::Url;

/// Stands in place of a secret value.
pub const WITHHELD: &str = "[withheld]";

/// The attributes of a cookie that are kept: a replay needs them to tell whether and where the cookie is sent back (RFC 6265 section 5.2).
const COOKIE_ATTRIBUTES: [&[u8]; 5] = [b"domain", b"expires", b"max-age", b"path", b"secure"];

/// Returns the value of a header that is sent to `url` or comes from there, without secrets: credentials, cookies and the operator's
/// own headers are replaced by [`WITHHELD`], and an address loses its user-info.
pub(in crate::fetch) fn redacted_value(url: &Url, name: &HeaderName, value: &HeaderValue) -> Vec<u8> {
    let is_secret = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name);
    if name == SET_COOKIE {
        return redacted_cookie(value.as_bytes());
    }
    if value.is_sensitive() || is_secret {
        return WITHHELD.into();
    }
    if [LOCATION, CONTENT_LOCATION].contains(name)
        && let Ok(target) = url.join(String::from_utf8_lossy(value.as_bytes()).trim())
        && (!target.username().is_empty() || target.password().is_some())
    {
        return without_user_info(target).to_string().into_bytes();
    }
    value.as_bytes().to_vec()
}

/// Returns a `Set-Cookie` without the cookie's name and value.
fn redacted_cookie(value: &[u8]) -> Vec<u8> {
    let mut parts = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let is_pair = parts
        .next()
        .is_some_and(|pair| pair.iter().position(|byte| *byte == b'=') > Some(0));
    if !is_pair {
        return WITHHELD.into();
    }
    let mut redacted = format!("{WITHHELD}={WITHHELD}").into_bytes();
    for part in parts {
        let name = part.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        if COOKIE_ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            redacted.extend_from_slice(b"; ");
            redacted.extend_from_slice(part);
        }
    }
    redacted
}
