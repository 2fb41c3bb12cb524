//! The canonical URL that a page states of itself (`rel=canonical`, RFC 6596; `og:url`), where it can be believed.

use super::canonical::{CanonicalUrl, canonical};
use super::host::{is_language, registrable_domain};
use super::{path, query};
use url::Url;

/// Parameters that select the language of a page.
const LANGUAGE_PARAMETERS: &[&str] = &["hl", "lang", "language", "locale"];

/// Returns the canonical form of `stated`, which the page at `link` states as its own URL. `None` when that is the form of the link already,
/// or when it makes no sense for an article: on another site, the front page, a section, or the page in another language.
///
/// Some sites state one URL on all pages; so whoever compares it has to ignore a URL that several entries of one source have.
#[must_use]
pub fn declared_canonical(link: &Url, stated: &Url) -> Option<CanonicalUrl> {
    if !matches!(stated.scheme(), "http" | "https") {
        return None;
    }
    let (own, stated) = (canonical(link), canonical(stated));
    if own == stated {
        return None;
    }
    let (own_parts, parts) = (KeyParts::of(&own)?, KeyParts::of(&stated)?);
    let is_same_site = registrable_domain(&parts.host).is_some_and(|domain| registrable_domain(&own_parts.host) == Some(domain));
    let is_section = parts.pairs.is_empty() && own_parts.segments.starts_with(&parts.segments);
    let selects = path::selects(&parts.segments) || parts.pairs.iter().any(|pair| query::selects(pair));
    (is_same_site && !is_section && selects && parts.languages() == own_parts.languages()).then_some(stated)
}

/// The parts of a canonical URL.
struct KeyParts {
    host: String,
    segments: Vec<String>,
    pairs: Vec<String>,
}

impl KeyParts {
    fn of(key: &CanonicalUrl) -> Option<Self> {
        let url = Url::parse(&format!("https://{key}")).ok()?;
        Some(Self {
            host: url.host_str()?.to_owned(),
            segments: path::plain_segments(url.path()),
            pairs: query::plain_pairs(url.query().unwrap_or_default()),
        })
    }

    /// Returns what names a language in the URL: the first label of the host, segments of the path and parameters.
    fn languages(&self) -> Vec<String> {
        let label = self.host.split('.').next().unwrap_or_default();
        let label = Some(label).filter(|label| is_language(label) && registrable_domain(&self.host) != Some(&self.host));
        let segments = self.segments.iter().map(String::as_str);
        // `fr` and `fr-FR` (BCP 47).
        let is_code = |segment: &&str| match segment.split_once(['-', '_']) {
            None => is_language(segment),
            Some((language, region)) => is_language(language) && is_language(region),
        };
        let parameters = self.pairs.iter().map(|pair| query::parts(pair));
        let parameters = parameters
            .filter(|(name, _)| LANGUAGE_PARAMETERS.contains(name))
            .map(|(_, value)| value);
        let all = label.into_iter().chain(segments.filter(is_code)).chain(parameters);
        all.map(str::to_ascii_lowercase).collect()
    }
}
