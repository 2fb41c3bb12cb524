//! Site rules: files in the ftr-site-config format (`FiveFilters`' Full-Text RSS, wallabag), compiled and applied to pages.
//!
//! A file names by `XPath` the title, the authors, the date and the body of a site's articles, and the elements to remove. Lines that cannot
//! be applied yield warnings with their line number. Nothing is fetched here: [`pagination_links`] only returns the URLs of further pages.

mod apply;
mod directive;
mod pagination;
mod rule;
mod rule_set;
mod xpath;

pub use apply::DirectiveOutcome;
pub(super) use apply::{RuleOutput, RuleRun};
pub use pagination::{PaginationLinks, PaginationQuery, pagination_links};
pub use rule::{RuleWarning, SiteRule};
pub use rule_set::RuleSet;

#[cfg(test)]
mod tests;
