//! The archive of a topic (RFC 5005, section 4): the names of its pages, and the links between these and the feed to which readers subscribe.

use super::topic_feed::{SiteInfo, TopicFeed};
use super::url;

/// The namespace of `fh:archive`.
pub(super) const NAMESPACE: &str = "http://purl.org/syndication/history/1.0";

/// Returns the name of the file that holds `topic`: `ID.xml`, or `ID.archive-0001.xml` for a page of the archive.
pub(super) fn file_name(topic: &TopicFeed, suffix: &str) -> String {
    page_name(topic, topic.archive.page, suffix)
}

fn page_name(topic: &TopicFeed, page: Option<u32>, suffix: &str) -> String {
    match page {
        Some(page) => format!("{}.archive-{page:04}{suffix}", topic.id),
        None => format!("{}{suffix}", topic.id),
    }
}

/// Returns whether `part` stands between the id and the suffix in the name of a page, such as `.archive-0001`.
pub(super) fn is_page_part(part: &str) -> bool {
    let number = part.strip_prefix(".archive-");
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether the document is marked as a page of an archive: one without neighbours would be incomplete.
pub(super) fn is_marked(topic: &TopicFeed) -> bool {
    let links = topic.archive;
    links.page.is_some() && (links.previous.is_some() || links.next.is_some())
}

/// Returns the relations and addresses of the documents to which `topic` links.
pub(super) fn links(site: &SiteInfo, topic: &TopicFeed, suffix: &str) -> Vec<(&'static str, String)> {
    let links = topic.archive;
    let address = |page| url::of_file(site, &page_name(topic, page, suffix));
    let to = |rel, page: Option<u32>| page.map(|page| (rel, address(Some(page))));
    let current = links.page.map(|_| ("current", address(None)));
    let neighbours = [to("prev-archive", links.previous), to("next-archive", links.next)];
    current.into_iter().chain(neighbours.into_iter().flatten()).collect()
}
