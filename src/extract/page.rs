//! A page to extract from, as the caller passes it in.

use super::select::Selectors;
use super::site_rules::SiteRule;
use crate::model::CleanHtml;
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
}
