//! The form of a URL that is published.

use super::session::{is_session, without_session};
use super::tracking::is_tracking;
use url::{Position, Url};

/// Returns `url` as it is published: without parameters that track how a reader came to a page, and without ids of sessions, which would let
/// all readers share one. Everything else stays byte for byte; URLs of schemes other than http and https are returned unchanged.
#[must_use]
pub fn without_tracking(url: &Url) -> Url {
    if !matches!(url.scheme(), "http" | "https") {
        return url.clone();
    }
    let is_kept = |pair: &&str| !is_tracking(pair.split('=').next().unwrap_or_default()) && !is_session(pair);
    let mut text = [&url[..Position::BeforePath], &without_session(url.path())].concat();
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        if !kept.is_empty() {
            text.push('?');
            text.push_str(&kept.join("&"));
        }
    }
    if let Some(fragment) = url.fragment() {
        // Some campaigns are named behind `#`, where only scripts see them.
        let is_campaign = !fragment.is_empty() && fragment.split('&').all(|pair| pair.contains('=') && !is_kept(&pair));
        if !is_campaign {
            text.push('#');
            text.push_str(fragment);
        }
    }
    Url::parse(&text).unwrap_or_else(|_| url.clone())
}
