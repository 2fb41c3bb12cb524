//! Forms of URLs: the canonical one, under which copies of a page are compared, the one that ids are derived from, the one that is published,
//! and the one that log lines hold.
//!
//! A canonical URL is a key for comparisons, never an address to fetch: it has no scheme.

mod address_key;
mod canonical;
mod declared;
mod escapes;
mod host;
mod path;
mod published;
mod query;
mod session;
mod tracking;
mod wrapper;

use url::{Position, Url};

pub use address_key::address_key;
pub use canonical::{CanonicalUrl, canonical};
pub use declared::declared_canonical;
pub use host::is_same_domain;
pub use published::without_tracking;

/// Returns `url` without its user name and password.
#[must_use]
pub fn without_user_info(mut url: Url) -> Url {
    // Both fail only for URLs without a host, and those have no user-info.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Returns the part of `url` that a log line may hold: scheme, host, port and path. User-info, query and fragment may be secret; of an
/// opaque URL (`data:`, `mailto:`) the scheme alone is left.
#[must_use]
pub fn loggable_url(url: &Url) -> String {
    if url.cannot_be_a_base() {
        return format!("{}:", url.scheme());
    }
    [&url[..Position::BeforeUsername], &url[Position::BeforeHost..Position::AfterPath]].concat()
}

#[cfg(test)]
mod tests;
