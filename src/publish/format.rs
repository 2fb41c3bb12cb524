//! What an output format of a topic is: the row that each format states of itself. The table of all formats is `FORMATS` in the parent module.

use super::rendered_item::RenderedItem;
use super::topic_feed::{SiteInfo, TopicFeed};

/// An output format of a topic. Its file is the topic's id and `suffix`.
pub(super) struct Format {
    /// The end of its file names, such as `.atom.xml`. The longest suffix that fits a name decides its media type.
    pub(super) suffix: &'static str,
    /// Its media type, as HTTP and pages state it.
    pub(super) media_type: &'static str,
    /// The name under which pages link to it; none for the page itself.
    pub(super) label: Option<&'static str>,
    /// Whether feed readers subscribe to it: pages then announce it with `rel="alternate"`.
    pub(super) is_feed: bool,
    /// Returns the file's text.
    pub(super) render: fn(&TopicInput<'_>) -> String,
}

/// What a format renders.
pub(super) struct TopicInput<'a> {
    pub(super) site: &'a SiteInfo,
    pub(super) topic: &'a TopicFeed,
    /// The items of `topic`, rendered once for all formats.
    pub(super) items: &'a [RenderedItem<'a>],
    /// All formats, for the links of the page.
    pub(super) formats: &'a [Format],
}

impl TopicInput<'_> {
    /// Returns about how many bytes a file with these items has, so that its buffer is not moved while it grows.
    pub(super) fn estimated_bytes(&self) -> usize {
        let one = |item: &RenderedItem<'_>| item.content.len() + item.summary.len() + 1500;
        self.items.iter().map(one).sum::<usize>() + 4000
    }
}
