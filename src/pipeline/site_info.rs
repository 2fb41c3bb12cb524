//! What `[site]` says to whatever is published.

use crate::config::Config;
use crate::publish::SiteInfo;
use crate::text::messages::{MessageLanguage, Messages};

/// Returns what a configuration says of the site.
#[must_use]
pub fn site_info(config: &Config) -> SiteInfo {
    let site = &config.site;
    SiteInfo {
        title: site.title.clone(),
        base_url: site.base_url.clone(),
        language: site.language,
        timezone: site.timezone.clone(),
        contact: site.contact.clone(),
        has_story_pages: true,
        has_search: config.search.form,
    }
}

/// Returns the same for the files of a private topic: it has no pages of stories, and a form would lose its token.
#[must_use]
pub fn private_site_info(config: &Config) -> SiteInfo {
    SiteInfo {
        has_story_pages: false,
        has_search: false,
        ..site_info(config)
    }
}

/// Returns the messages in the language of the site; English where there are none in it.
#[must_use]
pub fn site_messages(config: &Config) -> Messages {
    Messages::new(MessageLanguage::of_page(config.site.language.tag()).unwrap_or_default())
}
