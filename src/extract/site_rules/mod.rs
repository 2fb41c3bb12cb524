//! Site rules: files in the format of ftr-site-config (`FiveFilters`' Full-Text RSS, wallabag), read as they are and followed on pages.
//!
//! A file says by `XPath` where the title, writers, date and body of a site's articles are and what does not belong to them. What cannot be
//! followed is remarked with its line. Fetching is not done here: [`pagination_links`] only says where an article goes on.

mod apply;
mod book;
mod directive;
mod links;
mod rule;
mod xpath;

pub use apply::Followed;
pub(super) use apply::{Given, Visit};
pub use book::RuleBook;
pub use links::{PaginationLinks, PaginationQuery, pagination_links};
pub use rule::{Remark, SiteRule};

impl SiteRule {
    /// Whether the body is looked for otherwise when this rule finds none; a rule without a `body` says nothing of it.
    pub(super) fn falls_back(&self) -> bool {
        self.body.is_empty() || self.fallback != Some(false)
    }

    /// Whether what is no article text is taken out of the body that this rule finds.
    pub(super) fn prunes(&self) -> bool {
        self.prune != Some(false)
    }

    /// Whether the page's JSON-LD is not believed.
    pub(super) fn skips_json_ld(&self) -> bool {
        self.skip_json_ld == Some(true)
    }
}

#[cfg(test)]
mod tests;
