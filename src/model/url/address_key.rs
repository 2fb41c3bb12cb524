//! The form under which addresses of one document are compared where two of them must hardly ever be taken for one: feeds, and the keys that
//! ids of entries are derived from.

use super::escapes::normalise_escapes;
use super::tracking::is_tracking;
use std::fmt::Write;
use url::Url;

/// Returns `url` without scheme, user info, a leading `www.`, default ports, fragment, trailing slashes and the parameters of a fixed table.
///
/// Stored keys hold this form, and ids are derived from it, so it never changes. Whether two links lead to one article, [`super::canonical()`]
/// tells.
#[must_use]
pub fn address_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let mut out = host
        .strip_prefix("www.")
        .filter(|rest| rest.contains('.'))
        .unwrap_or(&host)
        .to_owned();
    if let Some(port) = url.port() {
        // The default port of the other scheme is left out as well, since the key has no scheme.
        if !matches!(port, 80 | 443) {
            let _ = write!(out, ":{port}");
        }
    }
    let path = normalise_escapes(url.path());
    out.push_str(path.trim_end_matches('/'));
    let kept: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair.split('=').next().unwrap_or_default()))
        .map(normalise_escapes)
        .collect();
    if !kept.is_empty() {
        out.push('?');
        out.push_str(&kept.join("&"));
    }
    out
}
