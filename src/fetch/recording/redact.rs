//! Takes secrets out of headers before they are recorded or shown.

use crate::model::without_user_info;
use reqwest::header::{AUTHORIZATION, CONTENT_LOCATION, COOKIE, HeaderName, HeaderValue, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE};
use url::Url;

/// Stands in place of a secret value.
pub const WITHHELD: &str = "[withheld]";

/// Returns the value of a header that is sent to `url` or comes from there, without secrets: credentials, cookies and the operator's
/// own headers are replaced by [`WITHHELD`], and an address loses its user-info.
pub(in crate::fetch) fn redacted_value(url: &Url, name: &HeaderName, value: &HeaderValue) -> Vec<u8> {
    let is_secret = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE].contains(name);
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
