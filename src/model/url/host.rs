//! The host of a site, without the names under which sites serve other renderings of the same pages.

use url::{Host, Url};

/// Labels in front of a site's name: the web server, and its pages for telephones.
const RENDERING_LABELS: &[&str] = &["www", "amp", "m", "mobile"];

/// Returns the registrable domain of `host` by the Public Suffix List; `None` for a suffix, an IP address and a name without dots.
pub(super) fn registrable_domain(host: &str) -> Option<&str> {
    let is_address = host.starts_with('[')
        || host
            .rsplit('.')
            .next()
            .is_some_and(|label| label.bytes().all(|c| c.is_ascii_digit()));
    psl::domain_str(host).filter(|domain| !is_address && domain.contains('.'))
}

/// Returns whether two addresses belong to one registrable domain by the Public Suffix List. IP literals and names without a registrable domain have to be
/// equal.
#[must_use]
pub fn is_same_domain(a: &Url, b: &Url) -> bool {
    if a.host() == b.host() {
        return true;
    }
    let (Some(Host::Domain(a)), Some(Host::Domain(b))) = (a.host(), b.host()) else {
        return false;
    };
    psl::domain_str(a).is_some_and(|domain| psl::domain_str(b) == Some(domain))
}

/// Returns the host of `url` without `www.`, `m.`, `mobile.` and `amp.`, also behind or within the label of a language (`fr.m.`, `fr-m.`).
///
/// A label is only left out in front of a registrable domain: `m.com.ng` and `www.ml` are sites of their own.
pub(super) fn site_host(url: &Url) -> String {
    let full = url.host_str().unwrap_or_default().to_ascii_lowercase();
    if !matches!(url.host(), Some(Host::Domain(_))) {
        return full;
    }
    // `0..` is a name, but `0` is the address 0.0.0.0 (WHATWG URL, IPv4 parser): the dots stay where a name without them is none.
    let mut host = match Host::parse(full.trim_end_matches('.')) {
        Ok(Host::Domain(name)) => name,
        _ => full,
    };
    while let Some(shorter) = without_rendering(&host) {
        host = shorter;
    }
    host
}

fn without_rendering(host: &str) -> Option<String> {
    let is_site = |rest: &str| registrable_domain(rest).is_some();
    let (label, rest) = host.split_once('.')?;
    if !is_site(rest) {
        return None;
    }
    if RENDERING_LABELS.contains(&label) {
        return Some(rest.to_owned());
    }
    if let Some(language) = label.strip_suffix("-m").filter(|language| is_language(language)) {
        return Some(format!("{language}.{rest}"));
    }
    let (second, site) = rest.split_once('.')?;
    (is_language(label) && RENDERING_LABELS.contains(&second) && is_site(site)).then(|| format!("{label}.{site}"))
}

/// Returns whether a label may be the code of a language (ISO 639-1).
pub(super) fn is_language(label: &str) -> bool {
    label.len() == 2 && label.bytes().all(|c| c.is_ascii_alphabetic())
}
