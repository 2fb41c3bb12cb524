//! Links of a page resolved to absolute URLs.

use url::Url;

/// Returns `link` as an absolute URL, resolved against `base` where it is relative; `None` for other schemes than HTTP and HTTPS.
pub(in crate::extract) fn absolute_url(base: Option<&Url>, link: &str) -> Option<Url> {
    let url = Url::parse(link.trim()).ok().or_else(|| base?.join(link.trim()).ok())?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}
