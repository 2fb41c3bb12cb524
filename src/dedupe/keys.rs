//! The hashes by which guids, URLs and headlines are compared: the index keeps 64 bits of each in place of their texts.

use super::entry::DedupeEntry;
use crate::model::CanonicalUrl;
use crate::model::digest::fnv1a_64;
use crate::text::fold::fold;
use std::num::NonZeroU64;

/// The hashes of an entry's guid, URL and headline.
///
/// Texts with the same hash can be made on purpose. Nothing is gained by it: the guid, the URL or the headline itself can be claimed as well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Keys {
    /// The guid, when it is a URL or a `tag:` or `urn:uuid:` URI; other guids are unique within their source only.
    pub(super) guid: Option<u64>,
    /// The canonical URL; none for a home page, which many entries link to.
    pub(super) url: Option<u64>,
    /// The canonical URL that the page states, when it is another one.
    pub(super) declared: Option<u64>,
    /// The folded headline; none when it is empty.
    pub(super) title: Option<NonZeroU64>,
}

impl Keys {
    /// Returns the hashes of the guid, the URL and the headline of `entry`.
    pub(super) fn of(entry: &DedupeEntry) -> Self {
        let url = entry
            .canonical
            .as_ref()
            .map(CanonicalUrl::as_str)
            .filter(|url| url.contains(['/', '?', '#']));
        let guid = entry.guid.as_deref().map(str::trim).filter(|guid| is_permanent(guid));
        let title = fold(&entry.title);
        let title = Some(title.trim()).filter(|title| !title.is_empty());
        Self {
            guid: guid.map(hash),
            url: url.map(hash),
            declared: entry.declared.as_ref().map(|url| hash(url.as_str())),
            title: title.map(hash).and_then(NonZeroU64::new),
        }
    }
}

fn is_permanent(guid: &str) -> bool {
    ["http://", "https://", "tag:", "urn:uuid:"]
        .iter()
        .any(|scheme| guid.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn hash(text: &str) -> u64 {
    fnv1a_64(text.bytes())
}
