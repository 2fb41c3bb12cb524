//! A page to extract from, as the caller passes it in.

use super::select::Selectors;
use super::site_rules::SiteRule;
use crate::html::clean::CleanPolicy;
use crate::model::{CleanHtml, Timestamp, is_private_host};
use url::Url;

/// A page, and what is known of it before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The page's markup, decoded.
    pub html: &'a str,
    /// The page's own address, which relative addresses are resolved against.
    pub url: Option<&'a Url>,
    /// The address that was requested, if a redirect may have led elsewhere.
    pub requested_url: Option<&'a Url>,
    /// The feed's headline.
    pub title_hint: Option<&'a str>,
    /// The feed's own body, cleaned.
    pub feed_body: Option<&'a CleanHtml>,
    /// The source's own selectors.
    pub selectors: &'a Selectors,
    /// The rule file of the site.
    pub rule: Option<&'a SiteRule>,
    /// Whether images are kept.
    pub images: bool,
    /// The time of the visit: later dates of publication are errors. None where it is not known.
    pub now: Option<Timestamp>,
}

impl<'a> Page<'a> {
    /// Returns how the page's markup is cleaned. What a page on the internet says of addresses in local networks is not for readers; a page that
    /// is itself in such a network keeps its links.
    pub(super) fn policy(&self) -> CleanPolicy<'a> {
        CleanPolicy {
            base: self.url,
            images: self.images,
            public: self.url.is_some_and(|url| !is_private_host(url)),
            ..CleanPolicy::default()
        }
    }
}
