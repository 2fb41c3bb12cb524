//! Lists of feeds in OPML.

use super::listed_feed::{FeedList, ListedFeed};
use super::reader_settings::{refused_type, take_attributes};
use crate::parse::opml::{LeftOutReason, NotOpml, Outline, read_opml};

/// Reads a list in OPML.
///
/// # Errors
/// [`NotOpml`] when there is no outline in it.
pub(super) fn read(bytes: &[u8]) -> Result<FeedList, NotOpml> {
    let opml = read_opml(bytes)?;
    let mut list = FeedList::default();
    for outline in &opml.feeds {
        list.push(listed(outline));
    }
    for left_out in opml.left_out {
        let mut feed = match left_out.reason {
            LeftOutReason::BadAddress => ListedFeed::new(&left_out.address),
            LeftOutReason::OtherList => ListedFeed::refused(&left_out.address, "it is a list of its own, which is not read with this one"),
        };
        feed.name = left_out.title;
        list.push(feed);
    }
    // Each outline with a bad address is a feed of the list that is refused.
    list.problems
        .extend(opml.problems.into_iter().filter(|problem| problem.code != "bad-address"));
    Ok(list)
}

fn listed(outline: &Outline) -> ListedFeed {
    let mut feed = ListedFeed::new(outline.xml_url.as_str());
    feed.take_name(&outline.title);
    if let Some(site) = &outline.html_url {
        feed.take("site", site.as_str());
    }
    feed.take("lang", outline.language.as_deref().unwrap_or_default());
    let folders = outline.folder.iter().map(String::as_str);
    let categories = outline.categories.iter().flat_map(|category| category.split('/'));
    feed.take_tags(folders.chain(categories));
    take_attributes(&outline.settings, &mut feed);
    if let Some(reason) = outline.kind.as_deref().and_then(refused_type) {
        feed.refused = Some(reason);
    }
    feed
}
